/* Currencies and amounts. */
#include "base/value/country.h"
#include "base/value/money.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define NBSP "\xC2\xA0"
#define NNBSP "\xE2\x80\xAF"

static dx_money money(const char *amount, const char *currency)
{
    dx_money out = {0};
    cr_assert(dx_decimal_parse(amount, strlen(amount), &out.amount), "%s", amount);
    snprintf(out.currency, sizeof out.currency, "%s", currency);
    return out;
}

static const char *scan(const char *text, const char *country)
{
    static char out[64];
    char amount[DX_DECIMAL_TEXT];
    dx_money value;
    if (!dx_money_scan(text, strlen(text), DX_NUMBER_UNKNOWN, country, &value, NULL))
        return "refused";
    snprintf(out, sizeof out, "%s %s", dx_decimal_text(value.amount, amount), value.currency);
    return out;
}

Test(base_value_money, knows_the_minor_units_of_iso_4217)
{
    static const struct {
        int digits;
        const char *codes;
    } unusual[] = {{0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"},
                   {3, "BHD IQD JOD KWD LYD OMR TND"},
                   {4, "CLF UYW"}};
    char code[4] = "";
    int known = 0;
    for (code[0] = 'A'; code[0] <= 'Z'; code[0]++) {
        for (code[1] = 'A'; code[1] <= 'Z'; code[1]++) {
            for (code[2] = 'A'; code[2] <= 'Z'; code[2]++) {
                int digits = dx_currency_digits(code);
                int expected = 2;
                for (size_t i = 0; i < sizeof unusual / sizeof unusual[0]; i++)
                    if (strstr(unusual[i].codes, code))
                        expected = unusual[i].digits;
                cr_expect(digits == -1 || digits == expected, "%s has %d", code, digits);
                cr_expect(digits != -1 || expected == 2, "%s is missing", code);
                cr_expect_eq(digits == -1, dx_currency_name(code) == NULL);
                known += digits != -1;
            }
        }
    }
    cr_expect_geq(known, 160);
    cr_expect_eq(dx_currency_digits("eur"), -1);
    cr_expect_eq(dx_currency_digits(NULL), -1);
    cr_expect_str_eq(dx_currency_name("EUR"), "Euro");
}

Test(base_value_money, gives_each_country_a_currency_that_exists)
{
    static const char *const cases[][2] = {{"DE", "EUR"}, {"CH", "CHF"}, {"GB", "GBP"}, {"JP", "JPY"}, {"PL", "PLN"},
                                           {"HR", "EUR"}, {"BG", "EUR"}, {"US", "USD"}, {"BR", "BRL"}, {"LI", "CHF"}};
    char code[3] = "";
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect_str_eq(dx_currency_of_country(cases[i][0]), cases[i][1]);
    for (code[0] = 'A'; code[0] <= 'Z'; code[0]++) {
        for (code[1] = 'A'; code[1] <= 'Z'; code[1]++) {
            const char *currency = dx_currency_of_country(code);
            cr_expect(!currency || dx_currency_digits(currency) >= 0, "%s: %s", code, currency);
        }
    }
    cr_expect_null(dx_currency_of_country("XX"));
    cr_expect_null(dx_currency_of_country(NULL));
}

Test(base_value_money, reads_signs_and_words)
{
    static const char *const cases[][3] = {
        {"€", "", "EUR"},    {"EUR", "", "EUR"},  {"euro", "", "EUR"}, {"US$", "", "USD"}, {"$", "US", "USD"},
        {"$", "CA", "CAD"},  {"£", "", "GBP"},    {"zł", "", "PLN"},   {"ZŁ", "", "PLN"},  {"Fr.", "", "CHF"},
        {"kr", "SE", "SEK"}, {"kr", "DK", "DKK"}, {"¥", "JP", "JPY"},  {"¥", "CN", "CNY"}, {"Kč", "", "CZK"},
        {"KČ", "", "CZK"},   {"₹", "", "INR"},    {"R$", "", "BRL"},   {"usd", "", "USD"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *code = dx_currency_from_sign(cases[i][0], strlen(cases[i][0]), cases[i][1]);
        cr_expect(code && strcmp(code, cases[i][2]) == 0, "%s in %s: %s", cases[i][0], cases[i][1], code);
    }
    static const char *const open[] = {"$", "kr", "kr.", "¥", "peso", "dollars"};
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        cr_expect_null(dx_currency_from_sign(open[i], strlen(open[i]), ""), "%s", open[i]);
        cr_expect_null(dx_currency_from_sign(open[i], strlen(open[i]), NULL), "%s", open[i]);
        cr_expect(dx_currency_sign_open(open[i], strlen(open[i])), "%s", open[i]);
    }
    cr_expect_not(dx_currency_sign_open("R", 1), "one country alone has it");
    cr_expect_not(dx_currency_sign_open("€", 3));
    cr_expect_null(dx_currency_from_sign("xyz", 3, ""));
    cr_expect_null(dx_currency_from_sign("", 0, ""));
}

Test(base_value_money, reads_amounts_as_printed)
{
    static const char *const cases[][3] = {
        {"EUR 1.234,56", "", "1234.56 EUR"},
        {"$1,234.56", "US", "1234.56 USD"},
        {"$1,234.56", "", "1234.56 "},
        {"¥100", "", "100 "},
        {"12,50 €", "", "12.50 EUR"},
        {"12,50" NBSP "€", "", "12.50 EUR"},
        {"1" NNBSP "234,56" NNBSP "€", "", "1234.56 EUR"},
        {"12,50 " NBSP " €", "", "12.50 EUR"},
        {"-12,50 €", "", "-12.50 EUR"},
        {"\xE2\x88\x92"
         "12,50 €",
         "", "-12.50 EUR"},
        {"-$5.00", "US", "-5.00 USD"},
        {"\xE2\x88\x92$5.00", "US", "-5.00 USD"},
        {"$-5.00", "US", "-5.00 USD"},
        {"($5.00)", "US", "-5.00 USD"},
        {"(5.00) EUR", "", "-5.00 EUR"},
        {"5.00- EUR", "", "-5.00 EUR"},
        {"5,- €", "", "5 EUR"},
        {"5,\xE2\x80\x93 €", "", "5 EUR"},
        {"CHF 5.\xE2\x80\x94", "", "5 CHF"},
        {"CHF 1'234.50", "", "1234.50 CHF"},
        {"EUR: 7", "", "7 EUR"},
        {"€ 7 EUR", "", "7 EUR"},
        {"100 kr", "NO", "100 NOK"},
        {"7", "", "7 "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect_str_eq(scan(cases[i][0], cases[i][1]), cases[i][2], "%s", cases[i][0]);
    static const char *const bad[] = {"",      "€",      "EUR",    "5 xyz",   "€ 5 $1", "EUR 5 USD", "A5B",
                                      "5 € 6", "(-5 €)", "-(5) €", "- - 5 €", "R 5",    "\xE2\x82",  "5 \xE2"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_str_eq(scan(bad[i], ""), "refused", "%s", bad[i]);
}

Test(base_value_money, adds_one_currency_only)
{
    dx_money sum;
    bool mixed = true;
    cr_expect(dx_money_add(money("1.10", "EUR"), money("2.205", "EUR"), &sum, &mixed));
    cr_expect_not(mixed);
    cr_expect(dx_decimal_equal(sum.amount, dx_decimal_from(3305, 3)));
    cr_expect(dx_money_add(money("1", ""), money("2", "USD"), &sum, &mixed));
    cr_expect_str_eq(sum.currency, "USD");
    cr_expect_not(dx_money_add(money("1", "EUR"), money("2", "USD"), &sum, &mixed));
    cr_expect(mixed);
    cr_expect_not(dx_money_add(money("9223372036854775807", "EUR"), money("1", "EUR"), &sum, &mixed));
    cr_expect_not(mixed);
}

Test(base_value_money, prints_as_each_locale_does)
{
    static const struct {
        const char *amount, *currency, *locale, *text;
    } cases[] = {
        {"1234.56", "EUR", "en", "€1,234.56"},
        {"-1234.5", "USD", "en-US", "-$1,234.50"},
        {"1234.56", "CHF", "en", "CHF" NBSP "1,234.56"},
        {"1234.56", "EUR", "de", "1.234,56" NBSP "€"},
        {"1234.56", "EUR", "de_AT", "1.234,56" NBSP "€"},
        {"1234.56", "CHF", "de-CH",
         "CHF" NBSP "1\xE2\x80\x99"
         "234.56"},
        {"1234567.8", "EUR", "fr", "1" NNBSP "234" NNBSP "567,80" NBSP "€"},
        {"1234.56", "EUR", "es", "1234,56" NBSP "€"},
        {"12345.6", "EUR", "es", "12.345,60" NBSP "€"},
        {"1234.56", "EUR", "it", "1.234,56" NBSP "€"},
        {"1234.56", "EUR", "nl", "€" NBSP "1.234,56"},
        {"12345.6", "PLN", "pl", "12" NBSP "345,60" NBSP "zł"},
        {"1234", "JPY", "zh", "¥1,234"},
        {"1.2345", "EUR", "de", "1,2345" NBSP "€"},
        {"1.5", "KWD", "de", "1,500" NBSP "KWD"},
        {"999", "EUR", "de", "999,00" NBSP "€"},
        {"5", "", "de", "5,00"},
        {"1234.5", "EUR", "tlh", "1234.50 EUR"},
        {"1234.5", "EUR", "", "1234.50 EUR"},
        {"-1234.5", "", NULL, "-1234.50"},
    };
    char text[DX_MONEY_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect_str_eq(dx_money_text(money(cases[i].amount, cases[i].currency), cases[i].locale, text), cases[i].text,
                         "%s %s in %s", cases[i].amount, cases[i].currency, cases[i].locale);
}

Test(base_value_money, reads_what_it_prints)
{
    static const char *const locales[] = {"en", "zh", "de", "fr", "es", "it", "nl", "pt", "pl", "de-CH", NULL};
    static const char *const currencies[] = {"EUR", "CHF", "GBP", "PLN", "KWD", ""};
    static const char *const amounts[] = {
        "0", "0.01", "-7.5", "12.30", "999.99", "1234.56", "-54321.10", "1234567.89", "9223372036854775.807"};
    for (size_t l = 0; l < sizeof locales / sizeof locales[0]; l++) {
        for (size_t c = 0; c < sizeof currencies / sizeof currencies[0]; c++) {
            for (size_t a = 0; a < sizeof amounts / sizeof amounts[0]; a++) {
                char text[DX_MONEY_TEXT];
                dx_money value = money(amounts[a], currencies[c]);
                dx_money again;
                bool ambiguous;
                dx_money_text(value, locales[l], text);
                cr_assert(dx_money_scan(text, strlen(text), DX_NUMBER_UNKNOWN, "", &again, &ambiguous), "%s", text);
                /* Three decimal places look like a group. */
                cr_expect(dx_decimal_equal(value.amount, again.amount) || ambiguous, "%s", text);
                cr_expect(!ambiguous || dx_currency_digits(value.currency) == 3, "%s", text);
                cr_expect_str_eq(value.currency, again.currency, "%s", text);
            }
        }
    }
}
