/* Candidates: for every label the values that may belong to it, with log-odds from the label's strength, where the value
 * stands from it, what the value looks like, and where on the page it is. */
#include "core/extract/fields.h"
#include "core/extract/learned.h"

#include <stdlib.h>
#include <string.h>

static const struct concept_target {
    dx_concept concept;
    int target;
    dx_shape shape;
    int prior; /* log-odds in 1/100 */
} targets[] = {
    {DX_TERM_NUMBER, DX_HEADER_NUMBER, DX_SHAPE_IDENTIFIER, 0},
    {DX_TERM_ANY_NUMBER, DX_HEADER_NUMBER, DX_SHAPE_IDENTIFIER, -180},
    {DX_TERM_PO_NUMBER, DX_HEADER_PO_NUMBER, DX_SHAPE_IDENTIFIER, 0},
    {DX_TERM_SALES_ORDER, DX_TARGET_NONE, DX_SHAPE_IDENTIFIER, 0},
    {DX_TERM_ACCOUNT_NUMBER, DX_HEADER_ACCOUNT_NUMBER, DX_SHAPE_IDENTIFIER, 0},
    {DX_TERM_CONTRACT_NUMBER, DX_HEADER_CONTRACT_NUMBER, DX_SHAPE_IDENTIFIER, 0},
    {DX_TERM_PROJECT_NUMBER, DX_HEADER_PROJECT_NUMBER, DX_SHAPE_IDENTIFIER, 0},
    {DX_TERM_DELIVERY_NOTE, DX_HEADER_DELIVERY_NOTE, DX_SHAPE_IDENTIFIER, 0},
    {DX_TERM_CORRECTS_NUMBER, DX_HEADER_CORRECTS_NUMBER, DX_SHAPE_IDENTIFIER, 0},
    {DX_TERM_OTHER_NUMBER, DX_TARGET_NONE, DX_SHAPE_IDENTIFIER, 50},
    {DX_TERM_VAT_ID, DX_TARGET_NONE, DX_SHAPE_IDENTIFIER, 50},
    {DX_TERM_TAX_NUMBER, DX_TARGET_NONE, DX_SHAPE_IDENTIFIER, 50},
    {DX_TERM_REGISTRATION, DX_TARGET_NONE, DX_SHAPE_IDENTIFIER, 50},
    {DX_TERM_GLN, DX_TARGET_NONE, DX_SHAPE_IDENTIFIER, 50},
    {DX_TERM_IBAN, DX_TARGET_NONE, DX_SHAPE_IDENTIFIER, 50},
    {DX_TERM_BIC, DX_TARGET_NONE, DX_SHAPE_IDENTIFIER, 50},
    {DX_TERM_BANK_ACCOUNT, DX_TARGET_NONE, DX_SHAPE_IDENTIFIER, 50},
    {DX_TERM_PHONE, DX_TARGET_NONE, DX_SHAPE_IDENTIFIER, 50},
    {DX_TERM_FAX, DX_TARGET_NONE, DX_SHAPE_IDENTIFIER, 50},
    {DX_TERM_PAGE, DX_TARGET_NONE, DX_SHAPE_IDENTIFIER, 50},
    {DX_TERM_DATE, DX_HEADER_DATE, DX_SHAPE_DATE, 0},
    {DX_TERM_ANY_DATE, DX_HEADER_DATE, DX_SHAPE_DATE, -90},
    {DX_TERM_DUE_DATE, DX_HEADER_DUE_DATE, DX_SHAPE_DATE, 0},
    {DX_TERM_SHIP_DATE, DX_HEADER_SHIP_DATE, DX_SHAPE_DATE, 0},
    {DX_TERM_ORDER_DATE, DX_TARGET_NONE, DX_SHAPE_DATE, 50},
    {DX_TERM_OTHER_DATE, DX_TARGET_NONE, DX_SHAPE_DATE, 50},
    {DX_TERM_PERIOD_START, DX_HEADER_PERIOD_START, DX_SHAPE_DATE, 0},
    {DX_TERM_PERIOD_END, DX_HEADER_PERIOD_END, DX_SHAPE_DATE, 0},
    {DX_TERM_PERIOD, DX_HEADER_PERIOD_START, DX_SHAPE_DATE, 0},
    {DX_TERM_CORRECTS_DATE, DX_HEADER_CORRECTS_DATE, DX_SHAPE_DATE, 0},
    {DX_TERM_BUYER_REFERENCE, DX_HEADER_BUYER_REFERENCE, DX_SHAPE_TEXT, 0},
    {DX_TERM_SALESPERSON, DX_HEADER_SALESPERSON, DX_SHAPE_TEXT, 0},
    {DX_TERM_PAYMENT_TERMS, DX_HEADER_PAYMENT_TERMS, DX_SHAPE_TEXT, 0},
    {DX_TERM_PAYMENT_REFERENCE, DX_HEADER_PAYMENT_REFERENCE, DX_SHAPE_TEXT, 0},
    {DX_TERM_PAYMENT_MEANS, DX_HEADER_PAYMENT_MEANS, DX_SHAPE_TEXT, 0},
};

enum {
    SCORE_INLINE = 150,
    SCORE_RIGHT = 130,
    SCORE_BELOW = 70,
    SCORE_LABEL_MIDST = -90, /* the label stands in the middle of a sentence */
    SCORE_IN_ITEMS = -250,
    SCORE_FIRST_PAGE = 40,
    SCORE_TOP = 40,
    SCORE_BOTTOM = -50
};

typedef struct value_spot {
    uint32_t segment;
    uint32_t begin, end; /* bytes of its text that may hold the value */
    dx_relation relation;
    int score;
} value_spot;

/* Where the text behind a label in its segment ends: the next label that stands for something of its own. */
static uint32_t inline_end(const dx_reading *reading, const dx_label *label)
{
    const dx_segment_reading *own = &reading->segments[label->segment];
    for (uint32_t i = own->first_label; i < own->first_label + own->label_count; i++) {
        const dx_label *other = &reading->labels[i];
        if (other->begin >= label->end &&
            (other->colon || (dx_label_in_group(other, DX_GROUP_FIELD) && other->begin > label->end + 3)))
            return other->begin;
    }
    return own->offsets[reading->layout->segments[label->segment].word_count];
}

/* A segment that is a label itself is no value. */
static bool is_label_segment(const dx_reading *reading, uint32_t segment)
{
    const dx_segment_reading *own = &reading->segments[segment];
    for (uint32_t i = own->first_label; i < own->first_label + own->label_count; i++) {
        const dx_label *label = &reading->labels[i];
        bool counts = dx_label_in_group(label, DX_GROUP_FIELD) || dx_label_in_group(label, DX_GROUP_AMOUNT) ||
                      dx_label_in_group(label, DX_GROUP_PARTY);
        if (label->starts && counts && (label->colon || label->ends))
            return true;
    }
    return false;
}

/* The part of a segment below a label that stands under it. */
static value_spot below_spot(const dx_reading *reading, const dx_label *label, uint32_t segment, int rank)
{
    const dx_segment *source = &reading->layout->segments[segment];
    const dx_segment_reading *own = &reading->segments[segment];
    uint32_t end = own->offsets[source->word_count], begin = 0;
    for (uint32_t i = 0; i < source->word_count; i++) {
        const dx_layout_word *word = &reading->layout->words[source->first_word + i];
        if (word->box.x1 > label->box.x0) {
            begin = own->offsets[i];
            break;
        }
    }
    int32_t left = source->box.x0 - label->box.x0, right = source->box.x1 - label->box.x1;
    int32_t close = label->box.y1 - label->box.y0;
    bool aligned = abs(left) < close / 2 || abs(right) < close / 2 || abs(left + right) < close;
    int gap = (source->box.y0 - label->box.y1) * 20 / (close > 0 ? close : 1);
    return (value_spot){segment, begin, end, DX_REL_BELOW,
                        SCORE_BELOW + (aligned ? 40 : -40) - rank * 60 - (gap > 0 ? gap : 0)};
}

enum { SPOTS = 4 };

static size_t find_spots(const dx_reading *reading, const dx_label *label, value_spot *out)
{
    const dx_layout *layout = reading->layout;
    size_t count = 0;
    if (!label->ends) {
        uint32_t end = inline_end(reading, label);
        if (end > label->end)
            out[count++] =
                (value_spot){label->segment, label->end, end, DX_REL_INLINE, SCORE_INLINE + (label->colon ? 60 : 0)};
        return count;
    }
    uint32_t right = dx_reading_right_of(reading, label);
    bool value_right = right != DX_NO_INDEX && !is_label_segment(reading, right);
    if (value_right) {
        const dx_layout_page *page = &layout->pages[layout->segments[right].page];
        int32_t gap = layout->segments[right].box.x0 - label->box.x1;
        int far = page->source->width > 0 ? (int)((int64_t)gap * 200 / page->source->width) : 0;
        out[count++] = (value_spot){right, 0, reading->segments[right].offsets[layout->segments[right].word_count],
                                    DX_REL_RIGHT, SCORE_RIGHT + (label->colon ? 40 : 0) - far};
    }
    uint32_t below[2];
    size_t found = dx_reading_below(reading, label, below, 2);
    for (size_t i = 0; i < found && count < SPOTS; i++) {
        if (is_label_segment(reading, below[i]))
            break;
        out[count] = below_spot(reading, label, below[i], (int)i);
        out[count].score -= label->colon ? 40 : 0;
        count++;
    }
    return count;
}

static int place_score(const dx_reading *reading, uint32_t segment)
{
    const dx_segment *source = &reading->layout->segments[segment];
    const dx_layout_page *page = &reading->layout->pages[source->page];
    int score = reading->segments[segment].in_items ? SCORE_IN_ITEMS : 0;
    if (source->page == 0)
        score += SCORE_FIRST_PAGE;
    if (source->page == 0 && source->box.y0 < page->source->height / 2)
        score += SCORE_TOP;
    if (source->box.y0 > page->source->height / 5 * 4)
        score += SCORE_BOTTOM;
    return score;
}

static dx_candidate *add(dx_ctx *ctx, dx_candidates *out, const struct concept_target *target, const value_spot *spot,
                         int score, uint32_t label)
{
    dx_candidate *candidate = dx_push(ctx, (void **)&out->items, &out->count, &out->capacity, sizeof *candidate);
    if (!candidate)
        return NULL;
    candidate->target = target->target;
    candidate->score = score;
    candidate->relation = spot->relation;
    candidate->label = label;
    return candidate;
}

static int identifier_fit(dx_ctx *ctx, const dx_reading *reading, const char *text, size_t length)
{
    int digits = 0, letters = 0, others = 0;
    for (size_t i = 0; i < length; i++) {
        digits += text[i] >= '0' && text[i] <= '9';
        letters += (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z');
        others += text[i] == '@' || text[i] == '%' || (unsigned char)text[i] >= 0x80;
    }
    int score = digits >= 3 ? 50 : digits == 2 ? 0 : -60;
    if (others > 0)
        score -= 200;
    if (letters > 2 * digits && letters > 6)
        score -= 60;
    const char *comma = memchr(text, ',', length);
    if (comma && letters == 0)
        score -= 200;
    if (dx_looks_like_date(ctx, reading, text, length))
        score -= 300;
    dx_number_scan scan;
    if (letters == 0 && dx_number_scan_text(text, length, &reading->hypotheses, &scan) && scan.number.scale == 2)
        score -= 200;
    return score;
}

static doxin_status identifier(dx_ctx *ctx, const dx_reading *reading, const struct concept_target *target,
                               const value_spot *spot, int score, uint32_t label, dx_candidates *out)
{
    const char *text = reading->layout->segments[spot->segment].text;
    dx_text_span span = dx_identifier_at(text, spot->begin, spot->end);
    if (span.end == span.begin)
        return DOXIN_OK;
    char *value = dx_textn(ctx, text + span.begin, span.end - span.begin);
    if (!value)
        return DOXIN_E_NOMEM;
    if (span.begin > 0 && text[span.begin - 1] == '(')
        score -= 200; /* a remark in brackets */
    dx_candidate *candidate = add(ctx, out, target, spot, score, label);
    if (!candidate)
        return DOXIN_E_NOMEM;
    candidate->score += identifier_fit(ctx, reading, value, strlen(value)) + place_score(reading, spot->segment);
    candidate->text = value;
    candidate->first_word = dx_reading_word_at(reading, spot->segment, span.begin);
    candidate->word_count = dx_reading_word_at(reading, spot->segment, span.end - 1) - candidate->first_word + 1;
    return DOXIN_OK;
}

static doxin_status date(dx_ctx *ctx, const dx_reading *reading, const struct concept_target *target,
                         const value_spot *spot, int score, uint32_t label, dx_candidates *out)
{
    const dx_segment_reading *own = &reading->segments[spot->segment];
    int found = 0;
    for (uint32_t i = own->first_mark; i < own->first_mark + own->mark_count && found < 2; i++) {
        const dx_mark *mark = &reading->marks[i];
        if (mark->kind != DX_MARK_DATE || mark->begin < spot->begin || mark->end > spot->end)
            continue;
        dx_candidate *candidate = add(ctx, out, target, spot, score, label);
        if (!candidate)
            return DOXIN_E_NOMEM;
        int distance = (int)(mark->begin - spot->begin);
        candidate->score +=
            place_score(reading, spot->segment) + (distance > 12 ? -2 * (distance - 12) : 0) - 150 * found;
        candidate->is_date = true;
        candidate->date = mark->date;
        candidate->first_word = mark->first_word;
        candidate->word_count = mark->word_count;
        if (target->concept == DX_TERM_PERIOD && found == 1) {
            candidate->target = DX_HEADER_PERIOD_END;
            candidate->score += 150;
        }
        found++;
    }
    return DOXIN_OK;
}

static doxin_status text(dx_ctx *ctx, const dx_reading *reading, const struct concept_target *target,
                         const value_spot *spot, int score, uint32_t label, dx_candidates *out)
{
    const char *source = reading->layout->segments[spot->segment].text;
    uint32_t begin = spot->begin, end = spot->end;
    while (begin < end && strchr(" :.#-=*", source[begin]))
        begin++;
    while (end > begin && source[end - 1] == ' ')
        end--;
    if (end - begin < 2)
        return DOXIN_OK;
    dx_candidate *candidate = add(ctx, out, target, spot, score, label);
    if (!candidate)
        return DOXIN_E_NOMEM;
    candidate->score += place_score(reading, spot->segment);
    candidate->free_text = true;
    candidate->text = dx_textn(ctx, source + begin, end - begin);
    candidate->first_word = dx_reading_word_at(reading, spot->segment, begin);
    candidate->word_count = dx_reading_word_at(reading, spot->segment, end - 1) - candidate->first_word + 1;
    return candidate->text ? DOXIN_OK : DOXIN_E_NOMEM;
}

/* The label before this one on its line, which says what the "of" in "order 17 of 3 May" is about. */
static const dx_label *label_before(const dx_reading *reading, uint32_t index)
{
    const dx_label *label = &reading->labels[index];
    if (index > reading->segments[label->segment].first_label)
        return &reading->labels[index - 1];
    uint32_t at = label->segment;
    for (int steps = 0; steps < 3; steps++) {
        uint32_t left = reading->layout->segments[at].left;
        if (left == DX_NO_INDEX || reading->layout->segments[at].box.x0 - reading->layout->segments[left].box.x1 >
                                       4 * reading->layout->segments[at].font_size)
            return NULL;
        const dx_segment_reading *own = &reading->segments[left];
        if (own->label_count > 0)
            return &reading->labels[own->first_label + own->label_count - 1];
        at = left;
    }
    return NULL;
}

static bool is_other_document(const dx_label *label)
{
    static const dx_concept others[] = {DX_TERM_PO_NUMBER,       DX_TERM_SALES_ORDER,  DX_TERM_DELIVERY_NOTE,
                                        DX_TERM_CONTRACT_NUMBER, DX_TERM_OTHER_NUMBER, DX_TERM_CORRECTS_NUMBER,
                                        DX_TERM_KIND_OTHER,      DX_TERM_KIND_ORDER,   DX_TERM_ORDER_DATE};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (dx_label_term(label, others[i]))
            return true;
    return false;
}

/* Between a document's name and "of" stands nothing, or its number. */
static bool only_number_between(const dx_reading *reading, const dx_label *before, const dx_label *label)
{
    if (before->segment != label->segment)
        return true;
    const char *text = reading->layout->segments[label->segment].text;
    uint32_t words = 0;
    bool digit = false;
    for (uint32_t i = before->end; i < label->begin; i++) {
        words += text[i] != ' ' && (i == before->end || text[i - 1] == ' ');
        digit |= text[i] >= '0' && text[i] <= '9';
    }
    return words == 0 || digit;
}

/* What stands around a general label ("of", "No.") and says whose date or number it is. */
static int context_score(const dx_reading *reading, uint32_t index, struct concept_target *target)
{
    const dx_label *before = label_before(reading, index);
    if (target->concept == DX_TERM_ANY_DATE && before) {
        if (is_other_document(before)) {
            target->target = DX_TARGET_NONE;
            return 100;
        }
        if (dx_label_term(before, DX_TERM_NUMBER) || dx_label_term(before, DX_TERM_ANY_NUMBER) ||
            dx_label_in_group(before, DX_GROUP_KIND))
            return only_number_between(reading, before, &reading->labels[index]) ? 230 : 60;
    }
    if (target->concept == DX_TERM_ANY_NUMBER && before) {
        if (is_other_document(before) || dx_label_in_group(before, DX_GROUP_COLUMN))
            target->target = DX_TARGET_NONE;
        if (dx_label_in_group(before, DX_GROUP_KIND)) {
            target->prior = 0;
            return 160;
        }
    }
    return 0;
}

/* The head of the party's block in which a general "number" label stands. */
static dx_concept party_above(const dx_reading *reading, uint32_t index)
{
    const dx_label *label = &reading->labels[index];
    const dx_segment *segment = &reading->layout->segments[label->segment];
    int32_t height = 12 * (label->box.y1 - label->box.y0 > 0 ? label->box.y1 - label->box.y0 : 1000);
    for (uint32_t i = index; i-- > 0;) {
        const dx_label *other = &reading->labels[i];
        const dx_segment *above = &reading->layout->segments[other->segment];
        if (above->page != segment->page || segment->box.y0 - above->box.y0 > height)
            break;
        if (!other->starts || !(other->ends || other->colon) || !dx_label_in_group(other, DX_GROUP_PARTY) ||
            abs(above->box.x0 - segment->box.x0) > 3000)
            continue;
        for (size_t k = 0; k < other->term_count; k++)
            if (dx_concept_group_of(other->terms[k].concept) == DX_GROUP_PARTY)
        return other->terms[k].concept;
    }
    return DX_TERM_NONE;
}

static void party_number(const dx_reading *reading, uint32_t index, struct concept_target *target)
{
    const dx_label *label = &reading->labels[index];
    if (target->concept != DX_TERM_ANY_NUMBER || !label->starts)
        return;
    dx_concept party = party_above(reading, index);
    if (party == DX_TERM_NONE)
        return;
    target->target = party == DX_TERM_BILL_TO ? DX_HEADER_ACCOUNT_NUMBER : DX_TARGET_NONE;
    target->prior = 60;
}

/* In running text a label is mentioned more often than it labels. */
static int sentence_score(const dx_reading *reading, const dx_label *label)
{
    size_t words = reading->segments[label->segment].tokens.count;
    return words > 6 ? -20 * (int)(words < 16 ? words - 6 : 10) : 0;
}

/* "Town, the 1st of May": the usual head of a letter. */
static bool follows_town(const dx_reading *reading, const dx_label *label)
{
    const char *text = reading->layout->segments[label->segment].text;
    return label->begin >= 2 && text[label->begin - 1] == ' ' && text[label->begin - 2] == ',';
}

static doxin_status candidates_of(dx_ctx *ctx, const dx_reading *reading, uint32_t index, const dx_term *term,
                                  struct concept_target target, dx_candidates *out)
{
    const dx_label *label = &reading->labels[index];
    value_spot spots[SPOTS];
    size_t count = find_spots(reading, label, spots);
    party_number(reading, index, &target);
    int base = (term->strength - DX_TERM_NORMAL) * 100 + 50 + target.prior + context_score(reading, index, &target);
    if (!label->starts && !label->colon && !follows_town(reading, label))
        base += SCORE_LABEL_MIDST + sentence_score(reading, label);
    for (size_t i = 0; i < count; i++) {
        int score = base + spots[i].score;
        if (term->strength == DX_TERM_WEAK && spots[i].relation == DX_REL_BELOW)
            score -= 60;
        doxin_status status = DOXIN_OK;
        if (target.shape == DX_SHAPE_IDENTIFIER)
            status = identifier(ctx, reading, &target, &spots[i], score, index, out);
        else if (target.shape == DX_SHAPE_DATE)
            status = date(ctx, reading, &target, &spots[i], score, index, out);
        else
            status = text(ctx, reading, &target, &spots[i], score, index, out);
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

/* "10:25" at the cursor or right behind it. */
static bool time_follows(const char *text)
{
    text += strspn(text, " ,-");
    size_t hours = strspn(text, "0123456789");
    return hours > 0 && hours <= 2 && text[hours] == ':' && strspn(text + hours + 1, "0123456789") == 2;
}

/* Dates that no label speaks of: the first of them at the top of the first page may be the document's. */
static doxin_status lonely_dates(dx_ctx *ctx, const dx_reading *reading, dx_candidates *out)
{
    static const struct concept_target target = {DX_TERM_ANY_DATE, DX_HEADER_DATE, DX_SHAPE_DATE, 0};
    int rank = 0;
    for (size_t i = 0; i < reading->mark_count && reading->marks[i].page == 0; i++) {
        const dx_mark *mark = &reading->marks[i];
        if (mark->kind != DX_MARK_DATE)
            continue;
        value_spot spot = {mark->segment, mark->begin, mark->end, DX_REL_NONE, 0};
        dx_candidate *candidate = add(ctx, out, &target, &spot, -30 - 10 * rank, DX_NO_INDEX);
        if (!candidate)
            return DOXIN_E_NOMEM;
        candidate->score += place_score(reading, mark->segment);
        if (reading->hypotheses.ocr && time_follows(reading->layout->segments[mark->segment].text + mark->end))
            candidate->score += 25; /* what a till stamps on its receipts */
        candidate->is_date = true;
        candidate->date = mark->date;
        candidate->first_word = mark->first_word;
        candidate->word_count = mark->word_count;
        rank += rank < 6;
    }
    return DOXIN_OK;
}

/* Values that stand where corrections found this vendor's before. */
static doxin_status learned(dx_ctx *ctx, const dx_reading *reading, dx_candidates *out)
{
    for (size_t i = 0; reading->hints && i < reading->hints->count; i++) {
        const dx_hint *hint = &reading->hints->items[i];
        dx_learnable kind = dx_learnable_of(hint->place->field);
        if (kind == DX_LEARN_AMOUNT)
            continue;
        dx_candidate *candidate = dx_push(ctx, (void **)&out->items, &out->count, &out->capacity, sizeof *candidate);
        if (!candidate)
            return DOXIN_E_NOMEM;
        *candidate = (dx_candidate){.target = (int)hint->place->field,
                                    .score = dx_hint_score(hint),
                                    .label = DX_NO_INDEX,
                                    .first_word = hint->first_word,
                                    .word_count = hint->word_count,
                                    .text = hint->text,
                                    .is_date = kind == DX_LEARN_DATE,
                                    .free_text = kind == DX_LEARN_TEXT,
                                    .learned = true};
        if (candidate->is_date)
            candidate->date = reading->marks[hint->mark].date;
    }
    return DOXIN_OK;
}

/* Two letters and eight digits, as in "AB-12345678": the number of a uniform invoice of Taiwan, which has no label
 * (Ministry of Finance, regulations for the use of uniform invoices). */
static bool is_uniform_number(const char *text)
{
    if (text[0] < 'A' || text[0] > 'Z' || text[1] < 'A' || text[1] > 'Z')
        return false;
    text += text[2] == '-' ? 3 : 2;
    return strspn(text, "0123456789") == 8;
}

static doxin_status uniform_numbers(dx_ctx *ctx, const dx_reading *reading, dx_candidates *out)
{
    static const struct concept_target target = {DX_TERM_NUMBER, DX_HEADER_NUMBER, DX_SHAPE_IDENTIFIER, 0};
    for (uint32_t i = 0; i < reading->layout->segment_count; i++) {
        const dx_segment *segment = &reading->layout->segments[i];
        if (segment->page > 0 || !is_uniform_number(segment->text))
            continue;
        value_spot spot = {i, 0, (uint32_t)strlen(segment->text), DX_REL_NONE, 0};
        doxin_status status = identifier(ctx, reading, &target, &spot, 250, DX_NO_INDEX, out);
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

static int best_first(const void *a, const void *b)
{
    const dx_candidate *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->first_word != y->first_word)
        return x->first_word < y->first_word ? -1 : 1;
    return x->target - y->target;
}

doxin_status dx_field_candidates(dx_ctx *ctx, const dx_reading *reading, dx_candidates *out)
{
    for (uint32_t i = 0; i < reading->label_count; i++) {
        const dx_label *label = &reading->labels[i];
        for (size_t k = 0; k < label->term_count; k++) {
            for (size_t t = 0; t < sizeof targets / sizeof *targets; t++) {
                if (targets[t].concept != label->terms[k].concept)
                    continue;
                doxin_status status = candidates_of(ctx, reading, i, &label->terms[k], targets[t], out);
                if (status != DOXIN_OK)
                    return status;
            }
        }
    }
    doxin_status status = lonely_dates(ctx, reading, out);
    if (status == DOXIN_OK)
        status = learned(ctx, reading, out);
    if (status == DOXIN_OK && strcmp(reading->hypotheses.language, "zh") == 0)
        status = uniform_numbers(ctx, reading, out);
    if (status == DOXIN_OK && out->count > 0)
        qsort(out->items, out->count, sizeof *out->items, best_first);
    return status;
}
