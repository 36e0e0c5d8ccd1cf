#include "app/records/upload.h"

#include "app/op/rows.h"
#include "app/records/internal.h"
#include "base/rt/alloc.h"
#include "core/sniff/sniff.h"

#include <stdio.h>
#include <string.h>

enum { NAME_BYTES = 255 };

struct dx_upload {
    dx_app *app;
    dx_blob_writer *writer; /* NULL once the blob is finished */
    dx_blob_info blob;
    bool stored; /* blob is in the store */
    bool ran;    /* the handler wrote a row for it */
    bool kept;   /* that row was committed, or may have been */
    bool process;
    char *args; /* the request of invoices.upload */
    char *key;  /* of idempotency, or NULL */
    char head[DX_SNIFF_BYTES];
    size_t head_size;
};

/* ---- beginning ---------------------------------------------------------------------------------------------------------------- */

/* The last part of a path of either style, without what names of files cannot have. Never empty. */
static void clean_name(const char *given, char out[NAME_BYTES + 1])
{
    size_t used = 0;
    const char *last = given ? given : "";
    for (const char *at = last; *at; at++)
        if (*at == '/' || *at == '\\')
            last = at + 1;
    for (; *last && used < NAME_BYTES; last++)
        if ((unsigned char)*last >= 0x20 && *last != 0x7F)
            out[used++] = *last;
    /* Cut: not in the middle of a character. */
    while (*last && used > 0 && ((unsigned char)out[used - 1] & 0xC0) == 0x80)
        used--;
    if (*last && used > 0 && (unsigned char)out[used - 1] >= 0x80)
        used--;
    out[used] = '\0';
    if (strspn(out, ". ") == used)
        snprintf(out, NAME_BYTES + 1, "document");
}

/* The request that the frame checks. The parameters are JSON of the sender's: parsed there. */
static char *request_text(const dx_upload_options *options)
{
    char name[NAME_BYTES + 1];
    dx_buffer buffer;
    dx_writer writer;
    clean_name(options->file_name, name);
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_write_object(&writer, NULL);
    dx_write_string(&writer, "file_name", name);
    dx_write_string(&writer, "source", options->source ? options->source : "api");
    dx_write_bool(&writer, "process", options->process);
    if (options->parameters)
        dx_write_raw(&writer, "parameters", options->parameters);
    dx_write_object_end(&writer);
    return dx_buffer_take(&buffer, NULL);
}

/* What is between the quotes of the sender must be one JSON object, before it is put into another. */
static doxin_status check_parameters(dx_ctx *ctx, const char *parameters)
{
    dx_json *json = NULL;
    if (!parameters)
        return DOXIN_OK;
    doxin_status status = dx_json_parse(ctx, parameters, strlen(parameters), &json);
    if (status == DOXIN_OK && dx_json_kind_of(json) != DX_JSON_OBJECT)
        status = dx_fail(ctx, DOXIN_E_JSON, "the parameters are one JSON object");
    dx_json_free(json);
    return status;
}

doxin_status dx_upload_open(dx_app *app, dx_ctx *ctx, const dx_upload_options *options, dx_upload **out)
{
    doxin_status status = dx_op_permit(app, ctx, dx_op_find("invoices.upload", NULL));
    if (status == DOXIN_OK && !ctx->user_id)
        status = dx_fail(ctx, DOXIN_E_UNAUTHENTICATED, "a file is uploaded by a user");
    if (status == DOXIN_OK)
        status = dx_app_need_db(app, ctx);
    if (status == DOXIN_OK)
        status = dx_app_need_blob(app, ctx);
    if (status == DOXIN_OK)
        status = check_parameters(ctx, options->parameters);
    if (status != DOXIN_OK)
        return status;
    dx_upload *upload = dx_calloc(1, sizeof *upload);
    if (!upload)
        return dx_nomem(ctx);
    upload->app = app;
    upload->process = options->process;
    upload->args = request_text(options);
    upload->key = dx_strdup(options->idempotency_key);
    if (!upload->args || (options->idempotency_key && !upload->key))
        status = dx_nomem(ctx);
    if (status == DOXIN_OK)
        status = dx_blob_begin(app->blob, ctx, app->max_bytes, &upload->writer);
    if (status == DOXIN_OK)
        *out = upload;
    else
        dx_upload_free(upload);
    return status;
}

/* ---- bytes -------------------------------------------------------------------------------------------------------------------- */

doxin_status dx_upload_write(dx_upload *upload, dx_ctx *ctx, const void *data, size_t size)
{
    if (!upload->writer)
        return dx_fail(ctx, DOXIN_E_INVALID, "the upload has ended");
    size_t room = sizeof upload->head - upload->head_size;
    size_t taken = size < room ? size : room;
    if (taken)
        memcpy(upload->head + upload->head_size, data, taken);
    upload->head_size += taken;
    return dx_blob_write(upload->writer, ctx, data, size);
}

/* ---- rows --------------------------------------------------------------------------------------------------------------------- */

static doxin_status insert_file(dx_call *call, const dx_upload *upload, const char *id)
{
    char size[24];
    const char *url = dx_blob_url(call->app->blob, call->ctx, upload->blob.path);
    if (!url)
        return DOXIN_E_NOMEM;
    snprintf(size, sizeof size, "%lld", (long long)upload->blob.size);
    return dx_tx_exec(call->tx, call->ctx,
                      "WITH made AS (INSERT INTO file_storage (id, user_id, file_name, file_size, mime_type, blob_url, "
                      "blob_path, file_hash, upload_source, processing_status) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
                      "$9, $10) RETURNING id, user_id) SELECT FROM made",
                      DX_PARAMS(id, call->ctx->user_id, dx_call_text(call, "file_name"), size,
                                dx_sniff_mime(dx_sniff(upload->head, upload->head_size)), url, upload->blob.path,
                                upload->blob.hash, dx_call_text(call, "source"), upload->process ? "queued" : "stored"),
                      NULL);
}

static doxin_status log_access(dx_call *call, const char *file_id)
{
    return dx_tx_exec(
        call->tx, call->ctx,
        "INSERT INTO file_access_log (user_id, file_storage_id, action, ip_address, user_agent, request_id) "
        "VALUES ($1, $2, 'upload', left($3, 64), left($4, 500), left($5, 128))",
        DX_PARAMS(call->ctx->user_id, file_id, call->ctx->client_address, call->ctx->client_agent,
                  call->ctx->request_id),
        NULL);
}

/* The same bytes among the asker's own files, the oldest; *out has 0 rows where there are none. */
static doxin_status find_same(dx_call *call, const dx_upload *upload, dx_rows **out)
{
    return dx_tx_exec(
        call->tx, call->ctx,
        "SELECT 'same_bytes' AS kind, f.id AS file_id, i.id AS invoice_id, f.file_name, f.created_at "
        "FROM file_storage AS f LEFT JOIN LATERAL (SELECT v.id FROM invoices AS v "
        "WHERE v.file_storage_id = f.id AND v.deleted_at IS NULL ORDER BY v.created_at LIMIT 1) AS i ON true "
        "WHERE f.user_id = $1 AND f.file_hash = $2 AND f.deleted_at IS NULL "
        "ORDER BY f.created_at, f.id LIMIT 1",
        DX_PARAMS(call->ctx->user_id, upload->blob.hash), out);
}

static doxin_status insert_invoice(dx_call *call, const char *id, const char *file_id, const char *same_invoice)
{
    return dx_tx_exec(call->tx, call->ctx,
                      "INSERT INTO invoices (id, uploaded_by_user_id, original_filename, file_storage_id, "
                      "duplicate_of_invoice_id, duplicate_state, duplicate_reason) VALUES ($1, $2, $3, $4, $5, "
                      "CASE WHEN $5::uuid IS NULL THEN 'none' ELSE 'same_bytes' END, "
                      "CASE WHEN $5::uuid IS NULL THEN NULL ELSE 'the file has the same bytes' END)",
                      DX_PARAMS(id, call->ctx->user_id, dx_call_text(call, "file_name"), file_id, same_invoice), NULL);
}

static void write_answer(dx_call *call, const dx_upload *upload, const char *file_id, const char *invoice_id,
                         const char *job_id, const dx_rows *same)
{
    dx_writer *answer = call->answer;
    char room[64];
    snprintf(room, sizeof room, job_id ? "job:%s" : "invoice:%s", job_id ? job_id : invoice_id);
    dx_write_string(answer, "job_id", job_id);
    dx_write_string(answer, "status", job_id ? "pending" : "stored");
    dx_write_string(answer, "websocket_room", room);
    dx_write_string(answer, "invoice_id", invoice_id);
    dx_write_object(answer, "file");
    dx_write_string(answer, "id", file_id);
    dx_write_string(answer, "file_name", dx_call_text(call, "file_name"));
    dx_write_integer(answer, "file_size", upload->blob.size);
    dx_write_string(answer, "mime_type", dx_sniff_mime(dx_sniff(upload->head, upload->head_size)));
    dx_write_string(answer, "file_hash", upload->blob.hash);
    dx_write_object_end(answer);
    if (dx_rows_count(same) == 0) {
        dx_write_null(answer, "duplicate");
        return;
    }
    dx_write_object(answer, "duplicate");
    dx_row_write(answer, same, 0, 0);
    dx_write_object_end(answer);
}

static doxin_status audit(dx_call *call, const char *file_id, const char *invoice_id)
{
    doxin_status status =
        dx_call_audit(call, (dx_audit){.table = "file_storage", .record_id = file_id, .action = "CREATE"});
    if (status == DOXIN_OK)
        status = dx_call_audit(call, (dx_audit){.table = "invoices", .record_id = invoice_id, .action = "CREATE"});
    return status;
}

/* The ids outlive the handler: the audit rows are written after it. */
doxin_status dx_invoices_upload(dx_call *call)
{
    dx_upload *upload = call->subject;
    upload->ran = true;
    dx_rows *same = NULL;
    char *file_id = dx_new(call->ctx, DX_UUID_TEXT);
    char *invoice_id = dx_new(call->ctx, DX_UUID_TEXT);
    char *job_id = dx_new(call->ctx, DX_UUID_TEXT);
    if (!file_id || !invoice_id || !job_id)
        return DOXIN_E_NOMEM;
    if (!dx_uuid_v7(file_id) || !dx_uuid_v7(invoice_id))
        return dx_fail(call->ctx, DOXIN_E_UNAVAILABLE, "the system gives no random bytes");
    doxin_status status = find_same(call, upload, &same);
    if (status == DOXIN_OK)
        status = insert_file(call, upload, file_id);
    if (status == DOXIN_OK)
        status = log_access(call, file_id);
    if (status == DOXIN_OK)
        status = insert_invoice(call, invoice_id, file_id, dx_rows_get(same, 0, "invoice_id"));
    if (status == DOXIN_OK && upload->process)
        status =
            dx_extraction_put(call->tx, call->ctx, file_id, invoice_id, dx_json_get(call->args, "parameters"), job_id);
    if (status == DOXIN_OK)
        status = audit(call, file_id, invoice_id);
    if (status == DOXIN_OK)
        write_answer(call, upload, file_id, invoice_id, upload->process ? job_id : NULL, same);
    return status;
}

/* ---- the end ------------------------------------------------------------------------------------------------------------------ */

static doxin_status store(dx_upload *upload, dx_ctx *ctx)
{
    if (!upload->writer)
        return dx_fail(ctx, DOXIN_E_INVALID, "the upload has ended");
    if (dx_blob_written(upload->writer) == 0)
        return dx_fail(ctx, DOXIN_E_EMPTY_DOCUMENT, "the file is empty");
    if (dx_sniff(upload->head, upload->head_size) == DX_SNIFFED_NOTHING)
        return dx_fail(
            ctx, DOXIN_E_NOT_A_DOCUMENT,
            "the file is no PDF, picture (PNG, JPEG, TIFF, WebP, HEIC) or XML invoice; its name does not count");
    doxin_status status = dx_blob_finish(upload->writer, ctx, &upload->blob);
    upload->writer = NULL;
    upload->stored = status == DOXIN_OK;
    return status;
}

/* What makes the request with a key another one: the bytes, and how they are to be read. */
static doxin_status hash_request(const dx_upload *upload, dx_ctx *ctx, char out[DX_SHA256_HEX])
{
    const char *text = dx_textf(ctx, "%s %s", upload->blob.hash, upload->args);
    if (!text)
        return DOXIN_E_NOMEM;
    return dx_sha256_hex(text, strlen(text), out) ? DOXIN_OK : dx_nomem(ctx);
}

/* A commit whose outcome is not known: better a file without a row, which is swept, than a row without its file. */
static bool may_have_committed(doxin_status status)
{
    return status == DOXIN_E_DATABASE_DOWN || status == DOXIN_E_TIMEOUT || status == DOXIN_E_CANCELED;
}

doxin_status dx_upload_finish(dx_upload *upload, dx_ctx *ctx, dx_buffer *out)
{
    char request_hash[DX_SHA256_HEX];
    doxin_status status = store(upload, ctx);
    if (status == DOXIN_OK)
        status = hash_request(upload, ctx, request_hash);
    if (status != DOXIN_OK)
        return status;
    dx_op_request request = {
        .operation = "invoices.upload",
        .args_json = upload->args,
        .subject = upload,
        .key = upload->key,
        .request_hash = request_hash,
    };
    status = dx_op_run(upload->app, ctx, &request, out);
    /* An answer that was kept for the key names an earlier file: then these bytes are of no use. */
    upload->kept = upload->ran && (status == DOXIN_OK || may_have_committed(status));
    return status;
}

void dx_upload_free(dx_upload *upload)
{
    if (!upload)
        return;
    dx_blob_discard(upload->writer);
    if (upload->stored && !upload->kept) {
        dx_ctx ctx;
        if (dx_ctx_init(&ctx, 0)) {
            if (dx_blob_delete(upload->app->blob, &ctx, upload->blob.path) != DOXIN_OK)
                dx_log_write(upload->app->log, DX_WARN, "records", NULL, "a file without a row is left: %s",
                             ctx.error.message);
            dx_ctx_destroy(&ctx);
        }
    }
    dx_free(upload->args);
    dx_free(upload->key);
    dx_free(upload);
}
