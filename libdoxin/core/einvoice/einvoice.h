/* E-invoices: UBL 2.1, CII D16B, ZUGFeRD 1.0 into an invoice, and an invoice into UBL 2.1.
 *
 * The terms are those of EN 16931-1 (BT-…, BG-…). XML is read without network, DTD, entities or huge nodes. */
#ifndef DX_CORE_EINVOICE_EINVOICE_H
#define DX_CORE_EINVOICE_EINVOICE_H

#include "base/rt/buffer.h"
#include "core/invoice/invoice.h"

/* An invoice of ten thousand lines has some 600,000 elements; a tree of the most parts takes about 250 MB. */
enum { DX_EINVOICE_MAX_BYTES = 32 << 20, DX_EINVOICE_MAX_DEPTH = 100, DX_EINVOICE_MAX_ELEMENTS = 1000000 };

/* What XML may be at most; 0: the figures above. */
typedef struct dx_einvoice_limits {
    int64_t max_bytes;
    int max_depth;    /* of elements in each other */
    int max_elements; /* with their attributes and namespaces */
} dx_einvoice_limits;

/* XML at all: cheap, looks at the first bytes only. */
bool dx_einvoice_looks_like(const void *data, size_t size);

/* DOXIN_E_XML (not well-formed; ctx->error.offset is the byte where known), DOXIN_E_XML_FORBIDDEN (a DOCTYPE),
 * DOXIN_E_NOT_AN_EINVOICE (another root element), DOXIN_E_LIMIT (bytes, depth, elements). Every value has origin
 * xml, confidence 1000 and the path of its element as verbatim text. */
doxin_status dx_einvoice_read(dx_ctx *ctx, const void *data, size_t size, dx_invoice **out);
/* With other limits; NULL: those above. */
doxin_status dx_einvoice_read_within(dx_ctx *ctx, const void *data, size_t size, const dx_einvoice_limits *limits,
                                     dx_invoice **out);

/* UBL 2.1 Invoice or CreditNote that passes the rules of EN 16931. DOXIN_E_FIELD names each term that is mandatory and
 * missing, or a sum that does not fit; nothing is written then. Sums that the standard defines (BT-106, BT-115, the one
 * row of BG-23) are made where they are absent. What has no term in EN 16931 is left out. */
doxin_status dx_einvoice_write_ubl(dx_ctx *ctx, const dx_invoice *invoice, dx_buffer *out);

#endif
