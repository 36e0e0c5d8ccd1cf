/* The exact bytes of a statement, before anything reads them as SQL. */
#ifndef DX_CORE_GUARD_INPUT_H
#define DX_CORE_GUARD_INPUT_H

#include "core/guard/token.h"

typedef struct dx_sql_input {
    const char *text; /* the statement, NUL behind it; in the call's arena */
    size_t length;
    size_t skipped; /* bytes of the caller's text before it: offsets are counted from there */
    dx_tokens tokens;
} dx_sql_input;

/* code_fences: a text that is one block of ```…``` stands for what is in it. One semicolon at the end is dropped.
 * DOXIN_E_SQL_BYTES, DOXIN_E_SQL_SIZE, DOXIN_E_SQL_SYNTAX, DOXIN_E_SQL_STATEMENT (nothing, or more than one),
 * DOXIN_E_SQL_PARAMETER, DOXIN_E_SQL_NAME, DOXIN_E_NOMEM; offsets in the caller's text. */
doxin_status dx_sql_input_read(dx_ctx *ctx, const void *data, size_t data_len, bool code_fences, dx_sql_input *out);

#endif
