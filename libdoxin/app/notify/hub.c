#include "app/notify/hub.h"

#include "base/rt/alloc.h"
#include "base/rt/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    POLL_MS = 2000,      /* looks into the table by itself, should a notification be lost */
    WINDOW = 500,        /* … this many ids back, as transactions overlap */
    WINDOW_LOST = 20000, /* … and this many after a lost connection */
    BATCH = 256,         /* notifications that are read at once */
    SEEN = 4096,         /* ids lately handed out */
    WAITING_MAX = 10000, /* events that wait for one follower */
    QUERY_MS = 5000
};

struct dx_follower {
    dx_follower *next;
    const char *const *topics;
    size_t topic_count;
    dx_hub_event *first, *last;
    size_t waiting;
    bool gap;
};

struct dx_hub {
    dx_app *app;
    pthread_t thread;
    bool started;
    pthread_mutex_t lock; /* guards followers and what hangs on them, listener, stopping */
    pthread_cond_t news;  /* monotonic */
    dx_follower *followers;
    dx_listener *listener;
    bool stopping;
    /* The thread's own. */
    dx_ctx ctx;
    int64_t seen[SEEN];
    size_t seen_at;
    int64_t newest; /* id; -1: not known yet */
    int64_t oldest; /* no look back goes below this id */
    int64_t poll_ns, listen_ns;
};

/* ---- handing out ------------------------------------------------------------------------------------------------------------- */

static bool seen_before(dx_hub *hub, int64_t id)
{
    for (size_t i = 0; i < SEEN; i++)
        if (hub->seen[i] == id)
            return true;
    hub->seen[hub->seen_at++ % SEEN] = id;
    if (id > hub->newest)
        hub->newest = id;
    return false;
}

static bool follows(const dx_follower *follower, const char *topic)
{
    for (size_t i = 0; i < follower->topic_count; i++)
        if (strcmp(follower->topics[i], "*") == 0 || strcmp(follower->topics[i], topic) == 0)
            return true;
    return false;
}

static dx_hub_event *copy(int64_t id, const char *topic, const char *type, const char *payload)
{
    size_t sizes[3] = {strlen(topic) + 1, strlen(type) + 1, strlen(payload) + 1};
    dx_hub_event *made = dx_malloc(sizeof *made + sizes[0] + sizes[1] + sizes[2]);
    if (!made)
        return NULL;
    char *at = (char *)(made + 1);
    memcpy(at, topic, sizes[0]);
    memcpy(at + sizes[0], type, sizes[1]);
    memcpy(at + sizes[0] + sizes[1], payload, sizes[2]);
    made->next = NULL;
    made->event = (dx_event){id, at, at + sizes[0], at + sizes[0] + sizes[1]};
    return made;
}

/* Under the lock. A follower that is too slow, or for whom there is no memory, is told to read the table. */
static void put(dx_follower *to, dx_hub_event *event)
{
    if (!event || to->waiting >= WAITING_MAX) {
        to->gap = true;
        dx_free(event);
        return;
    }
    if (to->last)
        to->last->next = event;
    else
        to->first = event;
    to->last = event;
    to->waiting++;
}

static void hand_out(dx_hub *hub, const dx_rows *rows)
{
    pthread_mutex_lock(&hub->lock);
    for (size_t i = 0; i < dx_rows_count(rows); i++) {
        int64_t id = dx_rows_integer(rows, i, 0, 0);
        const char *topic = dx_rows_text(rows, i, 1);
        if (seen_before(hub, id))
            continue;
        for (dx_follower *to = hub->followers; to; to = to->next)
            if (follows(to, topic))
                put(to, copy(id, topic, dx_rows_text(rows, i, 2), dx_rows_text(rows, i, 3)));
    }
    pthread_cond_broadcast(&hub->news);
    pthread_mutex_unlock(&hub->lock);
}

/* ---- reading ----------------------------------------------------------------------------------------------------------------- */

/* The hub reads for all, so with the worker's identity; who may follow what is decided where somebody begins. */
static void begin_round(dx_hub *hub)
{
    dx_arena_reset(hub->ctx.arena);
    dx_error_clear(&hub->ctx.error);
    hub->ctx.purpose = "worker";
    hub->ctx.deadline_ns = dx_clock_ns() + (int64_t)QUERY_MS * 1000000;
}

static void read_events(dx_hub *hub, const char *sql, const char *parameter)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_db_exec(hub->app->db, &hub->ctx, DX_LOGIN_APPLICATION, sql, DX_PARAMS(parameter), &rows);
    if (status == DOXIN_OK)
        hand_out(hub, rows);
    else
        dx_log_write(hub->app->log, DX_WARN, "notify", NULL, "events cannot be read: %s", hub->ctx.error.message);
}

/* What was there before the first follower is not news: its ids count as handed out, so that a look back passes over them,
 * and what a transaction that overlaps adds below the newest id is still new. */
static void read_beginning(dx_hub *hub)
{
    char window[24];
    dx_rows *rows = NULL;
    snprintf(window, sizeof window, "%d", WINDOW);
    if (dx_db_exec(hub->app->db, &hub->ctx, DX_LOGIN_APPLICATION,
                   "SELECT id FROM events WHERE id > (SELECT max(id) FROM events) - $1::bigint ORDER BY id",
                   DX_PARAMS(window), &rows) != DOXIN_OK)
        return;
    hub->newest = 0;
    for (size_t i = 0; i < dx_rows_count(rows); i++)
        seen_before(hub, dx_rows_integer(rows, i, 0, 0));
    hub->oldest = hub->newest > WINDOW ? hub->newest - WINDOW : 0;
}

static void read_window(dx_hub *hub, int64_t window)
{
    char after[24];
    begin_round(hub);
    if (hub->newest < 0) {
        read_beginning(hub);
        return;
    }
    int64_t from = hub->newest - window;
    snprintf(after, sizeof after, "%lld", (long long)(from > hub->oldest ? from : hub->oldest));
    read_events(hub,
                "SELECT id, topic, type, payload FROM events WHERE id > $1::bigint AND "
                "created_at > now() - interval '2 minutes' ORDER BY id LIMIT 20000",
                after);
}

/* Takes the ids of what is notified now, as many as have come. *lost: the connection had been lost. */
static size_t take_notices(dx_hub *hub, dx_listener *listener, int timeout_ms, dx_buffer *ids, bool *lost)
{
    size_t count = 0;
    dx_notice *notice = dx_new(&hub->ctx, sizeof *notice);
    dx_buffer_char(ids, '{');
    while (notice && count < BATCH) {
        doxin_status status = dx_listener_wait(listener, &hub->ctx, count ? 0 : timeout_ms, notice);
        if (status != DOXIN_OK || notice->woken)
            break;
        *lost = *lost || notice->lost;
        /* "<id> <topic>" */
        int64_t id = strtoll(notice->payload, NULL, 10);
        if (!notice->lost && id > 0)
            dx_buffer_printf(ids, "%s%lld", count++ ? "," : "", (long long)id);
        timeout_ms = 0;
    }
    dx_buffer_char(ids, '}');
    return count;
}

static dx_listener *listen(dx_hub *hub)
{
    static const char *const channels[] = {"doxin_events"};
    static const int64_t again_ns = 5000000000;
    dx_listener *made = NULL;
    int64_t now = dx_clock_ns();
    if (hub->listener || now < hub->listen_ns)
        return hub->listener;
    hub->listen_ns = now + again_ns;
    if (dx_db_listen(hub->app->db, &hub->ctx, channels, 1, &made) != DOXIN_OK) {
        dx_log_write(hub->app->log, DX_WARN, "notify", NULL, "nothing can be listened to, events are polled: %s",
                     hub->ctx.error.message);
        return NULL;
    }
    pthread_mutex_lock(&hub->lock);
    hub->listener = made;
    pthread_mutex_unlock(&hub->lock);
    return made;
}

static bool stopping(dx_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    bool is = hub->stopping;
    pthread_mutex_unlock(&hub->lock);
    return is;
}

static void pause_moment(dx_hub *hub)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += 1;
    pthread_mutex_lock(&hub->lock);
    if (!hub->stopping)
        pthread_cond_timedwait(&hub->news, &hub->lock, &until);
    pthread_mutex_unlock(&hub->lock);
}

static void round_of(dx_hub *hub)
{
    dx_buffer ids;
    bool lost = false;
    dx_buffer_init(&ids, 0);
    begin_round(hub);
    dx_listener *listener = listen(hub);
    hub->ctx.deadline_ns = 0;
    if (!listener)
        pause_moment(hub);
    else if (take_notices(hub, listener, POLL_MS, &ids, &lost) > 0 && !ids.failed) {
        begin_round(hub);
        read_events(hub, "SELECT id, topic, type, payload FROM events WHERE id = ANY ($1::bigint[]) ORDER BY id",
                    ids.data);
    }
    dx_buffer_free(&ids);
    int64_t now = dx_clock_ns();
    if (lost || now - hub->poll_ns >= (int64_t)POLL_MS * 1000000) {
        hub->poll_ns = now;
        read_window(hub, lost ? WINDOW_LOST : WINDOW);
    }
}

static void *run(void *argument)
{
    dx_hub *hub = argument;
    while (!stopping(hub))
        round_of(hub);
    return NULL;
}

/* ---- life -------------------------------------------------------------------------------------------------------------------- */

static void hub_free(void *state)
{
    dx_hub *hub = state;
    pthread_mutex_lock(&hub->lock);
    hub->stopping = true;
    if (hub->listener)
        dx_listener_wake(hub->listener);
    pthread_cond_broadcast(&hub->news);
    pthread_mutex_unlock(&hub->lock);
    if (hub->started)
        pthread_join(hub->thread, NULL);
    dx_listener_free(hub->listener);
    dx_ctx_destroy(&hub->ctx);
    pthread_cond_destroy(&hub->news);
    pthread_mutex_destroy(&hub->lock);
    dx_free(hub);
}

static doxin_status hub_new(dx_app *app, dx_ctx *ctx, dx_hub **out)
{
    pthread_condattr_t monotonic;
    dx_hub *hub = dx_calloc(1, sizeof *hub);
    if (!hub || !dx_ctx_init(&hub->ctx, 0)) {
        dx_free(hub);
        return dx_nomem(ctx);
    }
    hub->app = app;
    hub->newest = -1;
    hub->ctx.log = app->log;
    pthread_mutex_init(&hub->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&hub->news, &monotonic);
    pthread_condattr_destroy(&monotonic);
    /* Before the first follower reads the past: what comes after this is not missed. */
    begin_round(hub);
    listen(hub);
    read_window(hub, 0);
    if (pthread_create(&hub->thread, NULL, run, hub) != 0) {
        hub_free(hub);
        return dx_fail(ctx, DOXIN_E_UNAVAILABLE, "the system starts no more threads");
    }
    hub->started = true;
    *out = hub;
    return DOXIN_OK;
}

doxin_status dx_hub_of(dx_app *app, dx_ctx *ctx, dx_hub **out)
{
    doxin_status status = dx_app_need_db(app, ctx);
    if (status != DOXIN_OK)
        return status;
    dx_hub *hub = NULL;
    pthread_mutex_lock(&app->lock);
    if (!app->events.state) {
        status = hub_new(app, ctx, &hub);
        if (status == DOXIN_OK)
            app->events = (dx_app_part){hub, hub_free};
    }
    *out = app->events.state;
    pthread_mutex_unlock(&app->lock);
    return status;
}

/* ---- following --------------------------------------------------------------------------------------------------------------- */

doxin_status dx_hub_join(dx_hub *hub, dx_ctx *ctx, const char *const *topics, size_t count, dx_follower **out)
{
    dx_follower *made = dx_calloc(1, sizeof *made);
    if (!made)
        return dx_nomem(ctx);
    made->topics = topics;
    made->topic_count = count;
    pthread_mutex_lock(&hub->lock);
    made->next = hub->followers;
    hub->followers = made;
    pthread_mutex_unlock(&hub->lock);
    *out = made;
    return DOXIN_OK;
}

static void drop_waiting(dx_follower *follower)
{
    while (follower->first) {
        dx_hub_event *next = follower->first->next;
        dx_free(follower->first);
        follower->first = next;
    }
    follower->last = NULL;
    follower->waiting = 0;
}

void dx_hub_leave(dx_hub *hub, dx_follower *follower)
{
    pthread_mutex_lock(&hub->lock);
    dx_follower **link = &hub->followers;
    while (*link != follower)
        link = &(*link)->next;
    *link = follower->next;
    pthread_mutex_unlock(&hub->lock);
    drop_waiting(follower);
    dx_free(follower);
}

/* May be called between our last look and our wait; so nobody waits long. */
static void wake(void *data)
{
    dx_hub *hub = data;
    pthread_cond_broadcast(&hub->news);
}

dx_hub_event *dx_hub_next(dx_hub *hub, dx_ctx *ctx, dx_follower *follower, int timeout_ms, bool *gap)
{
    struct timespec until;
    dx_hub_event *event = NULL;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + (int64_t)timeout_ms * 1000000;
    until.tv_sec += (time_t)(ns / 1000000000);
    until.tv_nsec = (long)(ns % 1000000000);
    *gap = false;
    if (!dx_wait_begin(ctx, wake, hub))
        return NULL;
    pthread_mutex_lock(&hub->lock);
    int problem = 0;
    while (!follower->first && !follower->gap && problem == 0 && dx_check(ctx) == DOXIN_OK)
        problem = pthread_cond_timedwait(&hub->news, &hub->lock, &until);
    if (follower->gap) {
        *gap = true;
        follower->gap = false;
        drop_waiting(follower);
    } else if (follower->first) {
        event = follower->first;
        follower->first = event->next;
        if (!follower->first)
            follower->last = NULL;
        follower->waiting--;
    }
    pthread_mutex_unlock(&hub->lock);
    dx_wait_end(ctx);
    return event;
}
