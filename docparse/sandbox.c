#include "sandbox.h"

#include "sandbox_filter.h"
#include "sandbox_landlock.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { OPEN_FILES_MAX = 32 };

void dp_sandbox_enter(dp_sandbox *sandbox, const char *const *readable)
{
    *sandbox = (dp_sandbox){.layers = DX_PACKET_LAYER_RLIMITS};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        sandbox->layers |= DX_PACKET_LAYER_NO_NEW_PRIVILEGES;
    sandbox->landlock_abi = dp_landlock_enter(readable, sandbox->why, sizeof sandbox->why);
    if (sandbox->landlock_abi > 0)
        sandbox->layers |= DX_PACKET_LAYER_LANDLOCK;
    if (dp_filter_make_child(&sandbox->child_filter, sandbox->why, sizeof sandbox->why) &&
        dp_filter_enter_prepared(sandbox->why, sizeof sandbox->why))
        sandbox->layers |= DX_PACKET_LAYER_SECCOMP;
}

static bool limit(__rlimit_resource_t resource, uint64_t soft, uint64_t hard)
{
    struct rlimit wanted = {.rlim_cur = soft, .rlim_max = hard};
    return setrlimit(resource, &wanted) == 0;
}

/* One second between the CPU limits: the first signal tells a loop from a crash. RLIMIT_NPROC counts the threads of the
 * whole user, and a decoder of HEIC wants one: it stands in only where no filter tells threads from processes. */
static bool set_limits(uint64_t memory_bytes, int cpu_seconds, bool filtered)
{
    uint64_t cpu = (uint64_t)cpu_seconds;
    return limit(RLIMIT_AS, memory_bytes, memory_bytes) && limit(RLIMIT_CPU, cpu, cpu + 1) &&
           limit(RLIMIT_FSIZE, 0, 0) && (filtered || limit(RLIMIT_NPROC, 0, 0)) &&
           limit(RLIMIT_NOFILE, OPEN_FILES_MAX, OPEN_FILES_MAX) && limit(RLIMIT_CORE, 0, 0);
}

bool dp_sandbox_child(const dp_sandbox *sandbox, uint64_t memory_bytes, int cpu_seconds)
{
    bool filtered = (sandbox->layers & DX_PACKET_LAYER_SECCOMP) != 0;
    if (!set_limits(memory_bytes, cpu_seconds, filtered))
        return false;
    if (!filtered)
        return true;
    return prctl(PR_SET_SECCOMP, 2 /* SECCOMP_MODE_FILTER */, &sandbox->child_filter, 0, 0) == 0;
}
