/* Words into lines, lines into segments.
 *
 * Words are taken from left to right; each joins the line whose last word it stands beside. As only the last word is
 * compared, a line may climb or fall slowly over the page: a scan that is a little askew needs no correction. */
#include "core/page/layout_internal.h"

#include <stdlib.h>
#include <string.h>

enum {
    BUCKETS = 1024, /* bands of a page in which line ends are looked for */
    SAME_LINE = 50, /* percent of the lower word's height that both share */
    NO_LINE = -1,
    DUPLICATE = -2,  /* the same text printed over itself */
    GLUE = 16,       /* percent of the font size: a gap below is none */
    GLUE_SPACE = 13, /* the same, where the source has a space */
    GLUE_OCR = 5,
    USUAL_SPACE = 28, /* percent of the font size, where a page has too few gaps to tell */
    WIDEST_SPACE = 80
};

typedef struct chain {
    int32_t last; /* word at its end */
    int32_t first;
    size_t count;
    int64_t centres; /* sum over its words */
    bool vertical;
} chain;

typedef struct chains {
    const dx_layout_word *words;
    int32_t *next;   /* word after a word on its line, or -1 */
    int32_t *line;   /* line of a word */
    int32_t *listed; /* next word in the same bucket, or -1 */
    int32_t bucket[BUCKETS];
    int32_t band;  /* height of a bucket */
    int32_t usual; /* half the usual line's height */
    chain *all;
    size_t count;
} chains;

static int by_left(const void *a, const void *b)
{
    const dx_layout_word *x = a, *y = b;
    if (x->box.x0 != y->box.x0)
        return x->box.x0 < y->box.x0 ? -1 : 1;
    if (x->box.y0 != y->box.y0)
        return x->box.y0 < y->box.y0 ? -1 : 1;
    return (x->box.x1 > y->box.x1) - (x->box.x1 < y->box.x1);
}

static int bucket_of(const chains *state, int32_t y)
{
    int32_t bucket = y / state->band;
    return bucket < 0 ? 0 : bucket >= BUCKETS ? BUCKETS - 1 : bucket;
}

/* How badly a word fits behind a line's last word; negative: not at all. */
static int64_t misfit(const dx_layout_word *last, const dx_layout_word *word)
{
    int32_t lower = dx_height(last->box) < dx_height(word->box) ? dx_height(last->box) : dx_height(word->box);
    int32_t shared = dx_overlap(last->box.y0, last->box.y1, word->box.y0, word->box.y1);
    if (shared < 0 || (int64_t)shared * 100 < (int64_t)lower * SAME_LINE)
        return -1;
    int32_t narrower = dx_width(last->box) < dx_width(word->box) ? dx_width(last->box) : dx_width(word->box);
    if (dx_overlap(last->box.x0, last->box.x1, word->box.x0, word->box.x1) > narrower / 2)
        return -1;
    return abs(dx_centre_y(last->box) - dx_centre_y(word->box)) + abs(dx_height(last->box) - dx_height(word->box)) / 4;
}

static bool printed_twice(const dx_layout_word *last, const dx_layout_word *word)
{
    return strcmp(last->text, word->text) == 0 &&
           dx_overlap(last->box.x0, last->box.x1, word->box.x0, word->box.x1) * 5 > dx_width(word->box) * 4 &&
           dx_overlap(last->box.y0, last->box.y1, word->box.y0, word->box.y1) * 5 > dx_height(word->box) * 4;
}

static int find_line(chains *state, int32_t index)
{
    const dx_layout_word *word = &state->words[index];
    if ((word->flags & DX_WIRE_VERTICAL) != 0)
        return NO_LINE;
    int32_t reach = dx_height(word->box) / 2 + state->usual;
    int last_bucket = bucket_of(state, dx_centre_y(word->box) + reach), best = NO_LINE, looks = 0;
    int64_t least = INT64_MAX;
    for (int b = bucket_of(state, dx_centre_y(word->box) - reach); b <= last_bucket; b++) {
        for (int32_t *link = &state->bucket[b]; *link >= 0 && looks < DX_LAYOUT_LOOK; looks++) {
            int line = state->line[*link];
            if (state->all[line].last != *link) {
                *link = state->listed[*link];
                continue;
            }
            const dx_layout_word *last = &state->words[*link];
            if (printed_twice(last, word))
                return DUPLICATE;
            int64_t cost = misfit(last, word);
            if (cost >= 0 && cost < least) {
                least = cost;
                best = line;
            }
            link = &state->listed[*link];
        }
    }
    return best;
}

static void append(chains *state, int line, int32_t index)
{
    const dx_layout_word *word = &state->words[index];
    if (line == NO_LINE) {
        line = (int)state->count++;
        state->all[line] = (chain){.first = index, .vertical = (word->flags & DX_WIRE_VERTICAL) != 0};
    } else {
        state->next[state->all[line].last] = index;
    }
    chain *to = &state->all[line];
    to->last = index;
    to->count++;
    to->centres += dx_centre_y(word->box);
    state->line[index] = line;
    if (to->vertical)
        return;
    int32_t *bucket = &state->bucket[bucket_of(state, dx_centre_y(word->box))];
    state->listed[index] = *bucket;
    *bucket = index;
}

static int by_height(const void *a, const void *b)
{
    const chain *x = a, *y = b;
    int64_t first = x->centres / (int64_t)x->count, second = y->centres / (int64_t)y->count;
    if (first != second)
        return first < second ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

static bool space_flags(const dx_layout_word *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((words[i].flags & DX_WIRE_SPACE_AFTER) != 0)
            return true;
    return false;
}

/* Copies one line's words to their place in the layout. */
static doxin_status emit(dx_ctx *ctx, dx_layout *layout, dx_layout_page *page, const chains *state, const chain *from)
{
    dx_layout_word *words = layout->words + layout->word_count;
    size_t count = 0;
    for (int32_t i = from->first; i >= 0; i = state->next[i])
        words[count++] = state->words[i];
    doxin_status status = dx_layout_unspace(ctx, words, &count);
    if (status != DOXIN_OK)
        return status;
    dx_text_line *line = &layout->lines[layout->line_count];
    line->page = (uint32_t)(page - layout->pages);
    line->first_word = (uint32_t)layout->word_count;
    line->word_count = (uint32_t)count;
    line->vertical = from->vertical;
    line->box = words[0].box;
    int best = 0;
    for (size_t i = 0; i < count; i++) {
        words[i].line = (uint32_t)layout->line_count;
        line->box = dx_box_join(line->box, words[i].box);
        if (words[i].size > best) {
            best = words[i].size;
            line->font_size = words[i].font_size;
        }
    }
    layout->word_count += count;
    layout->line_count++;
    page->word_count += (uint32_t)count;
    page->line_count++;
    return DOXIN_OK;
}

doxin_status dx_layout_lines(dx_ctx *ctx, dx_layout *layout, dx_layout_page *page, dx_layout_word *words, size_t count)
{
    page->first_word = (uint32_t)layout->word_count;
    page->first_line = (uint32_t)layout->line_count;
    chains state = {.words = words, .usual = page->font_size / 2};
    state.next = dx_array(ctx, count + 1, sizeof *state.next);
    state.line = dx_array(ctx, count + 1, sizeof *state.line);
    state.listed = dx_array(ctx, count + 1, sizeof *state.listed);
    state.all = dx_array(ctx, count + 1, sizeof *state.all);
    if (state.next == NULL || state.line == NULL || state.listed == NULL || state.all == NULL)
        return DOXIN_E_NOMEM;
    memset(state.bucket, 0xff, sizeof state.bucket);
    state.band = page->source->height / BUCKETS + 1;
    qsort(words, count, sizeof *words, by_left);
    for (size_t i = 0; i < count; i++) {
        state.next[i] = -1;
        int line = find_line(&state, (int32_t)i);
        if (line != DUPLICATE)
            append(&state, line, (int32_t)i);
    }
    qsort(state.all, state.count, sizeof *state.all, by_height);
    for (size_t i = 0; i < state.count; i++) {
        doxin_status status = emit(ctx, layout, page, &state, &state.all[i]);
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

/* Percent of the font size that a space between words usually takes on the page. */
static int usual_space(const dx_layout *layout, const dx_layout_page *page)
{
    int seen[WIDEST_SPACE] = {0}, all = 0;
    for (uint32_t i = page->first_word + 1; i < page->first_word + page->word_count; i++) {
        const dx_layout_word *word = &layout->words[i], *before = word - 1;
        int64_t gap = 100 * (int64_t)(word->box.x0 - before->box.x1) / word->font_size;
        if (word->line == before->line && gap >= GLUE && gap < WIDEST_SPACE) {
            seen[gap]++;
            all++;
        }
    }
    if (all < 20)
        return USUAL_SPACE;
    int percent = 0;
    for (int sum = 0; percent < WIDEST_SPACE - 1 && (sum += seen[percent]) * 2 < all;)
        percent++;
    return percent;
}

/* A drawn rule stands between two words. */
static bool rule_between(const dx_layout_page *page, const dx_layout_word *before, const dx_layout_word *word)
{
    size_t low = 0, high = page->vertical_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (page->vertical[middle].box.x0 < before->box.x1 - before->font_size / 5)
            low = middle + 1;
        else
            high = middle;
    }
    int32_t y = dx_centre_y(word->box);
    for (size_t i = low; i < page->vertical_count && i < low + DX_LAYOUT_LOOK; i++) {
        dx_box rule = page->vertical[i].box;
        if (rule.x0 > word->box.x0 + word->font_size / 5)
            return false;
        if (rule.y0 <= y && rule.y1 >= y)
            return true;
    }
    return false;
}

static void add_segment(dx_layout *layout, dx_layout_page *page, dx_text_line *line, uint32_t first, uint32_t count)
{
    dx_segment *segment = &layout->segments[layout->segment_count];
    uint32_t index = (uint32_t)layout->segment_count++;
    page->segment_count++;
    *segment = (dx_segment){.page = line->page,
                            .line = (uint32_t)(line - layout->lines),
                            .block = DX_NO_INDEX,
                            .first_word = first,
                            .word_count = count,
                            .left = DX_NO_INDEX,
                            .right = DX_NO_INDEX,
                            .above = DX_NO_INDEX,
                            .below = DX_NO_INDEX,
                            .bold = true,
                            .box = layout->words[first].box};
    if (line->segment_count++ == 0) {
        line->first_segment = index;
    } else {
        segment->left = index - 1;
        layout->segments[index - 1].right = index;
    }
    int best = 0;
    for (uint32_t i = first; i < first + count; i++) {
        dx_layout_word *word = &layout->words[i];
        word->segment = index;
        segment->box = dx_box_join(segment->box, word->box);
        segment->bold = segment->bold && (word->flags & DX_WIRE_BOLD) != 0;
        if (word->size > best) {
            best = word->size;
            segment->font_size = word->font_size;
        }
    }
}

/* Whether a word follows the one before it without a space: what the source says, else the gap. */
static bool is_glued(const dx_layout_word *before, const dx_layout_word *word, bool flags)
{
    int64_t gap = 100 * (int64_t)(word->box.x0 - before->box.x1) / word->font_size;
    if ((word->flags & DX_WIRE_OCR) != 0)
        return gap < GLUE_OCR;
    if (flags && (before->flags & DX_WIRE_SPACE_AFTER) != 0)
        return gap < GLUE_SPACE;
    return gap < GLUE;
}

doxin_status dx_layout_segments(dx_ctx *ctx, dx_layout *layout, dx_layout_page *page)
{
    page->first_segment = (uint32_t)layout->segment_count;
    int64_t wide = usual_space(layout, page) * 11 / 5;
    wide = wide < 65 ? 65 : wide > 110 ? 110 : wide;
    bool flags = space_flags(layout->words + page->first_word, page->word_count);
    for (uint32_t l = page->first_line; l < page->first_line + page->line_count; l++) {
        dx_text_line *line = &layout->lines[l];
        uint32_t first = line->first_word, end = line->first_word + line->word_count;
        for (uint32_t i = first + 1; i <= end; i++) {
            dx_layout_word *word = &layout->words[i], *before = word - 1;
            bool cut = i == end;
            if (!cut) {
                int64_t gap = 100 * (int64_t)(word->box.x0 - before->box.x1);
                cut = gap > wide * (word->font_size > before->font_size ? word->font_size : before->font_size) ||
                      rule_between(page, before, word);
                word->glued = !cut && is_glued(before, word, flags);
            }
            if (cut) {
                add_segment(layout, page, line, first, i - first);
                first = i;
            }
        }
    }
    for (size_t i = page->first_segment; i < layout->segment_count; i++) {
        dx_segment *segment = &layout->segments[i];
        segment->text = dx_layout_text(ctx, layout, segment->first_word, segment->word_count);
        if (segment->text == NULL)
            return DOXIN_E_NOMEM;
    }
    return DOXIN_OK;
}
