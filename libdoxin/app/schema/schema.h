/* The schema of the database: bringing it up and down, and saying whether it is the one this version needs.
 *
 * Works on the owner's login. Each migration runs in a transaction of its own under an advisory lock, so that several
 * processes may start at once. The list is dbmate's table schema_migrations; beside it schema_checksums holds the
 * SHA-256 of each file as it was applied: a file that was changed afterwards is refused. */
#ifndef DX_APP_SCHEMA_SCHEMA_H
#define DX_APP_SCHEMA_SCHEMA_H

#include "base/rt/ctx.h"
#include "base/rt/json_write.h"
#include "io/db/db.h"

typedef struct dx_schema_options {
    int steps;      /* how many migrations at most; 0: up all, down one */
    const char *to; /* stop once this version is the newest applied one ("0000" with down: take all back); NULL: none */
} dx_schema_options;

/* direction: "up", "down", "status". After "up" the identity key of the options of db, if there is one, is known to the
 * database. Writes one object, schema doxin.migrations/1: {"schema", "migrations": [{"version", "name", "applied",
 * "applied_at", "checksum"}], "done": ["0001", …]}.
 * Errors: DOXIN_E_INVALID (direction, to), _NO_SOURCE (no owner's login), _MIGRATION (a migration failed and was rolled
 * back; those before it stay), _MIGRATION_CHANGED, _SCHEMA_OLD (the database is newer than this program), and those
 * of io/db. */
doxin_status dx_schema_migrate(dx_db *db, dx_ctx *ctx, const char *direction, const dx_schema_options *options,
                               dx_writer *writer);

/* DOXIN_OK when every migration of this version is applied and no other; else DOXIN_E_SCHEMA_OLD, which says what to
 * do. Works on the application's login. */
doxin_status dx_schema_check(dx_db *db, dx_ctx *ctx);

#endif
