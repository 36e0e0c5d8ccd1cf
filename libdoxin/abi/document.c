#include "abi/document.h"

#include "abi/bytes.h"
#include "abi/options.h"
#include "app/reading/reading.h"
#include "base/rt/alloc.h"
#include "base/rt/json_write.h"

#include <string.h>

enum { DOCUMENT_ARENA_MAX = 512 << 20 };

/* The smaller of the call's and the engine's limit; 0 in the call stands for the engine's. */
static int64_t limit_of(const doxin_session *session, const char *call, const doxin_options *opts, const char *key)
{
    int64_t ours = dx_options_integer("engine_open", session->engine->options, key);
    int64_t asked = dx_options_integer(call, opts, key);
    return asked > 0 && asked < ours ? asked : ours;
}

doxin_status dx_document_size_check(dx_ctx *ctx, const doxin_session *session, const char *call,
                                    const doxin_options *opts, const void *data, size_t data_len)
{
    int64_t max_bytes = limit_of(session, call, opts, "max_bytes");
    if (!data || data_len == 0)
        return dx_fail(ctx, DOXIN_E_EMPTY_DOCUMENT, "the document is empty");
    if (data_len > (size_t)max_bytes)
        return dx_fail(ctx, DOXIN_E_LIMIT, "the document has %zu bytes, at most %lld are allowed (max_bytes)", data_len,
                       (long long)max_bytes);
    return DOXIN_OK;
}

int dx_document_max_pages(const doxin_session *session, const char *call, const doxin_options *opts)
{
    return (int)limit_of(session, call, opts, "max_pages");
}

const char *dx_document_languages(const doxin_session *session, const char *call, const doxin_options *opts)
{
    const char *languages = dx_options_text(call, opts, "languages");
    return languages ? languages : dx_profile_languages(session->profile);
}

enum { PARTS_ALL, PARTS_WORDS };

static doxin_status fill(dx_ctx *ctx, doxin_session *session, const doxin_options *opts, doxin_document *document)
{
    static const char *const call = "document_open";
    dx_reader *reader = NULL;
    dx_reading_options reading = {
        .ocr = dx_options_choice(call, opts, "ocr"),
        .languages = dx_document_languages(session, call, opts),
        .max_pages = dx_document_max_pages(session, call, opts),
    };
    /* Both need a rendering of each page. */
    if (dx_options_choice(call, opts, "parts") == PARTS_ALL) {
        reading.rules = true;
        reading.codes = DX_CODES_ALWAYS;
    }
    doxin_status status = dx_engine_reader(session->engine, ctx, &reader);
    if (status != DOXIN_OK)
        return status;
    /* The pages live as long as the document, so they come from its own arena. */
    dx_ctx inner = *ctx;
    inner.arena = document->arena;
    status =
        dx_reading_open(&inner, reader, document->data, document->size, &reading, &document->message, &document->pages);
    ctx->error = inner.error;
    return status;
}

doxin_status doxin_document_open(doxin_session *session, const void *data, size_t data_len, const doxin_options *opts,
                                 doxin_document **out)
{
    if (!out)
        return DOXIN_E_INVALID;
    *out = NULL;
    dx_ctx *ctx;
    doxin_status status = dx_session_enter(session, &ctx);
    if (status != DOXIN_OK)
        return status;
    doxin_document *document = NULL;
    status = dx_options_check(ctx, "document_open", opts);
    if (status == DOXIN_OK)
        status = dx_document_size_check(ctx, session, "document_open", opts, data, data_len);
    if (status == DOXIN_OK && !(document = dx_calloc(1, sizeof *document)))
        status = dx_nomem(ctx);
    if (status == DOXIN_OK) {
        document->engine = session->engine;
        dx_engine_hold(document->engine);
        document->data = dx_strndup(data, data_len);
        document->size = data_len;
        document->arena = dx_arena_new(DOCUMENT_ARENA_MAX);
        status = document->data && document->arena ? fill(ctx, session, opts, document) : dx_nomem(ctx);
    }
    if (status == DOXIN_OK)
        *out = document;
    else
        doxin_document_free(document);
    return dx_session_leave(session, status);
}

doxin_status doxin_document_json(doxin_session *session, doxin_document *document, char **out_json)
{
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    dx_ctx *ctx;
    doxin_status status = document ? dx_session_enter(session, &ctx) : DOXIN_E_INVALID;
    if (status != DOXIN_OK)
        return status;
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_pages_write(document->pages, &writer);
    *out_json = dx_buffer_take(&buffer, NULL);
    return dx_session_leave(session, *out_json ? DOXIN_OK : dx_nomem(ctx));
}

doxin_status dx_document_render(dx_ctx *ctx, dx_reader *reader, const doxin_document *document,
                                const dx_render_options *options, dx_message *out)
{
    dx_render_options turned = *options;
    for (size_t i = 0; i < document->pages->page_count; i++)
        if (document->pages->pages[i].number == options->page)
            turned.turn = document->pages->pages[i].turn;
    return dx_reader_render(reader, ctx, document->data, document->size, &turned, out);
}

doxin_status doxin_document_page(doxin_session *session, doxin_document *document, int32_t page,
                                 const doxin_options *opts, doxin_bytes **out)
{
    static const char *const call = "document_page";
    if (!out)
        return DOXIN_E_INVALID;
    *out = NULL;
    dx_ctx *ctx;
    doxin_status status = document ? dx_session_enter(session, &ctx) : DOXIN_E_INVALID;
    if (status != DOXIN_OK)
        return status;
    dx_reader *reader = NULL;
    dx_message picture = {0};
    status = dx_options_check(ctx, call, opts);
    if (status == DOXIN_OK && (page < 1 || (size_t)page > document->pages->total_pages))
        status = dx_fail(ctx, DOXIN_E_NOT_FOUND, "the document has %zu pages and none of number %d",
                         document->pages->total_pages, (int)page);
    if (status == DOXIN_OK)
        status = dx_engine_reader(session->engine, ctx, &reader);
    if (status == DOXIN_OK)
        status = dx_document_render(
            ctx, reader, document,
            &(dx_render_options){.page = page, .dpi = (int)dx_options_integer(call, opts, "dpi")}, &picture);
    if (status == DOXIN_OK) {
        *out = dx_bytes_copy(picture.data, picture.size);
        if (!*out)
            status = dx_nomem(ctx);
        dx_message_free(&picture);
    }
    return dx_session_leave(session, status);
}

doxin_status doxin_document_part(doxin_session *session, doxin_document *document, int32_t index, doxin_bytes **out)
{
    if (!out)
        return DOXIN_E_INVALID;
    *out = NULL;
    dx_ctx *ctx;
    doxin_status status = document ? dx_session_enter(session, &ctx) : DOXIN_E_INVALID;
    if (status != DOXIN_OK)
        return status;
    const dx_pages *pages = document->pages;
    if (index < 0 || (size_t)index >= pages->attachment_count)
        status = dx_fail(ctx, DOXIN_E_NOT_FOUND, "the document has %zu attachments", pages->attachment_count);
    if (status == DOXIN_OK) {
        *out = dx_bytes_copy(pages->attachments[index].data, pages->attachments[index].size);
        if (!*out)
            status = dx_nomem(ctx);
    }
    return dx_session_leave(session, status);
}

void doxin_document_free(doxin_document *document)
{
    if (!document)
        return;
    dx_message_free(&document->message);
    dx_arena_free(document->arena);
    dx_free(document->data);
    dx_engine_drop(document->engine);
    dx_free(document);
}
