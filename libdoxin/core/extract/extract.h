/* From pages to an invoice, without a model: hypotheses, candidates, choice, parties, confidence.
 *
 * Every stage is a pure function over what came before it; all memory is from the call's arena. docs/extraction.md
 * tells the way of a page through the stages. */
#ifndef DX_CORE_EXTRACT_EXTRACT_H
#define DX_CORE_EXTRACT_EXTRACT_H

#include "core/invoice/invoice.h"
#include "core/learn/learn.h"
#include "core/page/page.h"

typedef struct dx_extract_options {
    const char *own_names; /* names of own companies, one a line: whoever bears one is the customer; NULL: not known */
    const char *languages; /* ISO 639-1 codes, comma between, that are expected; NULL: all */
    size_t document;       /* which one, from 0, where the pages hold several */
    int review_threshold;  /* 0 … 1000, for the caller's gate; not used here */
    const dx_correction_source *corrections; /* what users taught about vendors; NULL: nothing is asked */
} dx_extract_options;

/* Reads one document: every page, or where the pages hold several, those of options->document alone; the invoice then
 * lists all of them and has the warning several_invoices. DOXIN_E_NOT_FOUND where there are fewer. options may be NULL. *out always holds an invoice when DOXIN_OK is returned; a
 * document that is none has kind DX_KIND_OTHER or DX_KIND_UNKNOWN and few fields. Does not run the gate. */
doxin_status dx_extract(dx_ctx *ctx, const dx_pages *pages, const dx_extract_options *options, dx_invoice **out);

/* What a corrected reading of the same pages teaches: *out holds the memories that changed, to be stored, one for each
 * key of the vendor (none where no key tells the vendor from others). Asks options->corrections for what is known. What
 * was read rightly without help is not learned; what is known is confirmed or contradicted. */
doxin_status dx_extract_learn(dx_ctx *ctx, const dx_pages *pages, const dx_extract_options *options,
                              const dx_invoice *corrected, dx_corrections *out);

/* One stage as JSON: "layout", "hypotheses", "labels", "values", "items", "candidates", "sums", "parties",
 * "kinds", "choice".
 * DOXIN_E_OPTION for another name. */
struct dx_writer;
doxin_status dx_extract_explain(dx_ctx *ctx, const dx_pages *pages, const dx_extract_options *options,
                                const char *stage, struct dx_writer *writer);

#endif
