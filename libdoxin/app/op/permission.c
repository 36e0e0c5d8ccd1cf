#include "app/op/permission.h"

#include <stddef.h>
#include <string.h>

typedef struct grant {
    const char *permission;
    bool user, admin, worker;
} grant;

/* Which rows somebody sees is not decided here but by the row policies of the database. */
static const grant grants[] = {
    {"account", true, true, false}, /* one's own account and session */
    {"invoices.read", true, true, false}, {"invoices.write", true, true, false}, {"files.read", true, true, false},
    {"catalog.read", true, true, false},  {"catalog.write", false, true, false}, {"jobs.read", true, true, false},
    {"jobs.write", true, true, false},    {"events.follow", true, true, true},   {"users.manage", false, true, false},
};

static bool granted(const grant *row, const char *role)
{
    if (!role)
        return false;
    if (strcmp(role, "user") == 0)
        return row->user;
    if (strcmp(role, "admin") == 0)
        return row->admin;
    return strcmp(role, "worker") == 0 && row->worker;
}

bool dx_permitted(const char *role, const char *permission)
{
    for (size_t i = 0; i < sizeof grants / sizeof grants[0]; i++)
        if (strcmp(grants[i].permission, permission) == 0)
            return granted(&grants[i], role);
    return false;
}

void dx_permissions_write(const char *role, dx_writer *writer)
{
    for (size_t i = 0; i < sizeof grants / sizeof grants[0]; i++)
        if (granted(&grants[i], role))
            dx_write_string(writer, NULL, grants[i].permission);
}
