#include "base/value/money.h"

#include <stdio.h>
#include <string.h>

enum { SIGN_MAX = 24 };

static bool digit_like(const char *text, size_t left)
{
    return (text[0] >= '0' && text[0] <= '9') ||
           (left >= 3 && memcmp(text, "\xEF\xBC", 2) == 0 && (unsigned char)text[2] >= 0x90 && (unsigned char)text[2] <= 0x99);
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

static void trim(const char **text, size_t *length)
{
    while (*length && strchr(" \t\r\n:", (*text)[0])) {
        (*text)++;
        (*length)--;
    }
    while (*length && strchr(" \t\r\n", (*text)[*length - 1]))
        (*length)--;
    while (*length >= 2 && memcmp(*text, "\xC2\xA0", 2) == 0) {
        *text += 2;
        *length -= 2;
    }
    while (*length >= 2 && memcmp(*text + *length - 2, "\xC2\xA0", 2) == 0)
        *length -= 2;
}

/* Signs that belong to the number and not to the currency move over to it. */
static void split_sign(const char *text, size_t *at)
{
    static const char *const leading[] = {"-", "(", "+", "\xE2\x88\x92"};
    for (size_t i = 0; i < sizeof leading / sizeof leading[0]; i++) {
        size_t size = strlen(leading[i]);
        if (*at >= size && memcmp(text + *at - size, leading[i], size) == 0) {
            *at -= size;
            return;
        }
    }
}

static bool take_currency(const char *text, size_t length, const char *country, dx_money *out)
{
    trim(&text, &length);
    if (length == 0)
        return true;
    const char *code = length <= SIGN_MAX ? dx_currency_from_sign(text, length, country) : NULL;
    if (!code && length == 1 && text[0] == '$')
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
    } else if (*length > 1 && (*text)[0] == '-') {
        *negative = true;
        (*text)++;
        (*length)--;
    }
    trim(text, length);
    return *length > 0;
}

bool dx_money_scan(const char *text, size_t length, dx_number_style style, const char *country, dx_money *out,
                   bool *ambiguous)
{
    bool negative, bracket;
    *out = (dx_money){0};
    if (ambiguous)
        *ambiguous = false;
    trim(&text, &length);
    if (!length || !outer_sign(&text, &length, &negative, &bracket))
        return false;
    size_t start = number_start(text, length);
    size_t end = number_end(text, length);
    if (start >= end)
        return false;
    split_sign(text, &start);
    /* "5,-" and a minus after the digits belong to the number; letters and signs after it to the currency. */
    while (end < length && strchr(",.-)", text[end]))
        end++;
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

/* ---- printing ----------------------------------------------------------------------------------------------------------- */

typedef struct locale_row {
    const char *name;
    const char *group;
    const char *decimal;
    bool sign_first;
} locale_row;

static const locale_row locales[] = {
    {"en", ",", ".", true},
    {"zh", ",", ".", true},
    {"de", ".", ",", false},
    {"fr", "\xE2\x80\xAF", ",", false},
    {"es", ".", ",", false},
    {"it", ".", ",", false},
    {"nl", ".", ",", true},
    {"pt", ".", ",", false},
    {"pl", "\xC2\xA0", ",", false},
};

static const char *sign_of(const char *currency)
{
    static const char *const known[][2] = {{"EUR", "€"}, {"USD", "$"}, {"GBP", "£"}, {"JPY", "¥"}, {"PLN", "zł"},
                                           {"INR", "₹"}};
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
        if (i > 0 && (whole - i) % 3 == 0)
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
    const locale_row *row = NULL;
    for (size_t i = 0; i < sizeof locales / sizeof locales[0]; i++)
        if (locale && strncmp(locale, locales[i].name, 2) == 0)
            row = &locales[i];
    if (!row) {
        snprintf(out, DX_MONEY_TEXT, "%s%s%s%s", minus, plain, money.currency[0] ? " " : "", money.currency);
        return out;
    }
    group_digits(plain, row, grouped, sizeof grouped);
    const char *sign = sign_of(money.currency);
    if (!money.currency[0])
        snprintf(out, DX_MONEY_TEXT, "%s%s", minus, grouped);
    else if (row->sign_first)
        snprintf(out, DX_MONEY_TEXT, "%s%s%s%s", minus, sign, strlen(sign) == 3 && sign == money.currency ? "\xC2\xA0" : "", grouped);
    else
        snprintf(out, DX_MONEY_TEXT, "%s%s\xC2\xA0%s", minus, grouped, sign);
    return out;
}
