#include "core/einvoice/set.h"

#include "base/text/utf8.h"
#include "base/value/money.h"

#include <string.h>

static void nomem(dx_einvoice_reader *reader)
{
    reader->status = dx_nomem(reader->ctx);
}

static void keep_evidence(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node)
{
    const char *text = dx_xml_place(reader->ctx, node, field->text);
    field->evidence = (dx_evidence){.origin = DX_ORIGIN_XML, .confidence = 1000, .text = text};
    if (!text)
        nomem(reader);
}

static void finish(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node, doxin_status status)
{
    if (status != DOXIN_OK)
        reader->status = status;
    else
        keep_evidence(reader, field, node);
}

/* The element to read, with its text; NULL when there is nothing to do. */
static const xmlNode *fresh(dx_einvoice_reader *reader, const dx_field *field, const xmlNode *node, const char *path,
                            const char **text)
{
    if (reader->status != DOXIN_OK || field->present)
        return NULL;
    const xmlNode *at = dx_xml_find(node, path);
    *text = dx_xml_text(reader->ctx, at);
    if (!*text && reader->ctx->error.status == DOXIN_E_NOMEM)
        nomem(reader);
    return *text ? at : NULL;
}

void dx_einvoice_set_text(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node, const char *path)
{
    const char *text;
    const xmlNode *at = fresh(reader, field, node, path, &text);
    if (at)
        finish(reader, field, at, dx_field_text(reader->ctx, field, text));
}

static void unreadable(dx_einvoice_reader *reader, const xmlNode *at, const char *text, const char *what)
{
    const char *place = dx_xml_place(reader->ctx, at, NULL);
    if (!place)
        nomem(reader);
    else
        reader->status = dx_invoice_warn(reader->ctx, reader->invoice, "xml_value_unreadable", "",
                                         "%s: \"%.60s\" is no %s", place, text, what);
}

static void set_decimal(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node, const char *path,
                        int min_scale)
{
    const char *text;
    dx_decimal number;
    const xmlNode *at = fresh(reader, field, node, path, &text);
    if (!at)
        return;
    const char *digits = *text == '+' ? text + 1 : text;
    if (dx_decimal_parse(digits, strlen(digits), &number))
        finish(reader, field, at, dx_field_number(reader->ctx, field, number, min_scale));
    else
        unreadable(reader, at, text, "decimal number");
}

void dx_einvoice_set_number(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node, const char *path)
{
    set_decimal(reader, field, node, path, 0);
}

void dx_einvoice_set_amount(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node, const char *path)
{
    set_decimal(reader, field, node, path, reader->digits);
}

void dx_einvoice_set_date(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node, const char *path)
{
    const char *text;
    dx_date date;
    const xmlNode *at = fresh(reader, field, node, path, &text);
    if (!at)
        return;
    size_t length = strlen(text);
    /* A time zone or a time may follow the day: "2026-11-25+01:00". */
    size_t day = length > 10 && text[4] == '-' ? 10 : length;
    if (dx_date_parse(text, day, &date) || dx_date_parse_102(text, length, &date))
        finish(reader, field, at, dx_field_date(reader->ctx, field, date));
    else
        unreadable(reader, at, text, "day that exists");
}

void dx_einvoice_set_made(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node, const char *text)
{
    if (reader->status == DOXIN_OK && !field->present && text && *text)
        finish(reader, field, node, dx_field_text(reader->ctx, field, text));
}

void dx_einvoice_set_made_number(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node, dx_decimal value,
                                 int digits)
{
    if (reader->status == DOXIN_OK && !field->present)
        finish(reader, field, node, dx_field_number(reader->ctx, field, value, digits));
}

void dx_einvoice_set_endpoint(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node)
{
    const char *scheme = dx_xml_attribute(reader->ctx, node, "schemeID");
    const char *text = dx_xml_text(reader->ctx, node);
    if (text)
        dx_einvoice_set_made(reader, field, node, scheme ? dx_textf(reader->ctx, "%s:%s", scheme, text) : text);
}

void dx_einvoice_set_address(dx_einvoice_reader *reader, dx_field *field, const xmlNode *node, const dx_field *street,
                             const dx_field *street2, const char *street3, const dx_field *postal_code,
                             const dx_field *city)
{
    const char *parts[4] = {street->present ? street->text : NULL, street2->present ? street2->text : NULL, street3,
                            NULL};
    if (reader->status != DOXIN_OK)
        return;
    if (postal_code->present || city->present)
        parts[3] = dx_textf(reader->ctx, "%s%s%s", postal_code->present ? postal_code->text : "",
                            postal_code->present && city->present ? " " : "", city->present ? city->text : "");
    char *line = NULL;
    for (size_t i = 0; i < 4; i++) {
        if (!parts[i])
            continue;
        line = line ? dx_textf(reader->ctx, "%s, %s", line, parts[i]) : dx_text(reader->ctx, parts[i]);
        if (!line) {
            nomem(reader);
            return;
        }
    }
    dx_einvoice_set_made(reader, field, node, line);
}

/* ---- adjustments -------------------------------------------------------------------------------------------------------- */

/* Carriage by the charge's code (UNTDID 7161: freight, shipping and handling, delivery) or by the
 * words of its reason. */
static bool names_freight(dx_ctx *ctx, const dx_adjustment *charge)
{
    static const char *const codes[] = {"FC", "FAB", "FAC", "SAA", "DL"};
    static const char *const words[] = {"freight",   "fracht",    "versand", "shipping",      "porto",
                                        "transport", "delivery",  "liefer",  "frais de port", "envio",
                                        "spedizion", "trasporto", "verzend", "livraison",     "carriage",
                                        "postage",   "portes",    "dostaw",  "przesyl"};
    for (size_t i = 0; charge->reason_code.present && i < sizeof codes / sizeof codes[0]; i++)
        if (strcmp(charge->reason_code.text, codes[i]) == 0)
            return true;
    char *folded = charge->reason.present ? dx_fold(ctx, charge->reason.text, strlen(charge->reason.text)) : NULL;
    for (size_t i = 0; folded && i < sizeof words / sizeof words[0]; i++)
        if (strstr(folded, words[i]))
            return true;
    return false;
}

dx_adjustment *dx_add_adjustment(dx_einvoice_reader *reader, const xmlNode *node, const char *indicator,
                                 const char *amount, const char *reason, const char *reason_code)
{
    if (reader->status != DOXIN_OK)
        return NULL;
    dx_adjustment *made = dx_invoice_add_adjustment(reader->ctx, reader->invoice);
    if (!made) {
        nomem(reader);
        return NULL;
    }
    const char *charge = indicator ? dx_xml_text_at(reader->ctx, node, indicator) : "true";
    made->charge = charge && (strcmp(charge, "true") == 0 || strcmp(charge, "1") == 0);
    dx_einvoice_set_amount(reader, &made->amount, node, amount);
    dx_einvoice_set_text(reader, &made->reason, node, reason);
    if (reason_code)
        dx_einvoice_set_text(reader, &made->reason_code, node, reason_code);
    made->freight = made->charge && names_freight(reader->ctx, made);
    return made;
}

/* The charges of one sort; false: none, or they do not fit. */
static bool sum_of(const dx_einvoice_reader *reader, bool charge, bool freight, dx_decimal *out)
{
    bool any = false;
    *out = (dx_decimal){0, 0};
    for (size_t i = 0; i < reader->invoice->adjustment_count; i++) {
        const dx_adjustment *at = &reader->invoice->adjustments[i];
        if (at->charge != charge || at->freight != freight || !at->amount.present)
            continue;
        if (!dx_decimal_add(*out, at->amount.number, out))
            return false;
        any = true;
    }
    return any;
}

void dx_sum_adjustments(dx_einvoice_reader *reader, const xmlNode *sums, const char *allowances, const char *charges)
{
    dx_decimal sum, rest;
    dx_field stated = {0};
    dx_field *header = reader->invoice->header;
    bool freight = sum_of(reader, true, true, &sum);
    if (freight)
        dx_einvoice_set_made_number(reader, &header[DX_HEADER_FREIGHT], sums, sum, reader->digits);
    dx_einvoice_set_amount(reader, &stated, sums, charges);
    if (stated.present && dx_decimal_sub(stated.number, freight ? sum : (dx_decimal){0, 0}, &rest)) {
        if (dx_decimal_sign(rest) != 0)
            dx_einvoice_set_made_number(reader, &header[DX_HEADER_CHARGE_TOTAL], dx_xml_find(sums, charges), rest,
                                        reader->digits);
    } else if (sum_of(reader, true, false, &sum)) {
        dx_einvoice_set_made_number(reader, &header[DX_HEADER_CHARGE_TOTAL], sums, sum, reader->digits);
    }
    dx_einvoice_set_amount(reader, &header[DX_HEADER_DISCOUNT_TOTAL], sums, allowances);
    if (sum_of(reader, false, false, &sum))
        dx_einvoice_set_made_number(reader, &header[DX_HEADER_DISCOUNT_TOTAL], sums, sum, reader->digits);
}

void dx_einvoice_set_single_rate(dx_einvoice_reader *reader)
{
    const dx_field *only = NULL;
    for (size_t i = 0; i < reader->invoice->tax_count; i++) {
        const dx_field *rate = &reader->invoice->taxes[i].cell[DX_TAX_RATE];
        if (!rate->present || (only && !dx_decimal_equal(only->number, rate->number)))
            return;
        only = rate;
    }
    dx_field *field = &reader->invoice->header[DX_HEADER_TAX_RATE];
    if (only && !field->present)
        *field = *only;
}

dx_document_kind dx_kind_of_code(const char *code)
{
    if (!code)
        return DX_KIND_INVOICE;
    if (strcmp(code, "381") == 0 || strcmp(code, "396") == 0 || strcmp(code, "261") == 0 || strcmp(code, "83") == 0)
        return DX_KIND_CREDIT_NOTE;
    return strcmp(code, "384") == 0 ? DX_KIND_CORRECTED : DX_KIND_INVOICE;
}
