/* Parts of the page. For this folder. */
#ifndef DX_CORE_PRESENT_HTML_H
#define DX_CORE_PRESENT_HTML_H

#include "core/present/forms.h"
#include "core/present/values.h"

typedef struct dx_html {
    dx_ctx *ctx;
    dx_buffer *out;
    const dx_invoice *invoice;
    const dx_present_options *options;
    dx_present_fails fails;
    dx_origin origin;          /* of most values: said once, not beside each */
    struct dx_html_box *boxes; /* by page, each in reading order */
    size_t box_count, box_capacity;
} dx_html;

/* A value with a place on a page. */
typedef struct dx_html_box {
    const dx_field *field;
    const char *path;
    bool fails;
    size_t layer; /* smaller boxes lie above larger ones */
} dx_html_box;

/* Text with its markup escaped. */
void dx_html_text(dx_html *to, const char *text);
/* An identifier of an element: "b-line_items-0-quantity". */
void dx_html_id(dx_buffer *out, char prefix, const char *path);
/* RFC 4648, 4, with padding. */
void dx_html_base64(dx_buffer *out, const void *data, size_t size);
/* Whether the value gets a box. Parts of an address get none. */
bool dx_html_has_box(const dx_html *to, const char *path, const dx_field *field);

/* Finds the boxes. False: no memory (recorded). */
bool dx_html_find_boxes(dx_html *to);
/* The rules of style that put each box in its place. */
void dx_html_places(const dx_html *to, dx_buffer *out);
/* The document: a sheet for each page that has a picture or a box. */
void dx_html_sheets(dx_html *to);
/* There is at least one sheet. */
bool dx_html_has_sheets(const dx_html *to);

/* "OCR", "calculated" … */
const char *dx_html_origin(dx_origin origin);
/* A number with its thousands apart. */
void dx_html_number(dx_html *to, const char *text);
/* A value with its element f-PATH, linked to its box where it has one. shown: what is written instead of its text, or
 * NULL. */
void dx_html_value(dx_html *to, const dx_present_value *value, const char *shown);
/* What is to be doubted about it; always: also where it is from and how sure it is when nothing is. */
void dx_html_marks(dx_html *to, const dx_present_value *value, bool always);
/* The document's fields and the parties. */
void dx_html_fields(dx_html *to);
void dx_html_lines(dx_html *to);
/* Amounts, taxes, what was added and taken off. */
void dx_html_sums(dx_html *to);
void dx_html_checks(dx_html *to);
/* All values with what was printed, why they were taken and what else was considered. */
void dx_html_evidence(dx_html *to);

extern const char dx_html_style[], dx_html_script[];

#endif
