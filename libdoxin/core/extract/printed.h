/* Does a value stand anywhere on the pages, whatever it was taken for? For comparing with another source. */
#ifndef DX_CORE_EXTRACT_PRINTED_H
#define DX_CORE_EXTRACT_PRINTED_H

#include "core/invoice/invoice.h"
#include "core/page/page.h"

typedef struct dx_page_values dx_page_values;

/* From the call's arena; NULL: no memory. Without a reading (NULL) the pages are read when a value is first asked for. */
struct dx_reading;
dx_page_values *dx_page_values_new(dx_ctx *ctx, const dx_pages *pages, struct dx_reading *reading);
/* As dx_printed wants it; data is the dx_page_values. Amounts without sign, text without case, spaces and punctuation. */
doxin_status dx_page_values_stand(void *data, dx_value_kind kind, const dx_field *field, bool *out);

#endif
