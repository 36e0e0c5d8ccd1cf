/* Typed values on the page: dates first, then amounts and percentages in what is left. */
#include "base/value/country.h"
#include "core/extract/reading.h"

#include <string.h>

static dx_mark *add_mark(dx_ctx *ctx, dx_reading *reading, uint32_t segment, uint32_t begin, uint32_t end)
{
    dx_mark *mark = dx_push(ctx, (void **)&reading->marks, &reading->mark_count, &reading->mark_capacity, sizeof *mark);
    if (!mark)
        return NULL;
    mark->segment = segment;
    mark->second = DX_NO_INDEX;
    mark->page = reading->layout->segments[segment].page;
    mark->begin = begin;
    mark->end = end;
    mark->first_word = dx_reading_word_at(reading, segment, begin);
    mark->word_count = dx_reading_word_at(reading, segment, end - 1) - mark->first_word + 1;
    mark->box = dx_reading_box(reading, mark->first_word, mark->word_count);
    return mark;
}

static bool word_start(const char *text, size_t at)
{
    if (at == 0)
        return true;
    unsigned char before = (unsigned char)text[at - 1];
    return !((before >= '0' && before <= '9') || (before >= 'a' && before <= 'z') || (before >= 'A' && before <= 'Z') ||
             before == '/' || before == '.' || before == '-' || before == ',');
}

/* A letter may begin a date only where a month's name stands. */
static bool month_begins(const dx_tokens *tokens, size_t *token, size_t at)
{
    while (*token < tokens->count && tokens->items[*token].begin < at)
        ++*token;
    dx_term term;
    return *token < tokens->count && tokens->items[*token].begin == at && tokens->items[*token].word >= 0 &&
           dx_lexicon_find(tokens, *token, DX_TERM_MONTH, &term);
}

static doxin_status mark_dates(dx_ctx *ctx, dx_reading *reading, uint32_t index)
{
    const char *text = reading->layout->segments[index].text;
    const dx_tokens *tokens = &reading->segments[index].tokens;
    size_t length = strlen(text), token = 0;
    for (size_t at = 0; at < length; at++) {
        dx_date_scan scan;
        bool candidate = (text[at] >= '0' && text[at] <= '9') || month_begins(tokens, &token, at) ||
                         (reading->hypotheses.ocr && strchr("OoDlISBZ", text[at]));
        if (!candidate || !word_start(text, at) || !dx_date_scan_at(ctx, text, length, at, &reading->hypotheses, &scan))
            continue;
        dx_mark *mark = add_mark(ctx, reading, index, (uint32_t)at, (uint32_t)scan.end);
        if (!mark)
            return DOXIN_E_NOMEM;
        mark->kind = DX_MARK_DATE;
        mark->date = scan.date;
        mark->date_open = scan.open;
        mark->date_named = scan.named;
        at = scan.end - 1;
    }
    return ctx->error.status;
}

static bool covered(const dx_reading *reading, uint32_t first, uint32_t begin, uint32_t end)
{
    for (size_t i = first; i < reading->mark_count; i++)
        if (reading->marks[i].begin < end && reading->marks[i].end > begin)
            return true;
    return false;
}

/* Words one after the other that stand closer than two different cells would. */
static bool close_together(const dx_reading *reading, uint32_t word)
{
    const dx_layout_word *a = &reading->layout->words[word], *b = a + 1;
    return b->glued || b->box.x0 - a->box.x1 <= b->font_size * 13 / 20; /* a space of fixed-width type is 0.6 */
}

static bool all_digits(const char *text, int size)
{
    for (int i = 0; i < size; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return size > 0;
}

/* May the words be read as one amount? Digits grouped by a space need groups of three and little room. */
static bool may_join(const dx_reading *reading, uint32_t first, uint32_t count)
{
    const dx_layout_word *words = reading->layout->words;
    for (uint32_t i = first; i + 1 < first + count; i++) {
        const dx_layout_word *a = &words[i], *b = &words[i + 1];
        bool digits_before = a->text[a->size - 1] >= '0' && a->text[a->size - 1] <= '9';
        bool digits_after = b->text[0] >= '0' && b->text[0] <= '9';
        bool torn = (a->text[a->size - 1] == '.' || a->text[a->size - 1] == ',') && digits_after && a->size > 1;
        if (torn) { /* "12. 50", from a recogniser only */
            if (!reading->hypotheses.ocr || b->size < 2 || b->box.x0 - a->box.x1 > a->font_size)
                return false;
            continue;
        }
        if (!digits_before)
            continue;
        if (b->text[0] == '.' || b->text[0] == ',') {
            if (!close_together(reading, i))
                return false;
            continue;
        }
        if (!digits_after)
            continue;
        const char *separator = strpbrk(a->text, ".,");
        if (separator || !close_together(reading, i) || !all_digits(b->text, b->size < 3 ? b->size : 3) ||
            b->size < 3 || (b->size > 3 && b->text[3] >= '0' && b->text[3] <= '9'))
            return false;
        if (i == first && a->size > 3 && all_digits(a->text, a->size))
            return false;
    }
    return true;
}

static bool looks_numeric(const dx_layout_word *word)
{
    for (int i = 0; i < word->size; i++)
        if (word->text[i] >= '0' && word->text[i] <= '9')
            return true;
    return false;
}

static doxin_status add_number(dx_ctx *ctx, dx_reading *reading, uint32_t index, uint32_t begin, uint32_t end,
                               const dx_number_scan *scan)
{
    dx_mark *mark = add_mark(ctx, reading, index, begin, end);
    if (!mark)
        return DOXIN_E_NOMEM;
    mark->kind = scan->percent ? DX_MARK_PERCENT : DX_MARK_AMOUNT;
    mark->number = scan->number;
    mark->has_currency = scan->has_currency;
    memcpy(mark->currency, scan->currency, sizeof mark->currency);
    mark->ambiguous = scan->ambiguous;
    mark->money = scan->has_currency || scan->number.scale == 2;
    return DOXIN_OK;
}

enum { JOIN_MAX = 5, IBAN_WORDS = 10 };

/* The words that spell an IBAN from word i on, 0 for none: its groups of digits are no numbers. */
static uint32_t iban_words(const dx_reading *reading, uint32_t index, uint32_t i)
{
    char compact[40];
    const dx_segment *segment = &reading->layout->segments[index];
    const dx_segment_reading *own = &reading->segments[index];
    const char *start = segment->text + own->offsets[i];
    if (start[0] < 'A' || start[0] > 'Z' || start[1] < 'A' || start[1] > 'Z')
        return 0;
    uint32_t most = segment->word_count - i < IBAN_WORDS ? segment->word_count - i : IBAN_WORDS;
    for (uint32_t count = most; count > 0; count--) {
        const dx_layout_word *last = &reading->layout->words[segment->first_word + i + count - 1];
        size_t length = own->offsets[i + count - 1] + (size_t)last->size - own->offsets[i];
        if (dx_iban_check(start, length, compact) == DX_CHECK_GOOD)
            return count;
    }
    return 0;
}

static doxin_status mark_numbers(dx_ctx *ctx, dx_reading *reading, uint32_t index)
{
    const dx_segment *segment = &reading->layout->segments[index];
    const dx_segment_reading *own = &reading->segments[index];
    for (uint32_t i = 0; i < segment->word_count;) {
        uint32_t most = segment->word_count - i < JOIN_MAX ? segment->word_count - i : JOIN_MAX;
        uint32_t taken = iban_words(reading, index, i);
        for (uint32_t count = most; count > 0 && taken == 0; count--) {
            uint32_t first = segment->first_word + i, begin = own->offsets[i];
            const dx_layout_word *last = &reading->layout->words[first + count - 1];
            uint32_t end = own->offsets[i + count - 1] + (uint32_t)last->size;
            bool digits = false;
            for (uint32_t k = first; k < first + count; k++)
                digits |= looks_numeric(&reading->layout->words[k]);
            dx_number_scan scan;
            if (!digits || covered(reading, own->first_mark, begin, end) || !may_join(reading, first, count) ||
                !dx_number_scan_text(segment->text + begin, end - begin, &reading->hypotheses, &scan))
                continue;
            if (add_number(ctx, reading, index, begin, end, &scan) != DOXIN_OK)
                return DOXIN_E_NOMEM;
            taken = count;
        }
        i += taken > 0 ? taken : 1;
    }
    return DOXIN_OK;
}

/* "(19%)", "19%:", "Tax(6%)": a percentage inside a word that is more. */
static doxin_status mark_percents(dx_ctx *ctx, dx_reading *reading, uint32_t index)
{
    const char *text = reading->layout->segments[index].text;
    const dx_segment_reading *own = &reading->segments[index];
    for (const char *sign = strchr(text, '%'); sign; sign = strchr(sign + 1, '%')) {
        size_t end = (size_t)(sign - text), begin = end;
        if (begin > 0 && text[begin - 1] == ' ')
            begin--;
        while (begin > 0 && strchr("0123456789.,", text[begin - 1]))
            begin--;
        dx_number_scan scan;
        if (begin == end || covered(reading, own->first_mark, (uint32_t)begin, (uint32_t)end + 1) ||
            !dx_number_scan_text(text + begin, end + 1 - begin, &reading->hypotheses, &scan))
            continue;
        if (add_number(ctx, reading, index, (uint32_t)begin, (uint32_t)end + 1, &scan) != DOXIN_OK)
            return DOXIN_E_NOMEM;
    }
    return DOXIN_OK;
}

/* An amount glued to other text: "Total:12.50", "RM12.50/pc", "(EUR):480,22". */
static doxin_status mark_glued(dx_ctx *ctx, dx_reading *reading, uint32_t index)
{
    const char *text = reading->layout->segments[index].text;
    const dx_segment_reading *own = &reading->segments[index];
    size_t length = strlen(text);
    for (size_t at = 0; at < length; at++) {
        bool begins = text[at] >= '0' && text[at] <= '9' && at > 0 && strchr(":)=$(", text[at - 1]);
        if (!begins)
            continue;
        size_t end = at;
        while (end < length && strchr("0123456789.,", text[end]))
            end++;
        dx_number_scan scan;
        if (!covered(reading, own->first_mark, (uint32_t)at, (uint32_t)end) &&
            (end == length || text[end] == ' ' || text[end] == ')') &&
            dx_number_scan_text(text + at, end - at, &reading->hypotheses, &scan) &&
            add_number(ctx, reading, index, (uint32_t)at, (uint32_t)end, &scan) != DOXIN_OK)
            return DOXIN_E_NOMEM;
        at = end;
    }
    return DOXIN_OK;
}

/* Insertion sort: the marks of one segment are few. */
static void sort_marks(dx_mark *marks, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        dx_mark mark = marks[i];
        size_t k = i;
        for (; k > 0 && marks[k - 1].begin > mark.begin; k--)
            marks[k] = marks[k - 1];
        marks[k] = mark;
    }
}

/* Where the recogniser's other reading of a word is another amount, the sums may choose it. */
static doxin_status mark_second_readings(dx_ctx *ctx, dx_reading *reading)
{
    size_t count = reading->mark_count;
    for (size_t i = 0; i < count; i++) {
        dx_mark mark = reading->marks[i];
        const dx_layout_word *word = &reading->layout->words[mark.first_word];
        dx_number_scan scan;
        if (mark.kind != DX_MARK_AMOUNT || mark.word_count != 1 || !word->alternative ||
            !dx_number_scan_text(word->alternative, strlen(word->alternative), &reading->hypotheses, &scan) ||
            scan.percent || dx_decimal_compare(scan.number, mark.number) == 0)
            continue;
        mark.number = scan.number;
        mark.money = scan.has_currency || scan.number.scale == 2;
        mark.ambiguous = scan.ambiguous;
        dx_mark *second =
            dx_push(ctx, (void **)&reading->marks, &reading->mark_count, &reading->mark_capacity, sizeof *second);
        if (!second)
            return DOXIN_E_NOMEM;
        *second = mark;
        reading->marks[i].second = (uint32_t)(reading->mark_count - 1);
    }
    reading->mark_count = count;
    return DOXIN_OK;
}

doxin_status dx_reading_marks(dx_ctx *ctx, dx_reading *reading)
{
    for (uint32_t i = 0; i < reading->layout->segment_count; i++) {
        dx_segment_reading *own = &reading->segments[i];
        own->first_mark = (uint32_t)reading->mark_count;
        doxin_status status = (i & 255) == 0 ? dx_check(ctx) : DOXIN_OK;
        if (status == DOXIN_OK)
            status = mark_dates(ctx, reading, i);
        if (status == DOXIN_OK)
            status = mark_numbers(ctx, reading, i);
        if (status == DOXIN_OK)
            status = mark_percents(ctx, reading, i);
        if (status == DOXIN_OK)
            status = mark_glued(ctx, reading, i);
        if (status != DOXIN_OK)
            return status;
        own->mark_count = (uint32_t)reading->mark_count - own->first_mark;
        sort_marks(reading->marks + own->first_mark, own->mark_count);
    }
    return mark_second_readings(ctx, reading);
}
