/* What was read against what is true: counts over many documents. */
#ifndef SERVER_EVAL_SCORE_H
#define SERVER_EVAL_SCORE_H

#include "eval/rules.h"

typedef struct tally {
    size_t labelled;  /* values in the truth */
    size_t predicted; /* of these, fields for which something was read */
    size_t right;
    size_t alike;    /* right or nearly so */
    size_t spurious; /* read where the truth says that there is nothing */
} tally;

enum { CONFIDENCE_BINS = 10 };
typedef struct bin {
    size_t count;
    size_t right;
    double confidence; /* sum */
} bin;

/* The values of a kind of field by their confidence. */
typedef struct reliability {
    bin bins[CONFIDENCE_BINS];
    size_t sure, sure_right; /* values with a confidence of 0.9 and more */
} reliability;

typedef struct document_score {
    char *name;    /* owned */
    size_t values; /* labelled header fields and line items */
    size_t wrong;  /* of these, not read or read wrongly */
    double seconds;
    char *faults; /* owned: JSON array of {"field", "expected", "read"} or {"error"} */
} document_score;

typedef struct scores {
    tally fields[HEADER_FIELDS];
    tally items;
    tally item_fields[ITEM_FIELDS]; /* inside matched items */
    size_t missing;                 /* documents that could not be read */
    size_t core, core_labelled;     /* number, date and total all right */
    size_t all_header;              /* every labelled field right */
    size_t all_items, item_documents;
    reliability fields_reliability[FIELD_GROUPS]; /* by rules_group */
    document_score *documents;
    size_t count;
} scores;

/* Adds one document; read is NULL, with the words of error, where it could not be read. False: no memory. */
bool scores_add(scores *to, const char *name, const doxin_value *truth, const doxin_value *read, const char *error,
                double seconds);
void scores_free(scores *of);

#endif
