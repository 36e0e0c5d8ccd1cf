/* Writing UBL: elements with escapes. For this folder. */
#ifndef DX_CORE_EINVOICE_UBL_WRITE_H
#define DX_CORE_EINVOICE_UBL_WRITE_H

#include "base/rt/buffer.h"
#include "core/invoice/invoice.h"

typedef struct dx_ubl_writer {
    dx_ctx *ctx;
    const dx_invoice *invoice;
    dx_buffer *out;
    const char *currency;
    int digits;
    bool credit_note;
} dx_ubl_writer;

void dx_ubl_open(dx_ubl_writer *writer, const char *name);
void dx_ubl_close(dx_ubl_writer *writer, const char *name);
/* Nothing for NULL or "". attribute is `name="value"` or NULL. */
void dx_ubl_text(dx_ubl_writer *writer, const char *name, const char *attribute, const char *text);
/* As dx_ubl_text for a field that is present. */
void dx_ubl_field(dx_ubl_writer *writer, const char *name, const dx_field *field);
/* With currencyID and the digits of the currency. */
void dx_ubl_amount(dx_ubl_writer *writer, const char *name, dx_decimal amount);
void dx_ubl_decimal(dx_ubl_writer *writer, const char *name, const char *attribute, dx_decimal number);
/* cac:TaxCategory or cac:ClassifiedTaxCategory. */
void dx_ubl_category(dx_ubl_writer *writer, const char *element, const char *category, const dx_field *rate,
                     const dx_field *reason);
/* S where there is a rate above 0, else Z; what the invoice says wins. */
const char *dx_ubl_category_of(const dx_field *category, const dx_field *rate);

void dx_ubl_lines(dx_ubl_writer *writer);

#endif
