#include "base/rt/ctx.h"

#include "base/rt/clock.h"

#include <string.h>

void dx_cancel_init(dx_cancel *cancel)
{
    atomic_init(&cancel->asked, false);
    pthread_mutex_init(&cancel->lock, NULL);
    cancel->wake = NULL;
    cancel->wake_data = NULL;
}

void dx_cancel_destroy(dx_cancel *cancel)
{
    pthread_mutex_destroy(&cancel->lock);
}

void dx_cancel_ask(dx_cancel *cancel)
{
    atomic_store(&cancel->asked, true);
    pthread_mutex_lock(&cancel->lock);
    if (cancel->wake)
        cancel->wake(cancel->wake_data);
    pthread_mutex_unlock(&cancel->lock);
}

bool dx_ctx_init(dx_ctx *ctx, size_t max_arena_bytes)
{
    memset(ctx, 0, sizeof *ctx);
    dx_error_clear(&ctx->error);
    ctx->arena = dx_arena_new(max_arena_bytes);
    return ctx->arena != NULL;
}

void dx_ctx_destroy(dx_ctx *ctx)
{
    dx_arena_free(ctx->arena);
    ctx->arena = NULL;
}

doxin_status dx_fail(dx_ctx *ctx, doxin_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    dx_error_setv(&ctx->error, status, format, arguments);
    va_end(arguments);
    return status;
}

doxin_status dx_nomem(dx_ctx *ctx)
{
    return dx_error_set(&ctx->error, DOXIN_E_NOMEM, "%s", dx_error_info_of(DOXIN_E_NOMEM)->text);
}

doxin_status dx_check(dx_ctx *ctx)
{
    if (ctx->cancel && atomic_load(&ctx->cancel->asked))
        return dx_fail(ctx, DOXIN_E_CANCELED, "the call was cancelled");
    if (ctx->deadline_ns && dx_clock_ns() >= ctx->deadline_ns)
        return dx_fail(ctx, DOXIN_E_TIMEOUT, "the deadline of the call has passed");
    return DOXIN_OK;
}

int dx_remaining_ms(const dx_ctx *ctx, int cap_ms)
{
    if (!ctx->deadline_ns)
        return cap_ms;
    int64_t left = (ctx->deadline_ns - dx_clock_ns()) / 1000000;
    if (left <= 0)
        return 0;
    return left < cap_ms ? (int)left : cap_ms;
}

bool dx_wait_begin(dx_ctx *ctx, dx_wake_fn wake, void *data)
{
    dx_cancel *cancel = ctx->cancel;
    if (!cancel)
        return true;
    pthread_mutex_lock(&cancel->lock);
    bool go = !atomic_load(&cancel->asked);
    if (go) {
        cancel->wake = wake;
        cancel->wake_data = data;
    }
    pthread_mutex_unlock(&cancel->lock);
    return go;
}

void dx_wait_end(dx_ctx *ctx)
{
    dx_cancel *cancel = ctx->cancel;
    if (!cancel)
        return;
    pthread_mutex_lock(&cancel->lock);
    cancel->wake = NULL;
    cancel->wake_data = NULL;
    pthread_mutex_unlock(&cancel->lock);
}

static void *or_nomem(dx_ctx *ctx, void *memory)
{
    if (!memory)
        dx_nomem(ctx);
    return memory;
}

void *dx_new(dx_ctx *ctx, size_t size)
{
    return or_nomem(ctx, dx_arena_alloc(ctx->arena, size));
}

void *dx_array(dx_ctx *ctx, size_t count, size_t size)
{
    return or_nomem(ctx, dx_arena_array(ctx->arena, count, size));
}

char *dx_text(dx_ctx *ctx, const char *text)
{
    return or_nomem(ctx, dx_arena_strdup(ctx->arena, text));
}

char *dx_textn(dx_ctx *ctx, const char *text, size_t length)
{
    return or_nomem(ctx, dx_arena_strndup(ctx->arena, text, length));
}

char *dx_textf(dx_ctx *ctx, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = dx_arena_vprintf(ctx->arena, format, arguments);
    va_end(arguments);
    return or_nomem(ctx, text);
}

void *dx_push(dx_ctx *ctx, void **items, size_t *count, size_t *capacity, size_t size)
{
    if (*count == *capacity) {
        size_t grown = *capacity ? *capacity * 2 : 8;
        void *fresh = or_nomem(ctx, dx_arena_grow(ctx->arena, *items, *count, grown, size));
        if (!fresh)
            return NULL;
        *items = fresh;
        *capacity = grown;
    }
    /* A slot that was given back may hold what was in it. */
    return memset((char *)*items + size * (*count)++, 0, size);
}
