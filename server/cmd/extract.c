/* doxin extract: documents in, invoices out, in the order of the arguments. */
#include "base/file.h"
#include "base/text.h"
#include "cmd/command.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "Usage: doxin extract [OPTION…] FILE|DIRECTORY|- …\n\n"
    "Reads invoices (PDF, PNG, JPEG, TIFF, WebP, HEIC, UBL and CII XML) and prints what is in them. A directory "
    "stands\n"
    "for all documents under it, - for standard input.\n\n"
    "  --format FORMAT     json    one document a line, schema doxin.invoice/1 (default)\n"
    "                      flat    one document a line, fields and line items only\n"
    "                      table   for people\n"
    "                      csv     one line item a line\n"
    "                      xlsx, html, ubl   one file a document: --out names it, or a directory for several\n"
    "  --no-embedded-xml   read the page although there is XML inside the PDF\n"
    "  --no-ocr            do not recognise scans\n"
    "  --languages LIST    languages of the documents, such as deu+eng\n"
    "  --own NAME          a name of your own company; may be given several times\n"
    "  --jobs N            documents at a time (default: processors)\n"
    "  --out PATH          write there instead of standard output\n\n"
    "Documents come out in the order of the arguments. One that cannot be read is a line {\"file\", \"error\"} in "
    "json\n"
    "and flat, and a line on standard error otherwise.\n\n"
    "Exit codes: 0 all read, 1 some not, 2 wrong usage, 3 the parser is missing.\n";

typedef struct options {
    const char *format;
    const char *out;
    bool embedded_xml;
    bool ocr;
    const char *languages;
    text profile; /* doxin.profile/1 without its end, or empty */
    int jobs;
    bool one_file_each;
} options;

typedef struct job {
    const char *path;
    char *output; /* what is printed, or NULL */
    size_t output_size;
    doxin_status status;
    char *message; /* words for a failure */
    bool done;
} job;

typedef struct batch {
    const options *chosen;
    doxin_engine *engine;
    doxin_asset *profile;
    size_t max_bytes;
    job *jobs;
    size_t count;
    atomic_size_t next;
    pthread_mutex_t lock;
    pthread_cond_t finished;
} batch;

/* ---- one document ----------------------------------------------------------------------------------------------------- */

static void set_output(job *at, const void *data, size_t size)
{
    at->output = malloc(size + 1);
    if (!at->output) {
        at->status = DOXIN_E_NOMEM;
        return;
    }
    memcpy(at->output, data, size);
    at->output[size] = '\0';
    at->output_size = size;
}

static void keep_error(doxin_session *session, job *at)
{
    char *json = NULL;
    doxin_value *error = NULL;
    if (doxin_session_error(session, &json) == DOXIN_OK && doxin_value_parse(json, &error) == DOXIN_OK)
        at->message = strdup(doxin_value_text(error, "/message"));
    doxin_value_free(error);
    doxin_string_free(json);
}

/* The JSON object of the library with the file's name in front. */
static void set_json(job *at, const char *json)
{
    text line = {0};
    text_put(&line, "{\"file\":");
    text_json(&line, at->path);
    text_put(&line, json[1] == '}' ? "" : ",");
    text_put(&line, json + 1);
    text_put(&line, "\n");
    if (line.failed)
        at->status = DOXIN_E_NOMEM;
    else
        set_output(at, line.data, line.len);
    text_free(&line);
}

static void write_form(const batch *all, doxin_session *session, job *at, const char *json, bool first)
{
    doxin_options *opts = NULL;
    doxin_bytes *bytes = NULL;
    at->status = doxin_options_new(&opts);
    if (at->status == DOXIN_OK) {
        doxin_options_set(opts, "file_name", at->path);
        doxin_options_set(opts, "header", first ? "true" : "false");
        doxin_options_set(opts, "colour", !all->chosen->out && isatty(STDOUT_FILENO) ? "true" : "false");
        at->status = doxin_invoice_write(session, json, all->chosen->format, opts, &bytes);
    }
    if (at->status == DOXIN_OK)
        set_output(at, doxin_bytes_data(bytes), doxin_bytes_size(bytes));
    else
        keep_error(session, at);
    doxin_bytes_free(bytes);
    doxin_options_free(opts);
}

static doxin_status extract_options(const options *chosen, doxin_options **out)
{
    doxin_status status = doxin_options_new(out);
    if (status == DOXIN_OK && !chosen->embedded_xml)
        status = doxin_options_set(*out, "embedded_xml", "false");
    if (status == DOXIN_OK && !chosen->ocr)
        status = doxin_options_set(*out, "ocr", "never");
    if (status == DOXIN_OK && chosen->languages)
        status = doxin_options_set(*out, "languages", chosen->languages);
    return status;
}

static void read_document(const batch *all, doxin_session *session, job *at, const char *data, size_t size)
{
    char *json = NULL;
    doxin_options *opts = NULL;
    at->status = extract_options(all->chosen, &opts);
    if (at->status == DOXIN_OK) {
        at->status = doxin_extract(session, data, size, opts, &json);
        if (at->status != DOXIN_OK)
            keep_error(session, at);
    }
    doxin_options_free(opts);
    if (at->status == DOXIN_OK && strcmp(all->chosen->format, "json") == 0)
        set_json(at, json);
    else if (at->status == DOXIN_OK)
        write_form(all, session, at, json, at == all->jobs);
    doxin_string_free(json);
}

static void work_on(const batch *all, doxin_session *session, job *at)
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
        job *at = &all->jobs[i];
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

/* ---- output ----------------------------------------------------------------------------------------------------------- */

static bool is_lines(const char *format)
{
    return strcmp(format, "json") == 0 || strcmp(format, "flat") == 0;
}

static void print_failure(const options *chosen, const job *at, FILE *out)
{
    const char *code = doxin_status_name(at->status);
    const char *message = at->message ? at->message : "it could not be read";
    if (!is_lines(chosen->format)) {
        fprintf(stderr, "doxin: %s: %s (%s)\n", at->path, message, code);
        return;
    }
    text line = {0};
    text_put(&line, "{\"file\":");
    text_json(&line, at->path);
    text_put(&line, ",\"error\":{");
    text_member(&line, "code", code);
    text_member(&line, "message", message);
    text_trim(&line);
    text_put(&line, "}}\n");
    if (!line.failed)
        fwrite(line.data, 1, line.len, out);
    text_free(&line);
}

/* "DIRECTORY/name.ext" for several documents, so that equal names from different folders do not meet: the folders'
 * names are joined in. */
static int output_path(const options *chosen, const job *at, bool several, char *path, size_t size)
{
    if (!several)
        return snprintf(path, size, "%s", chosen->out) < (int)size ? 0 : ENAMETOOLONG;
    char name[PATH_MAX];
    size_t used = 0;
    for (const char *p = at->path; *p && used + 1 < sizeof name; p++)
        if (*p != '.' || (p[1] != '/' && p[1] != '.'))
            name[used++] = *p == '/' ? '_' : *p;
    name[used] = '\0';
    return snprintf(path, size, "%s/%s.%s", chosen->out, name, chosen->format) < (int)size ? 0 : ENAMETOOLONG;
}

static int write_one_file(const options *chosen, job *at, bool several)
{
    char path[PATH_MAX];
    int problem = output_path(chosen, at, several, path, sizeof path);
    if (problem == 0)
        problem = file_write(path, at->output, at->output_size, 0644);
    if (problem != 0)
        fprintf(stderr, "doxin: %s: %s\n", path, strerror(problem));
    return problem;
}

static bool show(const options *chosen, job *at, bool several, FILE *out)
{
    if (at->status != DOXIN_OK) {
        print_failure(chosen, at, out);
        return false;
    }
    if (chosen->one_file_each && chosen->out)
        return write_one_file(chosen, at, several) == 0;
    fwrite(at->output, 1, at->output_size, out);
    if (at->output_size && at->output[at->output_size - 1] != '\n' && !chosen->one_file_each)
        fputc('\n', out);
    fflush(out);
    return true;
}

static void progress(size_t done, size_t count)
{
    if (count > 1 && isatty(STDERR_FILENO))
        fprintf(stderr, "\r%zu of %zu documents%s", done, count, done == count ? "\n" : "");
}

/* Prints in order while others are still being read. */
static int collect(batch *all, FILE *out)
{
    int code = EXIT_DONE;
    for (size_t i = 0; i < all->count; i++) {
        job *at = &all->jobs[i];
        pthread_mutex_lock(&all->lock);
        while (!at->done)
            pthread_cond_wait(&all->finished, &all->lock);
        pthread_mutex_unlock(&all->lock);
        if (!show(all->chosen, at, all->count > 1, out))
            code = at->status == DOXIN_E_PARSER_MISSING ? EXIT_UNREACHABLE
                   : code == EXIT_UNREACHABLE           ? code
                                                        : EXIT_SOME_FAILED;
        free(at->output);
        free(at->message);
        at->output = at->message = NULL;
        progress(i + 1, all->count);
    }
    return code;
}

static int run_batch(batch *all, FILE *out)
{
    size_t threads = (size_t)all->chosen->jobs < all->count ? (size_t)all->chosen->jobs : all->count;
    pthread_t *ids = calloc(threads ? threads : 1, sizeof *ids);
    size_t started = 0;
    pthread_mutex_init(&all->lock, NULL);
    pthread_cond_init(&all->finished, NULL);
    while (ids && started < threads && pthread_create(&ids[started], NULL, worker, all) == 0)
        started++;
    if (started == 0)
        worker(all);
    int code = collect(all, out);
    for (size_t i = 0; i < started; i++)
        pthread_join(ids[i], NULL);
    free(ids);
    pthread_cond_destroy(&all->finished);
    pthread_mutex_destroy(&all->lock);
    return code;
}

/* ---- the command -------------------------------------------------------------------------------------------------------- */

static bool known_format(const char *format)
{
    static const char *const known[] = {"json", "flat", "table", "csv", "xlsx", "ubl", "html"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i], format) == 0)
            return true;
    return false;
}

static void add_own_name(text *profile, const char *name)
{
    text_put(profile, profile->len ? "," : "{\"schema\":\"doxin.profile/1\",\"own_names\":[");
    text_json(profile, name);
}

/* EXIT_DONE: options are read and from->at is at the first file. */
static int read_options(arguments *from, options *chosen)
{
    const char *value = NULL;
    while (from->at < from->count && from->items[from->at][0] == '-' && from->items[from->at][1] != '\0') {
        if (arguments_flag(from, "--"))
            break;
        if (arguments_flag(from, "--no-embedded-xml"))
            chosen->embedded_xml = false;
        else if (arguments_flag(from, "--no-ocr"))
            chosen->ocr = false;
        else if (arguments_value(from, "--format", &value) && value && known_format(value))
            chosen->format = value;
        else if (arguments_value(from, "--out", &value) && value)
            chosen->out = value;
        else if (arguments_value(from, "--languages", &value) && value)
            chosen->languages = value;
        else if (arguments_value(from, "--own", &value) && value)
            add_own_name(&chosen->profile, value);
        else if (arguments_value(from, "--jobs", &value) && value && strtol(value, NULL, 10) >= 1 &&
                 strtol(value, NULL, 10) <= 256)
            chosen->jobs = (int)strtol(value, NULL, 10);
        else
            return command_usage_error("extract", "\"%s\" is no option, or its value is missing or not allowed",
                                       from->items[from->at < from->count ? from->at : from->count - 1]);
    }
    return EXIT_DONE;
}

static int list_files(arguments *from, char ***paths, size_t *count)
{
    for (; from->at < from->count; from->at++) {
        int problem = file_list(from->items[from->at], paths, count);
        if (problem != 0) {
            fprintf(stderr, "doxin: %s: %s\n", from->items[from->at], strerror(problem));
            return EXIT_SOME_FAILED;
        }
    }
    return *count > 0 ? EXIT_DONE : command_usage_error("extract", "there is no document to read");
}

/* Where the lines go: standard output, or a file beside the one that it becomes. */
static int with_output(batch *all)
{
    const char *out = all->chosen->out;
    if (!out || all->chosen->one_file_each)
        return run_batch(all, stdout);
    char *data = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&data, &size);
    if (!memory)
        return EXIT_SOME_FAILED;
    int code = run_batch(all, memory);
    fclose(memory);
    int problem = file_write(out, data, size, 0644);
    if (problem != 0)
        fprintf(stderr, "doxin: %s: %s\n", out, strerror(problem));
    free(data);
    return problem != 0 ? EXIT_SOME_FAILED : code;
}

static doxin_status open_profile(batch *all, text *profile)
{
    if (!profile->len)
        return DOXIN_OK;
    doxin_session *session = NULL;
    text_put(profile, "]}");
    doxin_status status = profile->failed ? DOXIN_E_NOMEM : doxin_session_open(all->engine, NULL, &session);
    if (status == DOXIN_OK)
        status = doxin_asset_open(session, "profile", profile->data, profile->len, NULL, &all->profile);
    if (status != DOXIN_OK)
        command_print_error(session, status, "--own");
    doxin_session_free(session);
    return status;
}

static doxin_status open_engine(const settings *config, const options *chosen, doxin_engine **out)
{
    char number[16];
    doxin_options *opts = NULL;
    doxin_status status = config_engine_options(config, &opts);
    snprintf(number, sizeof number, "%d", chosen->jobs);
    if (status == DOXIN_OK && !config_is_set(config, "DOXIN_PARSERS"))
        status = doxin_options_set(opts, "parsers", number);
    if (status == DOXIN_OK)
        status = doxin_engine_open(opts, out);
    if (status != DOXIN_OK)
        fprintf(stderr, "doxin: the engine cannot be opened: %s\n", doxin_status_name(status));
    doxin_options_free(opts);
    return status;
}

static int extract_files(const settings *config, options *chosen, char **paths, size_t count)
{
    batch all = {.chosen = chosen, .count = count, .max_bytes = (size_t)config_integer(config, "DOXIN_MAX_BYTES")};
    all.jobs = calloc(count, sizeof *all.jobs);
    doxin_status status = all.jobs ? open_engine(config, chosen, &all.engine) : DOXIN_E_NOMEM;
    if (status == DOXIN_OK)
        status = open_profile(&all, &chosen->profile);
    int code = command_exit_of(status);
    if (status == DOXIN_OK) {
        for (size_t i = 0; i < count; i++)
            all.jobs[i].path = paths[i];
        code = with_output(&all);
    }
    doxin_asset_free(all.profile);
    doxin_engine_free(all.engine);
    free(all.jobs);
    return code;
}

static int check_output(options *chosen, size_t count)
{
    struct stat info;
    chosen->one_file_each = strcmp(chosen->format, "xlsx") == 0 || strcmp(chosen->format, "html") == 0 ||
                            strcmp(chosen->format, "ubl") == 0;
    if (!chosen->one_file_each)
        return EXIT_DONE;
    if (count > 1 && (!chosen->out || stat(chosen->out, &info) != 0 || !S_ISDIR(info.st_mode)))
        return command_usage_error(
            "extract", "--format %s with several documents needs --out and an existing directory", chosen->format);
    if (!chosen->out && strcmp(chosen->format, "xlsx") == 0 && isatty(STDOUT_FILENO))
        return command_usage_error("extract", "--format xlsx needs --out, or standard output to a file");
    return EXIT_DONE;
}

static int run(settings *config, int count, char **items)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    options chosen = {
        .format = "json", .embedded_xml = true, .ocr = true, .jobs = processors > 0 ? (int)processors : 1};
    arguments from = {count, items, 1};
    char **paths = NULL;
    size_t path_count = 0;
    int code = read_options(&from, &chosen);
    if (code == EXIT_DONE)
        code = list_files(&from, &paths, &path_count);
    if (code == EXIT_DONE)
        code = check_output(&chosen, path_count);
    if (code == EXIT_DONE)
        code = extract_files(config, &chosen, paths, path_count);
    for (size_t i = 0; i < path_count; i++)
        free(paths[i]);
    free(paths);
    text_free(&chosen.profile);
    return code;
}

const command command_extract = {
    .name = "extract",
    .summary = "read invoices and print what is in them",
    .usage = usage,
    .run = run,
};
