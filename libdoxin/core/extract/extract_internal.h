/* What the stages of extraction hand to each other. */
#ifndef DX_CORE_EXTRACT_INTERNAL_H
#define DX_CORE_EXTRACT_INTERNAL_H

#include "base/value/decimal.h"
#include "core/extract/extract.h"
#include "core/invoice/invoice.h"
#include "core/page/layout.h"

typedef enum dx_date_order { DX_ORDER_UNKNOWN = 0, DX_ORDER_DMY, DX_ORDER_MDY, DX_ORDER_YMD } dx_date_order;

/* Decided once for the document from all its evidence. */
typedef struct dx_hypotheses {
    dx_number_style number_style; /* UNKNOWN: nothing on the page tells */
    int number_votes;             /* for number_style minus against it */
    dx_date_order date_order;
    char currency[4]; /* ISO 4217, or "" */
    char language[4]; /* ISO 639-1 in lower case, or "" */
    char country[3];  /* of the vendor as far as the page tells (alpha-2), or "" */
    bool ocr;         /* words were recognised: expect wrong letters */
} dx_hypotheses;

/* A band of a page that a table of items fills, its head included. */
typedef struct dx_item_region {
    uint32_t page; /* index into dx_layout.pages */
    dx_box box;
} dx_item_region;

/* The line items of the whole document. Every cell has its evidence. */
typedef struct dx_items {
    dx_line *lines;
    size_t line_count;
    dx_item_region *regions;
    size_t region_count;
    bool totals_known;    /* every line has a total */
    bool prices_gross;    /* line totals stand under a head that says "with tax" */
    dx_decimal total_sum; /* Σ line totals, when totals_known */
    int confidence;       /* 0 … 1000: how much the rows prove themselves (q × p = t, heads found) */
} dx_items;

/* Finds tables of items and reads their rows (table*.c, items*.c). Never fails for what the pages hold: no table gives
 * line_count 0. */
doxin_status dx_extract_items(dx_ctx *ctx, const dx_layout *layout, const dx_hypotheses *hypotheses, dx_items *out);

/* The tables that were found, whether or not they were taken, as a JSON array: columns, rows. */
struct dx_writer;
doxin_status dx_items_explain(dx_ctx *ctx, const dx_layout *layout, const dx_hypotheses *hypotheses,
                              struct dx_writer *writer);

/* Evidence of words[first … first + count) of the document: page, box in 1/100000, verbatim text, origin text or ocr, mean
 * confidence of the words (evidence.c). */
doxin_status dx_evidence_words(dx_ctx *ctx, const dx_layout *layout, uint32_t first, uint32_t count, dx_evidence *out);

#endif
