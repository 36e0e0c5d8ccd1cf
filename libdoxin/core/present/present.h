/* An invoice for people and programs: flat JSON, a table, CSV, a spreadsheet, a page. */
#ifndef DX_CORE_PRESENT_PRESENT_H
#define DX_CORE_PRESENT_PRESENT_H

#include "base/rt/buffer.h"
#include "core/invoice/invoice.h"

/* A page as a picture, for html. */
typedef struct dx_present_picture {
    int page;         /* from 1 */
    const void *data; /* PNG or JPEG; NULL: there is none, and `problem` says why */
    size_t size;
    const char *problem;
} dx_present_picture;

typedef struct dx_present_options {
    const char *file_name; /* of the document; NULL: none */
    bool colour;           /* table: terminal colours */
    int width;             /* table: columns of the terminal; 0: 100 */
    bool header;           /* csv: the line with the columns' names first */
    /* html: by page, ascending; on a page without one the words that were read stand at their places */
    const dx_present_picture *pictures;
    size_t picture_count;
} dx_present_options;

/* format: "json", "flat", "table", "csv", "xlsx", "html". DOXIN_E_UNSUPPORTED for another one. options may be NULL. */
doxin_status dx_present(dx_ctx *ctx, const dx_invoice *invoice, const char *format, const dx_present_options *options,
                        dx_buffer *out);

/* One workbook of several invoices. */
typedef struct dx_present_entry {
    const dx_invoice *invoice;
    const char *file_name; /* or NULL */
} dx_present_entry;
doxin_status dx_present_book(dx_ctx *ctx, const dx_present_entry *entries, size_t count, dx_buffer *out);

/* The pages of a document of page_count pages that are worth a picture, ascending, at most `most`: first those on which
 * something was read, then the others from the front. pages holds `most`; returns their number. */
size_t dx_present_pages(const dx_invoice *invoice, size_t page_count, size_t most, int *pages);

#endif
