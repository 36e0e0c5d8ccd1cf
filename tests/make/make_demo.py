#!/usr/bin/env python3
"""Makes the demonstration data of `doxin demo`: a catalogue and invoices in several languages and layouts.

Usage: make_demo.py [FOLDER]      (default: server/demo of this checkout)

Writes FOLDER/catalogue.json and FOLDER/invoices/*. The same program gives the same bytes. Nobody in it exists: names and
places say that they are examples. Needs reportlab and the fonts of make_invoices.py.
"""
import json
import pathlib
import random
import sys
from decimal import Decimal
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfdoc

from make_invoices import Maker, cents, register_fonts
from words import GOODS

LANGUAGES = ["en", "de", "fr", "es", "it", "pl", "en"]
RATES = {"EUR": "1", "GBP": "0.9", "USD": "1.1", "CHF": "1", "PLN": "4", "MXN": "20"}

# The first of each category that invoices name are in the order of GOODS: (item, name, list price in EUR, unit).
SOLD = [("FU-1001", "Oak shelf board, oiled", "38.00", "C62", "Furniture", "Shelves"),
        ("HW-2001", "Stainless hinge 60 mm", "4.20", "C62", "Hardware", "Fittings"),
        ("SV-4001", "Consulting hours, planning", "95.00", "HUR", "Services", "Consulting"),
        ("HW-2101", "Paint roller set, 5 pieces", "14.90", "SET", "Hardware", "Painting"),
        ("HW-2201", "LED panel 40 W neutral white", "49.50", "C62", "Hardware", "Electrical"),
        ("SV-4101", "Site inspection incl. report", "240.00", "C62", "Services", "Inspection"),
        ("HW-2301", "Copper pipe 15 mm", "7.80", "MTR", "Hardware", "Plumbing"),
        ("OF-3001", "Printer paper A4, 500 sheets", "5.40", "PK", "Office", "Paper"),
        ("SV-4201", "Monthly maintenance of the heating system", "120.00", "MON", "Services", "Maintenance"),
        ("HW-2401", "Safety gloves size 9", "6.30", "PR", "Hardware", "Safety")]
MORE = {("Furniture", "Shelves"): [("Beech shelf board, raw", "24.00"), ("Wall bracket, black", "6.50"), ("Corner shelf, birch", "31.00")],
        ("Furniture", "Desks"): [("Desk 160 x 80 cm, oak", "289.00"), ("Standing desk 180 x 80 cm", "549.00"), ("Cable tray for desks", "22.00")],
        ("Furniture", "Chairs"): [("Office chair with arms", "199.00"), ("Stacking chair, grey", "58.00"), ("Stool, height 65 cm", "44.00")],
        ("Hardware", "Fittings"): [("Drawer slide 450 mm", "11.20"), ("Door handle, brushed steel", "27.40")],
        ("Hardware", "Painting"): [("Wall paint white, 10 l", "46.00"), ("Masking tape 50 m", "3.10")],
        ("Hardware", "Electrical"): [("Cable 3 x 1.5 mm, 100 m", "69.00"), ("Socket, double, white", "8.90")],
        ("Hardware", "Plumbing"): [("Copper elbow 15 mm", "1.90"), ("Ball valve 1/2 inch", "9.60")],
        ("Hardware", "Safety"): [("Safety glasses, clear", "5.20"), ("Ear protection, 27 dB", "16.40")],
        ("Office", "Paper"): [("Envelopes C5, 100 pieces", "7.20"), ("Notebook A5, squared", "2.80")],
        ("Office", "Supplies"): [("Ball pen, blue, 50 pieces", "12.00"), ("Stapler, metal", "9.80"), ("Folder A4, 8 cm", "3.40")],
        ("Services", "Consulting"): [("Workshop, one day", "980.00"), ("Project lead, hour", "110.00")],
        ("Services", "Inspection"): [("Electrical safety test", "18.50")],
        ("Services", "Maintenance"): [("Call-out charge", "65.00"), ("Filter change", "39.00")],
        ("Services", "Transport"): [("Delivery, up to 50 km", "45.00")]}
TERRITORIES = [(1, "Central Europe", "DE", "Europe"), (2, "Western Europe", "FR", "Europe"), (3, "Southern Europe", "ES", "Europe"),
               (4, "English speaking", "GB", "Overseas")]
PERSONS = [(1, "Sasha Muster", 1), (2, "Camille Exemple", 2), (3, "Andrea Muestra", 3), (4, "Robin Sample", 4)]
TERRITORY_OF = {"DE": 1, "AT": 1, "CH": 1, "PL": 1, "FR": 2, "BE": 2, "NL": 2, "ES": 3, "IT": 3, "PT": 3, "MX": 3}


class DemoMaker(Maker):
    """An invoice over goods of the catalogue, near their list prices."""

    def line(self, number):
        row = super().line(number)
        goods = GOODS[self.language]
        index = self.rng.randrange(len(goods))
        item, _, price, *_ = SOLD[index]
        row.update(description=goods[index], item=item, per=1, quantity=Decimal(self.rng.choice([1, 2, 3, 4, 5, 8, 10, 12, 25])), discount=Decimal(0),
                   price=cents(Decimal(price) * Decimal(RATES[self.currency]) * self.rng.randrange(92, 112) / 100))
        row["total"] = cents(row["quantity"] * row["price"])
        return row

    # The name and the bytes of a file that the PDF carries.
    attached = None

    def foot(self):
        super().foot()
        if not self.attached:
            return
        name, data = self.attached
        document = self.canvas._doc
        kind = {"Type": pdfdoc.PDFName("EmbeddedFile"), "Subtype": "/text#2Fxml"}
        stream = document.Reference(pdfdoc.PDFStream(pdfdoc.PDFDictionary(kind), data), "attached")
        spec = pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("Filespec"), "F": pdfdoc.PDFString(name), "UF": pdfdoc.PDFString(name),
                                     "AFRelationship": pdfdoc.PDFName("Alternative"), "EF": pdfdoc.PDFDictionary({"F": stream, "UF": stream})})
        tree = pdfdoc.PDFDictionary({"Names": pdfdoc.PDFArray([pdfdoc.PDFString(name), document.Reference(spec, "attachedSpec")])})
        document.Catalog.Names = pdfdoc.PDFDictionary({"EmbeddedFiles": tree})


def choose(language, taken, start):
    """The first invoice of this language that suits: one page, some lines, recent, parties not met yet."""
    seed = start
    while True:
        maker = DemoMaker(random.Random(seed), language)
        if maker.currency not in RATES:
            seed += 1
            continue
        maker.compose()
        names = {maker.vendor["name"], maker.customer["name"]}
        if 3 <= len(maker.lines) <= 9 and maker.day.year >= 2025 and maker.kind == "invoice" and not maker.paid and not maker.style.gross and \
                not maker.discount and not names & taken and len(maker.taxes) == 1:
            taken |= names
            return maker
        seed += 1


def party(tag, company, maker, tax_id=None):
    scheme = f"<cac:PartyTaxScheme><cbc:CompanyID>{tax_id}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>" if tax_id else ""
    return (f"  <cac:{tag}><cac:Party><cac:PostalAddress><cbc:StreetName>{escape(company['street'])}</cbc:StreetName><cbc:CityName>{escape(company['city'])}</cbc:CityName>"
            f"<cbc:PostalZone>{company['code']}</cbc:PostalZone><cac:Country><cbc:IdentificationCode>{maker.country}</cbc:IdentificationCode></cac:Country></cac:PostalAddress>"
            f"{scheme}<cac:PartyLegalEntity><cbc:RegistrationName>{escape(company['name'])}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:{tag}>\n")


def ubl(maker):
    """The invoice as UBL 2.1 after EN 16931."""
    def money(name, value):
        return f'<cbc:{name} currencyID="{maker.currency}">{value}</cbc:{name}>'

    rate, tax = next(iter(maker.taxes.items()))
    category = f"<cbc:ID>S</cbc:ID><cbc:Percent>{rate}</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    freight = ""
    if maker.freight:
        freight = (f"  <cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator><cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode>"
                   f"{money('Amount', maker.freight)}<cac:TaxCategory>{category}</cac:TaxCategory></cac:AllowanceCharge>\n")
    lines = "".join(
        f'  <cac:InvoiceLine><cbc:ID>{i}</cbc:ID><cbc:InvoicedQuantity unitCode="C62">{row["quantity"]}</cbc:InvoicedQuantity>{money("LineExtensionAmount", row["total"])}'
        f'<cac:Item><cbc:Name>{escape(row["description"])}</cbc:Name><cac:SellersItemIdentification><cbc:ID>{row["item"]}</cbc:ID></cac:SellersItemIdentification>'
        f'<cac:ClassifiedTaxCategory>{category}</cac:ClassifiedTaxCategory></cac:Item><cac:Price>{money("PriceAmount", row["price"])}</cac:Price></cac:InvoiceLine>\n'
        for i, row in enumerate(maker.lines, 1))
    due = f"  <cbc:DueDate>{maker.due}</cbc:DueDate>\n" if maker.due else ""
    charge = money("ChargeTotalAmount", maker.freight) if maker.freight else ""
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
            'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">\n'
            f"  <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>\n  <cbc:ID>{maker.invoice_number}</cbc:ID>\n  <cbc:IssueDate>{maker.day}</cbc:IssueDate>\n{due}"
            f"  <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>\n  <cbc:DocumentCurrencyCode>{maker.currency}</cbc:DocumentCurrencyCode>\n"
            + party("AccountingSupplierParty", maker.vendor, maker, maker.tax_id) + party("AccountingCustomerParty", maker.customer, maker) + freight +
            f"  <cac:TaxTotal>{money('TaxAmount', tax)}<cac:TaxSubtotal>{money('TaxableAmount', maker.subtotal)}{money('TaxAmount', tax)}<cac:TaxCategory>{category}</cac:TaxCategory>"
            f"</cac:TaxSubtotal></cac:TaxTotal>\n  <cac:LegalMonetaryTotal>{money('LineExtensionAmount', maker.lines_total)}{money('TaxExclusiveAmount', maker.subtotal)}"
            f"{money('TaxInclusiveAmount', maker.total)}{charge}{money('PayableAmount', maker.total)}</cac:LegalMonetaryTotal>\n{lines}</Invoice>\n")


def cii(maker):
    """The invoice as Cross Industry Invoice after EN 16931, for a Factur-X PDF."""
    def day(value):
        return f'<udt:DateTimeString format="102">{value:%Y%m%d}</udt:DateTimeString>'

    def address(company):
        return (f"<ram:PostalTradeAddress><ram:PostcodeCode>{company['code']}</ram:PostcodeCode><ram:LineOne>{escape(company['street'])}</ram:LineOne>"
                f"<ram:CityName>{escape(company['city'])}</ram:CityName><ram:CountryID>{maker.country}</ram:CountryID></ram:PostalTradeAddress>")

    rate, tax = next(iter(maker.taxes.items()))
    category = f"<ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>{rate}</ram:RateApplicablePercent>"
    freight = charge = ""
    if maker.freight:
        freight = ("<ram:SpecifiedTradeAllowanceCharge><ram:ChargeIndicator><udt:Indicator>true</udt:Indicator></ram:ChargeIndicator>"
                   f"<ram:ActualAmount>{maker.freight}</ram:ActualAmount><ram:ReasonCode>FC</ram:ReasonCode><ram:CategoryTradeTax>{category}</ram:CategoryTradeTax></ram:SpecifiedTradeAllowanceCharge>")
        charge = f"<ram:ChargeTotalAmount>{maker.freight}</ram:ChargeTotalAmount>"
    due = f"<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime>{day(maker.due)}</ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>" if maker.due else ""
    lines = "".join(
        f"<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>{i}</ram:LineID></ram:AssociatedDocumentLineDocument><ram:SpecifiedTradeProduct>"
        f"<ram:SellerAssignedID>{row['item']}</ram:SellerAssignedID><ram:Name>{escape(row['description'])}</ram:Name></ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeAgreement>"
        f"<ram:NetPriceProductTradePrice><ram:ChargeAmount>{row['price']}</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement><ram:SpecifiedLineTradeDelivery>"
        f'<ram:BilledQuantity unitCode="C62">{row["quantity"]}</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery><ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax>{category}'
        f"</ram:ApplicableTradeTax><ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{row['total']}</ram:LineTotalAmount>"
        "</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>\n"
        for i, row in enumerate(maker.lines, 1))
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
            'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">\n'
            "<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter>"
            f"</rsm:ExchangedDocumentContext>\n<rsm:ExchangedDocument><ram:ID>{maker.invoice_number}</ram:ID><ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime>{day(maker.day)}</ram:IssueDateTime>"
            f"</rsm:ExchangedDocument>\n<rsm:SupplyChainTradeTransaction>\n{lines}<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>{escape(maker.vendor['name'])}</ram:Name>"
            f'{address(maker.vendor)}<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{maker.tax_id}</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty><ram:BuyerTradeParty>'
            f"<ram:Name>{escape(maker.customer['name'])}</ram:Name>{address(maker.customer)}</ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>\n<ram:ApplicableHeaderTradeDelivery/>\n"
            f"<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>{maker.currency}</ram:InvoiceCurrencyCode><ram:ApplicableTradeTax><ram:CalculatedAmount>{tax}</ram:CalculatedAmount>"
            f"<ram:TypeCode>VAT</ram:TypeCode><ram:BasisAmount>{maker.subtotal}</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>{rate}</ram:RateApplicablePercent>"
            f"</ram:ApplicableTradeTax>{freight}{due}<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>{maker.lines_total}</ram:LineTotalAmount>{charge}"
            f'<ram:TaxBasisTotalAmount>{maker.subtotal}</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="{maker.currency}">{tax}</ram:TaxTotalAmount>'
            f"<ram:GrandTotalAmount>{maker.total}</ram:GrandTotalAmount><ram:DuePayableAmount>{maker.total}</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>"
            "</ram:ApplicableHeaderTradeSettlement>\n</rsm:SupplyChainTradeTransaction>\n</rsm:CrossIndustryInvoice>\n")


def company(number, maker, of, kind):
    row = {"customer_id": number, "company_type": kind, "company_name": of["name"], "street_address": of["street"], "city": of["city"], "postal_code": of["code"],
           "country_region": maker.country, "territory_id": TERRITORY_OF.get(maker.country, 4)}
    return row | ({"tax_id": maker.tax_id} if kind == "vendor" else {})


def products():
    rows = [{"item_number": i, "name": n, "list_price": p, "unit": u, "category": c, "subcategory": s} for i, n, p, u, c, s in SOLD]
    used = {row["item_number"] for row in rows}
    for (category, subcategory), goods in MORE.items():
        prefix, at = {"Furniture": "FU-1", "Hardware": "HW-2", "Office": "OF-3", "Services": "SV-4"}[category], 501
        for name, price in goods:
            while f"{prefix}{at}" in used:
                at += 1
            used.add(f"{prefix}{at}")
            rows.append({"item_number": f"{prefix}{at}", "name": name, "list_price": price, "unit": "C62", "category": category, "subcategory": subcategory})
    for row in rows:
        row.update(currency="EUR", standard_cost=str(cents(Decimal(row["list_price"]) * Decimal("0.6"))))
    return sorted(rows, key=lambda row: row["item_number"])


def catalogue(makers):
    goods = products()
    categories = {}
    for row in goods:
        categories.setdefault(row["category"], set()).add(row["subcategory"])
    companies = []
    for i, maker in enumerate(makers):
        companies.append(company(1001 + 2 * i, maker, maker.vendor, "vendor"))
        companies.append(company(1002 + 2 * i, maker, maker.customer, "customer"))
    return {"source": "demonstration",
            "territories": [dict(zip(("territory_id", "name", "country_region_code", "territory_group"), row)) for row in TERRITORIES],
            "categories": [{"name": name, "subcategories": [{"name": sub} for sub in sorted(subs)]} for name, subs in sorted(categories.items())],
            "companies": companies, "products": goods,
            "salespersons": [{"salesperson_id": i, "name": name, "email": f"{name.lower().replace(' ', '.')}@example.com", "employee_id": f"E-{i:03d}", "territory_id": territory}
                             for i, name, territory in PERSONS]}


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2] / "server/demo"
    (folder / "invoices").mkdir(parents=True, exist_ok=True)
    register_fonts()
    taken, makers = set(), []
    for i, language in enumerate(LANGUAGES):
        makers.append(choose(language, taken, 1000 * (i + 1)))
        if language == "de":
            makers[-1].attached = ("factur-x.xml", cii(makers[-1]).encode())
        makers[-1].draw(folder / "invoices" / f"{i + 1}-{language}.pdf")
    makers.append(choose("nl", taken, 9000))
    (folder / "invoices" / f"{len(makers)}-nl.xml").write_text(ubl(makers[-1]))
    (folder / "catalogue.json").write_text(json.dumps(catalogue(makers), ensure_ascii=False, indent=1) + "\n")
    for maker in makers:
        print(maker.vendor["name"], maker.invoice_number, maker.day, maker.currency, maker.total, sep=" | ")


if __name__ == "__main__":
    main()
