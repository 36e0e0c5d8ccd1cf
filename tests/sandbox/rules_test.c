/* A program inside the sandbox's rules tries what a document that has taken the parser over would try. Each attempt runs
 * as a child of a prepared process, behind both filters, and must be refused; what parsing needs must be allowed. */
#include "sandbox.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REFUSED = 10, ALLOWED = 11, NO_SANDBOX = 12, MEMORY = 512 << 20, CPU_SECONDS = 1 };

typedef int (*attempt)(void);

static char folder[] = "/tmp/doxin-sandbox-XXXXXX";
static char readable_file[64];

/* ---- the two processes ---- */

static _Noreturn void be_prepared(attempt try)
{
    const char *const readable[] = {folder, NULL};
    const uint32_t needed = DX_PACKET_LAYER_SECCOMP | DX_PACKET_LAYER_RLIMITS | DX_PACKET_LAYER_NO_NEW_PRIVILEGES;
    dp_sandbox sandbox;
    int status = 0;
    dp_sandbox_enter(&sandbox, readable);
    if ((sandbox.layers & needed) != needed)
        _exit(NO_SANDBOX);
    pid_t id = fork();
    if (id == 0) {
        if (!dp_sandbox_child(&sandbox, MEMORY, CPU_SECONDS))
            _exit(NO_SANDBOX);
        _exit(try());
    }
    waitpid(id, &status, 0);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status));
}

/* How the attempt ended: its own answer, or 100 + the signal that ended it. */
static int outcome(attempt try)
{
    int status = 0;
    pid_t id = fork();
    if (id == 0)
        be_prepared(try);
    waitpid(id, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int judged(long result)
{
    return result < 0 ? REFUSED : ALLOWED;
}

static void set_up(void)
{
    cr_assert_not_null(mkdtemp(folder));
    snprintf(readable_file, sizeof readable_file, "%s/file", folder);
    int fd = open(readable_file, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    cr_assert(fd >= 0 && write(fd, "text", 4) == 4);
    close(fd);
}

static void tear_down(void)
{
    unlink(readable_file);
    rmdir(folder);
}

TestSuite(sandbox, .init = set_up, .fini = tear_down, .timeout = 60);

/* ---- network ---- */

static int open_socket(void)
{
    static const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (socket(families[i], SOCK_STREAM, 0) >= 0)
            return ALLOWED;
    int pair[2];
    return judged(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
}

Test(sandbox, opens_no_socket)
{
    cr_assert_eq(outcome(open_socket), REFUSED);
}

/* ---- processes ---- */

static int exec_shell(void)
{
    static char shell[] = "/bin/sh", option[] = "-c", command[] = "exit 11";
    char *const arguments[] = {shell, option, command, NULL};
    execve(arguments[0], arguments, NULL);
    syscall(SYS_execveat, AT_FDCWD, arguments[0], arguments, NULL, 0);
    return REFUSED;
}

static int ended(long id)
{
    if (id == 0)
        _exit(0);
    return judged(id);
}

static int fork_once(void)
{
    return ended(fork());
}

static int vfork_once(void)
{
    return ended(syscall(SYS_vfork));
}

static int clone3_once(void)
{
    struct clone_args arguments = {.exit_signal = SIGCHLD};
    return ended(syscall(SYS_clone3, &arguments, sizeof arguments));
}

static int touch_parent(void)
{
    pid_t parent = getppid();
    char byte;
    struct iovec here = {&byte, 1}, there = {(void *)(uintptr_t)0x400000, 1};
    if (kill(parent, 0) == 0 || kill(-1, 0) == 0 || syscall(SYS_tgkill, parent, parent, 0) == 0 ||
        ptrace(PTRACE_SEIZE, parent, 0, 0) == 0 || syscall(SYS_pidfd_open, parent, 0) >= 0 ||
        process_vm_readv(parent, &here, 1, &there, 1, 0) >= 0)
        return ALLOWED;
    return REFUSED;
}

Test(sandbox, executes_nothing)
{
    cr_assert_eq(outcome(exec_shell), REFUSED);
}

Test(sandbox, makes_no_process)
{
    cr_assert_eq(outcome(fork_once), REFUSED);
    cr_assert_eq(outcome(vfork_once), REFUSED);
    cr_assert_eq(outcome(clone3_once), REFUSED);
}

Test(sandbox, reaches_no_other_process)
{
    cr_assert_eq(outcome(touch_parent), REFUSED);
}

/* ---- files ---- */

static int read_passwd(void)
{
    return judged(open("/etc/passwd", O_RDONLY));
}

static int read_own_memory(void)
{
    return judged(open("/proc/self/mem", O_RDONLY));
}

static int write_file(void)
{
    char path[96];
    snprintf(path, sizeof path, "%s/new", folder);
    if (open(path, O_WRONLY | O_CREAT, 0644) >= 0 || open(readable_file, O_WRONLY) >= 0 ||
        open(readable_file, O_RDWR) >= 0 || open(readable_file, O_RDONLY | O_TRUNC) >= 0 ||
        open(folder, O_TMPFILE | O_RDWR, 0600) >= 0 || creat(path, 0644) >= 0 || open("/dev/null", O_WRONLY) >= 0)
        return ALLOWED;
    return REFUSED;
}

static int change_files(void)
{
    if (unlink(readable_file) == 0 || rename(readable_file, "/tmp/x") == 0 || mkdir("/tmp/x", 0700) == 0 ||
        symlink("/", "/tmp/x") == 0 || link(readable_file, "/tmp/x") == 0 || chmod(readable_file, 0777) == 0 ||
        truncate(readable_file, 0) == 0 || syscall(SYS_memfd_create, "x", 0) >= 0)
        return ALLOWED;
    return REFUSED;
}

static int read_readable(void)
{
    char text[8];
    int fd = open(readable_file, O_RDONLY | O_CLOEXEC);
    return fd >= 0 && read(fd, text, sizeof text) == 4 ? ALLOWED : REFUSED;
}

static bool has_landlock(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, 1) >= 1;
}

Test(sandbox, reads_only_what_it_needs)
{
    cr_assert(has_landlock(), "this kernel has no Landlock: the test cannot show what it is for");
    cr_assert_eq(outcome(read_passwd), REFUSED);
    cr_assert_eq(outcome(read_own_memory), REFUSED);
    cr_assert_eq(outcome(read_readable), ALLOWED);
}

Test(sandbox, writes_and_changes_no_file)
{
    cr_assert_eq(outcome(write_file), REFUSED);
    cr_assert_eq(outcome(change_files), REFUSED);
}

/* ---- memory, time, rights ---- */

static int take_memory(void)
{
    const size_t piece = 64 << 20;
    for (size_t taken = 0; taken < (size_t)4 << 30; taken += piece) {
        char *memory = malloc(piece);
        if (memory == NULL)
            return REFUSED;
        for (size_t i = 0; i < piece; i += 4096)
            memory[i] = 1;
    }
    return ALLOWED;
}

static int map_memory(void)
{
    return mmap(NULL, (size_t)4 << 30, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED
               ? REFUSED
               : ALLOWED;
}

static int map_code(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED || mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0)
        return ALLOWED;
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? REFUSED
                                                                                                     : ALLOWED;
}

static int loop(void)
{
    volatile unsigned long count = 1;
    while (count > 0)
        count |= 1;
    return ALLOWED;
}

static int raise_limits(void)
{
    struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
    if (setrlimit(RLIMIT_AS, &all) == 0 || setrlimit(RLIMIT_CPU, &all) == 0 || setuid(0) == 0 || setgid(0) == 0 ||
        chroot("/") == 0 || syscall(SYS_unshare, CLONE_NEWUSER) == 0 || syscall(SYS_bpf, 0, NULL, 0) >= 0 ||
        syscall(SYS_io_uring_setup, 1, NULL) >= 0)
        return ALLOWED;
    return REFUSED;
}

Test(sandbox, has_bounded_memory)
{
    cr_assert_eq(outcome(take_memory), REFUSED);
    cr_assert_eq(outcome(map_memory), REFUSED);
    cr_assert_eq(outcome(map_code), REFUSED);
}

Test(sandbox, loops_no_longer_than_allowed)
{
    int ending = outcome(loop);
    cr_assert(ending == 100 + SIGXCPU || ending == 100 + SIGKILL, "%d", ending);
}

Test(sandbox, raises_no_limit_and_no_right)
{
    cr_assert_eq(outcome(raise_limits), REFUSED);
}

/* ---- what parsing needs ---- */

static void *nothing(void *data)
{
    return data;
}

static int work(void)
{
    pthread_t thread;
    char *memory = malloc(100 << 20);
    if (memory == NULL)
        return REFUSED;
    memset(memory, 1, 100 << 20);
    if (pthread_create(&thread, NULL, nothing, NULL) != 0 || pthread_join(thread, NULL) != 0)
        return REFUSED;
    return ALLOWED;
}

Test(sandbox, lets_a_parser_work)
{
    cr_assert_eq(outcome(work), ALLOWED);
}
