#include "app/schema/schema.h"

#include "app/schema/migration.h"

#include <stdio.h>
#include <string.h>

/* Of pg_advisory_xact_lock: "doxin" read as a number. */
#define SCHEMA_LOCK "430325590382"

typedef enum direction { DIRECTION_UP, DIRECTION_DOWN, DIRECTION_STATUS } direction;

/* What the database says of the migrations of this version, in the same order. */
typedef struct applied {
    bool *is;
    const char **at;       /* time text, or NULL */
    const char **checksum; /* as applied, or NULL: applied by another runner */
} applied;

static const char tables_sql[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations (version varchar(128) PRIMARY KEY);"
    "CREATE TABLE IF NOT EXISTS schema_checksums (version varchar(128) PRIMARY KEY, name varchar(200) NOT NULL,"
    " checksum varchar(64) NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());";

static bool known(const char *version)
{
    for (size_t i = 0; i < dx_migration_count; i++)
        if (strcmp(dx_migrations[i].version, version) == 0)
            return true;
    return false;
}

static doxin_status newer(dx_ctx *ctx, const char *version)
{
    return dx_fail(ctx, DOXIN_E_SCHEMA_OLD,
                   "the database has migration %s, which this version of DoxIn does not know; use the newer version",
                   version);
}

/* Reads the lists, under the lock where there is one. */
static doxin_status read_applied(dx_tx *tx, dx_ctx *ctx, applied *out)
{
    dx_rows *rows = NULL;
    out->is = dx_array(ctx, dx_migration_count, sizeof *out->is);
    out->at = dx_array(ctx, dx_migration_count, sizeof *out->at);
    out->checksum = dx_array(ctx, dx_migration_count, sizeof *out->checksum);
    if (out->is == NULL || out->at == NULL || out->checksum == NULL)
        return DOXIN_E_NOMEM;
    doxin_status status = dx_tx_exec(
        tx, ctx,
        "SELECT m.version, c.checksum, to_char(c.applied_at, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') "
        "FROM schema_migrations AS m LEFT JOIN schema_checksums AS c ON c.version = m.version ORDER BY m.version",
        DX_NO_PARAMS, &rows);
    for (size_t row = 0; status == DOXIN_OK && row < dx_rows_count(rows); row++) {
        const char *version = dx_rows_text(rows, row, 0);
        if (!known(version))
            return newer(ctx, version);
        for (size_t i = 0; i < dx_migration_count; i++)
            if (strcmp(dx_migrations[i].version, version) == 0) {
                out->is[i] = true;
                out->checksum[i] = dx_rows_text(rows, row, 1);
                out->at[i] = dx_rows_text(rows, row, 2);
            }
    }
    return status;
}

static doxin_status verify_checksums(dx_ctx *ctx, const applied *state)
{
    for (size_t i = 0; i < dx_migration_count; i++)
        if (state->checksum[i] != NULL && strcmp(state->checksum[i], dx_migrations[i].checksum) != 0)
            return dx_fail(ctx, DOXIN_E_MIGRATION_CHANGED,
                           "%s_%s.sql is not the file that was applied; applied migrations are never edited, add a new "
                           "one instead",
                           dx_migrations[i].version, dx_migrations[i].name);
    return DOXIN_OK;
}

/* The next one to run, or dx_migration_count. */
static size_t next_of(direction way, const applied *state, const char *to)
{
    if (way == DIRECTION_UP) {
        for (size_t i = 0; i < dx_migration_count; i++)
            if (!state->is[i])
                return to == NULL || strcmp(dx_migrations[i].version, to) <= 0 ? i : dx_migration_count;
    } else if (way == DIRECTION_DOWN) {
        for (size_t i = dx_migration_count; i-- > 0;)
            if (state->is[i])
                return to == NULL || strcmp(dx_migrations[i].version, to) > 0 ? i : dx_migration_count;
    }
    return dx_migration_count;
}

/* The script failed: which one, and what the server said. */
static doxin_status script_failure(dx_ctx *ctx, const dx_tx *tx, const dx_migration *migration, doxin_status status)
{
    char words[sizeof ctx->error.message];
    if (dx_tx_sqlstate(tx)[0] == '\0' || status == DOXIN_E_DATABASE_DOWN || status == DOXIN_E_TIMEOUT)
        return status;
    snprintf(words, sizeof words, "%s", ctx->error.message);
    dx_fail(ctx, DOXIN_E_MIGRATION, "%s_%s.sql: %s", migration->version, migration->name, words);
    if (strcmp(dx_tx_sqlstate(tx), "42501") == 0)
        dx_error_hint(&ctx->error, "docs/schema.md says what an administrator of the server does once before");
    return DOXIN_E_MIGRATION;
}

static doxin_status run_one(dx_tx *tx, dx_ctx *ctx, direction way, const dx_migration *migration)
{
    doxin_status status = dx_tx_script(tx, ctx, way == DIRECTION_UP ? migration->up : migration->down);
    if (status != DOXIN_OK)
        return script_failure(ctx, tx, migration, status);
    if (way == DIRECTION_UP) {
        status = dx_tx_exec(tx, ctx, "INSERT INTO public.schema_migrations (version) VALUES ($1)",
                            DX_PARAMS(migration->version), NULL);
        if (status == DOXIN_OK)
            status =
                dx_tx_exec(tx, ctx, "INSERT INTO public.schema_checksums (version, name, checksum) VALUES ($1, $2, $3)",
                           DX_PARAMS(migration->version, migration->name, migration->checksum), NULL);
    } else {
        status = dx_tx_exec(tx, ctx,
                            "WITH gone AS (DELETE FROM public.schema_checksums WHERE version = $1) "
                            "DELETE FROM public.schema_migrations WHERE version = $1",
                            DX_PARAMS(migration->version), NULL);
    }
    return status;
}

/* Those that another runner of dbmate's format applied get the checksum of now. */
static doxin_status adopt(dx_tx *tx, dx_ctx *ctx, const applied *state)
{
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; status == DOXIN_OK && i < dx_migration_count; i++)
        if (state->is[i] && state->checksum[i] == NULL)
            status =
                dx_tx_exec(tx, ctx, "INSERT INTO schema_checksums (version, name, checksum) VALUES ($1, $2, $3)",
                           DX_PARAMS(dx_migrations[i].version, dx_migrations[i].name, dx_migrations[i].checksum), NULL);
    return status;
}

/* One migration in its transaction. *ran: which one; dx_migration_count: nothing was left to do. */
static doxin_status step(dx_db *db, dx_ctx *ctx, direction way, const char *to, size_t *ran)
{
    applied state;
    dx_tx *tx = NULL;
    *ran = dx_migration_count;
    doxin_status status = dx_db_begin(db, ctx, DX_LOGIN_OWNER, &tx);
    if (status == DOXIN_OK)
        status = dx_tx_script(tx, ctx, "SELECT pg_advisory_xact_lock(" SCHEMA_LOCK ")");
    if (status == DOXIN_OK)
        status = dx_tx_script(tx, ctx, tables_sql);
    if (status == DOXIN_OK)
        status = read_applied(tx, ctx, &state);
    if (status == DOXIN_OK)
        status = verify_checksums(ctx, &state);
    if (status == DOXIN_OK)
        status = adopt(tx, ctx, &state);
    if (status == DOXIN_OK) {
        *ran = next_of(way, &state, to);
        if (*ran < dx_migration_count)
            status = run_one(tx, ctx, way, &dx_migrations[*ran]);
    }
    if (status == DOXIN_OK) {
        status = dx_tx_commit(tx, ctx);
        tx = NULL;
    }
    dx_tx_rollback(tx);
    return status;
}

/* The key that the administrator chose, beside the one that the schema made. */
static doxin_status store_key(dx_db *db, dx_ctx *ctx)
{
    const char *key = dx_db_identity_key(db);
    if (key == NULL)
        return DOXIN_OK;
    return dx_db_exec(db, ctx, DX_LOGIN_OWNER,
                      "INSERT INTO public.identity_keys (id, secret) "
                      "SELECT left(encode(sha256(s.secret), 'hex'), 8), s.secret "
                      "FROM (SELECT decode($1, 'hex') AS secret) AS s ON CONFLICT (id) DO NOTHING",
                      DX_PARAMS(key), NULL);
}

static doxin_status tables_exist(dx_tx *tx, dx_ctx *ctx, bool *out)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_tx_exec(tx, ctx,
                                     "SELECT to_regclass('public.schema_migrations') IS NOT NULL AND "
                                     "to_regclass('public.schema_checksums') IS NOT NULL",
                                     DX_NO_PARAMS, &rows);
    *out = dx_rows_bool(rows, 0, 0, false);
    return status;
}

static doxin_status report(dx_db *db, dx_ctx *ctx, const bool *done, direction way, dx_writer *writer)
{
    applied state = {0};
    dx_tx *tx = NULL;
    bool exist = false;
    doxin_status status = dx_db_begin_mode(db, ctx, DX_LOGIN_OWNER, DX_TX_READ_ONLY, &tx);
    if (status == DOXIN_OK)
        status = tables_exist(tx, ctx, &exist);
    if (status == DOXIN_OK && exist)
        status = read_applied(tx, ctx, &state);
    dx_tx_rollback(tx);
    if (status != DOXIN_OK)
        return status;
    dx_write_object(writer, NULL);
    dx_write_string(writer, "schema", "doxin.migrations/1");
    dx_write_array(writer, "migrations");
    for (size_t i = 0; i < dx_migration_count; i++) {
        dx_write_object(writer, NULL);
        dx_write_string(writer, "version", dx_migrations[i].version);
        dx_write_string(writer, "name", dx_migrations[i].name);
        dx_write_bool(writer, "applied", exist && state.is[i]);
        dx_write_string(writer, "applied_at", exist ? state.at[i] : NULL);
        dx_write_string(writer, "checksum", dx_migrations[i].checksum);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
    dx_write_array(writer, "done");
    for (size_t i = 0; i < dx_migration_count; i++) {
        size_t at = way == DIRECTION_DOWN ? dx_migration_count - 1 - i : i;
        if (done[at])
            dx_write_string(writer, NULL, dx_migrations[at].version);
    }
    dx_write_array_end(writer);
    dx_write_object_end(writer);
    return writer->out->failed ? dx_nomem(ctx) : DOXIN_OK;
}

static doxin_status read_direction(dx_ctx *ctx, const char *text, direction *out)
{
    static const char *const names[] = {"up", "down", "status"};
    for (int i = 0; text != NULL && i < 3; i++)
        if (strcmp(text, names[i]) == 0) {
            *out = (direction)i;
            return DOXIN_OK;
        }
    return dx_fail(ctx, DOXIN_E_INVALID, "the direction must be up, down or status");
}

doxin_status dx_schema_migrate(dx_db *db, dx_ctx *ctx, const char *direction_text, const dx_schema_options *options,
                               dx_writer *writer)
{
    direction way = DIRECTION_STATUS;
    const char *to = options != NULL ? options->to : NULL;
    bool *done = dx_array(ctx, dx_migration_count, sizeof *done);
    if (done == NULL)
        return DOXIN_E_NOMEM;
    doxin_status status = read_direction(ctx, direction_text, &way);
    if (status == DOXIN_OK && to != NULL && !known(to) && strcmp(to, "0000") != 0)
        status = dx_fail(ctx, DOXIN_E_INVALID, "there is no migration %s", to);
    int most = options != NULL && options->steps > 0 ? options->steps
               : way == DIRECTION_DOWN && to == NULL ? 1
                                                     : (int)dx_migration_count;
    for (int i = 0; status == DOXIN_OK && way != DIRECTION_STATUS && i < most; i++) {
        size_t ran;
        status = step(db, ctx, way, to, &ran);
        if (status != DOXIN_OK || ran == dx_migration_count)
            break;
        done[ran] = true;
    }
    if (status == DOXIN_OK && way == DIRECTION_UP && to == NULL)
        status = store_key(db, ctx);
    return status == DOXIN_OK ? report(db, ctx, done, way, writer) : status;
}

doxin_status dx_schema_check(dx_db *db, dx_ctx *ctx)
{
    dx_rows *rows = NULL;
    doxin_status status =
        dx_db_exec(db, ctx, DX_LOGIN_APPLICATION, "SELECT version FROM public.schema_migrations ORDER BY version",
                   DX_NO_PARAMS, &rows);
    /* Neither the table nor the role is there before the first migration. */
    if (status == DOXIN_E_SCHEMA_OLD || status == DOXIN_E_FORBIDDEN)
        return dx_fail(ctx, DOXIN_E_SCHEMA_OLD, "the database has no schema yet; run: doxin migrate up");
    if (status != DOXIN_OK)
        return status;
    for (size_t row = 0; row < dx_rows_count(rows); row++)
        if (!known(dx_rows_text(rows, row, 0)))
            return newer(ctx, dx_rows_text(rows, row, 0));
    if (dx_rows_count(rows) < dx_migration_count)
        return dx_fail(ctx, DOXIN_E_SCHEMA_OLD, "%zu of %zu migrations are applied; run: doxin migrate up",
                       dx_rows_count(rows), dx_migration_count);
    return DOXIN_OK;
}
