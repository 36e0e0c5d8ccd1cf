/* Tokens and sessions. A token is 256 random bits; the database knows its SHA-256 alone. */
#include "app/identity/internal.h"
#include "app/op/permission.h"
#include "app/op/rows.h"
#include "base/crypto/random.h"

#include <string.h>

/* Longer than the hour of the specification: a development token is not refreshed. */
#define DEVELOPMENT_SECONDS "43200"

/* ---- who holds a token ---------------------------------------------------------------------------------------------------- */

/* last_accessed is written once a minute at most, so that a busy session is no hot row. */
static const char find_session[] =
    "WITH found AS (SELECT s.id, s.user_id, u.role, s.expires_at <= now() AS expired, "
    "s.last_accessed < now() - interval '1 minute' AS stale FROM user_sessions AS s JOIN users AS u ON u.id = "
    "s.user_id "
    "WHERE s.token_hash = $1 AND s.revoked_at IS NULL AND s.replaced_at IS NULL AND u.is_active), "
    "touched AS (UPDATE user_sessions AS s SET last_accessed = now() FROM found AS f "
    "WHERE s.id = f.id AND f.stale AND NOT f.expired) "
    "SELECT id, user_id, role, expired FROM found";

doxin_status dx_app_login(dx_app *app, dx_ctx *ctx, const char *token)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_app_need_db(app, ctx);
    if (status != DOXIN_OK)
        return status;
    if (strlen(token) != DX_TOKEN_TEXT - 1)
        return dx_fail(ctx, DOXIN_E_UNAUTHENTICATED, "the token is not valid");
    const char *hash = dx_secret_hash(ctx, token);
    if (!hash)
        return DOXIN_E_NOMEM;
    dx_ctx login = *ctx;
    login.user_id = login.session_id = NULL;
    login.purpose = "login";
    status = dx_db_exec(app->db, &login, DX_LOGIN_APPLICATION, find_session, DX_PARAMS(hash), &rows);
    ctx->error = login.error;
    if (status != DOXIN_OK)
        return status;
    if (dx_rows_count(rows) == 0)
        return dx_fail(ctx, DOXIN_E_UNAUTHENTICATED, "the token is not valid");
    if (dx_rows_bool(rows, 0, 3, true))
        return dx_fail(ctx, DOXIN_E_TOKEN_EXPIRED, "the token has expired; sign in again");
    ctx->session_id = dx_rows_text(rows, 0, 0);
    ctx->user_id = dx_rows_text(rows, 0, 1);
    ctx->purpose = dx_rows_text(rows, 0, 2);
    return DOXIN_OK;
}

/* ---- development sign-in ---------------------------------------------------------------------------------------------------- */

static const char upsert_user[] =
    "INSERT INTO users AS u (email, name, role, last_login) VALUES ($1::text, coalesce($2::text, $1::text), "
    "coalesce($3::text, 'user')::user_role, now()) ON CONFLICT (email) DO UPDATE SET last_login = now(), "
    "name = coalesce($2::text, u.name), role = coalesce($3::text::user_role, u.role) RETURNING " DX_USER_COLUMNS;

/* The owner's login gives roles; without it only plain users can be made. */
static doxin_status take_user(dx_call *call, dx_ctx *login, const char *email, dx_rows **out)
{
    const char *role = dx_call_text(call, "role");
    dx_login with = dx_db_has_login(call->app->db, DX_LOGIN_OWNER) ? DX_LOGIN_OWNER : DX_LOGIN_APPLICATION;
    doxin_status status =
        dx_db_exec(call->app->db, login, with, upsert_user, DX_PARAMS(email, dx_call_text(call, "name"), role), out);
    if (status == DOXIN_OK && !dx_rows_bool(*out, 0, 4, false))
        status = dx_fail(login, DOXIN_E_FORBIDDEN, "this account is not active");
    return status;
}

static doxin_status open_session(dx_call *call, dx_ctx *login, const char *user_id, const char **token)
{
    const char *hash = NULL;
    doxin_status status = dx_secret_new(login, token, &hash);
    if (status != DOXIN_OK)
        return status;
    return dx_db_exec(
        call->app->db, login, DX_LOGIN_APPLICATION,
        "WITH made AS (INSERT INTO user_sessions (user_id, token_hash, expires_at, ip_address, user_agent) "
        "VALUES ($1, $2, now() + interval '" DEVELOPMENT_SECONDS " seconds', left($3::text, 64), left($4::text, 500)) "
        "RETURNING id, user_id) INSERT INTO audit_log (user_id, table_name, record_id, action, operation, "
        "request_id, ip_address) SELECT user_id, 'user_sessions', id, 'CREATE', 'auth.dev_login', "
        "left($5::text, 128), left($3::text, 64) FROM made",
        DX_PARAMS(user_id, hash, login->client_address, login->client_agent, login->request_id), NULL);
}

/* users.email is kept in lower case; only ASCII has case in an address that is used. */
static const char *lower_email(dx_ctx *ctx, const char *email)
{
    char *lower = dx_text(ctx, email);
    for (char *at = lower; at && *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    return lower;
}

static doxin_status check_email(dx_ctx *ctx, const char *email)
{
    const char *at = strchr(email, '@');
    if (at && at > email && at[1] && !strpbrk(email, " \t\r\n"))
        return DOXIN_OK;
    dx_fail(ctx, DOXIN_E_FIELD, "/email: must be an e-mail address");
    dx_error_field(&ctx->error, "/email", "format", "must be an e-mail address");
    return DOXIN_E_FIELD;
}

doxin_status dx_auth_dev_login(dx_call *call)
{
    dx_rows *user = NULL;
    const char *token = NULL;
    const char *email = lower_email(call->ctx, dx_call_text(call, "email"));
    doxin_status status = dx_app_need_db(call->app, call->ctx);
    if (status == DOXIN_OK && !email)
        status = DOXIN_E_NOMEM;
    if (status == DOXIN_OK)
        status = check_email(call->ctx, email);
    if (status != DOXIN_OK)
        return status;
    dx_ctx login = *call->ctx;
    login.user_id = login.session_id = NULL;
    login.purpose = "login";
    status = take_user(call, &login, email, &user);
    if (status == DOXIN_OK)
        status = open_session(call, &login, dx_rows_text(user, 0, 0), &token);
    call->ctx->error = login.error;
    if (status != DOXIN_OK)
        return status;
    dx_write_string(call->answer, "token", token);
    dx_write_object(call->answer, "user");
    dx_row_write(call->answer, user, 0, 0);
    dx_write_object_end(call->answer);
    dx_write_raw(call->answer, "expires_in", DEVELOPMENT_SECONDS);
    return DOXIN_OK;
}

/* ---- the account ---------------------------------------------------------------------------------------------------------- */

doxin_status dx_auth_me(dx_call *call)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_tx_exec(call->tx, call->ctx, "SELECT " DX_USER_COLUMNS " FROM users AS u WHERE u.id = $1",
                                     DX_PARAMS(call->ctx->user_id), &rows);
    if (status != DOXIN_OK)
        return status;
    if (dx_rows_count(rows) == 0)
        return dx_fail(call->ctx, DOXIN_E_UNAUTHENTICATED, "this account is not active");
    dx_write_object(call->answer, "user");
    dx_row_write(call->answer, rows, 0, 0);
    dx_write_object_end(call->answer);
    dx_write_array(call->answer, "permissions");
    dx_permissions_write(call->ctx->purpose, call->answer);
    dx_write_array_end(call->answer);
    return DOXIN_OK;
}

doxin_status dx_auth_logout(dx_call *call)
{
    if (!call->ctx->session_id)
        return dx_fail(call->ctx, DOXIN_E_CONFLICT, "there is no session to end: nobody signed in with a token");
    doxin_status status = dx_tx_exec(call->tx, call->ctx,
                                     "UPDATE user_sessions SET revoked_at = now(), revoked_reason = 'logout' "
                                     "WHERE id = $1 AND revoked_at IS NULL",
                                     DX_PARAMS(call->ctx->session_id), NULL);
    if (status == DOXIN_OK)
        status = dx_call_audit(call, (dx_audit){.table = "user_sessions",
                                                .record_id = call->ctx->session_id,
                                                .action = "UPDATE",
                                                .new_values = "{\"revoked_reason\":\"logout\"}"});
    if (status == DOXIN_OK)
        dx_write_bool(call->answer, "success", true);
    return status;
}
