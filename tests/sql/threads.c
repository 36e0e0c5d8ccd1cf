/* One pool, many threads, with cancels and dying connections in between: for the thread sanitizer. No Criterion, whose
 * memory cannot be placed under it. Exit 0: every thread saw itself and nobody else. */
#include "app/schema/schema.h"
#include "base/rt/ctx.h"
#include "io/db/db.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ASKERS = 6, ROUNDS = 60 };

static const char *const users[] = {"00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b",
                                    NULL};

typedef struct asker {
    dx_db *db;
    const char *user;
    int wrong;
    dx_cancel cancel;
    atomic_bool done;
} asker;

static int wrong_answer(asker *own, dx_ctx *ctx)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_db_exec(own->db, ctx, DX_LOGIN_APPLICATION, "SELECT doxin_me()", DX_NO_PARAMS, &rows);
    /* Connections die on purpose; a wrong answer is what must not be. */
    if (status == DOXIN_E_DATABASE_DOWN)
        return 0;
    if (status != DOXIN_OK)
        return fprintf(stderr, "%s\n", ctx->error.message) > 0;
    const char *me = dx_rows_text(rows, 0, 0);
    return own->user == NULL ? me != NULL : me == NULL || strcmp(me, own->user) != 0;
}

static void *ask(void *data)
{
    asker *own = data;
    dx_ctx ctx;
    if (!dx_ctx_init(&ctx, 0))
        return NULL;
    ctx.user_id = own->user;
    ctx.purpose = own->user != NULL ? "user" : NULL;
    for (int i = 0; i < ROUNDS; i++) {
        own->wrong += wrong_answer(own, &ctx);
        dx_arena_reset(ctx.arena);
    }
    /* A statement that somebody else ends. */
    ctx.cancel = &own->cancel;
    doxin_status status = dx_db_exec(own->db, &ctx, DX_LOGIN_APPLICATION, "SELECT pg_sleep(60)", DX_NO_PARAMS, NULL);
    own->wrong += status != DOXIN_E_CANCELED && status != DOXIN_E_DATABASE_DOWN;
    atomic_store(&own->done, true);
    dx_ctx_destroy(&ctx);
    return NULL;
}

static void *listen_on(void *data)
{
    dx_listener *listener = data;
    dx_ctx ctx;
    static dx_notice notice;
    if (!dx_ctx_init(&ctx, 0))
        return NULL;
    do
        notice.woken = false;
    while (dx_listener_wait(listener, &ctx, 60000, &notice) == DOXIN_OK && !notice.woken);
    dx_ctx_destroy(&ctx);
    return NULL;
}

static doxin_status prepare(dx_db *db, dx_ctx *ctx)
{
    dx_buffer out;
    dx_writer writer;
    dx_buffer_init(&out, 0);
    dx_write_init(&writer, &out);
    doxin_status status = dx_schema_migrate(db, ctx, "up", NULL, &writer);
    dx_buffer_free(&out);
    if (status == DOXIN_OK)
        status = dx_db_exec(db, ctx, DX_LOGIN_OWNER,
                            "INSERT INTO users (id, email) VALUES ($1, 'a@example.org'), ($2, 'b@example.org') "
                            "ON CONFLICT DO NOTHING",
                            DX_PARAMS(users[0], users[1]), NULL);
    return status;
}

/* other: a pool of its own for ending connections, as those of db may all be asleep. */
static int run(dx_db *db, dx_db *other, dx_ctx *ctx)
{
    static asker askers[ASKERS];
    pthread_t threads[ASKERS], ear;
    dx_listener *listener = NULL;
    int wrong = 0;
    if (prepare(db, ctx) != DOXIN_OK ||
        dx_db_listen(db, ctx, (const char *const[]){"doxin_events"}, 1, &listener) != DOXIN_OK)
        return fprintf(stderr, "%s\n", ctx->error.message), 1;
    pthread_create(&ear, NULL, listen_on, listener);
    for (int i = 0; i < ASKERS; i++) {
        askers[i].db = db;
        askers[i].user = users[i % 3];
        dx_cancel_init(&askers[i].cancel);
        pthread_create(&threads[i], NULL, ask, &askers[i]);
    }
    for (int i = 0; i < 5; i++) {
        usleep(100000);
        /* Its own connections only: the login may end those of its own role. */
        (void)dx_db_exec(db, ctx, DX_LOGIN_OWNER, "SELECT pg_notify('doxin_events', 'x')", DX_NO_PARAMS, NULL);
        (void)dx_db_exec(other, ctx, DX_LOGIN_APPLICATION,
                         "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                         "WHERE usename = current_user AND pid <> pg_backend_pid() LIMIT 2",
                         DX_NO_PARAMS, NULL);
    }
    for (int i = 0; i < ASKERS; i++) {
        while (!atomic_load(&askers[i].done)) {
            dx_cancel_ask(&askers[i].cancel);
            usleep(10000);
        }
        pthread_join(threads[i], NULL);
        wrong += askers[i].wrong;
        dx_cancel_destroy(&askers[i].cancel);
    }
    dx_listener_wake(listener);
    pthread_join(ear, NULL);
    dx_listener_free(listener);
    printf("%d threads, %d wrong answers\n", ASKERS, wrong);
    return wrong != 0;
}

int main(void)
{
    dx_ctx ctx;
    dx_db *db = NULL, *other = NULL;
    dx_db_options options = {.url = getenv("DATABASE_URL"),
                             .direct_url = getenv("DATABASE_DIRECT_URL"),
                             .owner_url = getenv("DATABASE_OWNER_URL"),
                             .pool_size = 3};
    if (!dx_ctx_init(&ctx, 0) || dx_db_open(&ctx, &options, &db) != DOXIN_OK ||
        dx_db_open(&ctx, &options, &other) != DOXIN_OK)
        return fprintf(stderr, "start this with test_postgres\n"), 2;
    int code = run(db, other, &ctx);
    dx_db_free(other);
    dx_db_free(db);
    dx_ctx_destroy(&ctx);
    return code;
}
