/* One page that stands alone: the fields with their words and places, the lines, and what fails. */
#include <string.h>

#include "core/present/forms.h"

static void escaped(dx_buffer *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        switch (*p) {
        case '&':
            dx_buffer_text(out, "&amp;");
            break;
        case '<':
            dx_buffer_text(out, "&lt;");
            break;
        case '>':
            dx_buffer_text(out, "&gt;");
            break;
        case '"':
            dx_buffer_text(out, "&quot;");
            break;
        default:
            dx_buffer_char(out, *p);
        }
    }
}

static const char style[] =
    "body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1b1f24}"
    "h1{font-size:1.4rem}table{border-collapse:collapse;width:100%;margin:1rem 0}"
    "th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #d8dee4;vertical-align:top}"
    "th{color:#57606a;font-weight:600}td.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".doubt{background:#fff8c5}.fails{color:#cf222e}.holds{color:#1a7f37}.small{color:#57606a;font-size:.85em}";

static void put_row(dx_buffer *out, const char *name, const dx_field *field)
{
    bool doubt = field->evidence.origin != DX_ORIGIN_NONE && field->evidence.confidence < DX_PRESENT_DOUBT;
    dx_buffer_printf(out, "<tr%s><th>%s</th><td>", doubt ? " class=\"doubt\"" : "", name);
    escaped(out, field->text);
    dx_buffer_printf(out, "</td><td class=\"small\">%d&nbsp;%% %s", field->evidence.confidence / 10,
                     dx_origin_name(field->evidence.origin));
    if (field->evidence.page)
        dx_buffer_printf(out, ", page %d", field->evidence.page);
    dx_buffer_text(out, "</td><td class=\"small\">");
    if (field->evidence.text)
        escaped(out, field->evidence.text);
    dx_buffer_text(out, "</td></tr>\n");
}

static void put_lines(dx_buffer *out, const dx_invoice *invoice)
{
    static const dx_cell_id cells[] = {DX_CELL_NUMBER, DX_CELL_ITEM,  DX_CELL_DESCRIPTION, DX_CELL_QUANTITY,
                                       DX_CELL_UNIT,   DX_CELL_PRICE, DX_CELL_TOTAL};
    if (invoice->line_count == 0)
        return;
    dx_buffer_text(out, "<h2>Lines</h2><table><tr>");
    for (size_t k = 0; k < sizeof cells / sizeof cells[0]; k++)
        dx_buffer_printf(out, "<th>%s</th>", dx_cell_name(cells[k]));
    dx_buffer_text(out, "</tr>\n");
    for (size_t i = 0; i < invoice->line_count; i++) {
        dx_buffer_text(out, "<tr>");
        for (size_t k = 0; k < sizeof cells / sizeof cells[0]; k++) {
            const dx_field *cell = &invoice->lines[i].cell[cells[k]];
            bool number = dx_cell_kind(cells[k]) != DX_VALUE_TEXT;
            dx_buffer_printf(out, "<td%s>", number ? " class=\"n\"" : "");
            if (cell->present)
                escaped(out, cell->text);
            dx_buffer_text(out, "</td>");
        }
        dx_buffer_text(out, "</tr>\n");
    }
    dx_buffer_text(out, "</table>\n");
}

static void put_checks(dx_buffer *out, const dx_invoice *invoice)
{
    static const char *const states[] = {"", "holds", "fails", "not known"};
    dx_buffer_text(out, "<h2>Checks</h2><table>\n");
    for (size_t i = 0; i < invoice->check_count; i++) {
        const dx_invoice_check *at = &invoice->checks[i];
        dx_buffer_printf(out, "<tr><th>%s</th><td class=\"%s\">%s</td><td>", at->rule,
                         at->state == DX_CHECK_FAILS ? "fails" : at->state == DX_CHECK_HOLDS ? "holds" : "small",
                         states[at->state]);
        escaped(out, at->text);
        dx_buffer_text(out, "</td></tr>\n");
    }
    for (size_t i = 0; i < invoice->warning_count; i++) {
        dx_buffer_printf(out, "<tr class=\"doubt\"><th>%s</th><td>warning</td><td>", invoice->warnings[i].code);
        escaped(out, invoice->warnings[i].message);
        dx_buffer_text(out, "</td></tr>\n");
    }
    dx_buffer_text(out, "</table>\n");
}

doxin_status dx_present_html(dx_ctx *ctx, const dx_invoice *invoice, const dx_present_options *options, dx_buffer *out)
{
    const dx_field *number = &invoice->header[DX_HEADER_NUMBER];
    (void)ctx;
    dx_buffer_printf(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s ",
                     dx_kind_name(invoice->kind));
    escaped(out, number->present ? number->text : "");
    dx_buffer_printf(out, "</title><style>%s</style></head><body>\n<h1>%s ", style, dx_kind_name(invoice->kind));
    escaped(out, number->present ? number->text : "(no number)");
    dx_buffer_text(out, "</h1>\n<p>");
    if (options->file_name)
        escaped(out, options->file_name);
    dx_buffer_printf(out, " — %s, confidence %d&nbsp;%%</p>\n<table>\n",
                     invoice->needs_review ? "needs review" : "needs no review", invoice->confidence / 10);
    for (int id = 0; id < DX_HEADER_COUNT; id++)
        if (invoice->header[id].present)
            put_row(out, dx_header_path((dx_header_id)id), &invoice->header[id]);
    dx_buffer_text(out, "</table>\n");
    put_lines(out, invoice);
    put_checks(out, invoice);
    dx_buffer_text(out, "</body></html>\n");
    return DOXIN_OK;
}
