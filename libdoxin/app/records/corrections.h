/* What corrections taught about vendors, in the database; and what a person said of an invoice. */
#ifndef DX_APP_RECORDS_CORRECTIONS_H
#define DX_APP_RECORDS_CORRECTIONS_H

#include "app/op/op.h"
#include "core/invoice/invoice.h"
#include "core/learn/learn.h"

/* The type of the job that learns from an invoice as it now is; app/intake has its handler. */
#define DX_JOB_LEARN "invoice.learn"

/* Those of the user of ctx for the keys. lock: the rows stay as they are until the transaction ends. */
doxin_status dx_corrections_load(dx_tx *tx, dx_ctx *ctx, const dx_vendor_keys *keys, bool lock, dx_corrections *out);
/* Each in the place of the one with its key. */
doxin_status dx_corrections_store(dx_tx *tx, dx_ctx *ctx, const dx_corrections *learned);

/* What a person decided about an invoice: paths of header fields that were taken out, "line_items" where the
 * lines are a person's, "document_type" where the kind is. Values that were given are in the invoice itself, with origin human. */
typedef struct dx_decisions {
    const char **paths;
    size_t count, capacity;
} dx_decisions;

doxin_status dx_decisions_load(dx_tx *tx, dx_ctx *ctx, const char *invoice_id, dx_decisions *out);
/* After dx_invoice_store(), which empties the table that they are in. */
doxin_status dx_decisions_store(dx_tx *tx, dx_ctx *ctx, const char *invoice_id, const dx_decisions *decisions);
bool dx_decisions_have(const dx_decisions *decisions, const char *path);
doxin_status dx_decisions_add(dx_ctx *ctx, dx_decisions *decisions, const char *path);
void dx_decisions_remove(dx_decisions *decisions, const char *path);

/* The invoice as it is stored, locked until the transaction ends; *out NULL: nothing was read yet. DOXIN_E_NOT_FOUND. */
doxin_status dx_invoice_load(dx_tx *tx, dx_ctx *ctx, const char *invoice_id, dx_invoice **out);
/* Puts what a person gave or decided into an invoice that was read anew; *any: there was something. What was read
 * instead is a rival. */
doxin_status dx_invoice_keep_human(dx_ctx *ctx, const dx_invoice *stored, const dx_decisions *decisions,
                                   dx_invoice *fresh, bool *any);
/* Gives a header field a person's value: evidence human, the old value a rival. field holds the new value already. */
doxin_status dx_field_by_person(dx_ctx *ctx, const dx_field *old, dx_field *field);

/* The gate again, after values were changed. sums_changed: what arithmetic supplied is supplied anew, as far as it
 * follows. */
doxin_status dx_invoice_check_again(dx_ctx *ctx, dx_invoice *invoice, bool sums_changed, int review_threshold);

#endif
