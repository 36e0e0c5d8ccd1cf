/* Units of measure: UN/ECE Recommendation 20 and 21 codes and the words that people print. */
#ifndef DX_BASE_VALUE_UNIT_H
#define DX_BASE_VALUE_UNIT_H

#include <stddef.h>

/* The code ("HUR", "KGM", "C62", "MTR") for a word, a sign or a code as printed ("Std.", "kg", "Stück", "pcs"); NULL:
 * none. */
const char *dx_unit_code(const char *text, size_t length);
/* English name of a code ("hour"), or NULL. */
const char *dx_unit_name(const char *code);

#endif
