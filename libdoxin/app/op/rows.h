/* Rows of the database as JSON. */
#ifndef DX_APP_OP_ROWS_H
#define DX_APP_OP_ROWS_H

#include "base/rt/json_write.h"
#include "io/db/db.h"

/* One column as a member under its name, by its type: bool, integers, json as they are; numeric as a decimal string with
 * at least min_scale places and no further zeros; times as RFC 3339 in UTC; SQL NULL as null; everything else as text. */
void dx_row_write_column(dx_writer *writer, const dx_rows *rows, size_t row, size_t column, int min_scale);
/* All columns, in their order; names that begin with "_" are left out: they are for the code. */
void dx_row_write(dx_writer *writer, const dx_rows *rows, size_t row, int min_scale);

/* The member "pagination": PaginationInfo. */
void dx_pagination_write(dx_writer *writer, int64_t page, int64_t per_page, int64_t total);

#endif
