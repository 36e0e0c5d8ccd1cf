/* The readers of the syntaxes. For this folder. */
#ifndef DX_CORE_EINVOICE_READ_H
#define DX_CORE_EINVOICE_READ_H

#include "core/einvoice/set.h"

void dx_read_cii(dx_einvoice_reader *reader, const xmlNode *root);
void dx_read_cii_lines(dx_einvoice_reader *reader, const xmlNode *transaction);
void dx_read_ubl(dx_einvoice_reader *reader, const xmlNode *root);
void dx_read_ubl_lines(dx_einvoice_reader *reader, const xmlNode *root);

/* Sets reader->digits by the document's currency. */
void dx_take_currency(dx_einvoice_reader *reader);

/* What one syntax calls an allowance or charge of a line and its parts: paths from the line, then from the adjustment. */
typedef struct dx_adjustment_names {
    const char *adjustment, *indicator, *amount, *percent;
} dx_adjustment_names;

/* Sums up the allowances and the charges of the line below `node`. */
void dx_read_line_adjustments(dx_einvoice_reader *reader, dx_line *line, const xmlNode *node,
                              const dx_adjustment_names *names);

#endif
