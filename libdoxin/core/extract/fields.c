/* The choice among the candidates of labelled fields: best first, each value for one field. */
#include "core/extract/fields.h"

#include <stdlib.h>
#include <string.h>

enum { SCORE_LEAST = -60, MARGIN_MOST = 200, RIVALS_MOST = 3 };

typedef struct word_claim {
    uint32_t first_word, word_count;
    uint32_t label;
} word_claim;

typedef struct word_claims {
    word_claim *items;
    size_t count, capacity;
} word_claims;

static bool is_claimed(const word_claims *claims, const dx_candidate *candidate)
{
    for (size_t i = 0; i < claims->count; i++) {
        const word_claim *claim = &claims->items[i];
        bool overlap = claim->first_word < candidate->first_word + candidate->word_count &&
                       candidate->first_word < claim->first_word + claim->word_count;
        if (overlap && (claim->label != candidate->label || candidate->label == DX_NO_INDEX))
            return true;
    }
    return false;
}

static doxin_status claim_words(dx_ctx *ctx, word_claims *claims, const dx_candidate *candidate)
{
    word_claim *claim = dx_push(ctx, (void **)&claims->items, &claims->count, &claims->capacity, sizeof *claim);
    if (!claim)
        return DOXIN_E_NOMEM;
    claim->first_word = candidate->first_word;
    claim->word_count = candidate->word_count;
    claim->label = candidate->label;
    return DOXIN_OK;
}

/* A due date before the invoice's date, or an invoice dated after it is due, is read wrongly. */
static bool out_of_order(const dx_invoice *invoice, const dx_candidate *candidate)
{
    if (candidate->target == DX_HEADER_DUE_DATE && invoice->header[DX_HEADER_DATE].present)
        return dx_date_compare(candidate->date, invoice->header[DX_HEADER_DATE].date) < 0;
    return false;
}

static const char *relation_words(const dx_candidate *candidate)
{
    if (candidate->learned)
        return "stands where a correction for this vendor found it";
    switch (candidate->relation) {
    case DX_REL_INLINE:
        return "stands behind its label";
    case DX_REL_RIGHT:
        return "stands to the right of its label";
    case DX_REL_BELOW:
        return "stands below its label";
    default:
        return "stands without a label";
    }
}

static bool same_value(const dx_field *field, const dx_candidate *candidate)
{
    if (candidate->is_date)
        return dx_date_compare(field->date, candidate->date) == 0;
    return strcmp(field->text, candidate->text) == 0;
}

/* How far ahead the best candidate with another value is. */
static int margin(const dx_candidates *all, size_t index)
{
    const dx_candidate *best = &all->items[index];
    for (size_t i = index + 1; i < all->count; i++) {
        const dx_candidate *other = &all->items[i];
        if (other->target != best->target)
            continue;
        bool same =
            best->is_date ? dx_date_compare(best->date, other->date) == 0 : strcmp(best->text, other->text) == 0;
        if (!same)
            return best->score - other->score < MARGIN_MOST ? best->score - other->score : MARGIN_MOST;
    }
    return MARGIN_MOST;
}

static doxin_status take(dx_ctx *ctx, const dx_reading *reading, const dx_candidates *all, size_t index,
                         dx_invoice *invoice)
{
    const dx_candidate *candidate = &all->items[index];
    dx_field *field = &invoice->header[candidate->target];
    int confidence = dx_confidence_from(candidate->score + margin(all, index) / 2 - 100);
    char date[DX_DATE_TEXT];
    const char *text = candidate->is_date ? dx_date_text(candidate->date, date) : candidate->text;
    doxin_status status = dx_set_text(ctx, reading, field, text, candidate->first_word, candidate->word_count,
                                      confidence, relation_words(candidate));
    field->evidence.learned = candidate->learned;
    if (status == DOXIN_OK && candidate->is_date) {
        dx_evidence evidence = field->evidence;
        const char *note = field->note;
        status = dx_field_date(ctx, field, candidate->date);
        field->evidence = evidence;
        field->note = note;
    }
    return status;
}

static doxin_status add_rival(dx_ctx *ctx, const dx_reading *reading, dx_field *field, const dx_candidate *candidate)
{
    if (same_value(field, candidate) || field->rival_count >= RIVALS_MOST)
        return DOXIN_OK;
    if (!field->rivals && !(field->rivals = dx_array(ctx, RIVALS_MOST, sizeof *field->rivals)))
        return DOXIN_E_NOMEM;
    dx_rival *rival = &field->rivals[field->rival_count];
    char date[DX_DATE_TEXT];
    rival->value = candidate->is_date ? dx_text(ctx, dx_date_text(candidate->date, date)) : candidate->text;
    rival->reason = relation_words(candidate);
    doxin_status status =
        dx_evidence_words(ctx, reading->layout, candidate->first_word, candidate->word_count, &rival->evidence);
    if (!rival->value || status != DOXIN_OK)
        return DOXIN_E_NOMEM;
    field->rival_count++;
    return DOXIN_OK;
}

static doxin_status set_currency(dx_ctx *ctx, const dx_reading *reading, dx_invoice *invoice)
{
    const char *code = reading->hypotheses.currency;
    if (!code[0])
        return DOXIN_OK;
    for (size_t i = 0; i < reading->mark_count; i++) {
        const dx_mark *mark = &reading->marks[i];
        if (mark->has_currency && strcmp(mark->currency, code) == 0)
            return dx_set_text(ctx, reading, &invoice->header[DX_HEADER_CURRENCY], code, mark->first_word,
                               mark->word_count, 970, "stands beside amounts");
    }
    dx_field *field = &invoice->header[DX_HEADER_CURRENCY];
    doxin_status status = dx_field_text(ctx, field, code);
    field->evidence.confidence = 900;
    field->evidence.origin = reading->hypotheses.ocr ? DX_ORIGIN_OCR : DX_ORIGIN_TEXT;
    field->note = "named on the page";
    return status;
}

doxin_status dx_extract_fields(dx_ctx *ctx, const dx_reading *reading, dx_invoice *invoice)
{
    dx_candidates all = {0};
    word_claims claims = {0};
    doxin_status status = dx_field_candidates(ctx, reading, &all);
    for (size_t i = 0; status == DOXIN_OK && i < all.count; i++) {
        const dx_candidate *candidate = &all.items[i];
        if (candidate->score < SCORE_LEAST)
            break;
        if (candidate->target != DX_TARGET_NONE && invoice->header[candidate->target].present) {
            status = add_rival(ctx, reading, &invoice->header[candidate->target], candidate);
            continue;
        }
        bool claims_words = candidate->target == DX_TARGET_NONE || !candidate->free_text;
        if ((claims_words && is_claimed(&claims, candidate)) || out_of_order(invoice, candidate))
            continue;
        if (candidate->target != DX_TARGET_NONE)
            status = take(ctx, reading, &all, i, invoice);
        if (status == DOXIN_OK && claims_words)
            status = claim_words(ctx, &claims, candidate);
    }
    return status == DOXIN_OK ? set_currency(ctx, reading, invoice) : status;
}
