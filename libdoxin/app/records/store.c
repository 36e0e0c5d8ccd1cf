#include "app/records/store.h"

#include "base/rt/alloc.h"
#include "base/rt/json_write.h"

#include <stdio.h>
#include <string.h>

/* Each table is filled by one statement from one JSON text whose members are named as the columns: a round trip a table,
 * however many lines there are. */

/* ---- JSON for the statements -------------------------------------------------------------------------------------------------- */

typedef doxin_status (*fill_fn)(dx_ctx *ctx, dx_writer *writer, const dx_invoice *invoice);

/* Text in the call's arena. */
static doxin_status make_json(dx_ctx *ctx, fill_fn fill, const dx_invoice *invoice, const char **out)
{
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    doxin_status status = fill(ctx, &writer, invoice);
    *out = status == DOXIN_OK && !buffer.failed ? dx_textn(ctx, buffer.data, buffer.len) : NULL;
    if (status == DOXIN_OK && !*out)
        status = buffer.full ? dx_fail(ctx, DOXIN_E_LIMIT, "the invoice is too large to be stored") : dx_nomem(ctx);
    dx_buffer_free(&buffer);
    return status;
}

static doxin_status fill_whole(dx_ctx *ctx, dx_writer *writer, const dx_invoice *invoice)
{
    (void)ctx;
    dx_invoice_write(invoice, writer);
    return DOXIN_OK;
}

doxin_status dx_invoice_json(dx_ctx *ctx, const dx_invoice *invoice, const char **out)
{
    return make_json(ctx, fill_whole, invoice, out);
}

static void write_field(dx_writer *writer, const char *column, const dx_field *field)
{
    if (field->present)
        dx_write_string(writer, column, field->text);
}

/* 870 of 1000 -> 0.870 */
static void write_share(dx_writer *writer, const char *column, int thousandths)
{
    dx_write_real(writer, column, (double)thousandths / 1000, 3);
}

/* ---- the invoice -------------------------------------------------------------------------------------------------------------- */

const dx_header_column dx_header_columns[] = {
    {"invoice_number", DX_HEADER_NUMBER},
    {"invoice_date", DX_HEADER_DATE},
    {"due_date", DX_HEADER_DUE_DATE},
    {"ship_date", DX_HEADER_SHIP_DATE},
    {"account_number", DX_HEADER_ACCOUNT_NUMBER},
    {"po_number", DX_HEADER_PO_NUMBER},
    {"subtotal", DX_HEADER_SUBTOTAL},
    {"tax_rate", DX_HEADER_TAX_RATE},
    {"tax_amount", DX_HEADER_TAX_AMOUNT},
    {"freight", DX_HEADER_FREIGHT},
    {"total_amount", DX_HEADER_TOTAL},
    {"currency", DX_HEADER_CURRENCY},
    {"corrects_invoice_number", DX_HEADER_CORRECTS_NUMBER},
    {"vendor_name", DX_HEADER_VENDOR_NAME},
    {"vendor_address", DX_HEADER_VENDOR_ADDRESS},
    {"vendor_tax_id", DX_HEADER_VENDOR_TAX_ID},
    {"vendor_iban", DX_HEADER_VENDOR_IBAN},
    {"customer_name", DX_HEADER_CUSTOMER_NAME},
    {"customer_address", DX_HEADER_CUSTOMER_ADDRESS},
    {"customer_tax_id", DX_HEADER_CUSTOMER_TAX_ID},
    {"lines_total", DX_HEADER_LINES_TOTAL},
    {"discount_total", DX_HEADER_DISCOUNT_TOTAL},
    {"charge_total", DX_HEADER_CHARGE_TOTAL},
    {"rounding_amount", DX_HEADER_ROUNDING},
    {"prepaid_amount", DX_HEADER_PREPAID},
    {"amount_due", DX_HEADER_AMOUNT_DUE},
    {"period_start", DX_HEADER_PERIOD_START},
    {"period_end", DX_HEADER_PERIOD_END},
    {"payment_terms", DX_HEADER_PAYMENT_TERMS},
    {"payment_reference", DX_HEADER_PAYMENT_REFERENCE},
};
const size_t dx_header_column_count = sizeof dx_header_columns / sizeof dx_header_columns[0];

static const char *check_state(dx_check_state state)
{
    return state == DX_CHECK_HOLDS ? "holds" : state == DX_CHECK_FAILS ? "fails" : "unknown";
}

static void write_checks(dx_writer *writer, const dx_invoice *invoice)
{
    dx_write_array(writer, "checks");
    for (size_t i = 0; i < invoice->check_count; i++) {
        dx_write_object(writer, NULL);
        dx_write_string(writer, "rule", invoice->checks[i].rule);
        dx_write_string(writer, "state", check_state(invoice->checks[i].state));
        dx_write_string(writer, "text", invoice->checks[i].text);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
}

static void write_warnings(dx_writer *writer, const dx_invoice *invoice)
{
    dx_write_array(writer, "warnings");
    for (size_t i = 0; i < invoice->warning_count; i++) {
        dx_write_object(writer, NULL);
        dx_write_string(writer, "code", invoice->warnings[i].code);
        dx_write_string(writer, "path", invoice->warnings[i].path);
        dx_write_string(writer, "message", invoice->warnings[i].message);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
}

static doxin_status fill_invoice(dx_ctx *ctx, dx_writer *writer, const dx_invoice *invoice)
{
    char pages[16];
    (void)ctx;
    snprintf(pages, sizeof pages, "%zu", invoice->page_count);
    dx_write_object(writer, NULL);
    for (size_t i = 0; i < dx_header_column_count; i++)
        write_field(writer, dx_header_columns[i].column, &invoice->header[dx_header_columns[i].field]);
    dx_write_string(writer, "document_type", dx_kind_name(invoice->kind));
    dx_write_filled(writer, "language", invoice->language);
    dx_write_filled(writer, "syntax", invoice->syntax);
    if (invoice->page_count > 0)
        dx_write_raw(writer, "page_count", pages);
    write_share(writer, "confidence_score", invoice->confidence);
    dx_write_string(writer, "review_state", invoice->needs_review ? "needs_review" : "accepted");
    write_checks(writer, invoice);
    write_warnings(writer, invoice);
    dx_write_object_end(writer);
    return DOXIN_OK;
}

/* The bounds are those of the columns: 15 digits before the point for amounts, 5 for rates. */
static const char update_invoice[] =
    "UPDATE invoices AS i SET invoice_number = left(r.invoice_number, 200), invoice_date = r.invoice_date, "
    "due_date = r.due_date, ship_date = r.ship_date, account_number = left(r.account_number, 200), po_number = "
    "left(r.po_number, 200), subtotal = CASE WHEN abs(r.subtotal) < 1e15 THEN r.subtotal END, tax_rate = CASE "
    "WHEN abs(r.tax_rate) < 1e5 THEN r.tax_rate END, tax_amount = CASE WHEN abs(r.tax_amount) < 1e15 THEN "
    "r.tax_amount END, freight = CASE WHEN abs(r.freight) < 1e15 THEN r.freight END, total_amount = CASE WHEN "
    "abs(r.total_amount) < 1e15 THEN r.total_amount END, currency = CASE WHEN r.currency ~ '^[A-Z]{3}$' THEN "
    "r.currency END, corrects_invoice_number = left(r.corrects_invoice_number, 200), vendor_name = "
    "left(r.vendor_name, 400), vendor_address = r.vendor_address, vendor_tax_id = left(r.vendor_tax_id, 60), "
    "vendor_iban = CASE WHEN length(r.vendor_iban) <= 34 THEN r.vendor_iban END, customer_name = "
    "left(r.customer_name, 400), customer_address = r.customer_address, customer_tax_id = "
    "left(r.customer_tax_id, 60), lines_total = CASE WHEN abs(r.lines_total) < 1e15 THEN r.lines_total END, "
    "discount_total = CASE WHEN abs(r.discount_total) < 1e15 THEN r.discount_total END, charge_total = CASE WHEN "
    "abs(r.charge_total) < 1e15 THEN r.charge_total END, rounding_amount = CASE WHEN abs(r.rounding_amount) < "
    "1e15 THEN r.rounding_amount END, prepaid_amount = CASE WHEN abs(r.prepaid_amount) < 1e15 THEN "
    "r.prepaid_amount END, amount_due = CASE WHEN abs(r.amount_due) < 1e15 THEN r.amount_due END, period_start = "
    "CASE WHEN r.period_end IS NULL OR r.period_start <= r.period_end THEN r.period_start END, period_end = CASE "
    "WHEN r.period_start IS NULL OR r.period_start <= r.period_end THEN r.period_end END, payment_terms = "
    "r.payment_terms, payment_reference = left(r.payment_reference, 200), language = left(r.language, 8), syntax "
    "= left(r.syntax, 20), page_count = r.page_count, document_type = r.document_type, confidence_score = "
    "r.confidence_score, review_state = r.review_state, checks = r.checks, warnings = r.warnings, review_reason "
    "= NULL, reviewed_by_user_id = NULL, reviewed_at = NULL, error_code = NULL, duplicate_of_invoice_id = CASE "
    "WHEN i.duplicate_state = 'same_key' THEN NULL ELSE i.duplicate_of_invoice_id END, duplicate_reason = CASE "
    "WHEN i.duplicate_state = 'same_key' THEN NULL ELSE i.duplicate_reason END, duplicate_state = CASE WHEN "
    "i.duplicate_state = 'same_key' THEN 'none' ELSE i.duplicate_state END, extraction = $3::jsonb FROM "
    "jsonb_to_record($2::jsonb) AS r (invoice_number text, invoice_date date, due_date date, ship_date date, "
    "account_number text, po_number text, subtotal numeric, tax_rate numeric, tax_amount numeric, freight "
    "numeric, total_amount numeric, currency text, corrects_invoice_number text, vendor_name text, "
    "vendor_address text, vendor_tax_id text, vendor_iban text, customer_name text, customer_address text, "
    "customer_tax_id text, lines_total numeric, discount_total numeric, charge_total numeric, rounding_amount "
    "numeric, prepaid_amount numeric, amount_due numeric, period_start date, period_end date, payment_terms "
    "text, payment_reference text, language text, syntax text, page_count integer, document_type text, "
    "confidence_score numeric, review_state text, checks jsonb, warnings jsonb) WHERE i.id = $1";

/* ---- lines -------------------------------------------------------------------------------------------------------------------- */

const dx_line_column dx_line_columns[] = {
    {"printed_number", DX_CELL_NUMBER},
    {"item_number", DX_CELL_ITEM},
    {"buyer_item_number", DX_CELL_BUYER_ITEM},
    {"gtin", DX_CELL_GTIN},
    {"description", DX_CELL_DESCRIPTION},
    {"detail", DX_CELL_DETAIL},
    {"quantity", DX_CELL_QUANTITY},
    {"unit", DX_CELL_UNIT},
    {"unit_price", DX_CELL_PRICE},
    {"price_base", DX_CELL_PRICE_BASE},
    {"gross_price", DX_CELL_GROSS_PRICE},
    {"unit_price_discount", DX_CELL_DISCOUNT},
    {"discount_percent", DX_CELL_DISCOUNT_PERCENT},
    {"discount_amount", DX_CELL_DISCOUNT_AMOUNT},
    {"charge_amount", DX_CELL_CHARGE_AMOUNT},
    {"tax_category", DX_CELL_TAX_CATEGORY},
    {"tax_rate", DX_CELL_TAX_RATE},
    {"tax_amount", DX_CELL_TAX_AMOUNT},
    {"line_total", DX_CELL_TOTAL},
    {"period_start", DX_CELL_PERIOD_START},
    {"period_end", DX_CELL_PERIOD_END},
};
const size_t dx_line_column_count = sizeof dx_line_columns / sizeof dx_line_columns[0];

/* The least sure of the cells that make a line. */
static int line_confidence(const dx_line *line)
{
    int least = 1000;
    for (int cell = 0; cell < DX_CELL_COUNT; cell++)
        if (line->cell[cell].present && line->cell[cell].evidence.confidence < least)
            least = line->cell[cell].evidence.confidence;
    return least;
}

static doxin_status fill_lines(dx_ctx *ctx, dx_writer *writer, const dx_invoice *invoice)
{
    (void)ctx;
    dx_write_array(writer, NULL);
    for (size_t i = 0; i < invoice->line_count; i++) {
        const dx_line *line = &invoice->lines[i];
        dx_write_object(writer, NULL);
        dx_write_integer(writer, "line_number", (int64_t)i + 1);
        for (size_t j = 0; j < dx_line_column_count; j++)
            write_field(writer, dx_line_columns[j].column, &line->cell[dx_line_columns[j].cell]);
        write_share(writer, "confidence_score", line_confidence(line));
        dx_write_bool(writer, "is_charge", line->charge);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
    return DOXIN_OK;
}

static const char insert_lines[] =
    "INSERT INTO invoice_line_items (invoice_id, line_number, printed_number, item_number, buyer_item_number, "
    "gtin, description, detail, quantity, unit, unit_price, price_base, gross_price, unit_price_discount, "
    "discount_percent, discount_amount, charge_amount, tax_category, tax_rate, tax_amount, line_total, "
    "period_start, period_end, confidence_score, is_charge) SELECT $1, r.line_number, left(r.printed_number, "
    "40), left(r.item_number, 200), left(r.buyer_item_number, 200), CASE WHEN length(r.gtin) <= 14 THEN r.gtin "
    "END, r.description, r.detail, CASE WHEN abs(r.quantity) < 1e12 THEN r.quantity END, left(r.unit, 40), CASE "
    "WHEN abs(r.unit_price) < 1e13 THEN r.unit_price END, CASE WHEN abs(r.price_base) < 1e12 AND "
    "round(r.price_base, 6) <> 0 THEN r.price_base END, CASE WHEN abs(r.gross_price) < 1e13 THEN r.gross_price "
    "END, CASE WHEN abs(r.unit_price_discount) < 1e13 THEN r.unit_price_discount END, CASE WHEN "
    "abs(r.discount_percent) < 1e5 THEN r.discount_percent END, CASE WHEN abs(r.discount_amount) < 1e15 THEN "
    "r.discount_amount END, CASE WHEN abs(r.charge_amount) < 1e15 THEN r.charge_amount END, CASE WHEN "
    "length(r.tax_category) <= 3 THEN r.tax_category END, CASE WHEN abs(r.tax_rate) < 1e5 THEN r.tax_rate END, "
    "CASE WHEN abs(r.tax_amount) < 1e15 THEN r.tax_amount END, CASE WHEN abs(r.line_total) < 1e15 THEN "
    "r.line_total END, r.period_start, r.period_end, r.confidence_score, coalesce(r.is_charge, false) FROM "
    "jsonb_to_recordset($2::jsonb) AS r (line_number integer, printed_number text, item_number text, "
    "buyer_item_number text, gtin text, description text, detail text, quantity numeric, unit text, unit_price "
    "numeric, price_base numeric, gross_price numeric, unit_price_discount numeric, discount_percent numeric, "
    "discount_amount numeric, charge_amount numeric, tax_category text, tax_rate numeric, tax_amount numeric, "
    "line_total numeric, period_start date, period_end date, confidence_score numeric, is_charge boolean)";

/* ---- taxes -------------------------------------------------------------------------------------------------------------------- */

static doxin_status fill_taxes(dx_ctx *ctx, dx_writer *writer, const dx_invoice *invoice)
{
    (void)ctx;
    dx_write_array(writer, NULL);
    for (size_t i = 0; i < invoice->tax_count; i++) {
        dx_write_object(writer, NULL);
        dx_write_integer(writer, "position", (int64_t)i + 1);
        for (int cell = 0; cell < DX_TAX_COUNT; cell++)
            write_field(writer, dx_tax_name((dx_tax_id)cell), &invoice->taxes[i].cell[cell]);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
    return DOXIN_OK;
}

static const char insert_taxes[] =
    "INSERT INTO invoice_taxes (invoice_id, position, category, rate, base, amount, reason) SELECT $1, "
    "r.position, CASE WHEN length(r.category) <= 3 THEN r.category END, CASE WHEN abs(r.rate) < 1e5 THEN r.rate "
    "END, CASE WHEN abs(r.base) < 1e15 THEN r.base END, CASE WHEN abs(r.amount) < 1e15 THEN r.amount END, "
    "r.reason FROM jsonb_to_recordset($2::jsonb) AS r (position integer, category text, rate numeric, base "
    "numeric, amount numeric, reason text)";

/* ---- evidence ----------------------------------------------------------------------------------------------------------------- */

/* The page's coordinates are in 1/100000 and may lie a hair outside; the column takes 0 to 1. */
static void write_box(dx_writer *writer, const dx_evidence *evidence)
{
    char text[80] = "{";
    size_t used = 1;
    if (evidence->page < 1)
        return;
    for (int i = 0; i < 4; i++) {
        int32_t at = evidence->box[i] < 0 ? 0 : evidence->box[i] > 100000 ? 100000 : evidence->box[i];
        int wrote = snprintf(text + used, sizeof text - used, "%s%d.%05d", i ? "," : "", (int)(at / 100000),
                             (int)(at % 100000));
        used += (size_t)wrote;
    }
    snprintf(text + used, sizeof text - used, "}");
    dx_write_string(writer, "box", text);
}

static void write_rivals(dx_writer *writer, const dx_field *field)
{
    if (field->rival_count == 0)
        return;
    dx_write_array(writer, "rivals");
    for (size_t i = 0; i < field->rival_count; i++) {
        dx_write_object(writer, NULL);
        dx_write_string(writer, "value", field->rivals[i].value);
        dx_write_string(writer, "text", field->rivals[i].evidence.text);
        write_share(writer, "confidence", field->rivals[i].evidence.confidence);
        dx_write_string(writer, "reason", field->rivals[i].reason);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
}

static void write_evidence(dx_writer *writer, const char *path, const dx_field *field)
{
    const dx_evidence *evidence = &field->evidence;
    if (!field->present || evidence->origin == DX_ORIGIN_NONE)
        return;
    dx_write_object(writer, NULL);
    dx_write_string(writer, "path", path);
    dx_write_string(writer, "value", field->text);
    dx_write_filled(writer, "raw_text", evidence->text);
    if (evidence->page >= 1)
        dx_write_integer(writer, "page", evidence->page);
    write_box(writer, evidence);
    write_share(writer, "confidence", evidence->confidence);
    dx_write_string(writer, "origin", dx_origin_name(evidence->origin));
    dx_write_bool(writer, "learned", evidence->learned);
    dx_write_filled(writer, "note", field->note);
    write_rivals(writer, field);
    dx_write_object_end(writer);
}

static doxin_status fill_evidence(dx_ctx *ctx, dx_writer *writer, const dx_invoice *invoice)
{
    char path[120];
    (void)ctx;
    dx_write_array(writer, NULL);
    for (int i = 0; i < DX_HEADER_COUNT; i++)
        write_evidence(writer, dx_header_path((dx_header_id)i), &invoice->header[i]);
    for (size_t i = 0; i < invoice->line_count; i++)
        for (int cell = 0; cell < DX_CELL_COUNT; cell++) {
            snprintf(path, sizeof path, "line_items[%zu].%s", i, dx_cell_name((dx_cell_id)cell));
            write_evidence(writer, path, &invoice->lines[i].cell[cell]);
        }
    for (size_t i = 0; i < invoice->tax_count; i++)
        for (int cell = 0; cell < DX_TAX_COUNT; cell++) {
            snprintf(path, sizeof path, "taxes[%zu].%s", i, dx_tax_name((dx_tax_id)cell));
            write_evidence(writer, path, &invoice->taxes[i].cell[cell]);
        }
    for (size_t i = 0; i < invoice->adjustment_count; i++) {
        snprintf(path, sizeof path, "adjustments[%zu].amount", i);
        write_evidence(writer, path, &invoice->adjustments[i].amount);
    }
    dx_write_array_end(writer);
    return DOXIN_OK;
}

static const char insert_evidence[] =
    "INSERT INTO extraction_fields (invoice_id, path, value, raw_text, page, box, confidence, origin, learned, note, "
    "rivals) SELECT $1, r.path, r.value, r.raw_text, r.page, r.box::numeric(6, 5)[], r.confidence, r.origin, "
    "r.learned, r.note, r.rivals "
    "FROM jsonb_to_recordset($2::jsonb) AS r (path text, value text, raw_text text, page integer, box text, "
    "confidence numeric, origin text, learned boolean, note text, rivals jsonb)";

/* ---- all of it ---------------------------------------------------------------------------------------------------------------- */

/* The same document under another file: vendor, number, date and total are the same among the owner's own. A repetition
 * of the same bytes, or one that somebody dismissed, stays what it is. */
static const char find_same_key[] =
    "UPDATE invoices AS i SET duplicate_of_invoice_id = d.id, duplicate_state = 'same_key', "
    "duplicate_reason = 'number, date, total and vendor are the same' FROM invoices AS d WHERE i.id = $1 "
    "AND i.duplicate_state = 'none' AND d.uploaded_by_user_id = i.uploaded_by_user_id AND d.id <> i.id "
    "AND d.deleted_at IS NULL AND d.created_at <= i.created_at AND lower(d.invoice_number) = lower(i.invoice_number) "
    "AND d.total_amount = i.total_amount AND d.currency IS NOT DISTINCT FROM i.currency "
    "AND d.invoice_date = i.invoice_date AND lower(coalesce(d.vendor_tax_id, d.vendor_name)) = "
    "lower(coalesce(i.vendor_tax_id, i.vendor_name)) AND d.document_type = i.document_type "
    "AND d.duplicate_state IN ('none', 'dismissed')";

static doxin_status replace(dx_tx *tx, dx_ctx *ctx, const char *invoice_id, const char *table, const char *insert,
                            fill_fn fill, const dx_invoice *invoice)
{
    const char *json = NULL;
    const char *empty = dx_textf(ctx, "DELETE FROM %s WHERE invoice_id = $1", table);
    doxin_status status = empty ? dx_tx_exec(tx, ctx, empty, DX_PARAMS(invoice_id), NULL) : DOXIN_E_NOMEM;
    if (status == DOXIN_OK)
        status = make_json(ctx, fill, invoice, &json);
    return status == DOXIN_OK ? dx_tx_exec(tx, ctx, insert, DX_PARAMS(invoice_id, json), NULL) : status;
}

doxin_status dx_invoice_store(dx_tx *tx, dx_ctx *ctx, const char *invoice_id, const dx_invoice *invoice,
                              const char *json)
{
    const char *record = NULL;
    dx_rows *rows = NULL;
    doxin_status status = make_json(ctx, fill_invoice, invoice, &record);
    if (status == DOXIN_OK)
        status = dx_tx_exec(tx, ctx, update_invoice, DX_PARAMS(invoice_id, record, json), &rows);
    if (status == DOXIN_OK && dx_rows_affected(rows) == 0)
        return dx_fail(ctx, DOXIN_E_NOT_FOUND, "the invoice of the job is not there any more");
    if (status == DOXIN_OK)
        status = replace(tx, ctx, invoice_id, "invoice_line_items", insert_lines, fill_lines, invoice);
    if (status == DOXIN_OK)
        status = replace(tx, ctx, invoice_id, "invoice_taxes", insert_taxes, fill_taxes, invoice);
    if (status == DOXIN_OK)
        status = replace(tx, ctx, invoice_id, "extraction_fields", insert_evidence, fill_evidence, invoice);
    if (status == DOXIN_OK)
        status = dx_tx_exec(tx, ctx, find_same_key, DX_PARAMS(invoice_id), NULL);
    return status;
}
