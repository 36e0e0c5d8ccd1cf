#include "abi/task.h"

#include "base/rt/alloc.h"
#include "base/rt/clock.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { QUEUE_MAX = 1024 };

typedef struct event {
    struct event *next;
    char *json;
} event;

struct doxin_task {
    atomic_int references; /* the caller's and the thread's */
    doxin_engine *engine;
    doxin_session *session; /* the thread's own */
    dx_task_run_fn run;
    void *data;
    void (*data_free)(void *data);
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    event *first;
    event *last;
    int queued;
    bool cancelled;
    bool ended;
    doxin_status status; /* once ended */
    dx_error error;
    int fd; /* eventfd: readable while next would answer at once */
};

static void destroy(doxin_task *task)
{
    bool forked = dx_engine_forked(task->engine);
    while (task->first) {
        event *next = task->first->next;
        dx_free(task->first->json);
        dx_free(task->first);
        task->first = next;
    }
    if (task->data_free)
        task->data_free(task->data);
    doxin_session_free(task->session);
    if (task->fd >= 0)
        close(task->fd);
    if (!forked) {
        /* In a child the threads that wait here did not come along: destroying would wait for them. */
        pthread_cond_destroy(&task->changed);
        pthread_mutex_destroy(&task->lock);
    }
    doxin_engine *engine = task->engine;
    dx_free(task);
    dx_engine_drop(engine);
}

static void drop(doxin_task *task)
{
    if (atomic_fetch_sub(&task->references, 1) == 1)
        destroy(task);
}

static void set_readable(doxin_task *task, bool readable)
{
    uint64_t count = 1;
    ssize_t done;
    do
        done = readable ? write(task->fd, &count, sizeof count) : read(task->fd, &count, sizeof count);
    while (done < 0 && errno == EINTR);
}

/* Under the lock. */
static void append(doxin_task *task, event *fresh)
{
    fresh->next = NULL;
    if (task->last)
        task->last->next = fresh;
    else
        task->first = fresh;
    task->last = fresh;
    task->queued++;
    if (task->queued == 1)
        set_readable(task, true);
    pthread_cond_broadcast(&task->changed);
}

doxin_engine *dx_task_engine(doxin_task *task)
{
    return task->engine;
}

doxin_status dx_task_emit(doxin_task *task, char *json)
{
    event *fresh = json ? dx_malloc(sizeof *fresh) : NULL;
    if (!fresh) {
        dx_free(json);
        return DOXIN_E_NOMEM;
    }
    fresh->json = json;
    pthread_mutex_lock(&task->lock);
    while (task->queued >= QUEUE_MAX && !task->cancelled)
        pthread_cond_wait(&task->changed, &task->lock);
    bool go = !task->cancelled;
    if (go)
        append(task, fresh);
    pthread_mutex_unlock(&task->lock);
    if (!go) {
        dx_free(fresh->json);
        dx_free(fresh);
    }
    return go ? DOXIN_OK : DOXIN_E_CANCELED;
}

static void end(doxin_task *task, doxin_status status, const dx_error *error)
{
    pthread_mutex_lock(&task->lock);
    task->ended = true;
    task->status = status;
    task->error = *error;
    if (task->queued == 0)
        set_readable(task, true);
    pthread_cond_broadcast(&task->changed);
    pthread_mutex_unlock(&task->lock);
}

static void *work(void *argument)
{
    doxin_task *task = argument;
    dx_ctx *ctx = NULL;
    doxin_status status = dx_session_enter(task->session, &ctx);
    if (status == DOXIN_OK) {
        pthread_mutex_lock(&task->lock);
        bool cancelled = task->cancelled;
        pthread_mutex_unlock(&task->lock);
        status =
            cancelled ? dx_fail(ctx, DOXIN_E_CANCELED, "the task was cancelled") : task->run(task, ctx, task->data);
        status = dx_session_leave(task->session, status);
    }
    end(task, status, &task->session->last);
    drop(task);
    return NULL;
}

static doxin_status make(doxin_engine *engine, doxin_task **out)
{
    doxin_task *task = dx_calloc(1, sizeof *task);
    if (!task)
        return DOXIN_E_NOMEM;
    task->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (task->fd < 0) {
        dx_free(task);
        return DOXIN_E_NOMEM;
    }
    atomic_init(&task->references, 2);
    task->engine = engine;
    dx_engine_hold(engine);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&task->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&task->lock, NULL);
    dx_error_clear(&task->error);
    *out = task;
    return DOXIN_OK;
}

static int start_thread(doxin_task *task)
{
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    int failed = pthread_create(&thread, &attributes, work, task);
    pthread_attr_destroy(&attributes);
    return failed;
}

doxin_status dx_task_start(doxin_engine *engine, doxin_session *session, dx_task_run_fn run, void *data,
                           void (*data_free)(void *data), doxin_task **out)
{
    doxin_task *task = NULL;
    doxin_status status = make(engine, &task);
    if (status != DOXIN_OK) {
        if (data_free)
            data_free(data);
        doxin_session_free(session);
        return status;
    }
    task->session = session;
    task->run = run;
    task->data = data;
    task->data_free = data_free;
    if (start_thread(task) != 0) {
        destroy(task);
        return DOXIN_E_NOMEM;
    }
    *out = task;
    return DOXIN_OK;
}

/* ---- the public side ------------------------------------------------------------------------------------------------ */

/* Under the lock: waits for an event, the end, or the time. */
static void wait_for_event(doxin_task *task, int32_t timeout_ms)
{
    int64_t until = dx_clock_ns() + (int64_t)timeout_ms * 1000000;
    struct timespec at = {until / 1000000000, until % 1000000000};
    while (!task->first && !task->ended) {
        if (timeout_ms < 0)
            pthread_cond_wait(&task->changed, &task->lock);
        else if (timeout_ms == 0 || pthread_cond_timedwait(&task->changed, &task->lock, &at) != 0)
            break;
    }
}

/* Under the lock. */
static char *take_first(doxin_task *task)
{
    event *taken = task->first;
    char *json = taken->json;
    task->first = taken->next;
    if (!task->first)
        task->last = NULL;
    task->queued--;
    dx_free(taken);
    if (task->queued == 0 && !task->ended)
        set_readable(task, false);
    pthread_cond_broadcast(&task->changed);
    return json;
}

doxin_status doxin_task_next(doxin_task *task, int32_t timeout_ms, char **out_json)
{
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    doxin_status status = task ? dx_engine_usable(task->engine) : DOXIN_E_INVALID;
    if (status != DOXIN_OK)
        return status;
    pthread_mutex_lock(&task->lock);
    wait_for_event(task, timeout_ms);
    if (task->first) {
        *out_json = take_first(task);
        status = 1;
    } else {
        status = task->ended ? task->status : DOXIN_E_AGAIN;
    }
    pthread_mutex_unlock(&task->lock);
    return status;
}

int doxin_task_fd(doxin_task *task)
{
    return task ? task->fd : DOXIN_E_INVALID;
}

doxin_status doxin_task_run(doxin_task *task, doxin_event_fn fn, void *user_data)
{
    if (!task || !fn)
        return DOXIN_E_INVALID;
    char *json;
    doxin_status status;
    while ((status = doxin_task_next(task, -1, &json)) == 1) {
        if (fn(user_data, json) != 0)
            doxin_task_cancel(task);
        doxin_string_free(json);
    }
    return status;
}

doxin_status doxin_task_cancel(doxin_task *task)
{
    doxin_status status = task ? dx_engine_usable(task->engine) : DOXIN_E_INVALID;
    if (status != DOXIN_OK)
        return status;
    pthread_mutex_lock(&task->lock);
    task->cancelled = true;
    bool running = !task->ended;
    pthread_cond_broadcast(&task->changed);
    pthread_mutex_unlock(&task->lock);
    if (running)
        doxin_session_cancel(task->session);
    return DOXIN_OK;
}

doxin_status doxin_task_error(doxin_task *task, char **out_json)
{
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    doxin_status status = task ? dx_engine_usable(task->engine) : DOXIN_E_INVALID;
    if (status != DOXIN_OK)
        return status;
    pthread_mutex_lock(&task->lock);
    dx_error error = task->error;
    pthread_mutex_unlock(&task->lock);
    *out_json = dx_error_json(&error);
    return *out_json ? DOXIN_OK : DOXIN_E_NOMEM;
}

void doxin_task_free(doxin_task *task)
{
    if (!task)
        return;
    if (dx_engine_forked(task->engine)) {
        /* The thread did not come along, and its locks may be held for ever. */
        destroy(task);
        return;
    }
    doxin_task_cancel(task);
    drop(task);
}
