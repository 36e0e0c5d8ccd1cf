/* The choice of subtotal, tax and total that agrees best with labels and arithmetic.
 *
 * Each combination has a score: the candidates' log-odds, and for every equation that holds the log-likelihood ratio
 * against holding by chance. The share of a value in all combinations is its confidence. */
#include "core/extract/totals.h"

#include "base/value/country.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CENTS = 100, NOT_TAKEN = -1, PAID_EQUATION = 250 };

typedef struct combination {
    int subtotal, tax, total; /* indices into the roles' candidates, or NOT_TAKEN */
    int score;
} combination;

typedef struct chooser {
    const dx_reading *reading;
    const dx_sums *sums;
    const dx_items *items;
    int64_t lines_sum, rows_tax, rows_base;
    bool has_lines, has_rows;
} chooser;

/* Agreement of a number with more digits is less likely to be chance. */
static int digits_weight(int64_t value)
{
    int digits = 0;
    for (int64_t rest = llabs(value) / CENTS; rest > 0; rest /= 10)
        digits++;
    return digits > 6 ? 6 : digits;
}

static bool any_equals(const chooser *c, dx_role role, int64_t value)
{
    for (size_t i = 0; i < c->sums->count[role]; i++)
        if (llabs(c->sums->role[role][i].value) == llabs(value) && c->sums->role[role][i].score > 0)
            return true;
    return false;
}

static bool known_rate(const chooser *c, int64_t base, int64_t tax)
{
    const int *rates = c->reading->hypotheses.country[0] ? dx_vat_rates(c->reading->hypotheses.country) : NULL;
    for (; rates && *rates; rates++)
        if (dx_amount_close(dx_amount_percent(base, (int64_t)*rates * 100), tax, 2 * CENTS))
            return true;
    return false;
}

static bool printed_rate(const chooser *c, int64_t base, int64_t tax)
{
    for (size_t i = 0; i < c->sums->rate_count; i++)
        if (dx_amount_close(dx_amount_percent(base, c->sums->rates[i]), tax, 2 * CENTS))
            return true;
    return false;
}

static int tax_score(const chooser *c, int64_t base, int64_t tax, int64_t total)
{
    int score = 0;
    if (tax == 0)
        return 0;
    if (printed_rate(c, base, tax))
        score += 50 * digits_weight(tax);
    else if (known_rate(c, base, tax))
        score += 25 * digits_weight(tax);
    if (llabs(tax) * 100 > llabs(total) * 35)
        score -= 250;
    if (c->has_rows && tax == c->rows_tax)
        score += 40 * digits_weight(tax);
    return score;
}

/* Is it what remains when a smaller coin is rounded away: 87.08 -> 87.10, 12.37 -> 12.35? */
static bool rounds_to(int64_t exact, int64_t paid)
{
    enum { COIN = 5 * CENTS };
    return paid % COIN == 0 && exact % COIN != 0 && llabs(exact - paid) < COIN;
}

static int both_score(const chooser *c, int64_t subtotal, int64_t total)
{
    int score = 0;
    if (subtotal == total)
        return 0;
    if (llabs(subtotal) > llabs(total))
        score -= 120;
    if (c->sums->rounding_named && rounds_to(total, subtotal))
        score -= 300; /* what is paid, not what the taxes are added to */
    if (c->has_rows && dx_amount_close(total - subtotal, c->rows_tax, CENTS))
        score += 40 * digits_weight(c->rows_tax);
    else if (known_rate(c, subtotal, total - subtotal))
        score += 60;
    else
        score -= 60;
    return score;
}

/* What a till prints about the payment: cash less change, the amount of a card, a sum rounded to coins. derived: the
 * total is itself cash less change. */
static int paid_score(const chooser *c, int64_t total, bool derived)
{
    const dx_sums *sums = c->sums;
    int score = 0;
    for (size_t i = 0; i < sums->count[DX_ROLE_TENDERED]; i++) {
        for (size_t k = 0; k < sums->count[DX_ROLE_CHANGE]; k++) {
            int64_t cash = sums->role[DX_ROLE_TENDERED][i].value, change = llabs(sums->role[DX_ROLE_CHANGE][k].value);
            if (!derived && cash > 0 && cash - change == total)
                score = score < PAID_EQUATION ? PAID_EQUATION : score;
        }
        /* Paid exactly, as with a card; with change there, the digits of one of them may be misread. */
        int exact = sums->count[DX_ROLE_CHANGE] == 0 ? 100 : 60;
        if (sums->role[DX_ROLE_TENDERED][i].value == total && total != 0 && score < exact)
            score = exact;
    }
    bool rounded = false;
    for (size_t i = 0; i < sums->count[DX_ROLE_ROUNDING]; i++) {
        int64_t rounding = sums->role[DX_ROLE_ROUNDING][i].value;
        rounded |= rounding != 0 && llabs(rounding) <= 5 * CENTS && any_equals(c, DX_ROLE_TOTAL, total - rounding);
    }
    score += rounded ? 120 : 0;
    /* The rounding itself may be unreadable; hardly anything else is so near to a total. */
    for (size_t i = 0; sums->rounding_named && !rounded && i < sums->count[DX_ROLE_TOTAL]; i++)
        if (sums->role[DX_ROLE_TOTAL][i].score > 100 && rounds_to(sums->role[DX_ROLE_TOTAL][i].value, total))
            return score + 300;
    return score;
}

static int total_score(const chooser *c, const dx_sum *sum, int64_t tax)
{
    int64_t total = sum->value;
    int score = 0;
    const dx_sums *sums = c->sums;
    if (any_equals(c, DX_ROLE_DUE, total))
        score += 50;
    for (size_t i = 0; i < sums->count[DX_ROLE_PREPAID]; i++) {
        int64_t paid = llabs(sums->role[DX_ROLE_PREPAID][i].value);
        if (paid != 0 && any_equals(c, DX_ROLE_DUE, total - paid))
            score += 60;
    }
    if (c->has_lines && (c->lines_sum == total || c->lines_sum + tax == total))
        score += 30 * digits_weight(total);
    int64_t rows = c->rows_base + c->rows_tax;
    if (c->has_rows && c->rows_tax != 0 && (rows == total || (sums->rounding_named && rounds_to(rows, total))))
        score += 30 * digits_weight(total);
    return score + paid_score(c, total, sum->mark == DX_NO_INDEX);
}

static int subtotal_score(const chooser *c, int64_t subtotal)
{
    int score = 0;
    const dx_sums *sums = c->sums;
    if (c->has_rows && subtotal == c->rows_base)
        score += 30 * digits_weight(subtotal);
    if (c->has_lines && c->lines_sum == subtotal)
        score += 30 * digits_weight(subtotal);
    for (size_t i = 0; i < sums->count[DX_ROLE_LINES]; i++) {
        int64_t lines = sums->role[DX_ROLE_LINES][i].value;
        int64_t rest = subtotal - lines;
        if (rest == 0)
            continue;
        bool explained = any_equals(c, DX_ROLE_CHARGE, rest) || any_equals(c, DX_ROLE_DISCOUNT, rest) ||
                         any_equals(c, DX_ROLE_FREIGHT, rest);
        for (size_t k = 0; !explained && k < sums->count[DX_ROLE_CHARGE]; k++)
            explained = any_equals(c, DX_ROLE_DISCOUNT, rest - llabs(sums->role[DX_ROLE_CHARGE][k].value));
        if (explained)
            score += 100;
    }
    return score;
}

static bool rest_explained(const chooser *c, int64_t rest)
{
    return any_equals(c, DX_ROLE_ROUNDING, rest) || any_equals(c, DX_ROLE_FREIGHT, rest) ||
           any_equals(c, DX_ROLE_DISCOUNT, rest) || any_equals(c, DX_ROLE_CHARGE, rest);
}

static int combination_score(const chooser *c, const combination *choice)
{
    const dx_sum *s = choice->subtotal < 0 ? NULL : &c->sums->role[DX_ROLE_SUBTOTAL][choice->subtotal];
    const dx_sum *t = choice->tax < 0 ? NULL : &c->sums->role[DX_ROLE_TAX][choice->tax];
    const dx_sum *g = choice->total < 0 ? NULL : &c->sums->role[DX_ROLE_TOTAL][choice->total];
    int score = (s ? s->score : 0) + (t ? t->score : 0) + (g ? g->score : 0);
    if (s && t && s->mark == t->mark && s->mark != DX_NO_INDEX)
        score -= 300;
    if (t && g && (t->mark == g->mark || (t->value == g->value && t->value != 0)))
        score -= 300;
    if (s && g && s->mark == g->mark)
        score -= 150;
    if (s && t && g) {
        int64_t rest = g->value - s->value - t->value;
        if (rest == 0)
            score += t->value == 0 ? 60 : 50 * (digits_weight(g->value) + 1);
        else if (t->value != 0 && s->value == g->value && printed_rate(c, g->value - t->value, t->value))
            score += 50; /* the tax is in both */
        else if (rest_explained(c, rest))
            score += 120;
        else
            score -= llabs(rest) <= 5 * CENTS ? 100 : 250;
    } else if (s && g) {
        score += both_score(c, s->value, g->value);
    } else if (t && g && t->value != 0) {
        score += tax_score(c, g->value - t->value, t->value, g->value) / 2;
    }
    if (t && (s || g))
        score += tax_score(c, s ? s->value : g->value - t->value, t->value, g ? g->value : s->value + t->value);
    if (g)
        score += total_score(c, g, t ? t->value : 0);
    if (s)
        score += subtotal_score(c, s->value);
    return score;
}

enum { TAX_LABELS = 6, TAX_LIKELY = 150 };

/* Several rates: the tax is the sum of the amounts at their labels, and no number of its own. Such a sum is a candidate
 * where it closes the gap between a subtotal and a total. */
static void offer_tax_sums(dx_sums *sums)
{
    const dx_sum *list = sums->role[DX_ROLE_TAX];
    size_t likely = 0;
    while (likely < sums->count[DX_ROLE_TAX] && likely < TAX_LABELS && list[likely].score >= TAX_LIKELY)
        likely++;
    for (unsigned set = 3; likely > 1 && set < 1u << likely; set++) {
        if ((set & (set - 1)) == 0)
            continue;
        int64_t sum = 0;
        int score = 0;
        for (size_t i = 0; i < likely; i++) {
            sum += set & (1u << i) ? list[i].value : 0;
            score += set & (1u << i) ? 0 : 40; /* a labelled amount that is left out */
        }
        bool closes = false;
        for (size_t s = 0; s < sums->count[DX_ROLE_SUBTOTAL]; s++)
            for (size_t g = 0; g < sums->count[DX_ROLE_TOTAL]; g++)
                closes |= sums->role[DX_ROLE_TOTAL][g].value - sums->role[DX_ROLE_SUBTOTAL][s].value == sum &&
                          sums->role[DX_ROLE_TOTAL][g].score > 100 && sums->role[DX_ROLE_SUBTOTAL][s].score > 100;
        if (!closes || sums->count[DX_ROLE_TAX] == 0)
            continue;
        size_t at = sums->count[DX_ROLE_TAX] < DX_ROLE_CANDIDATES ? sums->count[DX_ROLE_TAX]++ : DX_ROLE_CANDIDATES - 1;
        sums->role[DX_ROLE_TAX][at] =
            (dx_sum){sum, DX_NO_INDEX, 240 - score, DX_NO_INDEX, false, "the sum of the taxes of all rates"};
        return;
    }
}

/* Cash less change is what was paid: a candidate where no total is read that agrees. What is read as a total above the
 * cash is unlikely. */
static void offer_paid(dx_sums *sums)
{
    enum { LIKELY = 150, LESS_SURE = 40 };
    if (sums->count[DX_ROLE_TENDERED] == 0 || sums->count[DX_ROLE_CHANGE] == 0)
        return;
    const dx_sum *cash = &sums->role[DX_ROLE_TENDERED][0], *change = &sums->role[DX_ROLE_CHANGE][0];
    int64_t paid = cash->value - llabs(change->value);
    int score = (cash->score < change->score ? cash->score : change->score) - LESS_SURE;
    size_t count = sums->count[DX_ROLE_TOTAL];
    if (score + LESS_SURE < LIKELY || paid <= 0 || change->value == 0)
        return;
    for (size_t i = 0; i < count; i++)
        if (sums->role[DX_ROLE_TOTAL][i].value > cash->value)
            sums->role[DX_ROLE_TOTAL][i].score -= 2 * LIKELY;
    for (size_t i = 0; i < count; i++) {
        dx_sum *read = &sums->role[DX_ROLE_TOTAL][i];
        if (read->value != paid)
            continue;
        /* The equation is counted when the sums are chosen; without a label it is all that speaks for the number. */
        if (read->score < score - PAID_EQUATION)
            read->score = score - PAID_EQUATION;
        return;
    }
    if (count == DX_ROLE_CANDIDATES)
        count--;
    sums->role[DX_ROLE_TOTAL][count] = (dx_sum){paid, DX_NO_INDEX, score, DX_NO_INDEX, false, "cash less change"};
    sums->count[DX_ROLE_TOTAL] = count + 1;
}

typedef struct value_shares {
    double total;
    double role[3][DX_ROLE_CANDIDATES + 1]; /* [role][index + 1] */
} value_shares;

static void choose(const chooser *c, combination *best, value_shares *shares)
{
    *best = (combination){NOT_TAKEN, NOT_TAKEN, NOT_TAKEN, 0};
    memset(shares, 0, sizeof *shares);
    for (int pass = 0; pass < 2; pass++) {
        for (int s = NOT_TAKEN; s < (int)c->sums->count[DX_ROLE_SUBTOTAL]; s++) {
            for (int t = NOT_TAKEN; t < (int)c->sums->count[DX_ROLE_TAX]; t++) {
                for (int g = NOT_TAKEN; g < (int)c->sums->count[DX_ROLE_TOTAL]; g++) {
                    combination choice = {s, t, g, 0};
                    choice.score = combination_score(c, &choice);
                    if (pass == 0 && choice.score > best->score)
                        *best = choice;
                    if (pass == 0)
                        continue;
                    double weight = exp((choice.score - best->score) / 100.0);
                    shares->total += weight;
                    shares->role[0][s + 1] += weight;
                    shares->role[1][t + 1] += weight;
                    shares->role[2][g + 1] += weight;
                }
            }
        }
    }
}

doxin_status dx_set_sum(dx_ctx *ctx, const dx_reading *reading, dx_field *field, const dx_sum *sum, int confidence,
                        bool negate)
{
    if (sum->mark == DX_NO_INDEX) {
        dx_decimal value = dx_decimal_from(sum->value, DX_AMOUNT_SCALE);
        doxin_status done = dx_field_number(ctx, field, value, 2);
        field->evidence = (dx_evidence){.origin = DX_ORIGIN_ARITHMETIC, .confidence = confidence};
        field->note = sum->note;
        return done;
    }
    const dx_mark *mark = &reading->marks[sum->mark];
    dx_decimal number = negate ? dx_decimal_negate(mark->number) : mark->number;
    doxin_status status =
        dx_field_number(ctx, field, number, number.scale < 2 && mark->has_currency ? 2 : number.scale);
    if (status == DOXIN_OK)
        status = dx_evidence_words(ctx, reading->layout, mark->first_word, mark->word_count, &field->evidence);
    field->evidence.confidence = (int)((int64_t)confidence * (field->evidence.confidence + 1000) / 2000);
    field->evidence.learned = sum->learned;
    field->note = sum->learned                ? "stands where a correction for this vendor found it"
                  : sum->label == DX_NO_INDEX ? "agrees with the sums"
                                              : "stands at its label";
    return status;
}

static doxin_status set_chosen(dx_ctx *ctx, const chooser *c, const combination *best, const value_shares *shares,
                               dx_invoice *invoice)
{
    static const dx_header_id fields[3] = {DX_HEADER_SUBTOTAL, DX_HEADER_TAX_AMOUNT, DX_HEADER_TOTAL};
    const int index[3] = {best->subtotal, best->tax, best->total};
    for (int role = 0; role < 3; role++) {
        if (index[role] < 0)
            continue;
        int confidence = (int)(990.0 * shares->role[role][index[role] + 1] / shares->total);
        doxin_status status = dx_set_sum(ctx, c->reading, &invoice->header[fields[role]],
                                         &c->sums->role[role][index[role]], confidence, false);
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

/* Tills that print "subtotal" and then the cash: what was to be paid is the subtotal, its tax included. */
static doxin_status total_of_till(dx_ctx *ctx, const chooser *c, const combination *best, dx_invoice *invoice)
{
    if (invoice->header[DX_HEADER_TOTAL].present || best->subtotal < 0 || !c->reading->hypotheses.ocr)
        return DOXIN_OK;
    const dx_sum *sum = &c->sums->role[DX_ROLE_SUBTOTAL][best->subtotal];
    doxin_status status = dx_set_sum(ctx, c->reading, &invoice->header[DX_HEADER_TOTAL], sum, 500, false);
    invoice->header[DX_HEADER_TOTAL].note = "no other total is printed";
    dx_field_clear(&invoice->header[DX_HEADER_SUBTOTAL]);
    return status;
}

static doxin_status set_mark(dx_ctx *ctx, const dx_reading *reading, dx_field *field, uint32_t index, int confidence)
{
    dx_sum sum = {0, index, 0, DX_NO_INDEX, false, NULL};
    doxin_status status = dx_set_sum(ctx, reading, field, &sum, confidence, false);
    field->note = "rate times base is the amount";
    return status;
}

static doxin_status set_taxes(dx_ctx *ctx, const chooser *c, dx_invoice *invoice)
{
    const dx_field *tax = &invoice->header[DX_HEADER_TAX_AMOUNT];
    bool agrees = c->has_rows && (!tax->present || dx_amount_close(dx_amount_whole(tax->number), c->rows_tax, CENTS));
    for (size_t i = 0; agrees && i < c->sums->row_count; i++) {
        const dx_tax_row *row = &c->sums->rows[i];
        dx_tax *out = dx_invoice_add_tax(ctx, invoice);
        if (!out)
            return DOXIN_E_NOMEM;
        doxin_status status = set_mark(ctx, c->reading, &out->cell[DX_TAX_RATE], row->rate_mark, 970);
        if (status == DOXIN_OK)
            status = set_mark(ctx, c->reading, &out->cell[DX_TAX_BASE], row->base_mark, 970);
        if (status == DOXIN_OK)
            status = set_mark(ctx, c->reading, &out->cell[DX_TAX_AMOUNT], row->amount_mark, 970);
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

static uint32_t rate_mark(const chooser *c, int64_t base, int64_t tax)
{
    for (uint32_t i = 0; i < c->reading->mark_count; i++) {
        const dx_mark *mark = &c->reading->marks[i];
        int64_t rate = dx_amount_whole(mark->number);
        if (mark->kind == DX_MARK_PERCENT && rate >= 0 &&
            dx_amount_close(dx_amount_percent(base, rate), tax, 2 * CENTS) && (tax != 0 || rate == 0))
            return i;
    }
    return DX_NO_INDEX;
}

static doxin_status set_rate(dx_ctx *ctx, const chooser *c, dx_invoice *invoice)
{
    const dx_field *subtotal = &invoice->header[DX_HEADER_SUBTOTAL], *tax = &invoice->header[DX_HEADER_TAX_AMOUNT];
    const dx_field *total = &invoice->header[DX_HEADER_TOTAL];
    if (invoice->tax_count == 1) {
        dx_field *rate = &invoice->header[DX_HEADER_TAX_RATE];
        *rate = invoice->taxes[0].cell[DX_TAX_RATE];
        return DOXIN_OK;
    }
    if (invoice->tax_count > 1 || !tax->present || (!subtotal->present && !total->present))
        return DOXIN_OK;
    int64_t whole = dx_amount_whole(tax->number);
    int64_t base = subtotal->present ? dx_amount_whole(subtotal->number) : dx_amount_whole(total->number) - whole;
    uint32_t mark = rate_mark(c, base, whole);
    return mark == DX_NO_INDEX ? DOXIN_OK : set_mark(ctx, c->reading, &invoice->header[DX_HEADER_TAX_RATE], mark, 950);
}

/* Running text mentions amounts: "the sum of 400.00 that you owe us". */
static bool has_own_label(const dx_reading *reading, const dx_sum *sum)
{
    return sum->label == DX_NO_INDEX ? sum->mark == DX_NO_INDEX : reading->labels[sum->label].starts;
}

doxin_status dx_extract_totals(dx_ctx *ctx, const dx_reading *reading, const dx_items *items, dx_invoice *invoice,
                               bool *total_labelled)
{
    dx_sums *sums = dx_new(ctx, sizeof *sums);
    if (!sums)
        return DOXIN_E_NOMEM;
    doxin_status status = dx_sums_find(ctx, reading, sums);
    if (status != DOXIN_OK)
        return status;
    chooser c = {reading, sums, items, 0, 0, 0, items->totals_known && items->line_count > 0, sums->row_count > 0};
    c.lines_sum = c.has_lines ? dx_amount_whole(items->total_sum) : 0;
    for (size_t i = 0; i < sums->row_count; i++) {
        c.rows_tax += sums->rows[i].amount;
        c.rows_base += sums->rows[i].base;
    }
    offer_tax_sums(sums);
    if (reading->hypotheses.ocr)
        offer_paid(sums);
    combination best;
    value_shares shares;
    choose(&c, &best, &shares);
    const dx_sum *total = best.total >= 0 ? &sums->role[DX_ROLE_TOTAL][best.total] : NULL;
    *total_labelled = total && (total->learned || has_own_label(reading, total));
    status = set_chosen(ctx, &c, &best, &shares, invoice);
    if (status == DOXIN_OK)
        status = total_of_till(ctx, &c, &best, invoice);
    if (status == DOXIN_OK)
        status = dx_set_parts(ctx, reading, sums, c.has_lines ? &c.lines_sum : NULL, invoice);
    if (status == DOXIN_OK)
        status = set_taxes(ctx, &c, invoice);
    if (status == DOXIN_OK)
        status = set_rate(ctx, &c, invoice);
    return status;
}
