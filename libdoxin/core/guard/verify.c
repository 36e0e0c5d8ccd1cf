/* Written without the code that makes the fences: it looks at the new tree, not at the text, and knows nothing of places. */
#include "core/guard/verify.h"

#include "core/guard/fence.h"

#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 2000 };

typedef struct check {
    dx_walk *walk;
    size_t references; /* tables met so far: they come in the order in which the tree is gone through */
    int depth;
} check;

static bool same_message(check *at, const ProtobufCMessage *a, const ProtobufCMessage *b);

/* ---- values ---------------------------------------------------------------------------------------------------------------------------- */

/* Where a thing stands in the text is all that may differ. */
static bool is_place(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_INT32 &&
           (strcmp(field->name, "location") == 0 || strcmp(field->name, "stmt_len") == 0 ||
            strcmp(field->name, "stmt_location") == 0);
}

static bool same_value(check *at, const ProtobufCFieldDescriptor *field, const void *a, const void *b)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE: {
        const ProtobufCMessage *left = *(ProtobufCMessage *const *)a, *right = *(ProtobufCMessage *const *)b;
        return left && right ? same_message(at, left, right) : left == right;
    }
    case PROTOBUF_C_TYPE_STRING:
        return strcmp(*(char *const *)a, *(char *const *)b) == 0;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_ENUM:
        return *(const uint32_t *)a == *(const uint32_t *)b;
    case PROTOBUF_C_TYPE_BOOL:
        return *(const protobuf_c_boolean *)a == *(const protobuf_c_boolean *)b;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        return *(const uint64_t *)a == *(const uint64_t *)b;
    default:
        return false; /* the grammar's messages have no other kinds */
    }
}

static const char *quantifier(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return (const char *)message + field->quantifier_offset;
}

/* The first skip items of b are passed over. */
static bool same_list(check *at, const ProtobufCFieldDescriptor *field, const ProtobufCMessage *a,
                      const ProtobufCMessage *b, size_t skip)
{
    size_t left = *(const size_t *)quantifier(a, field), right = *(const size_t *)quantifier(b, field);
    if (field->type != PROTOBUF_C_TYPE_MESSAGE || left + skip != right)
        return left == 0 && right == 0;
    ProtobufCMessage *const *items = *(ProtobufCMessage *const *const *)((const char *)a + field->offset);
    ProtobufCMessage *const *others = *(ProtobufCMessage *const *const *)((const char *)b + field->offset);
    for (size_t i = 0; i < left; i++)
        if (!same_message(at, items[i], others[i + skip]))
            return false;
    return true;
}

/* ---- fences ---------------------------------------------------------------------------------------------------------------------------- */

/* Nothing is set but these fields. */
static bool only(check *at, const ProtobufCMessage *message, const char *const *fields)
{
    dx_error before = at->walk->ctx->error;
    bool good = dx_walk_fields(at->walk, message, fields, -1) == DOXIN_OK;
    at->walk->ctx->error = before;
    return good;
}

/* name or qualifier.name */
static bool is_column(check *at, const PgQuery__Node *node, const char *qualifier, const char *name)
{
    if (!node || node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF || node->column_ref->n_fields != 2)
        return false;
    (void)at;
    const char *first = dx_string_of(node->column_ref->fields[0]), *second = dx_string_of(node->column_ref->fields[1]);
    return first && second && strcmp(first, qualifier) == 0 && strcmp(second, name) == 0;
}

static const PgQuery__AExpr *equality(const PgQuery__Node *node)
{
    if (!node || node->node_case != PG_QUERY__NODE__NODE_A_EXPR ||
        node->a_expr->kind != PG_QUERY__A__EXPR__KIND__AEXPR_OP || node->a_expr->n_name != 1)
        return NULL;
    const char *name = dx_string_of(node->a_expr->name[0]);
    return name && strcmp(name, "=") == 0 ? node->a_expr : NULL;
}

static bool is_owner_parameter(check *at, const PgQuery__Node *node)
{
    const char *type = dx_policy_owner_type(at->walk->policy);
    if (!node || node->node_case != PG_QUERY__NODE__NODE_TYPE_CAST || !node->type_cast->type_name)
        return false;
    const PgQuery__Node *parameter = node->type_cast->arg;
    return parameter && parameter->node_case == PG_QUERY__NODE__NODE_PARAM_REF && parameter->param_ref->number == 1 &&
           strcmp(dx_type_name(node->type_cast->type_name), strcmp(type, "integer") == 0 ? "int4" : type) == 0;
}

/* FROM is the table of the policy alone, under this alias. */
static bool reads_table(check *at, const PgQuery__SelectStmt *query, const dx_policy_table *table, const char *alias)
{
    static const char *const fields[] = {"schemaname", "relname", "inh", "relpersistence", "alias", NULL};
    if (query->n_from_clause != 1 || query->from_clause[0]->node_case != PG_QUERY__NODE__NODE_RANGE_VAR)
        return false;
    const PgQuery__RangeVar *range = query->from_clause[0]->range_var;
    return only(at, &range->base, fields) && range->inh && strcmp(range->relname, table->name) == 0 &&
           strcmp(range->schemaname, dx_policy_schema(at->walk->policy)) == 0 && range->alias &&
           range->alias->n_colnames == 0 && strcmp(range->alias->aliasname, alias) == 0;
}

static bool is_condition(check *at, const PgQuery__Node *node, const dx_policy_table *table, int step);

/* EXISTS (SELECT 1 FROM parent AS t<n> WHERE t<n>.key = t<n-1>.key AND <the parent's condition>) */
static bool asks_parent(check *at, const PgQuery__Node *node, const dx_policy_table *table, int step)
{
    static const char *const fields[] = {"target_list", "from_clause", "where_clause", "limit_option", "op", NULL};
    char own[16], parents[16];
    snprintf(own, sizeof own, "t%d", step);
    snprintf(parents, sizeof parents, "t%d", step + 1);
    if (!node || node->node_case != PG_QUERY__NODE__NODE_SUB_LINK || node->sub_link->testexpr ||
        node->sub_link->sub_link_type != PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK || !node->sub_link->subselect ||
        node->sub_link->subselect->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
        return false;
    const dx_policy_table *parent = dx_policy_table_at(at->walk->policy, table->parent);
    const PgQuery__SelectStmt *query = node->sub_link->subselect->select_stmt;
    const PgQuery__Node *where = query->where_clause;
    if (!only(at, &query->base, fields) || !reads_table(at, query, parent, parents) || !where ||
        where->node_case != PG_QUERY__NODE__NODE_BOOL_EXPR ||
        where->bool_expr->boolop != PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR || where->bool_expr->n_args != 2)
        return false;
    const PgQuery__AExpr *join = equality(where->bool_expr->args[0]);
    return join && is_column(at, join->lexpr, parents, table->parent_key) &&
           is_column(at, join->rexpr, own, table->child_key) &&
           is_condition(at, where->bool_expr->args[1], parent, step + 1);
}

static bool is_condition(check *at, const PgQuery__Node *node, const dx_policy_table *table, int step)
{
    char own[16];
    if (table->scope == DX_CHILD)
        return asks_parent(at, node, table, step);
    snprintf(own, sizeof own, "t%d", step);
    const PgQuery__AExpr *owner = equality(node);
    return owner && is_column(at, owner->lexpr, own, table->owner_column) && is_owner_parameter(at, owner->rexpr);
}

/* Exactly the columns that the statement reads, all of them the policy's, under their own names. */
static bool lists_columns(check *at, const PgQuery__SelectStmt *query, const dx_range *range)
{
    size_t next = 0;
    for (int i = 0; i < range->table->column_count; i++) {
        if (!dx_fence_lists(range, i))
            continue;
        const PgQuery__Node *node = next < query->n_target_list ? query->target_list[next++] : NULL;
        if (!node || node->node_case != PG_QUERY__NODE__NODE_RES_TARGET || node->res_target->name[0] ||
            node->res_target->n_indirection ||
            !is_column(at, node->res_target->val, "t0", range->table->columns[i].name))
            return false;
    }
    return next == query->n_target_list;
}

static bool is_zero(const PgQuery__Node *node)
{
    return node && node->node_case == PG_QUERY__NODE__NODE_A_CONST && !node->a_const->isnull &&
           node->a_const->val_case == PG_QUERY__A__CONST__VAL_IVAL && node->a_const->ival->ival == 0;
}

static bool is_fence(check *at, const PgQuery__RangeSubselect *found, const dx_range *range)
{
    static const char *const own[] = {"target_list", "from_clause", "where_clause", "limit_offset", "limit_option",
                                      "op",          NULL};
    static const char *const shared[] = {"target_list", "from_clause", "limit_option", "op", NULL};
    const PgQuery__Node *node = found->subquery;
    if (found->lateral || !found->alias || found->alias->n_colnames ||
        strcmp(found->alias->aliasname, range->name) != 0 || !node ||
        node->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
        return false;
    const PgQuery__SelectStmt *query = node->select_stmt;
    bool is_shared = range->table->scope == DX_SHARED;
    return only(at, &query->base, is_shared ? shared : own) && reads_table(at, query, range->table, "t0") &&
           lists_columns(at, query, range) &&
           (is_shared || (is_zero(query->limit_offset) && is_condition(at, query->where_clause, range->table, 0)));
}

/* The table that a node of the old tree names; NULL: it names none. */
static const dx_range *reference_of(check *at, const PgQuery__RangeVar *node)
{
    const dx_walk *walk = at->walk;
    for (size_t i = 0; i < walk->reference_count; i++)
        if (walk->references[i]->node == node)
            return walk->references[i];
    return NULL;
}

static bool same_range(check *at, const PgQuery__RangeVar *a, const PgQuery__Node *b)
{
    const dx_range *range = reference_of(at, a);
    if (!range)
        return b->node_case == PG_QUERY__NODE__NODE_RANGE_VAR && same_message(at, &a->base, &b->range_var->base);
    at->references++;
    return b->node_case == PG_QUERY__NODE__NODE_RANGE_SUBSELECT && is_fence(at, b->range_subselect, range);
}

/* ---- GROUP BY ---------------------------------------------------------------------------------------------------------------------------- */

/* How many columns were put before GROUP BY of this SELECT; *good false: they are not the right ones. */
static size_t added_columns(check *at, const PgQuery__SelectStmt *a, const PgQuery__SelectStmt *b, bool *good)
{
    const dx_walk *walk = at->walk;
    *good = true;
    for (size_t i = 0; i < walk->grouping_count; i++) {
        const dx_grouping *grouping = &walk->groupings[i];
        if (grouping->node != a)
            continue;
        for (size_t k = 0; k < grouping->count && *good; k++)
            *good = k < b->n_group_clause &&
                    is_column(at, b->group_clause[k], grouping->columns[k][0], grouping->columns[k][1]);
        return grouping->count;
    }
    return 0;
}

/* ---- messages ---------------------------------------------------------------------------------------------------------------------------- */

static bool same_field(check *at, const ProtobufCFieldDescriptor *field, const ProtobufCMessage *a,
                       const ProtobufCMessage *b, size_t grouped)
{
    if (is_place(field))
        return true;
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return same_list(at, field, a, b, strcmp(field->name, "group_clause") == 0 ? grouped : 0);
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        uint32_t left = *(const uint32_t *)quantifier(a, field), right = *(const uint32_t *)quantifier(b, field);
        if (left != right)
            return false;
        if (left != field->id)
            return true;
    }
    return same_value(at, field, (const char *)a + field->offset, (const char *)b + field->offset);
}

static bool same_fields(check *at, const ProtobufCMessage *a, const ProtobufCMessage *b, size_t grouped)
{
    for (unsigned i = 0; i < a->descriptor->n_fields; i++)
        if (!same_field(at, &a->descriptor->fields[i], a, b, grouped))
            return false;
    return true;
}

/* A Node is one of 240 kinds: only the one that is set is looked at. */
static bool same_node(check *at, const PgQuery__Node *a, const PgQuery__Node *b)
{
    if (a->node_case == PG_QUERY__NODE__NODE_RANGE_VAR)
        return same_range(at, a->range_var, b);
    if (a->node_case != b->node_case)
        return false;
    return a->node_case == PG_QUERY__NODE__NODE__NOT_SET ||
           same_message(at, &a->alias->base, &b->alias->base); /* any member of the union: they all are messages */
}

static bool same_message(check *at, const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    if (a->descriptor != b->descriptor || ++at->depth > DEPTH_MAX)
        return false;
    bool good = true;
    size_t grouped = 0;
    if (strcmp(a->descriptor->short_name, "Node") == 0) {
        good = same_node(at, (const PgQuery__Node *)a, (const PgQuery__Node *)b);
    } else {
        if (strcmp(a->descriptor->short_name, "SelectStmt") == 0)
            grouped = added_columns(at, (const PgQuery__SelectStmt *)a, (const PgQuery__SelectStmt *)b, &good);
        good = good && same_fields(at, a, b, grouped);
    }
    at->depth--;
    return good;
}

doxin_status dx_verify(dx_walk *walk, const PgQuery__ParseResult *before, const PgQuery__ParseResult *after)
{
    check at = {.walk = walk};
    if (same_message(&at, &before->base, &after->base) && at.references == walk->reference_count)
        return DOXIN_OK;
    return dx_walk_refuse(walk, DOXIN_E_SQL_SCOPE, -1, "write it in a plainer way",
                          "the scoped statement is not what it should be");
}
