/* Any bytes as doxin.invoice/1: read or refused. What was read and written is read and written again to the same text, and
 * every form of showing it takes it. */
#include "base/rt/alloc.h"
#include "base/rt/json.h"
#include "base/rt/json_write.h"
#include "core/present/present.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *write_text(const dx_invoice *invoice, size_t *size)
{
    dx_buffer out;
    dx_writer writer;
    dx_buffer_init(&out, 64 << 20);
    dx_write_init(&writer, &out);
    dx_invoice_write(invoice, &writer);
    return dx_buffer_take(&out, size);
}

static dx_invoice *read_text(dx_ctx *ctx, const char *text, size_t size)
{
    dx_json *json = NULL;
    dx_invoice *invoice = NULL;
    if (dx_json_parse(ctx, text, size, &json) == DOXIN_OK)
        dx_invoice_read(ctx, json, &invoice);
    dx_json_free(json);
    return invoice;
}

static void show(dx_ctx *ctx, const dx_invoice *invoice)
{
    static const char *const formats[] = {"flat", "table", "csv", "html"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        dx_buffer out;
        dx_buffer_init(&out, 64 << 20);
        if (dx_present(ctx, invoice, formats[i], NULL, &out) == DOXIN_OK && out.len == 0)
            abort();
        dx_buffer_free(&out);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dx_ctx ctx;
    size_t first_size = 0, second_size = 0;
    if (!dx_ctx_init(&ctx, 64 << 20))
        return 0;
    dx_invoice *invoice = read_text(&ctx, (const char *)data, size);
    char *first = invoice ? write_text(invoice, &first_size) : NULL;
    dx_invoice *again = first ? read_text(&ctx, first, first_size) : NULL;
    char *second = again ? write_text(again, &second_size) : NULL;
    if (first && ctx.error.status != DOXIN_E_NOMEM && (!second || strcmp(first, second) != 0))
        abort();
    if (again && dx_invoice_gate(&ctx, again, NULL) == DOXIN_OK)
        show(&ctx, again);
    dx_free(first);
    dx_free(second);
    dx_ctx_destroy(&ctx);
    return 0;
}
