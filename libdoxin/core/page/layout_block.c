/* Neighbours above and below, and blocks: segments that stand under each other as one text. */
#include "core/page/layout_internal.h"

#include <stdlib.h>
#include <string.h>

enum {
    EDGE_TOLERANCE = 35, /* percent of the font size */
    BLOCK_GAP = 75,      /* percent of the font size between two lines' boxes */
    FONT_RATIO = 140     /* percent: sizes within one block */
};

/* The nearest segment over (direction -1) or under (+1) a segment that shares some of its width. */
static uint32_t nearest(const dx_layout *layout, const dx_layout_page *page, uint32_t index, int direction)
{
    const dx_segment *from = &layout->segments[index];
    uint32_t best = DX_NO_INDEX, looks = 0;
    int32_t least = INT32_MAX;
    int64_t end = direction > 0 ? (int64_t)page->first_segment + page->segment_count : (int64_t)page->first_segment - 1;
    for (int64_t i = (int64_t)index + direction; i != end && looks < DX_LAYOUT_LOOK; i += direction, looks++) {
        const dx_segment *to = &layout->segments[i];
        if (to->line == from->line || layout->lines[to->line].vertical)
            continue;
        int32_t distance = direction > 0 ? to->box.y0 - from->box.y1 : from->box.y0 - to->box.y1;
        if (best != DX_NO_INDEX && distance > least + from->font_size)
            break;
        if (distance > -from->font_size / 2 && distance < least &&
            dx_overlap(from->box.x0, from->box.x1, to->box.x0, to->box.x1) > 0) {
            least = distance;
            best = (uint32_t)i;
        }
    }
    return best;
}

static unsigned shared_edges(const dx_segment *a, const dx_segment *b)
{
    int32_t tolerance = (a->font_size < b->font_size ? a->font_size : b->font_size) * EDGE_TOLERANCE / 100;
    unsigned edges = 0;
    if (abs(a->box.x0 - b->box.x0) <= tolerance)
        edges |= DX_EDGE_LEFT;
    if (abs(a->box.x1 - b->box.x1) <= tolerance)
        edges |= DX_EDGE_RIGHT;
    if (abs((a->box.x0 + a->box.x1) / 2 - (b->box.x0 + b->box.x1) / 2) <= tolerance)
        edges |= DX_EDGE_CENTRE;
    return edges;
}

/* Whether a segment goes on with the text of the one above it. */
static bool continues(const dx_layout *layout, const dx_segment *above, const dx_segment *segment)
{
    int small = above->font_size < segment->font_size ? above->font_size : segment->font_size;
    int large = above->font_size < segment->font_size ? segment->font_size : above->font_size;
    if (segment->edges_above == 0 || (int64_t)large * 100 > (int64_t)small * FONT_RATIO)
        return false;
    if ((int64_t)(segment->box.y0 - above->box.y1) * 100 > (int64_t)small * BLOCK_GAP)
        return false;
    return above->below == (uint32_t)(segment - layout->segments);
}

static void add_block(dx_layout *layout, dx_layout_page *page, uint32_t head)
{
    dx_block *block = &layout->blocks[layout->block_count];
    *block = (dx_block){.box = layout->segments[head].box, .page = layout->segments[head].page};
    block->first = layout->block_count == 0 ? 0 : (block - 1)->first + (block - 1)->count;
    uint32_t index = head;
    for (;;) {
        dx_segment *segment = &layout->segments[index];
        segment->block = (uint32_t)layout->block_count;
        layout->block_segments[block->first + block->count++] = index;
        block->box = dx_box_join(block->box, segment->box);
        uint32_t next = segment->below;
        if (next == DX_NO_INDEX || layout->segments[next].above != index ||
            layout->segments[next].block != DX_NO_INDEX || !continues(layout, segment, &layout->segments[next]))
            break;
        index = next;
    }
    layout->block_count++;
    page->block_count++;
}

doxin_status dx_layout_blocks(dx_ctx *ctx, dx_layout *layout, dx_layout_page *page)
{
    page->first_block = (uint32_t)layout->block_count;
    uint32_t end = page->first_segment + page->segment_count;
    for (uint32_t i = page->first_segment; i < end; i++) {
        layout->segments[i].above = nearest(layout, page, i, -1);
        layout->segments[i].below = nearest(layout, page, i, 1);
        if (layout->segments[i].above != DX_NO_INDEX)
            layout->segments[i].edges_above =
                shared_edges(&layout->segments[layout->segments[i].above], &layout->segments[i]);
    }
    for (uint32_t i = page->first_segment; i < end; i++)
        if (layout->segments[i].block == DX_NO_INDEX)
            add_block(layout, page, i);
    return dx_check(ctx);
}
