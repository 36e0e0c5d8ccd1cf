/* What the files of this folder share. */
#ifndef DX_APP_RECORDS_INTERNAL_H
#define DX_APP_RECORDS_INTERNAL_H

#include "app/queue/queue.h"
#include "app/records/records.h"

#define DX_UUID_SCHEMA "{\"type\":\"string\",\"format\":\"uuid\"}"
#define DX_TEXT_OR_NULL "{\"type\":[\"string\",\"null\"]}"

/* ProcessingOptions as JSON Schema. */
#define DX_PROCESSING_OPTIONS                                                                                          \
    "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{\"auto_save\":{\"type\":\"boolean\"},"        \
    "\"cleanup\":{\"type\":\"boolean\"},\"use_model\":{\"type\":\"boolean\"},"                                         \
    "\"ocr\":{\"type\":\"string\",\"enum\":[\"auto\",\"always\",\"never\"]},"                                          \
    "\"languages\":{\"type\":\"array\",\"maxItems\":10,\"items\":{\"type\":\"string\",\"minLength\":2,"                \
    "\"maxLength\":7}},\"embedded_xml\":{\"type\":\"boolean\"},"                                                       \
    "\"priority\":{\"type\":\"string\",\"enum\":[\"user\",\"batch\"]},\"match\":{\"type\":\"boolean\"},"               \
    "\"learning\":{\"type\":\"boolean\"}}}"

/* FileInfo as columns of file_storage. */
#define DX_FILE_COLUMNS "f.id, f.file_name, f.file_size, f.mime_type, f.file_hash, f.created_at"

doxin_status dx_invoices_upload(dx_call *call);
doxin_status dx_invoices_status(dx_call *call);
doxin_status dx_invoices_get(dx_call *call);
doxin_status dx_invoices_list(dx_call *call);
doxin_status dx_invoices_process(dx_call *call);
doxin_status dx_files_content(dx_call *call);
doxin_status dx_invoices_update(dx_call *call);
doxin_status dx_invoices_approve(dx_call *call);
doxin_status dx_invoices_reject(dx_call *call);

/* The members "invoice" and "line_items" of the answer. *file_id: of its document, or NULL. DOXIN_E_NOT_FOUND. */
doxin_status dx_invoice_answer(dx_call *call, const char *id, const char **file_id);

/* Puts the job that extracts an invoice's file, as ProcessingOptions (may be NULL) say. DOXIN_E_OFF: a model is asked for
 * and none is configured. */
doxin_status dx_extraction_put(dx_tx *tx, dx_ctx *ctx, const char *file_id, const char *invoice_id,
                               const dx_json *parameters, char out_job[DX_UUID_TEXT]);

#endif
