/* Does a value stand anywhere on the pages, whatever it was taken for? */
#include "core/extract/printed.h"

#include "base/text/utf8.h"
#include "core/extract/reading.h"

#include <string.h>

struct dx_page_values {
    dx_ctx *ctx;
    const dx_pages *pages;
    dx_reading *reading; /* made when it is first asked for */
    const char *text;    /* letters and digits of all pages, folded, without spaces */
};

static doxin_status make_text(dx_page_values *values)
{
    const dx_layout *layout = values->reading->layout;
    size_t size = 0, used = 0;
    for (size_t i = 0; i < layout->word_count; i++)
        size += (size_t)layout->words[i].size;
    char *all = dx_array(values->ctx, size + 1, 1);
    if (!all)
        return DOXIN_E_NOMEM;
    for (size_t i = 0; i < layout->word_count; i++) {
        memcpy(all + used, layout->words[i].text, (size_t)layout->words[i].size);
        used += (size_t)layout->words[i].size;
    }
    values->text = dx_fold_alnum(values->ctx, all, used);
    return values->text ? DOXIN_OK : DOXIN_E_NOMEM;
}

static doxin_status prepare(dx_page_values *values)
{
    dx_layout *layout = NULL;
    doxin_status status = DOXIN_OK;
    if (values->text)
        return DOXIN_OK;
    if (!values->reading)
        status = dx_layout_make(values->ctx, values->pages, &layout);
    if (status == DOXIN_OK && layout)
        status = dx_reading_make(values->ctx, layout, NULL, &values->reading);
    return status == DOXIN_OK ? make_text(values) : status;
}

static bool is_value(const dx_mark *mark, dx_value_kind kind, const dx_field *field)
{
    if (kind == DX_VALUE_DATE)
        return mark->kind == DX_MARK_DATE && dx_date_compare(mark->date, field->date) == 0;
    if (kind == DX_VALUE_TEXT)
        return mark->has_currency && strcmp(mark->currency, field->text) == 0;
    return mark->kind != DX_MARK_DATE && dx_decimal_equal(dx_decimal_abs(mark->number), dx_decimal_abs(field->number));
}

doxin_status dx_page_values_stand(void *data, dx_value_kind kind, const dx_field *field, bool *out)
{
    dx_page_values *values = data;
    *out = false;
    doxin_status status = prepare(values);
    for (size_t i = 0; status == DOXIN_OK && i < values->reading->mark_count && !*out; i++)
        *out = is_value(&values->reading->marks[i], kind, field);
    if (status != DOXIN_OK || *out || kind != DX_VALUE_TEXT)
        return status;
    char *folded = dx_fold_alnum(values->ctx, field->text, strlen(field->text));
    if (!folded)
        return DOXIN_E_NOMEM;
    *out = folded[0] == '\0' || strstr(values->text, folded) != NULL;
    return DOXIN_OK;
}

dx_page_values *dx_page_values_new(dx_ctx *ctx, const dx_pages *pages, struct dx_reading *reading)
{
    dx_page_values *values = dx_new(ctx, sizeof *values);
    if (values) {
        values->ctx = ctx;
        values->pages = pages;
        values->reading = reading;
    }
    return values;
}
