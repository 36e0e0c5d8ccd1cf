/* Text of an item, cut by columns. For items*.c only. */
#ifndef DX_CORE_EXTRACT_ITEMS_H
#define DX_CORE_EXTRACT_ITEMS_H

#include "core/extract/table.h"

enum { DX_ITEM_RANGES = 64 };

/* Words that stand together in one column of one line. */
typedef struct dx_range {
    uint32_t first, count, line;
    int column; /* DX_NO_COLUMN: of no column that is known */
    dx_box box;
} dx_range;

typedef struct dx_ranges {
    dx_range items[DX_ITEM_RANGES]; /* top to bottom, left to right */
    size_t count;
} dx_ranges;

/* Text of the row's lines, its amounts left out. */
void dx_items_text(const dx_table_source *source, const dx_row *row, dx_ranges *out);
/* Fills a field from ranges, with their evidence. */
doxin_status dx_items_set_text(dx_ctx *ctx, const dx_table_source *source, const dx_range *from, size_t count,
                               dx_field *field);
int dx_items_column(const dx_table *table, dx_concept role);
/* Once all lines are there: codes in the column of line numbers become item numbers. */
void dx_items_settle_numbers(dx_line *lines, size_t count);
/* Line number, item numbers, GTIN (items_codes.c). Takes what it used out of the text. */
doxin_status dx_items_codes(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, dx_ranges *text,
                            dx_line *out);

#endif
