/* An invoice into its rows. */
#ifndef DX_APP_RECORDS_STORE_H
#define DX_APP_RECORDS_STORE_H

#include "core/invoice/invoice.h"
#include "io/db/db.h"

/* Column of invoices and the field that fills it. */
typedef struct dx_header_column {
    const char *column;
    dx_header_id field;
} dx_header_column;
extern const dx_header_column dx_header_columns[];
extern const size_t dx_header_column_count;

/* Column of invoice_line_items and the cell that fills it. */
typedef struct dx_line_column {
    const char *column;
    dx_cell_id cell;
} dx_line_column;
extern const dx_line_column dx_line_columns[];
extern const size_t dx_line_column_count;

/* Fills the row `invoice_id` and replaces its lines, taxes and evidence, in the caller's transaction and identity. What
 * does not fit a column (a number of too many digits, a text too long) is left out or cut there; extraction holds it
 * whole. *out_json: the invoice as doxin.invoice/1, from the call's arena. */
doxin_status dx_invoice_store(dx_tx *tx, dx_ctx *ctx, const char *invoice_id, const dx_invoice *invoice,
                              const char *json);
/* As JSON text from the call's arena. */
doxin_status dx_invoice_json(dx_ctx *ctx, const dx_invoice *invoice, const char **out);

#endif
