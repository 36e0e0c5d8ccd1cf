/* A person's word about an invoice: corrections of values and lines, approval, rejection. */
#include "app/op/rows.h"
#include "app/records/corrections.h"
#include "app/records/internal.h"
#include "app/records/store.h"
#include "base/rt/alloc.h"

#include <stdio.h>
#include <string.h>

typedef struct correction {
    dx_call *call;
    const char *id, *owner, *file_id;
    dx_invoice *invoice; /* as it becomes */
    dx_decisions decisions;
    dx_buffer before, after; /* changed columns as JSON members, for the audit */
    dx_writer old_values, new_values;
    bool changed, sums_changed;
} correction;

/* ---- one value ------------------------------------------------------------------------------------------------------------------ */

static doxin_status wrong(dx_ctx *ctx, const char *pointer, const char *message)
{
    dx_fail(ctx, DOXIN_E_FIELD, "%s: %s", pointer, message);
    dx_error_field(&ctx->error, pointer, "format", message);
    return DOXIN_E_FIELD;
}

/* What the columns hold: numeric(19, 4) for amounts, (18, 6) for quantities and prices, (9, 4) for rates. */
static bool number_fits(dx_value_kind kind, dx_decimal number)
{
    int places = kind == DX_VALUE_DECIMAL ? 6 : 4;
    int digits = kind == DX_VALUE_AMOUNT ? 14 : kind == DX_VALUE_DECIMAL ? 12 : 5;
    dx_decimal rounded, bound = dx_decimal_from(1, 0);
    for (int i = 0; i < digits; i++)
        bound.units *= 10;
    return dx_decimal_round(number, places, &rounded) && dx_decimal_equal(rounded, number) &&
           dx_decimal_compare(dx_decimal_abs(number), bound) < 0;
}

static doxin_status set_value(dx_ctx *ctx, dx_field *field, dx_value_kind kind, const char *text, const char *pointer)
{
    dx_decimal number;
    dx_date date;
    *field = (dx_field){0};
    if (kind == DX_VALUE_TEXT)
        return dx_field_text(ctx, field, text);
    if (kind == DX_VALUE_DATE)
        return dx_date_parse(text, strlen(text), &date)
                   ? dx_field_date(ctx, field, date)
                   : wrong(ctx, pointer, "must be a day that exists, such as \"2026-11-25\"");
    if (!dx_decimal_parse(text, strlen(text), &number) || !number_fits(kind, number))
        return wrong(ctx, pointer, "must be a decimal number as text that fits its column, such as \"119.00\"");
    return dx_field_number(ctx, field, number, kind == DX_VALUE_AMOUNT ? number.scale : 0);
}

static bool same_value(dx_value_kind kind, const dx_field *a, const dx_field *b)
{
    if (a->present != b->present || !a->present)
        return a->present == b->present;
    if (kind == DX_VALUE_TEXT || kind == DX_VALUE_DATE)
        return strcmp(a->text, b->text) == 0;
    return dx_decimal_equal(a->number, b->number);
}

/* ---- the header ----------------------------------------------------------------------------------------------------------------- */

static bool is_currency(const char *text)
{
    return strlen(text) == 3 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

/* Another address has other parts: those of the old one are no longer true. */
static void forget_parts(dx_invoice *invoice, dx_header_id field)
{
    static const dx_header_id vendor[] = {DX_HEADER_VENDOR_STREET, DX_HEADER_VENDOR_STREET2,
                                          DX_HEADER_VENDOR_POSTAL_CODE, DX_HEADER_VENDOR_CITY, DX_HEADER_VENDOR_STATE};
    static const dx_header_id customer[] = {DX_HEADER_CUSTOMER_STREET, DX_HEADER_CUSTOMER_STREET2,
                                            DX_HEADER_CUSTOMER_POSTAL_CODE, DX_HEADER_CUSTOMER_CITY,
                                            DX_HEADER_CUSTOMER_STATE};
    for (size_t i = 0; i < sizeof vendor / sizeof *vendor; i++) {
        if (field == DX_HEADER_VENDOR_ADDRESS)
            dx_field_clear(&invoice->header[vendor[i]]);
        if (field == DX_HEADER_CUSTOMER_ADDRESS)
            dx_field_clear(&invoice->header[customer[i]]);
    }
}

static doxin_status set_header(correction *of, const dx_header_column *column, const dx_json *given)
{
    dx_ctx *ctx = of->call->ctx;
    dx_field *field = &of->invoice->header[column->field], fresh = {0};
    dx_value_kind kind = dx_header_kind(column->field);
    const char *text = dx_json_string(given), *path = dx_header_path(column->field);
    const char *pointer = dx_textf(ctx, "/invoice/%s", column->column);
    if (!pointer)
        return DOXIN_E_NOMEM;
    if (column->field == DX_HEADER_CURRENCY && text && *text && !is_currency(text))
        return wrong(ctx, pointer, "must be a code of ISO 4217, such as \"EUR\"");
    doxin_status status = text && *text ? set_value(ctx, &fresh, kind, text, pointer) : DOXIN_OK;
    if (status != DOXIN_OK || same_value(kind, field, &fresh))
        return status;
    dx_write_string(&of->old_values, column->column, field->present ? field->text : NULL);
    dx_write_string(&of->new_values, column->column, fresh.present ? fresh.text : NULL);
    of->changed = true;
    of->sums_changed |= kind == DX_VALUE_AMOUNT || kind == DX_VALUE_RATE;
    forget_parts(of->invoice, column->field);
    if (fresh.present) {
        status = dx_field_by_person(ctx, field, &fresh);
        dx_decisions_remove(&of->decisions, path);
    } else {
        status = dx_decisions_add(ctx, &of->decisions, path);
    }
    *field = fresh;
    return status;
}

static doxin_status set_kind(correction *of, const char *name)
{
    dx_invoice *invoice = of->invoice;
    for (int i = DX_KIND_UNKNOWN; i <= DX_KIND_OTHER; i++) {
        if (strcmp(dx_kind_name((dx_document_kind)i), name) != 0 || invoice->kind == (dx_document_kind)i)
            continue;
        dx_write_string(&of->old_values, "document_type", dx_kind_name(invoice->kind));
        dx_write_string(&of->new_values, "document_type", name);
        invoice->kind = (dx_document_kind)i;
        of->changed = true;
        return dx_decisions_add(of->call->ctx, &of->decisions, "document_type");
    }
    return DOXIN_OK;
}

static doxin_status set_headers(correction *of, const dx_json *patch)
{
    doxin_status status = DOXIN_OK;
    const char *kind = dx_json_get_string(patch, "document_type");
    for (size_t i = 0; i < dx_header_column_count && status == DOXIN_OK; i++) {
        const dx_json *given = dx_json_get(patch, dx_header_columns[i].column);
        if (given)
            status = set_header(of, &dx_header_columns[i], given);
    }
    return status == DOXIN_OK && kind ? set_kind(of, kind) : status;
}

/* ---- the lines ------------------------------------------------------------------------------------------------------------------- */

static doxin_status set_line(correction *of, size_t index, const dx_json *given, const dx_line *old, dx_line *line,
                             bool *changed)
{
    static const dx_line none;
    dx_ctx *ctx = of->call->ctx;
    const dx_line *before = old ? old : &none;
    *line = *before;
    line->charge = dx_json_bool(dx_json_get(given, "is_charge"), before->charge);
    *changed |= !old || line->charge != before->charge;
    for (size_t i = 0; i < dx_line_column_count; i++) {
        const char *column = dx_line_columns[i].column, *text = dx_json_get_string(given, column);
        dx_cell_id cell = dx_line_columns[i].cell;
        dx_field fresh = {0};
        const char *pointer = dx_textf(ctx, "/line_items/%zu/%s", index, column);
        doxin_status status = pointer ? DOXIN_OK : DOXIN_E_NOMEM;
        if (status == DOXIN_OK && text && *text)
            status = set_value(ctx, &fresh, dx_cell_kind(cell), text, pointer);
        if (status == DOXIN_OK && cell == DX_CELL_PRICE_BASE && fresh.present && fresh.number.units == 0)
            status = wrong(ctx, pointer, "must not be zero");
        if (status == DOXIN_OK && !same_value(dx_cell_kind(cell), &before->cell[cell], &fresh)) {
            *changed = true;
            status = fresh.present ? dx_field_by_person(ctx, &before->cell[cell], &fresh) : DOXIN_OK;
            line->cell[cell] = fresh;
        }
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

/* The lines given are all lines: their order is their number, and what a line leaves out it has not. */
static doxin_status set_lines(correction *of, const dx_json *list)
{
    dx_ctx *ctx = of->call->ctx;
    dx_invoice *invoice = of->invoice;
    size_t count = dx_json_count(list), had = invoice->line_count;
    bool changed = count != had;
    if (!list)
        return DOXIN_OK;
    dx_line *lines = dx_array(ctx, count + 1, sizeof *lines);
    doxin_status status = lines ? DOXIN_OK : DOXIN_E_NOMEM;
    for (size_t i = 0; i < count && status == DOXIN_OK; i++)
        status = set_line(of, i, dx_json_at(list, i), i < had ? &invoice->lines[i] : NULL, &lines[i], &changed);
    if (status != DOXIN_OK || !changed)
        return status;
    invoice->lines = lines;
    invoice->line_count = count;
    invoice->line_capacity = count + 1;
    of->changed = of->sums_changed = true;
    dx_write_integer(&of->old_values, "line_items", (int64_t)had);
    dx_write_integer(&of->new_values, "line_items", (int64_t)count);
    return dx_decisions_add(ctx, &of->decisions, "line_items");
}

/* ---- the gate -------------------------------------------------------------------------------------------------------------------- */

/* What arithmetic supplied follows from the new values; where it does not, it stays. */
doxin_status dx_invoice_check_again(dx_ctx *ctx, dx_invoice *invoice, bool sums_changed, int review_threshold)
{
    dx_gate_options gate = {.review_threshold = review_threshold, .fill = true};
    dx_field *supplied = dx_array(ctx, DX_HEADER_COUNT, sizeof *supplied);
    bool restored = false;
    if (!supplied)
        return DOXIN_E_NOMEM;
    for (int i = 0; sums_changed && i < DX_HEADER_COUNT; i++) {
        if (!invoice->header[i].present || invoice->header[i].evidence.origin != DX_ORIGIN_ARITHMETIC)
            continue;
        supplied[i] = invoice->header[i];
        dx_field_clear(&invoice->header[i]);
    }
    doxin_status status = dx_invoice_gate(ctx, invoice, &gate);
    for (int i = 0; status == DOXIN_OK && i < DX_HEADER_COUNT; i++) {
        if (!supplied[i].present || invoice->header[i].present)
            continue;
        invoice->header[i] = supplied[i];
        restored = true;
    }
    return status == DOXIN_OK && restored ? dx_invoice_gate(ctx, invoice, &gate) : status;
}

/* A person's word is beyond doubt; the rest of the whole's confidence is as it was. */
static void raise_confidence(const dx_invoice *invoice, const dx_invoice *before, int *confidence)
{
    static const dx_header_id needed[] = {DX_HEADER_NUMBER, DX_HEADER_DATE, DX_HEADER_TOTAL, DX_HEADER_CURRENCY,
                                          DX_HEADER_VENDOR_NAME};
    enum { NEEDED = sizeof needed / sizeof *needed };
    for (size_t i = 0; i < NEEDED; i++) {
        const dx_field *old = &before->header[needed[i]], *now = &invoice->header[needed[i]];
        int was = old->present ? old->evidence.confidence : 0, is = now->present ? now->evidence.confidence : 0;
        *confidence += (is - was) / NEEDED;
    }
    *confidence = *confidence < 0 ? 0 : *confidence > 1000 ? 1000 : *confidence;
}

/* ---- learning -------------------------------------------------------------------------------------------------------------------- */

/* Queued once for however many corrections; not where there is no page to learn from. */
static const char may_learn[] =
    "SELECT FROM invoices AS i JOIN file_storage AS f ON f.id = i.file_storage_id WHERE i.id = $1 AND f.deleted_at IS "
    "NULL AND coalesce(i.syntax, '') = '' AND NOT EXISTS (SELECT FROM processing_jobs AS j WHERE j.invoice_id = i.id "
    "AND j.job_type = '" DX_JOB_LEARN "' AND j.status = 'pending')";

static doxin_status put_learning(dx_call *call, const char *id, const char *owner, const char *file_id)
{
    char *job_id = dx_new(call->ctx, DX_UUID_TEXT);
    dx_rows *rows = NULL;
    if (!job_id)
        return DOXIN_E_NOMEM;
    if (!call->app->learning || !dx_json_bool(dx_json_get(call->args, "learning"), true) || !file_id)
        return DOXIN_OK;
    doxin_status status = dx_tx_exec(call->tx, call->ctx, may_learn, DX_PARAMS(id), &rows);
    if (status != DOXIN_OK || dx_rows_count(rows) == 0)
        return status;
    dx_ctx as_owner = *call->ctx;
    as_owner.user_id = owner;
    dx_job_order order = {
        .type = DX_JOB_LEARN, .user_id = owner, .file_id = file_id, .invoice_id = id, .priority = DX_PRIORITY_BATCH};
    status = dx_queue_put(call->tx, &as_owner, &order, job_id);
    call->ctx->error = as_owner.error;
    /* It is nothing that somebody waits for. */
    return status == DOXIN_OK
               ? dx_tx_exec(call->tx, call->ctx, "UPDATE processing_jobs SET viewed_at = now() WHERE id = $1",
                            DX_PARAMS(job_id), NULL)
               : status;
}

/* ---- invoices.update ------------------------------------------------------------------------------------------------------------- */

static doxin_status check_version(dx_call *call, const dx_rows *rows)
{
    int64_t asked = dx_json_integer(dx_json_get(call->args, "version"), -1);
    if (asked < 0 || asked == dx_rows_integer(rows, 0, 2, 0))
        return DOXIN_OK;
    return dx_fail(call->ctx, DOXIN_E_PRECONDITION, "the invoice is at version %s; read it again",
                   dx_rows_text(rows, 0, 2));
}

/* Locks the row. */
static doxin_status find_invoice(dx_call *call, const char *id, dx_rows **out)
{
    doxin_status status = dx_tx_exec(call->tx, call->ctx,
                                     "SELECT uploaded_by_user_id, file_storage_id, version, review_state FROM invoices "
                                     "WHERE id = $1 AND deleted_at IS NULL FOR UPDATE",
                                     DX_PARAMS(id), out);
    if (status == DOXIN_OK && dx_rows_count(*out) == 0)
        return dx_fail(call->ctx, DOXIN_E_NOT_FOUND, "there is no such invoice");
    return status == DOXIN_OK ? check_version(call, *out) : status;
}

static doxin_status store(correction *of)
{
    dx_call *call = of->call;
    const char *json = NULL, *old_values, *new_values;
    doxin_status status = dx_invoice_json(call->ctx, of->invoice, &json);
    if (status == DOXIN_OK)
        status = dx_invoice_store(call->tx, call->ctx, of->id, of->invoice, json);
    if (status == DOXIN_OK)
        status = dx_decisions_store(call->tx, call->ctx, of->id, &of->decisions);
    if (status == DOXIN_OK)
        status = dx_tx_exec(call->tx, call->ctx,
                            "UPDATE extraction_fields SET reviewed_by_user_id = $2, reviewed_at = now() WHERE "
                            "invoice_id = $1 AND origin = 'human' AND NOT learned AND reviewed_at IS NULL",
                            DX_PARAMS(of->id, call->ctx->user_id), NULL);
    dx_write_object_end(&of->old_values);
    dx_write_object_end(&of->new_values);
    old_values = of->before.failed ? NULL : dx_textn(call->ctx, of->before.data, of->before.len);
    new_values = of->after.failed ? NULL : dx_textn(call->ctx, of->after.data, of->after.len);
    if (status == DOXIN_OK && (!old_values || !new_values))
        status = dx_nomem(call->ctx);
    if (status == DOXIN_OK)
        status = dx_call_audit(call, (dx_audit){.table = "invoices",
                                                .record_id = of->id,
                                                .action = "UPDATE",
                                                .old_values = old_values,
                                                .new_values = new_values,
                                                .reason = dx_call_text(call, "reason")});
    return status == DOXIN_OK ? put_learning(call, of->id, of->owner, of->file_id) : status;
}

static doxin_status correct(correction *of)
{
    dx_call *call = of->call;
    dx_ctx *ctx = call->ctx;
    dx_invoice *before = dx_invoice_new(ctx);
    doxin_status status = dx_invoice_load(call->tx, ctx, of->id, &of->invoice);
    if (status == DOXIN_OK && !of->invoice)
        of->invoice = dx_invoice_new(ctx);
    if (status == DOXIN_OK && (!before || !of->invoice))
        return DOXIN_E_NOMEM;
    if (status == DOXIN_OK)
        status = dx_decisions_load(call->tx, ctx, of->id, &of->decisions);
    if (status != DOXIN_OK)
        return status;
    *before = *of->invoice;
    status = set_headers(of, dx_json_get(call->args, "invoice"));
    if (status == DOXIN_OK)
        status = set_lines(of, dx_json_get(call->args, "line_items"));
    if (status != DOXIN_OK || !of->changed)
        return status;
    raise_confidence(of->invoice, before, &of->invoice->confidence);
    status = dx_invoice_check_again(ctx, of->invoice, of->sums_changed, call->app->review_threshold);
    return status == DOXIN_OK ? store(of) : status;
}

doxin_status dx_invoices_update(dx_call *call)
{
    const char *file_id = NULL;
    dx_rows *rows = NULL;
    correction of = {.call = call, .id = dx_call_text(call, "id")};
    doxin_status status = find_invoice(call, of.id, &rows);
    if (status != DOXIN_OK)
        return status;
    of.owner = call->owner = dx_rows_text(rows, 0, 0);
    of.file_id = dx_rows_text(rows, 0, 1);
    dx_buffer_init(&of.before, 0);
    dx_buffer_init(&of.after, 0);
    dx_write_init(&of.old_values, &of.before);
    dx_write_init(&of.new_values, &of.after);
    dx_write_object(&of.old_values, NULL);
    dx_write_object(&of.new_values, NULL);
    status = correct(&of);
    dx_buffer_free(&of.before);
    dx_buffer_free(&of.after);
    if (status != DOXIN_OK)
        return status;
    dx_write_bool(call->answer, "success", true);
    return dx_invoice_answer(call, of.id, &file_id);
}

/* ---- invoices.approve, invoices.reject --------------------------------------------------------------------------------------------- */

static doxin_status decide(dx_call *call, const char *state, bool learn)
{
    const char *id = dx_call_text(call, "id"), *file_id = NULL, *reason = dx_call_text(call, "reason");
    dx_rows *rows = NULL;
    doxin_status status = find_invoice(call, id, &rows);
    if (status != DOXIN_OK)
        return status;
    const char *was = dx_rows_text(rows, 0, 3), *owner = dx_rows_text(rows, 0, 0);
    if (strcmp(was, "pending") == 0)
        return dx_fail(call->ctx, DOXIN_E_CONFLICT, "nothing has been read of this invoice yet");
    call->owner = owner;
    status = dx_tx_exec(call->tx, call->ctx,
                        "UPDATE invoices SET review_state = $2, reviewed_by_user_id = $3, reviewed_at = now(), "
                        "review_reason = $4 WHERE id = $1",
                        DX_PARAMS(id, state, call->ctx->user_id, reason), NULL);
    const char *old_values = dx_textf(call->ctx, "{\"review_state\":\"%s\"}", was);
    const char *new_values = dx_textf(call->ctx, "{\"review_state\":\"%s\"}", state);
    if (status == DOXIN_OK && (!old_values || !new_values))
        status = DOXIN_E_NOMEM;
    if (status == DOXIN_OK)
        status = dx_call_audit(call, (dx_audit){.table = "invoices",
                                                .record_id = id,
                                                .action = "UPDATE",
                                                .old_values = old_values,
                                                .new_values = new_values,
                                                .reason = reason});
    if (status == DOXIN_OK && learn)
        status = put_learning(call, id, owner, dx_rows_text(rows, 0, 1));
    if (status != DOXIN_OK)
        return status;
    dx_write_bool(call->answer, "success", true);
    return dx_invoice_answer(call, id, &file_id);
}

doxin_status dx_invoices_approve(dx_call *call)
{
    return decide(call, "approved", true);
}

doxin_status dx_invoices_reject(dx_call *call)
{
    return decide(call, "rejected", false);
}
