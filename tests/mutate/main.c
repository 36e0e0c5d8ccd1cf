/* Mutants of documents through doxin_extract(): mutate COUNT OCR FILE…, with COUNT mutants of each file and OCR as the option
 * (auto, always, never). Each is an invoice or an error of that document, by a code that documents have, within the
 * deadline; nothing else counts as an answer, least of all a crash of this process. After each file the parser must still
 * read the file as it was, if it could before. What fails is written to the folder in MUTATE_FOUND. */
#include "mutate.h"

#include <doxin/doxin.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The deadline is that of the parser; the library and the sanitizers get some time of their own. */
enum { DEADLINE_MS = 10000, GRACE_MS = 10000, CODES = 2000 };

typedef struct tally {
    doxin_session *session;
    doxin_options *opts;
    int codes[CODES]; /* by minus the status */
    int mutants, failures;
    int64_t slowest_ms;
} tally;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What a document may be answered with: -100 … -199 are about documents. */
static bool is_answer(doxin_status status)
{
    return status == DOXIN_OK || status == DOXIN_E_LIMIT || status == DOXIN_E_OVERFLOW ||
           (status <= DOXIN_E_EMPTY_DOCUMENT && status > -200 && status != DOXIN_E_PARSER_MISSING);
}

static doxin_status read_one(tally *all, const char *data, size_t size, int64_t *milliseconds)
{
    char *json = NULL;
    int64_t start = now_ms();
    doxin_status status = doxin_extract(all->session, data, size, all->opts, &json);
    *milliseconds = now_ms() - start;
    if (status == DOXIN_OK && (!json || strncmp(json, "{\"schema\":\"doxin.invoice/1\"", 27) != 0))
        status = DOXIN_E_INTERNAL;
    doxin_string_free(json);
    return status;
}

static void keep(const mutant *made, const char *path, int number)
{
    const char *folder = getenv("MUTATE_FOUND"), *name = strrchr(path, '/');
    char target[4096];
    if (!folder)
        return;
    snprintf(target, sizeof target, "%s/%d-%s", folder, number, name ? name + 1 : path);
    FILE *file = fopen(target, "wb");
    if (file) {
        fwrite(made->data, 1, made->size, file);
        fclose(file);
    }
}

static void try_mutant(tally *all, const char *path, const char *data, size_t size, int number)
{
    int64_t milliseconds;
    mutant made = mutate(data, size, (uint64_t)number + size);
    if (!made.data)
        exit(2);
    doxin_status status = read_one(all, made.data, made.size, &milliseconds);
    bool good = is_answer(status) && milliseconds < DEADLINE_MS + GRACE_MS;
    all->mutants++;
    if (-status >= 0 && -status < CODES)
        all->codes[-status]++;
    if (milliseconds > all->slowest_ms)
        all->slowest_ms = milliseconds;
    if (!good || status == DOXIN_E_PARSER_DIED) {
        printf("%s: mutant %d (%s, %zu bytes): %s after %" PRId64 " ms%s\n", path, number, made.how, made.size,
               doxin_status_name(status), milliseconds, good ? "" : ": NOT ALLOWED");
        keep(&made, path, number);
    }
    all->failures += !good;
    free(made.data);
}

static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *data = file ? malloc(32 << 20) : NULL;
    *size = data ? fread(data, 1, 32 << 20, file) : 0;
    if (file)
        fclose(file);
    return data;
}

static void try_file(tally *all, const char *path, int count)
{
    size_t size;
    int64_t milliseconds;
    char *data = read_file(path, &size);
    if (!data || size == 0) {
        printf("%s cannot be read\n", path);
        exit(2);
    }
    doxin_status before = read_one(all, data, size, &milliseconds);
    for (int i = 0; i < count; i++)
        try_mutant(all, path, data, size, i);
    doxin_status after = read_one(all, data, size, &milliseconds);
    if (before != after || !is_answer(before)) {
        printf("%s itself: %s before, %s after its mutants\n", path, doxin_status_name(before),
               doxin_status_name(after));
        all->failures++;
    }
    free(data);
}

static doxin_status open_all(tally *all, const char *ocr, doxin_engine **engine)
{
    char limit[32];
    doxin_options *opts = NULL;
    snprintf(limit, sizeof limit, "%d", DEADLINE_MS);
    doxin_status status = doxin_options_new(&opts);
    if (status == DOXIN_OK)
        status = doxin_options_set(opts, "parse_timeout_ms", limit);
    if (status == DOXIN_OK)
        status = doxin_options_set(opts, "docparse", DOXIN_DOCPARSE);
    if (status == DOXIN_OK)
        status = doxin_engine_open(opts, engine);
    if (status == DOXIN_OK)
        status = doxin_session_open(*engine, NULL, &all->session);
    if (status == DOXIN_OK)
        status = doxin_options_new(&all->opts);
    if (status == DOXIN_OK)
        status = doxin_options_set(all->opts, "ocr", ocr);
    doxin_options_free(opts);
    return status;
}

int main(int count, char **items)
{
    static tally all;
    doxin_engine *engine = NULL;
    if (count < 4 || open_all(&all, items[2], &engine) != DOXIN_OK) {
        fprintf(stderr, "usage: %s COUNT OCR FILE…\n", items[0]);
        return 2;
    }
    for (int i = 3; i < count; i++)
        try_file(&all, items[i], atoi(items[1]));
    printf("%d files, %d mutants, %d failures, slowest %" PRId64 " ms:", count - 3, all.mutants, all.failures,
           all.slowest_ms);
    for (int code = 0; code < CODES; code++)
        if (all.codes[code] > 0)
            printf(" %s %d", doxin_status_name(-code), all.codes[code]);
    printf("\n");
    doxin_options_free(all.opts);
    doxin_session_free(all.session);
    doxin_engine_free(engine);
    return all.failures > 0 || all.mutants == 0;
}
