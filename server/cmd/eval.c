/* doxin eval: reads documents whose invoices are known and counts what is right. */
#include "base/file.h"
#include "base/text.h"
#include "cmd/batch.h"
#include "eval/report.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char usage[] =
    "Usage: doxin eval [OPTION…] DIRECTORY\n\n"
    "Reads every DIRECTORY/NAME/document.* and compares it with DIRECTORY/NAME/truth.json, which has the members of\n"
    "the flat form of doxin extract. Only fields that the truth has are counted; null says that there is nothing to\n"
    "find. _accept: {FIELD: [VALUE, …]} allows other values.\n\n"
    "  --no-embedded-xml   read the page although there is XML inside the PDF\n"
    "  --no-ocr            do not recognise scans\n"
    "  --languages LIST    languages of the documents, such as deu+eng\n"
    "  --jobs N            documents at a time (default: processors); seconds are those of each document\n"
    "  --json PATH         write the figures there as JSON too\n\n"
    "Exit codes: 0 all read, 1 some not, 2 wrong usage, 3 the parser is missing.\n";

typedef struct task {
    char **names; /* of the folders, sorted */
    char **paths; /* of their documents */
    size_t count;
    const char *folder;
    scores result;
    bool failed; /* a truth that cannot be used, or no memory; said already */
} task;

/* ---- what there is to read ------------------------------------------------------------------------------------------------ */

static int by_name(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static bool has_truth(const char *folder, const char *name)
{
    char path[PATH_MAX];
    struct stat info;
    return name[0] != '.' && snprintf(path, sizeof path, "%s/%s/truth.json", folder, name) < (int)sizeof path &&
           stat(path, &info) == 0;
}

static int add_name(task *to, const char *name)
{
    char **grown = realloc(to->names, (to->count + 1) * sizeof *grown);
    if (!grown)
        return ENOMEM;
    to->names = grown;
    grown[to->count] = strdup(name);
    return grown[to->count] ? (to->count++, 0) : ENOMEM;
}

static int list_names(task *to)
{
    DIR *folder = opendir(to->folder);
    if (!folder)
        return errno;
    int problem = 0;
    for (const struct dirent *entry; problem == 0 && (entry = readdir(folder));)
        if (has_truth(to->folder, entry->d_name))
            problem = add_name(to, entry->d_name);
    closedir(folder);
    if (to->count > 0)
        qsort(to->names, to->count, sizeof *to->names, by_name);
    return problem;
}

/* "FOLDER/NAME/document.pdf", owned by the caller; where there is none, "FOLDER/NAME/document", whose reading then fails.
 * NULL: no memory. */
static char *find_document(const char *folder, const char *name)
{
    text path = {0};
    text_format(&path, "%s/%s", folder, name);
    DIR *inside = path.failed ? NULL : opendir(path.data);
    char found[NAME_MAX + 1] = "document";
    for (const struct dirent *entry; inside && (entry = readdir(inside));)
        if (strncmp(entry->d_name, "document.", strlen("document.")) == 0)
            snprintf(found, sizeof found, "%s", entry->d_name);
    if (inside)
        closedir(inside);
    text_format(&path, "/%s", found);
    return text_take(&path);
}

static int find_documents(task *of)
{
    int problem = list_names(of);
    if (problem == 0 && of->count == 0)
        return command_usage_error("eval", "there is no folder with a truth.json in \"%s\"", of->folder);
    of->paths = problem == 0 ? calloc(of->count, sizeof *of->paths) : NULL;
    if (problem == 0 && !of->paths)
        problem = ENOMEM;
    for (size_t i = 0; problem == 0 && i < of->count; i++)
        if (!(of->paths[i] = find_document(of->folder, of->names[i])))
            problem = ENOMEM;
    if (problem != 0)
        fprintf(stderr, "doxin: %s: %s\n", of->folder, strerror(problem));
    return problem == 0 ? EXIT_DONE : EXIT_SOME_FAILED;
}

static void task_free(task *of)
{
    for (size_t i = 0; i < of->count; i++) {
        free(of->names[i]);
        if (of->paths)
            free(of->paths[i]);
    }
    free(of->names);
    free(of->paths);
    scores_free(&of->result);
}

/* ---- one document ------------------------------------------------------------------------------------------------------------ */

static void write_flat(const batch *all, doxin_session *session, batch_job *at, const char *json)
{
    (void)all;
    batch_write(session, at, json, "flat", NULL);
}

static doxin_value *read_truth(const task *of, size_t index, size_t max_bytes)
{
    text path = {0};
    char *data = NULL;
    size_t size = 0;
    doxin_value *truth = NULL;
    text_format(&path, "%s/%s/truth.json", of->folder, of->names[index]);
    int problem = path.failed ? ENOMEM : file_read(path.data, max_bytes, &data, &size);
    char *string = problem == 0 ? malloc(size + 1) : NULL;
    if (string) {
        memcpy(string, data, size);
        string[size] = '\0';
        if (doxin_value_parse(string, &truth) != DOXIN_OK)
            fprintf(stderr, "doxin: %s: it is not JSON\n", path.data);
    } else {
        fprintf(stderr, "doxin: %s/%s/truth.json: %s\n", of->folder, of->names[index],
                strerror(problem ? problem : ENOMEM));
    }
    free(string);
    free(data);
    text_free(&path);
    return truth;
}

static bool score(const batch *all, batch_job *at, void *context)
{
    task *of = context;
    size_t index = (size_t)(at - all->jobs);
    doxin_value *truth = read_truth(of, index, all->max_bytes), *read = NULL;
    if (at->status == DOXIN_OK)
        at->status = doxin_value_parse(at->output, &read);
    const char *error = at->message ? at->message : doxin_status_name(at->status);
    if (at->status != DOXIN_OK)
        fprintf(stderr, "doxin: %s: %s (%s)\n", at->path, error, doxin_status_name(at->status));
    if (truth && !scores_add(&of->result, of->names[index], truth, read, error, at->seconds)) {
        fputs("doxin: there is no memory\n", stderr);
        of->failed = true;
    }
    of->failed = of->failed || !truth;
    doxin_value_free(truth);
    doxin_value_free(read);
    return at->status == DOXIN_OK;
}

/* ---- the command ----------------------------------------------------------------------------------------------------------------- */

static int report(const scores *of, const char *json_path)
{
    text words = {0}, json = {0};
    int code = EXIT_SOME_FAILED;
    report_text(of, &words);
    report_json(of, &json);
    int problem = words.failed || json.failed ? ENOMEM : 0;
    if (problem == 0) {
        fwrite(words.data, 1, words.len, stdout);
        problem = json_path ? file_write(json_path, json.data, json.len, 0644) : 0;
    }
    if (problem != 0)
        fprintf(stderr, "doxin: %s: %s\n", json_path ? json_path : "the report", strerror(problem));
    else
        code = EXIT_DONE;
    text_free(&words);
    text_free(&json);
    return code;
}

static int evaluate(const settings *config, const batch_reading *reading, task *of, const char *json_path)
{
    batch all = {.reading = reading, .form = write_flat};
    doxin_status status = batch_open(&all, config, of->paths, of->count);
    int code = command_exit_of(status);
    if (status == DOXIN_OK) {
        code = batch_run(&all, score, of);
        int reported = report(&of->result, json_path);
        code = code == EXIT_DONE ? reported : code;
        code = code == EXIT_DONE && of->failed ? EXIT_SOME_FAILED : code;
    }
    batch_free(&all);
    return code;
}

static int run(settings *config, int count, char **items)
{
    batch_reading reading = batch_reading_default();
    arguments from = {count, items, 1};
    task of = {0};
    const char *value = NULL, *json_path = NULL;
    while (from.at < from.count) {
        if (arguments_value(&from, "--json", &value) && value)
            json_path = value;
        else if (from.at < from.count && items[from.at][0] != '-' && !of.folder)
            of.folder = items[from.at++];
        else if (!batch_option(&from, &reading))
            return command_usage_error("eval", "\"%s\" is no option, or its value is missing or not allowed",
                                       items[from.at < count ? from.at : count - 1]);
    }
    if (!of.folder)
        return command_usage_error("eval", "name the directory of the documents and their truth");
    int code = find_documents(&of);
    if (code == EXIT_DONE)
        code = evaluate(config, &reading, &of, json_path);
    task_free(&of);
    return code;
}

const command command_eval = {
    .name = "eval",
    .summary = "read invoices that are known and count what is right",
    .usage = usage,
    .run = run,
};
