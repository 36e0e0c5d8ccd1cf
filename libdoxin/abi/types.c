#include "doxin/types.h"

#include "abi/bytes.h"
#include "base/rt/alloc.h"
#include "base/rt/error.h"

#include <string.h>

const char *doxin_version(void)
{
    return DOXIN_VERSION;
}

const char *doxin_status_name(doxin_status status)
{
    return dx_error_info_of(status)->name;
}

void doxin_string_free(char *text)
{
    dx_free(text);
}

char *doxin_string_dup(const char *text)
{
    return dx_strdup(text);
}

struct doxin_bytes {
    size_t size;
    char *data;
};

doxin_bytes *dx_bytes_take(char *data, size_t size)
{
    doxin_bytes *bytes = data ? dx_malloc(sizeof *bytes) : NULL;
    if (!bytes) {
        dx_free(data);
        return NULL;
    }
    *bytes = (doxin_bytes){size, data};
    return bytes;
}

doxin_bytes *dx_bytes_copy(const void *data, size_t size)
{
    return dx_bytes_take(dx_strndup(data ? data : "", size), size);
}

const void *doxin_bytes_data(const doxin_bytes *bytes)
{
    return bytes ? bytes->data : "";
}

size_t doxin_bytes_size(const doxin_bytes *bytes)
{
    return bytes ? bytes->size : 0;
}

void doxin_bytes_free(doxin_bytes *bytes)
{
    if (!bytes)
        return;
    dx_free(bytes->data);
    dx_free(bytes);
}
