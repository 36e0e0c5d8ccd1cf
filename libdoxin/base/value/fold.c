#include "base/value/fold.h"

#include <string.h>

/* The byte at `at` without case: A–Z, and the letters U+00C0 … U+017F, whose small ones lie 32 or 1 behind. */
static unsigned char lower(const char *text, size_t at)
{
    unsigned char c = (unsigned char)text[at];
    if (c >= 'A' && c <= 'Z')
        return (unsigned char)(c + 32);
    unsigned char lead = at > 0 ? (unsigned char)text[at - 1] : 0;
    if (lead == 0xC3 && c >= 0x80 && c <= 0x9E && c != 0x97)
        return (unsigned char)(c + 0x20);
    if ((lead != 0xC4 && lead != 0xC5) || c < 0x80 || c > 0xBE)
        return c;
    /* Capitals are even, but odd in U+0139 … U+0148 and U+0179 … U+017E; three even letters have no pair here. */
    unsigned character = (lead - 0xC0U) * 64 + (c - 0x80U);
    bool odd = (character >= 0x139 && character <= 0x148) || (character >= 0x179 && character <= 0x17E);
    bool pair = character != 0x130 && character != 0x138 && character != 0x178;
    return pair && (character & 1) == odd ? (unsigned char)(c + 1) : c;
}

bool dx_same_name(const char *a, size_t a_size, const char *b, size_t b_size)
{
    if (a_size != b_size)
        return false;
    for (size_t i = 0; i < a_size; i++)
        if (lower(a, i) != lower(b, i))
            return false;
    return true;
}

bool dx_name_among(const char *names, const char *text, size_t size)
{
    for (const char *p = names; *p;) {
        size_t item = strcspn(p, "|");
        if (dx_same_name(p, item, text, size))
            return true;
        p += item + (p[item] == '|');
    }
    return false;
}

bool dx_compact_code(const char *text, size_t size, char *out, size_t out_size)
{
    size_t used = 0;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (c == ' ' || c == '.' || c == '-' || c == '/')
            continue;
        if ((unsigned char)c == 0xC2 && i + 1 < size && (unsigned char)text[i + 1] == 0xA0) {
            i++;
            continue;
        }
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 32);
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) || used + 1 >= out_size)
            return false;
        out[used++] = c;
    }
    out[used] = '\0';
    return used > 0;
}

static const char *const spaces[] = {" ",        "\t",           "\r",           "\n",           "\v",          "\f",
                                     "\xC2\xA0", "\xE2\x80\x87", "\xE2\x80\x89", "\xE2\x80\xAF", "\xE3\x80\x80"};

size_t dx_space_at_start(const char *text, size_t size)
{
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
        size_t bytes = strlen(spaces[i]);
        if (size >= bytes && memcmp(text, spaces[i], bytes) == 0)
            return bytes;
    }
    return 0;
}

size_t dx_space_at_end(const char *text, size_t size)
{
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
        size_t bytes = strlen(spaces[i]);
        if (size >= bytes && memcmp(text + size - bytes, spaces[i], bytes) == 0)
            return bytes;
    }
    return 0;
}

void dx_trim_spaces(const char **text, size_t *size)
{
    for (size_t bytes; (bytes = dx_space_at_start(*text, *size)); *size -= bytes)
        *text += bytes;
    for (size_t bytes; (bytes = dx_space_at_end(*text, *size));)
        *size -= bytes;
}
