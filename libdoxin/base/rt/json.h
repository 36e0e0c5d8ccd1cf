/* Reading JSON. The parser is jansson; its types stay behind dx_json. Reading only: text is written with json_write.h. */
#ifndef DX_BASE_RT_JSON_H
#define DX_BASE_RT_JSON_H

#include "base/rt/ctx.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct dx_json dx_json; /* jansson's value behind it */

typedef enum dx_json_kind {
    DX_JSON_NONE = 0, /* no such member */
    DX_JSON_NULL,
    DX_JSON_BOOL,
    DX_JSON_INTEGER,
    DX_JSON_REAL,
    DX_JSON_STRING,
    DX_JSON_ARRAY,
    DX_JSON_OBJECT
} dx_json_kind;

/* One JSON value of any kind; duplicate keys, NUL in strings and depth over 256 are refused (DOXIN_E_JSON with offset).
 * *out is freed with dx_json_free. */
doxin_status dx_json_parse(dx_ctx *ctx, const char *text, size_t length, dx_json **out);
void dx_json_free(dx_json *json);

/* All readers accept NULL (kind NONE) and return values borrowed from the tree. */
dx_json_kind dx_json_kind_of(const dx_json *json);
const dx_json *dx_json_get(const dx_json *object, const char *key);
const dx_json *dx_json_at(const dx_json *array, size_t index);
/* Items of an array, members of an object, else 0. */
size_t dx_json_count(const dx_json *json);
/* RFC 6901; "" is the value itself; NULL when there is nothing. */
const dx_json *dx_json_pointer(const dx_json *json, const char *pointer);
/* The text of a string, else NULL. */
const char *dx_json_string(const dx_json *json);
int64_t dx_json_integer(const dx_json *json, int64_t otherwise);
double dx_json_real(const dx_json *json, double otherwise);
bool dx_json_bool(const dx_json *json, bool otherwise);
/* Shorthand for dx_json_string(dx_json_get(…)). */
const char *dx_json_get_string(const dx_json *object, const char *key);
/* Calls fn for each member in the order of the text, until it returns false. */
typedef bool (*dx_json_member_fn)(void *data, const char *key, const dx_json *value);
void dx_json_each(const dx_json *object, dx_json_member_fn fn, void *data);
/* Compact text, keys in the order of the input (sort: by key); owned by the caller, dx_free. NULL: no memory. */
char *dx_json_dump(const dx_json *json, bool sort);

#endif
