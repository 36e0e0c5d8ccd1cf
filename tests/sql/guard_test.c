/* The guard on a real server: the policy of the own schema against the catalogue, and the project's statements run by a
 * superuser, whom no row-level security holds, among rows of two owners. */
#include "base/rt/alloc.h"
#include "base/rt/json.h"
#include "core/guard/guard.h"
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static world w;
static dx_policy *policy;

static void open_world(const char *name)
{
    size_t length;
    const char *text = dx_policy_own(&length);
    world_open(&w, name, true);
    cr_assert_eq(dx_policy_read(&w.ctx, text, length, &policy), DOXIN_OK, "%s", w.ctx.error.message);
}

static void close_world(void)
{
    dx_policy_drop(policy);
    world_close(&w);
}

/* ---- the policy and the catalogue ------------------------------------------------------------------------------------------- */

/* The policy's name of a type of the catalogue. */
static const char *type_name(const char *type, const char *kind)
{
    static const struct {
        const char *catalogue, *policy;
    } names[] = {{"character varying", "text"},
                 {"character", "text"},
                 {"timestamp with time zone", "timestamptz"},
                 {"timestamp without time zone", "timestamp"},
                 {"time without time zone", "time"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].catalogue, type) == 0)
            return names[i].policy;
    return strcmp(kind, "e") == 0 ? "enum" : type;
}

/* NULL: there is no such column. */
static const char *column_type(const char *table, const char *column)
{
    dx_rows *rows = NULL;
    doxin_status status =
        dx_db_exec(w.super, &w.ctx, DX_LOGIN_OWNER,
                   "SELECT format_type(a.atttypid, NULL), t.typtype FROM pg_attribute a "
                   "JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = ('public.' || $1)::regclass "
                   "AND a.attname = $2 AND a.attnum > 0 AND NOT a.attisdropped",
                   DX_PARAMS(table, column), &rows);
    cr_assert_eq(status, DOXIN_OK, "%s", w.ctx.error.message);
    return dx_rows_count(rows) ? type_name(dx_rows_text(rows, 0, 0), dx_rows_text(rows, 0, 1)) : NULL;
}

static bool is_key(const char *table, const char *column, bool primary)
{
    dx_rows *rows = NULL;
    doxin_status status =
        dx_db_exec(w.super, &w.ctx, DX_LOGIN_OWNER,
                   "SELECT 1 FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND "
                   "a.attnum = i.indkey[0] WHERE i.indrelid = ('public.' || $1)::regclass AND "
                   "a.attname = $2 AND i.indnatts = 1 AND i.indisunique AND (i.indisprimary OR $3 = 'f')",
                   DX_PARAMS(table, column, primary ? "t" : "f"), &rows);
    cr_assert_eq(status, DOXIN_OK, "%s", w.ctx.error.message);
    return dx_rows_count(rows) > 0;
}

Test(guard, the_policy_is_what_the_catalogue_says)
{
    open_world("guard_catalogue");
    for (int i = 0; i < dx_policy_table_count(policy); i++) {
        const dx_policy_table *table = dx_policy_table_at(policy, i);
        for (int k = 0; k < table->column_count; k++) {
            const char *type = column_type(table->name, table->columns[k].name);
            cr_expect(type, "%s.%s is not there", table->name, table->columns[k].name);
            if (type)
                cr_expect_str_eq(table->columns[k].type, type, "%s.%s", table->name, table->columns[k].name);
        }
        cr_expect_geq(table->primary_key, 0, "%s", table->name);
        cr_expect(is_key(table->name, table->columns[table->primary_key].name, true), "%s", table->name);
        if (table->scope == DX_OWNED)
            cr_expect_str_eq(column_type(table->name, table->owner_column), "uuid");
        if (table->scope == DX_CHILD) {
            cr_expect(column_type(table->name, table->child_key), "%s", table->name);
            cr_expect(is_key(dx_policy_table_at(policy, table->parent)->name, table->parent_key, false), "%s",
                      table->name);
        }
    }
    close_world();
}

/* What the role for generated SQL may read is what the policy lists. */
Test(guard, the_query_role_may_read_what_the_policy_lists)
{
    open_world("guard_role");
    for (int i = 0; i < dx_policy_table_count(policy); i++) {
        const dx_policy_table *table = dx_policy_table_at(policy, i);
        for (int k = 0; k < table->column_count; k++) {
            dx_rows *rows = NULL;
            cr_assert_eq(
                dx_db_exec(w.super, &w.ctx, DX_LOGIN_OWNER,
                           "SELECT has_column_privilege('doxin_query', ('public.' || $1)::regclass, $2, 'SELECT')",
                           DX_PARAMS(table->name, table->columns[k].name), &rows),
                DOXIN_OK);
            cr_expect(dx_rows_bool(rows, 0, 0, false), "%s.%s", table->name, table->columns[k].name);
        }
    }
    close_world();
}

/* ---- statements --------------------------------------------------------------------------------------------------------------- */

static void fill(void)
{
    world_super(&w, "INSERT INTO sales_territories VALUES (1, 'North')");
    world_super(&w, "INSERT INTO product_categories VALUES (1, 'Bikes')");
    world_super(&w, "INSERT INTO product_subcategories VALUES (1, 1, 'Road')");
    world_super(
        &w, "INSERT INTO companies (id, company_name, territory_id, iban) SELECT ('00000000-0000-4000-8000-0000000001' "
            "|| lpad(n::text, 2, '0'))::uuid, 'Company ' || n, 1, 'CANARY' FROM generate_series(1, 5) n");
    world_super(
        &w, "INSERT INTO products (id, item_number, name, subcategory_id, list_price) SELECT "
            "('00000000-0000-4000-8000-0000000002' || lpad(n::text, 2, '0'))::uuid, 'P' || n, 'Product ' || n, 1, n "
            "FROM generate_series(1, 5) n");
    world_super(
        &w,
        "INSERT INTO invoices (uploaded_by_user_id, invoice_number, invoice_date, due_date, currency, total_amount, "
        "subtotal, tax_amount, vendor_name, vendor_id, territory_id) SELECT CASE WHEN n % 3 = 0 THEN '" USER_A
        "'::uuid ELSE '" USER_B "'::uuid END, CASE WHEN n % 3 = 0 THEN 'INV-' ELSE 'CANARY-' END || n, "
        "DATE '2025-01-01' + n * 9, DATE '2025-02-01' + n * 9, 'EUR', n * 11.9, n * 10, n * 1.9, CASE WHEN n % 3 = 0 "
        "THEN 'Vendor ' ELSE 'CANARY ' END || n % 4, ('00000000-0000-4000-8000-00000000010' || n % 5 + 1)::uuid, 1 "
        "FROM generate_series(1, 40) n");
    world_super(
        &w, "INSERT INTO invoice_line_items (invoice_id, line_number, description, quantity, unit_price, line_total) "
            "SELECT i.id, n, CASE WHEN i.uploaded_by_user_id = '" USER_A "' THEN 'Thing ' ELSE 'CANARY ' END || n, n, "
            "10, n * 10 FROM invoices i, generate_series(1, 3) n");
    world_super(&w, "INSERT INTO invoice_taxes (invoice_id, position, rate, base, amount) SELECT id, 1, 19, subtotal, "
                    "tax_amount FROM invoices");
    world_super(&w,
                "INSERT INTO chat_sessions (user_id, title) VALUES ('" USER_A "', 'mine'), ('" USER_B "', 'CANARY')");
    world_super(&w,
                "INSERT INTO chat_messages (session_id, role, content) SELECT id, 'user', title FROM chat_sessions");
}

static dx_rows *run_scoped(const dx_sql_checked *checked, const char *sql)
{
    static const char *const owner[] = {USER_A};
    dx_tx *tx = NULL;
    dx_rows *rows = NULL;
    cr_assert_eq(dx_db_begin_mode(w.super, &w.ctx, DX_LOGIN_OWNER, DX_TX_READ_ONLY, &tx), DOXIN_OK);
    cr_assert_eq(dx_tx_script(tx, &w.ctx, "SET LOCAL search_path = pg_catalog"), DOXIN_OK);
    doxin_status status = dx_tx_exec(tx, &w.ctx, checked->sql, checked->owned, owner, &rows);
    cr_expect_eq(status, DOXIN_OK, "%s\n%s\n%s", sql, checked->sql, w.ctx.error.message);
    dx_tx_rollback(tx);
    return rows;
}

static size_t canaries(const dx_rows *rows)
{
    size_t found = 0;
    for (size_t row = 0; row < dx_rows_count(rows); row++)
        for (size_t column = 0; column < dx_rows_columns(rows); column++) {
            const char *text = dx_rows_text(rows, row, column);
            found += text && strstr(text, "CANARY");
        }
    return found;
}

static int run_file(const char *name)
{
    char path[1024];
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    int count = 0;
    snprintf(path, sizeof path, "%s/sql/%s.jsonl", DOXIN_TEST_DATA, name);
    FILE *file = fopen(path, "r");
    cr_assert(file);
    for (; (size = getline(&line, &room, file)) > 0; count++) {
        dx_json *json = NULL;
        dx_sql_checked checked;
        cr_assert_eq(dx_json_parse(&w.ctx, line, (size_t)size, &json), DOXIN_OK);
        const char *sql = dx_json_get_string(json, "sql");
        cr_expect_eq(dx_guard_check(&w.ctx, policy, sql, strlen(sql), NULL, &checked), DOXIN_OK, "%s", sql);
        cr_expect_eq(canaries(run_scoped(&checked, sql)), 0, "%s", sql);
        dx_json_free(json);
        dx_arena_reset(w.ctx.arena);
    }
    free(line);
    fclose(file);
    return count;
}

Test(guard, statements_run_and_show_the_owner_alone)
{
    open_world("guard_run");
    fill();
    cr_expect_geq(run_file("legitimate"), 110);
    cr_expect_geq(run_file("scope"), 20);
    close_world();
}

static dx_rows *ask(const char *sql)
{
    dx_sql_checked checked;
    cr_assert_eq(dx_guard_check(&w.ctx, policy, sql, strlen(sql), NULL, &checked), DOXIN_OK, "%s", w.ctx.error.message);
    return run_scoped(&checked, sql);
}

Test(guard, a_column_that_is_not_listed_is_not_there)
{
    static const char *const hidden = "SELECT secret FROM products";
    static const char *const shadow = "SELECT (SELECT secret FROM products LIMIT 1) FROM (SELECT 'mine' AS secret) x";
    dx_sql_checked checked;
    open_world("guard_hidden");
    fill();
    world_super(&w, "ALTER TABLE products ADD COLUMN secret text DEFAULT 'CANARY'");
    cr_expect_eq(dx_guard_check(&w.ctx, policy, hidden, strlen(hidden), NULL, &checked), DOXIN_E_SQL_COLUMN);
    cr_expect_eq(canaries(ask("SELECT * FROM products")), 0);
    cr_expect_eq(canaries(ask("SELECT row_to_json(p) FROM products p")), 0);
    /* The name means the outer column, for the guard and for the server. */
    cr_expect_str_eq(dx_rows_text(ask(shadow), 0, 0), "mine");
    close_world();
}

Test(guard, rows_of_others_count_nowhere)
{
    open_world("guard_count");
    fill();
    cr_expect_str_eq(dx_rows_text(ask("SELECT count(*) FROM invoices"), 0, 0), "13");
    cr_expect_str_eq(dx_rows_text(ask("SELECT count(*) FROM invoice_line_items"), 0, 0), "39");
    cr_expect_str_eq(dx_rows_text(ask("SELECT count(*) FROM invoices a FULL JOIN invoice_taxes b ON false"), 0, 0),
                     "26");
    /* Grouping by the key gives the other columns, and as many groups as without. */
    cr_expect_eq(dx_rows_count(ask("SELECT i.invoice_number, i.vendor_name, count(l.id) FROM invoices i JOIN "
                                   "invoice_line_items l ON l.invoice_id = i.id GROUP BY i.id")),
                 13);
    close_world();
}
