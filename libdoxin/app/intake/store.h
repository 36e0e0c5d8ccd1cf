/* An invoice into its rows. Inside this folder. */
#ifndef DX_APP_INTAKE_STORE_H
#define DX_APP_INTAKE_STORE_H

#include "core/invoice/invoice.h"
#include "io/db/db.h"

/* Fills the row `invoice_id` and replaces its lines, taxes and evidence, in the caller's transaction and identity. What
 * does not fit a column (a number of too many digits, a text too long) is left out or cut there; extraction holds it
 * whole. *out_json: the invoice as doxin.invoice/1, from the call's arena. */
doxin_status dx_intake_store(dx_tx *tx, dx_ctx *ctx, const char *invoice_id, const dx_invoice *invoice,
                             const char *json);
/* As JSON text from the call's arena. */
doxin_status dx_intake_json(dx_ctx *ctx, const dx_invoice *invoice, const char **out);

#endif
