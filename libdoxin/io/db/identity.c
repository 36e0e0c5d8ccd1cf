/* The setting doxin.identity: who asks, what for and until when, under a key that only the owner of the schema and
 * this process know. migrations/0001_identity.sql has the other half. */
#include "base/crypto/encode.h"
#include "base/crypto/hash.h"
#include "base/crypto/uuid.h"
#include "base/rt/clock.h"
#include "io/db/db_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Beyond the deadline of the call; also what the clocks of both sides may differ by. */
enum { IDENTITY_LIFE_S = 300 };

doxin_status db_key_set(dx_db *db, dx_ctx *ctx, const char *hex)
{
    char digest[DX_SHA256_HEX];
    if (!dx_unhex(hex, strlen(hex), db->key, sizeof db->key))
        return dx_fail(ctx, DOXIN_E_CONFIG, "DOXIN_IDENTITY_KEY must be 64 hexadecimal digits (openssl rand -hex 32)");
    if (!dx_sha256_hex(db->key, sizeof db->key, digest))
        return dx_nomem(ctx);
    memcpy(db->key_id, digest, DB_KEY_ID - 1);
    db->key_id[DB_KEY_ID - 1] = '\0';
    return DOXIN_OK;
}

static doxin_status sign(dx_db *db, dx_ctx *ctx, const char *user_id, const char *purpose, int64_t expiry_s,
                         char out[DB_IDENTITY_TEXT])
{
    unsigned char mac[DX_SHA256_SIZE];
    int length = snprintf(out, DB_IDENTITY_TEXT, "v1.%s.%s.%s.%" PRId64, db->key_id, user_id, purpose, expiry_s);
    if (length < 0 || length + 1 + DX_SHA256_HEX > DB_IDENTITY_TEXT)
        return dx_fail(ctx, DOXIN_E_INTERNAL, "the identity is too long");
    if (!dx_hmac_sha256(db->key, sizeof db->key, out, (size_t)length, mac))
        return dx_nomem(ctx);
    out[length] = '.';
    dx_hex(mac, sizeof mac, out + length + 1);
    return DOXIN_OK;
}

static int64_t expiry_of(const dx_ctx *ctx)
{
    int64_t left_ns = ctx->deadline_ns != 0 ? ctx->deadline_ns - dx_clock_ns() : 0;
    return dx_wall_us() / 1000000 + (left_ns > 0 ? left_ns / 1000000000 : 0) + IDENTITY_LIFE_S;
}

doxin_status db_identity_text(dx_db *db, dx_ctx *ctx, char out[DB_IDENTITY_TEXT])
{
    const char *purpose = ctx->purpose;
    out[0] = '\0';
    if (purpose == NULL)
        return DOXIN_OK;
    bool of_user = strcmp(purpose, "user") == 0 || strcmp(purpose, "admin") == 0;
    if (!of_user && strcmp(purpose, "worker") != 0 && strcmp(purpose, "login") != 0)
        return dx_fail(ctx, DOXIN_E_INVALID, "no such purpose of an identity");
    /* What is no UUID would end in the middle of the SQL text of BEGIN. */
    if (of_user && !dx_uuid_valid(ctx->user_id))
        return dx_fail(ctx, DOXIN_E_UNAUTHENTICATED, "nobody is signed in");
    return sign(db, ctx, of_user ? ctx->user_id : "-", purpose, expiry_of(ctx), out);
}

static doxin_status read_key(dx_db *db, dx_ctx *ctx)
{
    dx_rows *rows = NULL;
    dx_tx *tx = NULL;
    if (!dx_db_has_login(db, DX_LOGIN_OWNER))
        return dx_fail(
            ctx, DOXIN_E_NO_SOURCE,
            "the key of the database's identities is not known; set DOXIN_IDENTITY_KEY or DATABASE_OWNER_URL");
    doxin_status status = db_begin_as(db, ctx, DX_LOGIN_OWNER, DX_TX_READ_ONLY, "", &tx);
    if (status == DOXIN_OK)
        status = dx_tx_exec(
            tx, ctx, "SELECT encode(secret, 'hex') FROM public.identity_keys ORDER BY created_at DESC, id LIMIT 1",
            DX_NO_PARAMS, &rows);
    dx_tx_rollback(tx);
    if (status != DOXIN_OK)
        return status;
    if (dx_rows_count(rows) == 0)
        return dx_fail(ctx, DOXIN_E_SCHEMA_OLD, "the database has no key for identities; run: doxin migrate up");
    return db_key_set(db, ctx, dx_rows_text(rows, 0, 0));
}

/* A wrong key shows as "no rows for anybody", which nobody would understand: so it is asked once. */
static doxin_status try_key(dx_db *db, dx_ctx *ctx)
{
    char identity[DB_IDENTITY_TEXT];
    dx_rows *rows = NULL;
    dx_tx *tx = NULL;
    doxin_status status = sign(db, ctx, "-", "worker", expiry_of(ctx), identity);
    if (status == DOXIN_OK)
        status = db_begin_as(db, ctx, DX_LOGIN_APPLICATION, DX_TX_READ_ONLY, identity, &tx);
    if (status == DOXIN_OK)
        status = dx_tx_exec(tx, ctx, "SELECT public.doxin_purpose()", DX_NO_PARAMS, &rows);
    dx_tx_rollback(tx);
    if (status == DOXIN_OK && dx_rows_is_null(rows, 0, 0))
        return dx_fail(ctx, DOXIN_E_CONFIG,
                       "the database does not know the key of identities (run doxin migrate up with the same "
                       "DOXIN_IDENTITY_KEY), or its clock is more than %d s ahead",
                       IDENTITY_LIFE_S);
    return status;
}

doxin_status db_identity_ready(dx_db *db, dx_ctx *ctx)
{
    if (atomic_load_explicit(&db->key_ready, memory_order_acquire))
        return DOXIN_OK;
    doxin_status status = DOXIN_OK;
    pthread_mutex_lock(&db->key_lock);
    if (!atomic_load_explicit(&db->key_ready, memory_order_acquire)) {
        if (db->option_key[0] == '\0')
            status = read_key(db, ctx);
        if (status == DOXIN_OK)
            status = try_key(db, ctx);
        if (status == DOXIN_OK)
            atomic_store_explicit(&db->key_ready, true, memory_order_release);
    }
    pthread_mutex_unlock(&db->key_lock);
    return status;
}
