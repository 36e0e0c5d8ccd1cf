/* The arithmetic of an invoice, exact, with what rounding may do and no more: invoice.h says how much that is. */
#include "core/invoice/gate.h"

#include "base/value/money.h"

#include <stdarg.h>
#include <string.h>

/* ---- recording -------------------------------------------------------------------------------------------------------- */

static dx_invoice_check *add(dx_gate *gate)
{
    dx_invoice *invoice = gate->invoice;
    dx_invoice_check *check =
        dx_push(gate->ctx, (void **)&invoice->checks, &invoice->check_count, &invoice->check_capacity, sizeof *check);
    if (!check)
        gate->status = DOXIN_E_NOMEM;
    return check;
}

static const char *or_empty(dx_gate *gate, const char *text)
{
    if (!text)
        gate->status = dx_nomem(gate->ctx);
    return text ? text : "";
}

const char *dx_gate_text(dx_gate *gate, dx_decimal value)
{
    char text[DX_DECIMAL_TEXT];
    return or_empty(gate, dx_text(gate->ctx, dx_decimal_text_min(value, gate->digits, text)));
}

const char *dx_gate_name(dx_gate *gate, const char *rule, size_t index)
{
    return or_empty(gate, dx_textf(gate->ctx, "%s[%zu]", rule, index));
}

static void put_rule(dx_gate *gate, const char *rule, dx_check_state state, const char *text)
{
    dx_invoice_check *check = add(gate);
    if (!check)
        return;
    check->text = or_empty(gate, text);
    check->rule = rule;
    check->state = state;
    gate->failed = gate->failed || state == DX_CHECK_FAILS;
}

void dx_gate_rule(dx_gate *gate, const char *rule, dx_check_state state, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put_rule(gate, rule, state, dx_arena_vprintf(gate->ctx->arena, format, arguments));
    va_end(arguments);
}

void dx_gate_value(dx_gate *gate, const char *rule, const char *code, const char *path, dx_check_state state,
                   const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = dx_arena_vprintf(gate->ctx->arena, format, arguments);
    va_end(arguments);
    put_rule(gate, rule, state, text);
    if (state == DX_CHECK_HOLDS || gate->status != DOXIN_OK)
        return;
    gate->status = dx_invoice_warn(gate->ctx, gate->invoice, code, path, "%s", text);
}

/* The gate runs again after a correction: what it said before is said anew or no longer true. */
static void forget_warnings(dx_invoice *invoice)
{
    size_t kept = 0;
    for (size_t i = 0; i < invoice->warning_count; i++)
        if (!dx_gate_warns(invoice->warnings[i].code))
            invoice->warnings[kept++] = invoice->warnings[i];
    invoice->warning_count = kept;
}

void dx_gate_equation(dx_gate *gate, const char *rule, const char *words, dx_decimal stated, dx_decimal calculated,
                      dx_decimal tolerance)
{
    dx_decimal difference;
    dx_invoice_check *check = add(gate);
    if (!check)
        return;
    bool fits = dx_decimal_sub(stated, calculated, &difference);
    bool holds = fits && dx_decimal_compare(dx_decimal_abs(difference), tolerance) <= 0;
    const char *left = dx_gate_text(gate, calculated);
    check->rule = rule;
    check->state = holds ? DX_CHECK_HOLDS : DX_CHECK_FAILS;
    check->equation = true;
    check->stated = stated;
    check->calculated = calculated;
    check->difference = fits ? difference : (dx_decimal){0, 0};
    check->tolerance = tolerance;
    if (holds && dx_decimal_sign(check->difference) == 0)
        check->text = or_empty(gate, dx_textf(gate->ctx, "%s = %s", words, left));
    else if (holds)
        check->text = or_empty(
            gate, dx_textf(gate->ctx, "%s = %s, and %s is within rounding", words, left, dx_gate_text(gate, stated)));
    else
        check->text =
            or_empty(gate, dx_textf(gate->ctx, "%s = %s, but the document says %s (%s %s)", words, left,
                                    dx_gate_text(gate, stated), dx_gate_text(gate, dx_decimal_abs(check->difference)),
                                    dx_decimal_sign(check->difference) < 0 ? "less" : "more"));
    gate->failed = gate->failed || !holds;
}

/* ---- values ------------------------------------------------------------------------------------------------------------ */

static const dx_field *header(const dx_gate *gate, dx_header_id id)
{
    return &gate->invoice->header[id];
}

static dx_decimal number_or_zero(const dx_field *field)
{
    return field->present ? field->number : (dx_decimal){0, 0};
}

static dx_decimal share_tolerance(const dx_gate *gate, size_t count)
{
    dx_decimal half = {5, gate->digits + 1};
    dx_decimal tolerance;
    if (count > 1000000 || !dx_decimal_mul(half, (dx_decimal){(int64_t)count, 0}, &tolerance))
        tolerance = gate->minor;
    return dx_decimal_compare(tolerance, gate->minor) < 0 ? gate->minor : tolerance;
}

static bool within(dx_decimal a, dx_decimal b, dx_decimal tolerance)
{
    dx_decimal difference;
    return dx_decimal_sub(a, b, &difference) && dx_decimal_compare(dx_decimal_abs(difference), tolerance) <= 0;
}

/* Supplies a value that the others determine; its note says how. */
static void fill(dx_gate *gate, dx_field *field, dx_decimal value, const char *note)
{
    if (!gate->options->fill || field->present || gate->status != DOXIN_OK)
        return;
    gate->status = dx_field_number(gate->ctx, field, value, gate->digits);
    field->evidence = (dx_evidence){.origin = DX_ORIGIN_ARITHMETIC, .confidence = 900};
    field->note = note;
}

/* ---- lines -------------------------------------------------------------------------------------------------------------- */

/* quantity × price / base, rounded to the currency. */
static bool line_product(const dx_gate *gate, const dx_line *line, dx_decimal *out)
{
    const dx_field *quantity = &line->cell[DX_CELL_QUANTITY];
    const dx_field *price = &line->cell[DX_CELL_PRICE];
    const dx_field *base = &line->cell[DX_CELL_PRICE_BASE];
    if (!price->present)
        return false;
    dx_decimal product;
    if (!dx_decimal_mul(quantity->present ? quantity->number : (dx_decimal){1, 0}, price->number, &product))
        return false;
    if (base->present && dx_decimal_sign(base->number) > 0 && !dx_decimal_div(product, base->number, 8, &product))
        return false;
    return dx_decimal_round(product, gate->digits, out);
}

static bool less_percent(const dx_gate *gate, dx_decimal amount, dx_decimal percent, dx_decimal *out)
{
    dx_decimal rest;
    return dx_decimal_sub((dx_decimal){100, 0}, percent, &rest) && dx_decimal_mul(amount, rest, &rest) &&
           dx_decimal_div(rest, (dx_decimal){100, 0}, gate->digits, out);
}

/* Decimal places without zeros at the end: "48.50" has one. */
static int places_of(dx_decimal number)
{
    while (number.scale > 0 && number.units % 10 == 0) {
        number.units /= 10;
        number.scale--;
    }
    return number.scale;
}

/* A price with no more places than the currency may have been rounded for printing: the product is then uncertain by
 * half a minor unit for each unit of quantity. Half a percent bounds it, as large quantities would explain anything. */
static dx_decimal line_tolerance(const dx_gate *gate, const dx_line *line, dx_decimal calculated)
{
    const dx_field *quantity = &line->cell[DX_CELL_QUANTITY];
    const dx_field *base = &line->cell[DX_CELL_PRICE_BASE];
    dx_decimal slack, bound;
    if (places_of(line->cell[DX_CELL_PRICE].number) > gate->digits || !quantity->present ||
        !dx_decimal_mul(quantity->number, (dx_decimal){5, gate->digits + 1}, &slack))
        return gate->minor;
    if (base->present && dx_decimal_sign(base->number) > 0 && !dx_decimal_div(slack, base->number, 8, &slack))
        return gate->minor;
    if (!dx_decimal_mul(dx_decimal_abs(calculated), (dx_decimal){5, 3}, &bound))
        return gate->minor;
    slack = dx_decimal_abs(slack);
    slack = dx_decimal_compare(bound, slack) < 0 ? bound : slack;
    return dx_decimal_compare(slack, gate->minor) < 0 ? gate->minor : slack;
}

/* What a line comes to: its product, less the discount and with the charge of the line. A printed percentage may be in
 * the price already; then the product alone is right. */
static bool line_amount(const dx_gate *gate, const dx_line *line, dx_decimal *out)
{
    const dx_field *discount = &line->cell[DX_CELL_DISCOUNT_AMOUNT];
    const dx_field *percent = &line->cell[DX_CELL_DISCOUNT_PERCENT];
    const dx_field *total = &line->cell[DX_CELL_TOTAL];
    dx_decimal product, reduced;
    if (!line_product(gate, line, &product))
        return false;
    *out = product;
    if (discount->present)
        return dx_decimal_sub(product, discount->number, out) &&
               dx_decimal_add(*out, number_or_zero(&line->cell[DX_CELL_CHARGE_AMOUNT]), out);
    if (percent->present && less_percent(gate, product, percent->number, &reduced) && total->present &&
        !within(product, total->number, gate->minor))
        *out = reduced;
    return dx_decimal_add(*out, number_or_zero(&line->cell[DX_CELL_CHARGE_AMOUNT]), out);
}

static const char *line_words(dx_gate *gate, const dx_line *line)
{
    const dx_field *quantity = &line->cell[DX_CELL_QUANTITY];
    const dx_field *discount = &line->cell[DX_CELL_DISCOUNT_AMOUNT];
    const dx_field *charge = &line->cell[DX_CELL_CHARGE_AMOUNT];
    const dx_field *base = &line->cell[DX_CELL_PRICE_BASE];
    const char *words = dx_textf(
        gate->ctx, "%s × %s%s%s%s%s%s%s", quantity->present ? quantity->text : "1", line->cell[DX_CELL_PRICE].text,
        base->present ? " / " : "", base->present ? base->text : "", discount->present ? " - " : "",
        discount->present ? discount->text : "", charge->present ? " + " : "", charge->present ? charge->text : "");
    return or_empty(gate, words);
}

static void check_line(dx_gate *gate, size_t index)
{
    dx_line *line = &gate->invoice->lines[index];
    dx_field *total = &line->cell[DX_CELL_TOTAL];
    dx_decimal calculated;
    const char *rule = dx_gate_name(gate, "line_total", index);
    if (!line_amount(gate, line, &calculated)) {
        if (line->cell[DX_CELL_QUANTITY].present || !total->present)
            dx_gate_rule(gate, rule, DX_CHECK_UNKNOWN, "the line has no unit price");
        return;
    }
    if (!total->present) {
        fill(gate, total, calculated, "quantity × unit price");
        return;
    }
    dx_gate_equation(gate, rule, line_words(gate, line), total->number, calculated,
                     line_tolerance(gate, line, calculated));
}

/* False: a line without a total, or it does not fit. */
static bool sum_lines(const dx_gate *gate, dx_decimal *out)
{
    *out = (dx_decimal){0, 0};
    for (size_t i = 0; i < gate->invoice->line_count; i++) {
        const dx_field *total = &gate->invoice->lines[i].cell[DX_CELL_TOTAL];
        if (!total->present || !dx_decimal_add(*out, total->number, out))
            return false;
    }
    return gate->invoice->line_count > 0;
}

/* Lines less discounts, with charges and freight: what the subtotal should be. */
static bool adjusted(const dx_gate *gate, dx_decimal lines, dx_decimal *out)
{
    return dx_decimal_sub(lines, number_or_zero(header(gate, DX_HEADER_DISCOUNT_TOTAL)), out) &&
           dx_decimal_add(*out, number_or_zero(header(gate, DX_HEADER_CHARGE_TOTAL)), out) &&
           dx_decimal_add(*out, number_or_zero(header(gate, DX_HEADER_FREIGHT)), out);
}

/* Where a document prints prices with tax, its lines add up to the total; where freight is one of the lines, without the
 * freight again. Whichever holds is the equation; none: the plain one is reported as failing. */
static void check_lines_sum(dx_gate *gate)
{
    dx_decimal lines, all;
    const dx_field *subtotal = header(gate, DX_HEADER_SUBTOTAL);
    const dx_field *total = header(gate, DX_HEADER_TOTAL);
    const dx_field *stated = header(gate, DX_HEADER_LINES_TOTAL);
    if (!sum_lines(gate, &lines) || !adjusted(gate, lines, &all)) {
        dx_gate_rule(gate, "lines_sum", DX_CHECK_UNKNOWN, "not every line has a total");
        return;
    }
    dx_decimal tolerance = share_tolerance(gate, gate->invoice->line_count);
    const char *words = gate->invoice->line_count == 1 ? "the line" : "the sum of the lines";
    if (stated->present)
        dx_gate_equation(gate, "lines_sum", words, stated->number, lines, tolerance);
    if (subtotal->present && !stated->present && within(subtotal->number, lines, tolerance))
        dx_gate_equation(gate, "lines_sum", words, subtotal->number, lines, tolerance);
    else if (subtotal->present && (stated->present || within(subtotal->number, all, tolerance)))
        dx_gate_equation(gate, "subtotal", "lines - discounts + charges + freight", subtotal->number, all, tolerance);
    else if (total->present && (within(total->number, lines, tolerance) || within(total->number, all, tolerance)))
        dx_gate_equation(gate, "lines_sum", "the sum of the lines, which include tax,", total->number,
                         within(total->number, lines, tolerance) ? lines : all, tolerance);
    else if (subtotal->present)
        dx_gate_equation(gate, "lines_sum", words, subtotal->number, all, tolerance);
    else if (!stated->present)
        dx_gate_rule(gate, "lines_sum", DX_CHECK_UNKNOWN, "there is no subtotal to compare the lines with");
}

/* ---- taxes ---------------------------------------------------------------------------------------------------------------- */

static void check_tax_row(dx_gate *gate, size_t index)
{
    dx_tax *tax = &gate->invoice->taxes[index];
    const dx_field *rate = &tax->cell[DX_TAX_RATE];
    const dx_field *base = &tax->cell[DX_TAX_BASE];
    dx_field *amount = &tax->cell[DX_TAX_AMOUNT];
    dx_decimal calculated;
    if (!rate->present || !base->present || !dx_decimal_mul(base->number, rate->number, &calculated) ||
        !dx_decimal_div(calculated, (dx_decimal){100, 0}, gate->digits, &calculated))
        return;
    if (!amount->present) {
        fill(gate, amount, calculated, "taxable amount × rate");
        return;
    }
    const char *words = or_empty(gate, dx_textf(gate->ctx, "%s × %s %%", base->text, rate->text));
    dx_gate_equation(gate, dx_gate_name(gate, "tax", index), words, amount->number, calculated,
                     share_tolerance(gate, gate->invoice->line_count + 1));
}

static void check_taxes(dx_gate *gate)
{
    dx_decimal sum = {0, 0};
    bool complete = gate->invoice->tax_count > 0;
    for (size_t i = 0; i < gate->invoice->tax_count; i++) {
        check_tax_row(gate, i);
        const dx_field *amount = &gate->invoice->taxes[i].cell[DX_TAX_AMOUNT];
        complete = complete && amount->present && dx_decimal_add(sum, amount->number, &sum);
    }
    const dx_field *stated = header(gate, DX_HEADER_TAX_AMOUNT);
    if (complete && stated->present)
        dx_gate_equation(gate, "taxes_sum", "the sum of the taxes", stated->number, sum,
                         share_tolerance(gate, gate->invoice->tax_count));
    else if (complete)
        fill(gate, &gate->invoice->header[DX_HEADER_TAX_AMOUNT], sum, "sum of the taxes by rate");
}

/* ---- totals --------------------------------------------------------------------------------------------------------------- */

static void fill_totals(dx_gate *gate)
{
    dx_field *subtotal = &gate->invoice->header[DX_HEADER_SUBTOTAL];
    dx_field *tax = &gate->invoice->header[DX_HEADER_TAX_AMOUNT];
    dx_field *total = &gate->invoice->header[DX_HEADER_TOTAL];
    dx_decimal value;
    if (subtotal->present && tax->present && !total->present && dx_decimal_add(subtotal->number, tax->number, &value))
        fill(gate, total, value, "subtotal + tax");
    else if (!subtotal->present && tax->present && total->present && dx_decimal_sub(total->number, tax->number, &value))
        fill(gate, subtotal, value, "total - tax");
    else if (subtotal->present && !tax->present && total->present &&
             dx_decimal_sub(total->number, subtotal->number, &value) && dx_decimal_sign(value) >= 0 &&
             dx_decimal_compare(value, subtotal->number) < 0)
        fill(gate, tax, value, "total - subtotal");
}

static void check_total(dx_gate *gate)
{
    const dx_field *subtotal = header(gate, DX_HEADER_SUBTOTAL);
    const dx_field *tax = header(gate, DX_HEADER_TAX_AMOUNT);
    const dx_field *total = header(gate, DX_HEADER_TOTAL);
    dx_decimal sum;
    if (!subtotal->present || !tax->present || !total->present) {
        dx_gate_rule(gate, "total", DX_CHECK_UNKNOWN, "subtotal, tax and total are not all there");
        return;
    }
    if (!dx_decimal_add(subtotal->number, tax->number, &sum))
        return;
    const char *words = or_empty(gate, dx_textf(gate->ctx, "%s + %s", subtotal->text, tax->text));
    dx_gate_equation(gate, "total", words, total->number, sum, gate->minor);
}

/* The MINIMUM profile of Factur-X has no term for what was paid before. */
static bool prepaid_unsaid(const dx_gate *gate)
{
    const char *profile = gate->invoice->profile;
    return profile && strstr(profile, "minimum") && !header(gate, DX_HEADER_PREPAID)->present;
}

static void check_due(dx_gate *gate)
{
    const dx_field *total = header(gate, DX_HEADER_TOTAL);
    const dx_field *due = header(gate, DX_HEADER_AMOUNT_DUE);
    const dx_field *prepaid = header(gate, DX_HEADER_PREPAID);
    const dx_field *rounding = header(gate, DX_HEADER_ROUNDING);
    dx_decimal sum;
    if (!total->present || !due->present)
        return;
    if (!dx_decimal_sub(total->number, number_or_zero(prepaid), &sum) ||
        !dx_decimal_add(sum, number_or_zero(rounding), &sum))
        return;
    if (prepaid_unsaid(gate) && !within(due->number, sum, gate->minor)) {
        dx_gate_rule(gate, "amount_due", DX_CHECK_UNKNOWN,
                     "%s of %s is due; the profile cannot say what was paid before", due->text, total->text);
        return;
    }
    const char *words =
        or_empty(gate, dx_textf(gate->ctx, "%s - %s%s%s", total->text, prepaid->present ? prepaid->text : "0",
                                rounding->present ? " + " : "", rounding->present ? rounding->text : ""));
    dx_gate_equation(gate, "amount_due", words, due->number, sum, gate->minor);
}

/* ---- the whole -------------------------------------------------------------------------------------------------------------- */

static const dx_header_id mandatory[] = {DX_HEADER_NUMBER, DX_HEADER_DATE, DX_HEADER_TOTAL, DX_HEADER_CURRENCY,
                                         DX_HEADER_VENDOR_NAME};

/* XML or a payment's code says something else than the page: one of them is wrong. */
static bool sources_differ(const dx_invoice *invoice)
{
    for (size_t i = 0; i < invoice->warning_count; i++)
        if (strcmp(invoice->warnings[i].code, "xml_page_difference") == 0 ||
            strcmp(invoice->warnings[i].code, "code_page_difference") == 0)
            return true;
    return false;
}

/* The weakest of what every invoice must have; a value of no origin was given by the caller, who knows it. */
static void judge(dx_gate *gate)
{
    dx_invoice *invoice = gate->invoice;
    int confidence = 1000;
    bool complete = true;
    for (size_t i = 0; i < sizeof mandatory / sizeof mandatory[0]; i++) {
        const dx_field *field = &invoice->header[mandatory[i]];
        int own = field->evidence.origin == DX_ORIGIN_NONE ? 1000 : field->evidence.confidence;
        complete = complete && field->present;
        if (field->present && own < confidence)
            confidence = own;
    }
    if (!complete)
        confidence /= 2;
    if (gate->failed && confidence > 600)
        confidence = 600;
    invoice->confidence = confidence;
    bool none =
        invoice->kind == DX_KIND_PURCHASE_ORDER || invoice->kind == DX_KIND_STATEMENT || invoice->kind == DX_KIND_OTHER;
    invoice->needs_review = gate->failed || none || sources_differ(invoice) || invoice->document_count > 1 ||
                            !complete || confidence < gate->options->review_threshold;
}

doxin_status dx_invoice_gate(dx_ctx *ctx, dx_invoice *invoice, const dx_gate_options *options)
{
    static const dx_gate_options plain = {.review_threshold = 800, .fill = false};
    const dx_field *currency = &invoice->header[DX_HEADER_CURRENCY];
    int digits = currency->present ? dx_currency_digits(currency->text) : 2;
    dx_gate gate = {
        .ctx = ctx, .invoice = invoice, .options = options ? options : &plain, .digits = digits < 0 ? 2 : digits};
    gate.minor = (dx_decimal){1, gate.digits};
    invoice->check_count = 0;
    forget_warnings(invoice);
    for (size_t i = 0; i < invoice->line_count && gate.status == DOXIN_OK; i++)
        check_line(&gate, i);
    check_taxes(&gate);
    fill_totals(&gate);
    check_lines_sum(&gate);
    check_total(&gate);
    check_due(&gate);
    dx_gate_rules(&gate);
    judge(&gate);
    return gate.status;
}
