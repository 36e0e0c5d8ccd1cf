/* IBAN (ISO 13616), BIC (ISO 9362), GTIN (GS1), Luhn (ISO/IEC 7812). */
#include "base/value/country.h"
#include "base/value/fold.h"

#include <string.h>

/* Countries of the IBAN registry with the length of theirs. */
static const struct {
    char country[3];
    int length;
} lengths[] = {
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22}, {"BH", 22},
    {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DJ", 27},
    {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18}, {"FK", 18}, {"FO", 18}, {"FR", 27},
    {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27}, {"GT", 28}, {"HN", 28}, {"HR", 21}, {"HU", 28},
    {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28},
    {"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22},
    {"MK", 19}, {"MN", 20}, {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23},
    {"PK", 24}, {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33}, {"SA", 24},
    {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"SO", 23}, {"ST", 25}, {"SV", 28},
    {"TL", 23}, {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20}, {"YE", 30},
};

static int iban_length(const char *country)
{
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        if (memcmp(lengths[i].country, country, 2) == 0)
            return lengths[i].length;
    return 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Remainder by 97 of the number that the characters from `from`, then those before it, spell (A = 10 … Z = 35). */
static int mod_97(const char *code, size_t from)
{
    size_t size = strlen(code);
    int rest = 0;
    for (size_t i = 0; i < size; i++) {
        char c = code[(from + i) % size];
        int value = is_digit(c) ? c - '0' : c - 'A' + 10;
        rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
    }
    return rest;
}

dx_verdict dx_iban_check(const char *text, size_t length, char *out)
{
    char code[35];
    if (!dx_compact_code(text, length, code, sizeof code) || strlen(code) < 15)
        return DX_CHECK_BAD;
    if ((int)strlen(code) != iban_length(code) || !is_digit(code[2]) || !is_digit(code[3]) || mod_97(code, 4) != 1)
        return DX_CHECK_BAD;
    memcpy(out, code, strlen(code) + 1);
    return DX_CHECK_GOOD;
}

dx_verdict dx_bic_check(const char *text, size_t length, char *out)
{
    char code[12];
    if (!dx_compact_code(text, length, code, sizeof code) || (strlen(code) != 8 && strlen(code) != 11))
        return DX_CHECK_BAD;
    for (int i = 0; i < 6; i++)
        if (is_digit(code[i]))
            return DX_CHECK_BAD;
    char country[3] = {code[4], code[5], '\0'};
    if (!dx_country_name(country) && strcmp(country, "XK") != 0)
        return DX_CHECK_BAD;
    memcpy(out, code, strlen(code) + 1);
    return DX_CHECK_FORM;
}

dx_verdict dx_gtin_check(const char *text, size_t length)
{
    int sum = 0;
    if (length != 8 && length != 12 && length != 13 && length != 14)
        return DX_CHECK_BAD;
    for (size_t i = 0; i < length; i++) {
        if (!is_digit(text[i]))
            return DX_CHECK_BAD;
        /* Weights 3 and 1 alternate from the right; the check digit itself counts once. */
        sum += (text[i] - '0') * ((length - i) % 2 == 0 ? 3 : 1);
    }
    return sum % 10 == 0 ? DX_CHECK_GOOD : DX_CHECK_BAD;
}

dx_verdict dx_luhn_check(const char *digits, size_t length)
{
    int sum = 0;
    for (size_t i = 0; i < length; i++) {
        char c = digits[length - 1 - i];
        if (!is_digit(c))
            return DX_CHECK_BAD;
        int value = (c - '0') * (i % 2 ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
    }
    return length > 1 && sum % 10 == 0 ? DX_CHECK_GOOD : DX_CHECK_BAD;
}
