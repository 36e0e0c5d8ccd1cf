/* Any text as options of a call: refused, or every value that a call then reads is within what the table allows. */
#include "abi/options.h"
#include "base/rt/alloc.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool good)
{
    if (!good)
        abort();
}

static void check_extract(dx_ctx *ctx, const doxin_options *opts)
{
    if (dx_options_check(ctx, "extract", opts) != DOXIN_OK)
        return;
    int64_t pages = dx_options_integer("extract", opts, "max_pages"),
            bytes = dx_options_integer("extract", opts, "max_bytes");
    int ocr = dx_options_choice("extract", opts, "ocr"),
        threshold = dx_options_share("extract", opts, "review_threshold");
    expect(pages >= 0 && pages <= 100000 && bytes >= 0 && bytes <= 2147483648);
    expect(ocr >= 0 && ocr <= 2 && threshold <= 1000);
    (void)dx_options_bool("extract", opts, "embedded_xml");
}

static void check_engine(dx_ctx *ctx, const doxin_options *opts)
{
    if (dx_options_check(ctx, "engine_open", opts) != DOXIN_OK)
        return;
    int64_t timeout = dx_options_integer("engine_open", opts, "parse_timeout_ms");
    int64_t memory = dx_options_integer("engine_open", opts, "parser_memory_bytes");
    expect(timeout >= 100 && timeout <= 3600000 && memory >= 67108864);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dx_ctx ctx;
    doxin_options *opts = NULL, *copy = NULL;
    if (size > 4096 || !dx_ctx_init(&ctx, 0))
        return 0;
    char *text = dx_textn(&ctx, (const char *)data, size);
    if (text && doxin_options_new(&opts) == DOXIN_OK && doxin_options_set_json(opts, text) == DOXIN_OK) {
        check_extract(&ctx, opts);
        dx_error_clear(&ctx.error);
        check_engine(&ctx, opts);
        expect(dx_options_copy(opts, &copy) && dx_options_count(copy) == dx_options_count(opts));
        for (size_t i = 0; i < dx_options_count(opts); i++)
            expect(strcmp(dx_options_key_at(opts, i), dx_options_key_at(copy, i)) == 0);
    }
    doxin_options_free(copy);
    doxin_options_free(opts);
    dx_ctx_destroy(&ctx);
    return 0;
}
