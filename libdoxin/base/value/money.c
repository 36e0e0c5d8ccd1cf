#include "base/value/money.h"

#include "base/value/fold.h"

#include <stdio.h>
#include <string.h>

enum { SIGN_MAX = 24 };

static bool digit_like(const char *text, size_t left)
{
    return (text[0] >= '0' && text[0] <= '9') || (left >= 3 && memcmp(text, "\xEF\xBC", 2) == 0 &&
                                                  (unsigned char)text[2] >= 0x90 && (unsigned char)text[2] <= 0x99);
}

/* Where the number begins (its sign or bracket included), or length. */
static size_t number_start(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length && !digit_like(text + at, length - at))
        at++;
    return at;
}

static size_t number_end(const char *text, size_t length)
{
    size_t end = 0;
    for (size_t at = 0; at < length; at++)
        if (digit_like(text + at, length - at))
            end = at + (text[at] >= '0' && text[at] <= '9' ? 1 : 3);
    return end;
}

/* The minus signs of dx_decimal_scan; the last one, U+2014, stands only for "no pence". */
static const char *const dashes[] = {"-",           "\xE2\x88\x92", "\xE2\x80\x93", "\xE2\x80\x90", "\xEF\xBC\x8D",
                                     "\xE2\x80\x94"};
enum { DASHES = sizeof dashes / sizeof dashes[0], SIGNS = DASHES - 1 };

static size_t dash_at(const char *text, size_t left, int kinds)
{
    for (int i = 0; i < kinds; i++) {
        size_t size = strlen(dashes[i]);
        if (left >= size && memcmp(text, dashes[i], size) == 0)
            return size;
    }
    return 0;
}

/* Moves `start` over the sign or bracket before the digits: it belongs to the number and not to the currency. */
static void take_sign(const char *text, size_t *start)
{
    for (size_t size = 1; size <= 3 && size <= *start; size++) {
        const char *sign = text + *start - size;
        if (dash_at(sign, size, SIGNS) == size || (size == 1 && (*sign == '(' || *sign == '+'))) {
            *start -= size;
            return;
        }
    }
}

/* Moves `end` over what ends the number: "5,-", "5.--", "5-", "(5)". */
static void take_dashes(const char *text, size_t length, size_t *end)
{
    while (*end < length) {
        size_t size = text[*end] == ',' || text[*end] == '.' || text[*end] == ')'
                          ? 1
                          : dash_at(text + *end, length - *end, DASHES);
        if (!size)
            return;
        *end += size;
    }
}

static bool take_currency(const char *text, size_t length, const char *country, dx_money *out)
{
    dx_trim_spaces(&text, &length);
    if (length && text[length - 1] == ':')
        length--;
    if (length == 0)
        return true;
    const char *code = length <= SIGN_MAX ? dx_currency_from_sign(text, length, country) : NULL;
    if (!code && dx_currency_sign_open(text, length))
        return true; /* a dollar, but whose stays open */
    if (!code || (out->currency[0] && strcmp(out->currency, code) != 0))
        return false;
    memcpy(out->currency, code, 4);
    return true;
}

/* "-" or "(" before the currency sign: "-$5.00", "($5.00)". */
static bool outer_sign(const char **text, size_t *length, bool *negative, bool *bracket)
{
    *negative = *bracket = false;
    if (*length > 2 && (*text)[0] == '(' && (*text)[*length - 1] == ')') {
        *bracket = true;
        (*text)++;
        *length -= 2;
    } else {
        size_t size = dash_at(*text, *length, SIGNS);
        *negative = size > 0;
        *text += size;
        *length -= size;
    }
    dx_trim_spaces(text, length);
    return *length > 0;
}

bool dx_money_scan(const char *text, size_t length, dx_number_style style, const char *country, dx_money *out,
                   bool *ambiguous)
{
    bool negative, bracket;
    *out = (dx_money){0};
    if (ambiguous)
        *ambiguous = false;
    dx_trim_spaces(&text, &length);
    if (!length || !outer_sign(&text, &length, &negative, &bracket))
        return false;
    size_t start = number_start(text, length);
    size_t end = number_end(text, length);
    if (start >= end)
        return false;
    take_sign(text, &start);
    take_dashes(text, length, &end);
    if (!take_currency(text, start, country, out) || !take_currency(text + end, length - end, country, out))
        return false;
    if (!dx_decimal_scan(text + start, end - start, style, &out->amount, ambiguous))
        return false;
    if ((negative || bracket) && out->amount.units < 0)
        return false;
    if (negative || bracket)
        out->amount = dx_decimal_negate(out->amount);
    return true;
}

bool dx_money_add(dx_money a, dx_money b, dx_money *out, bool *mixed)
{
    *mixed = a.currency[0] && b.currency[0] && strcmp(a.currency, b.currency) != 0;
    if (*mixed || !dx_decimal_add(a.amount, b.amount, &a.amount))
        return false;
    if (!a.currency[0])
        memcpy(a.currency, b.currency, sizeof a.currency);
    *out = a;
    return true;
}

/* After CLDR: the separators, how many digits before the point are grouped at least, and where the sign stands. */
typedef struct locale_row {
    const char *name; /* language, or language-REGION before its language */
    const char *group;
    const char *decimal;
    size_t group_from;
    const char *between; /* the sign and the number that follows it; NULL: the sign stands last */
} locale_row;

static const locale_row locales[] = {
    {"de-CH", "\xE2\x80\x99", ".", 4, "\xC2\xA0"},
    {"it-CH", "\xE2\x80\x99", ".", 4, "\xC2\xA0"},
    {"en", ",", ".", 4, ""},
    {"zh", ",", ".", 4, ""},
    {"de", ".", ",", 4, NULL},
    {"fr", "\xE2\x80\xAF", ",", 4, NULL},
    {"es", ".", ",", 5, NULL},
    {"it", ".", ",", 4, NULL},
    {"nl", ".", ",", 4, "\xC2\xA0"},
    {"pt", ".", ",", 4, NULL},
    {"pl", "\xC2\xA0", ",", 5, NULL},
};

/* The row of the locale or of its language. */
static const locale_row *find_locale(const char *locale)
{
    for (size_t i = 0; locale && i < sizeof locales / sizeof locales[0]; i++) {
        size_t size = strlen(locales[i].name);
        if (strncmp(locale, locales[i].name, size) == 0 && (!locale[size] || strchr("-_", locale[size])))
            return &locales[i];
    }
    return NULL;
}

static const char *sign_of(const char *currency)
{
    static const char *const known[][2] = {{"EUR", "€"}, {"USD", "$"},  {"GBP", "£"},
                                           {"JPY", "¥"}, {"PLN", "zł"}, {"INR", "₹"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i][0], currency) == 0)
            return known[i][1];
    return currency;
}

static void group_digits(const char *plain, const locale_row *row, char *out, size_t size)
{
    size_t used = 0;
    const char *point = strchr(plain, '.');
    size_t whole = point ? (size_t)(point - plain) : strlen(plain);
    for (size_t i = 0; i < whole && used + 8 < size; i++) {
        if (i > 0 && whole >= row->group_from && (whole - i) % 3 == 0)
            used += (size_t)snprintf(out + used, size - used, "%s", row->group);
        out[used++] = plain[i];
    }
    out[used] = '\0';
    if (point)
        snprintf(out + used, size - used, "%s%s", row->decimal, point + 1);
}

char *dx_money_text(dx_money money, const char *locale, char *out)
{
    char plain[DX_DECIMAL_TEXT];
    char grouped[64];
    int digits = dx_currency_digits(money.currency);
    dx_decimal_text_min(dx_decimal_abs(money.amount), digits < 0 ? 2 : digits, plain);
    const char *minus = money.amount.units < 0 ? "-" : "";
    const locale_row *row = find_locale(locale);
    if (!row) {
        snprintf(out, DX_MONEY_TEXT, "%s%s%s%s", minus, plain, money.currency[0] ? " " : "", money.currency);
        return out;
    }
    group_digits(plain, row, grouped, sizeof grouped);
    const char *sign = sign_of(money.currency);
    if (!money.currency[0])
        snprintf(out, DX_MONEY_TEXT, "%s%s", minus, grouped);
    else if (row->between)
        snprintf(out, DX_MONEY_TEXT, "%s%s%s%s", minus, sign, sign == money.currency ? "\xC2\xA0" : row->between,
                 grouped);
    else
        snprintf(out, DX_MONEY_TEXT, "%s%s\xC2\xA0%s", minus, grouped, sign);
    return out;
}
