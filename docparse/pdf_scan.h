/* Pages of a PDF that have to be looked at: is the text layer of use, and if not, what does the picture say. */
#ifndef DOCPARSE_PDF_SCAN_H
#define DOCPARSE_PDF_SCAN_H

#include "pdf.h"

#include <allheaders.h>

/* What the text layer of the last page is worth. */
typedef enum dp_layer {
    DP_LAYER_GOOD,
    DP_LAYER_THIN,   /* none, or hardly any letters: the page may be a picture */
    DP_LAYER_GARBLED /* letters that stand for nothing: fonts without a table of characters */
} dp_layer;

dp_layer dp_layer_of(const dp_message *message);

/* True when much more is drawn on the page than its few words account for. */
bool dp_page_has_more(PopplerPage *page, const dp_message *message);

/* The page as 8 bit grey, with the resolution it was painted at; NULL when it cannot be drawn. */
PIX *dp_page_picture(PopplerPage *page, double dpi, int64_t max_pixels, double *painted_dpi);

#endif
