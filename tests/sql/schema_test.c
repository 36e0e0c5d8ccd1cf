/* Migrations: up, down and up again give the same catalogue; a changed file, an unknown one and a failing one are told. */
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Everything of schema public that a migration can make, one line each, without what differs from run to run. */
static const char catalogue_sql[] =
    "SELECT string_agg(line, E'\\n' ORDER BY line COLLATE \"C\") FROM ("
    " SELECT concat_ws(' ', 'column', table_name, column_name, row_number() OVER"
    "  (PARTITION BY table_name ORDER BY ordinal_position), udt_name, character_maximum_length,"
    "  numeric_precision, numeric_scale, is_nullable, column_default, generation_expression, is_identity) AS line"
    "  FROM information_schema.columns WHERE table_schema = 'public'"
    " UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))"
    "  FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
    " UNION ALL SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes WHERE schemaname = 'public'"
    " UNION ALL SELECT concat_ws(' ', 'policy', tablename, policyname, permissive, roles, cmd, qual, with_check)"
    "  FROM pg_policies WHERE schemaname = 'public'"
    " UNION ALL SELECT concat_ws(' ', 'table', relname, relkind, relrowsecurity, relforcerowsecurity, reloptions, "
    "relacl,"
    "  relowner::regrole) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    " UNION ALL SELECT concat_ws(' ', 'column right', attrelid::regclass, attname, attacl) FROM pg_attribute"
    "  JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attacl IS NOT NULL"
    " UNION ALL SELECT concat_ws(' ', 'function', oid::regprocedure, prosrc, prosecdef, provolatile, proparallel, "
    "proacl,"
    "  proconfig) FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    "  AND (proname LIKE 'doxin%' OR proname LIKE 'validate%')"
    " UNION ALL SELECT concat_ws(' ', 'trigger', pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal"
    " UNION ALL SELECT concat_ws(' ', 'enum', enumtypid::regtype, enumlabel, enumsortorder) FROM pg_enum"
    " UNION ALL SELECT concat_ws(' ', 'schema', nspname, nspacl) FROM pg_namespace WHERE nspname = 'public') AS lines";

static const char *first_difference(const char *a, const char *b)
{
    const char *line = a;
    while (*a != '\0' && *a == *b) {
        if (*a == '\n')
            line = a + 1;
        a++;
        b++;
    }
    return line;
}

Test(schema, up_down_up_gives_the_same_catalogue)
{
    world w;
    world_open(&w, "schema_cycle", false);
    world_migrate(&w, "up", NULL);
    cr_assert_eq(dx_schema_check(w.db, &w.ctx), DOXIN_OK, "%s", w.ctx.error.message);
    const char *first = world_value(&w, DX_LOGIN_OWNER, catalogue_sql);
    cr_assert_gt(strlen(first), 20000);
    cr_assert_not_null(strstr(first, "index CREATE INDEX idx_products_name_embedding ON public.products USING hnsw"));
    dx_schema_options all = {.to = "0000"};
    world_migrate(&w, "down", &all);
    const char *empty = world_value(&w, DX_LOGIN_OWNER, catalogue_sql);
    cr_assert_null(strstr(empty, "invoices"), "something was left: %.2000s", empty);
    cr_assert_null(strstr(empty, "policy "));
    cr_assert_null(strstr(empty, "function "));
    cr_assert_eq(dx_schema_check(w.db, &w.ctx), DOXIN_E_SCHEMA_OLD);
    world_migrate(&w, "up", NULL);
    const char *second = world_value(&w, DX_LOGIN_OWNER, catalogue_sql);
    cr_assert_str_eq(first, second, "first difference: %.300s", first_difference(first, second));
    world_close(&w);
}

Test(schema, every_step_can_be_taken_back)
{
    world w;
    world_open(&w, "schema_steps", false);
    const char *report = world_migrate(&w, "status", NULL);
    cr_assert_not_null(
        strstr(report, "\"version\":\"0001\",\"name\":\"identity\",\"applied\":false,\"applied_at\":null"));
    dx_schema_options one = {.steps = 1};
    char wanted[64] = "";
    for (int i = 0; i < 100 && strstr(report, "\"applied\":false") != NULL; i++) {
        report = world_migrate(&w, "up", &one);
        const char *done = strstr(report, "\"done\":[\"");
        cr_assert_not_null(done);
        snprintf(wanted, sizeof wanted, "\"done\":[\"%.4s\"]", done + 9);
        const char *before = world_value(&w, DX_LOGIN_OWNER, catalogue_sql);
        report = world_migrate(&w, "down", NULL);
        cr_assert_not_null(strstr(report, wanted), "%s", report);
        report = world_migrate(&w, "up", &one);
        cr_assert_not_null(strstr(report, wanted), "%s", report);
        const char *after = world_value(&w, DX_LOGIN_OWNER, catalogue_sql);
        cr_assert_str_eq(before, after, "%s: first difference: %.300s", wanted, first_difference(before, after));
    }
    report = world_migrate(&w, "up", NULL);
    cr_assert_not_null(strstr(report, "\"done\":[]"));
    world_close(&w);
}

static doxin_status migrate_up(void)
{
    char application[2000], owner[2000];
    dx_ctx ctx;
    dx_db *db = NULL;
    dx_buffer out;
    dx_writer writer;
    strcpy(application, world_url("doxin_application", "schema_race"));
    strcpy(owner, world_url("doxin_owner", "schema_race"));
    dx_db_options options = {.url = application, .owner_url = owner};
    if (!dx_ctx_init(&ctx, 0))
        return DOXIN_E_NOMEM;
    dx_buffer_init(&out, 0);
    dx_write_init(&writer, &out);
    doxin_status status = dx_db_open(&ctx, &options, &db);
    if (status == DOXIN_OK)
        status = dx_schema_migrate(db, &ctx, "up", NULL, &writer);
    if (status != DOXIN_OK)
        fprintf(stderr, "%s\n", ctx.error.message);
    dx_db_free(db);
    dx_buffer_free(&out);
    dx_ctx_destroy(&ctx);
    return status;
}

Test(schema, several_may_start_at_once)
{
    enum { RUNNERS = 4 };
    world w;
    pid_t children[RUNNERS];
    world_open(&w, "schema_race", false);
    for (int i = 0; i < RUNNERS; i++) {
        children[i] = fork();
        if (children[i] == 0)
            _exit(migrate_up() == DOXIN_OK ? 0 : 1);
    }
    for (int i = 0; i < RUNNERS; i++) {
        int status = -1;
        waitpid(children[i], &status, 0);
        cr_expect_eq(status, 0);
    }
    cr_assert_eq(dx_schema_check(w.db, &w.ctx), DOXIN_OK, "%s", w.ctx.error.message);
    world_close(&w);
}

Test(schema, a_changed_file_is_refused)
{
    world w;
    dx_buffer out;
    dx_writer writer;
    world_open(&w, "schema_changed", true);
    world_super(&w, "UPDATE schema_checksums SET checksum = repeat('0', 64) WHERE version = '0002'");
    dx_buffer_init(&out, 0);
    dx_write_init(&writer, &out);
    cr_assert_eq(dx_schema_migrate(w.db, &w.ctx, "up", NULL, &writer), DOXIN_E_MIGRATION_CHANGED);
    cr_assert_not_null(strstr(w.ctx.error.message, "0002_"));
    cr_assert_eq(dx_schema_migrate(w.db, &w.ctx, "down", NULL, &writer), DOXIN_E_MIGRATION_CHANGED);
    dx_buffer_free(&out);
    world_close(&w);
}

Test(schema, a_newer_database_is_refused)
{
    world w;
    dx_buffer out;
    dx_writer writer;
    world_open(&w, "schema_newer", true);
    world_super(&w, "INSERT INTO schema_migrations VALUES ('9999')");
    cr_assert_eq(dx_schema_check(w.db, &w.ctx), DOXIN_E_SCHEMA_OLD);
    cr_assert_not_null(strstr(w.ctx.error.message, "9999"));
    dx_buffer_init(&out, 0);
    dx_write_init(&writer, &out);
    cr_assert_eq(dx_schema_migrate(w.db, &w.ctx, "up", NULL, &writer), DOXIN_E_SCHEMA_OLD);
    dx_buffer_free(&out);
    world_close(&w);
}

Test(schema, a_failing_migration_leaves_nothing)
{
    world w;
    dx_buffer out;
    dx_writer writer;
    dx_schema_options first = {.steps = 1};
    world_open(&w, "schema_failing", false);
    world_migrate(&w, "up", &first);
    world_super(&w, "CREATE TABLE companies (in_the_way int)");
    dx_buffer_init(&out, 0);
    dx_write_init(&writer, &out);
    cr_assert_eq(dx_schema_migrate(w.db, &w.ctx, "up", NULL, &writer), DOXIN_E_MIGRATION);
    cr_assert_not_null(strstr(w.ctx.error.message, "0002_catalogue.sql"), "%s", w.ctx.error.message);
    cr_assert_str_eq(world_value(&w, DX_LOGIN_OWNER, "SELECT to_regclass('public.products') IS NULL"), "t");
    cr_assert_str_eq(world_value(&w, DX_LOGIN_OWNER, "SELECT max(version) FROM schema_migrations"), "0001");
    world_super(&w, "DROP TABLE companies");
    world_migrate(&w, "up", NULL);
    dx_buffer_free(&out);
    world_close(&w);
}

Test(schema, a_migration_of_another_runner_is_taken_over)
{
    world w;
    world_open(&w, "schema_adopted", true);
    world_super(&w, "DROP TABLE schema_checksums");
    const char *report = world_migrate(&w, "up", NULL);
    cr_assert_not_null(strstr(report, "\"done\":[]"));
    cr_assert_str_eq(
        world_value(&w, DX_LOGIN_OWNER,
                    "SELECT (SELECT count(*) FROM schema_checksums) = (SELECT count(*) FROM schema_migrations)"),
        "t");
    world_close(&w);
}

Test(schema, wrong_words_are_refused)
{
    world w;
    dx_buffer out;
    dx_writer writer;
    dx_schema_options nowhere = {.to = "7777"};
    world_open(&w, "schema_words", false);
    dx_buffer_init(&out, 0);
    dx_write_init(&writer, &out);
    cr_assert_eq(dx_schema_migrate(w.db, &w.ctx, "sideways", NULL, &writer), DOXIN_E_INVALID);
    cr_assert_eq(dx_schema_migrate(w.db, &w.ctx, NULL, NULL, &writer), DOXIN_E_INVALID);
    cr_assert_eq(dx_schema_migrate(w.db, &w.ctx, "up", &nowhere, &writer), DOXIN_E_INVALID);
    dx_buffer_free(&out);
    world_close(&w);
}

Test(schema, the_administrators_key_is_stored_and_used)
{
    static const char key[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    world w;
    char application[2000], owner[2000];
    dx_db *db = NULL;
    dx_buffer out;
    dx_writer writer;
    world_open(&w, "schema_key", true);
    strcpy(application, world_url("doxin_application", "schema_key"));
    strcpy(owner, world_url("doxin_owner", "schema_key"));
    dx_db_options options = {.url = application, .owner_url = owner, .identity_key = key};
    cr_assert_eq(dx_db_open(&w.ctx, &options, &db), DOXIN_OK);
    world_as(&w, "user", USER_A);
    dx_rows *rows = NULL;
    /* Not known to the database yet: said, instead of rows that are not seen. */
    cr_assert_eq(dx_db_exec(db, &w.ctx, DX_LOGIN_APPLICATION, "SELECT doxin_me()", DX_NO_PARAMS, &rows),
                 DOXIN_E_CONFIG);
    dx_buffer_init(&out, 0);
    dx_write_init(&writer, &out);
    cr_assert_eq(dx_schema_migrate(db, &w.ctx, "up", NULL, &writer), DOXIN_OK, "%s", w.ctx.error.message);
    cr_assert_eq(dx_db_exec(db, &w.ctx, DX_LOGIN_APPLICATION, "SELECT doxin_me()", DX_NO_PARAMS, &rows), DOXIN_OK, "%s",
                 w.ctx.error.message);
    cr_assert_str_eq(dx_rows_text(rows, 0, 0), USER_A);
    dx_buffer_free(&out);
    dx_db_free(db);
    options.identity_key = "short";
    cr_assert_eq(dx_db_open(&w.ctx, &options, &db), DOXIN_E_CONFIG);
    world_close(&w);
}

Test(schema, ivfflat_takes_the_place_of_hnsw)
{
    world w;
    world_open(&w, "schema_ivfflat", true);
    world_super(&w, "INSERT INTO products (item_number, name, name_embedding, embedding_model, embedding_size) "
                    "SELECT 'P' || n, 'Product ' || n, array_fill(n::real, ARRAY[1536])::vector, 'test', 1536 "
                    "FROM generate_series(1, 50) AS n");
    cr_assert_str_eq(world_value(&w, DX_LOGIN_OWNER, "SELECT doxin_build_ivfflat()"), "1");
    cr_assert_str_eq(
        world_value(&w, DX_LOGIN_OWNER,
                    "SELECT am.amname || array_to_string(c.reloptions, ',') FROM pg_class AS c JOIN pg_am AS "
                    "am ON am.oid = c.relam WHERE c.relname = 'idx_products_name_embedding'"),
        "ivfflatlists=5");
    cr_assert_str_eq(world_value(&w, DX_LOGIN_OWNER, "SELECT doxin_build_vector_indexes()"), "5");
    world_close(&w);
}
