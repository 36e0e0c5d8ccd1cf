/* Tickets: what a browser may put into an address instead of a token. They work once and for seconds. */
#include "app/identity/internal.h"
#include "app/op/rows.h"
#include "base/crypto/uuid.h"

#include <string.h>

enum { TICKET_SECONDS = 30 };

/* ---- making --------------------------------------------------------------------------------------------------------------- */

/* Row policies decide: what somebody does not see is not there. */
static doxin_status file_exists(dx_tx *tx, dx_ctx *ctx, const char *file_id)
{
    dx_rows *rows = NULL;
    doxin_status status =
        dx_tx_exec(tx, ctx, "SELECT FROM file_storage WHERE id = $1 AND deleted_at IS NULL", DX_PARAMS(file_id), &rows);
    if (status == DOXIN_OK && dx_rows_count(rows) == 0)
        status = dx_fail(ctx, DOXIN_E_NOT_FOUND, "there is no such file");
    return status;
}

doxin_status dx_tickets_create(dx_call *call)
{
    const char *kind = dx_call_text(call, "kind");
    const char *file_id = dx_call_text(call, "file_id");
    dx_new_ticket about = {0};
    bool for_file = strcmp(kind, "file") == 0;
    doxin_status status = DOXIN_OK;
    if (!call->ctx->user_id)
        return dx_fail(call->ctx, DOXIN_E_FORBIDDEN, "a ticket is a user's");
    if (for_file != (file_id != NULL)) {
        dx_fail(call->ctx, DOXIN_E_FIELD, "/file_id: belongs to tickets of kind \"file\", and to no other");
        dx_error_field(&call->ctx->error, "/file_id", for_file ? "required" : "unknown",
                       "belongs to tickets of kind \"file\", and to no other");
        return DOXIN_E_FIELD;
    }
    if (for_file)
        status = file_exists(call->tx, call->ctx, file_id);
    if (status == DOXIN_OK)
        status = dx_ticket_make(call->tx, call->ctx, kind, file_id, TICKET_SECONDS, &about);
    if (status != DOXIN_OK)
        return status;
    dx_write_string(call->answer, "ticket", about.ticket);
    dx_write_string(call->answer, "expires_at", about.expires_at);
    return DOXIN_OK;
}

/* ---- taking --------------------------------------------------------------------------------------------------------------- */

/* "job:<uuid>", "invoice:<uuid>" and "user:<uuid>", of things that the ticket's user sees. */
static doxin_status check_room(dx_call *call, const dx_ticket *ticket, const char *room)
{
    static const char *const queries[][2] = {
        {"job:", "SELECT FROM processing_jobs WHERE id = $1"},
        {"invoice:", "SELECT FROM invoices WHERE id = $1"},
        {"user:", "SELECT WHERE doxin_me() = $1::uuid"},
    };
    dx_rows *rows = NULL;
    dx_ctx user = *call->ctx;
    user.user_id = ticket->user_id;
    user.purpose = ticket->role;
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        size_t length = strlen(queries[i][0]);
        if (strncmp(room, queries[i][0], length) != 0 || !dx_uuid_valid(room + length))
            continue;
        doxin_status status =
            dx_db_exec(call->app->db, &user, DX_LOGIN_APPLICATION, queries[i][1], DX_PARAMS(room + length), &rows);
        call->ctx->error = user.error;
        if (status != DOXIN_OK || dx_rows_count(rows) > 0)
            return status;
    }
    return dx_fail(call->ctx, DOXIN_E_NOT_FOUND, "there is no such room");
}

static doxin_status check_file(dx_call *call, const dx_ticket *ticket, const char *file_id)
{
    dx_rows *rows = NULL;
    if (!file_id || !ticket->subject || strcmp(file_id, ticket->subject) != 0)
        return dx_fail(call->ctx, DOXIN_E_TICKET, "the ticket is for another file");
    dx_ctx user = *call->ctx;
    user.user_id = ticket->user_id;
    user.purpose = ticket->role;
    doxin_status status = dx_db_exec(call->app->db, &user, DX_LOGIN_APPLICATION,
                                     "SELECT id, file_name, file_size, mime_type, file_hash, created_at FROM "
                                     "file_storage WHERE id = $1 AND deleted_at IS NULL",
                                     DX_PARAMS(file_id), &rows);
    call->ctx->error = user.error;
    if (status == DOXIN_OK && dx_rows_count(rows) == 0)
        status = dx_fail(call->ctx, DOXIN_E_NOT_FOUND, "there is no such file");
    if (status != DOXIN_OK)
        return status;
    dx_write_object(call->answer, "file");
    dx_row_write(call->answer, rows, 0, 0);
    dx_write_object_end(call->answer);
    return DOXIN_OK;
}

doxin_status dx_tickets_redeem(dx_call *call)
{
    dx_ticket ticket = {0};
    const char *kind = dx_call_text(call, "kind");
    const char *room = dx_call_text(call, "room");
    doxin_status status = dx_ticket_redeem(call->app, call->ctx, kind, dx_call_text(call, "ticket"), &ticket);
    if (status == DOXIN_OK && strcmp(kind, "file") == 0)
        status = check_file(call, &ticket, dx_call_text(call, "file_id"));
    else if (status == DOXIN_OK && room)
        status = check_room(call, &ticket, room);
    if (status != DOXIN_OK)
        return status;
    dx_write_string(call->answer, "user_id", ticket.user_id);
    dx_write_string(call->answer, "role", ticket.role);
    dx_write_string(call->answer, "session_id", ticket.session_id);
    return DOXIN_OK;
}
