/* Putting extractions into the queue, and where they stand. */
#include "app/op/rows.h"
#include "app/records/internal.h"
#include "base/rt/alloc.h"

#include <string.h>

doxin_status dx_extraction_put(dx_tx *tx, dx_ctx *ctx, const char *file_id, const char *invoice_id,
                               const dx_json *parameters, char out_job[DX_UUID_TEXT])
{
    const char *priority = dx_json_get_string(parameters, "priority");
    if (dx_json_bool(dx_json_get(parameters, "use_model"), false))
        return dx_fail(ctx, DOXIN_E_OFF, "use_model: no model is configured; leave it out or say false");
    char *text = parameters ? dx_json_dump(parameters, false) : NULL;
    if (parameters && !text)
        return dx_nomem(ctx);
    dx_job_order order = {
        .type = DX_JOB_EXTRACT,
        .user_id = ctx->user_id,
        .file_id = file_id,
        .invoice_id = invoice_id,
        .parameters = text,
        .priority = priority && strcmp(priority, "batch") == 0 ? DX_PRIORITY_BATCH : DX_PRIORITY_USER,
        .auto_save = dx_json_bool(dx_json_get(parameters, "auto_save"), true),
        .cleanup = dx_json_bool(dx_json_get(parameters, "cleanup"), false),
    };
    doxin_status status = dx_queue_put(tx, ctx, &order, out_job);
    dx_free(text);
    return status;
}

/* ---- invoices.status ---------------------------------------------------------------------------------------------------------- */

/* The newest job of an invoice, or the job itself; an invoice that was stored only has none. */
static const char find_status[] =
    "SELECT j.status, j.progress, j.current_stage, j.id AS job_id, j.invoice_id, j.error_code, j.error_message "
    "FROM processing_jobs AS j WHERE j.id = $1 OR (j.invoice_id = $1 AND j.job_type = '" DX_JOB_EXTRACT
    "') ORDER BY j.id = $1 DESC, j.created_at DESC, j.id "
    "DESC "
    "LIMIT 1";

doxin_status dx_invoices_status(dx_call *call)
{
    const char *id = dx_call_text(call, "id");
    dx_rows *rows = NULL;
    doxin_status status = dx_tx_exec(call->tx, call->ctx, find_status, DX_PARAMS(id), &rows);
    bool has_job = dx_rows_count(rows) > 0;
    if (status == DOXIN_OK && !has_job)
        status = dx_tx_exec(call->tx, call->ctx,
                            "SELECT 'stored' AS status, 0 AS progress, NULL AS current_stage, NULL AS job_id, "
                            "id AS invoice_id, NULL AS error_code, NULL AS error_message FROM invoices WHERE id = $1",
                            DX_PARAMS(id), &rows);
    if (status != DOXIN_OK)
        return status;
    if (dx_rows_count(rows) == 0)
        return dx_fail(call->ctx, DOXIN_E_NOT_FOUND, "there is no such invoice or job");
    for (size_t column = 0; column < 5; column++)
        dx_row_write_column(call->answer, rows, 0, column, 0);
    if (!dx_rows_is_null(rows, 0, 5)) {
        dx_write_object(call->answer, "error");
        dx_write_string(call->answer, "code", dx_rows_text(rows, 0, 5));
        dx_write_string(call->answer, "message", dx_rows_text(rows, 0, 6));
        dx_write_object_end(call->answer);
    }
    return DOXIN_OK;
}

/* ---- invoices.process --------------------------------------------------------------------------------------------------------- */

static doxin_status find_invoice(dx_call *call, const char *id, dx_rows **out)
{
    doxin_status status =
        dx_tx_exec(call->tx, call->ctx,
                   "SELECT i.file_storage_id, i.uploaded_by_user_id, (SELECT j.id FROM processing_jobs AS j WHERE "
                   "j.invoice_id = i.id AND j.job_type = '" DX_JOB_EXTRACT
                   "' AND j.status IN ('pending', 'running') LIMIT 1), f.deleted_at IS NOT NULL "
                   "FROM invoices AS i LEFT JOIN file_storage AS f ON f.id = i.file_storage_id "
                   "WHERE i.id = $1 AND i.deleted_at IS NULL FOR UPDATE OF i",
                   DX_PARAMS(id), out);
    if (status != DOXIN_OK)
        return status;
    if (dx_rows_count(*out) == 0)
        return dx_fail(call->ctx, DOXIN_E_NOT_FOUND, "there is no such invoice");
    if (!dx_rows_is_null(*out, 0, 2))
        return dx_fail(call->ctx, DOXIN_E_CONFLICT, "the invoice is being processed by job %s",
                       dx_rows_text(*out, 0, 2));
    if (dx_rows_is_null(*out, 0, 0) || dx_rows_bool(*out, 0, 3, false))
        return dx_fail(call->ctx, DOXIN_E_CONFLICT, "the document of this invoice is not stored any more");
    return DOXIN_OK;
}

doxin_status dx_invoices_process(dx_call *call)
{
    const char *id = dx_call_text(call, "id");
    char *job_id = dx_new(call->ctx, DX_UUID_TEXT);
    dx_rows *rows = NULL;
    doxin_status status = job_id ? find_invoice(call, id, &rows) : DOXIN_E_NOMEM;
    if (status != DOXIN_OK)
        return status;
    const char *file_id = dx_rows_text(rows, 0, 0);
    /* The job is the owner's, whoever asked for it. */
    dx_ctx owner = *call->ctx;
    owner.user_id = call->owner = dx_rows_text(rows, 0, 1);
    status = dx_extraction_put(call->tx, &owner, file_id, id, dx_json_get(call->args, "parameters"), job_id);
    call->ctx->error = owner.error;
    if (status == DOXIN_OK)
        status = dx_tx_exec(call->tx, call->ctx, "UPDATE file_storage SET processing_status = 'queued' WHERE id = $1",
                            DX_PARAMS(file_id), NULL);
    if (status == DOXIN_OK)
        status = dx_call_audit(
            call, (dx_audit){.table = "invoices", .record_id = id, .action = "UPDATE", .reason = "extracted again"});
    if (status != DOXIN_OK)
        return status;
    dx_write_string(call->answer, "job_id", job_id);
    dx_write_string(call->answer, "status", "pending");
    const char *room = dx_textf(call->ctx, "job:%s", job_id);
    dx_write_string(call->answer, "websocket_room", room);
    dx_write_string(call->answer, "invoice_id", id);
    return room ? DOXIN_OK : DOXIN_E_NOMEM;
}
