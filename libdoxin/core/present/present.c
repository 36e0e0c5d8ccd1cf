#include "core/present/present.h"

#include "base/rt/json_write.h"
#include "core/present/forms.h"

#include <string.h>

static doxin_status present_json(dx_ctx *ctx, const dx_invoice *invoice, const dx_present_options *options,
                                 dx_buffer *out)
{
    dx_writer writer;
    (void)ctx;
    (void)options;
    dx_write_init(&writer, out);
    dx_invoice_write(invoice, &writer);
    return DOXIN_OK;
}

doxin_status dx_present(dx_ctx *ctx, const dx_invoice *invoice, const char *format, const dx_present_options *options,
                        dx_buffer *out)
{
    static const struct {
        const char *name;
        dx_present_form form;
    } forms[] = {{"json", present_json},  {"flat", dx_present_flat}, {"table", dx_present_table},
                 {"csv", dx_present_csv}, {"xlsx", dx_present_xlsx}, {"html", dx_present_html}};
    static const dx_present_options plain = {.header = true};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (strcmp(forms[i].name, format) != 0)
            continue;
        doxin_status status = forms[i].form(ctx, invoice, options ? options : &plain, out);
        if (status == DOXIN_OK && out->failed)
            status = out->full ? dx_fail(ctx, DOXIN_E_LIMIT, "the result would be larger than allowed") : dx_nomem(ctx);
        return status;
    }
    return dx_fail(ctx, DOXIN_E_UNSUPPORTED,
                   "there is no format \"%.40s\"; known are json, flat, table, csv, xlsx, html", format);
}
