/* A decoded document as JSON: for callers that want words and boxes rather than an invoice. */
#include "base/rt/json_write.h"
#include "core/page/page.h"

static const char *kind_name(enum dx_wire_kind kind)
{
    switch (kind) {
    case DX_WIRE_PDF:
        return "pdf";
    case DX_WIRE_PNG:
        return "png";
    case DX_WIRE_JPEG:
        return "jpeg";
    case DX_WIRE_TIFF:
        return "tiff";
    case DX_WIRE_WEBP:
        return "webp";
    case DX_WIRE_HEIC:
        return "heic";
    }
    return "unknown";
}

/* A box in parts of the page, 0 to 1. */
static void write_box(dx_writer *writer, const dx_page *page, dx_box box)
{
    dx_write_array(writer, "box");
    dx_write_real(writer, NULL, (double)box.x0 / page->width, 5);
    dx_write_real(writer, NULL, (double)box.y0 / page->height, 5);
    dx_write_real(writer, NULL, (double)box.x1 / page->width, 5);
    dx_write_real(writer, NULL, (double)box.y1 / page->height, 5);
    dx_write_array_end(writer);
}

static void write_word(dx_writer *writer, const dx_page *page, const dx_word *word)
{
    dx_write_object(writer, NULL);
    dx_write_stringn(writer, "text", word->text, (size_t)word->size);
    write_box(writer, page, word->box);
    dx_write_real(writer, "font_size", word->font_size / 100.0, 2);
    dx_write_real(writer, "confidence", word->confidence / 1000.0, 3);
    dx_write_bool(writer, "ocr", (word->flags & DX_WIRE_OCR) != 0);
    dx_write_object_end(writer);
}

static void write_page(dx_writer *writer, const dx_page *page)
{
    dx_write_object(writer, NULL);
    dx_write_integer(writer, "number", page->number);
    dx_write_real(writer, "width", page->width / 100.0, 2);
    dx_write_real(writer, "height", page->height / 100.0, 2);
    dx_write_bool(writer, "ocr", (page->flags & DX_WIRE_PAGE_OCR) != 0);
    dx_write_array(writer, "words");
    for (size_t i = 0; i < page->word_count; i++)
        write_word(writer, page, &page->words[i]);
    dx_write_array_end(writer);
    dx_write_array(writer, "rules");
    for (size_t i = 0; i < page->rule_count; i++) {
        dx_write_object(writer, NULL);
        write_box(writer, page, page->rules[i].box);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
    dx_write_object_end(writer);
}

static void write_attachments(dx_writer *writer, const dx_pages *pages)
{
    dx_write_array(writer, "attachments");
    for (size_t i = 0; i < pages->attachment_count; i++) {
        dx_write_object(writer, NULL);
        dx_write_string(writer, "name", pages->attachments[i].name);
        dx_write_string(writer, "mime_type", pages->attachments[i].mime);
        dx_write_integer(writer, "size", (int64_t)pages->attachments[i].size);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
}

static void write_codes(dx_writer *writer, const dx_pages *pages)
{
    dx_write_array(writer, "codes");
    for (size_t i = 0; i < pages->code_count; i++) {
        const dx_code *code = &pages->codes[i];
        dx_write_object(writer, NULL);
        dx_write_integer(writer, "page", code->page);
        write_box(writer, &pages->pages[code->page - 1], code->box);
        dx_write_string(writer, "text", code->text);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
}

void dx_pages_write(const dx_pages *pages, dx_writer *writer)
{
    dx_write_object(writer, NULL);
    dx_write_string(writer, "schema", "doxin.document/1");
    dx_write_string(writer, "kind", kind_name(pages->kind));
    dx_write_integer(writer, "total_pages", (int64_t)pages->total_pages);
    dx_write_bool(writer, "text_layer", (pages->flags & DX_WIRE_HAS_TEXT) != 0);
    dx_write_bool(writer, "garbled_text_layer", (pages->flags & DX_WIRE_GARBLED) != 0);
    dx_write_integer(writer, "ocr_passes", pages->ocr_passes);
    dx_write_array(writer, "pages");
    for (size_t i = 0; i < pages->page_count; i++)
        write_page(writer, &pages->pages[i]);
    dx_write_array_end(writer);
    write_attachments(writer, pages);
    write_codes(writer, pages);
    dx_write_object_end(writer);
}
