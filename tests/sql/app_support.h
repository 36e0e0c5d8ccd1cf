/* An application over a database of its own and a folder of its own, with jobs that tests steer. */
#ifndef TESTS_SQL_APP_SUPPORT_H
#define TESTS_SQL_APP_SUPPORT_H

#include "app/op/op.h"
#include "app/queue/queue.h"
#include "app/queue/worker.h"
#include "support.h"

typedef struct stage {
    world w;
    dx_app *app;
    dx_ctx ctx;
    char folder[64];
    dx_json *answers[256]; /* freed at the end */
    size_t answer_count;
} stage;

void stage_open(stage *s, const char *name);
void stage_close(stage *s);
/* Who asks from here on. */
void stage_as(stage *s, const char *purpose, const char *user);
/* Calls an operation and returns its answer, which lives until stage_close; the test ends when the status is another. */
const dx_json *stage_call(stage *s, doxin_status expected, const char *operation, const char *args);
/* The member at an RFC 6901 pointer as text; "" when there is none. */
const char *text_at(const dx_json *json, const char *pointer);

/* A worker of its own thread and engine, as a process would be. */
typedef struct crew {
    dx_app *app;
    dx_cancel cancel;
    dx_ctx ctx;
    pthread_t thread;
    dx_worker_options options;
    doxin_status status;
} crew;
void crew_start(crew *c, dx_app *app, int threads, int lease_ms, const char *name);
void crew_stop(crew *c);

#endif
