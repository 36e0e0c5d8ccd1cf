#include "base/rt/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *dx_malloc(size_t size)
{
    return size == 0 ? NULL : malloc(size);
}

void *dx_realloc(void *pointer, size_t size)
{
    return size == 0 ? NULL : realloc(pointer, size);
}

void dx_free(void *pointer)
{
    free(pointer);
}
