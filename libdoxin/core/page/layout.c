/* The order of the steps, and what belongs to a whole page. */
#include "core/page/layout_internal.h"

#include <stdlib.h>
#include <string.h>

enum { FONT_BUCKETS = 256, FONT_STEP = 50 /* half points */ };

dx_box dx_box_join(dx_box a, dx_box b)
{
    return (dx_box){a.x0 < b.x0 ? a.x0 : b.x0, a.y0 < b.y0 ? a.y0 : b.y0, a.x1 > b.x1 ? a.x1 : b.x1,
                    a.y1 > b.y1 ? a.y1 : b.y1};
}

int32_t dx_overlap(int32_t a0, int32_t a1, int32_t b0, int32_t b1)
{
    return (a1 < b1 ? a1 : b1) - (a0 > b0 ? a0 : b0);
}

static int by_top(const void *a, const void *b)
{
    int32_t x = ((const dx_rule *)a)->box.y0, y = ((const dx_rule *)b)->box.y0;
    return (x > y) - (x < y);
}

static int by_left(const void *a, const void *b)
{
    int32_t x = ((const dx_rule *)a)->box.x0, y = ((const dx_rule *)b)->box.x0;
    return (x > y) - (x < y);
}

static doxin_status sort_rules(dx_ctx *ctx, dx_layout_page *page)
{
    const dx_page *source = page->source;
    dx_rule *horizontal = dx_array(ctx, source->rule_count + 1, sizeof *horizontal);
    dx_rule *vertical = dx_array(ctx, source->rule_count + 1, sizeof *vertical);
    if (horizontal == NULL || vertical == NULL)
        return DOXIN_E_NOMEM;
    for (size_t i = 0; i < source->rule_count; i++) {
        dx_box box = source->rules[i].box;
        if (dx_width(box) > dx_height(box))
            horizontal[page->horizontal_count++] = source->rules[i];
        else if (dx_height(box) > 0)
            vertical[page->vertical_count++] = source->rules[i];
    }
    qsort(horizontal, page->horizontal_count, sizeof *horizontal, by_top);
    qsort(vertical, page->vertical_count, sizeof *vertical, by_left);
    page->horizontal = horizontal;
    page->vertical = vertical;
    return DOXIN_OK;
}

/* The size that most characters are set in. */
static int usual_font_size(const dx_layout_word *words, size_t count)
{
    int weight[FONT_BUCKETS] = {0};
    for (size_t i = 0; i < count; i++) {
        int bucket = words[i].font_size / FONT_STEP;
        if (bucket < FONT_BUCKETS)
            weight[bucket] += words[i].size;
    }
    int best = 0;
    for (int i = 1; i < FONT_BUCKETS; i++)
        if (weight[i] > weight[best])
            best = i;
    return best > 0 ? best * FONT_STEP + FONT_STEP / 2 : 1000;
}

/* Whether a drawn rule lies between top and bottom and shares a good part of [x0, x1]. */
static bool rule_within(const dx_layout_page *page, int32_t top, int32_t bottom, int32_t x0, int32_t x1)
{
    size_t low = 0, high = page->horizontal_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (page->horizontal[middle].box.y0 < top)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < page->horizontal_count && i < low + DX_LAYOUT_LOOK; i++) {
        dx_box box = page->horizontal[i].box;
        if (box.y0 > bottom)
            break;
        if (dx_overlap(box.x0, box.x1, x0, x1) * 3 > dx_width(box) || dx_overlap(box.x0, box.x1, x0, x1) * 3 > x1 - x0)
            return true;
    }
    return false;
}

static void mark_rules(dx_layout *layout, const dx_layout_page *page)
{
    for (uint32_t i = 0; i < page->line_count; i++) {
        dx_text_line *line = &layout->lines[page->first_line + i];
        int32_t near = line->font_size / 4, far = line->font_size * 6 / 5;
        line->rule_above = rule_within(page, line->box.y0 - far, line->box.y0 + near, line->box.x0, line->box.x1);
        line->rule_below = rule_within(page, line->box.y1 - near, line->box.y1 + far, line->box.x0, line->box.x1);
    }
}

static doxin_status make_page(dx_ctx *ctx, dx_layout *layout, const dx_page *source)
{
    dx_layout_page *page = &layout->pages[layout->page_count++];
    page->source = source;
    dx_layout_word *words = dx_array(ctx, source->word_count + 1, sizeof *words);
    if (words == NULL)
        return DOXIN_E_NOMEM;
    size_t count = 0;
    doxin_status status = dx_layout_collect(ctx, source, words, &count);
    page->font_size = usual_font_size(words, count);
    if (status == DOXIN_OK)
        status = sort_rules(ctx, page);
    if (status == DOXIN_OK)
        status = dx_layout_lines(ctx, layout, page, words, count);
    if (status == DOXIN_OK)
        status = dx_layout_segments(ctx, layout, page);
    if (status == DOXIN_OK)
        status = dx_layout_blocks(ctx, layout, page);
    if (status != DOXIN_OK)
        return status;
    mark_rules(layout, page);
    return dx_check(ctx);
}

doxin_status dx_layout_make(dx_ctx *ctx, const dx_pages *pages, dx_layout **out)
{
    size_t words = 0;
    for (size_t i = 0; i < pages->page_count; i++)
        words += pages->pages[i].word_count;
    dx_layout *layout = dx_new(ctx, sizeof *layout);
    if (layout == NULL)
        return DOXIN_E_NOMEM;
    layout->source = pages;
    layout->pages = dx_array(ctx, pages->page_count + 1, sizeof *layout->pages);
    layout->words = dx_array(ctx, words + 1, sizeof *layout->words);
    layout->lines = dx_array(ctx, words + 1, sizeof *layout->lines);
    layout->segments = dx_array(ctx, words + 1, sizeof *layout->segments);
    layout->blocks = dx_array(ctx, words + 1, sizeof *layout->blocks);
    layout->block_segments = dx_array(ctx, words + 1, sizeof *layout->block_segments);
    if (layout->pages == NULL || layout->words == NULL || layout->lines == NULL || layout->segments == NULL ||
        layout->blocks == NULL || layout->block_segments == NULL)
        return DOXIN_E_NOMEM;
    for (size_t i = 0; i < pages->page_count; i++) {
        doxin_status status = make_page(ctx, layout, &pages->pages[i]);
        if (status != DOXIN_OK)
            return status;
    }
    *out = layout;
    return DOXIN_OK;
}
