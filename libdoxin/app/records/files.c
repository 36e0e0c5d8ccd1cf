/* The bytes of stored files. */
#include "app/op/rows.h"
#include "app/op/ticket.h"
#include "app/records/internal.h"

#include <string.h>
#include <strings.h>

static doxin_status find_file(dx_tx *tx, dx_ctx *ctx, const char *file_id, dx_rows **out)
{
    doxin_status status = dx_tx_exec(tx, ctx,
                                     "SELECT " DX_FILE_COLUMNS ", f.blob_path AS _blob_path FROM file_storage AS f "
                                     "WHERE f.id = $1 AND f.deleted_at IS NULL",
                                     DX_PARAMS(file_id), out);
    if (status == DOXIN_OK && dx_rows_count(*out) == 0)
        status = dx_fail(ctx, DOXIN_E_NOT_FOUND, "there is no such file");
    return status;
}

/* ---- reading ------------------------------------------------------------------------------------------------------------------ */

typedef struct reading {
    const char *file_id;
    bool first;
    const char *path;
} reading;

static doxin_status look_up(dx_tx *tx, dx_ctx *ctx, void *data)
{
    reading *of = data;
    dx_rows *rows = NULL;
    doxin_status status = find_file(tx, ctx, of->file_id, &rows);
    if (status != DOXIN_OK)
        return status;
    of->path = dx_rows_get(rows, 0, "_blob_path");
    if (!of->first)
        return DOXIN_OK;
    return dx_tx_exec(
        tx, ctx,
        "INSERT INTO file_access_log (user_id, file_storage_id, action, ip_address, user_agent, request_id) "
        "VALUES ($1, $2, 'download', left($3, 64), left($4, 500), left($5, 128))",
        DX_PARAMS(ctx->user_id, of->file_id, ctx->client_address, ctx->client_agent, ctx->request_id), NULL);
}

doxin_status dx_file_read(dx_app *app, dx_ctx *ctx, const char *file_id, int64_t offset, size_t max_bytes,
                          dx_buffer *out)
{
    reading of = {.file_id = file_id, .first = offset == 0};
    doxin_status status = dx_op_permit(app, ctx, dx_op_find("invoices.get", NULL));
    if (status == DOXIN_OK && (!ctx->user_id || !dx_uuid_valid(file_id)))
        status = dx_fail(ctx, DOXIN_E_NOT_FOUND, "there is no such file");
    if (status == DOXIN_OK)
        status = dx_app_need_db(app, ctx);
    if (status == DOXIN_OK)
        status = dx_app_need_blob(app, ctx);
    if (status == DOXIN_OK)
        status = dx_db_transact(app->db, ctx, DX_LOGIN_APPLICATION, DX_TX_PLAIN, look_up, &of);
    /* The transaction is over before the store is asked. */
    return status == DOXIN_OK ? dx_blob_read(app->blob, ctx, of.path, offset, max_bytes, out) : status;
}

/* ---- files.content ------------------------------------------------------------------------------------------------------------ */

static doxin_status about_file(dx_tx *tx, dx_ctx *ctx, void *data)
{
    dx_call *call = data;
    dx_rows *rows = NULL;
    doxin_status status = find_file(tx, ctx, dx_call_text(call, "file_id"), &rows);
    if (status != DOXIN_OK)
        return status;
    dx_write_object(call->answer, "file");
    dx_row_write(call->answer, rows, 0, 0);
    dx_write_object_end(call->answer);
    return DOXIN_OK;
}

/* Whose rights count: the ticket's, else those of whoever is signed in. */
static doxin_status whose(dx_call *call, dx_ctx *out)
{
    dx_ticket ticket = {0};
    const char *shown = dx_call_text(call, "ticket");
    if (!shown && (!call->ctx->user_id || !call->ctx->purpose))
        return dx_fail(call->ctx, DOXIN_E_UNAUTHENTICATED,
                       "a file is opened with a ticket, or by whoever is signed in");
    *out = *call->ctx;
    if (!shown)
        return DOXIN_OK;
    doxin_status status = dx_ticket_redeem(call->app, call->ctx, "file", shown, &ticket);
    if (status != DOXIN_OK)
        return status;
    if (!ticket.subject || strcasecmp(ticket.subject, dx_call_text(call, "file_id")) != 0)
        return dx_fail(call->ctx, DOXIN_E_TICKET, "the ticket is for another file");
    out->user_id = ticket.user_id;
    out->purpose = ticket.role;
    return DOXIN_OK;
}

doxin_status dx_files_content(dx_call *call)
{
    dx_ctx asker;
    doxin_status status = dx_app_need_db(call->app, call->ctx);
    if (status == DOXIN_OK)
        status = whose(call, &asker);
    if (status != DOXIN_OK)
        return status;
    /* Read only, so it is not run twice, and the answer is written once. */
    dx_tx *tx = NULL;
    status = dx_db_begin_mode(call->app->db, &asker, DX_LOGIN_APPLICATION, DX_TX_READ_ONLY, &tx);
    if (status == DOXIN_OK)
        status = about_file(tx, &asker, call);
    dx_tx_rollback(tx);
    call->ctx->error = asker.error;
    if (status != DOXIN_OK)
        return status;
    dx_write_string(call->answer, "user_id", asker.user_id);
    dx_write_string(call->answer, "role", asker.purpose);
    return DOXIN_OK;
}
