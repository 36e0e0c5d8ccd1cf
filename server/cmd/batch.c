#include "cmd/batch.h"

#include "base/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

batch_reading batch_reading_default(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return (batch_reading){.embedded_xml = true, .ocr = true, .jobs = processors > 0 ? (int)processors : 1};
}

bool batch_option(arguments *from, batch_reading *reading)
{
    const char *value = NULL;
    if (arguments_flag(from, "--no-embedded-xml"))
        reading->embedded_xml = false;
    else if (arguments_flag(from, "--no-ocr"))
        reading->ocr = false;
    else if (arguments_value(from, "--languages", &value) && value)
        reading->languages = value;
    else if (arguments_value(from, "--jobs", &value) && value && strtol(value, NULL, 10) >= 1 &&
             strtol(value, NULL, 10) <= 256)
        reading->jobs = (int)strtol(value, NULL, 10);
    else
        return false;
    return true;
}

/* ---- one document ----------------------------------------------------------------------------------------------------- */

void batch_set_output(batch_job *at, const void *data, size_t size)
{
    char *all = realloc(at->output, at->output_size + size + 1);
    if (!all) {
        at->status = DOXIN_E_NOMEM;
        return;
    }
    memcpy(all + at->output_size, data, size);
    at->output = all;
    at->output_size += size;
    all[at->output_size] = '\0';
}

static void keep_error(doxin_session *session, batch_job *at)
{
    char *json = NULL;
    doxin_value *error = NULL;
    if (doxin_session_error(session, &json) == DOXIN_OK && doxin_value_parse(json, &error) == DOXIN_OK)
        at->message = strdup(doxin_value_text(error, "/message"));
    doxin_value_free(error);
    doxin_string_free(json);
}

void batch_write(doxin_session *session, batch_job *at, const char *json, const char *form, const doxin_options *opts)
{
    doxin_bytes *bytes = NULL;
    at->status = at->document ? doxin_document_write(session, at->document, json, form, opts, &bytes)
                              : doxin_invoice_write(session, json, form, opts, &bytes);
    if (at->status == DOXIN_OK)
        batch_set_output(at, doxin_bytes_data(bytes), doxin_bytes_size(bytes));
    else
        keep_error(session, at);
    doxin_bytes_free(bytes);
}

/* The options that the call knows of those that were chosen. */
static doxin_status set_options(doxin_options *opts, const batch_reading *reading, bool opens, bool extracts)
{
    doxin_status status = DOXIN_OK;
    if (extracts && !reading->embedded_xml)
        status = doxin_options_set(opts, "embedded_xml", "false");
    if (status == DOXIN_OK && opens && !reading->ocr)
        status = doxin_options_set(opts, "ocr", "never");
    if (status == DOXIN_OK && extracts && reading->explain)
        status = doxin_options_set(opts, "explain", reading->explain);
    if (status == DOXIN_OK && reading->languages)
        status = doxin_options_set(opts, "languages", reading->languages);
    return status;
}

static doxin_status extract_whole(const batch *all, doxin_session *session, const char *data, size_t size, char **json)
{
    doxin_options *opts = NULL;
    doxin_status status = doxin_options_new(&opts);
    if (status == DOXIN_OK)
        status = set_options(opts, all->reading, true, true);
    if (status == DOXIN_OK)
        status = doxin_extract(session, data, size, opts, json);
    doxin_options_free(opts);
    return status;
}

/* In two steps, so that the document stays for the form. What has no pages, XML, is read in one. */
static doxin_status extract_kept(const batch *all, doxin_session *session, batch_job *at, const char *data, size_t size,
                                 char **json)
{
    doxin_options *opening = NULL, *extracting = NULL;
    doxin_status status = doxin_options_new(&opening);
    if (status == DOXIN_OK)
        status = doxin_options_set(opening, "parts", "words");
    if (status == DOXIN_OK)
        status = doxin_options_new(&extracting);
    if (status == DOXIN_OK)
        status = set_options(opening, all->reading, true, false);
    if (status == DOXIN_OK)
        status = set_options(extracting, all->reading, false, true);
    if (status == DOXIN_OK)
        status = doxin_document_open(session, data, size, opening, &at->document);
    if (status == DOXIN_OK)
        status = doxin_extract_document(session, at->document, extracting, json);
    doxin_options_free(opening);
    doxin_options_free(extracting);
    return status == DOXIN_E_NOT_A_DOCUMENT ? extract_whole(all, session, data, size, json) : status;
}

static size_t documents_in(const char *json)
{
    doxin_value *invoice = NULL;
    size_t count = doxin_value_parse(json, &invoice) == DOXIN_OK ? doxin_value_count(invoice, "/documents") : 0;
    doxin_value_free(invoice);
    return count > 1 ? count : 1;
}

/* One of the documents of a file that is open. */
static void extract_further(const batch *all, doxin_session *session, batch_job *at, size_t which)
{
    char number[24], *json = NULL;
    doxin_options *opts = NULL;
    snprintf(number, sizeof number, "%zu", which);
    at->status = doxin_options_new(&opts);
    if (at->status == DOXIN_OK)
        at->status = set_options(opts, all->reading, false, true);
    if (at->status == DOXIN_OK)
        at->status = doxin_options_set(opts, "document", number);
    if (at->status == DOXIN_OK)
        at->status = doxin_extract_document(session, at->document, opts, &json);
    if (at->status == DOXIN_OK)
        all->form(all, session, at, json);
    else
        keep_error(session, at);
    doxin_options_free(opts);
    doxin_string_free(json);
}

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void read_document(const batch *all, doxin_session *session, batch_job *at, const char *data, size_t size)
{
    char *json = NULL;
    double started = now();
    at->status = all->keep_document || all->reading->split ? extract_kept(all, session, at, data, size, &json)
                                                           : extract_whole(all, session, data, size, &json);
    at->seconds = now() - started;
    if (at->status == DOXIN_OK)
        all->form(all, session, at, json);
    else
        keep_error(session, at);
    size_t count = at->status == DOXIN_OK && all->reading->split && at->document ? documents_in(json) : 1;
    for (size_t i = 2; i <= count && at->status == DOXIN_OK; i++)
        extract_further(all, session, at, i);
    doxin_document_free(at->document);
    at->document = NULL;
    doxin_string_free(json);
}

static void work_on(const batch *all, doxin_session *session, batch_job *at)
{
    char *data = NULL;
    size_t size = 0;
    int problem = file_read(at->path, all->max_bytes, &data, &size);
    if (problem != 0) {
        at->status = problem == ENOENT ? DOXIN_E_NOT_FOUND : DOXIN_E_IO;
        at->message = strdup(strerror(problem));
    } else {
        read_document(all, session, at, data, size);
    }
    free(data);
}

static void *worker(void *argument)
{
    batch *all = argument;
    doxin_session *session = NULL;
    doxin_status opened = doxin_session_open(all->engine, NULL, &session);
    if (opened == DOXIN_OK && all->profile)
        opened = doxin_session_use(session, all->profile);
    for (size_t i; (i = atomic_fetch_add(&all->next, 1)) < all->count;) {
        batch_job *at = &all->jobs[i];
        at->status = opened;
        if (opened == DOXIN_OK)
            work_on(all, session, at);
        pthread_mutex_lock(&all->lock);
        at->done = true;
        pthread_cond_broadcast(&all->finished);
        pthread_mutex_unlock(&all->lock);
    }
    doxin_session_free(session);
    return NULL;
}

/* ---- all of them -------------------------------------------------------------------------------------------------------- */

static void progress(const batch *all, size_t done)
{
    size_t count = all->count;
    if (count > 1 && !all->quiet && isatty(STDERR_FILENO))
        fprintf(stderr, "\r%zu of %zu documents%s", done, count, done == count ? "\n" : "");
}

/* Hands on in order while others are still being read. */
static int collect(batch *all, batch_take take, void *context)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < all->count; i++) {
        batch_job *at = &all->jobs[i];
        pthread_mutex_lock(&all->lock);
        while (!at->done)
            pthread_cond_wait(&all->finished, &all->lock);
        pthread_mutex_unlock(&all->lock);
        if (!take(all, at, context))
            code = at->status == DOXIN_E_PARSER_MISSING ? EXIT_UNREACHABLE
                   : code == EXIT_UNREACHABLE           ? code
                                                        : EXIT_SOME_FAILED;
        free(at->output);
        free(at->message);
        at->output = at->message = NULL;
        progress(all, i + 1);
    }
    return code;
}

int batch_run(batch *all, batch_take take, void *context)
{
    size_t threads = (size_t)all->reading->jobs < all->count ? (size_t)all->reading->jobs : all->count;
    pthread_t *ids = calloc(threads ? threads : 1, sizeof *ids);
    size_t started = 0;
    pthread_mutex_init(&all->lock, NULL);
    pthread_cond_init(&all->finished, NULL);
    while (ids && started < threads && pthread_create(&ids[started], NULL, worker, all) == 0)
        started++;
    if (started == 0)
        worker(all);
    int code = collect(all, take, context);
    for (size_t i = 0; i < started; i++)
        pthread_join(ids[i], NULL);
    free(ids);
    pthread_cond_destroy(&all->finished);
    pthread_mutex_destroy(&all->lock);
    return code;
}

static doxin_status open_engine(const settings *config, const batch_reading *reading, doxin_engine **out)
{
    char number[16];
    doxin_options *opts = NULL;
    doxin_status status = config_engine_options(config, &opts);
    snprintf(number, sizeof number, "%d", reading->jobs);
    if (status == DOXIN_OK && !config_is_set(config, "DOXIN_PARSERS"))
        status = doxin_options_set(opts, "parsers", number);
    if (status == DOXIN_OK)
        status = doxin_engine_open(opts, out);
    if (status != DOXIN_OK)
        fprintf(stderr, "doxin: the engine cannot be opened: %s\n", doxin_status_name(status));
    doxin_options_free(opts);
    return status;
}

doxin_status batch_open(batch *all, const settings *config, char **paths, size_t count)
{
    all->count = count;
    all->max_bytes = (size_t)config_integer(config, "DOXIN_MAX_BYTES");
    all->jobs = calloc(count ? count : 1, sizeof *all->jobs);
    if (!all->jobs) {
        fputs("doxin: there is no memory\n", stderr);
        return DOXIN_E_NOMEM;
    }
    for (size_t i = 0; i < count; i++)
        all->jobs[i].path = paths[i];
    return open_engine(config, all->reading, &all->engine);
}

void batch_free(batch *all)
{
    doxin_asset_free(all->profile);
    doxin_engine_free(all->engine);
    free(all->jobs);
}
