/* The codes of payments on the pages: candidates for what is not printed, and a second opinion on what is. Inside this
 * folder only. */
#ifndef DX_CORE_EXTRACT_CODES_H
#define DX_CORE_EXTRACT_CODES_H

#include "core/extract/reading.h"

/* After all other stages. A value that a code repeats gets more certain, one that is absent is taken from it, and one that
 * differs is the warning code_page_difference. */
doxin_status dx_extract_codes(dx_ctx *ctx, dx_reading *reading, dx_invoice *invoice);

#endif
