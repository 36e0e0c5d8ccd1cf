#include "app/op/app.h"

#include "app/op/op.h"
#include "app/schema/schema.h"
#include "base/rt/alloc.h"

#include <string.h>

enum { MAX_BYTES = 50 << 20 };

/* ---- life ---------------------------------------------------------------------------------------------------------------- */

/* A schema that does not parse is an error of the program; it is found when the first app opens, and by the tests. */
static doxin_status parse_requests(dx_app *app, dx_ctx *ctx)
{
    size_t count = 0;
    for (const dx_module *const *module = dx_modules; *module; module++)
        count += (*module)->operation_count;
    app->requests = dx_calloc(count ? count : 1, sizeof *app->requests);
    if (!app->requests)
        return dx_nomem(ctx);
    for (const dx_module *const *module = dx_modules; *module; module++)
        for (size_t i = 0; i < (*module)->operation_count; i++) {
            const char *text = (*module)->operations[i].request;
            doxin_status status = dx_json_parse(ctx, text, strlen(text), &app->requests[app->request_count]);
            if (status != DOXIN_OK)
                return status;
            app->request_count++;
        }
    return DOXIN_OK;
}

static bool given(const char *text)
{
    return text && *text;
}

static doxin_status open_doors(dx_app *app, dx_ctx *ctx, const dx_app_options *options)
{
    doxin_status status = DOXIN_OK;
    if (given(options->database_url)) {
        dx_db_options db = {
            .url = options->database_url,
            .direct_url = options->database_direct_url,
            .owner_url = options->database_owner_url,
            .query_url = options->database_query_url,
            .identity_key = options->identity_key,
            .pool_size = options->pool_size,
            .log = options->log,
        };
        status = dx_db_open(ctx, &db, &app->db);
    }
    if (status == DOXIN_OK && given(options->blob_url))
        status = dx_blob_open(ctx, options->blob_url, &app->blob);
    return status;
}

doxin_status dx_app_open(const dx_app_options *options, dx_ctx *ctx, dx_app **out)
{
    *out = NULL;
    dx_app *app = dx_calloc(1, sizeof *app);
    if (!app)
        return dx_nomem(ctx);
    app->reader = options->reader;
    app->log = options->log;
    app->dev_login = options->dev_login;
    app->learning = options->learning;
    app->max_bytes = options->max_bytes > 0 ? options->max_bytes : MAX_BYTES;
    app->max_pages = options->max_pages;
    app->max_xml_bytes = options->max_xml_bytes;
    app->max_xml_depth = options->max_xml_depth;
    app->max_xml_elements = options->max_xml_elements;
    app->review_threshold = options->review_threshold;
    pthread_mutex_init(&app->lock, NULL);
    doxin_status status = parse_requests(app, ctx);
    if (status == DOXIN_OK)
        status = open_doors(app, ctx, options);
    if (status == DOXIN_OK)
        *out = app;
    else
        dx_app_free(app);
    return status;
}

void dx_app_free(dx_app *app)
{
    if (!app)
        return;
    if (app->events.free)
        app->events.free(app->events.state);
    dx_blob_free(app->blob);
    dx_db_free(app->db);
    for (size_t i = 0; i < app->request_count; i++)
        dx_json_free(app->requests[i]);
    dx_free(app->requests);
    pthread_mutex_destroy(&app->lock);
    dx_free(app);
}

/* ---- schema and health --------------------------------------------------------------------------------------------------- */

doxin_status dx_app_ready(dx_app *app, dx_ctx *ctx)
{
    doxin_status status = dx_app_need_db(app, ctx);
    return status == DOXIN_OK ? dx_schema_check(app->db, ctx) : status;
}

doxin_status dx_app_migrate(dx_app *app, dx_ctx *ctx, const char *direction, int steps, const char *to,
                            dx_buffer *report)
{
    dx_writer writer;
    doxin_status status = dx_app_need_db(app, ctx);
    if (status != DOXIN_OK)
        return status;
    /* "up" goes all the way, or as far as `to`. */
    dx_schema_options options = {.steps = strcmp(direction, "down") == 0 ? steps : 0, .to = to};
    dx_write_init(&writer, report);
    return dx_schema_migrate(app->db, ctx, direction, &options, &writer);
}

static void write_part(dx_writer *writer, const char *name, const char *state, const char *text)
{
    dx_write_object(writer, NULL);
    dx_write_string(writer, "name", name);
    dx_write_string(writer, "state", state);
    dx_write_string(writer, "text", text);
    dx_write_object_end(writer);
}

/* Tries a part and takes its error out of the call, which goes on. */
static bool try_part(dx_writer *writer, dx_ctx *ctx, const char *name, doxin_status status, const char *good)
{
    write_part(writer, name, status == DOXIN_OK ? "ok" : "failed", status == DOXIN_OK ? good : ctx->error.message);
    dx_error_clear(&ctx->error);
    return status == DOXIN_OK;
}

static void queue_part(dx_app *app, dx_ctx *ctx, dx_writer *writer)
{
    dx_rows *rows = NULL;
    dx_ctx worker = *ctx;
    worker.user_id = NULL;
    worker.purpose = "worker";
    doxin_status status = dx_db_exec(app->db, &worker, DX_LOGIN_APPLICATION,
                                     "SELECT (count(*) FILTER (WHERE status = 'pending')) || ' waiting, ' || "
                                     "(count(*) FILTER (WHERE status = 'running')) || ' running' FROM processing_jobs "
                                     "WHERE status IN ('pending', 'running')",
                                     DX_NO_PARAMS, &rows);
    try_part(writer, &worker, "queue", status, dx_rows_text(rows, 0, 0));
}

void dx_app_parts(dx_app *app, dx_ctx *ctx, dx_writer *writer)
{
    if (!app->db)
        write_part(writer, "database", "off",
                   "DATABASE_URL is not set; documents are read, operations need a database");
    else if (try_part(writer, ctx, "database", dx_db_ping(app->db, ctx), "answers") &&
             try_part(writer, ctx, "schema", dx_schema_check(app->db, ctx), "is the one of this version"))
        queue_part(app, ctx, writer);
    if (!app->blob)
        write_part(writer, "file store", "off", "DOXIN_BLOB_URL is not set; files cannot be stored");
    else
        try_part(writer, ctx, "file store", dx_blob_check(app->blob, ctx), "takes and gives files");
}
