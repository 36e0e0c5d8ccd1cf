#include "cmd/command.h"

#include <stdio.h>
#include <string.h>

static const char usage[] =
    "Usage: doxin migrate up [--to VERSION] | down [--steps N] | status [--json]\n\n"
    "Brings the database to the schema that this version needs, takes migrations back, or shows them. Uses\n"
    "DATABASE_OWNER_URL (else DATABASE_URL). Each migration runs in one transaction; only one doxin migrates at a "
    "time.\n\n"
    "  up       apply all that are missing\n"
    "  down     take the last one back (--steps N: the last N). Data in what is dropped is lost.\n"
    "  status   list them; exit code 1 when some are missing\n";

static void print_rows(const doxin_value *report)
{
    char pointer[64];
    for (size_t i = 0; i < doxin_value_count(report, "/migrations"); i++) {
        snprintf(pointer, sizeof pointer, "/migrations/%zu/applied", i);
        const char *applied = strcmp(doxin_value_text(report, pointer), "true") == 0 ? "applied" : "missing";
        snprintf(pointer, sizeof pointer, "/migrations/%zu/version", i);
        const char *version = doxin_value_text(report, pointer);
        snprintf(pointer, sizeof pointer, "/migrations/%zu/name", i);
        printf("%-8s %s %s\n", applied, version, doxin_value_text(report, pointer));
    }
}

static int missing(const doxin_value *report)
{
    int count = 0;
    char pointer[64];
    for (size_t i = 0; i < doxin_value_count(report, "/migrations"); i++) {
        snprintf(pointer, sizeof pointer, "/migrations/%zu/applied", i);
        count += strcmp(doxin_value_text(report, pointer), "true") != 0;
    }
    return count;
}

static int migrate(doxin_session *session, const char *direction, doxin_options *opts, bool json)
{
    char *text = NULL;
    doxin_value *report = NULL;
    doxin_status status = doxin_migrate(session, direction, opts, &text);
    if (status != DOXIN_OK) {
        command_print_error(session, status, "migrate");
        return command_exit_of(status);
    }
    int code = EXIT_DONE;
    if (doxin_value_parse(text, &report) != DOXIN_OK)
        code = EXIT_SOME_FAILED;
    else if (json)
        puts(text);
    else
        print_rows(report);
    if (code == EXIT_DONE && strcmp(direction, "status") == 0 && missing(report) > 0)
        code = EXIT_SOME_FAILED;
    doxin_value_free(report);
    doxin_string_free(text);
    return code;
}

static int run(settings *config, int count, char **items)
{
    arguments from = {count, items, 2};
    const char *value = NULL;
    bool json = false;
    doxin_options *opts = NULL;
    const char *direction = count > 1 ? items[1] : "";
    if (strcmp(direction, "up") != 0 && strcmp(direction, "down") != 0 && strcmp(direction, "status") != 0)
        return command_usage_error("migrate", "say up, down or status");
    if (doxin_options_new(&opts) != DOXIN_OK)
        return EXIT_SOME_FAILED;
    while (from.at < from.count) {
        bool known = arguments_flag(&from, "--json");
        json = json || known;
        if (!known && arguments_value(&from, "--steps", &value) && value)
            known = doxin_options_set(opts, "steps", value) == DOXIN_OK;
        else if (!known && arguments_value(&from, "--to", &value) && value)
            known = doxin_options_set(opts, "to", value) == DOXIN_OK;
        if (!known) {
            doxin_options_free(opts);
            return command_usage_error("migrate", "\"%s\" is no option of it, or its value is missing",
                                       items[from.at < count ? from.at : count - 1]);
        }
    }
    doxin_engine *engine = NULL;
    doxin_session *session = NULL;
    int code = command_open(config, &engine, &session);
    if (code == EXIT_DONE)
        code = migrate(session, direction, opts, json);
    doxin_options_free(opts);
    doxin_session_free(session);
    doxin_engine_free(engine);
    return code;
}

const command command_migrate = {
    .name = "migrate",
    .summary = "bring the database schema up, take it down, show its state",
    .usage = usage,
    .run = run,
};
