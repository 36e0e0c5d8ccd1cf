#include "io/db/db_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct dx_rows {
    size_t count, columns;
    int64_t affected;
    const char **names;
    uint32_t *types;
    const char **cells; /* row by row; NULL: SQL NULL */
    uint32_t *lengths;
};

static int64_t affected_of(const PGresult *result)
{
    /* libpq takes a result that may be written to, and does not write. */
    const char *text = PQcmdTuples((PGresult *)(uintptr_t)result);
    return text[0] != '\0' ? strtoll(text, NULL, 10) : 0;
}

static bool copy_columns(dx_ctx *ctx, const PGresult *result, dx_rows *rows)
{
    rows->names = dx_array(ctx, rows->columns, sizeof *rows->names);
    rows->types = dx_array(ctx, rows->columns, sizeof *rows->types);
    if (rows->names == NULL || rows->types == NULL)
        return false;
    for (size_t column = 0; column < rows->columns; column++) {
        rows->names[column] = dx_text(ctx, PQfname(result, (int)column));
        rows->types[column] = PQftype(result, (int)column);
        if (rows->names[column] == NULL)
            return false;
    }
    return true;
}

static bool copy_cells(dx_ctx *ctx, const PGresult *result, dx_rows *rows)
{
    size_t total = rows->count * rows->columns; /* both come from ints: no overflow in 64 bits */
    rows->cells = dx_array(ctx, total, sizeof *rows->cells);
    rows->lengths = dx_array(ctx, total, sizeof *rows->lengths);
    if (rows->cells == NULL || rows->lengths == NULL)
        return false;
    for (size_t row = 0; row < rows->count; row++)
        for (size_t column = 0; column < rows->columns; column++) {
            size_t at = row * rows->columns + column;
            if (PQgetisnull(result, (int)row, (int)column))
                continue;
            int length = PQgetlength(result, (int)row, (int)column);
            rows->cells[at] = dx_textn(ctx, PQgetvalue(result, (int)row, (int)column), (size_t)length);
            rows->lengths[at] = (uint32_t)length;
            if (rows->cells[at] == NULL)
                return false;
        }
    return true;
}

doxin_status db_rows_copy(dx_ctx *ctx, const PGresult *result, dx_rows **out)
{
    dx_rows *rows = dx_new(ctx, sizeof *rows);
    *out = NULL;
    if (rows == NULL)
        return DOXIN_E_NOMEM;
    rows->affected = affected_of(result);
    rows->count = (size_t)PQntuples(result);
    rows->columns = (size_t)PQnfields(result);
    if (rows->columns > 0 && !copy_columns(ctx, result, rows))
        return DOXIN_E_NOMEM;
    if (rows->columns > 0 && rows->count > 0 && !copy_cells(ctx, result, rows))
        return DOXIN_E_NOMEM;
    *out = rows;
    return DOXIN_OK;
}

size_t dx_rows_count(const dx_rows *rows)
{
    return rows != NULL ? rows->count : 0;
}

size_t dx_rows_columns(const dx_rows *rows)
{
    return rows != NULL ? rows->columns : 0;
}

const char *dx_rows_name(const dx_rows *rows, size_t column)
{
    return column < dx_rows_columns(rows) ? rows->names[column] : NULL;
}

uint32_t dx_rows_type(const dx_rows *rows, size_t column)
{
    return column < dx_rows_columns(rows) ? rows->types[column] : 0;
}

int dx_rows_column(const dx_rows *rows, const char *name)
{
    for (size_t column = 0; column < dx_rows_columns(rows); column++)
        if (strcmp(rows->names[column], name) == 0)
            return (int)column;
    return -1;
}

const char *dx_rows_text(const dx_rows *rows, size_t row, size_t column)
{
    if (row >= dx_rows_count(rows) || column >= rows->columns)
        return NULL;
    return rows->cells[row * rows->columns + column];
}

const char *dx_rows_get(const dx_rows *rows, size_t row, const char *name)
{
    int column = dx_rows_column(rows, name);
    return column >= 0 ? dx_rows_text(rows, row, (size_t)column) : NULL;
}

size_t dx_rows_length(const dx_rows *rows, size_t row, size_t column)
{
    return dx_rows_text(rows, row, column) != NULL ? rows->lengths[row * rows->columns + column] : 0;
}

bool dx_rows_is_null(const dx_rows *rows, size_t row, size_t column)
{
    return dx_rows_text(rows, row, column) == NULL;
}

int64_t dx_rows_integer(const dx_rows *rows, size_t row, size_t column, int64_t otherwise)
{
    const char *text = dx_rows_text(rows, row, column);
    char *end = NULL;
    if (text == NULL)
        return otherwise;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' ? value : otherwise;
}

bool dx_rows_bool(const dx_rows *rows, size_t row, size_t column, bool otherwise)
{
    const char *text = dx_rows_text(rows, row, column);
    if (text == NULL || text[0] == '\0' || text[1] != '\0')
        return otherwise;
    return text[0] == 't' ? true : text[0] == 'f' ? false : otherwise;
}

int64_t dx_rows_affected(const dx_rows *rows)
{
    return rows != NULL ? rows->affected : 0;
}
