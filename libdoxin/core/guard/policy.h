/* What generated SQL may read: tables, columns, and how a row belongs to its owner. */
#ifndef DX_CORE_GUARD_POLICY_H
#define DX_CORE_GUARD_POLICY_H

#include "base/rt/ctx.h"

#include <stdbool.h>
#include <stddef.h>

enum { DX_POLICY_COLUMNS = 256, DX_POLICY_TABLES = 256 };

typedef struct dx_policy_words {
    const char *description;     /* or NULL */
    const char *const *synonyms; /* count of them */
    size_t synonym_count;
} dx_policy_words;

typedef struct dx_policy_column {
    const char *name;
    const char *type; /* "integer", "numeric", "text", …: the names of docs/sql.md */
    dx_policy_words words;
} dx_policy_column;

typedef struct dx_policy_key {
    int column;     /* of this table */
    int references; /* table */
    int key;        /* column of that table */
} dx_policy_key;

typedef enum dx_policy_scope { DX_SHARED, DX_OWNED, DX_CHILD } dx_policy_scope;

typedef struct dx_policy_table {
    const char *name;
    dx_policy_words words;
    const dx_policy_column *columns;
    int column_count;
    int primary_key; /* column, or -1 */
    const dx_policy_key *keys;
    int key_count;
    dx_policy_scope scope;
    const char *owner_column; /* DX_OWNED; need not be listed */
    int parent;               /* DX_CHILD: table; no table is its own ancestor */
    const char *parent_key;   /* DX_CHILD */
    const char *child_key;    /* DX_CHILD */
} dx_policy_table;

/* Counted, never changed once it is made. */
typedef struct dx_policy dx_policy;

/* Reads and checks doxin.sql-policy/1. Every mistake (as far as they fit) stands in ctx->error with its JSON pointer:
 * DOXIN_E_FIELD; DOXIN_E_JSON, DOXIN_E_LIMIT, DOXIN_E_NOMEM. *out is given back with dx_policy_drop. */
doxin_status dx_policy_read(dx_ctx *ctx, const void *data, size_t data_len, dx_policy **out);
dx_policy *dx_policy_hold(dx_policy *policy);
void dx_policy_drop(dx_policy *policy);

/* The JSON of the policy of the project's own schema. */
const char *dx_policy_own(size_t *length);

/* The text it was read from. */
const char *dx_policy_text(const dx_policy *policy, size_t *length);
const char *dx_policy_schema(const dx_policy *policy);
/* "integer" or "uuid". */
const char *dx_policy_owner_type(const dx_policy *policy);
int dx_policy_table_count(const dx_policy *policy);
const dx_policy_table *dx_policy_table_at(const dx_policy *policy, int index);
/* -1: there is none. Names are compared byte by byte. */
int dx_policy_find_table(const dx_policy *policy, const char *name);
int dx_policy_find_column(const dx_policy_table *table, const char *name);

#endif
