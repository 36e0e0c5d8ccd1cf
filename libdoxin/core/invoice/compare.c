/* Two readings of one document: what differs becomes a warning that names both values. */
#include "base/text/utf8.h"
#include "core/invoice/invoice.h"

#include <string.h>

/* A page that was read with less certainty says nothing against the XML. */
enum { PAGE_SURE = 850 };

typedef struct comparing {
    dx_ctx *ctx;
    dx_invoice *xml;
    const dx_printed *printed;
} comparing;

/* Names and addresses are printed in other ways than they stand in data: they are compared without case, marks and
 * punctuation, and one may be a part of the other. */
static doxin_status same_text(dx_ctx *ctx, const char *a, const char *b, bool *same)
{
    char *x = dx_fold_alnum(ctx, a, strlen(a));
    char *y = dx_fold_alnum(ctx, b, strlen(b));
    if (!x || !y)
        return DOXIN_E_NOMEM;
    *same = strcmp(x, y) == 0 || strstr(x, y) || strstr(y, x);
    return DOXIN_OK;
}

static doxin_status same_value(dx_ctx *ctx, dx_value_kind kind, const dx_field *x, const dx_field *y, bool *same)
{
    if (kind == DX_VALUE_TEXT)
        return same_text(ctx, x->text, y->text, same);
    *same = kind == DX_VALUE_DATE ? dx_date_compare(x->date, y->date) == 0
                                  : dx_decimal_equal(dx_decimal_abs(x->number), dx_decimal_abs(y->number));
    return DOXIN_OK;
}

/* A difference is one where the page is sure of its value and the XML's stands nowhere on it: else the page was misread. */
static doxin_status compare_field(const comparing *c, const char *path, dx_value_kind kind, const dx_field *x,
                                  const dx_field *y)
{
    bool same = true;
    if (!x->present || !y->present || y->evidence.confidence < PAGE_SURE)
        return DOXIN_OK;
    doxin_status status = same_value(c->ctx, kind, x, y, &same);
    if (status == DOXIN_OK && !same && c->printed)
        status = c->printed->stands(c->printed->data, kind, x, &same);
    if (status != DOXIN_OK || same)
        return status;
    return dx_invoice_warn(c->ctx, c->xml, "xml_page_difference", path, "the XML says %s, the page says %s", x->text,
                           y->text);
}

/* What people pay by; addresses and free text differ without meaning. */
static const dx_header_id compared[] = {
    DX_HEADER_NUMBER,          DX_HEADER_DATE,          DX_HEADER_DUE_DATE,    DX_HEADER_CURRENCY,
    DX_HEADER_SUBTOTAL,        DX_HEADER_TAX_AMOUNT,    DX_HEADER_TOTAL,       DX_HEADER_AMOUNT_DUE,
    DX_HEADER_VENDOR_NAME,     DX_HEADER_VENDOR_TAX_ID, DX_HEADER_VENDOR_IBAN, DX_HEADER_CUSTOMER_NAME,
    DX_HEADER_CUSTOMER_TAX_ID,
};

/* The page's table was read as a whole: its rows come to its own subtotal or total. */
static bool rows_add_up(const dx_invoice *page)
{
    static const dx_header_id sums[] = {DX_HEADER_LINES_TOTAL, DX_HEADER_SUBTOTAL, DX_HEADER_TOTAL};
    dx_decimal sum = {0, 0};
    for (size_t i = 0; i < page->line_count; i++) {
        const dx_field *total = &page->lines[i].cell[DX_CELL_TOTAL];
        if (!total->present || !dx_decimal_add(sum, total->number, &sum))
            return false;
    }
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        if (page->header[sums[i]].present && dx_decimal_equal(page->header[sums[i]].number, sum))
            return true;
    return false;
}

static doxin_status compare_lines(const comparing *c, const dx_invoice *page)
{
    dx_invoice *xml = c->xml;
    if (xml->line_count == 0 || page->line_count == 0)
        return DOXIN_OK;
    if (xml->line_count != page->line_count)
        return !rows_add_up(page)
                   ? DOXIN_OK
                   : dx_invoice_warn(c->ctx, xml, "xml_page_difference", "line_items",
                                     "the XML has %zu lines, the page %zu", xml->line_count, page->line_count);
    for (size_t i = 0; i < xml->line_count; i++) {
        const char *path = dx_textf(c->ctx, "line_items[%zu].line_total", i);
        if (!path)
            return DOXIN_E_NOMEM;
        doxin_status status = compare_field(c, path, DX_VALUE_AMOUNT, &xml->lines[i].cell[DX_CELL_TOTAL],
                                            &page->lines[i].cell[DX_CELL_TOTAL]);
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

doxin_status dx_invoice_compare(dx_ctx *ctx, dx_invoice *a, const dx_invoice *b, const dx_printed *printed)
{
    comparing c = {ctx, a, printed};
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; i < sizeof compared / sizeof compared[0] && status == DOXIN_OK; i++) {
        dx_header_id id = compared[i];
        status = compare_field(&c, dx_header_path(id), dx_header_kind(id), &a->header[id], &b->header[id]);
    }
    return status == DOXIN_OK ? compare_lines(&c, b) : status;
}
