/* The one door to the heap. Tests replace these three functions at link time (--wrap) to make any allocation fail. */
#ifndef DX_BASE_RT_ALLOC_H
#define DX_BASE_RT_ALLOC_H

#include <stddef.h>

/* NULL when there is no memory or size is 0. */
void *dx_malloc(size_t size);
/* As dx_malloc, zeroed; the product is checked for overflow. */
void *dx_calloc(size_t count, size_t size);
/* The old block stays valid when NULL is returned. */
void *dx_realloc(void *pointer, size_t size);
void dx_free(void *pointer);

/* A copy on the heap, NUL-terminated; NULL when there is no memory or text is NULL. */
char *dx_strdup(const char *text);
char *dx_strndup(const char *text, size_t length);

#endif
