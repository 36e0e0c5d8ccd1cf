/* What the document is: titles vote, larger and higher ones more. */
#include "core/extract/reading.h"

#include <string.h>

static const struct {
    dx_concept concept;
    dx_document_kind kind;
} kinds[] = {
    {DX_TERM_KIND_INVOICE, DX_KIND_INVOICE},      {DX_TERM_KIND_CREDIT, DX_KIND_CREDIT_NOTE},
    {DX_TERM_KIND_CORRECTED, DX_KIND_CORRECTED},  {DX_TERM_KIND_RECEIPT, DX_KIND_RECEIPT},
    {DX_TERM_KIND_ORDER, DX_KIND_PURCHASE_ORDER}, {DX_TERM_KIND_STATEMENT, DX_KIND_STATEMENT},
    {DX_TERM_KIND_OTHER, DX_KIND_OTHER},
};

static int title_score(const dx_reading *reading, const dx_label *label)
{
    const dx_segment *segment = &reading->layout->segments[label->segment];
    const dx_layout_page *page = &reading->layout->pages[segment->page];
    int score = label->terms[0].strength * 10;
    if (segment->page == 0)
        score += 10;
    if (segment->page == 0 && label->box.y0 < page->source->height / 2)
        score += 15;
    if (label->starts)
        score += 10;
    if (label->starts && label->ends)
        score += 20;
    if (segment->font_size > page->font_size + page->font_size / 5)
        score += 30;
    if (segment->bold)
        score += 5;
    if (reading->segments[label->segment].in_items)
        score -= 40;
    return score;
}

doxin_status dx_extract_kind(dx_ctx *ctx, const dx_reading *reading, dx_invoice *invoice)
{
    int best = 0;
    for (size_t i = 0; i < reading->label_count; i++) {
        const dx_label *label = &reading->labels[i];
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            if (!dx_label_term(label, kinds[k].concept))
                continue;
            int score = title_score(reading, label);
            if (score > best) {
                best = score;
                invoice->kind = kinds[k].kind;
            }
        }
    }
    bool total = invoice->header[DX_HEADER_TOTAL].present;
    bool number = invoice->header[DX_HEADER_NUMBER].present,
         customer = invoice->header[DX_HEADER_CUSTOMER_NAME].present;
    if (invoice->kind == DX_KIND_UNKNOWN && total)
        invoice->kind = reading->hypotheses.ocr && !customer && !number ? DX_KIND_RECEIPT : DX_KIND_INVOICE;
    if (invoice->kind == DX_KIND_UNKNOWN && reading->layout->word_count > 0)
        invoice->kind = DX_KIND_OTHER;
    invoice->language = dx_text(ctx, reading->hypotheses.language);
    return invoice->language ? DOXIN_OK : DOXIN_E_NOMEM;
}
