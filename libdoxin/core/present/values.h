/* The values of an invoice one by one, and what is to be doubted about each. For this folder. */
#ifndef DX_CORE_PRESENT_VALUES_H
#define DX_CORE_PRESENT_VALUES_H

#include "base/rt/buffer.h"
#include "core/invoice/invoice.h"

/* A field is in doubt when its confidence is under this. */
enum { DX_PRESENT_DOUBT = 700 };

bool dx_present_doubtful(const dx_field *field);

/* Which values failing checks are about. */
typedef struct dx_present_fails {
    bool header[DX_HEADER_COUNT];
    bool *lines, *taxes, *rates; /* one for each line and for each row of taxes; the total, the amount, the rate */
    size_t count;
} dx_present_fails;

/* From the call's arena. False: no memory (recorded). */
bool dx_present_find_fails(dx_ctx *ctx, const dx_invoice *invoice, dx_present_fails *out);

/* A value with its path ("line_items[0].quantity"), which is valid during the visit. */
typedef struct dx_present_value {
    const char *path;
    const dx_field *field;
    dx_value_kind kind;
    bool fails;
} dx_present_value;
typedef void (*dx_present_visit)(void *data, const dx_present_value *value);

/* Every value that is there, in the order of the JSON. */
void dx_present_each(const dx_invoice *invoice, const dx_present_fails *fails, dx_present_visit visit, void *data);

/* What an invoice cannot be booked without, as far as it is missing: up to DX_PRESENT_NEEDED fields; their number. */
enum { DX_PRESENT_NEEDED = 5 };
size_t dx_present_missing(const dx_invoice *invoice, dx_header_id out[DX_PRESENT_NEEDED]);

/* A failing check says the same already. */
bool dx_present_repeats_check(const dx_invoice *invoice, const dx_warning *warning);
/* Street, town and so on of an address that is there as a whole. */
bool dx_present_is_part(const dx_invoice *invoice, const char *path);
/* The unit as a person knows it: as printed, else its code. The cell is there. */
const char *dx_present_unit(const dx_field *unit);

/* ---- words ---------------------------------------------------------------------------------------------------------- */

/* "vendor.tax_id" -> "Vendor tax ID", "line_items[0].unit_price" -> "Line 1 unit price"; out holds size bytes. */
const char *dx_present_label(const char *path, char *out, size_t size);
/* "line_total[3]" -> "Line 4", "lines_sum" -> "Sum of the lines". */
const char *dx_present_rule(const char *rule, char *out, size_t size);
/* The path that a failing rule is best shown at, or "". */
const char *dx_present_rule_path(const dx_invoice *invoice, const char *rule, char *out, size_t size);
/* Places after the point that amounts of the invoice have; 2 where the currency is not known. */
int dx_present_digits(const dx_invoice *invoice);

#endif
