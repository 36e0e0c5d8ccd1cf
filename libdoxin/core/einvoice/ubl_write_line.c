#include "base/value/unit.h"
#include "core/einvoice/ubl_write.h"

#include <stdio.h>
#include <string.h>

/* A code of Recommendation 20; "one" where the document names none that is known. */
static const char *unit_of(const dx_field *unit)
{
    const char *code = unit->present ? dx_unit_code(unit->text, strlen(unit->text)) : NULL;
    return code                                                                                 ? code
           : unit->present && strlen(unit->text) <= 3 && unit->evidence.origin == DX_ORIGIN_XML ? unit->text
                                                                                                : "C62";
}

static void write_adjustment(dx_ubl_writer *writer, const dx_field *amount, bool charge)
{
    if (!amount->present || dx_decimal_sign(amount->number) == 0)
        return;
    dx_ubl_open(writer, "cac:AllowanceCharge");
    dx_ubl_text(writer, "cbc:ChargeIndicator", NULL, charge ? "true" : "false");
    dx_ubl_text(writer, "cbc:AllowanceChargeReason", NULL, charge ? "Charge" : "Discount");
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
    const dx_field *rate = line->cell[DX_CELL_TAX_RATE].present ? &line->cell[DX_CELL_TAX_RATE]
                                                                : &writer->invoice->header[DX_HEADER_TAX_RATE];
    const dx_field *category = &line->cell[DX_CELL_TAX_CATEGORY];
    dx_ubl_open(writer, "cac:Item");
    dx_ubl_field(writer, "cbc:Description", &line->cell[DX_CELL_DETAIL]);
    dx_ubl_field(writer, "cbc:Name", &line->cell[DX_CELL_DESCRIPTION]);
    write_identifier(writer, "cac:BuyersItemIdentification", NULL, &line->cell[DX_CELL_BUYER_ITEM]);
    write_identifier(writer, "cac:SellersItemIdentification", NULL, &line->cell[DX_CELL_ITEM]);
    write_identifier(writer, "cac:StandardItemIdentification", "schemeID=\"0160\"", &line->cell[DX_CELL_GTIN]);
    dx_ubl_category(writer, "cac:ClassifiedTaxCategory", dx_ubl_category_of(category, rate), rate, NULL);
    dx_ubl_close(writer, "cac:Item");
}

static void write_price(dx_ubl_writer *writer, const dx_line *line, const char *unit)
{
    char text[DX_DECIMAL_TEXT];
    char attribute[32];
    dx_ubl_open(writer, "cac:Price");
    dx_buffer_printf(writer->out, "<cbc:PriceAmount currencyID=\"%s\">%s", writer->currency,
                     dx_decimal_text_min(line->cell[DX_CELL_PRICE].number, 0, text));
    dx_ubl_close(writer, "cbc:PriceAmount");
    if (line->cell[DX_CELL_PRICE_BASE].present) {
        snprintf(attribute, sizeof attribute, "unitCode=\"%.3s\"", unit);
        dx_ubl_decimal(writer, "cbc:BaseQuantity", attribute, line->cell[DX_CELL_PRICE_BASE].number);
    }
    dx_ubl_close(writer, "cac:Price");
}

static void write_line(dx_ubl_writer *writer, const dx_line *line, size_t index)
{
    const char *element = writer->credit_note ? "cac:CreditNoteLine" : "cac:InvoiceLine";
    const dx_field *number = &line->cell[DX_CELL_NUMBER];
    const char *unit = unit_of(&line->cell[DX_CELL_UNIT]);
    char attribute[32];
    char own_number[24];
    snprintf(attribute, sizeof attribute, "unitCode=\"%.3s\"", unit);
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
    write_adjustment(writer, &line->cell[DX_CELL_DISCOUNT_AMOUNT], false);
    write_adjustment(writer, &line->cell[DX_CELL_CHARGE_AMOUNT], true);
    write_item(writer, line);
    write_price(writer, line, unit);
    dx_ubl_close(writer, element);
}

void dx_ubl_lines(dx_ubl_writer *writer)
{
    for (size_t i = 0; i < writer->invoice->line_count; i++)
        write_line(writer, &writer->invoice->lines[i], i);
}
