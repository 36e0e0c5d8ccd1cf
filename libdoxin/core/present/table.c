/* For a terminal: who, what, how much, and what to doubt. */
#include "base/text/utf8.h"
#include "base/value/money.h"
#include "core/present/forms.h"
#include "core/present/values.h"

#include <string.h>

enum {
    WIDTH = 100, /* where nothing is asked for */
    WIDTH_LEAST = 60,
    LABEL = 18,
    ITEM_MOST = 16,
    DESCRIPTION_LEAST = 16,
    DOUBTS_MAX = 8,
    GAP = 2, /* between columns */
    MARK = 2 /* behind a line: " ✗" */
};

typedef struct page {
    dx_buffer *out;
    const dx_invoice *invoice;
    bool colour;
    size_t width;
    dx_present_fails fails;
} page;

static const char *const bold = "\033[1m", *const red = "\033[31m", *const green = "\033[32m",
                         *const yellow = "\033[33m", *const dim = "\033[2m", *const plain = "\033[0m";

/* ---- characters ------------------------------------------------------------------------------------------------------------ */

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

/* A control character of the document must not reach the terminal, and neither must one that turns the direction of
 * writing round or that cannot be seen. */
static bool is_harmful(int32_t character)
{
    return character < 0x20 || (character >= 0x7F && character < 0xA0) ||
           (character >= 0x200B && character <= 0x200F) || (character >= 0x2028 && character <= 0x202E) ||
           (character >= 0x2060 && character <= 0x206F) || character == 0xFEFF;
}

static size_t width_of(int32_t character)
{
    return is_harmful(character) ? 1 : (size_t)dx_char_width(character);
}

static void put_character(page *to, int32_t character)
{
    char bytes[4];
    dx_buffer_add(to->out, bytes, dx_utf8_put(is_harmful(character) ? ' ' : character, bytes));
}

static void say(page *to, const char *text)
{
    size_t length = strlen(text);
    for (size_t at = 0; at < length;)
        put_character(to, dx_utf8_next(text, length, &at));
}

static size_t columns_of(const char *text)
{
    size_t length = strlen(text), width = 0;
    for (size_t at = 0; at < length;)
        width += width_of(dx_utf8_next(text, length, &at));
    return width;
}

/* Text cut or filled to a width in columns of the terminal. */
static void put(page *to, const char *text, size_t width, bool right)
{
    size_t length = strlen(text), takes = columns_of(text), used = 0;
    if (right && takes < width)
        spaces(to, width - takes);
    if (takes <= width) {
        say(to, text);
        used = takes;
    } else {
        for (size_t at = 0; at < length;) {
            int32_t character = dx_utf8_next(text, length, &at);
            if (used + width_of(character) + 1 > width)
                break;
            put_character(to, character);
            used += width_of(character);
        }
        dx_buffer_text(to->out, "…");
        used++;
    }
    if (!right && used < width)
        spaces(to, width - used);
}

static void end_line(page *to)
{
    while (to->out->len > 0 && !to->out->failed && to->out->data[to->out->len - 1] == ' ')
        to->out->len--;
    dx_buffer_char(to->out, '\n');
}

static void rule(page *to)
{
    paint(to, dim);
    for (size_t i = 0; i < to->width; i++)
        dx_buffer_text(to->out, "─");
    paint(to, plain);
    dx_buffer_char(to->out, '\n');
}

/* ---- the document and its parties ------------------------------------------------------------------------------------------ */

static const dx_field *field_of(const page *to, dx_header_id id)
{
    return &to->invoice->header[id];
}

static const char *text_of(const page *to, dx_header_id id)
{
    return field_of(to, id)->present ? field_of(to, id)->text : "";
}

static void put_marks(page *to, const dx_field *field, bool fails)
{
    if (fails) {
        paint(to, red);
        dx_buffer_text(to->out, " ✗");
        paint(to, plain);
    }
    if (dx_present_doubtful(field)) {
        paint(to, yellow);
        dx_buffer_printf(to->out, " ? %d %%", field->evidence.confidence / 10);
        paint(to, plain);
    }
}

static void put_title(page *to, const char *file_name)
{
    char kind[64];
    paint(to, bold);
    dx_buffer_text(to->out, dx_present_label(dx_kind_name(to->invoice->kind), kind, sizeof kind));
    dx_buffer_char(to->out, ' ');
    say(to, field_of(to, DX_HEADER_NUMBER)->present ? text_of(to, DX_HEADER_NUMBER) : "(no number)");
    paint(to, plain);
    if (field_of(to, DX_HEADER_NUMBER)->present)
        put_marks(to, field_of(to, DX_HEADER_NUMBER), to->fails.header[DX_HEADER_NUMBER]);
    if (file_name) {
        dx_buffer_text(to->out, "  ");
        paint(to, dim);
        say(to, file_name);
        paint(to, plain);
    }
    dx_buffer_char(to->out, '\n');
}

static void put_party_cell(page *to, dx_header_id id, size_t width)
{
    const dx_field *field = field_of(to, id);
    bool doubt = field->present && dx_present_doubtful(field);
    if (doubt)
        paint(to, yellow);
    put(to, doubt ? "? " : "", doubt ? 2 : 0, false);
    put(to, text_of(to, id), width - (doubt ? 2 : 0), false);
    if (doubt)
        paint(to, plain);
}

static void put_parties(page *to)
{
    static const dx_header_id rows[][2] = {{DX_HEADER_VENDOR_NAME, DX_HEADER_CUSTOMER_NAME},
                                           {DX_HEADER_VENDOR_ADDRESS, DX_HEADER_CUSTOMER_ADDRESS},
                                           {DX_HEADER_VENDOR_TAX_ID, DX_HEADER_CUSTOMER_TAX_ID}};
    size_t half = to->width / 2;
    paint(to, dim);
    put(to, "from", half, false);
    dx_buffer_text(to->out, "to");
    paint(to, plain);
    dx_buffer_char(to->out, '\n');
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!field_of(to, rows[i][0])->present && !field_of(to, rows[i][1])->present)
            continue;
        put_party_cell(to, rows[i][0], half - 2);
        spaces(to, 2);
        put_party_cell(to, rows[i][1], to->width - half);
        end_line(to);
    }
    dx_buffer_char(to->out, '\n');
}

static void put_pairs(page *to)
{
    static const struct {
        const char *name;
        dx_header_id id;
    } pairs[] = {{"date", DX_HEADER_DATE},           {"due", DX_HEADER_DUE_DATE},
                 {"delivered", DX_HEADER_SHIP_DATE}, {"corrects", DX_HEADER_CORRECTS_NUMBER},
                 {"order", DX_HEADER_PO_NUMBER},     {"customer number", DX_HEADER_ACCOUNT_NUMBER},
                 {"IBAN", DX_HEADER_VENDOR_IBAN}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const dx_field *field = field_of(to, pairs[i].id);
        if (!field->present)
            continue;
        paint(to, dim);
        put(to, pairs[i].name, LABEL, false);
        paint(to, plain);
        say(to, field->text);
        put_marks(to, field, to->fails.header[pairs[i].id]);
        dx_buffer_char(to->out, '\n');
    }
}

/* ---- lines ------------------------------------------------------------------------------------------------------------------ */

/* Columns that no line has are left out; the description takes what is left. */
typedef struct column {
    dx_cell_id id;
    const char *title;
    size_t width; /* 0: not shown */
} column;

enum { COLUMNS = 8, DESCRIPTION = 2 };

static const char *cell_text(const page *to, const dx_line *line, dx_cell_id id, char price[DX_DECIMAL_TEXT])
{
    const dx_field *field = &line->cell[id];
    if (!field->present)
        return "";
    if (id == DX_CELL_UNIT)
        return dx_present_unit(field);
    return id == DX_CELL_PRICE || id == DX_CELL_TOTAL
               ? dx_decimal_text_min(field->number, dx_present_digits(to->invoice), price)
               : field->text;
}

static void measure(const page *to, column *all)
{
    char price[DX_DECIMAL_TEXT];
    size_t taken = MARK;
    for (size_t k = 0; k < COLUMNS; k++) {
        size_t widest = 0;
        for (size_t i = 0; i < to->invoice->line_count && k != DESCRIPTION; i++) {
            size_t width = columns_of(cell_text(to, &to->invoice->lines[i], all[k].id, price));
            widest = width > widest ? width : widest;
        }
        if (widest == 0)
            continue;
        size_t title = strlen(all[k].title);
        bool is_text = dx_cell_kind(all[k].id) == DX_VALUE_TEXT;
        all[k].width = is_text && widest > ITEM_MOST ? ITEM_MOST : widest;
        all[k].width = all[k].width < title ? title : all[k].width;
        taken += all[k].width + GAP;
    }
    all[DESCRIPTION].width = to->width > taken + DESCRIPTION_LEAST ? to->width - taken : DESCRIPTION_LEAST;
}

/* From left to right, with a gap before each but the first. */
static void put_cells(page *to, const column *all, const dx_line *line)
{
    char price[DX_DECIMAL_TEXT];
    bool first = true;
    for (size_t k = 0; k < COLUMNS; k++) {
        if (all[k].width == 0)
            continue;
        bool doubt = line && line->cell[all[k].id].present && dx_present_doubtful(&line->cell[all[k].id]);
        spaces(to, first ? 0 : GAP);
        if (doubt)
            paint(to, yellow);
        put(to, line ? cell_text(to, line, all[k].id, price) : all[k].title, all[k].width,
            dx_cell_kind(all[k].id) != DX_VALUE_TEXT);
        if (doubt)
            paint(to, plain);
        first = false;
    }
}

static bool any_doubt(const dx_line *line)
{
    for (int id = 0; id < DX_CELL_COUNT; id++)
        if (line->cell[id].present && dx_present_doubtful(&line->cell[id]))
            return true;
    return false;
}

static void put_lines(page *to)
{
    column all[COLUMNS] = {
        {DX_CELL_NUMBER, "#", 0},          {DX_CELL_ITEM, "item", 0},  {DX_CELL_DESCRIPTION, "description", 0},
        {DX_CELL_QUANTITY, "quantity", 0}, {DX_CELL_UNIT, "unit", 0},  {DX_CELL_PRICE, "price", 0},
        {DX_CELL_TAX_RATE, "tax %", 0},    {DX_CELL_TOTAL, "total", 0}};
    if (to->invoice->line_count == 0)
        return;
    measure(to, all);
    rule(to);
    paint(to, dim);
    put_cells(to, all, NULL);
    paint(to, plain);
    end_line(to);
    for (size_t i = 0; i < to->invoice->line_count; i++) {
        const dx_line *line = &to->invoice->lines[i];
        put_cells(to, all, line);
        if (to->fails.lines[i] || any_doubt(line)) {
            paint(to, to->fails.lines[i] ? red : yellow);
            dx_buffer_text(to->out, to->fails.lines[i] ? " ✗" : " ?");
            paint(to, plain);
        }
        end_line(to);
    }
}

/* ---- sums ------------------------------------------------------------------------------------------------------------------- */

/* Below the totals of the lines. */
static void put_sum(page *to, const char *name, const dx_field *field, bool fails)
{
    enum { AMOUNT = 16 };
    char amount[DX_DECIMAL_TEXT];
    if (!field->present)
        return;
    put(to, name, to->width - AMOUNT - MARK, true);
    put(to, dx_decimal_text_min(field->number, dx_present_digits(to->invoice), amount), AMOUNT, true);
    put_marks(to, field, fails);
    dx_buffer_char(to->out, '\n');
}

static void put_taxes(page *to, dx_ctx *ctx)
{
    for (size_t i = 0; i < to->invoice->tax_count; i++) {
        const dx_field *cell = to->invoice->taxes[i].cell;
        const char *name = cell[DX_TAX_RATE].present ? dx_textf(ctx, "tax %s %%", cell[DX_TAX_RATE].text) : "tax";
        if (name)
            put_sum(to, name, &cell[DX_TAX_AMOUNT], to->fails.taxes[i]);
    }
    if (to->invoice->tax_count == 0)
        put_sum(to, "tax", field_of(to, DX_HEADER_TAX_AMOUNT), to->fails.header[DX_HEADER_TAX_AMOUNT]);
}

static void put_sums(page *to, dx_ctx *ctx)
{
    static const struct {
        dx_header_id id;
        const char *name;
    } before[] = {{DX_HEADER_DISCOUNT_TOTAL, "discount (off)"},
                  {DX_HEADER_FREIGHT, "freight"},
                  {DX_HEADER_CHARGE_TOTAL, "charges"},
                  {DX_HEADER_SUBTOTAL, "subtotal"}},
      after[] = {{DX_HEADER_ROUNDING, "rounding"}, {DX_HEADER_PREPAID, "prepaid"}};
    const dx_field *total = field_of(to, DX_HEADER_TOTAL), *due = field_of(to, DX_HEADER_AMOUNT_DUE);
    const char *name = dx_textf(ctx, "total %s", text_of(to, DX_HEADER_CURRENCY));
    rule(to);
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++)
        put_sum(to, before[i].name, field_of(to, before[i].id), to->fails.header[before[i].id]);
    put_taxes(to, ctx);
    paint(to, bold);
    if (name)
        put_sum(to, name, total, to->fails.header[DX_HEADER_TOTAL]);
    paint(to, plain);
    for (size_t i = 0; i < sizeof after / sizeof after[0]; i++)
        put_sum(to, after[i].name, field_of(to, after[i].id), to->fails.header[after[i].id]);
    if (!(total->present && due->present && dx_decimal_equal(due->number, total->number)))
        put_sum(to, "amount due", due, to->fails.header[DX_HEADER_AMOUNT_DUE]);
}

/* ---- what to doubt ---------------------------------------------------------------------------------------------------------- */

static void put_sign(page *to, const char *colour, const char *sign, const char *title)
{
    paint(to, colour);
    dx_buffer_text(to->out, sign);
    dx_buffer_char(to->out, ' ');
    paint(to, plain);
    paint(to, bold);
    say(to, title);
    paint(to, plain);
    dx_buffer_text(to->out, *title ? ": " : "");
}

static void put_finding(page *to, const char *colour, const char *sign, const char *title, const char *words)
{
    put_sign(to, colour, sign, title);
    say(to, words);
    dx_buffer_char(to->out, '\n');
}

static void put_failing(page *to)
{
    char title[96];
    dx_header_id missing[DX_PRESENT_NEEDED];
    for (size_t i = 0; i < to->invoice->check_count; i++)
        if (to->invoice->checks[i].state == DX_CHECK_FAILS)
            put_finding(to, red, "✗", dx_present_rule(to->invoice->checks[i].rule, title, sizeof title),
                        to->invoice->checks[i].text);
    size_t count = dx_present_missing(to->invoice, missing);
    for (size_t i = 0; i < count; i++)
        put_finding(to, red, "✗", dx_present_label(dx_header_path(missing[i]), title, sizeof title), "not found");
}

typedef struct doubts {
    page *to;
    size_t count;
} doubts;

static void put_doubt(void *data, const dx_present_value *value)
{
    doubts *all = data;
    char title[96];
    if (!dx_present_doubtful(value->field) || dx_present_is_part(all->to->invoice, value->path) ||
        all->count++ >= DOUBTS_MAX)
        return;
    put_sign(all->to, yellow, "?", dx_present_label(value->path, title, sizeof title));
    say(all->to, value->field->text);
    dx_buffer_printf(all->to->out, ", only %d %% sure\n", value->field->evidence.confidence / 10);
}

static void put_checks(page *to)
{
    char title[96];
    size_t holds = 0;
    for (size_t i = 0; i < to->invoice->check_count; i++)
        holds += to->invoice->checks[i].state == DX_CHECK_HOLDS;
    rule(to);
    put_failing(to);
    for (size_t i = 0; i < to->invoice->warning_count; i++)
        if (!dx_present_repeats_check(to->invoice, &to->invoice->warnings[i]))
            put_finding(to, yellow, "!", dx_present_label(to->invoice->warnings[i].path, title, sizeof title),
                        to->invoice->warnings[i].message);
    doubts all = {to, 0};
    dx_present_each(to->invoice, &to->fails, put_doubt, &all);
    if (all.count > DOUBTS_MAX)
        dx_buffer_printf(to->out, "  and %zu more doubtful values\n", all.count - DOUBTS_MAX);
    paint(to, to->invoice->needs_review ? yellow : green);
    dx_buffer_printf(to->out, "%s %s", to->invoice->needs_review ? "!" : "✓",
                     to->invoice->needs_review ? "Needs review" : "Needs no review");
    paint(to, plain);
    dx_buffer_printf(to->out, ": %d %% sure, %zu check%s hold%s, ", to->invoice->confidence / 10, holds,
                     holds == 1 ? "" : "s", holds == 1 ? "s" : "");
    if (to->fails.count == 0)
        dx_buffer_text(to->out, "none fails\n");
    else
        dx_buffer_printf(to->out, "%zu fail%s\n", to->fails.count, to->fails.count == 1 ? "s" : "");
}

doxin_status dx_present_table(dx_ctx *ctx, const dx_invoice *invoice, const dx_present_options *options, dx_buffer *out)
{
    size_t width = options->width > 0 ? (size_t)options->width : WIDTH;
    page to = {.out = out, .invoice = invoice, .colour = options->colour};
    to.width = width < WIDTH_LEAST ? WIDTH_LEAST : width;
    if (!dx_present_find_fails(ctx, invoice, &to.fails))
        return DOXIN_E_NOMEM;
    put_title(&to, options->file_name);
    rule(&to);
    put_parties(&to);
    put_pairs(&to);
    put_lines(&to);
    put_sums(&to, ctx);
    put_checks(&to);
    dx_buffer_char(out, '\n');
    return DOXIN_OK;
}
