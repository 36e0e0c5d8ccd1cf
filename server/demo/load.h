/* Puts the demonstration data into the configured database. */
#ifndef SERVER_DEMO_LOAD_H
#define SERVER_DEMO_LOAD_H

#include "boot/config.h"

#include <doxin/doxin.h>
#include <stdbool.h>

#define DEMO_EMAIL "demo@example.com"

typedef struct demo_options {
    const char *email; /* whose the invoices become; the account is made where there is none */
    bool migrate;      /* bring the schema up first */
    bool worker;       /* work through the queue here; false: another worker does */
    bool print;        /* the table of what was read, on standard output */
} demo_options;

/* Imports the catalogue, uploads the invoices that this user does not have yet, and waits until all are read. Ends early
 * when SIGTERM or SIGINT is pending: both must be blocked. Returns an exit code of command.h; what went wrong was
 * printed. */
int demo_load(const settings *config, const demo_options *options);

#endif
