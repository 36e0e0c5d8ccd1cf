/* What is known of a document's vendor: asked for by its keys, and used as evidence. */
#include "core/extract/learned.h"

#include "base/text/utf8.h"

#include <stdlib.h>
#include <string.h>

/* ---- the letterhead ---------------------------------------------------------------------------------------------------- */

enum { TOP_SHARE = 12, LETTERS_LEAST = 3, PRINT_LEAST = 3, PRINT_MOST = 40 };

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* FNV-1a: equal tops give equal numbers, and it need not withstand anybody. */
static uint64_t hash_words(const char *const *words, size_t count)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && strcmp(words[i], words[i - 1]) == 0)
            continue;
        for (const char *p = words[i]; *p; p++)
            hash = (hash ^ (unsigned char)*p) * 1099511628211u;
        hash = (hash ^ ' ') * 1099511628211u;
    }
    return hash;
}

static doxin_status top_words(dx_ctx *ctx, const dx_reading *reading, const char **words, size_t *count)
{
    const dx_layout *layout = reading->layout;
    const dx_layout_page *page = &layout->pages[0];
    for (uint32_t s = page->first_segment; s < page->first_segment + page->segment_count; s++) {
        const dx_segment *segment = &layout->segments[s];
        if (segment->box.y1 > page->source->height / 100 * TOP_SHARE || reading->segments[s].label_count > 0)
            continue;
        for (uint32_t i = segment->first_word; i < segment->first_word + segment->word_count && *count < PRINT_MOST;
             i++) {
            char *word = dx_fold_alnum(ctx, layout->words[i].text, (size_t)layout->words[i].size);
            if (!word)
                return DOXIN_E_NOMEM;
            if (strlen(word) >= LETTERS_LEAST && !strpbrk(word, "0123456789"))
                words[(*count)++] = word;
        }
    }
    return DOXIN_OK;
}

doxin_status dx_letterhead_print(dx_ctx *ctx, const dx_reading *reading, const char **out)
{
    const char *words[PRINT_MOST];
    size_t count = 0;
    *out = NULL;
    if (reading->layout->page_count == 0)
        return DOXIN_OK;
    doxin_status status = top_words(ctx, reading, words, &count);
    if (status != DOXIN_OK || count < PRINT_LEAST)
        return status;
    qsort(words, count, sizeof *words, by_text);
    *out = dx_textf(ctx, "%016llx", (unsigned long long)hash_words(words, count));
    return *out ? DOXIN_OK : DOXIN_E_NOMEM;
}

/* ---- weight ---------------------------------------------------------------------------------------------------------- */

/* A strong label with its value behind it has about 500. */
int dx_hint_score(const dx_hint *hint)
{
    int fit = hint->fit < 700 ? hint->fit : 700;
    return 420 + fit / 3 + dx_place_weight(hint->place);
}

/* ---- asking -------------------------------------------------------------------------------------------------------------- */

static doxin_status find_places(dx_ctx *ctx, const dx_reading *reading, dx_hints *out)
{
    for (size_t i = 0; i < out->memory->place_count; i++) {
        dx_hint hint;
        bool found = false;
        const dx_place *place = &out->memory->places[i];
        if (place->value)
            continue;
        doxin_status status = dx_place_find(ctx, reading, place, &hint, &found);
        if (status != DOXIN_OK)
            return status;
        dx_hint *at = found ? dx_push(ctx, (void **)&out->items, &out->count, &out->capacity, sizeof *at) : NULL;
        if (found && !at)
            return DOXIN_E_NOMEM;
        if (at)
            *at = hint;
    }
    return DOXIN_OK;
}

doxin_status dx_hints_look_up(dx_ctx *ctx, const dx_reading *reading, const dx_invoice *invoice, dx_hints *out)
{
    const dx_extract_options *options = reading->options;
    const dx_correction_source *source = options ? options->corrections : NULL;
    const char *letterhead = NULL;
    dx_vendor_keys keys = {0};
    dx_corrections known = {0};
    *out = (dx_hints){0};
    if (!source)
        return DOXIN_OK;
    doxin_status status = dx_letterhead_print(ctx, reading, &letterhead);
    if (status == DOXIN_OK)
        status = dx_vendor_keys_of(ctx, invoice, options->own_names, letterhead, &keys);
    if (status == DOXIN_OK && keys.count > 0)
        status = source->look_up(source->data, ctx, &keys, &known);
    for (size_t i = 0; status == DOXIN_OK && i < keys.count && !out->memory; i++) {
        const dx_memory *memory = dx_corrections_find(&known, keys.items[i]);
        bool fits = false;
        if (memory)
            status = dx_memory_fits(ctx, memory, invoice, &fits);
        if (fits)
            out->memory = memory;
    }
    return status == DOXIN_OK && out->memory ? find_places(ctx, reading, out) : status;
}

/* ---- what never changes ------------------------------------------------------------------------------------------------------ */

/* A currency that is printed as a code says more than what another document bore. */
static bool printed_as_code(const dx_reading *reading, const dx_field *currency)
{
    for (size_t i = 0; currency->present && i < reading->layout->word_count; i++)
        if (strcmp(reading->layout->words[i].text, currency->text) == 0)
            return true;
    return false;
}

static doxin_status set_constant(dx_ctx *ctx, const dx_reading *reading, const dx_place *place, dx_field *field)
{
    uint32_t first = 0, count = 0;
    bool same = field->present && strcmp(field->text, place->value) == 0;
    if (same || (place->field == DX_HEADER_CURRENCY && printed_as_code(reading, field)))
        return DOXIN_OK;
    dx_rival *rival = field->present ? dx_new(ctx, sizeof *rival) : NULL;
    if (field->present && !rival)
        return DOXIN_E_NOMEM;
    if (rival)
        *rival = (dx_rival){field->text, field->evidence, "a correction for this vendor says something else"};
    doxin_status status = dx_words_find(ctx, reading, place->value, &first, &count);
    if (status != DOXIN_OK)
        return status;
    dx_field_clear(field);
    int confidence = dx_confidence_from(250 + dx_place_weight(place));
    status = dx_set_text(ctx, reading, field, place->value, first, count, confidence,
                         "a correction for this vendor says so");
    /* It stands nowhere on the page: what is known is that a person said so, of another document. */
    if (count == 0)
        field->evidence.origin = DX_ORIGIN_HUMAN;
    field->evidence.learned = true;
    field->rivals = rival;
    field->rival_count = rival ? 1 : 0;
    return status;
}

doxin_status dx_hints_constants(dx_ctx *ctx, const dx_reading *reading, const dx_hints *hints, dx_invoice *invoice)
{
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; hints->memory && i < hints->memory->place_count && status == DOXIN_OK; i++) {
        const dx_place *place = &hints->memory->places[i];
        if (place->value && dx_field_is_constant(place->field))
            status = set_constant(ctx, reading, place, &invoice->header[place->field]);
    }
    return status;
}
