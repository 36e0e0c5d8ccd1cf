#include "core/guard/parser.h"

#include <string.h>

static void *take(void *data, size_t size)
{
    return dx_arena_alloc(data, size);
}

/* The arena gives everything back at once. */
static void leave(void *data, void *pointer)
{
    (void)data;
    (void)pointer;
}

/* The grammar counts characters from 1. */
static int64_t byte_offset(const char *sql, int position)
{
    const char *p = sql;
    while (*p && (--position > 0 || (*p & 0xC0) == 0x80)) {
        p++;
        while ((*p & 0xC0) == 0x80)
            p++;
    }
    return p - sql;
}

static doxin_status refuse(dx_ctx *ctx, const char *sql, const PgQueryError *error)
{
    if (strcmp(error->message, "out of memory") == 0)
        return dx_nomem(ctx);
    dx_fail(ctx, DOXIN_E_SQL_SYNTAX, "%.300s", error->message);
    ctx->error.offset = error->cursorpos > 0 ? byte_offset(sql, error->cursorpos) : 0;
    dx_error_hint(&ctx->error, "write one SELECT in the grammar of PostgreSQL 15");
    return DOXIN_E_SQL_SYNTAX;
}

doxin_status dx_parser_parse(dx_ctx *ctx, const char *sql, PgQuery__ParseResult **out)
{
    ProtobufCAllocator allocator = {take, leave, ctx->arena};
    doxin_status status = DOXIN_OK;
    PgQueryProtobufParseResult packed = pg_query_parse_protobuf(sql);
    if (packed.error) {
        status = refuse(ctx, sql, packed.error);
    } else {
        ProtobufCMessage *tree =
            protobuf_c_message_unpack(&pg_query__parse_result__descriptor, &allocator, packed.parse_tree.len,
                                      (const uint8_t *)packed.parse_tree.data);
        *out = (PgQuery__ParseResult *)tree;
        if (!tree)
            status = dx_nomem(ctx);
    }
    pg_query_free_protobuf_parse_result(packed);
    return status;
}
