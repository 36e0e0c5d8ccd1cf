/* Comparing short names without the big tables of base/text: Latin letters without case. For this folder. */
#ifndef DX_BASE_VALUE_FOLD_H
#define DX_BASE_VALUE_FOLD_H

#include <stdbool.h>
#include <stddef.h>

/* The same but for the case of ASCII and Latin-1 letters. */
bool dx_same_name(const char *a, size_t a_size, const char *b, size_t b_size);
/* One of the names separated by "|". */
bool dx_name_among(const char *names, const char *text, size_t size);
/* Letters and digits in capitals, without spaces, points, hyphens and slashes; false when something else stands there or
 * it does not fit. */
bool dx_compact_code(const char *text, size_t size, char *out, size_t out_size);

/* The bytes of the space at the start or at the end: ASCII white space, U+00A0, U+2007, U+2009, U+202F, U+3000; 0: none. */
size_t dx_space_at_start(const char *text, size_t size);
size_t dx_space_at_end(const char *text, size_t size);
void dx_trim_spaces(const char **text, size_t *size);

#endif
