#include "base/crypto/random.h"
#include "base/rt/alloc.h"
#include "base/rt/clock.h"
#include "io/db/db_internal.h"

#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
    BACKOFF_FIRST_MS = 50,
    BACKOFF_MOST_MS = 2000,
    /* A server that is down should be known to be down soon; one that sleeps or starts is worth the whole timeout. */
    PATIENCE_MS = 1000
};

void db_disconnect(db_connection *connection)
{
    if (connection == NULL)
        return;
    PQfinish(connection->pg);
    if (connection->wake_fd >= 0)
        close(connection->wake_fd);
    dx_free(connection);
}

bool db_connection_alive(db_connection *connection)
{
    struct pollfd fd = {.fd = PQsocket(connection->pg), .events = POLLIN};
    return PQstatus(connection->pg) == CONNECTION_OK && fd.fd >= 0 && poll(&fd, 1, 0) == 0;
}

/* Drives the handshake to its end. */
static doxin_status shake_hands(db_connection *connection, dx_ctx *ctx, int64_t until)
{
    /* Verbose messages name the SQLSTATE, which libpq does not give otherwise before there is a result. */
    PQsetErrorVerbosity(connection->pg, PQERRORS_VERBOSE);
    if (!dx_wait_begin(ctx, db_wake, connection))
        return dx_fail(ctx, DOXIN_E_CANCELED, "the call was cancelled");
    doxin_status status = DOXIN_OK;
    PostgresPollingStatusType step = PGRES_POLLING_WRITING;
    while (status == DOXIN_OK && step != PGRES_POLLING_OK && step != PGRES_POLLING_FAILED) {
        switch (db_wait(connection, step == PGRES_POLLING_READING ? POLLIN : POLLOUT, until)) {
        case DB_WAIT_READY:
            step = PQconnectPoll(connection->pg);
            break;
        case DB_WAIT_WOKEN:
            status = ctx->cancel != NULL && atomic_load(&ctx->cancel->asked) ? DOXIN_E_CANCELED : DOXIN_OK;
            break;
        case DB_WAIT_TIMEOUT:
            status = DOXIN_E_TIMEOUT;
            break;
        case DB_WAIT_ERROR:
            step = PGRES_POLLING_FAILED;
            break;
        }
    }
    dx_wait_end(ctx);
    if (status == DOXIN_E_CANCELED)
        return dx_fail(ctx, status, "the call was cancelled");
    if (status == DOXIN_E_TIMEOUT)
        return dx_fail(ctx, DOXIN_E_DATABASE_DOWN, "the database did not answer in time while connecting");
    if (step == PGRES_POLLING_FAILED)
        return DOXIN_E_DATABASE_DOWN;
    PQsetErrorVerbosity(connection->pg, PQERRORS_DEFAULT);
    return PQsetnonblocking(connection->pg, 1) == 0 ? DOXIN_OK : DOXIN_E_DATABASE_DOWN;
}

/* What the server remarks (NOTICE, WARNING) would go to standard error otherwise. */
static void take_notice(void *log, const PGresult *result)
{
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    dx_log_write(log, DX_DEBUG, "db", NULL, "the server remarks: %s", message != NULL ? message : "");
}

/* One attempt. *state: the SQLSTATE of a refusal, or "". */
static doxin_status connect_once(dx_ctx *ctx, const db_target *target, int64_t until, const dx_log *log, char state[6],
                                 db_connection **out)
{
    state[0] = '\0';
    db_connection *connection = dx_calloc(1, sizeof *connection);
    if (connection == NULL)
        return dx_nomem(ctx);
    connection->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    doxin_status status = DOXIN_OK;
    if (connection->wake_fd < 0) {
        status = dx_fail(ctx, DOXIN_E_UNAVAILABLE, "no file descriptor is left for a database connection");
        goto done;
    }
    connection->pg =
        PQconnectStartParams((const char *const *)target->keywords, (const char *const *)target->values, 0);
    if (connection->pg == NULL) {
        status = dx_nomem(ctx);
        goto done;
    }
    PQsetNoticeReceiver(connection->pg, take_notice, (void *)(uintptr_t)log);
    if (PQstatus(connection->pg) != CONNECTION_BAD)
        status = shake_hands(connection, ctx, until);
    if (status == DOXIN_E_DATABASE_DOWN || PQstatus(connection->pg) == CONNECTION_BAD) {
        if (status == DOXIN_OK)
            status = DOXIN_E_DATABASE_DOWN;
        if (PQstatus(connection->pg) == CONNECTION_BAD && status == DOXIN_E_DATABASE_DOWN) {
            char line[256];
            db_first_line(PQerrorMessage(connection->pg), line, sizeof line, state);
            /* 28: the password or the login; 3D: the name of the database. Trying again does not help. */
            if (strncmp(state, "28", 2) == 0 || strncmp(state, "3D", 2) == 0)
                status = DOXIN_E_CONFIG;
            dx_fail(ctx, status, "the database cannot be reached: %s", line);
        }
    }
done:
    if (status != DOXIN_OK) {
        db_disconnect(connection);
        connection = NULL;
    }
    *out = connection;
    return status;
}

/* Full jitter: evenly between nothing and a bound that doubles. */
static int64_t backoff_ns(int attempt)
{
    int64_t bound = BACKOFF_FIRST_MS;
    for (int i = 0; i < attempt && bound < BACKOFF_MOST_MS; i++)
        bound *= 2;
    if (bound > BACKOFF_MOST_MS)
        bound = BACKOFF_MOST_MS;
    return (int64_t)(1 + dx_random_below((uint32_t)bound)) * 1000000;
}

doxin_status db_pause(dx_ctx *ctx, int64_t ns)
{
    int64_t until = dx_clock_ns() + ns;
    int64_t left;
    while ((left = until - dx_clock_ns()) > 0) {
        struct timespec piece = {.tv_sec = 0, .tv_nsec = (long)(left < 20000000 ? left : 20000000)};
        nanosleep(&piece, NULL);
        doxin_status status = dx_check(ctx);
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

doxin_status db_connect(dx_ctx *ctx, const db_target *target, int timeout_ms, const dx_log *log, db_connection **out)
{
    int64_t begun = dx_clock_ns();
    int64_t until = begun + (int64_t)timeout_ms * 1000000;
    if (ctx->deadline_ns != 0)
        until = earlier(until, ctx->deadline_ns);
    *out = NULL;
    for (int attempt = 0;; attempt++) {
        char state[6];
        doxin_status status = dx_check(ctx);
        if (status == DOXIN_OK)
            status = connect_once(ctx, target, until, log, state, out);
        if (status != DOXIN_E_DATABASE_DOWN)
            return status;
        bool sleeps = target->neon || strcmp(state, "57P03") == 0 || strncmp(state, "53", 2) == 0;
        int64_t give_up = sleeps ? until : earlier(until, begun + (int64_t)PATIENCE_MS * 1000000);
        int64_t pause = backoff_ns(attempt);
        if (dx_clock_ns() + pause >= give_up)
            return status;
        dx_log_write(log, DX_INFO, "db", NULL, "connecting failed, trying again in %d ms: %s", (int)(pause / 1000000),
                     ctx->error.message);
        status = db_pause(ctx, pause);
        if (status != DOXIN_OK)
            return status;
    }
}
