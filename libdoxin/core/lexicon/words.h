/* The words of the lexicon. Inside this folder only. */
#ifndef DX_CORE_LEXICON_WORDS_H
#define DX_CORE_LEXICON_WORDS_H

#include <stdint.h>

/* The number of a folded word, or -1. */
int32_t dx_lexicon_word(const char *folded);
/* The word that a recogniser may have read wrongly as this one, or -1 when there is none or several. */
int32_t dx_lexicon_misread_word(const char *folded);

#endif
