/* Any bytes as a message of the document parser: refused, or laid out. What is laid out must hold together. */
#include "base/rt/buffer.h"
#include "base/rt/json_write.h"
#include "base/text/utf8.h"
#include "core/page/layout.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_layout(const dx_layout *layout)
{
    for (size_t i = 0; i < layout->word_count; i++) {
        const dx_layout_word *word = &layout->words[i];
        if (word->size <= 0 || strlen(word->text) != (size_t)word->size || word->line >= layout->line_count ||
            word->segment >= layout->segment_count || !dx_utf8_valid(word->text, (size_t)word->size))
            abort();
    }
    for (size_t i = 0; i < layout->segment_count; i++) {
        const dx_segment *segment = &layout->segments[i];
        if (segment->word_count == 0 || segment->first_word + segment->word_count > layout->word_count ||
            segment->block >= layout->block_count)
            abort();
        if ((segment->above != DX_NO_INDEX && segment->above >= layout->segment_count) ||
            (segment->below != DX_NO_INDEX && segment->below >= layout->segment_count))
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
    if (dx_pages_decode(&ctx, data, size, &pages) == DOXIN_OK && dx_layout_make(&ctx, pages, &layout) == DOXIN_OK) {
        check_layout(layout);
        dx_buffer out;
        dx_buffer_init(&out, (size_t)16 << 20);
        dx_writer writer;
        dx_write_init(&writer, &out);
        dx_layout_write(layout, &writer);
        dx_pages_write(pages, &writer);
        dx_buffer_free(&out);
    }
    dx_ctx_destroy(&ctx);
    return 0;
}
