#include "doxin/extract.h"

#include "abi/document.h"
#include "abi/invoice.h"
#include "abi/learn.h"
#include "abi/options.h"
#include "abi/session.h"
#include "abi/task.h"
#include "app/reading/reading.h"
#include "base/rt/alloc.h"
#include "base/rt/json_write.h"

#include <string.h>

static dx_reading_options options_of(doxin_session *session, const char *call, const doxin_options *opts,
                                     dx_correction_source *source)
{
    return (dx_reading_options){
        .codes = strcmp(call, "extract") == 0 ? dx_options_choice(call, opts, "codes") : DX_CODES_AUTO,
        .compare_page = dx_options_bool(call, opts, "compare_page"),
        .embedded_xml = dx_options_bool(call, opts, "embedded_xml"),
        .ocr = dx_options_choice(call, opts, "ocr"),
        .languages = dx_document_languages(session, call, opts),
        .max_pages = dx_document_max_pages(session, call, opts),
        .review_threshold = dx_review_threshold(session, call, opts),
        .document = (size_t)dx_options_integer(call, opts, "document") - 1,
        .xml = dx_engine_xml_limits(session->engine),
        .own_names = dx_profile_own_names(session->profile),
        .corrections = dx_session_corrections(session, call, opts, source),
    };
}

/* The stage that is asked for instead of the invoice, or NULL. */
static const char *stage_of(const char *call, const doxin_options *opts)
{
    const char *stage = dx_options_text(call, opts, "explain");
    return stage && strcmp(stage, "none") != 0 ? stage : NULL;
}

/* Exactly one of pages and data is there. */
static doxin_status explain(dx_ctx *ctx, dx_reader *reader, const dx_pages *pages, const void *data, size_t data_len,
                            const dx_reading_options *options, const char *stage, char **out_json)
{
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    doxin_status status = pages ? dx_reading_explain_pages(ctx, pages, options, stage, &writer)
                                : dx_reading_explain(ctx, reader, data, data_len, options, stage, &writer);
    if (status == DOXIN_OK) {
        *out_json = dx_buffer_take(&buffer, NULL);
        status = *out_json ? DOXIN_OK : dx_nomem(ctx);
    }
    dx_buffer_free(&buffer);
    return status;
}

/* Inside a call that has begun. */
static doxin_status extract(dx_ctx *ctx, doxin_session *session, const void *data, size_t data_len,
                            const doxin_options *opts, dx_progress_fn progress, void *progress_data, char **out_json)
{
    static const char *const call = "extract";
    dx_reader *reader = NULL;
    dx_invoice *invoice = NULL;
    doxin_status status = dx_options_check(ctx, call, opts);
    if (status == DOXIN_OK)
        status = dx_document_size_check(ctx, session, call, opts, data, data_len);
    if (status == DOXIN_OK)
        status = dx_engine_reader(session->engine, ctx, &reader);
    if (status != DOXIN_OK)
        return status;
    dx_correction_source source;
    dx_reading_options options = options_of(session, call, opts, &source);
    if (stage_of(call, opts))
        return explain(ctx, reader, NULL, data, data_len, &options, stage_of(call, opts), out_json);
    status = dx_reading_invoice(ctx, reader, data, data_len, &options, progress, progress_data, &invoice);
    return status == DOXIN_OK ? dx_invoice_text(ctx, invoice, out_json) : status;
}

doxin_status doxin_extract(doxin_session *session, const void *data, size_t data_len, const doxin_options *opts,
                           char **out_json)
{
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    dx_ctx *ctx;
    doxin_status status = dx_session_enter(session, &ctx);
    if (status != DOXIN_OK)
        return status;
    status = extract(ctx, session, data, data_len, opts, NULL, NULL, out_json);
    return dx_session_leave(session, status);
}

doxin_status doxin_extract_document(doxin_session *session, doxin_document *document, const doxin_options *opts,
                                    char **out_json)
{
    static const char *const call = "extract_document";
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    dx_ctx *ctx;
    doxin_status status = document ? dx_session_enter(session, &ctx) : DOXIN_E_INVALID;
    if (status != DOXIN_OK)
        return status;
    dx_invoice *invoice = NULL;
    status = dx_options_check(ctx, call, opts);
    if (status == DOXIN_OK) {
        dx_correction_source source;
        dx_reading_options options = options_of(session, call, opts, &source);
        status = stage_of(call, opts)
                     ? explain(ctx, NULL, document->pages, NULL, 0, &options, stage_of(call, opts), out_json)
                     : dx_reading_pages(ctx, document->pages, &options, &invoice);
    }
    if (status == DOXIN_OK && invoice)
        status = dx_invoice_text(ctx, invoice, out_json);
    return dx_session_leave(session, status);
}

/* ---- in the background ------------------------------------------------------------------------------------------------ */

typedef struct background {
    doxin_session *session; /* the task's own, freed by the task */
    char *data;
    size_t size;
    doxin_options *opts;
} background;

static void background_free(void *data)
{
    background *work = data;
    dx_free(work->data);
    doxin_options_free(work->opts);
    dx_free(work);
}

/* A stage for which there is no memory is not told of: the result does not depend on it. */
static void emit_progress(void *data, const char *stage, int percent)
{
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_write_object(&writer, NULL);
    dx_write_string(&writer, "type", "progress");
    dx_write_string(&writer, "stage", stage);
    dx_write_integer(&writer, "percent", percent);
    dx_write_object_end(&writer);
    (void)dx_task_emit(data, dx_buffer_take(&buffer, NULL));
}

static doxin_status run(doxin_task *task, dx_ctx *ctx, void *data)
{
    background *work = data;
    char *json = NULL;
    doxin_status status = extract(ctx, work->session, work->data, work->size, work->opts, emit_progress, task, &json);
    if (status != DOXIN_OK)
        return status;
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_write_object(&writer, NULL);
    dx_write_string(&writer, "type", "result");
    dx_write_raw(&writer, "invoice", json);
    dx_write_object_end(&writer);
    dx_free(json);
    status = dx_task_emit(task, dx_buffer_take(&buffer, NULL));
    return status == DOXIN_OK ? DOXIN_OK : dx_fail(ctx, status, "%s", dx_error_info_of(status)->text);
}

static doxin_status prepare(dx_ctx *ctx, doxin_session *session, const void *data, size_t data_len,
                            const doxin_options *opts, background **out)
{
    background *work = dx_calloc(1, sizeof *work);
    if (!work)
        return dx_nomem(ctx);
    work->data = dx_strndup(data, data_len);
    work->size = data_len;
    doxin_status status = work->data && dx_options_copy(opts, &work->opts) ? DOXIN_OK : dx_nomem(ctx);
    if (status == DOXIN_OK)
        status = dx_session_fork(session, ctx, &work->session);
    if (status == DOXIN_OK)
        *out = work;
    else
        background_free(work);
    return status;
}

doxin_status doxin_extract_start(doxin_session *session, const void *data, size_t data_len, const doxin_options *opts,
                                 doxin_task **out)
{
    if (!out)
        return DOXIN_E_INVALID;
    *out = NULL;
    dx_ctx *ctx;
    doxin_status status = dx_session_enter(session, &ctx);
    if (status != DOXIN_OK)
        return status;
    background *work = NULL;
    status = dx_options_check(ctx, "extract", opts);
    if (status == DOXIN_OK)
        status = dx_document_size_check(ctx, session, "extract", opts, data, data_len);
    if (status == DOXIN_OK)
        status = prepare(ctx, session, data, data_len, opts, &work);
    if (status == DOXIN_OK)
        status = dx_task_start(session->engine, work->session, run, work, background_free, out);
    return dx_session_leave(session, status);
}
