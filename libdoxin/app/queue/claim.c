/* Taking jobs, keeping them, giving them back. All of it with the worker's identity. */
#include "app/queue/job.h"
#include "app/queue/tell.h"
#include "base/rt/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The users who wait are found by skipping through the index; one row is locked, that of the user whose turn it is. */
static const char claim_job[] =
    "WITH RECURSIVE waiting (user_id) AS ("
    "(SELECT user_id FROM processing_jobs WHERE status = 'pending' ORDER BY user_id LIMIT 1) UNION ALL "
    "SELECT (SELECT j.user_id FROM processing_jobs AS j WHERE j.status = 'pending' AND j.user_id > w.user_id "
    "ORDER BY j.user_id LIMIT 1) FROM waiting AS w WHERE w.user_id IS NOT NULL), "
    "turn AS (SELECT w.user_id, top.priority FROM waiting AS w CROSS JOIN LATERAL ("
    "SELECT j.priority, j.run_at FROM processing_jobs AS j WHERE j.user_id = w.user_id AND j.status = 'pending' "
    "AND j.run_at <= now() ORDER BY j.priority DESC, j.run_at LIMIT 1) AS top "
    "ORDER BY top.priority DESC, (SELECT count(*) FROM processing_jobs AS r WHERE r.status = 'running' "
    "AND r.user_id = w.user_id), coalesce(array_position($3::uuid[], w.user_id), 0), top.run_at), "
    "taken AS (UPDATE processing_jobs SET status = 'running', attempts = attempts + 1, fence = fence + 1, "
    "lease_owner = left($1, 200), lease_until = now() + make_interval(secs => $2::double precision / 1000), "
    "heartbeat_at = now(), started_at = coalesce(started_at, now()), current_stage = 'started', error_code = NULL, "
    "error_message = NULL WHERE id = (SELECT pick.id FROM turn CROSS JOIN LATERAL (SELECT j.id FROM processing_jobs AS "
    "j "
    "WHERE j.user_id = turn.user_id AND j.status = 'pending' AND j.run_at <= now() AND j.priority = turn.priority "
    "ORDER BY j.run_at, j.id LIMIT 1 FOR UPDATE SKIP LOCKED) AS pick LIMIT 1) RETURNING *), "
    "noted AS (INSERT INTO job_events (job_id, attempt, type, stage, progress) "
    "SELECT id, attempts, 'claimed', 'started', progress FROM taken), told AS (" DX_TELL_JOBS(
        "taken") ") "
                 "SELECT id, user_id, file_storage_id, invoice_id, job_type, fence, attempts, max_attempts, auto_save, "
                 "cleanup, "
                 "cancel_requested_at IS NOT NULL, traceparent, parameters FROM taken";

static dx_ctx as_worker(const dx_ctx *ctx)
{
    dx_ctx worker = *ctx;
    worker.user_id = worker.session_id = NULL;
    worker.purpose = "worker";
    return worker;
}

static doxin_status exec(dx_app *app, dx_ctx *ctx, const char *sql, int count, const char *const *params, dx_rows **out)
{
    dx_ctx worker = as_worker(ctx);
    doxin_status status = dx_db_exec(app->db, &worker, DX_LOGIN_APPLICATION, sql, count, params, out);
    ctx->error = worker.error;
    return status;
}

static void keep(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text ? text : "");
}

static doxin_status fill(dx_app *app, dx_ctx *ctx, const dx_rows *rows, dx_job *job)
{
    memset(job, 0, sizeof *job);
    job->app = app;
    keep(job->id, sizeof job->id, dx_rows_text(rows, 0, 0));
    keep(job->user_id, sizeof job->user_id, dx_rows_text(rows, 0, 1));
    keep(job->file_id, sizeof job->file_id, dx_rows_text(rows, 0, 2));
    keep(job->invoice_id, sizeof job->invoice_id, dx_rows_text(rows, 0, 3));
    keep(job->type, sizeof job->type, dx_rows_text(rows, 0, 4));
    keep(job->fence, sizeof job->fence, dx_rows_text(rows, 0, 5));
    job->attempt = (int)dx_rows_integer(rows, 0, 6, 1);
    job->max_attempts = (int)dx_rows_integer(rows, 0, 7, 1);
    job->auto_save = dx_rows_bool(rows, 0, 8, true);
    job->cleanup = dx_rows_bool(rows, 0, 9, false);
    job->cancel_requested = dx_rows_bool(rows, 0, 10, false);
    keep(job->traceparent, sizeof job->traceparent, dx_rows_text(rows, 0, 11));
    job->handler = dx_job_handler_find(job->type);
    return dx_json_parse(ctx, dx_rows_text(rows, 0, 12), dx_rows_length(rows, 0, 12), &job->parameters);
}

doxin_status dx_job_claim(dx_app *app, dx_ctx *ctx, const char *owner, int lease_ms, const char *recent, dx_job *out,
                          bool *out_found)
{
    char lease[DX_LEASE_TEXT];
    dx_rows *rows = NULL;
    snprintf(lease, sizeof lease, "%d", lease_ms);
    *out_found = false;
    doxin_status status = exec(app, ctx, claim_job, DX_PARAMS(owner, lease, recent), &rows);
    if (status != DOXIN_OK || dx_rows_count(rows) == 0)
        return status;
    /* With what cannot be filled in the row stays as it is, until its lease expires. */
    status = fill(app, ctx, rows, out);
    *out_found = status == DOXIN_OK;
    return status;
}

doxin_status dx_job_beat(dx_app *app, dx_ctx *ctx, const char *ids, const char *fences, int lease_ms, dx_rows **out)
{
    char lease[DX_LEASE_TEXT];
    snprintf(lease, sizeof lease, "%d", lease_ms);
    return exec(app, ctx,
                "UPDATE processing_jobs AS j SET heartbeat_at = now(), "
                "lease_until = now() + make_interval(secs => $3::double precision / 1000) "
                "FROM unnest($1::uuid[], $2::bigint[]) AS h (id, fence) "
                "WHERE j.id = h.id AND j.fence = h.fence AND j.status = 'running' "
                "RETURNING j.id, j.fence, j.cancel_requested_at IS NOT NULL",
                DX_PARAMS(ids, fences, lease), out);
}

/* ---- expired leases --------------------------------------------------------------------------------------------------------- */

static const char give_back_expired[] =
    "WITH back AS (UPDATE processing_jobs SET status = 'pending', lease_owner = NULL, lease_until = NULL, run_at = "
    "now(), "
    "current_stage = 'queued' WHERE id IN (SELECT id FROM processing_jobs WHERE status = 'running' "
    "AND lease_until < now() AND attempts < max_attempts AND cancel_requested_at IS NULL ORDER BY lease_until LIMIT "
    "100 "
    "FOR UPDATE SKIP LOCKED) RETURNING *), "
    "noted AS (INSERT INTO job_events (job_id, attempt, type, message) SELECT id, attempts, 'lost', "
    "'the worker was not heard of; the job waits again' FROM back), told AS (" DX_TELL_JOBS(
        "back") ") "
                "SELECT count(*) FROM back";

static const char find_used_up[] =
    "SELECT id, user_id, file_storage_id, invoice_id, job_type, fence, attempts, max_attempts, auto_save, cleanup, "
    "cancel_requested_at IS NOT NULL, traceparent, parameters FROM processing_jobs WHERE id = (SELECT id FROM "
    "processing_jobs WHERE status = 'running' AND lease_until < now() AND (attempts >= max_attempts OR "
    "cancel_requested_at IS NOT NULL) ORDER BY lease_until LIMIT 1)";

/* One job whose lease is over for the last time. */
static doxin_status end_used_up(dx_app *app, dx_ctx *ctx, const dx_rows *rows)
{
    dx_job job;
    dx_error error;
    doxin_status status = fill(app, ctx, rows, &job);
    if (status != DOXIN_OK)
        return status;
    dx_error_clear(&error);
    if (job.cancel_requested)
        dx_error_set(&error, DOXIN_E_CANCELED, "the job was cancelled");
    else
        dx_error_set(&error, DOXIN_E_LEASE_LOST, "the worker was not heard of, %d times", job.attempt);
    status = dx_job_end(&job, ctx, job.cancel_requested ? "cancelled" : "failed", !job.cancel_requested, &error);
    dx_job_clear(&job);
    return status;
}

doxin_status dx_job_reap(dx_app *app, dx_ctx *ctx, int64_t *out_count)
{
    dx_rows *rows = NULL;
    doxin_status status = exec(app, ctx, give_back_expired, DX_NO_PARAMS, &rows);
    *out_count = dx_rows_integer(rows, 0, 0, 0);
    for (int i = 0; status == DOXIN_OK && i < 100; i++) {
        status = exec(app, ctx, find_used_up, DX_NO_PARAMS, &rows);
        if (status != DOXIN_OK || dx_rows_count(rows) == 0)
            break;
        status = end_used_up(app, ctx, rows);
        /* Another worker was faster, or the lease was renewed after all. */
        if (status == DOXIN_E_LEASE_LOST)
            return DOXIN_OK;
        ++*out_count;
    }
    return status;
}
