#include "base/rt/json.h"

#include "base/rt/alloc.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 256 };

static const json_t *inner(const dx_json *json)
{
    return (const json_t *)json;
}

static const dx_json *outer(const json_t *json)
{
    return (const dx_json *)json;
}

/* jansson recurses up to 2048 levels; a lower bound keeps small thread stacks safe. */
static bool too_deep(const char *text, size_t length)
{
    size_t depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > MAX_DEPTH)
                return true;
        } else if ((c == ']' || c == '}') && depth > 0) {
            depth--;
        }
    }
    return false;
}

doxin_status dx_json_parse(dx_ctx *ctx, const char *text, size_t length, dx_json **out)
{
    *out = NULL;
    if (!text)
        return dx_fail(ctx, DOXIN_E_JSON, "no JSON text was given");
    if (too_deep(text, length))
        return dx_fail(ctx, DOXIN_E_JSON, "the JSON is nested more than %d levels deep", MAX_DEPTH);
    json_error_t problem;
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &problem);
    if (!json) {
        if (json_error_code(&problem) == json_error_out_of_memory)
            return dx_nomem(ctx);
        dx_fail(ctx, DOXIN_E_JSON, "not valid JSON at line %d, column %d: %s", problem.line, problem.column,
                problem.text);
        ctx->error.offset = problem.position;
        return DOXIN_E_JSON;
    }
    *out = (dx_json *)json;
    return DOXIN_OK;
}

void dx_json_free(dx_json *json)
{
    json_decref((json_t *)json);
}

dx_json_kind dx_json_kind_of(const dx_json *json)
{
    if (!json)
        return DX_JSON_NONE;
    switch (json_typeof(inner(json))) {
    case JSON_OBJECT:
        return DX_JSON_OBJECT;
    case JSON_ARRAY:
        return DX_JSON_ARRAY;
    case JSON_STRING:
        return DX_JSON_STRING;
    case JSON_INTEGER:
        return DX_JSON_INTEGER;
    case JSON_REAL:
        return DX_JSON_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return DX_JSON_BOOL;
    default:
        return DX_JSON_NULL;
    }
}

const dx_json *dx_json_get(const dx_json *object, const char *key)
{
    return outer(json_object_get(inner(object), key));
}

const dx_json *dx_json_at(const dx_json *array, size_t index)
{
    return outer(json_array_get(inner(array), index));
}

size_t dx_json_count(const dx_json *json)
{
    dx_json_kind kind = dx_json_kind_of(json);
    if (kind == DX_JSON_ARRAY)
        return json_array_size(inner(json));
    return kind == DX_JSON_OBJECT ? json_object_size(inner(json)) : 0;
}

/* Takes one reference token ("a~1b" -> "a/b"); false when it does not fit. */
static bool next_token(const char **pointer, char *token, size_t size)
{
    size_t used = 0;
    const char *p = *pointer + 1;
    for (; *p && *p != '/'; p++) {
        char c = *p;
        if (c == '~' && (p[1] == '0' || p[1] == '1'))
            c = *++p == '0' ? '~' : '/';
        if (used + 1 >= size)
            return false;
        token[used++] = c;
    }
    token[used] = '\0';
    *pointer = p;
    return true;
}

const dx_json *dx_json_pointer(const dx_json *json, const char *pointer)
{
    char token[256];
    while (json && *pointer) {
        if (*pointer != '/' || !next_token(&pointer, token, sizeof token))
            return NULL;
        if (dx_json_kind_of(json) == DX_JSON_ARRAY) {
            char *end;
            unsigned long index = strtoul(token, &end, 10);
            bool digits = token[0] >= '0' && token[0] <= '9' && (token[0] != '0' || token[1] == '\0');
            json = digits && *end == '\0' ? dx_json_at(json, index) : NULL;
        } else {
            json = dx_json_get(json, token);
        }
    }
    return json;
}

const char *dx_json_string(const dx_json *json)
{
    return json_string_value(inner(json));
}

int64_t dx_json_integer(const dx_json *json, int64_t otherwise)
{
    return json && json_is_integer(inner(json)) ? (int64_t)json_integer_value(inner(json)) : otherwise;
}

double dx_json_real(const dx_json *json, double otherwise)
{
    return json && json_is_number(inner(json)) ? json_number_value(inner(json)) : otherwise;
}

bool dx_json_bool(const dx_json *json, bool otherwise)
{
    return json && json_is_boolean(inner(json)) ? json_is_true(inner(json)) : otherwise;
}

const char *dx_json_get_string(const dx_json *object, const char *key)
{
    return dx_json_string(dx_json_get(object, key));
}

void dx_json_each(const dx_json *object, dx_json_member_fn fn, void *data)
{
    json_t *members = (json_t *)inner(object);
    for (void *at = json_object_iter(members); at; at = json_object_iter_next(members, at))
        if (!fn(data, json_object_iter_key(at), outer(json_object_iter_value(at))))
            return;
}

char *dx_json_dump(const dx_json *json, bool sort)
{
    size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | (sort ? JSON_SORT_KEYS : 0);
    size_t length = json_dumpb(inner(json), NULL, 0, flags);
    if (length == 0)
        return NULL;
    char *text = dx_malloc(length + 1);
    if (!text)
        return NULL;
    if (json_dumpb(inner(json), text, length, flags) != length) {
        dx_free(text);
        return NULL;
    }
    text[length] = '\0';
    return text;
}
