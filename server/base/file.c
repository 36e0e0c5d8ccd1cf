#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_all(int fd, size_t max_bytes, char **data, size_t *size)
{
    size_t cap = 64 * 1024;
    size_t len = 0;
    char *bytes = malloc(cap);
    while (bytes && len <= max_bytes) {
        if (len == cap) {
            char *grown = realloc(bytes, cap * 2);
            if (!grown)
                break;
            bytes = grown;
            cap *= 2;
        }
        ssize_t got = read(fd, bytes + len, cap - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            int problem = errno;
            free(bytes);
            return problem;
        }
        len += (size_t)got;
        if (got == 0 || len > max_bytes) {
            *data = bytes;
            *size = len;
            return 0;
        }
    }
    free(bytes);
    return ENOMEM;
}

int file_read(const char *path, size_t max_bytes, char **data, size_t *size)
{
    *data = NULL;
    *size = 0;
    if (strcmp(path, "-") == 0)
        return read_all(STDIN_FILENO, max_bytes, data, size);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    struct stat info;
    int problem = fstat(fd, &info) != 0 ? errno : S_ISDIR(info.st_mode) ? EISDIR : 0;
    if (problem == 0)
        problem = read_all(fd, max_bytes, data, size);
    close(fd);
    return problem;
}

static int write_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t put = write(fd, data, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return errno;
        data += put;
        size -= (size_t)put;
    }
    return fsync(fd) != 0 && errno != EINVAL && errno != EROFS ? errno : 0;
}

int file_write(const char *path, const void *data, size_t size, unsigned mode)
{
    char beside[PATH_MAX];
    if (snprintf(beside, sizeof beside, "%s.%ld.part", path, (long)getpid()) >= (int)sizeof beside)
        return ENAMETOOLONG;
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    if (fd < 0)
        return errno;
    int problem = write_all(fd, data, size);
    if (close(fd) != 0 && problem == 0)
        problem = errno;
    if (problem == 0 && rename(beside, path) != 0)
        problem = errno;
    if (problem != 0)
        unlink(beside);
    return problem;
}

static int append(const char *path, char ***paths, size_t *count)
{
    char **grown = realloc(*paths, (*count + 1) * sizeof *grown);
    if (!grown)
        return ENOMEM;
    *paths = grown;
    grown[*count] = strdup(path);
    if (!grown[*count])
        return ENOMEM;
    (*count)++;
    return 0;
}

static bool is_document(const char *name)
{
    static const char *const known[] = {"pdf", "png", "jpg", "jpeg", "tif", "tiff", "webp", "heic", "heif", "xml"};
    const char *dot = strrchr(name, '.');
    for (size_t i = 0; dot && i < sizeof known / sizeof known[0]; i++)
        if (strcasecmp(dot + 1, known[i]) == 0)
            return true;
    return false;
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int list_folder(const char *path, char ***paths, size_t *count, int depth)
{
    struct dirent **entries;
    int n = depth < 32 ? scandir(path, &entries, visible, alphasort) : -1;
    int problem = n < 0 ? (depth < 32 ? errno : ELOOP) : 0;
    for (int i = 0; i < n; i++) {
        char name[PATH_MAX];
        struct stat info;
        int length = snprintf(name, sizeof name, "%s/%s", path, entries[i]->d_name);
        if (problem == 0 && length < (int)sizeof name && stat(name, &info) == 0) {
            if (S_ISDIR(info.st_mode))
                problem = list_folder(name, paths, count, depth + 1);
            else if (S_ISREG(info.st_mode) && is_document(name))
                problem = append(name, paths, count);
        }
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    return problem;
}

int file_list(const char *path, char ***paths, size_t *count)
{
    struct stat info;
    if (strcmp(path, "-") == 0 || stat(path, &info) != 0 || !S_ISDIR(info.st_mode))
        return append(path, paths, count);
    char trimmed[PATH_MAX];
    if (snprintf(trimmed, sizeof trimmed, "%s", path) >= (int)sizeof trimmed)
        return ENAMETOOLONG;
    for (size_t n = strlen(trimmed); n > 1 && trimmed[n - 1] == '/'; n--)
        trimmed[n - 1] = '\0';
    return list_folder(trimmed, paths, count, 0);
}
