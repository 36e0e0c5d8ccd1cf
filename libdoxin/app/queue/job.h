/* One claim of one job, and the statements of the queue. Inside this folder. */
#ifndef DX_APP_QUEUE_JOB_H
#define DX_APP_QUEUE_JOB_H

#include "app/queue/queue.h"

#include <stdatomic.h>

enum { DX_FENCE_TEXT = 24, DX_LEASE_TEXT = 16 };

struct dx_job {
    dx_app *app;
    const dx_job_handler *handler; /* NULL: this program has none for the type */
    char id[DX_UUID_TEXT];
    char user_id[DX_UUID_TEXT];
    char file_id[DX_UUID_TEXT];    /* "": none */
    char invoice_id[DX_UUID_TEXT]; /* "": none */
    char type[64];
    char fence[DX_FENCE_TEXT];
    int attempt; /* from 1 */
    int max_attempts;
    bool auto_save;
    bool cleanup;
    bool cancel_requested; /* while it was waiting for its turn again */
    atomic_bool completed; /* by dx_job_complete; counts once its transaction has committed */
    char traceparent[65];
    dx_json *parameters;
    atomic_llong alive_until_ns; /* of dx_clock_ns: until then the lease is renewed */
    int sign_ms;                 /* how long a sign of life counts */
};

/* The handler of a type, or NULL. */
const dx_job_handler *dx_job_handler_find(const char *type);
/* Frees what a claim holds. */
void dx_job_clear(dx_job *job);

/* Takes the next job: most urgent first; of equally urgent ones the user's whose turn it is: fewest running, and in
 * `recent` (ids of users lately served here, the latest last, as "{id,id}") earliest. *out_found false: nothing waits. */
doxin_status dx_job_claim(dx_app *app, dx_ctx *ctx, const char *owner, int lease_ms, const char *recent, dx_job *out,
                          bool *out_found);
/* Renews the leases of ids and fences ("{…}" each). *out: rows of id, fence, cancel asked; one that is missing is lost. */
doxin_status dx_job_beat(dx_app *app, dx_ctx *ctx, const char *ids, const char *fences, int lease_ms, dx_rows **out);
/* Gives expired leases back to the queue, ends what has no attempt left. *out_count: how many it found. */
doxin_status dx_job_reap(dx_app *app, dx_ctx *ctx, int64_t *out_count);

/* How a job ends that was not completed. ctx needs no identity. DOXIN_E_LEASE_LOST: somebody else has it. */
doxin_status dx_job_return(const dx_job *job, dx_ctx *ctx); /* untouched: the attempt does not count */
doxin_status dx_job_retry(const dx_job *job, dx_ctx *ctx, const dx_error *error);
/* status: "failed" or "cancelled". dead: its attempts are used up. */
doxin_status dx_job_end(const dx_job *job, dx_ctx *ctx, const char *status, bool dead, const dx_error *error);
/* Full jitter: 0 … min(5 minutes, 1 s * 2^attempt). */
int dx_job_delay_ms(int attempt);

#endif
