/* What the engine is: parts with their state. */
#include "abi/engine.h"
#include "abi/options.h"
#include "abi/session.h"
#include "base/rt/alloc.h"
#include "base/rt/json_write.h"

#include <string.h>

static void write_part(dx_writer *writer, const char *name, const char *state, const char *words)
{
    dx_write_object(writer, NULL);
    dx_write_string(writer, "name", name);
    dx_write_string(writer, "state", state);
    dx_write_string(writer, "text", words);
    dx_write_object_end(writer);
}

static void write_app_parts(doxin_engine *engine, dx_ctx *ctx, dx_writer *writer)
{
    dx_app *app = NULL;
    if (!dx_options_text("engine_open", engine->options, "database_url")) {
        write_part(writer, "database", "off",
                   "DATABASE_URL is not set; documents are read, operations need a database");
        return;
    }
    if (dx_engine_app(engine, ctx, &app) != DOXIN_OK)
        write_part(writer, "database", "failed", ctx->error.message);
    else
        dx_app_parts(app, ctx, writer);
}

static void write_limits(const doxin_engine *engine, dx_writer *writer)
{
    static const char *const names[] = {"max_bytes",        "max_pages",          "max_pixels",
                                        "max_words",        "max_attachments",    "max_attachment_bytes",
                                        "max_xml_bytes",    "max_xml_depth",      "max_xml_elements",
                                        "parse_timeout_ms", "parser_memory_bytes"};
    dx_write_object(writer, "limits");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        dx_write_integer(writer, names[i], dx_options_integer("engine_open", engine->options, names[i]));
    dx_write_object_end(writer);
}

static void write_info(doxin_engine *engine, dx_ctx *ctx, dx_writer *writer)
{
    dx_reader *reader = NULL;
    dx_write_object(writer, NULL);
    dx_write_string(writer, "schema", "doxin.engine/1");
    dx_write_string(writer, "version", doxin_version());
    dx_write_array(writer, "parts");
    if (dx_engine_reader(engine, ctx, &reader) != DOXIN_OK)
        write_part(writer, "parser", "failed", ctx->error.message);
    else
        dx_reader_parts(reader, ctx, writer);
    write_app_parts(engine, ctx, writer);
    dx_write_array_end(writer);
    write_limits(engine, writer);
    dx_write_array(writer, "hooks");
    dx_write_string(writer, NULL, "log");
    dx_write_string(writer, NULL, "audit");
    dx_write_string(writer, NULL, "sql_filter");
    dx_write_string(writer, NULL, "corrections");
    dx_write_array_end(writer);
    dx_write_object_end(writer);
}

doxin_status doxin_engine_info(doxin_engine *engine, char **out_json)
{
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    doxin_session *session = NULL;
    dx_ctx *ctx;
    doxin_status status = dx_engine_usable(engine);
    if (status == DOXIN_OK)
        status = doxin_session_open(engine, NULL, &session);
    if (status != DOXIN_OK)
        return status;
    /* It is none of the host's: hooks may still be set after asking. */
    atomic_fetch_sub(&engine->sessions, 1);
    session->timeout_ms = 5000;
    status = dx_session_enter(session, &ctx);
    if (status == DOXIN_OK) {
        dx_buffer buffer;
        dx_writer writer;
        dx_buffer_init(&buffer, 0);
        dx_write_init(&writer, &buffer);
        write_info(engine, ctx, &writer);
        *out_json = dx_buffer_take(&buffer, NULL);
        status = dx_session_leave(session, *out_json ? DOXIN_OK : dx_nomem(ctx));
    }
    doxin_session_free(session);
    return status;
}
