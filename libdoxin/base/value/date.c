#include "base/value/date.h"

#include <stdio.h>

static bool leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool dx_date_valid(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1)
        return false;
    return day <= days[month - 1] + (month == 2 && leap(year));
}

static bool digits(const char *text, int count, int *out)
{
    *out = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

static bool store(int year, int month, int day, dx_date *out)
{
    if (!dx_date_valid(year, month, day))
        return false;
    *out = (dx_date){(int16_t)year, (int8_t)month, (int8_t)day};
    return true;
}

bool dx_date_parse(const char *text, size_t length, dx_date *out)
{
    int year, month, day;
    return length == 10 && text[4] == '-' && text[7] == '-' && digits(text, 4, &year) && digits(text + 5, 2, &month) &&
           digits(text + 8, 2, &day) && store(year, month, day, out);
}

bool dx_date_parse_102(const char *text, size_t length, dx_date *out)
{
    int year, month, day;
    return length == 8 && digits(text, 4, &year) && digits(text + 4, 2, &month) && digits(text + 6, 2, &day) &&
           store(year, month, day, out);
}

char *dx_date_text(dx_date date, char *out)
{
    snprintf(out, DX_DATE_TEXT, "%04u-%02u-%02u", (unsigned)date.year % 10000, (unsigned)date.month % 100,
             (unsigned)date.day % 100);
    return out;
}

int dx_date_compare(dx_date a, dx_date b)
{
    int32_t x = dx_date_days(a);
    int32_t y = dx_date_days(b);
    return x < y ? -1 : x > y;
}

/* Days from civil for years since 0, after H. Hinnant's public-domain algorithms: years begin in March, eras have 400
 * years. */
int32_t dx_date_days(dx_date date)
{
    int year = date.year - (date.month <= 2);
    int era = year / 400;
    int year_of_era = year - era * 400;
    int day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

dx_date dx_date_from_days(int32_t days)
{
    /* 1900-01-01 … 2199-12-31 */
    if (days < -25567 || days > 84005)
        return (dx_date){0};
    days += 719468;
    int era = days / 146097;
    int day_of_era = days - era * 146097;
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * day_of_year + 2) / 153;
    int month = shifted < 10 ? shifted + 3 : shifted - 9;
    return (dx_date){(int16_t)(year_of_era + era * 400 + (month <= 2)), (int8_t)month,
                     (int8_t)(day_of_year - (153 * shifted + 2) / 5 + 1)};
}
