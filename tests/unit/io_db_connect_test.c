/* Reading addresses, and connecting to a server that sleeps, refuses or is not there: without a database. */
#include "base/rt/clock.h"
#include "io/db/db_internal.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *value_of(const db_target *target, const char *keyword)
{
    for (int i = 0; i < target->count; i++)
        if (strcmp(target->keywords[i], keyword) == 0)
            return target->values[i];
    return "";
}

static dx_ctx new_ctx(void)
{
    dx_ctx ctx;
    cr_assert(dx_ctx_init(&ctx, 0));
    return ctx;
}

#define NEON "postgresql://u:p@ep-cool-1-pooler.eu-central-1.aws.neon.tech/doxin"

Test(io_db, neon_is_recognised_by_its_host)
{
    dx_ctx ctx = new_ctx();
    db_target target;
    cr_assert_eq(db_target_read(&ctx, NEON "?sslmode=disable", false, "X", &target), DOXIN_OK);
    cr_assert(target.neon);
    cr_assert_str_eq(value_of(&target, "host"), "ep-cool-1-pooler.eu-central-1.aws.neon.tech");
    cr_assert_str_eq(value_of(&target, "sslmode"), "verify-full");
    cr_assert_str_neq(value_of(&target, "sslrootcert"), "");
    db_target_clear(&target);
    cr_assert_eq(db_target_read(&ctx, NEON, true, "X", &target), DOXIN_OK);
    cr_assert_str_eq(value_of(&target, "host"), "ep-cool-1.eu-central-1.aws.neon.tech");
    db_target_clear(&target);
    static const char *const others[] = {"postgresql://u@localhost/d", "postgresql://u@neon.tech.example.org/d",
                                         "postgresql://u@xneon.tech/d", "host=/var/run dbname=d"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        cr_assert_eq(db_target_read(&ctx, others[i], true, "X", &target), DOXIN_OK);
        cr_expect_not(target.neon, "%s", others[i]);
        cr_expect_str_eq(value_of(&target, "sslmode"), "");
        cr_expect_str_eq(value_of(&target, "client_encoding"), "UTF8");
        db_target_clear(&target);
    }
    dx_ctx_destroy(&ctx);
}

static int64_t pool_size(const char *url)
{
    dx_ctx ctx = new_ctx();
    dx_db *db = NULL;
    dx_db_options options = {.url = url};
    cr_assert_eq(dx_db_open(&ctx, &options, &db), DOXIN_OK);
    int limit = db->pool[DX_LOGIN_APPLICATION].limit;
    dx_db_free(db);
    dx_ctx_destroy(&ctx);
    return limit;
}

Test(io_db, the_pool_is_small_on_neon)
{
    cr_assert_eq(pool_size(NEON), 5);
    cr_assert_eq(pool_size("postgresql://u@localhost/d"), 10);
}

/* ---- a server that says one thing and hangs up -------------------------------------------------------------------------- */

typedef struct refuser {
    int listener, port;
    const char *state; /* SQLSTATE; NULL: says nothing */
    atomic_int visits;
} refuser;

static void *refuse(void *data)
{
    refuser *own = data;
    int client;
    while ((client = accept(own->listener, NULL, NULL)) >= 0) {
        char packet[512], answer[200];
        atomic_fetch_add(&own->visits, 1);
        ssize_t got = read(client, packet, sizeof packet);
        if (own->state != NULL && got > 0) {
            int length = snprintf(answer + 5, sizeof answer - 5, "SFATAL%cVFATAL%cC%s%cMin the server's words%c%c", 0,
                                  0, own->state, 0, 0, 0);
            uint32_t size = htonl((uint32_t)length + 4);
            answer[0] = 'E';
            memcpy(answer + 1, &size, 4);
            got = write(client, answer, (size_t)length + 5);
        } else if (own->state == NULL) {
            sleep(3);
        }
        close(client);
    }
    return NULL;
}

static doxin_status connect_to(refuser *own, dx_ctx *ctx, int timeout_ms)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    char url[100];
    pthread_t thread;
    db_target target;
    db_connection *connection = NULL;
    own->listener = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert_eq(bind(own->listener, (struct sockaddr *)&address, sizeof address), 0);
    cr_assert_eq(listen(own->listener, 8), 0);
    cr_assert_eq(getsockname(own->listener, (struct sockaddr *)&address, &size), 0);
    pthread_create(&thread, NULL, refuse, own);
    snprintf(url, sizeof url, "postgresql://u:secret@127.0.0.1:%d/d?sslmode=disable", ntohs(address.sin_port));
    cr_assert_eq(db_target_read(ctx, url, false, "X", &target), DOXIN_OK);
    doxin_status status = db_connect(ctx, &target, timeout_ms, NULL, &connection);
    cr_assert_null(connection);
    db_target_clear(&target);
    shutdown(own->listener, SHUT_RDWR);
    pthread_join(thread, NULL);
    close(own->listener);
    return status;
}

Test(io_db, a_starting_server_is_tried_again_until_the_timeout)
{
    dx_ctx ctx = new_ctx();
    refuser own = {.state = "57P03"};
    int64_t begun = dx_clock_ns();
    cr_assert_eq(connect_to(&own, &ctx, 2500), DOXIN_E_DATABASE_DOWN);
    int64_t took_ms = (dx_clock_ns() - begun) / 1000000;
    cr_assert_gt(atomic_load(&own.visits), 2);
    cr_assert_gt(took_ms, 1000, "gave up after %d ms", (int)took_ms);
    cr_assert_lt(took_ms, 3500);
    cr_assert_not_null(strstr(ctx.error.message, "in the server's words"), "%s", ctx.error.message);
    dx_ctx_destroy(&ctx);
}

Test(io_db, a_wrong_password_is_not_tried_again)
{
    dx_ctx ctx = new_ctx();
    refuser own = {.state = "28P01"};
    cr_assert_eq(connect_to(&own, &ctx, 5000), DOXIN_E_CONFIG);
    cr_assert_eq(atomic_load(&own.visits), 1);
    cr_assert_null(strstr(ctx.error.message, "secret"));
    dx_ctx_destroy(&ctx);
}

Test(io_db, a_silent_server_ends_with_the_deadline)
{
    dx_ctx ctx = new_ctx();
    refuser own = {.state = NULL};
    int64_t begun = dx_clock_ns();
    ctx.deadline_ns = begun + 300 * 1000000LL;
    doxin_status status = connect_to(&own, &ctx, 5000);
    cr_assert(status == DOXIN_E_DATABASE_DOWN || status == DOXIN_E_TIMEOUT);
    dx_ctx_destroy(&ctx);
}

Test(io_db, messages_of_any_language_give_their_state)
{
    char line[200], state[6];
    db_first_line("FATAL:  57P01: terminating connection\nDETAIL: x", line, sizeof line, state);
    cr_assert_str_eq(state, "57P01");
    cr_assert_str_eq(line, "terminating connection");
    db_first_line("connection to server at \"h\", port 1 failed: FATALE:  3D000: la base « x »\n", line, sizeof line,
                  state);
    cr_assert_str_eq(state, "3D000");
    cr_assert_str_eq(line, "la base « x »");
    db_first_line("could not connect", line, sizeof line, state);
    cr_assert_str_eq(state, "");
    cr_assert_str_eq(line, "could not connect");
    db_first_line("", line, sizeof line, state);
    cr_assert_str_eq(line, "");
}
