/* An invoice as UBL 2.1 by EN 16931-3-2. Elements stand in the order of the schema. */
#include "core/einvoice/ubl_write.h"

#include "base/value/money.h"
#include "core/einvoice/einvoice.h"

static const dx_field *header(const dx_ubl_writer *writer, dx_header_id id)
{
    return &writer->invoice->header[id];
}

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

static void write_account(dx_ubl_writer *writer)
{
    if (!header(writer, DX_HEADER_VENDOR_IBAN)->present)
        return;
    dx_ubl_open(writer, "cac:PayeeFinancialAccount");
    dx_ubl_field(writer, "cbc:ID", header(writer, DX_HEADER_VENDOR_IBAN));
    if (header(writer, DX_HEADER_VENDOR_BIC)->present) {
        dx_ubl_open(writer, "cac:FinancialInstitutionBranch");
        dx_ubl_field(writer, "cbc:ID", header(writer, DX_HEADER_VENDOR_BIC));
        dx_ubl_close(writer, "cac:FinancialInstitutionBranch");
    }
    dx_ubl_close(writer, "cac:PayeeFinancialAccount");
}

/* UNTDID 4461: 30 credit transfer, where an account is named; 1 where nothing says how it is paid. */
static const char *payment_code(const dx_ubl_writer *writer)
{
    const dx_field *means = header(writer, DX_HEADER_PAYMENT_MEANS);
    if (means->present)
        return means->text;
    return header(writer, DX_HEADER_VENDOR_IBAN)->present ? "30" : "1";
}

/* A credit note has no due date of its own: it stands with the means. */
static void write_payment(dx_ubl_writer *writer)
{
    const dx_field *reference = header(writer, DX_HEADER_PAYMENT_REFERENCE);
    const dx_field *due = header(writer, DX_HEADER_DUE_DATE);
    bool due_here = writer->credit_note && due->present;
    if (header(writer, DX_HEADER_PAYMENT_MEANS)->present || header(writer, DX_HEADER_VENDOR_IBAN)->present ||
        reference->present || due_here) {
        dx_ubl_open(writer, "cac:PaymentMeans");
        dx_ubl_text(writer, "cbc:PaymentMeansCode", NULL, payment_code(writer));
        if (due_here)
            dx_ubl_field(writer, "cbc:PaymentDueDate", due);
        dx_ubl_field(writer, "cbc:PaymentID", reference);
        write_account(writer);
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
    for (size_t i = 0; i < writer->adjustment_count; i++) {
        const dx_adjustment *at = &writer->adjustments[i];
        const dx_field *rate = dx_ubl_rate_of(writer, &at->tax_rate);
        dx_ubl_open(writer, "cac:AllowanceCharge");
        dx_ubl_text(writer, "cbc:ChargeIndicator", NULL, at->charge ? "true" : "false");
        /* FC, freight service: a logistics charge of CII is one whatever its words. */
        if (at->freight && !at->reason_code.present)
            dx_ubl_text(writer, "cbc:AllowanceChargeReasonCode", NULL, "FC");
        dx_ubl_field(writer, "cbc:AllowanceChargeReasonCode", &at->reason_code);
        dx_ubl_field(writer, "cbc:AllowanceChargeReason", &at->reason);
        if (!at->reason.present && !at->reason_code.present && !at->freight)
            dx_ubl_text(writer, "cbc:AllowanceChargeReason", NULL, at->charge ? "Charge" : "Discount");
        dx_ubl_field(writer, "cbc:MultiplierFactorNumeric", &at->rate);
        dx_ubl_amount(writer, "cbc:Amount", at->amount.number);
        dx_ubl_category(writer, "cac:TaxCategory", dx_ubl_category_of(writer, &at->tax_category, rate), rate, NULL);
        dx_ubl_close(writer, "cac:AllowanceCharge");
    }
}

static void write_taxes(dx_ubl_writer *writer)
{
    dx_ubl_open(writer, "cac:TaxTotal");
    dx_ubl_amount(writer, "cbc:TaxAmount", header(writer, DX_HEADER_TAX_AMOUNT)->number);
    for (size_t i = 0; i < writer->tax_count; i++) {
        const dx_tax *row = &writer->taxes[i];
        dx_ubl_open(writer, "cac:TaxSubtotal");
        dx_ubl_amount(writer, "cbc:TaxableAmount", row->cell[DX_TAX_BASE].number);
        dx_ubl_amount(writer, "cbc:TaxAmount", row->cell[DX_TAX_AMOUNT].number);
        dx_ubl_category(writer, "cac:TaxCategory", dx_ubl_row_category(row), &row->cell[DX_TAX_RATE], row);
        dx_ubl_close(writer, "cac:TaxSubtotal");
    }
    dx_ubl_close(writer, "cac:TaxTotal");
}

static bool has_adjustment(const dx_ubl_writer *writer, bool charge)
{
    for (size_t i = 0; i < writer->adjustment_count; i++)
        if (writer->adjustments[i].charge == charge)
            return true;
    return false;
}

static void write_sums(dx_ubl_writer *writer)
{
    dx_ubl_open(writer, "cac:LegalMonetaryTotal");
    dx_ubl_amount(writer, "cbc:LineExtensionAmount", writer->lines_total);
    dx_ubl_amount(writer, "cbc:TaxExclusiveAmount", header(writer, DX_HEADER_SUBTOTAL)->number);
    dx_ubl_amount(writer, "cbc:TaxInclusiveAmount", header(writer, DX_HEADER_TOTAL)->number);
    if (has_adjustment(writer, false) || header(writer, DX_HEADER_DISCOUNT_TOTAL)->present)
        dx_ubl_amount(writer, "cbc:AllowanceTotalAmount", writer->sums[0]);
    if (has_adjustment(writer, true))
        dx_ubl_amount(writer, "cbc:ChargeTotalAmount", writer->sums[1]);
    if (header(writer, DX_HEADER_PREPAID)->present)
        dx_ubl_amount(writer, "cbc:PrepaidAmount", header(writer, DX_HEADER_PREPAID)->number);
    if (header(writer, DX_HEADER_ROUNDING)->present)
        dx_ubl_amount(writer, "cbc:PayableRoundingAmount", header(writer, DX_HEADER_ROUNDING)->number);
    dx_ubl_amount(writer, "cbc:PayableAmount", writer->amount_due);
    dx_ubl_close(writer, "cac:LegalMonetaryTotal");
}

doxin_status dx_einvoice_write_ubl(dx_ctx *ctx, const dx_invoice *invoice, dx_buffer *out)
{
    const dx_field *currency = &invoice->header[DX_HEADER_CURRENCY];
    dx_ubl_writer writer = {.ctx = ctx, .invoice = invoice, .out = out, .currency = currency->text};
    writer.digits = currency->present ? dx_currency_digits(currency->text) : -1;
    writer.credit_note = invoice->kind == DX_KIND_CREDIT_NOTE;
    doxin_status status = dx_ubl_prepare(&writer);
    if (status == DOXIN_OK)
        status = dx_ubl_check(&writer);
    if (status != DOXIN_OK)
        return status;
    write_begin(&writer);
    write_references(&writer);
    dx_ubl_parties(&writer);
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
