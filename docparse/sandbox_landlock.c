#include "sandbox_landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's struct as of version 6; an older kernel takes a shorter one. */
typedef struct ruleset {
    uint64_t files;
    uint64_t network; /* since 4: TCP bind and connect */
    uint64_t scoped;  /* since 6: abstract sockets and signals leave no scope */
} ruleset;

enum { FILES_V1 = 0x1fff, REFER = 1 << 13, TRUNCATE = 1 << 14, DEVICE_CONTROL = 1 << 15 };

static size_t fill(ruleset *rules, long abi)
{
    *rules = (ruleset){.files = FILES_V1};
    if (abi >= 2)
        rules->files |= REFER;
    if (abi >= 3)
        rules->files |= TRUNCATE;
    if (abi >= 5)
        rules->files |= DEVICE_CONTROL;
    if (abi >= 4)
        rules->network = 3;
    if (abi >= 6)
        rules->scoped = 3;
    return abi >= 6 ? sizeof *rules : abi >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
}

static bool allow(int rules, const char *path)
{
    struct stat info;
    struct landlock_path_beneath_attr beneath = {.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE};
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return true;
    if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode))
        beneath.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
    beneath.parent_fd = fd;
    bool done = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
    close(fd);
    return done;
}

uint32_t dp_landlock_enter(const char *const *readable, char *why, size_t why_size)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (abi < 1) {
        snprintf(why, why_size, "Landlock: %s", errno == ENOSYS ? "this kernel has none" : strerror(errno));
        return 0;
    }
    ruleset rules;
    size_t size = fill(&rules, abi);
    int fd = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
    bool done = fd >= 0;
    for (; done && *readable; readable++)
        done = allow(fd, *readable);
    done = done && syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    if (!done)
        snprintf(why, why_size, "Landlock: %s", strerror(errno));
    if (fd >= 0)
        close(fd);
    return done ? (uint32_t)abi : 0;
}
