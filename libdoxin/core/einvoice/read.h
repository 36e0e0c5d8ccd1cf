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

#endif
