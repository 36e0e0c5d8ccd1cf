/* An invoice beside the document that it was read from. */
#include "abi/document.h"
#include "abi/invoice.h"
#include "abi/options.h"

#include <string.h>

static const char *const call = "document_write";

/* Pictures of pages, as far as they fit into the bytes that are allowed. */
typedef struct album {
    dx_reader *reader;
    const doxin_document *document;
    dx_present_picture *pictures;
    dx_message *messages; /* what the pictures borrow from */
    size_t count;
    int dpi;
    size_t bytes_left;
} album;

/* An error of the call ends it; one of a page stands in its place. */
static bool ends_call(doxin_status status)
{
    return status == DOXIN_E_NOMEM || status == DOXIN_E_CANCELED || status == DOXIN_E_TIMEOUT ||
           status == DOXIN_E_PARSER_MISSING;
}

static doxin_status without_picture(dx_ctx *ctx, dx_present_picture *picture, const char *problem)
{
    picture->problem = dx_text(ctx, problem);
    return picture->problem ? DOXIN_OK : DOXIN_E_NOMEM;
}

static doxin_status take_picture(dx_ctx *ctx, album *all, int page)
{
    dx_render_options how = {.page = page, .dpi = all->dpi, .small = true};
    dx_present_picture *picture = &all->pictures[all->count];
    dx_message *message = &all->messages[all->count++];
    *picture = (dx_present_picture){.page = page};
    if (all->bytes_left == 0)
        return without_picture(ctx, picture, "the pictures before have used picture_bytes up");
    dx_error before = ctx->error;
    doxin_status status = dx_document_render(ctx, all->reader, all->document, &how, message);
    if (ends_call(status))
        return status;
    if (status != DOXIN_OK) {
        status = without_picture(ctx, picture, ctx->error.message);
        ctx->error = before;
        return status;
    }
    if (message->size > all->bytes_left) {
        dx_message_free(message);
        all->bytes_left = 0;
        return without_picture(ctx, picture, "its picture would pass picture_bytes");
    }
    all->bytes_left -= message->size;
    picture->data = message->data;
    picture->size = message->size;
    return DOXIN_OK;
}

static doxin_status take_pictures(dx_ctx *ctx, album *all, const dx_invoice *invoice, size_t most)
{
    size_t total = all->document->pages->total_pages;
    most = most < total ? most : total;
    int *pages = dx_array(ctx, most + 1, sizeof *pages);
    all->pictures = dx_array(ctx, most + 1, sizeof *all->pictures);
    all->messages = dx_array(ctx, most + 1, sizeof *all->messages);
    if (!pages || !all->pictures || !all->messages)
        return DOXIN_E_NOMEM;
    size_t count = dx_present_pages(invoice, total, most, pages);
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; i < count && status == DOXIN_OK; i++)
        status = take_picture(ctx, all, pages[i]);
    return status;
}

static doxin_status write_with_pages(dx_ctx *ctx, doxin_session *session, const doxin_document *document,
                                     const dx_invoice *invoice, const doxin_options *opts, doxin_bytes **out)
{
    dx_present_options options = dx_invoice_form_options(call, opts);
    album all = {.document = document,
                 .dpi = (int)dx_options_integer(call, opts, "dpi"),
                 .bytes_left = (size_t)dx_options_integer(call, opts, "picture_bytes")};
    size_t most = (size_t)dx_options_integer(call, opts, "pictures");
    doxin_status status = most > 0 ? dx_engine_reader(session->engine, ctx, &all.reader) : DOXIN_OK;
    if (status == DOXIN_OK && most > 0)
        status = take_pictures(ctx, &all, invoice, most);
    options.pictures = all.pictures;
    options.picture_count = all.count;
    if (status == DOXIN_OK)
        status = dx_invoice_form(ctx, invoice, "html", &options, out);
    for (size_t i = 0; i < all.count; i++)
        dx_message_free(&all.messages[i]);
    return status;
}

doxin_status doxin_document_write(doxin_session *session, doxin_document *document, const char *invoice_json,
                                  const char *format, const doxin_options *opts, doxin_bytes **out)
{
    if (!out)
        return DOXIN_E_INVALID;
    *out = NULL;
    dx_ctx *ctx;
    doxin_status status = document ? dx_session_enter(session, &ctx) : DOXIN_E_INVALID;
    if (status != DOXIN_OK)
        return status;
    dx_invoice *invoice = NULL;
    status = dx_options_check(ctx, call, opts);
    if (status == DOXIN_OK)
        status = dx_invoice_parse(ctx, invoice_json, &invoice);
    if (status == DOXIN_OK && format && strcmp(format, "html") == 0) {
        status = write_with_pages(ctx, session, document, invoice, opts, out);
    } else if (status == DOXIN_OK) {
        dx_present_options options = dx_invoice_form_options(call, opts);
        status = dx_invoice_form(ctx, invoice, format, &options, out);
    }
    return dx_session_leave(session, status);
}
