#include "base/text/markup.h"

#include <stdbool.h>
#include <string.h>

static const char *reference_for(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* U+FFFE and U+FFFF. */
static bool is_noncharacter(const char *p)
{
    return memcmp(p, "\xEF\xBF", 2) == 0 && ((unsigned char)p[2] == 0xBE || (unsigned char)p[2] == 0xBF);
}

void dx_markup_text(dx_buffer *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        const char *reference = reference_for(*p);
        if (reference)
            dx_buffer_text(out, reference);
        else if (p[0] == '\xEF' && p[1] != '\0' && is_noncharacter(p))
            p += 2;
        else if ((unsigned char)*p >= 0x20 || *p == '\t' || *p == '\n')
            dx_buffer_char(out, *p);
    }
}
