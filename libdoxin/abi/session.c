#include "abi/session.h"

#include "abi/options.h"
#include "base/rt/alloc.h"
#include "base/rt/clock.h"

#include <string.h>

enum { ARENA_MAX = 512 << 20 };

static doxin_status make(doxin_engine *engine, doxin_session **out)
{
    doxin_session *session = dx_calloc(1, sizeof *session);
    if (!session || !dx_ctx_init(&session->ctx, ARENA_MAX)) {
        dx_free(session);
        return DOXIN_E_NOMEM;
    }
    session->engine = engine;
    dx_engine_hold(engine);
    atomic_init(&session->busy, false);
    pthread_mutex_init(&session->running_lock, NULL);
    dx_cancel_init(&session->cancel);
    dx_error_clear(&session->last);
    session->ctx.cancel = &session->cancel;
    session->ctx.log = &engine->log;
    *out = session;
    return DOXIN_OK;
}

/* False: no memory. NULL stays NULL. */
static bool keep(char **slot, const char *text)
{
    char *copy = dx_strdup(text);
    if (text && !copy)
        return false;
    dx_free(*slot);
    *slot = copy;
    return true;
}

static doxin_status take_options(doxin_session *session, const doxin_options *opts)
{
    static const char *const call = "session_open";
    session->timeout_ms = dx_options_integer(call, opts, "timeout_ms");
    bool kept = keep(&session->user_id, dx_options_text(call, opts, "user_id")) &&
                keep(&session->purpose, dx_options_text(call, opts, "purpose")) &&
                keep(&session->request_id, dx_options_text(call, opts, "request_id")) &&
                keep(&session->traceparent, dx_options_text(call, opts, "traceparent")) &&
                keep(&session->client_address, dx_options_text(call, opts, "client_address")) &&
                keep(&session->client_agent, dx_options_text(call, opts, "client_agent"));
    return kept ? DOXIN_OK : DOXIN_E_NOMEM;
}

doxin_status doxin_session_open(doxin_engine *engine, const doxin_options *opts, doxin_session **out)
{
    if (!out)
        return DOXIN_E_INVALID;
    *out = NULL;
    doxin_status status = dx_engine_usable(engine);
    doxin_session *session = NULL;
    if (status == DOXIN_OK)
        status = make(engine, &session);
    if (status == DOXIN_OK) {
        atomic_fetch_add(&engine->sessions, 1);
        status = dx_options_check(&session->ctx, "session_open", opts);
        if (status != DOXIN_OK)
            dx_engine_keep_error(engine, &session->ctx.error);
    }
    if (status == DOXIN_OK)
        status = take_options(session, opts);
    if (status == DOXIN_OK)
        *out = session;
    else
        doxin_session_free(session);
    return status;
}

doxin_status dx_session_fork(doxin_session *session, dx_ctx *ctx, doxin_session **out)
{
    doxin_session *copy = NULL;
    if (make(session->engine, &copy) != DOXIN_OK)
        return dx_nomem(ctx);
    bool kept = keep(&copy->user_id, session->user_id) && keep(&copy->purpose, session->purpose) &&
                keep(&copy->login_id, session->login_id) && keep(&copy->request_id, session->request_id) &&
                keep(&copy->traceparent, session->traceparent) &&
                keep(&copy->client_address, session->client_address) &&
                keep(&copy->client_agent, session->client_agent);
    if (!kept) {
        doxin_session_free(copy);
        return dx_nomem(ctx);
    }
    copy->timeout_ms = session->timeout_ms;
    copy->profile = dx_profile_hold(session->profile);
    copy->policy = dx_policy_hold(session->policy);
    *out = copy;
    return DOXIN_OK;
}

static bool take(doxin_session *session)
{
    bool free_before = false;
    return atomic_compare_exchange_strong(&session->busy, &free_before, true);
}

/* Nobody who is signed in has no purpose; a worker needs no user. */
static const char *purpose_of(const doxin_session *session)
{
    bool worker = session->purpose && strcmp(session->purpose, "worker") == 0;
    return session->user_id || worker ? session->purpose : NULL;
}

doxin_status dx_session_enter(doxin_session *session, dx_ctx **out)
{
    if (!session)
        return DOXIN_E_INVALID;
    doxin_status status = dx_engine_usable(session->engine);
    if (status != DOXIN_OK)
        return status;
    if (!take(session))
        return DOXIN_E_BUSY;
    dx_ctx *ctx = &session->ctx;
    pthread_mutex_lock(&session->running_lock);
    atomic_store(&session->cancel.asked, false);
    session->running = true;
    pthread_mutex_unlock(&session->running_lock);
    dx_arena_reset(ctx->arena);
    dx_error_clear(&ctx->error);
    ctx->deadline_ns = session->timeout_ms ? dx_clock_ns() + session->timeout_ms * 1000000 : 0;
    ctx->user_id = session->user_id;
    ctx->purpose = purpose_of(session);
    ctx->session_id = session->login_id;
    ctx->request_id = session->request_id;
    ctx->traceparent = session->traceparent;
    ctx->client_address = session->client_address;
    ctx->client_agent = session->client_agent;
    *out = ctx;
    return DOXIN_OK;
}

doxin_status dx_session_leave(doxin_session *session, doxin_status status)
{
    if (status < 0) {
        if (session->ctx.error.status != status)
            dx_error_set(&session->ctx.error, status, "%s", dx_error_info_of(status)->text);
        session->last = session->ctx.error;
    }
    pthread_mutex_lock(&session->running_lock);
    session->running = false;
    pthread_mutex_unlock(&session->running_lock);
    atomic_store(&session->busy, false);
    return status;
}

doxin_status doxin_session_login(doxin_session *session, const char *token, const doxin_options *opts)
{
    dx_ctx *ctx;
    doxin_status status = dx_session_enter(session, &ctx);
    if (status != DOXIN_OK)
        return status;
    dx_app *app = NULL;
    if (!token)
        status = dx_fail(ctx, DOXIN_E_UNAUTHENTICATED, "no token was given");
    if (status == DOXIN_OK && dx_options_count(opts) > 0)
        status = dx_options_check(ctx, "session_login", opts);
    if (status == DOXIN_OK)
        status = dx_engine_app(session->engine, ctx, &app);
    if (status == DOXIN_OK)
        status = dx_app_login(app, ctx, token);
    if (status == DOXIN_OK && !(keep(&session->user_id, ctx->user_id) && keep(&session->purpose, ctx->purpose) &&
                                keep(&session->login_id, ctx->session_id)))
        status = dx_nomem(ctx);
    dx_engine_audit(session->engine, ctx, "login", "", status);
    return dx_session_leave(session, status);
}

doxin_status doxin_session_set_deadline(doxin_session *session, int64_t timeout_ms)
{
    if (!session || timeout_ms < 0 || timeout_ms > 86400000)
        return DOXIN_E_INVALID;
    if (!take(session))
        return DOXIN_E_BUSY;
    session->timeout_ms = timeout_ms;
    atomic_store(&session->busy, false);
    return DOXIN_OK;
}

doxin_status doxin_session_cancel(doxin_session *session)
{
    if (!session)
        return DOXIN_E_INVALID;
    if (dx_engine_forked(session->engine))
        return DOXIN_E_FORKED;
    pthread_mutex_lock(&session->running_lock);
    if (session->running)
        dx_cancel_ask(&session->cancel);
    pthread_mutex_unlock(&session->running_lock);
    return DOXIN_OK;
}

doxin_status doxin_session_error(doxin_session *session, char **out_json)
{
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    if (!session)
        return DOXIN_E_INVALID;
    if (!take(session))
        return DOXIN_E_BUSY;
    *out_json = dx_error_json(&session->last);
    atomic_store(&session->busy, false);
    return *out_json ? DOXIN_OK : DOXIN_E_NOMEM;
}

void doxin_session_free(doxin_session *session)
{
    if (!session)
        return;
    dx_free(session->user_id);
    dx_free(session->purpose);
    dx_free(session->login_id);
    dx_free(session->request_id);
    dx_free(session->traceparent);
    dx_free(session->client_address);
    dx_free(session->client_agent);
    dx_profile_drop(session->profile);
    dx_policy_drop(session->policy);
    dx_cancel_destroy(&session->cancel);
    pthread_mutex_destroy(&session->running_lock);
    dx_ctx_destroy(&session->ctx);
    doxin_engine *engine = session->engine;
    dx_free(session);
    dx_engine_drop(engine);
}
