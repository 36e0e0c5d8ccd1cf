/* Bar and matrix codes on a picture of a page. zbar is used here alone. */
#ifndef DOCPARSE_CODES_H
#define DOCPARSE_CODES_H

#include "message.h"

#include <allheaders.h>

/* Appends the codes of the last page. grey: 8 bits; dpi as in dp_recognise. */
void dp_codes(PIX *grey, double dpi, dp_message *out);

#endif
