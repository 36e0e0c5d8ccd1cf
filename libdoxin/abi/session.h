/* The session behind doxin_session, and the frame round every call on one. */
#ifndef DX_ABI_SESSION_H
#define DX_ABI_SESSION_H

#include "abi/asset.h"
#include "abi/engine.h"
#include "base/rt/ctx.h"
#include "doxin/session.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct doxin_session {
    doxin_engine *engine;
    atomic_bool busy;
    dx_ctx ctx; /* of the call that runs; its arena is emptied when the next one begins */
    dx_cancel cancel;
    pthread_mutex_t running_lock; /* guards running: a cancel counts for the call that runs now */
    bool running;
    dx_error last;
    int64_t timeout_ms;
    char *user_id;
    char *purpose;
    char *login_id; /* row of user_sessions */
    char *request_id;
    char *traceparent;
    char *client_address;
    char *client_agent;
    dx_profile *profile; /* snapshot; NULL: none */
    dx_policy *policy;   /* snapshot; NULL: that of the own schema */
};

/* Begins a call: *out is its ctx. Not DOXIN_OK: the call must return that status at once, nothing is to be left. */
doxin_status dx_session_enter(doxin_session *session, dx_ctx **out);
/* Ends a call and keeps its error. Returns status. */
doxin_status dx_session_leave(doxin_session *session, doxin_status status);
/* For work in the background: a session of its own with the same engine, user, profile and deadline. */
doxin_status dx_session_fork(doxin_session *session, dx_ctx *ctx, doxin_session **out);

#endif
