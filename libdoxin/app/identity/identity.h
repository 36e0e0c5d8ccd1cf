/* Who asks: tokens, sessions, tickets. */
#ifndef DX_APP_IDENTITY_IDENTITY_H
#define DX_APP_IDENTITY_IDENTITY_H

#include "app/op/op.h"

/* auth.dev_login, auth.me, auth.logout, tickets.create, tickets.redeem. */
extern const dx_module dx_identity_module;

/* Checks a token and fills user_id, purpose ("user" or "admin", the user's role) and session_id of ctx, from the call's
 * arena. DOXIN_E_UNAUTHENTICATED: unknown, revoked, or its user is gone. DOXIN_E_TOKEN_EXPIRED. */
doxin_status dx_app_login(dx_app *app, dx_ctx *ctx, const char *token);

#endif
