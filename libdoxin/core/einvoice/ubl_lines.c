/* Lines of a UBL invoice or credit note (BG-25). */
#include "core/einvoice/read.h"

#include <string.h>

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

/* Allowances and charges of the line, each summed up. */
static void read_line_adjustments(dx_einvoice_reader *reader, dx_line *line, const xmlNode *node)
{
    dx_decimal sums[2] = {{0, 0}, {0, 0}};
    bool any[2] = {false, false};
    const xmlNode *last = NULL;
    for (const xmlNode *at = NULL; (at = dx_xml_next(node, "AllowanceCharge", at)); last = at) {
        dx_field amount = {0};
        const char *indicator = dx_xml_text_at(reader->ctx, at, "ChargeIndicator");
        int charge = indicator && (strcmp(indicator, "true") == 0 || strcmp(indicator, "1") == 0);
        dx_einvoice_set_amount(reader, &amount, at, "Amount");
        any[charge] = (amount.present && dx_decimal_add(sums[charge], amount.number, &sums[charge])) || any[charge];
        if (!charge)
            dx_einvoice_set_number(reader, &line->cell[DX_CELL_DISCOUNT_PERCENT], at, "MultiplierFactorNumeric");
    }
    if (any[0])
        dx_einvoice_set_made_number(reader, &line->cell[DX_CELL_DISCOUNT_AMOUNT], last, sums[0], reader->digits);
    if (any[1])
        dx_einvoice_set_made_number(reader, &line->cell[DX_CELL_CHARGE_AMOUNT], last, sums[1], reader->digits);
}

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
    read_line_adjustments(reader, line, node);
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
