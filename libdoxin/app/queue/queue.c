#include "app/queue/queue.h"

#include "app/queue/tell.h"

#include <stdio.h>
#include <string.h>

doxin_status dx_queue_put(dx_tx *tx, dx_ctx *ctx, const dx_job_order *order, char out_id[DX_UUID_TEXT])
{
    /* Rows that a statement inserts are not there for the others in it: so the id is made here. */
    char priority[16];
    if (!dx_uuid_v7(out_id))
        return dx_fail(ctx, DOXIN_E_UNAVAILABLE, "the system gives no random bytes");
    snprintf(priority, sizeof priority, "%d", order->priority);
    doxin_status status = dx_tx_exec(
        tx, ctx,
        "INSERT INTO processing_jobs (id, user_id, job_type, file_storage_id, invoice_id, parameters, "
        "priority, auto_save, cleanup, current_stage, traceparent, request_id) VALUES ($1, $2, $3, $4, $5, "
        "coalesce($6, '{}')::jsonb, $7::smallint, $8::boolean, $9::boolean, 'queued', left($10, 64), "
        "left($11, 128))",
        DX_PARAMS(out_id, order->user_id, order->type, order->file_id, order->invoice_id, order->parameters, priority,
                  order->auto_save ? "t" : "f", order->cleanup ? "t" : "f", ctx->traceparent, ctx->request_id),
        NULL);
    if (status == DOXIN_OK)
        status = dx_tx_exec(tx, ctx,
                            "INSERT INTO job_events (job_id, type, stage, progress) VALUES ($1, 'queued', 'queued', 0)",
                            DX_PARAMS(out_id), NULL);
    if (status == DOXIN_OK)
        status = dx_tx_exec(tx, ctx, DX_TELL_JOBS("processing_jobs") " AND j.id = $1", DX_PARAMS(out_id), NULL);
    return status;
}

static const char cancel_job[] =
    "WITH asked AS (UPDATE processing_jobs SET cancel_requested_at = coalesce(cancel_requested_at, now()), "
    "status = CASE status WHEN 'pending' THEN 'cancelled'::job_status ELSE status END, "
    "completed_at = CASE status WHEN 'pending' THEN now() END "
    "WHERE id = $1 AND status IN ('pending', 'running') RETURNING *), "
    "noted AS (INSERT INTO job_events (job_id, attempt, type) SELECT id, attempts, "
    "CASE status WHEN 'cancelled' THEN 'cancelled' ELSE 'cancel' END FROM asked), "
    "told AS (" DX_TELL_JOBS("asked") ") SELECT status FROM asked";

doxin_status dx_queue_cancel(dx_tx *tx, dx_ctx *ctx, const char *job_id, const char **out_status)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_tx_exec(tx, ctx, cancel_job, DX_PARAMS(job_id), &rows);
    if (status != DOXIN_OK)
        return status;
    *out_status = dx_rows_text(rows, 0, 0);
    if (*out_status)
        return DOXIN_OK;
    status = dx_tx_exec(tx, ctx, "SELECT status FROM processing_jobs WHERE id = $1", DX_PARAMS(job_id), &rows);
    if (status != DOXIN_OK)
        return status;
    if (dx_rows_count(rows) == 0)
        return dx_fail(ctx, DOXIN_E_NOT_FOUND, "there is no such job");
    return dx_fail(ctx, DOXIN_E_CONFLICT, "the job has ended: it is %s", dx_rows_text(rows, 0, 0));
}
