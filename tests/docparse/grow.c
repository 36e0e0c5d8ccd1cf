/* docparse/memory.c without its watch on malloc, which the sanitizers need for themselves. */
#include "memory.h"

#include <stdint.h>
#include <stdlib.h>

void *dp_grow(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count <= *capacity)
        return items;
    size_t wanted = *capacity < 64 ? 64 : *capacity * 2;
    if (wanted < count)
        wanted = count;
    void *grown = wanted <= SIZE_MAX / size ? realloc(items, wanted * size) : NULL;
    if (grown == NULL)
        abort();
    *capacity = wanted;
    return grown;
}
