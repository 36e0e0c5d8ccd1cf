#include "base/text/utf8.h"

#include <string.h>
#include <utf8proc.h>

enum { DECOMPOSED_MAX = 32 };

typedef struct sink {
    char *text;
    size_t used;
    bool alnum_only;
    bool space_due;
} sink;

static void put(sink *out, int32_t character)
{
    if (dx_char_space(character)) {
        out->space_due = out->used > 0;
        return;
    }
    if (out->alnum_only && !dx_char_letter(character) && !dx_char_digit(character) &&
        utf8proc_category(character) != UTF8PROC_CATEGORY_NO && utf8proc_category(character) != UTF8PROC_CATEGORY_NL)
        return;
    if (out->space_due && !out->alnum_only)
        out->text[out->used++] = ' ';
    out->space_due = false;
    out->used += dx_utf8_put(character, out->text + out->used);
}

/* One source character may become several ("ß", "ﬁ", "①"). Marks are dropped. */
static size_t decompose(int32_t character, int32_t *out)
{
    int boundary = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(
        character, out, DECOMPOSED_MAX,
        UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE, &boundary);
    return count < 0 || count > DECOMPOSED_MAX ? 0 : (size_t)count;
}

static size_t folded_size(const char *text, size_t length)
{
    int32_t parts[DECOMPOSED_MAX];
    size_t size = 1;
    for (size_t at = 0; at < length;) {
        int32_t character = dx_utf8_next(text, length, &at);
        size += character < 0x80 ? 1 : decompose(character, parts) * 4 + 1;
    }
    return size + 1;
}

static char *fold(dx_ctx *ctx, const char *text, size_t length, bool alnum_only)
{
    int32_t parts[DECOMPOSED_MAX];
    sink out = {.text = dx_new(ctx, folded_size(text, length)), .alnum_only = alnum_only};
    if (!out.text)
        return NULL;
    for (size_t at = 0; at < length;) {
        int32_t character = dx_utf8_next(text, length, &at);
        if (character < 0x80) {
            put(&out, dx_char_lower(character));
            continue;
        }
        if (dx_char_space(character)) {
            put(&out, ' ');
            continue;
        }
        size_t count = decompose(character, parts);
        for (size_t i = 0; i < count; i++)
            put(&out, parts[i]);
    }
    out.text[out.used] = '\0';
    return out.text;
}

char *dx_fold(dx_ctx *ctx, const char *text, size_t length)
{
    return fold(ctx, text, length, false);
}

char *dx_fold_alnum(dx_ctx *ctx, const char *text, size_t length)
{
    return fold(ctx, text, length, true);
}
