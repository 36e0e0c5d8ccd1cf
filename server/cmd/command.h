/* The commands of the one program. */
#ifndef SERVER_CMD_COMMAND_H
#define SERVER_CMD_COMMAND_H

#include "boot/config.h"

#include <doxin/doxin.h>
#include <stdbool.h>

/* Exit codes, the same for every command. */
enum { EXIT_DONE = 0, EXIT_SOME_FAILED = 1, EXIT_USAGE = 2, EXIT_UNREACHABLE = 3 };

typedef struct command {
    const char *name;
    const char *summary; /* one line for `doxin help` */
    const char *usage;   /* the whole text of `doxin help NAME` */
    /* arguments[0] is the command's name. */
    int (*run)(settings *config, int count, char **arguments);
} command;

extern const command command_extract, command_eval, command_config, command_health, command_version, command_migrate,
    command_serve, command_worker, command_demo, command_sql;

/* Says on standard error what is wrong with the arguments and where help is; returns EXIT_USAGE. */
int command_usage_error(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Options of a command line: "--name", "--name VALUE", "--name=VALUE"; "--" ends them. */
typedef struct arguments {
    int count;
    char **items;
    int at;
} arguments;
/* True when the item at hand is this option; for value != NULL with its value (NULL there: it is missing). Moves on. */
bool arguments_flag(arguments *from, const char *name);
bool arguments_value(arguments *from, const char *name, const char **value);

/* Prints the error of a session, or of a status alone when session is NULL, as "doxin: WHAT: message (CODE). hint". */
void command_print_error(doxin_session *session, doxin_status status, const char *what);
/* An engine from the configuration and a session of nobody on it, its log on standard error. EXIT_DONE, else what went
 * wrong was printed; both are to be freed by the caller in any case. */
int command_open(const settings *config, doxin_engine **engine, doxin_session **session);
/* EXIT_UNREACHABLE for what is missing or down, else EXIT_SOME_FAILED. */
int command_exit_of(doxin_status status);

#endif
