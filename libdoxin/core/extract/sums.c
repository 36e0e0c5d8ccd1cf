/* Candidates for the sums of a document: amounts beside or below the labels of sums. */
#include "core/extract/learned.h"
#include "core/extract/totals.h"

#include <stdlib.h>
#include <string.h>

enum { CENT = 100, SECOND_READING = 60 };

int64_t dx_amount_whole(dx_decimal number)
{
    dx_decimal rounded;
    if (!dx_decimal_round(number, DX_AMOUNT_SCALE, &rounded))
        return 0;
    return rounded.units;
}

int64_t dx_amount_percent(int64_t base, int64_t rate)
{
    /* base/1e4 × rate/1e6, rounded half away from zero to cents, in 1/1e4 again. */
    __int128 product = (__int128)base * rate;
    __int128 unit = (__int128)1000000 * CENT, half = unit / 2;
    __int128 cents = product >= 0 ? (product + half) / unit : (product - half) / unit;
    return (int64_t)(cents * CENT);
}

bool dx_amount_close(int64_t a, int64_t b, int64_t tolerance)
{
    int64_t difference = a > b ? a - b : b - a;
    return difference <= tolerance;
}

static const struct concept_role {
    dx_concept concept;
    dx_role role;
    int prior;
} roles[] = {
    {DX_TERM_SUBTOTAL, DX_ROLE_SUBTOTAL, 0},       {DX_TERM_LINES_TOTAL, DX_ROLE_LINES, 0},
    {DX_TERM_LINES_TOTAL, DX_ROLE_SUBTOTAL, -120}, {DX_TERM_TAX_BASE, DX_ROLE_SUBTOTAL, -100},
    {DX_TERM_TAX_AMOUNT, DX_ROLE_TAX, 0},          {DX_TERM_TOTAL, DX_ROLE_TOTAL, 0},
    {DX_TERM_AMOUNT_DUE, DX_ROLE_DUE, 0},          {DX_TERM_AMOUNT_DUE, DX_ROLE_TOTAL, -90},
    {DX_TERM_SUBTOTAL, DX_ROLE_TOTAL, -300},       {DX_TERM_DISCOUNT_TOTAL, DX_ROLE_DISCOUNT, 0},
    {DX_TERM_CHARGE_TOTAL, DX_ROLE_CHARGE, 0},     {DX_TERM_FREIGHT, DX_ROLE_FREIGHT, 0},
    {DX_TERM_PREPAID, DX_ROLE_PREPAID, 0},         {DX_TERM_ROUNDING, DX_ROLE_ROUNDING, 0},
    {DX_TERM_TENDERED, DX_ROLE_TENDERED, 0},       {DX_TERM_CHANGE, DX_ROLE_CHANGE, 0},
    {DX_TERM_TOTAL, DX_ROLE_SUBTOTAL, -150},
};

static void keep(dx_sums *sums, dx_role role, const dx_sum *sum)
{
    dx_sum *list = sums->role[role];
    size_t *count = &sums->count[role];
    for (size_t i = 0; i < *count; i++) {
        if (list[i].value != sum->value)
            continue;
        if (list[i].score >= sum->score)
            return;
        memmove(&list[i], &list[i + 1], (*count - i - 1) * sizeof *list);
        --*count;
        break;
    }
    size_t at = *count;
    while (at > 0 && list[at - 1].score < sum->score)
        at--;
    if (at >= DX_ROLE_CANDIDATES)
        return;
    size_t moved = *count < DX_ROLE_CANDIDATES ? *count - at : DX_ROLE_CANDIDATES - 1 - at;
    memmove(&list[at + 1], &list[at], moved * sizeof *list);
    list[at] = *sum;
    if (*count < DX_ROLE_CANDIDATES)
        ++*count;
}

/* What a label of a sum says, with the words behind it: "Total (excl. VAT)" is a subtotal. */
typedef struct sum_label {
    uint32_t label;
    bool net, gross, tax_behind;
} sum_label;

static void words_behind(const dx_reading *reading, sum_label *out)
{
    const dx_label *label = &reading->labels[out->label];
    const dx_tokens *tokens = &reading->segments[label->segment].tokens;
    size_t limit = label->terms[0].end + 6;
    for (size_t token = label->terms[0].end; token < tokens->count && token < limit; token++) {
        dx_term term;
        if (dx_lexicon_find(tokens, token, DX_TERM_GROSS, &term)) {
            out->gross = true;
            token = term.end - 1;
        } else if (dx_lexicon_find(tokens, token, DX_TERM_NET, &term)) {
            out->net = true;
            token = term.end - 1;
        } else if (!out->gross && !out->net && dx_lexicon_find(tokens, token, DX_TERM_TAX, &term)) {
            out->tax_behind = true;
        }
    }
}

static int role_prior(const sum_label *label, const struct concept_role *role)
{
    if (role->concept == DX_TERM_TOTAL && (label->net || label->tax_behind) && !label->gross) {
        if (role->role == DX_ROLE_SUBTOTAL)
            return label->net ? 0 : role->prior;
        return -200;
    }
    if (role->concept == DX_TERM_SUBTOTAL && label->gross && !label->net)
        return role->role == DX_ROLE_TOTAL ? -60 : -150;
    return role->prior;
}

/* What the recogniser's confidence in the least sure word lacks to that of a clean print: 0 … 900. */
static int unsureness(const dx_reading *reading, const dx_mark *mark)
{
    enum { CLEAN = 900 };
    int least = CLEAN;
    for (uint32_t i = 0; i < mark->word_count; i++)
        if (reading->layout->words[mark->first_word + i].confidence < least)
            least = reading->layout->words[mark->first_word + i].confidence;
    return CLEAN - least;
}

static int mark_score(const dx_reading *reading, const dx_mark *mark)
{
    const dx_layout_page *page = &reading->layout->pages[mark->page];
    int score = mark->money ? 40 : -80;
    if (mark->has_currency)
        score += 15;
    if (mark->in_items)
        score -= 150;
    if (page->source->height > 0)
        score += (int)((int64_t)mark->box.y0 * 30 / page->source->height);
    const dx_layout_word *word = &reading->layout->words[mark->first_word];
    if (word->flags & DX_WIRE_OCR)
        score -= unsureness(reading, mark) / 12;
    if (word->flags & DX_WIRE_BOLD)
        score += 15;
    if (word->font_size > page->font_size + page->font_size / 8)
        score += 15;
    return score;
}

/* Whole numbers without a currency are counts, codes or years far more often than sums. */
static bool may_be_sum(const dx_reading *reading, const dx_mark *mark)
{
    if (mark->kind != DX_MARK_AMOUNT || mark->number.scale > 4)
        return false;
    if (mark->money)
        return true;
    int64_t units = mark->number.units < 0 ? -mark->number.units : mark->number.units;
    return units < (reading->hypotheses.ocr ? 1000000 : 100000000);
}

static void offer(const dx_reading *reading, dx_sums *sums, const sum_label *from, uint32_t mark_index, int relation)
{
    const dx_label *label = &reading->labels[from->label];
    const dx_mark *mark = &reading->marks[mark_index];
    if (mark->second != DX_NO_INDEX)
        offer(reading, sums, from, mark->second, relation - SECOND_READING);
    if (!may_be_sum(reading, mark))
        return;
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        const dx_term *term = dx_label_term(label, roles[i].concept);
        if (!term)
            continue;
        static const int strength[] = {0, -60, 80, 180};
        dx_sum sum = {dx_amount_whole(mark->number), mark_index, 0, from->label, false, NULL};
        sum.score = strength[term->strength] + role_prior(from, &roles[i]) + relation + mark_score(reading, mark);
        if (!label->starts && !label->colon)
            sum.score -= 50;
        if (roles[i].role == DX_ROLE_TOTAL && sum.value == 0)
            sum.score -= 150;
        keep(sums, roles[i].role, &sum);
    }
    if (from->tax_behind && !from->net && dx_label_term(label, DX_TERM_TOTAL)) {
        dx_sum sum = {dx_amount_whole(mark->number),
                      mark_index,
                      60 + relation + mark_score(reading, mark),
                      from->label,
                      false,
                      NULL};
        keep(sums, DX_ROLE_TAX, &sum);
    }
}

static bool has_sum_label(const dx_reading *reading, uint32_t segment, uint32_t before)
{
    const dx_segment_reading *own = &reading->segments[segment];
    for (uint32_t i = own->first_label; i < own->first_label + own->label_count; i++)
        if (reading->labels[i].begin < before && dx_label_in_group(&reading->labels[i], DX_GROUP_AMOUNT) &&
            reading->labels[i].starts && !dx_label_term(&reading->labels[i], DX_TERM_TAX_BASE))
            return true;
    return false;
}

enum { ON_LINE = 12 };

/* Amounts behind the label on its line, up to the next label of a sum; the rightmost is the likeliest. */
static size_t offer_line(const dx_reading *reading, dx_sums *sums, const sum_label *from)
{
    const dx_label *label = &reading->labels[from->label];
    uint32_t found[ON_LINE];
    size_t count = 0;
    for (uint32_t segment = label->segment; segment != DX_NO_INDEX && count < ON_LINE;
         segment = reading->layout->segments[segment].right) {
        const dx_segment_reading *own = &reading->segments[segment];
        if (segment != label->segment && has_sum_label(reading, segment, UINT32_MAX))
            break;
        for (uint32_t i = own->first_mark; i < own->first_mark + own->mark_count && count < ON_LINE; i++) {
            const dx_mark *mark = &reading->marks[i];
            bool behind = segment != label->segment || mark->begin >= label->end;
            if (behind && mark->kind == DX_MARK_AMOUNT)
                found[count++] = i;
        }
        for (uint32_t i = own->first_label; segment == label->segment && i < own->first_label + own->label_count; i++) {
            const dx_label *next = &reading->labels[i];
            if (next->begin > label->end && dx_label_in_group(next, DX_GROUP_AMOUNT) && next->colon && count > 0)
                goto done; /* "Net: 10.00 VAT: 1.90" in one piece */
        }
    }
done:
    for (size_t i = 0; i < count && !reading->marks[found[count - 1]].money; i++)
        if (reading->marks[found[count - 1 - i]].money) {
            count -= i; /* a rate or a count closes the line */
            break;
        }
    for (size_t i = 0; i < count; i++)
        offer(reading, sums, from, found[i], (count > 1 ? 70 : 100) - 60 * (int)(count - 1 - i));
    return count;
}

/* Amounts in the column below the label: the head of a summary, or a lonely box. */
static void offer_below(const dx_reading *reading, dx_sums *sums, const sum_label *from, bool line_had_some)
{
    const dx_label *label = &reading->labels[from->label];
    uint32_t below[5];
    size_t count = dx_reading_below(reading, label, below, 5);
    int rank = 0;
    for (size_t i = 0; i < count; i++) {
        const dx_segment_reading *own = &reading->segments[below[i]];
        for (uint32_t k = own->first_mark; k < own->first_mark + own->mark_count; k++) {
            const dx_mark *mark = &reading->marks[k];
            if (mark->kind != DX_MARK_AMOUNT ||
                dx_overlap(mark->box.x0, mark->box.x1, label->box.x0, label->box.x1) <= 0)
                continue;
            offer(reading, sums, from, k, 30 - 25 * rank - (line_had_some ? 120 : 0));
            rank++;
        }
    }
}

static void collect_rates(const dx_reading *reading, dx_sums *sums)
{
    for (size_t i = 0; i < reading->mark_count; i++) {
        if (reading->marks[i].kind != DX_MARK_PERCENT)
            continue;
        int64_t rate = dx_amount_whole(reading->marks[i].number);
        bool known = rate <= 0 || rate > 40 * 10000;
        for (size_t k = 0; k < sums->rate_count; k++)
            known |= sums->rates[k] == rate;
        if (!known && sums->rate_count < sizeof sums->rates / sizeof *sums->rates)
            sums->rates[sums->rate_count++] = rate;
    }
}

/* Amounts without a label may still be the total: the largest ones, with little weight. */
static void offer_largest(const dx_reading *reading, dx_sums *sums)
{
    for (uint32_t i = 0; i < reading->mark_count; i++) {
        const dx_mark *mark = &reading->marks[i];
        if (mark->kind != DX_MARK_AMOUNT || !mark->money || mark->number.units <= 0)
            continue;
        dx_sum sum = {dx_amount_whole(mark->number), i, -220 + mark_score(reading, mark), DX_NO_INDEX, false, NULL};
        keep(sums, DX_ROLE_TOTAL, &sum);
    }
}

/* Amounts that stand where corrections found this vendor's before. Strong beside a label, weaker than an equation. */
static void offer_learned(const dx_reading *reading, dx_sums *sums)
{
    static const struct {
        dx_header_id field;
        dx_role role;
    } fields[] = {{DX_HEADER_SUBTOTAL, DX_ROLE_SUBTOTAL},
                  {DX_HEADER_TAX_AMOUNT, DX_ROLE_TAX},
                  {DX_HEADER_TOTAL, DX_ROLE_TOTAL},
                  {DX_HEADER_LINES_TOTAL, DX_ROLE_LINES},
                  {DX_HEADER_DISCOUNT_TOTAL, DX_ROLE_DISCOUNT},
                  {DX_HEADER_CHARGE_TOTAL, DX_ROLE_CHARGE},
                  {DX_HEADER_FREIGHT, DX_ROLE_FREIGHT},
                  {DX_HEADER_PREPAID, DX_ROLE_PREPAID},
                  {DX_HEADER_AMOUNT_DUE, DX_ROLE_DUE},
                  {DX_HEADER_ROUNDING, DX_ROLE_ROUNDING}};
    for (size_t i = 0; reading->hints && i < reading->hints->count; i++) {
        const dx_hint *hint = &reading->hints->items[i];
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
            if (fields[k].field != hint->place->field || hint->mark == DX_NO_INDEX)
                continue;
            dx_sum sum = {dx_amount_whole(reading->marks[hint->mark].number),
                          hint->mark,
                          dx_hint_score(hint) - 120,
                          DX_NO_INDEX,
                          true,
                          NULL};
            keep(sums, fields[k].role, &sum);
        }
    }
}

doxin_status dx_sums_find(dx_ctx *ctx, const dx_reading *reading, dx_sums *out)
{
    *out = (dx_sums){0};
    offer_largest(reading, out);
    for (uint32_t i = 0; i < reading->label_count; i++) {
        if (!dx_label_in_group(&reading->labels[i], DX_GROUP_AMOUNT))
            continue;
        out->rounding_named |= dx_label_term(&reading->labels[i], DX_TERM_ROUNDING) != NULL;
        sum_label from = {i, false, false, false};
        words_behind(reading, &from);
        size_t on_line = offer_line(reading, out, &from);
        offer_below(reading, out, &from, on_line > 0);
    }
    offer_learned(reading, out);
    collect_rates(reading, out);
    dx_tax_rows_find(reading, out);
    return dx_check(ctx);
}
