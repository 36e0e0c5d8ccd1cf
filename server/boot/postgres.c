#include "boot/postgres.h"

#include "boot/log.h"
#include "boot/postgres_internal.h"

#include <doxin/doxin.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    LOGINS = 3,
    URL_TEXT = 1200,
    READY_MS = 60000,     /* recovery after a crash may take a while */
    LEFT_OVER_MS = 20000, /* for the database of a process that was killed to end */
    STOP_FAST_MS = 8000,  /* SIGINT: connections end, the data is checkpointed */
    STOP_QUICK_MS = 3000, /* SIGQUIT: without a checkpoint; the next start recovers */
    RESTART_FIRST_MS = 100,
    RESTART_MOST_MS = 5000
};

struct postgres {
    char folder[POSTGRES_PATH];
    char binaries[POSTGRES_PATH];
    char socket[POSTGRES_PATH];
    bool socket_is_temporary;
    char url[LOGINS][URL_TEXT];
    int version;
    account who;
    int lock_fd;
    int stop_fd;      /* an eventfd: the keeper is to stop */
    pthread_t keeper; /* starts the database and everything before it: a parent-death signal follows the thread */
    pthread_mutex_t lock;
    pthread_cond_t told;
    bool settled; /* the first start has succeeded or failed */
    bool failed;
    char error[POSTGRES_ERROR_TEXT];
    atomic_int process;
    atomic_bool ready;
};

/* ---- starting once ---------------------------------------------------------------------------------------------------------- */

static pid_t start_server(const postgres *own)
{
    char program[POSTGRES_PATH + 16], data[POSTGRES_PATH + 16], log[POSTGRES_PATH + 16], socket[POSTGRES_PATH + 32];
    snprintf(program, sizeof program, "%s/postgres", own->binaries);
    snprintf(data, sizeof data, "%s/data", own->folder);
    snprintf(log, sizeof log, "%s/log", own->folder);
    snprintf(socket, sizeof socket, "unix_socket_directories=%s", own->socket);
    const child_options options = {.who = &own->who, .log = log, .die_with_thread = true};
    const char *argv[40] = {program, "-D", data};
    const char *const settings[] = {socket, "listen_addresses=", "unix_socket_permissions=0700", "shared_buffers=32MB",
                                    "max_connections=50", "wal_level=minimal", "max_wal_senders=0",
                                    "max_wal_size=256MB", "max_logical_replication_workers=0", "jit=off",
                                    "huge_pages=off", "log_line_prefix=%m [%p] ",
                                    /* Since 18: no processes for reading ahead beside those that ask. */
                                    own->version >= 18 ? "io_method=sync" : NULL};
    int count = 3;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        if (settings[i] != NULL) {
            argv[count++] = "-c";
            argv[count++] = settings[i];
        }
    return child_start(&options, argv);
}

/* The eventfd is never read: once asked, it stays asked. */
static bool stop_asked(const postgres *own, int wait_ms)
{
    struct pollfd fd = {.fd = own->stop_fd, .events = POLLIN};
    return poll(&fd, 1, wait_ms) > 0;
}

static int64_t now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* The database of a process that was killed is told so by the kernel and shuts down; a start must wait for that. */
static bool wait_for_left_over(postgres *own)
{
    int64_t begun = now_ms();
    bool ready, pressed = false;
    pid_t pid;
    while ((pid = cluster_process(own->folder, &ready)) != 0) {
        int64_t waited = now_ms() - begun;
        if (waited > LEFT_OVER_MS) {
            return postgres_refuse(own->error, "process %d still uses %s/data; end it", (int)pid, own->folder);
        }
        if (waited > LEFT_OVER_MS / 2 && !pressed)
            pressed = kill(pid, SIGQUIT) == 0;
        usleep(20000);
    }
    return true;
}

/* Until it takes connections. False: it ended, is too slow, or we are asked to stop. */
static bool wait_until_ready(postgres *own, pid_t pid)
{
    int64_t until = now_ms() + READY_MS;
    while (now_ms() < until && !stop_asked(own, 0)) {
        int status;
        bool ready;
        if (cluster_process(own->folder, &ready) == pid && ready)
            return true;
        if (child_wait(pid, 5, own->stop_fd, &status)) {
            atomic_store(&own->process, 0);
            return false;
        }
    }
    return false;
}

static void end_server(postgres *own)
{
    static const struct step {
        int signal, wait_ms;
    } steps[] = {{SIGINT, STOP_FAST_MS}, {SIGQUIT, STOP_QUICK_MS}, {SIGKILL, 2000}};
    pid_t pid = atomic_load(&own->process);
    int status;
    for (size_t i = 0; pid > 0 && i < sizeof steps / sizeof *steps; i++) {
        kill(pid, steps[i].signal);
        if (child_wait(pid, steps[i].wait_ms, -1, &status))
            pid = 0;
    }
    atomic_store(&own->process, 0);
    atomic_store(&own->ready, false);
}

static bool start_once(postgres *own)
{
    pid_t pid = start_server(own);
    if (pid < 0) {
        return postgres_refuse(own->error, "PostgreSQL cannot be started: %s", strerror(errno));
    }
    atomic_store(&own->process, pid);
    if (wait_until_ready(own, pid)) {
        atomic_store(&own->ready, true);
        return true;
    }
    end_server(own);
    cluster_log_tail(own->folder, own->error, "PostgreSQL does not start");
    return false;
}

/* ---- keeping it up ---------------------------------------------------------------------------------------------------------- */

static void settle(postgres *own, bool failed)
{
    pthread_mutex_lock(&own->lock);
    own->settled = true;
    own->failed = failed;
    pthread_cond_signal(&own->told);
    pthread_mutex_unlock(&own->lock);
}

/* Watches the database until it ends by itself (true) or we are asked to stop. */
static bool watch(postgres *own)
{
    int status = 0;
    pid_t pid = atomic_load(&own->process);
    if (!child_wait(pid, -1, own->stop_fd, &status))
        return false;
    atomic_store(&own->ready, false);
    atomic_store(&own->process, 0);
    log_line(DOXIN_LOG_ERROR, "postgres", "the private database ended unexpectedly and is started again", NULL);
    return true;
}

/* Until it is up again, or we are asked to stop (false). */
static bool start_again(postgres *own)
{
    for (int pause_ms = RESTART_FIRST_MS;; pause_ms *= 2) {
        if (stop_asked(own, pause_ms < RESTART_MOST_MS ? pause_ms : RESTART_MOST_MS))
            return false;
        if (wait_for_left_over(own) && start_once(own))
            return true;
        log_line(DOXIN_LOG_ERROR, "postgres", own->error, NULL);
        if (pause_ms > RESTART_MOST_MS)
            pause_ms = RESTART_MOST_MS;
    }
}

static void *keep(void *data)
{
    postgres *own = data;
    bool up = wait_for_left_over(own) && cluster_prepare(own->folder, own->binaries, &own->who, own->error) &&
              start_once(own);
    settle(own, !up);
    while (up && watch(own))
        up = start_again(own);
    end_server(own);
    return NULL;
}

/* ---- the outside --------------------------------------------------------------------------------------------------------------- */

static bool prepare_folder(postgres *own, const char *folder)
{
    char whole[PATH_MAX], path[POSTGRES_PATH + 8];
    if ((mkdir(folder, 0700) != 0 && errno != EEXIST) || realpath(folder, whole) == NULL ||
        strlen(whole) > sizeof own->folder - 32) {
        return postgres_refuse(own->error, "the folder %s cannot be made: %s", folder, strerror(errno));
    }
    memcpy(own->folder, whole, strlen(whole) + 1);
    snprintf(path, sizeof path, "%s/lock", own->folder);
    own->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (own->lock_fd < 0 || flock(own->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        return postgres_refuse(own->error, "%s is in use by another doxin, or cannot be locked: %s", own->folder,
                               strerror(errno));
    }
    return true;
}

/* A socket's path has room for 107 bytes. */
static bool choose_socket(postgres *own)
{
    struct sockaddr_un address;
    int length = snprintf(own->socket, sizeof own->socket, "%s/socket", own->folder);
    if (length > 0 && (size_t)length + strlen("/.s.PGSQL.5432") < sizeof address.sun_path)
        return true;
    snprintf(own->socket, sizeof own->socket, "/tmp/doxin-XXXXXX");
    own->socket_is_temporary = mkdtemp(own->socket) != NULL;
    if (own->socket_is_temporary && (!own->who.drop || chown(own->socket, own->who.uid, own->who.gid) == 0))
        return true;
    return postgres_refuse(own->error, "a folder for the socket cannot be made in /tmp: %s", strerror(errno));
}

static void make_urls(postgres *own)
{
    static const char *const roles[LOGINS] = {"doxin_application", "doxin_owner", "doxin_query"};
    for (int login = 0; login < LOGINS; login++) {
        char *out = own->url[login];
        size_t length = (size_t)snprintf(out, URL_TEXT, "postgresql://%s@/doxin?host=", roles[login]);
        for (const char *at = own->socket; *at != '\0' && length + 4 < URL_TEXT; at++) {
            bool plain = (*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z') ||
                         strchr("-._~", *at) != NULL;
            length += (size_t)snprintf(out + length, URL_TEXT - length, plain ? "%c" : "%%%02X", (unsigned char)*at);
        }
    }
}

static bool start_keeper(postgres *own)
{
    own->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (own->stop_fd < 0 || pthread_create(&own->keeper, NULL, keep, own) != 0) {
        return postgres_refuse(own->error, "no thread can be made for the private database");
    }
    pthread_mutex_lock(&own->lock);
    while (!own->settled)
        pthread_cond_wait(&own->told, &own->lock);
    bool failed = own->failed;
    pthread_mutex_unlock(&own->lock);
    if (failed)
        pthread_join(own->keeper, NULL);
    return !failed;
}

static void release(postgres *own)
{
    if (own->socket_is_temporary)
        rmdir(own->socket);
    if (own->stop_fd >= 0)
        close(own->stop_fd);
    if (own->lock_fd >= 0)
        close(own->lock_fd);
    pthread_cond_destroy(&own->told);
    pthread_mutex_destroy(&own->lock);
    free(own);
}

postgres *postgres_start(const char *folder, const char *binaries, char *error)
{
    postgres *own = calloc(1, sizeof *own);
    error[0] = '\0';
    if (own == NULL) {
        postgres_refuse(error, "no memory");
        return NULL;
    }
    own->lock_fd = own->stop_fd = -1;
    pthread_mutex_init(&own->lock, NULL);
    pthread_cond_init(&own->told, NULL);
    bool ok = account_read(&own->who, own->error) && prepare_folder(own, folder) &&
              postgres_find(binaries, cluster_version(own->folder), own->binaries, own->error) && choose_socket(own);
    if (ok) {
        own->version = postgres_version_of(own->binaries);
        char above[POSTGRES_PATH];
        memcpy(above, own->folder, sizeof above);
        own->who.pass = !account_reaches(&own->who, own->binaries) || !account_reaches(&own->who, dirname(above));
        if (own->who.pass)
            log_line(DOXIN_LOG_WARN, "postgres",
                     "folders above the data or the binaries are closed to doxin-postgres: the private database keeps "
                     "the right to pass through folders (CAP_DAC_READ_SEARCH)",
                     NULL);
        make_urls(own);
        ok = start_keeper(own);
    }
    if (ok)
        return own;
    postgres_refuse(error, "%s", own->error);
    release(own);
    return NULL;
}

const char *postgres_url(const postgres *server, postgres_login login)
{
    return server->url[login];
}

const char *postgres_binaries(const postgres *server)
{
    return server->binaries;
}

bool postgres_is_ready(const postgres *server)
{
    return atomic_load(&server->ready);
}

int postgres_process(const postgres *server)
{
    return atomic_load(&server->process);
}

void postgres_stop(postgres *server)
{
    uint64_t one = 1;
    if (server == NULL)
        return;
    ssize_t written = write(server->stop_fd, &one, sizeof one);
    (void)written;
    pthread_join(server->keeper, NULL);
    release(server);
}
