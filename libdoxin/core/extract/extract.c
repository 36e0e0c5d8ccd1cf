/* The order of the stages. */
#include "core/extract/extract.h"

#include "core/extract/codes.h"
#include "core/extract/documents.h"
#include "core/extract/learned.h"

#include <string.h>

/* A copy of its own, as later stages complete the lines. All room at once: a line is large. */
static doxin_status add_items(dx_ctx *ctx, const dx_items *items, dx_invoice *invoice)
{
    if (items->line_count == 0)
        return DOXIN_OK;
    invoice->lines = dx_array(ctx, items->line_count, sizeof *invoice->lines);
    if (!invoice->lines)
        return DOXIN_E_NOMEM;
    memcpy(invoice->lines, items->lines, items->line_count * sizeof *invoice->lines);
    invoice->line_count = invoice->line_capacity = items->line_count;
    return DOXIN_OK;
}

/* The mean over what a bookkeeper needs first. */
static int whole_confidence(const dx_invoice *invoice)
{
    static const dx_header_id needed[] = {DX_HEADER_NUMBER, DX_HEADER_DATE, DX_HEADER_TOTAL, DX_HEADER_CURRENCY,
                                          DX_HEADER_VENDOR_NAME};
    int sum = 0;
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        sum += invoice->header[needed[i]].present ? invoice->header[needed[i]].evidence.confidence : 0;
    return sum / (int)(sizeof needed / sizeof *needed);
}

static doxin_status make_reading(dx_ctx *ctx, const dx_pages *pages, const dx_extract_options *options,
                                 dx_reading **out)
{
    dx_layout *layout = NULL;
    doxin_status status = dx_layout_make(ctx, pages, &layout);
    return status == DOXIN_OK ? dx_reading_make(ctx, layout, options, out) : status;
}

/* Several documents in one file: the reading becomes that of the pages of the one that is asked for. */
static doxin_status choose_document(dx_ctx *ctx, const dx_pages *pages, const dx_extract_options *options,
                                    dx_reading **reading)
{
    size_t asked = options ? options->document : 0, count = 1;
    dx_page_range *ranges = NULL;
    doxin_status status = DOXIN_OK;
    if (pages->page_count > 1)
        status = dx_documents_find(ctx, *reading, &ranges, &count);
    if (status == DOXIN_OK && asked >= count)
        return dx_fail(ctx, DOXIN_E_NOT_FOUND, "the file holds %zu document%s and none of number %zu", count,
                       count == 1 ? "" : "s", asked + 1);
    if (status != DOXIN_OK || count < 2)
        return status;
    dx_pages *own = dx_new(ctx, sizeof *own);
    if (!own)
        return DOXIN_E_NOMEM;
    *own = *pages;
    own->pages += ranges[asked].first;
    own->page_count = ranges[asked].count;
    status = make_reading(ctx, own, options, reading);
    if (status != DOXIN_OK)
        return status;
    (*reading)->documents = ranges;
    (*reading)->document_count = count;
    return DOXIN_OK;
}

doxin_status dx_extract_read(dx_ctx *ctx, const dx_pages *pages, const dx_extract_options *options,
                             dx_reading **reading, dx_items *items)
{
    doxin_status status = make_reading(ctx, pages, options, reading);
    if (status == DOXIN_OK)
        status = choose_document(ctx, pages, options, reading);
    if (status == DOXIN_OK)
        status = dx_extract_items(ctx, (*reading)->layout, &(*reading)->hypotheses, items);
    if (status == DOXIN_OK)
        dx_reading_set_items(*reading, items);
    return status;
}

doxin_status dx_extract_stages(dx_ctx *ctx, const dx_reading *reading, const dx_items *items, dx_invoice **out)
{
    bool total_labelled = false;
    dx_invoice *invoice = dx_invoice_new(ctx);
    if (!invoice)
        return DOXIN_E_NOMEM;
    doxin_status status = add_items(ctx, items, invoice);
    if (status == DOXIN_OK)
        status = dx_extract_fields(ctx, reading, invoice);
    if (status == DOXIN_OK)
        status = dx_extract_totals(ctx, reading, items, invoice, &total_labelled);
    if (status == DOXIN_OK)
        status = dx_extract_parties(ctx, reading, invoice);
    if (status == DOXIN_OK)
        status = dx_extract_kind(ctx, reading, total_labelled, invoice);
    *out = invoice;
    return status;
}

/* The vendor is known only when everything was read once; what is known of it is evidence for a second reading. */
static doxin_status read_again(dx_ctx *ctx, dx_reading *reading, const dx_items *items, dx_invoice **invoice)
{
    dx_hints hints = {0};
    doxin_status status = dx_hints_look_up(ctx, reading, *invoice, &hints);
    if (status == DOXIN_OK && hints.count > 0) {
        reading->hints = &hints;
        status = dx_extract_stages(ctx, reading, items, invoice);
        reading->hints = NULL;
    }
    return status == DOXIN_OK ? dx_hints_constants(ctx, reading, &hints, *invoice) : status;
}

/* "1-2, 3 and 4-6" */
static const char *ranges_text(dx_ctx *ctx, const dx_invoice *invoice)
{
    const char *text = "";
    for (size_t i = 0; text && i < invoice->document_count; i++) {
        const dx_page_range *at = &invoice->documents[i];
        const char *joint = i == 0 ? "" : i + 1 == invoice->document_count ? " and " : ", ";
        text = at->count == 1 ? dx_textf(ctx, "%s%s%zu", text, joint, at->first + 1)
                              : dx_textf(ctx, "%s%s%zu-%zu", text, joint, at->first + 1, at->first + at->count);
    }
    return text;
}

static doxin_status say_documents(dx_ctx *ctx, const dx_reading *reading, dx_invoice *invoice)
{
    if (reading->document_count < 2)
        return DOXIN_OK;
    invoice->documents = reading->documents;
    invoice->document_count = reading->document_count;
    invoice->document = reading->options ? reading->options->document : 0;
    const char *ranges = ranges_text(ctx, invoice);
    if (!ranges)
        return DOXIN_E_NOMEM;
    return dx_invoice_warn(ctx, invoice, "several_invoices", "documents",
                           "the file holds %zu documents, on pages %s; this is number %zu", invoice->document_count,
                           ranges, invoice->document + 1);
}

doxin_status dx_extract(dx_ctx *ctx, const dx_pages *pages, const dx_extract_options *options, dx_invoice **out)
{
    dx_reading *reading = NULL;
    dx_items items = {0};
    dx_invoice *invoice = NULL;
    doxin_status status = dx_extract_read(ctx, pages, options, &reading, &items);
    if (status == DOXIN_OK)
        status = dx_extract_stages(ctx, reading, &items, &invoice);
    if (status == DOXIN_OK)
        status = read_again(ctx, reading, &items, &invoice);
    if (status == DOXIN_OK)
        status = dx_extract_codes(ctx, reading, invoice);
    if (status == DOXIN_OK)
        status = say_documents(ctx, reading, invoice);
    if (status != DOXIN_OK)
        return status;
    invoice->page_count = pages->page_count;
    invoice->confidence = whole_confidence(invoice);
    *out = invoice;
    return DOXIN_OK;
}
