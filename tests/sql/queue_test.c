/* The queue: nothing lost, nothing done twice, whoever is late is refused. */
#include "app/queue/job.h"
#include "app_support.h"
#include "base/rt/clock.h"

#include <criterion/criterion.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static atomic_int runs;      /* of any handler */
static atomic_int ended_for; /* calls of a handler's end */
static atomic_bool hang;     /* "hang" goes on hanging */

static doxin_status count_run(dx_job *job, dx_ctx *ctx)
{
    (void)job;
    (void)ctx;
    atomic_fetch_add(&runs, 1);
    return DOXIN_OK;
}

static doxin_status fail_badly(dx_job *job, dx_ctx *ctx)
{
    (void)job;
    atomic_fetch_add(&runs, 1);
    return dx_fail(ctx, DOXIN_E_ENCRYPTED, "the document is encrypted");
}

static doxin_status fail_for_now(dx_job *job, dx_ctx *ctx)
{
    (void)job;
    atomic_fetch_add(&runs, 1);
    return dx_fail(ctx, DOXIN_E_UNAVAILABLE, "something is away");
}

/* Until the cancel. */
static doxin_status wait_long(dx_job *job, dx_ctx *ctx)
{
    atomic_fetch_add(&runs, 1);
    while (dx_check(ctx) == DOXIN_OK) {
        dx_job_alive(job, 1000);
        usleep(5000);
    }
    return DOXIN_E_CANCELED;
}

/* Shows no sign of life, does not look at its cancel, and then wants to write. */
static doxin_status hang_and_write(dx_job *job, dx_ctx *ctx)
{
    if (atomic_fetch_add(&runs, 1) > 0)
        return DOXIN_OK;
    dx_job_alive(job, 0);
    while (atomic_load(&hang))
        usleep(5000);
    ctx->cancel = NULL;
    return dx_job_stage(job, ctx, "late", 50);
}

static doxin_status note_end(const dx_job *job, dx_tx *tx, dx_ctx *ctx, const char *status, const dx_error *error)
{
    (void)job;
    (void)status;
    (void)error;
    atomic_fetch_add(&ended_for, 1);
    return dx_tx_exec(tx, ctx, "SELECT 1", DX_NO_PARAMS, NULL);
}

static const dx_job_handler handlers[] = {
    {.type = "count", .run = count_run},
    {.type = "bad", .run = fail_badly, .ended = note_end},
    {.type = "away", .run = fail_for_now, .ended = note_end},
    {.type = "long", .run = wait_long, .ended = note_end},
    {.type = "hang", .run = hang_and_write},
};
static const dx_module module = {.name = "test", .jobs = handlers, .job_count = sizeof handlers / sizeof handlers[0]};
const dx_module *const dx_modules[] = {&dx_queue_module, &module, NULL};

/* ---- help ------------------------------------------------------------------------------------------------------------------- */

typedef struct putting {
    const char *type, *user;
    int count, priority;
    char id[DX_UUID_TEXT];
} putting;

static doxin_status put_in(dx_tx *tx, dx_ctx *ctx, void *data)
{
    putting *of = data;
    doxin_status status = DOXIN_OK;
    for (int i = 0; status == DOXIN_OK && i < of->count; i++) {
        dx_job_order order = {.type = of->type, .user_id = of->user, .priority = of->priority, .auto_save = true};
        status = dx_queue_put(tx, ctx, &order, of->id);
    }
    return status;
}

static const char *put(stage *s, const char *type, const char *user, int count, int priority)
{
    static putting of;
    of = (putting){.type = type, .user = user, .count = count, .priority = priority};
    stage_as(s, "user", user);
    doxin_status status = dx_db_transact(s->app->db, &s->ctx, DX_LOGIN_APPLICATION, DX_TX_PLAIN, put_in, &of);
    cr_assert_eq(status, DOXIN_OK, "%s", s->ctx.error.message);
    return of.id;
}

/* Until the query says "t", at most so long. */
static bool until(stage *s, int ms, const char *sql)
{
    int64_t end = dx_clock_ns() + (int64_t)ms * 1000000;
    world_as(&s->w, "worker", NULL);
    do {
        if (strcmp(world_value(&s->w, DX_LOGIN_APPLICATION, sql), "t") == 0)
            return true;
        usleep(20000);
    } while (dx_clock_ns() < end);
    return false;
}

static const char *value(stage *s, const char *sql)
{
    world_as(&s->w, "worker", NULL);
    return world_value(&s->w, DX_LOGIN_APPLICATION, sql);
}

/* ---- tests ------------------------------------------------------------------------------------------------------------------ */

Test(queue, does_each_job_once_with_several_workers)
{
    stage s;
    crew a, b;
    stage_open(&s, "queue_many");
    put(&s, "count", USER_A, 150, 0);
    put(&s, "count", USER_B, 50, 0);
    crew_start(&a, s.app, 3, 60000, "a");
    crew_start(&b, s.app, 3, 60000, "b");
    put(&s, "count", USER_A, 100, 0);
    cr_expect(until(&s, 60000, "SELECT count(*) = 300 FROM processing_jobs WHERE status = 'completed'"));
    crew_stop(&a);
    crew_stop(&b);
    cr_expect_eq(atomic_load(&runs), 300);
    cr_expect_str_eq(value(&s, "SELECT count(*) FROM processing_jobs WHERE attempts <> 1 OR fence <> 1"), "0");
    cr_expect_str_eq(value(&s, "SELECT count(*) FROM job_events WHERE type = 'completed'"), "300");
    cr_expect_str_eq(value(&s, "SELECT count(*) = 300 * 3 * 2 FROM events"), "t", "three changes in two rooms");
    stage_close(&s);
}

Test(queue, takes_turns_between_users_and_the_urgent_first)
{
    stage s;
    dx_job job;
    bool found;
    char order[8] = "";
    char recent[100] = "{}";
    stage_open(&s, "queue_turns");
    put(&s, "count", USER_A, 4, 0);
    put(&s, "count", USER_B, 2, 0);
    put(&s, "count", USER_A, 1, 10);
    for (int i = 0; i < 7; i++) {
        cr_assert_eq(dx_job_claim(s.app, &s.ctx, "w", 60000, recent, &job, &found), DOXIN_OK, "%s",
                     s.ctx.error.message);
        cr_assert(found);
        order[i] = strcmp(job.user_id, USER_A) == 0 ? 'a' : 'b';
        snprintf(recent, sizeof recent, "{%s}", job.user_id);
        dx_error none = {.status = DOXIN_E_CANCELED};
        cr_assert_eq(dx_job_end(&job, &s.ctx, "cancelled", false, &none), DOXIN_OK, "%s", s.ctx.error.message);
        dx_job_clear(&job);
    }
    cr_expect_str_eq(order, "ababaaa");
    stage_close(&s);
}

Test(queue, a_bad_document_fails_at_once)
{
    stage s;
    crew a;
    stage_open(&s, "queue_bad");
    put(&s, "bad", USER_A, 1, 0);
    crew_start(&a, s.app, 1, 60000, "a");
    cr_expect(until(&s, 10000, "SELECT count(*) = 1 FROM processing_jobs WHERE status = 'failed'"));
    crew_stop(&a);
    cr_expect_eq(atomic_load(&runs), 1);
    cr_expect_eq(atomic_load(&ended_for), 1);
    cr_expect_str_eq(value(&s, "SELECT error_code || ' ' || (dead_at IS NULL)::text FROM processing_jobs"),
                     "DOXIN_E_ENCRYPTED true");
    stage_close(&s);
}

Test(queue, what_may_pass_is_tried_again_and_then_dead)
{
    stage s;
    crew a;
    stage_open(&s, "queue_away");
    put(&s, "away", USER_A, 1, 0);
    world_super(&s.w, "UPDATE processing_jobs SET max_attempts = 2");
    crew_start(&a, s.app, 1, 60000, "a");
    cr_expect(until(&s, 20000, "SELECT count(*) = 1 FROM processing_jobs WHERE dead_at IS NOT NULL"));
    crew_stop(&a);
    cr_expect_eq(atomic_load(&runs), 2);
    cr_expect_eq(atomic_load(&ended_for), 1);
    cr_expect_str_eq(value(&s, "SELECT status || ' ' || attempts || ' ' || error_code FROM processing_jobs"),
                     "failed 2 DOXIN_E_UNAVAILABLE");
    cr_expect_str_eq(value(&s, "SELECT string_agg(type, ' ' ORDER BY id) FROM job_events"),
                     "queued claimed retry claimed dead");
    stage_close(&s);
}

Test(queue, a_worker_that_stops_gives_its_job_back)
{
    stage s;
    crew a;
    stage_open(&s, "queue_stop");
    put(&s, "long", USER_A, 1, 0);
    crew_start(&a, s.app, 1, 60000, "a");
    cr_expect(until(&s, 10000, "SELECT count(*) = 1 FROM processing_jobs WHERE status = 'running'"));
    int64_t start = dx_clock_ns();
    crew_stop(&a);
    cr_expect_lt(dx_clock_ns() - start, 8000000000);
    cr_expect_str_eq(value(&s, "SELECT status || ' ' || attempts FROM processing_jobs"), "pending 0");
    stage_close(&s);
}

Test(queue, cancels_what_waits_and_what_runs)
{
    stage s;
    crew a;
    char args[100];
    stage_open(&s, "queue_cancel");
    snprintf(args, sizeof args, "{\"id\":\"%s\"}", put(&s, "long", USER_A, 1, 0));
    const dx_json *answer = stage_call(&s, DOXIN_OK, "jobs.cancel", args);
    cr_expect_str_eq(text_at(answer, "/status"), "cancelled");
    stage_call(&s, DOXIN_E_CONFLICT, "jobs.cancel", args);
    snprintf(args, sizeof args, "{\"id\":\"%s\"}", put(&s, "long", USER_A, 1, 0));
    stage_as(&s, "user", USER_B);
    stage_call(&s, DOXIN_E_NOT_FOUND, "jobs.cancel", args);
    stage_as(&s, "user", USER_A);
    crew_start(&a, s.app, 1, 60000, "a");
    cr_expect(until(&s, 10000, "SELECT count(*) = 1 FROM processing_jobs WHERE status = 'running'"));
    answer = stage_call(&s, DOXIN_OK, "jobs.cancel", args);
    cr_expect_str_eq(text_at(answer, "/status"), "running");
    cr_expect(until(&s, 5000, "SELECT count(*) = 2 FROM processing_jobs WHERE status = 'cancelled'"));
    crew_stop(&a);
    cr_expect_eq(atomic_load(&ended_for), 1);
    stage_close(&s);
}

Test(queue, finds_the_lost_and_refuses_the_late)
{
    stage s;
    crew a, b;
    stage_open(&s, "queue_lost");
    atomic_store(&hang, true);
    put(&s, "hang", USER_A, 1, 0);
    crew_start(&a, s.app, 1, 1500, "a");
    cr_expect(until(&s, 10000, "SELECT count(*) = 1 FROM processing_jobs WHERE lease_owner = 'a'"));
    crew_start(&b, s.app, 1, 1500, "b");
    cr_expect(until(&s, 20000, "SELECT count(*) = 1 FROM processing_jobs WHERE status = 'completed' AND fence = 2"),
              "the other worker finds it");
    atomic_store(&hang, false);
    usleep(300000);
    crew_stop(&a);
    crew_stop(&b);
    cr_expect_eq(atomic_load(&runs), 2);
    cr_expect_str_eq(value(&s, "SELECT status || ' ' || current_stage || ' ' || progress FROM processing_jobs"),
                     "completed completed 100");
    cr_expect_str_eq(value(&s, "SELECT count(*) FROM job_events WHERE stage = 'late'"), "0");
    stage_close(&s);
}

Test(queue, a_lease_lost_for_the_last_time_is_a_dead_letter)
{
    stage s;
    dx_job job;
    bool found;
    int64_t count;
    stage_open(&s, "queue_dead");
    put(&s, "bad", USER_A, 1, 0);
    world_super(&s.w, "UPDATE processing_jobs SET max_attempts = 1");
    cr_assert_eq(dx_job_claim(s.app, &s.ctx, "w", 1000, "{}", &job, &found), DOXIN_OK);
    cr_assert(found);
    world_super(&s.w, "UPDATE processing_jobs SET lease_until = now() - interval '1 second'");
    cr_assert_eq(dx_job_reap(s.app, &s.ctx, &count), DOXIN_OK, "%s", s.ctx.error.message);
    cr_expect_eq(count, 1);
    cr_expect_eq(atomic_load(&ended_for), 1);
    cr_expect_str_eq(
        value(&s, "SELECT status || ' ' || error_code || ' ' || (dead_at IS NOT NULL) FROM processing_jobs"),
        "failed DOXIN_E_LEASE_LOST true");
    s.ctx.purpose = "user";
    s.ctx.user_id = USER_A;
    cr_expect_eq(dx_job_stage(&job, &s.ctx, "late", 10), DOXIN_E_LEASE_LOST);
    cr_expect_eq(dx_job_return(&job, &s.ctx), DOXIN_E_LEASE_LOST);
    dx_job_clear(&job);
    stage_close(&s);
}

Test(queue, a_job_of_somebody_who_was_removed_ends)
{
    stage s;
    crew a;
    stage_open(&s, "queue_removed");
    put(&s, "bad", USER_A, 1, 0);
    world_super(&s.w, "UPDATE users SET is_active = false WHERE id = '" USER_A "'");
    crew_start(&a, s.app, 1, 60000, "a");
    cr_expect(until(&s, 10000, "SELECT count(*) = 1 FROM processing_jobs WHERE status = 'failed'"));
    crew_stop(&a);
    stage_close(&s);
}
