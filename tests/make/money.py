"""What an invoice is about: parties, lines, taxes and sums that hold, all from one generator of random numbers."""
import datetime
from decimal import ROUND_HALF_UP, Decimal

from words import COUNTRIES, FIRST, GOODS, LANGUAGES, MONTHS, SECOND

CENT = Decimal("0.01")
SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "PLN": "zł", "CHF": "CHF", "MXN": "$", "CAD": "CAD", "AUD": "AUD", "BRL": "R$"}
UNITS = {"de": ["Stk.", "Std.", "m"], "en": ["pcs", "hrs", "m"]}


def cents(value):
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


class Content:
    """Needs rng, language, style."""

    def choose_country(self):
        rng = self.rng
        self.words = LANGUAGES[self.language]
        (self.country, self.currency, self.comma, dates, self.rates, self.form, self.cities, self.streets) = rng.choice(COUNTRIES[self.language])
        self.date_form = rng.choice(dates)
        if rng.random() < 0.06:
            self.date_form = "%Y-%m-%d"
        self.say = {k: (rng.choice(v) if isinstance(v, list) else v) for k, v in self.words.items() if k != "columns"}
        self.columns = {k: rng.choice(v) for k, v in self.words["columns"].items()}

    def company(self):
        name = f"{self.rng.choice(FIRST)} {self.rng.choice(SECOND)} {self.form}"
        city, code = self.rng.choice(self.cities)
        return {"name": name, "street": self.rng.choice(self.streets), "city": city, "code": code}

    def city_line(self, company):
        return f"{company['city']} {company['code']}" if self.country in ("GB", "US", "IE", "MX", "CA", "AU") else f"{company['code']} {company['city']}"

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

    # ---- how values are written ----

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

    def rate_text(self, rate):
        return self.number_text(rate, 0) if rate == rate.to_integral() else self.number_text(rate, 2).rstrip("0")

    # ---- what is sold ----

    def line(self, number):
        rng, style = self.rng, self.style
        quantity = Decimal(rng.choice([1, 1, 2, 3, 4, 5, 8, 10, 12, 25, 100]))
        if rng.random() < 0.15:
            quantity = Decimal(rng.randrange(25, 2000)) / 100
        price = cents(Decimal(rng.choice([rng.randrange(50, 2000), rng.randrange(1000, 30000), rng.randrange(10000, 900000)])) / 100)
        if style.receipt:
            quantity, price = Decimal(rng.choice([1, 1, 1, 2, 3])), cents(Decimal(rng.randrange(50, 4000)) / 100)
        per = 1
        if style.per_hundred and rng.random() < 0.4:
            per, quantity = 100, Decimal(rng.choice([50, 100, 200, 250, 500, 1000]))
        discount = Decimal(rng.choice([5, 10, 15, 20])) if style.show_discount and rng.random() < 0.4 else Decimal(0)
        total = cents(quantity * price / per * (100 - discount) / 100)
        text = rng.choice(GOODS[self.language])
        if style.long_text and rng.random() < 0.5:
            text += ", " + rng.choice(GOODS[self.language]).lower() + ", " + rng.choice(GOODS[self.language]).lower()
        return {"number": str(number), "item": f"{rng.choice('ABKTX')}{rng.randrange(100, 99999)}", "description": text, "quantity": quantity,
                "unit": rng.choice(UNITS.get(self.language, ["kg", "m"])), "price": price, "per": per,
                "discount": discount, "rate": Decimal(rng.choice(self.rates) if rng.random() < 0.3 else self.rates[0]), "total": total}

    def compose(self):
        rng, style = self.rng, self.style
        self.kind = rng.choices(["invoice", "credit_note", "corrected_invoice"], [90, 6, 4])[0]
        if style.receipt:
            self.kind = "receipt"
        self.credit = self.kind == "credit_note"
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
        count = rng.choice([1, 2, 3, 4, 5, 7] if style.receipt else [1, 1, 2, 3, 4, 5, 7, 9, 14, 30, 55])
        self.lines = [self.line(i + 1) for i in range(count)]
        self.tax_id = self.vat_id()
        one_rate = rng.random() < 0.75
        for line in self.lines:
            line["rate"] = Decimal(self.rates[0]) if one_rate else line["rate"]
        self.add_up()

    def add_up(self):
        """Document discount and charge go to the first rate, so that the taxes stay plain."""
        rng, style = self.rng, self.style
        self.lines_total = sum(line["total"] for line in self.lines)
        first = Decimal(self.rates[0])
        self.freight = cents(Decimal(rng.randrange(300, 4000)) / 100) if rng.random() < 0.2 and not style.gross else None
        single = len({line["rate"] for line in self.lines}) == 1
        plain = single and not style.gross
        self.discount_rate = Decimal(rng.choice([2, 3, 5, 10])) if plain and rng.random() < 0.12 else None
        self.discount = cents(self.lines_total * self.discount_rate / 100) if self.discount_rate else None
        if plain and not self.discount and rng.random() < 0.04:
            self.discount = cents(self.lines_total / 20)
        self.by_rate = {}
        for line in self.lines:
            self.by_rate[line["rate"]] = self.by_rate.get(line["rate"], Decimal(0)) + line["total"]
        extra = (self.freight or 0) - (self.discount or 0)
        if extra:
            rate = next(iter(self.by_rate)) if single else first
            self.by_rate[rate] = self.by_rate.get(rate, Decimal(0)) + extra
        if style.gross:
            self.taxes = {rate: cents(sum_ * rate / (100 + rate)) for rate, sum_ in sorted(self.by_rate.items())}
            self.by_rate = {rate: sum_ - self.taxes[rate] for rate, sum_ in self.by_rate.items()}
        else:
            self.taxes = {rate: cents(base * rate / 100) for rate, base in sorted(self.by_rate.items())}
        self.tax = sum(self.taxes.values())
        self.subtotal = sum(self.by_rate.values())
        self.total = self.subtotal + self.tax
        self.paid = cents(self.total / 4) if rng.random() < 0.07 and not style.receipt else None

    def truth(self):
        out = {"invoice_number": self.invoice_number, "invoice_date": self.day.isoformat(), "currency": self.currency, "vendor_name": self.vendor["name"],
               "vendor_address": f"{self.vendor['street']}, {self.city_line(self.vendor)}",
               "vendor_tax_id": self.tax_id.replace(" MWST", "MWST").replace(".", "").replace("CHE-", "CHE"),
               "subtotal": str(self.subtotal), "tax_amount": str(self.tax), "total_amount": str(self.total)}
        optional = {"due_date": self.due, "ship_date": self.ship, "po_number": self.po, "account_number": self.account, "freight": self.freight}
        if self.style.receipt:
            optional = {}
            if not self.slip_says_net:
                out.pop("subtotal")
        else:
            out.update(customer_name=self.customer["name"], customer_address=f"{self.customer['street']}, {self.city_line(self.customer)}")
        out.update({name: str(value) for name, value in optional.items() if value})
        if len(self.taxes) == 1:
            out["tax_rate"] = str(next(iter(self.taxes)))
        out["line_items"] = [self.truth_of(line) for line in self.lines]
        out["doc_kind"] = self.kind
        out["language"] = self.language
        out["meta"] = {"family": self.style.number, "language": self.language}
        return out

    def truth_of(self, line):
        style = self.style
        row = {"description": self.short(line) if style.receipt else line["description"], "quantity": str(line["quantity"]), "unit_price": str(line["price"] / line["per"]), "line_total": str(line["total"])}
        accept = [str(line["price"])] if line["per"] != 1 else []
        if style.show_no and not style.receipt:
            row["line_number"] = line["number"]
        if style.show_item or style.item_in_text:
            row["item_number"] = line["item"]
        if line["discount"]:
            row["unit_price_discount"] = str(line["price"] / line["per"] * line["discount"] / 100)
            accept.append(str(line["price"] / line["per"] * (100 - line["discount"]) / 100))
        if accept:
            row["_accept"] = {"unit_price": accept}
        if line["per"] != 1:
            row.setdefault("_accept", {})["description"] = [self.described(line)]
        return row
