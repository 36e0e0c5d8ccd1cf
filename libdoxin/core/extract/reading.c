/* Puts a document's tokens, labels and typed values together, and answers where they stand from each other. */
#include "core/extract/reading.h"

#include <math.h>
#include <string.h>

static doxin_status read_segment(dx_ctx *ctx, dx_reading *reading, uint32_t index)
{
    const dx_layout *layout = reading->layout;
    const dx_segment *segment = &layout->segments[index];
    dx_segment_reading *out = &reading->segments[index];
    out->offsets = dx_array(ctx, segment->word_count + 1, sizeof *out->offsets);
    if (!out->offsets)
        return DOXIN_E_NOMEM;
    uint32_t at = 0;
    for (uint32_t i = 0; i < segment->word_count; i++) {
        const dx_layout_word *word = &layout->words[segment->first_word + i];
        if (i > 0 && !word->glued)
            at++;
        out->offsets[i] = at;
        at += (uint32_t)word->size;
    }
    out->offsets[segment->word_count] = at;
    return dx_lexicon_tokens(ctx, segment->text, strlen(segment->text), reading->hypotheses.ocr, &out->tokens);
}

doxin_status dx_reading_make(dx_ctx *ctx, const dx_layout *layout, const dx_extract_options *options, dx_reading **out)
{
    dx_reading *reading = dx_new(ctx, sizeof *reading);
    if (!reading)
        return DOXIN_E_NOMEM;
    reading->layout = layout;
    reading->options = options;
    reading->hypotheses.ocr = (layout->source->flags & DX_WIRE_USED_OCR) != 0;
    reading->segments = dx_array(ctx, layout->segment_count + 1, sizeof *reading->segments);
    reading->languages = dx_array(ctx, dx_lexicon_language_count() + 1, sizeof *reading->languages);
    if (!reading->segments || !reading->languages)
        return DOXIN_E_NOMEM;
    for (uint32_t i = 0; i < layout->segment_count; i++) {
        doxin_status status = (i & 255) == 0 ? dx_check(ctx) : DOXIN_OK;
        if (status == DOXIN_OK)
            status = read_segment(ctx, reading, i);
        if (status != DOXIN_OK)
            return status;
    }
    doxin_status status = dx_reading_labels(ctx, reading);
    if (status == DOXIN_OK)
        status = dx_reading_hypotheses(ctx, reading);
    if (status == DOXIN_OK)
        status = dx_reading_marks(ctx, reading);
    *out = reading;
    return status;
}

uint32_t dx_reading_word_at(const dx_reading *reading, uint32_t segment, uint32_t byte)
{
    const dx_segment *source = &reading->layout->segments[segment];
    const uint32_t *offsets = reading->segments[segment].offsets;
    uint32_t low = 0, high = source->word_count;
    while (low + 1 < high) {
        uint32_t middle = low + (high - low) / 2;
        if (offsets[middle] <= byte)
            low = middle;
        else
            high = middle;
    }
    return source->first_word + low;
}

dx_box dx_reading_box(const dx_reading *reading, uint32_t first_word, uint32_t count)
{
    dx_box box = reading->layout->words[first_word].box;
    for (uint32_t i = 1; i < count; i++)
        box = dx_box_join(box, reading->layout->words[first_word + i].box);
    return box;
}

const dx_term *dx_label_term(const dx_label *label, dx_concept concept)
{
    for (size_t i = 0; i < label->term_count; i++)
        if (label->terms[i].concept == concept)
            return &label->terms[i];
    return NULL;
}

bool dx_label_in_group(const dx_label *label, dx_concept_group group)
{
    for (size_t i = 0; i < label->term_count; i++)
        if (dx_concept_group_of(label->terms[i].concept) == group)
            return true;
    return false;
}

uint32_t dx_reading_right_of(const dx_reading *reading, const dx_label *label)
{
    return reading->layout->segments[label->segment].right;
}

size_t dx_reading_below(const dx_reading *reading, const dx_label *label, uint32_t *out, size_t max)
{
    const dx_layout *layout = reading->layout;
    const dx_segment *from = &layout->segments[label->segment];
    const dx_layout_page *page = &layout->pages[from->page];
    int32_t height = label->box.y1 - label->box.y0;
    if (height < 400)
        height = 400;
    size_t count = 0;
    int32_t last = label->box.y1;
    for (uint32_t i = label->segment + 1; i < page->first_segment + page->segment_count && count < max; i++) {
        const dx_segment *segment = &layout->segments[i];
        if (segment->line == from->line || segment->box.y0 < label->box.y0 + height / 2)
            continue;
        if (segment->box.y0 - last > 4 * height)
            break;
        if (dx_overlap(segment->box.x0, segment->box.x1, label->box.x0, label->box.x1) <= 0)
            continue;
        out[count++] = i;
        last = segment->box.y1;
    }
    return count;
}

void dx_reading_set_items(dx_reading *reading, const dx_items *items)
{
    const dx_layout *layout = reading->layout;
    for (size_t i = 0; i < layout->segment_count; i++) {
        const dx_segment *segment = &layout->segments[i];
        int32_t middle = segment->box.y0 + (segment->box.y1 - segment->box.y0) / 2;
        for (size_t k = 0; k < items->region_count; k++) {
            const dx_item_region *region = &items->regions[k];
            if (region->page == segment->page && middle >= region->box.y0 && middle <= region->box.y1 &&
                dx_overlap(segment->box.x0, segment->box.x1, region->box.x0, region->box.x1) > 0)
                reading->segments[i].in_items = true;
        }
    }
    for (size_t i = 0; i < reading->mark_count; i++)
        reading->marks[i].in_items = reading->segments[reading->marks[i].segment].in_items;
}

doxin_status dx_set_text(dx_ctx *ctx, const dx_reading *reading, dx_field *field, const char *text, uint32_t first,
                         uint32_t count, int confidence, const char *note)
{
    doxin_status status = dx_field_text(ctx, field, text);
    if (status == DOXIN_OK)
        status = dx_evidence_words(ctx, reading->layout, first, count, &field->evidence);
    int words = field->evidence.confidence > 0 ? field->evidence.confidence : 1000;
    field->evidence.confidence = (int)((int64_t)confidence * words / 1000);
    field->note = note;
    return status;
}

int dx_confidence_from(int score)
{
    double odds = exp((double)score / 100.0);
    return (int)(1000.0 * odds / (1.0 + odds));
}
