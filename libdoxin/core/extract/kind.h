/* What kind of document it is: the evidence for each kind. Inside this folder only. */
#ifndef DX_CORE_EXTRACT_KIND_H
#define DX_CORE_EXTRACT_KIND_H

#include "core/extract/reading.h"

enum { DX_KIND_COUNT = DX_KIND_OTHER + 1 };

typedef struct dx_kind_scores {
    int title[DX_KIND_COUNT];      /* the best title */
    uint32_t label[DX_KIND_COUNT]; /* its label; DX_NO_INDEX: none */
    int sign[DX_KIND_COUNT];       /* phrases that only this kind has */
    int score[DX_KIND_COUNT];      /* all together, with what the values say */
    bool invoice_number;           /* the label of an invoice's number stands on the first page */
} dx_kind_scores;

/* Needs the fields, sums and parties of the invoice. */
void dx_kind_score(const dx_reading *reading, const dx_invoice *invoice, dx_kind_scores *out);
/* The best title on a page, as if it were the first one, of an invoice, credit note or correction, or of all the others;
 * 0: none. */
int dx_kind_title_on(const dx_reading *reading, uint32_t page, bool invoice);

#endif
