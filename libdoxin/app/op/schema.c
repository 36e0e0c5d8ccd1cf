#include "app/op/schema.h"

#include "base/crypto/uuid.h"
#include "base/value/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 32, POINTER_MAX = 128 };

typedef struct check {
    dx_ctx *ctx;
    int wrong;
    int depth;
    char pointer[POINTER_MAX]; /* of the value that is looked at */
} check;

static void add(check *to, const char *code, const char *message)
{
    if (to->wrong++ == 0)
        dx_fail(to->ctx, DOXIN_E_FIELD, "%s: %s", to->pointer[0] ? to->pointer : "the request", message);
    dx_error_field(&to->ctx->error, to->pointer, code, message);
}

/* "~" and "/" of a key are written "~0" and "~1" (RFC 6901). Returns the old length, for leave(). */
static size_t enter(check *at, const char *key)
{
    size_t before = strlen(at->pointer);
    size_t used = before;
    if (used + 1 < POINTER_MAX)
        at->pointer[used++] = '/';
    for (; *key && used + 2 < POINTER_MAX; key++) {
        if (*key == '~' || *key == '/') {
            at->pointer[used++] = '~';
            at->pointer[used++] = *key == '~' ? '0' : '1';
        } else {
            at->pointer[used++] = *key;
        }
    }
    at->pointer[used] = '\0';
    return before;
}

static void leave(check *at, size_t before)
{
    at->pointer[before] = '\0';
}

static void validate(check *at, const dx_json *schema, const dx_json *value);

/* ---- types -------------------------------------------------------------------------------------------------------- */

static bool is_type(const dx_json *value, const char *type)
{
    static const struct {
        const char *name;
        dx_json_kind kind;
    } types[] = {
        {"null", DX_JSON_NULL},     {"boolean", DX_JSON_BOOL}, {"integer", DX_JSON_INTEGER}, {"number", DX_JSON_REAL},
        {"string", DX_JSON_STRING}, {"array", DX_JSON_ARRAY},  {"object", DX_JSON_OBJECT},
    };
    dx_json_kind kind = dx_json_kind_of(value);
    if (strcmp(type, "number") == 0 && kind == DX_JSON_INTEGER)
        return true;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(types[i].name, type) == 0)
            return types[i].kind == kind;
    return false;
}

static bool check_type(check *at, const dx_json *schema, const dx_json *value)
{
    const dx_json *type = dx_json_get(schema, "type");
    char message[160] = "must be ";
    if (!type)
        return true;
    if (dx_json_string(type)) {
        if (is_type(value, dx_json_string(type)))
            return true;
        snprintf(message, sizeof message, "must be of type %s", dx_json_string(type));
        add(at, "type", message);
        return false;
    }
    for (size_t i = 0; i < dx_json_count(type); i++) {
        const char *name = dx_json_string(dx_json_at(type, i));
        if (is_type(value, name))
            return true;
        size_t used = strlen(message);
        snprintf(message + used, sizeof message - used, "%s%s", i ? " or " : "of type ", name);
    }
    add(at, "type", message);
    return false;
}

/* ---- strings ------------------------------------------------------------------------------------------------------ */

static size_t characters(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

static bool digits(const char *text, size_t count)
{
    return strspn(text, "0123456789") >= count;
}

/* RFC 3339, "2026-11-25T12:00:00Z", with a fraction and an offset where they are given. */
static bool is_time(const char *text)
{
    dx_date day;
    if (strlen(text) < 20 || !dx_date_parse(text, 10, &day) || (text[10] != 'T' && text[10] != 't'))
        return false;
    const char *at = text + 11;
    if (!digits(at, 2) || at[2] != ':' || !digits(at + 3, 2) || at[5] != ':' || !digits(at + 6, 2))
        return false;
    if (strtol(at, NULL, 10) > 23 || strtol(at + 3, NULL, 10) > 59 || strtol(at + 6, NULL, 10) > 60)
        return false;
    at += 8;
    if (*at == '.') {
        size_t fraction = strspn(at + 1, "0123456789");
        if (fraction == 0 || fraction > 9)
            return false;
        at += 1 + fraction;
    }
    if (*at == 'Z' || *at == 'z')
        return at[1] == '\0';
    return (*at == '+' || *at == '-') && digits(at + 1, 2) && at[3] == ':' && digits(at + 4, 2) && at[6] == '\0';
}

static void check_format(check *at, const char *format, const char *text)
{
    dx_date day;
    if (strcmp(format, "uuid") == 0 && !dx_uuid_valid(text))
        add(at, "format", "must be a UUID");
    else if (strcmp(format, "date") == 0 && !dx_date_parse(text, strlen(text), &day))
        add(at, "format", "must be a date as 2026-11-25");
    else if (strcmp(format, "date-time") == 0 && !is_time(text))
        add(at, "format", "must be a time as 2026-11-25T12:00:00Z");
}

static void check_enum(check *at, const dx_json *choices, const char *text)
{
    char message[192] = "must be one of:";
    for (size_t i = 0; i < dx_json_count(choices); i++) {
        const char *choice = dx_json_string(dx_json_at(choices, i));
        if (choice && strcmp(choice, text) == 0)
            return;
        size_t used = strlen(message);
        snprintf(message + used, sizeof message - used, "%s %s", i ? "," : "", choice ? choice : "null");
    }
    add(at, "enum", message);
}

static void check_string(check *at, const dx_json *schema, const char *text)
{
    char message[96];
    int64_t count = (int64_t)characters(text);
    int64_t least = dx_json_integer(dx_json_get(schema, "minLength"), 0);
    int64_t most = dx_json_integer(dx_json_get(schema, "maxLength"), INT64_MAX);
    if (count < least) {
        snprintf(message, sizeof message, "must have at least %lld characters", (long long)least);
        add(at, "min_length", message);
    }
    if (count > most) {
        snprintf(message, sizeof message, "must have at most %lld characters", (long long)most);
        add(at, "max_length", message);
    }
    if (dx_json_get(schema, "enum"))
        check_enum(at, dx_json_get(schema, "enum"), text);
    if (dx_json_get_string(schema, "format"))
        check_format(at, dx_json_get_string(schema, "format"), text);
}

/* ---- numbers ------------------------------------------------------------------------------------------------------ */

static void check_number(check *at, const dx_json *schema, const dx_json *value)
{
    char message[96];
    const dx_json *least = dx_json_get(schema, "minimum");
    const dx_json *most = dx_json_get(schema, "maximum");
    double number = dx_json_real(value, 0);
    if (least && number < dx_json_real(least, 0)) {
        snprintf(message, sizeof message, "must be at least %g", dx_json_real(least, 0));
        add(at, "minimum", message);
    }
    if (most && number > dx_json_real(most, 0)) {
        snprintf(message, sizeof message, "must be at most %.15g", dx_json_real(most, 0));
        add(at, "maximum", message);
    }
}

/* ---- arrays and objects --------------------------------------------------------------------------------------------- */

static void check_array(check *at, const dx_json *schema, const dx_json *value)
{
    char message[96];
    char index[24];
    int64_t count = (int64_t)dx_json_count(value);
    int64_t least = dx_json_integer(dx_json_get(schema, "minItems"), 0);
    int64_t most = dx_json_integer(dx_json_get(schema, "maxItems"), INT64_MAX);
    if (count < least || count > most) {
        snprintf(message, sizeof message, "must have %s %lld items", count < least ? "at least" : "at most",
                 (long long)(count < least ? least : most));
        add(at, count < least ? "min_items" : "max_items", message);
    }
    const dx_json *items = dx_json_get(schema, "items");
    for (size_t i = 0; items && i < (size_t)count && at->wrong <= DX_ERROR_FIELDS; i++) {
        snprintf(index, sizeof index, "%zu", i);
        size_t before = enter(at, index);
        validate(at, items, dx_json_at(value, i));
        leave(at, before);
    }
}

typedef struct members {
    check *at;
    const dx_json *properties;
    bool closed; /* unknown members are refused */
} members;

static bool check_member(void *data, const char *key, const dx_json *value)
{
    const members *of = data;
    const dx_json *schema = dx_json_get(of->properties, key);
    size_t before = enter(of->at, key);
    if (schema)
        validate(of->at, schema, value);
    else if (of->closed)
        add(of->at, "unknown", "there is no such member");
    leave(of->at, before);
    return of->at->wrong <= DX_ERROR_FIELDS;
}

static void check_object(check *at, const dx_json *schema, const dx_json *value)
{
    members of = {at, dx_json_get(schema, "properties"),
                  !dx_json_bool(dx_json_get(schema, "additionalProperties"), true)};
    dx_json_each(value, check_member, &of);
    const dx_json *required = dx_json_get(schema, "required");
    for (size_t i = 0; i < dx_json_count(required); i++) {
        const char *key = dx_json_string(dx_json_at(required, i));
        if (dx_json_get(value, key))
            continue;
        size_t before = enter(at, key);
        add(at, "required", "is missing");
        leave(at, before);
    }
}

static void validate(check *at, const dx_json *schema, const dx_json *value)
{
    if (at->depth >= DEPTH_MAX) {
        add(at, "type", "is nested too deeply");
        return;
    }
    if (!check_type(at, schema, value))
        return;
    at->depth++;
    switch (dx_json_kind_of(value)) {
    case DX_JSON_STRING:
        check_string(at, schema, dx_json_string(value));
        break;
    case DX_JSON_INTEGER:
    case DX_JSON_REAL:
        check_number(at, schema, value);
        break;
    case DX_JSON_ARRAY:
        check_array(at, schema, value);
        break;
    case DX_JSON_OBJECT:
        check_object(at, schema, value);
        break;
    case DX_JSON_NONE:
    case DX_JSON_NULL:
    case DX_JSON_BOOL:
        break;
    }
    at->depth--;
}

doxin_status dx_schema_validate(dx_ctx *ctx, const dx_json *schema, const dx_json *value)
{
    check at = {.ctx = ctx};
    validate(&at, schema, value);
    return at.wrong ? DOXIN_E_FIELD : DOXIN_OK;
}
