/* Any bytes as a message of the document parser: its tables of items are read, or there are none. Every cell's place is
 * on its page. */
#include "core/extract/extract_internal.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_line(const dx_line *line, size_t page_count)
{
    for (int i = 0; i < DX_CELL_COUNT; i++) {
        const dx_field *field = &line->cell[i];
        if (!field->present)
            continue;
        const dx_evidence *evidence = &field->evidence;
        if (field->text == NULL || evidence->page < 0 || (size_t)evidence->page > page_count ||
            evidence->confidence < 0 || evidence->confidence > 1000)
            abort();
        for (int k = 0; k < 4; k++)
            if (evidence->box[k] < 0 || evidence->box[k] > 100000)
                abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dx_ctx ctx;
    if (!dx_ctx_init(&ctx, (size_t)64 << 20))
        return 0;
    dx_pages *pages = NULL;
    dx_layout *layout = NULL;
    dx_items items;
    dx_hypotheses hypotheses = {.number_style = (dx_number_style)(size % 3), .ocr = size % 2 == 1};
    if (dx_pages_decode(&ctx, data, size, &pages) == DOXIN_OK && dx_layout_make(&ctx, pages, &layout) == DOXIN_OK &&
        dx_extract_items(&ctx, layout, &hypotheses, &items) == DOXIN_OK)
        for (size_t i = 0; i < items.line_count; i++)
            check_line(&items.lines[i], pages->page_count);
    dx_ctx_destroy(&ctx);
    return 0;
}
