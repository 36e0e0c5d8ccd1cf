/* What the reader answers for each kind of document, good and bad. */
#include "core/page/page.h"
#include "io_reader_samples.h"

#include <criterion/criterion.h>
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
