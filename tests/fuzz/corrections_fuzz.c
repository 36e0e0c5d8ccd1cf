/* Any bytes as doxin.corrections/1: read or refused. What was read and written is read and written again to the same
 * text, and reading a page with it neither crashes nor leaves what is allowed. */
#include "base/rt/alloc.h"
#include "base/rt/json.h"
#include "base/rt/json_write.h"
#include "core/extract/extract.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *write_text(const dx_corrections *corrections, size_t *size)
{
    dx_buffer out;
    dx_writer writer;
    dx_buffer_init(&out, 64 << 20);
    dx_write_init(&writer, &out);
    dx_corrections_write(corrections, &writer);
    return dx_buffer_take(&out, size);
}

static bool read_text(dx_ctx *ctx, const char *text, size_t size, dx_corrections *out)
{
    dx_json *json = NULL;
    bool good = dx_json_parse(ctx, text, size, &json) == DOXIN_OK && dx_corrections_read(ctx, json, out) == DOXIN_OK;
    dx_json_free(json);
    return good;
}

/* Every memory answers, whatever the keys are. */
static doxin_status look_up(void *data, dx_ctx *ctx, const dx_vendor_keys *keys, dx_corrections *out)
{
    const dx_corrections *known = data;
    for (size_t i = 0; i < known->count && i < keys->count; i++) {
        dx_memory memory = known->items[i];
        memory.key = keys->items[i];
        if (dx_corrections_put(ctx, out, &memory) != DOXIN_OK)
            return DOXIN_E_NOMEM;
    }
    return DOXIN_OK;
}

enum { ROWS = 6, ROW_WORDS = 4 };

static dx_pages *sheet(dx_ctx *ctx)
{
    static const char *const rows[ROWS][ROW_WORDS] = {
        {"Northwind", "Tools", "Ltd", "Example"}, {"VAT", "No:", "GB123456789", NULL},
        {"Zetakode:", "ZK-88201", NULL, NULL},    {"Invoice", "No:", "550-1203", NULL},
        {"Date:", "2024-03-25", NULL, NULL},      {"Omegasum", "$1,440.00", NULL, NULL}};
    dx_pages *pages = dx_new(ctx, sizeof *pages);
    dx_page *page = dx_new(ctx, sizeof *page);
    dx_word *words = dx_array(ctx, ROWS * ROW_WORDS, sizeof *words);
    size_t count = 0;
    if (!pages || !page || !words)
        return NULL;
    for (int row = 0; row < ROWS; row++) {
        int32_t x = 5000, y = 4000 + row * 1400;
        for (int i = 0; i < ROW_WORDS && rows[row][i]; i++) {
            int length = (int)strlen(rows[row][i]);
            words[count++] = (dx_word){{x, y, x + length * 550, y + 1000}, rows[row][i], length, 1000, 1, 1000, 0};
            x += (length + 1) * 550;
        }
    }
    *page = (dx_page){.number = 1, .width = 61200, .height = 79200, .words = words, .word_count = count};
    *pages =
        (dx_pages){.kind = DX_WIRE_PDF, .flags = DX_WIRE_HAS_TEXT, .pages = page, .page_count = 1, .total_pages = 1};
    return pages;
}

static void use(dx_ctx *ctx, dx_corrections *known)
{
    dx_correction_source source = {known, look_up};
    dx_extract_options options = {.corrections = &source};
    dx_invoice *invoice = NULL;
    dx_corrections learned = {0};
    dx_pages *pages = sheet(ctx);
    if (!pages || dx_extract(ctx, pages, &options, &invoice) != DOXIN_OK)
        return;
    for (int i = 0; i < DX_HEADER_COUNT; i++) {
        const dx_field *field = &invoice->header[i];
        if (field->present && (!field->text || field->evidence.confidence < 0 || field->evidence.confidence > 1000))
            abort();
    }
    if (dx_extract_learn(ctx, pages, &options, invoice, &learned) == DOXIN_OK)
        for (size_t i = 0; i < learned.count; i++)
            if (learned.items[i].place_count > DX_MEMORY_PLACES)
                abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dx_ctx ctx;
    dx_corrections first = {0}, again = {0};
    size_t first_size = 0, second_size = 0;
    if (!dx_ctx_init(&ctx, 64 << 20))
        return 0;
    if (read_text(&ctx, (const char *)data, size, &first)) {
        char *text = write_text(&first, &first_size);
        bool good = text && read_text(&ctx, text, first_size, &again);
        char *second = good ? write_text(&again, &second_size) : NULL;
        if (text && ctx.error.status != DOXIN_E_NOMEM && (!second || strcmp(text, second) != 0))
            abort();
        dx_free(text);
        dx_free(second);
        use(&ctx, &first);
    }
    dx_ctx_destroy(&ctx);
    return 0;
}
