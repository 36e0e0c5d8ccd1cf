/* GROUP BY. PostgreSQL lets a query that groups by a table's primary key use its other columns too; behind a fence there
 * is no primary key, so that those columns are added to GROUP BY. It changes no group: they depend on the key. */
#include "core/guard/walk.h"

#include <string.h>

enum { CUBE_MAX = 4, SETS_MAX = 16 };

/* ---- what is grouped by -------------------------------------------------------------------------------------------------------- */

static bool in_level(const dx_query *level, const dx_range *range)
{
    for (int i = 0; i < level->range_count; i++)
        if (level->ranges[i] == range)
            return true;
    return false;
}

/* The table's column that an expression of this level is, else origin NULL. */
static dx_column plain_column(dx_walk *walk, const PgQuery__Node *node, dx_query *level)
{
    dx_column column = {NULL, NULL, 0, 0};
    if (!node || node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF)
        return column;
    const PgQuery__ColumnRef *reference = node->column_ref;
    const char *first = dx_string_of(reference->fields[0]);
    const char *second = reference->n_fields == 2 ? dx_string_of(reference->fields[1]) : NULL;
    dx_range *range = second && first ? dx_find_range(first, level) : NULL;
    bool any = false;
    if (range)
        any = dx_range_column(range, second, &column);
    else if (reference->n_fields == 1 && first)
        any = dx_find_column(walk, first, level, true, -1, &column, &any) == DOXIN_OK && any;
    if (!any || !column.origin || !in_level(level, column.origin))
        column.origin = NULL;
    return column;
}

static void note_key(dx_walk *walk, const PgQuery__Node *node, dx_query *level)
{
    dx_column column = plain_column(walk, node, level);
    if (column.origin && column.index == column.origin->table->primary_key)
        column.origin->grouped = true;
}

static bool is_star(const PgQuery__Node *node)
{
    return node && node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF &&
           node->column_ref->fields[node->column_ref->n_fields - 1]->node_case == PG_QUERY__NODE__NODE_A_STAR;
}

/* The select list's expression of this number; NULL where a star makes the numbers others. */
static const PgQuery__Node *target_at(const PgQuery__SelectStmt *select, int64_t number)
{
    if (number < 1 || (size_t)number > select->n_target_list)
        return NULL;
    for (int64_t i = 0; i < number; i++)
        if (is_star(select->target_list[i]->res_target->val))
            return NULL;
    return select->target_list[number - 1]->res_target->val;
}

/* The select list's expression that a bare name in GROUP BY means; NULL: none has the name. */
static const PgQuery__Node *target_named(const PgQuery__SelectStmt *select, const char *name)
{
    for (size_t i = 0; i < select->n_target_list; i++) {
        const PgQuery__ResTarget *target = select->target_list[i]->res_target;
        const char *own = target->name && *target->name ? target->name : dx_column_name(target->val);
        if (own && strcmp(own, name) == 0)
            return target->val;
    }
    return NULL;
}

static bool is_output(const dx_columns *columns, const char *name)
{
    for (size_t i = 0; i < columns->count; i++)
        if (columns->items[i].name && strcmp(columns->items[i].name, name) == 0)
            return true;
    return false;
}

/* A bare name: a column of FROM first, then of the select list, then of outer queries. */
static doxin_status walk_name(dx_walk *walk, const PgQuery__SelectStmt *select, const PgQuery__Node *node,
                              dx_query *level, const dx_columns *columns)
{
    const char *name = dx_string_of(node->column_ref->fields[0]);
    dx_column column;
    bool any = false;
    doxin_status status = dx_find_column(walk, name, level, true, node->column_ref->location, &column, &any);
    if (status != DOXIN_OK)
        return status;
    if (any) {
        note_key(walk, node, level);
        return dx_use_column(walk, &column, node->column_ref->location);
    }
    if (!is_output(columns, name))
        return dx_walk_expression(walk, node, level, NULL);
    note_key(walk, target_named(select, name), level);
    return DOXIN_OK;
}

static doxin_status walk_item(dx_walk *walk, const PgQuery__SelectStmt *select, const PgQuery__Node *node,
                              dx_query *level, const dx_columns *columns);

static doxin_status walk_set(dx_walk *walk, const PgQuery__SelectStmt *select, const PgQuery__GroupingSet *set,
                             dx_query *level, const dx_columns *columns)
{
    bool cube = set->kind == PG_QUERY__GROUPING_SET_KIND__GROUPING_SET_CUBE;
    doxin_status status = DOXIN_OK;
    if (set->n_content > (cube ? CUBE_MAX : SETS_MAX))
        return dx_walk_refuse(walk, DOXIN_E_SQL_COST, set->location, "list the grouping sets that are needed",
                              cube ? "CUBE takes at most 4 expressions" : "there are too many grouping sets");
    for (size_t i = 0; i < set->n_content && status == DOXIN_OK; i++)
        status = walk_item(walk, select, set->content[i], level, columns);
    return status;
}

static doxin_status walk_item(dx_walk *walk, const PgQuery__SelectStmt *select, const PgQuery__Node *node,
                              dx_query *level, const dx_columns *columns)
{
    if (++walk->depth > DX_WALK_DEPTH)
        return dx_walk_refuse(walk, DOXIN_E_SQL_SIZE, -1, "group by less", "GROUP BY is nested too deeply");
    doxin_status status = DOXIN_OK;
    bool number =
        node->node_case == PG_QUERY__NODE__NODE_A_CONST && node->a_const->val_case == PG_QUERY__A__CONST__VAL_IVAL;
    if (node->node_case == PG_QUERY__NODE__NODE_GROUPING_SET)
        status = walk_set(walk, select, node->grouping_set, level, columns);
    else if (number)
        note_key(walk, target_at(select, node->a_const->ival->ival), level);
    else if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF && node->column_ref->n_fields == 1 &&
             dx_string_of(node->column_ref->fields[0]))
        status = walk_name(walk, select, node, level, columns);
    else if (node->node_case == PG_QUERY__NODE__NODE_ROW_EXPR || node->node_case == PG_QUERY__NODE__NODE_LIST) {
        bool row = node->node_case == PG_QUERY__NODE__NODE_ROW_EXPR;
        size_t count = row ? node->row_expr->n_args : node->list->n_items;
        for (size_t i = 0; i < count && status == DOXIN_OK; i++)
            status = walk_item(walk, select, row ? node->row_expr->args[i] : node->list->items[i], level, columns);
    } else {
        note_key(walk, node, level);
        status = dx_walk_expression(walk, node, level, NULL);
    }
    walk->depth--;
    return status;
}

doxin_status dx_walk_group(dx_walk *walk, const PgQuery__SelectStmt *select, dx_query *level, const dx_columns *columns)
{
    doxin_status status = DOXIN_OK;
    int cubes = 0;
    for (size_t i = 0; i < select->n_group_clause && status == DOXIN_OK; i++) {
        status = walk_item(walk, select, select->group_clause[i], level, columns);
        cubes += select->group_clause[i]->node_case == PG_QUERY__NODE__NODE_GROUPING_SET;
    }
    /* Several grouping sets side by side multiply. */
    if (status == DOXIN_OK && cubes > 2)
        return dx_walk_refuse(walk, DOXIN_E_SQL_COST, -1, "write one GROUPING SETS (…)",
                              "grouping sets are multiplied");
    return status;
}

/* ---- what is added -------------------------------------------------------------------------------------------------------------- */

static bool is_plain_list(const PgQuery__SelectStmt *select)
{
    for (size_t i = 0; i < select->n_group_clause; i++)
        if (select->group_clause[i]->node_case == PG_QUERY__NODE__NODE_GROUPING_SET)
            return false;
    return select->n_group_clause > 0;
}

static doxin_status add_columns(dx_walk *walk, const dx_range *range, dx_grouping *grouping, size_t *capacity)
{
    if (!range->table || !range->grouped || !range->named)
        return DOXIN_OK;
    for (int i = 0; i < range->table->column_count; i++) {
        if (!range->used[i] || i == range->table->primary_key)
            continue;
        const char *(*slot)[2] =
            dx_push(walk->ctx, (void **)&grouping->columns, &grouping->count, capacity, sizeof *grouping->columns);
        if (!slot)
            return DOXIN_E_NOMEM;
        (*slot)[0] = range->name;
        (*slot)[1] = range->table->columns[i].name;
    }
    return DOXIN_OK;
}

doxin_status dx_note_grouping(dx_walk *walk, const PgQuery__SelectStmt *select, dx_query *level)
{
    dx_grouping grouping = {.node = select};
    size_t capacity = 0;
    doxin_status status = DOXIN_OK;
    if (!is_plain_list(select))
        return DOXIN_OK;
    for (int i = 0; i < level->range_count && status == DOXIN_OK; i++)
        status = add_columns(walk, level->ranges[i], &grouping, &capacity);
    if (status != DOXIN_OK || grouping.count == 0)
        return status;
    dx_grouping *slot =
        dx_push(walk->ctx, (void **)&walk->groupings, &walk->grouping_count, &walk->grouping_capacity, sizeof *slot);
    if (!slot)
        return DOXIN_E_NOMEM;
    *slot = grouping;
    return DOXIN_OK;
}
