/* A database of its own for a test, and short ways to use it. */
#ifndef TESTS_SQL_SUPPORT_H
#define TESTS_SQL_SUPPORT_H

#include "app/schema/schema.h"
#include "base/rt/ctx.h"
#include "io/db/db.h"

#define USER_A "00000000-0000-4000-8000-00000000000a"
#define USER_B "00000000-0000-4000-8000-00000000000b"
#define USER_ADMIN "00000000-0000-4000-8000-00000000000c"
#define USER_INACTIVE "00000000-0000-4000-8000-00000000000d"

typedef struct world {
    dx_ctx ctx;
    dx_db *db;    /* with all three logins */
    dx_db *super; /* its owner's login is the superuser */
} world;

/* Creates the database `name` empty and opens both; migrate: brings the schema up and makes the four users. */
void world_open(world *w, const char *name, bool migrate);
void world_close(world *w);
/* The address of the database for a role. Static buffer of the calling thread's test. */
const char *world_url(const char *role, const char *database);

/* Who asks from here on; NULL for nobody. */
void world_as(world *w, const char *purpose, const char *user);
/* Runs one statement with the application's login as whoever asks; the test ends when it fails. */
dx_rows *world_exec(world *w, const char *sql, int count, const char *const *params);
/* The first value of the first row, or "" */
const char *world_value(world *w, dx_login login, const char *sql);
/* As the superuser. */
dx_rows *world_super(world *w, const char *sql);
/* Migrates; the test ends when it fails. */
const char *world_migrate(world *w, const char *direction, const dx_schema_options *options);

#endif
