/* Memories: finding, joining, strengthening, forgetting. */
#include "core/learn/learn.h"

#include <string.h>

enum { COUNT_MOST = 1000, CONFIRMED_MOST = 5 };

const dx_memory *dx_corrections_find(const dx_corrections *corrections, const char *key)
{
    for (size_t i = 0; i < corrections->count; i++)
        if (strcmp(corrections->items[i].key, key) == 0)
            return &corrections->items[i];
    return NULL;
}

doxin_status dx_corrections_put(dx_ctx *ctx, dx_corrections *corrections, const dx_memory *memory)
{
    for (size_t i = 0; i < corrections->count; i++) {
        if (strcmp(corrections->items[i].key, memory->key) == 0) {
            corrections->items[i] = *memory;
            return DOXIN_OK;
        }
    }
    dx_memory *at = dx_push(ctx, (void **)&corrections->items, &corrections->count, &corrections->capacity, sizeof *at);
    if (!at)
        return DOXIN_E_NOMEM;
    *at = *memory;
    return DOXIN_OK;
}

doxin_status dx_memory_copy(dx_ctx *ctx, const dx_memory *memory, dx_memory *out)
{
    *out = *memory;
    out->places = NULL;
    out->place_count = out->place_capacity = 0;
    for (size_t i = 0; i < memory->place_count; i++) {
        dx_place *place = dx_push(ctx, (void **)&out->places, &out->place_count, &out->place_capacity, sizeof *place);
        if (!place)
            return DOXIN_E_NOMEM;
        *place = memory->places[i];
    }
    return DOXIN_OK;
}

static void take_out(dx_memory *memory, size_t index)
{
    memory->place_count--;
    memmove(&memory->places[index], &memory->places[index + 1], (memory->place_count - index) * sizeof(dx_place));
}

void dx_memory_prune(dx_memory *memory)
{
    for (size_t i = memory->place_count; i-- > 0;)
        if (memory->places[i].contradicted > memory->places[i].confirmed)
            take_out(memory, i);
}

int dx_place_weight(const dx_place *place)
{
    int confirmed = place->confirmed < CONFIRMED_MOST ? place->confirmed : CONFIRMED_MOST;
    int contradicted = place->contradicted < CONFIRMED_MOST ? place->contradicted : CONFIRMED_MOST;
    return 40 * confirmed - 120 * contradicted;
}

static bool same_place(const dx_place *a, const dx_place *b)
{
    if (a->field != b->field || !a->value != !b->value)
        return false;
    if (a->value)
        return strcmp(a->value, b->value) == 0;
    bool labels = strcmp(a->left, b->left) == 0 && strcmp(a->above, b->above) == 0;
    return labels && strcmp(a->shape, b->shape) == 0 && a->words == b->words && a->last_page == b->last_page;
}

/* The weakest place, of one field or (DX_HEADER_COUNT) of any; the older of two alike. */
static size_t weakest(const dx_memory *memory, dx_header_id field)
{
    size_t found = memory->place_count;
    for (size_t i = 0; i < memory->place_count; i++) {
        if (field != DX_HEADER_COUNT && memory->places[i].field != field)
            continue;
        if (found == memory->place_count ||
            dx_place_weight(&memory->places[i]) < dx_place_weight(&memory->places[found]))
            found = i;
    }
    return found;
}

/* A constant field has one value: the one that a user gave last. */
static void make_room(dx_memory *memory, const dx_place *place)
{
    size_t of_field = 0, most = place->value ? 1 : DX_FIELD_PLACES;
    for (size_t i = 0; i < memory->place_count; i++)
        of_field += memory->places[i].field == place->field;
    if (of_field >= most)
        take_out(memory, weakest(memory, place->field));
    else if (memory->place_count >= DX_MEMORY_PLACES)
        take_out(memory, weakest(memory, DX_HEADER_COUNT));
}

doxin_status dx_memory_add(dx_ctx *ctx, dx_memory *memory, const dx_place *place)
{
    for (size_t i = 0; i < memory->place_count; i++) {
        dx_place *old = &memory->places[i];
        if (!same_place(old, place))
            continue;
        int confirmed = old->confirmed < COUNT_MOST ? old->confirmed + 1 : COUNT_MOST;
        int contradicted = old->contradicted;
        *old = *place;
        old->confirmed = confirmed;
        old->contradicted = contradicted;
        return DOXIN_OK;
    }
    make_room(memory, place);
    dx_place *at = dx_push(ctx, (void **)&memory->places, &memory->place_count, &memory->place_capacity, sizeof *at);
    if (!at)
        return DOXIN_E_NOMEM;
    *at = *place;
    return DOXIN_OK;
}

bool dx_field_is_constant(dx_header_id field)
{
    return field == DX_HEADER_CURRENCY || strncmp(dx_header_path(field), "vendor.", 7) == 0;
}
