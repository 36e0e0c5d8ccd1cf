/* THE invoice: what every reader fills, the gate checks, every writer prints.
 *
 * Every value is a dx_field: the value itself, where it stood, how sure we are. All memory is from the call's arena. */
#ifndef DX_CORE_INVOICE_INVOICE_H
#define DX_CORE_INVOICE_INVOICE_H

#include "base/rt/ctx.h"
#include "base/value/date.h"
#include "base/value/decimal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum dx_origin {
    DX_ORIGIN_NONE = 0,
    DX_ORIGIN_XML,
    DX_ORIGIN_TEXT,
    DX_ORIGIN_OCR,
    DX_ORIGIN_MODEL,
    DX_ORIGIN_ARITHMETIC,
    DX_ORIGIN_HUMAN
} dx_origin;

typedef enum dx_value_kind {
    DX_VALUE_TEXT = 1,
    DX_VALUE_DECIMAL,
    DX_VALUE_AMOUNT,
    DX_VALUE_RATE,
    DX_VALUE_DATE
} dx_value_kind;

typedef struct dx_evidence {
    dx_origin origin;
    int page;         /* from 1; 0: no page (XML without a page, arithmetic) */
    int32_t box[4];   /* x0 y0 x1 y1 in 1/100000 of the page's width and height; all 0 without a page */
    const char *text; /* verbatim; for XML the element's path and content; NULL: none */
    int confidence;   /* 0 … 1000 */
    bool learned;     /* a correction for an earlier document of this vendor helped to find it, or is the value */
} dx_evidence;

/* A value that was considered and not taken. */
typedef struct dx_rival {
    const char *value;
    dx_evidence evidence;
    const char *reason; /* in words */
} dx_rival;

typedef struct dx_field {
    bool present;
    const char *text;  /* canonical text: decimal string, ISO date, or the text itself; never NULL when present */
    dx_decimal number; /* DECIMAL, AMOUNT, RATE (19 % is 19 here) */
    dx_date date;      /* DATE */
    dx_evidence evidence;
    dx_rival *rivals;
    size_t rival_count;
    const char *note; /* why it was taken, in words; may be NULL */
} dx_field;

/* Fields of the header. X(id, path, kind). The path is the member of doxin.invoice/1 and of the evidence; the first
 * sixteen but the parties' parts are also the members of the flat form. */
#define DX_HEADER_FIELDS(X)                                                                                            \
    X(NUMBER, "invoice_number", TEXT)                                                                                  \
    X(DATE, "invoice_date", DATE)                                                                                      \
    X(DUE_DATE, "due_date", DATE)                                                                                      \
    X(SHIP_DATE, "ship_date", DATE)                                                                                    \
    X(PERIOD_START, "period_start", DATE)                                                                              \
    X(PERIOD_END, "period_end", DATE)                                                                                  \
    X(CURRENCY, "currency", TEXT)                                                                                      \
    X(PO_NUMBER, "po_number", TEXT)                                                                                    \
    X(ACCOUNT_NUMBER, "account_number", TEXT)                                                                          \
    X(CONTRACT_NUMBER, "contract_number", TEXT)                                                                        \
    X(PROJECT_NUMBER, "project_number", TEXT)                                                                          \
    X(BUYER_REFERENCE, "buyer_reference", TEXT)                                                                        \
    X(DELIVERY_NOTE, "delivery_note_number", TEXT)                                                                     \
    X(CORRECTS_NUMBER, "corrects_invoice_number", TEXT)                                                                \
    X(CORRECTS_DATE, "corrects_invoice_date", DATE)                                                                    \
    X(SALESPERSON, "salesperson", TEXT)                                                                                \
    X(PAYMENT_TERMS, "payment_terms", TEXT)                                                                            \
    X(PAYMENT_REFERENCE, "payment_reference", TEXT)                                                                    \
    X(PAYMENT_MEANS, "payment_means", TEXT)                                                                            \
    X(NOTE, "note", TEXT)                                                                                              \
    X(LINES_TOTAL, "lines_total", AMOUNT)       /* Σ line totals, BT-106 */                                           \
    X(DISCOUNT_TOTAL, "discount_total", AMOUNT) /* document allowances, BT-107, positive */                            \
    X(CHARGE_TOTAL, "charge_total", AMOUNT)     /* document charges other than freight, BT-108 less freight */         \
    X(FREIGHT, "freight", AMOUNT)                                                                                      \
    X(SUBTOTAL, "subtotal", AMOUNT)        /* total without tax, BT-109 */                                             \
    X(TAX_RATE, "tax_rate", RATE)          /* only where one rate applies */                                           \
    X(TAX_AMOUNT, "tax_amount", AMOUNT)    /* BT-110 */                                                                \
    X(TOTAL, "total_amount", AMOUNT)       /* total with tax, BT-112 */                                                \
    X(ROUNDING, "rounding_amount", AMOUNT) /* BT-114 */                                                                \
    X(PREPAID, "prepaid_amount", AMOUNT)   /* BT-113 */                                                                \
    X(AMOUNT_DUE, "amount_due", AMOUNT)    /* BT-115 */                                                                \
    X(VENDOR_NAME, "vendor.name", TEXT)                                                                                \
    X(VENDOR_STREET, "vendor.street", TEXT)                                                                            \
    X(VENDOR_STREET2, "vendor.street2", TEXT)                                                                          \
    X(VENDOR_POSTAL_CODE, "vendor.postal_code", TEXT)                                                                  \
    X(VENDOR_CITY, "vendor.city", TEXT)                                                                                \
    X(VENDOR_STATE, "vendor.state_province", TEXT)                                                                     \
    X(VENDOR_COUNTRY, "vendor.country", TEXT)                                                                          \
    X(VENDOR_ADDRESS, "vendor.address", TEXT) /* one line, as printed: "Weg 1, 12345 Ort" */                           \
    X(VENDOR_TAX_ID, "vendor.tax_id", TEXT)   /* the VAT identifier, else the tax number */                            \
    X(VENDOR_TAX_NUMBER, "vendor.tax_number", TEXT)                                                                    \
    X(VENDOR_REGISTRATION, "vendor.registration", TEXT)                                                                \
    X(VENDOR_CONTACT, "vendor.contact", TEXT)                                                                          \
    X(VENDOR_EMAIL, "vendor.email", TEXT)                                                                              \
    X(VENDOR_PHONE, "vendor.phone", TEXT)                                                                              \
    X(VENDOR_WEBSITE, "vendor.website", TEXT)                                                                          \
    X(VENDOR_IBAN, "vendor.iban", TEXT)                                                                                \
    X(VENDOR_BIC, "vendor.bic", TEXT)                                                                                  \
    X(VENDOR_BANK, "vendor.bank", TEXT)                                                                                \
    X(VENDOR_ENDPOINT, "vendor.endpoint", TEXT) /* "scheme:id" */                                                      \
    X(CUSTOMER_NAME, "customer.name", TEXT)                                                                            \
    X(CUSTOMER_STREET, "customer.street", TEXT)                                                                        \
    X(CUSTOMER_STREET2, "customer.street2", TEXT)                                                                      \
    X(CUSTOMER_POSTAL_CODE, "customer.postal_code", TEXT)                                                              \
    X(CUSTOMER_CITY, "customer.city", TEXT)                                                                            \
    X(CUSTOMER_STATE, "customer.state_province", TEXT)                                                                 \
    X(CUSTOMER_COUNTRY, "customer.country", TEXT)                                                                      \
    X(CUSTOMER_ADDRESS, "customer.address", TEXT)                                                                      \
    X(CUSTOMER_TAX_ID, "customer.tax_id", TEXT)                                                                        \
    X(CUSTOMER_REGISTRATION, "customer.registration", TEXT)                                                            \
    X(CUSTOMER_CONTACT, "customer.contact", TEXT)                                                                      \
    X(CUSTOMER_EMAIL, "customer.email", TEXT)                                                                          \
    X(CUSTOMER_PHONE, "customer.phone", TEXT)                                                                          \
    X(CUSTOMER_ENDPOINT, "customer.endpoint", TEXT)                                                                    \
    X(SHIP_TO_NAME, "ship_to.name", TEXT)                                                                              \
    X(SHIP_TO_ADDRESS, "ship_to.address", TEXT)                                                                        \
    X(SHIP_TO_STREET, "ship_to.street", TEXT)                                                                          \
    X(SHIP_TO_POSTAL_CODE, "ship_to.postal_code", TEXT)                                                                \
    X(SHIP_TO_CITY, "ship_to.city", TEXT)                                                                              \
    X(SHIP_TO_COUNTRY, "ship_to.country", TEXT)                                                                        \
    X(VENDOR_NUMBER, "vendor.number", TEXT) /* the seller's identifier, BT-29 */

typedef enum dx_header_id {
#define X(id, path, kind) DX_HEADER_##id,
    DX_HEADER_FIELDS(X)
#undef X
        DX_HEADER_COUNT
} dx_header_id;

/* Cells of a line. X(id, name, kind). Evidence path: "line_items[0].quantity". */
#define DX_LINE_CELLS(X)                                                                                               \
    X(NUMBER, "line_number", TEXT)                                                                                     \
    X(ITEM, "item_number", TEXT)                                                                                       \
    X(BUYER_ITEM, "buyer_item_number", TEXT)                                                                           \
    X(GTIN, "gtin", TEXT)                                                                                              \
    X(DESCRIPTION, "description", TEXT)                                                                                \
    X(DETAIL, "detail", TEXT) /* further text that belongs to the item */                                              \
    X(QUANTITY, "quantity", DECIMAL)                                                                                   \
    X(UNIT, "unit", TEXT)                       /* UN/ECE code where known, else as printed */                         \
    X(PRICE, "unit_price", DECIMAL)             /* net, for price_base units */                                        \
    X(PRICE_BASE, "price_base", DECIMAL)        /* price stands for this many units; absent: 1 */                      \
    X(GROSS_PRICE, "gross_price", DECIMAL)      /* before the price discount */                                        \
    X(DISCOUNT, "unit_price_discount", DECIMAL) /* for one unit */                                                     \
    X(DISCOUNT_PERCENT, "discount_percent", RATE)                                                                      \
    X(DISCOUNT_AMOUNT, "discount_amount", AMOUNT) /* for the line, positive */                                         \
    X(CHARGE_AMOUNT, "charge_amount", AMOUNT)     /* for the line, positive */                                         \
    X(TAX_RATE, "tax_rate", RATE)                                                                                      \
    X(TAX_CATEGORY, "tax_category", TEXT)                                                                              \
    X(TAX_AMOUNT, "tax_amount", AMOUNT)                                                                                \
    X(TOTAL, "line_total", AMOUNT) /* net */                                                                           \
    X(PERIOD_START, "period_start", DATE)                                                                              \
    X(PERIOD_END, "period_end", DATE)                                                                                  \
    X(PO_LINE, "po_line", TEXT)

typedef enum dx_cell_id {
#define X(id, name, kind) DX_CELL_##id,
    DX_LINE_CELLS(X)
#undef X
        DX_CELL_COUNT
} dx_cell_id;

/* Parts of one rate in the tax summary. Evidence path: "taxes[0].amount". */
#define DX_TAX_CELLS(X)                                                                                                \
    X(CATEGORY, "category", TEXT) /* UNCL5305: S Z E AE K G O L M */                                                   \
    X(RATE, "rate", RATE)                                                                                              \
    X(BASE, "base", AMOUNT)                                                                                            \
    X(AMOUNT, "amount", AMOUNT)                                                                                        \
    X(REASON, "reason", TEXT)           /* of an exemption, BT-120 */                                                  \
    X(REASON_CODE, "reason_code", TEXT) /* VATEX-…, BT-121 */

typedef enum dx_tax_id {
#define X(id, name, kind) DX_TAX_##id,
    DX_TAX_CELLS(X)
#undef X
        DX_TAX_COUNT
} dx_tax_id;

/* An allowance or a charge on document level. Evidence path: "adjustments[0].amount". */
typedef struct dx_adjustment {
    bool charge; /* else an allowance */
    bool freight;
    dx_field amount; /* positive */
    dx_field rate;   /* percent, where given */
    dx_field reason;
    dx_field tax_rate;
    dx_field reason_code;  /* UNTDID 5189 (allowances) or 7161 (charges) */
    dx_field tax_category; /* UNCL5305 */
} dx_adjustment;

typedef struct dx_line {
    dx_field cell[DX_CELL_COUNT];
    bool charge; /* freight or a fee printed as a line */
} dx_line;

typedef struct dx_tax {
    dx_field cell[DX_TAX_COUNT];
} dx_tax;

typedef enum dx_document_kind {
    DX_KIND_UNKNOWN = 0,
    DX_KIND_INVOICE,
    DX_KIND_CREDIT_NOTE,
    DX_KIND_CORRECTED,
    DX_KIND_RECEIPT,
    DX_KIND_PURCHASE_ORDER,
    DX_KIND_STATEMENT,
    DX_KIND_OTHER
} dx_document_kind;

typedef enum dx_check_state {
    DX_CHECK_HOLDS = 1,
    DX_CHECK_FAILS,
    DX_CHECK_UNKNOWN /* a value is missing */
} dx_check_state;

/* One equation or rule of the gate. */
typedef struct dx_invoice_check {
    const char *rule; /* stable name: "lines_sum", "line_total[3]", "total", "tax[0]", "iban", "due_date", … */
    dx_check_state state;
    const char *text;                                     /* in words, with the numbers: "100.00 + 19.00 = 119.00" */
    bool equation;                                        /* the four decimals below are set */
    dx_decimal stated, calculated, difference, tolerance; /* of an equation; zero else */
} dx_invoice_check;

typedef struct dx_warning {
    const char *code; /* stable: "xml_page_difference", "several_invoices", … */
    const char *path; /* of the field it is about, or "" */
    const char *message;
} dx_warning;

/* One of several documents in a file. */
typedef struct dx_page_range {
    size_t first, count; /* first: from 0 */
} dx_page_range;

typedef struct dx_invoice {
    dx_document_kind kind;
    const char *syntax; /* "cii", "ubl", "zugferd1" or NULL; with its profile in `profile` */
    const char *profile;
    const char *language; /* ISO 639-1 or "" */
    dx_field header[DX_HEADER_COUNT];
    dx_line *lines;
    size_t line_count, line_capacity;
    dx_tax *taxes;
    size_t tax_count, tax_capacity;
    dx_adjustment *adjustments;
    size_t adjustment_count, adjustment_capacity;
    dx_invoice_check *checks;
    size_t check_count, check_capacity;
    dx_warning *warnings;
    size_t warning_count, warning_capacity;
    int confidence; /* of the whole, 0 … 1000 */
    bool needs_review;
    size_t page_count;        /* of the file */
    dx_page_range *documents; /* where a file holds several, else none */
    size_t document_count;
    size_t document;              /* which of them this is, from 0 */
    unsigned read_us, extract_us; /* time in the parser and in the engine */
} dx_invoice;

const char *dx_header_path(dx_header_id id);
dx_value_kind dx_header_kind(dx_header_id id);
const char *dx_cell_name(dx_cell_id id);
dx_value_kind dx_cell_kind(dx_cell_id id);
const char *dx_tax_name(dx_tax_id id);
dx_value_kind dx_tax_kind(dx_tax_id id);
const char *dx_origin_name(dx_origin origin);
const char *dx_kind_name(dx_document_kind kind); /* "invoice", "credit_note", "corrected_invoice", … */

/* All NULL (error recorded) when there is no memory. */
dx_invoice *dx_invoice_new(dx_ctx *ctx);
dx_line *dx_invoice_add_line(dx_ctx *ctx, dx_invoice *invoice);
dx_tax *dx_invoice_add_tax(dx_ctx *ctx, dx_invoice *invoice);
dx_adjustment *dx_invoice_add_adjustment(dx_ctx *ctx, dx_invoice *invoice);
doxin_status dx_invoice_warn(dx_ctx *ctx, dx_invoice *invoice, const char *code, const char *path, const char *format,
                             ...) __attribute__((format(printf, 5, 6)));

/* Setting a field keeps its evidence apart: fill evidence after. Text is copied. */
doxin_status dx_field_text(dx_ctx *ctx, dx_field *field, const char *text);
doxin_status dx_field_textn(dx_ctx *ctx, dx_field *field, const char *text, size_t length);
/* The text becomes the decimal with min_scale places (amounts: those of the currency, else 2). */
doxin_status dx_field_number(dx_ctx *ctx, dx_field *field, dx_decimal number, int min_scale);
doxin_status dx_field_date(dx_ctx *ctx, dx_field *field, dx_date date);
void dx_field_clear(dx_field *field);

/* The gate: every equation and rule that can be checked, in invoice->checks (emptied first). Fills what arithmetic
 * alone determines (origin arithmetic) only where it is absent; never changes a value. Sets needs_review when a check
 * fails, a mandatory value is missing, or the whole confidence is below threshold (0 … 1000).
 *
 * An equation holds when both sides differ by at most what rounding explains, in minor units of the currency (two
 * places where it is not known):
 *   quantity × price / base - discount + charge = line total: one; where the price has no more places than the currency,
 *     it may be a rounded one: half of one for each unit of quantity then, at most half a percent of the line;
 *   Σ lines = lines total, Σ taxes = tax: half of one for each summand, at least one;
 *   lines - discounts + charges + freight = subtotal: as Σ lines;
 *   base × rate = tax of a rate: half of one for each line (taxes rounded by line), at least one;
 *   subtotal + tax = total, total - prepaid + rounding = amount due: one. */
typedef struct dx_gate_options {
    int review_threshold; /* default 800 */
    bool fill;            /* supply missing totals by arithmetic */
} dx_gate_options;
doxin_status dx_invoice_gate(dx_ctx *ctx, dx_invoice *invoice, const dx_gate_options *options);

/* Whether a value stands anywhere on the page, whatever it was taken for. */
typedef struct dx_printed {
    doxin_status (*stands)(void *data, dx_value_kind kind, const dx_field *field, bool *out);
    void *data;
} dx_printed;

/* What the XML (a) and the page (b) of a document say differently becomes a warning in `a` that names both values: number,
 * dates, currency, sums, parties, account, lines. Only where the page's value is sure, and the XML's stands nowhere on the
 * page; printed NULL: nothing is known of that. */
doxin_status dx_invoice_compare(dx_ctx *ctx, dx_invoice *a, const dx_invoice *b, const dx_printed *printed);

/* JSON, schema doxin.invoice/1, and back. */
struct dx_writer;
struct dx_json;
void dx_invoice_write(const dx_invoice *invoice, struct dx_writer *writer);
doxin_status dx_invoice_read(dx_ctx *ctx, const struct dx_json *json, dx_invoice **out);

#endif
