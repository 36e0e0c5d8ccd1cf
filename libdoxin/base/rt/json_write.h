/* Writing JSON text straight into a buffer, in a fixed order of members. Commas and escapes are taken care of. */
#ifndef DX_BASE_RT_JSON_WRITE_H
#define DX_BASE_RT_JSON_WRITE_H

#include "base/rt/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct dx_writer {
    dx_buffer *out;
    bool comma; /* a comma is due before the next value */
} dx_writer;

void dx_write_init(dx_writer *writer, dx_buffer *out);

/* key NULL: an item of an array, or the top value. */
void dx_write_object(dx_writer *writer, const char *key);
void dx_write_object_end(dx_writer *writer);
void dx_write_array(dx_writer *writer, const char *key);
void dx_write_array_end(dx_writer *writer);
/* NULL text writes null. Bytes that are no UTF-8 become U+FFFD. */
void dx_write_string(dx_writer *writer, const char *key, const char *text);
void dx_write_stringn(dx_writer *writer, const char *key, const char *text, size_t length);
void dx_write_integer(dx_writer *writer, const char *key, int64_t value);
void dx_write_bool(dx_writer *writer, const char *key, bool value);
void dx_write_null(dx_writer *writer, const char *key);
/* digits after the point, 0 to 6; trailing zeros stay. */
void dx_write_real(dx_writer *writer, const char *key, double value, int digits);
/* JSON text as it is. */
void dx_write_raw(dx_writer *writer, const char *key, const char *json);
/* As dx_write_string, but nothing at all for NULL or "". */
void dx_write_filled(dx_writer *writer, const char *key, const char *text);

#endif
