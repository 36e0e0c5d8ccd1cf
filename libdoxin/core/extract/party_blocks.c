/* Blocks that may be a party: grown upwards from lines with a postal code, and downwards from heads such as "bill to". */
#include "core/extract/parties.h"

#include <stdlib.h>
#include <string.h>

bool dx_has_term(dx_ctx *ctx, const char *text, dx_concept concept)
{
    dx_tokens tokens = {0};
    dx_term term;
    if (dx_lexicon_tokens(ctx, text, strlen(text), false, &tokens) != DOXIN_OK)
        return false;
    for (size_t i = 0; i < tokens.count; i++)
        if (tokens.items[i].word >= 0 && dx_lexicon_find(&tokens, i, concept, &term))
            return true;
    return false;
}

/* A company form stands behind the name it belongs to. */
bool dx_has_company_form(dx_ctx *ctx, const char *text)
{
    dx_tokens tokens = {0};
    dx_term term;
    if (dx_lexicon_tokens(ctx, text, strlen(text), false, &tokens) != DOXIN_OK)
        return false;
    for (size_t i = 1; i < tokens.count; i++)
        if (tokens.items[i].word >= 0 && dx_lexicon_find(&tokens, i, DX_TERM_COMPANY, &term))
            return true;
    return false;
}

static const dx_label *first_label(const dx_reading *reading, uint32_t segment)
{
    const dx_segment_reading *own = &reading->segments[segment];
    return own->label_count > 0 ? &reading->labels[own->first_label] : NULL;
}

/* A head of a party: a label that is its segment, or begins it before a colon. */
static const dx_label *party_head(const dx_reading *reading, uint32_t segment)
{
    const dx_label *label = first_label(reading, segment);
    bool head = label && label->starts && (label->ends || label->colon) && dx_label_in_group(label, DX_GROUP_PARTY);
    return head ? label : NULL;
}

static dx_concept party_concept(const dx_label *label)
{
    for (size_t i = 0; i < label->term_count; i++)
        if (dx_concept_group_of(label->terms[i].concept) == DX_GROUP_PARTY)
    return label->terms[i].concept;
    return DX_TERM_NONE;
}

/* A line that is no part of a name or address: a labelled field, an amount, a document's title. */
static bool is_foreign(const dx_reading *reading, uint32_t segment)
{
    const dx_label *label = first_label(reading, segment);
    if (label && label->starts) {
        bool field = dx_label_in_group(label, DX_GROUP_FIELD) || dx_label_in_group(label, DX_GROUP_AMOUNT);
        if (field && (label->colon || label->ends))
            return true;
        if (dx_label_in_group(label, DX_GROUP_KIND) && label->ends)
            return true;
        if ((dx_label_term(label, DX_TERM_PHONE) || dx_label_term(label, DX_TERM_FAX) ||
             dx_label_term(label, DX_TERM_VAT_ID) || dx_label_term(label, DX_TERM_REGISTRATION) ||
             dx_label_term(label, DX_TERM_GLN) || dx_label_term(label, DX_TERM_EMAIL) ||
             dx_label_term(label, DX_TERM_IBAN) || dx_label_term(label, DX_TERM_TAX_NUMBER)) &&
            label->terms[0].strength >= DX_TERM_NORMAL && label->end - label->begin > 1)
            return true;
    }
    const dx_segment_reading *own = &reading->segments[segment];
    for (uint32_t i = own->first_mark; i < own->first_mark + own->mark_count; i++) {
        const dx_mark *mark = &reading->marks[i];
        if (mark->kind == DX_MARK_DATE || mark->kind == DX_MARK_PERCENT ||
            (mark->kind == DX_MARK_AMOUNT && mark->money))
            return true;
    }
    const char *text = reading->layout->segments[segment].text;
    return strchr(text, '@') != NULL || strstr(text, "www.") != NULL || strstr(text, "http") != NULL;
}

static bool aligned(const dx_segment *a, const dx_segment *b)
{
    int32_t slack = a->font_size > b->font_size ? a->font_size : b->font_size;
    return abs(a->box.x0 - b->box.x0) <= slack || abs(a->box.x1 - b->box.x1) <= slack ||
           abs((a->box.x0 + a->box.x1) - (b->box.x0 + b->box.x1)) <= 2 * slack;
}

static int32_t line_gap(const dx_segment *above, const dx_segment *below)
{
    return below->box.y0 - above->box.y1;
}

static void find_postal(dx_party *party)
{
    party->postal = -1;
    for (size_t i = party->count; i-- > 0;) {
        if (dx_postal_find(party->lines[i].text, strlen(party->lines[i].text), &party->place)) {
            party->postal = (int)i;
            return;
        }
    }
}

/* The line with a company form is the name; else the first that is not a form of address. */
static void find_name(dx_ctx *ctx, dx_party *party)
{
    size_t end = party->postal >= 0 ? (size_t)party->postal : party->count;
    party->name_line = 0;
    for (size_t i = 0; i < end; i++) {
        if (dx_has_company_form(ctx, party->lines[i].text)) {
            party->name_line = (uint32_t)i;
            party->has_company = true;
            return;
        }
    }
    for (size_t i = 0; i < end; i++) {
        dx_tokens tokens = {0};
        dx_term term;
        if (dx_lexicon_tokens(ctx, party->lines[i].text, strlen(party->lines[i].text), false, &tokens) == DOXIN_OK &&
            !dx_lexicon_is(&tokens, DX_TERM_TITLE, &term) && !dx_lexicon_is(&tokens, DX_TERM_NAME, &term) &&
            !dx_lexicon_is(&tokens, DX_TERM_CONTACT, &term)) {
            party->name_line = (uint32_t)i;
            return;
        }
    }
}

static void finish(dx_ctx *ctx, const dx_reading *reading, dx_party *party)
{
    find_postal(party);
    find_name(ctx, party);
    party->box = dx_reading_box(reading, party->lines[0].first_word, party->lines[0].word_count);
    for (size_t i = 1; i < party->count; i++)
        party->box =
            dx_box_join(party->box, dx_reading_box(reading, party->lines[i].first_word, party->lines[i].word_count));
    party->page = reading->layout->lines[reading->layout->words[party->lines[0].first_word].line].page;
}

enum { HEAD_LINES_MOST = 9 };

/* Does what stands under a head reach as far right as the block? Not where a neighbour of the head stands between. */
static bool is_under(const dx_reading *reading, uint32_t head, const dx_segment *top)
{
    const dx_segment *source = &reading->layout->segments[head];
    int32_t slack = 2 * top->font_size;
    if (source->box.x0 > top->box.x0 + slack)
        return false;
    return source->right == DX_NO_INDEX || reading->layout->segments[source->right].box.x0 > top->box.x0 + slack;
}

/* The segment with the head of a block: beside its first line, or the nearest above it; DX_NO_INDEX: none. */
static uint32_t head_of(const dx_reading *reading, uint32_t top_index)
{
    const dx_layout *layout = reading->layout;
    const dx_segment *top = &layout->segments[top_index];
    for (uint32_t left = top->left; left != DX_NO_INDEX; left = layout->segments[left].left)
        if (party_head(reading, left))
            return left;
    uint32_t page_first = layout->pages[top->page].first_line;
    int32_t bottom = top->box.y0;
    for (uint32_t line = top->line, steps = 0; line > page_first && steps < HEAD_LINES_MOST; steps++) {
        line--;
        const dx_text_line *source = &layout->lines[line];
        if (bottom - source->box.y1 > 5 * top->font_size)
            break;
        bottom = source->box.y0;
        for (uint32_t s = source->first_segment; s < source->first_segment + source->segment_count; s++)
            if (party_head(reading, s) && is_under(reading, s, top))
                return s;
    }
    return DX_NO_INDEX;
}

/* A label to the left that says what the line is; NULL: none. */
static const dx_label *label_left(const dx_reading *reading, uint32_t segment)
{
    uint32_t left = reading->layout->segments[segment].left;
    const dx_label *label = left == DX_NO_INDEX ? NULL : first_label(reading, left);
    bool is = label && label->starts && label->ends && dx_label_in_group(label, DX_GROUP_FIELD) &&
              !dx_label_in_group(label, DX_GROUP_KIND) && label->terms[0].strength >= DX_TERM_NORMAL;
    return is ? label : NULL;
}

static bool is_part_label(const dx_label *label)
{
    return dx_label_term(label, DX_TERM_NAME) || dx_label_term(label, DX_TERM_STREET) ||
           dx_label_term(label, DX_TERM_CITY) || dx_label_term(label, DX_TERM_COUNTRY);
}

static bool overlaps_known(const dx_parties *parties, const dx_party_line *line)
{
    for (size_t i = 0; i < parties->count; i++)
        for (size_t k = 0; k < parties->items[i].count; k++)
            if (parties->items[i].lines[k].first_word == line->first_word)
                return true;
    return false;
}

enum { GROW_MOST = 6 };

/* An address in one line whose parts stand so far apart that they are segments of their own. */
static doxin_status one_line_of_segments(dx_ctx *ctx, const dx_reading *reading, uint32_t anchor, dx_parties *out)
{
    const dx_segment *segments = reading->layout->segments;
    uint32_t parts[GROW_MOST];
    size_t count = 0;
    for (uint32_t at = anchor; at != DX_NO_INDEX && count < GROW_MOST; at = segments[at].left)
        if (!dx_party_is_separator(segments[at].text))
            parts[count++] = at;
    if (count < 2)
        return DOXIN_OK;
    dx_party *party = dx_push(ctx, (void **)&out->items, &out->count, &out->capacity, sizeof *party);
    if (!party)
        return DOXIN_E_NOMEM;
    while (count-- > 0)
        dx_party_add_line(party, segments[parts[count]].text, segments[parts[count]].first_word,
                          segments[parts[count]].word_count);
    party->one_line = true;
    party->head = DX_NO_INDEX;
    finish(ctx, reading, party);
    return ctx->error.status;
}

/* The segments above a line with a postal code that belong to the same address, nearest first. */
static size_t climb(const dx_reading *reading, uint32_t anchor, uint32_t *stack)
{
    const dx_segment *segments = reading->layout->segments;
    size_t count = 0;
    uint32_t at = anchor;
    int32_t first_gap = -1;
    int skipped = 0;
    while (count < GROW_MOST && segments[at].above != DX_NO_INDEX) {
        uint32_t above = segments[at].above;
        int32_t gap = line_gap(&segments[above], &segments[at]), height = segments[anchor].font_size;
        int32_t most = first_gap < 0 ? 5 * height / 2 : first_gap + height;
        if (count <= 1 && most < 8 * height / 5)
            most = 8 * height / 5; /* a line may be left free below the name */
        if (count == 1 && segments[above].font_size > height)
            most = 3 * height; /* a name in large letters stands further off */
        dx_postal other;
        if (dx_postal_find(segments[above].text, strlen(segments[above].text), &other) && other.sure)
            break; /* the end of another address */
        if (segments[above].page != segments[anchor].page || !aligned(&segments[above], &segments[anchor]) ||
            gap > most || party_head(reading, above) || dx_party_beside_separator(segments, above))
            break;
        const dx_label *left = label_left(reading, above);
        bool form = left && !is_part_label(left); /* "Phone:   123": a line of the party, but not of its address */
        if (!form && is_foreign(reading, above))
            break;
        if (form || dx_party_is_remark(segments[above].text)) {
            if (++skipped > 4)
                break;
            at = above;
            continue;
        }
        if (first_gap < 0 || gap > first_gap)
            first_gap = gap > 0 ? gap : 0;
        stack[count++] = above;
        at = above;
        if (left && dx_label_term(left, DX_TERM_NAME))
            break;
    }
    return count;
}

/* From a line with a postal code upwards. */
static doxin_status grow_up(dx_ctx *ctx, const dx_reading *reading, uint32_t anchor, const dx_postal *place,
                            dx_parties *out)
{
    const dx_segment *segments = reading->layout->segments;
    if (segments[anchor].left != DX_NO_INDEX && dx_party_is_separator(segments[segments[anchor].left].text))
        return one_line_of_segments(ctx, reading, anchor, out);
    uint32_t stack[GROW_MOST];
    size_t count = climb(reading, anchor, stack);
    dx_party party = {0};
    for (size_t i = count; i-- > 0;)
        dx_party_add_line(&party, segments[stack[i]].text, segments[stack[i]].first_word,
                          segments[stack[i]].word_count);
    size_t before = party.count;
    bool split = place->begin > 6 && strcspn(segments[anchor].text, ",|-\xE2\xC2") < place->begin;
    if (split && !dx_party_split_line(ctx, reading, anchor, place, &party))
        return DOXIN_E_NOMEM;
    if (!split)
        dx_party_add_line(&party, segments[anchor].text, segments[anchor].first_word, segments[anchor].word_count);
    party.one_line = party.count - before >= 3;
    if (party.one_line && before > 0) { /* a whole address in one line needs nothing above it */
        memmove(party.lines, party.lines + before, (party.count - before) * sizeof *party.lines);
        party.count -= before;
    }
    if (party.count == 0)
        return DOXIN_OK;
    finish(ctx, reading, &party);
    party.head = head_of(reading, count > 0 && !party.one_line ? stack[count - 1] : anchor);
    dx_party *item = dx_push(ctx, (void **)&out->items, &out->count, &out->capacity, sizeof *item);
    if (!item)
        return DOXIN_E_NOMEM;
    *item = party;
    return ctx->error.status;
}

/* The first line of what stands below a head, past numbers that belong to the party. */
static uint32_t first_below(const dx_reading *reading, const dx_label *label)
{
    uint32_t below[5];
    size_t count = dx_reading_below(reading, label, below, 5);
    for (size_t i = 0; i < count; i++) {
        if (party_head(reading, below[i]))
            return DX_NO_INDEX;
        if (!is_foreign(reading, below[i]))
            return below[i];
    }
    return DX_NO_INDEX;
}

static void grow_down(const dx_reading *reading, uint32_t from, dx_party *party)
{
    const dx_segment *segments = reading->layout->segments;
    uint32_t at = from;
    while (party->count < DX_PARTY_LINES - 1) {
        const char *text = segments[at].text;
        dx_postal place;
        dx_party_add_line(party, text, segments[at].first_word, segments[at].word_count);
        if (dx_postal_find(text, strlen(text), &place) && place.sure)
            break;
        uint32_t below = segments[at].below;
        if (below == DX_NO_INDEX || segments[below].page != segments[from].page ||
            !aligned(&segments[below], &segments[from]) ||
            line_gap(&segments[at], &segments[below]) > 2 * segments[from].font_size || party_head(reading, below) ||
            is_foreign(reading, below))
            break;
        at = below;
    }
}

/* From a head such as "bill to" downwards. */
static doxin_status grow_from_head(dx_ctx *ctx, const dx_reading *reading, const dx_label *label, dx_parties *out)
{
    dx_party party = {0};
    party.head = label->segment;
    const dx_segment *segments = reading->layout->segments;
    if (!label->ends) {
        uint32_t end = (uint32_t)strlen(segments[label->segment].text), begin = label->end;
        while (begin < end && strchr(" :.", segments[label->segment].text[begin]))
            begin++;
        if (end <= begin + 1 || is_foreign(reading, label->segment))
            return DOXIN_OK;
        if (!dx_party_add_part(ctx, reading, label->segment, begin, end, &party))
            return DOXIN_E_NOMEM;
        if (party.count == 0 || overlaps_known(out, &party.lines[0]))
            return DOXIN_OK;
        uint32_t below = segments[label->segment].below;
        if (below != DX_NO_INDEX && !is_foreign(reading, below) && !party_head(reading, below) &&
            abs(segments[below].box.x0 - dx_reading_box(reading, party.lines[0].first_word, 1).x0) <
                segments[below].font_size)
            grow_down(reading, below, &party);
    } else {
        bool taken = false;
        for (size_t i = 0; i < out->count; i++)
            taken |= out->items[i].head == label->segment;
        if (taken)
            return DOXIN_OK;
        uint32_t right = dx_reading_right_of(reading, label), from = first_below(reading, label);
        bool beside = right != DX_NO_INDEX && !party_head(reading, right) && !is_foreign(reading, right) &&
                      segments[right].box.x0 - label->box.x1 < 20 * segments[right].font_size;
        bool below_aligned =
            from != DX_NO_INDEX && abs(segments[from].box.x0 - label->box.x0) < 2 * segments[from].font_size;
        if (beside && (!below_aligned || label->colon))
            from = right;
        if (from == DX_NO_INDEX || overlaps_known(out, &(dx_party_line){"", segments[from].first_word, 1}))
            return DOXIN_OK;
        grow_down(reading, from, &party);
    }
    if (party.count == 0)
        return DOXIN_OK;
    finish(ctx, reading, &party);
    dx_party *item = dx_push(ctx, (void **)&out->items, &out->count, &out->capacity, sizeof *item);
    if (!item)
        return DOXIN_E_NOMEM;
    *item = party;
    return DOXIN_OK;
}

enum { PARTIES_MOST = 40 };

/* "2201 Sample Street" begins like a town with its code, but is a street: by its words, or with the town below it. */
static bool is_house_number(dx_ctx *ctx, const dx_reading *reading, uint32_t index)
{
    const dx_segment *segment = &reading->layout->segments[index];
    if (dx_has_term(ctx, segment->text, DX_TERM_STREET_WORD))
        return true;
    if (segment->below == DX_NO_INDEX)
        return false;
    const dx_segment *below = &reading->layout->segments[segment->below];
    dx_postal place;
    return below->page == segment->page && line_gap(segment, below) < 2 * segment->font_size &&
           dx_postal_find(below->text, strlen(below->text), &place) && place.sure;
}

/* A head belongs to the nearest block only. */
static void settle_heads(const dx_reading *reading, dx_parties *out)
{
    for (size_t i = 0; i < out->count; i++) {
        dx_party *party = &out->items[i];
        if (party->head == DX_NO_INDEX)
            continue;
        bool nearest = true;
        for (size_t k = 0; k < out->count; k++)
            if (k != i && out->items[k].head == party->head &&
                (out->items[k].box.y0 < party->box.y0 || (out->items[k].box.y0 == party->box.y0 && k < i)))
                nearest = false;
        if (nearest)
            party->label = party_concept(party_head(reading, party->head));
    }
}

doxin_status dx_parties_find(dx_ctx *ctx, const dx_reading *reading, dx_parties *out)
{
    for (uint32_t i = 0; i < reading->layout->segment_count && out->count < PARTIES_MOST; i++) {
        const char *text = reading->layout->segments[i].text;
        dx_postal place;
        if (reading->segments[i].in_items || !dx_postal_find(text, strlen(text), &place) ||
            (!place.sure && is_house_number(ctx, reading, i)))
            continue;
        doxin_status status = grow_up(ctx, reading, i, &place, out);
        if (status != DOXIN_OK)
            return status;
    }
    for (uint32_t i = 0; i < reading->layout->segment_count && out->count < PARTIES_MOST; i++) {
        const dx_label *label = party_head(reading, i);
        if (!label || reading->segments[i].in_items)
            continue;
        doxin_status status = grow_from_head(ctx, reading, label, out);
        if (status != DOXIN_OK)
            return status;
    }
    settle_heads(reading, out);
    return DOXIN_OK;
}
