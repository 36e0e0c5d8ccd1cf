/* What the files of this folder share. */
#ifndef DX_APP_IDENTITY_INTERNAL_H
#define DX_APP_IDENTITY_INTERNAL_H

#include "app/identity/identity.h"

/* UserProfile as JSON Schema. */
#define DX_USER_PROFILE                                                                                                \
    "{\"type\":\"object\",\"required\":[\"id\",\"email\",\"name\",\"role\",\"is_active\",\"created_at\"],"             \
    "\"properties\":{\"id\":{\"type\":\"string\",\"format\":\"uuid\"},\"email\":{\"type\":\"string\"},"                \
    "\"name\":{\"type\":\"string\"},\"role\":{\"type\":\"string\",\"enum\":[\"user\",\"admin\"]},"                     \
    "\"is_active\":{\"type\":\"boolean\"},\"created_at\":{\"type\":\"string\",\"format\":\"date-time\"},"              \
    "\"last_login\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}}}"

#define DX_USER_COLUMNS "u.id, u.email, u.name, u.role, u.is_active, u.created_at, u.last_login"

/* A new secret of 256 random bits and its SHA-256, which alone is stored; both from the call's arena. */
doxin_status dx_secret_new(dx_ctx *ctx, const char **secret, const char **hash);
/* SHA-256 of what somebody shows, 64 digits from the call's arena; NULL: no memory (recorded). */
const char *dx_secret_hash(dx_ctx *ctx, const char *secret);

doxin_status dx_auth_dev_login(dx_call *call);
doxin_status dx_auth_me(dx_call *call);
doxin_status dx_auth_logout(dx_call *call);
doxin_status dx_tickets_create(dx_call *call);
doxin_status dx_tickets_redeem(dx_call *call);

#endif
