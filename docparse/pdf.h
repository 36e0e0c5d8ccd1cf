/* PDF documents, through poppler. */
#ifndef DOCPARSE_PDF_H
#define DOCPARSE_PDF_H

#include "document.h"

#include <cairo.h>
#include <poppler.h>

/* What the prepared process loads once: poppler's own data and fonts. */
void dp_pdf_prepare(void);

/* The open document; NULL with the failure filled (encrypted, damaged, no pages, too many pages). */
PopplerDocument *dp_pdf_open(const dp_source *source, dp_failure *failure);
enum dx_packet_status dp_pdf_read(const dp_source *source, dp_message *out, dp_failure *failure);
enum dx_packet_status dp_pdf_render(const dp_source *source, void **out, size_t *out_size, dp_failure *failure);

/* The page on white, at that resolution or a smaller one that keeps to max_pixels; NULL when it cannot be drawn. */
cairo_surface_t *dp_pdf_paint(PopplerPage *page, double dpi, int64_t max_pixels, double *painted_dpi);

/* Appends the page's words to the last page of the message. */
void dp_pdf_words(PopplerPage *page, GHashTable *fonts, dp_message *out);
void dp_pdf_attachments(PopplerDocument *document, const dx_packet_request *request, dp_message *out);

/* 1/100 point. */
int32_t dp_hundredths(double points);

#endif
