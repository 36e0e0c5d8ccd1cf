/* One line of JSON with the fields that most programs want, and a confidence for each. */
#include "base/rt/json_write.h"
#include "core/present/forms.h"

static const struct {
    dx_header_id id;
    const char *name;
} members[] = {
    {DX_HEADER_NUMBER, "invoice_number"},
    {DX_HEADER_DATE, "invoice_date"},
    {DX_HEADER_DUE_DATE, "due_date"},
    {DX_HEADER_SHIP_DATE, "ship_date"},
    {DX_HEADER_CURRENCY, "currency"},
    {DX_HEADER_VENDOR_NAME, "vendor_name"},
    {DX_HEADER_VENDOR_ADDRESS, "vendor_address"},
    {DX_HEADER_VENDOR_TAX_ID, "vendor_tax_id"},
    {DX_HEADER_CUSTOMER_NAME, "customer_name"},
    {DX_HEADER_CUSTOMER_ADDRESS, "customer_address"},
    {DX_HEADER_PO_NUMBER, "po_number"},
    {DX_HEADER_ACCOUNT_NUMBER, "account_number"},
    {DX_HEADER_SUBTOTAL, "subtotal"},
    {DX_HEADER_TAX_RATE, "tax_rate"},
    {DX_HEADER_TAX_AMOUNT, "tax_amount"},
    {DX_HEADER_FREIGHT, "freight"},
    {DX_HEADER_TOTAL, "total_amount"},
};
enum { MEMBERS = sizeof members / sizeof members[0] };

static const dx_cell_id cells[] = {DX_CELL_NUMBER,   DX_CELL_ITEM,       DX_CELL_DESCRIPTION, DX_CELL_QUANTITY,
                                   DX_CELL_PRICE,    DX_CELL_PRICE_BASE, DX_CELL_DISCOUNT,    DX_CELL_UNIT,
                                   DX_CELL_TAX_RATE, DX_CELL_TOTAL};

static void write_line(dx_writer *writer, const dx_line *line)
{
    const dx_field *item = &line->cell[DX_CELL_ITEM];
    const dx_field *gtin = &line->cell[DX_CELL_GTIN];
    dx_write_object(writer, NULL);
    /* A program that wants a number of the article is served by the standard one too. */
    if (!item->present && gtin->present)
        dx_write_string(writer, dx_cell_name(DX_CELL_ITEM), gtin->text);
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        if (line->cell[cells[i]].present)
            dx_write_string(writer, dx_cell_name(cells[i]), line->cell[cells[i]].text);
    dx_write_object_end(writer);
}

doxin_status dx_present_flat(dx_ctx *ctx, const dx_invoice *invoice, const dx_present_options *options, dx_buffer *out)
{
    dx_writer writer;
    (void)ctx;
    dx_write_init(&writer, out);
    dx_write_object(&writer, NULL);
    if (options->file_name)
        dx_write_string(&writer, "file", options->file_name);
    dx_write_string(&writer, "document_type", dx_kind_name(invoice->kind));
    for (size_t i = 0; i < MEMBERS; i++)
        if (invoice->header[members[i].id].present)
            dx_write_string(&writer, members[i].name, invoice->header[members[i].id].text);
    dx_write_array(&writer, "line_items");
    for (size_t i = 0; i < invoice->line_count; i++)
        write_line(&writer, &invoice->lines[i]);
    dx_write_array_end(&writer);
    dx_write_object(&writer, "confidence");
    for (size_t i = 0; i < MEMBERS; i++)
        if (invoice->header[members[i].id].present)
            dx_write_real(&writer, members[i].name, invoice->header[members[i].id].evidence.confidence / 1000.0, 2);
    dx_write_object_end(&writer);
    dx_write_bool(&writer, "needs_review", invoice->needs_review);
    dx_write_object_end(&writer);
    dx_buffer_char(out, '\n');
    return DOXIN_OK;
}
