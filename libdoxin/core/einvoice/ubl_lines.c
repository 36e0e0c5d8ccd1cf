/* Lines of a UBL invoice or credit note (BG-25). */
#include "core/einvoice/read.h"

static void read_item(dx_einvoice_reader *reader, dx_line *line, const xmlNode *item)
{
    dx_field *cell = line->cell;
    dx_einvoice_set_text(reader, &cell[DX_CELL_DESCRIPTION], item, "Name");
    if (!cell[DX_CELL_DESCRIPTION].present)
        dx_einvoice_set_text(reader, &cell[DX_CELL_DESCRIPTION], item, "Description");
    else
        dx_einvoice_set_text(reader, &cell[DX_CELL_DETAIL], item, "Description");
    dx_einvoice_set_text(reader, &cell[DX_CELL_ITEM], item, "SellersItemIdentification/ID");
    dx_einvoice_set_text(reader, &cell[DX_CELL_BUYER_ITEM], item, "BuyersItemIdentification/ID");
    dx_einvoice_set_text(reader, &cell[DX_CELL_GTIN], item, "StandardItemIdentification/ID");
    dx_einvoice_set_text(reader, &cell[DX_CELL_TAX_CATEGORY], item, "ClassifiedTaxCategory/ID");
    dx_einvoice_set_number(reader, &cell[DX_CELL_TAX_RATE], item, "ClassifiedTaxCategory/Percent");
}

static const dx_adjustment_names adjustment_names = {"AllowanceCharge", "ChargeIndicator", "Amount",
                                                     "MultiplierFactorNumeric"};

static void read_line(dx_einvoice_reader *reader, dx_line *line, const xmlNode *node)
{
    dx_field *cell = line->cell;
    const xmlNode *quantity = dx_xml_find(node, "InvoicedQuantity|CreditedQuantity");
    const xmlNode *price = dx_xml_find(node, "Price");
    dx_einvoice_set_text(reader, &cell[DX_CELL_NUMBER], node, "ID");
    dx_einvoice_set_number(reader, &cell[DX_CELL_QUANTITY], quantity, "");
    dx_einvoice_set_made(reader, &cell[DX_CELL_UNIT], quantity, dx_xml_attribute(reader->ctx, quantity, "unitCode"));
    dx_einvoice_set_amount(reader, &cell[DX_CELL_TOTAL], node, "LineExtensionAmount");
    read_item(reader, line, dx_xml_find(node, "Item"));
    dx_einvoice_set_number(reader, &cell[DX_CELL_PRICE], price, "PriceAmount");
    dx_einvoice_set_number(reader, &cell[DX_CELL_PRICE_BASE], price, "BaseQuantity");
    dx_einvoice_set_number(reader, &cell[DX_CELL_DISCOUNT], price, "AllowanceCharge/Amount");
    dx_einvoice_set_number(reader, &cell[DX_CELL_GROSS_PRICE], price, "AllowanceCharge/BaseAmount");
    dx_einvoice_set_text(reader, &cell[DX_CELL_PO_LINE], node, "OrderLineReference/LineID");
    dx_einvoice_set_date(reader, &cell[DX_CELL_PERIOD_START], node, "InvoicePeriod/StartDate");
    dx_einvoice_set_date(reader, &cell[DX_CELL_PERIOD_END], node, "InvoicePeriod/EndDate");
    dx_read_line_adjustments(reader, line, node, &adjustment_names);
}

void dx_read_ubl_lines(dx_einvoice_reader *reader, const xmlNode *root)
{
    const xmlNode *at = NULL;
    while ((at = dx_xml_next(root, "InvoiceLine|CreditNoteLine", at)) && reader->status == DOXIN_OK) {
        dx_line *line = dx_invoice_add_line(reader->ctx, reader->invoice);
        if (!line) {
            reader->status = DOXIN_E_NOMEM;
            return;
        }
        read_line(reader, line, at);
    }
}
