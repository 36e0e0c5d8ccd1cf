/* Talking to the server without ever blocking in libpq: every wait is a poll that a deadline or a cancel ends. */
#include "base/rt/clock.h"
#include "io/db/db_internal.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

void db_wake(void *data)
{
    const db_connection *connection = data;
    uint64_t one = 1;
    /* The counter of an eventfd is full only after 2^64 - 2 wakes; then it is awake anyway. */
    ssize_t written = write(connection->wake_fd, &one, sizeof one);
    (void)written;
}

static int milliseconds_until(int64_t until_ns)
{
    int64_t left = until_ns - dx_clock_ns();
    if (left <= 0)
        return 0;
    left = (left + 999999) / 1000000;
    return left > 60000 ? 60000 : (int)left;
}

db_wait_result db_wait(db_connection *connection, short events, int64_t until_ns)
{
    struct pollfd fds[2] = {{.fd = connection->wake_fd, .events = POLLIN},
                            {.fd = events != 0 ? PQsocket(connection->pg) : -1, .events = events}};
    if (events != 0 && fds[1].fd < 0)
        return DB_WAIT_ERROR;
    for (;;) {
        int ready = poll(fds, 2, milliseconds_until(until_ns));
        if (ready < 0 && errno != EINTR)
            return DB_WAIT_ERROR;
        if (ready > 0 && (fds[0].revents & POLLIN) != 0) {
            uint64_t count;
            ssize_t got = read(connection->wake_fd, &count, sizeof count);
            (void)got;
            return DB_WAIT_WOKEN;
        }
        if (ready > 0 && fds[1].revents != 0)
            return DB_WAIT_READY;
        if (dx_clock_ns() >= until_ns)
            return DB_WAIT_TIMEOUT;
    }
}

static void ask_to_cancel(db_connection *connection)
{
    char message[256];
    PGcancel *cancel = PQgetCancel(connection->pg);
    if (cancel == NULL)
        return;
    /* Best effort: where it fails the grace runs out and the connection is dropped, which ends the statement too. */
    (void)PQcancel(cancel, message, sizeof message);
    PQfreeCancel(cancel);
}

static int64_t until_of(const dx_ctx *ctx)
{
    if (ctx == NULL)
        return dx_clock_ns() + (int64_t)DB_QUIET_MS * 1000000;
    return ctx->deadline_ns != 0 ? ctx->deadline_ns : INT64_MAX;
}

/* One wait of an exchange. The first time that the deadline passes or somebody cancels, the server is asked to stop and
 * *stopped says why; it may then answer for a while. */
static doxin_status wait_step(db_connection *connection, dx_ctx *ctx, short events, int64_t *until,
                              doxin_status *stopped)
{
    switch (db_wait(connection, events, *until)) {
    case DB_WAIT_READY:
        return DOXIN_OK;
    case DB_WAIT_ERROR:
        return DOXIN_E_DATABASE_DOWN;
    case DB_WAIT_WOKEN:
        if (ctx == NULL || ctx->cancel == NULL || !atomic_load(&ctx->cancel->asked))
            return DOXIN_OK; /* left over from an earlier call */
        if (*stopped != DOXIN_OK)
            return DOXIN_OK;
        *stopped = DOXIN_E_CANCELED;
        break;
    case DB_WAIT_TIMEOUT:
        if (*stopped != DOXIN_OK || ctx == NULL)
            return DOXIN_E_DATABASE_DOWN;
        *stopped = DOXIN_E_TIMEOUT;
        break;
    }
    ask_to_cancel(connection);
    *until = dx_clock_ns() + (int64_t)DB_CANCEL_GRACE_MS * 1000000;
    return DOXIN_OK;
}

static doxin_status flush_step(db_connection *connection, dx_ctx *ctx, int64_t *until, doxin_status *stopped)
{
    int left;
    while ((left = PQflush(connection->pg)) > 0) {
        doxin_status status = wait_step(connection, ctx, POLLIN | POLLOUT, until, stopped);
        if (status != DOXIN_OK)
            return status;
        /* The server may be unable to read before what it wrote is read. */
        if (PQconsumeInput(connection->pg) == 0)
            return DOXIN_E_DATABASE_DOWN;
    }
    return left == 0 ? DOXIN_OK : DOXIN_E_DATABASE_DOWN;
}

/* The results up to the end, the first error or else the last one in *out. */
static doxin_status read_results(db_connection *connection, dx_ctx *ctx, int64_t *until, doxin_status *stopped,
                                 PGresult **out)
{
    for (;;) {
        while (PQisBusy(connection->pg)) {
            doxin_status status = wait_step(connection, ctx, POLLIN, until, stopped);
            if (status != DOXIN_OK)
                return status;
            if (PQconsumeInput(connection->pg) == 0)
                return DOXIN_E_DATABASE_DOWN;
        }
        PGresult *result = PQgetResult(connection->pg);
        if (result == NULL)
            return PQstatus(connection->pg) == CONNECTION_OK ? DOXIN_OK : DOXIN_E_DATABASE_DOWN;
        if (*out == NULL || db_result_ok(*out)) {
            PQclear(*out);
            *out = result;
        } else {
            PQclear(result);
        }
        if (PQresultStatus(*out) == PGRES_COPY_IN)
            return DOXIN_OK;
    }
}

/* What became of it: a statement that ended by itself counts, whether or not it was asked to stop. */
static doxin_status conclude(dx_ctx *ctx, doxin_status status, doxin_status stopped, PGresult **out)
{
    if (stopped == DOXIN_OK || (status == DOXIN_OK && *out != NULL && db_result_ok(*out)))
        return status;
    PQclear(*out);
    *out = NULL;
    if (stopped == DOXIN_E_CANCELED)
        return dx_fail(ctx, stopped, "the call was cancelled");
    return dx_fail(ctx, stopped, "the database did not answer before the deadline");
}

doxin_status db_finish(db_connection *connection, dx_ctx *ctx, PGresult **out)
{
    doxin_status stopped = DOXIN_OK;
    int64_t until = until_of(ctx);
    *out = NULL;
    if (ctx != NULL && !dx_wait_begin(ctx, db_wake, connection))
        db_wake(connection);
    doxin_status status = flush_step(connection, ctx, &until, &stopped);
    if (status == DOXIN_OK)
        status = read_results(connection, ctx, &until, &stopped, out);
    if (ctx != NULL)
        dx_wait_end(ctx);
    return conclude(ctx, status, stopped, out);
}

doxin_status db_flush(db_connection *connection, dx_ctx *ctx)
{
    doxin_status stopped = DOXIN_OK;
    int64_t until = until_of(ctx);
    PGresult *none = NULL;
    if (!dx_wait_begin(ctx, db_wake, connection))
        db_wake(connection);
    doxin_status status = flush_step(connection, ctx, &until, &stopped);
    dx_wait_end(ctx);
    return conclude(ctx, status, stopped, &none);
}

doxin_status db_exchange(db_connection *connection, dx_ctx *ctx, const char *sql, int count, const char *const *params,
                         PGresult **out)
{
    *out = NULL;
    if (ctx != NULL) {
        doxin_status status = dx_check(ctx);
        if (status != DOXIN_OK)
            return status;
    }
    int sent = count < 0 ? PQsendQuery(connection->pg, sql)
                         : PQsendQueryParams(connection->pg, sql, count, NULL, params, NULL, NULL, 0);
    if (sent == 0)
        return DOXIN_E_DATABASE_DOWN;
    return db_finish(connection, ctx, out);
}
