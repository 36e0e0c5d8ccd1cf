/* One page that stands alone: the document with its boxes, the fields beside it, and first of all what to doubt. */
#include "core/present/html.h"

#include <stdio.h>
#include <string.h>

typedef struct page {
    dx_buffer *out;
    const dx_invoice *invoice;
} page;

static const dx_field *field_of(const page *to, dx_header_id id)
{
    return &to->invoice->header[id];
}

/* "corrected_invoice" for people. */
static void put_words(dx_buffer *out, const char *name)
{
    for (const char *p = name; *p; p++)
        dx_buffer_char(out, *p == '_' ? ' ' : *p);
}

/* ---- what to doubt ------------------------------------------------------------------------------------------------------- */

static void put_doubt(void *data, const char *path, const dx_field *field)
{
    page *to = data;
    if (!dx_html_doubtful(field))
        return;
    dx_buffer_text(to->out, "<li><a href=\"#");
    dx_html_id(to->out, 'f', path);
    dx_buffer_printf(to->out, "\">%s</a>: ", path);
    dx_html_text(to->out, field->text);
    dx_buffer_printf(to->out, " is only %d&nbsp;%% sure</li>\n", field->evidence.confidence / 10);
}

static void put_absent(page *to)
{
    static const dx_header_id needed[] = {DX_HEADER_NUMBER, DX_HEADER_DATE, DX_HEADER_TOTAL, DX_HEADER_CURRENCY,
                                          DX_HEADER_VENDOR_NAME};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (!field_of(to, needed[i])->present)
            dx_buffer_printf(to->out, "<li>%s was not found</li>\n", dx_header_path(needed[i]));
}

static void put_verdict(page *to)
{
    const dx_invoice *invoice = to->invoice;
    dx_buffer_printf(to->out, "<div class=\"verdict%s\"><b>%s</b>, %d&nbsp;%% sure<ul>\n",
                     invoice->needs_review ? " look" : "", invoice->needs_review ? "Needs review" : "Needs no review",
                     invoice->confidence / 10);
    for (size_t i = 0; i < invoice->check_count; i++) {
        if (invoice->checks[i].state != DX_CHECK_FAILS)
            continue;
        dx_buffer_text(to->out, "<li class=\"fails\">");
        dx_html_text(to->out, invoice->checks[i].text);
        dx_buffer_text(to->out, "</li>\n");
    }
    put_absent(to);
    dx_html_each(invoice, put_doubt, to);
    for (size_t i = 0; i < invoice->warning_count; i++) {
        dx_buffer_text(to->out, "<li>");
        dx_html_text(to->out, invoice->warnings[i].message);
        dx_buffer_text(to->out, "</li>\n");
    }
    dx_buffer_text(to->out, "</ul></div>\n");
}

/* ---- parties, lines, sums ------------------------------------------------------------------------------------------------ */

static void put_party(page *to, const char *title, const dx_header_id *ids, size_t count)
{
    dx_buffer_printf(to->out, "<div><span class=\"small\">%s</span>", title);
    for (size_t i = 0; i < count; i++) {
        const dx_field *field = field_of(to, ids[i]);
        if (!field->present)
            continue;
        dx_buffer_text(to->out, i == 0 ? "<br><b>" : "<br>");
        dx_html_text(to->out, field->text);
        dx_buffer_text(to->out, i == 0 ? "</b>" : "");
    }
    dx_buffer_text(to->out, "</div>\n");
}

static void put_parties(page *to)
{
    static const dx_header_id vendor[] = {DX_HEADER_VENDOR_NAME, DX_HEADER_VENDOR_ADDRESS, DX_HEADER_VENDOR_TAX_ID,
                                          DX_HEADER_VENDOR_IBAN};
    static const dx_header_id customer[] = {DX_HEADER_CUSTOMER_NAME, DX_HEADER_CUSTOMER_ADDRESS,
                                            DX_HEADER_CUSTOMER_TAX_ID, DX_HEADER_ACCOUNT_NUMBER};
    dx_buffer_text(to->out, "<div class=\"parties\">\n");
    put_party(to, "from", vendor, sizeof vendor / sizeof vendor[0]);
    put_party(to, "to", customer, sizeof customer / sizeof customer[0]);
    dx_buffer_text(to->out, "</div>\n");
}

/* A value that links to its box. */
static void put_value(page *to, const char *path, const dx_field *field)
{
    if (dx_html_placed(field)) {
        dx_buffer_text(to->out, "<a href=\"#");
        dx_html_id(to->out, 'b', path);
        dx_buffer_text(to->out, "\">");
    }
    dx_html_text(to->out, field->text);
    if (dx_html_placed(field))
        dx_buffer_text(to->out, "</a>");
}

static const struct {
    dx_cell_id id;
    const char *title;
} columns[] = {{DX_CELL_NUMBER, "#"},          {DX_CELL_ITEM, "item"},  {DX_CELL_DESCRIPTION, "description"},
               {DX_CELL_QUANTITY, "quantity"}, {DX_CELL_UNIT, "unit"},  {DX_CELL_PRICE, "price"},
               {DX_CELL_TAX_RATE, "tax %"},    {DX_CELL_TOTAL, "total"}};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

static void put_line(page *to, size_t index)
{
    char path[64];
    dx_buffer_text(to->out, "<tr>");
    for (size_t k = 0; k < COLUMNS; k++) {
        const dx_field *cell = &to->invoice->lines[index].cell[columns[k].id];
        bool number = dx_cell_kind(columns[k].id) != DX_VALUE_TEXT;
        snprintf(path, sizeof path, "line_items[%zu].%s", index, dx_cell_name(columns[k].id));
        dx_buffer_printf(to->out, "<td class=\"%s%s\">", number ? "n" : "",
                         cell->present && dx_html_doubtful(cell) ? " doubt" : "");
        if (cell->present)
            put_value(to, path, cell);
        dx_buffer_text(to->out, "</td>");
    }
    dx_buffer_text(to->out, "</tr>\n");
}

static void put_lines(page *to)
{
    if (to->invoice->line_count == 0)
        return;
    dx_buffer_text(to->out, "<h2>Lines</h2><table><tr>");
    for (size_t k = 0; k < COLUMNS; k++)
        dx_buffer_printf(to->out, "<th%s>%s</th>", dx_cell_kind(columns[k].id) != DX_VALUE_TEXT ? " class=\"n\"" : "",
                         columns[k].title);
    dx_buffer_text(to->out, "</tr>\n");
    for (size_t i = 0; i < to->invoice->line_count; i++)
        put_line(to, i);
    dx_buffer_text(to->out, "</table>\n");
}

static void put_sum(page *to, const char *name, dx_header_id id)
{
    const dx_field *field = field_of(to, id);
    if (!field->present)
        return;
    dx_buffer_printf(to->out, "<tr%s><th class=\"n\">%s</th><td class=\"n\">",
                     id == DX_HEADER_TOTAL ? " class=\"total\"" : "", name);
    put_value(to, dx_header_path(id), field);
    dx_buffer_text(to->out, "</td></tr>\n");
}

static void put_taxes(page *to)
{
    if (to->invoice->tax_count == 0)
        put_sum(to, "tax", DX_HEADER_TAX_AMOUNT);
    for (size_t i = 0; i < to->invoice->tax_count; i++) {
        const dx_field *cell = to->invoice->taxes[i].cell;
        if (!cell[DX_TAX_AMOUNT].present)
            continue;
        dx_buffer_text(to->out, "<tr><th class=\"n\">tax ");
        if (cell[DX_TAX_RATE].present)
            dx_buffer_printf(to->out, "%s&nbsp;%%", cell[DX_TAX_RATE].text);
        dx_buffer_text(to->out, "</th><td class=\"n\">");
        dx_html_text(to->out, cell[DX_TAX_AMOUNT].text);
        dx_buffer_text(to->out, "</td></tr>\n");
    }
}

static void put_sums(page *to)
{
    dx_buffer_text(to->out, "<h2>Sums ");
    if (field_of(to, DX_HEADER_CURRENCY)->present)
        dx_html_text(to->out, field_of(to, DX_HEADER_CURRENCY)->text);
    dx_buffer_text(to->out, "</h2><table>\n");
    put_sum(to, "lines", DX_HEADER_LINES_TOTAL);
    put_sum(to, "discount (off)", DX_HEADER_DISCOUNT_TOTAL);
    put_sum(to, "charges", DX_HEADER_CHARGE_TOTAL);
    put_sum(to, "freight", DX_HEADER_FREIGHT);
    put_sum(to, "subtotal", DX_HEADER_SUBTOTAL);
    put_taxes(to);
    put_sum(to, "total", DX_HEADER_TOTAL);
    put_sum(to, "prepaid", DX_HEADER_PREPAID);
    put_sum(to, "amount due", DX_HEADER_AMOUNT_DUE);
    dx_buffer_text(to->out, "</table>\n");
}

/* ---- all fields, all checks ------------------------------------------------------------------------------------------------ */

static void put_field(void *data, const char *path, const dx_field *field)
{
    page *to = data;
    const dx_evidence *evidence = &field->evidence;
    dx_buffer_text(to->out, "<tr id=\"");
    dx_html_id(to->out, 'f', path);
    dx_buffer_printf(to->out, "\"%s><th>%s</th><td>", dx_html_doubtful(field) ? " class=\"doubt\"" : "", path);
    put_value(to, path, field);
    dx_buffer_printf(to->out, "</td><td class=\"small\">%d&nbsp;%% %s", evidence->confidence / 10,
                     dx_origin_name(evidence->origin));
    if (evidence->page)
        dx_buffer_printf(to->out, ", page %d", evidence->page);
    dx_buffer_text(to->out, "</td><td class=\"small\">");
    if (field->note || evidence->text)
        dx_html_text(to->out, field->note ? field->note : evidence->text);
    dx_buffer_text(to->out, "</td></tr>\n");
}

static void put_checks(page *to)
{
    static const char *const states[] = {"", "holds", "fails", "not known"};
    static const char *const classes[] = {"", "holds", "fails", "small"};
    dx_buffer_text(to->out, "<h2>Checks</h2><table>\n");
    for (size_t i = 0; i < to->invoice->check_count; i++) {
        const dx_invoice_check *at = &to->invoice->checks[i];
        dx_buffer_text(to->out, "<tr><th>");
        dx_html_text(to->out, at->rule);
        dx_buffer_printf(to->out, "</th><td class=\"%s\">%s</td><td>", classes[at->state], states[at->state]);
        dx_html_text(to->out, at->text);
        dx_buffer_text(to->out, "</td></tr>\n");
    }
    dx_buffer_text(to->out, "</table>\n");
}

static void put_title(page *to)
{
    const dx_field *number = field_of(to, DX_HEADER_NUMBER);
    put_words(to->out, dx_kind_name(to->invoice->kind));
    dx_buffer_char(to->out, ' ');
    dx_html_text(to->out, number->present ? number->text : "without a number");
}

static void put_head(page *to, const dx_present_options *options)
{
    dx_buffer *out = to->out;
    dx_buffer_text(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                        "<meta name=\"viewport\" content=\"width=device-width\"><title>");
    put_title(to);
    dx_buffer_printf(out, "</title><style>%s</style></head><body>\n<header><h1>", dx_html_style);
    put_title(to);
    dx_buffer_text(out, "</h1><span class=\"small\">");
    dx_html_text(out, options->file_name ? options->file_name : "");
    dx_buffer_text(out, "</span>\n");
    put_verdict(to);
    dx_buffer_text(out, "</header>\n");
}

doxin_status dx_present_html(dx_ctx *ctx, const dx_invoice *invoice, const dx_present_options *options, dx_buffer *out)
{
    page to = {out, invoice};
    put_head(&to, options);
    dx_buffer_text(out, "<main>\n<section class=\"sheets\">\n");
    if (!dx_html_pages(ctx, out, invoice, options))
        return DOXIN_E_NOMEM;
    dx_buffer_text(out, "</section>\n<section>\n");
    put_parties(&to);
    put_lines(&to);
    put_sums(&to);
    dx_buffer_text(out, "<h2>Every value</h2><table>\n");
    dx_html_each(invoice, put_field, &to);
    dx_buffer_text(out, "</table>\n");
    put_checks(&to);
    dx_buffer_text(out, "</section>\n</main></body></html>\n");
    return DOXIN_OK;
}
