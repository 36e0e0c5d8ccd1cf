#include "cmd/command.h"

#include "boot/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int command_usage_error(const char *name, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fprintf(stderr, "doxin %s: ", name);
    vfprintf(stderr, format, list);
    va_end(list);
    fprintf(stderr, "\nTry `doxin help %s`.\n", name);
    return EXIT_USAGE;
}

bool arguments_flag(arguments *from, const char *name)
{
    if (from->at >= from->count || strcmp(from->items[from->at], name) != 0)
        return false;
    from->at++;
    return true;
}

bool arguments_value(arguments *from, const char *name, const char **value)
{
    if (from->at >= from->count)
        return false;
    const char *item = from->items[from->at];
    size_t length = strlen(name);
    if (strncmp(item, name, length) != 0 || (item[length] != '\0' && item[length] != '='))
        return false;
    from->at++;
    if (item[length] == '=')
        *value = item + length + 1;
    else
        *value = from->at < from->count ? from->items[from->at++] : NULL;
    return true;
}

void command_print_error(doxin_session *session, doxin_status status, const char *what)
{
    char *json = NULL;
    doxin_value *error = NULL;
    if (session && doxin_session_error(session, &json) == DOXIN_OK && doxin_value_parse(json, &error) == DOXIN_OK) {
        const char *hint = doxin_value_text(error, "/hint");
        fprintf(stderr, "doxin: %s: %s (%s)%s%s\n", what, doxin_value_text(error, "/message"),
                doxin_value_text(error, "/code"), *hint ? ". " : "", hint);
    } else {
        fprintf(stderr, "doxin: %s: %s\n", what, doxin_status_name(status));
    }
    doxin_value_free(error);
    doxin_string_free(json);
}

static void print_engine_error(doxin_engine *engine, doxin_status status)
{
    char *json = NULL;
    doxin_value *error = NULL;
    if (engine && doxin_engine_error(engine, &json) == DOXIN_OK && doxin_value_parse(json, &error) == DOXIN_OK)
        fprintf(stderr, "doxin: %s (%s)\n", doxin_value_text(error, "/message"), doxin_status_name(status));
    else
        fprintf(stderr, "doxin: the engine cannot be opened (%s)\n", doxin_status_name(status));
    doxin_value_free(error);
    doxin_string_free(json);
}

int command_open(const settings *config, doxin_engine **engine, doxin_session **session)
{
    doxin_options *opts = NULL;
    *engine = NULL;
    *session = NULL;
    doxin_status status = config_engine_options(config, &opts);
    if (status == DOXIN_OK)
        status = doxin_engine_open(opts, engine);
    doxin_options_free(opts);
    if (status == DOXIN_OK)
        status = doxin_engine_set_log(*engine, log_from_library, NULL, NULL);
    if (status == DOXIN_OK)
        status = doxin_session_open(*engine, NULL, session);
    if (status == DOXIN_OK)
        return EXIT_DONE;
    print_engine_error(*engine, status);
    return status == DOXIN_E_OPTION ? EXIT_UNREACHABLE : EXIT_SOME_FAILED;
}

int command_exit_of(doxin_status status)
{
    switch (status) {
    case DOXIN_OK:
        return EXIT_DONE;
    case DOXIN_E_OPTION:
    case DOXIN_E_CONFIG:
    case DOXIN_E_NO_SOURCE:
    case DOXIN_E_UNAVAILABLE:
    case DOXIN_E_OFF:
    case DOXIN_E_PARSER_MISSING:
    case DOXIN_E_DATABASE_DOWN:
    case DOXIN_E_SCHEMA_OLD:
        return EXIT_UNREACHABLE;
    default:
        return EXIT_SOME_FAILED;
    }
}
