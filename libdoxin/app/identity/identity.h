/* Who asks: tokens, sessions, tickets. */
#ifndef DX_APP_IDENTITY_IDENTITY_H
#define DX_APP_IDENTITY_IDENTITY_H

#include "app/op/op.h"

/* auth.dev_login, auth.me, auth.logout, tickets.create, tickets.redeem. */
extern const dx_module dx_identity_module;

/* Checks a token and fills user_id, purpose ("user" or "admin", the user's role) and session_id of ctx, from the call's
 * arena. DOXIN_E_UNAUTHENTICATED: unknown, revoked, or its user is gone. DOXIN_E_TOKEN_EXPIRED. */
doxin_status dx_app_login(dx_app *app, dx_ctx *ctx, const char *token);

/* ---- for other folders ---- */

/* A ticket that opens one file once, for `seconds`, in call->tx. *out is from the call's arena. */
doxin_status dx_ticket_for_file(dx_tx *tx, dx_ctx *ctx, const char *file_id, int seconds, const char **out);
/* Takes a ticket: whose it was. Makes its own transaction. DOXIN_E_TICKET: unknown, used, expired or of another kind.
 * Everything is from the call's arena; subject may be NULL. */
typedef struct dx_ticket {
    const char *user_id;
    const char *role;       /* of its user: "user" or "admin" */
    const char *session_id; /* may be NULL */
    const char *subject;
    const char *expires_at;
} dx_ticket;
doxin_status dx_ticket_redeem(dx_app *app, dx_ctx *ctx, const char *kind, const char *ticket, dx_ticket *out);

#endif
