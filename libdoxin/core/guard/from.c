/* FROM: what each item makes visible, and when (transformFromClause of PostgreSQL's parse_clause.c). */
#include "core/guard/walk.h"

#include <string.h>

static doxin_status walk_item(dx_walk *walk, const PgQuery__Node *node, dx_query *level);

/* ---- ranges --------------------------------------------------------------------------------------------------------------- */

static dx_range *add_range(dx_walk *walk, dx_query *level, const char *name, doxin_status *status)
{
    *status = DOXIN_OK;
    for (int i = 0; name && i < level->range_count; i++)
        if (level->ranges[i]->named && strcmp(level->ranges[i]->name, name) == 0) {
            *status = dx_walk_refuse(walk, DOXIN_E_SQL_NAME, -1, "give each an alias of its own",
                                     "\"%.64s\" stands twice in FROM", name);
            return NULL;
        }
    if (level->range_count >= DX_RANGES_MAX * 2) {
        *status = dx_walk_refuse(walk, DOXIN_E_SQL_COST, -1, "join fewer tables", "FROM has too many items");
        return NULL;
    }
    dx_range *range = dx_new(walk->ctx, sizeof *range);
    if (!range) {
        *status = DOXIN_E_NOMEM;
        return NULL;
    }
    *range = (dx_range){.name = name, .named = name != NULL, .visible = true, .table_index = -1, .joined = -1};
    level->ranges[level->range_count++] = range;
    return range;
}

static void set_lateral(dx_query *level, int from, int to, bool only, bool ok)
{
    for (int i = from; i < to; i++) {
        level->ranges[i]->lateral_only = only;
        level->ranges[i]->lateral_ok = ok;
    }
}

static doxin_status check_alias(dx_walk *walk, const PgQuery__Alias *alias, bool names)
{
    if (alias && alias->n_colnames && !names)
        return dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, -1,
                              "name the columns in a subquery: (SELECT a AS b FROM …) AS t",
                              "an alias may not rename the columns of a table");
    return DOXIN_OK;
}

static doxin_status rename_columns(dx_walk *walk, const PgQuery__Alias *alias, dx_columns *columns)
{
    if (!alias)
        return DOXIN_OK;
    if (alias->n_colnames > columns->count)
        return dx_walk_refuse(walk, DOXIN_E_SQL_NAME, -1, "name as many columns as there are",
                              "there are more names than columns in \"%.64s\"", alias->aliasname);
    for (size_t i = 0; i < alias->n_colnames; i++)
        columns->items[i].name = dx_string_of(alias->colnames[i]);
    return DOXIN_OK;
}

/* ---- tables --------------------------------------------------------------------------------------------------------------- */

static doxin_status unknown_table(dx_walk *walk, const PgQuery__RangeVar *node)
{
    dx_buffer names;
    dx_buffer_init(&names, 200);
    for (int i = 0; i < dx_policy_table_count(walk->policy); i++) {
        const char *name = dx_policy_table_at(walk->policy, i)->name;
        if (names.len + strlen(name) + 2 < 180)
            dx_buffer_printf(&names, "%s%s", i ? ", " : "", name);
    }
    doxin_status status = dx_walk_refuse(walk, DOXIN_E_SQL_TABLE, node->location, names.data ? names.data : "",
                                         "there is no table \"%.64s\"", node->relname);
    dx_buffer_free(&names);
    return status;
}

static doxin_status add_reference(dx_walk *walk, dx_range *range)
{
    dx_range **slot =
        dx_push(walk->ctx, (void **)&walk->references, &walk->reference_count, &walk->reference_capacity, sizeof *slot);
    if (!slot)
        return DOXIN_E_NOMEM;
    *slot = range;
    if (++walk->ranges > 24)
        return dx_walk_refuse(walk, DOXIN_E_SQL_COST, range->node->location, "ask for less at once",
                              "the statement reads too many tables");
    return DOXIN_OK;
}

static doxin_status walk_table(dx_walk *walk, const PgQuery__RangeVar *node, dx_query *level)
{
    doxin_status status;
    int index = dx_policy_find_table(walk->policy, node->relname);
    if (index < 0 || (node->schemaname[0] && strcmp(node->schemaname, dx_policy_schema(walk->policy)) != 0))
        return unknown_table(walk, node);
    status = check_alias(walk, node->alias, false);
    dx_range *range = status == DOXIN_OK
                          ? add_range(walk, level, node->alias ? node->alias->aliasname : node->relname, &status)
                          : NULL;
    if (!range)
        return status;
    range->table = dx_policy_table_at(walk->policy, index);
    range->table_index = index;
    range->node = node;
    range->degree = 1;
    status = dx_ask_host(walk, "table", range->table->name, NULL, NULL, &walk->asked_tables[index], node->location);
    return status == DOXIN_OK ? add_reference(walk, range) : status;
}

static doxin_status walk_relation(dx_walk *walk, const PgQuery__RangeVar *node, dx_query *level)
{
    static const char *const fields[] = {"schemaname", "relname", "inh", "relpersistence", "alias", NULL};
    doxin_status status = dx_walk_fields(walk, &node->base, fields, node->location);
    walk->near = node->location >= 0 ? node->location : walk->near;
    if (status == DOXIN_OK && !node->inh)
        status = dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, node->location, "leave ONLY out", "ONLY is not allowed");
    if (status != DOXIN_OK)
        return status;
    dx_cte *cte = node->schemaname[0] ? NULL : dx_find_cte(node->relname, level);
    if (!cte)
        return walk_table(walk, node, level);
    dx_range *range = add_range(walk, level, node->alias ? node->alias->aliasname : node->relname, &status);
    if (!range)
        return status;
    range->degree = cte->degree;
    for (size_t i = 0; i < cte->columns.count && status == DOXIN_OK; i++)
        status = dx_add_column(walk, &range->columns, &cte->columns.items[i]);
    return status == DOXIN_OK ? rename_columns(walk, node->alias, &range->columns) : status;
}

/* ---- subqueries and functions ------------------------------------------------------------------------------------------------- */

static doxin_status walk_subquery(dx_walk *walk, const PgQuery__RangeSubselect *node, dx_query *level)
{
    dx_columns columns = {NULL, 0, 0};
    int degree = 0;
    if (!node->alias)
        return dx_walk_refuse(walk, DOXIN_E_SQL_NAME, -1, "write (SELECT …) AS name",
                              "a subquery in FROM needs an alias");
    level->lateral = node->lateral;
    doxin_status status = dx_walk_query(walk, node->subquery, level, &columns, &degree);
    level->lateral = false;
    dx_range *range = status == DOXIN_OK ? add_range(walk, level, node->alias->aliasname, &status) : NULL;
    if (!range)
        return status;
    range->columns = columns;
    range->degree = degree;
    return rename_columns(walk, node->alias, &range->columns);
}

static doxin_status function_columns(dx_walk *walk, const PgQuery__RangeFunction *node, const char *function,
                                     uint64_t size, dx_range *range)
{
    dx_column value = {node->alias ? node->alias->aliasname : function, NULL, 0, size};
    dx_column number = {"ordinality", NULL, 0, 8};
    doxin_status status = dx_add_column(walk, &range->columns, &value);
    if (status == DOXIN_OK && node->ordinality)
        status = dx_add_column(walk, &range->columns, &number);
    return status == DOXIN_OK ? rename_columns(walk, node->alias, &range->columns) : status;
}

static doxin_status walk_function(dx_walk *walk, const PgQuery__RangeFunction *node, dx_query *level)
{
    static const char *const fields[] = {"lateral", "ordinality", "functions", "alias", NULL};
    const PgQuery__Node *item = node->n_functions == 1 ? node->functions[0] : NULL;
    const PgQuery__Node *call =
        item && item->node_case == PG_QUERY__NODE__NODE_LIST && item->list->n_items ? item->list->items[0] : NULL;
    doxin_status status = dx_walk_fields(walk, &node->base, fields, -1);
    if (status != DOXIN_OK)
        return status;
    if (!call || call->node_case != PG_QUERY__NODE__NODE_FUNC_CALL ||
        (item->list->n_items > 1 && item->list->items[1]->node_case != PG_QUERY__NODE__NODE__NOT_SET))
        return dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, -1, "write generate_series(…) or unnest(…) in FROM",
                              "this kind of function is not allowed in FROM");
    int degree = 0;
    uint64_t size = 0;
    const char *name = NULL;
    level->lateral = true;
    status = dx_walk_series(walk, call->func_call, level, &degree, &size, &name);
    level->lateral = false;
    dx_range *range =
        status == DOXIN_OK ? add_range(walk, level, node->alias ? node->alias->aliasname : name, &status) : NULL;
    if (!range)
        return status;
    range->degree = degree;
    return function_columns(walk, node, name, size, range);
}

/* ---- joins ------------------------------------------------------------------------------------------------------------------ */

/* The columns of a part of FROM that can be named without a qualifier, the merged ones left out. */
static doxin_status gather(dx_walk *walk, dx_query *level, int from, int to, const PgQuery__JoinExpr *join,
                           dx_columns *out)
{
    doxin_status status = DOXIN_OK;
    for (int i = from; i < to && status == DOXIN_OK; i++) {
        dx_range *range = level->ranges[i];
        size_t count = !range->visible ? 0 : range->table ? (size_t)range->table->column_count : range->columns.count;
        for (size_t k = 0; k < count && status == DOXIN_OK; k++) {
            dx_column column = range->table ? (dx_column){range->table->columns[k].name, range, (int)k, DX_COLUMN_BYTES}
                                            : range->columns.items[k];
            bool merged = false;
            for (size_t u = 0; u < join->n_using_clause && column.name; u++)
                merged = merged || strcmp(dx_string_of(join->using_clause[u]), column.name) == 0;
            if (!merged)
                status = dx_add_column(walk, out, &column);
        }
    }
    return status;
}

/* One side's column of USING, looked for among the visible ranges of that side. */
static doxin_status side_column(dx_walk *walk, const char *name, dx_query *level, int from, int to, dx_column *out,
                                dx_range **where)
{
    int found = 0;
    for (int i = from; i < to; i++)
        if (level->ranges[i]->visible && dx_range_column(level->ranges[i], name, out)) {
            *where = level->ranges[i];
            found++;
        }
    if (found == 1)
        return dx_use_column(walk, out, -1);
    return dx_walk_refuse(
        walk, DOXIN_E_SQL_COLUMN, -1, "use JOIN … ON a.x = b.y",
        found ? "the column \"%.64s\" of USING is ambiguous" : "there is no column \"%.64s\" for USING", name);
}

static doxin_status merge(dx_walk *walk, const PgQuery__JoinExpr *node, dx_query *level, int first, int middle, int end,
                          dx_columns *out)
{
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; i < node->n_using_clause && status == DOXIN_OK; i++) {
        const char *name = dx_string_of(node->using_clause[i]);
        dx_column left = {NULL, NULL, 0, 0}, right = {NULL, NULL, 0, 0};
        dx_range *left_range = NULL, *right_range = NULL;
        if (!name)
            return dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, -1, "name columns", "USING holds no names");
        status = side_column(walk, name, level, first, middle, &left, &left_range);
        if (status == DOXIN_OK)
            status = side_column(walk, name, level, middle, end, &right, &right_range);
        if (status != DOXIN_OK)
            return status;
        dx_cost_join_ranges(level, left_range, right_range);
        dx_column merged = node->jointype == PG_QUERY__JOIN_TYPE__JOIN_RIGHT ? right : left;
        if (node->jointype == PG_QUERY__JOIN_TYPE__JOIN_FULL)
            merged.origin = NULL;
        status = dx_add_column(walk, out, &merged);
    }
    return status;
}

static doxin_status check_join(dx_walk *walk, const PgQuery__JoinExpr *node)
{
    static const char *const fields[] = {"jointype", "larg", "rarg", "using_clause", "quals", "alias", NULL};
    if (node->is_natural)
        return dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, -1, "use JOIN … ON or JOIN … USING",
                              "NATURAL JOIN is not allowed");
    if (node->jointype > PG_QUERY__JOIN_TYPE__JOIN_RIGHT || node->jointype < PG_QUERY__JOIN_TYPE__JOIN_INNER)
        return dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, -1, "use JOIN, LEFT JOIN or FULL JOIN",
                              "this join is not allowed");
    return dx_walk_fields(walk, &node->base, fields, -1);
}

static doxin_status walk_join(dx_walk *walk, const PgQuery__JoinExpr *node, dx_query *level)
{
    int first = level->range_count;
    bool ok = node->jointype == PG_QUERY__JOIN_TYPE__JOIN_INNER || node->jointype == PG_QUERY__JOIN_TYPE__JOIN_LEFT;
    dx_columns columns = {NULL, 0, 0};
    doxin_status status = check_join(walk, node);
    if (status == DOXIN_OK)
        status = walk_item(walk, node->larg, level);
    int middle = level->range_count;
    set_lateral(level, first, middle, true, ok);
    if (status == DOXIN_OK)
        status = walk_item(walk, node->rarg, level);
    int end = level->range_count;
    set_lateral(level, first, end, false, true);
    if (status == DOXIN_OK)
        status = merge(walk, node, level, first, middle, end, &columns);
    if (status == DOXIN_OK)
        status = gather(walk, level, first, end, node, &columns);
    /* New names go by position: then no column may be left out of the fences. */
    for (size_t i = 0; status == DOXIN_OK && node->alias && node->alias->n_colnames && i < columns.count; i++)
        status = dx_use_column(walk, &columns.items[i], -1);
    int before = level->first;
    level->first = first;
    if (status == DOXIN_OK)
        status = dx_walk_expression(walk, node->quals, level, NULL);
    if (status == DOXIN_OK)
        dx_cost_join(node->quals, level);
    level->first = before;
    for (int i = first; i < end; i++) {
        level->ranges[i]->visible = false;
        level->ranges[i]->named = level->ranges[i]->named && !node->alias;
    }
    dx_range *range =
        status == DOXIN_OK ? add_range(walk, level, node->alias ? node->alias->aliasname : NULL, &status) : NULL;
    if (!range)
        return status;
    range->columns = columns;
    range->joined = -2; /* counted by its parts */
    return rename_columns(walk, node->alias, &range->columns);
}

/* ---- the clause -------------------------------------------------------------------------------------------------------------- */

static doxin_status walk_item(dx_walk *walk, const PgQuery__Node *node, dx_query *level)
{
    if (++walk->depth > DX_WALK_DEPTH)
        return dx_walk_refuse(walk, DOXIN_E_SQL_SIZE, -1, "join fewer tables", "FROM is nested too deeply");
    doxin_status status;
    switch (node ? (int)node->node_case : 0) {
    case PG_QUERY__NODE__NODE_RANGE_VAR:
        status = walk_relation(walk, node->range_var, level);
        break;
    case PG_QUERY__NODE__NODE_RANGE_SUBSELECT:
        status = walk_subquery(walk, node->range_subselect, level);
        break;
    case PG_QUERY__NODE__NODE_RANGE_FUNCTION:
        status = walk_function(walk, node->range_function, level);
        break;
    case PG_QUERY__NODE__NODE_JOIN_EXPR:
        status = walk_join(walk, node->join_expr, level);
        break;
    default:
        status = dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, -1, "use tables, subqueries and joins",
                                "FROM holds an item of a kind that is not allowed");
    }
    walk->depth--;
    return status;
}

doxin_status dx_walk_from(dx_walk *walk, const PgQuery__SelectStmt *select, dx_query *level)
{
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; i < select->n_from_clause && status == DOXIN_OK; i++) {
        int first = level->range_count;
        status = walk_item(walk, select->from_clause[i], level);
        set_lateral(level, first, level->range_count, true, true);
    }
    set_lateral(level, 0, level->range_count, false, true);
    return status;
}
