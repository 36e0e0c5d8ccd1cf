#include "eval/number.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_TEXT = 64, PART_DIGITS = 12, WHOLE_DIGITS = 18 };

/* The characters of numbers alone. False: too many, or none. */
static bool take_signs_and_digits(const char *string, char *out)
{
    size_t length = 0;
    for (; *string; string++) {
        if (!strchr("0123456789.,-()", *string))
            continue;
        if (length + 1 == MAX_TEXT)
            return false;
        out[length++] = *string;
    }
    out[length] = '\0';
    return length > 0;
}

/* Takes signs and brackets off both ends; true when they say negative. */
static bool take_sign(char **string)
{
    size_t length = strlen(*string);
    char last = (*string)[length - 1];
    bool negative = **string == '-' || last == '-' || (**string == '(' && last == ')');
    while (length > 0 && strchr("-()", (*string)[length - 1]))
        (*string)[--length] = '\0';
    while (**string && strchr("-()", **string))
        (*string)++;
    return negative;
}

static void remove_all(char *string, char what)
{
    char *to = string;
    for (; *string; string++)
        if (*string != what)
            *to++ = *string;
    *to = '\0';
}

static size_t count_of(const char *string, char what)
{
    size_t count = 0;
    for (; *string; string++)
        count += *string == what;
    return count;
}

/* Leaves the point as the only separator: the later of two kinds is the decimal one; a comma alone groups when there are
 * several or three digits follow it. */
static void use_points(char *string)
{
    char *comma = strrchr(string, ',');
    char *point = strrchr(string, '.');
    bool decimal_comma = comma && (point ? comma > point : count_of(string, ',') == 1 && strlen(comma + 1) != 3);
    if (comma && point)
        remove_all(string, decimal_comma ? '.' : ',');
    if (!decimal_comma)
        remove_all(string, ',');
    for (char *at = string; *at; at++)
        if (*at == ',')
            *at = '.';
}

static bool read_digits(const char *string, number *out)
{
    size_t whole = strspn(string, "0123456789");
    const char *rest = string + whole;
    size_t parts = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
    if (whole + parts == 0 || whole > WHOLE_DIGITS || (*rest != '\0' && rest[1 + parts] != '\0'))
        return false;
    *out = (number){0, 0};
    for (size_t i = 0; i < whole; i++)
        out->whole = out->whole * 10 + (string[i] - '0');
    for (size_t i = 0; i < PART_DIGITS; i++)
        out->parts = out->parts * 10 + (i < parts ? rest[1 + i] - '0' : 0);
    return true;
}

bool number_read(const char *string, number *out)
{
    char kept[MAX_TEXT];
    char *digits = kept;
    if (!take_signs_and_digits(string, kept))
        return false;
    bool negative = take_sign(&digits);
    use_points(digits);
    if (!read_digits(digits, out))
        return false;
    if (negative)
        *out = (number){-out->whole, -out->parts};
    return true;
}

bool number_near(number a, number b, bool with_edge)
{
    const int64_t one = 1000000000000, tolerance = 5000000000;
    int64_t whole = a.whole - b.whole;
    if (whole < -2 || whole > 2)
        return false;
    int64_t apart = llabs(whole * one + a.parts - b.parts);
    return apart < tolerance || (with_edge && apart == tolerance);
}
