/* The layout as JSON, for --explain layout. */
#include "base/rt/json_write.h"
#include "core/page/layout.h"

static void write_box(dx_writer *writer, dx_box box)
{
    dx_write_array(writer, "box");
    dx_write_integer(writer, NULL, box.x0);
    dx_write_integer(writer, NULL, box.y0);
    dx_write_integer(writer, NULL, box.x1);
    dx_write_integer(writer, NULL, box.y1);
    dx_write_array_end(writer);
}

static void write_index(dx_writer *writer, const char *key, uint32_t index)
{
    if (index != DX_NO_INDEX)
        dx_write_integer(writer, key, index);
}

static void write_segment(dx_writer *writer, const dx_layout *layout, uint32_t index)
{
    const dx_segment *segment = &layout->segments[index];
    dx_write_object(writer, NULL);
    dx_write_integer(writer, "id", index);
    dx_write_string(writer, "text", segment->text);
    write_box(writer, segment->box);
    dx_write_integer(writer, "block", segment->block);
    dx_write_integer(writer, "font_size", segment->font_size);
    dx_write_bool(writer, "bold", segment->bold);
    write_index(writer, "above", segment->above);
    write_index(writer, "below", segment->below);
    dx_write_object_end(writer);
}

static void write_line(dx_writer *writer, const dx_layout *layout, const dx_text_line *line)
{
    dx_write_object(writer, NULL);
    write_box(writer, line->box);
    dx_write_bool(writer, "rule_above", line->rule_above);
    dx_write_bool(writer, "rule_below", line->rule_below);
    dx_write_array(writer, "segments");
    for (uint32_t i = 0; i < line->segment_count; i++)
        write_segment(writer, layout, line->first_segment + i);
    dx_write_array_end(writer);
    dx_write_object_end(writer);
}

void dx_layout_write(const dx_layout *layout, dx_writer *writer)
{
    dx_write_object(writer, NULL);
    dx_write_array(writer, "pages");
    for (size_t p = 0; p < layout->page_count; p++) {
        const dx_layout_page *page = &layout->pages[p];
        dx_write_object(writer, NULL);
        dx_write_integer(writer, "number", page->source->number);
        dx_write_integer(writer, "font_size", page->font_size);
        dx_write_array(writer, "lines");
        for (uint32_t i = 0; i < page->line_count; i++)
            write_line(writer, layout, &layout->lines[page->first_line + i]);
        dx_write_array_end(writer);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
    dx_write_object_end(writer);
}
