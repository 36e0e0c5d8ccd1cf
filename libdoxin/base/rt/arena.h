/* Memory of one call: taken in pieces, given back all at once. Not for several threads. */
#ifndef DX_BASE_RT_ARENA_H
#define DX_BASE_RT_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct dx_arena dx_arena;

/* NULL when there is no memory. max_bytes: the most it may hold in all (0: no bound). */
dx_arena *dx_arena_new(size_t max_bytes);
void dx_arena_free(dx_arena *arena);
/* Gives everything back but the first block, for the next call. */
void dx_arena_reset(dx_arena *arena);
size_t dx_arena_bytes(const dx_arena *arena);

/* Zeroed, aligned for any type; valid until reset or free. NULL when there is no memory or the bound is reached. */
void *dx_arena_alloc(dx_arena *arena, size_t size);
void *dx_arena_array(dx_arena *arena, size_t count, size_t size);
/* Grows an array taken from this arena: the old part is copied, the rest zeroed. */
void *dx_arena_grow(dx_arena *arena, void *old, size_t old_count, size_t new_count, size_t size);
char *dx_arena_strdup(dx_arena *arena, const char *text);
char *dx_arena_strndup(dx_arena *arena, const char *text, size_t length);
char *dx_arena_printf(dx_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *dx_arena_vprintf(dx_arena *arena, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));

#endif
