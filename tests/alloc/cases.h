/* One case for each public function: what it needs, and one call of it. */
#ifndef TESTS_ALLOC_CASES_H
#define TESTS_ALLOC_CASES_H

#include "doxin/doxin.h"

#include <stdbool.h>
#include <stddef.h>

/* What a call gave, by the function that frees it. */
typedef struct outcome {
    doxin_engine *engine;
    doxin_session *session;
    doxin_task *task;
    doxin_asset *asset;
    doxin_document *document;
    doxin_upload *upload;
    doxin_options *options;
    doxin_value *value;
    doxin_bytes *bytes;
    char *text;
} outcome;

/* What stands when the call begins; made without failures, freed by trial_clear(). */
typedef struct trial {
    doxin_engine *engine;
    doxin_session *session;
    outcome given; /* further handles that the call works on */
    outcome out;   /* of the call */
} trial;

enum {
    NO_OUT = 1,      /* the call gives nothing through out */
    KEEP = 2,        /* what stands is made once, not for each n: making it is slow, and the call does not change it */
    NO_MEMORY = 4,   /* the call must not allocate at all */
    DATABASE = 8,    /* needs PostgreSQL */
    BEST_EFFORT = 16 /* may also succeed without the memory: its page in the headers says what is left out then */
};

typedef struct alloc_case {
    const char *function;
    void (*prepare)(trial *t); /* ends the program when it fails; NULL: nothing is needed */
    doxin_status (*call)(trial *t);
    doxin_status expected; /* without failure */
    int flags;
} alloc_case;

extern const alloc_case alloc_cases[];
extern const size_t alloc_case_count;

extern const alloc_case database_cases[];
extern const size_t database_case_count;

/* Ends the program when status is negative. */
void must(doxin_status status, const char *what);
void need_engine(trial *t);
void need_session(trial *t);
/* A file of the test data; owned by the program, read once. */
const char *test_file(const char *path, size_t *size);

void outcome_free(outcome *of);
bool outcome_empty(const outcome *of);
void trial_clear(trial *t);

#endif
