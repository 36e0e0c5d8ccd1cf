/* Lines of UBL (BG-25). */
#include "base/value/unit.h"
#include "core/einvoice/ubl_write.h"

#include <stdio.h>
#include <string.h>

/* A code of Recommendation 20 or 21; "one" where the document names none that is known. A code that only the document
 * knows is kept when it has the form of one. */
static const char *unit_of(const dx_field *unit)
{
    static const char allowed[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const char *code = unit->present ? dx_unit_code(unit->text, strlen(unit->text)) : NULL;
    if (code)
        return code;
    size_t size = unit->present ? strspn(unit->text, allowed) : 0;
    bool formed = (size == 2 || size == 3) && unit->text[size] == '\0' && unit->evidence.origin == DX_ORIGIN_XML;
    return formed ? unit->text : "C62";
}

static void write_adjustment(dx_ubl_writer *writer, const dx_field *amount, const dx_field *percent, bool charge)
{
    if (!amount->present || dx_decimal_sign(amount->number) == 0)
        return;
    dx_ubl_open(writer, "cac:AllowanceCharge");
    dx_ubl_text(writer, "cbc:ChargeIndicator", NULL, charge ? "true" : "false");
    dx_ubl_text(writer, "cbc:AllowanceChargeReason", NULL, charge ? "Charge" : "Discount");
    if (percent)
        dx_ubl_field(writer, "cbc:MultiplierFactorNumeric", percent);
    dx_ubl_amount(writer, "cbc:Amount", amount->number);
    dx_ubl_close(writer, "cac:AllowanceCharge");
}

static void write_identifier(dx_ubl_writer *writer, const char *element, const char *attribute, const dx_field *field)
{
    if (!field->present)
        return;
    dx_ubl_open(writer, element);
    dx_ubl_text(writer, "cbc:ID", attribute, field->text);
    dx_ubl_close(writer, element);
}

static void write_item(dx_ubl_writer *writer, const dx_line *line)
{
    const dx_field *rate = dx_ubl_rate_of(writer, &line->cell[DX_CELL_TAX_RATE]);
    dx_ubl_open(writer, "cac:Item");
    dx_ubl_field(writer, "cbc:Description", &line->cell[DX_CELL_DETAIL]);
    dx_ubl_field(writer, "cbc:Name", &line->cell[DX_CELL_DESCRIPTION]);
    write_identifier(writer, "cac:BuyersItemIdentification", NULL, &line->cell[DX_CELL_BUYER_ITEM]);
    write_identifier(writer, "cac:SellersItemIdentification", NULL, &line->cell[DX_CELL_ITEM]);
    write_identifier(writer, "cac:StandardItemIdentification", "schemeID=\"0160\"", &line->cell[DX_CELL_GTIN]);
    dx_ubl_category(writer, "cac:ClassifiedTaxCategory",
                    dx_ubl_category_of(writer, &line->cell[DX_CELL_TAX_CATEGORY], rate), rate, NULL);
    dx_ubl_close(writer, "cac:Item");
}

/* BT-147 and BT-148: what was taken off the price, and the price before. */
static void write_price_discount(dx_ubl_writer *writer, const dx_line *line)
{
    const dx_field *discount = &line->cell[DX_CELL_DISCOUNT];
    const dx_field *gross = &line->cell[DX_CELL_GROSS_PRICE];
    if (!discount->present)
        return;
    dx_ubl_open(writer, "cac:AllowanceCharge");
    dx_ubl_text(writer, "cbc:ChargeIndicator", NULL, "false");
    dx_ubl_price(writer, "cbc:Amount", discount->number);
    if (gross->present)
        dx_ubl_price(writer, "cbc:BaseAmount", gross->number);
    dx_ubl_close(writer, "cac:AllowanceCharge");
}

static void write_price(dx_ubl_writer *writer, const dx_line *line, const char *attribute)
{
    dx_ubl_open(writer, "cac:Price");
    dx_ubl_price(writer, "cbc:PriceAmount", line->cell[DX_CELL_PRICE].number);
    if (line->cell[DX_CELL_PRICE_BASE].present)
        dx_ubl_decimal(writer, "cbc:BaseQuantity", attribute, line->cell[DX_CELL_PRICE_BASE].number);
    write_price_discount(writer, line);
    dx_ubl_close(writer, "cac:Price");
}

static void write_line(dx_ubl_writer *writer, const dx_line *line, size_t index)
{
    const char *element = writer->credit_note ? "cac:CreditNoteLine" : "cac:InvoiceLine";
    const dx_field *number = &line->cell[DX_CELL_NUMBER];
    char attribute[32];
    char own_number[24];
    snprintf(attribute, sizeof attribute, "unitCode=\"%.3s\"", unit_of(&line->cell[DX_CELL_UNIT]));
    snprintf(own_number, sizeof own_number, "%zu", index + 1);
    dx_ubl_open(writer, element);
    dx_ubl_text(writer, "cbc:ID", NULL, number->present ? number->text : own_number);
    dx_ubl_decimal(writer, writer->credit_note ? "cbc:CreditedQuantity" : "cbc:InvoicedQuantity", attribute,
                   line->cell[DX_CELL_QUANTITY].number);
    dx_ubl_amount(writer, "cbc:LineExtensionAmount", line->cell[DX_CELL_TOTAL].number);
    if (line->cell[DX_CELL_PERIOD_START].present || line->cell[DX_CELL_PERIOD_END].present) {
        dx_ubl_open(writer, "cac:InvoicePeriod");
        dx_ubl_field(writer, "cbc:StartDate", &line->cell[DX_CELL_PERIOD_START]);
        dx_ubl_field(writer, "cbc:EndDate", &line->cell[DX_CELL_PERIOD_END]);
        dx_ubl_close(writer, "cac:InvoicePeriod");
    }
    if (line->cell[DX_CELL_PO_LINE].present) {
        dx_ubl_open(writer, "cac:OrderLineReference");
        dx_ubl_field(writer, "cbc:LineID", &line->cell[DX_CELL_PO_LINE]);
        dx_ubl_close(writer, "cac:OrderLineReference");
    }
    write_adjustment(writer, &line->cell[DX_CELL_DISCOUNT_AMOUNT], &line->cell[DX_CELL_DISCOUNT_PERCENT], false);
    write_adjustment(writer, &line->cell[DX_CELL_CHARGE_AMOUNT], NULL, true);
    write_item(writer, line);
    write_price(writer, line, attribute);
    dx_ubl_close(writer, element);
}

void dx_ubl_lines(dx_ubl_writer *writer)
{
    for (size_t i = 0; i < writer->invoice->line_count; i++)
        write_line(writer, &writer->invoice->lines[i], i);
}
