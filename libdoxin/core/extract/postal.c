/* Postal codes with their towns, by the form that countries give them. */
#include "base/value/country.h"
#include "core/extract/parties.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_letter(char c)
{
    return is_upper(c) || (c >= 'a' && c <= 'z') || (unsigned char)c >= 0xC3;
}

static size_t digits_at(const char *text, size_t length, size_t at)
{
    size_t end = at;
    while (end < length && is_digit(text[end]))
        end++;
    return end - at;
}

static bool boundary_before(const char *text, size_t at)
{
    return at == 0 || strchr(" ,-(\t", text[at - 1]) != NULL || (unsigned char)text[at - 1] >= 0x80;
}

/* The town behind a code: letters up to a comma, a separator or the end. */
static size_t town_end(const char *text, size_t length, size_t at)
{
    size_t end = at;
    while (end < length && text[end] != ',' && text[end] != '|' && text[end] != ';' && !is_digit(text[end])) {
        if (strncmp(text + end, " - ", 3) == 0 || strncmp(text + end, "\xE2\x80\xA2", 3) == 0 ||
            strncmp(text + end, "\xC2\xB7", 2) == 0 || strncmp(text + end, "\xE2\x97\x8F", 3) == 0 ||
            strncmp(text + end, " \xE2\x80\x93 ", 5) == 0)
            break;
        end++;
    }
    while (end > at && (text[end - 1] == ' ' || text[end - 1] == '.'))
        end--;
    return end;
}

static void set(dx_postal *out, size_t begin, size_t code_end, size_t end, const char *country, bool sure)
{
    out->begin = begin;
    out->code_begin = begin;
    out->code_end = code_end;
    out->end = end;
    out->country = country;
    out->sure = sure;
}

/* "DE 99199 Town", "D-80333 Town": the country before a code. */
static const char *country_before(const char *text, size_t at)
{
    if (at < 2 || (text[at - 1] != ' ' && text[at - 1] != '-'))
        return NULL;
    size_t begin = at - 1;
    while (begin > 0 && is_upper(text[begin - 1]))
        begin--;
    size_t size = at - 1 - begin;
    if (begin > 0 && text[begin - 1] != ' ' && text[begin - 1] != ',')
        return NULL;
    if (size == 2)
        return dx_country_code(text + begin, 2);
    if (size == 1)
        return text[begin] == 'D'   ? "DE"
               : text[begin] == 'F' ? "FR"
               : text[begin] == 'A' ? "AT"
               : text[begin] == 'L' ? "LU"
               : text[begin] == 'B' ? "BE"
                                    : NULL;
    return NULL;
}

static bool code_first(const char *text, size_t length, size_t at, dx_postal *out)
{
    size_t digits = digits_at(text, length, at), behind = at + digits;
    if (digits == 2 && behind + 4 <= length && text[behind] == '-' && digits_at(text, length, behind + 1) == 3) {
        behind += 4;
        size_t end = town_end(text, length, behind);
        set(out, at, behind, end, "PL", true);
        return end > behind + 2;
    }
    if (digits == 4 && behind + 4 <= length && text[behind] == '-' && digits_at(text, length, behind + 1) == 3) {
        size_t end = town_end(text, length, behind + 4);
        set(out, at, behind + 4, end, "PT", true);
        return end > behind + 6;
    }
    if (digits < 4 || digits > 6 || behind >= length || text[behind] != ' ')
        return false;
    if (digits == 4 && behind + 3 < length && is_upper(text[behind + 1]) && is_upper(text[behind + 2]) &&
        (text[behind + 3] == ' ' || behind + 3 == length)) {
        size_t end = town_end(text, length, behind + 3);
        set(out, at, behind + 3, end, "NL", true);
        return end > behind + 4;
    }
    if (!is_letter(text[behind + 1]))
        return false;
    size_t end = town_end(text, length, behind + 1);
    const char *country = country_before(text, at);
    bool capital = !(text[behind + 1] >= 'a' && text[behind + 1] <= 'z');
    bool starts = at == 0 || text[at - 1] == ' ' || country;
    bool part = at >= 3 && text[at - 1] == ' ' && (strchr(",|-", text[at - 2]) || (unsigned char)text[at - 2] >= 0x80);
    if (digits == 4 && !country &&
        ((at > 0 && !part) || !capital || (text[at] == '2' && text[at + 1] == '0') || text[at] == '0'))
        return false;
    if (end - behind < 3 || end - behind > 48)
        return false;
    set(out, at, behind, end, country, country || part || (digits == 5 && capital && starts));
    return capital || country;
}

/* "Henderson, NV 89014", "Patna Bihar 800001", "Oak Town, UT, 32104": the code closes the line. */
static bool code_last(const char *text, size_t length, size_t at, dx_postal *out)
{
    size_t digits = digits_at(text, length, at), end = at + digits;
    if (digits != 5 && digits != 6)
        return false;
    if (digits == 5 && end + 5 <= length && text[end] == '-' && digits_at(text, length, end + 1) == 4)
        end += 5;
    size_t rest = end;
    while (rest < length && (text[rest] == '.' || text[rest] == ' ' || text[rest] == ','))
        rest++;
    bool country = rest < length && dx_country_code(text + rest, length - rest) != NULL;
    if ((rest < length && !country) || at < 3)
        return false;
    size_t before = at;
    while (before > 0 && (text[before - 1] == ' ' || text[before - 1] == ',' || text[before - 1] == '-'))
        before--;
    if (before < 2 || !is_letter(text[before - 1]))
        return false;
    bool state = is_upper(text[before - 1]) && is_upper(text[before - 2]) &&
                 (before == 2 || text[before - 3] == ' ' || text[before - 3] == ',');
    if (!state && !strchr(text, ',') && !memchr(text, ' ', before))
        return false; /* one word and a number may be anything */
    size_t begin = 0;
    if (strchr(text, ',')) {
        /* The part of a line that holds town and state begins behind the comma before the last two parts. */
        size_t commas = 0;
        for (begin = before; begin > 0; begin--)
            if (text[begin - 1] == ',' && ++commas == 2)
                break;
        while (text[begin] == ' ')
            begin++;
    }
    set(out, begin, end, end,
        state && digits == 5 ? "US"
        : digits == 6        ? "IN"
                             : NULL,
        state || strchr(text, ',') != NULL);
    out->code_begin = at;
    return true;
}

/* "Town D02 X285": Irish. */
static bool irish(const char *text, size_t length, size_t at, dx_postal *out)
{
    if (at + 8 != length || !is_digit(text[at + 1]) || !(is_digit(text[at + 2]) || text[at + 2] == 'W') ||
        text[at + 3] != ' ' || at < 3)
        return false;
    for (size_t i = at + 4; i < at + 8; i++)
        if (!is_upper(text[i]) && !is_digit(text[i]))
            return false;
    set(out, 0, length, length, "IE", true);
    out->code_begin = at;
    return true;
}

/* "London SW1A 1AA" */
static bool british(const char *text, size_t length, size_t at, dx_postal *out)
{
    size_t letters = 0;
    while (letters < 3 && at + letters < length && is_upper(text[at + letters]))
        letters++;
    size_t p = at + letters;
    if (letters < 1 || letters > 2 || p >= length || !is_digit(text[p]))
        return false;
    p++;
    if (p < length && (is_digit(text[p]) || is_upper(text[p])))
        p++;
    if (p + 4 > length || text[p] != ' ' || !is_digit(text[p + 1]) || !is_upper(text[p + 2]) || !is_upper(text[p + 3]))
        return false;
    if (p + 4 < length && text[p + 4] != ' ' && text[p + 4] != ',' && text[p + 4] != '.')
        return false;
    size_t begin = at;
    const char *comma = NULL;
    for (size_t i = 0; i + 2 < at; i++)
        if (text[i] == ',')
            comma = text + i;
    begin = comma ? (size_t)(comma - text) + 1 : 0;
    while (text[begin] == ' ')
        begin++;
    set(out, begin, p + 4, p + 4, "GB", true);
    out->code_begin = at;
    return true;
}

bool dx_postal_find(const char *text, size_t length, dx_postal *out)
{
    for (size_t at = 0; at < length; at++) {
        if (!boundary_before(text, at))
            continue;
        if (is_digit(text[at]) && (code_first(text, length, at, out) || code_last(text, length, at, out)))
            return true;
        if (is_upper(text[at]) && (british(text, length, at, out) || irish(text, length, at, out)))
            return true;
    }
    return false;
}
