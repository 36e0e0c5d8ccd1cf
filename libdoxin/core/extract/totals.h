/* Sums: candidates for each role, and the choice that agrees best with the arithmetic. Inside this folder only. */
#ifndef DX_CORE_EXTRACT_TOTALS_H
#define DX_CORE_EXTRACT_TOTALS_H

#include "core/extract/reading.h"

typedef enum dx_role {
    DX_ROLE_SUBTOTAL = 0,
    DX_ROLE_TAX,
    DX_ROLE_TOTAL,
    DX_ROLE_LINES,
    DX_ROLE_DISCOUNT,
    DX_ROLE_CHARGE,
    DX_ROLE_FREIGHT,
    DX_ROLE_PREPAID,
    DX_ROLE_DUE,
    DX_ROLE_ROUNDING,
    DX_ROLE_TENDERED,
    DX_ROLE_CHANGE,
    DX_ROLE_COUNT
} dx_role;

/* Amounts are compared as whole numbers of 1/10000. */
enum { DX_AMOUNT_SCALE = 4, DX_ROLE_CANDIDATES = 8 };

typedef struct dx_sum {
    int64_t value;
    uint32_t mark;    /* index of the mark; DX_NO_INDEX: from arithmetic */
    int score;        /* log-odds in 1/100 */
    uint32_t label;   /* DX_NO_INDEX: none */
    bool learned;     /* stands where a correction for this vendor found it */
    const char *note; /* how arithmetic came to it; NULL: it stands on the page */
} dx_sum;

/* A line of a tax summary: rate × base = amount. */
typedef struct dx_tax_row {
    uint32_t rate_mark, base_mark, amount_mark;
    int64_t rate, base, amount;
} dx_tax_row;

enum { DX_TAX_ROWS = 12 };

typedef struct dx_sums {
    dx_sum role[DX_ROLE_COUNT][DX_ROLE_CANDIDATES]; /* best first, one for each value */
    size_t count[DX_ROLE_COUNT];
    dx_tax_row rows[DX_TAX_ROWS];
    size_t row_count;
    int64_t rates[16]; /* percentages printed anywhere, in 1/10000 percent */
    size_t rate_count;
    bool rounding_named; /* a label speaks of rounding to coins */
} dx_sums;

int64_t dx_amount_whole(dx_decimal number);
/* round(base × rate) with both in 1/10000, to 1/100. */
int64_t dx_amount_percent(int64_t base, int64_t rate);
bool dx_amount_close(int64_t a, int64_t b, int64_t tolerance);

/* Fills a field from a candidate; negate turns its sign. (totals.c) */
doxin_status dx_set_sum(dx_ctx *ctx, const dx_reading *reading, dx_field *field, const dx_sum *sum, int confidence,
                        bool negate);
/* Lines, discounts, charges, freight, paid and due: the set with lines - discounts + charges + freight = subtotal where
 * there is one. lines_sum: of the table of items, NULL: not known. After subtotal and total. (parts.c) */
doxin_status dx_set_parts(dx_ctx *ctx, const dx_reading *reading, const dx_sums *sums, const int64_t *lines_sum,
                          dx_invoice *invoice);

doxin_status dx_sums_find(dx_ctx *ctx, const dx_reading *reading, dx_sums *out); /* sums.c */
void dx_tax_rows_find(const dx_reading *reading, dx_sums *out);                  /* taxes.c */

#endif
