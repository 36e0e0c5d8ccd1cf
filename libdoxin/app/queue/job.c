/* A claimed job: how far it is and how it ends. Every statement names the fence. */
#include "app/queue/job.h"

#include "app/queue/tell.h"
#include "base/crypto/random.h"
#include "base/rt/clock.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_DELAY_MS = 1000, MOST_DELAY_MS = 300000 };

/* ---- what it is ------------------------------------------------------------------------------------------------------------- */

dx_app *dx_job_app(const dx_job *job)
{
    return job->app;
}

const char *dx_job_id(const dx_job *job)
{
    return job->id;
}

const char *dx_job_user(const dx_job *job)
{
    return job->user_id;
}

const char *dx_job_file(const dx_job *job)
{
    return job->file_id[0] ? job->file_id : NULL;
}

const char *dx_job_invoice(const dx_job *job)
{
    return job->invoice_id[0] ? job->invoice_id : NULL;
}

const dx_json *dx_job_parameter(const dx_job *job, const char *name)
{
    return dx_json_get(job->parameters, name);
}

bool dx_job_auto_save(const dx_job *job)
{
    return job->auto_save;
}

bool dx_job_cleanup(const dx_job *job)
{
    return job->cleanup;
}

const dx_job_handler *dx_job_handler_find(const char *type)
{
    for (const dx_module *const *module = dx_modules; *module; module++)
        for (size_t i = 0; i < (*module)->job_count; i++)
            if (strcmp((*module)->jobs[i].type, type) == 0)
                return &(*module)->jobs[i];
    return NULL;
}

void dx_job_clear(dx_job *job)
{
    dx_json_free(job->parameters);
    job->parameters = NULL;
}

/* ---- while it runs ---------------------------------------------------------------------------------------------------------- */

static doxin_status lost(dx_ctx *ctx)
{
    return dx_fail(ctx, DOXIN_E_LEASE_LOST, "the lease of the job was lost to another worker");
}

void dx_job_alive(dx_job *job, int budget_ms)
{
    atomic_store(&job->alive_until_ns, dx_clock_ns() + (int64_t)budget_ms * 1000000);
}

static const char set_stage[] =
    "WITH moved AS (UPDATE processing_jobs SET current_stage = $3, progress = $4::integer "
    "WHERE id = $1 AND fence = $2::bigint AND status = 'running' RETURNING *), "
    "noted AS (INSERT INTO job_events (job_id, attempt, type, stage, progress) SELECT id, attempts, 'stage', "
    "current_stage, progress FROM moved), told AS (" DX_TELL_JOBS("moved") ") SELECT count(*) FROM moved";

doxin_status dx_job_stage(dx_job *job, dx_ctx *ctx, const char *stage, int progress)
{
    char text[16];
    dx_rows *rows = NULL;
    snprintf(text, sizeof text, "%d", progress);
    doxin_status status = dx_db_exec(job->app->db, ctx, DX_LOGIN_APPLICATION, set_stage,
                                     DX_PARAMS(job->id, job->fence, stage, text), &rows);
    if (status == DOXIN_OK && dx_rows_integer(rows, 0, 0, 0) == 0)
        status = lost(ctx);
    if (status == DOXIN_OK)
        dx_job_alive(job, job->sign_ms);
    return status;
}

doxin_status dx_job_hold(const dx_job *job, dx_tx *tx, dx_ctx *ctx)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_tx_exec(tx, ctx,
                                     "SELECT FROM processing_jobs WHERE id = $1 AND fence = $2::bigint AND "
                                     "status = 'running' FOR UPDATE",
                                     DX_PARAMS(job->id, job->fence), &rows);
    return status == DOXIN_OK && dx_rows_count(rows) == 0 ? lost(ctx) : status;
}

static const char complete_job[] =
    "WITH done AS (UPDATE processing_jobs SET status = 'completed', progress = 100, current_stage = 'completed', "
    "completed_at = now(), lease_owner = NULL, lease_until = NULL, result_data = $3::jsonb "
    "WHERE id = $1 AND fence = $2::bigint AND status = 'running' RETURNING *), "
    "noted AS (INSERT INTO job_events (job_id, attempt, type, stage, progress) SELECT id, attempts, 'completed', "
    "current_stage, progress FROM done), told AS (" DX_TELL_JOBS("done") ") SELECT count(*) FROM done";

doxin_status dx_job_complete(dx_job *job, dx_tx *tx, dx_ctx *ctx, const char *result)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_tx_exec(tx, ctx, complete_job, DX_PARAMS(job->id, job->fence, result), &rows);
    if (status == DOXIN_OK && dx_rows_integer(rows, 0, 0, 0) == 0)
        return lost(ctx);
    /* Of no effect should the commit fail: the handler then fails too. */
    job->completed = status == DOXIN_OK;
    return status;
}

/* ---- how it ends ------------------------------------------------------------------------------------------------------------ */

int dx_job_delay_ms(int attempt)
{
    int64_t most = FIRST_DELAY_MS;
    for (int i = 0; i < attempt && most < MOST_DELAY_MS; i++)
        most *= 2;
    return (int)dx_random_below((uint32_t)(most < MOST_DELAY_MS ? most : MOST_DELAY_MS) + 1);
}

static doxin_status as_worker(const dx_job *job, dx_ctx *ctx, const char *sql, int count, const char *const *params)
{
    dx_rows *rows = NULL;
    dx_ctx worker = *ctx;
    worker.user_id = worker.session_id = NULL;
    worker.purpose = "worker";
    doxin_status status = dx_db_exec(job->app->db, &worker, DX_LOGIN_APPLICATION, sql, count, params, &rows);
    ctx->error = worker.error;
    return status == DOXIN_OK && dx_rows_integer(rows, 0, 0, 0) == 0 ? lost(ctx) : status;
}

static const char return_job[] =
    "WITH back AS (UPDATE processing_jobs SET status = 'pending', attempts = attempts - 1, lease_owner = NULL, "
    "lease_until = NULL, current_stage = 'queued' WHERE id = $1 AND fence = $2::bigint AND status = 'running' "
    "RETURNING *), noted AS (INSERT INTO job_events (job_id, attempt, type, message) SELECT id, attempts, 'log', "
    "'the worker stops; the job waits for another' FROM back), told AS (" DX_TELL_JOBS(
        "back") ") "
                "SELECT count(*) FROM back";

doxin_status dx_job_return(const dx_job *job, dx_ctx *ctx)
{
    return as_worker(job, ctx, return_job, DX_PARAMS(job->id, job->fence));
}

static const char retry_job[] =
    "WITH back AS (UPDATE processing_jobs SET status = 'pending', lease_owner = NULL, lease_until = NULL, "
    "run_at = now() + make_interval(secs => $3::double precision / 1000), current_stage = 'queued', error_code = $4, "
    "error_message = $5 WHERE id = $1 AND fence = $2::bigint AND status = 'running' RETURNING *), "
    "noted AS (INSERT INTO job_events (job_id, attempt, type, message) SELECT id, attempts, 'retry', "
    "error_code || ': ' || error_message FROM back), told AS (" DX_TELL_JOBS("back") ") SELECT count(*) FROM back";

doxin_status dx_job_retry(const dx_job *job, dx_ctx *ctx, const dx_error *error)
{
    char delay[16];
    snprintf(delay, sizeof delay, "%d", dx_job_delay_ms(job->attempt));
    return as_worker(job, ctx, retry_job,
                     DX_PARAMS(job->id, job->fence, delay, dx_error_info_of(error->status)->name, error->message));
}

static const char end_job[] =
    "WITH done AS (UPDATE processing_jobs SET status = $3::text::job_status, completed_at = now(), lease_owner = NULL, "
    "lease_until = NULL, dead_at = CASE WHEN $4::boolean THEN now() END, error_code = $5, error_message = $6, "
    "current_stage = $3::text WHERE id = $1 AND fence = $2::bigint AND status = 'running' RETURNING *), "
    "noted AS (INSERT INTO job_events (job_id, attempt, type, message) SELECT id, attempts, "
    "CASE WHEN $4::boolean THEN 'dead' ELSE $3::text END, error_code || ': ' || error_message FROM done), "
    "told AS (" DX_TELL_JOBS("done") ") SELECT count(*) FROM done";

typedef struct ending {
    const dx_job *job;
    const char *status;
    bool dead;
    const dx_error *error;
} ending;

static doxin_status end_in(dx_tx *tx, dx_ctx *ctx, const ending *of)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_tx_exec(tx, ctx, end_job,
                                     DX_PARAMS(of->job->id, of->job->fence, of->status, of->dead ? "t" : "f",
                                               dx_error_info_of(of->error->status)->name, of->error->message),
                                     &rows);
    return status == DOXIN_OK && dx_rows_integer(rows, 0, 0, 0) == 0 ? lost(ctx) : status;
}

/* The other tables are the owner's, and so is this transaction. */
static doxin_status end_as_owner(dx_tx *tx, dx_ctx *ctx, void *data)
{
    const ending *of = data;
    doxin_status status = end_in(tx, ctx, of);
    if (status == DOXIN_OK && of->job->handler && of->job->handler->ended)
        status = of->job->handler->ended(of->job, tx, ctx, of->status, of->error);
    return status;
}

static doxin_status end_as_worker(dx_tx *tx, dx_ctx *ctx, void *data)
{
    return end_in(tx, ctx, data);
}

doxin_status dx_job_end(const dx_job *job, dx_ctx *ctx, const char *status, bool dead, const dx_error *error)
{
    ending of = {job, status, dead, error};
    dx_ctx as = *ctx;
    as.user_id = job->user_id;
    as.session_id = NULL;
    as.purpose = "user";
    doxin_status done = dx_db_transact(job->app->db, &as, DX_LOGIN_APPLICATION, DX_TX_PLAIN, end_as_owner, &of);
    /* A user who was removed sees no row of their own any more; the job ends all the same. */
    if (done == DOXIN_E_LEASE_LOST) {
        as.user_id = NULL;
        as.purpose = "worker";
        done = dx_db_transact(job->app->db, &as, DX_LOGIN_APPLICATION, DX_TX_PLAIN, end_as_worker, &of);
    }
    ctx->error = as.error;
    return done;
}
