/* SQL that somebody else wrote, checked against a policy and confined to one owner's rows. No database, no network, no
 * thread: bytes and a policy in, text out.
 *
 *     bytes -> input.h   exact bytes, tokens, bounds
 *           -> parser.h  PostgreSQL's own grammar
 *           -> walk      every node, field, function, type, operator and name is known and allowed (select, from,
 *                        expression, call, type, names), or the statement is refused
 *           -> fence.h   each table is replaced, in the text at its place, by a subquery that reads the listed columns of
 *                        the owner's rows
 *           -> verify.h  the new text is parsed again: its tree is the old one but for those places
 *
 * What the text means to a server rests on three settings that the caller keeps: server_encoding UTF8, search_path
 * pg_catalog alone (every table is written with its schema), one parameter $1 of the policy's owner type. */
#ifndef DX_CORE_GUARD_GUARD_H
#define DX_CORE_GUARD_GUARD_H

#include "core/guard/policy.h"

/* What a host may forbid beyond the policy. Asked once for each thing that the guard itself allows. */
typedef struct dx_sql_filter {
    /* action "table": table; "column": table and column; "function": function. The others are NULL. *allowed is false
     * before the call. Not DOXIN_OK: the check ends with it (recorded in ctx). */
    doxin_status (*ask)(dx_ctx *ctx, void *data, const char *action, const char *table, const char *column,
                        const char *function, bool *allowed);
    void *data;
} dx_sql_filter;

typedef struct dx_sql_options {
    bool code_fences; /* a text that is one ```block``` stands for what is in it */
    const dx_sql_filter *filter;
} dx_sql_options;

typedef struct dx_sql_checked {
    const char *sql; /* in the call's arena */
    size_t length;
    bool owned;                /* it reads rows of an owner: $1 stands in it */
    const char *const *tables; /* of the policy, each once */
    int table_count;
} dx_sql_checked;

/* DOXIN_OK, or what is refused: a DOXIN_E_SQL_… code with the offset in data and a hint that says what to write instead;
 * DOXIN_E_NOMEM; what the filter answers. options may be NULL. */
doxin_status dx_guard_check(dx_ctx *ctx, const dx_policy *policy, const void *data, size_t data_len,
                            const dx_sql_options *options, dx_sql_checked *out);

#endif
