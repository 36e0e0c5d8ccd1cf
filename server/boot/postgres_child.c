/* Starting programs as somebody else. Between fork and exec only system calls: the process has other threads. */
#include "boot/postgres_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char account_name[] = "doxin-postgres";

bool account_read(account *out, char *error)
{
    *out = (account){.drop = geteuid() == 0, .uid = geteuid(), .gid = getegid()};
    if (!out->drop)
        return true;
    struct passwd entry, *found = NULL;
    char buffer[4096];
    if (getpwnam_r(account_name, &entry, buffer, sizeof buffer, &found) != 0 || found == NULL || found->pw_uid == 0) {
        postgres_refuse(error,
                        "PostgreSQL does not run as root; make a user for it: useradd --system --no-create-home "
                        "--home-dir /nonexistent --shell /usr/sbin/nologin %s",
                        account_name);
        return false;
    }
    out->uid = found->pw_uid;
    out->gid = found->pw_gid;
    return true;
}

bool postgres_refuse(char *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error, POSTGRES_ERROR_TEXT, format, arguments);
    va_end(arguments);
    return false;
}

static bool may_pass(const account *who, const struct stat *info)
{
    if (info->st_uid == who->uid)
        return (info->st_mode & S_IXUSR) != 0;
    if (info->st_gid == who->gid)
        return (info->st_mode & S_IXGRP) != 0;
    return (info->st_mode & S_IXOTH) != 0;
}

bool account_reaches(const account *who, const char *path)
{
    char whole[PATH_MAX];
    struct stat info;
    if (!who->drop)
        return true;
    if (realpath(path, whole) == NULL)
        return false;
    for (char *end = strchr(whole + 1, '/');; end = strchr(end + 1, '/')) {
        if (end != NULL)
            *end = '\0';
        if (stat(whole, &info) != 0 || (S_ISDIR(info.st_mode) && !may_pass(who, &info)))
            return false;
        if (end == NULL)
            return true;
        *end = '/';
    }
}

/* Keeps CAP_DAC_READ_SEARCH alone, through the change of the user and through exec. */
static int keep_passage(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2] = {{0}};
    data[0].effective = data[0].permitted = data[0].inheritable = 1U << CAP_DAC_READ_SEARCH;
    if (syscall(SYS_capset, &header, data) != 0)
        return -1;
    return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_READ_SEARCH, 0, 0);
}

/* The raw calls: glibc's would talk to threads that are not there in the child. */
static int become(const account *who)
{
    if (!who->drop)
        return 0;
    if (who->pass && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0)
        return -1;
    if (syscall(SYS_setgroups, 0, NULL) != 0 || syscall(SYS_setresgid, who->gid, who->gid, who->gid) != 0 ||
        syscall(SYS_setresuid, who->uid, who->uid, who->uid) != 0)
        return -1;
    return who->pass ? keep_passage() : 0;
}

static void child_exec(const child_options *options, const char *const argv[], int input, int output, pid_t parent)
{
    static const char *const environment[] = {"LC_ALL=C", "PATH=/usr/bin:/bin", "TZ=UTC", NULL};
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    if (become(options->who) != 0)
        _exit(126);
    /* After the change of the user, which takes it back. */
    if (options->die_with_thread && (prctl(PR_SET_PDEATHSIG, SIGINT) != 0 || getppid() != parent))
        _exit(125);
    setsid();
    umask(077);
    if (chdir("/") != 0 || dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(output, 2) < 0)
        _exit(124);
    /* execve promises to leave both alone, and is older than const. */
    execve(argv[0], (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)environment);
    _exit(127);
}

/* A file that holds the text and is read from its start; or /dev/null. */
static int open_input(const char *text)
{
    if (text == NULL)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    int fd = (int)syscall(SYS_memfd_create, "input", 1U /* MFD_CLOEXEC */);
    size_t length = strlen(text);
    if (fd >= 0 && (write(fd, text, length) != (ssize_t)length || lseek(fd, 0, SEEK_SET) != 0)) {
        close(fd);
        return -1;
    }
    return fd;
}

pid_t child_start(const child_options *options, const char *const argv[])
{
    int input = open_input(options->input);
    int output = open(options->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    pid_t pid = -1;
    if (input >= 0 && output >= 0) {
        pid_t parent = getpid();
        pid = fork();
        if (pid == 0)
            child_exec(options, argv, input, output, parent);
    }
    int problem = errno;
    if (input >= 0)
        close(input);
    if (output >= 0)
        close(output);
    errno = problem;
    return pid;
}

bool child_wait(pid_t pid, int timeout_ms, int cancel_fd, int *out_status)
{
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    struct pollfd fds[2] = {{.fd = pidfd, .events = POLLIN}, {.fd = cancel_fd, .events = POLLIN}};
    if (pidfd >= 0) {
        int ready;
        do
            ready = poll(fds, 2, timeout_ms);
        while (ready < 0 && errno == EINTR);
        close(pidfd);
    }
    pid_t ended;
    do
        ended = waitpid(pid, out_status, WNOHANG);
    while (ended < 0 && errno == EINTR);
    /* ECHILD: somebody else reaped it. It is gone all the same. */
    if (ended < 0)
        *out_status = -1;
    return ended != 0;
}

int child_run(const child_options *options, const char *const argv[], int timeout_ms)
{
    int status = -1;
    pid_t pid = child_start(options, argv);
    if (pid < 0)
        return -1;
    if (!child_wait(pid, timeout_ms, -1, &status)) {
        /* Its own session: what it started goes with it. */
        kill(-pid, SIGKILL);
        kill(pid, SIGKILL);
        child_wait(pid, 10000, -1, &status);
        return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
