#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void must(doxin_status status, const char *what)
{
    if (status >= 0)
        return;
    fprintf(stderr, "%s without a failed allocation: %s\n", what, doxin_status_name(status));
    exit(1);
}

void need_engine(trial *t)
{
    doxin_options *opts = NULL;
    must(doxin_options_new(&opts), "options_new");
    must(doxin_options_set(opts, "docparse", DOXIN_DOCPARSE), "options_set");
    must(doxin_options_set(opts, "parsers", "1"), "options_set");
    must(doxin_engine_open(opts, &t->engine), "engine_open");
    doxin_options_free(opts);
}

void need_session(trial *t)
{
    need_engine(t);
    must(doxin_session_open(t->engine, NULL, &t->session), "session_open");
}

typedef struct kept_file {
    const char *path;
    char *data;
    size_t size;
} kept_file;

static kept_file files[8];

const char *test_file(const char *path, size_t *size)
{
    kept_file *at = files;
    while (at->path && strcmp(at->path, path) != 0)
        at++;
    if (!at->path) {
        FILE *file = fopen(path, "rb");
        at->data = malloc(1 << 20);
        at->size = file && at->data ? fread(at->data, 1, 1 << 20, file) : 0;
        must(at->size > 0 ? DOXIN_OK : DOXIN_E_IO, path);
        fclose(file);
        at->path = path;
    }
    *size = at->size;
    return at->data;
}

void outcome_free(outcome *of)
{
    doxin_string_free(of->text);
    doxin_bytes_free(of->bytes);
    doxin_value_free(of->value);
    doxin_options_free(of->options);
    doxin_upload_free(of->upload);
    doxin_document_free(of->document);
    doxin_asset_free(of->asset);
    doxin_task_free(of->task);
    doxin_session_free(of->session);
    doxin_engine_free(of->engine);
    *of = (outcome){0};
}

bool outcome_empty(const outcome *of)
{
    return !of->text && !of->bytes && !of->value && !of->options && !of->upload && !of->document && !of->asset &&
           !of->task && !of->session && !of->engine;
}

void trial_clear(trial *t)
{
    outcome_free(&t->out);
    outcome_free(&t->given);
    doxin_session_free(t->session);
    doxin_engine_free(t->engine);
    *t = (trial){0};
}
