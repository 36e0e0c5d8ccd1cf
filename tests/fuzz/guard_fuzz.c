/* Any bytes as SQL. What the guard accepts is parsed again, and every table in it must be one of the policy, read alone,
 * in a subquery of its own, under the owner's condition where it has an owner; nothing else may name a schema. */
#include "core/guard/guard.h"
#include "core/guard/parser.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const dx_policy *policy;

static const char *string_of(const PgQuery__Node *node)
{
    return node->node_case == PG_QUERY__NODE__NODE_STRING ? node->string->sval : "";
}

/* table.column = $1 somewhere under AND of this condition; for a child within EXISTS. */
static int names_owner(const PgQuery__Node *node, const dx_policy_table *table)
{
    if (!node)
        return 0;
    if (table->scope == DX_CHILD) {
        const dx_policy_table *parent = dx_policy_table_at(policy, table->parent);
        if (node->node_case != PG_QUERY__NODE__NODE_SUB_LINK ||
            node->sub_link->sub_link_type != PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK)
            return 0;
        const PgQuery__SelectStmt *query = node->sub_link->subselect->select_stmt;
        const PgQuery__BoolExpr *both = query->where_clause->bool_expr;
        return query->n_from_clause == 1 && strcmp(query->from_clause[0]->range_var->relname, parent->name) == 0 &&
               both->boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR && both->n_args == 2 &&
               names_owner(both->args[1], parent);
    }
    if (node->node_case != PG_QUERY__NODE__NODE_A_EXPR || strcmp(string_of(node->a_expr->name[0]), "=") != 0)
        return 0;
    const PgQuery__Node *left = node->a_expr->lexpr, *right = node->a_expr->rexpr;
    return left->node_case == PG_QUERY__NODE__NODE_COLUMN_REF && left->column_ref->n_fields == 2 &&
           strcmp(string_of(left->column_ref->fields[1]), table->owner_column) == 0 &&
           right->node_case == PG_QUERY__NODE__NODE_TYPE_CAST &&
           right->type_cast->arg->node_case == PG_QUERY__NODE__NODE_PARAM_REF &&
           right->type_cast->arg->param_ref->number == 1;
}

/* A table with a schema: alone in FROM of its SELECT, all of whose columns are the policy's. in_fence: within the owner's
 * condition of a child. */
static void check_table(const PgQuery__SelectStmt *query, const PgQuery__RangeVar *range, int in_fence)
{
    int index = dx_policy_find_table(policy, range->relname);
    if (index < 0 || strcmp(range->schemaname, dx_policy_schema(policy)) != 0 || query->n_from_clause != 1)
        abort();
    const dx_policy_table *table = dx_policy_table_at(policy, index);
    if (in_fence)
        return;
    for (size_t i = 0; i < query->n_target_list; i++) {
        const PgQuery__Node *value = query->target_list[i]->res_target->val;
        if (value->node_case != PG_QUERY__NODE__NODE_COLUMN_REF || value->column_ref->n_fields != 2 ||
            dx_policy_find_column(table, string_of(value->column_ref->fields[1])) < 0)
            abort();
    }
    if (table->scope != DX_SHARED && (!query->limit_offset || !names_owner(query->where_clause, table)))
        abort();
}

static void check(const ProtobufCMessage *message, int in_fence);

static void check_select(const PgQuery__SelectStmt *query, int *in_fence)
{
    int fence = 0;
    if (query->into_clause || query->n_locking_clause)
        abort();
    for (size_t i = 0; i < query->n_from_clause; i++)
        if (query->from_clause[i]->node_case == PG_QUERY__NODE__NODE_RANGE_VAR &&
            query->from_clause[i]->range_var->schemaname[0]) {
            check_table(query, query->from_clause[i]->range_var, *in_fence);
            fence = 1;
        }
    *in_fence = fence;
}

static void check_one(const ProtobufCMessage *message, int in_fence)
{
    const char *name = message->descriptor->short_name;
    if (strcmp(name, "SelectStmt") == 0)
        check_select((const PgQuery__SelectStmt *)message, &in_fence);
    if (strcmp(name, "ParamRef") == 0 && !in_fence)
        abort();
    if (strcmp(name, "JoinExpr") == 0) {
        /* A table with a schema never stands in a join. */
        const PgQuery__JoinExpr *join = (const PgQuery__JoinExpr *)message;
        const PgQuery__Node *sides[] = {join->larg, join->rarg};
        for (int i = 0; i < 2; i++)
            if (sides[i]->node_case == PG_QUERY__NODE__NODE_RANGE_VAR && sides[i]->range_var->schemaname[0])
                abort();
    }
    check(message, in_fence);
}

static void check(const ProtobufCMessage *message, int in_fence)
{
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        const char *value = (const char *)message + field->offset;
        const char *many = (const char *)message + field->quantifier_offset;
        if (field->type != PROTOBUF_C_TYPE_MESSAGE ||
            ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) && *(const uint32_t *)many != field->id))
            continue;
        int list = field->label == PROTOBUF_C_LABEL_REPEATED;
        for (size_t k = 0; k < (list ? *(const size_t *)many : 1); k++) {
            const ProtobufCMessage *child =
                list ? (*(ProtobufCMessage *const *const *)value)[k] : *(ProtobufCMessage *const *)value;
            if (child)
                check_one(child, in_fence);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dx_ctx ctx;
    dx_sql_checked checked;
    PgQuery__ParseResult *tree = NULL;
    if (!dx_ctx_init(&ctx, (size_t)64 << 20))
        return 0;
    if (!policy) {
        dx_policy *made = NULL;
        size_t length;
        const char *text = dx_policy_own(&length);
        if (dx_policy_read(&ctx, text, length, &made) != DOXIN_OK)
            abort();
        policy = made;
    }
    doxin_status status = dx_guard_check(&ctx, policy, data, size, NULL, &checked);
    if (status == DOXIN_E_SQL_SCOPE || status == DOXIN_E_INTERNAL)
        abort();
    if (status == DOXIN_OK) {
        if (dx_parser_parse(&ctx, checked.sql, &tree) != DOXIN_OK || tree->n_stmts != 1)
            abort();
        check_one(&tree->base, 0);
    } else if (ctx.error.offset > (int64_t)size || !ctx.error.message[0]) {
        abort();
    }
    dx_ctx_destroy(&ctx);
    return 0;
}
