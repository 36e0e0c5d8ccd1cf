/* Reading a policy: everything is looked at before it is refused, so that each mistake is told once. */
#include "base/rt/alloc.h"
#include "base/rt/json.h"
#include "core/guard/policy_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { POLICY_MAX = 1 << 20, SYNONYMS_MAX = 64, KEYS_MAX = 64, POINTER_MAX = 256, CHAIN_MAX = 8 };

typedef struct reading {
    dx_ctx *ctx;
    dx_policy *policy;
    dx_policy_table *table; /* at hand */
    char path[POINTER_MAX]; /* of the table, or of the value whose members are gone through */
    const char *const *members;
    int count;
    int next; /* table of the second round */
    bool nomem;
} reading;

/* ---- mistakes --------------------------------------------------------------------------------------------------------- */

static void wrong(reading *at, const char *message, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void wrong(reading *at, const char *message, const char *format, ...)
{
    char pointer[POINTER_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(pointer, sizeof pointer, format, arguments);
    va_end(arguments);
    if (at->ctx->error.status == DOXIN_OK)
        dx_fail(at->ctx, DOXIN_E_FIELD, "%s: %s", pointer[0] ? pointer : "the policy", message);
    dx_error_field(&at->ctx->error, pointer, "invalid", message);
}

/* A member's name as a part of a JSON pointer. */
static const char *escaped(const char *name, char out[POINTER_MAX])
{
    size_t used = 0;
    for (const char *p = name; *p && used + 3 < 70; p++) {
        if (*p == '~' || *p == '/') {
            out[used++] = '~';
            out[used++] = *p == '~' ? '0' : '1';
        } else {
            out[used++] = *p;
        }
    }
    out[used] = '\0';
    return out;
}

static bool known_member(void *data, const char *key, const dx_json *value)
{
    reading *at = data;
    char name[POINTER_MAX];
    (void)value;
    for (int i = 0; i < at->count; i++)
        if (strcmp(at->members[i], key) == 0)
            return true;
    wrong(at, "there is no such member", "%s/%s", at->path, escaped(key, name));
    return true;
}

static void check_members(reading *at, const dx_json *json, const char *const *members, int count)
{
    at->members = members;
    at->count = count;
    dx_json_each(json, known_member, at);
}

/* ---- memory of the policy --------------------------------------------------------------------------------------------- */

static void *room(reading *at, size_t count, size_t size)
{
    void *found = dx_arena_array(at->policy->arena, count ? count : 1, size);
    at->nomem = at->nomem || !found;
    return found;
}

static const char *copy(reading *at, const char *text)
{
    const char *made = text ? dx_arena_strdup(at->policy->arena, text) : NULL;
    at->nomem = at->nomem || (text && !made);
    return made;
}

/* ---- parts ------------------------------------------------------------------------------------------------------------ */

static void read_words(reading *at, const dx_json *json, const char *path, dx_policy_words *out)
{
    const dx_json *description = dx_json_get(json, "description");
    const dx_json *synonyms = dx_json_get(json, "synonyms");
    if (description && !dx_json_string(description))
        wrong(at, "must be text", "%s/description", path);
    out->description = copy(at, dx_json_string(description));
    if (!synonyms)
        return;
    if (dx_json_kind_of(synonyms) != DX_JSON_ARRAY || dx_json_count(synonyms) > SYNONYMS_MAX) {
        wrong(at, "must be an array of at most 64 texts", "%s/synonyms", path);
        return;
    }
    const char **list = room(at, dx_json_count(synonyms), sizeof *list);
    for (size_t i = 0; list && i < dx_json_count(synonyms); i++) {
        const char *text = dx_json_string(dx_json_at(synonyms, i));
        if (!text || !*text)
            wrong(at, "must be text", "%s/synonyms/%zu", path, i);
        else
            list[out->synonym_count++] = copy(at, text);
    }
    out->synonyms = list;
}

static bool read_column(void *data, const char *key, const dx_json *value)
{
    static const char *const members[] = {"type", "description", "synonyms"};
    reading *at = data;
    char path[POINTER_MAX], name[POINTER_MAX], before[POINTER_MAX];
    snprintf(path, sizeof path, "%.50s/columns/%.70s", at->path, escaped(key, name));
    dx_policy_column *column = (dx_policy_column *)&at->table->columns[at->table->column_count++];
    bool object = dx_json_kind_of(value) == DX_JSON_OBJECT;
    const char *type = object ? dx_json_get_string(value, "type") : dx_json_string(value);
    if (!dx_policy_name_ok(key))
        wrong(at, "a name has 1 to 63 bytes", "%s", path);
    if (!type || !dx_policy_type_ok(type))
        wrong(at, "there is no such type; see the list in docs/sql.md", "%s%s", path, object ? "/type" : "");
    if (object) {
        memcpy(before, at->path, sizeof before);
        memcpy(at->path, path, sizeof path);
        check_members(at, value, members, 3);
        memcpy(at->path, before, sizeof before);
        read_words(at, value, path, &column->words);
    }
    column->name = copy(at, key);
    column->type = copy(at, type ? type : "text");
    return !at->nomem;
}

static void read_columns(reading *at, const dx_json *json)
{
    const dx_json *columns = dx_json_get(json, "columns");
    size_t count = dx_json_count(columns);
    at->table->columns = room(at, count, sizeof *at->table->columns);
    if (dx_json_kind_of(columns) != DX_JSON_OBJECT || count == 0 || count > DX_POLICY_COLUMNS)
        wrong(at, "must be an object of 1 to 256 columns", "%s/columns", at->path);
    else if (!at->nomem)
        dx_json_each(columns, read_column, at);
}

/* A member that is a name; NULL after telling what is wrong. */
static const char *read_name(reading *at, const dx_json *json, const char *member, const char *path)
{
    const char *name = dx_json_get_string(json, member);
    if (name && dx_policy_name_ok(name))
        return copy(at, name);
    wrong(at, "must be the name of a column", "%s/%s", path, member);
    return NULL;
}

static void read_owner(reading *at, const dx_json *owner)
{
    static const char *const own[] = {"column"};
    static const char *const child[] = {"parent", "parent_key", "child_key"};
    char path[POINTER_MAX], before[POINTER_MAX];
    snprintf(path, sizeof path, "%.100s/owner", at->path);
    memcpy(before, at->path, sizeof before);
    memcpy(at->path, path, sizeof path);
    if (dx_json_get(owner, "parent")) {
        at->table->scope = DX_CHILD;
        at->table->parent_key = read_name(at, owner, "parent_key", path);
        at->table->child_key = read_name(at, owner, "child_key", path);
        check_members(at, owner, child, 3);
    } else {
        at->table->scope = DX_OWNED;
        at->table->owner_column = read_name(at, owner, "column", path);
        check_members(at, owner, own, 1);
    }
    memcpy(at->path, before, sizeof before);
}

static void read_scope(reading *at, const dx_json *json)
{
    const dx_json *owner = dx_json_get(json, "owner");
    const dx_json *shared = dx_json_get(json, "shared");
    if (shared && (dx_json_kind_of(shared) != DX_JSON_BOOL || !dx_json_bool(shared, false)))
        wrong(at, "must be true, or be left out", "%s/shared", at->path);
    if (owner && dx_json_kind_of(owner) != DX_JSON_OBJECT)
        wrong(at, "must be an object", "%s/owner", at->path);
    else if (!owner == !shared)
        wrong(at, "must have exactly one of owner and shared", "%s", at->path);
    else if (owner)
        read_owner(at, owner);
}

static bool read_table(void *data, const char *key, const dx_json *value)
{
    static const char *const members[] = {"primary_key",  "description", "synonyms", "columns",
                                          "foreign_keys", "owner",       "shared"};
    reading *at = data;
    char name[POINTER_MAX];
    at->table = &at->policy->tables[at->policy->table_count++];
    snprintf(at->path, sizeof at->path, "/tables/%s", escaped(key, name));
    at->table->name = copy(at, key);
    at->table->primary_key = at->table->parent = -1;
    if (!dx_policy_name_ok(key))
        wrong(at, "a name has 1 to 63 bytes", "%s", at->path);
    if (dx_json_kind_of(value) != DX_JSON_OBJECT) {
        wrong(at, "must be an object", "%s", at->path);
        return true;
    }
    check_members(at, value, members, 7);
    read_words(at, value, at->path, &at->table->words);
    read_columns(at, value);
    read_scope(at, value);
    return !at->nomem;
}

/* ---- what refers to other tables: read when all are known --------------------------------------------------------------- */

static void read_key(reading *at, const dx_json *json, size_t index, dx_policy_key *out)
{
    const dx_policy *policy = at->policy;
    const char *column = dx_json_get_string(json, "column");
    const char *references = dx_json_get_string(json, "references");
    const char *key = dx_json_get_string(json, "key");
    out->column = column ? dx_policy_find_column(at->table, column) : -1;
    out->references = references ? dx_policy_find_table(policy, references) : -1;
    out->key = key && out->references >= 0 ? dx_policy_find_column(&policy->tables[out->references], key) : -1;
    if (out->column < 0)
        wrong(at, "must be a column of this table", "%s/foreign_keys/%zu/column", at->path, index);
    if (out->references < 0)
        wrong(at, "must be a table of the policy", "%s/foreign_keys/%zu/references", at->path, index);
    else if (out->key < 0)
        wrong(at, "must be a column of that table", "%s/foreign_keys/%zu/key", at->path, index);
}

static void read_keys(reading *at, const dx_json *json)
{
    const dx_json *keys = dx_json_get(json, "foreign_keys");
    size_t count = dx_json_count(keys);
    if (!keys)
        return;
    if (dx_json_kind_of(keys) != DX_JSON_ARRAY || count > KEYS_MAX) {
        wrong(at, "must be an array of at most 64 objects", "%s/foreign_keys", at->path);
        return;
    }
    dx_policy_key *list = room(at, count, sizeof *list);
    for (size_t i = 0; list && i < count; i++)
        read_key(at, dx_json_at(keys, i), i, &list[i]);
    at->table->keys = list;
    at->table->key_count = (int)count;
}

static void read_parent(reading *at, const dx_json *json)
{
    const char *parent = dx_json_string(dx_json_pointer(json, "/owner/parent"));
    at->table->parent = parent ? dx_policy_find_table(at->policy, parent) : -1;
    if (at->table->parent < 0)
        wrong(at, "must be a table of the policy", "%s/owner/parent", at->path);
    else if (at->policy->tables[at->table->parent].scope == DX_SHARED)
        wrong(at, "must be a table with an owner", "%s/owner/parent", at->path);
}

static bool read_references(void *data, const char *key, const dx_json *value)
{
    reading *at = data;
    char name[POINTER_MAX];
    at->table = &at->policy->tables[at->next++];
    snprintf(at->path, sizeof at->path, "/tables/%s", escaped(key, name));
    const dx_json *primary = dx_json_get(value, "primary_key");
    const char *column = dx_json_string(primary);
    at->table->primary_key = column ? dx_policy_find_column(at->table, column) : -1;
    if (primary && at->table->primary_key < 0)
        wrong(at, "must be a column of this table", "%s/primary_key", at->path);
    read_keys(at, value);
    if (at->table->scope == DX_CHILD)
        read_parent(at, value);
    return !at->nomem;
}

/* Every child must come to an owner in a few steps. */
static void check_chains(reading *at)
{
    char name[POINTER_MAX];
    for (int i = 0; i < at->policy->table_count; i++) {
        const dx_policy_table *table = &at->policy->tables[i];
        int steps = 0;
        while (table->scope == DX_CHILD && table->parent >= 0 && steps++ < CHAIN_MAX)
            table = &at->policy->tables[table->parent];
        if (steps >= CHAIN_MAX)
            wrong(at, "must come to an owner's column within 8 steps", "/tables/%s/owner/parent",
                  escaped(at->policy->tables[i].name, name));
    }
}

/* ---- the whole -------------------------------------------------------------------------------------------------------- */

static void read_policy(reading *at, const dx_json *json)
{
    static const char *const members[] = {"schema", "search_schema", "owner_type", "tables", "description"};
    const char *schema = dx_json_get_string(json, "schema");
    const char *search = dx_json_get_string(json, "search_schema");
    const char *owner = dx_json_get_string(json, "owner_type");
    const dx_json *tables = dx_json_get(json, "tables");
    size_t count = dx_json_count(tables);
    check_members(at, json, members, 5);
    if (!schema || strcmp(schema, "doxin.sql-policy/1") != 0)
        wrong(at, "must be \"doxin.sql-policy/1\"", "/schema");
    if (!search || !dx_policy_name_ok(search) || strncmp(search, "pg_", 3) == 0 ||
        strcmp(search, "information_schema") == 0)
        wrong(at, "must be the name of a schema that is not the server's own", "/search_schema");
    if (!owner || (strcmp(owner, "integer") != 0 && strcmp(owner, "uuid") != 0))
        wrong(at, "must be \"integer\" or \"uuid\"", "/owner_type");
    at->policy->schema = copy(at, search ? search : "public");
    at->policy->owner_type = copy(at, owner ? owner : "integer");
    if (dx_json_kind_of(tables) != DX_JSON_OBJECT || count == 0 || count > DX_POLICY_TABLES) {
        wrong(at, "must be an object of 1 to 256 tables", "/tables");
        return;
    }
    at->policy->tables = room(at, count, sizeof *at->policy->tables);
    if (at->nomem)
        return;
    dx_json_each(tables, read_table, at);
    if (at->nomem)
        return;
    if (at->ctx->error.status == DOXIN_OK)
        dx_json_each(tables, read_references, at);
    if (at->ctx->error.status == DOXIN_OK && !at->nomem)
        check_chains(at);
}

doxin_status dx_policy_read(dx_ctx *ctx, const void *data, size_t data_len, dx_policy **out)
{
    dx_json *json = NULL;
    if (data_len > POLICY_MAX)
        return dx_fail(ctx, DOXIN_E_LIMIT, "a policy has at most 1 MiB");
    doxin_status status = dx_json_parse(ctx, data, data_len, &json);
    if (status != DOXIN_OK)
        return status;
    dx_policy *policy = dx_calloc(1, sizeof *policy);
    if (policy) {
        atomic_init(&policy->references, 1);
        policy->arena = dx_arena_new(0);
        policy->text = policy->arena ? dx_arena_strndup(policy->arena, data, data_len) : NULL;
        policy->text_length = data_len;
    }
    reading at = {.ctx = ctx, .policy = policy, .nomem = !policy || !policy->text};
    dx_error_clear(&ctx->error);
    if (!at.nomem && dx_json_kind_of(json) != DX_JSON_OBJECT)
        wrong(&at, "must be a JSON object", "%s", "");
    else if (!at.nomem)
        read_policy(&at, json);
    dx_json_free(json);
    status = at.nomem ? dx_nomem(ctx) : ctx->error.status;
    if (status == DOXIN_OK)
        *out = policy;
    else
        dx_policy_drop(policy);
    return status;
}
