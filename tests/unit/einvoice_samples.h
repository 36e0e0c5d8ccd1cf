/* What the tests of e-invoices share: the project's own samples and a call to read them in. */
#ifndef DX_TEST_EINVOICE_SAMPLES_H
#define DX_TEST_EINVOICE_SAMPLES_H

#include "core/einvoice/einvoice.h"

#include <criterion/criterion.h>

/* A file of tests/data/einvoice; free() it. Fails the test when it is not there. */
char *sample_bytes(const char *name, size_t *size);
/* Reads a sample; fails the test when it cannot be read. */
dx_invoice *sample_invoice(dx_ctx *ctx, const char *name);
/* The field at a path as the JSON names it ("vendor.name"), and the cell of a line; NULL: absent. */
const char *header_text(const dx_invoice *invoice, const char *path);
const char *cell_text(const dx_invoice *invoice, size_t line, dx_cell_id id);
/* The check of the gate with this name; fails the test when there is none. */
const dx_invoice_check *check_named(const dx_invoice *invoice, const char *rule);

#endif
