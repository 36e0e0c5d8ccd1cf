/* Threads that work through the queue. */
#ifndef DX_APP_QUEUE_WORKER_H
#define DX_APP_QUEUE_WORKER_H

#include "app/op/app.h"

typedef struct dx_worker_options {
    int threads;      /* 0: processors - 1, at least 1 */
    int lease_ms;     /* 0: 60,000 */
    const char *name; /* in job rows; NULL: host and process */
} dx_worker_options;

/* Blocks until the cancel of ctx is asked, then stops within 8 seconds: no further job is taken, running ones are
 * cancelled and their leases given back. Emits {"type": "job", "state": "started" | "completed" | "retry" | "failed" |
 * "cancelled" | "returned" | "lost", "job_id", "job_type", "attempt"} (emit may be NULL). DOXIN_OK after a cancel. */
doxin_status dx_worker_run(dx_app *app, dx_ctx *ctx, const dx_worker_options *options, dx_emit_fn emit, void *data);

#endif
