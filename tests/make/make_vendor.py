#!/usr/bin/env python3
"""Invoices of one made-up vendor whose labels no lexicon has: the number stands at "Zetakode", what is to be paid at
"Omegasum", and other values stand where a reader would look first. For what is learned from corrections. Needs reportlab."""
import io

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

VENDORS = {
    "northwind": ("Northwind Tools Ltd", ["12 Example Street", "London SW1A 1AA", "VAT No: GB135278543"]),
    "southgate": ("Southgate Metals Plc", ["7 Other Road", "Leeds LS1 4AP", "VAT No: GB802311782"]),
}


def make(vendor, code, reference, day, total, deposit):
    """The document's bytes. code: its number; reference: another number, at "Invoice No"; deposit: a sum at "Total"."""
    name, address = VENDORS[vendor]
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4, invariant=True)
    page.setFont("Helvetica-Bold", 14)
    page.drawString(60, 770, name)
    page.setFont("Helvetica", 10)
    for i, text in enumerate(address):
        page.drawString(60, 754 - 13 * i, text)
    for i, text in enumerate(["Bill to:", "Harbour Books Ltd", "7 Example Lane", "Sampleford SM1 9ZZ"]):
        page.drawString(60, 690 - 13 * i, text)
    page.setFont("Helvetica-Bold", 16)
    page.drawString(350, 720, "INVOICE")
    page.setFont("Helvetica", 10)
    for i, (label, text) in enumerate([("Zetakode:", code), ("Invoice No:", reference), ("Invoice date:", day)]):
        page.drawString(350, 690 - 14 * i, label)
        page.drawString(450, 690 - 14 * i, text)
    for y, label, text in ((430, "Omegasum", total), (400, "Total", deposit)):
        page.drawString(400, y, label)
        page.drawRightString(535, y, text)
    page.showPage()
    page.save()
    return out.getvalue()
