"""Families of layouts: each is one combination of structural choices. A document adds its own small ones to them."""
import random

FAMILIES = 48
RECEIPTS = range(42, 48)  # the last families are tills' slips

CHOICES = {
    "font": ["DejaVuSans", "DejaVuSerif", "DejaVuSansCondensed", "DejaVuSansMono"],
    "logo": ["left", "right", "center", "none", "band"],
    "parties": ["window", "window", "right", "beside", "framed", "stacked"],
    "meta": ["right_table", "left_list", "row", "under_title", "boxes", "inline"],
    "title_place": ["left", "left", "right", "center", "small"],
    "rules": ["grid", "rows", "head", "none", "zebra", "boxed_head"],
    "order": ["text_first", "quantity_first", "quantity_last", "item_first", "total_apart"],
    "totals": ["right", "right", "full", "left", "boxed", "last_rows", "summary"],
    "footer": ["columns", "line", "none", "two_lines"],
    "page": ["a4", "a4", "a4", "letter", "landscape"],
    "margin": [36, 45, 56],
    "size": [8, 8.5, 9, 10],
    "currency_as": ["code", "sign", "sign"],
    "tax_table": [False, False, True],
    "sections": [False, False, True],
    "per_hundred": [False, False, False, True],
    "gross": [False, False, False, False, True],
}


class Family:
    """The choices that every document of a family shares, and with rng those that it makes for itself."""

    def __init__(self, number, rng=None):
        fixed = random.Random(7919 * number + 17)
        self.number = number
        for at, (name, values) in enumerate(CHOICES.items()):
            # Each value of a choice comes up before one does again; the offset differs from choice to choice.
            shift = fixed.randrange(len(values)) if number >= len(values) else 0
            setattr(self, name, values[(number + shift + at * (number // len(values))) % len(values)])
        self.show_no = fixed.random() < 0.6
        self.show_item = fixed.random() < 0.55
        self.show_unit = fixed.random() < 0.45
        self.show_tax = fixed.random() < 0.35
        self.show_discount = fixed.random() < 0.25
        self.item_in_text = not self.show_item and fixed.random() < 0.4
        self.currency_in_cells = fixed.random() < 0.25
        self.currency_before = fixed.random() < 0.5
        self.header_row = fixed.random() < 0.94
        self.meta_colon = fixed.random() < 0.4
        self.receipt = number in RECEIPTS
        self.quantity_first = self.order == "quantity_first"
        if self.receipt:
            self.page, self.margin, self.gross, self.font = "slip", 14, True, fixed.choice(["DejaVuSansMono", "DejaVuSans", "DejaVuSansCondensed"])
            self.slip = fixed.choice(["name_above", "one_line", "quantity_first"])
            self.per_hundred = self.sections = self.show_discount = self.show_item = self.item_in_text = False
        rng = rng or fixed
        self.sender_line = rng.random() < 0.5
        self.long_text = rng.random() < 0.4
        self.thousands = rng.random() < 0.85
        self.spaced_title = rng.random() < 0.08
        self.drop_date_label = rng.random() < 0.05
        self.totals_strong = rng.random() < 0.7


def signature(number):
    """What tells one family from another."""
    family = Family(number)
    names = [*CHOICES, "show_no", "show_item", "show_unit", "show_tax", "show_discount", "item_in_text", "header_row", "receipt"]
    return tuple(getattr(family, name) for name in names) + (getattr(family, "slip", ""),)
