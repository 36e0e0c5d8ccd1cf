/* doxin extract: documents in, invoices out, in the order of the arguments. */
#include "base/file.h"
#include "base/text.h"
#include "cmd/batch.h"

#include <errno.h>
#include <limits.h>
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
    "  --split             all documents of a file that holds several; without it the first one, and a warning\n"
    "  --languages LIST    languages of the documents, such as deu+eng\n"
    "  --own NAME          a name of your own company; may be given several times\n"
    "  --jobs N            documents at a time (default: processors)\n"
    "  --pictures N        html: at most N pages as pictures, 0 to 500 (default 20)\n"
    "  --out PATH          write there instead of standard output\n\n"
    "Documents come out in the order of the arguments. One that cannot be read is a line {\"file\", \"error\"} in "
    "json\n"
    "and flat, and a line on standard error otherwise.\n\n"
    "Exit codes: 0 all read, 1 some not, 2 wrong usage, 3 the parser is missing.\n";

typedef struct options {
    const char *format;
    const char *out;
    const char *pictures; /* most of them, as text; NULL: the library's default */
    batch_reading reading;
    text profile; /* doxin.profile/1 without its end, or empty */
    bool one_file_each;
} options;

/* ---- one document ----------------------------------------------------------------------------------------------------- */

/* The JSON object of the library with the file's name in front. */
static void set_json(batch_job *at, const char *json)
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
        batch_set_output(at, line.data, line.len);
    text_free(&line);
}

static void write_form(const batch *all, doxin_session *session, batch_job *at, const char *json)
{
    const options *chosen = all->owner;
    doxin_options *opts = NULL;
    if (strcmp(chosen->format, "json") == 0) {
        set_json(at, json);
        return;
    }
    at->status = doxin_options_new(&opts);
    if (at->status == DOXIN_OK) {
        doxin_options_set(opts, "file_name", at->path);
        doxin_options_set(opts, "header", at == all->jobs && !at->output ? "true" : "false");
        doxin_options_set(opts, "colour", !chosen->out && isatty(STDOUT_FILENO) ? "true" : "false");
        if (at->document && chosen->pictures)
            doxin_options_set(opts, "pictures", chosen->pictures);
        batch_write(session, at, json, chosen->format, opts);
    }
    doxin_options_free(opts);
}

/* ---- output ----------------------------------------------------------------------------------------------------------- */

static bool is_lines(const char *format)
{
    return strcmp(format, "json") == 0 || strcmp(format, "flat") == 0;
}

static void print_failure(const options *chosen, const batch_job *at, FILE *out)
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
static int output_path(const options *chosen, const batch_job *at, bool several, char *path, size_t size)
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

static int write_one_file(const options *chosen, batch_job *at, bool several)
{
    char path[PATH_MAX];
    int problem = output_path(chosen, at, several, path, sizeof path);
    if (problem == 0)
        problem = file_write(path, at->output, at->output_size, 0644);
    if (problem != 0)
        fprintf(stderr, "doxin: %s: %s\n", path, strerror(problem));
    return problem;
}

/* Prints one document on the context, a FILE. */
static bool show(const batch *all, batch_job *at, void *context)
{
    const options *chosen = all->owner;
    FILE *out = context;
    if (at->status != DOXIN_OK) {
        print_failure(chosen, at, out);
        return false;
    }
    if (chosen->one_file_each && chosen->out)
        return write_one_file(chosen, at, all->count > 1) == 0;
    fwrite(at->output, 1, at->output_size, out);
    if (at->output_size && at->output[at->output_size - 1] != '\n' && !chosen->one_file_each)
        fputc('\n', out);
    fflush(out);
    return true;
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

static bool is_number(const char *value, long most)
{
    char *end;
    long number = strtol(value, &end, 10);
    return end != value && *end == '\0' && *value != '-' && number <= most;
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
        if (arguments_value(from, "--format", &value) && value && known_format(value))
            chosen->format = value;
        else if (arguments_value(from, "--out", &value) && value)
            chosen->out = value;
        else if (arguments_flag(from, "--split"))
            chosen->reading.split = true;
        else if (arguments_value(from, "--own", &value) && value)
            add_own_name(&chosen->profile, value);
        else if (arguments_value(from, "--pictures", &value) && value && is_number(value, 500))
            chosen->pictures = value;
        else if (!batch_option(from, &chosen->reading))
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
    const options *chosen = all->owner;
    const char *out = chosen->out;
    if (!out || chosen->one_file_each)
        return batch_run(all, show, stdout);
    char *data = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&data, &size);
    if (!memory)
        return EXIT_SOME_FAILED;
    int code = batch_run(all, show, memory);
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

static int extract_files(const settings *config, options *chosen, char **paths, size_t count)
{
    batch all = {.reading = &chosen->reading, .form = write_form, .owner = chosen};
    all.keep_document = strcmp(chosen->format, "html") == 0;
    doxin_status status = batch_open(&all, config, paths, count);
    if (status == DOXIN_OK)
        status = open_profile(&all, &chosen->profile);
    int code = status == DOXIN_OK ? with_output(&all) : command_exit_of(status);
    batch_free(&all);
    return code;
}

static int check_output(options *chosen, size_t count)
{
    struct stat info;
    chosen->one_file_each = strcmp(chosen->format, "xlsx") == 0 || strcmp(chosen->format, "html") == 0 ||
                            strcmp(chosen->format, "ubl") == 0;
    if (!chosen->one_file_each)
        return EXIT_DONE;
    if (chosen->reading.split)
        return command_usage_error("extract", "--split goes with --format json, flat, table and csv");
    if (count > 1 && (!chosen->out || stat(chosen->out, &info) != 0 || !S_ISDIR(info.st_mode)))
        return command_usage_error(
            "extract", "--format %s with several documents needs --out and an existing directory", chosen->format);
    if (!chosen->out && strcmp(chosen->format, "xlsx") == 0 && isatty(STDOUT_FILENO))
        return command_usage_error("extract", "--format xlsx needs --out, or standard output to a file");
    return EXIT_DONE;
}

static int run(settings *config, int count, char **items)
{
    options chosen = {.format = "json", .reading = batch_reading_default()};
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
