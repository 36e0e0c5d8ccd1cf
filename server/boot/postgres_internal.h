/* What the files of the private PostgreSQL share. */
#ifndef SERVER_BOOT_POSTGRES_INTERNAL_H
#define SERVER_BOOT_POSTGRES_INTERNAL_H

#include "boot/postgres.h"

#include <stdbool.h>
#include <sys/types.h>

enum { POSTGRES_OLDEST = 15 };

/* Whom the database runs as. */
typedef struct account {
    bool drop; /* we are root: become uid and gid */
    uid_t uid;
    gid_t gid;
    bool pass; /* folders on the way are closed to the account: it keeps the right to pass through and read */
} account;

/* Writes the words into error (POSTGRES_ERROR_TEXT bytes); always false. */
bool postgres_refuse(char *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- postgres_find.c ---- */

/* Major version that `folder`/postgres says it has; 0: it cannot be run. */
int postgres_version_of(const char *folder);
/* major 0: any from POSTGRES_OLDEST. */
bool postgres_find(const char *asked, int major, char out[POSTGRES_PATH], char *error);

/* ---- postgres_child.c ---- */

/* As root the system user doxin-postgres, else the caller itself. False: error. */
bool account_read(account *out, char *error);
/* Whether the account can come to path and pass through it. */
bool account_reaches(const account *who, const char *path);

typedef struct child_options {
    const account *who;
    const char *log;      /* standard output and error are added to this file */
    const char *input;    /* text for standard input, or NULL */
    bool die_with_thread; /* SIGINT when the calling thread ends */
} child_options;

/* Starts argv[0] with a small environment of its own; -1 with errno. */
pid_t child_start(const child_options *options, const char *const argv[]);
/* Runs it to its end within timeout_ms (then it is killed); the exit status, or -1. */
int child_run(const child_options *options, const char *const argv[], int timeout_ms);
/* Waits at most timeout_ms for its end, or until cancel_fd (-1: none) can be read. True: it ended and was reaped. */
bool child_wait(pid_t pid, int timeout_ms, int cancel_fd, int *out_status);

/* ---- postgres_cluster.c ---- */

/* Makes folder and, where there is none, the cluster in it. */
bool cluster_prepare(const char *folder, const char *binaries, const account *who, char *error);
/* Version of the cluster in folder; 0: none. */
int cluster_version(const char *folder);
/* The process that serves the cluster according to its postmaster.pid, if it lives and is one of it; else 0. */
pid_t cluster_process(const char *folder, bool *out_ready);
/* Puts the last lines of the log into error. */
void cluster_log_tail(const char *folder, char *error, const char *words);

#endif
