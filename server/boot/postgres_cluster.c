/* The cluster: made once, complete or not at all. */
#include "base/file.h"
#include "boot/postgres_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INITDB_MS = 120000, SINGLE_MS = 60000, LOG_KEPT = 4 * 1024 * 1024 };

/* The owner is no superuser: row-level security binds it as it would on a managed server. The extension must be made by
 * a superuser. Who may come to the socket may be any of the three, so none has a password. */
static const char roles_sql[] = "CREATE ROLE doxin_owner LOGIN;\n"
                                "CREATE ROLE doxin_application LOGIN;\n"
                                "CREATE ROLE doxin_query LOGIN;\n"
                                "CREATE DATABASE doxin OWNER doxin_owner;\n";
static const char extension_sql[] = "CREATE EXTENSION vector;\n";

static bool path_of(char out[POSTGRES_PATH], const char *folder, const char *name)
{
    return snprintf(out, POSTGRES_PATH, "%s/%s", folder, name) < POSTGRES_PATH;
}

int cluster_version(const char *folder)
{
    char path[POSTGRES_PATH];
    char *text = NULL;
    size_t size = 0;
    if (!path_of(path, folder, "data/PG_VERSION") || file_read(path, 64, &text, &size) != 0)
        return 0;
    char digits[8] = "";
    memcpy(digits, text, size < sizeof digits - 1 ? size : sizeof digits - 1);
    free(text);
    return (int)strtol(digits, NULL, 10);
}

void cluster_log_tail(const char *folder, char *error, const char *words)
{
    char path[POSTGRES_PATH], tail[300] = "";
    FILE *log = path_of(path, folder, "log") ? fopen(path, "re") : NULL;
    if (log != NULL) {
        if (fseek(log, -(long)(sizeof tail - 1), SEEK_END) != 0)
            rewind(log);
        size_t got = fread(tail, 1, sizeof tail - 1, log);
        while (got > 0 && tail[got - 1] == '\n')
            got--;
        tail[got] = '\0';
        fclose(log);
    }
    for (char *at = tail; *at != '\0'; at++)
        if (*at == '\n')
            *at = ' ';
    postgres_refuse(error, "%s (log: %s): %s", words, path, tail);
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

static bool remove_tree(const char *path)
{
    return nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) == 0 || errno == ENOENT;
}

static bool make_folder(const char *path, const account *who, char *error)
{
    struct stat info;
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return postgres_refuse(error, "the folder %s cannot be made: %s", path, strerror(errno));
    }
    /* Not through a link that somebody else put there. */
    if (lstat(path, &info) != 0 || !S_ISDIR(info.st_mode)) {
        return postgres_refuse(error, "%s is no folder", path);
    }
    if ((who->drop && chown(path, who->uid, who->gid) != 0) || chmod(path, 0700) != 0) {
        return postgres_refuse(error, "the folder %s cannot be given to the database: %s", path, strerror(errno));
    }
    return true;
}

static bool run_initdb(const char *folder, const char *binaries, const account *who, const char *data, char *error)
{
    char program[POSTGRES_PATH], log[POSTGRES_PATH];
    if (!path_of(program, binaries, "initdb") || !path_of(log, folder, "log"))
        return postgres_refuse(error, "the path of the data folder is too long");
    const child_options options = {.who = who, .log = log, .die_with_thread = true};
    const char *const argv[] = {program,
                                "-D",
                                data,
                                "-U",
                                "postgres",
                                "--auth=trust",
                                "-E",
                                "UTF8",
                                "--locale=C.UTF-8",
                                "--no-sync",
                                "--no-instructions",
                                NULL};
    if (child_run(&options, argv, INITDB_MS) == 0)
        return true;
    cluster_log_tail(folder, error, "initdb failed");
    return false;
}

/* SQL in single-user mode: a statement a line, as the superuser, without any server. */
static bool run_single(const char *folder, const char *binaries, const account *who, const char *data,
                       const char *database, const char *sql, char *error)
{
    char program[POSTGRES_PATH], log[POSTGRES_PATH];
    if (!path_of(program, binaries, "postgres") || !path_of(log, folder, "log"))
        return postgres_refuse(error, "the path of the data folder is too long");
    const child_options options = {.who = who, .log = log, .input = sql, .die_with_thread = true};
    const char *const argv[] = {program, "--single", "-D", data, "-c", "exit_on_error=on", database, NULL};
    if (child_run(&options, argv, SINGLE_MS) == 0)
        return true;
    cluster_log_tail(folder, error, "the roles and the database cannot be made");
    return false;
}

/* So that the rename below names only what is on the disk. */
static void sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        syncfs(fd);
        close(fd);
    }
}

/* What starts that were cut off left over. Their programs may still be ending: what cannot be removed now is removed by a
 * later start. */
static void remove_left_over(const char *folder)
{
    DIR *list = opendir(folder);
    const struct dirent *entry;
    while (list != NULL && (entry = readdir(list)) != NULL) {
        char path[POSTGRES_PATH];
        if (strncmp(entry->d_name, "part-", 5) == 0 && path_of(path, folder, entry->d_name))
            (void)remove_tree(path);
    }
    if (list != NULL)
        closedir(list);
}

static bool make_cluster(const char *folder, const char *binaries, const account *who, char *error)
{
    char part[POSTGRES_PATH], data[POSTGRES_PATH], name[32];
    /* A name of its own: a killed start's initdb still removes the folder that it was making. */
    snprintf(name, sizeof name, "part-%d", (int)getpid());
    if (!path_of(part, folder, name) || !path_of(data, folder, "data"))
        return postgres_refuse(error, "the path of the data folder is too long");
    if (!run_initdb(folder, binaries, who, part, error) ||
        !run_single(folder, binaries, who, part, "postgres", roles_sql, error) ||
        !run_single(folder, binaries, who, part, "doxin", extension_sql, error))
        return false;
    sync_folder(part);
    if (rename(part, data) != 0)
        return postgres_refuse(error, "%s cannot be renamed: %s", part, strerror(errno));
    sync_folder(folder);
    return true;
}

/* The log of earlier runs is dropped when it has grown; child_start adds to the file. */
static bool prepare_log(const char *folder, const account *who, char *error)
{
    char path[POSTGRES_PATH];
    struct stat info;
    if (!path_of(path, folder, "log"))
        return postgres_refuse(error, "the path of the data folder is too long");
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool ok = fd >= 0 && fstat(fd, &info) == 0 && (info.st_size <= LOG_KEPT || ftruncate(fd, 0) == 0) &&
              (!who->drop || fchown(fd, who->uid, who->gid) == 0);
    if (!ok)
        postgres_refuse(error, "%s cannot be written: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return ok;
}

bool cluster_prepare(const char *folder, const char *binaries, const account *who, char *error)
{
    char socket[POSTGRES_PATH];
    if (!make_folder(folder, who, error) || !path_of(socket, folder, "socket") || !make_folder(socket, who, error) ||
        !prepare_log(folder, who, error))
        return false;
    remove_left_over(folder);
    return cluster_version(folder) != 0 || make_cluster(folder, binaries, who, error);
}

/* Whether a process works in this data folder: its number may long be somebody else's. */
static bool works_in(pid_t pid, const char *data)
{
    char link[64];
    struct stat theirs, ours;
    snprintf(link, sizeof link, "/proc/%d/cwd", (int)pid);
    return stat(link, &theirs) == 0 && stat(data, &ours) == 0 && theirs.st_dev == ours.st_dev &&
           theirs.st_ino == ours.st_ino;
}

pid_t cluster_process(const char *folder, bool *out_ready)
{
    char path[POSTGRES_PATH], data[POSTGRES_PATH];
    char *text = NULL, *rest, *line;
    size_t size = 0;
    pid_t pid = 0;
    *out_ready = false;
    if (!path_of(path, folder, "data/postmaster.pid") || !path_of(data, folder, "data") ||
        file_read(path, 4096, &text, &size) != 0)
        return 0;
    /* Lines: 1 the process, 8 its state. */
    char whole[4097];
    memcpy(whole, text, size < sizeof whole - 1 ? size : sizeof whole - 1);
    whole[size < sizeof whole - 1 ? size : sizeof whole - 1] = '\0';
    free(text);
    rest = whole;
    for (int number = 1; (line = strsep(&rest, "\n")) != NULL; number++) {
        if (number == 1)
            pid = (pid_t)strtol(line, NULL, 10);
        if (number == 8)
            *out_ready = strncmp(line, "ready", 5) == 0;
    }
    return pid > 1 && works_in(pid, data) ? pid : 0;
}
