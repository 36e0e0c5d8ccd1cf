/* Value-added-tax rates by country; the numbers are in rates_table.inc. */
#include "base/value/country.h"

#include <string.h>

enum { RATES_MAX = 16 };

static const struct {
    char country[3];
    int rates[RATES_MAX]; /* 0-terminated */
} rows[] = {
#define X(country, ...) {country, {__VA_ARGS__}},
#include "base/value/rates_table.inc"
#undef X
};

const int *dx_vat_rates(const char *country)
{
    for (size_t i = 0; country && i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].country, country) == 0)
            return rows[i].rates;
    return NULL;
}
