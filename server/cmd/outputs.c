#include "cmd/outputs.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What names are taken: a tree of search.h over borrowed texts. */
static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void keep(void *text)
{
    (void)text;
}

/* Up to and with the last '/' that all paths share. */
static size_t shared_folder(char *const *paths, size_t count)
{
    size_t same = strlen(paths[0]);
    for (size_t i = 1; i < count; i++) {
        size_t k = 0;
        while (k < same && paths[i][k] == paths[0][k])
            k++;
        same = k;
    }
    while (same > 0 && paths[0][same - 1] != '/')
        same--;
    return same;
}

/* As a name of one file: folders joined by '_', without leading dots. */
static void flatten(char *name)
{
    char *out = name;
    bool begins = true; /* a part of the path */
    for (const char *p = name; *p;) {
        if (begins && (strncmp(p, "./", 2) == 0 || strncmp(p, "../", 3) == 0)) {
            p += p[1] == '/' ? 2 : 3;
            continue;
        }
        begins = *p == '/';
        *out++ = begins ? '_' : *p;
        p++;
    }
    *out = '\0';
}

static char *name_of(const char *path, size_t shared, const char *folder, const char *extension, unsigned number)
{
    char *name = NULL, *own = strdup(strcmp(path, "-") == 0 ? "stdin" : path + shared), suffix[16] = "";
    if (!own)
        return NULL;
    flatten(own);
    if (number > 1)
        snprintf(suffix, sizeof suffix, "-%u", number);
    if (asprintf(&name, "%s/%s%s.%s", folder, own, suffix, extension) < 0)
        name = NULL;
    free(own);
    return name;
}

static bool add(outputs *all, void **taken, const char *path, size_t shared, const char *folder, const char *extension)
{
    for (unsigned number = 1;; number++) {
        char *name = name_of(path, shared, folder, extension, number);
        void *found = name ? tsearch(name, taken, compare) : NULL;
        if (!found) {
            free(name);
            return false;
        }
        if (*(char **)found == name) {
            all->names[all->count++] = name;
            return true;
        }
        free(name);
    }
}

bool outputs_name(outputs *all, char *const *paths, size_t count, const char *folder, const char *extension)
{
    void *taken = NULL;
    bool done = true;
    *all = (outputs){.names = calloc(count ? count : 1, sizeof *all->names)};
    if (!all->names)
        return false;
    size_t shared = count > 0 ? shared_folder(paths, count) : 0;
    for (size_t i = 0; i < count && done; i++)
        done = add(all, &taken, paths[i], shared, folder, extension);
    tdestroy(taken, keep);
    return done;
}

void outputs_free(outputs *all)
{
    for (size_t i = 0; i < all->count; i++)
        free(all->names[i]);
    free(all->names);
    *all = (outputs){0};
}
