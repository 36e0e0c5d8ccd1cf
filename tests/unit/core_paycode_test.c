/* Codes of payments: the forms of EPC069-12 and of the Swiss QR-bill, and what breaks them. */
#include "core/paycode/paycode.h"

#include <criterion/criterion.h>
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

TestSuite(paycode, .init = begin, .fini = end);

static dx_paycode parse(const char *text)
{
    dx_paycode code;
    cr_assert_eq(dx_paycode_parse(&ctx, text, strlen(text), &code), DOXIN_OK);
    return code;
}

#define EPC(version, amount) "BCD\n" version "\n1\nSCT\nCOBADEFFXXX\nTest Works\nDE89370400440532013000\n" amount

Test(paycode, reads_a_giro_code)
{
    dx_paycode code = parse(EPC("002", "EUR119.00\n\nRF18539007547034\n\nthanks"));
    cr_assert_eq(code.kind, DX_PAYCODE_EPC);
    cr_expect_str_eq(code.name, "Test Works");
    cr_expect_str_eq(code.iban, "DE89370400440532013000");
    cr_expect_str_eq(code.bic, "COBADEFFXXX");
    cr_expect_str_eq(code.currency, "EUR");
    cr_expect_str_eq(code.reference, "RF18539007547034");
    cr_assert(code.has_amount);
    cr_expect(dx_decimal_equal(code.amount, (dx_decimal){11900, 2}));
}

Test(paycode, a_giro_code_may_end_early)
{
    dx_paycode code = parse(EPC("001", ""));
    cr_expect_eq(code.kind, DX_PAYCODE_EPC);
    cr_expect_not(code.has_amount);
    cr_expect_str_eq(code.message, "");
    cr_expect_eq(parse(EPC("002", "EUR1\n\n\nInvoice 7")).kind, DX_PAYCODE_EPC);
}

Test(paycode, refuses_what_breaks_the_form)
{
    static const char *const bad[] = {
        "",
        "BCD",
        "https://example.org/pay",
        EPC("003", "EUR119.00"),
        EPC("002", "USD119.00"),
        EPC("002", "EUR"),
        EPC("002", "EUR-5"),
        EPC("002", "EUR0"),
        EPC("002", "EUR1.234"),
        EPC("002", "EUR99999999999999999999"),
        "BCD\n002\n1\nINST\n\nTest Works\nDE89370400440532013000\n",
        "BCD\n002\n1\nSCT\n\n\nDE89370400440532013000\n",
        "BCD\n002\n1\nSCT\n\nTest Works\nDE89370400440532013001\n",
        "SPC\n0200\n1\nCH5800791123000889012\nS\nTest Works",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_eq(parse(bad[i]).kind, DX_PAYCODE_NONE, "%s", bad[i]);
}

#define SWISS(address, amount, currency, reference, billing)                                                           \
    "SPC\r\n0200\r\n1\r\nCH5800791123000889012\r\n" address "\r\nCH\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n" amount            \
    "\r\n" currency "\r\nS\r\nPia Beispiel\r\nMarktgasse\r\n28\r\n9400\r\nRorschach\r\nCH\r\n" reference               \
    "\r\nBill 7\r\nEPD" billing
#define STRUCTURED "S\r\nTest Works AG\r\nRue du Lac\r\n1268\r\n2501\r\nBiel"
#define COMBINED "K\r\nTest Works AG\r\nRue du Lac 1268\r\n2501 Biel\r\n\r\n"

Test(paycode, reads_a_swiss_bill)
{
    dx_paycode code = parse(SWISS(STRUCTURED, "1949.75", "CHF", "SCOR\r\nRF18539007547034",
                                  "\r\n//S1/10/X.66711\\/8824/11/200712/30/106017086/40/0:30"));
    cr_assert_eq(code.kind, DX_PAYCODE_SWISS);
    cr_expect_str_eq(code.name, "Test Works AG");
    cr_expect_str_eq(code.street, "Rue du Lac 1268");
    cr_expect_str_eq(code.postal_code, "2501");
    cr_expect_str_eq(code.city, "Biel");
    cr_expect_str_eq(code.country, "CH");
    cr_expect_str_eq(code.currency, "CHF");
    cr_expect_str_eq(code.reference, "RF18539007547034");
    cr_expect_str_eq(code.message, "Bill 7");
    cr_expect_str_eq(code.invoice_number, "X.66711/8824", "a backslash takes the slash into the value");
    cr_expect_str_eq(code.vat_id, "CHE106017086");
    cr_assert(code.has_invoice_date);
    cr_expect_eq(dx_date_compare(code.invoice_date, (dx_date){2020, 7, 12}), 0);
    cr_expect(dx_decimal_equal(code.amount, (dx_decimal){194975, 2}));
}

Test(paycode, a_swiss_bill_without_amount_and_with_two_lines_of_address)
{
    dx_paycode code = parse(SWISS(COMBINED, "", "EUR", "NON\r\n", ""));
    cr_assert_eq(code.kind, DX_PAYCODE_SWISS);
    cr_expect_not(code.has_amount);
    cr_expect_str_eq(code.street, "Rue du Lac 1268");
    cr_expect_str_eq(code.postal_code, "2501");
    cr_expect_str_eq(code.city, "Biel");
    cr_expect_str_eq(code.reference, "");
    cr_expect_eq(parse(SWISS(COMBINED, "", "USD", "NON\r\n", "")).kind, DX_PAYCODE_NONE);
}

Test(paycode, a_wrong_day_is_none)
{
    dx_paycode code = parse(SWISS(STRUCTURED, "1.00", "CHF", "NON\r\n", "\r\n//S1/11/201332/10/7/30/12"));
    cr_expect_not(code.has_invoice_date);
    cr_expect_str_eq(code.invoice_number, "7");
    cr_expect_str_eq(code.vat_id, "");
}
