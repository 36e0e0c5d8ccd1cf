/* UTF-8, folding and words (utf8proc). */
#ifndef DX_BASE_TEXT_UTF8_H
#define DX_BASE_TEXT_UTF8_H

#include "base/rt/ctx.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whole text is valid UTF-8 (no surrogates, no overlong forms). */
bool dx_utf8_valid(const char *text, size_t length);
/* The character at *at (moved behind it), or U+FFFD for a bad byte (moved by one); -1 at the end. */
int32_t dx_utf8_next(const char *text, size_t length, size_t *at);
/* Writes one character, returns its bytes (1 … 4). */
size_t dx_utf8_put(int32_t character, char *out);
size_t dx_utf8_count(const char *text, size_t length);

bool dx_char_letter(int32_t character);
bool dx_char_digit(int32_t character); /* decimal digits of any script */
bool dx_char_space(int32_t character); /* includes no-break, thin and ideographic space */
int32_t dx_char_lower(int32_t character);
/* Columns that it takes in a terminal: 0 for what joins the character before, 2 for wide ones of East Asia, else 1. */
int dx_char_width(int32_t character);

/* Folded for comparing: compatibility decomposition, no marks, lower case, "ß" -> "ss", runs of space to one, trimmed.
 * Punctuation stays. From the call's arena; NULL: no memory (recorded). */
char *dx_fold(dx_ctx *ctx, const char *text, size_t length);
/* As dx_fold, letters and digits only: "Müller & Söhne GmbH" -> "mullersohnegmbh". */
char *dx_fold_alnum(dx_ctx *ctx, const char *text, size_t length);

/* Both look at the first 2,000 characters of a text, allocate nothing and cannot fail. */
/* Optimal string alignment distance of two folded texts, in characters, cut off at limit (then limit + 1). */
int dx_edit_distance(const char *a, const char *b, int limit);
/* 0 … 1000: 1000 the same; 1000 * 2 * matching / total as Ratcliff and Obershelp do it. */
int dx_similarity(const char *a, const char *b);

#endif
