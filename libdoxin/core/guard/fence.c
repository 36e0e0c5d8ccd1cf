#include "core/guard/fence.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 512 * 1024 };

/* ---- one fence ---------------------------------------------------------------------------------------------------------------------- */

static void put_quoted(dx_buffer *out, const char *name)
{
    dx_buffer_char(out, '"');
    for (const char *p = name; *p; p++) {
        if (*p == '"')
            dx_buffer_char(out, '"');
        dx_buffer_char(out, *p);
    }
    dx_buffer_char(out, '"');
}

/* Behind a point every word is a name: quotes are needed for other characters only. */
static void put_member(dx_buffer *out, const char *name)
{
    dx_buffer_char(out, '.');
    if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0' && !(*name >= '0' && *name <= '9'))
        dx_buffer_text(out, name);
    else
        put_quoted(out, name);
}

bool dx_fence_lists(const dx_range *range, int column)
{
    if (range->used[column])
        return true;
    for (int i = 0; i < range->table->column_count; i++)
        if (range->used[i])
            return false;
    return column == (range->table->primary_key >= 0 ? range->table->primary_key : 0);
}

static void put_table(const dx_policy *policy, const char *name, dx_buffer *out)
{
    const char *schema = dx_policy_schema(policy);
    if (strcmp(schema, "public") == 0)
        dx_buffer_text(out, schema);
    else
        put_quoted(out, schema);
    put_member(out, name);
}

/* The owner's condition on a table that is called by this letter and number; a child asks its parent. */
static void put_condition(const dx_policy *policy, const dx_policy_table *table, int step, dx_buffer *out)
{
    if (table->scope == DX_OWNED) {
        dx_buffer_printf(out, "t%d", step);
        put_member(out, table->owner_column);
        dx_buffer_printf(out, " = $1::%s", dx_policy_owner_type(policy));
        return;
    }
    const dx_policy_table *parent = dx_policy_table_at(policy, table->parent);
    dx_buffer_text(out, "EXISTS (SELECT 1 FROM ");
    put_table(policy, parent->name, out);
    dx_buffer_printf(out, " AS t%d WHERE t%d", step + 1, step + 1);
    put_member(out, table->parent_key);
    dx_buffer_printf(out, " = t%d", step);
    put_member(out, table->child_key);
    dx_buffer_text(out, " AND ");
    put_condition(policy, parent, step + 1, out);
    dx_buffer_char(out, ')');
}

void dx_fence_write(const dx_policy *policy, const dx_range *range, dx_buffer *out)
{
    const char *comma = "(SELECT t0";
    for (int i = 0; i < range->table->column_count; i++) {
        if (!dx_fence_lists(range, i))
            continue;
        dx_buffer_text(out, comma);
        put_member(out, range->table->columns[i].name);
        comma = ", t0";
    }
    dx_buffer_text(out, " FROM ");
    put_table(policy, range->table->name, out);
    dx_buffer_text(out, " AS t0");
    if (range->table->scope != DX_SHARED) {
        dx_buffer_text(out, " WHERE ");
        put_condition(policy, range->table, 0, out);
        dx_buffer_text(out, " OFFSET 0");
    }
    dx_buffer_char(out, ')');
}

/* ---- its place ------------------------------------------------------------------------------------------------------------------------ */

static doxin_status lost(dx_walk *walk, int location)
{
    return dx_walk_refuse(walk, DOXIN_E_SQL_SCOPE, location, "write the name of the table plainly",
                          "a place in the text was not found");
}

static bool is_name(const dx_token *token)
{
    return token->kind == DX_TOKEN_NAME || token->kind == DX_TOKEN_QUOTED || token->kind == DX_TOKEN_UNICODE_NAME;
}

/* Behind a name that may be written U&"…" UESCAPE '…'. */
static int behind_name(const dx_walk *walk, int at)
{
    const dx_tokens *tokens = &walk->input->tokens;
    bool unicode = tokens->items[at].kind == DX_TOKEN_UNICODE_NAME;
    at++;
    if (unicode && at + 1 < tokens->count && dx_token_is(walk->input->text, &tokens->items[at], "uescape"))
        at += 2;
    return at;
}

/* schema.name, then a star that means nothing: [*first, *end) are its tokens, *name the last name. */
static bool find_place(const dx_walk *walk, const PgQuery__RangeVar *node, int *first, int *name, int *end)
{
    const dx_tokens *tokens = &walk->input->tokens;
    const char *sql = walk->input->text;
    int at = dx_tokens_at(tokens, (size_t)node->location);
    if (node->location < 0 || at < 0 || !is_name(&tokens->items[at]))
        return false;
    *first = *name = at;
    at = behind_name(walk, at);
    if (node->schemaname[0]) {
        if (at + 1 >= tokens->count || !dx_token_sign(sql, &tokens->items[at], '.') || !is_name(&tokens->items[at + 1]))
            return false;
        *name = at + 1;
        at = behind_name(walk, at + 1);
    }
    if (at < tokens->count && tokens->items[at].kind == DX_TOKEN_OPERATOR &&
        tokens->items[at].end - tokens->items[at].start == 1 && sql[tokens->items[at].start] == '*')
        at++;
    *end = at;
    return true;
}

/* TABLE name is SELECT * FROM name. */
static bool is_table_command(const dx_walk *walk, int first)
{
    return first > 0 && dx_token_is(walk->input->text, &walk->input->tokens.items[first - 1], "table");
}

static doxin_status fence_splice(dx_walk *walk, const dx_range *range, dx_splice *out)
{
    int first, name, end;
    dx_buffer text;
    const dx_tokens *tokens = &walk->input->tokens;
    if (!find_place(walk, range->node, &first, &name, &end))
        return lost(walk, range->node->location);
    dx_buffer_init(&text, TEXT_MAX);
    out->start = tokens->items[first].start;
    out->end = tokens->items[end - 1].end;
    if (is_table_command(walk, first)) {
        out->start = tokens->items[first - 1].start;
        dx_buffer_text(&text, "SELECT * FROM ");
    }
    dx_fence_write(walk->policy, range, &text);
    if (!range->node->alias) {
        dx_buffer_text(&text, " AS ");
        if (tokens->items[name].kind == DX_TOKEN_NAME)
            dx_buffer_add(&text, walk->input->text + tokens->items[name].start,
                          (size_t)(tokens->items[name].end - tokens->items[name].start));
        else
            put_quoted(&text, range->node->relname);
        /* The star, or the quotes of U&"…", may have kept two words apart. */
        if (walk->input->text[out->end] && !strchr(" \t\r\n),;", walk->input->text[out->end]))
            dx_buffer_char(&text, ' ');
    }
    out->text = text.failed ? NULL : dx_textn(walk->ctx, text.data, text.len);
    dx_buffer_free(&text);
    return out->text ? DOXIN_OK : dx_nomem(walk->ctx);
}

/* ---- GROUP BY ---------------------------------------------------------------------------------------------------------------------------- */

/* The least location in a tree: where its text begins, but for brackets. */
static void least_location(const ProtobufCMessage *message, int *least)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        const char *value = (const char *)message + field->offset;
        if (field->type == PROTOBUF_C_TYPE_INT32 && strcmp(field->name, "location") == 0) {
            int32_t location = *(const int32_t *)value;
            if (location >= 0 && (*least < 0 || location < *least))
                *least = location;
        }
        if (field->type != PROTOBUF_C_TYPE_MESSAGE)
            continue;
        if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) &&
            *(const uint32_t *)((const char *)message + field->quantifier_offset) != field->id)
            continue;
        bool list = field->label == PROTOBUF_C_LABEL_REPEATED;
        size_t count = list ? *(const size_t *)((const char *)message + field->quantifier_offset) : 1;
        for (size_t k = 0; k < count; k++) {
            const ProtobufCMessage *child =
                list ? (*(ProtobufCMessage *const *const *)value)[k] : *(ProtobufCMessage *const *)value;
            if (child)
                least_location(child, least);
        }
    }
}

static doxin_status group_splice(dx_walk *walk, const dx_grouping *grouping, dx_splice *out)
{
    const dx_tokens *tokens = &walk->input->tokens;
    const char *sql = walk->input->text;
    dx_buffer text;
    int least = -1;
    least_location(&grouping->node->group_clause[0]->base, &least);
    int at = least < 0 ? -1 : dx_tokens_at(tokens, (size_t)least);
    while (at > 0 && dx_token_sign(sql, &tokens->items[at - 1], '('))
        at--;
    if (at > 0 && dx_token_is(sql, &tokens->items[at - 1], "all"))
        at--;
    if (at < 2 || !dx_token_is(sql, &tokens->items[at - 1], "by") || !dx_token_is(sql, &tokens->items[at - 2], "group"))
        return lost(walk, least);
    if (dx_token_is(sql, &tokens->items[at], "all"))
        at++;
    dx_buffer_init(&text, TEXT_MAX);
    for (size_t i = 0; i < grouping->count; i++) {
        dx_buffer_text(&text, " ");
        put_quoted(&text, grouping->columns[i][0]);
        put_member(&text, grouping->columns[i][1]);
        dx_buffer_text(&text, ",");
    }
    out->start = out->end = tokens->items[at - 1].end;
    out->text = text.failed ? NULL : dx_textn(walk->ctx, text.data, text.len);
    dx_buffer_free(&text);
    return out->text ? DOXIN_OK : dx_nomem(walk->ctx);
}

/* ---- backslashes -------------------------------------------------------------------------------------------------------------------------- */

/* '…\…' is read in two ways, by the server's standard_conforming_strings; E'…\\…' in one. */
static bool needs_escape(const dx_walk *walk, const dx_token *token)
{
    return token->kind == DX_TOKEN_STRING &&
           memchr(walk->input->text + token->start, '\\', (size_t)(token->end - token->start));
}

static doxin_status escape_splice(dx_walk *walk, const dx_token *token, dx_splice *out)
{
    dx_buffer text;
    dx_buffer_init(&text, TEXT_MAX);
    /* A keyword may stand right before the quote. */
    dx_buffer_text(&text, " E");
    for (size_t i = token->start; i < token->end; i++) {
        if (walk->input->text[i] == '\\')
            dx_buffer_char(&text, '\\');
        dx_buffer_char(&text, walk->input->text[i]);
    }
    *out = (dx_splice){token->start, token->end, text.failed ? NULL : dx_textn(walk->ctx, text.data, text.len)};
    dx_buffer_free(&text);
    return out->text ? DOXIN_OK : dx_nomem(walk->ctx);
}

/* ---- the text ----------------------------------------------------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
    const dx_splice *left = a, *right = b;
    return (left->start > right->start) - (left->start < right->start);
}

static doxin_status make_splices(dx_walk *walk, dx_splice **out, size_t *count)
{
    const dx_tokens *tokens = &walk->input->tokens;
    size_t room = walk->reference_count + walk->grouping_count + (size_t)tokens->count;
    dx_splice *splices = dx_array(walk->ctx, room, sizeof *splices);
    doxin_status status = splices ? DOXIN_OK : DOXIN_E_NOMEM;
    for (size_t i = 0; i < walk->reference_count && status == DOXIN_OK; i++)
        status = fence_splice(walk, walk->references[i], &splices[(*count)++]);
    for (size_t i = 0; i < walk->grouping_count && status == DOXIN_OK; i++)
        status = group_splice(walk, &walk->groupings[i], &splices[(*count)++]);
    for (int i = 0; i < tokens->count && status == DOXIN_OK; i++)
        if (needs_escape(walk, &tokens->items[i]))
            status = escape_splice(walk, &tokens->items[i], &splices[(*count)++]);
    *out = splices;
    return status;
}

doxin_status dx_fence_text(dx_walk *walk, dx_buffer *out)
{
    dx_splice *splices = NULL;
    size_t count = 0, at = 0;
    doxin_status status = make_splices(walk, &splices, &count);
    if (status != DOXIN_OK)
        return status;
    qsort(splices, count, sizeof *splices, by_place);
    for (size_t i = 0; i < count; i++) {
        if (splices[i].start < at)
            return lost(walk, (int)splices[i].start);
        dx_buffer_add(out, walk->input->text + at, splices[i].start - at);
        dx_buffer_text(out, splices[i].text);
        at = splices[i].end;
    }
    dx_buffer_add(out, walk->input->text + at, walk->input->length - at);
    if (!out->failed)
        return DOXIN_OK;
    return out->full
               ? dx_walk_refuse(walk, DOXIN_E_SQL_SIZE, -1, "read fewer columns", "the scoped statement is too long")
               : dx_nomem(walk->ctx);
}
