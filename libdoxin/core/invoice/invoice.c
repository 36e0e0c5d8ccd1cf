#include "core/invoice/invoice.h"

#include <stdarg.h>

static const struct {
    const char *path;
    dx_value_kind kind;
} headers[] =
    {
#define X(id, path, kind) {path, DX_VALUE_##kind},
        DX_HEADER_FIELDS(X)
#undef X
},
  cells[] =
      {
#define X(id, path, kind) {path, DX_VALUE_##kind},
          DX_LINE_CELLS(X)
#undef X
},
  tax_cells[] = {
#define X(id, path, kind) {path, DX_VALUE_##kind},
      DX_TAX_CELLS(X)
#undef X
};

const char *dx_header_path(dx_header_id id)
{
    return headers[id].path;
}

dx_value_kind dx_header_kind(dx_header_id id)
{
    return headers[id].kind;
}

const char *dx_cell_name(dx_cell_id id)
{
    return cells[id].path;
}

dx_value_kind dx_cell_kind(dx_cell_id id)
{
    return cells[id].kind;
}

const char *dx_tax_name(dx_tax_id id)
{
    return tax_cells[id].path;
}

dx_value_kind dx_tax_kind(dx_tax_id id)
{
    return tax_cells[id].kind;
}

const char *dx_origin_name(dx_origin origin)
{
    static const char *const names[] = {"none", "xml", "text", "ocr", "model", "arithmetic", "human"};
    return names[origin];
}

const char *dx_kind_name(dx_document_kind kind)
{
    static const char *const names[] = {"unknown", "invoice",        "credit_note", "corrected_invoice",
                                        "receipt", "purchase_order", "statement",   "other"};
    return names[kind];
}

dx_invoice *dx_invoice_new(dx_ctx *ctx)
{
    dx_invoice *invoice = dx_new(ctx, sizeof *invoice);
    if (invoice)
        invoice->language = "";
    return invoice;
}

dx_line *dx_invoice_add_line(dx_ctx *ctx, dx_invoice *invoice)
{
    return dx_push(ctx, (void **)&invoice->lines, &invoice->line_count, &invoice->line_capacity, sizeof(dx_line));
}

dx_tax *dx_invoice_add_tax(dx_ctx *ctx, dx_invoice *invoice)
{
    return dx_push(ctx, (void **)&invoice->taxes, &invoice->tax_count, &invoice->tax_capacity, sizeof(dx_tax));
}

dx_adjustment *dx_invoice_add_adjustment(dx_ctx *ctx, dx_invoice *invoice)
{
    return dx_push(ctx, (void **)&invoice->adjustments, &invoice->adjustment_count, &invoice->adjustment_capacity,
                   sizeof(dx_adjustment));
}

doxin_status dx_invoice_warn(dx_ctx *ctx, dx_invoice *invoice, const char *code, const char *path, const char *format,
                             ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *message = dx_arena_vprintf(ctx->arena, format, arguments);
    va_end(arguments);
    dx_warning *warning = message ? dx_push(ctx, (void **)&invoice->warnings, &invoice->warning_count,
                                            &invoice->warning_capacity, sizeof *warning)
                                  : NULL;
    if (!warning)
        return dx_nomem(ctx);
    warning->code = code;
    warning->path = path;
    warning->message = message;
    return DOXIN_OK;
}
