#include "app/intake/intake.h"

#include "app/intake/internal.h"
#include "app/queue/queue.h"
#include "app/reading/reading.h"
#include "app/records/corrections.h"
#include "app/records/records.h"
#include "app/records/store.h"
#include "base/rt/clock.h"

#include <stdio.h>
#include <string.h>

enum {
    JOB_MS = 900000,     /* of a whole attempt */
    READING_MS = 600000, /* of the parser and the engine, which have limits of their own */
    LOADED = 5,          /* progress when the bytes are there */
    READ = 90            /* … and when they are read */
};

typedef struct intake {
    dx_job *job;
    dx_app *app;
    dx_ctx *ctx;
    const char *path; /* of the blob */
    int64_t size;
    dx_buffer bytes;
    dx_invoice *invoice;
    const char *json;
    int told; /* progress that was written last */
    doxin_status progress_status;
} intake;

/* ---- loading ------------------------------------------------------------------------------------------------------------------ */

static doxin_status find_file(dx_tx *tx, dx_ctx *ctx, void *data)
{
    intake *of = data;
    dx_rows *rows = NULL;
    doxin_status status = dx_job_hold(of->job, tx, ctx);
    if (status == DOXIN_OK)
        status =
            dx_tx_exec(tx, ctx,
                       "UPDATE file_storage SET processing_status = 'processing' WHERE id = $1 AND deleted_at IS NULL "
                       "RETURNING blob_path, file_size",
                       DX_PARAMS(dx_job_file(of->job)), &rows);
    if (status == DOXIN_OK && dx_rows_count(rows) == 0)
        status = dx_fail(ctx, DOXIN_E_NOT_FOUND, "the file of the job is not there any more");
    if (status != DOXIN_OK)
        return status;
    of->path = dx_rows_text(rows, 0, 0);
    of->size = dx_rows_integer(rows, 0, 1, 0);
    return DOXIN_OK;
}

static doxin_status load(intake *of)
{
    doxin_status status = dx_job_stage(of->job, of->ctx, "loading", 1);
    if (status == DOXIN_OK && !of->app->blob)
        status = dx_fail(of->ctx, DOXIN_E_UNAVAILABLE, "this worker has no file store (DOXIN_BLOB_URL)");
    if (status == DOXIN_OK)
        status = dx_db_transact(of->app->db, of->ctx, DX_LOGIN_APPLICATION, DX_TX_PLAIN, find_file, of);
    if (status != DOXIN_OK)
        return status;
    dx_buffer_init(&of->bytes, (size_t)of->size + 1);
    status = dx_blob_read(of->app->blob, of->ctx, of->path, 0, (size_t)of->size, &of->bytes);
    if (status == DOXIN_OK && of->bytes.len != (size_t)of->size)
        status = dx_fail(of->ctx, DOXIN_E_DAMAGED, "the stored file has %zu of its %lld bytes", of->bytes.len,
                         (long long)of->size);
    return status;
}

/* ---- what corrections taught -------------------------------------------------------------------------------------------------- */

static doxin_status look_up(void *data, dx_ctx *ctx, const dx_vendor_keys *keys, dx_corrections *out)
{
    const intake *of = data;
    dx_tx *tx = NULL;
    doxin_status status = dx_db_begin_mode(of->app->db, ctx, DX_LOGIN_APPLICATION, DX_TX_READ_ONLY, &tx);
    if (status == DOXIN_OK)
        status = dx_corrections_load(tx, ctx, keys, false, out);
    dx_tx_rollback(tx);
    return status;
}

/* ---- reading ------------------------------------------------------------------------------------------------------------------ */

static void on_progress(void *data, const char *stage, int percent)
{
    intake *of = data;
    int progress = LOADED + percent * (READ - LOADED) / 100;
    if (of->progress_status != DOXIN_OK || progress <= of->told)
        return;
    of->told = progress;
    of->progress_status = dx_job_stage(of->job, of->ctx, stage, progress);
    dx_job_alive(of->job, READING_MS);
}

static const char *languages_of(intake *of)
{
    const dx_json *list = dx_job_parameter(of->job, "languages");
    const char *text = NULL;
    for (size_t i = 0; i < dx_json_count(list); i++) {
        const char *one = dx_json_string(dx_json_at(list, i));
        text = text ? dx_textf(of->ctx, "%s,%s", text, one) : one;
    }
    return text;
}

static int ocr_of(const dx_job *job)
{
    static const char *const choices[] = {"auto", "always", "never"};
    const char *given = dx_json_string(dx_job_parameter(job, "ocr"));
    for (int i = 0; given && i < 3; i++)
        if (strcmp(choices[i], given) == 0)
            return i;
    return 0;
}

static doxin_status read(intake *of)
{
    dx_correction_source source = {of, look_up};
    bool learning = of->app->learning && dx_json_bool(dx_job_parameter(of->job, "learning"), true);
    dx_reading_options options = {
        .compare_page = true,
        .embedded_xml = dx_json_bool(dx_job_parameter(of->job, "embedded_xml"), true),
        .ocr = ocr_of(of->job),
        .languages = languages_of(of),
        .max_pages = of->app->max_pages,
        .xml = {of->app->max_xml_bytes, of->app->max_xml_depth, of->app->max_xml_elements},
        .review_threshold = of->app->review_threshold,
        .corrections = learning ? &source : NULL,
    };
    dx_job_alive(of->job, READING_MS);
    doxin_status status = dx_reading_invoice(of->ctx, of->app->reader, of->bytes.data, of->bytes.len, &options,
                                             on_progress, of, &of->invoice);
    if (status == DOXIN_OK)
        status = of->progress_status;
    return status == DOXIN_OK ? dx_invoice_json(of->ctx, of->invoice, &of->json) : status;
}

/* ---- storing ------------------------------------------------------------------------------------------------------------------ */

static const char result_summary[] =
    "SELECT jsonb_strip_nulls(jsonb_build_object('invoice_id', i.id, 'invoice_number', i.invoice_number, "
    "'invoice_date', "
    "i.invoice_date, 'total_amount', i.total_amount::text, 'currency', i.currency, 'review_state', i.review_state, "
    "'confidence_score', i.confidence_score, 'line_items', (SELECT count(*) FROM invoice_line_items AS l "
    "WHERE l.invoice_id = i.id), 'duplicate_state', i.duplicate_state)) FROM invoices AS i WHERE i.id = $1";

/* What a person changed stays, whatever is read now. This may run twice, so it works on a copy. */
static doxin_status keep_human(dx_tx *tx, dx_ctx *ctx, intake *of, dx_decisions *decisions, dx_invoice *invoice,
                               const char **json)
{
    const char *invoice_id = dx_job_invoice(of->job);
    dx_invoice *stored = NULL;
    bool any = false;
    *invoice = *of->invoice;
    *json = of->json;
    doxin_status status = dx_invoice_load(tx, ctx, invoice_id, &stored);
    if (status == DOXIN_OK)
        status = dx_decisions_load(tx, ctx, invoice_id, decisions);
    if (status == DOXIN_OK)
        status = dx_invoice_keep_human(ctx, stored, decisions, invoice, &any);
    if (status != DOXIN_OK || !any)
        return status;
    status = dx_invoice_check_again(ctx, invoice, true, of->app->review_threshold);
    return status == DOXIN_OK ? dx_invoice_json(ctx, invoice, json) : status;
}

static doxin_status save(dx_tx *tx, dx_ctx *ctx, intake *of, const char **result)
{
    const char *invoice_id = dx_job_invoice(of->job), *json = NULL;
    dx_invoice *invoice = dx_invoice_new(ctx);
    dx_decisions decisions = {0};
    dx_rows *rows = NULL;
    doxin_status status = invoice ? keep_human(tx, ctx, of, &decisions, invoice, &json) : DOXIN_E_NOMEM;
    if (status == DOXIN_OK)
        status = dx_invoice_store(tx, ctx, invoice_id, invoice, json);
    if (status == DOXIN_OK)
        status = dx_decisions_store(tx, ctx, invoice_id, &decisions);
    if (status == DOXIN_OK)
        status = dx_tx_exec(tx, ctx, result_summary, DX_PARAMS(invoice_id), &rows);
    if (status == DOXIN_OK)
        status = dx_tx_exec(tx, ctx,
                            "INSERT INTO audit_log (user_id, table_name, record_id, action, new_values, operation, "
                            "request_id) VALUES ($1, 'invoices', $2, 'UPDATE', $3::jsonb, '" DX_JOB_EXTRACT "', $4)",
                            DX_PARAMS(ctx->user_id, invoice_id, dx_rows_text(rows, 0, 0), dx_job_id(of->job)), NULL);
    if (status == DOXIN_OK)
        status = dx_tx_exec(tx, ctx, "SELECT doxin_raise_epoch($1)", DX_PARAMS(ctx->user_id), NULL);
    *result = dx_rows_text(rows, 0, 0);
    return status;
}

static doxin_status store(dx_tx *tx, dx_ctx *ctx, void *data)
{
    intake *of = data;
    char pages[16];
    const char *result = of->json;
    snprintf(pages, sizeof pages, "%zu", of->invoice->page_count);
    doxin_status status = dx_job_hold(of->job, tx, ctx);
    /* Without auto_save what was read is the job's result alone; the invoice stays as it is. */
    if (status == DOXIN_OK && dx_job_auto_save(of->job))
        status = save(tx, ctx, of, &result);
    if (status == DOXIN_OK)
        status = dx_tx_exec(tx, ctx,
                            "UPDATE file_storage SET processing_status = CASE WHEN $3::boolean THEN 'deleted' ELSE "
                            "'processed' END, deleted_at = CASE WHEN $3::boolean THEN now() END, "
                            "page_count = nullif($2::integer, 0) WHERE id = $1",
                            DX_PARAMS(dx_job_file(of->job), pages, dx_job_cleanup(of->job) ? "t" : "f"), NULL);
    return status == DOXIN_OK ? dx_job_complete(of->job, tx, ctx, result) : status;
}

/* The row says deleted before the bytes are: what is left after a crash in between is swept. */
static void clean_up(intake *of)
{
    if (!dx_job_cleanup(of->job))
        return;
    if (dx_blob_delete(of->app->blob, of->ctx, of->path) != DOXIN_OK)
        dx_log_write(of->app->log, DX_WARN, "intake", NULL, "the file of job %s cannot be deleted: %s",
                     dx_job_id(of->job), of->ctx->error.message);
}

static doxin_status run(dx_job *job, dx_ctx *ctx)
{
    intake of = {.job = job, .app = dx_job_app(job), .ctx = ctx};
    ctx->deadline_ns = dx_clock_ns() + (int64_t)JOB_MS * 1000000;
    doxin_status status = dx_job_file(job) && dx_job_invoice(job)
                              ? load(&of)
                              : dx_fail(ctx, DOXIN_E_INVALID, "the job names no file or no invoice");
    if (status == DOXIN_OK)
        status = dx_check(ctx);
    if (status == DOXIN_OK)
        status = read(&of);
    if (status == DOXIN_OK)
        status = dx_check(ctx);
    if (status == DOXIN_OK)
        status = dx_job_stage(job, ctx, "storing", READ);
    if (status == DOXIN_OK)
        status = dx_db_transact(of.app->db, ctx, DX_LOGIN_APPLICATION, DX_TX_PLAIN, store, &of);
    if (status == DOXIN_OK)
        clean_up(&of);
    dx_buffer_free(&of.bytes);
    return status;
}

/* What was read before stays: only an invoice that never held anything becomes "failed". */
static doxin_status ended(const dx_job *job, dx_tx *tx, dx_ctx *ctx, const char *status, const dx_error *error)
{
    bool failed = strcmp(status, "failed") == 0;
    doxin_status done = DOXIN_OK;
    if (failed)
        done = dx_tx_exec(tx, ctx,
                          "UPDATE invoices SET review_state = 'failed', error_code = $2, review_reason = $3 "
                          "WHERE id = $1 AND review_state IN ('pending', 'failed')",
                          DX_PARAMS(dx_job_invoice(job), dx_error_info_of(error->status)->name, error->message), NULL);
    if (done == DOXIN_OK)
        done =
            dx_tx_exec(tx, ctx, "UPDATE file_storage SET processing_status = $2 WHERE id = $1 AND deleted_at IS NULL",
                       DX_PARAMS(dx_job_file(job), failed ? "failed" : "stored"), NULL);
    if (done == DOXIN_OK)
        done = dx_tx_exec(tx, ctx, "SELECT doxin_raise_epoch($1)", DX_PARAMS(ctx->user_id), NULL);
    return done;
}

static const dx_job_handler jobs[] = {
    {.type = DX_JOB_EXTRACT, .run = run, .ended = ended},
    {.type = DX_JOB_LEARN, .run = dx_intake_learn},
};

const dx_module dx_intake_module = {
    .name = "intake",
    .jobs = jobs,
    .job_count = sizeof jobs / sizeof jobs[0],
};
