/* Dates, amounts and postal codes as people print them. */
#include "core/extract/parties.h"
#include "core/extract/reading.h"

#include <criterion/criterion.h>
#include <stdio.h>
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

TestSuite(values, .init = begin, .fini = end);

static void expect_date(const char *text, dx_date_order order, bool ocr, const char *expected)
{
    dx_hypotheses hypotheses = {.date_order = order, .ocr = ocr};
    dx_date_scan scan;
    char date[DX_DATE_TEXT] = "";
    if (dx_date_scan_at(&ctx, text, strlen(text), 0, &hypotheses, &scan))
        dx_date_text(scan.date, date);
    cr_expect_str_eq(date, expected, "%s: %s, not %s", text, date, expected);
}

Test(values, dates_in_every_dress)
{
    expect_date("05.03.2018", DX_ORDER_DMY, false, "2018-03-05");
    expect_date("05/03/2018", DX_ORDER_DMY, false, "2018-03-05");
    expect_date("05/03/2018", DX_ORDER_MDY, false, "2018-05-03");
    expect_date("25/03/2018", DX_ORDER_MDY, false, "2018-03-25");
    expect_date("05.03.2018", DX_ORDER_MDY, false, "2018-03-05");
    expect_date("2018-03-05", DX_ORDER_DMY, false, "2018-03-05");
    expect_date("20180305", DX_ORDER_DMY, false, "2018-03-05");
    expect_date("5.3.18", DX_ORDER_DMY, false, "2018-03-05");
    expect_date("5 March 2018", DX_ORDER_DMY, false, "2018-03-05");
    expect_date("March 5th, 2018", DX_ORDER_DMY, false, "2018-03-05");
    expect_date("05-Mar-18", DX_ORDER_DMY, false, "2018-03-05");
    expect_date("5. März 2018", DX_ORDER_DMY, false, "2018-03-05");
    expect_date("1er janvier 2020", DX_ORDER_DMY, false, "2020-01-01");
    expect_date("5 de marzo de 2018", DX_ORDER_DMY, false, "2018-03-05");
    expect_date("5 października 2018", DX_ORDER_DMY, false, "2018-10-05");
    expect_date("2018年3月5日", DX_ORDER_YMD, false, "2018-03-05");
    expect_date("113年05月12日", DX_ORDER_YMD, false, "2024-05-12");
    expect_date("113/05/12", DX_ORDER_YMD, false, "2024-05-12");
}

Test(values, what_is_no_date)
{
    expect_date("31.02.2018", DX_ORDER_DMY, false, "");
    expect_date("1.234,56", DX_ORDER_DMY, false, "");
    expect_date("12/34/56/78", DX_ORDER_DMY, false, "");
    expect_date("March", DX_ORDER_DMY, false, "");
    expect_date("2O18-03-05", DX_ORDER_DMY, false, "");
}

Test(values, a_scan_reads_letters_for_digits)
{
    expect_date("O5/03/2018", DX_ORDER_DMY, true, "2018-03-05");
    expect_date("05/03/2018", DX_ORDER_DMY, true, "2018-03-05");
}

static void expect_number(const char *text, dx_number_style style, bool ocr, const char *expected, bool percent)
{
    dx_hypotheses hypotheses = {.number_style = style, .ocr = ocr};
    dx_number_scan scan;
    char number[DX_DECIMAL_TEXT] = "";
    if (dx_number_scan_text(text, strlen(text), &hypotheses, &scan)) {
        dx_decimal_text(scan.number, number);
        cr_expect_eq(scan.percent, percent, "%s", text);
    }
    cr_expect_str_eq(number, expected, "%s: %s, not %s", text, number, expected);
}

Test(values, amounts_in_every_dress)
{
    expect_number("1,234.56", DX_NUMBER_POINT, false, "1234.56", false);
    expect_number("1.234,56", DX_NUMBER_COMMA, false, "1234.56", false);
    expect_number("€ 1.234,56", DX_NUMBER_COMMA, false, "1234.56", false);
    expect_number("1.234,56 €", DX_NUMBER_COMMA, false, "1234.56", false);
    expect_number("EUR 12,50", DX_NUMBER_COMMA, false, "12.50", false);
    expect_number("$299.00", DX_NUMBER_POINT, false, "299.00", false);
    expect_number("(5.00)", DX_NUMBER_POINT, false, "-5.00", false);
    expect_number("12,50-", DX_NUMBER_COMMA, false, "-12.50", false);
    expect_number("\xE2\x88\x92"
                  "3,00",
                  DX_NUMBER_COMMA, false, "-3.00", false);
    expect_number("19 %", DX_NUMBER_COMMA, false, "19", true);
    expect_number("11.60 SR", DX_NUMBER_POINT, false, "11.60", false);
    expect_number("29. 70", DX_NUMBER_POINT, true, "29.70", false);
    expect_number("11,60", DX_NUMBER_POINT, true, "11.60", false);
}

Test(values, what_is_no_amount)
{
    expect_number("RE-2019", DX_NUMBER_POINT, false, "", false);
    expect_number("12.03.2019", DX_NUMBER_COMMA, false, "", false);
    expect_number("abc", DX_NUMBER_POINT, false, "", false);
    expect_number("", DX_NUMBER_POINT, false, "", false);
}

Test(values, words_vote_for_a_number_style)
{
    cr_expect_gt(dx_number_vote("1,234.56", 8), 0);
    cr_expect_lt(dx_number_vote("1.234,56", 8), 0);
    cr_expect_lt(dx_number_vote("12,50", 5), 0);
    cr_expect_eq(dx_number_vote("1.234", 5), 0);
    cr_expect_eq(dx_number_vote("12.03.2019", 10), 0);
}

static void expect_postal(const char *text, const char *code)
{
    dx_postal place;
    char found[32] = "";
    if (dx_postal_find(text, strlen(text), &place))
        snprintf(found, sizeof found, "%.*s", (int)(place.code_end - place.code_begin), text + place.code_begin);
    cr_expect_str_eq(found, code, "%s: %s, not %s", text, found, code);
}

Test(values, postal_codes_of_many_countries)
{
    expect_postal("99001 Musterstadt", "99001");
    expect_postal("DE 99199 MUSTERHAUSEN", "99199");
    expect_postal("D-80333 München", "80333");
    expect_postal("Weg 1, 80333 München", "80333");
    expect_postal("9999 ZZ Voorbeelddam", "9999 ZZ");
    expect_postal("99-999 Przykładowo", "99-999");
    expect_postal("9999-001 Vila Exemplo", "9999-001");
    expect_postal("Sampleville, OH 43999", "43999");
    expect_postal("London SW1A 1AA", "SW1A 1AA");
    expect_postal("Town D02 X285", "D02 X285");
    expect_postal("9999 Musterdorf", "9999");
    expect_postal("Invoice 103767", "");
    expect_postal("Example Street 12", "");
    expect_postal("2019 Report", "");
}
