/* doxin health: what works, what is off and why. */
#include "cmd/command.h"

#include <stdio.h>
#include <string.h>

static const char usage[] = "Usage: doxin health [--json]\n\n"
                            "Checks every part: the parser and the layers of its sandbox, the database, the file "
                            "store. Says what is off and why.\n"
                            "A part that is not configured is off, and not a failure.\n\n"
                            "  --json   print schema doxin.engine/1 instead\n\n"
                            "Exit codes: 0 all that is configured works, 3 something does not.\n";

/* Exit code for a part: its state is "ok", "off" or "failed". */
static int print_part(const doxin_value *info, size_t index)
{
    char pointer[64];
    snprintf(pointer, sizeof pointer, "/parts/%zu/name", index);
    const char *name = doxin_value_text(info, pointer);
    snprintf(pointer, sizeof pointer, "/parts/%zu/state", index);
    const char *state = doxin_value_text(info, pointer);
    snprintf(pointer, sizeof pointer, "/parts/%zu/text", index);
    const char *words = doxin_value_text(info, pointer);
    printf("%-22s %-7s %s\n", name, state, words);
    return strcmp(state, "failed") == 0 ? EXIT_UNREACHABLE : EXIT_DONE;
}

static int run(settings *config, int count, char **items)
{
    arguments from = {count, items, 1};
    bool as_json = arguments_flag(&from, "--json");
    if (from.at < count)
        return command_usage_error("health", "\"%s\" is no option of it", items[from.at]);
    doxin_engine *engine = NULL;
    doxin_session *session = NULL;
    char *json = NULL;
    doxin_value *info = NULL;
    int code = command_open(config, &engine, &session);
    if (code == EXIT_DONE &&
        (doxin_engine_info(engine, &json) != DOXIN_OK || doxin_value_parse(json, &info) != DOXIN_OK))
        code = EXIT_SOME_FAILED;
    for (size_t i = 0; code != EXIT_SOME_FAILED && !as_json && i < doxin_value_count(info, "/parts"); i++)
        code = print_part(info, i) == EXIT_DONE ? code : EXIT_UNREACHABLE;
    if (as_json && json)
        puts(json);
    doxin_value_free(info);
    doxin_string_free(json);
    doxin_session_free(session);
    doxin_engine_free(engine);
    return code;
}

const command command_health = {
    .name = "health",
    .summary = "check every part and say what is off and why",
    .usage = usage,
    .run = run,
};
