#include "abi/options.h"

#include "base/rt/alloc.h"
#include "base/rt/buffer.h"
#include "base/rt/json.h"
#include "base/rt/json_write.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_MAX = 64 };

typedef struct pair {
    char *key;
    char *value;
} pair;

struct doxin_options {
    pair *pairs;
    size_t count;
    size_t capacity;
};

typedef enum option_type { TEXT, SECRET, INTEGER, BOOL, SHARE, CHOICE } option_type;
static const char *const type_names[] = {"text", "secret", "integer", "boolean", "share", "choice"};

typedef struct option_row {
    const char *call;
    const char *key;
    option_type type;
    const char *otherwise;
    int64_t minimum;
    int64_t maximum;
    const char *values;
    const char *text;
} option_row;

static const option_row table[] = {
#define X(call, key, type, otherwise, minimum, maximum, values, text)                                                  \
    {call, key, type, otherwise, minimum, maximum, values, text},
#include "abi/option_table.inc"
#undef X
};
enum { ROWS = sizeof table / sizeof table[0] };

static const option_row *find_row(const char *call, const char *key)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(table[i].call, call) == 0 && strcmp(table[i].key, key) == 0)
            return &table[i];
    return NULL;
}

/* ---- the object ------------------------------------------------------------------------------------------------- */

doxin_status doxin_options_new(doxin_options **out)
{
    if (!out)
        return DOXIN_E_INVALID;
    *out = dx_calloc(1, sizeof **out);
    return *out ? DOXIN_OK : DOXIN_E_NOMEM;
}

static pair *find_pair(const doxin_options *opts, const char *key)
{
    for (size_t i = 0; opts && i < opts->count; i++)
        if (strcmp(opts->pairs[i].key, key) == 0)
            return &opts->pairs[i];
    return NULL;
}

static void remove_pair(doxin_options *opts, pair *old)
{
    dx_free(old->key);
    dx_free(old->value);
    *old = opts->pairs[--opts->count];
}

static doxin_status add_pair(doxin_options *opts, const char *key, const char *value)
{
    if (opts->count == opts->capacity) {
        size_t capacity = opts->capacity ? opts->capacity * 2 : 8;
        pair *grown = dx_realloc(opts->pairs, capacity * sizeof *grown);
        if (!grown)
            return DOXIN_E_NOMEM;
        opts->pairs = grown;
        opts->capacity = capacity;
    }
    pair fresh = {dx_strdup(key), dx_strdup(value)};
    if (!fresh.key || !fresh.value) {
        dx_free(fresh.key);
        dx_free(fresh.value);
        return DOXIN_E_NOMEM;
    }
    opts->pairs[opts->count++] = fresh;
    return DOXIN_OK;
}

doxin_status doxin_options_set(doxin_options *opts, const char *key, const char *value)
{
    if (!opts || !key || !*key || strlen(key) > KEY_MAX)
        return DOXIN_E_INVALID;
    pair *old = find_pair(opts, key);
    if (!value) {
        if (old)
            remove_pair(opts, old);
        return DOXIN_OK;
    }
    if (!old)
        return add_pair(opts, key, value);
    char *copy = dx_strdup(value);
    if (!copy)
        return DOXIN_E_NOMEM;
    dx_free(old->value);
    old->value = copy;
    return DOXIN_OK;
}

typedef struct setting {
    doxin_options *opts;
    doxin_status status;
} setting;

static bool set_member(void *data, const char *key, const dx_json *value)
{
    setting *at = data;
    const char *text = dx_json_string(value);
    if (text || dx_json_kind_of(value) == DX_JSON_NULL) {
        at->status = doxin_options_set(at->opts, key, text);
    } else {
        char *dump = dx_json_dump(value, false);
        at->status = dump ? doxin_options_set(at->opts, key, dump) : DOXIN_E_NOMEM;
        dx_free(dump);
    }
    return at->status == DOXIN_OK;
}

/* Takes the pairs of a copy that was filled, so that a failure half-way changes nothing. */
static void take_pairs(doxin_options *opts, doxin_options *filled)
{
    doxin_options old = *opts;
    *opts = *filled;
    *filled = old;
    doxin_options_free(filled);
}

doxin_status doxin_options_set_json(doxin_options *opts, const char *json)
{
    if (!opts || !json)
        return DOXIN_E_INVALID;
    dx_ctx ctx;
    dx_json *parsed = NULL;
    doxin_options *filled = NULL;
    if (!dx_ctx_init(&ctx, 0))
        return DOXIN_E_NOMEM;
    doxin_status status = dx_json_parse(&ctx, json, strlen(json), &parsed);
    if (status == DOXIN_OK && dx_json_kind_of(parsed) != DX_JSON_OBJECT)
        status = DOXIN_E_JSON;
    if (status == DOXIN_OK && !dx_options_copy(opts, &filled))
        status = DOXIN_E_NOMEM;
    if (status == DOXIN_OK) {
        setting at = {filled, DOXIN_OK};
        dx_json_each(parsed, set_member, &at);
        status = at.status;
    }
    if (status == DOXIN_OK)
        take_pairs(opts, filled);
    else
        doxin_options_free(filled);
    dx_json_free(parsed);
    dx_ctx_destroy(&ctx);
    return status;
}

void doxin_options_free(doxin_options *opts)
{
    if (!opts)
        return;
    while (opts->count)
        remove_pair(opts, &opts->pairs[opts->count - 1]);
    dx_free(opts->pairs);
    dx_free(opts);
}

bool dx_options_copy(const doxin_options *opts, doxin_options **out)
{
    *out = NULL;
    if (!opts)
        return true;
    if (doxin_options_new(out) != DOXIN_OK)
        return false;
    for (size_t i = 0; i < opts->count; i++) {
        if (add_pair(*out, opts->pairs[i].key, opts->pairs[i].value) != DOXIN_OK) {
            doxin_options_free(*out);
            *out = NULL;
            return false;
        }
    }
    return true;
}

size_t dx_options_count(const doxin_options *opts)
{
    return opts ? opts->count : 0;
}

const char *dx_options_key_at(const doxin_options *opts, size_t index)
{
    return opts->pairs[index].key;
}

const char *dx_options_value_at(const doxin_options *opts, size_t index)
{
    return opts->pairs[index].value;
}

/* ---- reading ------------------------------------------------------------------------------------------------------ */

static bool parse_integer(const char *text, int64_t *out)
{
    char *end;
    if (!*text || strspn(text, "-0123456789") != strlen(text) || strlen(text) > 18)
        return false;
    *out = strtoll(text, &end, 10);
    return *end == '\0';
}

static bool parse_bool(const char *text, bool *out)
{
    *out = strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
    return *out || strcmp(text, "false") == 0 || strcmp(text, "0") == 0;
}

/* "0.85" -> 850; at most three decimals count. */
static bool parse_share(const char *text, int *out)
{
    int value = 0;
    const char *p = text;
    if (*p != '0' && *p != '1')
        return false;
    value = (*p++ - '0') * 1000;
    if (*p == '.') {
        p++;
        for (int unit = 100; *p >= '0' && *p <= '9'; p++, unit /= 10)
            value += (*p - '0') * unit;
    }
    *out = value;
    return *p == '\0' && value <= 1000;
}

static int find_choice(const char *values, const char *text)
{
    size_t length = strlen(text);
    int place = 0;
    for (const char *p = values; *p; place++) {
        size_t item = strcspn(p, "|");
        if (item == length && memcmp(p, text, length) == 0)
            return place;
        p += item + (p[item] == '|');
    }
    return -1;
}

static doxin_status check_value(dx_ctx *ctx, const option_row *row, const char *value)
{
    int64_t number;
    bool flag;
    int share;
    switch (row->type) {
    case INTEGER:
        if (!parse_integer(value, &number) || number < row->minimum || number > row->maximum)
            return dx_fail(ctx, DOXIN_E_OPTION, "option %s must be a whole number from %lld to %lld", row->key,
                           (long long)row->minimum, (long long)row->maximum);
        break;
    case BOOL:
        if (!parse_bool(value, &flag))
            return dx_fail(ctx, DOXIN_E_OPTION, "option %s must be true or false", row->key);
        break;
    case SHARE:
        if (!parse_share(value, &share))
            return dx_fail(ctx, DOXIN_E_OPTION, "option %s must be a number from 0 to 1", row->key);
        break;
    case CHOICE:
        if (find_choice(row->values, value) < 0)
            return dx_fail(ctx, DOXIN_E_OPTION, "option %s must be one of %s", row->key, row->values);
        break;
    case TEXT:
    case SECRET:
        break;
    }
    return DOXIN_OK;
}

doxin_status dx_options_check(dx_ctx *ctx, const char *call, const doxin_options *opts)
{
    for (size_t i = 0; opts && i < opts->count; i++) {
        const option_row *row = find_row(call, opts->pairs[i].key);
        if (!row)
            return dx_fail(ctx, DOXIN_E_OPTION, "%s knows no option \"%.64s\"", call, opts->pairs[i].key);
        doxin_status status = check_value(ctx, row, opts->pairs[i].value);
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

const char *dx_options_text(const char *call, const doxin_options *opts, const char *key)
{
    const pair *set = find_pair(opts, key);
    const option_row *row = find_row(call, key);
    return set ? set->value : row ? row->otherwise : NULL;
}

int64_t dx_options_integer(const char *call, const doxin_options *opts, const char *key)
{
    const char *text = dx_options_text(call, opts, key);
    int64_t value = 0;
    return text && parse_integer(text, &value) ? value : 0;
}

bool dx_options_bool(const char *call, const doxin_options *opts, const char *key)
{
    const char *text = dx_options_text(call, opts, key);
    bool value = false;
    return text && parse_bool(text, &value) && value;
}

int dx_options_share(const char *call, const doxin_options *opts, const char *key)
{
    const char *text = dx_options_text(call, opts, key);
    int value = 0;
    return text && parse_share(text, &value) ? value : 0;
}

int dx_options_choice(const char *call, const doxin_options *opts, const char *key)
{
    const option_row *row = find_row(call, key);
    const char *text = dx_options_text(call, opts, key);
    int place = row && row->values && text ? find_choice(row->values, text) : 0;
    return place < 0 ? 0 : place;
}

/* ---- describing ---------------------------------------------------------------------------------------------------- */

static void describe_values(dx_writer *writer, const char *values)
{
    dx_write_array(writer, "values");
    for (const char *p = values; *p;) {
        size_t item = strcspn(p, "|");
        dx_write_stringn(writer, NULL, p, item);
        p += item + (p[item] == '|');
    }
    dx_write_array_end(writer);
}

static void describe_row(dx_writer *writer, const option_row *row)
{
    dx_write_object(writer, NULL);
    dx_write_string(writer, "key", row->key);
    dx_write_string(writer, "type", type_names[row->type]);
    dx_write_string(writer, "default", row->otherwise);
    if (row->type == INTEGER) {
        dx_write_integer(writer, "minimum", row->minimum);
        dx_write_integer(writer, "maximum", row->maximum);
    }
    if (row->values)
        describe_values(writer, row->values);
    dx_write_string(writer, "text", row->text);
    dx_write_object_end(writer);
}

/* Rows of a call stand together in the table. */
static size_t describe_call(dx_writer *writer, size_t first)
{
    size_t i = first;
    dx_write_array(writer, table[first].call);
    for (; i < ROWS && strcmp(table[i].call, table[first].call) == 0; i++)
        describe_row(writer, &table[i]);
    dx_write_array_end(writer);
    return i;
}

doxin_status doxin_options_describe(const char *call, char **out_json)
{
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    dx_buffer buffer;
    dx_writer writer;
    size_t found = 0;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_write_object(&writer, NULL);
    dx_write_string(&writer, "schema", "doxin.options/1");
    dx_write_object(&writer, "calls");
    for (size_t i = 0; i < ROWS;) {
        if (!call || strcmp(table[i].call, call) == 0) {
            i = describe_call(&writer, i);
            found++;
        } else {
            i++;
        }
    }
    dx_write_object_end(&writer);
    dx_write_object_end(&writer);
    if (found == 0) {
        dx_buffer_free(&buffer);
        return DOXIN_E_NOT_FOUND;
    }
    *out_json = dx_buffer_take(&buffer, NULL);
    return *out_json ? DOXIN_OK : DOXIN_E_NOMEM;
}
