/* What the matrix code of a payment says: EPC069-12 ("GiroCode") and the Swiss QR-bill with Swico's billing information.
 *
 * Pure; memory from the call's arena. */
#ifndef DX_CORE_PAYCODE_PAYCODE_H
#define DX_CORE_PAYCODE_PAYCODE_H

#include "base/rt/ctx.h"
#include "base/value/date.h"
#include "base/value/decimal.h"

#include <stdbool.h>
#include <stddef.h>

typedef enum dx_paycode_kind { DX_PAYCODE_NONE = 0, DX_PAYCODE_EPC, DX_PAYCODE_SWISS } dx_paycode_kind;

/* Text is "" where the code has none. */
typedef struct dx_paycode {
    dx_paycode_kind kind;
    const char *name; /* of the creditor */
    const char *street, *postal_code, *city, *country;
    const char *iban, *bic;
    const char *currency;
    bool has_amount;
    dx_decimal amount;
    const char *reference; /* with check digits: RF… or a Swiss QR reference; else what the code has as reference */
    const char *message;   /* free text for the creditor */
    const char *invoice_number;
    bool has_invoice_date;
    dx_date invoice_date;
    const char *vat_id; /* "CHE-…" without the prefix's hyphens: "CHE123456789" */
} dx_paycode;

/* *out has kind DX_PAYCODE_NONE for any other text, and for one that breaks the form: no valid IBAN, no name, an amount
 * that is none. DOXIN_E_NOMEM is the only failure. */
doxin_status dx_paycode_parse(dx_ctx *ctx, const char *text, size_t size, dx_paycode *out);

#endif
