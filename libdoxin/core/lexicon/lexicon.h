/* What printed words mean: labels, table heads, months, tax words, company forms, in every language at once.
 *
 * The knowledge is data: data/<language>.txt, made into one trie at build time (tools/make_lexicon.py). To add a
 * language or a word is to add a line there; see docs/extraction.md. All functions are pure and thread-safe. */
#ifndef DX_CORE_LEXICON_LEXICON_H
#define DX_CORE_LEXICON_LEXICON_H

#include "base/rt/ctx.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* DX_TERM_…: what a term stands for; data/concepts.txt is the list. */
typedef enum dx_concept {
    DX_TERM_NONE = 0,
#define X(id, name, group) DX_TERM_##id,
#include "core/lexicon/concepts.inc"
#undef X
    DX_TERM_COUNT
} dx_concept;

/* What kind of knowledge a concept is: DX_GROUP_FIELD … */
typedef enum dx_concept_group {
    DX_GROUP_FIELD = 1, /* label of a header field: the value stands beside or below */
    DX_GROUP_AMOUNT,    /* label of a sum */
    DX_GROUP_PARTY,     /* head of a party's block */
    DX_GROUP_KIND,      /* what the document is */
    DX_GROUP_COLUMN,    /* head of a column of a table of items */
    DX_GROUP_WORD       /* months, tax words, company forms, noise */
} dx_concept_group;

enum { DX_TERM_WEAK = 1, DX_TERM_NORMAL = 2, DX_TERM_STRONG = 3 };

/* A term found in a text. */
typedef struct dx_term {
    dx_concept concept;
    int argument;       /* month; both letters of a country (high, low byte); else 0 */
    int strength;       /* DX_TERM_WEAK … DX_TERM_STRONG */
    uint32_t languages; /* bit i: dx_lexicon_language(i) has it */
    size_t begin, end;  /* tokens of the text: [begin, end) */
} dx_term;

/* A text cut into folded tokens: runs of letters and digits; "#", "%", "&" and "@" alone; each CJK character alone. */
typedef struct dx_token {
    const char *text;    /* folded, NUL-terminated */
    int32_t word;        /* its number in the lexicon; -1: a word that no term has */
    uint32_t begin, end; /* bytes of what was given: [begin, end) */
} dx_token;

typedef struct dx_tokens {
    dx_token *items;
    size_t count, capacity;
} dx_tokens;

/* Appends to *out, which starts zeroed. ocr: the text was recognised, so a word that no term has stands for the one
 * word of the lexicon that it may have been misread from (0 for o, 1 for l, one letter wrong). */
doxin_status dx_lexicon_tokens(dx_ctx *ctx, const char *text, size_t length, bool ocr, dx_tokens *out);

/* All terms that begin at a token, the longest first; at most max. Returns how many. */
size_t dx_lexicon_at(const dx_tokens *tokens, size_t token, dx_term *out, size_t max);
/* The longest term of a concept that begins at a token; false: none. */
bool dx_lexicon_find(const dx_tokens *tokens, size_t token, dx_concept concept, dx_term *out);
/* The whole text is one term of the concept, or it is not. */
bool dx_lexicon_is(const dx_tokens *tokens, dx_concept concept, dx_term *out);

const char *dx_concept_name(dx_concept concept);
dx_concept_group dx_concept_group_of(dx_concept concept);
size_t dx_lexicon_language_count(void);
const char *dx_lexicon_language(size_t index); /* ISO 639-1 */

#endif
