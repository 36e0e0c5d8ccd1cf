/* Learning from an invoice that a person corrected or approved: its document is read once more, for where things stand. */
#include "app/intake/internal.h"
#include "app/reading/reading.h"
#include "app/records/corrections.h"
#include "base/rt/clock.h"
#include "core/page/page.h"
#include "core/sniff/sniff.h"
#include "io/reader/reader.h"

enum { JOB_MS = 900000, READING_MS = 600000, LOADED = 5, READ = 90 };

typedef struct lesson {
    dx_job *job;
    dx_app *app;
    const char *path; /* of the blob */
    int64_t size;
    dx_buffer bytes;
    dx_message message;
    dx_pages *pages;
    dx_reading_options options;
    dx_tx *tx; /* of the storing */
} lesson;

static doxin_status find_file(dx_tx *tx, dx_ctx *ctx, void *data)
{
    lesson *of = data;
    dx_rows *rows = NULL;
    doxin_status status = dx_job_hold(of->job, tx, ctx);
    if (status == DOXIN_OK)
        status =
            dx_tx_exec(tx, ctx, "SELECT blob_path, file_size FROM file_storage WHERE id = $1 AND deleted_at IS NULL",
                       DX_PARAMS(dx_job_file(of->job)), &rows);
    if (status == DOXIN_OK && dx_rows_count(rows) == 0)
        status = dx_fail(ctx, DOXIN_E_NOT_FOUND, "the file of the job is not there any more");
    if (status != DOXIN_OK)
        return status;
    of->path = dx_rows_text(rows, 0, 0);
    of->size = dx_rows_integer(rows, 0, 1, 0);
    return DOXIN_OK;
}

static doxin_status load(lesson *of, dx_ctx *ctx)
{
    doxin_status status = dx_job_stage(of->job, ctx, "loading", 1);
    if (status == DOXIN_OK && !of->app->blob)
        status = dx_fail(ctx, DOXIN_E_UNAVAILABLE, "this worker has no file store (DOXIN_BLOB_URL)");
    if (status == DOXIN_OK)
        status = dx_db_transact(of->app->db, ctx, DX_LOGIN_APPLICATION, DX_TX_PLAIN, find_file, of);
    if (status != DOXIN_OK)
        return status;
    dx_buffer_init(&of->bytes, (size_t)of->size + 1);
    status = dx_blob_read(of->app->blob, ctx, of->path, 0, (size_t)of->size, &of->bytes);
    if (status == DOXIN_OK)
        status = dx_job_stage(of->job, ctx, "parse", LOADED);
    dx_job_alive(of->job, READING_MS);
    /* XML has no pages, and without a parser only XML was read. */
    if (status == DOXIN_OK && of->app->reader && dx_sniff(of->bytes.data, of->bytes.len) != DX_SNIFFED_XML)
        status = dx_reading_open(ctx, of->app->reader, of->bytes.data, of->bytes.len, &of->options, &of->message,
                                 &of->pages);
    return status == DOXIN_OK ? dx_job_stage(of->job, ctx, "learning", READ) : status;
}

/* The rows stay locked until what was learned is stored: of two lessons about a vendor the second knows the first. */
static doxin_status look_up(void *data, dx_ctx *ctx, const dx_vendor_keys *keys, dx_corrections *out)
{
    const lesson *of = data;
    return dx_corrections_load(of->tx, ctx, keys, true, out);
}

static doxin_status learn(dx_tx *tx, dx_ctx *ctx, void *data)
{
    lesson *of = data;
    dx_invoice *corrected = NULL;
    dx_corrections learned = {0};
    dx_correction_source source = {of, look_up};
    of->tx = tx;
    of->options.corrections = &source;
    doxin_status status = dx_job_hold(of->job, tx, ctx);
    if (status == DOXIN_OK)
        status = dx_invoice_load(tx, ctx, dx_job_invoice(of->job), &corrected);
    if (status == DOXIN_OK && corrected && of->pages)
        status = dx_reading_learn(ctx, of->pages, &of->options, corrected, &learned);
    if (status == DOXIN_OK)
        status = dx_corrections_store(tx, ctx, &learned);
    of->options.corrections = NULL;
    return status == DOXIN_OK ? dx_job_complete(of->job, tx, ctx, NULL) : status;
}

doxin_status dx_intake_learn(dx_job *job, dx_ctx *ctx)
{
    lesson of = {.job = job, .app = dx_job_app(job)};
    ctx->deadline_ns = dx_clock_ns() + (int64_t)JOB_MS * 1000000;
    of.options.max_pages = of.app->max_pages;
    doxin_status status = dx_job_file(job) && dx_job_invoice(job)
                              ? load(&of, ctx)
                              : dx_fail(ctx, DOXIN_E_INVALID, "the job names no file or no invoice");
    if (status == DOXIN_OK)
        status = dx_check(ctx);
    if (status == DOXIN_OK)
        status = dx_db_transact(of.app->db, ctx, DX_LOGIN_APPLICATION, DX_TX_PLAIN, learn, &of);
    dx_message_free(&of.message);
    dx_buffer_free(&of.bytes);
    return status;
}
