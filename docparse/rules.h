/* Drawn lines, found on a picture of the page. */
#ifndef DOCPARSE_RULES_H
#define DOCPARSE_RULES_H

#include "message.h"

#include <allheaders.h>

/* Appends the rules of the last page, horizontal ones first. grey: 8 bits; dpi: of the picture in the page's points;
 * darkest: what counts as drawn, of 255. */
void dp_rules(PIX *grey, double dpi, int darkest, dp_message *out);

#endif
