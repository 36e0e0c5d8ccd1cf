/* Learning from a corrected invoice: what was read wrongly is looked for on the page, what is known is confirmed or
 * contradicted. */
#include "base/text/utf8.h"
#include "core/extract/learned.h"

#include <string.h>

static doxin_status same_value(dx_ctx *ctx, dx_header_id id, const dx_field *a, const dx_field *b, bool *out)
{
    dx_value_kind kind = dx_header_kind(id);
    *out = a->present == b->present;
    if (!a->present || !b->present)
        return DOXIN_OK;
    if (kind == DX_VALUE_DATE) {
        *out = dx_date_compare(a->date, b->date) == 0;
    } else if (kind != DX_VALUE_TEXT) {
        *out = dx_decimal_equal(a->number, b->number);
    } else {
        const char *x = dx_fold_alnum(ctx, a->text, strlen(a->text)), *y = dx_fold_alnum(ctx, b->text, strlen(b->text));
        if (!x || !y)
            return DOXIN_E_NOMEM;
        *out = strcmp(x, y) == 0;
    }
    return DOXIN_OK;
}

/* Each place that says something of this document was right or wrong. */
static doxin_status judge(dx_ctx *ctx, const dx_reading *reading, const dx_invoice *corrected, dx_memory *memory)
{
    for (size_t i = 0; i < memory->place_count; i++) {
        dx_place *place = &memory->places[i];
        const dx_field *field = &corrected->header[place->field];
        dx_hint hint;
        bool says = place->value != NULL, right = place->value && field->present && !strcmp(place->value, field->text);
        doxin_status status = DOXIN_OK;
        if (!place->value)
            status = dx_place_find(ctx, reading, place, &hint, &says);
        if (status == DOXIN_OK && says && !place->value)
            status = dx_hint_is(ctx, reading, &hint, field, &right);
        if (status != DOXIN_OK)
            return status;
        place->confirmed += says && right && place->confirmed < 1000;
        place->contradicted += says && !right && place->contradicted < 1000;
    }
    dx_memory_prune(memory);
    return DOXIN_OK;
}

static doxin_status teach_field(dx_ctx *ctx, const dx_reading *reading, dx_header_id id, const dx_field *corrected,
                                dx_memory *memory)
{
    dx_place place;
    bool found = false;
    if (dx_learnable_of(id) == DX_LEARN_CONSTANT) {
        place = (dx_place){.field = id, .value = corrected->text, .left = "", .above = "", .shape = "", .confirmed = 1};
        /* What a reader of corrections would refuse for its length is not worth keeping. */
        found = strlen(corrected->text) <= 400;
    } else {
        doxin_status status = dx_place_of(ctx, reading, id, corrected, &place, &found);
        if (status != DOXIN_OK)
            return status;
    }
    return found ? dx_memory_add(ctx, memory, &place) : DOXIN_OK;
}

static doxin_status known_already(dx_ctx *ctx, const dx_reading *reading, dx_header_id id, const dx_field *corrected,
                                  const dx_memory *memory, bool *out)
{
    *out = false;
    for (size_t i = 0; i < memory->place_count && !*out; i++) {
        const dx_place *place = &memory->places[i];
        dx_hint hint;
        bool says = false;
        if (place->field != id)
            continue;
        if (place->value) {
            *out = strcmp(place->value, corrected->text) == 0;
            continue;
        }
        doxin_status status = dx_place_find(ctx, reading, place, &hint, &says);
        if (status == DOXIN_OK && says)
            status = dx_hint_is(ctx, reading, &hint, corrected, out);
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

/* What was read wrongly and is not known yet becomes a place. */
static doxin_status teach(dx_ctx *ctx, const dx_reading *reading, const dx_invoice *read, const dx_invoice *corrected,
                          dx_memory *memory)
{
    for (int i = 0; i < DX_HEADER_COUNT; i++) {
        dx_header_id id = (dx_header_id)i;
        bool skip = false;
        if (!corrected->header[id].present || dx_learnable_of(id) == DX_LEARN_NOT)
            continue;
        doxin_status status = same_value(ctx, id, &read->header[id], &corrected->header[id], &skip);
        if (status == DOXIN_OK && !skip)
            status = known_already(ctx, reading, id, &corrected->header[id], memory, &skip);
        if (status == DOXIN_OK && !skip)
            status = teach_field(ctx, reading, id, &corrected->header[id], memory);
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

static const char *value_of(const dx_invoice *invoice, dx_header_id id)
{
    const dx_field *field = &invoice->header[id];
    return field->present && strlen(field->text) <= 400 ? field->text : NULL;
}

static doxin_status learn_key(dx_ctx *ctx, const dx_reading *reading, const dx_invoice *read,
                              const dx_invoice *corrected, const char *key, const dx_memory *known, dx_corrections *out)
{
    dx_memory memory = {.key = key};
    bool conflict = false;
    doxin_status status = DOXIN_OK;
    if (known && known->shared)
        return DOXIN_OK;
    if (known) {
        status = dx_memory_copy(ctx, known, &memory);
        if (status == DOXIN_OK)
            status = dx_memory_conflicts(ctx, known, corrected, &conflict);
    }
    if (status != DOXIN_OK)
        return status;
    if (conflict) {
        memory.shared = true;
        memory.places = NULL;
        memory.place_count = memory.place_capacity = 0;
        return dx_corrections_put(ctx, out, &memory);
    }
    status = judge(ctx, reading, corrected, &memory);
    if (status == DOXIN_OK)
        status = teach(ctx, reading, read, corrected, &memory);
    if (status != DOXIN_OK || (memory.place_count == 0 && !known))
        return status;
    memory.name = value_of(corrected, DX_HEADER_VENDOR_NAME);
    memory.tax_id = value_of(corrected, DX_HEADER_VENDOR_TAX_ID);
    memory.read_name = value_of(read, DX_HEADER_VENDOR_NAME);
    return dx_corrections_put(ctx, out, &memory);
}

static doxin_status look_up(dx_ctx *ctx, const dx_extract_options *options, const dx_vendor_keys *keys,
                            dx_corrections *out)
{
    const dx_correction_source *source = options ? options->corrections : NULL;
    return source ? source->look_up(source->data, ctx, keys, out) : DOXIN_OK;
}

doxin_status dx_extract_learn(dx_ctx *ctx, const dx_pages *pages, const dx_extract_options *options,
                              const dx_invoice *corrected, dx_corrections *out)
{
    dx_reading *reading = NULL;
    dx_items items = {0};
    dx_invoice *read = NULL;
    const char *letterhead = NULL;
    dx_vendor_keys keys = {0};
    dx_corrections known = {0};
    *out = (dx_corrections){0};
    doxin_status status = dx_extract_read(ctx, pages, options, &reading, &items);
    if (status == DOXIN_OK)
        status = dx_extract_stages(ctx, reading, &items, &read);
    if (status == DOXIN_OK)
        status = dx_letterhead_print(ctx, reading, &letterhead);
    if (status == DOXIN_OK)
        status = dx_vendor_keys_of(ctx, corrected, options ? options->own_names : NULL, NULL, &keys);
    /* A letterhead teaches nothing where it is not known whose it is. */
    if (status == DOXIN_OK && keys.count > 0)
        status = dx_vendor_keys_of(ctx, corrected, options ? options->own_names : NULL, letterhead, &keys);
    if (status == DOXIN_OK && keys.count > 0)
        status = look_up(ctx, options, &keys, &known);
    for (size_t i = 0; status == DOXIN_OK && i < keys.count; i++)
        status =
            learn_key(ctx, reading, read, corrected, keys.items[i], dx_corrections_find(&known, keys.items[i]), out);
    return status;
}
