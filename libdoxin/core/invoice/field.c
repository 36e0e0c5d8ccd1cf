#include "core/invoice/invoice.h"

#include <string.h>

doxin_status dx_field_textn(dx_ctx *ctx, dx_field *field, const char *text, size_t length)
{
    char *copy = dx_textn(ctx, text, length);
    if (!copy)
        return DOXIN_E_NOMEM;
    field->text = copy;
    field->present = true;
    return DOXIN_OK;
}

doxin_status dx_field_text(dx_ctx *ctx, dx_field *field, const char *text)
{
    return dx_field_textn(ctx, field, text, strlen(text));
}

doxin_status dx_field_number(dx_ctx *ctx, dx_field *field, dx_decimal number, int min_scale)
{
    char text[DX_DECIMAL_TEXT];
    dx_decimal_text_min(number, min_scale, text);
    field->number = number;
    return dx_field_text(ctx, field, text);
}

doxin_status dx_field_date(dx_ctx *ctx, dx_field *field, dx_date date)
{
    char text[DX_DATE_TEXT];
    dx_date_text(date, text);
    field->date = date;
    return dx_field_text(ctx, field, text);
}

void dx_field_clear(dx_field *field)
{
    memset(field, 0, sizeof *field);
}
