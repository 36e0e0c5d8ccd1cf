/* An invoice for people and programs: flat JSON, a table, CSV, a spreadsheet, a page. */
#ifndef DX_CORE_PRESENT_PRESENT_H
#define DX_CORE_PRESENT_PRESENT_H

#include "base/rt/buffer.h"
#include "core/invoice/invoice.h"

/* A page as a picture, for html. */
typedef struct dx_present_picture {
    const void *png;
    size_t size;
} dx_present_picture;

typedef struct dx_present_options {
    const char *file_name; /* of the document; NULL: none */
    bool colour;           /* table: terminal colours */
    bool header;           /* csv: the line with the columns' names first */
    /* html: the pages in their order, from page 1; without them the words that were read stand at their places */
    const dx_present_picture *pictures;
    size_t picture_count;
} dx_present_options;

/* format: "json", "flat", "table", "csv", "xlsx", "html". DOXIN_E_UNSUPPORTED for another one. options may be NULL. */
doxin_status dx_present(dx_ctx *ctx, const dx_invoice *invoice, const char *format, const dx_present_options *options,
                        dx_buffer *out);

#endif
