#!/usr/bin/env python3
"""Makes invoices with their truth: a layout grammar, not a list of templates.

Usage: make_invoices.py OUT_DIR --count N [--seed S] [--languages de,en,…] [--scans SHARE]

Writes OUT_DIR/<id>/document.pdf (or document.png for a scan) and OUT_DIR/<id>/truth.json with the members of the flat form
of `doxin extract`. The same seed gives the same invoices. All companies are made up. Needs reportlab; scans need
pdftoppm and Pillow.
"""
import argparse
import datetime
import json
import pathlib
import random
import subprocess
from decimal import ROUND_HALF_UP, Decimal

from reportlab.lib.pagesizes import A4, letter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from words import COUNTRIES, FIRST, GOODS, LANGUAGES, MONTHS, SECOND

FONTS = "/usr/share/fonts/truetype/dejavu"
CENT = Decimal("0.01")


def cents(value):
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


class Style:
    """The choices that make one family of layouts."""

    def __init__(self, rng):
        self.font = rng.choice(["DejaVuSans", "DejaVuSerif", "DejaVuSansCondensed"])
        self.size = rng.choice([8, 8.5, 9, 10])
        self.logo = rng.choice(["left", "right", "center", "none"])
        self.sender_line = rng.random() < 0.5
        self.customer_side = rng.choice(["left", "left", "right"])
        self.meta = rng.choice(["right_table", "left_list", "row", "under_title"])
        self.meta_colon = rng.random() < 0.4
        self.rules = rng.choice(["grid", "rows", "head", "none", "zebra"])
        self.header_row = rng.random() < 0.93
        self.totals = rng.choice(["right", "right", "full", "left"])
        self.totals_reverse = rng.random() < 0.1
        self.footer = rng.choice(["columns", "line", "none"])
        self.show_no = rng.random() < 0.6
        self.show_item = rng.random() < 0.6
        self.show_unit = rng.random() < 0.45
        self.show_tax = rng.random() < 0.4
        self.show_discount = rng.random() < 0.2
        self.quantity_first = rng.random() < 0.25
        self.item_in_text = not self.show_item and rng.random() < 0.3
        self.currency_in_cells = rng.random() < 0.25
        self.currency_as = rng.choice(["code", "sign", "sign"])
        self.currency_before = rng.random() < 0.5
        self.long_text = rng.random() < 0.4
        self.page = rng.choice([A4, A4, A4, letter])
        self.margin = rng.choice([36, 45, 56])
        self.thousands = rng.random() < 0.85


SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "PLN": "zł", "CHF": "CHF", "MXN": "$"}


class Maker:
    def __init__(self, rng, language):
        self.rng = rng
        self.language = language
        self.words = LANGUAGES[language]
        self.style = Style(rng)
        (self.country, self.currency, self.comma, dates, self.rates, self.form, self.cities, self.streets) = rng.choice(COUNTRIES[language])
        self.date_form = rng.choice(dates)
        if self.rng.random() < 0.06:
            self.date_form = "%Y-%m-%d"
        self.say = {k: (rng.choice(v) if isinstance(v, list) else v) for k, v in self.words.items() if k != "columns"}
        self.columns = {k: rng.choice(v) for k, v in self.words["columns"].items()}

    # ---- values ----

    def company(self):
        name = f"{self.rng.choice(FIRST)} {self.rng.choice(SECOND)} {self.form}"
        city, code = self.rng.choice(self.cities)
        return {"name": name, "street": self.rng.choice(self.streets), "city": city, "code": code}

    def city_line(self, company):
        return f"{company['city']} {company['code']}" if self.country in ("GB", "US", "IE", "MX") else f"{company['code']} {company['city']}"

    def vat_id(self):
        digits = "".join(str(self.rng.randrange(10)) for _ in range(9))
        if self.country == "DE":
            product = 10
            for d in digits[:8]:
                s = (int(d) + product) % 10 or 10
                product = s * 2 % 11
            return "DE" + digits[:8] + str((11 - product) % 10)
        forms = {"AT": "ATU" + digits[:8], "FR": "FR" + digits[:2] + digits, "BE": "BE0" + digits, "NL": "NL" + digits + "B01", "IT": "IT" + digits + "12",
                 "ES": "ESB" + digits[:8], "PT": "PT" + digits, "PL": "PL" + digits + "1", "GB": "GB" + digits, "CH": "CHE-" + digits[:3] + "." + digits[3:6] + "." + digits[6:] + " MWST",
                 "IE": "IE" + digits[:7] + "WA"}
        return forms.get(self.country, digits[:2] + "-" + digits[2:])

    def number_text(self, value, places=2):
        text = f"{value:,.{places}f}" if self.style.thousands else f"{value:.{places}f}"
        if self.country == "CH":
            return text.replace(",", "'")
        if not self.comma:
            return text
        group = " " if self.language in ("fr", "pl") else "."
        return text.replace(",", "\0").replace(".", ",").replace("\0", group)

    def money_text(self, value, always=False):
        text = self.number_text(value)
        if not (always or self.style.currency_in_cells):
            return text
        sign = self.currency if self.style.currency_as == "code" else SIGNS[self.currency]
        if self.style.currency_before:
            return f"{sign}{'' if sign in '$£' else ' '}{text}"
        return f"{text} {sign}"

    def date_text(self, day):
        form = self.date_form.replace("%B", MONTHS[self.language][day.month - 1]).replace("%b", MONTHS[self.language][day.month - 1][:3])
        return day.strftime(form)

    def quantity_text(self, value):
        return self.number_text(value, 0) if value == value.to_integral() and self.rng.random() < 0.8 else self.number_text(value, 2)

    def line(self, number):
        rng = self.rng
        quantity = Decimal(rng.choice([1, 1, 2, 3, 4, 5, 8, 10, 12, 25, 100]))
        if rng.random() < 0.15:
            quantity = Decimal(rng.randrange(25, 2000)) / 100
        price = cents(Decimal(rng.choice([rng.randrange(50, 2000), rng.randrange(1000, 30000), rng.randrange(10000, 900000)])) / 100)
        discount = Decimal(rng.choice([5, 10, 15, 20])) if self.style.show_discount and rng.random() < 0.4 else Decimal(0)
        total = cents(quantity * price * (100 - discount) / 100)
        text = rng.choice(GOODS[self.language])
        if self.style.long_text and rng.random() < 0.5:
            text += ", " + rng.choice(GOODS[self.language]).lower() + ", " + rng.choice(GOODS[self.language]).lower()
        return {"number": str(number), "item": f"{rng.choice('ABKTX')}{rng.randrange(100, 99999)}", "description": text, "quantity": quantity,
                "unit": rng.choice({"de": ["Stk.", "Std.", "m"], "en": ["pcs", "hrs", "m"]}.get(self.language, ["kg", "m"])), "price": price,
                "discount": discount, "rate": Decimal(rng.choice(self.rates) if rng.random() < 0.3 else self.rates[0]), "total": total}

    def compose(self):
        rng = self.rng
        self.credit = rng.random() < 0.05
        self.vendor, self.customer = self.company(), self.company()
        while self.customer["name"] == self.vendor["name"]:
            self.customer = self.company()
        self.day = datetime.date(rng.randrange(2019, 2027), rng.randrange(1, 13), rng.randrange(1, 29))
        self.due = self.day + datetime.timedelta(days=rng.choice([7, 14, 30, 60])) if rng.random() < 0.6 else None
        self.ship = self.day - datetime.timedelta(days=rng.randrange(1, 9)) if rng.random() < 0.3 else None
        self.invoice_number = rng.choice([f"{self.day.year}-{rng.randrange(1, 9999):04d}", f"RE{rng.randrange(10000, 99999)}", f"{rng.randrange(100000, 9999999)}",
                                          f"INV-{rng.randrange(100, 99999)}", f"{rng.randrange(1, 999)}/{self.day.month:02d}/{self.day.year}"])
        self.po = f"{rng.choice(['PO', 'B', '45'])}{rng.randrange(10000, 999999)}" if rng.random() < 0.45 else None
        self.account = f"{rng.choice(['K', '', 'C-'])}{rng.randrange(1000, 99999)}" if rng.random() < 0.5 else None
        count = rng.choice([1, 1, 2, 3, 4, 5, 7, 9, 14, 30, 55])
        self.lines = [self.line(i + 1) for i in range(count)]
        self.tax_id = self.vat_id()
        one_rate = rng.random() < 0.75
        for line in self.lines:
            line["rate"] = Decimal(self.rates[0]) if one_rate else line["rate"]
        net = sum(line["total"] for line in self.lines)
        self.freight = cents(Decimal(rng.randrange(300, 4000)) / 100) if rng.random() < 0.2 else None
        self.by_rate = {}
        for line in self.lines:
            self.by_rate[line["rate"]] = self.by_rate.get(line["rate"], Decimal(0)) + line["total"]
        if self.freight:
            self.by_rate[Decimal(self.rates[0])] = self.by_rate.get(Decimal(self.rates[0]), Decimal(0)) + self.freight
        self.lines_total = net
        self.subtotal = net + (self.freight or 0)
        self.taxes = {rate: cents(base * rate / 100) for rate, base in sorted(self.by_rate.items())}
        self.tax = sum(self.taxes.values())
        self.total = self.subtotal + self.tax
        self.paid = cents(self.total / 4) if rng.random() < 0.07 else None

    def truth(self):
        out = {"invoice_number": self.invoice_number, "invoice_date": self.day.isoformat(), "currency": self.currency, "vendor_name": self.vendor["name"],
               "vendor_address": f"{self.vendor['street']}, {self.city_line(self.vendor)}", "vendor_tax_id": self.tax_id.replace(" MWST", "MWST").replace(".", "").replace("CHE-", "CHE"),
               "customer_name": self.customer["name"], "customer_address": f"{self.customer['street']}, {self.city_line(self.customer)}",
               "subtotal": str(self.subtotal), "tax_amount": str(self.tax), "total_amount": str(self.total)}
        if self.due:
            out["due_date"] = self.due.isoformat()
        if self.ship:
            out["ship_date"] = self.ship.isoformat()
        if self.po:
            out["po_number"] = self.po
        if self.account:
            out["account_number"] = self.account
        if len(self.taxes) == 1:
            out["tax_rate"] = str(next(iter(self.taxes)))
        if self.freight:
            out["freight"] = str(self.freight)
        out["line_items"] = []
        for line in self.lines:
            row = {"description": line["description"], "quantity": str(line["quantity"]), "unit_price": str(line["price"]), "line_total": str(line["total"])}
            if self.style.show_no:
                row["line_number"] = line["number"]
            if self.style.show_item or self.style.item_in_text:
                row["item_number"] = line["item"]
            if line["discount"]:
                row["unit_price_discount"] = str(line["price"] * line["discount"] / 100)
                row["_accept"] = {"unit_price": [str(line["price"] * (100 - line["discount"]) / 100)]}
            out["line_items"].append(row)
        out["doc_kind"] = "credit_note" if self.credit else "invoice"
        out["language"] = self.language
        return out

    # ---- drawing ----

    def draw(self, path):
        style = self.style
        self.width, self.height = style.page
        self.canvas = canvas.Canvas(str(path), pagesize=style.page, invariant=1)
        self.canvas.setTitle("Invoice")
        self.page_number = 1
        self.pages = max(1, 1 + (len(self.lines) - 10) // 22) if len(self.lines) > 12 else 1
        self.bottom = 90 if style.footer != "none" else 50
        y = self.head()
        y = self.table(y)
        y = self.sums(y)
        self.tail(y)
        self.foot()
        self.canvas.save()

    def text(self, x, y, value, size=None, bold=False, align="left"):
        font = self.style.font + ("-Bold" if bold else "")
        self.canvas.setFont(font, size or self.style.size)
        {"left": self.canvas.drawString, "right": self.canvas.drawRightString, "center": self.canvas.drawCentredString}[align](x, y, value)

    def label(self, key):
        word = self.say[key]
        return word + ":" if self.style.meta_colon and word and word[-1] not in ":#." else word

    def meta_rows(self):
        rows = [(self.label("number"), self.invoice_number), (self.label("date"), self.date_text(self.day))]
        if self.due:
            rows.append((self.label("due"), self.date_text(self.due)))
        if self.ship:
            rows.append((self.label("ship"), self.date_text(self.ship)))
        if self.po:
            rows.append((self.label("po"), self.po))
        if self.account:
            rows.append((self.label("account"), self.account))
        if self.rng.random() < 0.25:
            rows.append((self.say["order_date"], self.date_text(self.day - datetime.timedelta(days=12))))
        if self.rng.random() < 0.25:
            rows.append((self.say["contact"], self.rng.choice(["A. Muster", "J. Sample", "M. Exemple"])))
        head, rest = rows[:1], rows[1:]
        self.rng.shuffle(rest)
        return head + rest

    def letterhead(self, y):
        style, left, right = self.style, self.style.margin, self.width - self.style.margin
        x = {"left": left, "right": right, "center": self.width / 2, "none": left}[style.logo]
        align = {"none": "left"}.get(style.logo, style.logo)
        if style.logo != "none":
            self.canvas.setFillColorRGB(*(self.rng.random() * 0.6 for _ in range(3)))
            self.text(x, y, self.vendor["name"], 16, True, align)
            self.canvas.setFillColorRGB(0, 0, 0)
        else:
            self.text(x, y, self.vendor["name"], style.size + 1, True)
        rows = [self.vendor["street"], self.city_line(self.vendor), f"{self.say['phone']} {self.rng.randrange(10, 99)} {self.rng.randrange(100, 999)} {self.rng.randrange(1000, 9999)}"]
        for row in rows:
            y -= style.size + 3
            self.text(x, y, row, align=align)
        if style.footer == "none" or self.rng.random() < 0.4:
            y -= style.size + 3
            self.text(x, y, f"{self.say['tax_id']} {self.tax_id}", align=align)
            self.tax_id_shown = True
        return y

    def address(self, y):
        style = self.style
        x = style.margin if style.customer_side == "left" else self.width / 2 + 20
        if style.sender_line:
            self.text(x, y, f"{self.vendor['name']} · {self.vendor['street']} · {self.city_line(self.vendor)}", 6)
            y -= 14
        if self.say["bill_to"]:
            self.text(x, y, self.say["bill_to"], bold=True)
            y -= style.size + 3
        for row in (self.customer["name"], self.customer["street"], self.city_line(self.customer)):
            self.text(x, y, row)
            y -= style.size + 3
        return y

    def meta_block(self, y, title_y):
        style, rows = self.style, self.meta_rows()
        if style.meta == "row":
            step = (self.width - 2 * style.margin) / len(rows)
            for i, (name, value) in enumerate(rows):
                self.text(style.margin + i * step, y, name, style.size - 1, True)
                self.text(style.margin + i * step, y - style.size - 3, value)
            return y - 2 * style.size - 12
        x = self.width / 2 + 60 if style.meta == "right_table" and style.customer_side == "left" else style.margin
        if style.meta == "right_table":
            y = title_y if style.customer_side == "left" else y
        value_x = x + 110
        for name, value in rows:
            self.text(x, y, name, bold=self.rng.random() < 0.1)
            if style.meta == "right_table" and x > style.margin:
                self.text(self.width - style.margin, y, value, align="right")
            else:
                self.text(value_x, y, value)
            y -= style.size + 4
        return y

    def head(self):
        self.tax_id_shown = False
        style = self.style
        y = self.letterhead(self.height - style.margin - 10)
        y -= 30
        top = y
        below = self.address(y)
        title = self.say["credit"] if self.credit else self.say["title"]
        if style.meta == "right_table" and style.customer_side == "left":
            meta_bottom = self.meta_block(y, top)
            y = min(below, meta_bottom) - 18
            self.text(style.margin, y, title, 15, True)
            return y - 26
        y = below - 18
        self.text(style.margin, y, title, 15, True)
        return self.meta_block(y - 24, top) - 14

    def table_columns(self):
        style = self.style
        keys = []
        if style.show_no:
            keys.append("no")
        if style.quantity_first:
            keys.append("quantity")
        if style.show_item:
            keys.append("item")
        keys.append("description")
        if not style.quantity_first:
            keys.append("quantity")
        if style.show_unit:
            keys.append("unit")
        keys.append("price")
        if style.show_discount:
            keys.append("discount")
        if style.show_tax:
            keys.append("tax")
        keys.append("total")
        widths = {"no": 28, "item": 62, "quantity": 48, "unit": 38, "price": 72, "discount": 44, "tax": 44, "total": 78}
        free = self.width - 2 * style.margin - sum(widths[k] for k in keys if k != "description")
        out, x = [], style.margin
        for key in keys:
            width = free if key == "description" else widths[key]
            out.append((key, x, width))
            x += width
        return out

    def cell(self, key, x, width, y, value, bold=False):
        if key in ("quantity", "price", "discount", "tax", "total"):
            self.text(x + width - 3, y, value, bold=bold, align="right")
        else:
            self.text(x + 3, y, value, bold=bold)

    def wrap(self, value, width):
        lines, line = [], ""
        for word in value.split():
            trial = (line + " " + word).strip()
            if line and pdfmetrics.stringWidth(trial, self.style.font, self.style.size) > width - 8:
                lines.append(line)
                line = word
            else:
                line = trial
        return lines + [line]

    def table_head(self, columns, y):
        style = self.style
        if not style.header_row:
            return y
        for key, x, width in columns:
            self.cell(key, x, width, y, self.columns[key], True)
        if style.rules != "none":
            self.canvas.line(style.margin, y - 4, self.width - style.margin, y - 4)
        return y - style.size - 8

    def next_page(self, columns, running):
        style = self.style
        self.foot()
        self.canvas.showPage()
        self.page_number += 1
        y = self.height - style.margin - 20
        if self.rng.random() < 0.5:
            self.text(style.margin, y, f"{self.say['title']} {self.invoice_number}", style.size - 1)
            y -= 20
        y = self.table_head(columns, y)
        if self.carry:
            self.text(style.margin + 3, y, self.say["carried"])
            self.text(self.width - style.margin - 3, y, self.money_text(running), align="right")
            y -= style.size + 6
        return y

    def table(self, y):
        style, columns = self.style, self.table_columns()
        self.carry = self.rng.random() < 0.5
        y = self.table_head(columns, y)
        running = Decimal(0)
        widths = {key: width for key, _, width in columns}
        for index, line in enumerate(self.lines):
            text = f"{line['item']} {line['description']}" if style.item_in_text else line["description"]
            wrapped = self.wrap(text, widths["description"])
            if y - len(wrapped) * (style.size + 2) < self.bottom + 20:
                if self.carry:
                    self.text(style.margin + 3, y, self.say["carried"])
                    self.text(self.width - style.margin - 3, y, self.money_text(running), align="right")
                y = self.next_page(columns, running)
            if style.rules == "zebra" and index % 2:
                self.canvas.setFillColorRGB(0.93, 0.93, 0.93)
                height = len(wrapped) * (style.size + 2) + 2
                self.canvas.rect(style.margin, y - height + style.size, self.width - 2 * style.margin, height, stroke=0, fill=1)
                self.canvas.setFillColorRGB(0, 0, 0)
            self.row(columns, line, wrapped, y)
            y -= len(wrapped) * (style.size + 2) + 4
            if style.rules in ("grid", "rows"):
                self.canvas.line(style.margin, y + style.size, self.width - style.margin, y + style.size)
            running += line["total"]
        return y - 6

    def row(self, columns, line, wrapped, y):
        values = {"no": line["number"], "item": line["item"], "quantity": self.quantity_text(line["quantity"]), "unit": line["unit"],
                  "price": self.money_text(line["price"]), "discount": f"{line['discount']:f} %" if line["discount"] else "",
                  "tax": f"{self.number_text(line['rate'], 0) if line['rate'] == line['rate'].to_integral() else self.number_text(line['rate'], 1)} %", "total": self.money_text(line["total"])}
        for key, x, width in columns:
            if key == "description":
                for i, part in enumerate(wrapped):
                    self.text(x + 3, y - i * (self.style.size + 2), part)
            elif values[key]:
                self.cell(key, x, width, y, values[key])

    def rate_text(self, rate):
        return self.number_text(rate, 0) if rate == rate.to_integral() else self.number_text(rate, 2).rstrip("0")

    def sum_rows(self):
        rows = []
        if self.freight:
            rows.append((self.say["freight"], self.freight, False))
        if len(self.lines) > 1 or self.freight or self.rng.random() < 0.7:
            rows.append((self.say["subtotal"], self.subtotal, False))
        for rate, amount in self.taxes.items():
            rows.append((self.say["tax"].format(rate=self.rate_text(rate)), amount, False))
        rows.append((self.say["total"], self.total, True))
        if self.paid:
            rows.append((self.say["paid"], -self.paid, False))
            rows.append((self.say["due_amount"], self.total - self.paid, True))
        return rows

    def sums(self, y):
        style, rows = self.style, self.sum_rows()
        if y - len(rows) * (style.size + 6) < self.bottom:
            self.foot()
            self.canvas.showPage()
            self.page_number += 1
            y = self.height - style.margin - 20
        x = {"right": self.width / 2 + 30, "full": style.margin, "left": style.margin}[style.totals]
        value_x = style.margin + 230 if style.totals == "left" else self.width - style.margin - 3
        for name, value, strong in rows:
            if strong and style.rules != "none":
                self.canvas.line(x, y + style.size + 1, value_x, y + style.size + 1)
            self.text(x, y, name, bold=strong)
            self.text(value_x, y, self.money_text(value, always=strong), bold=strong, align="right")
            y -= style.size + 6
        return y

    def tail(self, y):
        style, rng = self.style, self.rng
        rows = []
        if self.due and rng.random() < 0.6:
            rows.append(self.say["terms"].format(days=(self.due - self.day).days))
        if rng.random() < 0.3:
            rows.append(f"{self.say['balance']}: {self.money_text(cents(self.total * Decimal('1.37')))}")
        rows.append(self.say["thanks"])
        y -= 12
        for row in rows:
            if y < self.bottom:
                return
            self.text(style.margin, y, row)
            y -= style.size + 4

    def foot(self):
        style, vendor = self.style, self.vendor
        self.text(self.width - style.margin, 24, self.say["page"].format(n=self.page_number, m=max(self.pages, self.page_number)), 7, align="right")
        if style.footer == "none":
            return
        iban = {"DE": "DE02120300000000202051", "AT": "AT026000000001349870", "FR": "FR1420041010050500013M02606", "NL": "NL02ABNA0123456789",
                "ES": "ES7921000813610123456789", "IT": "IT60X0542811101000000123456", "BE": "BE62510007547061", "PL": "PL60102010260000042270201111"}.get(self.country)
        parts = [vendor["name"], f"{vendor['street']}, {self.city_line(vendor)}", f"{self.say['tax_id']} {self.tax_id}"]
        if iban:
            parts.append(f"IBAN {iban}")
        if style.footer == "line":
            self.text(self.width / 2, 44, " | ".join(parts[1:]), 6.5, align="center")
            return
        step = (self.width - 2 * style.margin) / len(parts)
        for i, part in enumerate(parts):
            for k, piece in enumerate(part.split(", ")):
                self.text(style.margin + i * step, 62 - k * 9, piece, 6)


def scan(pdf, png, rng):
    """What a scanner makes of it: skew, blur, noise, compression."""
    import io

    from PIL import Image, ImageFilter

    stem = png.with_suffix("")
    subprocess.run(["pdftoppm", "-r", str(rng.choice([150, 200, 240])), "-png", "-f", "1", "-l", "1", "-singlefile", str(pdf), str(stem)], check=True)
    image = Image.open(png).convert("L").rotate(rng.uniform(-1.2, 1.2), expand=False, fillcolor=250, resample=Image.BICUBIC)
    image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.8)))
    noise = Image.effect_noise(image.size, rng.uniform(4, 18))
    image = Image.blend(image, noise, 0.08)
    data = io.BytesIO()
    image.save(data, "JPEG", quality=rng.choice([55, 70, 85]))
    Image.open(data).save(png)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument("--scans", type=float, default=0.0, help="share of documents made as scans, 0 to 1")
    args = parser.parse_args()
    for name in ("DejaVuSans", "DejaVuSerif", "DejaVuSansCondensed"):
        pdfmetrics.registerFont(TTFont(name, f"{FONTS}/{name}.ttf"))
        pdfmetrics.registerFont(TTFont(name + "-Bold", f"{FONTS}/{name}-Bold.ttf"))
    languages = args.languages.split(",")
    for i in range(args.count):
        rng = random.Random(args.seed * 100003 + i)
        maker = Maker(rng, languages[i % len(languages)])
        maker.compose()
        folder = args.out / f"{args.seed:03d}-{i:04d}-{maker.language}"
        folder.mkdir(parents=True, exist_ok=True)
        pdf = folder / "document.pdf"
        maker.draw(pdf)
        truth = maker.truth()
        if rng.random() < args.scans and maker.page_number == 1:
            scan(pdf, folder / "document.png", rng)
            pdf.unlink()
            truth["file"] = "document.png"
        truth.update(id=folder.name, has_text_layer=pdf.exists(), pages=maker.page_number)
        (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n")
    print(f"{args.count} invoices in {args.out}")


if __name__ == "__main__":
    main()
