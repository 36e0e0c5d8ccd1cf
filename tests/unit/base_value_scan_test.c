/* Numbers as people print them. */
#include "base/value/decimal.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define NBSP "\xC2\xA0"
#define NNBSP "\xE2\x80\xAF"
#define THIN "\xE2\x80\x89"
#define MINUS "\xE2\x88\x92"

static const char *scan(const char *text, dx_number_style style, bool *ambiguous)
{
    static char out[DX_DECIMAL_TEXT];
    dx_decimal value;
    if (!dx_decimal_scan(text, strlen(text), style, &value, ambiguous))
        return "refused";
    return dx_decimal_text(value, out);
}

Test(base_value_scan, reads_each_style_without_being_told)
{
    static const char *const cases[][2] = {
        {"1.234,56", "1234.56"},
        {"1,234.56", "1234.56"},
        {"1 234,56", "1234.56"},
        {"1" NBSP "234,56", "1234.56"},
        {"1" NNBSP "234,56", "1234.56"},
        {"1" THIN "234" THIN "567.8", "1234567.8"},
        {"1'234.50", "1234.50"},
        {"1\xE2\x80\x99"
         "234.50",
         "1234.50"},
        {"12,34,567.89", "1234567.89"},
        {"12,34,567", "1234567"},
        {"1.234.567,8", "1234567.8"},
        {"1,234,567", "1234567"},
        {"1.234.567", "1234567"},
        {"1234,5", "1234.5"},
        {"1234.567", "1234.567"},
        {"0.500", "0.500"},
        {"0,125", "0.125"},
        {",50", "0.50"},
        {".5", "0.5"},
        {"7", "7"},
        {" 7 ", "7"},
        {NBSP "7" NNBSP, "7"},
        {"\xEF\xBC\x91\xEF\xBC\x8C\xEF\xBC\x92\xEF\xBC\x93\xEF\xBC\x94\xEF\xBC\x8E\xEF\xBC\x95", "1234.5"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool ambiguous = true;
        cr_expect_str_eq(scan(cases[i][0], DX_NUMBER_UNKNOWN, &ambiguous), cases[i][1], "%s", cases[i][0]);
        cr_expect_not(ambiguous, "%s", cases[i][0]);
    }
}

Test(base_value_scan, takes_signs_on_either_side)
{
    static const char *const cases[][2] = {
        {"-5", "-5"},
        {"5-", "-5"},
        {"- 5", "-5"},
        {"5 -", "-5"},
        {MINUS "5", "-5"},
        {"\xE2\x80\x93"
         "5",
         "-5"},
        {"+5", "5"},
        {"(1.00)", "-1.00"},
        {"( 1.00 )", "-1.00"},
        {"1.00-", "-1.00"},
        {"1.234,56-", "-1234.56"},
        {"1.234,-", "1234"},
        {"1,234.--", "1234"},
        {"-1.234,-", "-1234"},
        {"5.--", "5"},
        {"5,\xE2\x80\x94", "5"},
        {"5,\xE2\x80\x93", "5"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool ambiguous = true;
        cr_expect_str_eq(scan(cases[i][0], DX_NUMBER_UNKNOWN, &ambiguous), cases[i][1], "%s", cases[i][0]);
        cr_expect_not(ambiguous, "%s", cases[i][0]);
    }
}

Test(base_value_scan, says_what_is_ambiguous_and_obeys_the_style)
{
    static const struct {
        const char *text;
        const char *unknown, *point, *comma;
    } cases[] = {
        {"1.234", "1234", "1.234", "1234"},
        {"1,234", "1234", "1234", "1.234"},
        {"123.456", "123456", "123.456", "123456"},
        {"-12,345", "-12345", "-12345", "-12.345"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool ambiguous = false;
        cr_expect_str_eq(scan(cases[i].text, DX_NUMBER_UNKNOWN, &ambiguous), cases[i].unknown);
        cr_expect(ambiguous, "%s", cases[i].text);
        cr_expect_str_eq(scan(cases[i].text, DX_NUMBER_POINT, &ambiguous), cases[i].point);
        cr_expect_not(ambiguous, "%s", cases[i].text);
        cr_expect_str_eq(scan(cases[i].text, DX_NUMBER_COMMA, NULL), cases[i].comma);
    }
    cr_expect_str_eq(scan("1.234,56", DX_NUMBER_POINT, NULL), "refused");
    cr_expect_str_eq(scan("1,234.56", DX_NUMBER_COMMA, NULL), "refused");
    cr_expect_str_eq(scan("1,23", DX_NUMBER_POINT, NULL), "refused");
    cr_expect_str_eq(scan("1.234,-", DX_NUMBER_COMMA, NULL), "1234");
    cr_expect_str_eq(scan("1.234,-", DX_NUMBER_POINT, NULL), "refused");
    cr_expect_str_eq(scan("1 234", DX_NUMBER_COMMA, NULL), "1234");
}

Test(base_value_scan, refuses_what_is_no_number)
{
    static const char *const bad[] = {
        "",
        " ",
        "-",
        "+",
        "()",
        "(5",
        "5)",
        "(-5)",
        "-(5)",
        "--5",
        "5--",
        "-5-",
        "1.2.3,4",
        "12.34.567",
        "1,,2",
        "1..2",
        "1e5",
        "1-2",
        "5.",
        "5,",
        "1.234.",
        "12 34",
        "1 2",
        "1234,567.89",
        "1,2345,678",
        "1'234,567.8",
        "1.234'567,8",
        "0x10",
        "5 EUR",
        "$5",
        "1/2",
        "10%",
        "abc",
        "1,234.567,8",
        "1.--5",
        ",-",
        "\xC2",
        "1\xE2\x80",
        "\xEF\xBC",
        "99999999999999999999",
        "11111111111111111111111111111111111111111111111111111111",
        "0.1234567890123",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_str_eq(scan(bad[i], DX_NUMBER_UNKNOWN, NULL), "refused", "%s", bad[i]);
    dx_decimal out;
    cr_expect_not(dx_decimal_scan("1\0002", 3, DX_NUMBER_UNKNOWN, &out, NULL), "NUL is no digit");
}

/* Whatever the style prints must be read back as the same number. */
Test(base_value_scan, reads_back_every_printed_style)
{
    static const struct {
        const char *group, *decimal;
        dx_number_style style;
    } styles[] = {{",", ".", DX_NUMBER_POINT},  {".", ",", DX_NUMBER_COMMA},   {" ", ",", DX_NUMBER_COMMA},
                  {NBSP, ",", DX_NUMBER_COMMA}, {NNBSP, ",", DX_NUMBER_COMMA}, {"'", ".", DX_NUMBER_POINT},
                  {"", ".", DX_NUMBER_POINT},   {"", ",", DX_NUMBER_COMMA}};
    uint64_t state = 42;
    for (int i = 0; i < 4000; i++) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        dx_decimal value = dx_decimal_from((int64_t)(state >> 34) >> (i % 24), 2);
        char plain[DX_DECIMAL_TEXT];
        char text[80] = "";
        size_t used = 0;
        dx_decimal_text(value, plain);
        size_t whole = strlen(plain) - 3;
        size_t row = (size_t)i % (sizeof styles / sizeof styles[0]);
        for (size_t k = 0; k < whole; k++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%c",
                                     k && (whole - k) % 3 == 0 ? styles[row].group : "", plain[k]);
        snprintf(text + used, sizeof text - used, "%s%s", styles[row].decimal, plain + whole + 1);
        cr_assert_str_eq(scan(text, DX_NUMBER_UNKNOWN, NULL), plain, "%s", text);
        cr_assert_str_eq(scan(text, styles[row].style, NULL), plain, "%s", text);
    }
}
