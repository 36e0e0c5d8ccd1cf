/* A file on its way in. Its bytes go to the store piece by piece; it is there for others once its row is. */
#ifndef DX_APP_RECORDS_UPLOAD_H
#define DX_APP_RECORDS_UPLOAD_H

#include "app/op/app.h"

typedef struct dx_upload dx_upload;

/* Texts are copied; NULL: not given. */
typedef struct dx_upload_options {
    const char *file_name;       /* for people: only its last part is kept */
    const char *mime_type;       /* what the sender claims; the content decides */
    const char *source;          /* "api", "web", "cli", "batch", "email", "demo"; NULL: "api" */
    const char *parameters;      /* ProcessingOptions as JSON */
    const char *idempotency_key; /* the same upload with the same key happens once */
    bool process;                /* queue the extraction */
} dx_upload_options;

/* Needs the permission invoices.write. DOXIN_E_FIELD: the options or parameters. */
doxin_status dx_upload_open(dx_app *app, dx_ctx *ctx, const dx_upload_options *options, dx_upload **out);
/* DOXIN_E_LIMIT: larger than allowed; DOXIN_E_NO_SPACE. After a failure only free is of use. */
doxin_status dx_upload_write(dx_upload *upload, dx_ctx *ctx, const void *data, size_t size);
/* Once. File, invoice and job in one transaction; on failure nothing is left. DOXIN_E_EMPTY_DOCUMENT,
 * DOXIN_E_NOT_A_DOCUMENT. The answer is that of invoices.upload. */
doxin_status dx_upload_finish(dx_upload *upload, dx_ctx *ctx, dx_buffer *out);
/* NULL is fine; what was not finished leaves nothing behind. */
void dx_upload_free(dx_upload *upload);

#endif
