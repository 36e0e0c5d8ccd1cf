/* What happens to readers when processes die, threads share and hosts interfere. */
#include "io_reader_samples.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 8, READS = 4 };

static dx_reader *reader;
static dx_buffer document, endless;

static void open_reader(int parsers)
{
    const dx_reader_options options = {.program = sample_program(), .parsers = parsers, .timeout_ms = 30000};
    cr_assert_eq(dx_reader_new(&options, &reader), DOXIN_OK);
}

static void set_up(void)
{
    dx_buffer_init(&document, 0);
    dx_buffer_init(&endless, 0);
    sample_pdf(&document, 1, "one page");
    sample_endless_pdf(&endless);
}

static void tear_down(void)
{
    dx_reader_free(reader);
    dx_buffer_free(&document);
    dx_buffer_free(&endless);
}

TestSuite(reader_process, .init = set_up, .fini = tear_down, .timeout = 120);

static doxin_status read_one(const dx_buffer *bytes, sample_call *call)
{
    dx_message message;
    doxin_status status = dx_reader_read(reader, &call->ctx, bytes->data, bytes->len, NULL, &message);
    dx_message_free(&message);
    return status;
}

static doxin_status read_document(void)
{
    sample_call call;
    sample_call_begin(&call);
    doxin_status status = read_one(&document, &call);
    sample_call_end(&call);
    return status;
}

/* A thread with a document that ends only when something is done about it. */
typedef struct endless_read {
    pthread_t thread;
    sample_call call;
    doxin_status status;
} endless_read;

static void *read_endless(void *data)
{
    endless_read *reading = data;
    reading->status = read_one(&endless, &reading->call);
    return NULL;
}

static void start_endless(endless_read *reading)
{
    sample_call_begin(&reading->call);
    cr_assert_eq(pthread_create(&reading->thread, NULL, read_endless, reading), 0);
}

static doxin_status end_endless(endless_read *reading)
{
    pthread_join(reading->thread, NULL);
    sample_call_end(&reading->call);
    return reading->status;
}

static int wait_for(int (*find)(void))
{
    int id = 0;
    for (int i = 0; i < 1000 && (id = find()) == 0; i++)
        usleep(10000);
    cr_assert(id > 0);
    return id;
}

Test(reader_process, a_killed_child_costs_its_document_only)
{
    endless_read reading;
    open_reader(2);
    start_endless(&reading);
    kill(wait_for(sample_child), SIGKILL);
    cr_assert_eq(end_endless(&reading), DOXIN_E_PARSER_DIED);
    cr_assert_eq(read_document(), DOXIN_OK);
}

Test(reader_process, a_killed_program_is_started_again)
{
    open_reader(2);
    cr_assert_eq(read_document(), DOXIN_OK);
    int before = sample_prepared();
    kill(before, SIGKILL);
    for (int i = 0; i < 5; i++)
        cr_assert_eq(read_document(), DOXIN_OK);
    cr_assert_neq(wait_for(sample_prepared), before);
}

Test(reader_process, a_program_killed_while_it_reads_gets_a_second_chance)
{
    endless_read reading;
    open_reader(2);
    start_endless(&reading);
    wait_for(sample_child);
    int first = sample_prepared();
    kill(first, SIGKILL);
    for (int i = 0; i < 1000 && (sample_prepared() == 0 || sample_prepared() == first || sample_child() == 0); i++)
        usleep(10000);
    kill(wait_for(sample_prepared), SIGKILL);
    cr_assert_eq(end_endless(&reading), DOXIN_E_PARSER_DIED);
    cr_assert_eq(read_document(), DOXIN_OK);
}

Test(reader_process, cancel_ends_the_read_and_its_child)
{
    endless_read reading;
    open_reader(2);
    start_endless(&reading);
    wait_for(sample_child);
    dx_cancel_ask(&reading.call.cancel);
    cr_assert_eq(end_endless(&reading), DOXIN_E_CANCELED);
    for (int i = 0; i < 500 && sample_child() != 0; i++)
        usleep(10000);
    cr_assert_eq(sample_child(), 0);
}

Test(reader_process, cancel_reaches_a_read_that_waits_for_its_turn)
{
    endless_read first, second;
    open_reader(1);
    start_endless(&first);
    wait_for(sample_child);
    start_endless(&second);
    usleep(50000);
    dx_cancel_ask(&second.call.cancel);
    cr_assert_eq(end_endless(&second), DOXIN_E_CANCELED);
    dx_cancel_ask(&first.call.cancel);
    cr_assert_eq(end_endless(&first), DOXIN_E_CANCELED);
    cr_assert_eq(read_document(), DOXIN_OK);
}

static void *read_many(void *data)
{
    long *good = data;
    for (int i = 0; i < READS; i++)
        *good += read_document() == DOXIN_OK;
    return NULL;
}

static void read_with_threads(void)
{
    pthread_t threads[THREADS];
    long good[THREADS] = {0};
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, read_many, &good[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(good[i], READS);
}

Test(reader_process, eight_threads_share_a_reader)
{
    open_reader(3);
    read_with_threads();
}

Test(reader_process, a_host_that_ignores_its_children)
{
    signal(SIGCHLD, SIG_IGN);
    open_reader(2);
    read_with_threads();
    kill(wait_for(sample_prepared), SIGKILL);
    cr_assert_eq(read_document(), DOXIN_OK);
}

static void *wait_for_all(void *data)
{
    const volatile sig_atomic_t *stop = data;
    while (!*stop)
        if (waitpid(-1, NULL, WNOHANG) <= 0)
            usleep(1000);
    return NULL;
}

Test(reader_process, a_host_that_reaps_all_children)
{
    volatile sig_atomic_t stop = 0;
    pthread_t thief;
    cr_assert_eq(pthread_create(&thief, NULL, wait_for_all, (void *)&stop), 0);
    open_reader(2);
    cr_assert_eq(read_document(), DOXIN_OK);
    kill(wait_for(sample_prepared), SIGKILL);
    for (int i = 0; i < 3; i++)
        cr_assert_eq(read_document(), DOXIN_OK);
    dx_reader_free(reader);
    reader = NULL;
    stop = 1;
    pthread_join(thief, NULL);
}

Test(reader_process, a_program_that_is_not_there_or_not_ours)
{
    static const char *const programs[] = {"/nowhere/doxin-docparse", "/bin/true"};
    for (size_t i = 0; i < 2; i++) {
        sample_call call;
        const dx_reader_options options = {.program = programs[i]};
        sample_call_begin(&call);
        cr_assert_eq(dx_reader_new(&options, &reader), DOXIN_OK);
        cr_assert_eq(read_one(&document, &call), DOXIN_E_PARSER_MISSING, "%s", call.ctx.error.message);
        cr_assert(strstr(call.ctx.error.message, programs[i]), "%s", call.ctx.error.message);
        dx_reader_free(reader);
        reader = NULL;
        sample_call_end(&call);
    }
}

Test(reader_process, nothing_is_left_when_the_reader_is_freed)
{
    open_reader(1);
    cr_assert_eq(read_document(), DOXIN_OK);
    int id = wait_for(sample_prepared);
    dx_reader_free(reader);
    reader = NULL;
    cr_assert_eq(kill(id, 0), -1);
}
