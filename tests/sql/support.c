#include "support.h"

#include "base/rt/alloc.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The address that the environment gives, with another role and database. */
static const char *url_at(const char *variable, const char *role, const char *database)
{
    static char out[2000];
    const char *given = getenv(variable);
    cr_assert_not_null(given, "start this with test_postgres");
    const char *host = strstr(given, "?host=");
    cr_assert_not_null(host);
    snprintf(out, sizeof out, "postgresql://%s@/%s%s", role, database, host);
    return out;
}

const char *world_url(const char *role, const char *database)
{
    return url_at("DATABASE_URL", role, database);
}

static void psql(const char *database, const char *sql)
{
    char command[4000];
    snprintf(command, sizeof command, "'%s/psql' -X -q -v ON_ERROR_STOP=1 -d '%s' -c '%s' >&2",
             getenv("DOXIN_TEST_BINARIES"), url_at("DATABASE_OWNER_URL", "postgres", database), sql);
    cr_assert_eq(system(command), 0, "%s", command);
}

static void open_logins(world *w, const char *name)
{
    char application[2000], owner[2000], query[2000], super[2000], direct[2000];
    strcpy(application, world_url("doxin_application", name));
    strcpy(direct, url_at("DATABASE_OWNER_URL", "doxin_application", name));
    strcpy(owner, url_at("DATABASE_OWNER_URL", "doxin_owner", name));
    strcpy(query, world_url("doxin_query", name));
    strcpy(super, url_at("DATABASE_OWNER_URL", "postgres", name));
    dx_db_options options = {
        .url = application, .direct_url = direct, .owner_url = owner, .query_url = query, .pool_size = 4};
    cr_assert_eq(dx_db_open(&w->ctx, &options, &w->db), DOXIN_OK, "%s", w->ctx.error.message);
    dx_db_options above = {.url = super, .owner_url = super};
    cr_assert_eq(dx_db_open(&w->ctx, &above, &w->super), DOXIN_OK, "%s", w->ctx.error.message);
}

void world_open(world *w, const char *name, bool migrate)
{
    char sql[500];
    memset(w, 0, sizeof *w);
    cr_assert(dx_ctx_init(&w->ctx, 0));
    snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
    psql("postgres", sql);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s OWNER doxin_owner", name);
    psql("postgres", sql);
    psql(name, "CREATE EXTENSION vector");
    open_logins(w, name);
    if (!migrate)
        return;
    world_migrate(w, "up", NULL);
    doxin_status status = dx_db_exec(w->db, &w->ctx, DX_LOGIN_OWNER,
                                     "INSERT INTO users (id, email, name, role, is_active) VALUES "
                                     "('" USER_A "', 'a@example.org', 'A', 'user', true), "
                                     "('" USER_B "', 'b@example.org', 'B', 'user', true), "
                                     "('" USER_ADMIN "', 'c@example.org', 'C', 'admin', true), "
                                     "('" USER_INACTIVE "', 'd@example.org', 'D', 'admin', false)",
                                     DX_NO_PARAMS, NULL);
    cr_assert_eq(status, DOXIN_OK, "%s", w->ctx.error.message);
}

void world_close(world *w)
{
    dx_db_free(w->db);
    dx_db_free(w->super);
    dx_ctx_destroy(&w->ctx);
}

void world_as(world *w, const char *purpose, const char *user)
{
    w->ctx.purpose = purpose;
    w->ctx.user_id = user;
}

dx_rows *world_exec(world *w, const char *sql, int count, const char *const *params)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_db_exec(w->db, &w->ctx, DX_LOGIN_APPLICATION, sql, count, params, &rows);
    cr_assert_eq(status, DOXIN_OK, "%s: %.200s", w->ctx.error.message, sql);
    return rows;
}

const char *world_value(world *w, dx_login login, const char *sql)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_db_exec(w->db, &w->ctx, login, sql, DX_NO_PARAMS, &rows);
    cr_assert_eq(status, DOXIN_OK, "%s: %.200s", w->ctx.error.message, sql);
    const char *text = dx_rows_text(rows, 0, 0);
    return text != NULL ? text : "";
}

dx_rows *world_super(world *w, const char *sql)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_db_exec(w->super, &w->ctx, DX_LOGIN_OWNER, sql, DX_NO_PARAMS, &rows);
    cr_assert_eq(status, DOXIN_OK, "%s: %.200s", w->ctx.error.message, sql);
    return rows;
}

const char *world_migrate(world *w, const char *direction, const dx_schema_options *options)
{
    dx_buffer out;
    dx_writer writer;
    dx_buffer_init(&out, 0);
    dx_write_init(&writer, &out);
    doxin_status status = dx_schema_migrate(w->db, &w->ctx, direction, options, &writer);
    cr_assert_eq(status, DOXIN_OK, "%s: %s", direction, w->ctx.error.message);
    const char *text = dx_text(&w->ctx, out.data);
    dx_buffer_free(&out);
    return text;
}
