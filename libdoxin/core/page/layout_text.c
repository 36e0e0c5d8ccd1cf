/* Text of words, segments and blocks. */
#include "base/text/utf8.h"
#include "core/page/layout_internal.h"

#include <string.h>

static size_t put_words(const dx_layout *layout, size_t first, size_t count, char *out)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const dx_layout_word *word = &layout->words[first + i];
        if (i > 0 && !word->glued)
            out[used++] = ' ';
        memcpy(out + used, word->text, (size_t)word->size);
        used += (size_t)word->size;
    }
    return used;
}

static size_t words_size(const dx_layout *layout, size_t first, size_t count)
{
    size_t size = 1;
    for (size_t i = 0; i < count; i++)
        size += (size_t)layout->words[first + i].size + 1;
    return size;
}

char *dx_layout_text(dx_ctx *ctx, const dx_layout *layout, size_t first, size_t count)
{
    char *out = dx_new(ctx, words_size(layout, first, count));
    if (out != NULL)
        out[put_words(layout, first, count, out)] = '\0';
    return out;
}

/* "Ver-" before "käufer": a letter, a hyphen at the end, and a small letter to go on with. */
static bool is_cut(const char *text, size_t length, const char *next)
{
    if (length < 2 || text[length - 1] != '-')
        return false;
    size_t before = length - 2;
    while (before > 0 && ((unsigned char)text[before] & 0xc0) == 0x80)
        before--;
    size_t at = before, next_at = 0;
    int32_t last = dx_utf8_next(text, length - 1, &at), first = dx_utf8_next(next, strlen(next), &next_at);
    return dx_char_letter(last) && dx_char_letter(first) && dx_char_lower(first) == first &&
           dx_char_lower(last) == last;
}

char *dx_layout_join(dx_ctx *ctx, const dx_layout *layout, const uint32_t *segments, size_t count,
                     const char *separator)
{
    size_t size = 1, gap = strlen(separator);
    for (size_t i = 0; i < count; i++)
        size += words_size(layout, layout->segments[segments[i]].first_word, layout->segments[segments[i]].word_count) +
                gap;
    char *out = dx_new(ctx, size);
    if (out == NULL)
        return NULL;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        const dx_segment *segment = &layout->segments[segments[i]];
        if (i > 0 && is_cut(out, used, layout->words[segment->first_word].text)) {
            used--;
        } else if (i > 0) {
            memcpy(out + used, separator, gap);
            used += gap;
        }
        used += put_words(layout, segment->first_word, segment->word_count, out + used);
    }
    out[used] = '\0';
    return out;
}

char *dx_layout_block_text(dx_ctx *ctx, const dx_layout *layout, const dx_block *block, const char *separator)
{
    return dx_layout_join(ctx, layout, layout->block_segments + block->first, block->count, separator);
}
