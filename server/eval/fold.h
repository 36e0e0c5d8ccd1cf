/* Text for comparing: no case, accents, spaces and punctuation. */
#ifndef SERVER_EVAL_FOLD_H
#define SERVER_EVAL_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct folded {
    uint32_t *letters; /* Unicode scalar values, owned; never NULL after fold() */
    size_t count;
} folded;

/* Letters and digits of UTF-8 text, decomposed (NFKD), without combining marks, ß as ss, case folded. Whole for ASCII,
 * Latin-1, Latin Extended-A, Greek and Cyrillic without accents, full-width forms and the common compatibility signs;
 * letters of other scripts stay as they are, other punctuation and symbols go. False: no memory. */
bool fold(const char *string, folded *out);
void folded_free(folded *of);

#endif
