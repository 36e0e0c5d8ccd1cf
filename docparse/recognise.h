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

/* Recognises a page and appends its words to the last page of the message, with that page's figures (flags, skew, dpi,
 * confidence). grey: 8 bits, as the page is shown; borrowed. dpi: of the picture in the page's own points. */
void dp_recognise(const dp_source *source, PIX *grey, double dpi, dp_message *out);

#endif
