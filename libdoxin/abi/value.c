#include "doxin/value.h"

#include "base/rt/alloc.h"
#include "base/rt/json.h"

#include <stdlib.h>
#include <string.h>

/* Numbers are kept as text from the start, so that reading from several threads needs no lock and no memory. */
typedef struct number_text {
    const dx_json *number;
    char *text;
} number_text;

struct doxin_value {
    dx_json *json;
    number_text *numbers;
    size_t count;
    size_t capacity;
    bool failed;
};

static bool collect_member(void *data, const char *key, const dx_json *value);

static void keep_number(doxin_value *value, const dx_json *number)
{
    if (value->count == value->capacity) {
        size_t capacity = value->capacity ? value->capacity * 2 : 16;
        number_text *grown = dx_realloc(value->numbers, capacity * sizeof *grown);
        if (!grown) {
            value->failed = true;
            return;
        }
        value->numbers = grown;
        value->capacity = capacity;
    }
    char *text = dx_json_dump(number, false);
    if (!text)
        value->failed = true;
    else
        value->numbers[value->count++] = (number_text){number, text};
}

static void collect(doxin_value *value, const dx_json *json)
{
    dx_json_kind kind = dx_json_kind_of(json);
    if (kind == DX_JSON_INTEGER || kind == DX_JSON_REAL)
        keep_number(value, json);
    else if (kind == DX_JSON_OBJECT)
        dx_json_each(json, collect_member, value);
    for (size_t i = 0; kind == DX_JSON_ARRAY && i < dx_json_count(json) && !value->failed; i++)
        collect(value, dx_json_at(json, i));
}

static bool collect_member(void *data, const char *key, const dx_json *value)
{
    (void)key;
    collect(data, value);
    return !((doxin_value *)data)->failed;
}

static int by_address(const void *a, const void *b)
{
    uintptr_t left = (uintptr_t)((const number_text *)a)->number;
    uintptr_t right = (uintptr_t)((const number_text *)b)->number;
    return left < right ? -1 : left > right;
}

static const char *number_at(const doxin_value *value, const dx_json *json)
{
    number_text key = {json, NULL};
    const number_text *found =
        value->count ? bsearch(&key, value->numbers, value->count, sizeof key, by_address) : NULL;
    return found ? found->text : "";
}

doxin_status doxin_value_parse(const char *json, doxin_value **out)
{
    if (!out)
        return DOXIN_E_INVALID;
    *out = NULL;
    if (!json)
        return DOXIN_E_INVALID;
    dx_ctx ctx;
    if (!dx_ctx_init(&ctx, 0))
        return DOXIN_E_NOMEM;
    doxin_value *value = dx_calloc(1, sizeof *value);
    doxin_status status = value ? dx_json_parse(&ctx, json, strlen(json), &value->json) : DOXIN_E_NOMEM;
    if (status == DOXIN_OK) {
        collect(value, value->json);
        if (value->failed)
            status = DOXIN_E_NOMEM;
        else if (value->count)
            qsort(value->numbers, value->count, sizeof *value->numbers, by_address);
    }
    if (status == DOXIN_OK)
        *out = value;
    else
        doxin_value_free(value);
    dx_ctx_destroy(&ctx);
    return status;
}

static const dx_json *at_pointer(const doxin_value *value, const char *pointer)
{
    return value && pointer ? dx_json_pointer(value->json, pointer) : NULL;
}

int doxin_value_kind(const doxin_value *value, const char *pointer)
{
    switch (dx_json_kind_of(at_pointer(value, pointer))) {
    case DX_JSON_NULL:
        return DOXIN_VALUE_NULL;
    case DX_JSON_BOOL:
        return DOXIN_VALUE_BOOL;
    case DX_JSON_INTEGER:
    case DX_JSON_REAL:
        return DOXIN_VALUE_NUMBER;
    case DX_JSON_STRING:
        return DOXIN_VALUE_STRING;
    case DX_JSON_ARRAY:
        return DOXIN_VALUE_ARRAY;
    case DX_JSON_OBJECT:
        return DOXIN_VALUE_OBJECT;
    case DX_JSON_NONE:
        break;
    }
    return DOXIN_VALUE_NONE;
}

const char *doxin_value_text(const doxin_value *value, const char *pointer)
{
    const dx_json *json = at_pointer(value, pointer);
    switch (dx_json_kind_of(json)) {
    case DX_JSON_STRING:
        return dx_json_string(json);
    case DX_JSON_BOOL:
        return dx_json_bool(json, false) ? "true" : "false";
    case DX_JSON_NULL:
        return "null";
    case DX_JSON_INTEGER:
    case DX_JSON_REAL:
        return number_at(value, json);
    default:
        return "";
    }
}

size_t doxin_value_count(const doxin_value *value, const char *pointer)
{
    return dx_json_count(at_pointer(value, pointer));
}

void doxin_value_free(doxin_value *value)
{
    if (!value)
        return;
    for (size_t i = 0; i < value->count; i++)
        dx_free(value->numbers[i].text);
    dx_free(value->numbers);
    dx_json_free(value->json);
    dx_free(value);
}
