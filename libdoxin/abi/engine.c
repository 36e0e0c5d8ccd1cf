#include "abi/engine.h"

#include "abi/options.h"
#include "base/rt/alloc.h"
#include "base/rt/json_write.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- life ----------------------------------------------------------------------------------------------------------- */

static void forward_log(void *user_data, dx_level level, const char *component, const char *message,
                        const char *fields_json)
{
    const doxin_engine *engine = user_data;
    engine->log_fn(engine->log_user_data, (int)level, component, message, fields_json ? fields_json : "{}");
}

doxin_status doxin_engine_open(const doxin_options *opts, doxin_engine **out)
{
    if (!out)
        return DOXIN_E_INVALID;
    *out = NULL;
    dx_ctx ctx;
    if (!dx_ctx_init(&ctx, 0))
        return DOXIN_E_NOMEM;
    doxin_engine *engine = dx_calloc(1, sizeof *engine);
    if (!engine || !dx_options_copy(opts, &engine->options)) {
        dx_free(engine);
        dx_ctx_destroy(&ctx);
        return DOXIN_E_NOMEM;
    }
    atomic_init(&engine->references, 1);
    atomic_init(&engine->sessions, 0);
    engine->process = getpid();
    pthread_mutex_init(&engine->lock, NULL);
    dx_error_clear(&engine->error);
    engine->log.user_data = engine;
    doxin_status status = dx_options_check(&ctx, "engine_open", opts);
    engine->broken = status != DOXIN_OK;
    engine->error = ctx.error;
    engine->log.threshold = engine->broken ? DX_INFO : (dx_level)dx_options_choice("engine_open", opts, "log_level");
    dx_ctx_destroy(&ctx);
    *out = engine;
    return status;
}

void dx_engine_hold(doxin_engine *engine)
{
    atomic_fetch_add(&engine->references, 1);
}

static void free_hook(dx_hook *hook)
{
    if (hook->user_data_free)
        hook->user_data_free(hook->user_data);
    *hook = (dx_hook){0};
}

bool dx_engine_forked(const doxin_engine *engine)
{
    return engine->process != getpid();
}

void dx_engine_drop(doxin_engine *engine)
{
    if (atomic_fetch_sub(&engine->references, 1) != 1)
        return;
    if (!dx_engine_forked(engine)) {
        /* After fork() the children, threads and connections belong to the parent alone. */
        dx_app_free(engine->app);
        dx_reader_free(engine->reader);
    }
    free_hook(&engine->audit);
    free_hook(&engine->sql_filter);
    free_hook(&engine->corrections);
    dx_policy_drop(engine->own_policy);
    if (engine->log_user_data_free)
        engine->log_user_data_free(engine->log_user_data);
    doxin_options_free(engine->options);
    pthread_mutex_destroy(&engine->lock);
    dx_free(engine);
}

void doxin_engine_free(doxin_engine *engine)
{
    if (engine)
        dx_engine_drop(engine);
}

doxin_status dx_engine_usable(const doxin_engine *engine)
{
    if (!engine)
        return DOXIN_E_INVALID;
    if (dx_engine_forked(engine))
        return DOXIN_E_FORKED;
    return engine->broken ? engine->error.status : DOXIN_OK;
}

void dx_engine_keep_error(doxin_engine *engine, const dx_error *error)
{
    pthread_mutex_lock(&engine->lock);
    engine->error = *error;
    pthread_mutex_unlock(&engine->lock);
}

doxin_status doxin_engine_error(doxin_engine *engine, char **out_json)
{
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    if (!engine)
        return DOXIN_E_INVALID;
    pthread_mutex_lock(&engine->lock);
    dx_error error = engine->error;
    pthread_mutex_unlock(&engine->lock);
    *out_json = dx_error_json(&error);
    return *out_json ? DOXIN_OK : DOXIN_E_NOMEM;
}

/* ---- hooks ---------------------------------------------------------------------------------------------------------- */

static doxin_status may_set_hook(doxin_engine *engine)
{
    doxin_status status = dx_engine_usable(engine);
    if (status != DOXIN_OK || atomic_load(&engine->sessions) == 0)
        return status;
    dx_error error;
    dx_error_clear(&error);
    dx_error_set(&error, DOXIN_E_BUSY, "hooks are set before the first session is opened");
    dx_engine_keep_error(engine, &error);
    return DOXIN_E_BUSY;
}

static doxin_status no_such_hook(doxin_engine *engine, const char *kind)
{
    dx_error error;
    dx_error_clear(&error);
    dx_error_set(&error, DOXIN_E_OPTION, "there is no hook \"%.64s\"; known: audit, sql_filter, corrections", kind);
    dx_engine_keep_error(engine, &error);
    return DOXIN_E_OPTION;
}

static doxin_status refuse_hook(doxin_status status, void *user_data, doxin_user_data_free_fn user_data_free)
{
    if (user_data_free)
        user_data_free(user_data);
    return status;
}

doxin_status doxin_engine_set_log(doxin_engine *engine, doxin_log_fn fn, void *user_data,
                                  doxin_user_data_free_fn user_data_free)
{
    doxin_status status = may_set_hook(engine);
    if (status != DOXIN_OK)
        return refuse_hook(status, user_data, user_data_free);
    if (engine->log_user_data_free)
        engine->log_user_data_free(engine->log_user_data);
    engine->log_fn = fn;
    engine->log_user_data = user_data;
    engine->log_user_data_free = user_data_free;
    engine->log.fn = fn ? forward_log : NULL;
    return DOXIN_OK;
}

static dx_hook *hook_of(doxin_engine *engine, const char *kind)
{
    if (strcmp(kind, "audit") == 0)
        return &engine->audit;
    if (strcmp(kind, "sql_filter") == 0)
        return &engine->sql_filter;
    return strcmp(kind, "corrections") == 0 ? &engine->corrections : NULL;
}

doxin_status doxin_engine_set_host(doxin_engine *engine, const char *kind, doxin_host_fn fn, void *user_data,
                                   doxin_user_data_free_fn user_data_free)
{
    doxin_status status = kind ? may_set_hook(engine) : DOXIN_E_INVALID;
    dx_hook *hook = NULL;
    if (status == DOXIN_OK && !(hook = hook_of(engine, kind)))
        status = no_such_hook(engine, kind);
    if (status != DOXIN_OK)
        return refuse_hook(status, user_data, user_data_free);
    free_hook(hook);
    *hook = (dx_hook){fn, user_data, user_data_free};
    return DOXIN_OK;
}

void dx_engine_audit(doxin_engine *engine, const dx_ctx *ctx, const char *event, const char *operation,
                     doxin_status status)
{
    if (!engine->audit.fn)
        return;
    dx_buffer buffer;
    dx_writer writer;
    char *answer = NULL;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_write_object(&writer, NULL);
    dx_write_string(&writer, "event", event);
    dx_write_string(&writer, "operation", operation);
    dx_write_string(&writer, "user_id", ctx->user_id);
    dx_write_string(&writer, "request_id", ctx->request_id);
    dx_write_string(&writer, "code", dx_error_info_of(status)->name);
    dx_write_object_end(&writer);
    char *request = dx_buffer_take(&buffer, NULL);
    if (!request || engine->audit.fn(engine->audit.user_data, request, &answer) < 0)
        dx_log_write(&engine->log, DX_ERROR, "abi", NULL, "the audit hook could not be told of a %s", event);
    dx_free(request);
    dx_free(answer);
}

/* ---- parts ---------------------------------------------------------------------------------------------------------- */

static const char *text_option(const doxin_engine *engine, const char *key)
{
    return dx_options_text("engine_open", engine->options, key);
}

static int64_t integer_option(const doxin_engine *engine, const char *key)
{
    return dx_options_integer("engine_open", engine->options, key);
}

doxin_status dx_engine_reader(doxin_engine *engine, dx_ctx *ctx, dx_reader **out)
{
    doxin_status status = DOXIN_OK;
    pthread_mutex_lock(&engine->lock);
    if (!engine->reader) {
        dx_reader_options options = {
            .program = text_option(engine, "docparse"),
            .parsers = (int)integer_option(engine, "parsers"),
            .max_bytes = (size_t)integer_option(engine, "max_bytes"),
            .max_pages = (int)integer_option(engine, "max_pages"),
            .max_pixels = integer_option(engine, "max_pixels"),
            .max_words = (int)integer_option(engine, "max_words"),
            .max_attachments = (int)integer_option(engine, "max_attachments"),
            .max_attachment_bytes = integer_option(engine, "max_attachment_bytes"),
            .timeout_ms = (int)integer_option(engine, "parse_timeout_ms"),
            .memory_bytes = (size_t)integer_option(engine, "parser_memory_bytes"),
            .log = &engine->log,
        };
        status = dx_reader_new(&options, &engine->reader);
        if (status != DOXIN_OK)
            dx_fail(ctx, status, "the reader cannot be made: %s", dx_error_info_of(status)->text);
    }
    *out = engine->reader;
    pthread_mutex_unlock(&engine->lock);
    return status;
}

dx_einvoice_limits dx_engine_xml_limits(const doxin_engine *engine)
{
    return (dx_einvoice_limits){
        .max_bytes = integer_option(engine, "max_xml_bytes"),
        .max_depth = (int)integer_option(engine, "max_xml_depth"),
        .max_elements = (int)integer_option(engine, "max_xml_elements"),
    };
}

static void fill_app_options(const doxin_engine *engine, dx_reader *reader, dx_app_options *options)
{
    *options = (dx_app_options){
        .database_url = text_option(engine, "database_url"),
        .database_direct_url = text_option(engine, "database_direct_url"),
        .database_owner_url = text_option(engine, "database_owner_url"),
        .database_query_url = text_option(engine, "database_query_url"),
        .identity_key = text_option(engine, "identity_key"),
        .pool_size = (int)integer_option(engine, "pool_size"),
        .blob_url = text_option(engine, "blob_url"),
        .dev_login = dx_options_bool("engine_open", engine->options, "dev_login"),
        .learning = dx_options_bool("engine_open", engine->options, "learning"),
        .max_bytes = integer_option(engine, "max_bytes"),
        .max_pages = (int)integer_option(engine, "max_pages"),
        .max_xml_bytes = integer_option(engine, "max_xml_bytes"),
        .max_xml_depth = (int)integer_option(engine, "max_xml_depth"),
        .max_xml_elements = (int)integer_option(engine, "max_xml_elements"),
        .review_threshold = dx_options_share("engine_open", engine->options, "review_threshold"),
        .reader = reader,
        .log = &engine->log,
    };
}

doxin_status dx_engine_app(doxin_engine *engine, dx_ctx *ctx, dx_app **out)
{
    dx_reader *reader = NULL;
    doxin_status status = dx_engine_reader(engine, ctx, &reader);
    if (status != DOXIN_OK)
        return status;
    pthread_mutex_lock(&engine->lock);
    if (!engine->app) {
        dx_app_options options;
        fill_app_options(engine, reader, &options);
        status = dx_app_open(&options, ctx, &engine->app);
    }
    *out = engine->app;
    pthread_mutex_unlock(&engine->lock);
    return status;
}

doxin_status dx_engine_own_policy(doxin_engine *engine, dx_ctx *ctx, dx_policy **out)
{
    doxin_status status = DOXIN_OK;
    size_t size;
    const char *text = dx_policy_own(&size);
    pthread_mutex_lock(&engine->lock);
    if (!engine->own_policy)
        status = dx_policy_read(ctx, text, size, &engine->own_policy);
    *out = dx_policy_hold(engine->own_policy);
    pthread_mutex_unlock(&engine->lock);
    return status;
}
