/* How far tables are multiplied with each other. Two ranges count as one table when a condition joins them by equal
 * values; what a statistics-free look can tell, the server's own limits doing the rest. */
#include "core/guard/walk.h"

#include <string.h>

enum { SEEN_MAX = 8, FEW = 1000 };

typedef struct seen {
    dx_range *ranges[SEEN_MAX];
    int count;
    bool owner; /* a bare owner column: the same in every row */
} seen;

static int find_root(const dx_query *level, int index)
{
    while (level->ranges[index]->joined >= 0)
        index = level->ranges[index]->joined;
    return index;
}

static int index_of(const dx_query *level, const dx_range *range)
{
    for (int i = 0; i < level->range_count; i++)
        if (level->ranges[i] == range)
            return i;
    return -1;
}

static void unite(dx_query *level, const dx_range *left, const dx_range *right)
{
    int a = index_of(level, left), b = index_of(level, right);
    if (a < 0 || b < 0 || level->ranges[a]->joined == -2 || level->ranges[b]->joined == -2)
        return;
    a = find_root(level, a);
    b = find_root(level, b);
    if (a == b)
        return;
    if (level->ranges[a]->degree < level->ranges[b]->degree)
        level->ranges[a]->degree = level->ranges[b]->degree;
    level->ranges[b]->joined = a;
}

/* ---- which ranges an expression reads ----------------------------------------------------------------------------------------- */

static void see_column(const PgQuery__ColumnRef *reference, dx_query *level, seen *out)
{
    const char *first = reference->n_fields ? dx_string_of(reference->fields[0]) : NULL;
    const char *name = reference->n_fields == 2 ? dx_string_of(reference->fields[1]) : first;
    dx_column column;
    for (int i = 0; first && name && i < level->range_count && out->count < SEEN_MAX; i++) {
        dx_range *range = level->ranges[i];
        bool named = reference->n_fields == 1 || (range->named && strcmp(range->name, first) == 0);
        if (range->joined == -2 || !named || !dx_range_column(range, name, &column))
            continue;
        out->ranges[out->count++] = range;
        out->owner = range->table && range->table->scope == DX_OWNED && strcmp(range->table->owner_column, name) == 0;
        return;
    }
}

static void see(const PgQuery__Node *node, dx_query *level, seen *out, int depth)
{
    size_t count = 0;
    PgQuery__Node *const *items = NULL;
    if (!node || depth > 20)
        return;
    switch ((int)node->node_case) {
    case PG_QUERY__NODE__NODE_COLUMN_REF:
        see_column(node->column_ref, level, out);
        break;
    case PG_QUERY__NODE__NODE_TYPE_CAST:
        see(node->type_cast->arg, level, out, depth + 1);
        break;
    case PG_QUERY__NODE__NODE_A_EXPR:
        see(node->a_expr->lexpr, level, out, depth + 1);
        see(node->a_expr->rexpr, level, out, depth + 1);
        break;
    case PG_QUERY__NODE__NODE_FUNC_CALL:
        count = node->func_call->n_args;
        items = node->func_call->args;
        break;
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
        count = node->coalesce_expr->n_args;
        items = node->coalesce_expr->args;
        break;
    case PG_QUERY__NODE__NODE_ROW_EXPR:
        count = node->row_expr->n_args;
        items = node->row_expr->args;
        break;
    default:
        break;
    }
    for (size_t i = 0; i < count; i++)
        see(items[i], level, out, depth + 1);
}

/* ---- conditions --------------------------------------------------------------------------------------------------------------- */

static void join_condition(const PgQuery__Node *node, dx_query *level, int depth)
{
    if (!node || depth > 20)
        return;
    if (node->node_case == PG_QUERY__NODE__NODE_BOOL_EXPR &&
        node->bool_expr->boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR) {
        for (size_t i = 0; i < node->bool_expr->n_args; i++)
            join_condition(node->bool_expr->args[i], level, depth + 1);
        return;
    }
    if (node->node_case != PG_QUERY__NODE__NODE_A_EXPR || node->a_expr->n_name != 1)
        return;
    const PgQuery__AExpr *expression = node->a_expr;
    const char *name = dx_string_of(expression->name[0]);
    if (!name || strcmp(name, "=") != 0 || expression->kind != PG_QUERY__A__EXPR__KIND__AEXPR_OP)
        return;
    seen left = {.count = 0}, right = {.count = 0};
    see(expression->lexpr, level, &left, 0);
    see(expression->rexpr, level, &right, 0);
    if ((left.owner && left.count == 1) || (right.owner && right.count == 1))
        return;
    for (int i = 0; i < left.count; i++)
        for (int k = 0; k < right.count; k++)
            unite(level, left.ranges[i], right.ranges[k]);
}

void dx_cost_join(const PgQuery__Node *condition, dx_query *level)
{
    join_condition(condition, level, 0);
}

void dx_cost_join_ranges(dx_query *level, const dx_range *left, const dx_range *right)
{
    unite(level, left, right);
}

int dx_cost_degree(const PgQuery__SelectStmt *select, dx_query *level)
{
    int degree = 0;
    join_condition(select->where_clause, level, 0);
    for (int i = 0; i < level->range_count; i++)
        if (level->ranges[i]->joined == -1)
            degree += level->ranges[i]->degree;
    return degree;
}

/* ---- results ------------------------------------------------------------------------------------------------------------------- */

static bool aggregates(const PgQuery__Node *node, int depth)
{
    if (!node || depth > 20)
        return false;
    switch ((int)node->node_case) {
    case PG_QUERY__NODE__NODE_FUNC_CALL: {
        bool any = dx_call_aggregates(node->func_call);
        for (size_t i = 0; i < node->func_call->n_args && !any; i++)
            any = aggregates(node->func_call->args[i], depth + 1);
        return any;
    }
    case PG_QUERY__NODE__NODE_TYPE_CAST:
        return aggregates(node->type_cast->arg, depth + 1);
    case PG_QUERY__NODE__NODE_A_EXPR:
        return aggregates(node->a_expr->lexpr, depth + 1) || aggregates(node->a_expr->rexpr, depth + 1);
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
        for (size_t i = 0; i < node->coalesce_expr->n_args; i++)
            if (aggregates(node->coalesce_expr->args[i], depth + 1))
                return true;
        return false;
    default:
        return false;
    }
}

int dx_cost_result(const PgQuery__SelectStmt *select, int degree)
{
    const PgQuery__Node *limit = select->limit_count;
    if (limit && limit->node_case == PG_QUERY__NODE__NODE_A_CONST &&
        limit->a_const->val_case == PG_QUERY__A__CONST__VAL_IVAL && limit->a_const->ival->ival <= FEW)
        return 0;
    if (select->n_group_clause)
        return degree > 1 ? 1 : degree;
    for (size_t i = 0; i < select->n_target_list; i++)
        if (aggregates(select->target_list[i]->res_target->val, 0))
            return 0;
    return degree;
}
