/* The store that is a folder. A file is written under "tmp", synced, and renamed to its place; then its folder is
 * synced, so that after a power cut it is there whole or not at all. */
#include "base/crypto/encode.h"
#include "base/crypto/random.h"
#include "base/rt/alloc.h"
#include "io/blob/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_MAX_BYTES = 64 };

typedef struct folder {
    int fd;     /* of the root: what is renamed above it does not matter */
    char *root; /* absolute, for URLs */
} folder;

typedef struct file {
    folder *store;
    int fd;
    char name[NAME_MAX_BYTES]; /* below the root: "tmp/…" */
} file;

static doxin_status fail(dx_ctx *ctx, const char *what, int problem)
{
    char words[128];
    if (problem == ENOSPC || problem == EDQUOT || problem == EFBIG)
        return dx_fail(ctx, DOXIN_E_NO_SPACE, "the disk of the file store is full");
    if (problem == ENOMEM)
        return dx_nomem(ctx);
    const char *said = strerror_r(problem, words, sizeof words);
    return dx_fail(ctx, DOXIN_E_IO, "the file store refused to %s: %s", what, said);
}

/* ---- folders -------------------------------------------------------------------------------------------------------- */

/* Syncs the folder that `path` (below the root; "" is the root itself) names. */
static int sync_folder(const folder *store, const char *path)
{
    int fd = openat(store->fd, *path ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    int problem = fsync(fd) == 0 ? 0 : errno;
    close(fd);
    return problem;
}

/* A new folder lasts once the one above it is synced. */
static int make_folder(const folder *store, const char *path, const char *above)
{
    if (mkdirat(store->fd, path, 0700) == 0)
        return sync_folder(store, above);
    return errno == EEXIST ? 0 : errno;
}

/* "3f/a9/…": both folders of a blob. */
static int make_folders(const folder *store, const char *path)
{
    char first[3];
    char second[6];
    snprintf(first, sizeof first, "%.2s", path);
    snprintf(second, sizeof second, "%.5s", path);
    int problem = make_folder(store, first, "");
    return problem ? problem : make_folder(store, second, first);
}

/* mkdir -p. */
static int make_root(const char *root)
{
    char *path = dx_strdup(root);
    if (!path)
        return ENOMEM;
    int problem = 0;
    for (char *at = path + 1; problem == 0 && *at; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            problem = errno;
        *at = '/';
    }
    if (problem == 0 && mkdir(path, 0700) != 0 && errno != EEXIST)
        problem = errno;
    dx_free(path);
    return problem;
}

static void folder_free(void *of)
{
    folder *store = of;
    if (!store)
        return;
    if (store->fd >= 0)
        close(store->fd);
    dx_free(store->root);
    dx_free(store);
}

static char *absolute(const char *root)
{
    char resolved[PATH_MAX];
    return realpath(root, resolved) ? dx_strdup(resolved) : NULL;
}

doxin_status dx_store_folder_open(dx_ctx *ctx, const char *root, void **out)
{
    int problem = make_root(root);
    if (problem)
        return fail(ctx, "make its folder", problem);
    folder *store = dx_calloc(1, sizeof *store);
    if (!store)
        return dx_nomem(ctx);
    store->root = absolute(root);
    store->fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    doxin_status status = DOXIN_OK;
    if (store->fd < 0)
        status = fail(ctx, "open its folder", errno);
    else if (!store->root)
        status = dx_nomem(ctx);
    else if ((problem = make_folder(store, "tmp", "")))
        status = fail(ctx, "make a folder", problem);
    if (status == DOXIN_OK)
        *out = store;
    else
        folder_free(store);
    return status;
}

static const char *folder_url(const void *of, dx_ctx *ctx, const char *path)
{
    const folder *store = of;
    return dx_textf(ctx, "file://%s/%s", store->root, path);
}

/* ---- writing -------------------------------------------------------------------------------------------------------- */

static doxin_status folder_begin(void *of, dx_ctx *ctx, void **out_file)
{
    unsigned char random[16];
    char digits[2 * sizeof random + 1];
    if (!dx_random(random, sizeof random))
        return dx_fail(ctx, DOXIN_E_UNAVAILABLE, "the system gives no random bytes");
    file *made = dx_calloc(1, sizeof *made);
    if (!made)
        return dx_nomem(ctx);
    made->store = of;
    dx_hex(random, sizeof random, digits);
    snprintf(made->name, sizeof made->name, "tmp/%s", digits);
    made->fd = openat(made->store->fd, made->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (made->fd < 0) {
        int problem = errno;
        dx_free(made);
        return fail(ctx, "make a file", problem);
    }
    *out_file = made;
    return DOXIN_OK;
}

static doxin_status folder_write(void *to, dx_ctx *ctx, const void *data, size_t size)
{
    const file *under_way = to;
    const char *at = data;
    while (size > 0) {
        ssize_t done = write(under_way->fd, at, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return fail(ctx, "write a file", errno);
        at += done;
        size -= (size_t)done;
    }
    return DOXIN_OK;
}

static void folder_discard(void *of)
{
    file *old = of;
    if (old->fd >= 0)
        close(old->fd);
    unlinkat(old->store->fd, old->name, 0);
    dx_free(old);
}

/* The file's bytes, then its name, then the folder that holds the name. close() tells late errors of network disks. */
static int place(file *made, const char *path)
{
    const folder *store = made->store;
    char parent[6];
    int problem = fsync(made->fd) == 0 ? 0 : errno;
    if (close(made->fd) != 0 && problem == 0)
        problem = errno;
    made->fd = -1;
    if (problem == 0)
        problem = make_folders(store, path);
    if (problem == 0 && renameat(store->fd, made->name, store->fd, path) != 0)
        problem = errno;
    if (problem)
        return problem;
    snprintf(parent, sizeof parent, "%.5s", path);
    problem = sync_folder(store, parent);
    if (problem)
        unlinkat(store->fd, path, 0);
    return problem;
}

static doxin_status folder_commit(void *of, dx_ctx *ctx, const char *path)
{
    int problem = place(of, path);
    doxin_status status = problem ? fail(ctx, "keep a file", problem) : DOXIN_OK;
    /* After the rename there is nothing left to unlink. */
    folder_discard(of);
    return status;
}

/* ---- reading -------------------------------------------------------------------------------------------------------- */

static doxin_status read_from(dx_ctx *ctx, int fd, int64_t offset, size_t max_bytes, dx_buffer *out)
{
    struct stat about;
    if (fstat(fd, &about) != 0)
        return fail(ctx, "look at a file", errno);
    if (offset >= about.st_size)
        return DOXIN_OK;
    size_t left = (uint64_t)(about.st_size - offset) < max_bytes ? (size_t)(about.st_size - offset) : max_bytes;
    char *room = dx_buffer_reserve(out, left);
    if (!room)
        return out->full ? dx_fail(ctx, DOXIN_E_LIMIT, "the file is larger than what may be read at once")
                         : dx_nomem(ctx);
    while (left > 0) {
        ssize_t done = pread(fd, out->data + out->len, left, offset);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return fail(ctx, "read a file", errno);
        if (done == 0)
            return dx_fail(ctx, DOXIN_E_IO, "a file of the store became shorter while it was read");
        out->len += (size_t)done;
        out->data[out->len] = '\0';
        offset += done;
        left -= (size_t)done;
    }
    return DOXIN_OK;
}

static doxin_status folder_read(void *of, dx_ctx *ctx, const char *path, int64_t offset, size_t max_bytes,
                                dx_buffer *out)
{
    const folder *store = of;
    int fd = openat(store->fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT)
        return dx_fail(ctx, DOXIN_E_NOT_FOUND, "there is no such file in the store");
    if (fd < 0)
        return fail(ctx, "open a file", errno);
    doxin_status status = read_from(ctx, fd, offset, max_bytes, out);
    close(fd);
    return status;
}

static doxin_status folder_remove(void *of, dx_ctx *ctx, const char *path)
{
    const folder *store = of;
    char parent[6];
    if (unlinkat(store->fd, path, 0) != 0)
        return errno == ENOENT ? DOXIN_OK : fail(ctx, "delete a file", errno);
    snprintf(parent, sizeof parent, "%.5s", path);
    int problem = sync_folder(store, parent);
    return problem ? fail(ctx, "delete a file", problem) : DOXIN_OK;
}

const dx_store_kind dx_store_folder = {
    .free = folder_free,
    .url = folder_url,
    .begin = folder_begin,
    .write = folder_write,
    .commit = folder_commit,
    .discard = folder_discard,
    .read = folder_read,
    .remove = folder_remove,
};
