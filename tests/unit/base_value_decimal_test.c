/* Exact decimals: against 128-bit integers on random pairs, and by the laws that they must obey. */
#include "base/value/decimal.h"

#include <criterion/criterion.h>
#include <string.h>

__extension__ typedef __int128 wide;

enum { ROUNDS = 20000 };

/* xorshift64*: the same numbers in every run. */
static uint64_t seed = 88172645463325252ULL;

static uint64_t random_bits(void)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return seed * 2685821657736338717ULL;
}

/* Any size from a few units to all 63 bits, either sign, any scale. */
static dx_decimal random_decimal(void)
{
    int64_t units = (int64_t)(random_bits() >> (1 + random_bits() % 62));
    return dx_decimal_from(random_bits() % 2 ? -units : units, (int)(random_bits() % (DX_SCALE_MAX + 1)));
}

static wide power(int exponent)
{
    wide value = 1;
    while (exponent-- > 0)
        value *= 10;
    return value;
}

/* In units of 10^-12. */
static wide at_full_scale(dx_decimal value)
{
    return value.units * power(DX_SCALE_MAX - value.scale);
}

static dx_decimal of(const char *text)
{
    dx_decimal value = {0, 0};
    cr_assert(dx_decimal_parse(text, strlen(text), &value), "%s", text);
    return value;
}

static const char *show(dx_decimal value)
{
    static char text[8][DX_DECIMAL_TEXT];
    static int next;
    next = (next + 1) % 8;
    return dx_decimal_text(value, text[next]);
}

Test(base_value_decimal, adds_and_subtracts_exactly)
{
    for (int i = 0; i < ROUNDS; i++) {
        dx_decimal a = random_decimal();
        dx_decimal b = random_decimal();
        dx_decimal sum, back, difference;
        wide exact = at_full_scale(a) + at_full_scale(b);
        bool added = dx_decimal_add(a, b, &sum);
        int scale = a.scale > b.scale ? a.scale : b.scale;
        wide units = exact / power(DX_SCALE_MAX - scale);
        if (units <= INT64_MAX && units >= -(wide)INT64_MAX)
            cr_assert(added, "%s + %s", show(a), show(b));
        if (!added)
            continue;
        cr_assert(at_full_scale(sum) == exact, "%s + %s = %s", show(a), show(b), show(sum));
        cr_assert(dx_decimal_add(b, a, &back) && dx_decimal_equal(back, sum));
        if (dx_decimal_sub(sum, b, &difference))
            cr_assert(dx_decimal_equal(difference, a), "%s + %s - it = %s", show(a), show(b), show(difference));
    }
}

Test(base_value_decimal, compares_as_the_exact_values_do)
{
    for (int i = 0; i < ROUNDS; i++) {
        dx_decimal a = random_decimal();
        dx_decimal b = i % 3 ? random_decimal() : a;
        wide x = at_full_scale(a);
        wide y = at_full_scale(b);
        cr_assert_eq(dx_decimal_compare(a, b), x < y ? -1 : x > y, "%s, %s", show(a), show(b));
        cr_assert_eq(dx_decimal_compare(b, a), -dx_decimal_compare(a, b));
        cr_assert_eq(dx_decimal_sign(a), x < 0 ? -1 : x > 0);
        cr_assert_eq(dx_decimal_sign(dx_decimal_negate(a)), -dx_decimal_sign(a));
        cr_assert(dx_decimal_sign(dx_decimal_abs(a)) >= 0);
    }
    cr_expect(dx_decimal_equal(of("1.50"), of("1.5")));
    cr_expect(dx_decimal_equal(of("-0.00"), of("0")));
}

/* |exact - value| must be at most half a unit of the last place, and exactly half only away from zero. */
static void expect_rounded(wide exact, wide divisor, wide rounded)
{
    wide error = exact - rounded * divisor;
    wide twice = (error < 0 ? -error : error) * 2;
    wide size = divisor < 0 ? -divisor : divisor;
    cr_assert(twice <= size);
    if (twice == size && error != 0)
        cr_assert((error < 0) != (exact < 0), "a half goes away from zero");
}

Test(base_value_decimal, multiplies_exactly_up_to_twelve_places)
{
    for (int i = 0; i < ROUNDS; i++) {
        dx_decimal a = random_decimal();
        dx_decimal b = random_decimal();
        dx_decimal product, turned;
        wide exact = (wide)a.units * b.units;
        int scale = a.scale + b.scale;
        bool done = dx_decimal_mul(a, b, &product);
        cr_assert_eq(done, dx_decimal_mul(b, a, &turned));
        wide lost = scale > DX_SCALE_MAX ? power(scale - DX_SCALE_MAX) : 1;
        wide size = exact < 0 ? -exact : exact;
        if (!done) {
            cr_assert(size / lost >= INT64_MAX, "%s * %s was refused", show(a), show(b));
            continue;
        }
        cr_assert(dx_decimal_equal(product, turned));
        if (scale <= DX_SCALE_MAX)
            cr_assert(product.units * power(scale - product.scale) == exact, "%s * %s", show(a), show(b));
        else
            expect_rounded(exact, lost, product.units * power(DX_SCALE_MAX - product.scale));
    }
}

Test(base_value_decimal, divides_to_the_nearest)
{
    for (int i = 0; i < ROUNDS; i++) {
        dx_decimal a = dx_decimal_from((int64_t)(random_bits() >> 34) - (1 << 29), (int)(random_bits() % 7));
        dx_decimal b = dx_decimal_from((int64_t)(random_bits() >> 40) - (1 << 23), (int)(random_bits() % 7));
        int scale = (int)(random_bits() % 7);
        dx_decimal quotient;
        if (b.units == 0 || !dx_decimal_div(a, b, scale, &quotient))
            continue;
        cr_assert_eq(quotient.scale, scale);
        expect_rounded(a.units * power(b.scale + scale), b.units * power(a.scale), quotient.units);
    }
    dx_decimal out;
    cr_expect_not(dx_decimal_div(of("1"), of("0.00"), 2, &out));
    cr_expect_not(dx_decimal_div(of("1"), of("3"), -1, &out));
    cr_expect_not(dx_decimal_div(of("1"), of("3"), DX_SCALE_MAX + 1, &out));
    cr_expect_not(dx_decimal_div(of("9223372036854775807"), of("0.000000000001"), 12, &out));
    cr_expect(dx_decimal_div(of("9223372036854775807"), of("9223372036854775807"), 12, &out));
    cr_expect_str_eq(show(out), "1.000000000000");
}

Test(base_value_decimal, undoes_a_product_by_division)
{
    for (int i = 0; i < ROUNDS; i++) {
        dx_decimal quantity = dx_decimal_from((int64_t)(random_bits() % 1000000) + 1, (int)(random_bits() % 4));
        dx_decimal price = dx_decimal_from((int64_t)(random_bits() % 10000000), (int)(random_bits() % 5));
        dx_decimal total, again;
        cr_assert(dx_decimal_mul(quantity, price, &total));
        cr_assert(dx_decimal_div(total, quantity, price.scale, &again));
        cr_assert(dx_decimal_equal(again, price), "%s * %s = %s", show(quantity), show(price), show(total));
    }
}

Test(base_value_decimal, rounds_halves_away_from_zero)
{
    static const struct {
        const char *value;
        int scale;
        const char *rounded;
    } cases[] = {
        {"1.005", 2, "1.01"},      {"-1.005", 2, "-1.01"},
        {"1.0049999", 2, "1.00"},  {"2.5", 0, "3"},
        {"-2.5", 0, "-3"},         {"0.4", 0, "0"},
        {"-0.4", 0, "0"},          {"1", 2, "1.00"},
        {"999.995", 2, "1000.00"}, {"0.000000000005", 11, "0.00000000001"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        dx_decimal out;
        cr_expect(dx_decimal_round(of(cases[i].value), cases[i].scale, &out));
        cr_expect_str_eq(show(out), cases[i].rounded, "%s", cases[i].value);
    }
    for (int i = 0; i < ROUNDS; i++) {
        dx_decimal value = random_decimal();
        dx_decimal once, twice;
        int scale = (int)(random_bits() % (DX_SCALE_MAX + 1));
        if (!dx_decimal_round(value, scale, &once))
            continue;
        cr_assert(dx_decimal_round(once, scale, &twice) && dx_decimal_equal(once, twice));
        if (scale < value.scale)
            expect_rounded(value.units, power(value.scale - scale), once.units);
        else
            cr_assert(dx_decimal_equal(value, once));
    }
}

Test(base_value_decimal, refuses_what_does_not_fit)
{
    dx_decimal most = of("9223372036854775807");
    dx_decimal least = of("-9223372036854775807");
    dx_decimal out;
    cr_expect_not(dx_decimal_add(most, of("1"), &out));
    cr_expect_not(dx_decimal_sub(least, of("1"), &out));
    cr_expect_not(dx_decimal_mul(most, of("2"), &out));
    cr_expect_not(dx_decimal_mul(most, most, &out));
    cr_expect_not(dx_decimal_add(most, of("0.1"), &out));
    cr_expect_not(dx_decimal_round(most, 1, &out));
    cr_expect(dx_decimal_add(most, of("0.000000000000"), &out), "zeros at the end may go");
    cr_expect(dx_decimal_equal(out, most));
    cr_expect(dx_decimal_mul(most, of("-1"), &out));
    cr_expect(dx_decimal_equal(out, least));
    cr_expect_not(dx_decimal_round(most, -1, &out));
    cr_expect_not(dx_decimal_round(most, DX_SCALE_MAX + 1, &out));
}

Test(base_value_decimal, parses_what_it_prints)
{
    char text[DX_DECIMAL_TEXT];
    for (int i = 0; i < ROUNDS; i++) {
        dx_decimal value = random_decimal();
        dx_decimal again;
        dx_decimal_text(value, text);
        cr_assert(dx_decimal_parse(text, strlen(text), &again), "%s", text);
        cr_assert_eq(again.units, value.units, "%s", text);
        cr_assert_eq(again.scale, value.scale, "%s", text);
        int places = (int)(random_bits() % (DX_SCALE_MAX + 1));
        dx_decimal_text_min(value, places, text);
        const char *point = strchr(text, '.');
        cr_assert(dx_decimal_parse(text, strlen(text), &again) || strlen(text) > 19, "%s", text);
        cr_assert(strlen(text) > 19 || dx_decimal_equal(again, value), "%s is %s", text, show(value));
        cr_assert(places == 0 || (point && (int)strlen(point + 1) >= places), "%s has %d places", text, places);
    }
    cr_expect_str_eq(dx_decimal_text_min(of("1.5"), 2, text), "1.50");
    cr_expect_str_eq(dx_decimal_text_min(of("1.23400"), 2, text), "1.234");
    cr_expect_str_eq(dx_decimal_text_min(of("7"), 2, text), "7.00");
    cr_expect_str_eq(dx_decimal_text_min(of("7.000"), 0, text), "7");
    cr_expect_str_eq(dx_decimal_text(of("-0.05"), text), "-0.05");
}

Test(base_value_decimal, parses_plain_numbers_only)
{
    static const char *const good[] = {
        "0", "-1", "1.5", "00012.30", "9223372036854775807", "0.123456789012", "1.1234567890120000"};
    static const char *const bad[] = {"",
                                      "-",
                                      ".",
                                      "-.5",
                                      ".5",
                                      "1.",
                                      "+1",
                                      "1e5",
                                      " 1",
                                      "1 ",
                                      "1,5",
                                      "1.2.3",
                                      "--1",
                                      "0x10",
                                      "1'0",
                                      "9223372036854775808",
                                      "0.1234567890123"};
    dx_decimal out;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        cr_expect(dx_decimal_parse(good[i], strlen(good[i]), &out), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_not(dx_decimal_parse(bad[i], strlen(bad[i]), &out), "%s", bad[i]);
}
