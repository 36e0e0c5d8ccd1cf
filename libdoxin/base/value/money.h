/* Amounts of a currency. */
#ifndef DX_BASE_VALUE_MONEY_H
#define DX_BASE_VALUE_MONEY_H

#include "base/value/decimal.h"

typedef struct dx_money {
    dx_decimal amount;
    char currency[4]; /* ISO 4217 in capitals; "" where it is not known */
} dx_money;

/* ISO 4217: digits after the point (EUR 2, JPY 0, KWD 3), or -1 for no such currency. */
int dx_currency_digits(const char *code);
/* English name, or NULL. */
const char *dx_currency_name(const char *code);
/* The code for a sign or word as printed: "€", "EUR", "Euro", "US$", "£", "zł", "Fr.", "kr" … country (ISO 3166 alpha-2
 * or "") decides what "$", "kr", "¥" mean; NULL when it stays open. */
const char *dx_currency_from_sign(const char *sign, size_t length, const char *country);
/* A sign of several currencies that dx_currency_from_sign leaves open without a country ("$", "kr", "¥"). */
bool dx_currency_sign_open(const char *sign, size_t length);
/* The currency of a country (alpha-2), or NULL. */
const char *dx_currency_of_country(const char *country);

/* An amount as people print it, with a currency before or after it or none: "EUR 1.234,56", "$1,234.56", "12,50 €".
 * The currency is "" where its sign alone leaves it open. */
bool dx_money_scan(const char *text, size_t length, dx_number_style style, const char *country, dx_money *out,
                   bool *ambiguous);

/* False when it does not fit or the currencies differ ("" goes with any); *mixed tells which. */
bool dx_money_add(dx_money a, dx_money b, dx_money *out, bool *mixed);

/* As people of a locale print it: decimals of the currency (more where the amount has more), grouping, sign position:
 * locale "de" -> "1.234,56 €", "en" -> "€1,234.56", "fr" -> "1 234,56 €", "de-CH" -> "CHF 1’234.56" … A region that is
 * not known counts as its language. Unknown locale: "1234.56 EUR". */
enum { DX_MONEY_TEXT = 80 };
char *dx_money_text(dx_money money, const char *locale, char *out);

#endif
