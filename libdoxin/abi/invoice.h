/* What the calls that return an invoice share. */
#ifndef DX_ABI_INVOICE_H
#define DX_ABI_INVOICE_H

#include "abi/session.h"
#include "core/invoice/invoice.h"

/* The call's option, else the engine's, in thousandths. */
int dx_review_threshold(const doxin_session *session, const char *call, const doxin_options *opts);
/* The invoice as JSON for the caller. */
doxin_status dx_invoice_text(dx_ctx *ctx, const dx_invoice *invoice, char **out_json);

#endif
