/* The prepared process: one keeper thread starts it, waits for its hello, watches it, and ends it. */
#include "base/rt/alloc.h"
#include "base/rt/clock.h"
#include "io/reader/reader_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HELLO_MS = 20000, SLICE_MS = 50, KILLED_MS = 2000, STARTS_MAX = 8 };

/* A started program, as the keeper alone knows it. */
typedef struct running {
    pid_t id;
    int pidfd;
    int control; /* this side's end; -1 when nothing runs */
} running;

static const running nothing = {.id = -1, .pidfd = -1, .control = -1};

/* ---- start ---- */

static bool fill_actions(posix_spawn_file_actions_t *actions, int control)
{
    return posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0) == 0 &&
           posix_spawn_file_actions_addopen(actions, 1, "/dev/null", O_WRONLY, 0) == 0 &&
           posix_spawn_file_actions_addopen(actions, 2, "/dev/null", O_WRONLY, 0) == 0 &&
           posix_spawn_file_actions_adddup2(actions, control, DX_PACKET_CONTROL_FD) == 0 &&
           posix_spawn_file_actions_addclosefrom_np(actions, DX_PACKET_CONTROL_FD + 1) == 0;
}

/* Default signals and none blocked, whatever the host ignores; a group of its own, so that a terminal's ^C reaches the
 * host alone. */
static bool fill_attributes(posix_spawnattr_t *attributes)
{
    sigset_t all, none;
    sigfillset(&all);
    sigdelset(&all, SIGKILL);
    sigdelset(&all, SIGSTOP);
    sigemptyset(&none);
    return posix_spawnattr_setflags(attributes,
                                    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP) == 0 &&
           posix_spawnattr_setsigdefault(attributes, &all) == 0 && posix_spawnattr_setsigmask(attributes, &none) == 0;
}

static int spawn_program(const char *program, int control, pid_t *id)
{
    /* One thread: a recogniser's thread pool would not survive the fork. */
    static char threads[] = "OMP_THREAD_LIMIT=1", language[] = "LC_ALL=C.UTF-8";
    char *const environment[] = {threads, language, NULL};
    char *const arguments[] = {(char *)(uintptr_t)program, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return ENOMEM;
    int error = posix_spawnattr_init(&attributes);
    if (error == 0) {
        error = fill_actions(&actions, control) && fill_attributes(&attributes)
                    ? posix_spawn(id, program, &actions, &attributes, arguments, environment)
                    : ENOMEM;
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* A descriptor at 3 or below would be in the way of the child's own. */
static bool make_pair(int pair[2])
{
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    if (pair[1] > DX_PACKET_CONTROL_FD)
        return true;
    int moved = fcntl(pair[1], F_DUPFD_CLOEXEC, DX_PACKET_CONTROL_FD + 1);
    close(pair[1]);
    pair[1] = moved;
    if (moved < 0)
        close(pair[0]);
    return moved >= 0;
}

static bool wait_hello(dx_process *process, int control, dx_packet_hello *hello)
{
    int64_t until = dx_clock_ns() + (int64_t)HELLO_MS * 1000000;
    for (;;) {
        struct pollfd polled = {.fd = control, .events = POLLIN};
        int fd;
        poll(&polled, 1, SLICE_MS);
        ssize_t count = polled.revents ? dx_receive(control, hello, sizeof *hello, &fd) : -1;
        if (polled.revents && fd >= 0)
            close(fd);
        if (count == (ssize_t)sizeof *hello)
            return hello->magic == DX_PACKET_MAGIC && hello->version == DX_PACKET_VERSION;
        pthread_mutex_lock(&process->lock);
        bool ending = process->ending;
        pthread_mutex_unlock(&process->lock);
        if (count >= 0 || ending || dx_clock_ns() > until)
            return false;
    }
}

static running start(dx_process *process, dx_packet_hello *hello, char *why, size_t why_size)
{
    running started = nothing;
    int pair[2];
    if (!make_pair(pair)) {
        snprintf(why, why_size, "no socket: %s", strerror(errno));
        return nothing;
    }
    int error = process->program ? spawn_program(process->program, pair[1], &started.id) : ENOENT;
    close(pair[1]);
    if (error != 0) {
        snprintf(why, why_size, "%s: %s", process->program ? process->program : "doxin-docparse", strerror(error));
        close(pair[0]);
        return nothing;
    }
    started.pidfd = (int)syscall(SYS_pidfd_open, started.id, 0);
    started.control = pair[0];
    if (wait_hello(process, started.control, hello)) {
        hello->languages[sizeof hello->languages - 1] = '\0';
        hello->why[sizeof hello->why - 1] = '\0';
        return started;
    }
    snprintf(why, why_size, "%s ended before it was ready, or is of another version", process->program);
    close(started.control);
    started.control = -1;
    return started;
}

/* ---- end ---- */

/* The end of its socket ends the program; the kill is for one that hangs. Where the host reaps all children itself,
 * there is nothing left to wait for. */
static void end(running *program)
{
    if (program->control >= 0)
        close(program->control);
    if (program->pidfd >= 0) {
        struct pollfd polled = {.fd = program->pidfd, .events = POLLIN};
        siginfo_t info;
        syscall(SYS_pidfd_send_signal, program->pidfd, SIGKILL, NULL, 0);
        poll(&polled, 1, KILLED_MS);
        while (waitid(P_PIDFD, (id_t)program->pidfd, &info, WEXITED | WNOHANG) < 0 && errno == EINTR)
            continue;
        close(program->pidfd);
    }
    *program = nothing;
}

/* ---- the keeper ---- */

static void settle(dx_process *process, const running *program, const dx_packet_hello *hello, const char *why)
{
    process->control = program->control;
    if (program->control >= 0) {
        process->state = DX_PROCESS_RUNNING;
        process->hello = *hello;
        process->generation++;
    } else {
        process->state = DX_PROCESS_FAILED;
        process->failures++;
        snprintf(process->why, sizeof process->why, "%s", why);
    }
    pthread_cond_broadcast(&process->changed);
}

static void drain(int fd)
{
    char bytes[64];
    while (read(fd, bytes, sizeof bytes) > 0)
        continue;
}

/* Until the program ends, or something is wanted. */
static void watch(dx_process *process, const running *program)
{
    struct pollfd polled[2] = {{.fd = process->wake[0], .events = POLLIN},
                               {.fd = program->pidfd, .events = program->pidfd >= 0 ? POLLIN : 0}};
    poll(polled, 2, -1);
    drain(process->wake[0]);
    if (polled[1].revents == 0)
        return;
    pthread_mutex_lock(&process->lock);
    if (process->state == DX_PROCESS_RUNNING)
        process->state = DX_PROCESS_NONE;
    pthread_mutex_unlock(&process->lock);
}

static void *keep(void *data)
{
    dx_process *process = data;
    running program = nothing;
    pthread_mutex_lock(&process->lock);
    while (!process->ending) {
        bool useless = (program.pidfd >= 0 || program.control >= 0) && process->state != DX_PROCESS_RUNNING;
        bool wanted = process->state == DX_PROCESS_WANTED;
        if (useless)
            process->control = -1;
        pthread_mutex_unlock(&process->lock);
        if (useless)
            end(&program);
        if (wanted) {
            dx_packet_hello hello;
            char why[sizeof process->why] = "";
            program = start(process, &hello, why, sizeof why);
            if (program.control < 0 && program.pidfd >= 0) {
                /* Perhaps somebody killed it: a second try tells that from a program that cannot run. */
                end(&program);
                program = start(process, &hello, why, sizeof why);
            }
            dx_log_write(process->log, program.control >= 0 ? DX_INFO : DX_ERROR, "reader", NULL,
                         "document parser %s%s", program.control >= 0 ? "started" : "cannot be started: ", why);
            pthread_mutex_lock(&process->lock);
            settle(process, &program, &hello, why);
            pthread_mutex_unlock(&process->lock);
        } else {
            watch(process, &program);
        }
        pthread_mutex_lock(&process->lock);
    }
    process->control = -1;
    pthread_mutex_unlock(&process->lock);
    end(&program);
    return NULL;
}

static void wake_keeper(dx_process *process)
{
    while (write(process->wake[1], "", 1) < 0 && errno == EINTR)
        continue;
}

/* ---- from any thread ---- */

bool dx_process_init(dx_process *process, const char *program, const dx_log *log)
{
    memset(process, 0, sizeof *process);
    process->control = process->wake[0] = process->wake[1] = -1;
    process->log = log;
    pthread_condattr_t attributes;
    pthread_mutex_init(&process->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&process->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    process->program = dx_find_program(program);
    return process->program != NULL && pipe2(process->wake, O_CLOEXEC | O_NONBLOCK) == 0;
}

void dx_process_destroy(dx_process *process)
{
    pthread_mutex_lock(&process->lock);
    process->ending = true;
    pthread_mutex_unlock(&process->lock);
    if (process->has_keeper) {
        wake_keeper(process);
        pthread_join(process->keeper, NULL);
    }
    pthread_cond_destroy(&process->changed);
    pthread_mutex_destroy(&process->lock);
    for (int i = 0; i < 2; i++)
        if (process->wake[i] >= 0)
            close(process->wake[i]);
    dx_free(process->program);
}

/* The keeper takes no signals of the host. Called with the lock held. */
static bool ensure_keeper(dx_process *process)
{
    if (process->has_keeper)
        return true;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    process->has_keeper = pthread_create(&process->keeper, NULL, keep, process) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return process->has_keeper;
}

static void wait_slice(dx_process *process)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += SLICE_MS * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_nsec -= 1000000000L;
        until.tv_sec++;
    }
    pthread_cond_timedwait(&process->changed, &process->lock, &until);
}

/* A program that ends before anybody got to use it is started again, a few times. */
doxin_status dx_process_ready(dx_process *process, dx_ctx *ctx, unsigned long *generation)
{
    doxin_status status = DOXIN_OK;
    pthread_mutex_lock(&process->lock);
    unsigned long failures = process->failures, first = process->generation;
    if (!ensure_keeper(process))
        status = dx_fail(ctx, DOXIN_E_UNAVAILABLE, "no thread could be started for the document parser");
    while (status == DOXIN_OK && process->state != DX_PROCESS_RUNNING) {
        if (process->failures != failures || process->generation - first > STARTS_MAX) {
            status = dx_fail(ctx, DOXIN_E_PARSER_MISSING, "the document parser cannot be started: %s",
                             process->failures != failures ? process->why : "it ends at once");
            break;
        }
        if (process->state != DX_PROCESS_WANTED) {
            process->state = DX_PROCESS_WANTED;
            wake_keeper(process);
        }
        wait_slice(process);
        if (process->state != DX_PROCESS_RUNNING)
            status = dx_check(ctx);
    }
    *generation = process->generation;
    pthread_mutex_unlock(&process->lock);
    return status;
}

bool dx_process_send(dx_process *process, unsigned long generation, const dx_packet_request *request, int document,
                     int answer)
{
    pthread_mutex_lock(&process->lock);
    bool sent = process->state == DX_PROCESS_RUNNING && process->generation == generation && process->control >= 0 &&
                dx_send_request(process->control, request, document, answer);
    pthread_mutex_unlock(&process->lock);
    return sent;
}

void dx_process_lost(dx_process *process, unsigned long generation)
{
    pthread_mutex_lock(&process->lock);
    if (process->state == DX_PROCESS_RUNNING && process->generation == generation) {
        process->state = DX_PROCESS_NONE;
        process->control = -1;
        wake_keeper(process);
    }
    pthread_mutex_unlock(&process->lock);
}
