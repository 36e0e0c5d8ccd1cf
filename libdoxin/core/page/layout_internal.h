/* What the steps of layout hand to each other. */
#ifndef DX_CORE_PAGE_LAYOUT_INTERNAL_H
#define DX_CORE_PAGE_LAYOUT_INTERNAL_H

#include "core/page/layout.h"

/* The most that is looked at for one word or segment: keeps hostile pages linear. Ordinary pages need a tenth. */
enum { DX_LAYOUT_LOOK = 512 };

static inline int32_t dx_centre_y(dx_box box)
{
    return (int32_t)(((int64_t)box.y0 + box.y1) / 2);
}

static inline int32_t dx_height(dx_box box)
{
    return box.y1 - box.y0;
}

static inline int32_t dx_width(dx_box box)
{
    return box.x1 - box.x0;
}

/* The page's words as layout words, both passes of the recogniser merged. out has room for page->word_count. */
doxin_status dx_layout_collect(dx_ctx *ctx, const dx_page *page, dx_layout_word *out, size_t *count);

/* Appends the page's lines and words to the layout, whose arrays are large enough. */
doxin_status dx_layout_lines(dx_ctx *ctx, dx_layout *layout, dx_layout_page *page, dx_layout_word *words, size_t count);
/* Cuts the page's lines into segments. */
doxin_status dx_layout_segments(dx_ctx *ctx, dx_layout *layout, dx_layout_page *page);
/* Neighbours above and below, and blocks. */
doxin_status dx_layout_blocks(dx_ctx *ctx, dx_layout *layout, dx_layout_page *page);

/* Letters that were set with a space between ("I N V O I C E") become one word. Works on the words of one line, in
 * order; returns how many are left. */
doxin_status dx_layout_unspace(dx_ctx *ctx, dx_layout_word *words, size_t *count);

#endif
