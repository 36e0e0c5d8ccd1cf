/* Numbers as people print them. */
#include "base/value/decimal.h"
#include "base/value/fold.h"

#include <string.h>

enum { SYMBOLS_MAX = 48 };

typedef enum symbol_kind { DIGIT, POINT, COMMA, SPACE, APOSTROPHE } symbol_kind;

typedef struct symbol {
    symbol_kind kind;
    int digit;
} symbol;

typedef struct symbols {
    symbol at[SYMBOLS_MAX];
    int count;
    bool negative;
    symbol_kind dropped; /* the decimal sign of "5,-", or DIGIT */
} symbols;

/* A character of UTF-8 that can stand in a number; its bytes, 0 for one that cannot. */
static size_t classify(const char *text, size_t left, symbol *out)
{
    static const struct {
        const char *bytes;
        symbol_kind kind;
    } known[] = {
        {".", POINT},
        {"\xEF\xBC\x8E", POINT},
        {",", COMMA},
        {"\xEF\xBC\x8C", COMMA},
        {" ", SPACE},
        {"\xC2\xA0", SPACE},
        {"\xE2\x80\xAF", SPACE},
        {"\xE2\x80\x89", SPACE},
        {"\xE2\x80\x87", SPACE},
        {"\xE3\x80\x80", SPACE},
        {"'", APOSTROPHE},
        {"\xE2\x80\x99", APOSTROPHE},
        {"\xC2\xB4", APOSTROPHE},
        {"`", APOSTROPHE},
    };
    if (text[0] >= '0' && text[0] <= '9') {
        *out = (symbol){DIGIT, text[0] - '0'};
        return 1;
    }
    /* Full-width digits U+FF10 … U+FF19. */
    if (left >= 3 && memcmp(text, "\xEF\xBC", 2) == 0 && (unsigned char)text[2] >= 0x90 &&
        (unsigned char)text[2] <= 0x99) {
        *out = (symbol){DIGIT, (unsigned char)text[2] - 0x90};
        return 3;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        size_t size = strlen(known[i].bytes);
        if (left >= size && memcmp(text, known[i].bytes, size) == 0) {
            *out = (symbol){known[i].kind, 0};
            return size;
        }
    }
    return 0;
}

static size_t minus_at(const char *text, size_t left)
{
    static const char *const signs[] = {"-", "\xE2\x88\x92", "\xE2\x80\x93", "\xE2\x80\x90", "\xEF\xBC\x8D"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t size = strlen(signs[i]);
        if (left >= size && memcmp(text, signs[i], size) == 0)
            return size;
    }
    return 0;
}

static size_t minus_before(const char *text, size_t length)
{
    for (size_t size = 1; size <= 3 && size <= length; size++)
        if (minus_at(text + length - size, size) == size)
            return size;
    return 0;
}

/* "1.234,-", "5.--", "5,—": whole amounts. The decimal sign and what follows it go; returns that sign, or DIGIT for
 * none. */
static symbol_kind drop_dashes(const char *text, size_t *length)
{
    size_t cut = *length;
    size_t size;
    while ((size = minus_before(text, cut)))
        cut -= size;
    if (cut >= 3 && memcmp(text + cut - 3, "\xE2\x80\x94", 3) == 0)
        cut -= 3;
    if (cut == *length || cut < 2 || (text[cut - 1] != ',' && text[cut - 1] != '.'))
        return DIGIT;
    *length = cut - 1;
    return text[cut - 1] == ',' ? COMMA : POINT;
}

/* Takes the sign off, and dashes for "no pence". False: two signs, or a bracket without its other half. */
static bool take_sign(const char **text, size_t *length, symbols *out)
{
    bool *negative = &out->negative;
    *negative = false;
    out->dropped = DIGIT;
    if (*length >= 2 && (*text)[0] == '(' && (*text)[*length - 1] == ')') {
        *negative = true;
        (*text)++;
        *length -= 2;
        dx_trim_spaces(text, length);
        return *length > 0 && !minus_at(*text, *length);
    }
    out->dropped = drop_dashes(*text, length);
    size_t size = minus_at(*text, *length);
    if (size || (*length && (*text)[0] == '+')) {
        *negative = size > 0;
        *text += size ? size : 1;
        *length -= size ? size : 1;
        dx_trim_spaces(text, length);
        return *length > 0 && !minus_at(*text, *length) && !minus_before(*text, *length);
    }
    size = minus_before(*text, *length);
    if (size) {
        *negative = true;
        *length -= size;
        dx_trim_spaces(text, length);
    }
    return *length > 0 && !minus_before(*text, *length);
}

static bool read_symbols(const char *text, size_t length, symbols *out)
{
    out->count = 0;
    dx_trim_spaces(&text, &length);
    if (!take_sign(&text, &length, out))
        return false;
    for (size_t at = 0; at < length;) {
        if (out->count == SYMBOLS_MAX)
            return false;
        size_t size = classify(text + at, length - at, &out->at[out->count]);
        if (!size)
            return false;
        out->count++;
        at += size;
    }
    return out->count > 0 && out->at[out->count - 1].kind == DIGIT;
}

/* Groups before the decimal sign: the first of 1 to 3 digits, the others of 3, or all but the last of 2 (India). One
 * separator throughout. `end` is the place of the decimal sign. */
static bool groups_good(const symbols *all, int end, symbol_kind separator)
{
    int sizes[SYMBOLS_MAX];
    int groups = 0;
    int size = 0;
    for (int i = 0; i <= end; i++) {
        if (i < end && all->at[i].kind == DIGIT) {
            size++;
        } else if (i == end || all->at[i].kind == separator) {
            sizes[groups++] = size;
            size = 0;
        } else {
            return false;
        }
    }
    if (groups == 1)
        return true;
    if (sizes[0] < 1 || sizes[0] > 3 || sizes[groups - 1] != 3)
        return false;
    bool threes = true;
    bool twos = sizes[0] <= 2;
    for (int i = 1; i < groups - 1; i++) {
        threes = threes && sizes[i] == 3;
        twos = twos && sizes[i] == 2;
    }
    return threes || (twos && groups > 2 && separator == COMMA);
}

static bool assemble(const symbols *all, int decimal_at, dx_decimal *out)
{
    char digits[SYMBOLS_MAX + 3];
    size_t used = 0;
    if (all->negative)
        digits[used++] = '-';
    if (decimal_at == 0)
        digits[used++] = '0';
    for (int i = 0; i < all->count; i++) {
        if (i == decimal_at)
            digits[used++] = '.';
        else if (all->at[i].kind == DIGIT)
            digits[used++] = (char)('0' + all->at[i].digit);
    }
    return dx_decimal_parse(digits, used, out);
}

static int count_kind(const symbols *all, symbol_kind kind, int *last)
{
    int count = 0;
    *last = -1;
    for (int i = 0; i < all->count; i++) {
        if (all->at[i].kind == kind) {
            count++;
            *last = i;
        }
    }
    return count;
}

/* The one separator of groups that is used, or DIGIT for none; false for two different ones. */
static bool find_separator(const symbols *all, int decimal_at, symbol_kind *out)
{
    *out = DIGIT;
    for (int i = 0; i < all->count; i++) {
        symbol_kind kind = all->at[i].kind;
        if (kind == DIGIT || i == decimal_at)
            continue;
        if (*out != DIGIT && *out != kind)
            return false;
        *out = kind;
    }
    return true;
}

static bool digits_after(const symbols *all, int at)
{
    for (int i = at + 1; i < all->count; i++)
        if (all->at[i].kind != DIGIT)
            return false;
    return at + 1 < all->count;
}

static bool try_decimal(const symbols *all, int decimal_at, dx_decimal *out)
{
    symbol_kind separator;
    int end = decimal_at < 0 ? all->count : decimal_at;
    if (decimal_at >= 0 && !digits_after(all, decimal_at))
        return false;
    if (!find_separator(all, decimal_at, &separator) || (separator != DIGIT && !groups_good(all, end, separator)))
        return false;
    return assemble(all, decimal_at, out);
}

/* "1.234,-": the sign that was dropped is the decimal one, so that the other one can only group. */
static bool scan_whole(const symbols *all, dx_number_style style, dx_decimal *out)
{
    int last;
    dx_number_style told = all->dropped == COMMA ? DX_NUMBER_COMMA : DX_NUMBER_POINT;
    return (style == DX_NUMBER_UNKNOWN || style == told) && count_kind(all, all->dropped, &last) == 0 &&
           try_decimal(all, -1, out);
}

bool dx_decimal_scan(const char *text, size_t length, dx_number_style style, dx_decimal *out, bool *ambiguous)
{
    symbols all;
    int last_point, last_comma;
    if (ambiguous)
        *ambiguous = false;
    if (!read_symbols(text, length, &all))
        return false;
    if (all.dropped != DIGIT)
        return scan_whole(&all, style, out);
    int points = count_kind(&all, POINT, &last_point);
    int commas = count_kind(&all, COMMA, &last_comma);
    if (style == DX_NUMBER_POINT)
        return points > 1 ? false : try_decimal(&all, last_point, out);
    if (style == DX_NUMBER_COMMA)
        return commas > 1 ? false : try_decimal(&all, last_comma, out);
    if (points && commas)
        return try_decimal(&all, last_point > last_comma ? last_point : last_comma, out);
    int count = points + commas;
    int last = points ? last_point : last_comma;
    if (count != 1)
        return try_decimal(&all, -1, out);
    /* One sign: three digits after it, and at most three before, may be a group. */
    bool group = last > 0 && last <= 3 && all.count - last == 4 && !(last == 1 && all.at[0].digit == 0);
    if (group && ambiguous)
        *ambiguous = true;
    return try_decimal(&all, group ? -1 : last, out);
}
