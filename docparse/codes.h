/* Bar and matrix codes on a picture of a page. zbar is used here alone. */
#ifndef DOCPARSE_CODES_H
#define DOCPARSE_CODES_H

#include "message.h"

#include <allheaders.h>
#include <stdbool.h>

/* Appends the codes of the last page, as far as the request wants them. grey: 8 bits; dpi as in dp_recognise. */
void dp_codes(PIX *grey, double dpi, uint32_t want, dp_message *out);
/* Are codes wanted of a page that has to be rendered for them? Where they are only sought, its words must tell of one. */
bool dp_codes_wanted(uint32_t want, const dp_message *out);

#endif
