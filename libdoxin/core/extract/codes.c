/* What a payment's code says of the invoice beside it. */
#include "core/extract/codes.h"

#include "base/text/utf8.h"
#include "core/extract/printed.h"
#include "core/paycode/paycode.h"

#include <string.h>

enum { SUPPORTED = 985, FROM_CODE = 930 };

typedef struct code_use {
    dx_ctx *ctx;
    dx_reading *reading;
    dx_page_values *printed;
    const dx_code *code;
    const dx_page *page;
    dx_invoice *invoice;
} code_use;

static int32_t share(int32_t part, int32_t whole)
{
    int64_t scaled = whole > 0 && part > 0 ? (int64_t)part * 100000 / whole : 0;
    return scaled > 100000 ? 100000 : (int32_t)scaled;
}

/* The code's own place; a picture of a code is read exactly or not at all. */
static void put_evidence(const code_use *use, dx_field *field)
{
    const dx_box *box = &use->code->box;
    bool scan = (use->page->flags & DX_WIRE_PAGE_OCR) != 0;
    field->evidence = (dx_evidence){.origin = scan ? DX_ORIGIN_OCR : DX_ORIGIN_TEXT,
                                    .page = use->page->number,
                                    .box = {share(box->x0, use->page->width), share(box->y0, use->page->height),
                                            share(box->x1, use->page->width), share(box->y1, use->page->height)},
                                    .text = field->text,
                                    .confidence = FROM_CODE};
    field->note = "from the payment code on the page";
}

static void support(dx_field *field)
{
    if (field->evidence.confidence < SUPPORTED)
        field->evidence.confidence = SUPPORTED;
}

static doxin_status same_text(dx_ctx *ctx, const char *a, const char *b, bool *same)
{
    char *x = dx_fold_alnum(ctx, a, strlen(a)), *y = dx_fold_alnum(ctx, b, strlen(b));
    if (!x || !y)
        return DOXIN_E_NOMEM;
    *same = strstr(x, y) || strstr(y, x);
    return DOXIN_OK;
}

static doxin_status same_value(dx_ctx *ctx, dx_value_kind kind, const dx_field *a, const dx_field *b, bool *same)
{
    if (kind == DX_VALUE_TEXT)
        return same_text(ctx, a->text, b->text, same);
    *same = kind == DX_VALUE_DATE ? dx_date_compare(a->date, b->date) == 0 : dx_decimal_equal(a->number, b->number);
    return DOXIN_OK;
}

static doxin_status warn(const code_use *use, dx_header_id id, const dx_field *value)
{
    return dx_invoice_warn(use->ctx, use->invoice, "code_page_difference", dx_header_path(id),
                           "the payment code says %s, the page says %s", value->text, use->invoice->header[id].text);
}

static doxin_status use_value(const code_use *use, dx_header_id id, const dx_field *value)
{
    dx_field *field = &use->invoice->header[id];
    dx_value_kind kind = dx_header_kind(id);
    bool same = false;
    if (!field->present) {
        *field = *value;
        put_evidence(use, field);
        return DOXIN_OK;
    }
    doxin_status status = same_value(use->ctx, kind, field, value, &same);
    if (status != DOXIN_OK)
        return status;
    if (same) {
        support(field);
        return DOXIN_OK;
    }
    /* Another account or another name may be printed as well: the page then says both. */
    status = dx_page_values_stand(use->printed, kind, value, &same);
    return status == DOXIN_OK && !same ? warn(use, id, value) : status;
}

static doxin_status use_text(const code_use *use, dx_header_id id, const char *text)
{
    dx_field value = {0};
    if (!text[0])
        return DOXIN_OK;
    doxin_status status = dx_field_text(use->ctx, &value, text);
    return status == DOXIN_OK ? use_value(use, id, &value) : status;
}

/* What the code asks for is what is due; where nothing was paid before, that is the total. */
static doxin_status use_amount(const code_use *use, const dx_paycode *code)
{
    dx_field *total = &use->invoice->header[DX_HEADER_TOTAL], *due = &use->invoice->header[DX_HEADER_AMOUNT_DUE];
    dx_field value = {0};
    if (!code->has_amount)
        return DOXIN_OK;
    doxin_status status = dx_field_number(use->ctx, &value, code->amount, 2);
    if (status != DOXIN_OK)
        return status;
    bool is_total = total->present && dx_decimal_equal(total->number, value.number);
    bool is_due = due->present && dx_decimal_equal(due->number, value.number);
    if (is_total)
        support(total);
    if (is_due)
        support(due);
    if (is_total || is_due)
        return DOXIN_OK;
    if (due->present)
        return warn(use, DX_HEADER_AMOUNT_DUE, &value);
    if (total->present && !use->invoice->header[DX_HEADER_PREPAID].present)
        return warn(use, DX_HEADER_TOTAL, &value);
    *due = value;
    put_evidence(use, due);
    return DOXIN_OK;
}

/* The invoice's number in the text for the creditor is one more place that has it. */
static void support_number(const code_use *use, const dx_paycode *code)
{
    dx_field *number = &use->invoice->header[DX_HEADER_NUMBER];
    if (number->present && strlen(number->text) >= 4 &&
        (strstr(code->message, number->text) || strstr(code->reference, number->text)))
        support(number);
}

static doxin_status use_creditor(const code_use *use, const dx_paycode *code)
{
    doxin_status status = use_text(use, DX_HEADER_VENDOR_IBAN, code->iban);
    if (status == DOXIN_OK)
        status = use_text(use, DX_HEADER_VENDOR_BIC, code->bic);
    bool named = use->invoice->header[DX_HEADER_VENDOR_NAME].present;
    if (status == DOXIN_OK)
        status = use_text(use, DX_HEADER_VENDOR_NAME, code->name);
    if (status != DOXIN_OK || named)
        return status;
    status = use_text(use, DX_HEADER_VENDOR_STREET, code->street);
    if (status == DOXIN_OK)
        status = use_text(use, DX_HEADER_VENDOR_POSTAL_CODE, code->postal_code);
    if (status == DOXIN_OK)
        status = use_text(use, DX_HEADER_VENDOR_CITY, code->city);
    return status == DOXIN_OK ? use_text(use, DX_HEADER_VENDOR_COUNTRY, code->country) : status;
}

static doxin_status use_code(const code_use *use, const dx_paycode *code)
{
    doxin_status status = use_amount(use, code);
    if (status == DOXIN_OK)
        status = use_text(use, DX_HEADER_CURRENCY, code->currency);
    if (status == DOXIN_OK)
        status = use_creditor(use, code);
    if (status == DOXIN_OK)
        status = use_text(use, DX_HEADER_PAYMENT_REFERENCE, code->reference);
    if (status == DOXIN_OK)
        status = use_text(use, DX_HEADER_NUMBER, code->invoice_number);
    if (status == DOXIN_OK)
        status = use_text(use, DX_HEADER_VENDOR_TAX_ID, code->vat_id);
    dx_field date = {0};
    if (status == DOXIN_OK && code->has_invoice_date)
        status = dx_field_date(use->ctx, &date, code->invoice_date);
    if (status == DOXIN_OK && code->has_invoice_date)
        status = use_value(use, DX_HEADER_DATE, &date);
    support_number(use, code);
    return status;
}

static bool repeats_sum(const dx_invoice *invoice, const dx_paycode *code)
{
    static const dx_header_id sums[] = {DX_HEADER_AMOUNT_DUE, DX_HEADER_TOTAL};
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        if (code->has_amount && invoice->header[sums[i]].present &&
            dx_decimal_equal(invoice->header[sums[i]].number, code->amount))
            return true;
    return false;
}

static const dx_page *page_of(const dx_pages *pages, int number)
{
    for (size_t i = 0; i < pages->page_count; i++)
        if (pages->pages[i].number == number)
            return &pages->pages[i];
    return NULL;
}

/* Of several (instalments, a slip for a donation) the one that asks for the invoice's sum, else the first. */
doxin_status dx_extract_codes(dx_ctx *ctx, dx_reading *reading, dx_invoice *invoice)
{
    const dx_pages *pages = reading->layout->source;
    code_use use = {.ctx = ctx, .reading = reading, .invoice = invoice};
    dx_paycode best = {0};
    for (size_t i = 0; i < pages->code_count; i++) {
        dx_paycode code;
        const dx_code *at = &pages->codes[i];
        const dx_page *page = page_of(pages, at->page);
        if (!page)
            continue;
        doxin_status status = dx_paycode_parse(ctx, at->text, strlen(at->text), &code);
        if (status != DOXIN_OK)
            return status;
        if (code.kind == DX_PAYCODE_NONE ||
            (best.kind != DX_PAYCODE_NONE && (repeats_sum(invoice, &best) || !repeats_sum(invoice, &code))))
            continue;
        best = code;
        use.code = at;
        use.page = page;
    }
    if (best.kind == DX_PAYCODE_NONE)
        return DOXIN_OK;
    use.printed = dx_page_values_new(ctx, pages, reading);
    return use.printed ? use_code(&use, &best) : DOXIN_E_NOMEM;
}
