#include "app/op/idempotency.h"

#include <string.h>

doxin_status dx_idempotency_begin(dx_tx *tx, dx_ctx *ctx, const char *operation, const char *key,
                                  const char *request_hash, const char **answer)
{
    dx_rows *rows = NULL;
    *answer = NULL;
    if (!*key || strlen(key) > 255)
        return dx_fail(ctx, DOXIN_E_HEADER, "an idempotency key has 1 to 255 bytes");
    /* Held until the end of the transaction: while the first request is under way, the second is told so at once. */
    doxin_status status =
        dx_tx_exec(tx, ctx, "SELECT pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2 || ' ' || $3, 0))",
                   DX_PARAMS(ctx->user_id, operation, key), &rows);
    if (status != DOXIN_OK)
        return status;
    if (!dx_rows_bool(rows, 0, 0, false))
        return dx_fail(ctx, DOXIN_E_IDEMPOTENCY_BUSY, "the first request with this Idempotency-Key is still running");
    status = dx_tx_exec(tx, ctx,
                        "SELECT request_hash, answer FROM idempotency_keys WHERE user_id = $1 AND operation = $2 AND "
                        "key = $3 AND expires_at > now()",
                        DX_PARAMS(ctx->user_id, operation, key), &rows);
    if (status != DOXIN_OK || dx_rows_count(rows) == 0)
        return status;
    if (strcmp(dx_rows_text(rows, 0, 0), request_hash) != 0)
        return dx_fail(ctx, DOXIN_E_IDEMPOTENCY_REUSED, "this Idempotency-Key was used for another request");
    *answer = dx_rows_text(rows, 0, 1);
    return DOXIN_OK;
}

doxin_status dx_idempotency_end(dx_tx *tx, dx_ctx *ctx, const char *operation, const char *key,
                                const char *request_hash, const char *answer)
{
    return dx_tx_exec(tx, ctx,
                      "INSERT INTO idempotency_keys (user_id, operation, key, request_hash, state, answer) "
                      "VALUES ($1, $2, $3, $4, 'done', $5) ON CONFLICT (user_id, operation, key) DO UPDATE SET "
                      "request_hash = excluded.request_hash, state = 'done', answer = excluded.answer, "
                      "created_at = now(), expires_at = now() + interval '24 hours'",
                      DX_PARAMS(ctx->user_id, operation, key, request_hash, answer), NULL);
}
