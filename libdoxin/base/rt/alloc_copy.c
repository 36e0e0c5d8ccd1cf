#include "base/rt/alloc.h"

#include <stdint.h>
#include <string.h>

void *dx_calloc(size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    void *memory = dx_malloc(count * size);
    if (memory)
        memset(memory, 0, count * size);
    return memory;
}

char *dx_strndup(const char *text, size_t length)
{
    if (!text || length == SIZE_MAX)
        return NULL;
    char *copy = dx_malloc(length + 1);
    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}

char *dx_strdup(const char *text)
{
    return text ? dx_strndup(text, strlen(text)) : NULL;
}
