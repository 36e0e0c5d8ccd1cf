#include "boot/embedded.h"

#include "boot/postgres.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct embedded {
    char folder[PATH_MAX - 64]; /* DOXIN_DATA, absolute */
    char spool[PATH_MAX];
    postgres *database;
};

/* Makes a folder and those above it. 0, or the errno. */
static int make_folder(const char *path, mode_t mode)
{
    char part[PATH_MAX];
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof part)
        return ENAMETOOLONG;
    for (size_t i = 1; i <= length; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, mode) != 0 && errno != EEXIST)
            return errno;
    }
    struct stat info;
    return stat(path, &info) != 0 ? errno : S_ISDIR(info.st_mode) ? 0 : ENOTDIR;
}

static bool fail(char *error, const char *path, int problem)
{
    snprintf(error, EMBEDDED_ERROR_TEXT, "%.300s: %s", path, strerror(problem));
    return false;
}

/* The database's own user must be able to reach its folder inside, so the folder above is open for passing through. */
static bool prepare_folder(embedded *own, const char *asked, char *error)
{
    char resolved[PATH_MAX];
    int problem = make_folder(asked, 0755);
    if (problem != 0)
        return fail(error, asked, problem);
    if (!realpath(asked, resolved))
        return fail(error, asked, errno);
    if (snprintf(own->folder, sizeof own->folder, "%s", resolved) >= (int)sizeof own->folder)
        return fail(error, asked, ENAMETOOLONG);
    snprintf(own->spool, sizeof own->spool, "%s/spool", own->folder);
    problem = make_folder(own->spool, 0700);
    return problem == 0 || fail(error, own->spool, problem);
}

static bool set(settings *config, const char *name, const char *value, char *error)
{
    if (config_set(config, name, value, "embedded default"))
        return true;
    snprintf(error, EMBEDDED_ERROR_TEXT, "no memory for %s", name);
    return false;
}

static bool choose_files(const embedded *own, settings *config, char *error)
{
    char url[PATH_MAX];
    if (config_is_set(config, "DOXIN_BLOB_URL"))
        return true;
    snprintf(url, sizeof url, "%s/files", own->folder);
    return set(config, "DOXIN_BLOB_URL", url, error);
}

static bool start_database(embedded *own, settings *config, char *error)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s/postgres", own->folder);
    own->database = postgres_start(folder, config_text(config, "DOXIN_POSTGRES_BIN"), error);
    return own->database && set(config, "DATABASE_URL", postgres_url(own->database, POSTGRES_APPLICATION), error) &&
           set(config, "DATABASE_OWNER_URL", postgres_url(own->database, POSTGRES_OWNER), error) &&
           set(config, "DATABASE_QUERY_URL", postgres_url(own->database, POSTGRES_QUERY), error);
}

embedded *embedded_start(settings *config, char *error)
{
    embedded *own = calloc(1, sizeof *own);
    if (!own) {
        snprintf(error, EMBEDDED_ERROR_TEXT, "no memory");
        return NULL;
    }
    if (prepare_folder(own, config_text(config, "DOXIN_DATA"), error) && choose_files(own, config, error) &&
        (config_is_set(config, "DATABASE_URL") || start_database(own, config, error)))
        return own;
    embedded_stop(own);
    return NULL;
}

bool embedded_has_database(const embedded *from)
{
    return from->database != NULL;
}

const char *embedded_spool(const embedded *from)
{
    return from->spool;
}

void embedded_stop(embedded *old)
{
    if (!old)
        return;
    postgres_stop(old->database);
    free(old);
}
