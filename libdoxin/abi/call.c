#include "doxin/call.h"

#include "abi/bytes.h"
#include "abi/options.h"
#include "abi/session.h"
#include "abi/task.h"
#include "base/rt/alloc.h"
#include "base/rt/json_write.h"

#include <stdlib.h>
#include <string.h>

enum { READ_MAX = 8 << 20 };

doxin_status doxin_operations(doxin_engine *engine, char **out_json)
{
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    doxin_status status = dx_engine_usable(engine);
    if (status != DOXIN_OK)
        return status;
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_write_object(&writer, NULL);
    dx_write_string(&writer, "schema", "doxin.operations/1");
    dx_app_operations(&writer);
    dx_write_object_end(&writer);
    *out_json = dx_buffer_take(&buffer, NULL);
    return *out_json ? DOXIN_OK : DOXIN_E_NOMEM;
}

/* Inside a call that has begun. */
static doxin_status call_app(dx_ctx *ctx, doxin_session *session, const char *operation, const char *args_json,
                             char **out_json)
{
    dx_app *app = NULL;
    dx_buffer answer;
    dx_buffer_init(&answer, 0);
    doxin_status status = operation ? DOXIN_OK : dx_fail(ctx, DOXIN_E_INVALID, "no operation was named");
    if (status == DOXIN_OK)
        status = dx_engine_app(session->engine, ctx, &app);
    if (status == DOXIN_OK)
        status = dx_app_call(app, ctx, operation, args_json, &answer);
    if (status == DOXIN_OK) {
        *out_json = dx_buffer_take(&answer, NULL);
        if (!*out_json)
            status = dx_nomem(ctx);
    }
    dx_buffer_free(&answer);
    return status;
}

doxin_status doxin_call(doxin_session *session, const char *operation, const char *args_json, char **out_json)
{
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    dx_ctx *ctx;
    doxin_status status = dx_session_enter(session, &ctx);
    if (status != DOXIN_OK)
        return status;
    status = call_app(ctx, session, operation, args_json, out_json);
    if (operation && dx_app_operation_writes(operation))
        dx_engine_audit(session->engine, ctx, "call", operation, status);
    return dx_session_leave(session, status);
}

/* ---- in the background ------------------------------------------------------------------------------------------------ */

typedef struct background {
    doxin_session *session; /* the task's own, freed by the task */
    char *operation;
    char *args_json;
} background;

static void background_free(void *data)
{
    background *work = data;
    dx_free(work->operation);
    dx_free(work->args_json);
    dx_free(work);
}

/* What became of the last event, as a stream only knows that it was not taken. */
typedef struct outlet {
    doxin_task *task;
    doxin_status status;
} outlet;

static bool emit(void *data, char *json)
{
    outlet *to = data;
    to->status = dx_task_emit(to->task, json);
    return to->status == DOXIN_OK;
}

static doxin_status run(doxin_task *task, dx_ctx *ctx, void *data)
{
    background *work = data;
    dx_app *app = NULL;
    outlet to = {task, DOXIN_OK};
    doxin_status status = dx_engine_app(work->session->engine, ctx, &app);
    if (status == DOXIN_OK)
        status = dx_app_stream(app, ctx, work->operation, work->args_json, emit, &to);
    return to.status == DOXIN_E_NOMEM ? dx_nomem(ctx) : status;
}

doxin_status doxin_call_start(doxin_session *session, const char *operation, const char *args_json, doxin_task **out)
{
    if (!out)
        return DOXIN_E_INVALID;
    *out = NULL;
    dx_ctx *ctx;
    doxin_status status = dx_session_enter(session, &ctx);
    if (status != DOXIN_OK)
        return status;
    background *work = NULL;
    if (!operation)
        status = dx_fail(ctx, DOXIN_E_INVALID, "no operation was named");
    else if (!(work = dx_calloc(1, sizeof *work)))
        status = dx_nomem(ctx);
    if (status == DOXIN_OK) {
        work->operation = dx_strdup(operation);
        work->args_json = dx_strdup(args_json ? args_json : "{}");
        status = work->operation && work->args_json ? dx_session_fork(session, ctx, &work->session) : dx_nomem(ctx);
    }
    if (status == DOXIN_OK)
        status = dx_task_start(session->engine, work->session, run, work, background_free, out);
    else if (work)
        background_free(work);
    return dx_session_leave(session, status);
}

/* ---- uploads ---------------------------------------------------------------------------------------------------------- */

struct doxin_upload {
    doxin_session *session;
    dx_upload *inner;
};

static dx_upload_options upload_options(const doxin_options *opts)
{
    static const char *const call = "upload_open";
    return (dx_upload_options){
        .file_name = dx_options_text(call, opts, "file_name"),
        .mime_type = dx_options_text(call, opts, "mime_type"),
        .source = dx_options_text(call, opts, "source"),
        .parameters = dx_options_text(call, opts, "parameters"),
        .idempotency_key = dx_options_text(call, opts, "idempotency_key"),
        .process = dx_options_bool(call, opts, "process"),
    };
}

doxin_status doxin_upload_open(doxin_session *session, const doxin_options *opts, doxin_upload **out)
{
    if (!out)
        return DOXIN_E_INVALID;
    *out = NULL;
    dx_ctx *ctx;
    doxin_status status = dx_session_enter(session, &ctx);
    if (status != DOXIN_OK)
        return status;
    dx_app *app = NULL;
    doxin_upload *upload = NULL;
    status = dx_options_check(ctx, "upload_open", opts);
    if (status == DOXIN_OK)
        status = dx_engine_app(session->engine, ctx, &app);
    if (status == DOXIN_OK && !(upload = dx_calloc(1, sizeof *upload)))
        status = dx_nomem(ctx);
    if (status == DOXIN_OK) {
        dx_upload_options options = upload_options(opts);
        upload->session = session;
        status = dx_upload_open(app, ctx, &options, &upload->inner);
    }
    if (status == DOXIN_OK)
        *out = upload;
    else
        dx_free(upload);
    return dx_session_leave(session, status);
}

doxin_status doxin_upload_write(doxin_upload *upload, const void *data, size_t data_len)
{
    dx_ctx *ctx;
    doxin_status status = upload && (data || data_len == 0) ? dx_session_enter(upload->session, &ctx) : DOXIN_E_INVALID;
    if (status != DOXIN_OK)
        return status;
    return dx_session_leave(upload->session, dx_upload_write(upload->inner, ctx, data, data_len));
}

doxin_status doxin_upload_finish(doxin_upload *upload, char **out_json)
{
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    dx_ctx *ctx;
    doxin_status status = upload ? dx_session_enter(upload->session, &ctx) : DOXIN_E_INVALID;
    if (status != DOXIN_OK)
        return status;
    dx_buffer answer;
    dx_buffer_init(&answer, 0);
    status = dx_upload_finish(upload->inner, ctx, &answer);
    if (status == DOXIN_OK && !(*out_json = dx_buffer_take(&answer, NULL)))
        status = dx_nomem(ctx);
    dx_buffer_free(&answer);
    dx_engine_audit(upload->session->engine, ctx, "call", "invoices.upload", status);
    return dx_session_leave(upload->session, status);
}

void doxin_upload_free(doxin_upload *upload)
{
    if (!upload)
        return;
    dx_upload_free(upload->inner);
    dx_free(upload);
}

/* ---- files ------------------------------------------------------------------------------------------------------------ */

static bool read_offset(const char *text, int64_t *out)
{
    size_t digits = text ? strspn(text, "0123456789") : 0;
    if (digits == 0 || digits > 18 || text[digits] != '\0')
        return false;
    *out = strtoll(text, NULL, 10);
    return true;
}

doxin_status doxin_file_read(doxin_session *session, const char *file_id, const char *offset, uint32_t max_bytes,
                             doxin_bytes **out)
{
    if (!out)
        return DOXIN_E_INVALID;
    *out = NULL;
    dx_ctx *ctx;
    doxin_status status = dx_session_enter(session, &ctx);
    if (status != DOXIN_OK)
        return status;
    dx_app *app = NULL;
    dx_buffer bytes;
    int64_t from = 0;
    dx_buffer_init(&bytes, READ_MAX);
    if (!file_id || !read_offset(offset, &from) || max_bytes < 1 || max_bytes > READ_MAX)
        status = dx_fail(ctx, DOXIN_E_INVALID, "a file is read by id, offset in digits and 1 to %d bytes", READ_MAX);
    if (status == DOXIN_OK)
        status = dx_engine_app(session->engine, ctx, &app);
    if (status == DOXIN_OK)
        status = dx_file_read(app, ctx, file_id, from, max_bytes, &bytes);
    if (status == DOXIN_OK) {
        size_t size = 0;
        char *data = dx_buffer_take(&bytes, &size);
        *out = dx_bytes_take(data, size);
        if (!*out)
            status = dx_nomem(ctx);
    }
    dx_buffer_free(&bytes);
    return dx_session_leave(session, status);
}
