/* doxin extract: documents in, invoices out, in the order of the arguments. */
#include "base/file.h"
#include "base/text.h"
#include "cmd/batch.h"
#include "cmd/explain.h"
#include "cmd/outputs.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "Usage: doxin extract [OPTION…] FILE|DIRECTORY|- …\n\n"
    "Reads invoices (PDF, PNG, JPEG, TIFF, WebP, HEIC, UBL and CII XML) and prints what is in them. A directory "
    "stands\n"
    "for all documents under it, - for standard input. Options may stand before and behind the files.\n\n"
    "  --format FORMAT     json    one document a line, schema doxin.invoice/1 (default)\n"
    "                      flat    one document a line, fields and line items only\n"
    "                      table   for people: in a terminal as wide as it is, doubts marked\n"
    "                      csv     one line item a line\n"
    "                      xlsx    a workbook: invoices, lines, taxes, checks, values\n"
    "                      html    a page for each document: its pictures with a box for each value\n"
    "                      ubl     UBL 2.1 for each document\n"
    "  --out PATH          write there instead of standard output. Where PATH is a directory or ends with /, each "
    "document\n"
    "                      becomes a file in it; otherwise all go into the one file PATH (html, ubl: one document)\n"
    "  --pictures N        html: at most N pages as pictures, 0 to 500 (default 20)\n"
    "  --explain STAGE     print how the page was understood, as JSON, instead of the invoice; `--explain help` lists "
    "the\n"
    "                      stages\n"
    "  --no-embedded-xml   read the page although there is XML inside the PDF\n"
    "  --no-ocr            do not recognise scans\n"
    "  --split             all documents of a file that holds several (not html, ubl); without it the first one, and "
    "a\n"
    "                      warning\n"
    "  --languages LIST    languages of the documents, such as deu+eng\n"
    "  --own NAME          a name of your own company; may be given several times\n"
    "  --jobs N            documents at a time, 1 to 256 (default: processors)\n\n"
    "Documents come out in the order of the arguments, and one that cannot be read stops no other: it is a line\n"
    "{\"file\", \"error\"} in json and flat, and a line on standard error otherwise. Files are written whole or not at "
    "all.\n"
    "Colours are used in a terminal, unless NO_COLOR is set.\n\n"
    "Exit codes: 0 all read, 1 some not, 2 wrong usage, 3 the parser is missing.\n";

typedef struct options {
    const char *format;
    const char *out;
    const char *pictures; /* most of them, as text; NULL: the library's default */
    batch_reading reading;
    text profile; /* doxin.profile/1 without its end, or empty */
    bool colour;
    char width[16]; /* of the terminal, as text; "" where there is none */
    bool into_folder;
    bool one_book; /* all documents in one workbook, made at the end */
    outputs files; /* where each document goes, for into_folder */
} options;

/* ---- one document ----------------------------------------------------------------------------------------------------- */

static bool is_format(const options *chosen, const char *format)
{
    return strcmp(chosen->format, format) == 0;
}

/* A file of its own for each document, as the form has a beginning and an end. */
static bool is_whole_file(const options *chosen)
{
    return is_format(chosen, "xlsx") || is_format(chosen, "html") || is_format(chosen, "ubl");
}

/* The JSON object of the library with the file's name in front; without an end it is one of an array. */
static void set_json(batch_job *at, const char *json, const char *end)
{
    text line = {0};
    text_put(&line, at->output && !*end ? ",{\"file\":" : "{\"file\":");
    text_json(&line, at->path);
    text_put(&line, json[1] == '}' ? "" : ",");
    text_put(&line, json + 1);
    text_put(&line, end);
    if (line.failed)
        at->status = DOXIN_E_NOMEM;
    else
        batch_set_output(at, line.data, line.len);
    text_free(&line);
}

static void set_stage(batch_job *at, const char *stage, const char *json)
{
    text line = {0};
    text_put(&line, "{");
    text_member(&line, "file", at->path);
    text_member(&line, "stage", stage);
    text_format(&line, "\"result\":%s}\n", json);
    if (line.failed)
        at->status = DOXIN_E_NOMEM;
    else
        batch_set_output(at, line.data, line.len);
    text_free(&line);
}

static doxin_status form_options(const batch *all, const batch_job *at, doxin_options **out)
{
    const options *chosen = all->owner;
    bool first = (at == all->jobs || chosen->into_folder) && !at->output;
    doxin_status status = doxin_options_new(out);
    if (status == DOXIN_OK)
        status = doxin_options_set(*out, "file_name", at->path);
    if (status == DOXIN_OK)
        status = doxin_options_set(*out, "header", first ? "true" : "false");
    if (status == DOXIN_OK)
        status = doxin_options_set(*out, "colour", chosen->colour ? "true" : "false");
    if (status == DOXIN_OK && chosen->width[0])
        status = doxin_options_set(*out, "width", chosen->width);
    if (status == DOXIN_OK && at->document && chosen->pictures)
        status = doxin_options_set(*out, "pictures", chosen->pictures);
    return status;
}

static void write_form(const batch *all, doxin_session *session, batch_job *at, const char *json)
{
    const options *chosen = all->owner;
    doxin_options *opts = NULL;
    if (all->reading->explain) {
        set_stage(at, all->reading->explain, json);
        return;
    }
    if (is_format(chosen, "json") || chosen->one_book) {
        set_json(at, json, chosen->one_book ? "" : "\n");
        return;
    }
    at->status = form_options(all, at, &opts);
    if (at->status == DOXIN_OK)
        batch_write(session, at, json, chosen->format, opts);
    doxin_options_free(opts);
}

/* ---- output ----------------------------------------------------------------------------------------------------------- */

static bool is_lines(const options *chosen)
{
    return (is_format(chosen, "json") || is_format(chosen, "flat")) && !chosen->into_folder;
}

static void print_failure(const options *chosen, const batch_job *at, FILE *out)
{
    const char *code = doxin_status_name(at->status);
    const char *message = at->message ? at->message : "it could not be read";
    if (!is_lines(chosen)) {
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

static bool write_file(const char *path, const void *data, size_t size)
{
    int problem = file_write(path, data, size, 0644);
    if (problem != 0)
        fprintf(stderr, "doxin: %s: %s\n", path, strerror(problem));
    return problem == 0;
}

/* Where the documents go; the book is an array of their JSON that is not ended yet. */
typedef struct sink {
    FILE *stream;
    text book;
} sink;

static bool print_document(const batch_job *at, FILE *out)
{
    fwrite(at->output, 1, at->output_size, out);
    if (at->output_size && at->output[at->output_size - 1] != '\n' && strncmp(at->output, "PK", 2) != 0)
        fputc('\n', out);
    return fflush(out) == 0;
}

/* Hands one document on; the context is a sink. */
static bool show(const batch *all, batch_job *at, void *context)
{
    const options *chosen = all->owner;
    sink *to = context;
    if (at->status != DOXIN_OK) {
        print_failure(chosen, at, to->stream);
        return false;
    }
    if (chosen->one_book) {
        text_put(&to->book, to->book.len ? "," : "[");
        text_add(&to->book, at->output, at->output_size);
        return !to->book.failed;
    }
    if (chosen->into_folder)
        return write_file(chosen->files.names[at - all->jobs], at->output, at->output_size);
    return print_document(at, to->stream);
}

/* One workbook of all documents that could be read. */
static bool write_book(const batch *all, text *book)
{
    const options *chosen = all->owner;
    doxin_session *session = NULL;
    batch_job made = {.path = chosen->out ? chosen->out : "standard output"};
    if (book->len == 0)
        return false;
    text_put(book, "]");
    made.status = book->failed ? DOXIN_E_NOMEM : doxin_session_open(all->engine, NULL, &session);
    if (made.status == DOXIN_OK)
        batch_write(session, &made, book->data, "xlsx", NULL);
    bool done = made.status == DOXIN_OK;
    if (!done)
        fprintf(stderr, "doxin: %s: %s (%s)\n", made.path, made.message ? made.message : "it could not be written",
                doxin_status_name(made.status));
    else if (chosen->out)
        done = write_file(chosen->out, made.output, made.output_size);
    else
        done = fwrite(made.output, 1, made.output_size, stdout) == made.output_size && fflush(stdout) == 0;
    free(made.output);
    free(made.message);
    doxin_session_free(session);
    return done;
}

/* All in memory first: the file is there as a whole or not at all. */
static int run_into_file(batch *all, sink *to)
{
    const options *chosen = all->owner;
    char *data = NULL;
    size_t size = 0;
    to->stream = open_memstream(&data, &size);
    if (!to->stream)
        return EXIT_SOME_FAILED;
    int code = batch_run(all, show, to);
    bool whole = fclose(to->stream) == 0;
    /* Nothing at all could be read: there is nothing to write. */
    if (!whole || (size > 0 && !write_file(chosen->out, data, size)))
        code = code == EXIT_DONE ? EXIT_SOME_FAILED : code;
    free(data);
    return code;
}

static int run_all(batch *all)
{
    const options *chosen = all->owner;
    sink to = {.stream = stdout};
    int code;
    if (chosen->one_book) {
        code = batch_run(all, show, &to);
        if (!write_book(all, &to.book) && code == EXIT_DONE)
            code = EXIT_SOME_FAILED;
    } else if (chosen->out && !chosen->into_folder) {
        code = run_into_file(all, &to);
    } else {
        code = batch_run(all, show, &to);
    }
    text_free(&to.book);
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

static bool read_option(arguments *from, options *chosen)
{
    const char *value = NULL;
    if (arguments_value(from, "--format", &value) && value && known_format(value))
        chosen->format = value;
    else if (arguments_value(from, "--out", &value) && value && *value)
        chosen->out = value;
    else if (arguments_flag(from, "--split"))
        chosen->reading.split = true;
    else if (arguments_value(from, "--own", &value) && value)
        add_own_name(&chosen->profile, value);
    else if (arguments_value(from, "--explain", &value) && value)
        chosen->reading.explain = value;
    else if (arguments_value(from, "--pictures", &value) && value && is_number(value, 500))
        chosen->pictures = value;
    else
        return batch_option(from, &chosen->reading);
    return true;
}

/* Options and files in any order; "--" ends the options. EXIT_DONE: *files are those arguments that are no options. */
static int read_arguments(arguments *from, options *chosen, char **files, int *file_count)
{
    bool options_end = false;
    while (from->at < from->count) {
        char *item = from->items[from->at];
        int place = from->at;
        if (!options_end && arguments_flag(from, "--"))
            options_end = true;
        else if (options_end || item[0] != '-' || item[1] == '\0')
            files[(*file_count)++] = from->items[from->at++];
        else if (!read_option(from, chosen))
            return command_usage_error("extract", "\"%s\" is no option, or its value is missing or not allowed",
                                       from->items[place]);
    }
    return EXIT_DONE;
}

static int list_files(char **files, int file_count, char ***paths, size_t *count, bool *some_failed)
{
    size_t inputs = 0;
    for (int i = 0; i < file_count; i++) {
        int problem = file_list(files[i], paths, count);
        if (problem != 0) {
            fprintf(stderr, "doxin: %s: %s\n", files[i], strerror(problem));
            *some_failed = true;
        }
        inputs += strcmp(files[i], "-") == 0;
    }
    if (inputs > 1)
        return command_usage_error("extract", "standard input can be read once");
    if (*count > 0)
        return EXIT_DONE;
    if (*some_failed)
        return EXIT_SOME_FAILED;
    return command_usage_error("extract", file_count > 0 ? "there is no document in what was named"
                                                         : "there is no document to read");
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
    all.quiet = !chosen->out && isatty(STDOUT_FILENO);
    all.keep_document = is_format(chosen, "html") && !chosen->reading.explain;
    doxin_status status = batch_open(&all, config, paths, count);
    if (status == DOXIN_OK)
        status = open_profile(&all, &chosen->profile);
    int code = status == DOXIN_OK ? run_all(&all) : command_exit_of(status);
    batch_free(&all);
    return code;
}

/* A folder that is there, or one that is to be made: its name ends with '/', or several documents need files. */
static bool wants_folder(const options *chosen, size_t count)
{
    struct stat info;
    size_t length = strlen(chosen->out);
    if (stat(chosen->out, &info) == 0)
        return S_ISDIR(info.st_mode);
    return chosen->out[length - 1] == '/' || (count > 1 && (is_format(chosen, "html") || is_format(chosen, "ubl")));
}

static int make_folder(options *chosen, char **paths, size_t count)
{
    char folder[PATH_MAX];
    if (snprintf(folder, sizeof folder, "%s", chosen->out) >= (int)sizeof folder)
        errno = ENAMETOOLONG;
    else if (mkdir(folder, 0777) == 0 || errno == EEXIST)
        errno = 0;
    if (errno != 0) {
        fprintf(stderr, "doxin: %s: %s\n", chosen->out, strerror(errno));
        return EXIT_SOME_FAILED;
    }
    for (size_t n = strlen(folder); n > 1 && folder[n - 1] == '/'; n--)
        folder[n - 1] = '\0';
    const char *extension = chosen->reading.explain || is_format(chosen, "flat") ? "json"
                            : is_format(chosen, "table")                         ? "txt"
                            : is_format(chosen, "ubl")                           ? "xml"
                                                                                 : chosen->format;
    if (outputs_name(&chosen->files, paths, count, folder, extension))
        return EXIT_DONE;
    fputs("doxin: there is no memory\n", stderr);
    return EXIT_SOME_FAILED;
}

static int check_output(options *chosen, char **paths, size_t count)
{
    bool terminal = !chosen->out && isatty(STDOUT_FILENO);
    bool whole = is_whole_file(chosen) && !chosen->reading.explain;
    struct winsize size;
    const char *no_colour = getenv("NO_COLOR");
    chosen->colour = terminal && !(no_colour && *no_colour);
    if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_col <= 1000)
        snprintf(chosen->width, sizeof chosen->width, "%u",
                 size.ws_col < 60    ? 60u
                 : size.ws_col > 160 ? 160u
                                     : size.ws_col);
    chosen->into_folder = chosen->out && wants_folder(chosen, count);
    chosen->one_book = whole && is_format(chosen, "xlsx") && !chosen->into_folder;
    if (whole && chosen->reading.split && !is_format(chosen, "xlsx"))
        return command_usage_error("extract", "--split goes with --format json, flat, table, csv and xlsx");
    if (terminal && whole && is_format(chosen, "xlsx"))
        return command_usage_error("extract", "--format xlsx needs --out, or standard output to a file");
    if (whole && count > 1 && !chosen->into_folder && !chosen->one_book)
        return command_usage_error("extract", "--format %s makes a file of each document: name a directory with --out",
                                   chosen->format);
    return chosen->into_folder ? make_folder(chosen, paths, count) : EXIT_DONE;
}

static int run_with(settings *config, arguments *from, options *chosen, char **files)
{
    char **paths = NULL;
    size_t path_count = 0;
    int file_count = 0;
    bool some_failed = false;
    int code = read_arguments(from, chosen, files, &file_count);
    if (code == EXIT_DONE && chosen->reading.explain && strcmp(chosen->reading.explain, "help") == 0)
        return explain_list(stdout);
    if (code == EXIT_DONE && chosen->reading.explain && !explain_knows(chosen->reading.explain))
        code = command_usage_error("extract", "there is no stage \"%s\"; `--explain help` lists them",
                                   chosen->reading.explain);
    if (code == EXIT_DONE)
        code = list_files(files, file_count, &paths, &path_count, &some_failed);
    if (code == EXIT_DONE)
        code = check_output(chosen, paths, path_count);
    if (code == EXIT_DONE)
        code = extract_files(config, chosen, paths, path_count);
    if (code == EXIT_DONE && some_failed)
        code = EXIT_SOME_FAILED;
    for (size_t i = 0; i < path_count; i++)
        free(paths[i]);
    free(paths);
    return code;
}

static int run(settings *config, int count, char **items)
{
    options chosen = {.format = "json", .reading = batch_reading_default()};
    arguments from = {count, items, 1};
    char **files = calloc((size_t)count + 1, sizeof *files);
    int code = files ? run_with(config, &from, &chosen, files) : EXIT_SOME_FAILED;
    free(files);
    outputs_free(&chosen.files);
    text_free(&chosen.profile);
    return code;
}

const command command_extract = {
    .name = "extract",
    .summary = "read invoices and print what is in them",
    .usage = usage,
    .run = run,
};
