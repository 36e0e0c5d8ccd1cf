/* The queue: rows of processing_jobs. PostgreSQL is all there is to it.
 *
 * A job is put into the caller's transaction, claimed with SKIP LOCKED, held by a lease that the worker renews while the
 * handler shows that it moves on, and fenced: every claim raises the row's fence, and whoever writes with an older one is
 * refused (DOXIN_E_LEASE_LOST). States: pending -> running -> completed | failed | cancelled; running -> pending again
 * after a failure that may pass, a lost lease, or a worker that stops. A job that used up its attempts is failed with
 * dead_at set. The queue knows handlers by the name of the job type alone. */
#ifndef DX_APP_QUEUE_QUEUE_H
#define DX_APP_QUEUE_QUEUE_H

#include "app/op/op.h"
#include "base/crypto/uuid.h"

/* jobs.list, jobs.get, jobs.cancel. */
extern const dx_module dx_queue_module;

/* ---- putting ---- */

enum { DX_PRIORITY_BATCH = 0, DX_PRIORITY_USER = 10 };

typedef struct dx_job_order {
    const char *type; /* of a handler */
    const char *user_id;
    const char *file_id;    /* may be NULL */
    const char *invoice_id; /* may be NULL */
    const char *parameters; /* JSON object; NULL: {} */
    int priority;
    bool auto_save;
    bool cleanup;
} dx_job_order;

/* In the caller's transaction: the job is there when that commits. */
doxin_status dx_queue_put(dx_tx *tx, dx_ctx *ctx, const dx_job_order *order, char out_id[DX_UUID_TEXT]);
/* A waiting job is cancelled at once, a running one is asked to stop. *out_status: what it is now ("cancelled" or
 * "running"). DOXIN_E_NOT_FOUND; DOXIN_E_CONFLICT when it has ended. */
doxin_status dx_queue_cancel(dx_tx *tx, dx_ctx *ctx, const char *job_id, const char **out_status);

/* ---- doing ---- */

typedef struct dx_job dx_job; /* one claim of one job, for the thread that runs it */

/* run: does the work with the identity of the job's owner in ctx. It shows that it moves on with dx_job_stage or
 * dx_job_alive, writes in transactions that begin with dx_job_hold, and ends well with dx_job_complete in the transaction
 * of its results. A failure is classed by its status: what is retryable (tools/errors.tsv) is tried again, anything else
 * is the document's and ends the job.
 * ended (may be NULL): in the transaction that fails or cancels the job for good, to write the same into other tables. */
typedef struct dx_job_handler {
    const char *type;
    doxin_status (*run)(dx_job *job, dx_ctx *ctx);
    doxin_status (*ended)(const dx_job *job, dx_tx *tx, dx_ctx *ctx, const char *status, const dx_error *error);
} dx_job_handler;

dx_app *dx_job_app(const dx_job *job);
const char *dx_job_id(const dx_job *job);
const char *dx_job_user(const dx_job *job);
const char *dx_job_file(const dx_job *job);    /* NULL: none */
const char *dx_job_invoice(const dx_job *job); /* NULL: none */
/* A member of the parameters. */
const dx_json *dx_job_parameter(const dx_job *job, const char *name);
bool dx_job_auto_save(const dx_job *job);
bool dx_job_cleanup(const dx_job *job);

/* The job has come this far: written, told to the rooms, and counted as a sign of life. DOXIN_E_LEASE_LOST. */
doxin_status dx_job_stage(dx_job *job, dx_ctx *ctx, const char *stage, int progress);
/* What comes next takes at most this long: until then the lease is renewed without further signs. */
void dx_job_alive(dx_job *job, int budget_ms);
/* First in a transaction of the handler: locks the job's row. DOXIN_E_LEASE_LOST: it is another worker's, nothing may be
 * written. */
doxin_status dx_job_hold(const dx_job *job, dx_tx *tx, dx_ctx *ctx);
/* Last in it. result: JSON object or NULL. */
doxin_status dx_job_complete(dx_job *job, dx_tx *tx, dx_ctx *ctx, const char *result);

#endif
