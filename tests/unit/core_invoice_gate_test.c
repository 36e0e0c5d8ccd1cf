/* The gate: what holds, what fails and by how much, what is filled and what is never changed. */
#include "core/invoice/invoice.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static dx_ctx ctx;

static void begin(void)
{
    cr_assert(dx_ctx_init(&ctx, 0));
}

static void end(void)
{
    dx_ctx_destroy(&ctx);
}

TestSuite(gate, .init = begin, .fini = end);

static dx_decimal decimal(const char *text)
{
    dx_decimal number = {0, 0};
    cr_assert(dx_decimal_parse(text, strlen(text), &number), "%s", text);
    return number;
}

static void put(dx_field *field, dx_value_kind kind, const char *text)
{
    dx_date date;
    if (kind == DX_VALUE_TEXT) {
        cr_assert_eq(dx_field_text(&ctx, field, text), DOXIN_OK);
    } else if (kind == DX_VALUE_DATE) {
        cr_assert(dx_date_parse(text, strlen(text), &date));
        cr_assert_eq(dx_field_date(&ctx, field, date), DOXIN_OK);
    } else {
        dx_decimal number = decimal(text);
        cr_assert_eq(dx_field_number(&ctx, field, number, kind == DX_VALUE_AMOUNT ? number.scale : 0), DOXIN_OK);
    }
}

static void put_header(dx_invoice *invoice, dx_header_id id, const char *text)
{
    put(&invoice->header[id], dx_header_kind(id), text);
}

/* NULL leaves a cell absent. */
static dx_line *put_line(dx_invoice *invoice, const char *quantity, const char *price, const char *total)
{
    dx_line *line = dx_invoice_add_line(&ctx, invoice);
    cr_assert_not_null(line);
    if (quantity)
        put(&line->cell[DX_CELL_QUANTITY], DX_VALUE_DECIMAL, quantity);
    if (price)
        put(&line->cell[DX_CELL_PRICE], DX_VALUE_DECIMAL, price);
    if (total)
        put(&line->cell[DX_CELL_TOTAL], DX_VALUE_AMOUNT, total);
    return line;
}

static dx_invoice *plain(const char *subtotal, const char *tax, const char *total)
{
    dx_invoice *invoice = dx_invoice_new(&ctx);
    cr_assert_not_null(invoice);
    put_header(invoice, DX_HEADER_NUMBER, "N-1");
    put_header(invoice, DX_HEADER_DATE, "2026-01-31");
    put_header(invoice, DX_HEADER_CURRENCY, "EUR");
    put_header(invoice, DX_HEADER_VENDOR_NAME, "Test Works");
    if (subtotal)
        put_header(invoice, DX_HEADER_SUBTOTAL, subtotal);
    if (tax)
        put_header(invoice, DX_HEADER_TAX_AMOUNT, tax);
    if (total)
        put_header(invoice, DX_HEADER_TOTAL, total);
    return invoice;
}

static void run(dx_invoice *invoice, bool fill)
{
    dx_gate_options options = {.review_threshold = 800, .fill = fill};
    cr_assert_eq(dx_invoice_gate(&ctx, invoice, &options), DOXIN_OK);
}

static const dx_invoice_check *check(const dx_invoice *invoice, const char *rule)
{
    for (size_t i = 0; i < invoice->check_count; i++)
        if (strcmp(invoice->checks[i].rule, rule) == 0)
            return &invoice->checks[i];
    return NULL;
}

static dx_check_state state(const dx_invoice *invoice, const char *rule)
{
    const dx_invoice_check *found = check(invoice, rule);
    cr_assert_not_null(found, "there is no check %s", rule);
    return found->state;
}

Test(gate, an_invoice_that_adds_up_needs_no_review)
{
    dx_invoice *invoice = plain("100.00", "19.00", "119.00");
    put_line(invoice, "3", "20", "60.00");
    put_line(invoice, "0.5", "80", "40.00");
    run(invoice, false);
    cr_expect_eq(state(invoice, "line_total[0]"), DX_CHECK_HOLDS);
    cr_expect_eq(state(invoice, "line_total[1]"), DX_CHECK_HOLDS);
    cr_expect_eq(state(invoice, "lines_sum"), DX_CHECK_HOLDS);
    cr_expect_eq(state(invoice, "total"), DX_CHECK_HOLDS);
    cr_expect_str_eq(check(invoice, "total")->text, "100.00 + 19.00 = 119.00");
    cr_expect_not(invoice->needs_review);
    cr_expect_eq(invoice->confidence, 1000);
}

Test(gate, a_wrong_total_is_told_with_its_difference)
{
    dx_invoice *invoice = plain("100.00", "19.00", "120.00");
    run(invoice, true);
    const dx_invoice_check *total = check(invoice, "total");
    cr_assert_eq(total->state, DX_CHECK_FAILS);
    cr_expect(dx_decimal_equal(total->difference, decimal("1.00")));
    cr_expect_not_null(strstr(total->text, "1.00 more"), "%s", total->text);
    cr_expect(invoice->needs_review);
    cr_expect_leq(invoice->confidence, 600);
    cr_expect_str_eq(invoice->header[DX_HEADER_TOTAL].text, "120.00", "nothing is made to fit");
}

Test(gate, checks_are_made_anew_each_time)
{
    dx_invoice *invoice = plain("100.00", "19.00", "119.00");
    run(invoice, false);
    size_t count = invoice->check_count;
    run(invoice, false);
    cr_expect_eq(invoice->check_count, count);
}

Test(gate, tolerance_follows_the_currency)
{
    dx_invoice *euro = plain("100.00", "19.00", "119.01");
    run(euro, false);
    cr_expect_eq(state(euro, "total"), DX_CHECK_HOLDS);
    dx_invoice *two = plain("100.00", "19.00", "119.02");
    run(two, false);
    cr_expect_eq(state(two, "total"), DX_CHECK_FAILS);
    dx_invoice *yen = plain("1000", "100", "1101");
    put_header(yen, DX_HEADER_CURRENCY, "JPY");
    run(yen, false);
    cr_expect_eq(state(yen, "total"), DX_CHECK_HOLDS);
    dx_invoice *dinar = plain("10.000", "1.000", "11.002");
    put_header(dinar, DX_HEADER_CURRENCY, "KWD");
    run(dinar, false);
    cr_expect_eq(state(dinar, "total"), DX_CHECK_FAILS);
}

Test(gate, tolerance_of_a_sum_grows_with_its_lines)
{
    dx_invoice *invoice = plain("30.03", "0.00", "30.03");
    for (int i = 0; i < 6; i++)
        put_line(invoice, NULL, NULL, "5.00");
    run(invoice, false);
    cr_expect_eq(state(invoice, "lines_sum"), DX_CHECK_HOLDS);
    put_header(invoice, DX_HEADER_SUBTOTAL, "30.04");
    put_header(invoice, DX_HEADER_TOTAL, "30.04");
    run(invoice, false);
    cr_expect_eq(state(invoice, "lines_sum"), DX_CHECK_FAILS);
}

Test(gate, a_line_has_base_discount_and_charge)
{
    dx_invoice *invoice = plain("200.00", "0.00", "200.00");
    dx_line *line = put_line(invoice, "2500", "9", "200.00");
    put(&line->cell[DX_CELL_PRICE_BASE], DX_VALUE_DECIMAL, "100");
    put(&line->cell[DX_CELL_DISCOUNT_AMOUNT], DX_VALUE_AMOUNT, "30.00");
    put(&line->cell[DX_CELL_CHARGE_AMOUNT], DX_VALUE_AMOUNT, "5.00");
    run(invoice, false);
    cr_expect_eq(state(invoice, "line_total[0]"), DX_CHECK_HOLDS, "%s", check(invoice, "line_total[0]")->text);
    dx_field_clear(&line->cell[DX_CELL_CHARGE_AMOUNT]);
    run(invoice, false);
    cr_expect_eq(state(invoice, "line_total[0]"), DX_CHECK_FAILS);
}

Test(gate, a_percentage_may_be_in_the_price_already)
{
    dx_invoice *invoice = plain("90.00", "0.00", "90.00");
    dx_line *line = put_line(invoice, "10", "10", "90.00");
    put(&line->cell[DX_CELL_DISCOUNT_PERCENT], DX_VALUE_RATE, "10");
    run(invoice, false);
    cr_expect_eq(state(invoice, "line_total[0]"), DX_CHECK_HOLDS);
    put(&line->cell[DX_CELL_PRICE], DX_VALUE_DECIMAL, "9");
    run(invoice, false);
    cr_expect_eq(state(invoice, "line_total[0]"), DX_CHECK_HOLDS);
    put(&line->cell[DX_CELL_DISCOUNT_PERCENT], DX_VALUE_RATE, "20");
    put(&line->cell[DX_CELL_PRICE], DX_VALUE_DECIMAL, "10");
    run(invoice, false);
    cr_expect_eq(state(invoice, "line_total[0]"), DX_CHECK_FAILS);
}

Test(gate, a_rounded_price_explains_a_little)
{
    dx_invoice *invoice = plain("55.46", "0.00", "55.46");
    dx_line *line = put_line(invoice, "20", "2.77", "55.46");
    run(invoice, false);
    cr_expect_eq(state(invoice, "line_total[0]"), DX_CHECK_HOLDS);
    put(&line->cell[DX_CELL_PRICE], DX_VALUE_DECIMAL, "2.7701");
    run(invoice, false);
    cr_expect_eq(state(invoice, "line_total[0]"), DX_CHECK_FAILS, "a price of four places is no rounded one");
    dx_invoice *many = plain("104.00", "0.00", "104.00");
    put_line(many, "10000", "0.01", "104.00");
    run(many, false);
    cr_expect_eq(state(many, "line_total[0]"), DX_CHECK_FAILS, "not four percent");
}

Test(gate, document_charges_lead_to_the_subtotal)
{
    dx_invoice *invoice = plain("93.00", "0.00", "93.00");
    put_line(invoice, "1", "100", "100.00");
    put_header(invoice, DX_HEADER_LINES_TOTAL, "100.00");
    put_header(invoice, DX_HEADER_DISCOUNT_TOTAL, "20.00");
    put_header(invoice, DX_HEADER_CHARGE_TOTAL, "5.00");
    put_header(invoice, DX_HEADER_FREIGHT, "8.00");
    run(invoice, false);
    cr_expect_eq(state(invoice, "lines_sum"), DX_CHECK_HOLDS);
    cr_expect_eq(state(invoice, "subtotal"), DX_CHECK_HOLDS);
    put_header(invoice, DX_HEADER_FREIGHT, "9.00");
    run(invoice, false);
    cr_expect_eq(state(invoice, "subtotal"), DX_CHECK_FAILS);
}

static void put_tax(dx_invoice *invoice, const char *rate, const char *base, const char *amount)
{
    dx_tax *tax = dx_invoice_add_tax(&ctx, invoice);
    cr_assert_not_null(tax);
    put(&tax->cell[DX_TAX_RATE], DX_VALUE_RATE, rate);
    put(&tax->cell[DX_TAX_BASE], DX_VALUE_AMOUNT, base);
    if (amount)
        put(&tax->cell[DX_TAX_AMOUNT], DX_VALUE_AMOUNT, amount);
}

Test(gate, taxes_are_their_rate_of_their_base)
{
    dx_invoice *invoice = plain("150.00", "22.50", "172.50");
    put_tax(invoice, "19", "100.00", "19.00");
    put_tax(invoice, "7", "50.00", "3.50");
    run(invoice, false);
    cr_expect_eq(state(invoice, "tax[0]"), DX_CHECK_HOLDS);
    cr_expect_eq(state(invoice, "tax[1]"), DX_CHECK_HOLDS);
    cr_expect_eq(state(invoice, "taxes_sum"), DX_CHECK_HOLDS);
    put(&invoice->taxes[1].cell[DX_TAX_AMOUNT], DX_VALUE_AMOUNT, "4.50");
    run(invoice, false);
    cr_expect_eq(state(invoice, "tax[1]"), DX_CHECK_FAILS);
    cr_expect_eq(state(invoice, "taxes_sum"), DX_CHECK_FAILS);
}

Test(gate, what_is_due_is_the_total_less_what_was_paid)
{
    dx_invoice *invoice = plain("100.00", "19.00", "119.00");
    put_header(invoice, DX_HEADER_PREPAID, "50.00");
    put_header(invoice, DX_HEADER_AMOUNT_DUE, "69.00");
    run(invoice, false);
    cr_expect_eq(state(invoice, "amount_due"), DX_CHECK_HOLDS);
    put_header(invoice, DX_HEADER_AMOUNT_DUE, "119.00");
    run(invoice, false);
    cr_expect_eq(state(invoice, "amount_due"), DX_CHECK_FAILS);
}

Test(gate, fills_only_what_the_others_determine)
{
    dx_invoice *invoice = plain("100.00", "19.00", NULL);
    put_line(invoice, "4", "25", NULL);
    run(invoice, true);
    const dx_field *total = &invoice->header[DX_HEADER_TOTAL];
    cr_assert(total->present);
    cr_expect_str_eq(total->text, "119.00");
    cr_expect_eq(total->evidence.origin, DX_ORIGIN_ARITHMETIC);
    cr_expect_str_eq(total->note, "subtotal + tax");
    cr_expect_str_eq(invoice->lines[0].cell[DX_CELL_TOTAL].text, "100.00");
    dx_invoice *bare = plain("100.00", NULL, NULL);
    run(bare, true);
    cr_expect_not(bare->header[DX_HEADER_TOTAL].present);
    dx_invoice *untouched = plain("100.00", "19.00", NULL);
    run(untouched, false);
    cr_expect_not(untouched->header[DX_HEADER_TOTAL].present);
}

Test(gate, single_values_have_rules)
{
    dx_invoice *invoice = plain("100.00", "19.00", "119.00");
    put_header(invoice, DX_HEADER_VENDOR_IBAN, "DE89370400440532013000");
    put_header(invoice, DX_HEADER_VENDOR_BIC, "COBADEFFXXX");
    put_header(invoice, DX_HEADER_VENDOR_TAX_ID, "DE136695976");
    put_header(invoice, DX_HEADER_VENDOR_COUNTRY, "DE");
    put_header(invoice, DX_HEADER_TAX_RATE, "19");
    put_header(invoice, DX_HEADER_DUE_DATE, "2026-01-31");
    run(invoice, false);
    static const char *const rules[] = {"iban", "bic", "vendor_tax_id", "due_date", "currency", "tax_rate"};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        cr_expect_eq(state(invoice, rules[i]), DX_CHECK_HOLDS, "%s", rules[i]);
    put_header(invoice, DX_HEADER_VENDOR_IBAN, "DE89370400440532013001");
    put_header(invoice, DX_HEADER_VENDOR_BIC, "NOBIC");
    put_header(invoice, DX_HEADER_DUE_DATE, "2026-01-30");
    put_header(invoice, DX_HEADER_CURRENCY, "XXY");
    put_header(invoice, DX_HEADER_TAX_RATE, "18");
    run(invoice, false);
    cr_expect_eq(state(invoice, "iban"), DX_CHECK_FAILS);
    cr_expect_eq(state(invoice, "bic"), DX_CHECK_FAILS);
    cr_expect_eq(state(invoice, "due_date"), DX_CHECK_FAILS);
    cr_expect_eq(state(invoice, "currency"), DX_CHECK_FAILS);
    cr_expect_eq(state(invoice, "tax_rate"), DX_CHECK_UNKNOWN);
    put_header(invoice, DX_HEADER_VENDOR_IBAN, "0532013000");
    run(invoice, false);
    cr_expect_eq(state(invoice, "iban"), DX_CHECK_UNKNOWN, "an account number has no check digits");
}

static size_t warnings(const dx_invoice *invoice, const char *code, const char *path, const char *value)
{
    size_t count = 0;
    for (size_t i = 0; i < invoice->warning_count; i++)
        count += strcmp(invoice->warnings[i].code, code) == 0 && strcmp(invoice->warnings[i].path, path) == 0 &&
                 strstr(invoice->warnings[i].message, value);
    return count;
}

Test(gate, a_value_that_fails_is_a_warning_that_names_it)
{
    static const struct {
        dx_header_id id;
        const char *good, *bad, *code;
    } cases[] = {
        {DX_HEADER_VENDOR_IBAN, "DE89370400440532013000", "DE89370400440532013001", "iban_invalid"},
        {DX_HEADER_VENDOR_BIC, "COBADEFFXXX", "COBAXXFF", "bic_invalid"},
        {DX_HEADER_VENDOR_TAX_ID, "DE136695976", "DE136695977", "vat_id_invalid"},
        {DX_HEADER_CUSTOMER_TAX_ID, "ATU13585627", "ATU13585626", "vat_id_invalid"},
        {DX_HEADER_PAYMENT_REFERENCE, "RF18539007547034", "RF19539007547034", "reference_invalid"},
        {DX_HEADER_DUE_DATE, "2026-01-31", "2026-01-30", "due_before_invoice"},
        {DX_HEADER_CURRENCY, "EUR", "XXY", "currency_unknown"},
        {DX_HEADER_TAX_RATE, "19", "18", "tax_rate_unknown"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        dx_invoice *invoice = plain("100.00", "19.00", "119.00");
        const char *path = dx_header_path(cases[i].id);
        put_header(invoice, DX_HEADER_VENDOR_COUNTRY, "DE");
        put_header(invoice, cases[i].id, cases[i].bad);
        run(invoice, false);
        run(invoice, false);
        cr_expect_eq(warnings(invoice, cases[i].code, path, cases[i].bad), 1, "%s: once, though checked twice", path);
        put_header(invoice, cases[i].id, cases[i].good);
        run(invoice, false);
        cr_expect_eq(invoice->warning_count, 0, "%s: corrected", path);
    }
}

Test(gate, registrations_are_checked_by_their_country)
{
    dx_invoice *invoice = plain("100.00", "20.00", "120.00");
    put_header(invoice, DX_HEADER_VENDOR_COUNTRY, "FR");
    put_header(invoice, DX_HEADER_VENDOR_REGISTRATION, "732829321");
    put_header(invoice, DX_HEADER_CUSTOMER_COUNTRY, "SE");
    put_header(invoice, DX_HEADER_CUSTOMER_REGISTRATION, "202100-5489");
    run(invoice, false);
    cr_expect_eq(state(invoice, "vendor_registration"), DX_CHECK_UNKNOWN);
    cr_expect_eq(warnings(invoice, "registration_invalid", "vendor.registration", "732829321"), 1);
    cr_expect_eq(state(invoice, "customer_registration"), DX_CHECK_HOLDS);
    cr_expect_not(invoice->needs_review, "a doubt, not an error of the document");
}

Test(gate, a_warning_of_another_stays)
{
    dx_invoice *invoice = plain("100.00", "19.00", "119.00");
    cr_assert_eq(dx_invoice_warn(&ctx, invoice, "not_an_invoice", "", "said before"), DOXIN_OK);
    run(invoice, false);
    cr_expect_eq(invoice->warning_count, 1);
}

Test(gate, a_total_that_is_the_rate_is_a_reading_fault)
{
    dx_invoice *invoice = plain(NULL, NULL, "19.00");
    put_header(invoice, DX_HEADER_TAX_RATE, "19");
    run(invoice, false);
    cr_expect_eq(state(invoice, "total_is_rate"), DX_CHECK_FAILS);
}

Test(gate, what_every_invoice_has_must_be_there)
{
    dx_invoice *invoice = plain("100.00", "19.00", "119.00");
    dx_field_clear(&invoice->header[DX_HEADER_NUMBER]);
    run(invoice, false);
    cr_expect(invoice->needs_review);
    dx_invoice *doubtful = plain("100.00", "19.00", "119.00");
    doubtful->header[DX_HEADER_DATE].evidence = (dx_evidence){.origin = DX_ORIGIN_OCR, .confidence = 790};
    run(doubtful, false);
    cr_expect(doubtful->needs_review);
    cr_expect_eq(doubtful->confidence, 790);
}

/* Numbers at the edge of what fits give no answer and no crash. */
Test(gate, huge_numbers_do_not_wrap)
{
    dx_invoice *invoice = plain("9223372036854775807", "9223372036854775807", "9223372036854775807");
    put_line(invoice, "9223372036854775807", "9223372036854775807", "9223372036854775807");
    put_line(invoice, "1", "-9223372036854775807", "9223372036854775807");
    put_tax(invoice, "99999999999", "9223372036854775807", "9223372036854775807");
    run(invoice, true);
    const dx_invoice_check *total = check(invoice, "total");
    cr_expect(!total || total->state != DX_CHECK_HOLDS);
}

Test(gate, two_readings_differ_by_both_values)
{
    dx_invoice *a = plain("100.00", "19.00", "119.00");
    dx_invoice *b = plain("100.0", "19.00", "118.00");
    put_header(b, DX_HEADER_NUMBER, "n 1");
    put_line(a, "1", "100", "100.00");
    for (int id = 0; id < DX_HEADER_COUNT; id++)
        b->header[id].evidence.confidence = 950;
    cr_assert_eq(dx_invoice_compare(&ctx, a, b, NULL), DOXIN_OK);
    cr_assert_eq(a->warning_count, 1, "case, spaces and zeros are no difference");
    cr_expect_str_eq(a->warnings[0].path, "total_amount");
    cr_expect_not_null(strstr(a->warnings[0].message, "119.00"));
    cr_expect_not_null(strstr(a->warnings[0].message, "118.00"));
}

static doxin_status stands_on_page(void *data, dx_value_kind kind, const dx_field *field, bool *out)
{
    *out = kind == DX_VALUE_AMOUNT && strcmp(field->text, data) == 0;
    return DOXIN_OK;
}

Test(gate, a_page_that_was_misread_is_no_difference)
{
    char printed_total[] = "119.00";
    dx_printed printed = {stands_on_page, printed_total};
    dx_invoice *a = plain("100.00", "19.00", "119.00");
    dx_invoice *b = plain("100.00", "19.00", "118.00");
    for (int id = 0; id < DX_HEADER_COUNT; id++)
        b->header[id].evidence.confidence = 950;
    cr_assert_eq(dx_invoice_compare(&ctx, a, b, &printed), DOXIN_OK);
    cr_expect_eq(a->warning_count, 0, "the XML's total stands on the page");
    b->header[DX_HEADER_TOTAL].evidence.confidence = 500;
    cr_assert_eq(dx_invoice_compare(&ctx, a, b, NULL), DOXIN_OK);
    cr_expect_eq(a->warning_count, 0, "the page is not sure");
    b->header[DX_HEADER_TOTAL].evidence.confidence = 950;
    cr_assert_eq(dx_invoice_compare(&ctx, a, b, NULL), DOXIN_OK);
    cr_expect_eq(a->warning_count, 1);
    run(a, false);
    cr_expect(a->needs_review);
}

Test(gate, lines_are_compared_where_the_page_has_them_whole)
{
    dx_invoice *a = plain("100.00", "19.00", "119.00");
    dx_invoice *b = plain("100.00", "19.00", "119.00");
    put_line(a, "1", "100", "100.00");
    put_line(b, "1", "60", "60.00");
    put_line(b, "1", "39", "39.00");
    cr_assert_eq(dx_invoice_compare(&ctx, a, b, NULL), DOXIN_OK);
    cr_expect_eq(a->warning_count, 0, "rows that do not add up were not all read");
    put(&b->lines[1].cell[DX_CELL_TOTAL], DX_VALUE_AMOUNT, "40.00");
    cr_assert_eq(dx_invoice_compare(&ctx, a, b, NULL), DOXIN_OK);
    cr_expect_eq(a->warning_count, 1);
}
