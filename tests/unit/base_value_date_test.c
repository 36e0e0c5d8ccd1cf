#include "base/value/date.h"

#include <criterion/criterion.h>
#include <string.h>

static dx_date date(int year, int month, int day)
{
    return (dx_date){(int16_t)year, (int8_t)month, (int8_t)day};
}

Test(base_value_date, knows_which_days_exist)
{
    cr_expect(dx_date_valid(2024, 2, 29));
    cr_expect(dx_date_valid(2000, 2, 29));
    cr_expect_not(dx_date_valid(1900, 2, 29));
    cr_expect_not(dx_date_valid(2100, 2, 29));
    cr_expect_not(dx_date_valid(2023, 2, 29));
    cr_expect_not(dx_date_valid(2023, 4, 31));
    cr_expect_not(dx_date_valid(2023, 0, 1));
    cr_expect_not(dx_date_valid(2023, 13, 1));
    cr_expect_not(dx_date_valid(2023, 1, 0));
    cr_expect_not(dx_date_valid(1899, 12, 31));
    cr_expect_not(dx_date_valid(2200, 1, 1));
}

/* Day after day through all 300 years: numbers go up by one, and each number leads back. */
Test(base_value_date, counts_days_without_a_gap)
{
    cr_expect_eq(dx_date_days(date(1970, 1, 1)), 0);
    cr_expect_eq(dx_date_days(date(2000, 3, 1)), 11017);
    cr_expect_eq(dx_date_days(date(1969, 12, 31)), -1);
    int32_t expected = dx_date_days(date(1900, 1, 1));
    for (int year = 1900; year < 2200; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; dx_date_valid(year, month, day); day++, expected++) {
                cr_assert_eq(dx_date_days(date(year, month, day)), expected, "%d-%d-%d", year, month, day);
                dx_date back = dx_date_from_days(expected);
                cr_assert(back.year == year && back.month == month && back.day == day, "%d-%d-%d", year, month, day);
            }
        }
    }
    cr_expect_eq(dx_date_from_days(expected).year, 0);
    cr_expect_eq(dx_date_from_days(dx_date_days(date(1900, 1, 1)) - 1).year, 0);
    cr_expect_eq(dx_date_from_days(INT32_MAX).year, 0);
    cr_expect_eq(dx_date_from_days(INT32_MIN).year, 0);
}

Test(base_value_date, parses_what_it_prints)
{
    char text[DX_DATE_TEXT];
    for (int32_t days = dx_date_days(date(1900, 1, 1)); days <= dx_date_days(date(2199, 12, 31)); days += 13) {
        dx_date value = dx_date_from_days(days);
        dx_date again;
        dx_date_text(value, text);
        cr_assert(dx_date_parse(text, strlen(text), &again), "%s", text);
        cr_assert_eq(dx_date_compare(value, again), 0, "%s", text);
    }
    cr_expect_str_eq(dx_date_text(date(2026, 1, 5), text), "2026-01-05");
    cr_expect_str_eq(dx_date_text((dx_date){0}, text), "0000-00-00");
}

Test(base_value_date, takes_two_forms_and_no_other)
{
    static const char *const bad[] = {"",           "2026-11-2", "2026-11-255", "2026/11/25",  "2026-13-25",
                                      "2026-11-31", "26-11-25",  "2026-11-2x",  " 2026-11-25", "0000-00-00"};
    dx_date out;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_not(dx_date_parse(bad[i], strlen(bad[i]), &out), "%s", bad[i]);
    cr_expect(dx_date_parse_102("20261125", 8, &out));
    cr_expect_eq(dx_date_compare(out, date(2026, 11, 25)), 0);
    cr_expect_not(dx_date_parse_102("20261131", 8, &out));
    cr_expect_not(dx_date_parse_102("2026112", 7, &out));
    cr_expect_not(dx_date_parse_102("2026-1-1", 8, &out));
}

Test(base_value_date, compares)
{
    cr_expect_eq(dx_date_compare(date(2026, 1, 31), date(2026, 2, 1)), -1);
    cr_expect_eq(dx_date_compare(date(2026, 1, 1), date(2025, 12, 31)), 1);
    cr_expect_eq(dx_date_compare((dx_date){0}, date(1900, 1, 1)), -1);
}
