/* Two readings of one document: what differs becomes a warning that names both values. */
#include "base/text/utf8.h"
#include "core/invoice/invoice.h"

#include <string.h>

/* Names and addresses are printed in other ways than they stand in data: they are compared without case, marks and
 * punctuation, and one may be a part of the other. */
static bool same_text(dx_ctx *ctx, const char *a, const char *b, bool *same)
{
    char *x = dx_fold_alnum(ctx, a, strlen(a));
    char *y = dx_fold_alnum(ctx, b, strlen(b));
    if (!x || !y)
        return false;
    *same = strcmp(x, y) == 0 || strstr(x, y) || strstr(y, x);
    return true;
}

static doxin_status compare_field(dx_ctx *ctx, dx_invoice *a, const char *path, dx_value_kind kind, const dx_field *x,
                                  const dx_field *y)
{
    bool same = true;
    if (!x->present || !y->present)
        return DOXIN_OK;
    if (kind == DX_VALUE_TEXT) {
        if (!same_text(ctx, x->text, y->text, &same))
            return DOXIN_E_NOMEM;
    } else if (kind == DX_VALUE_DATE) {
        same = dx_date_compare(x->date, y->date) == 0;
    } else {
        same = dx_decimal_equal(dx_decimal_abs(x->number), dx_decimal_abs(y->number));
    }
    if (same)
        return DOXIN_OK;
    return dx_invoice_warn(ctx, a, "xml_page_difference", path, "the XML says %s, the page says %s", x->text, y->text);
}

/* What people pay by; addresses and free text differ without meaning. */
static const dx_header_id compared[] = {
    DX_HEADER_NUMBER,     DX_HEADER_DATE,  DX_HEADER_DUE_DATE,   DX_HEADER_CURRENCY,    DX_HEADER_SUBTOTAL,
    DX_HEADER_TAX_AMOUNT, DX_HEADER_TOTAL, DX_HEADER_AMOUNT_DUE, DX_HEADER_VENDOR_IBAN, DX_HEADER_VENDOR_TAX_ID,
};

doxin_status dx_invoice_compare(dx_ctx *ctx, dx_invoice *a, const dx_invoice *b)
{
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; i < sizeof compared / sizeof compared[0] && status == DOXIN_OK; i++) {
        dx_header_id id = compared[i];
        status = compare_field(ctx, a, dx_header_path(id), dx_header_kind(id), &a->header[id], &b->header[id]);
    }
    if (status == DOXIN_OK && a->line_count && b->line_count && a->line_count != b->line_count)
        status = dx_invoice_warn(ctx, a, "xml_page_difference", "line_items", "the XML has %zu lines, the page %zu",
                                 a->line_count, b->line_count);
    return status;
}
