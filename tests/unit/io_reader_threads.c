/* Threads that share a reader while its processes are killed and its calls cancelled. A plain program, without a test
 * framework, so that it runs under ThreadSanitizer. */
#include "io_reader_samples.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { THREADS = 8, ROUNDS = 6, KILLS = 3 };

typedef struct shared {
    dx_reader *reader;
    dx_buffer document, endless;
} shared;

typedef struct worker {
    shared *with;
    pthread_t thread;
    int good, lost, other; /* read; ended by a kill; anything else */
} worker;

static void count(worker *at, doxin_status status, const dx_error *error)
{
    if (status == DOXIN_OK)
        at->good++;
    else if (status == DOXIN_E_PARSER_DIED)
        at->lost++;
    else if (++at->other)
        fprintf(stderr, "%d: %s\n", (int)status, error->message);
}

static void *read_documents(void *data)
{
    worker *at = data;
    for (int i = 0; i < ROUNDS; i++) {
        sample_call call;
        dx_message message;
        sample_call_begin(&call);
        doxin_status status = dx_reader_read(at->with->reader, &call.ctx, at->with->document.data,
                                             at->with->document.len, NULL, &message);
        count(at, status, &call.ctx.error);
        dx_message_free(&message);
        sample_call_end(&call);
    }
    return NULL;
}

typedef struct canceled {
    shared *with;
    sample_call call;
    doxin_status status;
} canceled;

static void *read_endless(void *data)
{
    canceled *at = data;
    dx_message message;
    at->status =
        dx_reader_read(at->with->reader, &at->call.ctx, at->with->endless.data, at->with->endless.len, NULL, &message);
    dx_message_free(&message);
    return NULL;
}

/* Each round cancels a call that runs and then kills the program under the others. */
static int disturb(shared *with)
{
    int wrong = 0;
    for (int i = 0; i < KILLS; i++) {
        canceled at = {.with = with};
        pthread_t thread;
        sample_call_begin(&at.call);
        pthread_create(&thread, NULL, read_endless, &at);
        for (int k = 0; k < 500 && sample_child() == 0; k++)
            usleep(10000);
        dx_cancel_ask(&at.call.cancel);
        pthread_join(thread, NULL);
        wrong += at.status != DOXIN_E_CANCELED && at.status != DOXIN_E_PARSER_DIED;
        sample_call_end(&at.call);
        int id = sample_prepared();
        if (id > 0)
            kill(id, SIGKILL);
    }
    return wrong;
}

int main(void)
{
    static shared with;
    static worker workers[THREADS];
    const dx_reader_options options = {.program = sample_program(), .parsers = 3};
    int good = 0, lost = 0, other = 0;
    dx_buffer_init(&with.document, 0);
    dx_buffer_init(&with.endless, 0);
    sample_pdf(&with.document, 1, "one page");
    sample_endless_pdf(&with.endless);
    if (dx_reader_new(&options, &with.reader) != DOXIN_OK)
        return 1;
    for (int i = 0; i < THREADS; i++) {
        workers[i].with = &with;
        pthread_create(&workers[i].thread, NULL, read_documents, &workers[i]);
    }
    int wrong = disturb(&with);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        good += workers[i].good;
        lost += workers[i].lost;
        other += workers[i].other;
    }
    dx_reader_free(with.reader);
    dx_buffer_free(&with.document);
    dx_buffer_free(&with.endless);
    printf("%d read, %d lost by kills, %d otherwise, %d cancels wrong\n", good, lost, other, wrong);
    return other == 0 && wrong == 0 && good + lost == THREADS * ROUNDS && good > lost ? 0 : 1;
}
