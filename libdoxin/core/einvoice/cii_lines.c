/* Lines of a Cross Industry Invoice (BG-25). */
#include "core/einvoice/read.h"

#include <string.h>

#define LINE_AGREEMENT "SpecifiedLineTradeAgreement|SpecifiedSupplyChainTradeAgreement"
#define LINE_DELIVERY "SpecifiedLineTradeDelivery|SpecifiedSupplyChainTradeDelivery"
#define LINE_SETTLEMENT "SpecifiedLineTradeSettlement|SpecifiedSupplyChainTradeSettlement"

static void read_product(dx_einvoice_reader *reader, dx_line *line, const xmlNode *product)
{
    dx_field *cell = line->cell;
    dx_einvoice_set_text(reader, &cell[DX_CELL_GTIN], product, "GlobalID");
    dx_einvoice_set_text(reader, &cell[DX_CELL_ITEM], product, "SellerAssignedID");
    dx_einvoice_set_text(reader, &cell[DX_CELL_BUYER_ITEM], product, "BuyerAssignedID");
    dx_einvoice_set_text(reader, &cell[DX_CELL_DESCRIPTION], product, "Name");
    /* ZUGFeRD 1.0 allows a description without a name. */
    if (!cell[DX_CELL_DESCRIPTION].present)
        dx_einvoice_set_text(reader, &cell[DX_CELL_DESCRIPTION], product, "Description");
    else
        dx_einvoice_set_text(reader, &cell[DX_CELL_DETAIL], product, "Description");
}

static void read_price(dx_einvoice_reader *reader, dx_line *line, const xmlNode *agreement)
{
    dx_field *cell = line->cell;
    const xmlNode *net = dx_xml_find(agreement, "NetPriceProductTradePrice");
    const xmlNode *gross = dx_xml_find(agreement, "GrossPriceProductTradePrice");
    dx_einvoice_set_number(reader, &cell[DX_CELL_PRICE], net, "ChargeAmount");
    dx_einvoice_set_number(reader, &cell[DX_CELL_PRICE_BASE], net, "BasisQuantity");
    dx_einvoice_set_number(reader, &cell[DX_CELL_GROSS_PRICE], gross, "ChargeAmount");
    dx_einvoice_set_number(reader, &cell[DX_CELL_DISCOUNT], gross, "AppliedTradeAllowanceCharge/ActualAmount");
    if (!cell[DX_CELL_PRICE].present && cell[DX_CELL_GROSS_PRICE].present && !cell[DX_CELL_DISCOUNT].present) {
        cell[DX_CELL_PRICE] = cell[DX_CELL_GROSS_PRICE];
        dx_einvoice_set_number(reader, &cell[DX_CELL_PRICE_BASE], gross, "BasisQuantity");
    }
}

static const dx_adjustment_names adjustment_names = {"SpecifiedTradeAllowanceCharge", "ChargeIndicator/Indicator",
                                                     "ActualAmount", "CalculationPercent"};

static void read_line(dx_einvoice_reader *reader, dx_line *line, const xmlNode *node)
{
    dx_field *cell = line->cell;
    const xmlNode *delivery = dx_xml_find(node, LINE_DELIVERY);
    const xmlNode *settlement = dx_xml_find(node, LINE_SETTLEMENT);
    const xmlNode *agreement = dx_xml_find(node, LINE_AGREEMENT);
    dx_einvoice_set_text(reader, &cell[DX_CELL_NUMBER], node, "AssociatedDocumentLineDocument/LineID");
    read_product(reader, line, dx_xml_find(node, "SpecifiedTradeProduct"));
    read_price(reader, line, agreement);
    dx_einvoice_set_text(reader, &cell[DX_CELL_PO_LINE], agreement, "BuyerOrderReferencedDocument/LineID");
    dx_einvoice_set_number(reader, &cell[DX_CELL_QUANTITY], delivery, "BilledQuantity");
    const xmlNode *quantity = dx_xml_find(delivery, "BilledQuantity");
    dx_einvoice_set_made(reader, &cell[DX_CELL_UNIT], quantity, dx_xml_attribute(reader->ctx, quantity, "unitCode"));
    dx_einvoice_set_text(reader, &cell[DX_CELL_TAX_CATEGORY], settlement, "ApplicableTradeTax/CategoryCode");
    dx_einvoice_set_number(reader, &cell[DX_CELL_TAX_RATE], settlement,
                           "ApplicableTradeTax/RateApplicablePercent|ApplicablePercent");
    dx_einvoice_set_date(reader, &cell[DX_CELL_PERIOD_START], settlement,
                         "BillingSpecifiedPeriod/StartDateTime/DateTimeString");
    dx_einvoice_set_date(reader, &cell[DX_CELL_PERIOD_END], settlement,
                         "BillingSpecifiedPeriod/EndDateTime/DateTimeString");
    dx_read_line_adjustments(reader, line, settlement, &adjustment_names);
    dx_einvoice_set_amount(
        reader, &cell[DX_CELL_TOTAL], settlement,
        "SpecifiedTradeSettlementLineMonetarySummation|SpecifiedTradeSettlementMonetarySummation/LineTotalAmount");
    /* ZUGFeRD 1.0 has lines of text only, whose words stand in a note. */
    dx_einvoice_set_text(reader, &cell[DX_CELL_DESCRIPTION], node,
                         "AssociatedDocumentLineDocument/IncludedNote/Content");
}

/* Heads and subtotals of groups (EXTENDED profile) repeat what the lines below them say. */
static bool is_group(dx_einvoice_reader *reader, const xmlNode *node)
{
    const char *code = dx_xml_text_at(reader->ctx, node, "AssociatedDocumentLineDocument/LineStatusReasonCode");
    return code && (strcmp(code, "GROUP") == 0 || strcmp(code, "INFORMATION") == 0);
}

static bool is_item(const dx_line *line)
{
    return line->cell[DX_CELL_TOTAL].present || line->cell[DX_CELL_PRICE].present ||
           line->cell[DX_CELL_QUANTITY].present;
}

void dx_read_cii_lines(dx_einvoice_reader *reader, const xmlNode *transaction)
{
    const xmlNode *at = NULL;
    while ((at = dx_xml_next(transaction, "IncludedSupplyChainTradeLineItem", at)) && reader->status == DOXIN_OK) {
        if (is_group(reader, at))
            continue;
        dx_line *line = dx_invoice_add_line(reader->ctx, reader->invoice);
        if (!line) {
            reader->status = DOXIN_E_NOMEM;
            return;
        }
        read_line(reader, line, at);
        if (reader->status == DOXIN_OK && !is_item(line))
            reader->invoice->line_count--;
    }
}
