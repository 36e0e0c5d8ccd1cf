/* Making doxin_bytes. */
#ifndef DX_ABI_BYTES_H
#define DX_ABI_BYTES_H

#include "doxin/types.h"

/* Takes data (dx_malloc, NUL after size bytes); NULL when data is NULL or there is no memory (data is freed then). */
doxin_bytes *dx_bytes_take(char *data, size_t size);
doxin_bytes *dx_bytes_copy(const void *data, size_t size);

#endif
