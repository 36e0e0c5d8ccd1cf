/* The stages of a reading, one by one, by the library's inner functions: bench_stages PARSER FILE…
 * First a JSON array of what the files are; then, for each round, the seconds of each stage over all files. Time of the
 * parser's processes is not in it (who asks reads it from the system), but what the child itself counts is ("child",
 * time of the clock, not of the processor). */
#include "base/rt/json_write.h"
#include "core/extract/extract.h"
#include "core/page/layout.h"
#include "io/reader/reader.h"
#include "rounds.h"

#include <stdio.h>
#include <stdlib.h>

enum { STAGES = 6 };
static const char *const names[STAGES] = {"transport", "decode", "layout", "extract", "check", "json"};

typedef struct measure {
    double seconds[STAGES];
    double child;
    double last;
} measure;

static void lap(measure *at, int stage)
{
    double now = bench_seconds();
    at->seconds[stage] += now - at->last;
    at->last = now;
}

/* The layout is made twice, as extraction makes its own. */
static doxin_status read_one(dx_ctx *ctx, dx_message *message, measure *at)
{
    static const dx_gate_options gate = {.review_threshold = 800, .fill = true};
    dx_pages *pages = NULL;
    dx_layout *layout = NULL;
    dx_invoice *invoice = NULL;
    dx_buffer out;
    dx_writer writer;
    doxin_status status = dx_pages_decode(ctx, message->data, message->size, &pages);
    lap(at, 1);
    if (status == DOXIN_OK)
        status = dx_layout_make(ctx, pages, &layout);
    lap(at, 2);
    if (status == DOXIN_OK)
        status = dx_extract(ctx, pages, NULL, &invoice);
    lap(at, 3);
    if (status == DOXIN_OK)
        status = dx_invoice_gate(ctx, invoice, &gate);
    lap(at, 4);
    if (status != DOXIN_OK)
        return status;
    dx_buffer_init(&out, (size_t)64 << 20);
    dx_write_init(&writer, &out);
    dx_invoice_write(invoice, &writer);
    dx_buffer_free(&out);
    lap(at, 5);
    at->child += pages->parse_us / 1e6;
    return DOXIN_OK;
}

static bool do_round(dx_reader *reader, const bench_file *files, int count)
{
    static const dx_read_options options = {.want_rules = false};
    measure at = {.last = bench_seconds()};
    for (int i = 0; i < count; i++) {
        dx_ctx ctx;
        dx_message message = {0};
        if (!dx_ctx_init(&ctx, 0))
            return false;
        at.last = bench_seconds();
        doxin_status status = dx_reader_read(reader, &ctx, files[i].data, files[i].size, &options, &message);
        lap(&at, 0);
        if (status == DOXIN_OK)
            status = read_one(&ctx, &message, &at);
        if (status != DOXIN_OK)
            fprintf(stderr, "%s: %s\n", files[i].path, ctx.error.message);
        dx_message_free(&message);
        dx_ctx_destroy(&ctx);
    }
    printf("{\"child\": %.6f", at.child);
    for (int i = 0; i < STAGES; i++)
        printf(", \"%s\": %.6f", names[i], at.seconds[i]);
    printf("}\n");
    return true;
}

static void describe(dx_reader *reader, const bench_file *file, bool first)
{
    dx_ctx ctx;
    dx_message message = {0};
    dx_pages *pages = NULL;
    size_t words = 0;
    if (!dx_ctx_init(&ctx, 0))
        exit(1);
    if (dx_reader_read(reader, &ctx, file->data, file->size, NULL, &message) == DOXIN_OK)
        (void)dx_pages_decode(&ctx, message.data, message.size, &pages);
    for (size_t i = 0; pages && i < pages->page_count; i++)
        words += pages->pages[i].word_count;
    printf("%s{\"pages\": %zu, \"words\": %zu, \"recognised\": %s}", first ? "" : ", ", pages ? pages->page_count : 0,
           words, pages && (pages->flags & DX_WIRE_USED_OCR) ? "true" : "false");
    dx_message_free(&message);
    dx_ctx_destroy(&ctx);
}

int main(int count, char **items)
{
    dx_reader *reader;
    if (count < 3 || dx_reader_new(&(dx_reader_options){.program = items[1], .parsers = 1}, &reader) != DOXIN_OK)
        return 2;
    bench_file *files = bench_files(count - 2, items + 2);
    putchar('[');
    for (int i = 0; i < count - 2; i++)
        describe(reader, &files[i], i == 0);
    puts("]");
    while (bench_next_round())
        if (!do_round(reader, files, count - 2))
            return 1;
    dx_reader_free(reader);
    return 0;
}
