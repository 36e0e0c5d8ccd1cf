/* Parts of the page. For this folder. */
#ifndef DX_CORE_PRESENT_HTML_H
#define DX_CORE_PRESENT_HTML_H

#include "core/present/forms.h"

/* A value of the invoice with its path ("line_items[0].quantity"). */
typedef void (*dx_html_visit)(void *data, const char *path, const dx_field *field);

/* Every value that is there, in the order of the JSON. */
void dx_html_each(const dx_invoice *invoice, dx_html_visit visit, void *data);
/* Text with its markup escaped. */
void dx_html_text(dx_buffer *out, const char *text);
/* The path as an identifier of an element: "b-line_items-0-quantity". */
void dx_html_id(dx_buffer *out, char prefix, const char *path);
bool dx_html_doubtful(const dx_field *field);
/* The value has a box on a page. */
bool dx_html_placed(const dx_field *field);

/* The document: a sheet for each page with the boxes of what was read; nothing where no value has a place and there is no
 * picture. False: no memory (recorded). */
bool dx_html_pages(dx_ctx *ctx, dx_buffer *out, const dx_invoice *invoice, const dx_present_options *options);

extern const char dx_html_style[];

#endif
