/* Cutting a text into the folded tokens that the lexicon is made of. tools/make_lexicon.py cuts phrases the same way. */
#include "base/text/utf8.h"
#include "core/lexicon/lexicon.h"
#include "core/lexicon/words.h"

#include <string.h>

static bool is_cjk(int32_t character)
{
    return (character >= 0x2E80 && character <= 0x9FFF) || (character >= 0xF900 && character <= 0xFAFF) ||
           character >= 0x20000;
}

static bool stands_alone(int32_t character)
{
    return character == '#' || character == '%' || character == '&' || character == '@' || is_cjk(character);
}

/* Letters without a decomposition that people type plainly as well. */
static const char *plain_letter(int32_t character)
{
    switch (character) {
    case 0x142: /* ł */
        return "l";
    case 0xF8: /* ø */
        return "o";
    case 0x111: /* đ */
        return "d";
    case 0x131: /* ı */
        return "i";
    case 0xE6: /* æ */
        return "ae";
    case 0x153: /* œ */
        return "oe";
    default:
        return NULL;
    }
}

/* One token from folded text; folded may hold further separators (full-width forms), which then just vanish. */
static char *clean(dx_ctx *ctx, const char *folded)
{
    size_t length = strlen(folded);
    char *out = dx_new(ctx, 2 * length + 1);
    if (!out)
        return NULL;
    size_t used = 0;
    for (size_t at = 0; at < length;) {
        int32_t character = dx_utf8_next(folded, length, &at);
        const char *plain = plain_letter(character);
        if (plain) {
            memcpy(out + used, plain, strlen(plain));
            used += strlen(plain);
        } else if (dx_char_letter(character) || dx_char_digit(character) || stands_alone(character) ||
                   character == '_') {
            used += dx_utf8_put(character, out + used);
        }
    }
    out[used] = '\0';
    return out;
}

static bool only_ascii(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

static char *lower_ascii(dx_ctx *ctx, const char *text, size_t length)
{
    char *out = dx_textn(ctx, text, length);
    for (size_t i = 0; out && i < length; i++)
        if (out[i] >= 'A' && out[i] <= 'Z')
            out[i] = (char)(out[i] - 'A' + 'a');
    return out;
}

enum { JOINED_MOST = 48, JOINED_LEAST = 5 };

/* "Beleg-Datum" is "Belegdatum", and a word that bad spacing cut in two is one again, where the lexicon has the whole. */
static bool join_with_last(dx_ctx *ctx, const char *text, const char *token, size_t begin, size_t end, dx_tokens *out)
{
    if (out->count == 0)
        return false;
    dx_token *last = &out->items[out->count - 1];
    if (begin != (size_t)last->end + 1 || (text[last->end] != '-' && text[last->end] != ' '))
        return false;
    size_t a = strlen(last->text), b = strlen(token);
    if (a + b > JOINED_MOST || a + b < JOINED_LEAST)
        return false;
    char joined[JOINED_MOST + 1];
    memcpy(joined, last->text, a);
    memcpy(joined + a, token, b + 1);
    int32_t word = dx_lexicon_word(joined);
    if (word < 0 || (text[last->end] == ' ' && last->word >= 0 && dx_lexicon_word(token) >= 0))
        return false;
    char *kept = dx_text(ctx, joined);
    if (!kept)
        return false;
    last->text = kept;
    last->word = word;
    last->end = (uint32_t)end;
    return true;
}

static doxin_status add(dx_ctx *ctx, const char *text, size_t begin, size_t end, bool ocr, dx_tokens *out)
{
    char *token = NULL;
    if (only_ascii(text + begin, end - begin)) {
        token = lower_ascii(ctx, text + begin, end - begin);
    } else {
        char *folded = dx_fold(ctx, text + begin, end - begin);
        token = folded ? clean(ctx, folded) : NULL;
    }
    if (!token)
        return DOXIN_E_NOMEM;
    if (!*token || join_with_last(ctx, text, token, begin, end, out))
        return ctx->error.status;
    dx_token *item = dx_push(ctx, (void **)&out->items, &out->count, &out->capacity, sizeof *item);
    if (!item)
        return DOXIN_E_NOMEM;
    item->text = token;
    item->begin = (uint32_t)begin;
    item->end = (uint32_t)end;
    item->word = dx_lexicon_word(token);
    if (item->word < 0 && ocr)
        item->word = dx_lexicon_misread_word(token);
    return DOXIN_OK;
}

/* Marks, soft hyphens and the degree sign ("N°") go with the letter before them and are folded away; an underscore makes
 * one word of two. */
static bool belongs_to_word(int32_t character)
{
    return (character >= 0x300 && character <= 0x36F) || character == 0xAD || character == 0xB0 || character == '_';
}

doxin_status dx_lexicon_tokens(dx_ctx *ctx, const char *text, size_t length, bool ocr, dx_tokens *out)
{
    enum { FEW = 3 }; /* most texts are a word or two, and there are very many */
    if (out->capacity == 0) {
        out->items = dx_array(ctx, FEW, sizeof *out->items);
        if (!out->items)
            return DOXIN_E_NOMEM;
        out->capacity = FEW;
    }
    size_t begin = 0;
    bool inside = false;
    for (size_t at = 0; at < length;) {
        size_t here = at;
        int32_t character = dx_utf8_next(text, length, &at);
        bool alone = stands_alone(character);
        bool ordinal = character == 0xBA || character == 0xAA; /* "Nº" is "no", the sign of "n.º" says nothing more */
        bool part = !alone && ((dx_char_letter(character) && !ordinal) || dx_char_digit(character) ||
                               character == 0x2116 || (inside && (ordinal || belongs_to_word(character))));
        if (part && !inside)
            begin = here;
        if (!part && inside && add(ctx, text, begin, here, ocr, out) != DOXIN_OK)
            return DOXIN_E_NOMEM;
        inside = part;
        if (alone && add(ctx, text, here, at, false, out) != DOXIN_OK)
            return DOXIN_E_NOMEM;
    }
    if (inside && add(ctx, text, begin, length, ocr, out) != DOXIN_OK)
        return DOXIN_E_NOMEM;
    return DOXIN_OK;
}
