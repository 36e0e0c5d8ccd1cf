/* The policy itself, for the two files that make and read it. */
#ifndef DX_CORE_GUARD_POLICY_INTERNAL_H
#define DX_CORE_GUARD_POLICY_INTERNAL_H

#include "core/guard/policy.h"

#include <stdatomic.h>

struct dx_policy {
    atomic_int references;
    dx_arena *arena; /* holds everything below */
    const char *text;
    size_t text_length;
    const char *schema;
    const char *owner_type;
    dx_policy_table *tables;
    int table_count;
};

/* A name that the server does not cut: 1 to 63 bytes, no NUL, no control character. */
bool dx_policy_name_ok(const char *name);
bool dx_policy_type_ok(const char *type);

#endif
