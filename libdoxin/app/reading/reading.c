#include "app/reading/reading.h"

#include "app/reading/languages.h"
#include "base/rt/clock.h"
#include "core/einvoice/einvoice.h"
#include "core/extract/extract.h"
#include "core/extract/printed.h"
#include "core/sniff/sniff.h"

#include <string.h>
#include <strings.h>

typedef struct progress {
    dx_progress_fn fn;
    void *data;
} progress;

static void tell(const progress *to, const char *stage, int percent)
{
    if (to->fn)
        to->fn(to->data, stage, percent);
}

/* An error that is the call's own and not the document's: it ends the reading. */
static bool ends_call(doxin_status status)
{
    return status == DOXIN_E_NOMEM || status == DOXIN_E_CANCELED || status == DOXIN_E_TIMEOUT;
}

/* ---- XML inside a PDF ------------------------------------------------------------------------------------------------ */

/* The names that ZUGFeRD 1 and 2, Factur-X, XRechnung and Order-X prescribe for the invoice among the attachments. */
static bool has_standard_name(const dx_attachment *attachment)
{
    static const char *const names[] = {"factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "order-x.xml"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcasecmp(attachment->name, names[i]) == 0)
            return true;
    return false;
}

/* One attachment. *out stays NULL when it is no e-invoice; *problem then tells why. */
static doxin_status try_attachment(dx_ctx *ctx, const dx_attachment *attachment, const dx_einvoice_limits *limits,
                                   dx_invoice **out, const char **problem)
{
    if (dx_sniff(attachment->data, attachment->size) != DX_SNIFFED_XML)
        return DOXIN_OK;
    dx_error before = ctx->error;
    dx_invoice *invoice = NULL;
    doxin_status status = dx_einvoice_read_within(ctx, attachment->data, attachment->size, limits, &invoice);
    if (status == DOXIN_OK) {
        *out = invoice;
        return DOXIN_OK;
    }
    if (ends_call(status))
        return status;
    *problem = dx_text(ctx, ctx->error.message);
    if (!*problem)
        return DOXIN_E_NOMEM;
    ctx->error = before;
    return DOXIN_OK;
}

/* *out NULL: the document holds none. *problem: why one that is named as an e-invoice could not be read. */
static doxin_status embedded(dx_ctx *ctx, const dx_pages *pages, const dx_einvoice_limits *limits, dx_invoice **out,
                             const char **problem)
{
    *out = NULL;
    *problem = NULL;
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < pages->attachment_count && !*out; i++) {
            const char *why = NULL;
            if (has_standard_name(&pages->attachments[i]) != (round == 0))
                continue;
            doxin_status status = try_attachment(ctx, &pages->attachments[i], limits, out, &why);
            if (status != DOXIN_OK)
                return status;
            if (round == 0 && why)
                *problem = why;
        }
    }
    return DOXIN_OK;
}

/* ---- pages -------------------------------------------------------------------------------------------------------- */

static bool has_words(const dx_pages *pages)
{
    for (size_t i = 0; i < pages->page_count; i++)
        if (pages->pages[i].word_count > 0)
            return true;
    return false;
}

doxin_status dx_reading_how(dx_ctx *ctx, const dx_reading_options *options, dx_extract_options *out)
{
    dx_reading_languages languages;
    doxin_status status = dx_reading_languages_of(ctx, options->languages, &languages);
    *out = (dx_extract_options){
        .own_names = options->own_names,
        .languages = languages.lexicon,
        .document = options->document,
        .review_threshold = options->review_threshold,
        .corrections = options->corrections,
    };
    return status;
}

static doxin_status extract(dx_ctx *ctx, const dx_pages *pages, const dx_reading_options *options, dx_invoice **out)
{
    dx_extract_options how;
    doxin_status status = dx_reading_how(ctx, options, &how);
    return status == DOXIN_OK ? dx_extract(ctx, pages, &how, out) : status;
}

static doxin_status compare(dx_ctx *ctx, const dx_pages *pages, dx_invoice *xml, const dx_invoice *page)
{
    dx_printed printed = {dx_page_values_stand, dx_page_values_new(ctx, pages, NULL)};
    return printed.data ? dx_invoice_compare(ctx, xml, page, &printed) : DOXIN_E_NOMEM;
}

static doxin_status take_documents(dx_ctx *ctx, dx_invoice *xml, const dx_invoice *page)
{
    xml->documents = page->documents;
    xml->document_count = page->document_count;
    for (size_t i = 0; i < page->warning_count; i++) {
        const dx_warning *warning = &page->warnings[i];
        if (strcmp(warning->code, "several_invoices") == 0)
            return dx_invoice_warn(ctx, xml, warning->code, warning->path, "%s", warning->message);
    }
    return DOXIN_OK;
}

/* The page as a second reading of what the XML says. Profiles without lines (Factur-X MINIMUM, BASIC WL) get the page's. */
static doxin_status cross_check(dx_ctx *ctx, const dx_pages *pages, const dx_reading_options *options, dx_invoice *xml)
{
    dx_invoice *page = NULL;
    dx_reading_options unaided = *options; /* what was learned is no second opinion on what the XML says */
    unaided.corrections = NULL;
    if (!has_words(pages) || !options->compare_page)
        return DOXIN_OK;
    doxin_status status = extract(ctx, pages, &unaided, &page);
    if (status == DOXIN_OK)
        status = compare(ctx, pages, xml, page);
    if (status == DOXIN_OK)
        status = take_documents(ctx, xml, page);
    if (status != DOXIN_OK || xml->line_count > 0 || page->line_count == 0)
        return status;
    xml->lines = page->lines;
    xml->line_count = page->line_count;
    xml->line_capacity = page->line_capacity;
    return dx_invoice_warn(ctx, xml, "lines_from_page", "line_items",
                           "the XML has no lines; these were read from the page");
}

/* The order's XML is not read; what it is, is known. */
static doxin_status say_order(dx_ctx *ctx, dx_invoice *invoice)
{
    bool said = invoice->kind == DX_KIND_PURCHASE_ORDER;
    invoice->kind = DX_KIND_PURCHASE_ORDER;
    return said ? DOXIN_OK
                : dx_invoice_warn(ctx, invoice, "not_an_invoice", "document_type",
                                  "the XML inside is an order (Order-X): this is no invoice");
}

/* What the parser left out of the document. */
static doxin_status warn_of_limits(dx_ctx *ctx, const dx_pages *pages, dx_invoice *invoice)
{
    doxin_status status = DOXIN_OK;
    if (pages->flags & DX_WIRE_MORE_ATTACHMENTS)
        status = dx_invoice_warn(ctx, invoice, "more_attachments", "",
                                 "the document has more attachments than the %zu that were looked at (max_attachments)",
                                 pages->attachment_count);
    if (status == DOXIN_OK && (pages->flags & DX_WIRE_LARGE_ATTACHMENT))
        status = dx_invoice_warn(ctx, invoice, "large_attachment", "",
                                 "an attachment is larger than those that are looked at (max_attachment_bytes)");
    return status;
}

static doxin_status read_pages(dx_ctx *ctx, const dx_pages *pages, const dx_reading_options *options,
                               const progress *to, dx_invoice **out)
{
    int64_t start = dx_clock_ns();
    dx_invoice *invoice = NULL;
    const char *problem = NULL;
    doxin_status status = DOXIN_OK;
    /* It is about the first document where there are several. */
    if (options->embedded_xml && options->document == 0 && pages->attachment_count > 0) {
        tell(to, "xml", 60);
        status = embedded(ctx, pages, &options->xml, &invoice, &problem);
    }
    if (status == DOXIN_OK) {
        tell(to, "extract", 70);
        status = invoice ? cross_check(ctx, pages, options, invoice) : extract(ctx, pages, options, &invoice);
    }
    if (status == DOXIN_OK && problem && !invoice->syntax && strstr(problem, "Order-X"))
        status = say_order(ctx, invoice);
    else if (status == DOXIN_OK && problem && !invoice->syntax)
        status = dx_invoice_warn(ctx, invoice, "embedded_xml_unreadable", "",
                                 "the XML inside is no readable e-invoice: %s", problem);
    if (status == DOXIN_OK)
        status = warn_of_limits(ctx, pages, invoice);
    if (status != DOXIN_OK)
        return status;
    invoice->page_count = pages->page_count;
    invoice->read_us = pages->parse_us;
    invoice->extract_us = (unsigned)((dx_clock_ns() - start) / 1000);
    *out = invoice;
    return DOXIN_OK;
}

static doxin_status check(dx_ctx *ctx, dx_invoice *invoice, const dx_reading_options *options, const progress *to)
{
    tell(to, "check", 90);
    dx_gate_options gate = {.review_threshold = options->review_threshold, .fill = true};
    doxin_status status = dx_invoice_gate(ctx, invoice, &gate);
    if (status == DOXIN_OK)
        tell(to, "check", 100);
    return status;
}

doxin_status dx_reading_pages(dx_ctx *ctx, const dx_pages *pages, const dx_reading_options *options, dx_invoice **out)
{
    static const progress nobody = {NULL, NULL};
    dx_invoice *invoice = NULL;
    doxin_status status = read_pages(ctx, pages, options, &nobody, &invoice);
    if (status == DOXIN_OK)
        status = check(ctx, invoice, options, &nobody);
    if (status == DOXIN_OK)
        *out = invoice;
    return status;
}

/* ---- bytes -------------------------------------------------------------------------------------------------------- */

static doxin_status read_xml(dx_ctx *ctx, const void *data, size_t size, const dx_einvoice_limits *limits,
                             const progress *to, dx_invoice **out)
{
    int64_t start = dx_clock_ns();
    tell(to, "xml", 20);
    doxin_status status = dx_einvoice_read_within(ctx, data, size, limits, out);
    if (status == DOXIN_OK)
        (*out)->extract_us = (unsigned)((dx_clock_ns() - start) / 1000);
    return status;
}

doxin_status dx_reading_open(dx_ctx *ctx, dx_reader *reader, const void *data, size_t size,
                             const dx_reading_options *options, dx_message *message, dx_pages **pages)
{
    dx_reading_languages languages;
    doxin_status status = dx_reading_languages_of(ctx, options->languages, &languages);
    if (status != DOXIN_OK)
        return status;
    dx_read_options how = {
        .ocr = options->ocr,
        .languages = languages.recogniser,
        .want_rules = options->rules,
        .want_codes = options->codes == DX_CODES_ALWAYS,
        .seek_codes = options->codes == DX_CODES_AUTO,
        .max_pages = options->max_pages,
    };
    status = dx_reader_read(reader, ctx, data, size, &how, message);
    return status == DOXIN_OK ? dx_pages_decode(ctx, message->data, message->size, pages) : status;
}

static doxin_status read_document(dx_ctx *ctx, dx_reader *reader, const void *data, size_t size,
                                  const dx_reading_options *options, const progress *to, dx_invoice **out)
{
    dx_message message = {0};
    dx_pages *pages = NULL;
    tell(to, "parse", 5);
    doxin_status status = dx_reading_open(ctx, reader, data, size, options, &message, &pages);
    if (status == DOXIN_OK)
        status = read_pages(ctx, pages, options, to, out);
    dx_message_free(&message);
    return status;
}

doxin_status dx_reading_invoice(dx_ctx *ctx, dx_reader *reader, const void *data, size_t size,
                                const dx_reading_options *options, dx_progress_fn fn, void *progress_data,
                                dx_invoice **out)
{
    progress to = {fn, progress_data};
    dx_invoice *invoice = NULL;
    doxin_status status = DOXIN_OK;
    if (!data || size == 0)
        return dx_fail(ctx, DOXIN_E_EMPTY_DOCUMENT, "the document is empty");
    dx_sniffed kind = dx_sniff(data, size);
    if (kind == DX_SNIFFED_NOTHING)
        return dx_fail(ctx, DOXIN_E_NOT_A_DOCUMENT,
                       "the bytes are no PDF, picture (PNG, JPEG, TIFF, WebP, HEIC) or XML invoice");
    if (kind == DX_SNIFFED_XML && options->document > 0)
        return dx_fail(ctx, DOXIN_E_NOT_FOUND, "an XML file holds one document");
    if (kind == DX_SNIFFED_XML)
        status = read_xml(ctx, data, size, &options->xml, &to, &invoice);
    else if (!reader)
        status = dx_fail(ctx, DOXIN_E_PARSER_MISSING, "only XML can be read here: there is no document parser");
    else
        status = read_document(ctx, reader, data, size, options, &to, &invoice);
    if (status == DOXIN_OK)
        status = check(ctx, invoice, options, &to);
    if (status == DOXIN_OK)
        *out = invoice;
    return status;
}

/* ---- learning ----------------------------------------------------------------------------------------------------- */

doxin_status dx_reading_learn(dx_ctx *ctx, const dx_pages *pages, const dx_reading_options *options,
                              const dx_invoice *corrected, dx_corrections *out)
{
    dx_extract_options how;
    *out = (dx_corrections){0};
    doxin_status status = dx_reading_how(ctx, options, &how);
    if (status != DOXIN_OK || (corrected->syntax && *corrected->syntax) || !has_words(pages))
        return status;
    return dx_extract_learn(ctx, pages, &how, corrected, out);
}
