/* A document with its labels, amounts and dates found: what the stages after it choose from. Inside this folder only. */
#ifndef DX_CORE_EXTRACT_READING_H
#define DX_CORE_EXTRACT_READING_H

#include "core/extract/extract_internal.h"
#include "core/lexicon/lexicon.h"

/* A label: a term of the lexicon that stands on the page. */
enum { DX_LABEL_TERMS = 6 };

typedef struct dx_label {
    uint32_t segment;
    uint32_t first_word, word_count; /* words that it touches */
    uint32_t begin, end;             /* bytes of the segment's text */
    dx_box box;
    dx_term terms[DX_LABEL_TERMS]; /* all of the same length */
    size_t term_count;
    bool starts; /* nothing stands before it in its segment */
    bool ends;   /* nothing stands after it in its segment but punctuation */
    bool colon;  /* ":" or the like follows */
} dx_label;

typedef enum dx_mark_kind { DX_MARK_AMOUNT = 1, DX_MARK_PERCENT, DX_MARK_DATE } dx_mark_kind;

/* A typed value that stands on the page. */
typedef struct dx_mark {
    dx_mark_kind kind;
    uint32_t segment, page;
    uint32_t first_word, word_count;
    uint32_t begin, end; /* bytes of the segment's text */
    dx_box box;
    dx_decimal number;
    bool has_currency;
    char currency[4];
    bool money;     /* two decimals, or a currency beside it */
    bool ambiguous; /* the number style decided what it is */
    dx_date date;
    bool date_open;  /* day and month could change places */
    bool date_named; /* the month is a word */
    bool in_items;   /* inside the table of items */
    uint32_t second; /* the amount that the recogniser's other reading sees here; DX_NO_INDEX: none */
} dx_mark;

typedef struct dx_segment_reading {
    dx_tokens tokens;
    uint32_t *offsets; /* of each of its words in its text; offsets[word_count]: one past the text */
    uint32_t first_label, label_count;
    uint32_t first_mark, mark_count;
    bool in_items;
} dx_segment_reading;

struct dx_hints;

typedef struct dx_reading {
    const dx_layout *layout;
    const dx_extract_options *options;
    const struct dx_hints *hints; /* what corrections say of this document; NULL: nothing */
    dx_hypotheses hypotheses;
    dx_segment_reading *segments; /* one for each of the layout */
    dx_label *labels;
    size_t label_count, label_capacity;
    dx_mark *marks;
    size_t mark_count, mark_capacity; /* those of the second readings stand behind mark_count */
    dx_page_range *documents;         /* where the file holds several; this is the reading of one of them */
    size_t document_count;
    int *languages; /* votes, one for each language of the lexicon */
} dx_reading;

/* Tokens, labels and hypotheses, then marks. */
doxin_status dx_reading_make(dx_ctx *ctx, const dx_layout *layout, const dx_extract_options *options, dx_reading **out);
doxin_status dx_reading_labels(dx_ctx *ctx, dx_reading *reading);      /* labels.c */
doxin_status dx_reading_hypotheses(dx_ctx *ctx, dx_reading *reading);  /* hypotheses.c */
doxin_status dx_reading_marks(dx_ctx *ctx, dx_reading *reading);       /* marks.c */
void dx_reading_set_items(dx_reading *reading, const dx_items *items); /* marks what stands inside the table */

/* The word of a segment (index into the layout) that holds a byte of its text. */
uint32_t dx_reading_word_at(const dx_reading *reading, uint32_t segment, uint32_t byte);
dx_box dx_reading_box(const dx_reading *reading, uint32_t first_word, uint32_t count);
const dx_term *dx_label_term(const dx_label *label, dx_concept concept); /* NULL: it has no such term */
bool dx_label_in_group(const dx_label *label, dx_concept_group group);

/* A date that begins at byte `at` of the text. */
typedef struct dx_date_scan {
    size_t end;
    dx_date date;
    bool open, named;
} dx_date_scan;
bool dx_date_scan_at(dx_ctx *ctx, const char *text, size_t length, size_t at, const dx_hypotheses *hypotheses,
                     dx_date_scan *out); /* dates.c */

/* An amount or percentage that is the whole text. */
typedef struct dx_number_scan {
    dx_decimal number;
    bool percent, has_currency, ambiguous;
    char currency[4];
} dx_number_scan;
bool dx_number_scan_text(const char *text, size_t length, const dx_hypotheses *hypotheses, dx_number_scan *out);
/* A vote of one word for a number style: positive point, negative comma, 0 none. */
int dx_number_vote(const char *text, size_t length);

/* Where a value stands from its label. */
typedef enum dx_relation { DX_REL_NONE = 0, DX_REL_INLINE, DX_REL_RIGHT, DX_REL_BELOW, DX_REL_ABOVE } dx_relation;

/* Segment beside a label's end: the next on the line that is not a label itself; DX_NO_INDEX: none. */
uint32_t dx_reading_right_of(const dx_reading *reading, const dx_label *label);
/* Segments below a label that share its column, nearest first, at most max. */
size_t dx_reading_below(const dx_reading *reading, const dx_label *label, uint32_t *out, size_t max);

/* The stages after the reading; each fills its part of the invoice. */
doxin_status dx_extract_fields(dx_ctx *ctx, const dx_reading *reading, dx_invoice *invoice);
/* *total_labelled: a label that begins its piece of a line names the total, or a correction does (else it
 * is the largest of the amounts). */
doxin_status dx_extract_totals(dx_ctx *ctx, const dx_reading *reading, const dx_items *items, dx_invoice *invoice,
                               bool *total_labelled);
doxin_status dx_extract_parties(dx_ctx *ctx, const dx_reading *reading, dx_invoice *invoice);
doxin_status dx_extract_kind(dx_ctx *ctx, const dx_reading *reading, bool total_labelled, dx_invoice *invoice);

/* Fills value and evidence of a field from words of the page. */
doxin_status dx_set_text(dx_ctx *ctx, const dx_reading *reading, dx_field *field, const char *text, uint32_t first,
                         uint32_t count, int confidence, const char *note);

/* Log-odds (in 1/100) to 0 … 1000. */
int dx_confidence_from(int score);

#endif
