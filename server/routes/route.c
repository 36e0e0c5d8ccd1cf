#include "routes/route.h"

#include <stdio.h>
#include <string.h>

/* Compares segment by segment; false when the path is another one. */
static bool match_path(const char *pattern, const char *path, size_t size, route_match *out)
{
    const char *end = path + size;
    int values = 0;
    while (*pattern && path < end) {
        if (*pattern == '{') {
            size_t length = 0;
            while (path + length < end && path[length] != '/')
                length++;
            if (length == 0 || values >= ROUTE_PARAMETERS_MAX)
                return false;
            out->values[values] = path;
            out->sizes[values++] = length;
            path += length;
            pattern = strchr(pattern, '}') + 1;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *pattern == '\0' && path == end;
}

static void add_method(route_match *out, const char *method)
{
    size_t used = strlen(out->allow);
    snprintf(out->allow + used, sizeof out->allow - used, "%s%s%s", used ? ", " : "", method,
             strcmp(method, "GET") == 0 ? ", HEAD" : "");
}

void route_find(const char *method, const char *path, size_t path_size, route_match *out)
{
    memset(out, 0, sizeof *out);
    /* "/api/v1/invoices/" is what the specification calls "GET /" of that base. */
    if (path_size > 1 && path[path_size - 1] == '/')
        path_size--;
    const char *asked = strcmp(method, "HEAD") == 0 ? "GET" : method;
    for (size_t i = 0; i < route_count; i++) {
        route_match found = {0};
        if (!match_path(route_table[i].path, path, path_size, &found))
            continue;
        out->path_known = true;
        add_method(out, route_table[i].method);
        if (!out->route && strcmp(route_table[i].method, asked) == 0) {
            out->route = &route_table[i];
            memcpy(out->values, found.values, sizeof out->values);
            memcpy(out->sizes, found.sizes, sizeof out->sizes);
        }
    }
}

bool route_parameter(const route *of, int index, char *name, size_t size)
{
    const char *at = of->path;
    for (int i = 0; (at = strchr(at, '{')); i++) {
        at++;
        if (i == index) {
            snprintf(name, size, "%.*s", (int)strcspn(at, "}"), at);
            return true;
        }
    }
    return false;
}
