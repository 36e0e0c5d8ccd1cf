/* Secrets, and tickets: what a browser may put into an address instead of a token. A ticket works once. */
#ifndef DX_APP_OP_TICKET_H
#define DX_APP_OP_TICKET_H

#include "app/op/op.h"

/* A new secret of 256 random bits and its SHA-256, which alone is stored; both from the call's arena. */
doxin_status dx_secret_new(dx_ctx *ctx, const char **secret, const char **hash);
/* SHA-256 of what somebody shows, 64 digits from the call's arena; NULL: no memory (recorded). */
const char *dx_secret_hash(dx_ctx *ctx, const char *secret);

/* From the call's arena. */
typedef struct dx_new_ticket {
    const char *ticket;
    const char *expires_at;
} dx_new_ticket;

/* For the user of ctx. kind: "websocket" or "file"; subject: id of the file, else NULL. */
doxin_status dx_ticket_make(dx_tx *tx, dx_ctx *ctx, const char *kind, const char *subject, int seconds,
                            dx_new_ticket *out);

/* Whose a ticket was; from the call's arena. */
typedef struct dx_ticket {
    const char *user_id;
    const char *role;       /* of its user: "user" or "admin" */
    const char *session_id; /* may be NULL */
    const char *subject;    /* may be NULL */
} dx_ticket;

/* Takes it, in a transaction of its own. DOXIN_E_TICKET: unknown, used, expired or of another kind. */
doxin_status dx_ticket_redeem(dx_app *app, dx_ctx *ctx, const char *kind, const char *ticket, dx_ticket *out);

#endif
