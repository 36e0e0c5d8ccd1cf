/* What users ask about their jobs. The row policies show everybody their own, and administrators all. */
#include "app/op/rows.h"
#include "app/queue/queue.h"

#include <stdio.h>
#include <string.h>

#define JOB_COLUMNS                                                                                                    \
    "j.id, j.job_type, j.status, j.progress, j.current_stage, j.invoice_id, j.file_storage_id, j.attempts, "           \
    "j.error_code, j.error_message, j.viewed_at, j.created_at, j.started_at, j.completed_at, j.result_data"

#define UUID "{\"type\":\"string\",\"format\":\"uuid\"}"
#define TEXT_OR_NULL "{\"type\":[\"string\",\"null\"]}"
#define JOB                                                                                                            \
    "{\"type\":\"object\",\"required\":[\"id\",\"job_type\",\"status\",\"progress\",\"created_at\"],\"properties\":{"  \
    "\"id\":" UUID ",\"job_type\":{\"type\":\"string\"},\"status\":{\"type\":\"string\",\"enum\":[\"pending\","        \
    "\"running\",\"completed\",\"failed\",\"cancelled\"]},\"progress\":{\"type\":\"integer\"},\"current_"              \
    "stage\":" TEXT_OR_NULL ",\"invoice_id\":" TEXT_OR_NULL ",\"file_storage_id\":" TEXT_OR_NULL                       \
    ",\"attempts\":{\"type\":\"integer\"},\"error_code\":" TEXT_OR_NULL ",\"error_message\":" TEXT_OR_NULL             \
    ",\"viewed_at\":" TEXT_OR_NULL                                                                                     \
    ",\"created_at\":{\"type\":\"string\",\"format\":\"date-time\"},\"started_at\":" TEXT_OR_NULL                      \
    ",\"completed_at\":" TEXT_OR_NULL ",\"result_data\":{\"type\":[\"object\",\"null\"]}}}"
#define BY_ID                                                                                                          \
    "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"id\"],\"properties\":{\"id\":" UUID "}}"

static doxin_status write_statistics(dx_call *call)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_tx_exec(call->tx, call->ctx,
                                     "SELECT count(*) FILTER (WHERE status = 'pending') AS pending, "
                                     "count(*) FILTER (WHERE status = 'running') AS running, "
                                     "count(*) FILTER (WHERE status = 'completed') AS completed, "
                                     "count(*) FILTER (WHERE status = 'failed') AS failed, "
                                     "count(*) FILTER (WHERE status = 'cancelled') AS cancelled, "
                                     "count(*) FILTER (WHERE status = 'completed' AND viewed_at IS NULL) AS unread "
                                     "FROM processing_jobs WHERE user_id = $1",
                                     DX_PARAMS(call->ctx->user_id), &rows);
    if (status != DOXIN_OK)
        return status;
    dx_write_object(call->answer, "statistics");
    dx_row_write(call->answer, rows, 0, 0);
    dx_write_object_end(call->answer);
    return DOXIN_OK;
}

static doxin_status list_jobs(dx_call *call)
{
    char limit[24], offset[24];
    dx_rows *rows = NULL;
    int64_t page = dx_json_integer(dx_json_get(call->args, "page"), 1);
    int64_t per_page = dx_json_integer(dx_json_get(call->args, "per_page"), 20);
    snprintf(limit, sizeof limit, "%lld", (long long)per_page);
    snprintf(offset, sizeof offset, "%lld", (long long)((page - 1) * per_page));
    doxin_status status = dx_tx_exec(call->tx, call->ctx,
                                     "SELECT " JOB_COLUMNS ", count(*) OVER () AS _total FROM processing_jobs AS j "
                                     "WHERE j.user_id = $1 AND ($2::text IS NULL OR j.status = $2::text::job_status) "
                                     "ORDER BY j.created_at DESC, j.id LIMIT $3::bigint OFFSET $4::bigint",
                                     DX_PARAMS(call->ctx->user_id, dx_call_text(call, "status"), limit, offset), &rows);
    if (status != DOXIN_OK)
        return status;
    int64_t total = dx_rows_integer(rows, 0, dx_rows_columns(rows) - 1, 0);
    if (dx_rows_count(rows) == 0 && page > 1) {
        dx_rows *count = NULL;
        status = dx_tx_exec(call->tx, call->ctx,
                            "SELECT count(*) FROM processing_jobs WHERE user_id = $1 AND ($2::text IS NULL OR "
                            "status = $2::text::job_status)",
                            DX_PARAMS(call->ctx->user_id, dx_call_text(call, "status")), &count);
        total = dx_rows_integer(count, 0, 0, 0);
    }
    dx_write_array(call->answer, "jobs");
    for (size_t i = 0; i < dx_rows_count(rows); i++) {
        dx_write_object(call->answer, NULL);
        dx_row_write(call->answer, rows, i, 0);
        dx_write_object_end(call->answer);
    }
    dx_write_array_end(call->answer);
    if (status == DOXIN_OK)
        status = write_statistics(call);
    dx_pagination_write(call->answer, page, per_page, total);
    return status;
}

static doxin_status write_file(dx_call *call, const char *file_id)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_tx_exec(call->tx, call->ctx,
                                     "SELECT id, file_name, file_size, mime_type, file_hash, created_at FROM "
                                     "file_storage WHERE id = $1",
                                     DX_PARAMS(file_id), &rows);
    if (status != DOXIN_OK)
        return status;
    if (dx_rows_count(rows) == 0) {
        dx_write_null(call->answer, "file_info");
        return DOXIN_OK;
    }
    dx_write_object(call->answer, "file_info");
    dx_row_write(call->answer, rows, 0, 0);
    dx_write_object_end(call->answer);
    return DOXIN_OK;
}

/* The specification has a list of texts; what they are made of stands beside it. */
static doxin_status write_logs(dx_call *call, const char *job_id)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_tx_exec(
        call->tx, call->ctx,
        "SELECT created_at, attempt, type, stage, progress, message, to_char(created_at, "
        "'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') || ' ' || concat_ws(' ', type, nullif(stage, type), message) AS _text "
        "FROM job_events WHERE job_id = $1 ORDER BY id LIMIT 1000",
        DX_PARAMS(job_id), &rows);
    if (status != DOXIN_OK)
        return status;
    dx_write_array(call->answer, "logs");
    for (size_t i = 0; i < dx_rows_count(rows); i++)
        dx_write_string(call->answer, NULL, dx_rows_get(rows, i, "_text"));
    dx_write_array_end(call->answer);
    dx_write_array(call->answer, "events");
    for (size_t i = 0; i < dx_rows_count(rows); i++) {
        dx_write_object(call->answer, NULL);
        dx_row_write(call->answer, rows, i, 0);
        dx_write_object_end(call->answer);
    }
    dx_write_array_end(call->answer);
    return DOXIN_OK;
}

static doxin_status get_job(dx_call *call)
{
    const char *id = dx_call_text(call, "id");
    dx_rows *rows = NULL;
    doxin_status status = dx_tx_exec(
        call->tx, call->ctx, "SELECT " JOB_COLUMNS " FROM processing_jobs AS j WHERE j.id = $1", DX_PARAMS(id), &rows);
    if (status != DOXIN_OK)
        return status;
    if (dx_rows_count(rows) == 0)
        return dx_fail(call->ctx, DOXIN_E_NOT_FOUND, "there is no such job");
    dx_write_object(call->answer, "job");
    dx_row_write(call->answer, rows, 0, 0);
    dx_write_object_end(call->answer);
    status = write_file(call, dx_rows_get(rows, 0, "file_storage_id"));
    return status == DOXIN_OK ? write_logs(call, id) : status;
}

static doxin_status cancel_job(dx_call *call)
{
    const char *id = dx_call_text(call, "id");
    const char *now = NULL;
    doxin_status status = dx_queue_cancel(call->tx, call->ctx, id, &now);
    if (status == DOXIN_OK && strcmp(now, "cancelled") == 0)
        status = dx_tx_exec(call->tx, call->ctx,
                            "WITH job AS (SELECT invoice_id, file_storage_id FROM processing_jobs WHERE id = $1), "
                            "file AS (UPDATE file_storage AS f SET processing_status = 'stored' FROM job "
                            "WHERE f.id = job.file_storage_id AND f.processing_status = 'queued') SELECT FROM job",
                            DX_PARAMS(id), NULL);
    if (status == DOXIN_OK)
        status = dx_call_audit(call, (dx_audit){.table = "processing_jobs",
                                                .record_id = id,
                                                .action = "UPDATE",
                                                .new_values = "{\"cancel_requested\":true}"});
    if (status != DOXIN_OK)
        return status;
    dx_write_bool(call->answer, "success", true);
    dx_write_string(call->answer, "status", now);
    return DOXIN_OK;
}

static const dx_op operations[] = {
    {.name = "jobs.list",
     .text = "The jobs of whoever asks, newest first",
     .permission = "jobs.read",
     .effect = DX_READS,
     .request = "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
                "\"page\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":1000000},"
                "\"per_page\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":100},"
                "\"status\":{\"type\":\"string\",\"enum\":[\"pending\",\"running\",\"completed\",\"failed\","
                "\"cancelled\"]}}}",
     .answer = "{\"type\":\"object\",\"required\":[\"jobs\",\"statistics\",\"pagination\"],\"properties\":{"
               "\"jobs\":{\"type\":\"array\",\"items\":" JOB "},\"statistics\":{\"type\":\"object\"},"
               "\"pagination\":{\"type\":\"object\"}}}",
     .run = list_jobs},
    {.name = "jobs.get",
     .text = "A job with its file and what happened to it",
     .permission = "jobs.read",
     .effect = DX_READS,
     .request = BY_ID,
     .answer = "{\"type\":\"object\",\"required\":[\"job\",\"file_info\",\"logs\"],\"properties\":{\"job\":" JOB
               ",\"file_info\":{\"type\":[\"object\",\"null\"]},\"logs\":{\"type\":\"array\",\"items\":{\"type\":"
               "\"string\"}},\"events\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}",
     .run = get_job},
    {.name = "jobs.cancel",
     .text = "Cancel a job: one that waits at once, one that runs between its stages",
     .permission = "jobs.write",
     .effect = DX_WRITES,
     .request = BY_ID,
     .answer = "{\"type\":\"object\",\"required\":[\"success\",\"status\"],\"properties\":{\"success\":{\"type\":"
               "\"boolean\"},\"status\":{\"type\":\"string\"}}}",
     .run = cancel_job},
};

const dx_module dx_queue_module = {
    .name = "queue",
    .operations = operations,
    .operation_count = sizeof operations / sizeof operations[0],
};
