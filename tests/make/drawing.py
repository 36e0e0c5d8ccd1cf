"""The grammar of a page: letterhead, parties, facts, table, sums, footer, each in the place that the family gives it."""
import datetime
from decimal import Decimal

from reportlab.lib.pagesizes import A4, landscape, letter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen import canvas

from money import cents
from words import ASIDES

PAGES = {"a4": A4, "letter": letter, "landscape": landscape(A4)}
NUMBERS = ("quantity", "price", "discount", "tax", "total")
IBANS = {"DE": "DE02120300000000202051", "AT": "AT026000000001349870", "FR": "FR1420041010050500013M02606", "NL": "NL02ABNA0123456789",
         "ES": "ES7921000813610123456789", "IT": "IT60X0542811101000000123456", "BE": "BE62510007547061", "PL": "PL60102010260000042270201111"}


class Drawing:
    """Needs what Content makes. Nothing but the canvas and the place on it changes here."""

    def draw(self, path):
        style = self.style
        self.aside = {k: (self.rng.choice(v) if isinstance(v, list) and k != "section" else v) for k, v in ASIDES[self.language].items()}
        self.width, self.height = self.slip_size() if style.receipt else PAGES[style.page]
        self.canvas = canvas.Canvas(str(path), pagesize=(self.width, self.height), invariant=1)
        self.canvas.setTitle("Invoice")
        self.page_number = 1
        self.pages = max(1, 1 + (len(self.lines) - 10) // 22) if len(self.lines) > 12 else 1
        if style.receipt:
            self.draw_slip()
        else:
            self.bottom = 90 if style.footer != "none" else 50
            y = self.head()
            y = self.table(y)
            y = self.sums(y)
            self.tail(y)
            self.foot()
        self.canvas.save()

    # ---- pieces ----

    def text(self, x, y, value, size=None, bold=False, align="left"):
        font = self.style.font + ("-Bold" if bold else "")
        self.canvas.setFont(font, size or self.style.size)
        {"left": self.canvas.drawString, "right": self.canvas.drawRightString, "center": self.canvas.drawCentredString}[align](x, y, value)

    def wide(self, value, size=None, bold=False):
        return pdfmetrics.stringWidth(value, self.style.font + ("-Bold" if bold else ""), size or self.style.size)

    def label(self, key):
        word = self.say[key]
        return word + ":" if self.style.meta_colon and word and word[-1] not in ":#." else word

    def wrap(self, value, width):
        lines, line = [], ""
        for word in value.split():
            trial = (line + " " + word).strip()
            if line and self.wide(trial) > width - 8:
                lines.append(line)
                line = word
            else:
                line = trial
        return lines + [line]

    def title(self):
        words = {"credit_note": self.say["credit"], "corrected_invoice": self.aside["corrected"]}.get(self.kind, self.say["title"])
        return " ".join(words.upper().replace(" ", "  ")) if self.style.spaced_title else words

    # ---- head ----

    def meta_rows(self):
        rows = [(self.label("number"), self.invoice_number), (self.label("date"), self.date_text(self.day))]
        for key, value in (("due", self.due), ("ship", self.ship)):
            if value:
                rows.append((self.label(key), self.date_text(value)))
        for key, value in (("po", self.po), ("account", self.account)):
            if value:
                rows.append((self.label(key), value))
        if self.rng.random() < 0.25:
            rows.append((self.say["order_date"], self.date_text(self.day - datetime.timedelta(days=12))))
        if self.rng.random() < 0.25:
            rows.append((self.say["contact"], self.rng.choice(["A. Muster", "J. Sample", "M. Exemple"])))
        if self.kind == "corrected_invoice":
            rows.append((self.aside["corrects"], f"{self.day.year - 1}-{self.rng.randrange(1, 999):04d}"))
        head, rest = rows[:1], rows[1:]
        self.rng.shuffle(rest)
        if self.style.drop_date_label:
            rest = [row for row in rest if row[0] != self.label("date")]
        return head + rest

    def letterhead(self, y):
        style, left, right = self.style, self.style.margin, self.width - self.style.margin
        place = "left" if style.logo in ("none", "band") else style.logo
        x = {"left": left, "right": right, "center": self.width / 2}[place]
        if style.logo == "band":
            self.canvas.setFillColorRGB(0.15, 0.2, 0.35)
            self.canvas.rect(0, y - 14, self.width, 40, stroke=0, fill=1)
            self.canvas.setFillColorRGB(1, 1, 1)
            self.text(x, y, self.vendor["name"], 16, True)
            y -= 14
        elif style.logo == "none":
            self.text(x, y, self.vendor["name"], style.size + 1, True)
        else:
            self.canvas.setFillColorRGB(*(self.rng.random() * 0.6 for _ in range(3)))
            self.text(x, y, self.vendor["name"], 16, True, place)
        self.canvas.setFillColorRGB(0, 0, 0)
        rows = [f"{self.say['phone']} {self.rng.randrange(10, 99)} {self.rng.randrange(100, 999)} {self.rng.randrange(1000, 9999)}"]
        if style.parties not in ("beside", "stacked"):
            rows[:0] = [self.vendor["street"], self.city_line(self.vendor)]
        if style.footer == "none" or self.rng.random() < 0.4:
            rows.append(f"{self.say['tax_id']} {self.tax_id}")
        for row in rows:
            y -= style.size + 3
            self.text(x, y, row, align=place)
        return y

    def block(self, x, y, head, company, framed=False):
        style, step = self.style, self.style.size + 3
        top = y
        if head:
            self.text(x, y, head, bold=True)
            y -= step
        for row in (company["name"], company["street"], self.city_line(company)):
            self.text(x, y, row)
            y -= step
        if framed:
            self.canvas.rect(x - 5, y + step - 6, self.width / 2 - style.margin - 20, top - y + 6)
        return y

    def address(self, y):
        style, left, middle = self.style, self.style.margin, self.width / 2 + 20
        if style.parties in ("beside", "stacked"):
            own = {"en": "From", "de": "Rechnungssteller", "fr": "Émetteur", "es": "Emisor", "it": "Fornitore", "nl": "Leverancier", "pt": "Emitente", "pl": "Sprzedawca"}[self.language]
            to = self.say["bill_to"] or self.words["bill_to"][0]
            first = self.block(left, y, own, self.vendor)
            return min(first, self.block(middle, y, to, self.customer)) if style.parties == "beside" else self.block(left, first - 8, to, self.customer)
        x = middle if style.parties == "right" else left + (6 if style.parties == "framed" else 0)
        if style.sender_line:
            self.text(x, y, f"{self.vendor['name']} · {self.vendor['street']} · {self.city_line(self.vendor)}", 6)
            y -= 14
        return self.block(x, y, self.say["bill_to"], self.customer, style.parties == "framed")

    def meta_side(self):
        """Are the facts in the right half, beside the customer."""
        return self.style.meta == "right_table" and self.style.parties in ("window", "framed", "stacked")

    def meta_block(self, y, top):
        style, rows = self.style, self.meta_rows()
        left, right = style.margin, self.width - style.margin
        if style.meta == "inline":
            line = ""
            for name, value in rows:
                piece = f"{name} {value}"
                if line and self.wide(line + "   " + piece) > right - left:
                    self.text(left, y, line)
                    y, line = y - style.size - 4, ""
                line = f"{line}   {piece}" if line else piece
            self.text(left, y, line)
            return y - style.size - 8
        if style.meta in ("row", "boxes"):
            for at in range(0, len(rows), 4):
                part = rows[at:at + 4]
                step = (right - left) / max(len(part), 3)
                for i, (name, value) in enumerate(part):
                    if style.meta == "boxes":
                        self.canvas.rect(left + i * step, y - style.size - 8, step, 2 * style.size + 10)
                    self.text(left + i * step + 4, y, name, style.size - 1, style.meta == "row")
                    self.text(left + i * step + 4, y - style.size - 3, value)
                y -= 2 * style.size + 14
            return y - 4
        x = self.width / 2 + 40 if self.meta_side() else left
        y = top if self.meta_side() else y
        value_x = x + max(110, max(self.wide(name) for name, _ in rows) + 10)
        for name, value in rows:
            self.text(x, y, name, bold=self.rng.random() < 0.1)
            if self.meta_side():
                self.text(right, y, value, align="right")
            else:
                self.text(value_x, y, value)
            y -= style.size + 4
        return y

    def put_title(self, y):
        place = self.style.title_place
        if place == "small":
            self.text(self.style.margin, y, self.title(), self.style.size + 1, True)
        else:
            x = {"left": self.style.margin, "right": self.width - self.style.margin, "center": self.width / 2}[place]
            self.text(x, y, self.title(), 15, True, place)

    def head(self):
        y = self.letterhead(self.height - self.style.margin - 10) - 30
        top, below = y, self.address(y)
        if self.meta_side():
            y = min(below, self.meta_block(y, top)) - 18
            self.put_title(y)
            y -= 26
        else:
            self.put_title(below - 18)
            y = self.meta_block(below - 42, top) - 14
        if self.style.drop_date_label:
            self.text(self.width - self.style.margin, y, f"{self.vendor['city'].split(',')[0]}, {self.date_text(self.day)}", align="right")
            y -= 20
        if self.rng.random() < 0.3:
            self.text(self.style.margin, y, self.aside["extra"].format(n=self.rng.randrange(10000, 99999)))
            y -= 20
        return y

    # ---- table ----

    def table_columns(self):
        style = self.style
        own = {"item": style.show_item, "no": style.show_no, "unit": style.show_unit, "discount": style.show_discount, "tax": style.show_tax}
        orders = {"text_first": "description no item quantity unit price discount tax total", "quantity_first": "no quantity unit item description price discount tax total",
                  "quantity_last": "no item description price discount tax quantity unit total", "item_first": "item no description quantity unit price tax discount total",
                  "total_apart": "no item description quantity unit price discount total tax"}
        keys = [key for key in orders[style.order].split() if own.get(key, True)]
        widths = {"no": 28, "item": 62, "quantity": 52, "unit": 44, "price": 76, "discount": 50, "tax": 48, "total": 82}
        for key in widths:
            widths[key] = max(widths[key], self.wide(self.columns[key], bold=True) + 8)
        free = self.width - 2 * style.margin - sum(widths[k] for k in keys if k != "description")
        if free < 90:  # what does not fit is left out, as people do
            keys = [key for key in keys if key not in ("unit", "tax")]
            free = self.width - 2 * style.margin - sum(widths[k] for k in keys if k != "description")
        out, x = [], style.margin
        for key in keys:
            width = free if key == "description" else widths[key]
            out.append((key, x, width))
            x += width
        return out

    def cell(self, key, x, width, y, value, bold=False):
        if key in NUMBERS:
            self.text(x + width - 3, y, value, bold=bold, align="right")
        else:
            self.text(x + 3, y, value, bold=bold)

    def table_head(self, columns, y):
        style = self.style
        if not style.header_row:
            return y
        if style.rules == "boxed_head":
            self.canvas.setFillColorRGB(0.85, 0.87, 0.9)
            self.canvas.rect(style.margin, y - 4, self.width - 2 * style.margin, style.size + 6, stroke=0, fill=1)
            self.canvas.setFillColorRGB(0, 0, 0)
        for key, x, width in columns:
            self.cell(key, x, width, y, self.columns[key], True)
        if style.rules not in ("none", "boxed_head"):
            self.canvas.line(style.margin, y - 4, self.width - style.margin, y - 4)
        return y - style.size - 8

    def carried(self, y, running):
        if self.carry:
            self.text(self.style.margin + 3, y, self.say["carried"])
            self.text(self.width - self.style.margin - 3, y, self.money_text(running), align="right")
            y -= self.style.size + 6
        return y

    def next_page(self, columns, running):
        style = self.style
        self.foot()
        self.canvas.showPage()
        self.page_number += 1
        y = self.height - style.margin - 20
        if self.rng.random() < 0.5:
            self.text(style.margin, y, f"{self.say['title']} {self.invoice_number}", style.size - 1)
            y -= 20
        return self.carried(self.table_head(columns, y), running)

    def described(self, line):
        text = f"{line['item']} {line['description']}" if self.style.item_in_text else line["description"]
        return f"{text} ({self.aside['per']})" if line["per"] != 1 else text

    def table(self, y):
        style, columns = self.style, self.table_columns()
        self.carry = self.rng.random() < 0.5
        y = self.table_head(columns, y)
        running = section = Decimal(0)
        widths = {key: width for key, _, width in columns}
        groups = self.aside["section"] if style.sections and len(self.lines) > 3 else []
        turns = {len(self.lines) * i // len(groups): name for i, name in enumerate(groups)} if groups else {}
        name = None
        for index, line in enumerate(self.lines):
            wrapped = self.wrap(self.described(line), widths["description"])
            height = len(wrapped) * (style.size + 2) + 2
            if y - height - (3 * style.size if index in turns else 0) < self.bottom + 20:
                self.carried(y, running)
                y = self.next_page(columns, running)
            if index in turns:
                y = self.section_sum(y, name, section)
                name, section = turns[index], Decimal(0)
                self.text(style.margin + 3, y, name, bold=True)
                y -= style.size + 6
            if style.rules == "zebra" and index % 2:
                self.canvas.setFillColorRGB(0.93, 0.93, 0.93)
                self.canvas.rect(style.margin, y - height + style.size, self.width - 2 * style.margin, height, stroke=0, fill=1)
                self.canvas.setFillColorRGB(0, 0, 0)
            self.row(columns, line, wrapped, y)
            y -= height + 2
            if style.rules in ("grid", "rows"):
                self.canvas.line(style.margin, y + style.size, self.width - style.margin, y + style.size)
            running += line["total"]
            section += line["total"]
        return self.section_sum(y, name, section) - 6

    def section_sum(self, y, name, amount):
        if name is None:
            return y
        self.text(self.width - self.style.margin - 110, y, self.aside["section_sum"].format(name=name), align="right")
        self.text(self.width - self.style.margin - 3, y, self.money_text(amount), align="right")
        return y - self.style.size - 6

    def row(self, columns, line, wrapped, y):
        values = {"no": line["number"], "item": line["item"], "quantity": self.quantity_text(line["quantity"]), "unit": line["unit"],
                  "price": self.money_text(line["price"]), "discount": f"{line['discount']:f} %" if line["discount"] else "",
                  "tax": f"{self.rate_text(line['rate'])} %", "total": self.money_text(line["total"])}
        for key, x, width in columns:
            if key == "description":
                for i, part in enumerate(wrapped):
                    self.text(x + 3, y - i * (self.style.size + 2), part)
            elif values[key]:
                self.cell(key, x, width, y, values[key])
        if self.style.rules == "grid":
            for _, x, _ in columns[1:]:
                self.canvas.line(x, y + self.style.size, x, y - len(wrapped) * (self.style.size + 2) + self.style.size - 4)

    # ---- sums ----

    def sum_rows(self):
        rows = []
        if self.discount:
            rows.append((self.words["columns"]["total"][-1] if self.language in ("en", "de") else self.words["subtotal"][-1], self.lines_total, False))
            percent = f" {self.rate_text(self.discount_rate)} %" if self.discount_rate else ""
            rows.append((self.say["discount"] + percent, -self.discount, False))
        if self.freight:
            rows.append((self.say["freight"], self.freight, False))
        if self.style.gross or self.discount or len(self.lines) > 1 or self.freight or self.rng.random() < 0.7:
            rows.append((self.say["subtotal"], self.subtotal, False))
        for rate, amount in self.taxes.items():
            rows.append((self.say["tax"].format(rate=self.rate_text(rate)), amount, False))
        rows.append((self.say["total"], self.total, self.style.totals_strong))
        if self.paid:
            rows.append((self.say["paid"], -self.paid, False))
            rows.append((self.say["due_amount"], self.total - self.paid, True))
        return rows

    def tax_summary(self, y):
        """Rate, base and amount of each tax as a table of its own."""
        style, x = self.style, self.style.margin
        columns = [(self.columns["tax"], 0), (self.words["subtotal"][0], 150), (self.words["tax_total"][0], 260)]
        for name, at in columns:
            self.text(x + at, y, name, style.size - 1, True, "left" if at == 0 else "right")
        for rate, amount in self.taxes.items():
            y -= style.size + 4
            self.text(x, y, f"{self.rate_text(rate)} %")
            self.text(x + 150, y, self.money_text(self.by_rate[rate]), align="right")
            self.text(x + 260, y, self.money_text(amount), align="right")
        return y - style.size - 8

    def sums(self, y):
        style, rows = self.style, self.sum_rows()
        if y - len(rows) * (style.size + 6) - 40 < self.bottom:
            self.foot()
            self.canvas.showPage()
            self.page_number += 1
            y = self.height - style.margin - 20
        if style.tax_table and style.totals != "summary":
            y = self.tax_summary(y)
        if style.totals == "summary" and len(rows) <= 4:
            return self.sums_in_row(y, rows)
        right = self.width - style.margin - 3
        value_x = style.margin + 250 if style.totals == "left" else right
        x = {"full": style.margin, "left": style.margin}.get(style.totals, max(self.width / 2 + 20, right - 270))
        top = y
        for name, value, strong in rows:
            if strong and style.rules != "none":
                self.canvas.line(x, y + style.size + 1, value_x, y + style.size + 1)
            if style.totals == "last_rows":
                self.text(right - 90, y, name, bold=strong, align="right")
                self.canvas.line(style.margin, y - 3, right, y - 3)
            else:
                self.text(x, y, name, bold=strong)
            self.text(value_x, y, self.money_text(value, always=strong or name == self.say["total"]), bold=strong, align="right")
            y -= style.size + 6
        if style.totals == "boxed":
            self.canvas.rect(x - 6, y + style.size, value_x - x + 10, top - y + 2)
        return y

    def sums_in_row(self, y, rows):
        """Heads side by side, the amounts below them."""
        left, right = self.style.margin, self.width - self.style.margin
        step = (right - left) / len(rows)
        for i, (name, value, strong) in enumerate(rows):
            self.text(left + (i + 1) * step - 6, y, name, bold=True, align="right")
            self.text(left + (i + 1) * step - 6, y - self.style.size - 4, self.money_text(value, always=name == self.say["total"]), bold=strong, align="right")
        return y - 2 * self.style.size - 16

    def tail(self, y):
        style, rng = self.style, self.rng
        rows = []
        if self.due and rng.random() < 0.6:
            rows.append(self.say["terms"].format(days=(self.due - self.day).days))
        if self.due and rng.random() < 0.15:
            rows.append(self.aside["skonto"].format(date=self.date_text(self.day + datetime.timedelta(days=5))))
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
        if style.receipt:
            return
        self.text(self.width - style.margin, 24, self.say["page"].format(n=self.page_number, m=max(self.pages, self.page_number)), 7, align="right")
        if style.footer == "none":
            return
        parts = [vendor["name"], f"{vendor['street']}, {self.city_line(vendor)}", f"{self.say['tax_id']} {self.tax_id}"]
        if self.country in IBANS:
            parts.append(f"IBAN {IBANS[self.country]}")
        if style.footer == "line":
            self.text(self.width / 2, 44, " | ".join(parts[1:]), 6.5, align="center")
        elif style.footer == "two_lines":
            self.text(style.margin, 54, " · ".join(parts[:2]), 6.5)
            self.text(style.margin, 44, " · ".join(parts[2:]), 6.5)
        else:
            step = (self.width - 2 * style.margin) / len(parts)
            for i, part in enumerate(parts):
                for k, piece in enumerate(part.split(", ")):
                    self.text(style.margin + i * step, 62 - k * 9, piece, 6)

    # ---- tills ----

    def slip_rows(self):
        """(left, right, bold) from top to bottom; left alone is centred when right is None."""
        style, rng, rows = self.style, self.rng, []
        rows += [(self.vendor["name"], None, True), (self.vendor["street"], None, False), (self.city_line(self.vendor), None, False)]
        rows += [(f"{self.say['phone']} {rng.randrange(10, 99)} {rng.randrange(100000, 999999)}", None, False), (f"{self.say['tax_id']} {self.tax_id}", None, False), ("", None, False)]
        rows += [(self.aside["receipt"], None, True)]
        time = f"{rng.randrange(8, 20):02d}:{rng.randrange(60):02d}"
        rows += [(f"{self.label('number')} {self.invoice_number}", "", False), (f"{self.label('date')} {self.date_text(self.day)} {time}", "", False), ("-" * 30, None, False)]
        for line in self.lines:
            count, price, total = f"{line['quantity']:f}", self.money_text(line["price"]), self.money_text(line["total"])
            text = self.short(line)
            if style.slip == "name_above":
                rows += [(text, "", False), (f"   {count} x {price}", total, False)]
            elif style.slip == "one_line":
                rows += [(f"{text}  {count} x {price}", total, False)]
            else:
                rows += [(f"{count} {text}  {price}", total, False)]
        rows += [("-" * 30, None, False), (self.say["total"], self.money_text(self.total, always=True), True)]
        self.slip_says_net = rng.random() < 0.6
        if rng.random() < 0.6:
            cash = Decimal((int(self.total) // 10 + 1) * 10)
            rows += [(self.aside["cash"], self.money_text(cash), False), (self.aside["change"], self.money_text(cash - self.total), False)]
        if self.slip_says_net:
            rows += [(self.say["subtotal"], self.money_text(self.subtotal), False)]
        rows += [(self.say["tax"].format(rate=self.rate_text(rate)), self.money_text(amount), False) for rate, amount in self.taxes.items()]
        return rows + [("", None, False), (self.say["thanks"], None, False)]

    def short(self, line):
        """As much of the description as a slip has room for."""
        return line["description"][:26 if self.style.slip == "name_above" else 15].strip()

    def slip_size(self):
        self.rows = self.slip_rows()
        return 226, 60 + len(self.rows) * (self.style.size + 4)

    def draw_slip(self):
        y = self.height - 30
        for left, right, bold in self.rows:
            if right is None:
                self.text(self.width / 2, y, left, self.style.size, bold, "center")
            else:
                self.text(self.style.margin, y, left, bold=bold)
                self.text(self.width - self.style.margin, y, right, bold=bold, align="right")
            y -= self.style.size + 4
