/* For a terminal: who, what, how much, and what to doubt. */
#include <string.h>

#include "base/text/utf8.h"
#include "core/present/forms.h"

enum { WIDTH = 96, DESCRIPTION = 44 };

typedef struct page {
    dx_buffer *out;
    bool colour;
} page;

static const char *const bold = "\033[1m", *const red = "\033[31m", *const green = "\033[32m", *const yellow = "\033[33m",
                  *const dim = "\033[2m", *const plain = "\033[0m";

static void paint(page *to, const char *colour)
{
    if (to->colour)
        dx_buffer_text(to->out, colour);
}

static void spaces(page *to, size_t count)
{
    while (count-- > 0)
        dx_buffer_char(to->out, ' ');
}

/* Text cut or filled to a width in characters. */
static void put(page *to, const char *text, size_t width, bool right)
{
    size_t length = strlen(text);
    size_t count = dx_utf8_count(text, length);
    if (right && count < width)
        spaces(to, width - count);
    if (count <= width) {
        dx_buffer_add(to->out, text, length);
    } else {
        size_t at = 0;
        for (size_t i = 0; i + 1 < width; i++)
            dx_utf8_next(text, length, &at);
        dx_buffer_add(to->out, text, at);
        dx_buffer_text(to->out, "…");
    }
    if (!right && count < width)
        spaces(to, width - count);
}

static void rule(page *to)
{
    paint(to, dim);
    for (int i = 0; i < WIDTH; i++)
        dx_buffer_text(to->out, "─");
    paint(to, plain);
    dx_buffer_char(to->out, '\n');
}

static const dx_field *field_of(const dx_invoice *invoice, dx_header_id id)
{
    return &invoice->header[id];
}

static bool doubtful(const dx_field *field)
{
    return field->evidence.origin != DX_ORIGIN_NONE && field->evidence.confidence < DX_PRESENT_DOUBT;
}

static void put_doubt(page *to, const dx_field *field)
{
    if (field->present && doubtful(field)) {
        paint(to, yellow);
        dx_buffer_printf(to->out, " ? %d %%", field->evidence.confidence / 10);
        paint(to, plain);
    }
}

static void put_pair(page *to, const dx_invoice *invoice, const char *name, dx_header_id id)
{
    const dx_field *field = field_of(invoice, id);
    if (!field->present)
        return;
    paint(to, dim);
    put(to, name, 18, false);
    paint(to, plain);
    put(to, field->text, strlen(field->text), false);
    put_doubt(to, field);
    dx_buffer_char(to->out, '\n');
}

static void put_parties(page *to, const dx_invoice *invoice)
{
    static const dx_header_id left[] = {DX_HEADER_VENDOR_NAME, DX_HEADER_VENDOR_ADDRESS, DX_HEADER_VENDOR_TAX_ID};
    static const dx_header_id right[] = {DX_HEADER_CUSTOMER_NAME, DX_HEADER_CUSTOMER_ADDRESS, DX_HEADER_CUSTOMER_TAX_ID};
    paint(to, dim);
    put(to, "from", WIDTH / 2, false);
    dx_buffer_text(to->out, "to\n");
    paint(to, plain);
    for (size_t i = 0; i < 3; i++) {
        const dx_field *from = field_of(invoice, left[i]);
        const dx_field *receiver = field_of(invoice, right[i]);
        if (!from->present && !receiver->present)
            continue;
        put(to, from->present ? from->text : "", WIDTH / 2 - 2, false);
        dx_buffer_text(to->out, "  ");
        put(to, receiver->present ? receiver->text : "", WIDTH / 2, false);
        dx_buffer_char(to->out, '\n');
    }
}

static const char *cell_text(const dx_line *line, dx_cell_id id)
{
    return line->cell[id].present ? line->cell[id].text : "";
}

static void put_lines(page *to, const dx_invoice *invoice)
{
    if (invoice->line_count == 0)
        return;
    rule(to);
    paint(to, dim);
    put(to, "#", 4, false);
    put(to, "item", 12, false);
    put(to, "description", DESCRIPTION, false);
    put(to, "quantity", 11, true);
    put(to, "price", 12, true);
    put(to, "total", 13, true);
    paint(to, plain);
    dx_buffer_char(to->out, '\n');
    for (size_t i = 0; i < invoice->line_count; i++) {
        const dx_line *line = &invoice->lines[i];
        put(to, cell_text(line, DX_CELL_NUMBER), 3, false);
        dx_buffer_char(to->out, ' ');
        put(to, cell_text(line, DX_CELL_ITEM), 11, false);
        dx_buffer_char(to->out, ' ');
        put(to, cell_text(line, DX_CELL_DESCRIPTION), DESCRIPTION, false);
        put(to, cell_text(line, DX_CELL_QUANTITY), 11, true);
        put(to, cell_text(line, DX_CELL_PRICE), 12, true);
        put(to, cell_text(line, DX_CELL_TOTAL), 13, true);
        dx_buffer_char(to->out, '\n');
    }
}

static void put_sum(page *to, const char *name, const char *value, const dx_field *doubt)
{
    put(to, name, WIDTH - 13, true);
    put(to, value, 13, true);
    if (doubt)
        put_doubt(to, doubt);
    dx_buffer_char(to->out, '\n');
}

static void put_sums(page *to, dx_ctx *ctx, const dx_invoice *invoice)
{
    static const struct {
        dx_header_id id;
        const char *name;
    } sums[] = {{DX_HEADER_DISCOUNT_TOTAL, "discount"}, {DX_HEADER_FREIGHT, "freight"},
                {DX_HEADER_CHARGE_TOTAL, "charges"},    {DX_HEADER_SUBTOTAL, "subtotal"}};
    rule(to);
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        if (field_of(invoice, sums[i].id)->present)
            put_sum(to, sums[i].name, field_of(invoice, sums[i].id)->text, field_of(invoice, sums[i].id));
    for (size_t i = 0; i < invoice->tax_count; i++) {
        const dx_field *cell = invoice->taxes[i].cell;
        const char *name = cell[DX_TAX_RATE].present ? dx_textf(ctx, "tax %s %%", cell[DX_TAX_RATE].text) : "tax";
        if (name && cell[DX_TAX_AMOUNT].present)
            put_sum(to, name, cell[DX_TAX_AMOUNT].text, &cell[DX_TAX_AMOUNT]);
    }
    if (invoice->tax_count == 0 && field_of(invoice, DX_HEADER_TAX_AMOUNT)->present)
        put_sum(to, "tax", field_of(invoice, DX_HEADER_TAX_AMOUNT)->text, field_of(invoice, DX_HEADER_TAX_AMOUNT));
    const dx_field *total = field_of(invoice, DX_HEADER_TOTAL);
    const dx_field *currency = field_of(invoice, DX_HEADER_CURRENCY);
    const char *name = dx_textf(ctx, "total %s", currency->present ? currency->text : "");
    paint(to, bold);
    if (total->present && name)
        put_sum(to, name, total->text, total);
    paint(to, plain);
    const dx_field *due = field_of(invoice, DX_HEADER_AMOUNT_DUE);
    if (due->present && !(total->present && dx_decimal_equal(due->number, total->number)))
        put_sum(to, "amount due", due->text, due);
}

static void put_checks(page *to, const dx_invoice *invoice)
{
    size_t holds = 0;
    rule(to);
    for (size_t i = 0; i < invoice->check_count; i++)
        holds += invoice->checks[i].state == DX_CHECK_HOLDS;
    paint(to, green);
    dx_buffer_printf(to->out, "✓ %zu checks hold", holds);
    paint(to, plain);
    dx_buffer_char(to->out, '\n');
    for (size_t i = 0; i < invoice->check_count; i++) {
        if (invoice->checks[i].state != DX_CHECK_FAILS)
            continue;
        paint(to, red);
        dx_buffer_printf(to->out, "✗ %s: %s", invoice->checks[i].rule, invoice->checks[i].text);
        paint(to, plain);
        dx_buffer_char(to->out, '\n');
    }
    for (size_t i = 0; i < invoice->warning_count; i++) {
        paint(to, yellow);
        dx_buffer_printf(to->out, "! %s%s%s", invoice->warnings[i].path, invoice->warnings[i].path[0] ? ": " : "",
                         invoice->warnings[i].message);
        paint(to, plain);
        dx_buffer_char(to->out, '\n');
    }
    paint(to, invoice->needs_review ? yellow : green);
    dx_buffer_printf(to->out, "%s, confidence %d %%", invoice->needs_review ? "needs review" : "needs no review",
                     invoice->confidence / 10);
    paint(to, plain);
    dx_buffer_char(to->out, '\n');
}

doxin_status dx_present_table(dx_ctx *ctx, const dx_invoice *invoice, const dx_present_options *options, dx_buffer *out)
{
    page to = {out, options->colour};
    const dx_field *number = field_of(invoice, DX_HEADER_NUMBER);
    paint(&to, bold);
    dx_buffer_printf(out, "%s %s", dx_kind_name(invoice->kind), number->present ? number->text : "(no number)");
    paint(&to, plain);
    if (options->file_name)
        dx_buffer_printf(out, "  %s", options->file_name);
    dx_buffer_char(out, '\n');
    rule(&to);
    put_parties(&to, invoice);
    dx_buffer_char(out, '\n');
    put_pair(&to, invoice, "date", DX_HEADER_DATE);
    put_pair(&to, invoice, "due", DX_HEADER_DUE_DATE);
    put_pair(&to, invoice, "delivered", DX_HEADER_SHIP_DATE);
    put_pair(&to, invoice, "order", DX_HEADER_PO_NUMBER);
    put_pair(&to, invoice, "customer number", DX_HEADER_ACCOUNT_NUMBER);
    put_pair(&to, invoice, "IBAN", DX_HEADER_VENDOR_IBAN);
    put_lines(&to, invoice);
    put_sums(&to, ctx, invoice);
    put_checks(&to, invoice);
    dx_buffer_char(out, '\n');
    return DOXIN_OK;
}
