/* A byte buffer that grows up to a bound. Failure sticks: append freely, ask once at the end. */
#ifndef DX_BASE_RT_BUFFER_H
#define DX_BASE_RT_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct dx_buffer {
    char *data; /* NUL-terminated once something was appended */
    size_t len;
    size_t cap;
    size_t max;  /* the most bytes it may hold */
    bool failed; /* no memory, or the bound was reached: what follows is ignored */
    bool full;   /* failed by the bound */
} dx_buffer;

/* max_bytes 0: 1 GiB. */
void dx_buffer_init(dx_buffer *buffer, size_t max_bytes);
void dx_buffer_free(dx_buffer *buffer);
void dx_buffer_clear(dx_buffer *buffer);
void dx_buffer_add(dx_buffer *buffer, const void *data, size_t length);
void dx_buffer_text(dx_buffer *buffer, const char *text);
void dx_buffer_char(dx_buffer *buffer, char c);
void dx_buffer_printf(dx_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Room for length more bytes at data + len, or NULL; the caller then raises len. */
void *dx_buffer_reserve(dx_buffer *buffer, size_t length);
/* Moves the bytes out (NUL-terminated, free with dx_free); NULL when the buffer failed. The buffer is empty after. */
char *dx_buffer_take(dx_buffer *buffer, size_t *length);

#endif
