/* Writing UBL: what is to be said is prepared and checked first, then written. For this folder. */
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
    /* What the standard defines by other values; of the invoice where it states them. */
    dx_decimal lines_total; /* BT-106 */
    dx_decimal amount_due;  /* BT-115 */
    dx_decimal sums[2];     /* BT-107 allowances, BT-108 charges */
    const dx_tax *taxes;    /* BG-23 */
    size_t tax_count;
    const dx_adjustment *adjustments; /* BG-20, BG-21 */
    size_t adjustment_count;
} dx_ubl_writer;

/* Fills the sums and rows that are absent but defined. DOXIN_E_NOMEM, DOXIN_E_OVERFLOW. */
doxin_status dx_ubl_prepare(dx_ubl_writer *writer);
/* Every mandatory term, every sum. DOXIN_E_FIELD with the terms in the error's fields. */
doxin_status dx_ubl_check(dx_ubl_writer *writer);

/* The rate and the category (UNCL5305) of a line or of an allowance: its own; else that of the only row, or of the row
 * with the same rate, in the breakdown; else S for a rate above 0. NULL: open. */
const dx_field *dx_ubl_rate_of(const dx_ubl_writer *writer, const dx_field *own);
const char *dx_ubl_category_of(const dx_ubl_writer *writer, const dx_field *category, const dx_field *rate);
/* The same for a row of the breakdown. */
const char *dx_ubl_row_category(const dx_tax *row);
/* The code that says why there is no tax where the category alone says it (AE, K, G, O); else NULL. */
const char *dx_ubl_exemption_code(const char *category);
/* ISO 3166-1 alpha-2; NULL: none, or not known. */
const char *dx_ubl_country(const dx_ubl_writer *writer, dx_header_id id);
/* A VAT identifier begins with its country; another text is a national tax number. */
bool dx_ubl_is_vat(const dx_field *tax_id);

void dx_ubl_open(dx_ubl_writer *writer, const char *name);
void dx_ubl_close(dx_ubl_writer *writer, const char *name);
/* Nothing for NULL or "". attribute is `name="value"` or NULL. */
void dx_ubl_text(dx_ubl_writer *writer, const char *name, const char *attribute, const char *text);
/* As dx_ubl_text for a field that is present. */
void dx_ubl_field(dx_ubl_writer *writer, const char *name, const dx_field *field);
/* With currencyID and the digits of the currency. */
void dx_ubl_amount(dx_ubl_writer *writer, const char *name, dx_decimal amount);
/* With currencyID and as many places as it has: prices. */
void dx_ubl_price(dx_ubl_writer *writer, const char *name, dx_decimal price);
void dx_ubl_decimal(dx_ubl_writer *writer, const char *name, const char *attribute, dx_decimal number);
/* cac:TaxCategory or cac:ClassifiedTaxCategory. row: of the breakdown, which alone says reasons; else NULL. */
void dx_ubl_category(dx_ubl_writer *writer, const char *element, const char *category, const dx_field *rate,
                     const dx_tax *row);

void dx_ubl_parties(dx_ubl_writer *writer);
void dx_ubl_lines(dx_ubl_writer *writer);

#endif
