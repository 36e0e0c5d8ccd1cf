/* Any bytes as a message of the document parser, or as words with places: read as an invoice without a crash, with every
 * confidence in its range and every box inside its page. */
#include "base/rt/buffer.h"
#include "base/rt/json_write.h"
#include "base/text/utf8.h"
#include "core/extract/extract.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS_MOST = 4000, STEP = 250 };

static bool is_text(const char *text, size_t length)
{
    if (length == 0 || !dx_utf8_valid(text, length))
        return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 32 || text[i] == 127)
            return false;
    return true;
}

/* Lines of "XYwords": two bytes for the place, then words that follow each other. */
static dx_pages *words_of(dx_ctx *ctx, const uint8_t *data, size_t size)
{
    dx_pages *pages = dx_new(ctx, sizeof *pages);
    dx_page *page = dx_new(ctx, sizeof *page);
    dx_word *words = dx_array(ctx, WORDS_MOST, sizeof *words);
    if (!pages || !page || !words)
        return NULL;
    size_t count = 0;
    for (size_t at = 0; at + 2 < size;) {
        int32_t x = data[at] * STEP, y = data[at + 1] * STEP;
        at += 2;
        for (;;) {
            size_t end = at;
            while (end < size && data[end] != ' ' && data[end] != '\n')
                end++;
            char *text = dx_textn(ctx, (const char *)data + at, end - at);
            int32_t width = (int32_t)(end - at) * 500;
            if (text && count < WORDS_MOST && end - at < 1000 && is_text(text, end - at))
                words[count++] = (dx_word){{x, y, x + width, y + 1000}, text, (int)(end - at), 1000, 1, 900, 0};
            x += width + 300;
            at = end + 1;
            if (end >= size || data[end] == '\n')
                break;
        }
    }
    *page = (dx_page){.number = 1, .width = 60000, .height = 80000, .words = words, .word_count = count};
    *pages = (dx_pages){.kind = DX_WIRE_PDF, .pages = page, .page_count = 1, .total_pages = 1};
    pages->flags = size > 0 && (data[0] & 1) ? DX_WIRE_USED_OCR : DX_WIRE_HAS_TEXT;
    return pages;
}

static void check(const dx_invoice *invoice)
{
    for (int i = 0; i < DX_HEADER_COUNT; i++) {
        const dx_field *field = &invoice->header[i];
        if (!field->present)
            continue;
        if (!field->text || field->evidence.confidence < 0 || field->evidence.confidence > 1000)
            abort();
        for (int k = 0; k < 4; k++)
            if (field->evidence.box[k] < 0 || field->evidence.box[k] > 100000)
                abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dx_ctx ctx;
    if (!dx_ctx_init(&ctx, (size_t)128 << 20))
        return 0;
    dx_pages *pages = NULL;
    dx_invoice *invoice = NULL;
    if (dx_pages_decode(&ctx, data, size, &pages) != DOXIN_OK) {
        dx_error_clear(&ctx.error);
        pages = words_of(&ctx, data, size);
    }
    if (pages && dx_extract(&ctx, pages, NULL, &invoice) == DOXIN_OK)
        check(invoice);
    dx_ctx_destroy(&ctx);
    return 0;
}
