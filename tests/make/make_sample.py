#!/usr/bin/env python3
"""Makes examples/invoice.pdf, the sample of ./run: one page, made-up companies, sums that hold. Needs reportlab."""
import pathlib
import sys

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

LINES = [
    ("BR-2040", "Oak shelf board, oiled, 200 × 40 cm", "6", "48.50", "291.00"),
    ("HG-0060", "Stainless hinge 60 mm", "24", "3.25", "78.00"),
    ("LP-0400", "LED panel 40 W, neutral white", "4", "61.90", "247.60"),
    ("SV-0010", "Assembly, hours", "5.5", "72.00", "396.00"),
]


def draw(path):
    page = canvas.Canvas(str(path), pagesize=A4, invariant=True)
    page.setTitle("Invoice RC-2026-0147")
    page.setFont("Helvetica-Bold", 18)
    page.drawString(60, 770, "Riverside Carpentry Ltd")
    page.setFont("Helvetica", 9)
    for i, text in enumerate(["12 Sample Road, Exampleton EX4 2TQ", "VAT Reg. No. GB135278543"]):
        page.drawString(60, 752 - 12 * i, text)
    page.setFont("Helvetica-Bold", 10)
    page.drawString(60, 690, "Bill to")
    page.setFont("Helvetica", 10)
    for i, text in enumerate(["Harbour Books Ltd", "7 Example Lane", "Sampleford SM1 9ZZ"]):
        page.drawString(60, 676 - 13 * i, text)
    page.setFont("Helvetica-Bold", 16)
    page.drawString(350, 690, "INVOICE")
    page.setFont("Helvetica", 10)
    for i, (label, text) in enumerate([("Invoice number", "RC-2026-0147"), ("Invoice date", "14 March 2026"),
                                       ("Due date", "13 April 2026"), ("Your order", "PO-88231")]):
        page.drawString(350, 670 - 14 * i, label)
        page.drawString(450, 670 - 14 * i, text)
    y = 575
    page.setFont("Helvetica-Bold", 9)
    page.drawString(60, y, "Item")
    page.drawString(120, y, "Description")
    for x, text in ((385, "Quantity"), (460, "Unit price"), (535, "Amount")):
        page.drawRightString(x, y, text)
    page.line(60, y - 5, 535, y - 5)
    page.setFont("Helvetica", 9)
    for item, description, quantity, price, total in LINES:
        y -= 19
        page.drawString(60, y, item)
        page.drawString(120, y, description)
        for x, text in ((385, quantity), (460, price), (535, total)):
            page.drawRightString(x, y, text)
    page.line(60, y - 7, 535, y - 7)
    for label, text, font in (("Subtotal", "1,012.60", "Helvetica"), ("VAT 20 %", "202.52", "Helvetica"),
                              ("Total GBP", "1,215.12", "Helvetica-Bold")):
        y -= 22
        page.setFont(font, 10)
        page.drawString(400, y, label)
        page.drawRightString(535, y, text)
    page.setFont("Helvetica", 9)
    page.drawString(60, 90, "Please pay within 30 days to Riverside Carpentry Ltd, IBAN GB33 BUKB 2020 1555 5555 55.")
    page.showPage()
    page.save()


draw(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else
                  pathlib.Path(__file__).resolve().parent.parent.parent / "examples/invoice.pdf"))
