/* Names of columns that nobody named: FigureColname of PostgreSQL's parse_target.c. */
#include "core/guard/walk.h"

typedef struct figure {
    const char *name;
    int strength; /* 0: none, 1: of a kind of expression, 2: of a column or function */
} figure;

static figure figure_of(const PgQuery__Node *node);

static const char *last_string(size_t count, PgQuery__Node *const *nodes)
{
    const char *name = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *text = dx_string_of(nodes[i]);
        name = text ? text : name;
    }
    return name;
}

static figure of_cast(const PgQuery__TypeCast *cast)
{
    figure inner = figure_of(cast->arg);
    if (inner.strength <= 1 && cast->type_name)
        return (figure){dx_type_name(cast->type_name), 1};
    return inner;
}

static figure of_sublink(const PgQuery__SubLink *link)
{
    const PgQuery__Node *query = link->subselect;
    if (link->sub_link_type == PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK)
        return (figure){"exists", 2};
    if (link->sub_link_type == PG_QUERY__SUB_LINK_TYPE__ARRAY_SUBLINK)
        return (figure){"array", 2};
    if (link->sub_link_type != PG_QUERY__SUB_LINK_TYPE__EXPR_SUBLINK || !query ||
        query->node_case != PG_QUERY__NODE__NODE_SELECT_STMT || query->select_stmt->n_target_list == 0)
        return (figure){NULL, 0};
    const PgQuery__ResTarget *target = query->select_stmt->target_list[0]->res_target;
    if (target->name && *target->name)
        return (figure){target->name, 2};
    return figure_of(target->val);
}

static figure of_case(const PgQuery__CaseExpr *node)
{
    figure otherwise = figure_of(node->defresult);
    return otherwise.strength <= 1 ? (figure){"case", 1} : otherwise;
}

static figure of_value_function(const PgQuery__SQLValueFunction *node)
{
    switch (node->op) {
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_DATE:
        return (figure){"current_date", 2};
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP_N:
        return (figure){"current_timestamp", 2};
    default:
        return (figure){"localtimestamp", 2};
    }
}

static figure figure_of(const PgQuery__Node *node)
{
    switch (node ? (int)node->node_case : 0) {
    case PG_QUERY__NODE__NODE_COLUMN_REF: {
        const char *name = last_string(node->column_ref->n_fields, node->column_ref->fields);
        return (figure){name, name ? 2 : 0};
    }
    case PG_QUERY__NODE__NODE_A_INDIRECTION:
        return figure_of(node->a_indirection->arg);
    case PG_QUERY__NODE__NODE_FUNC_CALL:
        return (figure){last_string(node->func_call->n_funcname, node->func_call->funcname), 2};
    case PG_QUERY__NODE__NODE_A_EXPR:
        return node->a_expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF ? (figure){"nullif", 2} : (figure){NULL, 0};
    case PG_QUERY__NODE__NODE_TYPE_CAST:
        return of_cast(node->type_cast);
    case PG_QUERY__NODE__NODE_GROUPING_FUNC:
        return (figure){"grouping", 2};
    case PG_QUERY__NODE__NODE_SUB_LINK:
        return of_sublink(node->sub_link);
    case PG_QUERY__NODE__NODE_CASE_EXPR:
        return of_case(node->case_expr);
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
        return (figure){"array", 2};
    case PG_QUERY__NODE__NODE_ROW_EXPR:
        return (figure){"row", 2};
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
        return (figure){"coalesce", 2};
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
        return (figure){node->min_max_expr->op == PG_QUERY__MIN_MAX_OP__IS_GREATEST ? "greatest" : "least", 2};
    case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
        return of_value_function(node->sqlvalue_function);
    default:
        return (figure){NULL, 0};
    }
}

const char *dx_column_name(const PgQuery__Node *node)
{
    return figure_of(node).name;
}
