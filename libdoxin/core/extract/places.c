/* Places: how a value's surroundings are described, and how they are found again on another document. */
#include "base/text/utf8.h"
#include "core/extract/learned.h"

#include <stdlib.h>
#include <string.h>

enum {
    LABEL_WORDS = 4,
    LABEL_TEXT = 64,
    SHAPE_TEXT = 40,
    IDENTIFIER_WORDS = 4,
    TEXT_WORDS = 16,
    FIT_LEFT = 300,
    FIT_ABOVE = 160,
    FIT_SHAPE = 80,
    FIT_PAGE = 50,
    FIT_LEAST = 250,
    FIT_MARGIN = 40 /* by which a value must be ahead of the next other one */
};

/* Words that may be a value: of one segment. */
typedef struct span {
    uint32_t segment, first, count;
    uint32_t mark;
} span;

dx_learnable dx_learnable_of(dx_header_id field)
{
    static const dx_header_id identifiers[] = {
        DX_HEADER_NUMBER,         DX_HEADER_PO_NUMBER,     DX_HEADER_ACCOUNT_NUMBER,  DX_HEADER_CONTRACT_NUMBER,
        DX_HEADER_PROJECT_NUMBER, DX_HEADER_DELIVERY_NOTE, DX_HEADER_CORRECTS_NUMBER, DX_HEADER_PAYMENT_REFERENCE};
    static const dx_header_id texts[] = {DX_HEADER_SALESPERSON, DX_HEADER_PAYMENT_TERMS, DX_HEADER_PAYMENT_MEANS,
                                         DX_HEADER_BUYER_REFERENCE};
    if (dx_field_is_constant(field))
        return DX_LEARN_CONSTANT;
    if (dx_header_kind(field) == DX_VALUE_DATE)
        return DX_LEARN_DATE;
    if (dx_header_kind(field) == DX_VALUE_AMOUNT)
        return DX_LEARN_AMOUNT;
    for (size_t i = 0; i < sizeof identifiers / sizeof *identifiers; i++)
        if (identifiers[i] == field)
            return DX_LEARN_IDENTIFIER;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i] == field)
            return DX_LEARN_TEXT;
    return DX_LEARN_NOT;
}

/* ---- surroundings -------------------------------------------------------------------------------------------------- */

static bool has_digit(const char *text)
{
    return strpbrk(text, "0123456789") != NULL;
}

/* Puts a word before what is there; false: it does not fit. */
static bool put_before(char *label, const char *word)
{
    size_t size = strlen(word), old = strlen(label);
    if (size + 1 + old >= LABEL_TEXT)
        return false;
    memmove(label + size + (old > 0), label, old + 1);
    for (size_t i = 0; i < size; i++)
        label[i] = word[i];
    if (old > 0)
        label[size] = ' ';
    return true;
}

/* The nearest words before a value on its line, up to a number: "VAT 20 % 40.00" -> "vat". */
static doxin_status left_of(dx_ctx *ctx, const dx_reading *reading, uint32_t segment, uint32_t first, char *out)
{
    const dx_layout *layout = reading->layout;
    int words = 0;
    out[0] = '\0';
    for (bool own = true; segment != DX_NO_INDEX; segment = layout->segments[segment].left, own = false) {
        const dx_segment *source = &layout->segments[segment];
        uint32_t end = own ? first : source->first_word + source->word_count;
        for (uint32_t i = end; i-- > source->first_word;) {
            char *word = dx_fold_alnum(ctx, layout->words[i].text, (size_t)layout->words[i].size);
            if (!word)
                return DOXIN_E_NOMEM;
            if (!*word || (has_digit(word) && words == 0))
                continue;
            if (has_digit(word) || words == LABEL_WORDS || !put_before(out, word))
                return DOXIN_OK;
            words++;
        }
        if (words > 0)
            return DOXIN_OK;
    }
    return DOXIN_OK;
}

static uint32_t segment_above(const dx_reading *reading, uint32_t segment, const dx_box *box)
{
    const dx_layout *layout = reading->layout;
    const dx_layout_page *page = &layout->pages[layout->segments[segment].page];
    int32_t height = box->y1 - box->y0 > 400 ? box->y1 - box->y0 : 400;
    uint32_t found = DX_NO_INDEX;
    for (uint32_t i = segment; i-- > page->first_segment;) {
        const dx_segment *other = &layout->segments[i];
        if (other->line == layout->segments[segment].line || other->box.y1 > box->y0 + height / 2)
            continue;
        if (box->y0 - other->box.y1 > 3 * height)
            break;
        if (dx_overlap(other->box.x0, other->box.x1, box->x0, box->x1) > 0 &&
            (found == DX_NO_INDEX || other->box.y1 > layout->segments[found].box.y1))
            found = i;
    }
    return found;
}

/* The words right above a value. Where a number stands there it is no label. */
static doxin_status above_of(dx_ctx *ctx, const dx_reading *reading, uint32_t segment, const dx_box *box, char *out)
{
    const dx_layout *layout = reading->layout;
    uint32_t above = segment_above(reading, segment, box);
    int words = 0;
    out[0] = '\0';
    if (above == DX_NO_INDEX)
        return DOXIN_OK;
    const dx_segment *source = &layout->segments[above];
    for (uint32_t i = source->first_word + source->word_count; i-- > source->first_word && words < LABEL_WORDS;) {
        const dx_layout_word *word = &layout->words[i];
        if (dx_overlap(word->box.x0, word->box.x1, box->x0 - word->font_size, box->x1 + word->font_size) <= 0)
            continue;
        char *folded = dx_fold_alnum(ctx, word->text, (size_t)word->size);
        if (!folded)
            return DOXIN_E_NOMEM;
        if (has_digit(folded)) {
            out[0] = '\0';
            return DOXIN_OK;
        }
        words += *folded && put_before(out, folded);
    }
    return DOXIN_OK;
}

static void shape_of(const char *text, char *out)
{
    size_t used = 0;
    char last = '\0';
    for (; *text && used + 1 < SHAPE_TEXT; text++) {
        unsigned char c = (unsigned char)*text;
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
        char kind = c >= '0' && c <= '9' ? '9' : letter ? 'A' : (char)c;
        if (kind != last || (kind != '9' && kind != 'A'))
            out[used++] = kind;
        last = kind;
    }
    out[used] = '\0';
}

static int thousandths(int32_t part, int32_t whole)
{
    if (whole <= 0 || part <= 0)
        return 0;
    int64_t share = (int64_t)part * 1000 / whole;
    return share > 1000 ? 1000 : (int)share;
}

/* The text of the words without the punctuation round it. */
static doxin_status text_of(dx_ctx *ctx, const dx_reading *reading, const span *at, const char **out)
{
    char *text = dx_layout_text(ctx, reading->layout, at->first, at->count);
    if (!text)
        return DOXIN_E_NOMEM;
    while (*text && strchr(" .,:;#()*=", *text))
        text++;
    size_t size = strlen(text);
    while (size > 0 && strchr(" .,:;#()*=", text[size - 1]))
        text[--size] = '\0';
    *out = text;
    return DOXIN_OK;
}

static dx_box box_of(const dx_reading *reading, const span *at)
{
    return at->mark != DX_NO_INDEX ? reading->marks[at->mark].box : dx_reading_box(reading, at->first, at->count);
}

/* ---- how well a place agrees with words ------------------------------------------------------------------------------- */

static int near_edge(int distance)
{
    return distance <= 10 ? 120 : distance <= 25 ? 90 : distance <= 60 ? 30 : -60;
}

static int position_fit(const dx_reading *reading, const dx_place *place, const span *at)
{
    const dx_layout *layout = reading->layout;
    uint32_t index = layout->segments[at->segment].page;
    const dx_page *page = layout->pages[index].source;
    dx_box box = box_of(reading, at);
    int left = abs(thousandths(box.x0, page->width) - place->x0);
    int right = abs(thousandths(box.x1, page->width) - place->x1);
    int fit = near_edge(left < right ? left : right) + near_edge(abs(thousandths(box.y0, page->height) - place->y)) / 2;
    bool anchored = place->last_page ? index + 1 == layout->page_count : index == 0;
    return fit + (anchored ? FIT_PAGE : -2 * FIT_PAGE);
}

static doxin_status fit_of(dx_ctx *ctx, const dx_reading *reading, const dx_place *place, const span *at, int *out)
{
    char label[LABEL_TEXT];
    dx_box box = box_of(reading, at);
    int fit = position_fit(reading, place, at);
    doxin_status status = left_of(ctx, reading, at->segment, at->first, label);
    if (status != DOXIN_OK)
        return status;
    bool left = *place->left && strcmp(label, place->left) == 0;
    fit += left ? FIT_LEFT : *place->left ? -150 : 0;
    if (*place->above) {
        status = above_of(ctx, reading, at->segment, &box, label);
        fit += strcmp(label, place->above) == 0 ? FIT_ABOVE : left ? 0 : -100;
    }
    *out = fit;
    return status;
}

typedef struct search {
    const dx_place *place;
    dx_hint best;
    int second; /* fit of the best other value */
    bool any;
} search;

static bool same_hint(const dx_reading *reading, const dx_hint *a, const dx_hint *b)
{
    if (a->mark == DX_NO_INDEX)
        return strcmp(a->text, b->text) == 0;
    const dx_mark *x = &reading->marks[a->mark], *y = &reading->marks[b->mark];
    return x->kind == DX_MARK_DATE ? dx_date_compare(x->date, y->date) == 0 : dx_decimal_equal(x->number, y->number);
}

static doxin_status consider(dx_ctx *ctx, const dx_reading *reading, search *of, const span *at, const char *text,
                             int extra)
{
    int fit = 0;
    doxin_status status = fit_of(ctx, reading, of->place, at, &fit);
    dx_hint hint = {of->place, at->first, at->count, at->mark, text, fit + extra};
    if (status != DOXIN_OK)
        return status;
    if (!of->any || hint.fit > of->best.fit) {
        if (of->any && !same_hint(reading, &of->best, &hint) && of->best.fit > of->second)
            of->second = of->best.fit;
        of->best = hint;
        of->any = true;
    } else if (!same_hint(reading, &of->best, &hint) && hint.fit > of->second) {
        of->second = hint.fit;
    }
    return DOXIN_OK;
}

static doxin_status among_marks(dx_ctx *ctx, const dx_reading *reading, search *of, dx_mark_kind kind)
{
    doxin_status status = DOXIN_OK;
    for (uint32_t i = 0; i < reading->mark_count && status == DOXIN_OK; i++) {
        const dx_mark *mark = &reading->marks[i];
        span at = {mark->segment, mark->first_word, mark->word_count, i};
        if (mark->kind == kind && !mark->in_items)
            status = consider(ctx, reading, of, &at, NULL, 0);
    }
    return status;
}

static doxin_status identifier_at(dx_ctx *ctx, const dx_reading *reading, search *of, const span *at)
{
    char shape[SHAPE_TEXT];
    const char *text = NULL;
    doxin_status status = text_of(ctx, reading, at, &text);
    if (status != DOXIN_OK || !*text)
        return status;
    shape_of(text, shape);
    bool alike = strcmp(shape, of->place->shape) == 0;
    if (!alike && has_digit(of->place->shape) != has_digit(shape))
        return DOXIN_OK;
    return consider(ctx, reading, of, at, text, alike ? FIT_SHAPE : -FIT_SHAPE);
}

/* A text goes to the end of its segment, and a label tells where it begins. */
static doxin_status text_at(dx_ctx *ctx, const dx_reading *reading, search *of, const span *at)
{
    const char *text = NULL;
    doxin_status status = text_of(ctx, reading, at, &text);
    return status == DOXIN_OK && *text ? consider(ctx, reading, of, at, text, 0) : status;
}

static doxin_status among_words(dx_ctx *ctx, const dx_reading *reading, search *of, dx_learnable kind)
{
    const dx_layout *layout = reading->layout;
    uint32_t words = (uint32_t)of->place->words;
    for (uint32_t s = 0; s < layout->segment_count; s++) {
        const dx_segment *segment = &layout->segments[s];
        doxin_status status = (s & 63) == 0 ? dx_check(ctx) : DOXIN_OK;
        for (uint32_t i = 0; i < segment->word_count && status == DOXIN_OK; i++) {
            uint32_t rest = segment->word_count - i;
            span at = {s, segment->first_word + i, kind == DX_LEARN_TEXT ? rest : words, DX_NO_INDEX};
            if (kind == DX_LEARN_TEXT)
                status = rest <= TEXT_WORDS ? text_at(ctx, reading, of, &at) : DOXIN_OK;
            else if (words <= rest)
                status = identifier_at(ctx, reading, of, &at);
        }
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

doxin_status dx_place_find(dx_ctx *ctx, const dx_reading *reading, const dx_place *place, dx_hint *out, bool *found)
{
    search of = {.place = place, .second = -10000};
    dx_learnable kind = dx_learnable_of(place->field);
    doxin_status status = DOXIN_OK;
    *found = false;
    if (kind == DX_LEARN_DATE || kind == DX_LEARN_AMOUNT)
        status = among_marks(ctx, reading, &of, kind == DX_LEARN_DATE ? DX_MARK_DATE : DX_MARK_AMOUNT);
    else if ((kind == DX_LEARN_IDENTIFIER && place->words >= 1) ||
             (kind == DX_LEARN_TEXT && (*place->left || *place->above)))
        status = among_words(ctx, reading, &of, kind);
    if (status != DOXIN_OK || !of.any)
        return status;
    *found = of.best.fit >= FIT_LEAST && of.best.fit - of.second >= FIT_MARGIN;
    *out = of.best;
    return DOXIN_OK;
}

doxin_status dx_hint_is(dx_ctx *ctx, const dx_reading *reading, const dx_hint *hint, const dx_field *field, bool *out)
{
    *out = false;
    if (!field->present)
        return DOXIN_OK;
    if (hint->mark != DX_NO_INDEX) {
        const dx_mark *mark = &reading->marks[hint->mark];
        *out = mark->kind == DX_MARK_DATE
                   ? dx_date_compare(mark->date, field->date) == 0
                   : dx_decimal_equal(dx_decimal_abs(mark->number), dx_decimal_abs(field->number));
        return DOXIN_OK;
    }
    const char *a = dx_fold_alnum(ctx, hint->text, strlen(hint->text));
    const char *b = dx_fold_alnum(ctx, field->text, strlen(field->text));
    if (!a || !b)
        return DOXIN_E_NOMEM;
    *out = strcmp(a, b) == 0;
    return DOXIN_OK;
}

/* ---- where a value stands ------------------------------------------------------------------------------------------- */

static doxin_status describe(dx_ctx *ctx, const dx_reading *reading, dx_header_id id, const span *at, dx_place *out)
{
    char left[LABEL_TEXT], above[LABEL_TEXT], shape[SHAPE_TEXT] = "";
    const char *text = "";
    const dx_layout *layout = reading->layout;
    uint32_t page = layout->segments[at->segment].page;
    const dx_page *source = layout->pages[page].source;
    dx_learnable kind = dx_learnable_of(id);
    dx_box box = box_of(reading, at);
    doxin_status status = left_of(ctx, reading, at->segment, at->first, left);
    if (status == DOXIN_OK)
        status = above_of(ctx, reading, at->segment, &box, above);
    if (status == DOXIN_OK && kind == DX_LEARN_IDENTIFIER)
        status = text_of(ctx, reading, at, &text);
    if (status != DOXIN_OK)
        return status;
    shape_of(text, shape);
    /* On a single page both anchors hold: sums move with the end of the document, the rest with its beginning. */
    bool only = layout->page_count == 1;
    *out = (dx_place){.field = id,
                      .left = dx_text(ctx, left),
                      .above = dx_text(ctx, above),
                      .shape = dx_text(ctx, shape),
                      .words = (int)at->count,
                      .last_page = only ? kind == DX_LEARN_AMOUNT : page + 1 == layout->page_count,
                      .x0 = thousandths(box.x0, source->width),
                      .x1 = thousandths(box.x1, source->width),
                      .y = thousandths(box.y0, source->height),
                      .confirmed = 1};
    return out->left && out->above && out->shape ? DOXIN_OK : DOXIN_E_NOMEM;
}

/* Describes the words as a place, and takes it if it leads back to the value. */
static doxin_status try_place(dx_ctx *ctx, const dx_reading *reading, dx_header_id id, const dx_field *field,
                              const span *at, dx_place *out, bool *found)
{
    dx_place place;
    dx_hint hint;
    bool led = false, same = false;
    doxin_status status = describe(ctx, reading, id, at, &place);
    if (status == DOXIN_OK)
        status = dx_place_find(ctx, reading, &place, &hint, &led);
    if (status == DOXIN_OK && led)
        status = dx_hint_is(ctx, reading, &hint, field, &same);
    /* The best of several that lead back: the one with a label beside it. */
    if (status == DOXIN_OK && same && (!*found || (!*out->left && *place.left))) {
        *out = place;
        *found = true;
    }
    return status;
}

static doxin_status place_among_marks(dx_ctx *ctx, const dx_reading *reading, dx_header_id id, const dx_field *field,
                                      dx_place *out, bool *found)
{
    dx_mark_kind kind = dx_header_kind(id) == DX_VALUE_DATE ? DX_MARK_DATE : DX_MARK_AMOUNT;
    doxin_status status = DOXIN_OK;
    for (uint32_t i = 0; i < reading->mark_count && status == DOXIN_OK; i++) {
        const dx_mark *mark = &reading->marks[i];
        dx_hint hint = {.mark = i};
        bool same = false;
        if (mark->kind != kind || mark->in_items)
            continue;
        status = dx_hint_is(ctx, reading, &hint, field, &same);
        span at = {mark->segment, mark->first_word, mark->word_count, i};
        if (status == DOXIN_OK && same)
            status = try_place(ctx, reading, id, field, &at, out, found);
    }
    return status;
}

/* How many words from one on are the folded text; 0: they are not. */
static doxin_status run_length(dx_ctx *ctx, const dx_reading *reading, uint32_t segment, uint32_t first, uint32_t most,
                               const char *folded, uint32_t *out)
{
    const dx_segment *source = &reading->layout->segments[segment];
    uint32_t end = source->first_word + source->word_count;
    size_t used = 0, length = strlen(folded);
    *out = 0;
    for (uint32_t i = first; i < end && i < first + most && used < length; i++) {
        const dx_layout_word *word = &reading->layout->words[i];
        char *text = dx_fold_alnum(ctx, word->text, (size_t)word->size);
        if (!text)
            return DOXIN_E_NOMEM;
        size_t size = strlen(text);
        if (strncmp(folded + used, text, size) != 0 || (size == 0 && i == first))
            return DOXIN_OK;
        used += size;
        if (used == length)
            *out = i - first + 1;
    }
    return DOXIN_OK;
}

static doxin_status place_among_words(dx_ctx *ctx, const dx_reading *reading, dx_header_id id, const dx_field *field,
                                      dx_place *out, bool *found)
{
    const dx_layout *layout = reading->layout;
    bool text = dx_learnable_of(id) == DX_LEARN_TEXT;
    const char *folded = dx_fold_alnum(ctx, field->text, strlen(field->text));
    if (!folded)
        return DOXIN_E_NOMEM;
    for (uint32_t s = 0; s < layout->segment_count && *folded; s++) {
        const dx_segment *segment = &layout->segments[s];
        for (uint32_t i = 0; i < segment->word_count; i++) {
            span at = {s, segment->first_word + i, 0, DX_NO_INDEX};
            doxin_status status =
                run_length(ctx, reading, s, at.first, text ? TEXT_WORDS : IDENTIFIER_WORDS, folded, &at.count);
            if (status == DOXIN_OK && at.count > 0 && (!text || i + at.count == segment->word_count))
                status = try_place(ctx, reading, id, field, &at, out, found);
            if (status != DOXIN_OK)
                return status;
        }
    }
    return DOXIN_OK;
}

doxin_status dx_place_of(dx_ctx *ctx, const dx_reading *reading, dx_header_id id, const dx_field *field, dx_place *out,
                         bool *found)
{
    *found = false;
    switch (dx_learnable_of(id)) {
    case DX_LEARN_DATE:
    case DX_LEARN_AMOUNT:
        return place_among_marks(ctx, reading, id, field, out, found);
    case DX_LEARN_IDENTIFIER:
    case DX_LEARN_TEXT:
        return place_among_words(ctx, reading, id, field, out, found);
    case DX_LEARN_NOT:
    case DX_LEARN_CONSTANT:
        break;
    }
    return DOXIN_OK;
}

doxin_status dx_words_find(dx_ctx *ctx, const dx_reading *reading, const char *text, uint32_t *first, uint32_t *count)
{
    const dx_layout *layout = reading->layout;
    const char *folded = dx_fold_alnum(ctx, text, strlen(text));
    *count = 0;
    if (!folded)
        return DOXIN_E_NOMEM;
    for (uint32_t s = 0; s < layout->segment_count && *folded; s++) {
        const dx_segment *segment = &layout->segments[s];
        for (uint32_t i = 0; i < segment->word_count; i++) {
            *first = segment->first_word + i;
            doxin_status status = run_length(ctx, reading, s, *first, TEXT_WORDS, folded, count);
            if (status != DOXIN_OK || *count > 0)
                return status;
        }
    }
    return DOXIN_OK;
}
