#include "boot/postgres_internal.h"

#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where distributions keep one folder a version, and where the files of its extensions lie. The first is where
 * tools/get_postgres.sh puts it when the checkout is closed to the database's user. */
static const struct place {
    const char *binaries, *extensions;
} places[] = {
    {"/opt/doxin-postgres/server/%d/bin", "/opt/doxin-postgres/server/%d/share/postgresql/extension/vector.control"},
    {"/usr/lib/postgresql/%d/bin", "/usr/share/postgresql/%d/extension/vector.control"},
    {"/usr/pgsql-%d/bin", "/usr/pgsql-%d/share/extension/vector.control"},
    {"/opt/homebrew/opt/postgresql@%d/bin", "/opt/homebrew/share/postgresql@%d/extension/vector.control"},
};

/* Beside the program: in the build folder, or installed. */
static const char *const beside[] = {"../deps/postgres/server/18/bin", "../../deps/postgres/server/18/bin",
                                     "../lib/doxin/postgres/server/18/bin", "../libexec/doxin/postgres/server/18/bin"};

enum { NEWEST = 40 };

static int read_version(int fd)
{
    char line[256];
    size_t length = 0;
    ssize_t got;
    while (length < sizeof line - 1 && (got = read(fd, line + length, sizeof line - 1 - length)) > 0)
        length += (size_t)got;
    line[length] = '\0';
    /* "postgres (PostgreSQL) 18.4" */
    const char *number = strstr(line, "(PostgreSQL) ");
    return number != NULL ? (int)strtol(number + strlen("(PostgreSQL) "), NULL, 10) : 0;
}

int postgres_version_of(const char *folder)
{
    char program[POSTGRES_PATH];
    int ends[2];
    if (snprintf(program, sizeof program, "%s/postgres", folder) >= (int)sizeof program || access(program, X_OK) != 0 ||
        pipe2(ends, O_CLOEXEC) != 0)
        return 0;
    const char *const argv[] = {program, "-V", NULL};
    const char *const environment[] = {"LC_ALL=C", NULL};
    pid_t pid = fork();
    if (pid == 0) {
        if (dup2(ends[1], STDOUT_FILENO) >= 0)
            execve(program, (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)environment);
        _exit(127);
    }
    close(ends[1]);
    int version = pid > 0 ? read_version(ends[0]) : 0;
    close(ends[0]);
    if (pid > 0)
        waitpid(pid, NULL, 0);
    return version;
}

static bool find_on_machine(int major, char out[POSTGRES_PATH])
{
    for (int version = NEWEST; version >= POSTGRES_OLDEST; version--)
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
            char control[POSTGRES_PATH];
            if (major != 0 && version != major)
                continue;
                /* Our own table of formats, each with one %d. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            snprintf(control, sizeof control, places[i].extensions, version);
            snprintf(out, POSTGRES_PATH, places[i].binaries, version);
#pragma GCC diagnostic pop
            if (access(control, R_OK) == 0 && postgres_version_of(out) == version)
                return true;
        }
    return false;
}

static bool find_beside_us(int major, char out[POSTGRES_PATH])
{
    char program[POSTGRES_PATH];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0)
        return false;
    program[length] = '\0';
    const char *folder = dirname(program);
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        char path[POSTGRES_PATH], whole[PATH_MAX];
        if (snprintf(path, sizeof path, "%s/%s", folder, beside[i]) >= (int)sizeof path ||
            realpath(path, whole) == NULL || strlen(whole) >= POSTGRES_PATH)
            continue;
        int version = postgres_version_of(whole);
        if (version >= POSTGRES_OLDEST && (major == 0 || version == major)) {
            memcpy(out, whole, strlen(whole) + 1);
            return true;
        }
    }
    return false;
}

bool postgres_find(const char *asked, int major, char out[POSTGRES_PATH], char *error)
{
    if (asked[0] != '\0') {
        char whole[PATH_MAX];
        int version = realpath(asked, whole) != NULL ? postgres_version_of(whole) : 0;
        if (version < POSTGRES_OLDEST || strlen(whole) >= POSTGRES_PATH)
            postgres_refuse(error, "DOXIN_POSTGRES_BIN (%s) holds no postgres of version %d or later", asked,
                            POSTGRES_OLDEST);
        else if (major != 0 && version != major)
            postgres_refuse(error,
                            "the database in the data folder was made by PostgreSQL %d, DOXIN_POSTGRES_BIN holds %d",
                            major, version);
        else
            return memcpy(out, whole, strlen(whole) + 1) != NULL;
        return false;
    }
    if (find_on_machine(major, out) || find_beside_us(major, out))
        return true;
    if (major != 0)
        postgres_refuse(
            error,
            "the database in the data folder was made by PostgreSQL %d, which with pgvector is no longer here; "
            "name its folder in DOXIN_POSTGRES_BIN",
            major);
    else
        postgres_refuse(
            error,
            "no PostgreSQL %d or later with pgvector was found; run tools/get_postgres.sh, name its folder in "
            "DOXIN_POSTGRES_BIN, or use a server through DATABASE_URL",
            POSTGRES_OLDEST);
    return false;
}
