#include "app/op/rows.h"

#include <stdio.h>
#include <string.h>

/* Object identifiers of PostgreSQL's types (pg_type.dat). */
enum {
    TYPE_BOOL = 16,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_JSON = 114,
    TYPE_TIMESTAMPTZ = 1184,
    TYPE_NUMERIC = 1700,
    TYPE_JSONB = 3802
};

enum { NUMBER_TEXT = 128 };

static void write_number(dx_writer *writer, const char *key, const char *text, int min_scale)
{
    char number[NUMBER_TEXT];
    const char *point = strchr(text, '.');
    size_t length = strlen(text);
    if (point) {
        size_t least = (size_t)(point - text) + (min_scale > 0 ? 1 + (size_t)min_scale : 0);
        while (length > least && text[length - 1] == '0')
            length--;
        if (text[length - 1] == '.')
            length--;
    }
    snprintf(number, sizeof number, "%.*s", (int)(length < NUMBER_TEXT - 8 ? length : NUMBER_TEXT - 8), text);
    dx_write_string(writer, key, number);
}

/* "2026-11-25 12:00:00.5+00" -> "2026-11-25T12:00:00.5Z". Transactions run with timezone UTC and ISO dates. */
static void write_time(dx_writer *writer, const char *key, const char *text)
{
    char time[64];
    size_t length = strlen(text);
    if (length < 4 || length >= sizeof time - 2) {
        dx_write_string(writer, key, text);
        return;
    }
    snprintf(time, sizeof time, "%s", text);
    char *space = strchr(time, ' ');
    if (space)
        *space = 'T';
    if (strcmp(time + length - 3, "+00") == 0)
        snprintf(time + length - 3, 4, "Z");
    dx_write_string(writer, key, time);
}

void dx_row_write_column(dx_writer *writer, const dx_rows *rows, size_t row, size_t column, int min_scale)
{
    const char *key = dx_rows_name(rows, column);
    const char *text = dx_rows_text(rows, row, column);
    if (!text) {
        dx_write_null(writer, key);
        return;
    }
    switch (dx_rows_type(rows, column)) {
    case TYPE_BOOL:
        dx_write_bool(writer, key, dx_rows_bool(rows, row, column, false));
        break;
    case TYPE_INT8:
    case TYPE_INT2:
    case TYPE_INT4:
        dx_write_integer(writer, key, dx_rows_integer(rows, row, column, 0));
        break;
    case TYPE_JSON:
    case TYPE_JSONB:
        dx_write_raw(writer, key, text);
        break;
    case TYPE_TIMESTAMPTZ:
        write_time(writer, key, text);
        break;
    case TYPE_NUMERIC:
        write_number(writer, key, text, min_scale);
        break;
    default:
        dx_write_string(writer, key, text);
    }
}

void dx_row_write(dx_writer *writer, const dx_rows *rows, size_t row, int min_scale)
{
    for (size_t column = 0; column < dx_rows_columns(rows); column++)
        if (dx_rows_name(rows, column)[0] != '_')
            dx_row_write_column(writer, rows, row, column, min_scale);
}

void dx_pagination_write(dx_writer *writer, int64_t page, int64_t per_page, int64_t total)
{
    dx_write_object(writer, "pagination");
    dx_write_integer(writer, "page", page);
    dx_write_integer(writer, "per_page", per_page);
    dx_write_integer(writer, "total", total);
    dx_write_integer(writer, "total_pages", (total + per_page - 1) / per_page);
    dx_write_object_end(writer);
}
