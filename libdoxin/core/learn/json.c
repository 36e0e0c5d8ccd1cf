/* doxin.corrections/1 and back. */
#include "base/rt/json.h"

#include "base/rt/json_write.h"
#include "core/learn/learn.h"

#include <stdio.h>
#include <string.h>

enum { POINTER_TEXT = 128, TEXT_MOST = 400, COUNT_MOST = 1000000 };

static doxin_status wrong(dx_ctx *ctx, const char *pointer, const char *member, const char *message)
{
    char whole[2 * POINTER_TEXT];
    snprintf(whole, sizeof whole, "%s%s%s", pointer, *member ? "/" : "", member);
    dx_fail(ctx, DOXIN_E_FIELD, "%s: %s", whole, message);
    dx_error_field(&ctx->error, whole, "invalid", message);
    return DOXIN_E_FIELD;
}

/* Absent and null: *out stays as it is. */
static doxin_status read_text(dx_ctx *ctx, const dx_json *json, const char *pointer, const char *member,
                              const char **out)
{
    const dx_json *value = dx_json_get(json, member);
    dx_json_kind kind = dx_json_kind_of(value);
    if (kind == DX_JSON_NONE || kind == DX_JSON_NULL)
        return DOXIN_OK;
    const char *text = dx_json_string(value);
    if (!text || strlen(text) > TEXT_MOST)
        return wrong(ctx, pointer, member, "must be text of at most 400 bytes");
    *out = dx_text(ctx, text);
    return *out ? DOXIN_OK : DOXIN_E_NOMEM;
}

static doxin_status read_number(dx_ctx *ctx, const dx_json *json, const char *pointer, const char *member, int most,
                                int *out)
{
    const dx_json *value = dx_json_get(json, member);
    int64_t number = dx_json_integer(value, 0);
    if ((value && dx_json_kind_of(value) != DX_JSON_INTEGER) || number < 0 || number > most)
        return wrong(ctx, pointer, member, "must be a whole number in its range");
    *out = (int)number;
    return DOXIN_OK;
}

static doxin_status read_place(dx_ctx *ctx, const dx_json *json, const char *pointer, dx_place *out)
{
    const char *field = dx_json_get_string(json, "field");
    const char *page = dx_json_get_string(json, "page");
    int id = 0;
    while (field && id < DX_HEADER_COUNT && strcmp(dx_header_path((dx_header_id)id), field) != 0)
        id++;
    if (!field || id == DX_HEADER_COUNT)
        return wrong(ctx, pointer, "field", "must be the path of a header field, such as \"invoice_number\"");
    *out = (dx_place){.field = (dx_header_id)id, .left = "", .above = "", .shape = ""};
    out->last_page = page && strcmp(page, "last") == 0;
    doxin_status status = read_text(ctx, json, pointer, "value", &out->value);
    if (status == DOXIN_OK && out->value && !*out->value)
        return wrong(ctx, pointer, "value", "must not be empty");
    if (status == DOXIN_OK)
        status = read_text(ctx, json, pointer, "left", &out->left);
    if (status == DOXIN_OK)
        status = read_text(ctx, json, pointer, "above", &out->above);
    if (status == DOXIN_OK)
        status = read_text(ctx, json, pointer, "shape", &out->shape);
    struct {
        const char *member;
        int *out, most;
    } numbers[] = {{"words", &out->words, 100},
                   {"x0", &out->x0, 1000},
                   {"x1", &out->x1, 1000},
                   {"y", &out->y, 1000},
                   {"confirmed", &out->confirmed, COUNT_MOST},
                   {"contradicted", &out->contradicted, COUNT_MOST}};
    for (size_t i = 0; status == DOXIN_OK && i < sizeof numbers / sizeof numbers[0]; i++)
        status = read_number(ctx, json, pointer, numbers[i].member, numbers[i].most, numbers[i].out);
    return status;
}

static doxin_status read_places(dx_ctx *ctx, const dx_json *json, const char *pointer, dx_memory *out)
{
    char at[POINTER_TEXT];
    const dx_json *list = dx_json_get(json, "places");
    if (list && dx_json_kind_of(list) != DX_JSON_ARRAY)
        return wrong(ctx, pointer, "places", "must be an array");
    if (dx_json_count(list) > DX_MEMORY_PLACES)
        return wrong(ctx, pointer, "places", "has more than 48 places");
    for (size_t i = 0; i < dx_json_count(list); i++) {
        snprintf(at, sizeof at, "%.60s/places/%zu", pointer, i);
        dx_place *place = dx_push(ctx, (void **)&out->places, &out->place_count, &out->place_capacity, sizeof *place);
        doxin_status status = place ? read_place(ctx, dx_json_at(list, i), at, place) : DOXIN_E_NOMEM;
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

static bool known_kind(const char *key)
{
    static const char *const kinds[] = {"tax_id:", "iban:", "name:", "letterhead:"};
    for (size_t i = 0; key && i < sizeof kinds / sizeof kinds[0]; i++)
        if (strncmp(key, kinds[i], strlen(kinds[i])) == 0)
            return key[strlen(kinds[i])] != '\0';
    return false;
}

static doxin_status read_memory(dx_ctx *ctx, const dx_json *json, const char *pointer, dx_memory *out)
{
    const dx_json *vendor = dx_json_get(json, "vendor");
    *out = (dx_memory){.shared = dx_json_bool(dx_json_get(json, "shared"), false)};
    doxin_status status = read_text(ctx, json, pointer, "key", &out->key);
    if (status == DOXIN_OK && !known_kind(out->key))
        return wrong(ctx, pointer, "key", "must begin with tax_id:, iban:, name: or letterhead:");
    if (status == DOXIN_OK)
        status = read_text(ctx, vendor, pointer, "name", &out->name);
    if (status == DOXIN_OK)
        status = read_text(ctx, vendor, pointer, "tax_id", &out->tax_id);
    if (status == DOXIN_OK)
        status = read_text(ctx, vendor, pointer, "read_name", &out->read_name);
    return status == DOXIN_OK ? read_places(ctx, json, pointer, out) : status;
}

doxin_status dx_corrections_read(dx_ctx *ctx, const dx_json *json, dx_corrections *out)
{
    char pointer[POINTER_TEXT];
    const char *schema = dx_json_get_string(json, "schema");
    const dx_json *list = dx_json_get(json, "memories");
    if (dx_json_kind_of(json) != DX_JSON_OBJECT)
        return dx_fail(ctx, DOXIN_E_JSON, "corrections are a JSON object");
    if (!schema || strcmp(schema, "doxin.corrections/1") != 0)
        return wrong(ctx, "", "schema", "must be \"doxin.corrections/1\"");
    if (list && dx_json_kind_of(list) != DX_JSON_ARRAY)
        return wrong(ctx, "", "memories", "must be an array");
    if (dx_json_count(list) > DX_CORRECTIONS_MOST)
        return dx_fail(ctx, DOXIN_E_LIMIT, "corrections hold at most 10000 memories");
    for (size_t i = 0; i < dx_json_count(list); i++) {
        dx_memory memory;
        snprintf(pointer, sizeof pointer, "/memories/%zu", i);
        doxin_status status = (i & 255) == 0 ? dx_check(ctx) : DOXIN_OK;
        if (status == DOXIN_OK)
            status = read_memory(ctx, dx_json_at(list, i), pointer, &memory);
        if (status == DOXIN_OK)
            status = dx_corrections_put(ctx, out, &memory);
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

/* ---- writing ------------------------------------------------------------------------------------------------------- */

static void write_place(const dx_place *place, dx_writer *writer)
{
    dx_write_object(writer, NULL);
    dx_write_string(writer, "field", dx_header_path(place->field));
    if (place->value) {
        dx_write_string(writer, "value", place->value);
    } else {
        dx_write_filled(writer, "left", place->left);
        dx_write_filled(writer, "above", place->above);
        dx_write_filled(writer, "shape", place->shape);
        dx_write_integer(writer, "words", place->words);
        dx_write_string(writer, "page", place->last_page ? "last" : "first");
        dx_write_integer(writer, "x0", place->x0);
        dx_write_integer(writer, "x1", place->x1);
        dx_write_integer(writer, "y", place->y);
    }
    dx_write_integer(writer, "confirmed", place->confirmed);
    dx_write_integer(writer, "contradicted", place->contradicted);
    dx_write_object_end(writer);
}

void dx_memory_write(const dx_memory *memory, const char *member, dx_writer *writer)
{
    dx_write_object(writer, member);
    dx_write_string(writer, "key", memory->key);
    dx_write_object(writer, "vendor");
    dx_write_filled(writer, "name", memory->name);
    dx_write_filled(writer, "tax_id", memory->tax_id);
    dx_write_filled(writer, "read_name", memory->read_name);
    dx_write_object_end(writer);
    if (memory->shared)
        dx_write_bool(writer, "shared", true);
    dx_write_array(writer, "places");
    for (size_t i = 0; i < memory->place_count; i++)
        write_place(&memory->places[i], writer);
    dx_write_array_end(writer);
    dx_write_object_end(writer);
}

void dx_corrections_write_member(const dx_corrections *corrections, const char *member, dx_writer *writer)
{
    dx_write_object(writer, member);
    dx_write_string(writer, "schema", "doxin.corrections/1");
    dx_write_array(writer, "memories");
    for (size_t i = 0; i < corrections->count; i++)
        dx_memory_write(&corrections->items[i], NULL, writer);
    dx_write_array_end(writer);
    dx_write_object_end(writer);
}

void dx_corrections_write(const dx_corrections *corrections, dx_writer *writer)
{
    dx_corrections_write_member(corrections, NULL, writer);
}
