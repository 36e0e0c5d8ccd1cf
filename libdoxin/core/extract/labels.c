/* Labels: the terms of the lexicon on the page. */
#include "core/extract/reading.h"

#include <string.h>

enum { TERMS_AT_ONE_PLACE = 48 };

static bool is_label_group(dx_concept concept)
{
    dx_concept_group group = dx_concept_group_of(concept);
    return group >= DX_GROUP_FIELD && group <= DX_GROUP_COLUMN;
}

/* "Order no. customer:": further words up to a colon that closes the segment belong to the label. */
static bool only_words_to_colon(const char *text, size_t from)
{
    size_t length = strlen(text);
    return length > from && text[length - 1] == ':' && !strpbrk(text + from, "0123456789") && length - from < 32 &&
           strchr(text + from, ':') == text + length - 1;
}

/* The sign of "n.º". */
static bool is_ordinal_sign(const char *text)
{
    return strncmp(text, "\xC2\xBA", 2) == 0 || strncmp(text, "\xC2\xB0", 2) == 0;
}

static bool is_punctuation(const char *text, size_t from)
{
    for (size_t i = from; text[i]; i++) {
        if (is_ordinal_sign(text + i))
            i++;
        else if (!strchr(" :.;,#-=*|)(/_", text[i]))
            return false;
    }
    return true;
}

static bool colon_follows(const char *text, size_t from)
{
    while (text[from] == ' ' || text[from] == '.' || text[from] == ')' || is_ordinal_sign(text + from))
        from += is_ordinal_sign(text + from) ? 2 : 1;
    return text[from] == ':' || text[from] == '=' || strncmp(text + from, "\xEF\xBC\x9A", 3) == 0;
}

/* "INV-3773" is one identifier, not a label with its value; "TEL-03" is a label. */
static bool goes_on_as_identifier(const char *text, size_t end, const dx_term *terms, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (terms[i].concept == DX_TERM_PHONE || terms[i].concept == DX_TERM_FAX)
            return false;
    return (text[end] == '-' || text[end] == '/' || text[end] == '_') && text[end + 1] >= '0' && text[end + 1] <= '9';
}

/* Keeps the label terms that are as long as the longest one. */
static size_t keep_longest(dx_term *terms, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count && kept < DX_LABEL_TERMS; i++)
        if (is_label_group(terms[i].concept) && (kept == 0 || terms[i].end == terms[0].end))
            terms[kept++] = terms[i];
    return kept;
}

static doxin_status add_label(dx_ctx *ctx, dx_reading *reading, uint32_t index, const dx_term *terms, size_t count)
{
    dx_label *label =
        dx_push(ctx, (void **)&reading->labels, &reading->label_count, &reading->label_capacity, sizeof *label);
    if (!label)
        return DOXIN_E_NOMEM;
    const dx_tokens *tokens = &reading->segments[index].tokens;
    const char *text = reading->layout->segments[index].text;
    label->segment = index;
    label->begin = tokens->items[terms[0].begin].begin;
    label->end = tokens->items[terms[0].end - 1].end;
    label->first_word = dx_reading_word_at(reading, index, label->begin);
    label->word_count = dx_reading_word_at(reading, index, label->end - 1) - label->first_word + 1;
    label->box = dx_reading_box(reading, label->first_word, label->word_count);
    memcpy(label->terms, terms, count * sizeof *terms);
    label->term_count = count;
    label->starts = terms[0].begin == 0;
    bool words = label->starts && only_words_to_colon(text, label->end);
    label->ends = words || is_punctuation(text, label->end);
    label->colon = words || colon_follows(text, label->end);
    return DOXIN_OK;
}

static bool only_punctuation(const char *text, uint32_t begin, uint32_t end)
{
    for (uint32_t i = begin; i < end; i++)
        if (!strchr(" :.;,|/", text[i]))
            return false;
    return true;
}

/* The heads of several narrow columns may run into each other: "Customer no.:Order no.: Due date". Where a segment is
 * nothing but labels, each of them stands alone. */
static void part_heads(dx_reading *reading, uint32_t index)
{
    const dx_segment_reading *segment = &reading->segments[index];
    const char *text = reading->layout->segments[index].text;
    dx_label *labels = reading->labels + segment->first_label;
    if (strpbrk(text, "0123456789") || !labels[0].starts || !labels[segment->label_count - 1].ends)
        return;
    for (uint32_t i = 0; i < segment->label_count; i++) {
        bool last = i + 1 == segment->label_count;
        if (!dx_label_in_group(&labels[i], DX_GROUP_FIELD) || labels[i].end - labels[i].begin < 4 ||
            (!last && !only_punctuation(text, labels[i].end, labels[i + 1].begin)))
            return;
    }
    for (uint32_t i = 0; i < segment->label_count; i++)
        labels[i].starts = labels[i].ends = true;
}

static doxin_status label_segment(dx_ctx *ctx, dx_reading *reading, uint32_t index)
{
    dx_segment_reading *segment = &reading->segments[index];
    segment->first_label = (uint32_t)reading->label_count;
    for (size_t token = 0; token < segment->tokens.count;) {
        dx_term terms[TERMS_AT_ONE_PLACE];
        size_t count = dx_lexicon_at(&segment->tokens, token, terms, TERMS_AT_ONE_PLACE);
        count = keep_longest(terms, count);
        if (count == 0 || goes_on_as_identifier(reading->layout->segments[index].text,
                                                segment->tokens.items[terms[0].end - 1].end, terms, count)) {
            token++;
            continue;
        }
        doxin_status status = add_label(ctx, reading, index, terms, count);
        if (status != DOXIN_OK)
            return status;
        /* A column's head inside a line ("% VAT" in "19 % VAT") must not hide the label in it. */
        bool column = true;
        for (size_t i = 0; i < count; i++)
            column &= dx_concept_group_of(terms[i].concept) == DX_GROUP_COLUMN;
        token = column ? token + 1 : terms[0].end;
    }
    segment->label_count = (uint32_t)reading->label_count - segment->first_label;
    if (segment->label_count > 1)
        part_heads(reading, index);
    return DOXIN_OK;
}

doxin_status dx_reading_labels(dx_ctx *ctx, dx_reading *reading)
{
    for (uint32_t i = 0; i < reading->layout->segment_count; i++) {
        doxin_status status = label_segment(ctx, reading, i);
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}
