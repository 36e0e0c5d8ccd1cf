/* What the calls that return an invoice share. */
#ifndef DX_ABI_INVOICE_H
#define DX_ABI_INVOICE_H

#include "abi/session.h"
#include "core/invoice/invoice.h"
#include "core/present/present.h"

/* The call's option, else the engine's, in thousandths. */
int dx_review_threshold(const doxin_session *session, const char *call, const doxin_options *opts);
/* The invoice as JSON for the caller. */
doxin_status dx_invoice_text(dx_ctx *ctx, const dx_invoice *invoice, char **out_json);
/* The invoice of a caller's JSON, from the call's arena. */
doxin_status dx_invoice_parse(dx_ctx *ctx, const char *invoice_json, dx_invoice **out);
/* The options of a call that writes a form: file_name, colour, header; text is borrowed from opts. */
dx_present_options dx_invoice_form_options(const char *call, const doxin_options *opts);
/* The invoice in a form, for the caller. DOXIN_E_UNSUPPORTED where format is NULL or none that is known. */
doxin_status dx_invoice_form(dx_ctx *ctx, const dx_invoice *invoice, const char *format,
                             const dx_present_options *options, doxin_bytes **out);

#endif
