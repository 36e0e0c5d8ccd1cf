/* Functions: those of function_table.inc and no other. */
#include "core/guard/walk.h"

#include <string.h>

typedef enum call_kind { SCALAR, AGGREGATE, ORDERED, WINDOW, ROWS } call_kind;

typedef struct function {
    const char *name;
    call_kind kind;
    int least, most;
    dx_argument_rule rule;
} function;

static const function functions[] = {
#define F(name, kind, least, most, rule) {#name, kind, least, most, DX_ARGUMENTS_##rule},
#include "core/guard/function_table.inc"
#undef F
};
enum { FUNCTIONS = sizeof functions / sizeof functions[0], ARGUMENTS_MAX = 100 };

static const function *find(const char *name)
{
    size_t low = 0, high = FUNCTIONS;
    while (name && low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(functions[middle].name, name);
        if (order == 0)
            return &functions[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const char *dx_call_name(const PgQuery__FuncCall *call)
{
    const char *first = call->n_funcname ? dx_string_of(call->funcname[0]) : NULL;
    if (call->n_funcname == 1)
        return first;
    if (call->n_funcname == 2 && first && strcmp(first, "pg_catalog") == 0)
        return dx_string_of(call->funcname[1]);
    return NULL;
}

bool dx_call_makes_rows(const char *name)
{
    const function *found = find(name);
    return found && found->kind == ROWS;
}

static doxin_status unknown(dx_walk *walk, const PgQuery__FuncCall *call)
{
    const char *last = call->n_funcname ? dx_string_of(call->funcname[call->n_funcname - 1]) : NULL;
    return dx_walk_refuse(walk, DOXIN_E_SQL_FUNCTION, call->location,
                          "use the functions of docs/sql.md: aggregates, dates, texts, rounding",
                          "the function \"%.64s\" is not allowed", last ? last : "");
}

/* The parts of a call that do not fit its kind. */
static doxin_status check_shape(dx_walk *walk, const PgQuery__FuncCall *call, const function *known)
{
    static const char *const fields[] = {"funcname",         "args",     "agg_order",    "agg_filter", "over",
                                         "agg_within_group", "agg_star", "agg_distinct", "funcformat", NULL};
    bool aggregate = known->kind == AGGREGATE || known->kind == ORDERED;
    if (call->func_variadic)
        return dx_walk_refuse(walk, DOXIN_E_SQL_ARGUMENT, call->location, "write the arguments one by one",
                              "VARIADIC is not allowed");
    if (!aggregate && known->kind != WINDOW &&
        (call->over || call->agg_filter || call->n_agg_order || call->agg_distinct))
        return dx_walk_refuse(walk, DOXIN_E_SQL_FUNCTION, call->location, "use an aggregate", "\"%s\" is no aggregate",
                              known->name);
    if (known->kind == WINDOW && !call->over && !call->agg_within_group)
        return dx_walk_refuse(walk, DOXIN_E_SQL_FUNCTION, call->location, "add OVER (…)", "\"%s\" needs OVER",
                              known->name);
    if (call->agg_star && strcmp(known->name, "count") != 0)
        return dx_walk_refuse(walk, DOXIN_E_SQL_FUNCTION, call->location, "write count(*)",
                              "* is an argument of count alone");
    if ((int)call->n_args > known->most ||
        (!call->agg_star && !call->agg_within_group && (int)call->n_args < known->least))
        return dx_walk_refuse(walk, DOXIN_E_SQL_ARGUMENT, call->location, "see the function's arguments",
                              "\"%s\" takes %d to %d arguments", known->name, known->least, known->most);
    return dx_walk_fields(walk, &call->base, fields, call->location);
}

static doxin_status walk_parts(dx_walk *walk, const PgQuery__FuncCall *call, dx_query *level, uint64_t *sizes,
                               uint64_t *sum)
{
    doxin_status status = DOXIN_OK;
    *sum = 0;
    for (size_t i = 0; i < call->n_args && status == DOXIN_OK; i++) {
        walk->row_allowed = dx_call_takes_row(dx_call_name(call));
        status = dx_walk_expression(walk, call->args[i], level, &sizes[i]);
        *sum += sizes[i];
    }
    for (size_t i = 0; i < call->n_agg_order && status == DOXIN_OK; i++)
        status = dx_walk_sort(walk, call->agg_order[i], level);
    if (status == DOXIN_OK)
        status = dx_walk_expression(walk, call->agg_filter, level, NULL);
    if (status == DOXIN_OK && call->over)
        status = dx_walk_window(walk, call->over, level);
    return status;
}

static doxin_status walk_known(dx_walk *walk, const PgQuery__FuncCall *call, const function *known, dx_query *level,
                               uint64_t *size)
{
    uint64_t sizes[ARGUMENTS_MAX];
    bool series = walk->series_allowed;
    /* A function that makes rows may stand within plain functions of the select list, not within an aggregate. */
    walk->series_allowed = series && (known->kind == SCALAR);
    doxin_status status = check_shape(walk, call, known);
    if (status == DOXIN_OK)
        status = dx_ask_host(walk, "function", NULL, NULL, known->name, &walk->asked_functions[known - functions],
                             call->location);
    if (status == DOXIN_OK)
        status = walk_parts(walk, call, level, sizes, size);
    if (status == DOXIN_OK)
        status = dx_walk_arguments(walk, call, known->name, known->rule, sizes, size);
    walk->series_allowed = series;
    return status;
}

doxin_status dx_walk_call(dx_walk *walk, const PgQuery__FuncCall *call, dx_query *level, uint64_t *size)
{
    const function *known = find(dx_call_name(call));
    walk->near = call->location >= 0 ? call->location : walk->near;
    if (!known)
        return unknown(walk, call);
    if (known->kind == ROWS && !walk->series_allowed)
        return dx_walk_refuse(walk, DOXIN_E_SQL_FUNCTION, call->location, "write it in FROM",
                              "\"%s\" makes rows and is not allowed here", known->name);
    if (known->kind == ROWS && ++walk->series > 4)
        return dx_walk_refuse(walk, DOXIN_E_SQL_COST, call->location, "use fewer", "too many functions make rows");
    return walk_known(walk, call, known, level, size);
}

doxin_status dx_walk_series(dx_walk *walk, const PgQuery__FuncCall *call, dx_query *level, int *degree, uint64_t *size,
                            const char **name)
{
    const function *known = find(dx_call_name(call));
    if (!known)
        return unknown(walk, call);
    if (known->kind != ROWS)
        return dx_walk_refuse(walk, DOXIN_E_SQL_FUNCTION, call->location, "write it in the select list",
                              "\"%s\" is not allowed in FROM", known->name);
    if (++walk->series > 4)
        return dx_walk_refuse(walk, DOXIN_E_SQL_COST, call->location, "use fewer", "too many functions make rows");
    *name = known->name;
    *degree = 1;
    return walk_known(walk, call, known, level, size);
}

size_t dx_function_count(void)
{
    return FUNCTIONS;
}

bool dx_call_takes_row(const char *name)
{
    static const char *const names[] = {"count", "row_to_json", "to_json", "to_jsonb", "json_agg", "jsonb_agg"};
    for (size_t i = 0; name && i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

bool dx_call_aggregates(const PgQuery__FuncCall *call)
{
    const function *known = find(dx_call_name(call));
    return known && !call->over && (known->kind == AGGREGATE || known->kind == ORDERED);
}
