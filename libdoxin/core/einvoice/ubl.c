/* OASIS UBL 2.1 Invoice and CreditNote as EN 16931 maps them (XRechnung, Peppol BIS 3). */
#include "core/einvoice/read.h"

#include <string.h>

/* The tax scheme of a registration: "VAT" in CompanyID's company, else the national one. */
static const xmlNode *registration(dx_einvoice_reader *reader, const xmlNode *party, bool vat)
{
    for (const xmlNode *at = NULL; (at = dx_xml_next(party, "PartyTaxScheme", at));) {
        const char *scheme = dx_xml_text_at(reader->ctx, at, "TaxScheme/ID");
        if (vat == (scheme && strcmp(scheme, "VAT") == 0))
            return at;
    }
    return NULL;
}

/* BT-29; with the scheme SEPA it is the identifier of a direct debit's creditor (BT-90). */
static const xmlNode *seller_number(dx_einvoice_reader *reader, const xmlNode *party)
{
    for (const xmlNode *at = NULL; (at = dx_xml_next(party, "PartyIdentification", at));) {
        const char *scheme = dx_xml_attribute(reader->ctx, dx_xml_find(at, "ID"), "schemeID");
        if (!scheme || strcmp(scheme, "SEPA") != 0)
            return at;
    }
    return NULL;
}

static void read_seller(dx_einvoice_reader *reader, const xmlNode *party)
{
    dx_field *header = reader->invoice->header;
    const xmlNode *address = dx_xml_find(party, "PostalAddress");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_NAME], party, "PartyLegalEntity/RegistrationName");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_NAME], party, "PartyName/Name");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_NUMBER], seller_number(reader, party), "ID");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_STREET], address, "StreetName");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_STREET2], address, "AdditionalStreetName");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_POSTAL_CODE], address, "PostalZone");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_CITY], address, "CityName");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_STATE], address, "CountrySubentity");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_COUNTRY], address, "Country/IdentificationCode");
    dx_einvoice_set_address(reader, &header[DX_HEADER_VENDOR_ADDRESS], address, &header[DX_HEADER_VENDOR_STREET],
                            &header[DX_HEADER_VENDOR_STREET2], dx_xml_text_at(reader->ctx, address, "AddressLine/Line"),
                            &header[DX_HEADER_VENDOR_POSTAL_CODE], &header[DX_HEADER_VENDOR_CITY]);
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_TAX_ID], registration(reader, party, true), "CompanyID");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_TAX_NUMBER], registration(reader, party, false), "CompanyID");
    if (header[DX_HEADER_VENDOR_TAX_NUMBER].present && !header[DX_HEADER_VENDOR_TAX_ID].present)
        header[DX_HEADER_VENDOR_TAX_ID] = header[DX_HEADER_VENDOR_TAX_NUMBER];
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_REGISTRATION], party, "PartyLegalEntity/CompanyID");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_CONTACT], party, "Contact/Name");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_EMAIL], party, "Contact/ElectronicMail");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_PHONE], party, "Contact/Telephone");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_WEBSITE], party, "WebsiteURI");
    dx_einvoice_set_endpoint(reader, &header[DX_HEADER_VENDOR_ENDPOINT], dx_xml_find(party, "EndpointID"));
}

static void read_buyer(dx_einvoice_reader *reader, const xmlNode *party)
{
    dx_field *header = reader->invoice->header;
    const xmlNode *address = dx_xml_find(party, "PostalAddress");
    dx_einvoice_set_text(reader, &header[DX_HEADER_CUSTOMER_NAME], party, "PartyLegalEntity/RegistrationName");
    dx_einvoice_set_text(reader, &header[DX_HEADER_CUSTOMER_NAME], party, "PartyName/Name");
    dx_einvoice_set_text(reader, &header[DX_HEADER_ACCOUNT_NUMBER], party, "PartyIdentification/ID");
    dx_einvoice_set_text(reader, &header[DX_HEADER_CUSTOMER_STREET], address, "StreetName");
    dx_einvoice_set_text(reader, &header[DX_HEADER_CUSTOMER_STREET2], address, "AdditionalStreetName");
    dx_einvoice_set_text(reader, &header[DX_HEADER_CUSTOMER_POSTAL_CODE], address, "PostalZone");
    dx_einvoice_set_text(reader, &header[DX_HEADER_CUSTOMER_CITY], address, "CityName");
    dx_einvoice_set_text(reader, &header[DX_HEADER_CUSTOMER_STATE], address, "CountrySubentity");
    dx_einvoice_set_text(reader, &header[DX_HEADER_CUSTOMER_COUNTRY], address, "Country/IdentificationCode");
    dx_einvoice_set_address(reader, &header[DX_HEADER_CUSTOMER_ADDRESS], address, &header[DX_HEADER_CUSTOMER_STREET],
                            &header[DX_HEADER_CUSTOMER_STREET2],
                            dx_xml_text_at(reader->ctx, address, "AddressLine/Line"),
                            &header[DX_HEADER_CUSTOMER_POSTAL_CODE], &header[DX_HEADER_CUSTOMER_CITY]);
    dx_einvoice_set_text(reader, &header[DX_HEADER_CUSTOMER_TAX_ID], registration(reader, party, true), "CompanyID");
    dx_einvoice_set_text(reader, &header[DX_HEADER_CUSTOMER_REGISTRATION], party, "PartyLegalEntity/CompanyID");
    dx_einvoice_set_text(reader, &header[DX_HEADER_CUSTOMER_CONTACT], party, "Contact/Name");
    dx_einvoice_set_text(reader, &header[DX_HEADER_CUSTOMER_EMAIL], party, "Contact/ElectronicMail");
    dx_einvoice_set_text(reader, &header[DX_HEADER_CUSTOMER_PHONE], party, "Contact/Telephone");
    dx_einvoice_set_endpoint(reader, &header[DX_HEADER_CUSTOMER_ENDPOINT], dx_xml_find(party, "EndpointID"));
}

static void read_references(dx_einvoice_reader *reader, const xmlNode *root)
{
    dx_field *header = reader->invoice->header;
    const xmlNode *corrected = dx_xml_find(root, "BillingReference/InvoiceDocumentReference");
    dx_einvoice_set_text(reader, &header[DX_HEADER_BUYER_REFERENCE], root, "BuyerReference");
    dx_einvoice_set_text(reader, &header[DX_HEADER_PO_NUMBER], root, "OrderReference/ID");
    dx_einvoice_set_text(reader, &header[DX_HEADER_CONTRACT_NUMBER], root, "ContractDocumentReference/ID");
    dx_einvoice_set_text(reader, &header[DX_HEADER_PROJECT_NUMBER], root, "ProjectReference/ID");
    dx_einvoice_set_text(reader, &header[DX_HEADER_DELIVERY_NOTE], root, "DespatchDocumentReference/ID");
    dx_einvoice_set_text(reader, &header[DX_HEADER_CORRECTS_NUMBER], corrected, "ID");
    dx_einvoice_set_date(reader, &header[DX_HEADER_CORRECTS_DATE], corrected, "IssueDate");
    dx_einvoice_set_date(reader, &header[DX_HEADER_PERIOD_START], root, "InvoicePeriod/StartDate");
    dx_einvoice_set_date(reader, &header[DX_HEADER_PERIOD_END], root, "InvoicePeriod/EndDate");
}

static void read_delivery(dx_einvoice_reader *reader, const xmlNode *delivery)
{
    dx_field *header = reader->invoice->header;
    const xmlNode *address = dx_xml_find(delivery, "DeliveryLocation/Address");
    dx_field street2 = {0};
    dx_einvoice_set_date(reader, &header[DX_HEADER_SHIP_DATE], delivery, "ActualDeliveryDate");
    dx_einvoice_set_text(reader, &header[DX_HEADER_SHIP_TO_NAME], delivery, "DeliveryParty/PartyName/Name");
    dx_einvoice_set_text(reader, &header[DX_HEADER_SHIP_TO_STREET], address, "StreetName");
    dx_einvoice_set_text(reader, &street2, address, "AdditionalStreetName");
    dx_einvoice_set_text(reader, &header[DX_HEADER_SHIP_TO_POSTAL_CODE], address, "PostalZone");
    dx_einvoice_set_text(reader, &header[DX_HEADER_SHIP_TO_CITY], address, "CityName");
    dx_einvoice_set_text(reader, &header[DX_HEADER_SHIP_TO_COUNTRY], address, "Country/IdentificationCode");
    dx_einvoice_set_address(reader, &header[DX_HEADER_SHIP_TO_ADDRESS], address, &header[DX_HEADER_SHIP_TO_STREET],
                            &street2, NULL, &header[DX_HEADER_SHIP_TO_POSTAL_CODE], &header[DX_HEADER_SHIP_TO_CITY]);
}

static void read_payment(dx_einvoice_reader *reader, const xmlNode *root)
{
    dx_field *header = reader->invoice->header;
    for (const xmlNode *at = NULL; (at = dx_xml_next(root, "PaymentMeans", at));) {
        dx_einvoice_set_text(reader, &header[DX_HEADER_PAYMENT_MEANS], at, "PaymentMeansCode");
        dx_einvoice_set_text(reader, &header[DX_HEADER_PAYMENT_REFERENCE], at, "PaymentID");
        dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_IBAN], at, "PayeeFinancialAccount/ID");
        dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_BIC], at,
                             "PayeeFinancialAccount/FinancialInstitutionBranch/ID");
        dx_einvoice_set_date(reader, &header[DX_HEADER_DUE_DATE], at, "PaymentDueDate");
    }
    dx_einvoice_set_text(reader, &header[DX_HEADER_PAYMENT_TERMS], root, "PaymentTerms/Note");
}

static void read_tax_row(dx_einvoice_reader *reader, const xmlNode *node)
{
    dx_tax *tax = dx_invoice_add_tax(reader->ctx, reader->invoice);
    if (!tax) {
        reader->status = DOXIN_E_NOMEM;
        return;
    }
    dx_einvoice_set_text(reader, &tax->cell[DX_TAX_CATEGORY], node, "TaxCategory/ID");
    dx_einvoice_set_number(reader, &tax->cell[DX_TAX_RATE], node, "TaxCategory/Percent");
    dx_einvoice_set_amount(reader, &tax->cell[DX_TAX_BASE], node, "TaxableAmount");
    dx_einvoice_set_amount(reader, &tax->cell[DX_TAX_AMOUNT], node, "TaxAmount");
    dx_einvoice_set_text(reader, &tax->cell[DX_TAX_REASON], node, "TaxCategory/TaxExemptionReason");
    dx_einvoice_set_text(reader, &tax->cell[DX_TAX_REASON_CODE], node, "TaxCategory/TaxExemptionReasonCode");
}

/* BT-110 stands in the document's currency; a second TaxTotal (BT-111) in that of the tax office has no rows. */
static void read_taxes(dx_einvoice_reader *reader, const xmlNode *root)
{
    const dx_field *currency = &reader->invoice->header[DX_HEADER_CURRENCY];
    for (const xmlNode *at = NULL; (at = dx_xml_next(root, "TaxTotal", at)) && reader->status == DOXIN_OK;) {
        const char *own = dx_xml_attribute(reader->ctx, dx_xml_find(at, "TaxAmount"), "currencyID");
        if (own && currency->present && strcmp(own, currency->text) != 0)
            continue;
        dx_einvoice_set_amount(reader, &reader->invoice->header[DX_HEADER_TAX_AMOUNT], at, "TaxAmount");
        for (const xmlNode *row = NULL; (row = dx_xml_next(at, "TaxSubtotal", row)) && reader->status == DOXIN_OK;)
            read_tax_row(reader, row);
    }
    dx_einvoice_set_single_rate(reader);
}

static void read_adjustments(dx_einvoice_reader *reader, const xmlNode *root)
{
    for (const xmlNode *at = NULL; (at = dx_xml_next(root, "AllowanceCharge", at));) {
        dx_adjustment *made = dx_add_adjustment(reader, at, "ChargeIndicator", "Amount", "AllowanceChargeReason",
                                                "AllowanceChargeReasonCode");
        if (!made)
            return;
        dx_einvoice_set_number(reader, &made->rate, at, "MultiplierFactorNumeric");
        dx_einvoice_set_number(reader, &made->tax_rate, at, "TaxCategory/Percent");
        dx_einvoice_set_text(reader, &made->tax_category, at, "TaxCategory/ID");
    }
    dx_sum_adjustments(reader, dx_xml_find(root, "LegalMonetaryTotal"), "AllowanceTotalAmount", "ChargeTotalAmount");
}

static void read_sums(dx_einvoice_reader *reader, const xmlNode *sums)
{
    dx_field *header = reader->invoice->header;
    dx_einvoice_set_amount(reader, &header[DX_HEADER_LINES_TOTAL], sums, "LineExtensionAmount");
    dx_einvoice_set_amount(reader, &header[DX_HEADER_SUBTOTAL], sums, "TaxExclusiveAmount");
    dx_einvoice_set_amount(reader, &header[DX_HEADER_TOTAL], sums, "TaxInclusiveAmount");
    dx_einvoice_set_amount(reader, &header[DX_HEADER_ROUNDING], sums, "PayableRoundingAmount");
    dx_einvoice_set_amount(reader, &header[DX_HEADER_PREPAID], sums, "PrepaidAmount");
    dx_einvoice_set_amount(reader, &header[DX_HEADER_AMOUNT_DUE], sums, "PayableAmount");
}

void dx_read_ubl(dx_einvoice_reader *reader, const xmlNode *root)
{
    dx_invoice *invoice = reader->invoice;
    dx_field *header = invoice->header;
    const char *code = dx_xml_text_at(reader->ctx, root, "InvoiceTypeCode|CreditNoteTypeCode");
    invoice->syntax = "ubl";
    invoice->profile = dx_xml_text_at(reader->ctx, root, "CustomizationID");
    invoice->kind = strcmp((const char *)root->name, "CreditNote") == 0 ? DX_KIND_CREDIT_NOTE : dx_kind_of_code(code);
    dx_einvoice_set_text(reader, &header[DX_HEADER_NUMBER], root, "ID");
    dx_einvoice_set_date(reader, &header[DX_HEADER_DATE], root, "IssueDate");
    dx_einvoice_set_date(reader, &header[DX_HEADER_DUE_DATE], root, "DueDate");
    dx_einvoice_set_text(reader, &header[DX_HEADER_CURRENCY], root, "DocumentCurrencyCode");
    dx_take_currency(reader);
    dx_einvoice_set_text(reader, &header[DX_HEADER_NOTE], root, "Note");
    read_references(reader, root);
    read_seller(reader, dx_xml_find(root, "AccountingSupplierParty/Party"));
    read_buyer(reader, dx_xml_find(root, "AccountingCustomerParty/Party"));
    read_delivery(reader, dx_xml_find(root, "Delivery"));
    read_payment(reader, root);
    read_taxes(reader, root);
    read_adjustments(reader, root);
    read_sums(reader, dx_xml_find(root, "LegalMonetaryTotal"));
    dx_read_ubl_lines(reader, root);
}
