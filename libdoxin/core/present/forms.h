/* The forms, one function each. For this folder. */
#ifndef DX_CORE_PRESENT_FORMS_H
#define DX_CORE_PRESENT_FORMS_H

#include "core/present/present.h"

typedef doxin_status (*dx_present_form)(dx_ctx *ctx, const dx_invoice *invoice, const dx_present_options *options,
                                        dx_buffer *out);

doxin_status dx_present_flat(dx_ctx *ctx, const dx_invoice *invoice, const dx_present_options *options, dx_buffer *out);
doxin_status dx_present_table(dx_ctx *ctx, const dx_invoice *invoice, const dx_present_options *options,
                              dx_buffer *out);
doxin_status dx_present_csv(dx_ctx *ctx, const dx_invoice *invoice, const dx_present_options *options, dx_buffer *out);
doxin_status dx_present_xlsx(dx_ctx *ctx, const dx_invoice *invoice, const dx_present_options *options, dx_buffer *out);
doxin_status dx_present_html(dx_ctx *ctx, const dx_invoice *invoice, const dx_present_options *options, dx_buffer *out);

#endif
