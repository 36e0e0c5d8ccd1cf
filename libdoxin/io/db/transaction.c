#include "base/crypto/random.h"
#include "base/rt/alloc.h"
#include "base/rt/clock.h"
#include "io/db/db_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    BEGIN_TEXT = 1024,
    BEGIN_ATTEMPTS = 4,
    WORK_ATTEMPTS = 9,
    /* The server ends what a client left open in the middle. */
    IDLE_IN_TRANSACTION_MS = 300000
};

/* The whole beginning goes in one message: behind PgBouncer nothing may be left on the session. */
static void begin_text(const dx_db *db, const dx_ctx *ctx, dx_login login, dx_tx_mode mode, const char *identity,
                       char out[BEGIN_TEXT])
{
    static const char *const roles[DX_LOGINS] = {"SET LOCAL ROLE doxin_application; ", "",
                                                 "SET LOCAL ROLE doxin_query; "};
    bool read_only = (mode & DX_TX_READ_ONLY) != 0 || login == DX_LOGIN_QUERY;
    /* The owner's migrations may take long; what has a deadline ends with it. */
    int64_t timeout_ms = login == DX_LOGIN_OWNER ? 0 : db->statement_timeout_ms;
    if (ctx->deadline_ns != 0) {
        timeout_ms = (ctx->deadline_ns - dx_clock_ns()) / 1000000;
        timeout_ms = timeout_ms < 1 ? 1 : timeout_ms > INT32_MAX ? INT32_MAX : timeout_ms;
    }
    snprintf(out, BEGIN_TEXT,
             "BEGIN%s%s; %sSET LOCAL search_path = public, extensions; SET LOCAL timezone = 'UTC'; "
             "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL statement_timeout = %" PRId64
             "; SET LOCAL idle_in_transaction_session_timeout = %d; SET LOCAL doxin.identity = '%s'",
             (mode & DX_TX_SERIALIZABLE) != 0 ? " ISOLATION LEVEL SERIALIZABLE" : "", read_only ? " READ ONLY" : "",
             roles[login], timeout_ms, IDLE_IN_TRANSACTION_MS, identity);
}

/* On success the transaction is open. *lost: the connection turned out to be dead. */
static doxin_status begin_on(dx_ctx *ctx, db_connection *connection, const char *text, bool *lost)
{
    PGresult *result = NULL;
    doxin_status status = db_exchange(connection, ctx, text, -1, NULL, &result);
    *lost = false;
    if (status == DOXIN_OK && !db_result_ok(result)) {
        status = db_failure(ctx, NULL, result);
        /* A role that does not exist (22023), or that the login may not take (42501). */
        if (status == DOXIN_E_FORBIDDEN || (status == DOXIN_E_DATABASE && strstr(text, "ROLE") != NULL))
            status = dx_fail(ctx, DOXIN_E_SCHEMA_OLD,
                             "the database login cannot take its role (%s); run doxin migrate up, or: GRANT the role "
                             "to the login",
                             PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
        *lost = status == DOXIN_E_DATABASE_DOWN;
    } else if (status == DOXIN_E_DATABASE_DOWN) {
        *lost = true;
        db_broken(ctx, connection->pg, "beginning");
    }
    PQclear(result);
    return status;
}

/* Ends whatever the connection is in and gives it back. */
static void end_quietly(dx_db *db, dx_login login, db_connection *connection)
{
    if (PQstatus(connection->pg) == CONNECTION_OK && PQtransactionStatus(connection->pg) != PQTRANS_IDLE &&
        PQtransactionStatus(connection->pg) != PQTRANS_ACTIVE) {
        PGresult *result = NULL;
        (void)db_exchange(connection, NULL, "ROLLBACK", -1, NULL, &result);
        PQclear(result);
    }
    db_give(db, login, connection);
}

doxin_status db_begin_as(dx_db *db, dx_ctx *ctx, dx_login login, dx_tx_mode mode, const char *identity, dx_tx **out)
{
    char text[BEGIN_TEXT];
    *out = NULL;
    dx_tx *tx = dx_calloc(1, sizeof *tx);
    if (tx == NULL)
        return dx_nomem(ctx);
    doxin_status status = DOXIN_OK;
    for (int attempt = 0; attempt < BEGIN_ATTEMPTS; attempt++) {
        bool fresh = false, lost = false;
        status = db_take(db, ctx, login, &tx->connection, &fresh);
        if (status != DOXIN_OK)
            break;
        begin_text(db, ctx, login, mode, identity, text);
        status = begin_on(ctx, tx->connection, text, &lost);
        if (status == DOXIN_OK)
            break;
        if (lost) {
            dx_log_write(db->log, DX_INFO, "db", NULL, "a connection was lost and is replaced: %s", ctx->error.message);
            db_evict_idle(db, login);
        }
        end_quietly(db, login, tx->connection);
        if (!lost)
            break;
    }
    if (status != DOXIN_OK) {
        dx_free(tx);
        return status;
    }
    dx_error_clear(&ctx->error); /* of attempts that failed before this one */
    tx->db = db;
    tx->login = login;
    *out = tx;
    return DOXIN_OK;
}

doxin_status dx_db_begin_mode(dx_db *db, dx_ctx *ctx, dx_login login, dx_tx_mode mode, dx_tx **out)
{
    char identity[DB_IDENTITY_TEXT] = "";
    *out = NULL;
    if (login != DX_LOGIN_OWNER && ctx->purpose != NULL) {
        doxin_status status = db_identity_ready(db, ctx);
        if (status == DOXIN_OK)
            status = db_identity_text(db, ctx, identity);
        if (status != DOXIN_OK)
            return status;
    }
    return db_begin_as(db, ctx, login, mode, identity, out);
}

doxin_status dx_db_begin(dx_db *db, dx_ctx *ctx, dx_login login, dx_tx **out)
{
    return dx_db_begin_mode(db, ctx, login, DX_TX_PLAIN, out);
}

/* An exchange whose failure is recorded on tx and ctx. The result is handed out only when it is good. */
static doxin_status run(dx_tx *tx, dx_ctx *ctx, const char *sql, int count, const char *const *params, PGresult **out)
{
    *out = NULL;
    tx->sqlstate[0] = tx->constraint[0] = '\0';
    tx->retryable = false;
    if (tx->copying)
        return dx_fail(ctx, DOXIN_E_INTERNAL, "a COPY is under way on this transaction");
    PGresult *result = NULL;
    doxin_status status = db_exchange(tx->connection, ctx, sql, count, params, &result);
    if (status == DOXIN_E_DATABASE_DOWN)
        status = db_broken(ctx, tx->connection->pg, "a statement ran");
    else if (status == DOXIN_OK && result == NULL)
        status = dx_fail(ctx, DOXIN_E_DATABASE, "the database gave no answer");
    else if (status == DOXIN_OK && !db_result_ok(result))
        status = db_failure(ctx, tx, result);
    if (status != DOXIN_OK) {
        PQclear(result);
        return status;
    }
    *out = result;
    return DOXIN_OK;
}

doxin_status dx_tx_exec(dx_tx *tx, dx_ctx *ctx, const char *sql, int count, const char *const *params, dx_rows **out)
{
    PGresult *result = NULL;
    if (out != NULL)
        *out = NULL;
    doxin_status status = run(tx, ctx, sql, count, params, &result);
    if (status == DOXIN_OK && out != NULL)
        status = db_rows_copy(ctx, result, out);
    PQclear(result);
    return status;
}

doxin_status dx_tx_script(dx_tx *tx, dx_ctx *ctx, const char *sql)
{
    PGresult *result = NULL;
    doxin_status status = run(tx, ctx, sql, -1, NULL, &result);
    PQclear(result);
    return status;
}

static doxin_status savepoint(dx_tx *tx, dx_ctx *ctx, const char *command, const char *name)
{
    char sql[80];
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz_");
    if (length == 0 || length > 32 || name[length] != '\0')
        return dx_fail(ctx, DOXIN_E_INTERNAL, "no name for a savepoint");
    snprintf(sql, sizeof sql, "%s %s", command, name);
    return dx_tx_exec(tx, ctx, sql, DX_NO_PARAMS, NULL);
}

doxin_status dx_tx_savepoint(dx_tx *tx, dx_ctx *ctx, const char *name)
{
    return savepoint(tx, ctx, "SAVEPOINT", name);
}

doxin_status dx_tx_back_to(dx_tx *tx, dx_ctx *ctx, const char *name)
{
    return savepoint(tx, ctx, "ROLLBACK TO SAVEPOINT", name);
}

doxin_status dx_tx_commit(dx_tx *tx, dx_ctx *ctx)
{
    PGresult *result = NULL;
    if (tx == NULL)
        return dx_fail(ctx, DOXIN_E_INVALID, "there is no transaction to commit");
    doxin_status status = run(tx, ctx, "COMMIT", -1, NULL, &result);
    if (status == DOXIN_OK && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        status = dx_fail(ctx, DOXIN_E_DATABASE, "the transaction had failed and was rolled back");
    else if (status == DOXIN_E_DATABASE_DOWN || (status != DOXIN_OK && tx->sqlstate[0] == '\0'))
        status = dx_fail(ctx, status,
                         "the connection to the database was lost while committing; whether it was done is not known");
    PQclear(result);
    end_quietly(tx->db, tx->login, tx->connection);
    dx_free(tx);
    return status;
}

void dx_tx_rollback(dx_tx *tx)
{
    if (tx == NULL)
        return;
    end_quietly(tx->db, tx->login, tx->connection);
    dx_free(tx);
}

const char *dx_tx_sqlstate(const dx_tx *tx)
{
    return tx->sqlstate;
}

const char *dx_tx_constraint(const dx_tx *tx)
{
    return tx->constraint;
}

bool dx_tx_retryable(const dx_tx *tx)
{
    return tx->retryable;
}

/* work and commit once. *again: the failure was of the kind that passes. */
static doxin_status transact_once(dx_db *db, dx_ctx *ctx, dx_login login, dx_tx_mode mode, dx_tx_work work, void *data,
                                  bool *again)
{
    dx_tx *tx = NULL;
    *again = false;
    doxin_status status = dx_db_begin_mode(db, ctx, login, mode, &tx);
    if (status != DOXIN_OK)
        return status;
    status = work(tx, ctx, data);
    if (status == DOXIN_OK) {
        status = dx_tx_commit(tx, ctx);
        /* A serialization failure may come as late as this; the transaction is gone, but the error tells. */
        *again = status == DOXIN_E_CONFLICT && ctx->error.retry_after_s > 0;
        return status;
    }
    *again = tx->retryable;
    dx_tx_rollback(tx);
    return status;
}

enum { LONGEST_DOUBLING = 5 /* 640 ms */ };

doxin_status dx_db_transact(dx_db *db, dx_ctx *ctx, dx_login login, dx_tx_mode mode, dx_tx_work work, void *data)
{
    for (int attempt = 1;; attempt++) {
        bool again = false;
        doxin_status status = transact_once(db, ctx, login, mode, work, data, &again);
        if (!again || attempt == WORK_ATTEMPTS)
            return status;
        unsigned longest_ms = 20U << (attempt < LONGEST_DOUBLING ? attempt : LONGEST_DOUBLING);
        status = db_pause(ctx, (int64_t)(1 + dx_random_below(longest_ms)) * 1000000);
        if (status != DOXIN_OK)
            return status;
        dx_error_clear(&ctx->error);
    }
}

typedef struct statement {
    const char *sql;
    int count;
    const char *const *params;
    dx_rows **out;
} statement;

static doxin_status run_statement(dx_tx *tx, dx_ctx *ctx, void *data)
{
    const statement *wanted = data;
    return dx_tx_exec(tx, ctx, wanted->sql, wanted->count, wanted->params, wanted->out);
}

doxin_status dx_db_exec(dx_db *db, dx_ctx *ctx, dx_login login, const char *sql, int count, const char *const *params,
                        dx_rows **out)
{
    statement wanted = {sql, count, params, out};
    return dx_db_transact(db, ctx, login, DX_TX_PLAIN, run_statement, &wanted);
}

doxin_status dx_db_ping(dx_db *db, dx_ctx *ctx)
{
    dx_tx *tx = NULL;
    doxin_status status = db_begin_as(db, ctx, DX_LOGIN_APPLICATION, DX_TX_READ_ONLY, "", &tx);
    dx_tx_rollback(tx);
    return status;
}
