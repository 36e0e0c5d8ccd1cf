/* Many documents through the library, several at a time, handed on in the order they were given. */
#ifndef SERVER_CMD_BATCH_H
#define SERVER_CMD_BATCH_H

#include "cmd/command.h"

#include <pthread.h>
#include <stdatomic.h>

/* How documents are read. */
typedef struct batch_reading {
    bool embedded_xml;
    bool ocr;
    bool split;            /* every document of a file that holds several, not the first one alone */
    const char *languages; /* borrowed, or NULL */
    const char *explain;   /* a stage instead of the invoice, borrowed, or NULL */
    int jobs;              /* documents at a time, at least 1 */
} batch_reading;

typedef struct batch_job {
    const char *path;         /* borrowed */
    doxin_document *document; /* while the form runs: what was read, where the batch keeps it and it has pages */
    char *output;             /* what the form made of the document, NUL-terminated, or NULL */
    size_t output_size;
    doxin_status status;
    char *message;  /* words for a failure, or NULL */
    double seconds; /* wall time inside the library */
    bool done;
} batch_job;

typedef struct batch batch;
/* Makes the job's output of a document that was read, with batch_set_output() and at->status; with split again for each
 * document of the file. Called by several threads at once. */
typedef void (*batch_form)(const batch *all, doxin_session *session, batch_job *at, const char *json);
/* Takes one finished job; called in order by the thread of batch_run(). False: the document counts as failed. */
typedef bool (*batch_take)(const batch *all, batch_job *at, void *context);

struct batch {
    const batch_reading *reading; /* borrowed */
    batch_form form;
    bool keep_document;   /* for the form */
    const void *owner;    /* whatever the form needs, borrowed */
    bool quiet;           /* no progress on standard error */
    doxin_asset *profile; /* owned, or NULL */
    doxin_engine *engine;
    size_t max_bytes;
    batch_job *jobs;
    size_t count;
    atomic_size_t next;
    pthread_mutex_t lock;
    pthread_cond_t finished;
};

/* Both kinds of reading on and as many documents at a time as there are processors. */
batch_reading batch_reading_default(void);
/* True when the item at hand was one of --no-embedded-xml, --no-ocr, --languages and --jobs, with an allowed value. */
bool batch_option(arguments *from, batch_reading *reading);

/* Opens the engine and makes one job a path. What goes wrong is printed; batch_free() in any case. */
doxin_status batch_open(batch *all, const settings *config, char **paths, size_t count);
void batch_free(batch *all);
/* Reads all documents; the jobs' outputs are freed after they were taken. An exit code. */
int batch_run(batch *all, batch_take take, void *context);

/* Behind what the job has already. */
void batch_set_output(batch_job *at, const void *data, size_t size);
/* Output in one of the library's forms ("flat", "csv" …); opts are borrowed. */
void batch_write(doxin_session *session, batch_job *at, const char *json, const char *form, const doxin_options *opts);

#endif
