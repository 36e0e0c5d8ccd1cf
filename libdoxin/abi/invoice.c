#include "doxin/invoice.h"

#include "abi/bytes.h"
#include "abi/invoice.h"
#include "abi/options.h"
#include "abi/session.h"
#include "base/rt/alloc.h"
#include "base/rt/json.h"
#include "base/rt/json_write.h"
#include "core/einvoice/einvoice.h"
#include "core/present/present.h"

#include <string.h>

int dx_review_threshold(const doxin_session *session, const char *call, const doxin_options *opts)
{
    if (dx_options_text(call, opts, "review_threshold"))
        return dx_options_share(call, opts, "review_threshold");
    return dx_options_share("engine_open", session->engine->options, "review_threshold");
}

doxin_status dx_invoice_text(dx_ctx *ctx, const dx_invoice *invoice, char **out_json)
{
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_invoice_write(invoice, &writer);
    *out_json = dx_buffer_take(&buffer, NULL);
    return *out_json ? DOXIN_OK : dx_nomem(ctx);
}

doxin_status doxin_invoice_read_xml(doxin_session *session, const void *data, size_t data_len,
                                    const doxin_options *opts, char **out_json)
{
    static const char *const call = "invoice_read_xml";
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    dx_ctx *ctx;
    doxin_status status = dx_session_enter(session, &ctx);
    if (status != DOXIN_OK)
        return status;
    dx_invoice *invoice = NULL;
    status = dx_options_check(ctx, call, opts);
    if (status == DOXIN_OK && (!data || data_len == 0))
        status = dx_fail(ctx, DOXIN_E_EMPTY_DOCUMENT, "the document is empty");
    if (status == DOXIN_OK) {
        dx_einvoice_limits limits = dx_engine_xml_limits(session->engine);
        status = dx_einvoice_read_within(ctx, data, data_len, &limits, &invoice);
    }
    if (status == DOXIN_OK) {
        dx_gate_options gate = {dx_review_threshold(session, call, opts), true};
        status = dx_invoice_gate(ctx, invoice, &gate);
    }
    if (status == DOXIN_OK)
        status = dx_invoice_text(ctx, invoice, out_json);
    return dx_session_leave(session, status);
}

doxin_status dx_invoice_parse(dx_ctx *ctx, const char *invoice_json, dx_invoice **out)
{
    dx_json *json = NULL;
    doxin_status status = dx_json_parse(ctx, invoice_json, invoice_json ? strlen(invoice_json) : 0, &json);
    if (status == DOXIN_OK)
        status = dx_invoice_read(ctx, json, out);
    dx_json_free(json);
    return status;
}

doxin_status doxin_invoice_check(doxin_session *session, const char *invoice_json, const doxin_options *opts,
                                 char **out_json)
{
    static const char *const call = "invoice_check";
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    dx_ctx *ctx;
    doxin_status status = dx_session_enter(session, &ctx);
    if (status != DOXIN_OK)
        return status;
    dx_invoice *invoice = NULL;
    status = dx_options_check(ctx, call, opts);
    if (status == DOXIN_OK)
        status = dx_invoice_parse(ctx, invoice_json, &invoice);
    if (status == DOXIN_OK) {
        dx_gate_options gate = {dx_review_threshold(session, call, opts), dx_options_bool(call, opts, "fill")};
        status = dx_invoice_gate(ctx, invoice, &gate);
    }
    if (status == DOXIN_OK)
        status = dx_invoice_text(ctx, invoice, out_json);
    return dx_session_leave(session, status);
}

static doxin_status write_form(dx_ctx *ctx, const dx_invoice *invoice, const char *format,
                               const dx_present_options *options, dx_buffer *out)
{
    if (!format)
        return dx_fail(ctx, DOXIN_E_UNSUPPORTED, "no format was named");
    if (strcmp(format, "ubl") == 0)
        return dx_einvoice_write_ubl(ctx, invoice, out);
    return dx_present(ctx, invoice, format, options, out);
}

/* Moves what was written to the caller and frees the rest. */
static doxin_status give_buffer(dx_ctx *ctx, doxin_status status, dx_buffer *buffer, doxin_bytes **out)
{
    if (status == DOXIN_OK) {
        size_t size = 0;
        char *data = dx_buffer_take(buffer, &size);
        *out = dx_bytes_take(data, size);
        if (!*out)
            status = dx_nomem(ctx);
    }
    dx_buffer_free(buffer);
    return status;
}

doxin_status dx_invoice_form(dx_ctx *ctx, const dx_invoice *invoice, const char *format,
                             const dx_present_options *options, doxin_bytes **out)
{
    dx_buffer buffer;
    dx_buffer_init(&buffer, 0);
    return give_buffer(ctx, write_form(ctx, invoice, format, options, &buffer), &buffer, out);
}

/* ---- several in one workbook ------------------------------------------------------------------------------------------ */

static doxin_status read_entries(dx_ctx *ctx, const dx_json *list, dx_present_entry *entries)
{
    for (size_t i = 0; i < dx_json_count(list); i++) {
        const dx_json *item = dx_json_at(list, i);
        const char *name = dx_json_get_string(item, "file");
        dx_invoice *invoice = NULL;
        doxin_status status = dx_invoice_read(ctx, item, &invoice);
        if (status == DOXIN_OK && name && !(name = dx_text(ctx, name)))
            status = DOXIN_E_NOMEM;
        if (status != DOXIN_OK)
            return status;
        entries[i] = (dx_present_entry){invoice, name};
    }
    return DOXIN_OK;
}

static doxin_status write_book(dx_ctx *ctx, const char *invoices_json, doxin_bytes **out)
{
    dx_json *json = NULL;
    dx_buffer buffer;
    doxin_status status = dx_json_parse(ctx, invoices_json, strlen(invoices_json), &json);
    size_t count = status == DOXIN_OK ? dx_json_count(json) : 0;
    dx_present_entry *entries = dx_array(ctx, count + 1, sizeof *entries);
    dx_buffer_init(&buffer, 0);
    if (status == DOXIN_OK)
        status = entries ? read_entries(ctx, json, entries) : DOXIN_E_NOMEM;
    if (status == DOXIN_OK)
        status = dx_present_book(ctx, entries, count, &buffer);
    dx_json_free(json);
    return give_buffer(ctx, status, &buffer, out);
}

static bool is_book(const char *json, const char *format)
{
    return json && format && strcmp(format, "xlsx") == 0 && json[strspn(json, " \t\r\n")] == '[';
}

dx_present_options dx_invoice_form_options(const char *call, const doxin_options *opts)
{
    return (dx_present_options){
        .file_name = dx_options_text(call, opts, "file_name"),
        .colour = dx_options_bool(call, opts, "colour"),
        .width = (int)dx_options_integer(call, opts, "width"),
        .header = dx_options_bool(call, opts, "header"),
    };
}

doxin_status doxin_invoice_write(doxin_session *session, const char *invoice_json, const char *format,
                                 const doxin_options *opts, doxin_bytes **out)
{
    static const char *const call = "invoice_write";
    if (!out)
        return DOXIN_E_INVALID;
    *out = NULL;
    dx_ctx *ctx;
    doxin_status status = dx_session_enter(session, &ctx);
    if (status != DOXIN_OK)
        return status;
    dx_invoice *invoice = NULL;
    status = dx_options_check(ctx, call, opts);
    if (status == DOXIN_OK && is_book(invoice_json, format))
        return dx_session_leave(session, write_book(ctx, invoice_json, out));
    if (status == DOXIN_OK)
        status = dx_invoice_parse(ctx, invoice_json, &invoice);
    if (status == DOXIN_OK) {
        dx_present_options options = dx_invoice_form_options(call, opts);
        status = dx_invoice_form(ctx, invoice, format, &options, out);
    }
    return dx_session_leave(session, status);
}
