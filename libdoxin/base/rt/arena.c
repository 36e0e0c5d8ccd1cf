#include "base/rt/arena.h"

#include "base/rt/alloc.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_BLOCK = 4096, LARGEST_STEP = 1 << 20 };

typedef struct block {
    struct block *next;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char data[];
} block;

struct dx_arena {
    block *head; /* the newest; the first block is the last of the list */
    size_t total;
    size_t max_bytes;
};

static block *add_block(dx_arena *arena, size_t size)
{
    if (size > SIZE_MAX - sizeof(block))
        return NULL;
    if (arena->max_bytes && (size > arena->max_bytes || arena->total > arena->max_bytes - size))
        return NULL;
    block *fresh = dx_malloc(sizeof *fresh + size);
    if (!fresh)
        return NULL;
    fresh->next = arena->head;
    fresh->size = size;
    fresh->used = 0;
    arena->head = fresh;
    arena->total += size;
    return fresh;
}

dx_arena *dx_arena_new(size_t max_bytes)
{
    dx_arena *arena = dx_malloc(sizeof *arena);
    if (!arena)
        return NULL;
    *arena = (dx_arena){.max_bytes = max_bytes};
    return arena;
}

void dx_arena_free(dx_arena *arena)
{
    if (!arena)
        return;
    while (arena->head) {
        block *next = arena->head->next;
        dx_free(arena->head);
        arena->head = next;
    }
    dx_free(arena);
}

void dx_arena_reset(dx_arena *arena)
{
    while (arena->head && arena->head->next) {
        block *next = arena->head->next;
        arena->total -= arena->head->size;
        dx_free(arena->head);
        arena->head = next;
    }
    if (arena->head)
        arena->head->used = 0;
}

size_t dx_arena_bytes(const dx_arena *arena)
{
    return arena->total;
}

void *dx_arena_alloc(dx_arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX - align)
        return NULL;
    size = size == 0 ? align : (size + align - 1) / align * align;
    block *at = arena->head;
    if (!at || at->size - at->used < size) {
        size_t step = at ? at->size * 2 : FIRST_BLOCK;
        if (step > LARGEST_STEP)
            step = LARGEST_STEP;
        at = add_block(arena, size > step ? size : step);
        if (!at)
            return NULL;
    }
    void *memory = at->data + at->used;
    at->used += size;
    memset(memory, 0, size);
    return memory;
}

void *dx_arena_array(dx_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    return dx_arena_alloc(arena, count * size);
}

void *dx_arena_grow(dx_arena *arena, void *old, size_t old_count, size_t new_count, size_t size)
{
    void *fresh = dx_arena_array(arena, new_count, size);
    if (fresh && old && old_count)
        memcpy(fresh, old, (old_count < new_count ? old_count : new_count) * size);
    return fresh;
}

char *dx_arena_strndup(dx_arena *arena, const char *text, size_t length)
{
    if (!text || length == SIZE_MAX)
        return NULL;
    char *copy = dx_arena_alloc(arena, length + 1);
    if (copy)
        memcpy(copy, text, length);
    return copy;
}

char *dx_arena_strdup(dx_arena *arena, const char *text)
{
    return text ? dx_arena_strndup(arena, text, strlen(text)) : NULL;
}

/* Most texts are short: they are formatted once, into the stack. */
char *dx_arena_vprintf(dx_arena *arena, const char *format, va_list arguments)
{
    char brief[256];
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(brief, sizeof brief, format, again);
    va_end(again);
    if (length < 0)
        return NULL;
    if ((size_t)length < sizeof brief)
        return dx_arena_strndup(arena, brief, (size_t)length);
    char *text = dx_arena_alloc(arena, (size_t)length + 1);
    if (text)
        vsnprintf(text, (size_t)length + 1, format, arguments);
    return text;
}

char *dx_arena_printf(dx_arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = dx_arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}
