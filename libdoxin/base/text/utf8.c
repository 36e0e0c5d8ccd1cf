#include "base/text/utf8.h"

#include <utf8proc.h>

int32_t dx_utf8_next(const char *text, size_t length, size_t *at)
{
    if (*at >= length)
        return -1;
    utf8proc_int32_t character;
    size_t left = length - *at;
    utf8proc_ssize_t used =
        utf8proc_iterate((const utf8proc_uint8_t *)text + *at, left > 4 ? 4 : (utf8proc_ssize_t)left, &character);
    if (used <= 0) {
        (*at)++;
        return 0xFFFD;
    }
    *at += (size_t)used;
    return character;
}

bool dx_utf8_valid(const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        utf8proc_int32_t character;
        size_t left = length - at;
        utf8proc_ssize_t used =
            utf8proc_iterate((const utf8proc_uint8_t *)text + at, left > 4 ? 4 : (utf8proc_ssize_t)left, &character);
        if (used <= 0)
            return false;
        at += (size_t)used;
    }
    return true;
}

size_t dx_utf8_put(int32_t character, char *out)
{
    if (!utf8proc_codepoint_valid(character))
        character = 0xFFFD;
    return (size_t)utf8proc_encode_char(character, (utf8proc_uint8_t *)out);
}

size_t dx_utf8_count(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t at = 0; dx_utf8_next(text, length, &at) >= 0;)
        count++;
    return count;
}

bool dx_char_letter(int32_t character)
{
    if (character < 0x80)
        return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
    utf8proc_category_t category = utf8proc_category(character);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool dx_char_digit(int32_t character)
{
    if (character < 0x80)
        return character >= '0' && character <= '9';
    return utf8proc_category(character) == UTF8PROC_CATEGORY_ND;
}

bool dx_char_space(int32_t character)
{
    if (character < 0x80)
        return character == ' ' || (character >= '\t' && character <= '\r');
    return utf8proc_category(character) == UTF8PROC_CATEGORY_ZS || character == 0x85;
}

int32_t dx_char_lower(int32_t character)
{
    if (character < 0x80)
        return character >= 'A' && character <= 'Z' ? character + 32 : character;
    return utf8proc_tolower(character);
}

int dx_char_width(int32_t character)
{
    return character < 0x80 ? 1 : utf8proc_charwidth(character);
}
