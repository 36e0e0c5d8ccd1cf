/* Tables of items as JSON, for --explain tables. */
#include "base/rt/json_write.h"
#include "core/extract/table.h"

static void write_box(dx_writer *writer, const char *key, const dx_box *box)
{
    dx_write_array(writer, key);
    dx_write_integer(writer, NULL, box->x0);
    dx_write_integer(writer, NULL, box->y0);
    dx_write_integer(writer, NULL, box->x1);
    dx_write_integer(writer, NULL, box->y1);
    dx_write_array_end(writer);
}

static void write_column(dx_writer *writer, const dx_column *column)
{
    dx_write_object(writer, NULL);
    dx_write_string(writer, "role", dx_concept_name(column->role));
    if (column->head.x1 >= column->head.x0)
        write_box(writer, "head", &column->head);
    dx_write_integer(writer, "x0", column->x0);
    dx_write_integer(writer, "x1", column->x1);
    dx_write_bool(writer, "numeric", column->numeric);
    dx_write_bool(writer, "money", column->money);
    dx_write_bool(writer, "percent", column->percent);
    dx_write_object_end(writer);
}

/* The words of the lines [first, end) that an item takes. */
static void write_texts(dx_writer *writer, const dx_layout *layout, uint32_t first, uint32_t end)
{
    dx_write_array(writer, "lines");
    for (uint32_t i = first; i < end && i < layout->line_count; i++) {
        const dx_text_line *line = &layout->lines[i];
        for (uint32_t k = 0; k < line->segment_count; k++)
            dx_write_string(writer, NULL, layout->segments[line->first_segment + k].text);
    }
    dx_write_array_end(writer);
}

static void write_row(dx_writer *writer, const dx_table_source *source, const dx_row *row)
{
    dx_write_object(writer, NULL);
    write_texts(writer, source->layout, row->first, row->end);
    dx_write_array(writer, "numbers");
    for (int k = 0; k < row->table->count; k++) {
        char number[DX_DECIMAL_TEXT];
        if (row->cells[k] < 0)
            continue;
        dx_write_object(writer, NULL);
        dx_write_integer(writer, "column", k);
        dx_write_string(writer, "value", dx_decimal_text(source->atoms[row->cells[k]].value, number));
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
    dx_write_bool(writer, "proved", row->proved);
    dx_write_bool(writer, "doubtful", row->doubtful);
    dx_write_object_end(writer);
}

void dx_table_write(const dx_table_source *source, const dx_table *table, const dx_rows *rows, bool chosen,
                    dx_writer *writer)
{
    const dx_layout_page *page = &source->layout->pages[table->page];
    dx_write_object(writer, NULL);
    dx_write_integer(writer, "page", page->source->number);
    dx_write_bool(writer, "chosen", chosen);
    dx_write_bool(writer, "has_head", table->head_end > table->head_line);
    dx_write_integer(writer, "score", table->score);
    dx_write_array(writer, "columns");
    for (int k = 0; k < table->count; k++)
        write_column(writer, &table->columns[k]);
    dx_write_array_end(writer);
    dx_write_array(writer, "rows");
    for (size_t i = 0; i < rows->count; i++)
        write_row(writer, source, &rows->items[i]);
    dx_write_array_end(writer);
    dx_write_object_end(writer);
}
