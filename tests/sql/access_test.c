/* Who sees and writes what: every table, every kind of asker, every kind of forged identity. */
#include "base/crypto/encode.h"
#include "base/crypto/hash.h"
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID(last) "00000000-0000-4000-8000-0000000000" last

/* A table with rows of users. insert: makes row $1 of owner $2; children hang under the rows of A made before. */
typedef struct table {
    const char *name;
    const char *insert;
    const char *touch; /* a column that an attacker would change */
    bool hidden;       /* its own writer may not read it back */
    int worker, login; /* rows of A that these purposes see */
} table;

static const table tables[] = {
    {"user_sessions",
     "INSERT INTO user_sessions (id, user_id, token_hash, expires_at) "
     "VALUES ($1, $2, encode(sha256($1::uuid::text::bytea), 'hex'), now() + interval '1 hour')",
     "revoked_at", false, 1, 1},
    {"tickets",
     "INSERT INTO tickets (id, user_id, kind, ticket_hash, expires_at) "
     "VALUES ($1, $2, 'websocket', encode(sha256($1::uuid::text::bytea), 'hex'), now() + interval '30 s')",
     "used_at", false, 1, 1},
    {"idempotency_keys",
     "INSERT INTO idempotency_keys (key, user_id, operation, request_hash) VALUES ($1, $2, 'x', repeat('0', 64))",
     "answer", false, 1, 0},
    {"owner_epochs", "INSERT INTO owner_epochs (user_id) SELECT $2::uuid WHERE $1::uuid IS NOT NULL", "epoch", false, 1,
     0},
    {"audit_log",
     "INSERT INTO audit_log (id, user_id, table_name, record_id, action) VALUES ($1, $2, 'invoices', $1, 'CREATE')",
     "reason", true, 1, 0},
    {"file_storage",
     "INSERT INTO file_storage (id, user_id, file_name, file_size, mime_type, blob_path, file_hash) "
     "VALUES ($1, $2, 'a.pdf', 1, 'application/pdf', 'p', repeat('0', 64))",
     "file_name", false, 1, 0},
    {"file_access_log",
     "INSERT INTO file_access_log (id, user_id, file_storage_id, action) VALUES ($1, $2, '" ID("15") "', 'view')",
     "action", false, 1, 0},
    {"invoices",
     "INSERT INTO invoices (id, uploaded_by_user_id, file_storage_id, currency) VALUES ($1, $2, '" ID("15") "', 'EUR')",
     "total_amount", false, 0, 0},
    {"invoice_line_items",
     "INSERT INTO invoice_line_items (id, invoice_id, line_number) "
     "SELECT $1, '" ID("17") "', 1 WHERE $2::uuid IS NOT NULL",
     "description", false, 0, 0},
    {"invoice_taxes",
     "INSERT INTO invoice_taxes (id, invoice_id, position) SELECT $1, '" ID("17") "', 1 WHERE $2::uuid IS NOT NULL",
     "amount", false, 0, 0},
    {"extraction_fields",
     "INSERT INTO extraction_fields (id, invoice_id, path, confidence, origin) "
     "SELECT $1, '" ID("17") "', 'total_amount', 1, 'text' WHERE $2::uuid IS NOT NULL",
     "value", false, 0, 0},
    {"company_proposals",
     "INSERT INTO company_proposals (id, proposed_by_user_id, company_type, company_name) "
     "VALUES ($1, $2, 'vendor', 'Example')",
     "company_name", false, 0, 0},
    {"processing_jobs",
     "INSERT INTO processing_jobs (id, user_id, file_storage_id, invoice_id, job_type) "
     "VALUES ($1, $2, '" ID("15") "', '" ID("17") "', 'invoice')",
     "priority", false, 1, 0},
    {"job_events", "INSERT INTO job_events (job_id, type) SELECT '" ID("1c") "', 'queued' WHERE $1::uuid <> $2::uuid",
     "message", false, 1, 0},
    {"events",
     "INSERT INTO events (user_id, topic, type) SELECT $2::uuid, 'user:' || $2::uuid::text, 'x' WHERE $1::uuid <> "
     "$2::uuid",
     "type", false, 1, 0},
    {"chat_sessions", "INSERT INTO chat_sessions (id, user_id) VALUES ($1, $2)", "title", false, 0, 0},
    {"chat_messages",
     "INSERT INTO chat_messages (id, session_id, role, content) "
     "SELECT $1, '" ID("1f") "', 'user', 'hello' WHERE $2::uuid IS NOT NULL",
     "content", false, 0, 0},
    {"chat_feedback", "INSERT INTO chat_feedback (id, message_id, user_id, rating) VALUES ($1, '" ID("20") "', $2, 5)",
     "comment", false, 0, 0},
    {"vendor_corrections",
     "INSERT INTO vendor_corrections (id, user_id, vendor_key, memory) VALUES ($1, $2, 'name:' || $1::uuid, '{}')",
     "memory", false, 0, 0},
};

enum { TABLES = sizeof tables / sizeof *tables };

static const char *row_id(size_t index, const char *series)
{
    static char out[40];
    snprintf(out, sizeof out, "00000000-0000-4000-8000-00000000%s%02zx", series, index + 0x10);
    return out;
}

/* The rows of A, each made by A itself. */
static void make_rows_of_a(world *w)
{
    world_as(w, "user", USER_A);
    for (size_t i = 0; i < TABLES; i++)
        world_exec(w, tables[i].insert, DX_PARAMS(row_id(i, "00"), USER_A));
}

static int count_rows(world *w, dx_login login, const char *name)
{
    char sql[200];
    dx_rows *rows = NULL;
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", name);
    doxin_status status = dx_db_exec(w->db, &w->ctx, login, sql, DX_NO_PARAMS, &rows);
    cr_assert(status == DOXIN_OK || status == DOXIN_E_FORBIDDEN, "%s: %s", name, w->ctx.error.message);
    return status == DOXIN_OK ? (int)dx_rows_integer(rows, 0, 0, -1) : 0;
}

/* Rows that a change reached; a missing right counts as none. */
static int64_t try_to_change(world *w, const char *sql)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_db_exec(w->db, &w->ctx, DX_LOGIN_APPLICATION, sql, DX_NO_PARAMS, &rows);
    cr_assert(status == DOXIN_OK || status == DOXIN_E_FORBIDDEN, "%s: %s", sql, w->ctx.error.message);
    return status == DOXIN_OK ? dx_rows_affected(rows) : 0;
}

static void nobody_reads_or_writes(world *w, const char *who)
{
    char sql[300];
    for (size_t i = 0; i < TABLES; i++) {
        const table *t = &tables[i];
        cr_expect_eq(count_rows(w, DX_LOGIN_APPLICATION, t->name), 0, "%s reads %s", who, t->name);
        snprintf(sql, sizeof sql, "UPDATE %s SET %s = %s", t->name, t->touch, t->touch);
        cr_expect_eq(try_to_change(w, sql), 0, "%s changes %s", who, t->name);
        snprintf(sql, sizeof sql, "DELETE FROM %s", t->name);
        cr_expect_eq(try_to_change(w, sql), 0, "%s deletes from %s", who, t->name);
        doxin_status status =
            dx_db_exec(w->db, &w->ctx, DX_LOGIN_APPLICATION, t->insert, DX_PARAMS(row_id(i, "77"), USER_A), NULL);
        cr_expect(status == DOXIN_E_FORBIDDEN, "%s adds to %s: %d %s", who, t->name, status, w->ctx.error.message);
    }
}

Test(access, every_table_is_behind_the_wall)
{
    world w;
    world_open(&w, "access_wall", true);
    const char *open_tables = world_value(
        &w, DX_LOGIN_OWNER,
        "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "AND relkind IN ('r', 'p') AND NOT (relrowsecurity AND relforcerowsecurity)");
    cr_assert_str_eq(open_tables, "identity_keys schema_checksums schema_migrations user_states");
    const char *rights = world_value(
        &w, DX_LOGIN_OWNER,
        "SELECT coalesce(string_agg(t || ' ' || r || ' ' || p, ', '), '') FROM unnest(ARRAY['identity_keys', "
        "'schema_checksums', 'user_states', 'schema_migrations']) AS t, unnest(ARRAY['doxin_application', "
        "'doxin_query', "
        "'public']) AS r, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) "
        "AS p "
        "WHERE r <> 'public' AND has_table_privilege(r, t, p) AND NOT (t = 'schema_migrations' AND p = 'SELECT' AND r "
        "= "
        "'doxin_application')");
    cr_assert_str_eq(rights, "");
    /* Nothing in the schema may be run by everybody. */
    cr_assert_str_eq(world_value(&w, DX_LOGIN_OWNER,
                                 "SELECT coalesce(string_agg(oid::regprocedure::text, ' '), '') FROM pg_proc WHERE "
                                 "pronamespace = 'public'::regnamespace AND (proname LIKE 'doxin%' OR proname LIKE "
                                 "'validate%') AND EXISTS (SELECT FROM aclexplode(coalesce(proacl, "
                                 "acldefault('f', proowner))) AS a WHERE a.grantee = 0)"),
                     "");
    /* Every table that names a user is in the matrix below, or is users, file_shares or a catalogue of its own. */
    const char *owned = world_value(
        &w, DX_LOGIN_OWNER,
        "SELECT string_agg(DISTINCT table_name, ' ' ORDER BY table_name) FROM information_schema.columns "
        "WHERE table_schema = 'public' AND column_name IN ('user_id', 'uploaded_by_user_id', 'proposed_by_user_id', "
        "'invoice_id', 'session_id', 'job_id', 'file_storage_id')");
    char words[1000];
    snprintf(words, sizeof words, "%s", owned);
    for (char *rest = words, *word; (word = strsep(&rest, " ")) != NULL;) {
        bool listed = strcmp(word, "file_shares") == 0 || strcmp(word, "user_states") == 0;
        for (size_t i = 0; i < TABLES; i++)
            listed = listed || strcmp(word, tables[i].name) == 0;
        cr_expect(listed, "%s is not in the matrix", word);
    }
    world_close(&w);
}

Test(access, users_are_apart)
{
    world w;
    world_open(&w, "access_apart", true);
    make_rows_of_a(&w);
    for (size_t i = 0; i < TABLES; i++)
        cr_expect_eq(count_rows(&w, DX_LOGIN_APPLICATION, tables[i].name), tables[i].hidden ? 0 : 1, "A reads its %s",
                     tables[i].name);
    world_as(&w, "user", USER_B);
    nobody_reads_or_writes(&w, "B");
    world_as(&w, NULL, NULL);
    nobody_reads_or_writes(&w, "nobody");
    world_as(&w, "user", USER_INACTIVE);
    nobody_reads_or_writes(&w, "an inactive user");
    world_as(&w, "admin", USER_INACTIVE);
    nobody_reads_or_writes(&w, "an inactive administrator");
    world_as(&w, "admin", USER_B);
    nobody_reads_or_writes(&w, "a user who claims to be an administrator");
    world_as(&w, "user", ID("ff"));
    nobody_reads_or_writes(&w, "a user who does not exist");
    world_as(&w, "admin", USER_ADMIN);
    for (size_t i = 0; i < TABLES; i++) {
        bool private = strcmp(tables[i].name, "tickets") == 0 || strcmp(tables[i].name, "idempotency_keys") == 0;
        cr_expect_eq(count_rows(&w, DX_LOGIN_APPLICATION, tables[i].name), private ? 0 : 1, "an administrator reads %s",
                     tables[i].name);
    }
    world_as(&w, "worker", NULL);
    for (size_t i = 0; i < TABLES; i++)
        cr_expect_eq(count_rows(&w, DX_LOGIN_APPLICATION, tables[i].name), tables[i].worker, "the worker reads %s",
                     tables[i].name);
    world_as(&w, "login", NULL);
    for (size_t i = 0; i < TABLES; i++)
        cr_expect_eq(count_rows(&w, DX_LOGIN_APPLICATION, tables[i].name), tables[i].login, "sign-in reads %s",
                     tables[i].name);
    world_close(&w);
}

Test(access, the_owner_of_the_schema_sees_no_documents)
{
    static const char *const closed[] = {"invoices",      "invoice_line_items", "extraction_fields", "file_storage",
                                         "chat_messages", "processing_jobs",    "user_sessions"};
    world w;
    world_open(&w, "access_owner", true);
    make_rows_of_a(&w);
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
        cr_expect_eq(count_rows(&w, DX_LOGIN_OWNER, closed[i]), 0, "the owner reads %s", closed[i]);
    world_close(&w);
}

/* ---- forged identities ---------------------------------------------------------------------------------------------------- */

static void sign(world *w, const char *user, const char *purpose, long expiry, char out[300])
{
    unsigned char key[32], mac[32];
    const char *id = world_value(w, DX_LOGIN_OWNER, "SELECT id FROM identity_keys");
    const char *hex = world_value(w, DX_LOGIN_OWNER, "SELECT encode(secret, 'hex') FROM identity_keys");
    cr_assert(dx_unhex(hex, strlen(hex), key, sizeof key));
    int length = snprintf(out, 200, "v1.%s.%s.%s.%ld", id, user, purpose, expiry);
    cr_assert(dx_hmac_sha256(key, sizeof key, out, (size_t)length, mac));
    out[length] = '.';
    dx_hex(mac, sizeof mac, out + length + 1);
}

/* What the database makes of an identity that is set by hand. */
static int invoices_with(world *w, const char *identity, const char *also)
{
    dx_rows *rows = NULL;
    dx_tx *tx = NULL;
    world_as(w, NULL, NULL);
    cr_assert_eq(dx_db_begin(w->db, &w->ctx, DX_LOGIN_APPLICATION, &tx), DOXIN_OK, "%s", w->ctx.error.message);
    cr_assert_eq(dx_tx_exec(tx, &w->ctx, "SELECT set_config('doxin.identity', $1, true)", DX_PARAMS(identity), NULL),
                 DOXIN_OK);
    cr_assert_eq(dx_tx_exec(tx, &w->ctx, "SELECT count(*) FROM invoices", DX_NO_PARAMS, &rows), DOXIN_OK, "%s",
                 w->ctx.error.message);
    int seen = (int)dx_rows_integer(rows, 0, 0, -1);
    doxin_status status = dx_tx_exec(tx, &w->ctx, tables[7].insert, DX_PARAMS(also, USER_A), NULL);
    cr_expect_eq(status == DOXIN_OK, seen == 1, "writing differs from reading: %s", w->ctx.error.message);
    dx_tx_rollback(tx);
    return seen;
}

Test(access, forged_identities_are_nobody)
{
    world w;
    char good[300], bad[400];
    long now = 0;
    world_open(&w, "access_forged", true);
    make_rows_of_a(&w);
    now = strtol(world_value(&w, DX_LOGIN_OWNER, "SELECT extract(epoch FROM now())::bigint"), NULL, 10);
    sign(&w, USER_A, "user", now + 60, good);
    cr_assert_eq(invoices_with(&w, good, ID("90")), 1, "the true identity must work");
    /* Each digit of the MAC counts. */
    for (size_t i = 1; i <= 64; i++) {
        strcpy(bad, good);
        char *digit = bad + strlen(bad) - i;
        *digit = *digit == '0' ? '1' : '0';
        cr_expect_eq(invoices_with(&w, bad, ID("91")), 0, "%s", bad);
    }
    sign(&w, USER_A, "user", now - 1, bad);
    cr_expect_eq(invoices_with(&w, bad, ID("91")), 0, "expired");
    sign(&w, USER_A, "user", 0, bad);
    cr_expect_eq(invoices_with(&w, bad, ID("91")), 0, "expired long ago");
    sign(&w, USER_A, "worker", now + 60, bad);
    cr_expect_eq(invoices_with(&w, bad, ID("91")), 0, "a worker with a user");
    sign(&w, USER_A, "root", now + 60, bad);
    cr_expect_eq(invoices_with(&w, bad, ID("91")), 0, "no such purpose");
    sign(&w, USER_A, "admin", now + 60, bad);
    cr_expect_eq(invoices_with(&w, bad, ID("91")), 0, "no administrator");
    sign(&w, "-", "user", now + 60, bad);
    doxin_status status;
    dx_tx *tx = NULL;
    cr_assert_eq(dx_db_begin(w.db, &w.ctx, DX_LOGIN_APPLICATION, &tx), DOXIN_OK);
    status = dx_tx_exec(tx, &w.ctx, "SELECT set_config('doxin.identity', $1, true)", DX_PARAMS(bad), NULL);
    if (status == DOXIN_OK)
        status = dx_tx_exec(tx, &w.ctx, "SELECT * FROM invoices", DX_NO_PARAMS, NULL);
    cr_expect_neq(status, DOXIN_OK, "no user");
    dx_tx_rollback(tx);

    static const char *const words[] = {
        "", "v1", USER_A, "v1......", "v2", "v1.00000000." USER_A ".user.99999999999.0", "' OR true --", "\\x00"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        cr_expect_eq(invoices_with(&w, words[i], ID("91")), 0, "%s", words[i]);
    /* Another user, another purpose, a longer life, a key that does not exist, all with the MAC of the good one. */
    char *at;
    strcpy(bad, good);
    at = strstr(bad, USER_A);
    memcpy(at, USER_B, strlen(USER_B));
    cr_expect_eq(invoices_with(&w, bad, ID("91")), 0, "another user");
    strcpy(bad, good);
    memcpy(strstr(bad, ".user.") + 1, "root", 4);
    cr_expect_eq(invoices_with(&w, bad, ID("91")), 0, "another purpose");
    strcpy(bad, good);
    strstr(bad, ".user.")[6] = '9';
    cr_expect_eq(invoices_with(&w, bad, ID("91")), 0, "a longer life");
    strcpy(bad, good);
    memcpy(bad + 3, "00000000", 8);
    cr_expect_eq(invoices_with(&w, bad, ID("91")), 0, "another key");
    snprintf(bad, sizeof bad, "%s ", good);
    cr_expect_eq(invoices_with(&w, bad, ID("91")), 0, "something after it");
    /* Who is switched off is out at once, and so is a key that is taken away. */
    world_super(&w, "UPDATE users SET is_active = false WHERE id = '" USER_A "'");
    cr_expect_eq(invoices_with(&w, good, ID("91")), 0, "inactive");
    world_super(&w, "UPDATE users SET is_active = true WHERE id = '" USER_A "'");
    cr_expect_eq(invoices_with(&w, good, ID("90")), 1, "active again");
    world_super(&w, "DELETE FROM identity_keys");
    cr_expect_eq(invoices_with(&w, good, ID("91")), 0, "the key is gone");
    world_close(&w);
}

/* ---- ways around ------------------------------------------------------------------------------------------------------------ */

static void refused(world *w, dx_login login, const char *sql)
{
    doxin_status status = dx_db_exec(w->db, &w->ctx, login, sql, DX_NO_PARAMS, NULL);
    cr_expect(status == DOXIN_E_FORBIDDEN || status == DOXIN_E_DATABASE, "%s: %d", sql, status);
}

Test(access, ways_around_are_closed)
{
    world w;
    world_open(&w, "access_around", true);
    make_rows_of_a(&w);
    world_as(&w, "user", USER_A);
    refused(&w, DX_LOGIN_APPLICATION, "SELECT * FROM identity_keys");
    refused(&w, DX_LOGIN_APPLICATION, "SELECT * FROM user_states");
    refused(&w, DX_LOGIN_APPLICATION, "SELECT * FROM doxin_identity()");
    refused(&w, DX_LOGIN_APPLICATION, "SELECT doxin_hmac_pad('\\x00', 1)");
    refused(&w, DX_LOGIN_APPLICATION, "UPDATE users SET role = 'admin' WHERE id = '" USER_A "'");
    refused(&w, DX_LOGIN_APPLICATION, "INSERT INTO users (email, role) VALUES ('x@example.org', 'admin')");
    refused(&w, DX_LOGIN_APPLICATION, "DELETE FROM users");
    refused(&w, DX_LOGIN_APPLICATION, "SET ROLE doxin_owner");
    refused(&w, DX_LOGIN_APPLICATION, "SET row_security = off; SELECT * FROM invoices");
    refused(&w, DX_LOGIN_APPLICATION, "ALTER TABLE invoices DISABLE ROW LEVEL SECURITY");
    refused(&w, DX_LOGIN_APPLICATION, "TRUNCATE invoices");
    refused(&w, DX_LOGIN_APPLICATION, "CREATE TABLE public.mine (x int)");
    refused(&w, DX_LOGIN_APPLICATION, "INSERT INTO products (item_number, name) VALUES ('x', 'x')");
    refused(&w, DX_LOGIN_APPLICATION,
            "INSERT INTO file_shares (file_storage_id, user_id, granted_by_user_id) VALUES ('" ID("15") "', '" USER_B
                                                                                                        "', '" USER_A
                                                                                                        "')");
    /* Giving a row away. */
    refused(&w, DX_LOGIN_APPLICATION, "UPDATE invoices SET uploaded_by_user_id = '" USER_B "'");
    /* Logs are append-only for everybody but the owner. */
    world_as(&w, "admin", USER_ADMIN);
    static const char *const logs[] = {"audit_log", "file_access_log"};
    for (size_t i = 0; i < 2; i++) {
        char sql[100];
        snprintf(sql, sizeof sql, "UPDATE %s SET created_at = now()", logs[i]);
        refused(&w, DX_LOGIN_APPLICATION, sql);
        snprintf(sql, sizeof sql, "DELETE FROM %s", logs[i]);
        refused(&w, DX_LOGIN_APPLICATION, sql);
        snprintf(sql, sizeof sql, "TRUNCATE %s", logs[i]);
        refused(&w, DX_LOGIN_APPLICATION, sql);
    }
    /* An audit row in somebody else's name. */
    refused(&w, DX_LOGIN_APPLICATION,
            "INSERT INTO audit_log (user_id, table_name, record_id, action) VALUES ('" USER_A "', 'x', '" USER_A
            "', 'DELETE')");
    /* Sign-in makes users, not administrators. */
    world_as(&w, "login", NULL);
    refused(&w, DX_LOGIN_APPLICATION, "INSERT INTO users (email, role) VALUES ('x@example.org', 'admin')");
    refused(&w, DX_LOGIN_APPLICATION, "UPDATE users SET role = 'admin' WHERE id = '" USER_A "'");
    refused(&w, DX_LOGIN_APPLICATION, "UPDATE users SET is_active = true WHERE id = '" USER_INACTIVE "'");
    world_exec(&w, "INSERT INTO users (email) VALUES ('x@example.org')", DX_NO_PARAMS);
    world_exec(&w, "UPDATE users SET last_login = now() WHERE id = '" USER_A "'", DX_NO_PARAMS);
    world_close(&w);
}

Test(access, an_administrator_manages_users_and_shares)
{
    world w;
    world_open(&w, "access_admin", true);
    make_rows_of_a(&w);
    world_as(&w, "admin", USER_ADMIN);
    world_exec(&w, "UPDATE users SET role = 'admin' WHERE id = $1", DX_PARAMS(USER_B));
    world_exec(&w, "UPDATE users SET role = 'user' WHERE id = $1", DX_PARAMS(USER_B));
    world_exec(&w, "INSERT INTO products (item_number, name) VALUES ('x', 'x')", DX_NO_PARAMS);
    world_exec(&w, "INSERT INTO file_shares (file_storage_id, user_id, granted_by_user_id) VALUES ($1, $2, $3)",
               DX_PARAMS(ID("15"), USER_B, USER_ADMIN));
    world_as(&w, "user", USER_B);
    cr_assert_eq(count_rows(&w, DX_LOGIN_APPLICATION, "file_storage"), 1);
    cr_assert_eq(count_rows(&w, DX_LOGIN_APPLICATION, "invoices"), 1);
    cr_assert_eq(count_rows(&w, DX_LOGIN_APPLICATION, "invoice_line_items"), 1);
    cr_assert_eq(count_rows(&w, DX_LOGIN_APPLICATION, "extraction_fields"), 1);
    cr_assert_eq(count_rows(&w, DX_LOGIN_APPLICATION, "processing_jobs"), 0);
    cr_assert_eq(count_rows(&w, DX_LOGIN_APPLICATION, "products"), 1);
    cr_assert_eq(try_to_change(&w, "UPDATE invoices SET total_amount = 1"), 0);
    cr_assert_eq(try_to_change(&w, "UPDATE invoice_line_items SET description = 'x'"), 0);
    cr_assert_eq(try_to_change(&w, "DELETE FROM invoice_line_items"), 0);
    cr_assert_eq(try_to_change(&w, "UPDATE file_storage SET file_name = 'x'"), 0);
    world_close(&w);
}

Test(access, the_query_login_reads_its_own_and_writes_nothing)
{
    static const char *const readable[] = {"invoices",        "invoice_line_items", "invoice_taxes", "file_storage",
                                           "processing_jobs", "chat_sessions",      "chat_messages", "chat_feedback"};
    static const char *const closed[] = {
        "users",       "user_sessions",    "audit_log",     "file_access_log",   "tickets",
        "events",      "idempotency_keys", "owner_epochs",  "extraction_fields", "company_proposals",
        "file_shares", "job_events",       "identity_keys", "user_states"};
    world w;
    char sql[200];
    world_open(&w, "access_query", true);
    make_rows_of_a(&w);
    for (size_t i = 0; i < sizeof readable / sizeof *readable; i++) {
        world_as(&w, "user", USER_A);
        cr_expect_eq(count_rows(&w, DX_LOGIN_QUERY, readable[i]), 1, "A queries %s", readable[i]);
        world_as(&w, "user", USER_B);
        cr_expect_eq(count_rows(&w, DX_LOGIN_QUERY, readable[i]), 0, "B queries %s", readable[i]);
        /* No administrator bypass. */
        world_as(&w, "admin", USER_ADMIN);
        cr_expect_eq(count_rows(&w, DX_LOGIN_QUERY, readable[i]), 0, "an administrator queries %s", readable[i]);
        world_as(&w, NULL, NULL);
        cr_expect_eq(count_rows(&w, DX_LOGIN_QUERY, readable[i]), 0, "nobody queries %s", readable[i]);
        world_as(&w, "user", USER_A);
        snprintf(sql, sizeof sql, "DELETE FROM %s", readable[i]);
        refused(&w, DX_LOGIN_QUERY, sql);
    }
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
        snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", closed[i]);
        refused(&w, DX_LOGIN_QUERY, sql);
    }
    refused(&w, DX_LOGIN_QUERY, "SELECT blob_path FROM file_storage");
    refused(&w, DX_LOGIN_QUERY, "SELECT extraction FROM invoices");
    refused(&w, DX_LOGIN_QUERY, "SELECT name_embedding FROM products");
    refused(&w, DX_LOGIN_QUERY, "SELECT metadata FROM chat_messages");
    refused(&w, DX_LOGIN_QUERY, "SELECT doxin_raise_epoch('" USER_A "')");
    world_close(&w);
}
