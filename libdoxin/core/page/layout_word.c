/* Words before they have an order: sizes made sane, the recogniser's two passes merged, letters set apart joined. */
#include "base/text/utf8.h"
#include "core/page/layout_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
    SAME_PLACE = 50, /* percent of the smaller box that two readings of one word share at least */
    MIN_SPACED = 4   /* letters set apart: so many in a row at least */
};

static void take(const dx_word *word, dx_layout_word *out)
{
    memset(out, 0, sizeof *out);
    out->box = word->box;
    out->text = word->text;
    out->size = word->size;
    out->font = word->font;
    out->confidence = word->confidence;
    out->flags = word->flags;
    int32_t height = dx_height(word->box);
    if (word->size >= 4 && height > 2 * dx_width(word->box))
        out->flags |= DX_WIRE_VERTICAL;
    out->font_size = word->font_size > 0 ? word->font_size : height > 0 && height < 100000 ? height : 1000;
}

/* Percent of the smaller box that lies in the other. */
static int shared_percent(dx_box a, dx_box b)
{
    int64_t x = dx_overlap(a.x0, a.x1, b.x0, b.x1), y = dx_overlap(a.y0, a.y1, b.y0, b.y1);
    if (x <= 0 || y <= 0)
        return 0;
    int64_t first = (int64_t)dx_width(a) * dx_height(a), second = (int64_t)dx_width(b) * dx_height(b);
    return (int)(100 * x * y / (first < second ? first : second));
}

static int by_top(const void *a, const void *b)
{
    const dx_layout_word *x = a, *y = b;
    if (x->box.y0 != y->box.y0)
        return x->box.y0 < y->box.y0 ? -1 : 1;
    return (x->box.x0 > y->box.x0) - (x->box.x0 < y->box.x0);
}

/* Digits at `at`: their number and value. */
static size_t digits_at(const dx_layout_word *word, size_t at, int *value)
{
    size_t count = 0;
    *value = 0;
    while (at + count < (size_t)word->size && isdigit((unsigned char)word->text[at + count]) && count < 5)
        *value = *value * 10 + (word->text[at + count++] - '0');
    return count;
}

/* "31/12/2018", "2018-12-31": three numbers of which one can be a month and one a day. */
static bool is_date(const dx_layout_word *word)
{
    int part[3];
    size_t at = 0, digits[3];
    for (int i = 0; i < 3; i++) {
        digits[i] = digits_at(word, at, &part[i]);
        at += digits[i];
        bool separated = at < (size_t)word->size && strchr("/-.", word->text[at]);
        if (digits[i] == 0 || digits[i] > 4 || (i < 2 && !separated))
            return false;
        at += i < 2;
    }
    int first = digits[0] == 4 ? part[2] : part[0], second = part[1], year = digits[0] == 4 ? part[0] : part[2];
    if (year >= 100 && (year < 1970 || year >= 2070))
        return false;
    return at == (size_t)word->size && first > 0 && second > 0 && first <= 31 && second <= 31 &&
           (first <= 12 || second <= 12);
}

/* Ends in a point or comma and two digits, as amounts of money do. */
static bool is_amount(const dx_layout_word *word)
{
    int cents = 0;
    size_t size = (size_t)word->size;
    return size >= 4 && digits_at(word, size - 2, &cents) == 2 &&
           (word->text[size - 3] == '.' || word->text[size - 3] == ',') && isdigit((unsigned char)word->text[size - 4]);
}

/* What two readings are compared by: confidence, and that dates and amounts are more likely to be printed than what
 * they look like when a letter is misread. */
static int worth(const dx_layout_word *word)
{
    enum { AMOUNT = 250, DATE = 500 };
    return word->confidence + (is_date(word) ? DATE : is_amount(word) ? AMOUNT : 0);
}

/* The better reading stands, the other stays as its alternative. */
static void merge(dx_layout_word *kept, const dx_layout_word *second)
{
    dx_layout_word loser = *second;
    if (worth(second) > worth(kept)) {
        loser = *kept;
        *kept = *second;
        kept->alternative = loser.alternative;
        kept->alternative_confidence = loser.alternative_confidence;
    }
    if (strcmp(loser.text, kept->text) != 0 && loser.confidence > kept->alternative_confidence) {
        kept->alternative = loser.text;
        kept->alternative_confidence = loser.confidence;
    }
}

/* Both begin and end at the same places, within about a letter: they are readings of the same letters. */
static bool same_ends(dx_box a, dx_box b)
{
    int32_t letter = dx_height(a) < dx_height(b) ? dx_height(a) : dx_height(b);
    return abs(a.x0 - b.x0) <= letter && abs(a.x1 - b.x1) <= letter;
}

/* How many words of the first pass, sorted by top, share a second-pass word's place; *where is the first of them. */
static size_t rivals(const dx_layout_word *first, size_t count, const dx_layout_word *word, int32_t tallest,
                     size_t *where)
{
    size_t low = 0, high = count, found = 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (first[middle].box.y0 < word->box.y0 - tallest)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < count && i < low + 8 * DX_LAYOUT_LOOK && first[i].box.y0 <= word->box.y1; i++)
        if (shared_percent(first[i].box, word->box) >= SAME_PLACE && found++ == 0)
            *where = i;
    return found;
}

/* Second-pass words that stand where nothing was read are new words; one against one competes; where the passes cut a
 * text into different words the first pass stands. */
static size_t merge_passes(dx_layout_word *words, size_t first, size_t count)
{
    int32_t tallest = 0;
    for (size_t i = 0; i < first; i++)
        if (dx_height(words[i].box) > tallest && dx_height(words[i].box) < 20000)
            tallest = dx_height(words[i].box);
    qsort(words, first, sizeof *words, by_top);
    size_t kept = first;
    for (size_t i = first; i < count; i++) {
        dx_layout_word word = words[i];
        size_t where = 0, found = rivals(words, first, &word, tallest, &where);
        if (found == 0)
            words[kept++] = word;
        else if (found == 1 && same_ends(words[where].box, word.box))
            merge(&words[where], &word);
    }
    return kept;
}

/* Pieces of upright text that are too short to tell by themselves: next to an upright word in the source, over or under
 * it, of the same font. */
static bool goes_upright(const dx_layout_word *upright, const dx_layout_word *word)
{
    int32_t narrow = dx_width(word->box) < dx_width(upright->box) ? dx_width(word->box) : dx_width(upright->box);
    return (upright->flags & DX_WIRE_VERTICAL) != 0 && word->font == upright->font &&
           dx_overlap(word->box.x0, word->box.x1, upright->box.x0, upright->box.x1) * 2 > narrow &&
           -dx_overlap(word->box.y0, word->box.y1, upright->box.y0, upright->box.y1) < word->font_size;
}

static void mark_upright(dx_layout_word *words, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (goes_upright(&words[i - 1], &words[i]))
            words[i].flags |= DX_WIRE_VERTICAL;
    for (size_t i = count; i-- > 1;)
        if (goes_upright(&words[i], &words[i - 1]))
            words[i - 1].flags |= DX_WIRE_VERTICAL;
}

static int by_number(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

enum { LINE_WORDS = 64 };

static bool has_cjk(const dx_layout_word *word)
{
    for (size_t at = 0; at < (size_t)word->size;) {
        int32_t character = dx_utf8_next(word->text, (size_t)word->size, &at);
        if (character >= 0x2E80 && character <= 0x9FFF)
            return true;
    }
    return false;
}

/* The recogniser's boxes of Chinese words are loose: they reach into the next line and over the next word. Such a word
 * gets the usual upper and lower side of its line's, and ends where the next begins. */
static void level_line(dx_layout_word *words, size_t count)
{
    bool cjk = false;
    for (size_t i = 0; i < count && !cjk; i++)
        cjk = has_cjk(&words[i]);
    if (!cjk)
        return;
    for (size_t i = 0; i + 1 < count; i++)
        if (words[i + 1].box.x0 > words[i].box.x0 && words[i + 1].box.x0 < words[i].box.x1)
            words[i].box.x1 = words[i + 1].box.x0;
    int32_t top[LINE_WORDS], bottom[LINE_WORDS], height[LINE_WORDS];
    for (size_t i = 0; i < count; i++) {
        top[i] = words[i].box.y0;
        bottom[i] = words[i].box.y1;
        height[i] = dx_height(words[i].box);
    }
    qsort(top, count, sizeof *top, by_number);
    qsort(bottom, count, sizeof *bottom, by_number);
    qsort(height, count, sizeof *height, by_number);
    int32_t usual = height[(count - 1) / 2];
    for (size_t i = 0; i < count; i++) {
        if (dx_height(words[i].box) * 2 <= usual * 3)
            continue;
        words[i].box.y0 = top[count / 2];
        words[i].box.y1 = bottom[(count - 1) / 2];
        words[i].font_size = usual > 0 ? usual : words[i].font_size;
    }
}

static void level_lines(dx_layout_word *words, size_t count)
{
    size_t first = 0;
    for (size_t i = 0; i < count; i++) {
        bool end = (words[i].flags & DX_WIRE_LINE_END) != 0 || i + 1 == count;
        if (!end)
            continue;
        if ((words[first].flags & DX_WIRE_OCR) && i > first && i - first < LINE_WORDS)
            level_line(words + first, i - first + 1);
        first = i + 1;
    }
}

doxin_status dx_layout_collect(dx_ctx *ctx, const dx_page *page, dx_layout_word *out, size_t *count)
{
    size_t first = 0, all = 0;
    for (size_t i = 0; i < page->word_count; i++)
        if ((page->words[i].flags & DX_WIRE_PASS2) == 0)
            take(&page->words[i], &out[first++]);
    all = first;
    for (size_t i = 0; i < page->word_count; i++)
        if ((page->words[i].flags & DX_WIRE_PASS2) != 0)
            take(&page->words[i], &out[all++]);
    level_lines(out, first);
    level_lines(out + first, all - first);
    mark_upright(out, first);
    *count = all > first && first > 0 ? merge_passes(out, first, all) : all;
    return dx_check(ctx);
}

static bool single_letter(const dx_layout_word *word)
{
    size_t at = 0;
    int32_t c = dx_utf8_next(word->text, (size_t)word->size, &at);
    return at == (size_t)word->size && dx_char_letter(c);
}

/* How many words from the first on are letters set apart evenly. */
static size_t spaced_run(const dx_layout_word *words, size_t count)
{
    if (count < MIN_SPACED || !single_letter(&words[0]) || !single_letter(&words[1]))
        return 0;
    int32_t gap = words[1].box.x0 - words[0].box.x1, size = words[0].font_size;
    if (gap > size * 3 / 2)
        return 0;
    size_t run = 1;
    while (run < count && single_letter(&words[run]) &&
           words[run].box.x0 - words[run - 1].box.x1 <= gap * 3 / 2 + size / 8)
        run++;
    return run >= MIN_SPACED ? run : 0;
}

static doxin_status join_run(dx_ctx *ctx, dx_layout_word *words, size_t run)
{
    size_t size = 0;
    for (size_t i = 0; i < run; i++)
        size += (size_t)words[i].size;
    char *text = dx_new(ctx, size + 1);
    if (text == NULL)
        return DOXIN_E_NOMEM;
    size = 0;
    for (size_t i = 0; i < run; i++) {
        memcpy(text + size, words[i].text, (size_t)words[i].size);
        size += (size_t)words[i].size;
        words[0].box = dx_box_join(words[0].box, words[i].box);
        if (words[i].confidence < words[0].confidence)
            words[0].confidence = words[i].confidence;
    }
    words[0].text = text;
    words[0].size = (int)size;
    words[0].flags = (words[0].flags & ~(unsigned)(DX_WIRE_SPACE_AFTER | DX_WIRE_LINE_END)) |
                     (words[run - 1].flags & (DX_WIRE_SPACE_AFTER | DX_WIRE_LINE_END));
    return DOXIN_OK;
}

doxin_status dx_layout_unspace(dx_ctx *ctx, dx_layout_word *words, size_t *count)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count;) {
        size_t run = spaced_run(words + i, *count - i);
        if (run > 0) {
            doxin_status status = join_run(ctx, words + i, run);
            if (status != DOXIN_OK)
                return status;
        }
        words[kept++] = words[i];
        i += run > 0 ? run : 1;
    }
    *count = kept;
    return DOXIN_OK;
}
