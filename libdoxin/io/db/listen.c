#include "base/crypto/random.h"
#include "base/rt/alloc.h"
#include "base/rt/clock.h"
#include "io/db/db_internal.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { CHANNELS_MOST = 16, CHANNEL_TEXT = 64, RECONNECT_MOST_MS = 10000 };

struct dx_listener {
    dx_db *db;
    db_connection *connection; /* NULL: lost */
    int wake_fd;
    atomic_bool woken;
    bool lost; /* to be told with the next notice */
    int failures;
    int64_t not_before_ns; /* no new attempt to connect before */
    size_t count;
    char channel[CHANNELS_MOST][CHANNEL_TEXT];
};

static bool channel_valid(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz_");
    return length > 0 && length < CHANNEL_TEXT && name[length] == '\0';
}

static void drop(dx_listener *listener)
{
    db_disconnect(listener->connection);
    listener->connection = NULL;
    listener->lost = true;
}

static doxin_status listen_to_all(dx_listener *listener, dx_ctx *ctx)
{
    for (size_t i = 0; i < listener->count; i++) {
        char sql[CHANNEL_TEXT + 16];
        PGresult *result = NULL;
        snprintf(sql, sizeof sql, "LISTEN %s", listener->channel[i]);
        doxin_status status = db_exchange(listener->connection, ctx, sql, -1, NULL, &result);
        if (status == DOXIN_E_DATABASE_DOWN)
            db_broken(ctx, listener->connection->pg, "listening");
        else if (status == DOXIN_OK && !db_result_ok(result))
            status = db_failure(ctx, NULL, result);
        PQclear(result);
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

static doxin_status connect_listener(dx_listener *listener, dx_ctx *ctx)
{
    doxin_status status = db_connect(ctx, &listener->db->direct, listener->db->connect_timeout_ms, listener->db->log,
                                     &listener->connection);
    if (status == DOXIN_OK) {
        status = listen_to_all(listener, ctx);
        if (status != DOXIN_OK)
            drop(listener);
    }
    if (status == DOXIN_OK) {
        listener->failures = 0;
        return DOXIN_OK;
    }
    int64_t bound = 200;
    for (int i = 0; i < listener->failures && bound < RECONNECT_MOST_MS; i++)
        bound *= 2;
    if (bound > RECONNECT_MOST_MS)
        bound = RECONNECT_MOST_MS;
    listener->failures++;
    listener->not_before_ns = dx_clock_ns() + (int64_t)(1 + dx_random_below((uint32_t)bound)) * 1000000;
    return status;
}

doxin_status dx_db_listen(dx_db *db, dx_ctx *ctx, const char *const *channels, size_t count, dx_listener **out)
{
    *out = NULL;
    if (count == 0 || count > CHANNELS_MOST)
        return dx_fail(ctx, DOXIN_E_INTERNAL, "1 to %d channels can be listened to", CHANNELS_MOST);
    for (size_t i = 0; i < count; i++)
        if (!channel_valid(channels[i]))
            return dx_fail(ctx, DOXIN_E_INTERNAL, "no name for a channel");
    dx_listener *listener = dx_calloc(1, sizeof *listener);
    if (listener == NULL)
        return dx_nomem(ctx);
    listener->db = db;
    listener->count = count;
    for (size_t i = 0; i < count; i++)
        snprintf(listener->channel[i], CHANNEL_TEXT, "%s", channels[i]);
    listener->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    doxin_status status = listener->wake_fd < 0
                              ? dx_fail(ctx, DOXIN_E_UNAVAILABLE, "no file descriptor is left to listen with")
                              : connect_listener(listener, ctx);
    if (status != DOXIN_OK) {
        dx_listener_free(listener);
        return status;
    }
    *out = listener;
    return DOXIN_OK;
}

/* A notice that libpq already holds, or what has to be told first. */
static bool take_notice(dx_listener *listener, dx_notice *out)
{
    if (listener->connection == NULL)
        return false;
    if (listener->lost) {
        listener->lost = false;
        out->lost = true;
        return true;
    }
    PGnotify *notify = PQnotifies(listener->connection->pg);
    if (notify == NULL)
        return false;
    snprintf(out->channel, sizeof out->channel, "%s", notify->relname);
    snprintf(out->payload, sizeof out->payload, "%s", notify->extra != NULL ? notify->extra : "");
    PQfreemem(notify);
    return true;
}

static void empty(int fd)
{
    uint64_t count;
    ssize_t got = read(fd, &count, sizeof count);
    (void)got;
}

/* The dx_wake_fn while a listener waits: a cancel of the call. */
static void wake_wait(void *data)
{
    const dx_listener *listener = data;
    uint64_t one = 1;
    ssize_t written = write(listener->wake_fd, &one, sizeof one);
    (void)written;
}

static void wait_for_input(dx_listener *listener, dx_ctx *ctx, int timeout_ms)
{
    struct pollfd fds[2] = {
        {.fd = listener->wake_fd, .events = POLLIN},
        {.fd = listener->connection != NULL ? PQsocket(listener->connection->pg) : -1, .events = POLLIN}};
    if (!dx_wait_begin(ctx, wake_wait, listener))
        return;
    int ready = poll(fds, 2, timeout_ms);
    dx_wait_end(ctx);
    if (ready <= 0)
        return;
    if ((fds[0].revents & POLLIN) != 0)
        empty(listener->wake_fd);
    if (fds[1].revents != 0 && PQconsumeInput(listener->connection->pg) == 0)
        drop(listener);
}

doxin_status dx_listener_wait(dx_listener *listener, dx_ctx *ctx, int timeout_ms, dx_notice *out)
{
    int64_t until = dx_clock_ns() + (int64_t)timeout_ms * 1000000;
    out->lost = out->woken = false;
    out->channel[0] = out->payload[0] = '\0';
    for (;;) {
        doxin_status status = dx_check(ctx);
        if (status != DOXIN_OK)
            return status;
        if (atomic_exchange(&listener->woken, false)) {
            out->woken = true;
            return DOXIN_OK;
        }
        if (listener->connection == NULL && dx_clock_ns() >= listener->not_before_ns) {
            status = connect_listener(listener, ctx);
            if (status != DOXIN_OK)
                return status;
        }
        if (take_notice(listener, out))
            return DOXIN_OK;
        int64_t left = until - dx_clock_ns();
        if (left <= 0)
            return DOXIN_E_AGAIN;
        if (listener->connection == NULL && listener->not_before_ns - dx_clock_ns() < left)
            left = listener->not_before_ns - dx_clock_ns();
        wait_for_input(listener, ctx, dx_remaining_ms(ctx, left > 0 ? (int)((left + 999999) / 1000000) : 0));
    }
}

void dx_listener_wake(dx_listener *listener)
{
    atomic_store(&listener->woken, true);
    wake_wait(listener);
}

void dx_listener_free(dx_listener *listener)
{
    if (listener == NULL)
        return;
    db_disconnect(listener->connection);
    if (listener->wake_fd >= 0)
        close(listener->wake_fd);
    dx_free(listener);
}
