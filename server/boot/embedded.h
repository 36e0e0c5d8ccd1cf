/* The embedded default: what the server needs and the configuration does not name lies in DOXIN_DATA. */
#ifndef SERVER_BOOT_EMBEDDED_H
#define SERVER_BOOT_EMBEDDED_H

#include "boot/config.h"

typedef struct embedded embedded;

enum { EMBEDDED_ERROR_TEXT = 512 };

/* Makes the data folder and fills in what is not configured: a private PostgreSQL (when DATABASE_URL is not set), the
 * folder of files, the folder for request bodies. The settings then name them. NULL: error says why. */
embedded *embedded_start(settings *config, char *error);
/* True: the database is the private one. */
bool embedded_has_database(const embedded *from);
/* Folder for request bodies; borrowed. */
const char *embedded_spool(const embedded *from);
/* Stops the private database cleanly. */
void embedded_stop(embedded *old);

#endif
