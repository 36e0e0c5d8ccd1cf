/* doxin demo: the demonstration data, into the configured database or the private one. */
#include "boot/embedded.h"
#include "boot/log.h"
#include "cmd/command.h"
#include "demo/load.h"

#include <signal.h>
#include <stdio.h>

static const char usage[] =
    "Usage: doxin demo [--user EMAIL]\n\n"
    "Loads a small catalogue and some invoices in several languages, reads them, and shows what was read. All of it "
    "is\n"
    "made up. With DATABASE_URL (and DATABASE_OWNER_URL) they go into that database, else into the private one in\n"
    "DOXIN_DATA, which must not be in use: for a server that is to run, use `doxin serve --demo`. A second run "
    "changes\n"
    "nothing that is there already.\n\n"
    "  --user EMAIL   whose the invoices become (default: " DEMO_EMAIL ")\n";

static int load(settings *config, const char *email)
{
    char error[EMBEDDED_ERROR_TEXT] = "";
    embedded *own = embedded_start(config, error);
    if (!own) {
        fprintf(stderr,
                "doxin demo: %s\nWhere a server runs already, stop it and start it again as `doxin serve --demo`.\n",
                error);
        return EXIT_UNREACHABLE;
    }
    demo_options options = {.email = email, .migrate = true, .worker = true, .print = true};
    int code = demo_load(config, &options);
    if (code == EXIT_DONE && embedded_has_database(own))
        printf("\n`doxin serve` shows them to %s: sign in at POST /api/v1/auth/dev-login.\n", email);
    embedded_stop(own);
    return code;
}

static int run(settings *config, int count, char **items)
{
    arguments from = {count, items, 1};
    const char *email = DEMO_EMAIL;
    while (from.at < from.count)
        if (!(arguments_value(&from, "--user", &email) && email))
            return command_usage_error("demo", "\"%s\" is no option of it, or its value is missing",
                                       items[from.at < count ? from.at : count - 1]);
    log_threshold(DOXIN_LOG_WARN);
    /* A signal ends the loading, not the process: the private database is stopped in any case. */
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    return load(config, email);
}

const command command_demo = {
    .name = "demo",
    .summary = "load a made-up catalogue and invoices, and show what was read",
    .usage = usage,
    .run = run,
};
