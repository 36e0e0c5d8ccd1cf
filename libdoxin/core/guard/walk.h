/* One walk over the tree of a statement: what is known at each place, and the refusals. */
#ifndef DX_CORE_GUARD_WALK_H
#define DX_CORE_GUARD_WALK_H

#include "base/rt/buffer.h"
#include "core/guard/guard.h"
#include "core/guard/input.h"
#include "core/guard/parser.h"

#include <stdint.h>

enum { DX_WALK_DEPTH = 600, DX_RANGES_MAX = 16, DX_VALUE_BYTES = 16 << 20, DX_COLUMN_BYTES = 1000 };

struct dx_range;

/* A column as a query sees it. origin: the base table's range that it stands for, or NULL; then size is the most bytes
 * that a value of it is thought to have. */
typedef struct dx_column {
    const char *name; /* NULL: it cannot be named */
    struct dx_range *origin;
    int index; /* in the table of origin */
    uint64_t size;
} dx_column;

typedef struct dx_columns {
    dx_column *items;
    size_t count;
    size_t capacity;
} dx_columns;

/* One item of FROM. */
typedef struct dx_range {
    const char *name;             /* alias or table; NULL: a join without one */
    const dx_policy_table *table; /* a table of the policy, else NULL */
    int table_index;
    const PgQuery__RangeVar *node;                 /* of a table */
    bool used[DX_POLICY_COLUMNS];                  /* columns of the table that the statement reads */
    dx_columns columns;                            /* of what is no table */
    bool named, visible, lateral_only, lateral_ok; /* as ParseNamespaceItem has them */
    bool grouped;                                  /* its level groups by its primary key */
    int degree; /* how many tables are multiplied in it: 0 a row, 1 a table, 2 a cross join */
    int joined; /* as which other range it is counted; -1: itself, -2: by its parts */
} dx_range;

typedef struct dx_cte {
    const char *name;
    dx_columns columns;
    int degree;
    struct dx_cte *next; /* declared before it, in the same WITH */
} dx_cte;

/* One SELECT while it is looked at. */
typedef struct dx_query {
    struct dx_query *parent;
    dx_cte *ctes;
    dx_range *ranges[DX_RANGES_MAX * 2]; /* joins count too */
    int range_count;
    int first;    /* the first of them that can be seen: within ON, those of its join */
    bool lateral; /* the subquery at hand sees its neighbours */
    const PgQuery__SelectStmt *node;
} dx_query;

/* A place of the text that is replaced. */
typedef struct dx_splice {
    size_t start;
    size_t end;
    const char *text;
} dx_splice;

/* GROUP BY that is made longer: the columns of ranges whose primary key is grouped by. */
typedef struct dx_grouping {
    const PgQuery__SelectStmt *node;
    const char *(*columns)[2]; /* range and column */
    size_t count;
} dx_grouping;

typedef struct dx_walk {
    dx_ctx *ctx;
    const dx_policy *policy;
    const dx_sql_filter *filter;
    const dx_sql_input *input;
    int depth;
    int near;            /* the last place that was known: for what the tree gives no place of */
    bool series_allowed; /* at hand is the select list: a function that makes rows may stand here */
    bool row_allowed;    /* at hand is what takes a whole row: a table's name alone may stand here */
    int series;          /* how many did */
    int ranges;          /* of tables, in the whole statement */
    dx_range **references;
    size_t reference_count, reference_capacity;
    dx_grouping *groupings;
    size_t grouping_count, grouping_capacity;
    bool *asked_tables;  /* the host was asked, by table */
    bool *asked_columns; /* by table and column */
    bool *asked_functions;
} dx_walk;

/* Records a refusal and returns status. location: of a node, or -1. hint: what to write instead. */
doxin_status dx_walk_refuse(dx_walk *walk, doxin_status status, int location, const char *hint, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Fields of a message that are set although nobody here reads them: refused by name. allowed: names of fields, NULL at
 * the end. */
doxin_status dx_walk_fields(dx_walk *walk, const ProtobufCMessage *message, const char *const *allowed, int location);

/* ---- select.c ---- */
/* A whole SELECT (also VALUES, set operations). *columns: what it gives; *degree: see dx_range. parent may be NULL. */
doxin_status dx_walk_select(dx_walk *walk, const PgQuery__SelectStmt *select, dx_query *parent, dx_columns *columns,
                            int *degree);
/* A node that must be a SELECT. */
doxin_status dx_walk_query(dx_walk *walk, const PgQuery__Node *node, dx_query *parent, dx_columns *columns,
                           int *degree);

/* ---- from.c ---- */
doxin_status dx_walk_from(dx_walk *walk, const PgQuery__SelectStmt *select, dx_query *level);

/* ---- expression.c ---- */
/* node may be NULL. *size (may be NULL): the most bytes that its value is thought to have. */
doxin_status dx_walk_expression(dx_walk *walk, const PgQuery__Node *node, dx_query *level, uint64_t *size);
doxin_status dx_walk_list(dx_walk *walk, size_t count, PgQuery__Node *const *nodes, dx_query *level, uint64_t *sum);
doxin_status dx_walk_window(dx_walk *walk, const PgQuery__WindowDef *window, dx_query *level);
doxin_status dx_walk_sort(dx_walk *walk, const PgQuery__Node *node, dx_query *level);

/* ---- call.c ---- */
doxin_status dx_walk_call(dx_walk *walk, const PgQuery__FuncCall *call, dx_query *level, uint64_t *size);
/* As an item of FROM. *degree as above. */
doxin_status dx_walk_series(dx_walk *walk, const PgQuery__FuncCall *call, dx_query *level, int *degree, uint64_t *size,
                            const char **name);
/* The last part of a function's name; NULL where it is qualified otherwise than by pg_catalog. */
const char *dx_call_name(const PgQuery__FuncCall *call);
bool dx_call_makes_rows(const char *name);
/* It may be given a whole row. */
bool dx_call_takes_row(const char *name);
/* An aggregate without OVER. */
bool dx_call_aggregates(const PgQuery__FuncCall *call);
size_t dx_function_count(void);

/* ---- call_arguments.c, series.c ---- */
typedef enum dx_argument_rule {
    DX_ARGUMENTS_ANY,
    DX_ARGUMENTS_COUNT,   /* the last argument is a constant of at most 1000 */
    DX_ARGUMENTS_FORMAT,  /* the last argument is a short constant */
    DX_ARGUMENTS_PRINTF,  /* a constant of %s, %I, %L, %% */
    DX_ARGUMENTS_PATTERN, /* the second argument is a simple pattern */
    DX_ARGUMENTS_PART,    /* substring: numbers, or a simple pattern */
    DX_ARGUMENTS_POWER,
    DX_ARGUMENTS_SERIES,
    DX_ARGUMENTS_REPLACE,
    DX_ARGUMENTS_COLLECT, /* aggregates that grow with the rows */
    DX_ARGUMENTS_ESCAPE
} dx_argument_rule;
/* sizes: of each argument. *size is the sum before and what the function gives after. */
doxin_status dx_walk_arguments(dx_walk *walk, const PgQuery__FuncCall *call, const char *name, dx_argument_rule rule,
                               const uint64_t *sizes, uint64_t *size);
doxin_status dx_walk_pattern(dx_walk *walk, const PgQuery__Node *node, int location);
doxin_status dx_walk_exponent(dx_walk *walk, const PgQuery__Node *base, const PgQuery__Node *exponent, int location);
doxin_status dx_walk_bounds(dx_walk *walk, const PgQuery__FuncCall *call);

/* ---- type.c ---- */
doxin_status dx_walk_type(dx_walk *walk, const PgQuery__TypeName *type, int location);
/* The last part of its name. */
const char *dx_type_name(const PgQuery__TypeName *type);

/* ---- names.c ---- */
doxin_status dx_walk_column(dx_walk *walk, const PgQuery__ColumnRef *reference, dx_query *level, uint64_t *size);
/* A column by its bare name, as PostgreSQL looks for it: level by level. local: this level alone. *any: found. A name
 * that two ranges of a level have is refused. */
doxin_status dx_find_column(dx_walk *walk, const char *name, dx_query *level, bool local, int location,
                            dx_column *found, bool *any);
dx_range *dx_find_range(const char *name, dx_query *level);
dx_cte *dx_find_cte(const char *name, dx_query *level);
/* The column of a range by name; false: it has none. */
bool dx_range_column(dx_range *range, const char *name, dx_column *out);
/* Notes that the statement reads it; asks the host. */
doxin_status dx_use_column(dx_walk *walk, const dx_column *column, int location);
/* All columns of a range, noted as read, put behind *out. */
doxin_status dx_use_range(dx_walk *walk, dx_range *range, int location, dx_columns *out);
doxin_status dx_add_column(dx_walk *walk, dx_columns *columns, const dx_column *column);
doxin_status dx_ask_host(dx_walk *walk, const char *action, const char *table, const char *column, const char *function,
                         bool *asked, int location);

/* ---- columns.c ---- */
/* The name that PostgreSQL gives to a column of the select list that was not named. */
const char *dx_column_name(const PgQuery__Node *node);

/* ---- group.c ---- */
/* Looks at GROUP BY; targets: the select list. */
doxin_status dx_walk_group(dx_walk *walk, const PgQuery__SelectStmt *select, dx_query *level,
                           const dx_columns *columns);
/* After the whole level was looked at: what must be added to GROUP BY. */
doxin_status dx_note_grouping(dx_walk *walk, const PgQuery__SelectStmt *select, dx_query *level);

/* ---- cost.c ---- */
/* How many tables are multiplied by FROM and WHERE of a level. */
int dx_cost_degree(const PgQuery__SelectStmt *select, dx_query *level);
/* The degree of what the SELECT gives: an aggregate gives a row, a short LIMIT few, a group at most a table. */
int dx_cost_result(const PgQuery__SelectStmt *select, int degree);
void dx_cost_join(const PgQuery__Node *condition, dx_query *level);
void dx_cost_join_ranges(dx_query *level, const dx_range *left, const dx_range *right);

/* ---- small readers of the tree ---- */
static inline const char *dx_string_of(const PgQuery__Node *node)
{
    return node && node->node_case == PG_QUERY__NODE__NODE_STRING ? node->string->sval : NULL;
}

#endif
