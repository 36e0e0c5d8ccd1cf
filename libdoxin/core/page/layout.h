/* Words of a page put in order: lines, segments (pieces of a line between gaps), blocks, neighbours.
 *
 * Bottom-up and from geometry alone, so that text layer and recogniser give the same shape. Nothing is thrown away: a
 * second reading of a word stays as its alternative, drawn rules are features and never a precondition. All arrays are
 * global for the document and in reading order (page, then top to bottom, then left to right); everything refers to the
 * others by index. Geometry as in wire.h: 1/100 point, origin top left, y down. Memory: the call's arena. Pure. */
#ifndef DX_CORE_PAGE_LAYOUT_H
#define DX_CORE_PAGE_LAYOUT_H

#include "core/page/page.h"

#define DX_NO_INDEX UINT32_MAX

typedef struct dx_layout_word {
    dx_box box;
    const char *text; /* UTF-8, not empty */
    int size;
    int font_size; /* 1/100 point, never 0 */
    int font;
    int confidence;          /* 0 … 1000 */
    unsigned flags;          /* dx_wire_word_flag */
    bool glued;              /* no space between this word and the one before it on the line */
    const char *alternative; /* what the other recogniser's pass read here, or NULL */
    int alternative_confidence;
    uint32_t line, segment;
} dx_layout_word;

typedef enum dx_edge { DX_EDGE_LEFT = 1, DX_EDGE_RIGHT = 2, DX_EDGE_CENTRE = 4 } dx_edge;

/* Words of one line without a wide gap between them, and no drawn vertical rule. */
typedef struct dx_segment {
    dx_box box;
    const char *text; /* the words with one space between (none where glued) */
    uint32_t page, line, block;
    uint32_t first_word, word_count;
    uint32_t left, right;  /* neighbours on the line, or DX_NO_INDEX */
    uint32_t above, below; /* nearest with horizontal overlap on the page, or DX_NO_INDEX */
    unsigned edges_above;  /* dx_edge: edges shared with the one above */
    int font_size;         /* of most of its letters */
    bool bold;             /* all words are */
} dx_segment;

typedef struct dx_text_line {
    dx_box box;
    uint32_t page; /* index into pages */
    uint32_t first_word, word_count;
    uint32_t first_segment, segment_count;
    int font_size;
    bool rule_above; /* a drawn horizontal rule separates it from the line above */
    bool rule_below;
    bool vertical; /* written upwards or downwards: one word a line, not part of the text's flow */
} dx_text_line;

/* Segments that stand under each other as one text: an address, a paragraph, a column of labels. */
typedef struct dx_block {
    dx_box box;
    uint32_t page;
    uint32_t first, count; /* into dx_layout.block_segments, top to bottom */
} dx_block;

typedef struct dx_layout_page {
    const dx_page *source;
    uint32_t first_word, word_count;
    uint32_t first_line, line_count;
    uint32_t first_segment, segment_count;
    uint32_t first_block, block_count;
    int font_size;                        /* the most frequent one */
    const dx_rule *horizontal, *vertical; /* drawn rules, sorted by y0 / by x0 */
    size_t horizontal_count, vertical_count;
} dx_layout_page;

typedef struct dx_layout {
    const dx_pages *source;
    dx_layout_page *pages;
    size_t page_count;
    dx_layout_word *words;
    size_t word_count;
    dx_text_line *lines;
    size_t line_count;
    dx_segment *segments;
    size_t segment_count;
    dx_block *blocks;
    size_t block_count;
    uint32_t *block_segments;
} dx_layout;

/* Fails only for lack of memory or a passed deadline. */
doxin_status dx_layout_make(dx_ctx *ctx, const dx_pages *pages, dx_layout **out);

/* Text of words[first … first + count) of the document, one space between (none where glued). NULL: no memory. */
char *dx_layout_text(dx_ctx *ctx, const dx_layout *layout, size_t first, size_t count);
/* A block's text, lines parted by separator; a word cut by a hyphen at a line's end is joined. NULL: no memory. */
char *dx_layout_block_text(dx_ctx *ctx, const dx_layout *layout, const dx_block *block, const char *separator);
/* The same for any segments, in the order given. */
char *dx_layout_join(dx_ctx *ctx, const dx_layout *layout, const uint32_t *segments, size_t count,
                     const char *separator);

/* Smallest box that holds both; a box without area counts too. */
dx_box dx_box_join(dx_box a, dx_box b);
/* Length of the common part of [a0, a1] and [b0, b1]; negative: the distance between them. */
int32_t dx_overlap(int32_t a0, int32_t a1, int32_t b0, int32_t b1);

/* Stage dump for --explain layout. */
struct dx_writer;
void dx_layout_write(const dx_layout *layout, struct dx_writer *writer);

#endif
