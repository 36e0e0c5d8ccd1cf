/* Elements of UBL with escapes. */
#include "base/text/markup.h"
#include "core/einvoice/ubl_write.h"

#include <string.h>

void dx_ubl_open(dx_ubl_writer *writer, const char *name)
{
    dx_buffer_printf(writer->out, "<%s>", name);
}

void dx_ubl_close(dx_ubl_writer *writer, const char *name)
{
    dx_buffer_printf(writer->out, "</%s>\n", name);
}

void dx_ubl_text(dx_ubl_writer *writer, const char *name, const char *attribute, const char *text)
{
    if (!text || !*text)
        return;
    dx_buffer_printf(writer->out, "<%s%s%s>", name, attribute ? " " : "", attribute ? attribute : "");
    dx_markup_text(writer->out, text);
    dx_ubl_close(writer, name);
}

void dx_ubl_field(dx_ubl_writer *writer, const char *name, const dx_field *field)
{
    if (field->present)
        dx_ubl_text(writer, name, NULL, field->text);
}

void dx_ubl_decimal(dx_ubl_writer *writer, const char *name, const char *attribute, dx_decimal number)
{
    char text[DX_DECIMAL_TEXT];
    dx_ubl_text(writer, name, attribute, dx_decimal_text_min(number, 0, text));
}

void dx_ubl_amount(dx_ubl_writer *writer, const char *name, dx_decimal amount)
{
    char text[DX_DECIMAL_TEXT];
    dx_decimal rounded = amount;
    dx_decimal_round(amount, writer->digits, &rounded);
    dx_buffer_printf(writer->out, "<%s currencyID=\"%s\">%s", name, writer->currency, dx_decimal_text(rounded, text));
    dx_ubl_close(writer, name);
}

void dx_ubl_price(dx_ubl_writer *writer, const char *name, dx_decimal price)
{
    char text[DX_DECIMAL_TEXT];
    dx_buffer_printf(writer->out, "<%s currencyID=\"%s\">%s", name, writer->currency,
                     dx_decimal_text_min(price, 0, text));
    dx_ubl_close(writer, name);
}

static void write_reason(dx_ubl_writer *writer, const char *category, const dx_tax *row)
{
    const dx_field *reason = &row->cell[DX_TAX_REASON];
    const dx_field *code = &row->cell[DX_TAX_REASON_CODE];
    if (code->present)
        dx_ubl_field(writer, "cbc:TaxExemptionReasonCode", code);
    else if (!reason->present)
        dx_ubl_text(writer, "cbc:TaxExemptionReasonCode", NULL, dx_ubl_exemption_code(category));
    dx_ubl_field(writer, "cbc:TaxExemptionReason", reason);
}

void dx_ubl_category(dx_ubl_writer *writer, const char *element, const char *category, const dx_field *rate,
                     const dx_tax *row)
{
    dx_ubl_open(writer, element);
    dx_ubl_text(writer, "cbc:ID", NULL, category);
    /* Outside the scope of VAT there is no rate. */
    if (strcmp(category, "O") != 0)
        dx_ubl_decimal(writer, "cbc:Percent", NULL, rate && rate->present ? rate->number : (dx_decimal){0, 0});
    if (row)
        write_reason(writer, category, row);
    dx_buffer_text(writer->out, "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>");
    dx_ubl_close(writer, element);
}
