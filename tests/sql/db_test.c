/* The pool and the transaction: what happens when connections die, calls are cancelled, time runs out, rows collide. */
#include "base/rt/clock.h"
#include "base/rt/json.h"
#include "support.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int milliseconds_since(int64_t begun_ns)
{
    return (int)((dx_clock_ns() - begun_ns) / 1000000);
}

static void end_all_connections(world *w)
{
    world_super(w, "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
                   "WHERE datname = current_database() AND pid <> pg_backend_pid()");
}

static int64_t state_member(world *w, const char *login, const char *member)
{
    dx_buffer out;
    dx_writer writer;
    dx_json *json = NULL;
    char pointer[100];
    dx_buffer_init(&out, 0);
    dx_write_init(&writer, &out);
    dx_write_object(&writer, NULL);
    dx_db_state(w->db, &writer);
    dx_write_object_end(&writer);
    cr_assert_eq(dx_json_parse(&w->ctx, out.data, out.len, &json), DOXIN_OK);
    snprintf(pointer, sizeof pointer, "/%s/%s", login, member);
    int64_t value = dx_json_integer(dx_json_pointer(json, pointer), -1);
    dx_json_free(json);
    dx_buffer_free(&out);
    return value;
}

Test(db, rows_and_parameters)
{
    world w;
    world_open(&w, "db_rows", false);
    dx_rows *rows = NULL;
    cr_assert_eq(
        dx_db_exec(w.super, &w.ctx, DX_LOGIN_OWNER,
                   "SELECT $1::text AS a, $2::int + 1 AS b, NULL::text AS c, true AS d, ''::text AS e, 'x'::text "
                   "AS f UNION ALL SELECT 'zwei', 7, 'c', false, 'é', 'y'",
                   DX_PARAMS("eins' --", "41"), &rows),
        DOXIN_OK, "%s", w.ctx.error.message);
    cr_assert_eq(dx_rows_count(rows), 2);
    cr_assert_eq(dx_rows_columns(rows), 6);
    cr_assert_str_eq(dx_rows_text(rows, 0, 0), "eins' --");
    cr_assert_eq(dx_rows_integer(rows, 0, 1, 0), 42);
    cr_assert(dx_rows_is_null(rows, 0, 2));
    cr_assert_null(dx_rows_get(rows, 0, "c"));
    cr_assert_str_eq(dx_rows_get(rows, 1, "c"), "c");
    cr_assert(dx_rows_bool(rows, 0, 3, false));
    cr_assert_not(dx_rows_bool(rows, 1, 3, true));
    cr_assert_str_eq(dx_rows_text(rows, 0, 4), "");
    cr_assert_eq(dx_rows_length(rows, 1, 4), 2);
    cr_assert_eq(dx_rows_type(rows, 1), 23);
    cr_assert_eq(dx_rows_column(rows, "f"), 5);
    cr_assert_eq(dx_rows_column(rows, "g"), -1);
    cr_assert_null(dx_rows_text(rows, 2, 0));
    cr_assert_null(dx_rows_text(rows, 0, 6));
    cr_assert_eq(dx_rows_integer(rows, 0, 0, -7), -7);
    cr_assert_eq(dx_rows_count(NULL), 0);
    cr_assert_null(dx_rows_text(NULL, 0, 0));
    world_close(&w);
}

Test(db, nothing_stays_on_the_session)
{
    world w;
    world_open(&w, "db_session", true);
    world_as(&w, "user", USER_A);
    cr_assert_str_eq(world_value(&w, DX_LOGIN_APPLICATION, "SELECT doxin_me()"), USER_A);
    cr_assert_eq(state_member(&w, "application", "open"), 1);
    world_as(&w, NULL, NULL);
    /* The same connection, and nobody. */
    cr_assert_str_eq(world_value(&w, DX_LOGIN_APPLICATION, "SELECT doxin_me()"), "");
    cr_assert_str_eq(world_value(&w, DX_LOGIN_APPLICATION, "SELECT current_setting('TimeZone')"), "UTC");
    cr_assert_eq(state_member(&w, "application", "open"), 1);
    world_close(&w);
}

Test(db, dead_connections_are_replaced_before_anything_was_sent)
{
    world w;
    world_open(&w, "db_dead", true);
    world_as(&w, "user", USER_A);
    dx_tx *tx[3];
    for (int i = 0; i < 3; i++)
        cr_assert_eq(dx_db_begin(w.db, &w.ctx, DX_LOGIN_APPLICATION, &tx[i]), DOXIN_OK);
    for (int i = 0; i < 3; i++)
        dx_tx_rollback(tx[i]);
    cr_assert_eq(state_member(&w, "application", "idle"), 3);
    end_all_connections(&w);
    for (int i = 0; i < 5; i++)
        cr_assert_str_eq(world_value(&w, DX_LOGIN_APPLICATION, "SELECT doxin_me()"), USER_A);
    cr_assert_eq(state_member(&w, "application", "evicted"), 3);
    world_close(&w);
}

Test(db, a_connection_lost_in_the_middle_is_told)
{
    world w;
    world_open(&w, "db_middle", true);
    dx_tx *tx = NULL;
    world_as(&w, "user", USER_A);
    cr_assert_eq(dx_db_begin(w.db, &w.ctx, DX_LOGIN_APPLICATION, &tx), DOXIN_OK);
    end_all_connections(&w);
    cr_assert_eq(dx_tx_exec(tx, &w.ctx, "SELECT 1", DX_NO_PARAMS, NULL), DOXIN_E_DATABASE_DOWN);
    dx_tx_rollback(tx);
    cr_assert_eq(dx_db_begin(w.db, &w.ctx, DX_LOGIN_APPLICATION, &tx), DOXIN_OK, "%s", w.ctx.error.message);
    end_all_connections(&w);
    cr_assert_eq(dx_tx_commit(tx, &w.ctx), DOXIN_E_DATABASE_DOWN);
    cr_assert_not_null(strstr(w.ctx.error.message, "not known"), "%s", w.ctx.error.message);
    cr_assert_eq(state_member(&w, "application", "open"), 0);
    world_close(&w);
}

typedef struct canceller {
    dx_cancel cancel;
    int after_ms;
} canceller;

static void *cancel_later(void *data)
{
    canceller *c = data;
    usleep((useconds_t)c->after_ms * 1000);
    dx_cancel_ask(&c->cancel);
    return NULL;
}

Test(db, a_cancel_ends_the_statement_and_keeps_the_connection)
{
    world w;
    canceller c = {.after_ms = 100};
    pthread_t thread;
    world_open(&w, "db_cancel", true);
    dx_db_ping(w.db, &w.ctx);
    dx_cancel_init(&c.cancel);
    w.ctx.cancel = &c.cancel;
    pthread_create(&thread, NULL, cancel_later, &c);
    int64_t begun = dx_clock_ns();
    cr_assert_eq(dx_db_exec(w.db, &w.ctx, DX_LOGIN_APPLICATION, "SELECT pg_sleep(20)", DX_NO_PARAMS, NULL),
                 DOXIN_E_CANCELED);
    cr_assert_lt(milliseconds_since(begun), 1500);
    pthread_join(thread, NULL);
    /* Asked before it begins. */
    cr_assert_eq(dx_db_exec(w.db, &w.ctx, DX_LOGIN_APPLICATION, "SELECT 1", DX_NO_PARAMS, NULL), DOXIN_E_CANCELED);
    w.ctx.cancel = NULL;
    dx_cancel_destroy(&c.cancel);
    cr_assert_eq(dx_db_ping(w.db, &w.ctx), DOXIN_OK);
    cr_assert_eq(state_member(&w, "application", "connects"), 1);
    world_close(&w);
}

Test(db, the_deadline_ends_the_statement)
{
    world w;
    world_open(&w, "db_deadline", true);
    dx_db_ping(w.db, &w.ctx);
    int64_t begun = dx_clock_ns();
    w.ctx.deadline_ns = begun + 200 * 1000000LL;
    cr_assert_eq(dx_db_exec(w.db, &w.ctx, DX_LOGIN_APPLICATION, "SELECT pg_sleep(20)", DX_NO_PARAMS, NULL),
                 DOXIN_E_TIMEOUT);
    cr_assert_lt(milliseconds_since(begun), 1500);
    /* The server's own clock may end it a moment before ours. */
    usleep(50000);
    cr_assert_eq(dx_db_ping(w.db, &w.ctx), DOXIN_E_TIMEOUT);
    w.ctx.deadline_ns = 0;
    cr_assert_eq(dx_db_ping(w.db, &w.ctx), DOXIN_OK);
    world_close(&w);
}

Test(db, a_full_pool_waits_until_the_deadline)
{
    world w;
    dx_tx *tx[4], *more = NULL;
    world_open(&w, "db_full", true);
    for (int i = 0; i < 4; i++)
        cr_assert_eq(dx_db_begin(w.db, &w.ctx, DX_LOGIN_APPLICATION, &tx[i]), DOXIN_OK);
    int64_t begun = dx_clock_ns();
    w.ctx.deadline_ns = begun + 200 * 1000000LL;
    cr_assert_eq(dx_db_begin(w.db, &w.ctx, DX_LOGIN_APPLICATION, &more), DOXIN_E_TIMEOUT);
    cr_assert_null(more);
    cr_assert_lt(milliseconds_since(begun), 1000);
    w.ctx.deadline_ns = 0;
    dx_tx_rollback(tx[0]);
    cr_assert_eq(dx_db_begin(w.db, &w.ctx, DX_LOGIN_APPLICATION, &more), DOXIN_OK);
    dx_tx_rollback(more);
    for (int i = 1; i < 4; i++)
        dx_tx_rollback(tx[i]);
    world_close(&w);
}

Test(db, errors_have_their_classes)
{
    static const struct {
        const char *sql;
        doxin_status status;
        const char *state;
    } cases[] = {
        {"INSERT INTO users (email) VALUES ('a@example.org')", DOXIN_E_CONFLICT, "23505"},
        {"INSERT INTO user_sessions (user_id, token_hash, expires_at) VALUES (gen_random_uuid(), repeat('0', 64), "
         "now())",
         DOXIN_E_CONFLICT, "23503"},
        {"INSERT INTO users (email) VALUES ('NOT LOWER')", DOXIN_E_DATABASE, "23514"},
        {"INSERT INTO users (email) VALUES (NULL)", DOXIN_E_DATABASE, "23502"},
        {"SELECT 1 / 0", DOXIN_E_DATABASE, "22012"},
        {"SELEC", DOXIN_E_DATABASE, "42601"},
        {"SELECT * FROM no_such_table", DOXIN_E_SCHEMA_OLD, "42P01"},
        {"SELECT no_such_column FROM users", DOXIN_E_SCHEMA_OLD, "42703"},
        {"SELECT secret FROM identity_keys", DOXIN_E_FORBIDDEN, "42501"},
        {"DO $$ BEGIN RAISE EXCEPTION 'in its own words'; END $$", DOXIN_E_DATABASE, "P0001"},
    };
    world w;
    world_open(&w, "db_errors", true);
    world_as(&w, "admin", USER_ADMIN);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dx_tx *tx = NULL;
        cr_assert_eq(dx_db_begin(w.db, &w.ctx, DX_LOGIN_APPLICATION, &tx), DOXIN_OK);
        doxin_status status = dx_tx_exec(tx, &w.ctx, cases[i].sql, DX_NO_PARAMS, NULL);
        cr_expect_eq(status, cases[i].status, "%s: %d", cases[i].sql, status);
        cr_expect_str_eq(dx_tx_sqlstate(tx), cases[i].state);
        if (i == 0)
            cr_expect_str_eq(dx_tx_constraint(tx), "users_email_key");
        cr_expect_neq(dx_tx_commit(tx, &w.ctx), DOXIN_OK, "a failed transaction was committed");
    }
    cr_assert_str_eq(w.ctx.error.message, "the transaction had failed and was rolled back");
    world_close(&w);
}

Test(db, savepoints_undo_a_failed_statement)
{
    world w;
    dx_tx *tx = NULL;
    world_open(&w, "db_savepoint", true);
    world_as(&w, "admin", USER_ADMIN);
    cr_assert_eq(dx_db_begin(w.db, &w.ctx, DX_LOGIN_APPLICATION, &tx), DOXIN_OK);
    cr_assert_eq(dx_tx_savepoint(tx, &w.ctx, "row"), DOXIN_OK);
    cr_assert_eq(dx_tx_exec(tx, &w.ctx, "SELECT 1 / 0", DX_NO_PARAMS, NULL), DOXIN_E_DATABASE);
    cr_assert_eq(dx_tx_back_to(tx, &w.ctx, "row"), DOXIN_OK);
    cr_assert_eq(dx_tx_exec(tx, &w.ctx, "UPDATE users SET name = 'changed' WHERE id = $1", DX_PARAMS(USER_A), NULL),
                 DOXIN_OK);
    cr_assert_eq(dx_tx_savepoint(tx, &w.ctx, "x; DROP"), DOXIN_E_INTERNAL);
    cr_assert_eq(dx_tx_commit(tx, &w.ctx), DOXIN_OK);
    cr_assert_str_eq(world_value(&w, DX_LOGIN_APPLICATION, "SELECT name FROM users WHERE id = '" USER_A "'"),
                     "changed");
    world_close(&w);
}

/* ---- what passes by itself ---- */

static doxin_status raise_counter(dx_tx *tx, dx_ctx *ctx, void *data)
{
    dx_rows *rows = NULL;
    char next[32];
    atomic_int *attempts = data;
    atomic_fetch_add(attempts, 1);
    doxin_status status =
        dx_tx_exec(tx, ctx, "SELECT epoch FROM owner_epochs WHERE user_id = doxin_me()", DX_NO_PARAMS, &rows);
    if (status != DOXIN_OK)
        return status;
    usleep(20000);
    snprintf(next, sizeof next, "%lld", (long long)dx_rows_integer(rows, 0, 0, 0) + 1);
    return dx_tx_exec(tx, ctx, "UPDATE owner_epochs SET epoch = $1 WHERE user_id = doxin_me()", DX_PARAMS(next), NULL);
}

typedef struct racer {
    dx_db *db;
    atomic_int *attempts;
    doxin_status status;
} racer;

static void *race(void *data)
{
    racer *r = data;
    dx_ctx ctx;
    if (!dx_ctx_init(&ctx, 0))
        return NULL;
    ctx.purpose = "user";
    ctx.user_id = USER_A;
    for (int i = 0; i < 5; i++) {
        r->status = dx_db_transact(r->db, &ctx, DX_LOGIN_APPLICATION, DX_TX_SERIALIZABLE, raise_counter, r->attempts);
        if (r->status != DOXIN_OK)
            break;
    }
    dx_ctx_destroy(&ctx);
    return NULL;
}

Test(db, serialization_failures_are_tried_again)
{
    world w;
    atomic_int attempts = 0;
    racer racers[2];
    pthread_t threads[2];
    world_open(&w, "db_serial", true);
    world_as(&w, "user", USER_A);
    world_exec(&w, "INSERT INTO owner_epochs VALUES ($1, 0)", DX_PARAMS(USER_A));
    for (int i = 0; i < 2; i++) {
        racers[i] = (racer){w.db, &attempts, DOXIN_E_INTERNAL};
        pthread_create(&threads[i], NULL, race, &racers[i]);
    }
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    cr_assert_eq(racers[0].status, DOXIN_OK);
    cr_assert_eq(racers[1].status, DOXIN_OK);
    cr_assert_str_eq(world_value(&w, DX_LOGIN_APPLICATION, "SELECT epoch FROM owner_epochs"), "10");
    cr_assert_gt(atomic_load(&attempts), 10, "nothing collided: this tested nothing");
    world_close(&w);
}

/* ---- COPY ---- */

Test(db, copy_takes_any_text)
{
    static const char *const values[] = {"plain", "tab\there", "line\nbreak", "back\\slash \\N \\.",
                                         "\r\n",  "",          NULL,          "é €"};
    enum { VALUES = sizeof values / sizeof *values };
    world w;
    dx_tx *tx = NULL;
    int64_t taken = 0;
    dx_rows *rows = NULL;
    world_open(&w, "db_copy", false);
    cr_assert_eq(dx_db_begin(w.super, &w.ctx, DX_LOGIN_OWNER, &tx), DOXIN_OK);
    cr_assert_eq(dx_tx_script(tx, &w.ctx, "CREATE TABLE t (n int, v text)"), DOXIN_OK);
    cr_assert_eq(dx_tx_copy_begin(tx, &w.ctx, "COPY t (n, v) FROM STDIN"), DOXIN_OK);
    cr_assert_eq(dx_tx_exec(tx, &w.ctx, "SELECT 1", DX_NO_PARAMS, NULL), DOXIN_E_INTERNAL);
    for (int i = 0; i < 50000; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", i);
        cr_assert_eq(dx_tx_copy_row(tx, &w.ctx, 2, (const char *const[]){number, values[i % VALUES]}), DOXIN_OK);
    }
    cr_assert_eq(dx_tx_copy_end(tx, &w.ctx, &taken), DOXIN_OK, "%s", w.ctx.error.message);
    cr_assert_eq(taken, 50000);
    cr_assert_eq(dx_tx_exec(tx, &w.ctx, "SELECT v FROM t WHERE n < 8 ORDER BY n", DX_NO_PARAMS, &rows), DOXIN_OK);
    for (size_t i = 0; i < VALUES; i++)
        if (values[i] == NULL)
            cr_expect(dx_rows_is_null(rows, i, 0));
        else
            cr_expect_str_eq(dx_rows_text(rows, i, 0), values[i]);
    /* A row that does not fit fails the whole COPY. */
    cr_assert_eq(dx_tx_copy_begin(tx, &w.ctx, "COPY t (n, v) FROM STDIN"), DOXIN_OK);
    cr_assert_eq(dx_tx_copy_row(tx, &w.ctx, 2, (const char *const[]){"no number", "x"}), DOXIN_OK);
    cr_assert_eq(dx_tx_copy_end(tx, &w.ctx, &taken), DOXIN_E_DATABASE);
    dx_tx_rollback(tx);
    world_close(&w);
}

Test(db, a_copy_that_is_given_up_leaves_nothing)
{
    world w;
    dx_tx *tx = NULL;
    world_open(&w, "db_copy_up", false);
    world_super(&w, "CREATE TABLE t (n int)");
    cr_assert_eq(dx_db_begin(w.super, &w.ctx, DX_LOGIN_OWNER, &tx), DOXIN_OK);
    cr_assert_eq(dx_tx_copy_begin(tx, &w.ctx, "COPY t FROM STDIN"), DOXIN_OK);
    cr_assert_eq(dx_tx_copy_row(tx, &w.ctx, 1, (const char *const[]){"1"}), DOXIN_OK);
    dx_tx_rollback(tx);
    cr_assert_str_eq(dx_rows_text(world_super(&w, "SELECT count(*) FROM t"), 0, 0), "0");
    world_close(&w);
}

/* ---- notifications ---- */

static void *wake_later(void *data)
{
    usleep(100000);
    dx_listener_wake(data);
    return NULL;
}

Test(db, notifications_arrive)
{
    static const char *const channels[] = {"doxin_events", "doxin_jobs"};
    static dx_notice notice;
    world w;
    dx_listener *listener = NULL;
    pthread_t thread;
    world_open(&w, "db_listen", true);
    cr_assert_eq(dx_db_listen(w.db, &w.ctx, channels, 2, &listener), DOXIN_OK, "%s", w.ctx.error.message);
    cr_assert_eq(dx_listener_wait(listener, &w.ctx, 20, &notice), DOXIN_E_AGAIN);
    world_as(&w, "user", USER_A);
    world_exec(&w, "INSERT INTO events (user_id, topic, type) VALUES ($1, 'user:x', 'status')", DX_PARAMS(USER_A));
    cr_assert_eq(dx_listener_wait(listener, &w.ctx, 2000, &notice), DOXIN_OK);
    cr_assert_str_eq(notice.channel, "doxin_events");
    cr_assert_str_eq(notice.payload, "1 user:x");
    world_exec(&w, "INSERT INTO processing_jobs (user_id, job_type) SELECT $1, 'x' FROM generate_series(1, 3)",
               DX_PARAMS(USER_A));
    cr_assert_eq(dx_listener_wait(listener, &w.ctx, 2000, &notice), DOXIN_OK);
    cr_assert_str_eq(notice.channel, "doxin_jobs");
    cr_assert_str_eq(notice.payload, "");
    cr_assert_eq(dx_listener_wait(listener, &w.ctx, 20, &notice), DOXIN_E_AGAIN, "one notification a transaction");
    world_exec(&w,
               "UPDATE processing_jobs SET status = 'running', lease_owner = 'x', lease_until = now() "
               "WHERE id = (SELECT id FROM processing_jobs LIMIT 1)",
               DX_NO_PARAMS);
    world_exec(&w, "UPDATE processing_jobs SET cancel_requested_at = now() WHERE status = 'running'", DX_NO_PARAMS);
    cr_assert_eq(dx_listener_wait(listener, &w.ctx, 2000, &notice), DOXIN_OK);
    cr_assert_eq(strncmp(notice.payload, "cancel ", 7), 0);
    /* Woken by another thread. */
    pthread_create(&thread, NULL, wake_later, listener);
    int64_t begun = dx_clock_ns();
    cr_assert_eq(dx_listener_wait(listener, &w.ctx, 5000, &notice), DOXIN_OK);
    cr_assert(notice.woken);
    cr_assert_lt(milliseconds_since(begun), 2000);
    pthread_join(thread, NULL);
    /* A lost connection is made again, and told. */
    end_all_connections(&w);
    cr_assert_eq(dx_listener_wait(listener, &w.ctx, 5000, &notice), DOXIN_OK, "%s", w.ctx.error.message);
    cr_assert(notice.lost);
    world_exec(&w, "INSERT INTO events (user_id, topic, type) VALUES ($1, 'user:y', 'status')", DX_PARAMS(USER_A));
    cr_assert_eq(dx_listener_wait(listener, &w.ctx, 2000, &notice), DOXIN_OK);
    cr_assert_str_eq(notice.payload, "2 user:y");
    dx_listener_free(listener);
    cr_assert_eq(dx_db_listen(w.db, &w.ctx, (const char *const[]){"x; DROP"}, 1, &listener), DOXIN_E_INTERNAL);
    world_close(&w);
}

/* ---- many threads, each somebody else ---- */

typedef struct asker {
    dx_db *db;
    const char *user;
    int wrong;
} asker;

static void *ask_often(void *data)
{
    asker *a = data;
    dx_ctx ctx;
    if (!dx_ctx_init(&ctx, 0))
        return NULL;
    ctx.purpose = a->user != NULL ? "user" : NULL;
    ctx.user_id = a->user;
    for (int i = 0; i < 100; i++) {
        dx_rows *rows = NULL;
        if (dx_db_exec(a->db, &ctx, DX_LOGIN_APPLICATION, "SELECT doxin_me(), $1::text", DX_PARAMS("x"), &rows) !=
            DOXIN_OK) {
            a->wrong++;
            continue;
        }
        const char *me = dx_rows_text(rows, 0, 0);
        a->wrong += a->user == NULL ? me != NULL : me == NULL || strcmp(me, a->user) != 0;
        dx_arena_reset(ctx.arena);
    }
    dx_ctx_destroy(&ctx);
    return NULL;
}

Test(db, threads_keep_their_identities)
{
    static const char *const users[] = {USER_A, USER_B, NULL, USER_ADMIN};
    enum { THREADS = 8 };
    world w;
    asker askers[THREADS];
    pthread_t threads[THREADS];
    world_open(&w, "db_threads", true);
    for (int i = 0; i < THREADS; i++) {
        askers[i] = (asker){w.db, users[i % 4], 0};
        pthread_create(&threads[i], NULL, ask_often, &askers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        cr_expect_eq(askers[i].wrong, 0);
    }
    cr_assert_leq(state_member(&w, "application", "connects"), 4);
    world_close(&w);
}

/* ---- configuration ---- */

Test(db, addresses)
{
    dx_ctx ctx;
    dx_db *db = NULL;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_db_options options = {0};
    cr_assert_eq(dx_db_open(&ctx, &options, &db), DOXIN_E_NO_SOURCE);
    options.url = "postgresql://user:geheim@[host";
    cr_assert_eq(dx_db_open(&ctx, &options, &db), DOXIN_E_CONFIG);
    cr_assert_null(strstr(ctx.error.message, "geheim"));
    options.url = "postgresql://doxin_application@/doxin?host=/nonexistent";
    cr_assert_eq(dx_db_open(&ctx, &options, &db), DOXIN_OK);
    cr_assert_not(dx_db_has_login(db, DX_LOGIN_OWNER));
    dx_tx *tx = NULL;
    cr_assert_eq(dx_db_begin(db, &ctx, DX_LOGIN_QUERY, &tx), DOXIN_E_NO_SOURCE);
    int64_t begun = dx_clock_ns();
    cr_assert_eq(dx_db_ping(db, &ctx), DOXIN_E_DATABASE_DOWN);
    cr_assert_lt(milliseconds_since(begun), 3000);
    /* Somebody has to have the key. */
    ctx.purpose = "worker";
    cr_assert_eq(dx_db_begin(db, &ctx, DX_LOGIN_APPLICATION, &tx), DOXIN_E_NO_SOURCE);
    dx_db_free(db);
    dx_ctx_destroy(&ctx);
}

Test(db, identities_that_cannot_be)
{
    world w;
    dx_tx *tx = NULL;
    world_open(&w, "db_who", true);
    world_as(&w, "user", NULL);
    cr_assert_eq(dx_db_begin(w.db, &w.ctx, DX_LOGIN_APPLICATION, &tx), DOXIN_E_UNAUTHENTICATED);
    world_as(&w, "user", "' ; DROP TABLE users --");
    cr_assert_eq(dx_db_begin(w.db, &w.ctx, DX_LOGIN_APPLICATION, &tx), DOXIN_E_UNAUTHENTICATED);
    world_as(&w, "root", USER_A);
    cr_assert_eq(dx_db_begin(w.db, &w.ctx, DX_LOGIN_APPLICATION, &tx), DOXIN_E_INVALID);
    world_close(&w);
}
