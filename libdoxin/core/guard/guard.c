#include "core/guard/guard.h"

#include "core/guard/fence.h"
#include "core/guard/verify.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

doxin_status dx_walk_refuse(dx_walk *walk, doxin_status status, int location, const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    dx_error_setv(&walk->ctx->error, status, format, arguments);
    va_end(arguments);
    dx_error_hint(&walk->ctx->error, "%s", hint);
    walk->ctx->error.offset = (location >= 0 ? location : walk->near) + (int64_t)walk->input->skipped;
    return status;
}

/* Where a clause stands whose place the tree does not tell. */
static int place_of(const dx_walk *walk, const char *field)
{
    static const char *const words[][2] = {{"into_clause", "into"}, {"locking_clause", "for"},
                                           {"is_rowsfrom", "rows"}, {"group_distinct", "group"},
                                           {"coldeflist", "as"},    {"join_using_alias", "using"}};
    const dx_tokens *tokens = &walk->input->tokens;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        for (int k = 0; strcmp(words[i][0], field) == 0 && k < tokens->count; k++)
            if (dx_token_is(walk->input->text, &tokens->items[k], words[i][1]))
                return tokens->items[k].start;
    return -1;
}

/* ---- fields ---------------------------------------------------------------------------------------------------------------------------- */

static bool is_set(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const char *value = (const char *)message + field->offset;
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return *(const size_t *)((const char *)message + field->quantifier_offset) > 0;
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        return *(ProtobufCMessage *const *)value != NULL;
    case PROTOBUF_C_TYPE_STRING:
        return **(char *const *)value != '\0';
    case PROTOBUF_C_TYPE_BOOL:
        return *(const protobuf_c_boolean *)value;
    default:
        return *(const uint32_t *)value != 0;
    }
}

doxin_status dx_walk_fields(dx_walk *walk, const ProtobufCMessage *message, const char *const *allowed, int location)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        if (!is_set(message, field) || strcmp(field->name, "location") == 0)
            continue;
        bool known = false;
        for (size_t k = 0; allowed[k] && !known; k++)
            known = strcmp(allowed[k], field->name) == 0;
        if (!known)
            return dx_walk_refuse(walk, DOXIN_E_SQL_CLAUSE, location >= 0 ? location : place_of(walk, field->name),
                                  "leave it out", "%s of a %s is not allowed", field->name, descriptor->short_name);
    }
    return DOXIN_OK;
}

/* ---- the whole --------------------------------------------------------------------------------------------------------------------------- */

static doxin_status one_select(dx_walk *walk, const PgQuery__ParseResult *tree, const PgQuery__SelectStmt **out)
{
    if (tree->n_stmts != 1)
        return dx_walk_refuse(walk, DOXIN_E_SQL_STATEMENT, 0, "write one SELECT",
                              tree->n_stmts ? "there is more than one statement" : "there is no statement");
    const PgQuery__Node *node = tree->stmts[0]->stmt;
    if (!node || node->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
        return dx_walk_refuse(walk, DOXIN_E_SQL_STATEMENT, 0, "write a SELECT", "only SELECT is allowed");
    *out = node->select_stmt;
    return DOXIN_OK;
}

static doxin_status walk_statement(dx_walk *walk, const PgQuery__ParseResult *tree)
{
    const PgQuery__SelectStmt *select = NULL;
    dx_columns columns = {NULL, 0, 0};
    int degree = 0;
    doxin_status status = one_select(walk, tree, &select);
    return status == DOXIN_OK ? dx_walk_select(walk, select, NULL, &columns, &degree) : status;
}

static doxin_status tell(dx_walk *walk, const dx_buffer *text, dx_sql_checked *out)
{
    size_t tables = (size_t)dx_policy_table_count(walk->policy);
    const char **list = dx_array(walk->ctx, tables, sizeof *list);
    if (!list)
        return DOXIN_E_NOMEM;
    *out = (dx_sql_checked){.length = text->len, .tables = list};
    for (size_t i = 0; i < walk->reference_count; i++) {
        const char *name = walk->references[i]->table->name;
        bool known = false;
        for (int k = 0; k < out->table_count; k++)
            known = known || list[k] == name;
        if (!known)
            list[out->table_count++] = name;
        out->owned = out->owned || walk->references[i]->table->scope != DX_SHARED;
    }
    out->sql = dx_textn(walk->ctx, text->data, text->len);
    return out->sql ? DOXIN_OK : DOXIN_E_NOMEM;
}

static doxin_status scope(dx_walk *walk, const PgQuery__ParseResult *tree, dx_sql_checked *out)
{
    PgQuery__ParseResult *after = NULL;
    dx_buffer text;
    dx_buffer_init(&text, 512 * 1024);
    doxin_status status = dx_fence_text(walk, &text);
    if (status == DOXIN_OK)
        status = dx_parser_parse(walk->ctx, text.data, &after);
    if (status == DOXIN_OK)
        status = dx_verify(walk, tree, after);
    if (status == DOXIN_OK)
        status = tell(walk, &text, out);
    dx_buffer_free(&text);
    return status;
}

static bool make_notes(dx_walk *walk)
{
    size_t tables = (size_t)dx_policy_table_count(walk->policy);
    walk->asked_tables = dx_array(walk->ctx, tables, sizeof(bool));
    walk->asked_columns = walk->asked_tables ? dx_array(walk->ctx, tables * DX_POLICY_COLUMNS, sizeof(bool)) : NULL;
    walk->asked_functions = walk->asked_columns ? dx_array(walk->ctx, dx_function_count(), sizeof(bool)) : NULL;
    return walk->asked_functions != NULL;
}

doxin_status dx_guard_check(dx_ctx *ctx, const dx_policy *policy, const void *data, size_t data_len,
                            const dx_sql_options *options, dx_sql_checked *out)
{
    dx_sql_input input = {.text = NULL};
    PgQuery__ParseResult *tree = NULL;
    dx_walk walk = {.ctx = ctx, .policy = policy, .filter = options ? options->filter : NULL, .input = &input};
    doxin_status status = dx_sql_input_read(ctx, data, data_len, options && options->code_fences, &input);
    if (status == DOXIN_OK && !make_notes(&walk))
        status = DOXIN_E_NOMEM;
    if (status == DOXIN_OK)
        status = dx_parser_parse(ctx, input.text, &tree);
    if (status == DOXIN_E_SQL_SYNTAX && ctx->error.offset >= 0 && input.skipped)
        ctx->error.offset += (int64_t)input.skipped;
    if (status == DOXIN_OK)
        status = walk_statement(&walk, tree);
    return status == DOXIN_OK ? scope(&walk, tree, out) : status;
}
