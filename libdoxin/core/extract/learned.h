/* Corrections on the page: where a value stands, and what a memory says of a document. Inside this folder only. */
#ifndef DX_CORE_EXTRACT_LEARNED_H
#define DX_CORE_EXTRACT_LEARNED_H

#include "core/extract/reading.h"

/* What a field's value is like. */
typedef enum dx_learnable {
    DX_LEARN_NOT = 0, /* nothing is remembered of it */
    DX_LEARN_CONSTANT,
    DX_LEARN_IDENTIFIER,
    DX_LEARN_TEXT,
    DX_LEARN_DATE,
    DX_LEARN_AMOUNT
} dx_learnable;
dx_learnable dx_learnable_of(dx_header_id field);

/* A value that stands where a memory looks for it. */
typedef struct dx_hint {
    const dx_place *place;
    uint32_t first_word, word_count;
    uint32_t mark;    /* of a date or an amount; else DX_NO_INDEX */
    const char *text; /* of an identifier or a text */
    int fit;          /* how well the place agrees, 1/100 log-odds */
} dx_hint;

typedef struct dx_hints {
    const dx_memory *memory; /* NULL: nothing is known of this vendor */
    dx_hint *items;
    size_t count, capacity;
} dx_hints;

/* What a place says of the document; *found false: nothing, or several values alike. (places.c) */
doxin_status dx_place_find(dx_ctx *ctx, const dx_reading *reading, const dx_place *place, dx_hint *out, bool *found);
/* Is the hint's value the field's? */
doxin_status dx_hint_is(dx_ctx *ctx, const dx_reading *reading, const dx_hint *hint, const dx_field *field, bool *out);
/* Where a value stands in the document, as a place that finds it again; *found false: it does not stand there, or no
 * place tells it from others. (places.c) */
doxin_status dx_place_of(dx_ctx *ctx, const dx_reading *reading, dx_header_id id, const dx_field *field, dx_place *out,
                         bool *found);
/* Words of a text as they stand on the page: the first run that is the same but for case, accents and punctuation;
 * *count 0: none. */
doxin_status dx_words_find(dx_ctx *ctx, const dx_reading *reading, const char *text, uint32_t *first, uint32_t *count);

/* The words of the top of the first page that are no labels and hold no digits, as 16 hexadecimal digits; NULL: fewer
 * than three. (learned.c) */
doxin_status dx_letterhead_print(dx_ctx *ctx, const dx_reading *reading, const char **out);
/* Log-odds in 1/100 of a hint as a candidate, beside those of labels. */
int dx_hint_score(const dx_hint *hint);
/* Asks the source for what is known of the vendor of an invoice as it was read. */
doxin_status dx_hints_look_up(dx_ctx *ctx, const dx_reading *reading, const dx_invoice *invoice, dx_hints *out);
/* What never changes: into the invoice, after all other stages. */
doxin_status dx_hints_constants(dx_ctx *ctx, const dx_reading *reading, const dx_hints *hints, dx_invoice *invoice);

/* All stages after the table of items. (extract.c) */
doxin_status dx_extract_stages(dx_ctx *ctx, const dx_reading *reading, const dx_items *items, dx_invoice **out);
/* Layout, reading and the table of items. (extract.c) */
doxin_status dx_extract_read(dx_ctx *ctx, const dx_pages *pages, const dx_extract_options *options,
                             dx_reading **reading, dx_items *items);

#endif
