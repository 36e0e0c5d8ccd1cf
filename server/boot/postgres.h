/* The private PostgreSQL of the embedded default: on a unix socket only, in a folder of its own, for one process.
 *
 * The folder holds: lock (held by us), data (the cluster), socket (or a folder under /tmp, where the path is too long for
 * a socket), log. A cluster becomes visible only when it is complete, so that a kill at any moment leaves either none or
 * a good one. As root everything runs as the system user doxin-postgres. The database ends with this process, also
 * when it is killed; where the database is killed it is started again. */
#ifndef SERVER_BOOT_POSTGRES_H
#define SERVER_BOOT_POSTGRES_H

#include <stdbool.h>

enum { POSTGRES_ERROR_TEXT = 512, POSTGRES_PATH = 1024 };

typedef struct postgres postgres;

typedef enum postgres_login { POSTGRES_APPLICATION = 0, POSTGRES_OWNER, POSTGRES_QUERY } postgres_login;

/* Starts it and waits until it takes connections. binaries: folder of initdb and postgres, or "" to look for one:
 *   1. a PostgreSQL of the machine, 15 or later, that has pgvector (of the version that the cluster was made with)
 *   2. the one that tools/get_postgres.sh unpacks, beside this program
 * NULL: error (POSTGRES_ERROR_TEXT bytes) says why and what to do. */
postgres *postgres_start(const char *folder, const char *binaries, char *error);

/* postgresql://… of a login, without a password: the socket's folder is closed to others. Borrowed. */
const char *postgres_url(const postgres *server, postgres_login login);
/* The folder of the binaries that run. Borrowed. */
const char *postgres_binaries(const postgres *server);
/* False while it is down and is being started again. Any thread. */
bool postgres_is_ready(const postgres *server);
/* Of the database's first process; 0 while it is down. For tests. Any thread. */
int postgres_process(const postgres *server);

/* Ends connections and shuts down cleanly; within some seconds by force. NULL is fine. */
void postgres_stop(postgres *server);

#endif
