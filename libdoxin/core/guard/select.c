/* SELECT: its clauses in the order in which PostgreSQL looks at them. */
#include "core/guard/walk.h"

#include <string.h>

static const char *const set_fields[] = {"op",           "all",         "larg",         "rarg",        "sort_clause",
                                         "limit_offset", "limit_count", "limit_option", "with_clause", NULL};
static const char *const select_fields[] = {
    "distinct_clause", "target_list",   "from_clause",  "where_clause", "group_clause",
    "having_clause",   "window_clause", "values_lists", "sort_clause",  "limit_offset",
    "limit_count",     "limit_option",  "with_clause",  "op",           NULL};

/* ---- WITH --------------------------------------------------------------------------------------------------------------- */

/* Names given from outside, as in x (a, b): they come before the query's own. */
static doxin_status rename_columns(dx_walk *walk, size_t count, PgQuery__Node *const *names, dx_columns *columns,
                                   int location)
{
    if (count > columns->count)
        return dx_walk_refuse(walk, DOXIN_E_SQL_NAME, location, "name as many columns as there are",
                              "there are more names than columns");
    for (size_t i = 0; i < count; i++) {
        columns->items[i].name = dx_string_of(names[i]);
        if (!columns->items[i].name)
            return dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, location, "write plain names",
                                  "a column list holds no names");
    }
    return DOXIN_OK;
}

static doxin_status add_cte(dx_walk *walk, const PgQuery__CommonTableExpr *node, dx_query *level)
{
    static const char *const fields[] = {"ctename", "aliascolnames", "ctematerialized", "ctequery", NULL};
    doxin_status status = dx_walk_fields(walk, &node->base, fields, node->location);
    for (dx_cte *other = level->ctes; other && status == DOXIN_OK; other = other->next)
        if (strcmp(other->name, node->ctename) == 0)
            status = dx_walk_refuse(walk, DOXIN_E_SQL_NAME, node->location, "use another name",
                                    "\"%.64s\" stands twice in WITH", node->ctename);
    dx_cte *cte = status == DOXIN_OK ? dx_new(walk->ctx, sizeof *cte) : NULL;
    if (!cte)
        return status == DOXIN_OK ? DOXIN_E_NOMEM : status;
    cte->name = node->ctename;
    status = dx_walk_query(walk, node->ctequery, level, &cte->columns, &cte->degree);
    if (status == DOXIN_OK)
        status = rename_columns(walk, node->n_aliascolnames, node->aliascolnames, &cte->columns, node->location);
    cte->next = level->ctes;
    level->ctes = cte;
    return status;
}

static doxin_status walk_with(dx_walk *walk, const PgQuery__WithClause *with, dx_query *level)
{
    doxin_status status = DOXIN_OK;
    if (!with)
        return DOXIN_OK;
    if (with->recursive)
        return dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, with->location,
                              "use generate_series, or join the table to itself", "WITH RECURSIVE is not allowed");
    for (size_t i = 0; i < with->n_ctes && status == DOXIN_OK; i++)
        status = with->ctes[i]->node_case == PG_QUERY__NODE__NODE_COMMON_TABLE_EXPR
                     ? add_cte(walk, with->ctes[i]->common_table_expr, level)
                     : dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, with->location, "write name AS (SELECT …)",
                                      "WITH holds something else than queries");
    return status;
}

/* ---- the select list -------------------------------------------------------------------------------------------------------- */

static bool ends_with_star(const PgQuery__Node *node)
{
    if (!node || node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF || node->column_ref->n_fields == 0)
        return false;
    return node->column_ref->fields[node->column_ref->n_fields - 1]->node_case == PG_QUERY__NODE__NODE_A_STAR;
}

static doxin_status expand_star(dx_walk *walk, const PgQuery__ColumnRef *star, dx_query *level, dx_columns *columns)
{
    doxin_status status = DOXIN_OK;
    if (star->n_fields == 1) {
        if (level->range_count == 0)
            return dx_walk_refuse(walk, DOXIN_E_SQL_NAME, star->location, "name a table in FROM", "* without FROM");
        for (int i = 0; i < level->range_count && status == DOXIN_OK; i++)
            if (level->ranges[i]->visible)
                status = dx_use_range(walk, level->ranges[i], star->location, columns);
        return status;
    }
    uint64_t size;
    walk->row_allowed = true;
    status = dx_walk_column(walk, star, level, &size); /* also refuses more than two parts */
    walk->row_allowed = false;
    if (status != DOXIN_OK)
        return status;
    return dx_use_range(walk, dx_find_range(dx_string_of(star->fields[0]), level), star->location, columns);
}

static doxin_status walk_target(dx_walk *walk, const PgQuery__Node *node, dx_query *level, dx_columns *columns)
{
    static const char *const fields[] = {"name", "val", NULL};
    if (node->node_case != PG_QUERY__NODE__NODE_RES_TARGET)
        return dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, -1, "list expressions", "the select list holds something else");
    const PgQuery__ResTarget *target = node->res_target;
    doxin_status status = dx_walk_fields(walk, &target->base, fields, target->location);
    if (status != DOXIN_OK)
        return status;
    if (ends_with_star(target->val))
        return expand_star(walk, target->val->column_ref, level, columns);
    dx_column column = {.index = 0};
    walk->series_allowed = true;
    status = dx_walk_expression(walk, target->val, level, &column.size);
    walk->series_allowed = false;
    if (status != DOXIN_OK)
        return status;
    column.name = target->name && *target->name ? target->name : dx_column_name(target->val);
    /* A plain column keeps its origin only for GROUP BY of this level; outside it is a column of the subquery. */
    return dx_add_column(walk, columns, &column);
}

static bool is_output(const dx_columns *columns, const char *name)
{
    for (size_t i = 0; i < columns->count; i++)
        if (columns->items[i].name && strcmp(columns->items[i].name, name) == 0)
            return true;
    return false;
}

static const char *bare_name(const PgQuery__Node *node)
{
    if (node && node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF && node->column_ref->n_fields == 1)
        return dx_string_of(node->column_ref->fields[0]);
    return NULL;
}

/* An item of ORDER BY or DISTINCT ON: a name of the select list, else an expression. */
static doxin_status walk_output(dx_walk *walk, const PgQuery__Node *node, dx_query *level, const dx_columns *columns)
{
    const char *name = bare_name(node);
    if (name && is_output(columns, name))
        return DOXIN_OK;
    return dx_walk_expression(walk, node, level, NULL);
}

static doxin_status walk_order(dx_walk *walk, const PgQuery__SelectStmt *select, dx_query *level,
                               const dx_columns *columns)
{
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; i < select->n_sort_clause && status == DOXIN_OK; i++) {
        const PgQuery__Node *node = select->sort_clause[i];
        const char *name = node->node_case == PG_QUERY__NODE__NODE_SORT_BY ? bare_name(node->sort_by->node) : NULL;
        if (!name || !is_output(columns, name) || node->sort_by->n_use_op)
            status = dx_walk_sort(walk, node, level);
    }
    return status;
}

static doxin_status walk_distinct(dx_walk *walk, const PgQuery__SelectStmt *select, dx_query *level,
                                  const dx_columns *columns)
{
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; i < select->n_distinct_clause && status == DOXIN_OK; i++)
        if (select->distinct_clause[i]->node_case != PG_QUERY__NODE__NODE__NOT_SET)
            status = walk_output(walk, select->distinct_clause[i], level, columns);
    return status;
}

static doxin_status walk_limit(dx_walk *walk, const PgQuery__SelectStmt *select, dx_query *level)
{
    doxin_status status = dx_walk_expression(walk, select->limit_offset, level, NULL);
    return status == DOXIN_OK ? dx_walk_expression(walk, select->limit_count, level, NULL) : status;
}

/* ---- the kinds of SELECT ------------------------------------------------------------------------------------------------------ */

static doxin_status walk_values(dx_walk *walk, const PgQuery__SelectStmt *select, dx_query *level, dx_columns *columns)
{
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; i < select->n_values_lists && status == DOXIN_OK; i++) {
        const PgQuery__Node *row = select->values_lists[i];
        if (row->node_case != PG_QUERY__NODE__NODE_LIST)
            return dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, -1, "write VALUES (…), (…)",
                                  "VALUES holds something else than rows");
        for (size_t k = 0; k < row->list->n_items && status == DOXIN_OK; k++) {
            uint64_t size = 0;
            status = dx_walk_expression(walk, row->list->items[k], level, &size);
            dx_column column = {dx_textf(walk->ctx, "column%zu", k + 1), NULL, 0, size};
            if (status == DOXIN_OK && !column.name)
                status = DOXIN_E_NOMEM;
            else if (status == DOXIN_OK && k >= columns->count)
                status = dx_add_column(walk, columns, &column);
            else if (status == DOXIN_OK && columns->items[k].size < size)
                columns->items[k].size = size;
        }
    }
    return status;
}

static doxin_status walk_windows(dx_walk *walk, const PgQuery__SelectStmt *select, dx_query *level)
{
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; i < select->n_window_clause && status == DOXIN_OK; i++)
        status = select->window_clause[i]->node_case == PG_QUERY__NODE__NODE_WINDOW_DEF
                     ? dx_walk_window(walk, select->window_clause[i]->window_def, level)
                     : dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, -1, "write WINDOW name AS (…)",
                                      "WINDOW holds something else");
    return status;
}

static doxin_status walk_plain(dx_walk *walk, const PgQuery__SelectStmt *select, dx_query *level, dx_columns *columns,
                               int *degree)
{
    doxin_status status = dx_walk_fields(walk, &select->base, select_fields, -1);
    if (status == DOXIN_OK)
        status = dx_walk_from(walk, select, level);
    for (size_t i = 0; i < select->n_target_list && status == DOXIN_OK; i++)
        status = walk_target(walk, select->target_list[i], level, columns);
    if (status == DOXIN_OK)
        status = dx_walk_expression(walk, select->where_clause, level, NULL);
    if (status == DOXIN_OK)
        status = dx_walk_expression(walk, select->having_clause, level, NULL);
    if (status == DOXIN_OK)
        status = walk_order(walk, select, level, columns);
    if (status == DOXIN_OK)
        status = dx_walk_group(walk, select, level, columns);
    if (status == DOXIN_OK)
        status = walk_distinct(walk, select, level, columns);
    if (status == DOXIN_OK)
        status = walk_windows(walk, select, level);
    if (status == DOXIN_OK)
        status = walk_limit(walk, select, level);
    if (status != DOXIN_OK)
        return status;
    *degree = dx_cost_degree(select, level);
    if (*degree > 2)
        return dx_walk_refuse(walk, DOXIN_E_SQL_COST, -1, "join the tables by equal columns, or aggregate each first",
                              "tables are multiplied with each other");
    *degree = dx_cost_result(select, *degree);
    return dx_note_grouping(walk, select, level);
}

/* ORDER BY of a set operation sorts by its columns alone. */
static doxin_status walk_set_order(dx_walk *walk, const PgQuery__SelectStmt *select, const dx_columns *columns)
{
    static const char *const fields[] = {"node", "sortby_dir", "sortby_nulls", NULL};
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; i < select->n_sort_clause && status == DOXIN_OK; i++) {
        const PgQuery__Node *node = select->sort_clause[i];
        const PgQuery__Node *key = node->node_case == PG_QUERY__NODE__NODE_SORT_BY ? node->sort_by->node : NULL;
        const char *name = bare_name(key);
        bool number = key && key->node_case == PG_QUERY__NODE__NODE_A_CONST &&
                      key->a_const->val_case == PG_QUERY__A__CONST__VAL_IVAL;
        if (!number && !(name && is_output(columns, name)))
            return dx_walk_refuse(walk, DOXIN_E_SQL_COLUMN, name ? key->column_ref->location : -1,
                                  "use a column's name or number of the first SELECT",
                                  "ORDER BY behind UNION, INTERSECT or EXCEPT sorts by its columns alone");
        status = dx_walk_fields(walk, &node->sort_by->base, fields, node->sort_by->location);
    }
    return status;
}

static doxin_status walk_set(dx_walk *walk, const PgQuery__SelectStmt *select, dx_query *level, dx_columns *columns,
                             int *degree)
{
    dx_columns right = {NULL, 0, 0};
    int other = 0;
    doxin_status status = dx_walk_fields(walk, &select->base, set_fields, -1);
    if (status == DOXIN_OK && (!select->larg || !select->rarg))
        status = dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, -1, "write two SELECTs", "a set operation lacks a side");
    if (status == DOXIN_OK)
        status = dx_walk_select(walk, select->larg, level, columns, degree);
    if (status == DOXIN_OK)
        status = dx_walk_select(walk, select->rarg, level, &right, &other);
    for (size_t i = 0; i < columns->count && status == DOXIN_OK; i++)
        if (i < right.count && right.items[i].size > columns->items[i].size)
            columns->items[i].size = right.items[i].size;
    *degree = *degree > other ? *degree : other;
    if (status == DOXIN_OK)
        status = walk_set_order(walk, select, columns);
    if (status == DOXIN_OK)
        status = walk_limit(walk, select, level);
    return status;
}

doxin_status dx_walk_select(dx_walk *walk, const PgQuery__SelectStmt *select, dx_query *parent, dx_columns *columns,
                            int *degree)
{
    dx_query *level = dx_new(walk->ctx, sizeof *level);
    if (!level)
        return DOXIN_E_NOMEM;
    if (++walk->depth > DX_WALK_DEPTH)
        return dx_walk_refuse(walk, DOXIN_E_SQL_SIZE, -1, "use WITH instead of nesting",
                              "the statement is nested too deeply");
    bool series = walk->series_allowed;
    walk->series_allowed = false;
    level->parent = parent;
    level->node = select;
    doxin_status status = walk_with(walk, select->with_clause, level);
    if (status == DOXIN_OK && select->op > PG_QUERY__SET_OPERATION__SETOP_NONE)
        status = walk_set(walk, select, level, columns, degree);
    else if (status == DOXIN_OK && select->n_values_lists) {
        *degree = 0;
        status = dx_walk_fields(walk, &select->base, select_fields, -1);
        if (status == DOXIN_OK)
            status = walk_values(walk, select, level, columns);
        if (status == DOXIN_OK)
            status = walk_set_order(walk, select, columns);
        if (status == DOXIN_OK)
            status = walk_limit(walk, select, level);
    } else if (status == DOXIN_OK)
        status = walk_plain(walk, select, level, columns, degree);
    /* What this query gives is no column of a table any more. */
    for (size_t i = 0; i < columns->count; i++)
        columns->items[i].origin = NULL;
    walk->series_allowed = series;
    walk->depth--;
    return status;
}

doxin_status dx_walk_query(dx_walk *walk, const PgQuery__Node *node, dx_query *parent, dx_columns *columns, int *degree)
{
    if (!node || node->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
        return dx_walk_refuse(walk, DOXIN_E_SQL_STATEMENT, -1, "write a SELECT", "only SELECT is allowed");
    return dx_walk_select(walk, node->select_stmt, parent, columns, degree);
}
