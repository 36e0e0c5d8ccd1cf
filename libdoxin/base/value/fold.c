#include "base/value/fold.h"

#include <string.h>

/* The byte at `at` without case: A–Z, and U+00C0 … U+00DE after the lead byte 0xC3. */
static unsigned char lower(const char *text, size_t at)
{
    unsigned char c = (unsigned char)text[at];
    if (c >= 'A' && c <= 'Z')
        return (unsigned char)(c + 32);
    if (at > 0 && (unsigned char)text[at - 1] == 0xC3 && c >= 0x80 && c <= 0x9E && c != 0x97)
        return (unsigned char)(c + 0x20);
    return c;
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
