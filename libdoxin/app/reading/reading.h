/* Bytes -> invoice, without a database: what the pipeline and doxin_extract() share.
 *
 * A bare UBL or CII file and the XML inside a PDF are read, not guessed: they win, and the page is then a cross-check
 * whose differences become warnings. Everything else goes through core/extract. The gate has been run on what comes
 * out. */
#ifndef DX_APP_READING_READING_H
#define DX_APP_READING_READING_H

#include "base/rt/ctx.h"
#include "core/einvoice/einvoice.h"
#include "core/invoice/invoice.h"
#include "core/page/page.h"
#include "io/reader/reader.h"

#include <stdbool.h>
#include <stddef.h>

/* Codes of payments: where something tells of one, on every page, or not at all. */
enum { DX_CODES_AUTO = 0, DX_CODES_ALWAYS = 1, DX_CODES_NEVER = 2 };

typedef struct dx_reading_options {
    int codes;                                      /* DX_CODES_… */
    bool rules;                                     /* drawn rules too, for which each page is rendered */
    bool compare_page;                              /* compare the XML of a PDF with its page */
    bool embedded_xml;                              /* read XML attachments of a PDF; a bare XML file is always read */
    int ocr;                                        /* 0 auto, 1 always, 2 never: as in io/reader */
    const char *languages;                          /* "deu+eng" or "de,en"; NULL: found out */
    int max_pages;                                  /* 0: the reader's */
    int review_threshold;                           /* 0 … 1000 */
    size_t document;                                /* from 0: which one, where the pages hold several */
    dx_einvoice_limits xml;                         /* 0: those of core/einvoice */
    const char *own_names;                          /* own companies, one a line; NULL: not known */
    const struct dx_correction_source *corrections; /* what users taught about vendors; NULL: nothing is asked */
} dx_reading_options;

/* stage: "parse", "xml", "extract", "check"; percent 0 … 100 of the whole reading. On the calling thread. */
typedef void (*dx_progress_fn)(void *data, const char *stage, int percent);

/* *out is from the call's arena. Errors: those of dx_reader_read (DOXIN_E_ENCRYPTED, _DAMAGED, _NO_PAGES, …), of
 * dx_einvoice_read for a bare XML file, DOXIN_E_NOT_FOUND for a document that the file does not hold, DOXIN_E_EMPTY_DOCUMENT, DOXIN_E_NOT_A_DOCUMENT, DOXIN_E_CANCELED, _TIMEOUT,
 * _NOMEM. progress may be NULL. */
doxin_status dx_reading_invoice(dx_ctx *ctx, dx_reader *reader, const void *data, size_t size,
                                const dx_reading_options *options, dx_progress_fn progress, void *progress_data,
                                dx_invoice **out);

/* The same for a document that was decoded before; its attachments are in it. */
doxin_status dx_reading_pages(dx_ctx *ctx, const dx_pages *pages, const dx_reading_options *options, dx_invoice **out);

/* A document with pages as words. What *pages holds borrows from *message, which the caller frees also on failure. */
doxin_status dx_reading_open(dx_ctx *ctx, dx_reader *reader, const void *data, size_t size,
                             const dx_reading_options *options, dx_message *message, dx_pages **pages);

/* What core/extract is to be told. */
struct dx_extract_options;
doxin_status dx_reading_how(dx_ctx *ctx, const dx_reading_options *options, struct dx_extract_options *out);

/* One stage as JSON: "page" (what the parser gave), those of dx_extract_explain, "invoice" (what is given out).
 * DOXIN_E_UNSUPPORTED for XML, which has no stages. */
doxin_status dx_reading_explain(dx_ctx *ctx, dx_reader *reader, const void *data, size_t size,
                                const dx_reading_options *options, const char *stage, dx_writer *writer);
doxin_status dx_reading_explain_pages(dx_ctx *ctx, const dx_pages *pages, const dx_reading_options *options,
                                      const char *stage, dx_writer *writer);

/* What a corrected reading of the document teaches, see core/extract; nothing where the values were XML. */
struct dx_corrections;
doxin_status dx_reading_learn(dx_ctx *ctx, const dx_pages *pages, const dx_reading_options *options,
                              const dx_invoice *corrected, struct dx_corrections *out);

#endif
