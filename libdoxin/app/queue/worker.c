/* Threads that take jobs, and the one that looks after them: it listens for work and cancels, renews the leases of those
 * that move on, and finds leases that nobody renews. */
#include "app/queue/worker.h"

#include "app/queue/job.h"
#include "base/rt/alloc.h"
#include "base/rt/clock.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    LEASE_MS = 60000,
    POLL_MS = 2000,      /* an idle thread looks by itself, should a notification be lost */
    TICK_MS = 500,       /* of the thread that looks after the others, at most */
    REAP_MS = 10000,     /* expired leases are looked for, at least this often */
    LAST_WORD_MS = 5000, /* for the statement that ends or returns a job */
    JOB_ARENA_MAX = 512 << 20,
    RECENT = 32, /* users whose turn it was lately */
    THREADS_MAX = 256
};

/* Why a running job was cancelled. */
enum { CANCEL_NONE = 0, CANCEL_ASKED, CANCEL_LOST, CANCEL_STOP };

typedef struct worker worker;

/* One thread. The lock of the worker guards all but what the thread alone uses. */
typedef struct slot {
    worker *owner;
    pthread_t thread;
    bool started;
    bool busy; /* job is a claimed one */
    int why;   /* CANCEL_… */
    dx_job job;
    dx_cancel cancel;
} slot;

struct worker {
    dx_app *app;
    dx_emit_fn emit;
    void *emit_data;
    char name[200];
    int lease_ms;
    int thread_count;
    slot *slots;
    pthread_mutex_t lock;
    pthread_cond_t woken; /* uses the monotonic clock */
    unsigned long wakes;  /* notifications so far */
    bool stopping;
    char recent[RECENT][DX_UUID_TEXT]; /* the latest last */
    int recent_count;
};

/* ---- telling ---------------------------------------------------------------------------------------------------------------- */

static void tell(worker *of, const dx_job *job, const char *state)
{
    dx_buffer buffer;
    dx_writer writer;
    if (!of->emit)
        return;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_write_object(&writer, NULL);
    dx_write_string(&writer, "type", "job");
    dx_write_string(&writer, "state", state);
    dx_write_string(&writer, "job_id", job->id);
    dx_write_string(&writer, "job_type", job->type);
    dx_write_integer(&writer, "attempt", job->attempt);
    dx_write_object_end(&writer);
    char *json = dx_buffer_take(&buffer, NULL);
    /* A false answer means that the task was cancelled; that reaches us by the ctx of dx_worker_run. */
    if (json)
        of->emit(of->emit_data, json);
}

/* ---- turns ------------------------------------------------------------------------------------------------------------------ */

/* "{id,id}" for the statement that claims. Under the lock. */
static void recent_text(const worker *of, char out[RECENT * DX_UUID_TEXT + 3])
{
    size_t used = 0;
    out[used++] = '{';
    for (int i = 0; i < of->recent_count; i++) {
        if (i)
            out[used++] = ',';
        memcpy(out + used, of->recent[i], DX_UUID_TEXT - 1);
        used += DX_UUID_TEXT - 1;
    }
    out[used++] = '}';
    out[used] = '\0';
}

/* Under the lock. */
static void served(worker *of, const char *user_id)
{
    int at = 0;
    while (at < of->recent_count && strcmp(of->recent[at], user_id) != 0)
        at++;
    if (at == RECENT)
        at = 0; /* the longest ago falls out */
    if (at < of->recent_count)
        memmove(of->recent[at], of->recent[at + 1], (size_t)(of->recent_count - at - 1) * DX_UUID_TEXT);
    else
        of->recent_count++;
    memcpy(of->recent[of->recent_count - 1], user_id, DX_UUID_TEXT);
}

/* ---- one job ---------------------------------------------------------------------------------------------------------------- */

/* For the last word on a job: no cancel, a short deadline, no more memory than a few statements need. */
static void last_word(dx_ctx *ctx, slot *in)
{
    ctx->cancel = NULL;
    ctx->deadline_ns = dx_clock_ns() + (int64_t)LAST_WORD_MS * 1000000;
    ctx->log = in->owner->app->log;
}

static doxin_status run_handler(slot *in, dx_ctx *ctx)
{
    dx_job *job = &in->job;
    if (job->cancel_requested)
        return dx_fail(ctx, DOXIN_E_CANCELED, "the job was cancelled");
    if (!job->handler)
        return dx_fail(ctx, DOXIN_E_UNSUPPORTED, "nothing here knows how to do \"%s\"", job->type);
    return job->handler->run(job, ctx);
}

static int reason_of(slot *in)
{
    pthread_mutex_lock(&in->owner->lock);
    int why = in->why;
    pthread_mutex_unlock(&in->owner->lock);
    return in->job.cancel_requested ? CANCEL_ASKED : why;
}

/* What becomes of a job whose handler did not complete it. *state: for tell(). */
static doxin_status settle(slot *in, dx_ctx *ctx, doxin_status status, const char **state)
{
    const dx_job *job = &in->job;
    int why = reason_of(in);
    dx_error error = ctx->error;
    last_word(ctx, in);
    if (status == DOXIN_E_LEASE_LOST || why == CANCEL_LOST) {
        *state = "lost";
        return DOXIN_OK;
    }
    if (status == DOXIN_E_CANCELED && why != CANCEL_NONE) {
        *state = why == CANCEL_STOP ? "returned" : "cancelled";
        return why == CANCEL_STOP ? dx_job_return(job, ctx) : dx_job_end(job, ctx, "cancelled", false, &error);
    }
    if (error.status != status)
        dx_error_set(&error, status, "%s", dx_error_info_of(status)->text);
    bool again = dx_error_info_of(status)->retryable;
    if (again && job->attempt < job->max_attempts) {
        *state = "retry";
        return dx_job_retry(job, ctx, &error);
    }
    *state = "failed";
    return dx_job_end(job, ctx, "failed", again, &error);
}

static doxin_status complete_tx(dx_tx *tx, dx_ctx *ctx, void *data)
{
    return dx_job_complete(data, tx, ctx, NULL);
}

static void run_job(slot *in, dx_ctx *ctx)
{
    worker *of = in->owner;
    dx_job *job = &in->job;
    const char *state = "completed";
    tell(of, job, "started");
    ctx->cancel = &in->cancel;
    ctx->user_id = job->user_id;
    ctx->purpose = "user";
    ctx->request_id = job->id;
    ctx->traceparent = job->traceparent[0] ? job->traceparent : NULL;
    doxin_status status = run_handler(in, ctx);
    if (status == DOXIN_OK && !job->completed)
        status = dx_db_transact(of->app->db, ctx, DX_LOGIN_APPLICATION, DX_TX_PLAIN, complete_tx, job);
    if (status != DOXIN_OK) {
        dx_log_write(of->app->log, dx_error_info_of(status)->retryable ? DX_WARN : DX_INFO, "queue", NULL,
                     "job %s (%s), attempt %d: %s: %s", job->id, job->type, job->attempt,
                     dx_error_info_of(status)->name, ctx->error.message);
        status = settle(in, ctx, status, &state);
        if (status != DOXIN_OK && status != DOXIN_E_LEASE_LOST)
            dx_log_write(of->app->log, DX_ERROR, "queue", NULL,
                         "job %s: its end cannot be written (%s); its lease will expire", job->id, ctx->error.message);
    }
    tell(of, job, state);
}

/* ---- the threads ------------------------------------------------------------------------------------------------------------ */

static void begin_ctx(dx_ctx *ctx, slot *in)
{
    dx_arena *arena = ctx->arena;
    dx_arena_reset(arena);
    memset(ctx, 0, sizeof *ctx);
    ctx->arena = arena;
    dx_error_clear(&ctx->error);
    ctx->log = in->owner->app->log;
}

/* Claims into the slot. False: there is nothing to do now. */
static bool take(slot *in, dx_ctx *ctx)
{
    worker *of = in->owner;
    char recent[RECENT * DX_UUID_TEXT + 3];
    dx_job job;
    bool found = false;
    pthread_mutex_lock(&of->lock);
    recent_text(of, recent);
    pthread_mutex_unlock(&of->lock);
    last_word(ctx, in);
    doxin_status status = dx_job_claim(of->app, ctx, of->name, of->lease_ms, recent, &job, &found);
    if (status != DOXIN_OK)
        dx_log_write(of->app->log, DX_WARN, "queue", NULL, "jobs cannot be taken: %s", ctx->error.message);
    if (!found)
        return false;
    job.sign_ms = of->lease_ms;
    pthread_mutex_lock(&of->lock);
    in->job = job;
    dx_job_alive(&in->job, of->lease_ms);
    in->busy = true;
    in->why = of->stopping ? CANCEL_STOP : CANCEL_NONE;
    atomic_store(&in->cancel.asked, of->stopping);
    served(of, job.user_id);
    pthread_mutex_unlock(&of->lock);
    return true;
}

static void leave(slot *in)
{
    pthread_mutex_lock(&in->owner->lock);
    in->busy = false;
    pthread_mutex_unlock(&in->owner->lock);
    dx_job_clear(&in->job);
}

/* Until there may be work. False: the worker stops. */
static bool wait_for_work(worker *of, unsigned long *seen)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += POLL_MS / 1000;
    pthread_mutex_lock(&of->lock);
    int problem = 0;
    while (!of->stopping && of->wakes == *seen && problem == 0)
        problem = pthread_cond_timedwait(&of->woken, &of->lock, &until);
    *seen = of->wakes;
    bool go = !of->stopping;
    pthread_mutex_unlock(&of->lock);
    return go;
}

static void *thread(void *argument)
{
    slot *in = argument;
    worker *of = in->owner;
    unsigned long seen = 0;
    dx_ctx ctx;
    if (!dx_ctx_init(&ctx, JOB_ARENA_MAX)) {
        dx_log_write(of->app->log, DX_ERROR, "queue", NULL, "a worker thread has no memory to start with");
        return NULL;
    }
    do {
        for (;;) {
            pthread_mutex_lock(&of->lock);
            seen = of->wakes;
            bool stopping = of->stopping;
            pthread_mutex_unlock(&of->lock);
            begin_ctx(&ctx, in);
            if (stopping || !take(in, &ctx))
                break;
            begin_ctx(&ctx, in);
            run_job(in, &ctx);
            leave(in);
        }
    } while (wait_for_work(of, &seen));
    dx_ctx_destroy(&ctx);
    return NULL;
}

static void wake_all(worker *of)
{
    pthread_mutex_lock(&of->lock);
    of->wakes++;
    pthread_cond_broadcast(&of->woken);
    pthread_mutex_unlock(&of->lock);
}

/* ---- looking after them ------------------------------------------------------------------------------------------------------- */

/* Under the lock. */
static void cancel_slot(slot *in, int why)
{
    if (in->why == CANCEL_NONE)
        in->why = why;
    dx_cancel_ask(&in->cancel);
}

static slot *find_busy(worker *of, const char *id, const char *fence)
{
    for (int i = 0; i < of->thread_count; i++) {
        slot *in = &of->slots[i];
        if (in->busy && strcmp(in->job.id, id) == 0 && (!fence || strcmp(in->job.fence, fence) == 0))
            return in;
    }
    return NULL;
}

static void on_notice(worker *of, const dx_notice *notice)
{
    static const char cancel[] = "cancel ";
    if (strncmp(notice->payload, cancel, sizeof cancel - 1) != 0 || notice->lost || notice->woken) {
        wake_all(of);
        return;
    }
    pthread_mutex_lock(&of->lock);
    slot *in = find_busy(of, notice->payload + sizeof cancel - 1, NULL);
    if (in)
        cancel_slot(in, CANCEL_ASKED);
    pthread_mutex_unlock(&of->lock);
}

/* The jobs that showed a sign of life: "{id,…}" and "{fence,…}". */
static int list_alive(worker *of, dx_buffer *ids, dx_buffer *fences)
{
    int count = 0;
    int64_t now = dx_clock_ns();
    dx_buffer_char(ids, '{');
    dx_buffer_char(fences, '{');
    pthread_mutex_lock(&of->lock);
    for (int i = 0; i < of->thread_count; i++) {
        const slot *in = &of->slots[i];
        if (!in->busy || atomic_load(&in->job.alive_until_ns) < now)
            continue;
        dx_buffer_printf(ids, "%s%s", count ? "," : "", in->job.id);
        dx_buffer_printf(fences, "%s%s", count ? "," : "", in->job.fence);
        count++;
    }
    pthread_mutex_unlock(&of->lock);
    dx_buffer_char(ids, '}');
    dx_buffer_char(fences, '}');
    return ids->failed || fences->failed ? 0 : count;
}

static bool beaten(const dx_rows *rows, const char *id, const char *fence)
{
    for (size_t i = 0; i < dx_rows_count(rows); i++)
        if (strcmp(dx_rows_text(rows, i, 0), id) == 0 && strcmp(dx_rows_text(rows, i, 1), fence) == 0)
            return true;
    return false;
}

/* Which of those that were asked for have got a new lease: the others are somebody else's now. */
static void apply_beat(worker *of, const char *ids, const dx_rows *rows)
{
    pthread_mutex_lock(&of->lock);
    for (int i = 0; i < of->thread_count; i++) {
        slot *in = &of->slots[i];
        if (in->busy && strstr(ids, in->job.id) && !beaten(rows, in->job.id, in->job.fence) && !in->job.completed)
            cancel_slot(in, CANCEL_LOST);
    }
    for (size_t i = 0; i < dx_rows_count(rows); i++) {
        slot *in = find_busy(of, dx_rows_text(rows, i, 0), dx_rows_text(rows, i, 1));
        if (in && dx_rows_bool(rows, i, 2, false))
            cancel_slot(in, CANCEL_ASKED);
    }
    pthread_mutex_unlock(&of->lock);
}

static void beat(worker *of, dx_ctx *ctx)
{
    dx_buffer ids, fences;
    dx_rows *rows = NULL;
    dx_buffer_init(&ids, 0);
    dx_buffer_init(&fences, 0);
    if (list_alive(of, &ids, &fences) > 0) {
        doxin_status status = dx_job_beat(of->app, ctx, ids.data, fences.data, of->lease_ms, &rows);
        if (status == DOXIN_OK)
            apply_beat(of, ids.data, rows);
        else
            dx_log_write(of->app->log, DX_WARN, "queue", NULL, "leases cannot be renewed: %s", ctx->error.message);
    }
    dx_buffer_free(&ids);
    dx_buffer_free(&fences);
}

static void reap(worker *of, dx_ctx *ctx)
{
    int64_t found = 0;
    doxin_status status = dx_job_reap(of->app, ctx, &found);
    if (status != DOXIN_OK)
        dx_log_write(of->app->log, DX_WARN, "queue", NULL, "expired leases cannot be looked for: %s",
                     ctx->error.message);
    else if (found > 0)
        dx_log_write(of->app->log, DX_WARN, "queue", NULL, "%lld leases had expired", (long long)found);
    if (found > 0)
        wake_all(of);
}

typedef struct supervisor {
    dx_ctx ctx; /* with the cancel of the caller */
    dx_listener *listener;
    int64_t listen_after_ns; /* when to try again */
    int64_t beat_ns, reap_ns;
} supervisor;

static void pause_until_tick(dx_ctx *ctx)
{
    struct timespec moment = {0, TICK_MS * 1000000L};
    if (dx_check(ctx) == DOXIN_OK)
        nanosleep(&moment, NULL);
}

/* Waits for news, or a moment where nothing can be listened to. */
static void hear(worker *of, supervisor *by)
{
    static const char *const channels[] = {"doxin_jobs"};
    static const int64_t again_ns = 5000000000;
    dx_notice *notice = dx_new(&by->ctx, sizeof *notice);
    int64_t now = dx_clock_ns();
    if (!notice) {
        pause_until_tick(&by->ctx);
        return;
    }
    if (!by->listener && now >= by->listen_after_ns) {
        if (dx_db_listen(of->app->db, &by->ctx, channels, 1, &by->listener) != DOXIN_OK) {
            dx_log_write(of->app->log, DX_WARN, "queue", NULL, "nothing can be listened to, jobs are polled: %s",
                         by->ctx.error.message);
            by->listener = NULL;
            by->listen_after_ns = now + again_ns;
        } else {
            wake_all(of);
        }
    }
    if (!by->listener) {
        pause_until_tick(&by->ctx);
        return;
    }
    doxin_status status = dx_listener_wait(by->listener, &by->ctx, TICK_MS, notice);
    if (status == DOXIN_OK)
        on_notice(of, notice);
    else if (status != DOXIN_E_AGAIN && status != DOXIN_E_CANCELED)
        pause_until_tick(&by->ctx);
}

static void begin_round(supervisor *by, const dx_ctx *from)
{
    dx_arena_reset(by->ctx.arena);
    dx_error_clear(&by->ctx.error);
    by->ctx.cancel = from->cancel;
    by->ctx.log = from->log;
    by->ctx.deadline_ns = 0;
}

static void look_after(worker *of, dx_ctx *from, supervisor *by)
{
    int64_t beat_every_ns = (int64_t)of->lease_ms / 4 * 1000000;
    int64_t reap_every_ns = (of->lease_ms / 2 < REAP_MS ? of->lease_ms / 2 : REAP_MS) * (int64_t)1000000;
    while (dx_check(from) == DOXIN_OK) {
        begin_round(by, from);
        hear(of, by);
        begin_round(by, from);
        by->ctx.deadline_ns = dx_clock_ns() + (int64_t)LAST_WORD_MS * 1000000;
        int64_t now = dx_clock_ns();
        if (now - by->beat_ns >= beat_every_ns) {
            by->beat_ns = now;
            beat(of, &by->ctx);
        }
        if (now - by->reap_ns >= reap_every_ns) {
            by->reap_ns = now;
            reap(of, &by->ctx);
        }
    }
}

/* ---- beginning and end -------------------------------------------------------------------------------------------------------- */

static int thread_count_of(const dx_worker_options *options)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int count = options->threads > 0 ? options->threads : processors > 1 ? (int)processors - 1 : 1;
    return count < THREADS_MAX ? count : THREADS_MAX;
}

static void name_of(const dx_worker_options *options, char *out, size_t size)
{
    char host[100] = "";
    if (options->name && *options->name) {
        snprintf(out, size, "%s", options->name);
        return;
    }
    gethostname(host, sizeof host - 1);
    snprintf(out, size, "%s:%ld", host, (long)getpid());
}

static doxin_status start(worker *of, dx_ctx *ctx)
{
    pthread_condattr_t monotonic;
    of->slots = dx_calloc((size_t)of->thread_count, sizeof *of->slots);
    if (!of->slots)
        return dx_nomem(ctx);
    pthread_mutex_init(&of->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&of->woken, &monotonic);
    pthread_condattr_destroy(&monotonic);
    for (int i = 0; i < of->thread_count; i++) {
        slot *in = &of->slots[i];
        in->owner = of;
        dx_cancel_init(&in->cancel);
    }
    for (int i = 0; i < of->thread_count; i++) {
        if (pthread_create(&of->slots[i].thread, NULL, thread, &of->slots[i]) != 0)
            return dx_fail(ctx, DOXIN_E_UNAVAILABLE, "the system starts no more threads");
        of->slots[i].started = true;
    }
    return DOXIN_OK;
}

static void stop(worker *of)
{
    if (!of->slots)
        return;
    pthread_mutex_lock(&of->lock);
    of->stopping = true;
    for (int i = 0; i < of->thread_count; i++)
        if (of->slots[i].busy)
            cancel_slot(&of->slots[i], CANCEL_STOP);
    pthread_cond_broadcast(&of->woken);
    pthread_mutex_unlock(&of->lock);
    for (int i = 0; i < of->thread_count; i++) {
        if (of->slots[i].started)
            pthread_join(of->slots[i].thread, NULL);
        dx_cancel_destroy(&of->slots[i].cancel);
    }
    pthread_cond_destroy(&of->woken);
    pthread_mutex_destroy(&of->lock);
    dx_free(of->slots);
}

doxin_status dx_worker_run(dx_app *app, dx_ctx *ctx, const dx_worker_options *options, dx_emit_fn emit, void *data)
{
    worker of = {.app = app, .emit = emit, .emit_data = data};
    supervisor by = {0};
    doxin_status status = dx_app_need_db(app, ctx);
    if (status != DOXIN_OK)
        return status;
    of.thread_count = thread_count_of(options);
    of.lease_ms = options->lease_ms > 0 ? options->lease_ms : LEASE_MS;
    name_of(options, of.name, sizeof of.name);
    if (!dx_ctx_init(&by.ctx, 0))
        return dx_nomem(ctx);
    status = start(&of, ctx);
    if (status == DOXIN_OK)
        look_after(&of, ctx, &by);
    dx_listener_free(by.listener);
    stop(&of);
    dx_ctx_destroy(&by.ctx);
    /* The cancel is how it is meant to end. */
    if (status == DOXIN_OK)
        dx_error_clear(&ctx->error);
    return status;
}
