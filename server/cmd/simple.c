/* Commands of a few lines: version, config. */
#include "cmd/command.h"

#include <stdio.h>
#include <string.h>

static int run_version(settings *config, int count, char **items)
{
    (void)config;
    (void)items;
    if (count > 1)
        return command_usage_error("version", "it takes no arguments");
    printf("doxin %s\n", doxin_version());
    return EXIT_DONE;
}

const command command_version = {
    .name = "version",
    .summary = "print the version",
    .usage = "Usage: doxin version\n\nPrints the version.\n",
    .run = run_version,
};

static int run_config(settings *config, int count, char **items)
{
    arguments from = {count, items, 1};
    if (arguments_flag(&from, "--markdown")) {
        config_print_markdown(stdout);
        return EXIT_DONE;
    }
    if (from.at < count)
        return command_usage_error("config", "\"%s\" is no argument of it", items[from.at]);
    config_print(config, stdout);
    return EXIT_DONE;
}

const command command_config = {
    .name = "config",
    .summary = "print every variable, its value and where it came from",
    .usage =
        "Usage: doxin config [--markdown]\n\n"
        "Prints every variable that doxin knows, its value or (secret), and where the value came from: the\n"
        "environment, the file of --env-file, or the default. A variable that begins with DOXIN_ and is not known,\n"
        "or a value that cannot be used, is an error that names it.\n\n"
        "  --markdown   print the table of docs/configuration.md instead\n",
    .run = run_config,
};
