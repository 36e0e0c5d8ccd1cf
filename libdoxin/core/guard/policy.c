#include "base/rt/alloc.h"
#include "core/guard/policy_internal.h"

#include <string.h>

dx_policy *dx_policy_hold(dx_policy *policy)
{
    if (policy)
        atomic_fetch_add(&policy->references, 1);
    return policy;
}

void dx_policy_drop(dx_policy *policy)
{
    if (!policy || atomic_fetch_sub(&policy->references, 1) != 1)
        return;
    dx_arena_free(policy->arena);
    dx_free(policy);
}

const char *dx_policy_own(size_t *length)
{
    static const char text[] =
#include "core/guard/own_policy.inc"
        ;
    *length = sizeof text - 1;
    return text;
}

const char *dx_policy_text(const dx_policy *policy, size_t *length)
{
    *length = policy->text_length;
    return policy->text;
}

const char *dx_policy_schema(const dx_policy *policy)
{
    return policy->schema;
}

const char *dx_policy_owner_type(const dx_policy *policy)
{
    return policy->owner_type;
}

int dx_policy_table_count(const dx_policy *policy)
{
    return policy->table_count;
}

const dx_policy_table *dx_policy_table_at(const dx_policy *policy, int index)
{
    return &policy->tables[index];
}

int dx_policy_find_table(const dx_policy *policy, const char *name)
{
    for (int i = 0; i < policy->table_count; i++)
        if (strcmp(policy->tables[i].name, name) == 0)
            return i;
    return -1;
}

int dx_policy_find_column(const dx_policy_table *table, const char *name)
{
    for (int i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return i;
    return -1;
}

bool dx_policy_name_ok(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > 63)
        return false;
    for (const char *p = name; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7F)
            return false;
    return true;
}

bool dx_policy_type_ok(const char *type)
{
    static const char *const known[] = {"bigint",  "boolean",   "date",        "double precision",
                                        "enum",    "integer",   "interval",    "jsonb",
                                        "numeric", "real",      "smallint",    "text",
                                        "time",    "timestamp", "timestamptz", "uuid"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i], type) == 0)
            return true;
    return false;
}
