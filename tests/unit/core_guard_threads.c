/* One policy, eight threads that check statements at the same time, and more threads one after the other than there are
 * pthread keys. A main of its own: Criterion does not run under the thread sanitizer. Exit 0: everything held. */
#include "core/guard/guard.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { THREADS = 8, ROUNDS = 60, SHORT_LIVED = 1500 };

static const struct {
    const char *sql;
    doxin_status status;
} statements[] = {
    {"SELECT sum(total_amount) FROM invoices", DOXIN_OK},
    {"SELECT i.invoice_number, count(l.id) FROM invoices i JOIN invoice_line_items l ON l.invoice_id = i.id GROUP BY "
     "i.id",
     DOXIN_OK},
    {"SELECT * FROM users", DOXIN_E_SQL_TABLE},
    {"SELECT pg_sleep(1)", DOXIN_E_SQL_FUNCTION},
    {"SELECT (", DOXIN_E_SQL_SYNTAX},
    {"WITH x AS (SELECT vendor_name FROM invoices) SELECT count(*) FROM x", DOXIN_OK},
};
enum { STATEMENTS = sizeof statements / sizeof statements[0] };

static const dx_policy *policy;
static char expected[STATEMENTS][2000];
static atomic_int mistakes;

static void check(dx_ctx *ctx, int index)
{
    dx_sql_checked checked = {.sql = NULL};
    dx_arena_reset(ctx->arena);
    dx_error_clear(&ctx->error);
    doxin_status status =
        dx_guard_check(ctx, policy, statements[index].sql, strlen(statements[index].sql), NULL, &checked);
    if (status != statements[index].status || (status == DOXIN_OK && strcmp(checked.sql, expected[index]) != 0))
        atomic_fetch_add(&mistakes, 1);
}

static void *run(void *rounds)
{
    dx_ctx ctx;
    if (!dx_ctx_init(&ctx, 0))
        return NULL;
    for (int i = 0; i < *(const int *)rounds; i++)
        for (int k = 0; k < STATEMENTS; k++)
            check(&ctx, k);
    dx_ctx_destroy(&ctx);
    return NULL;
}

static int many_at_once(void)
{
    static const int rounds = ROUNDS;
    pthread_t threads[THREADS];
    int count = 0;
    while (count < THREADS && pthread_create(&threads[count], NULL, run, (void *)&rounds) == 0)
        count++;
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    return count == THREADS;
}

static int many_in_turn(void)
{
    static const int rounds = 1;
    for (int i = 0; i < SHORT_LIVED; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, run, (void *)&rounds) != 0)
            return 0;
        pthread_join(thread, NULL);
    }
    pthread_key_t key;
    return pthread_key_create(&key, NULL) == 0 && pthread_key_delete(key) == 0;
}

int main(void)
{
    dx_ctx ctx;
    dx_policy *made = NULL;
    size_t length;
    const char *text = dx_policy_own(&length);
    if (!dx_ctx_init(&ctx, 0) || dx_policy_read(&ctx, text, length, &made) != DOXIN_OK)
        return 1;
    policy = made;
    for (int i = 0; i < STATEMENTS; i++) {
        dx_sql_checked checked;
        if (dx_guard_check(&ctx, policy, statements[i].sql, strlen(statements[i].sql), NULL, &checked) == DOXIN_OK)
            snprintf(expected[i], sizeof expected[i], "%s", checked.sql);
    }
    int held = many_at_once();
    held = many_in_turn() && held;
    printf("%d mistakes in %d statements\n", mistakes, (THREADS * ROUNDS + SHORT_LIVED) * STATEMENTS);
    dx_policy_drop(made);
    dx_ctx_destroy(&ctx);
    return held && mistakes == 0 ? 0 : 1;
}
