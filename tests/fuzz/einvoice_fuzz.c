/* Any bytes as an e-invoice: read or refused. What was read passes the gate without a crash; what could be written as UBL
 * must be read again with the same number and total. */
#include "core/einvoice/einvoice.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect_same(const dx_field *a, const dx_field *b)
{
    if (a->present != b->present || (a->present && strcmp(a->text, b->text) != 0))
        abort();
}

static void write_and_read(dx_ctx *ctx, const dx_invoice *invoice)
{
    dx_buffer out;
    dx_invoice *again = NULL;
    dx_buffer_init(&out, 8 << 20);
    if (dx_einvoice_write_ubl(ctx, invoice, &out) == DOXIN_OK) {
        if (dx_einvoice_read(ctx, out.data, out.len, &again) != DOXIN_OK)
            abort();
        expect_same(&invoice->header[DX_HEADER_NUMBER], &again->header[DX_HEADER_NUMBER]);
        if (!dx_decimal_equal(invoice->header[DX_HEADER_TOTAL].number, again->header[DX_HEADER_TOTAL].number))
            abort();
        if (invoice->line_count != again->line_count)
            abort();
    }
    dx_buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dx_ctx ctx;
    dx_invoice *invoice = NULL;
    static const dx_gate_options options = {.review_threshold = 800, .fill = true};
    if (!dx_ctx_init(&ctx, 64 << 20))
        return 0;
    doxin_status status = dx_einvoice_read(&ctx, data, size, &invoice);
    if ((status == DOXIN_OK) != (invoice != NULL) || status != ctx.error.status)
        abort();
    if (invoice && dx_invoice_gate(&ctx, invoice, &options) == DOXIN_OK)
        write_and_read(&ctx, invoice);
    dx_ctx_destroy(&ctx);
    return 0;
}
