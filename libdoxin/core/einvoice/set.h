/* Putting what an element says into a field, with its evidence. For this folder. */
#ifndef DX_CORE_EINVOICE_SET_H
#define DX_CORE_EINVOICE_SET_H

#include "core/einvoice/xml.h"
#include "core/invoice/invoice.h"

/* Reading goes on after a value that cannot be read: it becomes a warning. The status sticks for want of memory. */
typedef struct dx_einvoice_reader {
    dx_ctx *ctx;
    dx_invoice *invoice;
    int digits; /* of the document's currency */
    doxin_status status;
} dx_einvoice_reader;

/* The element at the path below node, if it is there and the field is not filled yet. */
void dx_einvoice_set_text(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node, const char *path);
void dx_einvoice_set_number(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node, const char *path);
void dx_einvoice_set_amount(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node, const char *path);
/* "2026-11-25", or "20261125" (format 102). */
void dx_einvoice_set_date(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node, const char *path);
/* Text that was put together from the elements at node. */
void dx_einvoice_set_made(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node, const char *text);
/* A number that follows from others in the XML. */
void dx_einvoice_set_made_number(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node, dx_decimal value,
                                 int digits);

/* "scheme:identifier" of an electronic address. */
void dx_einvoice_set_endpoint(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node);

/* Address parts into the one-line form: "street, street2, 12345 City". */
void dx_einvoice_set_address(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node, const dx_field *street,
                             const dx_field *street2, const char *street3, const dx_field *postal_code,
                             const dx_field *city);

/* Allowances and charges of the document: totals by kind, freight by its reason. */
dx_adjustment *dx_add_adjustment(dx_einvoice_reader *reader, const xmlNode *node, const char *indicator,
                                 const char *amount, const char *reason, const char *reason_code);
/* Sums up the adjustments, so that the header says freight, discount and charge totals. Stated totals (BT-107, BT-108)
 * win: some writers give single allowances a sign. */
void dx_sum_adjustments(dx_einvoice_reader *reader, const xmlNode *sums, const char *allowances, const char *charges);
/* The one rate, where only one applies. */
void dx_einvoice_set_single_rate(dx_einvoice_reader *reader);
/* The type code of UNTDID 1001 as a kind. */
dx_document_kind dx_kind_of_code(const char *code);

#endif
