/* Text recognition: a picture of a page in, words out. Tesseract is used here alone. */
#ifndef DOCPARSE_RECOGNISE_H
#define DOCPARSE_RECOGNISE_H

#include "document.h"

#include <allheaders.h>

/* Loads the first language, so that every fork has it. */
void dp_recognise_prepare(void);
/* Where the language files are, and which, joined by ' '. Good after dp_recognise_prepare. */
const char *dp_recognise_folder(void);
const char *dp_recognise_languages(void);

/* A page as it is shown, in pixels. */
typedef struct dp_scan {
    PIX *picture; /* 8 bit grey; borrowed */
    double dpi;   /* of the picture, in the page's own points */
} dp_scan;

/* Appends the words to the last page of the message and fills its figures (flags, skew, dpi, confidence). */
void dp_recognise(const dp_source *source, const dp_scan *scan, dp_message *out);

#endif
