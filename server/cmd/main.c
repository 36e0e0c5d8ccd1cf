/* doxin: one program, many commands. */
#include "cmd/command.h"

#include <stdio.h>
#include <string.h>

static const command *const commands[] = {
#include "cmd/commands.inc"
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static const command *find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static void print_overview(FILE *out)
{
    fputs("Usage: doxin [--env-file FILE] COMMAND [ARGUMENT…]\n\n"
          "Turns invoices into data that a bookkeeper can trust.\n\nCommands:\n",
          out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
    fputs("  help      show this, or the help of a command\n\n"
          "Options:\n"
          "  --env-file FILE   read variables (NAME=value) from FILE; the environment wins\n"
          "  --help            show this\n\n"
          "Exit codes: 0 done, 1 some of the work failed, 2 wrong usage, 3 a part is unreachable or misconfigured.\n",
          out);
}

static int help(int count, char **items)
{
    if (count < 2) {
        print_overview(stdout);
        return EXIT_DONE;
    }
    const command *about = find(items[1]);
    if (!about) {
        fprintf(stderr, "doxin: there is no command \"%s\"; `doxin help` lists them\n", items[1]);
        return EXIT_USAGE;
    }
    fputs(about->usage, stdout);
    return EXIT_DONE;
}

static bool asks_for_help(int count, char **items)
{
    for (int i = 1; i < count && strcmp(items[i], "--") != 0; i++)
        if (strcmp(items[i], "--help") == 0)
            return true;
    return false;
}

static int run(const command *chosen, const char *env_file, int count, char **items)
{
    char error[CONFIG_ERROR_TEXT];
    settings *config = config_load(env_file, error);
    if (!config) {
        fprintf(stderr, "doxin: %s\n", error);
        return EXIT_UNREACHABLE;
    }
    int code = chosen->run(config, count, items);
    config_free(config);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fputs("doxin: standard output cannot be written\n", stderr);
        return code == EXIT_DONE ? EXIT_SOME_FAILED : code;
    }
    return code;
}

int main(int count, char **items)
{
    const char *env_file = NULL;
    arguments from = {count, items, 1};
    if (arguments_value(&from, "--env-file", &env_file) && !env_file)
        return command_usage_error("", "--env-file needs the name of a file");
    count -= from.at;
    items += from.at;
    if (count == 0) {
        print_overview(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(items[0], "help") == 0)
        return help(count, items);
    if (strcmp(items[0], "--help") == 0) {
        print_overview(stdout);
        return EXIT_DONE;
    }
    const command *chosen = find(strcmp(items[0], "--version") == 0 ? "version" : items[0]);
    if (!chosen) {
        fprintf(stderr, "doxin: there is no command \"%s\"; `doxin help` lists them\n", items[0]);
        return EXIT_USAGE;
    }
    if (asks_for_help(count, items)) {
        fputs(chosen->usage, stdout);
        return EXIT_DONE;
    }
    return run(chosen, env_file, count, items);
}
