/* test_postgres FOLDER BINARIES COMMAND [ARGUMENT …]: a private PostgreSQL for the length of a command. */
#include "boot/postgres.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void make_parents(const char *path)
{
    char part[1024];
    snprintf(part, sizeof part, "%s", path);
    for (char *at = part + 1; *at != '\0'; at++)
        if (*at == '/') {
            *at = '\0';
            mkdir(part, 0755);
            *at = '/';
        }
}

int main(int count, char **items)
{
    char error[POSTGRES_ERROR_TEXT];
    int status = -1;
    pid_t pid;
    if (count < 4)
        return fprintf(stderr, "usage: test_postgres FOLDER BINARIES COMMAND …\n"), 2;
    make_parents(items[1]);
    postgres *server = postgres_start(items[1], items[2], error);
    if (server == NULL)
        return fprintf(stderr, "test_postgres: %s\n", error), 1;
    setenv("DATABASE_URL", postgres_url(server, POSTGRES_APPLICATION), 1);
    setenv("DATABASE_OWNER_URL", postgres_url(server, POSTGRES_OWNER), 1);
    setenv("DATABASE_QUERY_URL", postgres_url(server, POSTGRES_QUERY), 1);
    setenv("DOXIN_TEST_BINARIES", postgres_binaries(server), 1);
    if (posix_spawn(&pid, items[3], NULL, NULL, items + 3, environ) == 0)
        waitpid(pid, &status, 0);
    postgres_stop(server);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
