#include "memory.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

enum { EXIT_MEMORY = 112 };

static volatile bool *failed_flag;

void dp_memory_watch(volatile bool *flag)
{
    failed_flag = flag;
}

static inline void *watched(void *memory, size_t size)
{
    if (__builtin_expect(memory == NULL, 0) && size > 0 && failed_flag != NULL)
        *failed_flag = true;
    return memory;
}

#ifndef DOCPARSE_SANITIZED
#define EVERY_LIBRARY __attribute__((visibility("default")))

/* glibc's own functions behind the names that every library of this process is bound to. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

EVERY_LIBRARY void *malloc(size_t size)
{
    return watched(__libc_malloc(size), size);
}

EVERY_LIBRARY void *calloc(size_t count, size_t size)
{
    return watched(__libc_calloc(count, size), size);
}

EVERY_LIBRARY void *realloc(void *memory, size_t size)
{
    return watched(__libc_realloc(memory, size), size);
}
#endif

void *dp_grow(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count <= *capacity)
        return items;
    size_t wanted = *capacity < 64 ? 64 : *capacity * 2;
    if (wanted < count)
        wanted = count;
    void *grown = wanted <= SIZE_MAX / size ? realloc(items, wanted * size) : NULL;
    if (grown == NULL) {
        watched(NULL, 1);
        _exit(EXIT_MEMORY);
    }
    *capacity = wanted;
    return grown;
}
