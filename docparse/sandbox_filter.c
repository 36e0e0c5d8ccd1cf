#include "sandbox_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* What parsing needs: memory, time, reading. */
static const int parsing[] = {
    SCMP_SYS(access), SCMP_SYS(brk), SCMP_SYS(clock_getres), SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep),
    SCMP_SYS(close), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
    SCMP_SYS(fadvise64), SCMP_SYS(fstat), SCMP_SYS(fstatfs), SCMP_SYS(futex), SCMP_SYS(getcwd), SCMP_SYS(getdents64),
    SCMP_SYS(getegid), SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getpid), SCMP_SYS(getppid), SCMP_SYS(getrandom),
    SCMP_SYS(getrusage), SCMP_SYS(gettid), SCMP_SYS(gettimeofday), SCMP_SYS(getuid), SCMP_SYS(lseek), SCMP_SYS(lstat),
    SCMP_SYS(madvise), SCMP_SYS(membarrier), SCMP_SYS(mremap), SCMP_SYS(munmap), SCMP_SYS(nanosleep),
    SCMP_SYS(newfstatat), SCMP_SYS(pread64), SCMP_SYS(read), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(readv),
    SCMP_SYS(restart_syscall), SCMP_SYS(rseq), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_yield), SCMP_SYS(set_robust_list), SCMP_SYS(sigaltstack),
    SCMP_SYS(stat), SCMP_SYS(statfs), SCMP_SYS(statx), SCMP_SYS(sysinfo), SCMP_SYS(times), SCMP_SYS(uname),
    SCMP_SYS(write), SCMP_SYS(writev),
    /* the answer: a message of which every byte is sealed, passed on a socket that is open already */
    SCMP_SYS(ftruncate), SCMP_SYS(sendmsg)};

/* What the prepared process needs besides. */
static const int preparing[] = {
    SCMP_SYS(close_range), SCMP_SYS(dup2),  SCMP_SYS(dup3),    SCMP_SYS(memfd_create),      SCMP_SYS(pidfd_open),
    SCMP_SYS(poll),        SCMP_SYS(ppoll), SCMP_SYS(recvmsg), SCMP_SYS(pidfd_send_signal), SCMP_SYS(prlimit64),
    SCMP_SYS(setrlimit),   SCMP_SYS(wait4), SCMP_SYS(waitid)};

static bool allow_all(scmp_filter_ctx filter, const int *calls, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
            return false;
    return true;
}

static bool allow_masked(scmp_filter_ctx filter, int call, unsigned argument, scmp_datum_t mask, scmp_datum_t value)
{
    struct scmp_arg_cmp compare = {.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value};
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &compare) == 0;
}

static bool allow_equal(scmp_filter_ctx filter, int call, unsigned argument, scmp_datum_t value)
{
    struct scmp_arg_cmp compare = {.arg = argument, .op = SCMP_CMP_EQ, .datum_a = value};
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &compare) == 0;
}

static bool allow_fcntl(scmp_filter_ctx filter)
{
    static const int commands[] = {F_GETFD, F_SETFD, F_GETFL, F_ADD_SEALS, F_GET_SEALS, F_DUPFD_CLOEXEC};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (!allow_equal(filter, SCMP_SYS(fcntl), 1, (scmp_datum_t)commands[i]))
            return false;
    return true;
}

/* Opening for reading alone; memory that is not executable; limits read, not set; threads of this process but no new
 * process (a decoder of HEIC wants one). clone3 hides its flags behind a pointer, so libc must fall back to clone. */
static bool allow_parsing(scmp_filter_ctx filter)
{
    const scmp_datum_t writing = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);
    return allow_all(filter, parsing, sizeof parsing / sizeof *parsing) &&
           allow_masked(filter, SCMP_SYS(open), 1, writing, 0) &&
           allow_masked(filter, SCMP_SYS(openat), 2, writing, 0) &&
           allow_masked(filter, SCMP_SYS(mmap), 2, PROT_EXEC, 0) &&
           allow_masked(filter, SCMP_SYS(mprotect), 2, PROT_EXEC, 0) && allow_fcntl(filter) &&
           allow_masked(filter, SCMP_SYS(clone), 0, CLONE_THREAD, CLONE_THREAD) &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
}

static bool allow_preparing(scmp_filter_ctx filter)
{
    const scmp_datum_t spaces = CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
                                CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_THREAD | CLONE_VM;
    return allow_all(filter, preparing, sizeof preparing / sizeof *preparing) &&
           allow_masked(filter, SCMP_SYS(clone), 0, spaces, 0) &&
           allow_equal(filter, SCMP_SYS(prctl), 0, PR_SET_PDEATHSIG) &&
           allow_equal(filter, SCMP_SYS(prctl), 0, PR_SET_SECCOMP);
}

static scmp_filter_ctx new_filter(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (filter && allow_parsing(filter) &&
        seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, SCMP_A2(SCMP_CMP_EQ, 0, 0)) == 0)
        return filter;
    seccomp_release(filter);
    return NULL;
}

bool dp_filter_enter_prepared(char *why, size_t why_size)
{
    scmp_filter_ctx filter = new_filter();
    int error = filter && allow_preparing(filter) ? seccomp_load(filter) : -EINVAL;
    if (error != 0)
        snprintf(why, why_size, "seccomp: %s", strerror(-error));
    seccomp_release(filter);
    return error == 0;
}

/* libseccomp writes programs to a descriptor only. */
static bool read_program(int fd, struct sock_fprog *out)
{
    struct stat info;
    if (fstat(fd, &info) != 0 || info.st_size <= 0)
        return false;
    size_t size = (size_t)info.st_size;
    out->filter = malloc(size);
    out->len = (unsigned short)(size / sizeof *out->filter);
    return out->filter != NULL && pread(fd, out->filter, size, 0) == (ssize_t)size;
}

bool dp_filter_make_child(struct sock_fprog *out, char *why, size_t why_size)
{
    scmp_filter_ctx filter = new_filter();
    int fd = memfd_create("filter", MFD_CLOEXEC);
    bool done = filter && fd >= 0 && seccomp_export_bpf(filter, fd) == 0 && read_program(fd, out);
    if (!done)
        snprintf(why, why_size, "seccomp: the filter cannot be made");
    if (fd >= 0)
        close(fd);
    seccomp_release(filter);
    return done;
}
