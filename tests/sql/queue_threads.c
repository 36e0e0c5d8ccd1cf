/* Two workers, followers and callers on one app at once, with cancels in between: for the thread sanitizer. No Criterion,
 * whose memory cannot be placed under it. Exit 0: each job was done once and every event came once. */
#include "app/notify/notify.h"
#include "app/queue/queue.h"
#include "app/queue/worker.h"
#include "base/rt/alloc.h"
#include "base/rt/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define USER "00000000-0000-4000-8000-00000000000a"

enum { JOBS = 60, LONG_JOBS = 4, CREWS = 2, WAIT_MS = 90000 };

static atomic_int runs;

static doxin_status count_run(dx_job *job, dx_ctx *ctx)
{
    atomic_fetch_add(&runs, 1);
    return dx_job_stage(job, ctx, "counted", 50);
}

static doxin_status wait_long(dx_job *job, dx_ctx *ctx)
{
    while (dx_check(ctx) == DOXIN_OK) {
        dx_job_alive(job, 5000);
        usleep(2000);
    }
    return DOXIN_E_CANCELED;
}

static const dx_job_handler handlers[] = {{.type = "count", .run = count_run}, {.type = "long", .run = wait_long}};
static const dx_module module = {.name = "test", .jobs = handlers, .job_count = 2};
const dx_module *const dx_modules[] = {&dx_queue_module, &dx_notify_module, &module, NULL};

/* ---- threads ------------------------------------------------------------------------------------------------------------------ */

typedef struct own {
    dx_app *app;
    dx_cancel cancel;
    pthread_t thread;
    doxin_status status;
    atomic_int events;
} own;

static bool take(void *data, char *json)
{
    own *of = data;
    atomic_fetch_add(&of->events, 1);
    dx_free(json);
    return true;
}

static void *work(void *data)
{
    own *of = data;
    dx_ctx ctx;
    dx_worker_options options = {.threads = 3, .lease_ms = 2000};
    if (!dx_ctx_init(&ctx, 0))
        return NULL;
    ctx.cancel = &of->cancel;
    of->status = dx_worker_run(of->app, &ctx, &options, take, of);
    dx_ctx_destroy(&ctx);
    return NULL;
}

static void *follow(void *data)
{
    own *of = data;
    dx_ctx ctx;
    if (!dx_ctx_init(&ctx, 0))
        return NULL;
    ctx.cancel = &of->cancel;
    ctx.purpose = "worker";
    of->status = dx_app_stream(of->app, &ctx, "events.follow", "{\"topics\":[\"*\"]}", take, of);
    dx_ctx_destroy(&ctx);
    return NULL;
}

static void start(own *of, dx_app *app, void *(*run)(void *))
{
    of->app = app;
    of->status = DOXIN_E_INTERNAL;
    dx_cancel_init(&of->cancel);
    if (pthread_create(&of->thread, NULL, run, of) != 0)
        exit(1);
}

static doxin_status stop(own *of)
{
    dx_cancel_ask(&of->cancel);
    pthread_join(of->thread, NULL);
    dx_cancel_destroy(&of->cancel);
    return of->status;
}

/* ---- the run ------------------------------------------------------------------------------------------------------------------ */

static bool prepare(dx_app *app, dx_ctx *ctx)
{
    dx_buffer out;
    dx_buffer_init(&out, 0);
    doxin_status status = dx_app_migrate(app, ctx, "up", 0, NULL, &out);
    dx_buffer_free(&out);
    if (status == DOXIN_OK)
        status = dx_db_exec(app->db, ctx, DX_LOGIN_OWNER,
                            "INSERT INTO users (id, email) VALUES ('" USER "', 'a@example.org') ON CONFLICT DO NOTHING",
                            DX_NO_PARAMS, NULL);
    return status == DOXIN_OK;
}

static doxin_status put(dx_tx *tx, dx_ctx *ctx, void *data)
{
    char id[DX_UUID_TEXT];
    dx_job_order order = {.type = data, .user_id = USER};
    return dx_queue_put(tx, ctx, &order, id);
}

static bool put_all(dx_app *app, dx_ctx *ctx)
{
    static char count[] = "count";
    static char long_job[] = "long";
    ctx->purpose = "user";
    ctx->user_id = USER;
    for (int i = 0; i < JOBS + LONG_JOBS; i++)
        if (dx_db_transact(app->db, ctx, DX_LOGIN_APPLICATION, DX_TX_PLAIN, put, i % 16 == 15 ? long_job : count) !=
            DOXIN_OK)
            return false;
    return true;
}

static int64_t number(dx_app *app, dx_ctx *ctx, const char *sql)
{
    dx_rows *rows = NULL;
    if (dx_db_exec(app->db, ctx, DX_LOGIN_APPLICATION, sql, DX_NO_PARAMS, &rows) != DOXIN_OK)
        fprintf(stderr, "%s\n", ctx->error.message);
    return dx_rows_integer(rows, 0, 0, -1);
}

/* Cancels what runs long until nothing is left. */
static bool finish(dx_app *app, dx_ctx *ctx)
{
    int64_t end = dx_clock_ns() + (int64_t)WAIT_MS * 1000000;
    while (dx_clock_ns() < end) {
        number(app, ctx,
               "WITH c AS (UPDATE processing_jobs SET cancel_requested_at = now() WHERE job_type = 'long' AND "
               "status = 'running' AND cancel_requested_at IS NULL RETURNING 1) SELECT count(*) FROM c");
        if (number(app, ctx, "SELECT count(*) FROM processing_jobs WHERE status IN ('pending', 'running')") == 0)
            return true;
        usleep(50000);
    }
    return false;
}

static bool settled(const own *follower, int64_t wanted)
{
    for (int i = 0; i < 200 && atomic_load(&follower->events) < wanted; i++)
        usleep(25000);
    return atomic_load(&follower->events) == wanted;
}

static int run(dx_app *app, dx_ctx *ctx)
{
    static own crews[CREWS], followers[2];
    int wrong = 0;
    if (!prepare(app, ctx))
        return fprintf(stderr, "%s\n", ctx->error.message), 1;
    ctx->purpose = "user";
    ctx->user_id = USER;
    int64_t before = number(app, ctx, "SELECT count(*) FROM events");
    start(&followers[0], app, follow);
    start(&followers[1], app, follow);
    sleep(1);
    for (int i = 0; i < CREWS; i++)
        start(&crews[i], app, work);
    if (!put_all(app, ctx) || !finish(app, ctx))
        wrong += fprintf(stderr, "not all jobs ended: %s\n", ctx->error.message);
    if (atomic_load(&runs) != JOBS)
        wrong += fprintf(stderr, "%d runs of %d jobs\n", atomic_load(&runs), JOBS);
    int64_t events = number(app, ctx, "SELECT count(*) FROM events") - before;
    for (int i = 0; i < 2; i++)
        if (!settled(&followers[i], events))
            wrong += fprintf(stderr, "%d of %lld events\n", atomic_load(&followers[i].events), (long long)events);
    for (int i = 0; i < CREWS; i++)
        wrong += stop(&crews[i]) != DOXIN_OK;
    for (int i = 0; i < 2; i++)
        wrong += stop(&followers[i]) != DOXIN_E_CANCELED;
    return wrong;
}

int main(void)
{
    dx_ctx ctx;
    dx_app *app = NULL;
    dx_app_options options = {
        .database_url = getenv("DATABASE_URL"), .database_owner_url = getenv("DATABASE_OWNER_URL"), .pool_size = 12};
    if (!dx_ctx_init(&ctx, 0) || dx_app_open(&options, &ctx, &app) != DOXIN_OK)
        return 1;
    int wrong = run(app, &ctx);
    dx_app_free(app);
    dx_ctx_destroy(&ctx);
    return wrong ? 1 : 0;
}
