/* For a terminal: who, what, how much, and what to doubt. */
#include "base/text/utf8.h"
#include "base/value/money.h"
#include "core/present/forms.h"
#include "core/present/values.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 100, NUMBER = 6, ITEM = 13, DESCRIPTION = 40, QUANTITY = 11, PRICE = 13, TOTAL = 14 };

typedef struct page {
    dx_buffer *out;
    bool colour;
} page;

static const char *const bold = "\033[1m", *const red = "\033[31m", *const green = "\033[32m",
                         *const yellow = "\033[33m", *const dim = "\033[2m", *const plain = "\033[0m";

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

/* One character; a control character of the document must not reach the terminal. */
static void put_character(page *to, int32_t character)
{
    char bytes[4];
    bool control = (character >= 0 && character < 0x20) || (character >= 0x7F && character < 0xA0);
    dx_buffer_add(to->out, bytes, dx_utf8_put(control ? ' ' : character, bytes));
}

static void say(page *to, const char *text)
{
    size_t length = strlen(text);
    for (size_t at = 0; at < length;)
        put_character(to, dx_utf8_next(text, length, &at));
}

/* Text cut or filled to a width in characters. */
static void put(page *to, const char *text, size_t width, bool right)
{
    size_t length = strlen(text);
    size_t count = dx_utf8_count(text, length);
    if (right && count < width)
        spaces(to, width - count);
    if (count <= width) {
        say(to, text);
    } else {
        size_t at = 0;
        for (size_t i = 0; i + 1 < width; i++)
            put_character(to, dx_utf8_next(text, length, &at));
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

static void put_doubt(page *to, const dx_field *field)
{
    if (field->present && dx_present_doubtful(field)) {
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
    say(to, field->text);
    put_doubt(to, field);
    dx_buffer_char(to->out, '\n');
}

static void put_parties(page *to, const dx_invoice *invoice)
{
    static const dx_header_id left[] = {DX_HEADER_VENDOR_NAME, DX_HEADER_VENDOR_ADDRESS, DX_HEADER_VENDOR_TAX_ID};
    static const dx_header_id right[] = {DX_HEADER_CUSTOMER_NAME, DX_HEADER_CUSTOMER_ADDRESS,
                                         DX_HEADER_CUSTOMER_TAX_ID};
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

static bool any_doubt(const dx_line *line)
{
    for (int id = 0; id < DX_CELL_COUNT; id++)
        if (line->cell[id].present && dx_present_doubtful(&line->cell[id]))
            return true;
    return false;
}

static void put_line(page *to, const dx_line *line, int digits, bool fails)
{
    char price[DX_DECIMAL_TEXT] = "";
    if (line->cell[DX_CELL_PRICE].present)
        dx_decimal_text_min(line->cell[DX_CELL_PRICE].number, digits, price);
    put(to, cell_text(line, DX_CELL_NUMBER), NUMBER - 1, false);
    dx_buffer_char(to->out, ' ');
    put(to, cell_text(line, DX_CELL_ITEM), ITEM - 1, false);
    dx_buffer_char(to->out, ' ');
    put(to, cell_text(line, DX_CELL_DESCRIPTION), DESCRIPTION, false);
    put(to, cell_text(line, DX_CELL_QUANTITY), QUANTITY, true);
    put(to, price, PRICE, true);
    put(to, cell_text(line, DX_CELL_TOTAL), TOTAL, true);
    if (fails || any_doubt(line)) {
        paint(to, fails ? red : yellow);
        dx_buffer_text(to->out, fails ? " ✗" : " ?");
        paint(to, plain);
    }
    dx_buffer_char(to->out, '\n');
}

static void put_lines(page *to, const dx_invoice *invoice, const bool *fails)
{
    const dx_field *currency = field_of(invoice, DX_HEADER_CURRENCY);
    int digits = currency->present ? dx_currency_digits(currency->text) : 2;
    if (invoice->line_count == 0)
        return;
    rule(to);
    paint(to, dim);
    put(to, "#", NUMBER, false);
    put(to, "item", ITEM, false);
    put(to, "description", DESCRIPTION, false);
    put(to, "quantity", QUANTITY, true);
    put(to, "price", PRICE, true);
    put(to, "total", TOTAL, true);
    paint(to, plain);
    dx_buffer_char(to->out, '\n');
    for (size_t i = 0; i < invoice->line_count; i++)
        put_line(to, &invoice->lines[i], digits < 0 ? 2 : digits, fails[i]);
}

static void put_sum(page *to, const char *name, const char *value, const dx_field *doubt)
{
    put(to, name, WIDTH - TOTAL - 3, true);
    put(to, value, TOTAL, true);
    if (doubt)
        put_doubt(to, doubt);
    dx_buffer_char(to->out, '\n');
}

static void put_sums(page *to, dx_ctx *ctx, const dx_invoice *invoice)
{
    static const struct {
        dx_header_id id;
        const char *name;
    } sums[] = {{DX_HEADER_DISCOUNT_TOTAL, "discount (off)"},
                {DX_HEADER_FREIGHT, "freight"},
                {DX_HEADER_CHARGE_TOTAL, "charges"},
                {DX_HEADER_SUBTOTAL, "subtotal"}};
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
        dx_buffer_text(to->out, "✗ ");
        say(to, invoice->checks[i].rule);
        dx_buffer_text(to->out, ": ");
        say(to, invoice->checks[i].text);
        paint(to, plain);
        dx_buffer_char(to->out, '\n');
    }
    for (size_t i = 0; i < invoice->warning_count; i++) {
        if (dx_present_repeats_check(invoice, &invoice->warnings[i]))
            continue;
        paint(to, yellow);
        dx_buffer_text(to->out, "! ");
        say(to, invoice->warnings[i].path);
        dx_buffer_text(to->out, invoice->warnings[i].path[0] ? ": " : "");
        say(to, invoice->warnings[i].message);
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
    dx_present_fails fails;
    if (!dx_present_find_fails(ctx, invoice, &fails))
        return DOXIN_E_NOMEM;
    paint(&to, bold);
    for (const char *p = dx_kind_name(invoice->kind); *p; p++)
        dx_buffer_char(out, *p == '_' ? ' ' : *p);
    dx_buffer_char(out, ' ');
    say(&to, number->present ? number->text : "(no number)");
    paint(&to, plain);
    dx_buffer_text(out, options->file_name ? "  " : "");
    say(&to, options->file_name ? options->file_name : "");
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
    put_lines(&to, invoice, fails.lines);
    put_sums(&to, ctx, invoice);
    put_checks(&to, invoice);
    dx_buffer_char(out, '\n');
    return DOXIN_OK;
}
