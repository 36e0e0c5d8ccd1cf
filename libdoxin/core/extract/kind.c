/* What the document is, scored by evidence: titles by size and place, what its labels and phrases say, which values it
 * has and lacks. Weights are log-odds in 1/100. */
#include "core/extract/kind.h"

#include <string.h>

static const struct {
    dx_concept title, sign;
    dx_document_kind kind;
} kinds[] = {
    {DX_TERM_KIND_INVOICE, DX_TERM_SIGN_INVOICE, DX_KIND_INVOICE},
    {DX_TERM_KIND_CREDIT, DX_TERM_SIGN_CREDIT, DX_KIND_CREDIT_NOTE},
    {DX_TERM_KIND_CORRECTED, DX_TERM_NONE, DX_KIND_CORRECTED},
    {DX_TERM_KIND_RECEIPT, DX_TERM_SIGN_RECEIPT, DX_KIND_RECEIPT},
    {DX_TERM_KIND_ORDER, DX_TERM_SIGN_ORDER, DX_KIND_PURCHASE_ORDER},
    {DX_TERM_KIND_STATEMENT, DX_TERM_SIGN_STATEMENT, DX_KIND_STATEMENT},
    {DX_TERM_KIND_OTHER, DX_TERM_SIGN_OTHER, DX_KIND_OTHER},
};

enum {
    TERMS_AT_ONE_PLACE = 48,
    SIGNS_MOST = 90,      /* what all phrases of one kind together can say */
    TITLE_LEAST = 70,     /* below it a title is a mention */
    WORDS_OF_A_PAGE = 15, /* fewer say nothing about what the document is */
    SIGN_CLEAR = 35,
    SHORT_SEGMENT = 6 /* words; longer ones are running text */
};

static bool is_invoice_kind(dx_document_kind kind)
{
    return kind == DX_KIND_INVOICE || kind == DX_KIND_CREDIT_NOTE || kind == DX_KIND_CORRECTED;
}

/* ---- titles ------------------------------------------------------------------------------------------------------------ */

/* The number of the document follows: "Invoice no. 17", "Rechnung 17 vom …". */
static bool number_follows(const dx_reading *reading, const dx_label *label)
{
    const char *rest = reading->layout->segments[label->segment].text + label->end;
    return !label->colon && strcspn(rest, "0123456789") < 24 && strpbrk(rest, "0123456789") != NULL;
}

static int place_score(const dx_reading *reading, const dx_segment *segment, uint32_t first_page)
{
    const dx_layout_page *page = &reading->layout->pages[segment->page];
    int score = segment->page == first_page ? 15 : -30;
    if (segment->page == first_page && segment->box.y0 < page->source->height / 2)
        score += 15;
    if (segment->font_size > page->font_size + page->font_size / 5)
        score += 40;
    if (segment->font_size > page->font_size + page->font_size * 3 / 5)
        score += 25;
    if (segment->bold)
        score += 10;
    return score;
}

/* A colon behind the word makes it the label of a reference: "Order: 4711" stands on invoices, "Invoice: 17" too. */
static int form_score(const dx_reading *reading, const dx_label *label, dx_document_kind kind)
{
    const dx_segment *segment = &reading->layout->segments[label->segment];
    if (label->colon)
        return is_invoice_kind(kind) && label->starts ? 20 : -60;
    if (label->starts && label->ends)
        return 40;
    if (number_follows(reading, label))
        return is_invoice_kind(kind) || label->starts ? 30 : -20;
    if (segment->word_count > SHORT_SEGMENT)
        return label->starts ? -30 : -60;
    return label->starts ? 10 : -10;
}

static int title_score(const dx_reading *reading, const dx_label *label, const dx_term *term, dx_document_kind kind,
                       uint32_t first_page)
{
    static const int strength[] = {0, 5, 30, 50};
    const dx_segment *segment = &reading->layout->segments[label->segment];
    int score = strength[term->strength] + place_score(reading, segment, first_page) + form_score(reading, label, kind);
    for (size_t i = 0; i < label->term_count; i++) {
        dx_concept_group group = dx_concept_group_of(label->terms[i].concept);
        if (group == DX_GROUP_FIELD || group == DX_GROUP_AMOUNT || group == DX_GROUP_COLUMN)
            score -= label->starts && label->ends && group == DX_GROUP_FIELD ? 15 : 40;
    }
    if (reading->segments[label->segment].in_items)
        score -= 80;
    return score;
}

static void score_titles(const dx_reading *reading, dx_kind_scores *out)
{
    for (uint32_t i = 0; i < reading->label_count; i++) {
        const dx_label *label = &reading->labels[i];
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            const dx_term *term = dx_label_term(label, kinds[k].title);
            int score = term ? title_score(reading, label, term, kinds[k].kind, 0) : 0;
            if (score <= out->title[kinds[k].kind])
                continue;
            out->title[kinds[k].kind] = score;
            out->label[kinds[k].kind] = i;
        }
    }
}

int dx_kind_title_on(const dx_reading *reading, uint32_t page, bool invoice)
{
    int best = 0;
    for (uint32_t i = 0; i < reading->label_count; i++) {
        const dx_label *label = &reading->labels[i];
        if (reading->layout->segments[label->segment].page != page)
            continue;
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            const dx_term *term =
                is_invoice_kind(kinds[k].kind) == invoice ? dx_label_term(label, kinds[k].title) : NULL;
            int score = term ? title_score(reading, label, term, kinds[k].kind, page) : 0;
            best = score > best ? score : best;
        }
    }
    return best;
}

/* ---- signs --------------------------------------------------------------------------------------------------------------- */

static void add_sign(dx_kind_scores *out, const dx_term *term)
{
    static const int weight[] = {0, 12, 15, 35};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if (kinds[k].sign != term->concept || kinds[k].sign == DX_TERM_NONE)
            continue;
        int *score = &out->sign[kinds[k].kind];
        *score = *score + weight[term->strength] > SIGNS_MOST ? SIGNS_MOST : *score + weight[term->strength];
    }
}

/* "Invoice no.", "Facture n°": the label of the number says the kind as well. Orders and
 * other papers are left out: their numbers are references. */
static void kind_inside_label(const dx_reading *reading, const dx_label *label, dx_kind_scores *out)
{
    static const struct {
        dx_concept name;
        dx_document_kind kind;
    } names[] = {{DX_TERM_KIND_INVOICE, DX_KIND_INVOICE},
                 {DX_TERM_KIND_CREDIT, DX_KIND_CREDIT_NOTE},
                 {DX_TERM_KIND_CORRECTED, DX_KIND_CORRECTED},
                 {DX_TERM_KIND_RECEIPT, DX_KIND_RECEIPT}};
    const dx_tokens *tokens = &reading->segments[label->segment].tokens;
    if (!dx_label_term(label, DX_TERM_NUMBER) || reading->layout->segments[label->segment].page > 0)
        return;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        dx_term term;
        if (!dx_lexicon_find(tokens, label->terms[0].begin, names[i].name, &term) || term.end > label->terms[0].end)
            continue;
        if (names[i].kind == DX_KIND_INVOICE)
            out->invoice_number = true;
        else if (out->sign[names[i].kind] < SIGNS_MOST)
            out->sign[names[i].kind] += 60;
    }
}

static void score_signs(const dx_reading *reading, dx_kind_scores *out)
{
    for (uint32_t i = 0; i < reading->layout->segment_count; i++) {
        const dx_tokens *tokens = &reading->segments[i].tokens;
        for (size_t token = 0; token < tokens->count; token++) {
            dx_term terms[TERMS_AT_ONE_PLACE];
            size_t count = dx_lexicon_at(tokens, token, terms, TERMS_AT_ONE_PLACE);
            for (size_t k = 0; k < count; k++)
                if (terms[k].concept >= DX_TERM_SIGN_INVOICE && terms[k].concept <= DX_TERM_SIGN_OTHER)
                    add_sign(out, &terms[k]);
        }
    }
    for (size_t i = 0; i < reading->label_count; i++)
        kind_inside_label(reading, &reading->labels[i], out);
}

/* ---- values --------------------------------------------------------------------------------------------------------------- */

static bool has_label(const dx_reading *reading, dx_concept concept)
{
    for (size_t i = 0; i < reading->label_count; i++)
        if (reading->labels[i].starts && dx_label_term(&reading->labels[i], concept))
            return true;
    return false;
}

static bool has(const dx_invoice *invoice, dx_header_id id)
{
    return invoice->header[id].present;
}

/* Rows with prices: goods and services, where a statement has documents. */
static bool sells(const dx_reading *reading, const dx_invoice *invoice)
{
    size_t rows = 0;
    for (size_t i = 0; i < invoice->line_count; i++)
        rows += invoice->lines[i].cell[DX_CELL_PRICE].present && invoice->lines[i].cell[DX_CELL_TOTAL].present;
    return rows > 0 && !has_label(reading, DX_TERM_OLD_BALANCE);
}

static bool any_price(const dx_invoice *invoice)
{
    for (size_t i = 0; i < invoice->line_count; i++)
        if (invoice->lines[i].cell[DX_CELL_PRICE].present || invoice->lines[i].cell[DX_CELL_TOTAL].present)
            return true;
    return false;
}

/* A roll of paper: much higher than wide, or narrow. */
static bool is_roll(const dx_reading *reading)
{
    const dx_page *page = reading->layout->page_count ? reading->layout->pages[0].source : NULL;
    return page && reading->layout->page_count == 1 && (int64_t)page->height * 10 > (int64_t)page->width * 18;
}

static void score_invoice_values(const dx_reading *reading, const dx_invoice *invoice, int *score)
{
    bool total = has(invoice, DX_HEADER_TOTAL);
    if (total)
        score[DX_KIND_INVOICE] += 40;
    if (has(invoice, DX_HEADER_TAX_AMOUNT) && total)
        score[DX_KIND_INVOICE] += 20;
    if (has_label(reading, DX_TERM_DUE_DATE) && has(invoice, DX_HEADER_DUE_DATE))
        score[DX_KIND_INVOICE] += 15;
    if (has(invoice, DX_HEADER_VENDOR_IBAN))
        score[DX_KIND_INVOICE] += 10;
    if (has(invoice, DX_HEADER_CORRECTS_NUMBER)) {
        score[DX_KIND_CORRECTED] += 30;
        score[DX_KIND_CREDIT_NOTE] += 30;
    }
}

/* Money goes back: by a credit note, if no title says that it is a correction. */
static void score_negative(const dx_kind_scores *scores, const dx_invoice *invoice, int *score)
{
    const dx_field *total = &invoice->header[DX_HEADER_TOTAL];
    if (total->present && dx_decimal_sign(total->number) < 0)
        score[scores->title[DX_KIND_CORRECTED] >= TITLE_LEAST || scores->sign[DX_KIND_CORRECTED] > 0
                  ? DX_KIND_CORRECTED
                  : DX_KIND_CREDIT_NOTE] += 90;
}

static void score_other_values(const dx_reading *reading, const dx_invoice *invoice, int *score)
{
    bool total = has(invoice, DX_HEADER_TOTAL), tax = has(invoice, DX_HEADER_TAX_AMOUNT);
    if (has_label(reading, DX_TERM_TENDERED) && has_label(reading, DX_TERM_CHANGE))
        score[DX_KIND_RECEIPT] += reading->hypotheses.ocr || is_roll(reading) ? 130 : 60; /* "tax invoice" of a till */
    if (reading->hypotheses.ocr && !has(invoice, DX_HEADER_CUSTOMER_NAME) && total)
        score[DX_KIND_RECEIPT] += has(invoice, DX_HEADER_NUMBER) ? 20 : 50;
    if (is_roll(reading))
        score[DX_KIND_RECEIPT] += 30;
    if (has_label(reading, DX_TERM_OLD_BALANCE))
        score[DX_KIND_STATEMENT] += 20;
    if (tax && total)
        score[DX_KIND_STATEMENT] -= 40;
    if (sells(reading, invoice))
        score[DX_KIND_STATEMENT] -= 80;
    if (has(invoice, DX_HEADER_VENDOR_IBAN))
        score[DX_KIND_PURCHASE_ORDER] -= 20;
    if (has(invoice, DX_HEADER_DUE_DATE))
        score[DX_KIND_PURCHASE_ORDER] -= 20;
    if (!total)
        score[DX_KIND_OTHER] += 40;
    if (invoice->line_count > 0 && !any_price(invoice))
        score[DX_KIND_OTHER] += 30;
}

/* An invoice's number and its title are the strongest that there is; they speak against all that is none. */
static void score_against(const dx_kind_scores *scores, int *score)
{
    static const dx_document_kind none[] = {DX_KIND_PURCHASE_ORDER, DX_KIND_STATEMENT, DX_KIND_OTHER};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (scores->invoice_number)
            score[none[i]] -= 40;
    if (scores->invoice_number)
        score[DX_KIND_INVOICE] += 60;
}

static void add_up(const dx_reading *reading, const dx_invoice *invoice, dx_kind_scores *out)
{
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        dx_document_kind kind = kinds[k].kind;
        out->score[kind] =
            (out->title[kind] >= TITLE_LEAST ? out->title[kind] : out->title[kind] / 3) + out->sign[kind];
    }
    score_invoice_values(reading, invoice, out->score);
    score_other_values(reading, invoice, out->score);
    score_negative(out, invoice, out->score);
    score_against(out, out->score);
}

void dx_kind_score(const dx_reading *reading, const dx_invoice *invoice, dx_kind_scores *out)
{
    memset(out, 0, sizeof *out);
    for (size_t k = 0; k < DX_KIND_COUNT; k++)
        out->label[k] = DX_NO_INDEX;
    score_titles(reading, out);
    score_signs(reading, out);
    add_up(reading, invoice, out);
}

/* ---- the choice ------------------------------------------------------------------------------------------------------------ */

/* Ties go to the earlier one: invoices are what people bring. */
static dx_document_kind best_of(const dx_reading *reading, const dx_invoice *invoice, const dx_kind_scores *scores)
{
    dx_document_kind best = DX_KIND_UNKNOWN;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (scores->score[kinds[k].kind] > (best == DX_KIND_UNKNOWN ? 0 : scores->score[best]))
            best = kinds[k].kind;
    bool silent = reading->layout->word_count < WORDS_OF_A_PAGE && scores->title[best] < TITLE_LEAST;
    bool scan = best == DX_KIND_OTHER && reading->hypotheses.ocr && scores->title[best] < TITLE_LEAST &&
                scores->sign[best] < SIGN_CLEAR;
    if ((silent || scan) && !has(invoice, DX_HEADER_TOTAL))
        return DX_KIND_UNKNOWN; /* of a bad scan the rest may be lost */
    if (best == DX_KIND_UNKNOWN)
        return reading->layout->word_count == 0 ? DX_KIND_UNKNOWN : DX_KIND_OTHER;
    return best;
}

static doxin_status warn_none(dx_ctx *ctx, const dx_reading *reading, const dx_kind_scores *scores, dx_invoice *invoice)
{
    static const char *const what[DX_KIND_COUNT] = {[DX_KIND_PURCHASE_ORDER] = "a purchase order",
                                                    [DX_KIND_STATEMENT] = "a statement of an account",
                                                    [DX_KIND_OTHER] = "a document of another kind"};
    uint32_t index = scores->label[invoice->kind];
    if (index == DX_NO_INDEX || scores->title[invoice->kind] < TITLE_LEAST)
        return dx_invoice_warn(ctx, invoice, "not_an_invoice", "document_type", "this is %s and no invoice",
                               what[invoice->kind]);
    const dx_label *label = &reading->labels[index];
    return dx_invoice_warn(ctx, invoice, "not_an_invoice", "document_type",
                           "the page says \"%.*s\": this is %s and no invoice", (int)(label->end - label->begin),
                           reading->layout->segments[label->segment].text + label->begin, what[invoice->kind]);
}

/* What only an invoice has, and what no label on the page supports: a letter that mentions an amount has no total. */
static void drop_invented(dx_invoice *invoice, bool total_labelled)
{
    static const dx_header_id sums[] = {DX_HEADER_SUBTOTAL, DX_HEADER_TAX_AMOUNT, DX_HEADER_TAX_RATE, DX_HEADER_TOTAL};
    for (size_t i = 0; !total_labelled && i < sizeof sums / sizeof *sums; i++)
        dx_field_clear(&invoice->header[sums[i]]);
    if (!total_labelled)
        invoice->tax_count = 0;
}

doxin_status dx_extract_kind(dx_ctx *ctx, const dx_reading *reading, bool total_labelled, dx_invoice *invoice)
{
    dx_kind_scores scores;
    dx_kind_score(reading, invoice, &scores);
    invoice->kind = best_of(reading, invoice, &scores);
    invoice->language = dx_text(ctx, reading->hypotheses.language);
    if (!invoice->language)
        return DOXIN_E_NOMEM;
    if (invoice->kind != DX_KIND_PURCHASE_ORDER && invoice->kind != DX_KIND_STATEMENT && invoice->kind != DX_KIND_OTHER)
        return DOXIN_OK;
    drop_invented(invoice, total_labelled);
    return warn_none(ctx, reading, &scores, invoice);
}
