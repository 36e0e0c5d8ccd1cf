/* doxin.invoice/1 back into an invoice. Unknown members are passed over (members are only added); a known one that is
 * wrong is refused by its pointer. Checks are read for showing; the gate makes them anew. */
#include "base/rt/json.h"
#include "core/invoice/invoice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTER_TEXT = 128, LINES_MAX = 100000, RIVALS_MAX = 16 };

static doxin_status wrong(dx_ctx *ctx, const char *pointer, const char *message)
{
    dx_fail(ctx, DOXIN_E_FIELD, "%s: %s", pointer, message);
    dx_error_field(&ctx->error, pointer, "invalid", message);
    return DOXIN_E_FIELD;
}

static doxin_status set_decimal(dx_ctx *ctx, dx_field *field, dx_value_kind kind, const char *text, const char *pointer)
{
    dx_decimal number;
    if (!dx_decimal_parse(text, strlen(text), &number))
        return wrong(ctx, pointer, "must be a decimal number as text, such as \"119.00\"");
    return dx_field_number(ctx, field, number, kind == DX_VALUE_AMOUNT ? number.scale : 0);
}

static doxin_status set_value(dx_ctx *ctx, dx_field *field, dx_value_kind kind, const dx_json *json,
                              const char *pointer)
{
    dx_date date;
    if (!json || dx_json_kind_of(json) == DX_JSON_NULL)
        return DOXIN_OK;
    const char *text = dx_json_string(json);
    if (!text)
        return wrong(ctx, pointer, "must be text; amounts, quantities and rates are text too");
    if (kind == DX_VALUE_TEXT)
        return *text ? dx_field_text(ctx, field, text) : DOXIN_OK;
    if (kind != DX_VALUE_DATE)
        return set_decimal(ctx, field, kind, text, pointer);
    if (!dx_date_parse(text, strlen(text), &date))
        return wrong(ctx, pointer, "must be a day that exists, such as \"2026-11-25\"");
    return dx_field_date(ctx, field, date);
}

/* ---- evidence ----------------------------------------------------------------------------------------------------------- */

static dx_origin origin_of(const char *name)
{
    for (int i = DX_ORIGIN_XML; name && i <= DX_ORIGIN_HUMAN; i++)
        if (strcmp(dx_origin_name((dx_origin)i), name) == 0)
            return (dx_origin)i;
    return DX_ORIGIN_NONE;
}

static int share(const dx_json *json, int scale)
{
    double value = dx_json_real(json, 0);
    return value > 0 && value <= 1 ? (int)(value * scale + 0.5) : 0;
}

static doxin_status read_evidence_at(dx_ctx *ctx, const dx_json *json, dx_evidence *evidence)
{
    const char *text = dx_json_get_string(json, "text");
    int64_t page = dx_json_integer(dx_json_get(json, "page"), 0);
    evidence->origin = origin_of(dx_json_get_string(json, "origin"));
    evidence->confidence = share(dx_json_get(json, "confidence"), 1000);
    evidence->learned = dx_json_bool(dx_json_get(json, "learned"), false);
    evidence->page = page > 0 && page < 1000000 ? (int)page : 0;
    for (size_t i = 0; i < 4; i++)
        evidence->box[i] = share(dx_json_at(dx_json_get(json, "box"), i), 100000);
    return text && !(evidence->text = dx_text(ctx, text)) ? DOXIN_E_NOMEM : DOXIN_OK;
}

static doxin_status read_rivals(dx_ctx *ctx, dx_field *field, const dx_json *list)
{
    size_t count = dx_json_count(list) < RIVALS_MAX ? dx_json_count(list) : RIVALS_MAX;
    if (dx_json_kind_of(list) != DX_JSON_ARRAY || count == 0)
        return DOXIN_OK;
    field->rivals = dx_array(ctx, count, sizeof *field->rivals);
    if (!field->rivals)
        return DOXIN_E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        const dx_json *at = dx_json_at(list, i);
        const char *value = dx_json_get_string(at, "value");
        const char *reason = dx_json_get_string(at, "reason");
        dx_rival *rival = &field->rivals[field->rival_count];
        if (!value)
            continue;
        rival->value = dx_text(ctx, value);
        rival->reason = reason ? dx_text(ctx, reason) : NULL;
        if (!rival->value || (reason && !rival->reason) || read_evidence_at(ctx, at, &rival->evidence) != DOXIN_OK)
            return DOXIN_E_NOMEM;
        field->rival_count++;
    }
    return DOXIN_OK;
}

static doxin_status read_evidence(dx_ctx *ctx, dx_field *field, const dx_json *all, const char *path)
{
    const dx_json *json = dx_json_get(all, path);
    if (!json || !field->present)
        return DOXIN_OK;
    const char *note = dx_json_get_string(json, "note");
    doxin_status status = read_evidence_at(ctx, json, &field->evidence);
    if (status == DOXIN_OK && note && !(field->note = dx_text(ctx, note)))
        return DOXIN_E_NOMEM;
    return status == DOXIN_OK ? read_rivals(ctx, field, dx_json_get(json, "rivals")) : status;
}

/* ---- parts ---------------------------------------------------------------------------------------------------------------- */

static const dx_json *header_value(const dx_json *json, const char *path)
{
    char party[32];
    const char *dot = strchr(path, '.');
    if (!dot)
        return dx_json_get(json, path);
    snprintf(party, sizeof party, "%.*s", (int)(dot - path), path);
    return dx_json_get(dx_json_get(json, party), dot + 1);
}

static doxin_status read_header(dx_ctx *ctx, const dx_json *json, const dx_json *evidence, dx_invoice *invoice)
{
    char pointer[POINTER_TEXT];
    for (int id = 0; id < DX_HEADER_COUNT; id++) {
        const char *path = dx_header_path((dx_header_id)id);
        dx_field *field = &invoice->header[id];
        snprintf(pointer, sizeof pointer, "/%s", path);
        char *dot = strchr(pointer, '.');
        if (dot)
            *dot = '/';
        doxin_status status =
            set_value(ctx, field, dx_header_kind((dx_header_id)id), header_value(json, path), pointer);
        if (status == DOXIN_OK)
            status = read_evidence(ctx, field, evidence, path);
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

static doxin_status read_cells(dx_ctx *ctx, const dx_json *json, const dx_json *evidence, const char *list,
                               size_t index, dx_field *fields, int count, const char *(*name_of)(int),
                               dx_value_kind (*kind_of)(int))
{
    char path[POINTER_TEXT];
    if (dx_json_kind_of(json) != DX_JSON_OBJECT) {
        snprintf(path, sizeof path, "/%s/%zu", list, index);
        return wrong(ctx, path, "must be an object");
    }
    for (int id = 0; id < count; id++) {
        snprintf(path, sizeof path, "/%s/%zu/%s", list, index, name_of(id));
        doxin_status status = set_value(ctx, &fields[id], kind_of(id), dx_json_get(json, name_of(id)), path);
        snprintf(path, sizeof path, "%s[%zu].%s", list, index, name_of(id));
        if (status == DOXIN_OK)
            status = read_evidence(ctx, &fields[id], evidence, path);
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

static const char *cell_name(int id)
{
    return dx_cell_name((dx_cell_id)id);
}

static dx_value_kind cell_kind(int id)
{
    return dx_cell_kind((dx_cell_id)id);
}

static const char *tax_name(int id)
{
    return dx_tax_name((dx_tax_id)id);
}

static dx_value_kind tax_kind(int id)
{
    return dx_tax_kind((dx_tax_id)id);
}

/* An absent list is an empty one. */
static doxin_status check_list(dx_ctx *ctx, const dx_json *list, const char *pointer)
{
    dx_json_kind kind = dx_json_kind_of(list);
    if (kind != DX_JSON_NONE && kind != DX_JSON_NULL && kind != DX_JSON_ARRAY)
        return wrong(ctx, pointer, "must be an array");
    return dx_json_count(list) > LINES_MAX ? wrong(ctx, pointer, "has more than 100000 items") : DOXIN_OK;
}

static doxin_status read_lines(dx_ctx *ctx, const dx_json *json, const dx_json *evidence, dx_invoice *invoice)
{
    const dx_json *list = dx_json_get(json, "line_items");
    doxin_status status = check_list(ctx, list, "/line_items");
    for (size_t i = 0; status == DOXIN_OK && i < dx_json_count(list); i++) {
        dx_line *line = dx_invoice_add_line(ctx, invoice);
        if (!line)
            return DOXIN_E_NOMEM;
        const dx_json *at = dx_json_at(list, i);
        status = read_cells(ctx, at, evidence, "line_items", i, line->cell, DX_CELL_COUNT, cell_name, cell_kind);
        line->charge = dx_json_bool(dx_json_get(at, "charge"), false);
    }
    return status;
}

static doxin_status read_taxes(dx_ctx *ctx, const dx_json *json, const dx_json *evidence, dx_invoice *invoice)
{
    const dx_json *list = dx_json_get(json, "taxes");
    doxin_status status = check_list(ctx, list, "/taxes");
    for (size_t i = 0; status == DOXIN_OK && i < dx_json_count(list); i++) {
        dx_tax *tax = dx_invoice_add_tax(ctx, invoice);
        if (!tax)
            return DOXIN_E_NOMEM;
        status =
            read_cells(ctx, dx_json_at(list, i), evidence, "taxes", i, tax->cell, DX_TAX_COUNT, tax_name, tax_kind);
    }
    return status;
}

static doxin_status read_adjustment(dx_ctx *ctx, const dx_json *json, const dx_json *evidence, size_t index,
                                    dx_adjustment *out)
{
    char pointer[POINTER_TEXT];
    const char *type = dx_json_get_string(json, "type");
    snprintf(pointer, sizeof pointer, "/adjustments/%zu/type", index);
    if (!type || (strcmp(type, "charge") != 0 && strcmp(type, "allowance") != 0))
        return wrong(ctx, pointer, "must be \"charge\" or \"allowance\"");
    out->charge = strcmp(type, "charge") == 0;
    out->freight = dx_json_bool(dx_json_get(json, "freight"), false);
    struct {
        const char *name;
        dx_field *field;
        dx_value_kind kind;
    } parts[] = {
        {"amount", &out->amount, DX_VALUE_AMOUNT},         {"rate", &out->rate, DX_VALUE_RATE},
        {"reason", &out->reason, DX_VALUE_TEXT},           {"tax_rate", &out->tax_rate, DX_VALUE_RATE},
        {"reason_code", &out->reason_code, DX_VALUE_TEXT}, {"tax_category", &out->tax_category, DX_VALUE_TEXT}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        snprintf(pointer, sizeof pointer, "/adjustments/%zu/%s", index, parts[i].name);
        doxin_status status = set_value(ctx, parts[i].field, parts[i].kind, dx_json_get(json, parts[i].name), pointer);
        if (status != DOXIN_OK)
            return status;
    }
    snprintf(pointer, sizeof pointer, "adjustments[%zu].amount", index);
    return read_evidence(ctx, &out->amount, evidence, pointer);
}

static doxin_status read_adjustments(dx_ctx *ctx, const dx_json *json, const dx_json *evidence, dx_invoice *invoice)
{
    const dx_json *list = dx_json_get(json, "adjustments");
    doxin_status status = check_list(ctx, list, "/adjustments");
    for (size_t i = 0; status == DOXIN_OK && i < dx_json_count(list); i++) {
        dx_adjustment *at = dx_invoice_add_adjustment(ctx, invoice);
        if (!at)
            return DOXIN_E_NOMEM;
        status = read_adjustment(ctx, dx_json_at(list, i), evidence, i, at);
    }
    return status;
}

static doxin_status read_warnings(dx_ctx *ctx, const dx_json *json, dx_invoice *invoice)
{
    const dx_json *list = dx_json_get(json, "warnings");
    doxin_status status = check_list(ctx, list, "/warnings");
    for (size_t i = 0; status == DOXIN_OK && i < dx_json_count(list); i++) {
        const dx_json *at = dx_json_at(list, i);
        const char *code = dx_json_get_string(at, "code");
        const char *path = dx_json_get_string(at, "path");
        const char *message = dx_json_get_string(at, "message");
        char *code_copy = dx_text(ctx, code ? code : "");
        char *path_copy = dx_text(ctx, path ? path : "");
        if (!code_copy || !path_copy)
            return DOXIN_E_NOMEM;
        status = dx_invoice_warn(ctx, invoice, code_copy, path_copy, "%s", message ? message : "");
    }
    return status;
}

static dx_check_state state_of(const char *name)
{
    if (name && strcmp(name, "holds") == 0)
        return DX_CHECK_HOLDS;
    return name && strcmp(name, "fails") == 0 ? DX_CHECK_FAILS : DX_CHECK_UNKNOWN;
}

static void read_part(const dx_json *json, const char *name, dx_decimal *out, bool *equation)
{
    const char *text = dx_json_get_string(json, name);
    *equation = *equation && text && dx_decimal_parse(text, strlen(text), out);
}

static doxin_status read_checks(dx_ctx *ctx, const dx_json *json, dx_invoice *invoice)
{
    const dx_json *list = dx_json_get(json, "checks");
    doxin_status status = check_list(ctx, list, "/checks");
    for (size_t i = 0; status == DOXIN_OK && i < dx_json_count(list); i++) {
        const dx_json *at = dx_json_at(list, i);
        const char *rule = dx_json_get_string(at, "rule");
        const char *text = dx_json_get_string(at, "text");
        dx_invoice_check *check =
            dx_push(ctx, (void **)&invoice->checks, &invoice->check_count, &invoice->check_capacity, sizeof *check);
        if (!check || !(check->rule = dx_text(ctx, rule ? rule : "")) ||
            !(check->text = dx_text(ctx, text ? text : "")))
            return DOXIN_E_NOMEM;
        check->state = state_of(dx_json_get_string(at, "state"));
        check->equation = true;
        read_part(at, "stated", &check->stated, &check->equation);
        read_part(at, "calculated", &check->calculated, &check->equation);
        read_part(at, "difference", &check->difference, &check->equation);
        read_part(at, "tolerance", &check->tolerance, &check->equation);
    }
    return status;
}

static doxin_status read_documents(dx_ctx *ctx, const dx_json *json, dx_invoice *invoice)
{
    const dx_json *list = dx_json_get(json, "documents");
    size_t count = dx_json_count(list);
    int64_t which = dx_json_integer(dx_json_get(json, "document"), 1);
    doxin_status status = check_list(ctx, list, "/documents");
    if (status != DOXIN_OK || count < 2)
        return status;
    invoice->documents = dx_array(ctx, count, sizeof *invoice->documents);
    if (!invoice->documents)
        return DOXIN_E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        const dx_json *at = dx_json_at(list, i);
        int64_t first = dx_json_integer(dx_json_get(at, "first_page"), 0);
        int64_t last = dx_json_integer(dx_json_get(at, "last_page"), 0);
        if (first < 1 || last < first || last > INT32_MAX)
            return wrong(ctx, "/documents", "must hold first_page and last_page, from 1");
        invoice->documents[i] = (dx_page_range){(size_t)first - 1, (size_t)(last - first) + 1};
    }
    invoice->document_count = count;
    invoice->document = which >= 1 && (size_t)which <= count ? (size_t)which - 1 : 0;
    return DOXIN_OK;
}

static doxin_status copy_text(dx_ctx *ctx, const dx_json *json, const char *name, const char **out)
{
    const char *text = dx_json_get_string(json, name);
    if (text && !(*out = dx_text(ctx, text)))
        return DOXIN_E_NOMEM;
    return DOXIN_OK;
}

static void read_facts(const dx_json *json, dx_invoice *invoice)
{
    const char *kind = dx_json_get_string(json, "document_type");
    int64_t pages = dx_json_integer(dx_json_get(json, "pages"), 0);
    for (int i = DX_KIND_UNKNOWN; kind && i <= DX_KIND_OTHER; i++)
        if (strcmp(dx_kind_name((dx_document_kind)i), kind) == 0)
            invoice->kind = (dx_document_kind)i;
    invoice->confidence = share(dx_json_get(json, "confidence"), 1000);
    invoice->needs_review = dx_json_bool(dx_json_get(json, "needs_review"), false);
    invoice->page_count = pages > 0 ? (size_t)pages : 0;
    const dx_json *timing = dx_json_get(json, "timing");
    invoice->read_us = (unsigned)dx_json_integer(dx_json_get(timing, "read_us"), 0);
    invoice->extract_us = (unsigned)dx_json_integer(dx_json_get(timing, "extract_us"), 0);
}

doxin_status dx_invoice_read(dx_ctx *ctx, const dx_json *json, dx_invoice **out)
{
    const char *schema = dx_json_get_string(json, "schema");
    if (dx_json_kind_of(json) != DX_JSON_OBJECT)
        return dx_fail(ctx, DOXIN_E_JSON, "an invoice is a JSON object");
    if (schema && strcmp(schema, "doxin.invoice/1") != 0)
        return wrong(ctx, "/schema", "must be \"doxin.invoice/1\"");
    dx_invoice *invoice = dx_invoice_new(ctx);
    if (!invoice)
        return DOXIN_E_NOMEM;
    const dx_json *evidence = dx_json_get(json, "evidence");
    read_facts(json, invoice);
    doxin_status status = copy_text(ctx, json, "language", &invoice->language);
    if (status == DOXIN_OK)
        status = copy_text(ctx, json, "syntax", &invoice->syntax);
    if (status == DOXIN_OK)
        status = copy_text(ctx, json, "profile", &invoice->profile);
    if (status == DOXIN_OK)
        status = read_header(ctx, json, evidence, invoice);
    if (status == DOXIN_OK)
        status = read_lines(ctx, json, evidence, invoice);
    if (status == DOXIN_OK)
        status = read_taxes(ctx, json, evidence, invoice);
    if (status == DOXIN_OK)
        status = read_adjustments(ctx, json, evidence, invoice);
    if (status == DOXIN_OK)
        status = read_checks(ctx, json, invoice);
    if (status == DOXIN_OK)
        status = read_warnings(ctx, json, invoice);
    if (status == DOXIN_OK)
        status = read_documents(ctx, json, invoice);
    if (status == DOXIN_OK)
        *out = invoice;
    return status;
}
