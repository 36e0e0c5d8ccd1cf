/* What the reader answers for each kind of document, good and bad. */
#include "core/page/page.h"
#include "io_reader_samples.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static dx_reader *reader;
static sample_call call;
static dx_buffer document;
static dx_message message;

static void open_reader(const dx_reader_options *more)
{
    dx_reader_options options = more ? *more : (dx_reader_options){0};
    options.program = sample_program();
    cr_assert_eq(dx_reader_new(&options, &reader), DOXIN_OK);
}

static void set_up(void)
{
    sample_call_begin(&call);
    dx_buffer_init(&document, 0);
}

static void tear_down(void)
{
    dx_message_free(&message);
    dx_reader_free(reader);
    dx_buffer_free(&document);
    sample_call_end(&call);
}

TestSuite(reader, .init = set_up, .fini = tear_down, .timeout = 120);

static doxin_status read_with(const dx_read_options *options)
{
    return dx_reader_read(reader, &call.ctx, document.data, document.len, options, &message);
}

Test(reader, gives_the_words_of_a_text_pdf_with_their_boxes)
{
    dx_pages *pages;
    open_reader(NULL);
    sample_pdf(&document, 2, "Total 12.50 EUR");
    cr_assert_eq(read_with(NULL), DOXIN_OK, "%s", call.ctx.error.message);
    cr_assert_eq(dx_pages_decode(&call.ctx, message.data, message.size, &pages), DOXIN_OK, "%s",
                 call.ctx.error.message);
    cr_assert_eq(pages->page_count, 2);
    cr_assert_eq(pages->pages[0].width, 59500);
    cr_assert_eq(pages->pages[0].height, 84200);
    cr_assert_eq(pages->pages[1].word_count, 5);
    const dx_word *word = &pages->pages[1].words[1];
    cr_assert_str_eq(word->text, "2");
    word = &pages->pages[0].words[2];
    cr_assert_str_eq(word->text, "Total");
    cr_assert_eq(word->font_size, 1200);
    cr_assert(word->flags & DX_WIRE_BOLD);
    cr_assert(word->box.x0 >= 7150 && word->box.x0 <= 7300, "%d", word->box.x0);
    cr_assert(word->box.y1 > 16000 && word->box.y1 < 16700 && word->box.y0 < 15500, "%d %d", word->box.y0,
              word->box.y1);
    cr_assert_eq(word->confidence, 1000);
}

static void expect(doxin_status wanted, const dx_read_options *options)
{
    doxin_status status = read_with(options);
    cr_assert_eq(status, wanted, "%d: %s", status, call.ctx.error.message);
    cr_assert_null(message.data);
    cr_assert_eq(call.ctx.error.status, wanted);
    cr_assert(strlen(call.ctx.error.message) > 10);
}

Test(reader, says_what_is_wrong_with_a_document)
{
    open_reader(&(dx_reader_options){.max_pages = 3, .max_bytes = 1 << 20});
    expect(DOXIN_E_EMPTY_DOCUMENT, NULL);
    dx_buffer_text(&document, "PK\x03\x04 an archive that is named .pdf");
    expect(DOXIN_E_NOT_A_DOCUMENT, NULL);
    dx_buffer_clear(&document);
    dx_buffer_text(&document,
                   "%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[]/Count 0>> "
                   "endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n");
    expect(DOXIN_E_NO_PAGES, NULL);
    dx_buffer_clear(&document);
    sample_pdf(&document, 4, "four pages");
    expect(DOXIN_E_TOO_MANY_PAGES, NULL);
    cr_assert_eq(read_with(&(dx_read_options){.first_page = 2, .last_page = 3}), DOXIN_OK, "%s",
                 call.ctx.error.message);
    dx_message_free(&message);
    expect(DOXIN_E_TOO_MANY_PAGES, &(dx_read_options){.first_page = 2, .last_page = 3, .max_pages = 1});
    expect(DOXIN_E_NOT_FOUND, &(dx_read_options){.first_page = 9});
    document.len /= 2;
    expect(DOXIN_E_DAMAGED, NULL);
    document.len = 2 << 20;
    cr_assert_eq(dx_reader_read(reader, &call.ctx, document.data, (2 << 20), NULL, &message), DOXIN_E_LIMIT);
}

Test(reader, refuses_an_encrypted_pdf)
{
    open_reader(NULL);
    sample_encrypted_pdf(&document);
    expect(DOXIN_E_ENCRYPTED, NULL);
}

Test(reader, looks_at_the_size_of_a_picture_before_it_decodes_it)
{
    open_reader(NULL);
    sample_png_header(&document, 40000, 40000);
    expect(DOXIN_E_TOO_MANY_PIXELS, NULL);
    dx_buffer_clear(&document);
    sample_png_header(&document, 400, 400);
    expect(DOXIN_E_DAMAGED, NULL);
}

Test(reader, ends_a_document_that_needs_too_long)
{
    open_reader(&(dx_reader_options){.timeout_ms = 700});
    sample_endless_pdf(&document);
    expect(DOXIN_E_PARSER_TIMEOUT, NULL);
    dx_buffer_clear(&document);
    sample_pdf(&document, 1, "the next one is read");
    cr_assert_eq(read_with(NULL), DOXIN_OK, "%s", call.ctx.error.message);
}

Test(reader, ends_a_document_that_needs_too_much_memory)
{
    open_reader(&(dx_reader_options){.memory_bytes = 300 << 20, .max_pixels = 4000000000});
    sample_png_header(&document, 30000, 30000);
    expect(DOXIN_E_PARSER_MEMORY, NULL);
    dx_buffer_clear(&document);
    sample_pdf(&document, 1, "the next one is read");
    cr_assert_eq(read_with(NULL), DOXIN_OK, "%s", call.ctx.error.message);
}

Test(reader, renders_a_page_as_png_and_recognises_it)
{
    dx_pages *pages;
    dx_message picture;
    open_reader(NULL);
    sample_pdf(&document, 1, "Invoice 4711 from 2026-03-09 total 119.00 EUR");
    cr_assert_eq(dx_reader_render(reader, &call.ctx, document.data, document.len,
                                  &(dx_render_options){.page = 1, .dpi = 200}, &picture),
                 DOXIN_OK, "%s", call.ctx.error.message);
    cr_assert_eq(memcmp(picture.data, "\x89PNG", 4), 0);
    cr_assert_eq(dx_reader_read(reader, &call.ctx, picture.data, picture.size, NULL, &message), DOXIN_OK, "%s",
                 call.ctx.error.message);
    cr_assert_eq(dx_pages_decode(&call.ctx, message.data, message.size, &pages), DOXIN_OK);
    cr_assert(pages->flags & DX_WIRE_USED_OCR);
    bool number = false, amount = false;
    for (size_t i = 0; i < pages->pages[0].word_count; i++) {
        const dx_word *word = &pages->pages[0].words[i];
        number = number || strcmp(word->text, "4711") == 0;
        if (strcmp(word->text, "119.00") == 0) {
            amount = true;
            cr_assert(word->flags & DX_WIRE_OCR);
            cr_assert(word->box.x0 > 25000 && word->box.x1 < 45000, "%d %d", word->box.x0, word->box.x1);
            cr_assert(word->box.y0 > 14500 && word->box.y1 < 17000, "%d %d", word->box.y0, word->box.y1);
        }
    }
    cr_assert(number && amount);
    cr_assert_eq(
        dx_reader_render(reader, &call.ctx, document.data, document.len, &(dx_render_options){.page = 2}, &picture),
        DOXIN_E_NOT_FOUND);
}

Test(reader, finds_drawn_lines)
{
    dx_pages *pages;
    open_reader(NULL);
    sample_pdf(&document, 1, "above the line");
    cr_assert_eq(read_with(&(dx_read_options){.want_rules = true}), DOXIN_OK);
    cr_assert_eq(dx_pages_decode(&call.ctx, message.data, message.size, &pages), DOXIN_OK);
    cr_assert_eq(pages->pages[0].rule_count, 1);
    dx_box box = pages->pages[0].rules[0].box;
    cr_assert(abs(box.x0 - 7200) < 150 && abs(box.x1 - 47200) < 150 && abs(box.y0 - 18200) < 150, "%d %d %d", box.x0,
              box.x1, box.y0);
}

Test(reader, says_what_holds_the_parser)
{
    dx_buffer text;
    dx_writer writer;
    open_reader(NULL);
    dx_buffer_init(&text, 0);
    dx_write_init(&writer, &text);
    dx_write_array(&writer, NULL);
    dx_reader_parts(reader, &call.ctx, &writer);
    dx_write_array_end(&writer);
    cr_assert(strstr(text.data, "\"sandbox seccomp\",\"state\":\"ok\""), "%s", text.data);
    cr_assert(strstr(text.data, "\"resource limits\",\"state\":\"ok\""), "%s", text.data);
    cr_assert(strstr(text.data, "eng"), "%s", text.data);
    dx_buffer_free(&text);
}
