/* Types of casts: values of everyday kinds; nothing that names an object of the server. */
#include "core/guard/walk.h"

#include <string.h>

static const char *const types[] = {"bool", "bpchar", "date",      "float4",      "float8", "int2",
                                    "int4", "int8",   "interval",  "json",        "jsonb",  "numeric",
                                    "text", "time",   "timestamp", "timestamptz", "uuid",   "varchar"};

const char *dx_type_name(const PgQuery__TypeName *type)
{
    const char *name = type->n_names ? dx_string_of(type->names[type->n_names - 1]) : NULL;
    return name ? name : "";
}

static bool is_known(const PgQuery__TypeName *type)
{
    const char *first = type->n_names ? dx_string_of(type->names[0]) : NULL;
    if (!first || type->n_names > 2 || (type->n_names == 2 && strcmp(first, "pg_catalog") != 0))
        return false;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(types[i], dx_type_name(type)) == 0)
            return true;
    return false;
}

doxin_status dx_walk_type(dx_walk *walk, const PgQuery__TypeName *type, int location)
{
    static const char *const fields[] = {"names", "typmods", "typemod", "array_bounds", NULL};
    if (!type || !is_known(type) || type->n_array_bounds > 1)
        return dx_walk_refuse(
            walk, DOXIN_E_SQL_TYPE, location,
            "use text, integer, numeric, double precision, boolean, date, timestamp, interval or uuid",
            "the type \"%.64s\" is not allowed", type ? dx_type_name(type) : "");
    for (size_t i = 0; i < type->n_typmods; i++) {
        const PgQuery__Node *node = type->typmods[i];
        if (node->node_case != PG_QUERY__NODE__NODE_A_CONST || node->a_const->val_case != PG_QUERY__A__CONST__VAL_IVAL)
            return dx_walk_refuse(walk, DOXIN_E_SQL_TYPE, location, "write numeric(12, 2)",
                                  "a type's size must be a number");
    }
    return dx_walk_fields(walk, &type->base, fields, location);
}
