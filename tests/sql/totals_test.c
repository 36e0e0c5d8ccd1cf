/* validate_invoice_totals_enhanced() and the gate in C: the same invoices, the same verdicts, to the last digit. */
#include "base/rt/json.h"
#include "base/value/money.h"
#include "core/invoice/invoice.h"
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The table of cases. verdicts: "rule state" in order, as both must give them. */
static const struct {
    const char *name, *json, *verdicts;
} cases[] = {
    {"nothing", "{}", "lines_sum unknown, total unknown"},
    {"plain",
     "{\"currency\":\"EUR\",\"subtotal\":\"30.00\",\"tax_amount\":\"5.70\",\"total_amount\":\"35.70\",\"line_items\":["
     "{\"quantity\":\"3\",\"unit_price\":\"10.00\",\"line_total\":\"30.00\"}],"
     "\"taxes\":[{\"rate\":\"19\",\"base\":\"30.00\",\"amount\":\"5.70\"}]}",
     "line_total[0] holds, tax[0] holds, taxes_sum holds, lines_sum holds, total holds"},
    {"a cent is rounding, two are not",
     "{\"currency\":\"EUR\",\"subtotal\":\"30.01\",\"tax_amount\":\"5.70\",\"total_amount\":\"35.73\",\"line_items\":["
     "{\"quantity\":\"3\",\"unit_price\":\"10.00\",\"line_total\":\"30.01\"}]}",
     "line_total[0] holds, lines_sum holds, total fails"},
    {"the yen has no cents",
     "{\"currency\":\"JPY\",\"subtotal\":\"1000\",\"tax_amount\":\"100\",\"total_amount\":\"1101\",\"line_items\":["
     "{\"quantity\":\"3\",\"unit_price\":\"333.4\",\"line_total\":\"1000\"}]}",
     "line_total[0] holds, lines_sum holds, total holds"},
    {"the dinar has three digits",
     "{\"currency\":\"KWD\",\"subtotal\":\"1.000\",\"tax_amount\":\"0.050\",\"total_amount\":\"1.052\"}",
     "lines_sum unknown, total fails"},
    {"discounts, charges and freight",
     "{\"currency\":\"EUR\",\"lines_total\":\"100.00\",\"discount_total\":\"10.00\",\"charge_total\":\"2.00\","
     "\"freight\":"
     "\"5.00\",\"subtotal\":\"97.00\",\"tax_amount\":\"0.00\",\"total_amount\":\"97.00\",\"line_items\":["
     "{\"quantity\":\"1\",\"unit_price\":\"100.00\",\"line_total\":\"100.00\"}]}",
     "line_total[0] holds, lines_sum holds, subtotal holds, total holds"},
    {"prices with tax",
     "{\"currency\":\"EUR\",\"subtotal\":\"100.00\",\"tax_amount\":\"19.00\",\"total_amount\":\"119.00\",\"line_"
     "items\":["
     "{\"quantity\":\"1\",\"unit_price\":\"119.00\",\"line_total\":\"119.00\"}]}",
     "line_total[0] holds, lines_sum holds, total holds"},
    {"a percentage that is in the price already, and one that is not",
     "{\"currency\":\"EUR\",\"subtotal\":\"190.00\",\"line_items\":["
     "{\"quantity\":\"1\",\"unit_price\":\"100.00\",\"discount_percent\":\"10\",\"line_total\":\"100.00\"},"
     "{\"quantity\":\"1\",\"unit_price\":\"100.00\",\"discount_percent\":\"10\",\"line_total\":\"90.00\"}]}",
     "line_total[0] holds, line_total[1] holds, lines_sum holds, total unknown"},
    {"a price for a hundred",
     "{\"currency\":\"EUR\",\"subtotal\":\"2.50\",\"line_items\":[{\"quantity\":\"250\",\"unit_price\":\"1.00\","
     "\"price_base\":\"100\",\"line_total\":\"2.50\"}]}",
     "line_total[0] holds, lines_sum holds, total unknown"},
    {"a credit note",
     "{\"currency\":\"EUR\",\"subtotal\":\"-30.00\",\"tax_amount\":\"-5.70\",\"total_amount\":\"-35.70\",\"line_"
     "items\":["
     "{\"quantity\":\"-3\",\"unit_price\":\"10.00\",\"line_total\":\"-30.00\"}]}",
     "line_total[0] holds, lines_sum holds, total holds"},
    {"paid in advance, rounded",
     "{\"currency\":\"CHF\",\"subtotal\":\"100.02\",\"tax_amount\":\"0\",\"total_amount\":\"100.02\",\"prepaid_"
     "amount\":"
     "\"50.00\",\"rounding_amount\":\"-0.02\",\"amount_due\":\"50.00\"}",
     "lines_sum unknown, total holds, amount_due holds"},
    {"a line without a total",
     "{\"currency\":\"EUR\",\"subtotal\":\"10.00\",\"line_items\":[{\"quantity\":\"1\",\"unit_price\":\"10.00\"},"
     "{\"description\":\"text\"}]}",
     "line_total[1] unknown, lines_sum unknown, total unknown"},
    {"lines that do not add up",
     "{\"currency\":\"EUR\",\"subtotal\":\"50.00\",\"tax_amount\":\"0\",\"total_amount\":\"50.00\",\"line_items\":["
     "{\"quantity\":\"1\",\"unit_price\":\"10.00\",\"line_total\":\"10.00\"}]}",
     "line_total[0] holds, lines_sum fails, total holds"},
};

static bool is_arithmetic(const char *rule)
{
    static const char *const names[] = {"taxes_sum", "lines_sum", "subtotal", "total", "amount_due"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(rule, names[i]) == 0)
            return true;
    return strncmp(rule, "line_total[", 11) == 0 || strncmp(rule, "tax[", 4) == 0;
}

static const char *number(dx_ctx *ctx, dx_decimal value)
{
    char text[DX_DECIMAL_TEXT];
    return dx_text(ctx, dx_decimal_text_min(value, 0, text));
}

/* "rule state stated calculated difference tolerance" for each check; with_numbers false: "rule state". */
static const char *gate_verdicts(dx_ctx *ctx, const char *json, bool with_numbers)
{
    static const char *const states[] = {"", "holds", "fails", "unknown"};
    dx_json *tree = NULL;
    dx_invoice *invoice = NULL;
    dx_gate_options options = {.review_threshold = 800};
    dx_buffer out;
    cr_assert_eq(dx_json_parse(ctx, json, strlen(json), &tree), DOXIN_OK, "%s in %s", ctx->error.message, json);
    cr_assert_eq(dx_invoice_read(ctx, tree, &invoice), DOXIN_OK, "%s in %s", ctx->error.message, json);
    dx_json_free(tree);
    cr_assert_eq(dx_invoice_gate(ctx, invoice, &options), DOXIN_OK);
    dx_buffer_init(&out, 0);
    dx_buffer_text(&out, "");
    for (size_t i = 0; i < invoice->check_count; i++) {
        const dx_invoice_check *check = &invoice->checks[i];
        if (!is_arithmetic(check->rule))
            continue;
        dx_buffer_printf(&out, "%s%s %s", out.len > 0 ? ", " : "", check->rule, states[check->state]);
        if (with_numbers && check->state != DX_CHECK_UNKNOWN)
            dx_buffer_printf(&out, " %s %s %s %s", number(ctx, check->stated), number(ctx, check->calculated),
                             number(ctx, check->difference), number(ctx, check->tolerance));
    }
    const char *text = dx_text(ctx, out.data != NULL ? out.data : "");
    dx_buffer_free(&out);
    return text;
}

static const char insert_sql[] =
    "INSERT INTO invoices (uploaded_by_user_id, currency, lines_total, discount_total, charge_total, freight,"
    " subtotal, tax_amount, total_amount, prepaid_amount, rounding_amount, amount_due)"
    " SELECT doxin_me(), h.currency, h.lines_total, h.discount_total, h.charge_total, h.freight, h.subtotal, "
    "h.tax_amount,"
    " h.total_amount, h.prepaid_amount, h.rounding_amount, h.amount_due"
    " FROM jsonb_populate_record(NULL::invoices, $1::jsonb) AS h RETURNING id";
static const char lines_sql[] =
    "INSERT INTO invoice_line_items (invoice_id, line_number, description, quantity, unit_price, price_base,"
    " discount_percent, discount_amount, charge_amount, line_total)"
    " SELECT $2::uuid, row_number() OVER (), l.description, l.quantity, l.unit_price, l.price_base, l.discount_percent,"
    " l.discount_amount, l.charge_amount, l.line_total"
    " FROM jsonb_populate_recordset(NULL::invoice_line_items, coalesce($1::jsonb -> 'line_items', '[]')) AS l";
static const char taxes_sql[] =
    "INSERT INTO invoice_taxes (invoice_id, position, rate, base, amount)"
    " SELECT $2::uuid, row_number() OVER (), t.rate, t.base, t.amount"
    " FROM jsonb_populate_recordset(NULL::invoice_taxes, coalesce($1::jsonb -> 'taxes', '[]')) AS t";
static const char verdicts_sql[] =
    "SELECT coalesce(string_agg(CASE WHEN $2::boolean THEN concat_ws(' ', rule, state, trim_scale(stated), "
    "trim_scale(calculated), trim_scale(difference), trim_scale(tolerance)) ELSE rule || ' ' || state END, ', ' "
    "ORDER BY n), '') FROM validate_invoice_totals_enhanced($1) WITH ORDINALITY AS v (rule, state, stated, calculated, "
    "difference, tolerance, n)";

static const char *database_verdicts(world *w, const char *json, bool with_numbers)
{
    world_as(w, "user", USER_A);
    dx_rows *rows = world_exec(w, insert_sql, DX_PARAMS(json));
    const char *id = dx_rows_text(rows, 0, 0);
    world_exec(w, lines_sql, DX_PARAMS(json, id));
    world_exec(w, taxes_sql, DX_PARAMS(json, id));
    rows = world_exec(w, verdicts_sql, DX_PARAMS(id, with_numbers ? "true" : "false"));
    const char *verdicts = dx_rows_text(rows, 0, 0);
    world_as(w, "user", USER_B);
    rows = world_exec(w, verdicts_sql, DX_PARAMS(id, "false"));
    cr_assert_str_eq(dx_rows_text(rows, 0, 0), "", "another user's invoice was judged");
    return verdicts;
}

Test(totals, the_table_of_cases)
{
    world w;
    world_open(&w, "totals_cases", true);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect_str_eq(gate_verdicts(&w.ctx, cases[i].json, false), cases[i].verdicts, "C, %s: %s", cases[i].name,
                         gate_verdicts(&w.ctx, cases[i].json, false));
        const char *found = database_verdicts(&w, cases[i].json, false);
        cr_expect_str_eq(found, cases[i].verdicts, "SQL, %s: %s", cases[i].name, found);
    }
    world_close(&w);
}

/* ---- the same on invoices that nobody thought of ------------------------------------------------------------------------------ */

static unsigned state = 20261125;

static int below(int bound)
{
    state = state * 1103515245U + 12345U;
    return (int)((state >> 16) % (unsigned)bound);
}

static void add_member(dx_buffer *out, const char *name, int units, int scale)
{
    char text[DX_DECIMAL_TEXT];
    dx_buffer_printf(out, "%s\"%s\":\"%s\"", out->data[out->len - 1] == '{' ? "" : ",", name,
                     dx_decimal_text((dx_decimal){units, scale}, text));
}

/* A value near what it should be, or not there. */
static void add_maybe(dx_buffer *out, const char *name, int units, int scale)
{
    static const int errors[] = {0, 0, 0, 0, 1, -1, 2, -3, 100};
    if (below(5) > 0)
        add_member(out, name, units + errors[below(9)], scale);
}

static int add_lines(dx_buffer *out, int digits)
{
    static const int powers[] = {1, 10, 100, 1000};
    int sum = 0;
    dx_buffer_text(out, ",\"line_items\":[");
    for (int i = below(5); i > 0; i--) {
        int quantity = 1 + below(40), price = below(20000), total = quantity * price / 10;
        dx_buffer_text(out, "{\"description\":\"x\"");
        if (below(6) > 0)
            add_member(out, "quantity", quantity, 1);
        if (below(8) > 0)
            add_member(out, "unit_price", price, digits);
        if (below(6) == 0)
            add_member(out, "price_base", powers[below(4)], 0);
        if (below(6) == 0)
            add_member(out, "discount_percent", below(50), 0);
        if (below(6) == 0)
            add_member(out, "discount_amount", below(100), digits);
        if (below(8) == 0)
            add_member(out, "charge_amount", below(100), digits);
        add_maybe(out, "line_total", total, digits);
        sum += total;
        dx_buffer_text(out, i > 1 ? "}," : "}");
    }
    dx_buffer_text(out, "]");
    return sum;
}

static void make_invoice(dx_buffer *out)
{
    static const char *const currencies[] = {"EUR", "JPY", "KWD", "USD"};
    static const int digits_of[] = {2, 0, 3, 2};
    int which = below(4), digits = digits_of[which];
    dx_buffer_clear(out);
    dx_buffer_printf(out, "{\"currency\":\"%s\"", currencies[which]);
    int sum = add_lines(out, digits), freight = below(3) == 0 ? below(1000) : 0,
        discount = below(3) == 0 ? below(500) : 0;
    int tax = (sum + freight - discount) / 5;
    if (freight)
        add_member(out, "freight", freight, digits);
    if (discount)
        add_member(out, "discount_total", discount, digits);
    if (below(3) == 0)
        add_maybe(out, "lines_total", sum, digits);
    add_maybe(out, "subtotal", sum + freight - discount, digits);
    add_maybe(out, "tax_amount", tax, digits);
    add_maybe(out, "total_amount", sum + freight - discount + tax, digits);
    if (below(4) == 0)
        add_maybe(out, "amount_due", sum + freight - discount + tax, digits);
    dx_buffer_text(out, ",\"taxes\":[");
    for (int i = below(3); i > 0; i--) {
        dx_buffer_text(out, "{");
        add_member(out, "rate", 20, 0);
        add_maybe(out, "base", sum, digits);
        add_maybe(out, "amount", sum / 5, digits);
        dx_buffer_text(out, i > 1 ? "}," : "}");
    }
    dx_buffer_text(out, "]}");
}

Test(totals, both_agree_to_the_last_digit)
{
    world w;
    dx_buffer json;
    world_open(&w, "totals_random", true);
    dx_buffer_init(&json, 0);
    for (int i = 0; i < 300; i++) {
        make_invoice(&json);
        const char *ours = gate_verdicts(&w.ctx, json.data, true);
        const char *theirs = database_verdicts(&w, json.data, true);
        cr_assert_str_eq(ours, theirs, "%s\nC:   %s\nSQL: %s", json.data, ours, theirs);
    }
    dx_buffer_free(&json);
    world_close(&w);
}

Test(totals, currencies_have_the_same_digits)
{
    world w;
    world_open(&w, "totals_digits", true);
    world_as(&w, "user", USER_A);
    dx_rows *rows = world_exec(&w,
                               "SELECT a || b || c, doxin_currency_digits(a || b || c) "
                               "FROM (SELECT chr(64 + n) FROM generate_series(1, 26) AS n) AS x (a), "
                               "(SELECT chr(64 + n) FROM generate_series(1, 26) AS n) AS y (b), "
                               "(SELECT chr(64 + n) FROM generate_series(1, 26) AS n) AS z (c)",
                               DX_NO_PARAMS);
    cr_assert_eq(dx_rows_count(rows), 26 * 26 * 26);
    for (size_t row = 0; row < dx_rows_count(rows); row++) {
        int digits = dx_currency_digits(dx_rows_text(rows, row, 0));
        cr_expect_eq(dx_rows_integer(rows, row, 1, -9), digits < 0 ? 2 : digits, "%s", dx_rows_text(rows, row, 0));
    }
    world_close(&w);
}
