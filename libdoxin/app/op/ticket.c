/* Secrets whose SHA-256 alone is stored, and the tickets made of them. */
#include "app/op/ticket.h"

#include "base/crypto/hash.h"
#include "base/crypto/random.h"

#include <string.h>

const char *dx_secret_hash(dx_ctx *ctx, const char *secret)
{
    char *hash = dx_new(ctx, DX_SHA256_HEX);
    if (hash && !dx_sha256_hex(secret, strlen(secret), hash)) {
        dx_nomem(ctx);
        return NULL;
    }
    return hash;
}

doxin_status dx_secret_new(dx_ctx *ctx, const char **secret, const char **hash)
{
    char *made = dx_new(ctx, DX_TOKEN_TEXT);
    if (!made)
        return DOXIN_E_NOMEM;
    if (!dx_random_token(made))
        return dx_fail(ctx, DOXIN_E_UNAVAILABLE, "the system gives no random bytes");
    *secret = made;
    *hash = dx_secret_hash(ctx, made);
    return *hash ? DOXIN_OK : DOXIN_E_NOMEM;
}

doxin_status dx_ticket_make(dx_tx *tx, dx_ctx *ctx, const char *kind, const char *subject, int seconds,
                            dx_new_ticket *out)
{
    dx_rows *rows = NULL;
    const char *hash = NULL;
    const char *time = dx_textf(ctx, "%d", seconds);
    doxin_status status = time ? dx_secret_new(ctx, &out->ticket, &hash) : DOXIN_E_NOMEM;
    if (status == DOXIN_OK)
        status = dx_tx_exec(tx, ctx,
                            "INSERT INTO tickets (ticket_hash, kind, user_id, session_id, subject, expires_at) "
                            "VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6::integer)) RETURNING "
                            "to_char(expires_at, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
                            DX_PARAMS(hash, kind, ctx->user_id, ctx->session_id, subject, time), &rows);
    out->expires_at = dx_rows_text(rows, 0, 0);
    return status;
}

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
