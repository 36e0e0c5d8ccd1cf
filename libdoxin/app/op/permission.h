/* Who may do what: one table of role and permission. */
#ifndef DX_APP_OP_PERMISSION_H
#define DX_APP_OP_PERMISSION_H

#include "base/rt/json_write.h"

#include <stdbool.h>

/* role: "user", "admin" (both of the table users), "worker" (the process itself). NULL: nobody. */
bool dx_permitted(const char *role, const char *permission);
/* The permissions of a role as items of the open array. */
void dx_permissions_write(const char *role, dx_writer *writer);

#endif
