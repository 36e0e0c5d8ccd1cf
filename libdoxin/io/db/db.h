/* PostgreSQL: pools, transactions as somebody, rows, COPY, notifications. libpq stays behind this header.
 *
 * A dx_db is shared by all threads. A dx_tx, its rows and a dx_listener are one thread's at a time.
 *
 * Two routes: the pooled one may lead through PgBouncer in transaction mode (nothing here rests on a session: settings
 * are SET LOCAL, statements have no names); the direct one is for migrations and LISTEN. Three logins: the application,
 * the owner of the schema, and the query role for generated SQL. Connections come with first use.
 *
 * Every transaction begins with the signed identity of the ctx (user_id, purpose). The row policies of the schema
 * check it; without one no row of any user is seen or written. See docs/schema.md.
 *
 * Errors of every function that takes a ctx: DOXIN_E_DATABASE_DOWN (cannot be reached, connection lost), _TIMEOUT,
 * _CANCELED, _NOMEM, and from statements
 *   DOXIN_E_CONFLICT    unique, foreign key and exclusion violations; serialization failure, deadlock and lock timeout:
 *                       for the last three dx_tx_retryable() is true and error.retry_after_s is 1
 *   DOXIN_E_FORBIDDEN   missing right, or a row that the policies do not let this identity write
 *   DOXIN_E_SCHEMA_OLD  no such table, column or function
 *   DOXIN_E_NO_SPACE    the database's disk is full
 *   DOXIN_E_DATABASE    everything else; a RAISE in the schema (P0001) gives its message as it is
 * After a failed statement the transaction can only be rolled back (or back to a savepoint). */
#ifndef DX_IO_DB_DB_H
#define DX_IO_DB_DB_H

#include "base/rt/ctx.h"
#include "base/rt/json_write.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct dx_db dx_db;
typedef struct dx_tx dx_tx;
typedef struct dx_rows dx_rows;
typedef struct dx_listener dx_listener;

typedef enum dx_login {
    DX_LOGIN_APPLICATION = 0, /* pooled route, role doxin_application */
    DX_LOGIN_OWNER,           /* direct route, the schema's owner */
    DX_LOGIN_QUERY            /* pooled route, role doxin_query, read only */
} dx_login;

enum { DX_LOGINS = 3 };

/* All texts are copied. URLs: postgresql://… or key=value, as libpq reads them. */
typedef struct dx_db_options {
    const char *url;          /* the application's login */
    const char *direct_url;   /* the same past a pooler; NULL: url, on Neon without "-pooler" in its host name */
    const char *owner_url;    /* NULL: no owner's login in this process */
    const char *query_url;    /* NULL: no query login */
    const char *identity_key; /* 64 hexadecimal digits; NULL: read once over owner_url, at the first transaction */
    int pool_size;            /* connections a login; 0: 5 on Neon, else 10 */
    int connect_timeout_ms;   /* 0: 10,000 */
    int statement_timeout_ms; /* the longest statement where the ctx has no deadline; 0: 30,000 */
    const dx_log *log;        /* borrowed for the life of the dx_db; may be NULL */
} dx_db_options;

/* Opens no connection. DOXIN_E_NO_SOURCE: no url. DOXIN_E_CONFIG: a URL or the key cannot be read (the message holds no
 * password). */
doxin_status dx_db_open(dx_ctx *ctx, const dx_db_options *options, dx_db **out);
/* NULL is fine. Transactions and listeners are ended before. */
void dx_db_free(dx_db *db);
bool dx_db_has_login(const dx_db *db, dx_login login);
/* One round trip on the application's login. */
doxin_status dx_db_ping(dx_db *db, dx_ctx *ctx);
/* Writes members into the open object: neon, pool_size, and for each login open, idle, waiting, connects, evicted,
 * server_version (0 before the first connection). No host, no user name, no secret. */
void dx_db_state(dx_db *db, dx_writer *writer);
/* The key that migrations store: 64 digits of the option, or NULL when it is the schema's own. */
const char *dx_db_identity_key(const dx_db *db);

/* ---- transactions ---- */

/* Takes a connection (waits for one until the deadline) and begins. A dead connection of the pool is dropped and the
 * beginning tried again, with backoff while a sleeping database wakes up: nothing of the caller's was sent.
 * The application's identity needs ctx->purpose: "user" and "admin" with ctx->user_id, "worker" and "login" without.
 * purpose NULL: no identity. DX_LOGIN_QUERY begins read only. DX_LOGIN_OWNER carries no identity. */
doxin_status dx_db_begin(dx_db *db, dx_ctx *ctx, dx_login login, dx_tx **out);
/* As dx_db_begin, but SERIALIZABLE or READ ONLY as asked. */
typedef enum dx_tx_mode { DX_TX_PLAIN = 0, DX_TX_READ_ONLY = 1, DX_TX_SERIALIZABLE = 2 } dx_tx_mode;
doxin_status dx_db_begin_mode(dx_db *db, dx_ctx *ctx, dx_login login, dx_tx_mode mode, dx_tx **out);
/* Frees tx, in any case. On DOXIN_E_DATABASE_DOWN the message says that the outcome is not known. NULL is refused. */
doxin_status dx_tx_commit(dx_tx *tx, dx_ctx *ctx);
/* Frees tx. NULL is fine, so that `done:` may call it with what commit left (set tx = NULL after commit). Leaves the
 * error of ctx alone. */
void dx_tx_rollback(dx_tx *tx);

/* The call's parameters: dx_tx_exec(tx, ctx, "SELECT … $1", DX_PARAMS(id), &rows). A NULL is SQL NULL. All are text. */
#define DX_PARAMS(...)                                                                                                 \
    (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)), (const char *const[])                    \
    {                                                                                                                  \
        __VA_ARGS__                                                                                                    \
    }
#define DX_NO_PARAMS 0, NULL

/* One statement. *out (NULL: not wanted) lives in the arena of ctx: nothing to free, valid after the transaction. */
doxin_status dx_tx_exec(dx_tx *tx, dx_ctx *ctx, const char *sql, int count, const char *const *params, dx_rows **out);
/* Several statements, no parameters, no rows: for migrations. */
doxin_status dx_tx_script(dx_tx *tx, dx_ctx *ctx, const char *sql);
/* name: [a-z_]{1,32}. A failed statement after the savepoint is undone by going back to it. */
doxin_status dx_tx_savepoint(dx_tx *tx, dx_ctx *ctx, const char *name);
doxin_status dx_tx_back_to(dx_tx *tx, dx_ctx *ctx, const char *name);

/* Of the last failed statement: SQLSTATE ("" when it did not come from the server) and constraint name (""). */
const char *dx_tx_sqlstate(const dx_tx *tx);
const char *dx_tx_constraint(const dx_tx *tx);
bool dx_tx_retryable(const dx_tx *tx);

/* Runs work in a transaction and commits; again, at most 8 times, when the failure was retryable. work gets a tx that it
 * neither commits nor frees. */
typedef doxin_status (*dx_tx_work)(dx_tx *tx, dx_ctx *ctx, void *data);
doxin_status dx_db_transact(dx_db *db, dx_ctx *ctx, dx_login login, dx_tx_mode mode, dx_tx_work work, void *data);
/* One statement in a transaction of its own. */
doxin_status dx_db_exec(dx_db *db, dx_ctx *ctx, dx_login login, const char *sql, int count, const char *const *params,
                        dx_rows **out);

/* ---- rows: rows may be NULL (then: 0 rows) ---- */

size_t dx_rows_count(const dx_rows *rows);
size_t dx_rows_columns(const dx_rows *rows);
const char *dx_rows_name(const dx_rows *rows, size_t column);
/* The type's object identifier, as in pg_type. */
uint32_t dx_rows_type(const dx_rows *rows, size_t column);
/* -1: no such column. */
int dx_rows_column(const dx_rows *rows, const char *name);
/* NUL-terminated; NULL for SQL NULL and outside the rows. */
const char *dx_rows_text(const dx_rows *rows, size_t row, size_t column);
const char *dx_rows_get(const dx_rows *rows, size_t row, const char *name);
size_t dx_rows_length(const dx_rows *rows, size_t row, size_t column);
bool dx_rows_is_null(const dx_rows *rows, size_t row, size_t column);
int64_t dx_rows_integer(const dx_rows *rows, size_t row, size_t column, int64_t otherwise);
/* "t" and "f"; otherwise for NULL. */
bool dx_rows_bool(const dx_rows *rows, size_t row, size_t column, bool otherwise);
/* Rows that INSERT, UPDATE, DELETE or MERGE touched. */
int64_t dx_rows_affected(const dx_rows *rows);

/* ---- COPY … FROM STDIN, text format ---- */

/* sql: "COPY table (a, b) FROM STDIN". Between begin and end only dx_tx_copy_row may be called on tx. */
doxin_status dx_tx_copy_begin(dx_tx *tx, dx_ctx *ctx, const char *sql);
/* Escapes each value; NULL is SQL NULL. */
doxin_status dx_tx_copy_row(dx_tx *tx, dx_ctx *ctx, size_t count, const char *const *values);
/* *out_rows (may be NULL): rows taken. */
doxin_status dx_tx_copy_end(dx_tx *tx, dx_ctx *ctx, int64_t *out_rows);

/* ---- LISTEN, on the direct route with the application's login ---- */

typedef struct dx_notice {
    bool lost;  /* the connection was lost and made again: notifications may be missing, read the tables */
    bool woken; /* by dx_listener_wake; channel is "" */
    char channel[64];
    char payload[8000]; /* PostgreSQL's bound */
} dx_notice;

/* channels: [a-z_]{1,63} each. */
doxin_status dx_db_listen(dx_db *db, dx_ctx *ctx, const char *const *channels, size_t count, dx_listener **out);
/* DOXIN_OK with a notice; DOXIN_E_AGAIN after timeout_ms (not recorded as an error of ctx); DOXIN_E_DATABASE_DOWN when
 * connecting again failed: call again, it waits longer each time. */
doxin_status dx_listener_wait(dx_listener *listener, dx_ctx *ctx, int timeout_ms, dx_notice *out);
/* Ends the wait of now, or the next one. Any thread. */
void dx_listener_wake(dx_listener *listener);
void dx_listener_free(dx_listener *listener);

#endif
