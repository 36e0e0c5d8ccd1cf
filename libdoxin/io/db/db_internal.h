/* What the files of this folder share. */
#ifndef DX_IO_DB_DB_INTERNAL_H
#define DX_IO_DB_DB_INTERNAL_H

#include "io/db/db.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>

enum {
    DB_KEY_SIZE = 32,
    DB_KEY_HEX = 65,
    DB_KEY_ID = 9,
    DB_IDENTITY_TEXT = 200,
    DB_URL_PARTS = 64,
    DB_CANCEL_GRACE_MS = 2000, /* what a cancelled statement may take to end before its connection is dropped */
    DB_QUIET_MS = 2000         /* for a ROLLBACK, which has no deadline of its own */
};

/* A URL read apart: keywords and values for PQconnectStartParams, NULL-terminated, on the heap. */
typedef struct db_target {
    char *keywords[DB_URL_PARTS];
    char *values[DB_URL_PARTS];
    int count; /* 0: there is no such login */
    bool neon;
} db_target;

/* One connection. wake_fd is an eventfd that ends its polls from another thread. */
typedef struct db_connection {
    PGconn *pg;
    int wake_fd;
    int64_t idle_since_ns;
    struct db_connection *next; /* in the pool's list */
} db_connection;

typedef struct db_pool {
    db_target target;
    int limit;
    int open;    /* taken and idle */
    int waiting; /* threads that wait for one */
    int server_version;
    uint64_t connects, evicted;
    db_connection *idle; /* the one used last comes first */
    pthread_cond_t freed;
} db_pool;

struct dx_db {
    pthread_mutex_t lock; /* guards the pools */
    db_pool pool[DX_LOGINS];
    db_target direct;
    int connect_timeout_ms, statement_timeout_ms;
    const dx_log *log;
    pthread_mutex_t key_lock; /* guards the key while it is read for the first time */
    unsigned char key[DB_KEY_SIZE];
    char key_id[DB_KEY_ID];
    char option_key[DB_KEY_HEX]; /* "" when the key is the schema's own */
    atomic_bool key_ready;       /* key is set and the database was seen to accept it */
};

struct dx_tx {
    dx_db *db;
    db_connection *connection;
    dx_login login;
    bool copying;
    bool retryable;
    char sqlstate[6];
    char constraint[64];
};

/* ---- url.c ---- */

/* extra_host: on Neon, whether "-pooler" is taken out of the host name. what: for the message, as "DATABASE_URL". */
doxin_status db_target_read(dx_ctx *ctx, const char *url, bool direct, const char *what, db_target *out);
void db_target_clear(db_target *target);

/* ---- connection.c ---- */

/* Connects, trying again with full-jitter backoff while the server sleeps, starts or is full. *out is owned. */
doxin_status db_connect(dx_ctx *ctx, const db_target *target, int timeout_ms, const dx_log *log, db_connection **out);
void db_disconnect(db_connection *connection);
/* Sleeps, in short pieces so that the deadline or a cancel ends it. */
doxin_status db_pause(dx_ctx *ctx, int64_t ns);
/* False: the server closed it, or said something (which for an idle connection is its end). */
bool db_connection_alive(db_connection *connection);

/* ---- exchange.c ---- */

typedef enum db_wait_result { DB_WAIT_READY = 0, DB_WAIT_WOKEN, DB_WAIT_TIMEOUT, DB_WAIT_ERROR } db_wait_result;
/* Polls the socket (none when events is 0) and the wake_fd until until_ns of dx_clock_ns(). A wake is taken. */
db_wait_result db_wait(db_connection *connection, short events, int64_t until_ns);
/* The dx_wake_fn of a connection. */
void db_wake(void *connection);

/* Sends one statement (count < 0: a script by the simple protocol) and reads to its end, or to the start of a COPY.
 * ctx NULL: no cancel, DB_QUIET_MS. *out is to be PQcleared, and is NULL only where the connection gave nothing.
 * DOXIN_OK says that the server answered, maybe with an error; else TIMEOUT, CANCELED (recorded), or DATABASE_DOWN
 * (not recorded). After those the connection may be in any state: ask PQstatus and PQtransactionStatus. */
doxin_status db_exchange(db_connection *connection, dx_ctx *ctx, const char *sql, int count, const char *const *params,
                         PGresult **out);
/* Reads what is left of the answer, as db_exchange. */
doxin_status db_finish(db_connection *connection, dx_ctx *ctx, PGresult **out);
/* Sends what libpq holds back. */
doxin_status db_flush(db_connection *connection, dx_ctx *ctx);

/* ---- failure.c ---- */

/* Records the error of a failed result (tx may be NULL) and returns its status. */
doxin_status db_failure(dx_ctx *ctx, dx_tx *tx, const PGresult *result);
/* The same for a connection that broke. */
doxin_status db_broken(dx_ctx *ctx, const PGconn *pg, const char *doing);
bool db_result_ok(const PGresult *result);
/* A server's message cut to its first line, without the "FATAL:  57P01: " before it. out_state: "" or the SQLSTATE. */
void db_first_line(const char *message, char *out, size_t size, char out_state[6]);

/* ---- identity.c ---- */

/* Sees to it that db->key is there and that the database accepts it. */
doxin_status db_identity_ready(dx_db *db, dx_ctx *ctx);
/* The text of the setting for ctx, or "" for nobody. */
doxin_status db_identity_text(dx_db *db, dx_ctx *ctx, char out[DB_IDENTITY_TEXT]);
doxin_status db_key_set(dx_db *db, dx_ctx *ctx, const char *hex);

/* ---- pool.c ---- */

/* A connection of the login; *fresh: just made. */
doxin_status db_take(dx_db *db, dx_ctx *ctx, dx_login login, db_connection **out, bool *fresh);
/* Back into the pool, or closed when it is no longer good. */
void db_give(dx_db *db, dx_login login, db_connection *connection);
/* Closes all idle ones of a login: they died together. */
void db_evict_idle(dx_db *db, dx_login login);

/* ---- transaction.c ---- */

/* dx_db_begin_mode with an identity that is given, for identity.c. */
doxin_status db_begin_as(dx_db *db, dx_ctx *ctx, dx_login login, dx_tx_mode mode, const char *identity, dx_tx **out);

/* ---- rows.c ---- */

/* Copies a result into the arena. */
doxin_status db_rows_copy(dx_ctx *ctx, const PGresult *result, dx_rows **out);

#endif
