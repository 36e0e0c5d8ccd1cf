/* RFC 4180, one line item a line; an invoice without lines is one line with the header's columns filled. */
#include "core/present/forms.h"

#include <string.h>

static const dx_header_id headers[] = {
    DX_HEADER_NUMBER,        DX_HEADER_DATE,        DX_HEADER_DUE_DATE,      DX_HEADER_CURRENCY,  DX_HEADER_VENDOR_NAME,
    DX_HEADER_VENDOR_TAX_ID, DX_HEADER_VENDOR_IBAN, DX_HEADER_CUSTOMER_NAME, DX_HEADER_PO_NUMBER, DX_HEADER_SUBTOTAL,
    DX_HEADER_TAX_AMOUNT,    DX_HEADER_TOTAL,       DX_HEADER_AMOUNT_DUE,
};
static const dx_cell_id cells[] = {
    DX_CELL_NUMBER,   DX_CELL_ITEM,  DX_CELL_GTIN,       DX_CELL_DESCRIPTION,      DX_CELL_QUANTITY,
    DX_CELL_UNIT,     DX_CELL_PRICE, DX_CELL_PRICE_BASE, DX_CELL_DISCOUNT_PERCENT, DX_CELL_DISCOUNT_AMOUNT,
    DX_CELL_TAX_RATE, DX_CELL_TOTAL,
};
enum { HEADERS = sizeof headers / sizeof headers[0], CELLS = sizeof cells / sizeof cells[0] };

static void put(dx_buffer *out, const char *text)
{
    /* A spreadsheet would run what begins like a formula: an apostrophe keeps it text. Numbers stay as they are. */
    bool formula = strchr("=+@\t\r", text[0]) && text[0];
    bool minus = text[0] == '-' && strspn(text + 1, "0123456789.") != strlen(text + 1);
    if (!strpbrk(text, ",\"\r\n") && !formula && !minus) {
        dx_buffer_text(out, text);
        return;
    }
    dx_buffer_char(out, '"');
    if (formula || minus)
        dx_buffer_char(out, '\'');
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            dx_buffer_char(out, '"');
        dx_buffer_char(out, *p);
    }
    dx_buffer_char(out, '"');
}

static void put_names(dx_buffer *out)
{
    dx_buffer_text(out, "file,document_type");
    for (size_t i = 0; i < HEADERS; i++)
        dx_buffer_printf(out, ",%s", dx_header_path(headers[i]));
    dx_buffer_text(out, ",confidence,needs_review");
    for (size_t i = 0; i < CELLS; i++)
        dx_buffer_printf(out, ",%s%s", strncmp(dx_cell_name(cells[i]), "line_", 5) == 0 ? "" : "line_",
                         dx_cell_name(cells[i]));
    dx_buffer_text(out, "\r\n");
}

static void put_row(const dx_invoice *invoice, const dx_present_options *options, const dx_line *line, dx_buffer *out)
{
    put(out, options->file_name ? options->file_name : "");
    dx_buffer_printf(out, ",%s", dx_kind_name(invoice->kind));
    for (size_t i = 0; i < HEADERS; i++) {
        dx_buffer_char(out, ',');
        put(out, invoice->header[headers[i]].present ? invoice->header[headers[i]].text : "");
    }
    dx_buffer_printf(out, ",%d.%03d,%s", invoice->confidence / 1000, invoice->confidence % 1000,
                     invoice->needs_review ? "true" : "false");
    for (size_t i = 0; i < CELLS; i++) {
        dx_buffer_char(out, ',');
        put(out, line && line->cell[cells[i]].present ? line->cell[cells[i]].text : "");
    }
    dx_buffer_text(out, "\r\n");
}

doxin_status dx_present_csv(dx_ctx *ctx, const dx_invoice *invoice, const dx_present_options *options, dx_buffer *out)
{
    (void)ctx;
    if (options->header)
        put_names(out);
    for (size_t i = 0; i < invoice->line_count; i++)
        put_row(invoice, options, &invoice->lines[i], out);
    if (invoice->line_count == 0)
        put_row(invoice, options, NULL, out);
    return DOXIN_OK;
}
