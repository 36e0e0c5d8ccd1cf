/* The call: memory, deadline, cancel, who asks, and what went wrong. First argument of every function that can fail.
 *
 * A ctx belongs to one thread at a time. Only the dx_cancel inside may be touched by others. */
#ifndef DX_BASE_RT_CTX_H
#define DX_BASE_RT_CTX_H

#include "base/rt/arena.h"
#include "base/rt/error.h"
#include "base/rt/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Wakes what blocks inside a call (PQcancel, curl_multi_wakeup, kill a child). Called under the cancel's own lock,
 * so it must not block and must not call back into DoxIn. */
typedef void (*dx_wake_fn)(void *data);

typedef struct dx_cancel {
    atomic_bool asked;
    pthread_mutex_t lock; /* guards wake and wake_data */
    dx_wake_fn wake;
    void *wake_data;
} dx_cancel;

void dx_cancel_init(dx_cancel *cancel);
void dx_cancel_destroy(dx_cancel *cancel);
/* Any thread; idempotent. */
void dx_cancel_ask(dx_cancel *cancel);

typedef struct dx_ctx {
    dx_arena *arena;     /* the call's memory */
    dx_error error;      /* set by whoever fails first */
    dx_cancel *cancel;   /* may be NULL */
    const dx_log *log;   /* may be NULL */
    int64_t deadline_ns; /* of dx_clock_ns(); 0: none */
    /* Who asks. NULL where nobody is signed in. Borrowed for the length of the call. */
    const char *user_id;    /* UUID text */
    const char *purpose;    /* "user", "admin", "worker", "login": what the signed identity is made for */
    const char *session_id; /* row of user_sessions, UUID text */
    const char *request_id;
    const char *traceparent;
    const char *client_address;
    const char *client_agent;
} dx_ctx;

/* An empty ctx with an arena of its own; false when there is no memory. */
bool dx_ctx_init(dx_ctx *ctx, size_t max_arena_bytes);
void dx_ctx_destroy(dx_ctx *ctx);

/* Records the error and returns status: `return dx_fail(ctx, DOXIN_E_LIMIT, "…");` */
doxin_status dx_fail(dx_ctx *ctx, doxin_status status, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Records DOXIN_E_NOMEM without allocating. */
doxin_status dx_nomem(dx_ctx *ctx);

/* DOXIN_OK, or DOXIN_E_CANCELED / DOXIN_E_TIMEOUT recorded. Long loops ask this now and then. */
doxin_status dx_check(dx_ctx *ctx);
/* Milliseconds until the deadline, at most cap_ms; 0 when it has passed. */
int dx_remaining_ms(const dx_ctx *ctx, int cap_ms);

/* While a call blocks: what wakes it. Returns false (and does not register) when cancel was asked already. */
bool dx_wait_begin(dx_ctx *ctx, dx_wake_fn wake, void *data);
void dx_wait_end(dx_ctx *ctx);

/* From the call's arena; on failure NULL, with DOXIN_E_NOMEM recorded. */
void *dx_new(dx_ctx *ctx, size_t size);
void *dx_array(dx_ctx *ctx, size_t count, size_t size);
char *dx_text(dx_ctx *ctx, const char *text);
char *dx_textn(dx_ctx *ctx, const char *text, size_t length);
char *dx_textf(dx_ctx *ctx, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Makes room for one more item in a growing arena array:
 *     if (!dx_push(ctx, (void **)&list, &count, &capacity, sizeof *list)) return DOXIN_E_NOMEM;
 * Returns the address of the new zeroed item (count is raised), or NULL with the error recorded. */
void *dx_push(dx_ctx *ctx, void **items, size_t *count, size_t *capacity, size_t size);

#endif
