/* doxin.invoice/1. Values under their names, evidence apart by path, so that a reader who wants only the values finds a
 * plain object. */
#include "base/rt/json_write.h"

#include "core/invoice/invoice.h"

#include <stdio.h>
#include <string.h>

enum { PATH_MAX_TEXT = 96 };

/* ---- values ----------------------------------------------------------------------------------------------------------- */

static void write_value(dx_writer *writer, const char *name, const dx_field *field)
{
    if (field->present)
        dx_write_string(writer, name, field->text);
}

/* "vendor.name" is the member name of the object vendor. */
static void write_party(const dx_invoice *invoice, dx_writer *writer, const char *party)
{
    size_t size = strlen(party);
    bool open = false;
    for (int id = 0; id < DX_HEADER_COUNT; id++) {
        const char *path = dx_header_path((dx_header_id)id);
        if (strncmp(path, party, size) != 0 || path[size] != '.' || !invoice->header[id].present)
            continue;
        if (!open)
            dx_write_object(writer, party);
        open = true;
        write_value(writer, path + size + 1, &invoice->header[id]);
    }
    if (open)
        dx_write_object_end(writer);
}

static void write_header(const dx_invoice *invoice, dx_writer *writer)
{
    for (int id = 0; id < DX_HEADER_COUNT; id++)
        if (!strchr(dx_header_path((dx_header_id)id), '.'))
            write_value(writer, dx_header_path((dx_header_id)id), &invoice->header[id]);
    write_party(invoice, writer, "vendor");
    write_party(invoice, writer, "customer");
    write_party(invoice, writer, "ship_to");
}

static void write_lines(const dx_invoice *invoice, dx_writer *writer)
{
    dx_write_array(writer, "line_items");
    for (size_t i = 0; i < invoice->line_count; i++) {
        dx_write_object(writer, NULL);
        for (int id = 0; id < DX_CELL_COUNT; id++)
            write_value(writer, dx_cell_name((dx_cell_id)id), &invoice->lines[i].cell[id]);
        if (invoice->lines[i].charge)
            dx_write_bool(writer, "charge", true);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
}

static void write_taxes(const dx_invoice *invoice, dx_writer *writer)
{
    dx_write_array(writer, "taxes");
    for (size_t i = 0; i < invoice->tax_count; i++) {
        dx_write_object(writer, NULL);
        for (int id = 0; id < DX_TAX_COUNT; id++)
            write_value(writer, dx_tax_name((dx_tax_id)id), &invoice->taxes[i].cell[id]);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
}

static void write_adjustments(const dx_invoice *invoice, dx_writer *writer)
{
    dx_write_array(writer, "adjustments");
    for (size_t i = 0; i < invoice->adjustment_count; i++) {
        const dx_adjustment *at = &invoice->adjustments[i];
        dx_write_object(writer, NULL);
        dx_write_string(writer, "type", at->charge ? "charge" : "allowance");
        dx_write_bool(writer, "freight", at->freight);
        write_value(writer, "amount", &at->amount);
        write_value(writer, "rate", &at->rate);
        write_value(writer, "reason", &at->reason);
        write_value(writer, "tax_rate", &at->tax_rate);
        write_value(writer, "reason_code", &at->reason_code);
        write_value(writer, "tax_category", &at->tax_category);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
}

/* ---- evidence --------------------------------------------------------------------------------------------------------- */

static void write_place(dx_writer *writer, const dx_evidence *evidence)
{
    if (evidence->page > 0) {
        dx_write_integer(writer, "page", evidence->page);
        dx_write_array(writer, "box");
        for (int i = 0; i < 4; i++)
            dx_write_real(writer, NULL, evidence->box[i] / 100000.0, 5);
        dx_write_array_end(writer);
    }
    if (evidence->text)
        dx_write_string(writer, "text", evidence->text);
    dx_write_real(writer, "confidence", evidence->confidence / 1000.0, 3);
    dx_write_string(writer, "origin", dx_origin_name(evidence->origin));
    if (evidence->learned)
        dx_write_bool(writer, "learned", true);
}

static void write_rivals(dx_writer *writer, const dx_field *field)
{
    if (field->rival_count == 0)
        return;
    dx_write_array(writer, "rivals");
    for (size_t i = 0; i < field->rival_count; i++) {
        dx_write_object(writer, NULL);
        dx_write_string(writer, "value", field->rivals[i].value);
        write_place(writer, &field->rivals[i].evidence);
        dx_write_filled(writer, "reason", field->rivals[i].reason);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
}

static void write_evidence_of(dx_writer *writer, const char *path, const dx_field *field)
{
    if (!field->present || field->evidence.origin == DX_ORIGIN_NONE)
        return;
    dx_write_object(writer, path);
    write_place(writer, &field->evidence);
    dx_write_filled(writer, "note", field->note);
    write_rivals(writer, field);
    dx_write_object_end(writer);
}

static void write_evidence(const dx_invoice *invoice, dx_writer *writer)
{
    char path[PATH_MAX_TEXT];
    dx_write_object(writer, "evidence");
    for (int id = 0; id < DX_HEADER_COUNT; id++)
        write_evidence_of(writer, dx_header_path((dx_header_id)id), &invoice->header[id]);
    for (size_t i = 0; i < invoice->line_count; i++) {
        for (int id = 0; id < DX_CELL_COUNT; id++) {
            snprintf(path, sizeof path, "line_items[%zu].%s", i, dx_cell_name((dx_cell_id)id));
            write_evidence_of(writer, path, &invoice->lines[i].cell[id]);
        }
    }
    for (size_t i = 0; i < invoice->tax_count; i++) {
        for (int id = 0; id < DX_TAX_COUNT; id++) {
            snprintf(path, sizeof path, "taxes[%zu].%s", i, dx_tax_name((dx_tax_id)id));
            write_evidence_of(writer, path, &invoice->taxes[i].cell[id]);
        }
    }
    for (size_t i = 0; i < invoice->adjustment_count; i++) {
        snprintf(path, sizeof path, "adjustments[%zu].amount", i);
        write_evidence_of(writer, path, &invoice->adjustments[i].amount);
    }
    dx_write_object_end(writer);
}

/* ---- checks and warnings ---------------------------------------------------------------------------------------------- */

static void write_decimal(dx_writer *writer, const char *name, dx_decimal value)
{
    char text[DX_DECIMAL_TEXT];
    dx_write_string(writer, name, dx_decimal_text_min(value, 2, text));
}

static void write_checks(const dx_invoice *invoice, dx_writer *writer)
{
    static const char *const states[] = {"", "holds", "fails", "unknown"};
    dx_write_array(writer, "checks");
    for (size_t i = 0; i < invoice->check_count; i++) {
        const dx_invoice_check *at = &invoice->checks[i];
        dx_write_object(writer, NULL);
        dx_write_string(writer, "rule", at->rule);
        dx_write_string(writer, "state", states[at->state]);
        dx_write_string(writer, "text", at->text);
        if (at->equation) {
            write_decimal(writer, "stated", at->stated);
            write_decimal(writer, "calculated", at->calculated);
            write_decimal(writer, "difference", at->difference);
            write_decimal(writer, "tolerance", at->tolerance);
        }
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
}

static void write_warnings(const dx_invoice *invoice, dx_writer *writer)
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

/* Only where there are several. */
static void write_documents(const dx_invoice *invoice, dx_writer *writer)
{
    if (invoice->document_count < 2)
        return;
    dx_write_integer(writer, "document", (int64_t)invoice->document + 1);
    dx_write_array(writer, "documents");
    for (size_t i = 0; i < invoice->document_count; i++) {
        dx_write_object(writer, NULL);
        dx_write_integer(writer, "first_page", (int64_t)invoice->documents[i].first + 1);
        dx_write_integer(writer, "last_page", (int64_t)(invoice->documents[i].first + invoice->documents[i].count));
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
}

void dx_invoice_write(const dx_invoice *invoice, dx_writer *writer)
{
    dx_write_object(writer, NULL);
    dx_write_string(writer, "schema", "doxin.invoice/1");
    dx_write_string(writer, "document_type", dx_kind_name(invoice->kind));
    dx_write_filled(writer, "language", invoice->language);
    dx_write_filled(writer, "syntax", invoice->syntax);
    dx_write_filled(writer, "profile", invoice->profile);
    write_header(invoice, writer);
    write_lines(invoice, writer);
    write_taxes(invoice, writer);
    write_adjustments(invoice, writer);
    dx_write_real(writer, "confidence", invoice->confidence / 1000.0, 3);
    dx_write_bool(writer, "needs_review", invoice->needs_review);
    write_evidence(invoice, writer);
    write_checks(invoice, writer);
    write_warnings(invoice, writer);
    dx_write_integer(writer, "pages", (int64_t)invoice->page_count);
    write_documents(invoice, writer);
    dx_write_object(writer, "timing");
    dx_write_integer(writer, "read_us", invoice->read_us);
    dx_write_integer(writer, "extract_us", invoice->extract_us);
    dx_write_object_end(writer);
    dx_write_object_end(writer);
}
