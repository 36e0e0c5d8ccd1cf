/* Where doxin-docparse is. DOXIN_LIBEXEC comes from the build: where it is installed. */
#include "base/rt/alloc.h"
#include "io/reader/reader_internal.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };
static const char name[] = "doxin-docparse";

/* folder of `path` + more + name, where that can be executed. */
static bool beside(const char *path, const char *more, char *out)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return false;
    int length = snprintf(out, PATH_BYTES, "%.*s%s/%s", (int)(slash - path), path, more, name);
    return length > 0 && length < PATH_BYTES && access(out, X_OK) == 0;
}

static bool beside_program(char *out)
{
    char path[PATH_BYTES];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0)
        return false;
    path[length] = '\0';
    return beside(path, "", out) || beside(path, "/../bin", out) || beside(path, "/../libexec/doxin", out);
}

/* The library may lie in lib/ or lib/<triplet>/ beside bin/ and libexec/. */
static bool beside_library(char *out)
{
    Dl_info info;
    if (dladdr((const void *)name, &info) == 0 || info.dli_fname == NULL)
        return false;
    return beside(info.dli_fname, "", out) || beside(info.dli_fname, "/../bin", out) ||
           beside(info.dli_fname, "/../libexec/doxin", out) || beside(info.dli_fname, "/../../libexec/doxin", out);
}

char *dx_find_program(const char *asked)
{
    char path[PATH_BYTES];
    if (asked && *asked)
        return dx_strdup(asked);
    if (beside_program(path) || beside_library(path))
        return dx_strdup(path);
    snprintf(path, sizeof path, "%s/%s", DOXIN_LIBEXEC, name);
    return dx_strdup(path);
}
