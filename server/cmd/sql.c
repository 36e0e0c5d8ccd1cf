/* doxin sql check: SQL in JSON lines, checked and scoped. */
#include "base/file.h"
#include "base/text.h"
#include "cmd/command.h"
#include "cmd/sql_line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POLICY_MAX = 1 << 20 };

static const char usage[] =
    "Usage: doxin sql check [--policy FILE] [--code-fences]\n\n"
    "Reads JSON lines from standard input and writes one line for each, in order:\n\n"
    "  {\"id\": \"A1\", \"sql\": \"…\"}   or   {\"id\": \"A1\", \"sql_b64\": \"…\"}, the exact bytes in base64\n"
    "  {\"id\":\"A1\",\"ok\":true,\"sql\":\"…\"}\n"
    "  {\"id\":\"A1\",\"ok\":false,\"code\":\"DOXIN_E_SQL_…\",\"message\":\"…\",\"hint\":\"…\",\"offset\":17}\n\n"
    "The text that comes back is to be run with the owner as its parameter $1. Nothing is run here.\n\n"
    "  --policy FILE   what may be read, schema doxin.sql-policy/1 (default: DoxIn's own schema)\n"
    "  --code-fences   a text that is one block of ```…``` stands for what is in it\n\n"
    "Exit codes: 0 every line was answered, 1 some lines could not be read, 2 wrong usage.\n";

typedef struct checking {
    const char *policy;
    bool code_fences;
    doxin_session *session;
    doxin_options *opts;
    bool some_failed;
} checking;

/* ---- one line -------------------------------------------------------------------------------------------------------------- */

static void print_refusal(checking *at, doxin_status status, text *out)
{
    char *json = NULL;
    doxin_value *error = NULL;
    doxin_status told = doxin_session_error(at->session, &json);
    if (told == DOXIN_OK)
        told = doxin_value_parse(json, &error);
    const char *message = told == DOXIN_OK ? doxin_value_text(error, "/message") : NULL;
    const char *hint = told == DOXIN_OK ? doxin_value_text(error, "/hint") : NULL;
    const char *offset = told == DOXIN_OK ? doxin_value_text(error, "/offset") : NULL;
    text_put(out, ",\"ok\":false,");
    text_member(out, "code", doxin_status_name(status));
    text_member(out, "message", message ? message : "");
    if (hint && *hint)
        text_member(out, "hint", hint);
    if (offset)
        text_format(out, "\"offset\":%s", offset);
    text_trim(out);
    doxin_value_free(error);
    doxin_string_free(json);
}

static void answer(checking *at, const sql_line *line, text *out)
{
    char *json = NULL;
    doxin_value *checked = NULL;
    text_put(out, "{\"id\":");
    text_put(out, line->id ? line->id : "null");
    doxin_status status = doxin_sql_check(at->session, line->sql, line->sql_size, at->opts, &json);
    if (status == DOXIN_OK)
        status = doxin_value_parse(json, &checked);
    if (status == DOXIN_OK) {
        text_put(out, ",\"ok\":true,\"sql\":");
        text_json(out, doxin_value_text(checked, "/sql"));
    } else {
        print_refusal(at, status, out);
    }
    text_put(out, "}\n");
    doxin_value_free(checked);
    doxin_string_free(json);
}

static bool check_line(checking *at, const char *data, size_t size)
{
    sql_line line;
    text out = {0};
    const char *problem = sql_line_read(&line, data, size);
    if (problem) {
        at->some_failed = true;
        text_put(&out, "{\"id\":");
        text_put(&out, line.id ? line.id : "null");
        text_put(&out, ",\"ok\":false,\"code\":\"DOXIN_E_JSON\",");
        text_member(&out, "message", problem);
        text_trim(&out);
        text_put(&out, "}\n");
    } else {
        answer(at, &line, &out);
    }
    sql_line_free(&line);
    bool written = !out.failed && fwrite(out.data, 1, out.len, stdout) == out.len && fflush(stdout) == 0;
    text_free(&out);
    return written;
}

static int check_lines(checking *at)
{
    char *data = NULL;
    size_t room = 0;
    ssize_t size;
    bool written = true;
    while (written && (size = getline(&data, &room, stdin)) >= 0)
        if (size > 1 || data[0] != '\n')
            written = check_line(at, data, (size_t)size);
    free(data);
    if (!written) {
        fprintf(stderr, "doxin: standard output cannot be written\n");
        return EXIT_SOME_FAILED;
    }
    return at->some_failed ? EXIT_SOME_FAILED : EXIT_DONE;
}

/* ---- the command -------------------------------------------------------------------------------------------------------------- */

static int use_policy(checking *at)
{
    char *data = NULL;
    size_t size = 0;
    doxin_asset *asset = NULL;
    if (!at->policy)
        return EXIT_DONE;
    int problem = file_read(at->policy, POLICY_MAX, &data, &size);
    if (problem != 0) {
        fprintf(stderr, "doxin: %s: %s\n", at->policy, strerror(problem));
        return EXIT_USAGE;
    }
    doxin_status status = doxin_asset_open(at->session, "policy", data, size, NULL, &asset);
    if (status == DOXIN_OK)
        status = doxin_session_use(at->session, asset);
    if (status != DOXIN_OK)
        command_print_error(at->session, status, at->policy);
    doxin_asset_free(asset);
    free(data);
    return status == DOXIN_OK ? EXIT_DONE : EXIT_USAGE;
}

static int use_options(checking *at)
{
    doxin_status status = doxin_options_new(&at->opts);
    if (status == DOXIN_OK)
        status = doxin_options_set(at->opts, "code_fences", at->code_fences ? "true" : "false");
    return status == DOXIN_OK ? EXIT_DONE : EXIT_SOME_FAILED;
}

static int run(settings *config, int count, char **items)
{
    checking at = {.policy = NULL};
    arguments from = {count, items, 1};
    doxin_engine *engine = NULL;
    const char *value = NULL;
    if (count < 2 || strcmp(items[1], "check") != 0)
        return command_usage_error("sql", "it is \"doxin sql check\"");
    for (from.at = 2; from.at < from.count;) {
        if (arguments_value(&from, "--policy", &value) && value)
            at.policy = value;
        else if (arguments_flag(&from, "--code-fences"))
            at.code_fences = true;
        else
            return command_usage_error("sql", "\"%s\" is no option, or its value is missing",
                                       items[from.at < from.count ? from.at : from.count - 1]);
    }
    int code = command_open(config, &engine, &at.session);
    if (code == EXIT_DONE)
        code = use_policy(&at);
    if (code == EXIT_DONE)
        code = use_options(&at);
    if (code == EXIT_DONE)
        code = check_lines(&at);
    doxin_options_free(at.opts);
    doxin_session_free(at.session);
    doxin_engine_free(engine);
    return code;
}

const command command_sql = {
    .name = "sql",
    .summary = "check SQL that somebody else wrote, and confine it to its owner's rows",
    .usage = usage,
    .run = run,
};
