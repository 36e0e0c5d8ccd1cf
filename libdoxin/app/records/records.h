/* Files and invoices: what belongs to a user. */
#ifndef DX_APP_RECORDS_RECORDS_H
#define DX_APP_RECORDS_RECORDS_H

#include "app/op/op.h"

/* invoices.upload, .status, .get, .list, .process, .update, .approve, .reject; files.content. */
extern const dx_module dx_records_module;

/* The type of the job that extracts a stored file; app/intake has its handler. */
#define DX_JOB_EXTRACT "invoice.extract"

/* Appends a part of a stored file that the user of ctx sees. The read at offset 0 is written to the access log.
 * DOXIN_E_NOT_FOUND. */
doxin_status dx_file_read(dx_app *app, dx_ctx *ctx, const char *file_id, int64_t offset, size_t max_bytes,
                          dx_buffer *out);

#endif
