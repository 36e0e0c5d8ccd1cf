/* Text that grows. Failure sticks: append freely, ask once. */
#ifndef SERVER_BASE_TEXT_H
#define SERVER_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct text {
    char *data; /* NUL-terminated; NULL while empty */
    size_t len;
    size_t cap;
    bool failed; /* no memory: what follows is ignored */
} text;

void text_free(text *out);
void text_add(text *out, const void *data, size_t length);
void text_put(text *out, const char *string);
void text_format(text *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A JSON string with quotes; NULL becomes null. Bytes that are no UTF-8 become U+FFFD. */
void text_json(text *out, const char *string);
void text_json_n(text *out, const char *string, size_t length);
/* `"key":"value",` — the caller takes the last comma off with text_trim. */
void text_member(text *out, const char *key, const char *value);
/* Takes one comma off the end, if there is one. */
void text_trim(text *out);
/* The bytes, owned by the caller (free); NULL when it failed. Empty afterwards. */
char *text_take(text *out);

/* The byte that two hexadecimal digits stand for; -1 where there are not two. */
int text_hex_byte(const char *digits);

#endif
