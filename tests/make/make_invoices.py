#!/usr/bin/env python3
"""Makes invoices with their truth: a layout grammar, not a list of templates.

Writes OUT_DIR/<id>/document.pdf (.jpg or .png for some scans) and OUT_DIR/<id>/truth.json with the members of the flat form
of `doxin extract`, as `doxin eval OUT_DIR` reads them; `meta` names language and family, so that some can be held out. The
same options give the same invoices. All companies are made up. Needs reportlab; scans need pdftoppm and Pillow.
"""
import argparse
import json
import pathlib
import random

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from drawing import Drawing
from families import FAMILIES, Family
from money import Content, cents  # noqa: F401 (make_demo.py takes cents from here)
from words import LANGUAGES

FONTS = "/usr/share/fonts/truetype/dejavu"


class Maker(Content, Drawing):
    def __init__(self, rng, language, family=None):
        self.rng = rng
        self.language = language
        # Without a family any but a till's slip.
        self.style = Family(rng.randrange(42) if family is None else family, rng)
        self.slip_says_net = True
        self.choose_country()


def register_fonts():
    for name in ("DejaVuSans", "DejaVuSerif", "DejaVuSansCondensed", "DejaVuSansMono"):
        pdfmetrics.registerFont(TTFont(name, f"{FONTS}/{name}.ttf"))
        pdfmetrics.registerFont(TTFont(name + "-Bold", f"{FONTS}/{name}-Bold.ttf"))


def make(folder, seed, index, language, family, scans):
    # Text and sums do not depend on whether it becomes a scan.
    rng, spoiler = random.Random(f"{seed}/{index}/{language}/{family}"), random.Random(f"scan {seed}/{index}")
    maker = Maker(rng, language, family)
    maker.compose()
    folder.mkdir(parents=True, exist_ok=True)
    name = "document.pdf"
    maker.draw(folder / name)
    is_scan = spoiler.random() < scans and maker.page_number <= 3
    if is_scan:
        from scanning import scan

        name = scan(folder / name, spoiler)
    truth = maker.truth()
    truth.update(id=folder.name, file=name, has_text_layer=not is_scan, pages=maker.page_number)
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path, metavar="OUT_DIR")
    parser.add_argument("--count", type=int, default=40, help="documents (40)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--languages", default=",".join(LANGUAGES), help="codes with commas between, taken in turn")
    parser.add_argument("--scans", type=float, default=0.0, metavar="SHARE", help="share of documents made as scans, 0 to 1")
    parser.add_argument("--family", type=int, action="append", metavar="N", choices=range(FAMILIES), help=f"only this family, 0 to {FAMILIES - 1}; may be given several times")
    args = parser.parse_args()
    languages = args.languages.split(",")
    if not set(languages) <= set(LANGUAGES):
        parser.error("the languages are " + ", ".join(LANGUAGES))
    register_fonts()
    families = args.family or list(range(FAMILIES))
    order = random.Random(args.seed)
    for i in range(args.count):
        if i % len(families) == 0:
            order.shuffle(families)
        language, family = languages[i % len(languages)], families[i % len(families)]
        make(args.out / f"{args.seed:03d}-{i:04d}-{language}", args.seed, i, language, family, args.scans)
    print(f"{args.count} invoices in {args.out}")


if __name__ == "__main__":
    main()
