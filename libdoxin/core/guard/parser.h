/* PostgreSQL's own grammar (libpg_query, the grammar of 15): text in, tree out. */
#ifndef DX_CORE_GUARD_PARSER_H
#define DX_CORE_GUARD_PARSER_H

#include "base/rt/ctx.h"

/* The names that CMakeLists.txt leaves visible in the closed copy of libpg_query. */
#define pg_query_parse_protobuf dx_parser__pg_query_parse_protobuf
#define pg_query_free_protobuf_parse_result dx_parser__pg_query_free_protobuf_parse_result
#define protobuf_c_message_unpack dx_parser__protobuf_c_message_unpack
#define pg_query__parse_result__descriptor dx_parser__pg_query__parse_result__descriptor
#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>

/* The tree of a text whose depth and length were checked (token.h): the grammar has no guard of its own. sql ends with
 * NUL. The tree lives in the call's arena. DOXIN_E_SQL_SYNTAX with the place, DOXIN_E_NOMEM. */
doxin_status dx_parser_parse(dx_ctx *ctx, const char *sql, PgQuery__ParseResult **out);

#endif
