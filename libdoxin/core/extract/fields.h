/* Candidates for the fields that stand beside a label of their own. Inside this folder only. */
#ifndef DX_CORE_EXTRACT_FIELDS_H
#define DX_CORE_EXTRACT_FIELDS_H

#include "core/extract/reading.h"

enum { DX_TARGET_NONE = -1 }; /* the label claims its value for nothing that an invoice has */

typedef enum dx_shape { DX_SHAPE_IDENTIFIER = 1, DX_SHAPE_DATE, DX_SHAPE_TEXT } dx_shape;

typedef struct dx_candidate {
    int target; /* dx_header_id, or DX_TARGET_NONE */
    int score;  /* log-odds in 1/100 */
    dx_relation relation;
    uint32_t label; /* index of the label; DX_NO_INDEX: none */
    uint32_t first_word, word_count;
    const char *text; /* identifier or text */
    dx_date date;
    bool is_date;
    bool free_text; /* a name or a sentence, which may hold other values */
    bool learned;   /* stands where a correction for this vendor found it */
} dx_candidate;

typedef struct dx_candidates {
    dx_candidate *items;
    size_t count, capacity;
} dx_candidates;

/* All candidates, best first. */
doxin_status dx_field_candidates(dx_ctx *ctx, const dx_reading *reading, dx_candidates *out);

/* candidate_text.c: what may be a value in a segment's text from a byte on. */
typedef struct dx_text_span {
    uint32_t begin, end; /* bytes of the segment's text; begin == end: nothing */
} dx_text_span;
dx_text_span dx_identifier_at(const char *text, uint32_t begin, uint32_t end);
bool dx_looks_like_date(dx_ctx *ctx, const dx_reading *reading, const char *text, size_t length);

#endif
