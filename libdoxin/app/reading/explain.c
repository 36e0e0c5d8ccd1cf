/* Stages of reading as JSON. */
#include "app/reading/reading.h"
#include "core/extract/extract.h"
#include "core/sniff/sniff.h"

#include <string.h>

static doxin_status explain_invoice(dx_ctx *ctx, const dx_pages *pages, const dx_reading_options *options,
                                    dx_writer *writer)
{
    dx_invoice *invoice = NULL;
    doxin_status status = dx_reading_pages(ctx, pages, options, &invoice);
    if (status == DOXIN_OK)
        dx_invoice_write(invoice, writer);
    return status;
}

doxin_status dx_reading_explain_pages(dx_ctx *ctx, const dx_pages *pages, const dx_reading_options *options,
                                      const char *stage, dx_writer *writer)
{
    if (strcmp(stage, "page") == 0) {
        dx_pages_write(pages, writer);
        return DOXIN_OK;
    }
    if (strcmp(stage, "invoice") == 0)
        return explain_invoice(ctx, pages, options, writer);
    dx_extract_options how;
    doxin_status status = dx_reading_how(ctx, options, &how);
    return status == DOXIN_OK ? dx_extract_explain(ctx, pages, &how, stage, writer) : status;
}

doxin_status dx_reading_explain(dx_ctx *ctx, dx_reader *reader, const void *data, size_t size,
                                const dx_reading_options *options, const char *stage, dx_writer *writer)
{
    dx_message message = {0};
    dx_pages *pages = NULL;
    if (dx_sniff(data, size) == DX_SNIFFED_XML)
        return dx_fail(ctx, DOXIN_E_UNSUPPORTED, "XML is read as it stands: there are no stages to look at");
    doxin_status status = dx_reading_open(ctx, reader, data, size, options, &message, &pages);
    if (status == DOXIN_OK)
        status = dx_reading_explain_pages(ctx, pages, options, stage, writer);
    dx_message_free(&message);
    return status;
}
