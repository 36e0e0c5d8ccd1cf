/* What the files of this folder share. */
#ifndef DX_APP_IDENTITY_INTERNAL_H
#define DX_APP_IDENTITY_INTERNAL_H

#include "app/identity/identity.h"
#include "app/op/ticket.h"

/* UserProfile as JSON Schema. */
#define DX_USER_PROFILE                                                                                                \
    "{\"type\":\"object\",\"required\":[\"id\",\"email\",\"name\",\"role\",\"is_active\",\"created_at\"],"             \
    "\"properties\":{\"id\":{\"type\":\"string\",\"format\":\"uuid\"},\"email\":{\"type\":\"string\"},"                \
    "\"name\":{\"type\":\"string\"},\"role\":{\"type\":\"string\",\"enum\":[\"user\",\"admin\"]},"                     \
    "\"is_active\":{\"type\":\"boolean\"},\"created_at\":{\"type\":\"string\",\"format\":\"date-time\"},"              \
    "\"last_login\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}}}"

#define DX_USER_COLUMNS "u.id, u.email, u.name, u.role, u.is_active, u.created_at, u.last_login"

doxin_status dx_auth_dev_login(dx_call *call);
doxin_status dx_auth_me(dx_call *call);
doxin_status dx_auth_logout(dx_call *call);
doxin_status dx_tickets_create(dx_call *call);
doxin_status dx_tickets_redeem(dx_call *call);

#endif
