/* Expressions: every kind of node that is allowed, with every field that may be set in it. */
#include "core/guard/walk.h"

#include <string.h>

/* ---- operators ---------------------------------------------------------------------------------------------------------------- */

typedef enum operator_rule {
    OPERATOR_PLAIN,
    OPERATOR_TRUTH,
    OPERATOR_PATTERN,
    OPERATOR_POWER,
    OPERATOR_JSON
} operator_rule;

static const struct {
    const char *name;
    operator_rule rule;
} operators[] = {
    {"=", OPERATOR_TRUTH},
    {"<>", OPERATOR_TRUTH},
    {"<", OPERATOR_TRUTH},
    {"<=", OPERATOR_TRUTH},
    {">", OPERATOR_TRUTH},
    {">=", OPERATOR_TRUTH},
    {"+", OPERATOR_PLAIN},
    {"-", OPERATOR_PLAIN},
    {"*", OPERATOR_PLAIN},
    {"/", OPERATOR_PLAIN},
    {"%", OPERATOR_PLAIN},
    {"||", OPERATOR_PLAIN},
    {"^", OPERATOR_POWER},
    {"~", OPERATOR_PATTERN},
    {"~*", OPERATOR_PATTERN},
    {"!~", OPERATOR_PATTERN},
    {"!~*", OPERATOR_PATTERN},
    {"~~", OPERATOR_TRUTH},
    {"~~*", OPERATOR_TRUTH},
    {"!~~", OPERATOR_TRUTH},
    {"!~~*", OPERATOR_TRUTH},
    {"->", OPERATOR_JSON},
    {"->>", OPERATOR_JSON},
    {"#>", OPERATOR_JSON},
    {"#>>", OPERATOR_JSON},
    {"@>", OPERATOR_TRUTH},
    {"<@", OPERATOR_TRUTH},
    {"&&", OPERATOR_TRUTH},
    {"?", OPERATOR_TRUTH},
    {"BETWEEN", OPERATOR_TRUTH},
    {"NOT BETWEEN", OPERATOR_TRUTH},
    {"BETWEEN SYMMETRIC", OPERATOR_TRUTH},
    {"NOT BETWEEN SYMMETRIC", OPERATOR_TRUTH},
};

static doxin_status find_operator(dx_walk *walk, size_t count, PgQuery__Node *const *names, int location,
                                  operator_rule *rule)
{
    const char *name = count == 1 ? dx_string_of(names[0]) : NULL;
    for (size_t i = 0; name && i < sizeof operators / sizeof operators[0]; i++)
        if (strcmp(operators[i].name, name) == 0) {
            *rule = operators[i].rule;
            return DOXIN_OK;
        }
    if (count != 1)
        return dx_walk_refuse(walk, DOXIN_E_SQL_OPERATOR, location, "write the operator alone",
                              "an operator with a schema is not allowed");
    return dx_walk_refuse(walk, DOXIN_E_SQL_OPERATOR, location, "use comparison, arithmetic, ||, LIKE or IN",
                          "the operator %.32s is not allowed", name ? name : "");
}

static doxin_status walk_operator(dx_walk *walk, const PgQuery__AExpr *node, dx_query *level, uint64_t *size)
{
    operator_rule rule = OPERATOR_PLAIN;
    uint64_t left = 0, right = 0;
    if (node->kind == PG_QUERY__A__EXPR__KIND__AEXPR_SIMILAR)
        return dx_walk_refuse(walk, DOXIN_E_SQL_OPERATOR, node->location, "use LIKE or ILIKE",
                              "SIMILAR TO is not allowed");
    doxin_status status = find_operator(walk, node->n_name, node->name, node->location, &rule);
    if (status == DOXIN_OK)
        status = dx_walk_expression(walk, node->lexpr, level, &left);
    if (status == DOXIN_OK)
        status = dx_walk_expression(walk, node->rexpr, level, &right);
    if (status == DOXIN_OK && rule == OPERATOR_PATTERN)
        status = dx_walk_pattern(walk, node->rexpr, node->location);
    if (status == DOXIN_OK && rule == OPERATOR_POWER)
        status = dx_walk_exponent(walk, node->lexpr, node->rexpr, node->location);
    if (rule == OPERATOR_PLAIN)
        *size = left + right;
    else if (rule == OPERATOR_JSON || node->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF)
        *size = left;
    else
        *size = rule == OPERATOR_POWER ? 2048 : 1;
    return status;
}

/* ---- constants and small nodes --------------------------------------------------------------------------------------------------- */

static doxin_status walk_constant(dx_walk *walk, const PgQuery__AConst *node, uint64_t *size)
{
    switch (node->val_case) {
    case PG_QUERY__A__CONST__VAL_SVAL:
        *size = strlen(node->sval->sval);
        return DOXIN_OK;
    case PG_QUERY__A__CONST__VAL_BSVAL:
        return dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, node->location, "write a number or a text",
                              "a bit string is not allowed");
    case PG_QUERY__A__CONST__VAL_FVAL:
        if (strlen(node->fval->fval) > 40)
            return dx_walk_refuse(walk, DOXIN_E_SQL_ARGUMENT, node->location, "write fewer digits",
                                  "a number has more than 40 characters");
        for (const char *e = strpbrk(node->fval->fval, "eE"); e; e = NULL)
            if (strlen(e) > 4)
                return dx_walk_refuse(walk, DOXIN_E_SQL_ARGUMENT, node->location, "write a smaller exponent",
                                      "a number has a large exponent");
        *size = 8;
        return DOXIN_OK;
    default:
        *size = 8;
        return DOXIN_OK;
    }
}

static doxin_status walk_value_function(dx_walk *walk, const PgQuery__SQLValueFunction *node, uint64_t *size)
{
    *size = 8;
    switch (node->op) {
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_DATE:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP_N:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP_N:
        return DOXIN_OK;
    default:
        return dx_walk_refuse(walk, DOXIN_E_SQL_FUNCTION, node->location, "use CURRENT_DATE or CURRENT_TIMESTAMP",
                              "a function that tells of the session is not allowed");
    }
}

static doxin_status walk_sublink(dx_walk *walk, const PgQuery__SubLink *node, dx_query *level, uint64_t *size)
{
    static const char *const fields[] = {"sub_link_type", "testexpr", "oper_name", "subselect", NULL};
    operator_rule rule;
    dx_columns columns = {NULL, 0, 0};
    int degree = 0;
    doxin_status status = dx_walk_fields(walk, &node->base, fields, node->location);
    if (status == DOXIN_OK && node->n_oper_name)
        status = find_operator(walk, node->n_oper_name, node->oper_name, node->location, &rule);
    if (status == DOXIN_OK && node->n_oper_name && rule != OPERATOR_TRUTH)
        status = dx_walk_refuse(walk, DOXIN_E_SQL_OPERATOR, node->location, "use a comparison",
                                "only a comparison may stand before ANY and ALL");
    if (status == DOXIN_OK)
        status = dx_walk_expression(walk, node->testexpr, level, NULL);
    if (status == DOXIN_OK)
        status = dx_walk_query(walk, node->subselect, level, &columns, &degree);
    bool array = node->sub_link_type == PG_QUERY__SUB_LINK_TYPE__ARRAY_SUBLINK;
    bool scalar = node->sub_link_type == PG_QUERY__SUB_LINK_TYPE__EXPR_SUBLINK;
    uint64_t value = columns.count ? columns.items[0].size : 0;
    *size = array ? value * 16 + 65536 : scalar ? value : 1;
    return status;
}

static doxin_status walk_case(dx_walk *walk, const PgQuery__CaseExpr *node, dx_query *level, uint64_t *size)
{
    uint64_t largest = 0, value = 0;
    doxin_status status = dx_walk_expression(walk, node->arg, level, NULL);
    for (size_t i = 0; i < node->n_args && status == DOXIN_OK; i++) {
        const PgQuery__Node *when = node->args[i];
        if (when->node_case != PG_QUERY__NODE__NODE_CASE_WHEN)
            return dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, node->location, "write WHEN … THEN …",
                                  "CASE holds something else");
        status = dx_walk_expression(walk, when->case_when->expr, level, NULL);
        if (status == DOXIN_OK)
            status = dx_walk_expression(walk, when->case_when->result, level, &value);
        largest = value > largest ? value : largest;
    }
    if (status == DOXIN_OK)
        status = dx_walk_expression(walk, node->defresult, level, &value);
    *size = value > largest ? value : largest;
    return status;
}

/* x[1], x[1:3]; not (x).field. */
static doxin_status walk_indirection(dx_walk *walk, const PgQuery__AIndirection *node, dx_query *level, uint64_t *size)
{
    doxin_status status = dx_walk_expression(walk, node->arg, level, size);
    for (size_t i = 0; i < node->n_indirection && status == DOXIN_OK; i++) {
        const PgQuery__Node *step = node->indirection[i];
        if (step->node_case != PG_QUERY__NODE__NODE_A_INDICES)
            return dx_walk_refuse(walk, DOXIN_E_SQL_NAME, -1, "write table.column; a function is written f(x)",
                                  "a field of an expression is not allowed");
        status = dx_walk_expression(walk, step->a_indices->lidx, level, NULL);
        if (status == DOXIN_OK)
            status = dx_walk_expression(walk, step->a_indices->uidx, level, NULL);
    }
    return status;
}

static doxin_status walk_cast(dx_walk *walk, const PgQuery__TypeCast *node, dx_query *level, uint64_t *size)
{
    doxin_status status = dx_walk_type(walk, node->type_name, node->location);
    walk->row_allowed = status == DOXIN_OK && strcmp(dx_type_name(node->type_name), "text") == 0;
    return status == DOXIN_OK ? dx_walk_expression(walk, node->arg, level, size) : status;
}

/* ---- lists ------------------------------------------------------------------------------------------------------------------- */

doxin_status dx_walk_list(dx_walk *walk, size_t count, PgQuery__Node *const *nodes, dx_query *level, uint64_t *sum)
{
    doxin_status status = DOXIN_OK;
    uint64_t size = 0;
    *sum = 0;
    for (size_t i = 0; i < count && status == DOXIN_OK; i++) {
        status = dx_walk_expression(walk, nodes[i], level, &size);
        *sum += size;
    }
    return status;
}

doxin_status dx_walk_sort(dx_walk *walk, const PgQuery__Node *node, dx_query *level)
{
    static const char *const fields[] = {"node", "sortby_dir", "sortby_nulls", NULL};
    if (!node || node->node_case != PG_QUERY__NODE__NODE_SORT_BY)
        return dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, -1, "list expressions", "ORDER BY holds something else");
    if (node->sort_by->n_use_op)
        return dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, node->sort_by->location, "write ASC or DESC",
                              "ORDER BY … USING is not allowed");
    doxin_status status = dx_walk_fields(walk, &node->sort_by->base, fields, node->sort_by->location);
    return status == DOXIN_OK ? dx_walk_expression(walk, node->sort_by->node, level, NULL) : status;
}

doxin_status dx_walk_window(dx_walk *walk, const PgQuery__WindowDef *window, dx_query *level)
{
    static const char *const fields[] = {"name",          "refname",      "partition_clause", "order_clause",
                                         "frame_options", "start_offset", "end_offset",       NULL};
    uint64_t sum;
    doxin_status status = dx_walk_fields(walk, &window->base, fields, window->location);
    if (status == DOXIN_OK)
        status = dx_walk_list(walk, window->n_partition_clause, window->partition_clause, level, &sum);
    for (size_t i = 0; i < window->n_order_clause && status == DOXIN_OK; i++)
        status = dx_walk_sort(walk, window->order_clause[i], level);
    if (status == DOXIN_OK)
        status = dx_walk_expression(walk, window->start_offset, level, NULL);
    return status == DOXIN_OK ? dx_walk_expression(walk, window->end_offset, level, NULL) : status;
}

/* ---- every kind ---------------------------------------------------------------------------------------------------------------- */

static doxin_status refuse_kind(dx_walk *walk, const PgQuery__Node *node)
{
    if (node->node_case == PG_QUERY__NODE__NODE_PARAM_REF)
        return dx_walk_refuse(walk, DOXIN_E_SQL_PARAMETER, node->param_ref->location, "write the value itself",
                              "a parameter is not allowed");
    const ProtobufCMessageDescriptor *descriptor = node->base.descriptor;
    const ProtobufCFieldDescriptor *field = NULL;
    for (unsigned i = 0; i < descriptor->n_fields; i++)
        if (descriptor->fields[i].id == (uint32_t)node->node_case)
            field = &descriptor->fields[i];
    return dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, -1, "write it with other means",
                          "an expression of the kind \"%.64s\" is not allowed", field ? field->name : "unknown");
}

static doxin_status walk_kind(dx_walk *walk, const PgQuery__Node *node, dx_query *level, uint64_t *size)
{
    switch ((int)node->node_case) {
    case PG_QUERY__NODE__NODE_COLUMN_REF:
        return dx_walk_column(walk, node->column_ref, level, size);
    case PG_QUERY__NODE__NODE_A_CONST:
        return walk_constant(walk, node->a_const, size);
    case PG_QUERY__NODE__NODE_FUNC_CALL:
        return dx_walk_call(walk, node->func_call, level, size);
    case PG_QUERY__NODE__NODE_A_EXPR:
        return walk_operator(walk, node->a_expr, level, size);
    case PG_QUERY__NODE__NODE_BOOL_EXPR:
        return dx_walk_list(walk, node->bool_expr->n_args, node->bool_expr->args, level, size);
    case PG_QUERY__NODE__NODE_TYPE_CAST:
        return walk_cast(walk, node->type_cast, level, size);
    case PG_QUERY__NODE__NODE_SUB_LINK:
        return walk_sublink(walk, node->sub_link, level, size);
    case PG_QUERY__NODE__NODE_CASE_EXPR:
        return walk_case(walk, node->case_expr, level, size);
    case PG_QUERY__NODE__NODE_COALESCE_EXPR:
        return dx_walk_list(walk, node->coalesce_expr->n_args, node->coalesce_expr->args, level, size);
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
        return dx_walk_list(walk, node->min_max_expr->n_args, node->min_max_expr->args, level, size);
    case PG_QUERY__NODE__NODE_NULL_TEST:
        walk->row_allowed = true;
        return dx_walk_expression(walk, node->null_test->arg, level, NULL);
    case PG_QUERY__NODE__NODE_BOOLEAN_TEST:
        return dx_walk_expression(walk, node->boolean_test->arg, level, NULL);
    case PG_QUERY__NODE__NODE_LIST:
        return dx_walk_list(walk, node->list->n_items, node->list->items, level, size);
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
        return dx_walk_list(walk, node->a_array_expr->n_elements, node->a_array_expr->elements, level, size);
    case PG_QUERY__NODE__NODE_ROW_EXPR:
        return dx_walk_list(walk, node->row_expr->n_args, node->row_expr->args, level, size);
    case PG_QUERY__NODE__NODE_GROUPING_FUNC:
        return dx_walk_list(walk, node->grouping_func->n_args, node->grouping_func->args, level, size);
    case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
        return walk_value_function(walk, node->sqlvalue_function, size);
    case PG_QUERY__NODE__NODE_A_INDIRECTION:
        return walk_indirection(walk, node->a_indirection, level, size);
    default:
        return refuse_kind(walk, node);
    }
}

doxin_status dx_walk_expression(dx_walk *walk, const PgQuery__Node *node, dx_query *level, uint64_t *size)
{
    uint64_t value = 1;
    bool row = walk->row_allowed;
    walk->row_allowed = false;
    if (size)
        *size = 0;
    if (!node || node->node_case == PG_QUERY__NODE__NODE__NOT_SET)
        return DOXIN_OK;
    if (++walk->depth > DX_WALK_DEPTH)
        return dx_walk_refuse(walk, DOXIN_E_SQL_SIZE, -1, "split it with WITH", "an expression is nested too deeply");
    walk->row_allowed = row && node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF;
    doxin_status status = walk_kind(walk, node, level, &value);
    walk->row_allowed = false;
    walk->depth--;
    if (status == DOXIN_OK && value > DX_VALUE_BYTES)
        return dx_walk_refuse(walk, DOXIN_E_SQL_COST, -1, "join fewer texts",
                              "a value could become longer than 16 MiB");
    if (size)
        *size = value;
    return status;
}
