/* An invoice as UBL 2.1 by EN 16931-3-2. Elements stand in the order of the schema. */
#include "core/einvoice/ubl_write.h"

#include "base/value/country.h"
#include "base/value/money.h"
#include "core/einvoice/einvoice.h"

#include <string.h>

/* ---- elements ------------------------------------------------------------------------------------------------------------ */

static void escaped(dx_buffer *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        switch (*p) {
        case '&':
            dx_buffer_text(out, "&amp;");
            break;
        case '<':
            dx_buffer_text(out, "&lt;");
            break;
        case '>':
            dx_buffer_text(out, "&gt;");
            break;
        case '"':
            dx_buffer_text(out, "&quot;");
            break;
        default:
            /* Control characters are not allowed in XML 1.0. */
            if ((unsigned char)*p >= 0x20 || *p == '\t' || *p == '\n')
                dx_buffer_char(out, *p);
        }
    }
}

void dx_ubl_open(dx_ubl_writer *writer, const char *name)
{
    dx_buffer_printf(writer->out, "<%s>", name);
}

void dx_ubl_close(dx_ubl_writer *writer, const char *name)
{
    dx_buffer_printf(writer->out, "</%s>\n", name);
}

void dx_ubl_text(dx_ubl_writer *writer, const char *name, const char *attribute, const char *text)
{
    if (!text || !*text)
        return;
    dx_buffer_printf(writer->out, "<%s%s%s>", name, attribute ? " " : "", attribute ? attribute : "");
    escaped(writer->out, text);
    dx_ubl_close(writer, name);
}

void dx_ubl_field(dx_ubl_writer *writer, const char *name, const dx_field *field)
{
    if (field->present)
        dx_ubl_text(writer, name, NULL, field->text);
}

void dx_ubl_decimal(dx_ubl_writer *writer, const char *name, const char *attribute, dx_decimal number)
{
    char text[DX_DECIMAL_TEXT];
    dx_ubl_text(writer, name, attribute, dx_decimal_text_min(number, 0, text));
}

void dx_ubl_amount(dx_ubl_writer *writer, const char *name, dx_decimal amount)
{
    char text[DX_DECIMAL_TEXT];
    dx_decimal rounded = amount;
    dx_decimal_round(amount, writer->digits, &rounded);
    dx_buffer_printf(writer->out, "<%s currencyID=\"%s\">%s", name, writer->currency, dx_decimal_text(rounded, text));
    dx_ubl_close(writer, name);
}

const char *dx_ubl_category_of(const dx_field *category, const dx_field *rate)
{
    if (category->present)
        return category->text;
    return rate->present && dx_decimal_sign(rate->number) > 0 ? "S" : "Z";
}

void dx_ubl_category(dx_ubl_writer *writer, const char *element, const char *category, const dx_field *rate,
                     const dx_field *reason)
{
    dx_ubl_open(writer, element);
    dx_ubl_text(writer, "cbc:ID", NULL, category);
    /* Outside the scope of VAT there is no rate. */
    if (strcmp(category, "O") != 0)
        dx_ubl_decimal(writer, "cbc:Percent", NULL, rate->present ? rate->number : (dx_decimal){0, 0});
    if (reason && reason->present)
        dx_ubl_text(writer, "cbc:TaxExemptionReason", NULL, reason->text);
    dx_buffer_text(writer->out, "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>");
    dx_ubl_close(writer, element);
}

/* ---- parties --------------------------------------------------------------------------------------------------------------- */

typedef struct party_fields {
    dx_header_id name, street, street2, postal_code, city, state, country, tax_id, registration, contact, email, phone,
        endpoint;
} party_fields;

static const party_fields vendor = {
    DX_HEADER_VENDOR_NAME,         DX_HEADER_VENDOR_STREET,  DX_HEADER_VENDOR_STREET2, DX_HEADER_VENDOR_POSTAL_CODE,
    DX_HEADER_VENDOR_CITY,         DX_HEADER_VENDOR_STATE,   DX_HEADER_VENDOR_COUNTRY, DX_HEADER_VENDOR_TAX_ID,
    DX_HEADER_VENDOR_REGISTRATION, DX_HEADER_VENDOR_CONTACT, DX_HEADER_VENDOR_EMAIL,   DX_HEADER_VENDOR_PHONE,
    DX_HEADER_VENDOR_ENDPOINT};

static const party_fields customer = {
    DX_HEADER_CUSTOMER_NAME,        DX_HEADER_CUSTOMER_STREET, DX_HEADER_CUSTOMER_STREET2,
    DX_HEADER_CUSTOMER_POSTAL_CODE, DX_HEADER_CUSTOMER_CITY,   DX_HEADER_CUSTOMER_STATE,
    DX_HEADER_CUSTOMER_COUNTRY,     DX_HEADER_CUSTOMER_TAX_ID, DX_HEADER_CUSTOMER_REGISTRATION,
    DX_HEADER_CUSTOMER_CONTACT,     DX_HEADER_CUSTOMER_EMAIL,  DX_HEADER_CUSTOMER_PHONE,
    DX_HEADER_CUSTOMER_ENDPOINT};

static const dx_field *header(const dx_ubl_writer *writer, dx_header_id id)
{
    return &writer->invoice->header[id];
}

static const char *country_of(const dx_ubl_writer *writer, dx_header_id id)
{
    const dx_field *field = header(writer, id);
    return field->present ? dx_country_code(field->text, strlen(field->text)) : NULL;
}

/* "scheme:identifier", as it was read. */
static void write_endpoint(dx_ubl_writer *writer, const dx_field *field)
{
    char attribute[48];
    const char *colon = field->present ? strchr(field->text, ':') : NULL;
    if (!colon || colon - field->text > 8)
        return;
    size_t used = 0;
    for (const char *p = field->text; p < colon; p++)
        if ((*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z'))
            attribute[used++ + 10] = *p;
    memcpy(attribute, "schemeID=\"", 10);
    attribute[used + 10] = '"';
    attribute[used + 11] = '\0';
    if (used > 0)
        dx_ubl_text(writer, "cbc:EndpointID", attribute, colon + 1);
}

static void write_tax_id(dx_ubl_writer *writer, const dx_field *tax_id, bool seller)
{
    if (!tax_id->present)
        return;
    bool vat = tax_id->text[0] >= 'A' && tax_id->text[0] <= 'Z' && tax_id->text[1] >= 'A' && tax_id->text[1] <= 'Z';
    if (!vat && !seller)
        return;
    dx_ubl_open(writer, "cac:PartyTaxScheme");
    dx_ubl_text(writer, "cbc:CompanyID", NULL, tax_id->text);
    dx_buffer_printf(writer->out, "<cac:TaxScheme><cbc:ID>%s</cbc:ID></cac:TaxScheme>", vat ? "VAT" : "FC");
    dx_ubl_close(writer, "cac:PartyTaxScheme");
}

static void write_address(dx_ubl_writer *writer, const party_fields *ids)
{
    dx_ubl_open(writer, "cac:PostalAddress");
    dx_ubl_field(writer, "cbc:StreetName", header(writer, ids->street));
    dx_ubl_field(writer, "cbc:AdditionalStreetName", header(writer, ids->street2));
    dx_ubl_field(writer, "cbc:CityName", header(writer, ids->city));
    dx_ubl_field(writer, "cbc:PostalZone", header(writer, ids->postal_code));
    dx_ubl_field(writer, "cbc:CountrySubentity", header(writer, ids->state));
    dx_buffer_printf(writer->out, "<cac:Country><cbc:IdentificationCode>%s</cbc:IdentificationCode></cac:Country>",
                     country_of(writer, ids->country));
    dx_ubl_close(writer, "cac:PostalAddress");
}

static void write_party(dx_ubl_writer *writer, const char *role, const party_fields *ids, bool seller)
{
    const dx_field *contact = header(writer, ids->contact);
    const dx_field *email = header(writer, ids->email);
    const dx_field *phone = header(writer, ids->phone);
    dx_ubl_open(writer, role);
    dx_ubl_open(writer, "cac:Party");
    write_endpoint(writer, header(writer, ids->endpoint));
    if (!seller && header(writer, DX_HEADER_ACCOUNT_NUMBER)->present) {
        dx_ubl_open(writer, "cac:PartyIdentification");
        dx_ubl_field(writer, "cbc:ID", header(writer, DX_HEADER_ACCOUNT_NUMBER));
        dx_ubl_close(writer, "cac:PartyIdentification");
    }
    write_address(writer, ids);
    write_tax_id(writer, header(writer, ids->tax_id), seller);
    dx_ubl_open(writer, "cac:PartyLegalEntity");
    dx_ubl_field(writer, "cbc:RegistrationName", header(writer, ids->name));
    dx_ubl_field(writer, "cbc:CompanyID", header(writer, ids->registration));
    dx_ubl_close(writer, "cac:PartyLegalEntity");
    if (contact->present || email->present || phone->present) {
        dx_ubl_open(writer, "cac:Contact");
        dx_ubl_field(writer, "cbc:Name", contact);
        dx_ubl_field(writer, "cbc:Telephone", phone);
        dx_ubl_field(writer, "cbc:ElectronicMail", email);
        dx_ubl_close(writer, "cac:Contact");
    }
    dx_ubl_close(writer, "cac:Party");
    dx_ubl_close(writer, role);
}

/* ---- the document ------------------------------------------------------------------------------------------------------------ */

static void write_reference(dx_ubl_writer *writer, const char *element, dx_header_id id)
{
    if (!header(writer, id)->present)
        return;
    dx_ubl_open(writer, element);
    dx_ubl_field(writer, "cbc:ID", header(writer, id));
    dx_ubl_close(writer, element);
}

static void write_begin(dx_ubl_writer *writer)
{
    const dx_invoice *invoice = writer->invoice;
    const char *root = writer->credit_note ? "CreditNote" : "Invoice";
    dx_buffer_printf(writer->out,
                     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<%s xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:%s-2\"\n"
                     " xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\"\n"
                     " xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\">\n",
                     root, root);
    dx_ubl_text(writer, "cbc:CustomizationID", NULL, "urn:cen.eu:en16931:2017");
    dx_ubl_field(writer, "cbc:ID", header(writer, DX_HEADER_NUMBER));
    dx_ubl_field(writer, "cbc:IssueDate", header(writer, DX_HEADER_DATE));
    if (!writer->credit_note)
        dx_ubl_field(writer, "cbc:DueDate", header(writer, DX_HEADER_DUE_DATE));
    dx_ubl_text(writer, writer->credit_note ? "cbc:CreditNoteTypeCode" : "cbc:InvoiceTypeCode", NULL,
                writer->credit_note                  ? "381"
                : invoice->kind == DX_KIND_CORRECTED ? "384"
                                                     : "380");
    dx_ubl_field(writer, "cbc:Note", header(writer, DX_HEADER_NOTE));
    dx_ubl_text(writer, "cbc:DocumentCurrencyCode", NULL, writer->currency);
    dx_ubl_field(writer, "cbc:BuyerReference", header(writer, DX_HEADER_BUYER_REFERENCE));
}

static void write_references(dx_ubl_writer *writer)
{
    const dx_field *start = header(writer, DX_HEADER_PERIOD_START);
    const dx_field *end = header(writer, DX_HEADER_PERIOD_END);
    if (start->present || end->present) {
        dx_ubl_open(writer, "cac:InvoicePeriod");
        dx_ubl_field(writer, "cbc:StartDate", start);
        dx_ubl_field(writer, "cbc:EndDate", end);
        dx_ubl_close(writer, "cac:InvoicePeriod");
    }
    write_reference(writer, "cac:OrderReference", DX_HEADER_PO_NUMBER);
    if (header(writer, DX_HEADER_CORRECTS_NUMBER)->present) {
        dx_ubl_open(writer, "cac:BillingReference");
        dx_ubl_open(writer, "cac:InvoiceDocumentReference");
        dx_ubl_field(writer, "cbc:ID", header(writer, DX_HEADER_CORRECTS_NUMBER));
        dx_ubl_field(writer, "cbc:IssueDate", header(writer, DX_HEADER_CORRECTS_DATE));
        dx_ubl_close(writer, "cac:InvoiceDocumentReference");
        dx_ubl_close(writer, "cac:BillingReference");
    }
    write_reference(writer, "cac:DespatchDocumentReference", DX_HEADER_DELIVERY_NOTE);
    write_reference(writer, "cac:ContractDocumentReference", DX_HEADER_CONTRACT_NUMBER);
    if (!writer->credit_note)
        write_reference(writer, "cac:ProjectReference", DX_HEADER_PROJECT_NUMBER);
}

static void write_payment(dx_ubl_writer *writer)
{
    const dx_field *means = header(writer, DX_HEADER_PAYMENT_MEANS);
    const dx_field *iban = header(writer, DX_HEADER_VENDOR_IBAN);
    const dx_field *ship = header(writer, DX_HEADER_SHIP_DATE);
    if (ship->present) {
        dx_ubl_open(writer, "cac:Delivery");
        dx_ubl_field(writer, "cbc:ActualDeliveryDate", ship);
        dx_ubl_close(writer, "cac:Delivery");
    }
    if (means->present || iban->present) {
        dx_ubl_open(writer, "cac:PaymentMeans");
        dx_ubl_text(writer, "cbc:PaymentMeansCode", NULL, means->present ? means->text : "30");
        if (writer->credit_note)
            dx_ubl_field(writer, "cbc:PaymentDueDate", header(writer, DX_HEADER_DUE_DATE));
        dx_ubl_field(writer, "cbc:PaymentID", header(writer, DX_HEADER_PAYMENT_REFERENCE));
        if (iban->present) {
            dx_ubl_open(writer, "cac:PayeeFinancialAccount");
            dx_ubl_field(writer, "cbc:ID", iban);
            if (header(writer, DX_HEADER_VENDOR_BIC)->present) {
                dx_ubl_open(writer, "cac:FinancialInstitutionBranch");
                dx_ubl_field(writer, "cbc:ID", header(writer, DX_HEADER_VENDOR_BIC));
                dx_ubl_close(writer, "cac:FinancialInstitutionBranch");
            }
            dx_ubl_close(writer, "cac:PayeeFinancialAccount");
        }
        dx_ubl_close(writer, "cac:PaymentMeans");
    }
    if (header(writer, DX_HEADER_PAYMENT_TERMS)->present) {
        dx_ubl_open(writer, "cac:PaymentTerms");
        dx_ubl_field(writer, "cbc:Note", header(writer, DX_HEADER_PAYMENT_TERMS));
        dx_ubl_close(writer, "cac:PaymentTerms");
    }
}

static void write_adjustments(dx_ubl_writer *writer)
{
    static const dx_field none = {0};
    for (size_t i = 0; i < writer->invoice->adjustment_count; i++) {
        const dx_adjustment *at = &writer->invoice->adjustments[i];
        if (!at->amount.present)
            continue;
        const dx_field *rate = at->tax_rate.present ? &at->tax_rate : header(writer, DX_HEADER_TAX_RATE);
        dx_ubl_open(writer, "cac:AllowanceCharge");
        dx_ubl_text(writer, "cbc:ChargeIndicator", NULL, at->charge ? "true" : "false");
        dx_ubl_text(writer, "cbc:AllowanceChargeReason", NULL,
                    at->reason.present ? at->reason.text
                    : at->charge       ? "Charge"
                                       : "Discount");
        dx_ubl_amount(writer, "cbc:Amount", at->amount.number);
        dx_ubl_category(writer, "cac:TaxCategory", dx_ubl_category_of(&none, rate), rate, NULL);
        dx_ubl_close(writer, "cac:AllowanceCharge");
    }
}

static void write_taxes(dx_ubl_writer *writer)
{
    dx_ubl_open(writer, "cac:TaxTotal");
    dx_ubl_amount(writer, "cbc:TaxAmount", header(writer, DX_HEADER_TAX_AMOUNT)->number);
    for (size_t i = 0; i < writer->invoice->tax_count; i++) {
        const dx_field *cell = writer->invoice->taxes[i].cell;
        const char *category = dx_ubl_category_of(&cell[DX_TAX_CATEGORY], &cell[DX_TAX_RATE]);
        dx_ubl_open(writer, "cac:TaxSubtotal");
        dx_ubl_amount(writer, "cbc:TaxableAmount", cell[DX_TAX_BASE].number);
        dx_ubl_amount(writer, "cbc:TaxAmount", cell[DX_TAX_AMOUNT].number);
        dx_ubl_category(writer, "cac:TaxCategory", category, &cell[DX_TAX_RATE], &cell[DX_TAX_REASON]);
        dx_ubl_close(writer, "cac:TaxSubtotal");
    }
    dx_ubl_close(writer, "cac:TaxTotal");
}

/* BT-107 and BT-108 are the sums of the document's allowances and charges; freight is a charge. */
static void write_sums(dx_ubl_writer *writer)
{
    dx_decimal sums[2] = {{0, 0}, {0, 0}};
    bool any[2] = {false, false};
    for (size_t i = 0; i < writer->invoice->adjustment_count; i++) {
        const dx_adjustment *at = &writer->invoice->adjustments[i];
        if (at->amount.present && dx_decimal_add(sums[at->charge], at->amount.number, &sums[at->charge]))
            any[at->charge] = true;
    }
    dx_ubl_open(writer, "cac:LegalMonetaryTotal");
    dx_ubl_amount(writer, "cbc:LineExtensionAmount", header(writer, DX_HEADER_LINES_TOTAL)->number);
    dx_ubl_amount(writer, "cbc:TaxExclusiveAmount", header(writer, DX_HEADER_SUBTOTAL)->number);
    dx_ubl_amount(writer, "cbc:TaxInclusiveAmount", header(writer, DX_HEADER_TOTAL)->number);
    if (any[0])
        dx_ubl_amount(writer, "cbc:AllowanceTotalAmount", sums[0]);
    if (any[1])
        dx_ubl_amount(writer, "cbc:ChargeTotalAmount", sums[1]);
    if (header(writer, DX_HEADER_PREPAID)->present)
        dx_ubl_amount(writer, "cbc:PrepaidAmount", header(writer, DX_HEADER_PREPAID)->number);
    if (header(writer, DX_HEADER_ROUNDING)->present)
        dx_ubl_amount(writer, "cbc:PayableRoundingAmount", header(writer, DX_HEADER_ROUNDING)->number);
    dx_ubl_amount(writer, "cbc:PayableAmount", header(writer, DX_HEADER_AMOUNT_DUE)->number);
    dx_ubl_close(writer, "cac:LegalMonetaryTotal");
}

/* ---- what must be there ---------------------------------------------------------------------------------------------------------- */

typedef struct demand {
    dx_header_id id;
    const char *term;
} demand;

static const demand demands[] = {
    {DX_HEADER_NUMBER, "BT-1 invoice number"},
    {DX_HEADER_DATE, "BT-2 issue date"},
    {DX_HEADER_CURRENCY, "BT-5 currency"},
    {DX_HEADER_VENDOR_NAME, "BT-27 seller name"},
    {DX_HEADER_VENDOR_COUNTRY, "BT-40 seller country"},
    {DX_HEADER_CUSTOMER_NAME, "BT-44 buyer name"},
    {DX_HEADER_CUSTOMER_COUNTRY, "BT-55 buyer country"},
    {DX_HEADER_LINES_TOTAL, "BT-106 sum of the lines"},
    {DX_HEADER_SUBTOTAL, "BT-109 total without VAT"},
    {DX_HEADER_TAX_AMOUNT, "BT-110 total VAT"},
    {DX_HEADER_TOTAL, "BT-112 total with VAT"},
    {DX_HEADER_AMOUNT_DUE, "BT-115 amount due"},
};

static void missing(dx_ctx *ctx, bool *any, const char *path, const char *term)
{
    char pointer[128];
    if (!*any)
        dx_fail(ctx, DOXIN_E_FIELD, "the invoice lacks what EN 16931 demands: %s", term);
    *any = true;
    size_t used = 0;
    pointer[used++] = '/';
    for (const char *p = path; *p && used + 1 < sizeof pointer; p++)
        pointer[used++] = *p == '.' || *p == '[' ? '/' : *p;
    while (used > 0 && pointer[used - 1] == ']')
        used--;
    pointer[used] = '\0';
    dx_error_field(&ctx->error, pointer, "missing", term);
}

static const struct {
    dx_cell_id id;
    const char *term;
} line_demands[] = {{DX_CELL_QUANTITY, "BT-129 quantity"},
                    {DX_CELL_TOTAL, "BT-131 line total"},
                    {DX_CELL_PRICE, "BT-146 net price"},
                    {DX_CELL_DESCRIPTION, "BT-153 item name"}};

static doxin_status check_lines(dx_ctx *ctx, const dx_invoice *invoice, bool *any)
{
    for (size_t i = 0; i < invoice->line_count; i++) {
        for (size_t k = 0; k < sizeof line_demands / sizeof line_demands[0]; k++) {
            if (invoice->lines[i].cell[line_demands[k].id].present)
                continue;
            char *path = dx_textf(ctx, "line_items/%zu/%s", i, dx_cell_name(line_demands[k].id));
            if (!path)
                return DOXIN_E_NOMEM;
            missing(ctx, any, path, line_demands[k].term);
        }
    }
    return DOXIN_OK;
}

static doxin_status check(dx_ubl_writer *writer)
{
    dx_ctx *ctx = writer->ctx;
    bool any = false;
    for (size_t i = 0; i < sizeof demands / sizeof demands[0]; i++)
        if (!header(writer, demands[i].id)->present)
            missing(ctx, &any, dx_header_path(demands[i].id), demands[i].term);
    if (header(writer, DX_HEADER_VENDOR_COUNTRY)->present && !country_of(writer, DX_HEADER_VENDOR_COUNTRY))
        missing(ctx, &any, "vendor.country", "BT-40 seller country as ISO 3166-1 alpha-2");
    if (header(writer, DX_HEADER_CUSTOMER_COUNTRY)->present && !country_of(writer, DX_HEADER_CUSTOMER_COUNTRY))
        missing(ctx, &any, "customer.country", "BT-55 buyer country as ISO 3166-1 alpha-2");
    if (writer->digits < 0)
        missing(ctx, &any, "currency", "BT-5 currency of ISO 4217");
    if (writer->invoice->line_count == 0)
        missing(ctx, &any, "line_items", "BG-25 at least one line");
    if (writer->invoice->tax_count == 0)
        missing(ctx, &any, "taxes", "BG-23 at least one VAT breakdown");
    for (size_t i = 0; i < writer->invoice->tax_count; i++)
        if (!writer->invoice->taxes[i].cell[DX_TAX_BASE].present ||
            !writer->invoice->taxes[i].cell[DX_TAX_AMOUNT].present)
            missing(ctx, &any, "taxes", "BT-116 and BT-117 taxable amount and VAT amount of each breakdown");
    if (check_lines(ctx, writer->invoice, &any) != DOXIN_OK)
        return DOXIN_E_NOMEM;
    return any ? DOXIN_E_FIELD : DOXIN_OK;
}

doxin_status dx_einvoice_write_ubl(dx_ctx *ctx, const dx_invoice *invoice, dx_buffer *out)
{
    const dx_field *currency = &invoice->header[DX_HEADER_CURRENCY];
    dx_ubl_writer writer = {.ctx = ctx, .invoice = invoice, .out = out, .currency = currency->text};
    writer.digits = currency->present ? dx_currency_digits(currency->text) : -1;
    writer.credit_note = invoice->kind == DX_KIND_CREDIT_NOTE;
    doxin_status status = check(&writer);
    if (status != DOXIN_OK)
        return status;
    write_begin(&writer);
    write_references(&writer);
    write_party(&writer, "cac:AccountingSupplierParty", &vendor, true);
    write_party(&writer, "cac:AccountingCustomerParty", &customer, false);
    write_payment(&writer);
    write_adjustments(&writer);
    write_taxes(&writer);
    write_sums(&writer);
    dx_ubl_lines(&writer);
    dx_buffer_printf(out, "</%s>\n", writer.credit_note ? "CreditNote" : "Invoice");
    if (out->failed)
        return out->full ? dx_fail(ctx, DOXIN_E_LIMIT, "the UBL document would be larger than allowed") : dx_nomem(ctx);
    return DOXIN_OK;
}
