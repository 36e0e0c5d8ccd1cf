/* A repeated request with the same Idempotency-Key happens once and is answered alike. */
#ifndef DX_APP_OP_IDEMPOTENCY_H
#define DX_APP_OP_IDEMPOTENCY_H

#include "base/rt/ctx.h"
#include "io/db/db.h"

/* Inside the operation's transaction. *answer (from the call's arena) is what the first request got, or NULL: this is
 * the first. DOXIN_E_IDEMPOTENCY_BUSY: the first is still under way. DOXIN_E_IDEMPOTENCY_REUSED: it was another request.
 * request_hash: SHA-256, 64 digits. */
doxin_status dx_idempotency_begin(dx_tx *tx, dx_ctx *ctx, const char *operation, const char *key,
                                  const char *request_hash, const char **answer);
/* Keeps the answer for 24 hours. */
doxin_status dx_idempotency_end(dx_tx *tx, dx_ctx *ctx, const char *operation, const char *key,
                                const char *request_hash, const char *answer);

#endif
