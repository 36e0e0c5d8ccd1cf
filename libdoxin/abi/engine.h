/* The engine behind doxin_engine: counted, with parts that come with first use. */
#ifndef DX_ABI_ENGINE_H
#define DX_ABI_ENGINE_H

#include "app/identity/identity.h"
#include "app/op/app.h"
#include "app/queue/worker.h"
#include "app/records/records.h"
#include "app/records/upload.h"
#include "base/rt/ctx.h"
#include "core/einvoice/einvoice.h"
#include "core/guard/policy.h"
#include "doxin/engine.h"
#include "io/reader/reader.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

/* A hook of the host. */
typedef struct dx_hook {
    doxin_host_fn fn;
    void *user_data;
    doxin_user_data_free_fn user_data_free;
} dx_hook;

struct doxin_engine {
    atomic_int references; /* the caller's, and one for each session, task and document */
    atomic_int sessions;   /* opened so far: hooks are set before the first */
    pid_t process;         /* that opened it: another one is a child after fork() */
    doxin_options *options;
    doxin_log_fn log_fn;
    void *log_user_data;
    doxin_user_data_free_fn log_user_data_free;
    dx_log log; /* what the inner floors see */
    dx_hook audit;
    dx_hook sql_filter;
    dx_hook corrections;
    pthread_mutex_t lock; /* guards the four below: error, and the parts while they are made */
    dx_error error;       /* of open, the setters, session_open, worker_start */
    dx_reader *reader;
    dx_app *app;
    dx_policy *own_policy; /* of the project's own schema */
    bool broken;           /* an option was refused: nothing but error and free works */
};

void dx_engine_hold(doxin_engine *engine);
/* Drops one reference; the last one ends what runs and frees everything. */
void dx_engine_drop(doxin_engine *engine);
/* DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_FORKED or what open said. */
doxin_status dx_engine_usable(const doxin_engine *engine);

/* This process is a child of the one that opened the engine: locks of other threads may be held for ever. */
bool dx_engine_forked(const doxin_engine *engine);
/* What doxin_engine_error() tells from now on. Any thread. */
void dx_engine_keep_error(doxin_engine *engine, const dx_error *error);

/* What XML may be at most. */
dx_einvoice_limits dx_engine_xml_limits(const doxin_engine *engine);
/* The parts, made on first use. Errors are recorded in ctx. */
doxin_status dx_engine_reader(doxin_engine *engine, dx_ctx *ctx, dx_reader **out);
doxin_status dx_engine_app(doxin_engine *engine, dx_ctx *ctx, dx_app **out);
/* *out is to be dropped. */
doxin_status dx_engine_own_policy(doxin_engine *engine, dx_ctx *ctx, dx_policy **out);

/* {"schema": "doxin.error/1", …}; NULL when there is no memory. */
char *dx_error_json(const dx_error *error);

/* Tells the audit hook, if there is one. Best effort: it never fails the call. */
void dx_engine_audit(doxin_engine *engine, const dx_ctx *ctx, const char *event, const char *operation,
                     doxin_status status);

#endif
