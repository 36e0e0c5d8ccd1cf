/* One invoice as its owner sees it. */
#include "app/op/rows.h"
#include "app/op/ticket.h"
#include "app/records/internal.h"
#include "base/value/money.h"

#include <stdio.h>
#include <string.h>

enum { LINK_SECONDS = 300 };

static const char find_invoice[] =
    "SELECT i.id, i.uploaded_by_user_id, i.invoice_number, i.invoice_date, i.due_date, i.ship_date, i.customer_id, "
    "i.salesperson_id, i.territory_id, i.account_number, i.po_number, i.subtotal, trim_scale(i.tax_rate)::text AS "
    "tax_rate, "
    "i.tax_amount, i.freight, i.total_amount, i.order_status, i.payment_status, "
    "i.confidence_score::float8::text::json AS confidence_score, i.original_filename, i.created_at, i.updated_at, "
    "i.file_storage_id, i.currency, i.direction, i.document_type, i.corrects_invoice_id, i.corrects_invoice_number, "
    "i.vendor_id, i.vendor_name, i.vendor_tax_id, i.customer_name, i.customer_tax_id, i.lines_total, i.discount_total, "
    "i.charge_total, i.rounding_amount, i.prepaid_amount, i.amount_due, i.period_start, i.period_end, i.payment_terms, "
    "i.payment_reference, i.language, i.syntax, i.page_count, i.review_state, i.review_reason, i.reviewed_by_user_id, "
    "i.reviewed_at, i.duplicate_state, i.duplicate_of_invoice_id, i.error_code, i.checks, i.warnings, i.version, "
    "i.vendor_address AS _vendor_address, i.vendor_iban AS _vendor_iban, i.customer_address AS _customer_address, "
    "i.duplicate_reason AS _duplicate_reason FROM invoices AS i WHERE i.id = $1 AND i.deleted_at IS NULL";

static const char find_lines[] =
    "SELECT id, line_number, product_id, item_number, description, trim_scale(quantity)::text AS quantity, "
    "unit_price, unit_price_discount, line_total, confidence_score::float8::text::json AS confidence_score, "
    "matched_by_embedding, printed_number, buyer_item_number, gtin, detail, unit, trim_scale(price_base)::text AS "
    "price_base, "
    "gross_price, trim_scale(discount_percent)::text AS discount_percent, discount_amount, charge_amount, "
    "tax_category, "
    "trim_scale(tax_rate)::text AS tax_rate, tax_amount, period_start, period_end, is_charge, "
    "match_score::float8::text::json AS match_score, match_reason FROM invoice_line_items WHERE invoice_id = $1 "
    "ORDER BY line_number";

/* Digits of the currency; 2 where it is not known. */
static int digits_of(const dx_rows *invoice)
{
    const char *currency = dx_rows_get(invoice, 0, "currency");
    int digits = currency ? dx_currency_digits(currency) : 2;
    return digits < 0 ? 2 : digits;
}

static void write_party(dx_writer *to, const char *key, const dx_rows *invoice, const char *const columns[5])
{
    static const char *const members[5] = {"id", "name", "address", "tax_id", "iban"};
    dx_write_object(to, key);
    for (int i = 0; i < 5; i++)
        if (columns[i])
            dx_write_string(to, members[i], dx_rows_get(invoice, 0, columns[i]));
    dx_write_object_end(to);
}

static void write_parties(dx_writer *to, const dx_rows *invoice)
{
    static const char *const vendor[5] = {"vendor_id", "vendor_name", "_vendor_address", "vendor_tax_id",
                                          "_vendor_iban"};
    static const char *const customer[5] = {"customer_id", "customer_name", "_customer_address", "customer_tax_id",
                                            NULL};
    write_party(to, "vendor", invoice, vendor);
    write_party(to, "customer", invoice, customer);
}

/* All rows as items of a member. */
static doxin_status write_rows(dx_call *call, const char *key, const char *sql, const char *id, int digits)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_tx_exec(call->tx, call->ctx, sql, DX_PARAMS(id), &rows);
    if (status != DOXIN_OK)
        return status;
    dx_write_array(call->answer, key);
    for (size_t i = 0; i < dx_rows_count(rows); i++) {
        dx_write_object(call->answer, NULL);
        dx_row_write(call->answer, rows, i, digits);
        dx_write_object_end(call->answer);
    }
    dx_write_array_end(call->answer);
    return DOXIN_OK;
}

/* The member "evidence": by the path of the field. */
static doxin_status write_evidence(dx_call *call, const char *id)
{
    dx_rows *rows = NULL;
    doxin_status status =
        dx_tx_exec(call->tx, call->ctx,
                   "SELECT path AS _path, value, page, array_to_json(box) AS box, raw_text AS text, "
                   "confidence::float8::text::json AS confidence, origin, learned, note, rivals, reviewed_at "
                   "FROM extraction_fields WHERE invoice_id = $1 ORDER BY path",
                   DX_PARAMS(id), &rows);
    if (status != DOXIN_OK)
        return status;
    dx_write_object(call->answer, "evidence");
    for (size_t i = 0; i < dx_rows_count(rows); i++) {
        dx_write_object(call->answer, dx_rows_get(rows, i, "_path"));
        dx_row_write(call->answer, rows, i, 0);
        dx_write_object_end(call->answer);
    }
    dx_write_object_end(call->answer);
    return DOXIN_OK;
}

/* The documents that this one repeats, and those that repeat it. */
static const char find_duplicates[] =
    "SELECT d.id AS invoice_id, 'of' AS relation, $2::text AS kind, $3::text AS reason, d.invoice_number, "
    "d.invoice_date, "
    "d.original_filename, d.created_at FROM invoices AS d WHERE d.id = $4::uuid AND d.deleted_at IS NULL AND $2 <> "
    "'none' "
    "UNION ALL SELECT d.id, 'by', d.duplicate_state, d.duplicate_reason, d.invoice_number, d.invoice_date, "
    "d.original_filename, d.created_at FROM invoices AS d WHERE d.duplicate_of_invoice_id = $1::uuid "
    "AND d.duplicate_state <> 'none' AND d.deleted_at IS NULL ORDER BY created_at LIMIT 50";

static doxin_status write_duplicates(dx_call *call, const char *id, const dx_rows *invoice)
{
    dx_rows *rows = NULL;
    doxin_status status = dx_tx_exec(call->tx, call->ctx, find_duplicates,
                                     DX_PARAMS(id, dx_rows_get(invoice, 0, "duplicate_state"),
                                               dx_rows_get(invoice, 0, "_duplicate_reason"),
                                               dx_rows_get(invoice, 0, "duplicate_of_invoice_id")),
                                     &rows);
    if (status != DOXIN_OK)
        return status;
    dx_write_array(call->answer, "duplicates");
    for (size_t i = 0; i < dx_rows_count(rows); i++) {
        dx_write_object(call->answer, NULL);
        dx_row_write(call->answer, rows, i, 0);
        dx_write_object_end(call->answer);
    }
    dx_write_array_end(call->answer);
    return DOXIN_OK;
}

/* A link to the original that works once and for five minutes. Null where the file is gone. */
static doxin_status write_link(dx_call *call, const char *file_id)
{
    dx_rows *rows = NULL;
    dx_new_ticket link = {0};
    doxin_status status =
        dx_tx_exec(call->tx, call->ctx, "SELECT FROM file_storage WHERE id = $1 AND deleted_at IS NULL",
                   DX_PARAMS(file_id), &rows);
    if (status == DOXIN_OK && dx_rows_count(rows) > 0 && call->ctx->user_id)
        status = dx_ticket_make(call->tx, call->ctx, "file", file_id, LINK_SECONDS, &link);
    if (status != DOXIN_OK)
        return status;
    if (!link.ticket) {
        dx_write_null(call->answer, "blob_url");
        return DOXIN_OK;
    }
    const char *url = dx_textf(call->ctx, "/api/v1/files/%s/content?ticket=%s", file_id, link.ticket);
    if (!url)
        return DOXIN_E_NOMEM;
    dx_write_string(call->answer, "blob_url", url);
    return DOXIN_OK;
}

static doxin_status write_invoice(dx_call *call, const char *id, const dx_rows *invoice, int digits)
{
    dx_write_object(call->answer, "invoice");
    dx_row_write(call->answer, invoice, 0, digits);
    write_parties(call->answer, invoice);
    doxin_status status = write_rows(call, "taxes",
                                     "SELECT category, trim_scale(rate)::text AS rate, base, amount, reason FROM "
                                     "invoice_taxes WHERE invoice_id = $1 ORDER BY position",
                                     id, digits);
    if (status == DOXIN_OK)
        status = write_duplicates(call, id, invoice);
    if (status == DOXIN_OK)
        status = write_evidence(call, id);
    dx_write_object_end(call->answer);
    return status;
}

doxin_status dx_invoice_answer(dx_call *call, const char *id, const char **file_id)
{
    dx_rows *invoice = NULL;
    doxin_status status = dx_tx_exec(call->tx, call->ctx, find_invoice, DX_PARAMS(id), &invoice);
    if (status != DOXIN_OK)
        return status;
    if (dx_rows_count(invoice) == 0)
        return dx_fail(call->ctx, DOXIN_E_NOT_FOUND, "there is no such invoice");
    int digits = digits_of(invoice);
    status = write_invoice(call, id, invoice, digits);
    if (status == DOXIN_OK)
        status = write_rows(call, "line_items", find_lines, id, digits);
    *file_id = dx_rows_get(invoice, 0, "file_storage_id");
    return status;
}

doxin_status dx_invoices_get(dx_call *call)
{
    const char *file_id = NULL;
    doxin_status status = dx_invoice_answer(call, dx_call_text(call, "id"), &file_id);
    return status == DOXIN_OK ? write_link(call, file_id) : status;
}

/* ---- the list ----------------------------------------------------------------------------------------------------------------- */

#define MATCHING                                                                                                       \
    " FROM invoices AS i WHERE i.deleted_at IS NULL AND ($1::text IS NULL OR i.review_state = $1::text) "              \
    "AND ($2::date IS NULL OR i.invoice_date >= $2::date) AND ($3::date IS NULL OR i.invoice_date <= $3::date) "       \
    "AND ($4::uuid IS NULL OR i.customer_id = $4::uuid)"

static const char list_invoices[] =
    "SELECT i.id, i.uploaded_by_user_id, i.invoice_number, i.invoice_date, i.due_date, i.ship_date, i.customer_id, "
    "i.salesperson_id, i.territory_id, i.account_number, i.po_number, i.subtotal, trim_scale(i.tax_rate)::text AS "
    "tax_rate, "
    "i.tax_amount, i.freight, i.total_amount, i.order_status, i.payment_status, "
    "i.confidence_score::float8::text::json AS confidence_score, i.original_filename, i.created_at, i.updated_at, "
    "i.file_storage_id, i.currency, i.direction, i.document_type, i.vendor_id, i.vendor_name, i.vendor_tax_id, "
    "i.customer_name, i.amount_due, i.language, i.page_count, i.review_state, i.duplicate_state, "
    "i.duplicate_of_invoice_id, i.error_code, i.version" MATCHING
    " ORDER BY i.created_at DESC, i.id LIMIT $5::bigint OFFSET $6::bigint";

/* customer_id is the company's id, or the number that the specification's companies bear. */
static doxin_status customer_of(dx_call *call, const char **out)
{
    const char *given = dx_call_text(call, "customer_id");
    dx_rows *rows = NULL;
    *out = given;
    if (!given || dx_uuid_valid(given))
        return DOXIN_OK;
    if (strspn(given, "0123456789") != strlen(given) || strlen(given) > 9) {
        dx_fail(call->ctx, DOXIN_E_FIELD, "/customer_id: must be the id or the number of a company");
        dx_error_field(&call->ctx->error, "/customer_id", "format", "must be the id or the number of a company");
        return DOXIN_E_FIELD;
    }
    doxin_status status = dx_tx_exec(call->tx, call->ctx, "SELECT id FROM companies WHERE customer_id = $1::integer",
                                     DX_PARAMS(given), &rows);
    /* No such company: no invoice is its own. */
    *out = dx_rows_count(rows) ? dx_rows_text(rows, 0, 0) : "00000000-0000-0000-0000-000000000000";
    return status;
}

static void write_list(dx_call *call, const dx_rows *rows)
{
    dx_write_array(call->answer, "invoices");
    for (size_t i = 0; i < dx_rows_count(rows); i++) {
        const char *currency = dx_rows_get(rows, i, "currency");
        int digits = currency ? dx_currency_digits(currency) : 2;
        dx_write_object(call->answer, NULL);
        dx_row_write(call->answer, rows, i, digits < 0 ? 2 : digits);
        dx_write_object_end(call->answer);
    }
    dx_write_array_end(call->answer);
}

doxin_status dx_invoices_list(dx_call *call)
{
    char limit[24], offset[24];
    dx_rows *rows = NULL;
    dx_rows *total = NULL;
    const char *customer = NULL;
    const char *state = dx_call_text(call, "status");
    const char *from = dx_call_text(call, "date_from");
    const char *to = dx_call_text(call, "date_to");
    int64_t page = dx_json_integer(dx_json_get(call->args, "page"), 1);
    int64_t per_page = dx_json_integer(dx_json_get(call->args, "per_page"), 20);
    snprintf(limit, sizeof limit, "%lld", (long long)per_page);
    snprintf(offset, sizeof offset, "%lld", (long long)((page - 1) * per_page));
    doxin_status status = customer_of(call, &customer);
    if (status == DOXIN_OK)
        status =
            dx_tx_exec(call->tx, call->ctx, list_invoices, DX_PARAMS(state, from, to, customer, limit, offset), &rows);
    if (status == DOXIN_OK)
        status =
            dx_tx_exec(call->tx, call->ctx, "SELECT count(*)" MATCHING, DX_PARAMS(state, from, to, customer), &total);
    if (status != DOXIN_OK)
        return status;
    write_list(call, rows);
    dx_pagination_write(call->answer, page, per_page, dx_rows_integer(total, 0, 0, 0));
    return DOXIN_OK;
}
