/* Several documents in one file: where one ends and the next begins. Inside this folder only. */
#ifndef DX_CORE_EXTRACT_DOCUMENTS_H
#define DX_CORE_EXTRACT_DOCUMENTS_H

#include "core/extract/reading.h"

/* At least one range, in order, which together hold every page. A page that shows no sign of being a first one belongs
 * to the document before it: a long invoice that is cut is worse than two that stay together. */
doxin_status dx_documents_find(dx_ctx *ctx, const dx_reading *reading, dx_page_range **out, size_t *count);

#endif
