/* Any bytes as a number and as an amount, in every style: what was scanned must print and parse back to the same value,
 * and what its locale prints must scan again to the same amount. */
#include "base/value/money.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool good)
{
    if (!good)
        abort();
}

static void print_and_parse(dx_decimal value)
{
    char text[DX_DECIMAL_TEXT];
    dx_decimal again;
    expect(value.scale >= 0 && value.scale <= DX_SCALE_MAX);
    dx_decimal_text(value, text);
    expect(dx_decimal_parse(text, strlen(text), &again));
    expect(again.units == value.units && again.scale == value.scale);
    expect(dx_decimal_scan(text, strlen(text), DX_NUMBER_POINT, &again, NULL) && dx_decimal_equal(again, value));
    dx_decimal_text_min(value, 2, text);
    /* Two zeros more may not fit. */
    expect(!dx_decimal_parse(text, strlen(text), &again) || dx_decimal_equal(again, value));
}

static void print_and_scan(dx_money value)
{
    static const struct {
        const char *locale;
        dx_number_style style;
    } locales[] = {{"en", DX_NUMBER_POINT}, {"de", DX_NUMBER_COMMA},    {"fr", DX_NUMBER_COMMA},
                   {"es", DX_NUMBER_COMMA}, {"de-CH", DX_NUMBER_POINT}, {"pl", DX_NUMBER_COMMA},
                   {NULL, DX_NUMBER_POINT}};
    for (size_t i = 0; i < sizeof locales / sizeof locales[0]; i++) {
        char text[DX_MONEY_TEXT];
        dx_money again;
        dx_money_text(value, locales[i].locale, text);
        /* A sign of several currencies ("$", "¥") stays open without a country. */
        if (dx_money_scan(text, strlen(text), locales[i].style, "", &again, NULL))
            expect(dx_decimal_equal(again.amount, value.amount) &&
                   (!again.currency[0] || strcmp(again.currency, value.currency) == 0));
        else
            expect(dx_decimal_compare(dx_decimal_abs(value.amount), dx_decimal_from(INT64_MAX / 10000, 0)) > 0);
    }
}

static void arithmetic(dx_decimal value)
{
    dx_decimal out;
    expect(dx_decimal_sub(value, value, &out) && dx_decimal_sign(out) == 0);
    if (value.units != 0 && dx_decimal_div(value, value, 2, &out))
        expect(dx_decimal_equal(out, dx_decimal_from(1, 0)));
    if (dx_decimal_mul(value, dx_decimal_from(1, 0), &out))
        expect(dx_decimal_equal(out, value));
    if (dx_decimal_round(value, 2, &out) && value.scale <= 2)
        expect(dx_decimal_equal(out, value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const countries[] = {"", "US", "SE", "JP"};
    const char *text = (const char *)data;
    dx_decimal value;
    if (dx_decimal_parse(text, size, &value))
        print_and_parse(value);
    for (int style = DX_NUMBER_UNKNOWN; style <= DX_NUMBER_COMMA; style++) {
        bool ambiguous;
        dx_money amount;
        if (dx_decimal_scan(text, size, (dx_number_style)style, &value, &ambiguous)) {
            print_and_parse(value);
            arithmetic(value);
            expect(style == DX_NUMBER_UNKNOWN || !ambiguous);
        }
        if (dx_money_scan(text, size, (dx_number_style)style, countries[size % 4], &amount, &ambiguous)) {
            print_and_parse(amount.amount);
            print_and_scan(amount);
            expect(!amount.currency[0] || dx_currency_digits(amount.currency) >= 0);
        }
    }
    return 0;
}
