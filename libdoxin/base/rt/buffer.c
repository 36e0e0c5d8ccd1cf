#include "base/rt/buffer.h"

#include "base/rt/alloc.h"

#include <stdio.h>
#include <string.h>

void dx_buffer_init(dx_buffer *buffer, size_t max_bytes)
{
    *buffer = (dx_buffer){.max = max_bytes ? max_bytes : (size_t)1 << 30};
}

void dx_buffer_free(dx_buffer *buffer)
{
    dx_free(buffer->data);
    dx_buffer_init(buffer, buffer->max);
}

void dx_buffer_clear(dx_buffer *buffer)
{
    buffer->len = 0;
    buffer->failed = buffer->full = false;
    if (buffer->data)
        buffer->data[0] = '\0';
}

void *dx_buffer_reserve(dx_buffer *buffer, size_t length)
{
    if (buffer->failed)
        return NULL;
    if (length > buffer->max - buffer->len) {
        buffer->failed = buffer->full = true;
        return NULL;
    }
    size_t need = buffer->len + length + 1;
    if (need > buffer->cap) {
        size_t cap = buffer->cap < 128 ? 256 : buffer->cap * 2;
        if (cap < need)
            cap = need;
        char *grown = dx_realloc(buffer->data, cap);
        if (!grown) {
            buffer->failed = true;
            return NULL;
        }
        buffer->data = grown;
        buffer->cap = cap;
        buffer->data[buffer->len] = '\0';
    }
    return buffer->data + buffer->len;
}

void dx_buffer_add(dx_buffer *buffer, const void *data, size_t length)
{
    char *at = dx_buffer_reserve(buffer, length);
    if (!at)
        return;
    if (length)
        memcpy(at, data, length);
    buffer->len += length;
    buffer->data[buffer->len] = '\0';
}

void dx_buffer_text(dx_buffer *buffer, const char *text)
{
    dx_buffer_add(buffer, text, strlen(text));
}

void dx_buffer_char(dx_buffer *buffer, char c)
{
    char *at = dx_buffer_reserve(buffer, 1);
    if (!at)
        return;
    at[0] = c;
    at[1] = '\0';
    buffer->len++;
}

/* Most texts are short: they are formatted once, into the stack. */
void dx_buffer_printf(dx_buffer *buffer, const char *format, ...)
{
    char brief[256];
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(brief, sizeof brief, format, arguments);
    va_end(arguments);
    if (length < 0) {
        buffer->failed = true;
    } else if ((size_t)length < sizeof brief) {
        dx_buffer_add(buffer, brief, (size_t)length);
    } else {
        char *at = dx_buffer_reserve(buffer, (size_t)length);
        if (at) {
            vsnprintf(at, (size_t)length + 1, format, again);
            buffer->len += (size_t)length;
        }
    }
    va_end(again);
}

char *dx_buffer_take(dx_buffer *buffer, size_t *length)
{
    if (!buffer->failed && !buffer->data)
        dx_buffer_add(buffer, "", 0);
    if (buffer->failed) {
        dx_buffer_free(buffer);
        return NULL;
    }
    char *data = buffer->data;
    if (length)
        *length = buffer->len;
    dx_buffer_init(buffer, buffer->max);
    return data;
}
