#include "doxin/admin.h"

#include "abi/options.h"
#include "abi/session.h"
#include "abi/task.h"
#include "base/rt/alloc.h"
#include "base/rt/json_write.h"

#include <string.h>

doxin_status doxin_migrate(doxin_session *session, const char *direction, const doxin_options *opts, char **out_json)
{
    static const char *const call = "migrate";
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    dx_ctx *ctx;
    doxin_status status = dx_session_enter(session, &ctx);
    if (status != DOXIN_OK)
        return status;
    dx_app *app = NULL;
    dx_buffer report;
    dx_buffer_init(&report, 0);
    status = dx_options_check(ctx, call, opts);
    if (status == DOXIN_OK && !direction)
        status = dx_fail(ctx, DOXIN_E_INVALID, "the direction is up, down or status");
    if (status == DOXIN_OK)
        status = dx_engine_app(session->engine, ctx, &app);
    if (status == DOXIN_OK)
        status = dx_app_migrate(app, ctx, direction, (int)dx_options_integer(call, opts, "steps"),
                                dx_options_text(call, opts, "to"), &report);
    if (status == DOXIN_OK && !(*out_json = dx_buffer_take(&report, NULL)))
        status = dx_nomem(ctx);
    dx_buffer_free(&report);
    return dx_session_leave(session, status);
}

/* ---- the worker ------------------------------------------------------------------------------------------------------- */

typedef struct worker {
    int threads;
    int lease_ms;
    char *name;
} worker;

static void worker_free(void *data)
{
    worker *work = data;
    dx_free(work->name);
    dx_free(work);
}

static bool emit(void *data, char *json)
{
    return dx_task_emit(data, json) == DOXIN_OK;
}

static doxin_status run(doxin_task *task, dx_ctx *ctx, void *data)
{
    const worker *work = data;
    doxin_engine *engine = dx_task_engine(task);
    dx_app *app = NULL;
    dx_worker_options options = {.threads = work->threads, .lease_ms = work->lease_ms, .name = work->name};
    doxin_status status = dx_engine_app(engine, ctx, &app);
    if (status == DOXIN_OK)
        status = dx_worker_run(app, ctx, &options, emit, task);
    /* A worker ends well only when it was cancelled, and a cancelled task says so. */
    return status == DOXIN_OK ? dx_check(ctx) : status;
}

static doxin_status prepare(const doxin_options *opts, worker **out)
{
    static const char *const call = "worker_start";
    const char *name = dx_options_text(call, opts, "name");
    worker *work = dx_calloc(1, sizeof *work);
    if (!work)
        return DOXIN_E_NOMEM;
    work->threads = (int)dx_options_integer(call, opts, "threads");
    work->lease_ms = (int)dx_options_integer(call, opts, "lease_ms");
    work->name = dx_strdup(name);
    if (name && !work->name) {
        worker_free(work);
        return DOXIN_E_NOMEM;
    }
    *out = work;
    return DOXIN_OK;
}

/* The database is there and its schema is ours: said at once, not by the first job. */
static doxin_status check(doxin_session *session, const doxin_options *opts)
{
    dx_ctx *ctx;
    doxin_status status = dx_session_enter(session, &ctx);
    if (status != DOXIN_OK)
        return status;
    dx_app *app = NULL;
    status = dx_options_check(ctx, "worker_start", opts);
    if (status == DOXIN_OK)
        status = dx_engine_app(session->engine, ctx, &app);
    if (status == DOXIN_OK)
        status = dx_app_ready(app, ctx);
    return dx_session_leave(session, status);
}

/* Nobody's, with the right to see every job. */
static doxin_status open_worker_session(doxin_engine *engine, doxin_session **out)
{
    doxin_options *opts = NULL;
    doxin_status status = doxin_options_new(&opts);
    if (status == DOXIN_OK)
        status = doxin_options_set(opts, "purpose", "worker");
    if (status == DOXIN_OK)
        status = doxin_session_open(engine, opts, out);
    doxin_options_free(opts);
    return status;
}

doxin_status doxin_worker_start(doxin_engine *engine, const doxin_options *opts, doxin_task **out)
{
    if (!out)
        return DOXIN_E_INVALID;
    *out = NULL;
    doxin_session *session = NULL;
    worker *work = NULL;
    doxin_status status = open_worker_session(engine, &session);
    if (status == DOXIN_OK) {
        session->timeout_ms = 5000;
        status = check(session, opts);
        session->timeout_ms = 0;
        if (status != DOXIN_OK)
            dx_engine_keep_error(engine, &session->last);
    }
    if (status == DOXIN_OK)
        status = prepare(opts, &work);
    if (status == DOXIN_OK)
        return dx_task_start(engine, session, run, work, worker_free, out);
    doxin_session_free(session);
    return status;
}
