/* Tickets: what a browser may put into an address instead of a token. They work once and for seconds. */
#include "app/identity/internal.h"
#include "app/op/rows.h"
#include "base/crypto/uuid.h"

#include <string.h>

#define TICKET_SECONDS "30"

/* ---- making --------------------------------------------------------------------------------------------------------------- */

static doxin_status make(dx_tx *tx, dx_ctx *ctx, const char *kind, const char *subject, const char *seconds,
                         dx_ticket *out, const char **ticket)
{
    dx_rows *rows = NULL;
    const char *hash = NULL;
    doxin_status status = dx_secret_new(ctx, ticket, &hash);
    if (status == DOXIN_OK)
        status = dx_tx_exec(tx, ctx,
                            "INSERT INTO tickets (ticket_hash, kind, user_id, session_id, subject, expires_at) "
                            "VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6::integer)) RETURNING "
                            "to_char(expires_at, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
                            DX_PARAMS(hash, kind, ctx->user_id, ctx->session_id, subject, seconds), &rows);
    out->expires_at = dx_rows_text(rows, 0, 0);
    return status;
}

doxin_status dx_ticket_for_file(dx_tx *tx, dx_ctx *ctx, const char *file_id, int seconds, const char **out)
{
    dx_ticket about;
    const char *time = dx_textf(ctx, "%d", seconds);
    return time ? make(tx, ctx, "file", file_id, time, &about, out) : DOXIN_E_NOMEM;
}

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
    const char *ticket = NULL;
    dx_ticket about = {0};
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
        status = make(call->tx, call->ctx, kind, file_id, TICKET_SECONDS, &about, &ticket);
    if (status != DOXIN_OK)
        return status;
    dx_write_string(call->answer, "ticket", ticket);
    dx_write_string(call->answer, "expires_at", about.expires_at);
    return DOXIN_OK;
}

/* ---- taking --------------------------------------------------------------------------------------------------------------- */

doxin_status dx_ticket_redeem(dx_app *app, dx_ctx *ctx, const char *kind, const char *ticket, dx_ticket *out)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_app_need_db(app, ctx);
    const char *hash = status == DOXIN_OK ? dx_secret_hash(ctx, ticket) : NULL;
    if (!hash)
        return status == DOXIN_OK ? DOXIN_E_NOMEM : status;
    dx_ctx login = *ctx;
    login.user_id = login.session_id = NULL;
    login.purpose = "login";
    /* One statement: of two that come at once, one finds used_at still empty. */
    status =
        dx_db_exec(app->db, &login, DX_LOGIN_APPLICATION,
                   "UPDATE tickets AS t SET used_at = now() FROM users AS u WHERE t.ticket_hash = $1 AND t.kind = $2 "
                   "AND t.used_at IS NULL AND t.expires_at > now() AND u.id = t.user_id AND u.is_active "
                   "RETURNING t.user_id, u.role, t.session_id, t.subject",
                   DX_PARAMS(hash, kind), &rows);
    ctx->error = login.error;
    if (status == DOXIN_OK && dx_rows_count(rows) == 0)
        status = dx_fail(ctx, DOXIN_E_TICKET, "the ticket is unknown, used or expired");
    if (status == DOXIN_OK)
        *out = (dx_ticket){.user_id = dx_rows_text(rows, 0, 0),
                           .role = dx_rows_text(rows, 0, 1),
                           .session_id = dx_rows_text(rows, 0, 2),
                           .subject = dx_rows_text(rows, 0, 3)};
    return status;
}

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
