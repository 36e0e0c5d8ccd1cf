/* Any bytes as a date, and its first four as a count of days: dates print and parse back, days lead there and back. */
#include "base/value/date.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool good)
{
    if (!good)
        abort();
}

static void check(dx_date date)
{
    char text[DX_DATE_TEXT];
    dx_date again;
    expect(dx_date_valid(date.year, date.month, date.day));
    dx_date_text(date, text);
    expect(dx_date_parse(text, strlen(text), &again) && dx_date_compare(date, again) == 0);
    again = dx_date_from_days(dx_date_days(date));
    expect(again.year == date.year && again.month == date.month && again.day == date.day);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dx_date date;
    int32_t days;
    if (dx_date_parse((const char *)data, size, &date))
        check(date);
    if (dx_date_parse_102((const char *)data, size, &date))
        check(date);
    if (size >= sizeof days) {
        memcpy(&days, data, sizeof days);
        date = dx_date_from_days(days);
        if (date.year) {
            expect(dx_date_days(date) == days);
            check(date);
        }
    }
    return 0;
}
