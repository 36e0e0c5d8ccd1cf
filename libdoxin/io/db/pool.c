#include "base/crypto/hash.h"
#include "base/rt/alloc.h"
#include "base/rt/clock.h"
#include "io/db/db_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    POOL_NEON = 5,
    POOL_OTHER = 10,
    POOL_MOST = 200,
    OWNER_LIMIT = 2,
    CONNECT_TIMEOUT_MS = 10000,
    STATEMENT_TIMEOUT_MS = 30000,
    /* A pool that holds on to connections keeps a serverless database awake. */
    IDLE_NEON_S = 60,
    IDLE_OTHER_S = 600,
    WAIT_PIECE_MS = 50
};

static bool init_locks(dx_db *db)
{
    pthread_condattr_t attributes;
    if (pthread_mutex_init(&db->lock, NULL) != 0)
        return false;
    if (pthread_mutex_init(&db->key_lock, NULL) != 0)
        goto no_key_lock;
    if (pthread_condattr_init(&attributes) != 0)
        goto no_attributes;
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    int made = 0;
    while (made < DX_LOGINS && pthread_cond_init(&db->pool[made].freed, &attributes) == 0)
        made++;
    pthread_condattr_destroy(&attributes);
    if (made == DX_LOGINS)
        return true;
    while (made > 0)
        pthread_cond_destroy(&db->pool[--made].freed);
no_attributes:
    pthread_mutex_destroy(&db->key_lock);
no_key_lock:
    pthread_mutex_destroy(&db->lock);
    return false;
}

static doxin_status read_targets(dx_db *db, dx_ctx *ctx, const dx_db_options *options)
{
    const char *direct = options->direct_url != NULL ? options->direct_url : options->url;
    const char *direct_name = options->direct_url != NULL ? "DATABASE_DIRECT_URL" : "DATABASE_URL";
    doxin_status status =
        db_target_read(ctx, options->url, false, "DATABASE_URL", &db->pool[DX_LOGIN_APPLICATION].target);
    if (status == DOXIN_OK)
        status = db_target_read(ctx, direct, true, direct_name, &db->direct);
    if (status == DOXIN_OK && options->owner_url != NULL)
        status = db_target_read(ctx, options->owner_url, true, "DATABASE_OWNER_URL", &db->pool[DX_LOGIN_OWNER].target);
    if (status == DOXIN_OK && options->query_url != NULL)
        status = db_target_read(ctx, options->query_url, false, "DATABASE_QUERY_URL", &db->pool[DX_LOGIN_QUERY].target);
    return status;
}

doxin_status dx_db_open(dx_ctx *ctx, const dx_db_options *options, dx_db **out)
{
    *out = NULL;
    if (options == NULL || options->url == NULL || options->url[0] == '\0')
        return dx_fail(ctx, DOXIN_E_NO_SOURCE, "no database is configured; set DATABASE_URL");
    if (options->pool_size < 0 || options->pool_size > POOL_MOST)
        return dx_fail(ctx, DOXIN_E_CONFIG, "the pool holds 1 to %d connections", POOL_MOST);
    dx_db *db = dx_calloc(1, sizeof *db);
    if (db == NULL || !init_locks(db)) {
        dx_free(db);
        return dx_nomem(ctx);
    }
    db->log = options->log;
    db->connect_timeout_ms = options->connect_timeout_ms > 0 ? options->connect_timeout_ms : CONNECT_TIMEOUT_MS;
    db->statement_timeout_ms = options->statement_timeout_ms > 0 ? options->statement_timeout_ms : STATEMENT_TIMEOUT_MS;
    doxin_status status = read_targets(db, ctx, options);
    if (status == DOXIN_OK && options->identity_key != NULL && options->identity_key[0] != '\0') {
        status = db_key_set(db, ctx, options->identity_key);
        if (status == DOXIN_OK)
            memcpy(db->option_key, options->identity_key, DB_KEY_HEX);
    }
    if (status != DOXIN_OK) {
        dx_db_free(db);
        return status;
    }
    for (int login = 0; login < DX_LOGINS; login++) {
        int usual = db->pool[login].target.neon ? POOL_NEON : POOL_OTHER;
        db->pool[login].limit = options->pool_size > 0 ? options->pool_size : usual;
    }
    db->pool[DX_LOGIN_OWNER].limit = OWNER_LIMIT;
    *out = db;
    return DOXIN_OK;
}

void dx_db_free(dx_db *db)
{
    if (db == NULL)
        return;
    for (int login = 0; login < DX_LOGINS; login++) {
        db_evict_idle(db, (dx_login)login);
        db_target_clear(&db->pool[login].target);
        pthread_cond_destroy(&db->pool[login].freed);
    }
    db_target_clear(&db->direct);
    pthread_mutex_destroy(&db->lock);
    pthread_mutex_destroy(&db->key_lock);
    dx_wipe(db->key, sizeof db->key);
    dx_wipe(db->option_key, sizeof db->option_key);
    dx_free(db);
}

bool dx_db_has_login(const dx_db *db, dx_login login)
{
    return db->pool[login].target.count > 0;
}

const char *dx_db_identity_key(const dx_db *db)
{
    return db->option_key[0] != '\0' ? db->option_key : NULL;
}

static void close_list(db_connection *list)
{
    while (list != NULL) {
        db_connection *next = list->next;
        db_disconnect(list);
        list = next;
    }
}

void db_evict_idle(dx_db *db, dx_login login)
{
    db_pool *pool = &db->pool[login];
    pthread_mutex_lock(&db->lock);
    db_connection *list = pool->idle;
    pool->idle = NULL;
    for (const db_connection *each = list; each != NULL; each = each->next) {
        pool->open--;
        pool->evicted++;
    }
    pthread_cond_broadcast(&pool->freed);
    pthread_mutex_unlock(&db->lock);
    close_list(list);
}

/* The idle one used last, if it still lives; those that do not are closed. Called and left with the lock held. */
static db_connection *take_idle(dx_db *db, db_pool *pool)
{
    int64_t oldest = dx_clock_ns() - (int64_t)(pool->target.neon ? IDLE_NEON_S : IDLE_OTHER_S) * 1000000000;
    db_connection *dead = NULL;
    db_connection *taken = NULL;
    while (pool->idle != NULL && taken == NULL) {
        db_connection *first = pool->idle;
        pool->idle = first->next;
        first->next = NULL;
        if (first->idle_since_ns >= oldest && db_connection_alive(first)) {
            taken = first;
        } else {
            first->next = dead;
            dead = first;
            pool->open--;
            pool->evicted++;
        }
    }
    if (dead != NULL) {
        pthread_mutex_unlock(&db->lock);
        close_list(dead);
        pthread_mutex_lock(&db->lock);
    }
    return taken;
}

static void wait_for_one(dx_db *db, db_pool *pool)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += WAIT_PIECE_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    pool->waiting++;
    pthread_cond_timedwait(&pool->freed, &db->lock, &until);
    pool->waiting--;
}

/* An idle connection in *out, or the right to open one (*out NULL, already counted). */
static doxin_status take_place(dx_db *db, dx_ctx *ctx, db_pool *pool, db_connection **out)
{
    int64_t until = dx_clock_ns() + (int64_t)db->statement_timeout_ms * 1000000;
    doxin_status status = DOXIN_OK;
    *out = NULL;
    pthread_mutex_lock(&db->lock);
    for (;;) {
        *out = take_idle(db, pool);
        if (*out != NULL)
            break;
        if (pool->open < pool->limit) {
            pool->open++;
            break;
        }
        status = dx_check(ctx);
        if (status == DOXIN_OK && dx_clock_ns() >= until)
            status = dx_fail(ctx, DOXIN_E_OVERLOADED, "all %d database connections are in use", pool->limit);
        if (status != DOXIN_OK)
            break;
        wait_for_one(db, pool);
    }
    pthread_mutex_unlock(&db->lock);
    return status;
}

doxin_status db_take(dx_db *db, dx_ctx *ctx, dx_login login, db_connection **out, bool *fresh)
{
    static const char *const names[DX_LOGINS] = {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_QUERY_URL"};
    db_pool *pool = &db->pool[login];
    *fresh = false;
    if (pool->target.count == 0)
        return dx_fail(ctx, DOXIN_E_NO_SOURCE, "this needs a database login that is not configured; set %s",
                       names[login]);
    doxin_status status = take_place(db, ctx, pool, out);
    if (status != DOXIN_OK || *out != NULL)
        return status;
    *fresh = true;
    status = db_connect(ctx, &pool->target, db->connect_timeout_ms, db->log, out);
    pthread_mutex_lock(&db->lock);
    if (status == DOXIN_OK) {
        pool->connects++;
        pool->server_version = PQserverVersion((*out)->pg);
    } else {
        pool->open--;
        pthread_cond_signal(&pool->freed);
    }
    pthread_mutex_unlock(&db->lock);
    return status;
}

void db_give(dx_db *db, dx_login login, db_connection *connection)
{
    db_pool *pool = &db->pool[login];
    bool good = PQstatus(connection->pg) == CONNECTION_OK && PQtransactionStatus(connection->pg) == PQTRANS_IDLE;
    pthread_mutex_lock(&db->lock);
    if (good) {
        connection->idle_since_ns = dx_clock_ns();
        connection->next = pool->idle;
        pool->idle = connection;
    } else {
        pool->open--;
        pool->evicted++;
    }
    pthread_cond_signal(&pool->freed);
    pthread_mutex_unlock(&db->lock);
    if (!good)
        db_disconnect(connection);
}

void dx_db_state(dx_db *db, dx_writer *writer)
{
    static const char *const names[DX_LOGINS] = {"application", "owner", "query"};
    dx_write_bool(writer, "neon", db->pool[DX_LOGIN_APPLICATION].target.neon);
    dx_write_integer(writer, "pool_size", db->pool[DX_LOGIN_APPLICATION].limit);
    pthread_mutex_lock(&db->lock);
    for (int login = 0; login < DX_LOGINS; login++) {
        const db_pool *pool = &db->pool[login];
        int idle = 0;
        if (pool->target.count == 0)
            continue;
        for (const db_connection *each = pool->idle; each != NULL; each = each->next)
            idle++;
        dx_write_object(writer, names[login]);
        dx_write_integer(writer, "open", pool->open);
        dx_write_integer(writer, "idle", idle);
        dx_write_integer(writer, "waiting", pool->waiting);
        dx_write_integer(writer, "connects", (int64_t)pool->connects);
        dx_write_integer(writer, "evicted", (int64_t)pool->evicted);
        dx_write_integer(writer, "server_version", pool->server_version);
        dx_write_object_end(writer);
    }
    pthread_mutex_unlock(&db->lock);
}
