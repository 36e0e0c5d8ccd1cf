#include "page_builder.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static dx_ctx ctx;
static built_page built;

static void begin(void)
{
    cr_assert(dx_ctx_init(&ctx, 0));
    page_begin(&built, 1);
}

static void end(void)
{
    dx_ctx_destroy(&ctx);
}

TestSuite(layout, .init = begin, .fini = end);

static dx_layout *make(void)
{
    built_page *pages[] = {&built};
    dx_pages *document = page_document(&ctx, pages, 1);
    dx_layout *layout = NULL;
    cr_assert_eq(dx_layout_make(&ctx, document, &layout), DOXIN_OK);
    return layout;
}

Test(layout, lines_are_cut_at_wide_gaps)
{
    page_text(&built, 50, 100, "Invoice number");
    page_text(&built, 300, 100, "A 17");
    page_text(&built, 50, 114, "Date");
    dx_layout *layout = make();
    cr_assert_eq(layout->line_count, 2);
    cr_assert_eq(layout->lines[0].segment_count, 2);
    cr_assert_str_eq(layout->segments[0].text, "Invoice number");
    cr_assert_str_eq(layout->segments[1].text, "A 17");
    cr_assert_eq(layout->segments[0].right, 1);
    cr_assert_eq(layout->segments[1].left, 0);
    cr_assert_eq(layout->segments[2].above, 0);
    cr_assert_eq(layout->segments[0].below, 2);
    cr_assert(layout->segments[2].edges_above & DX_EDGE_LEFT);
}

/* Half a degree over the width of a page is more than half a line. */
Test(layout, a_line_may_climb_slowly)
{
    for (int i = 0; i < 8; i++) {
        page_text(&built, 40 + i * 70, 200 - i, "word");
        page_text(&built, 40 + i * 70, 214 - i, "next");
    }
    dx_layout *layout = make();
    cr_assert_eq(layout->line_count, 2);
    cr_assert_eq(layout->lines[0].word_count, 8);
    for (uint32_t i = 0; i < 8; i++)
        cr_assert_str_eq(layout->words[i].text, "word");
}

Test(layout, jitter_of_a_recogniser_keeps_the_line)
{
    const int jitter[] = {0, 2, -2, 1, -1, 2};
    for (int i = 0; i < 6; i++)
        page_text(&built, 50 + i * 40, 300 + jitter[i], "wavy");
    cr_assert_eq(make()->line_count, 1);
}

Test(layout, letters_set_apart_are_one_word)
{
    page_text(&built, 50, 100, "I N V O I C E");
    page_text(&built, 300, 100, "A B");
    dx_layout *layout = make();
    cr_assert_str_eq(layout->segments[0].text, "INVOICE");
    cr_assert_str_eq(layout->segments[1].text, "A B", "two letters are no word set apart");
}

Test(layout, text_printed_twice_counts_once)
{
    page_text(&built, 50, 100, "Total 119.00");
    page_text(&built, 50, 100, "Total 119.00");
    dx_layout *layout = make();
    cr_assert_eq(layout->word_count, 2);
    cr_assert_str_eq(layout->segments[0].text, "Total 119.00");
}

Test(layout, words_that_touch_are_glued)
{
    page_text(&built, 50, 100, "Ver");
    page_text(&built, 67, 100, "kauf");
    built.words[0].flags = 0;
    dx_layout *layout = make();
    cr_assert_eq(layout->word_count, 2);
    cr_assert(layout->words[1].glued);
    cr_assert_str_eq(layout->segments[0].text, "Verkauf");
}

Test(layout, the_second_pass_adds_and_competes)
{
    page_text(&built, 50, 100, "T0tal");
    built.words[0].confidence = 400;
    page_text(&built, 50, 100, "Total");
    built.words[1].confidence = 900;
    page_text(&built, 200, 100, "119.00");
    built.words[1].flags |= DX_WIRE_PASS2 | DX_WIRE_OCR;
    built.words[2].flags |= DX_WIRE_PASS2 | DX_WIRE_OCR;
    dx_layout *layout = make();
    cr_assert_eq(layout->word_count, 2);
    cr_assert_str_eq(layout->words[0].text, "Total");
    cr_assert_str_eq(layout->words[0].alternative, "T0tal");
    cr_assert_eq(layout->words[0].alternative_confidence, 400);
    cr_assert_str_eq(layout->words[1].text, "119.00");
}

Test(layout, a_date_that_cannot_be_loses)
{
    page_text(&built, 50, 100, "04/05/2017");
    built.words[0].confidence = 500;
    page_text(&built, 50, 100, "04/05/2097");
    built.words[1].confidence = 900;
    built.words[1].flags |= DX_WIRE_PASS2 | DX_WIRE_OCR;
    dx_layout *layout = make();
    cr_assert_eq(layout->word_count, 1);
    cr_assert_str_eq(layout->words[0].text, "04/05/2017");
}

Test(layout, loose_boxes_of_chinese_words_keep_their_line)
{
    page_text(&built, 50, 100, "113 \xE5\xB9\xB4 05 \xE6\x9C\x88");
    for (size_t i = 0; i < 4; i++)
        built.words[i].flags |= DX_WIRE_OCR | (i == 3 ? DX_WIRE_LINE_END : DX_WIRE_SPACE_AFTER);
    built.words[0].box.x1 = built.words[2].box.x0; /* over the next word */
    built.words[1].box.y0 -= 1000;                 /* into the line above */
    dx_layout *layout = make();
    cr_assert_eq(layout->line_count, 1);
    cr_assert_str_eq(layout->segments[0].text, "113\xE5\xB9\xB4 05 \xE6\x9C\x88");
}

Test(layout, upright_text_is_not_in_the_flow)
{
    page_text(&built, 50, 100, "Total due");
    page_text(&built, 20, 60, "Copyright");
    built.words[2].box = (dx_box){2000, 6000, 2800, 16000};
    dx_layout *layout = make();
    cr_assert_eq(layout->line_count, 2);
    int upright = 0;
    for (size_t i = 0; i < layout->line_count; i++)
        upright += layout->lines[i].vertical;
    cr_assert_eq(upright, 1);
}

Test(layout, drawn_rules_are_features)
{
    page_text(&built, 50, 100, "Cell one");
    page_text(&built, 107, 100, "Cell two");
    page_rule(&built, 104, 90, 104, 130);
    page_rule(&built, 40, 115, 400, 115);
    page_text(&built, 50, 120, "Below");
    dx_layout *layout = make();
    cr_assert_eq(layout->lines[0].segment_count, 2, "a vertical rule parts words");
    cr_assert(layout->lines[0].rule_below);
    cr_assert(layout->lines[1].rule_above);
    cr_assert_not(layout->lines[0].rule_above);
}

Test(layout, an_address_is_one_block)
{
    page_text(&built, 50, 100, "Example Limited");
    page_text(&built, 50, 112, "Some Street 1");
    page_text(&built, 50, 124, "12345 Town");
    page_text(&built, 350, 112, "Invoice");
    page_text(&built, 50, 200, "Dear customer");
    dx_layout *layout = make();
    const dx_block *block = &layout->blocks[layout->segments[0].block];
    cr_assert_eq(block->count, 3);
    cr_assert_str_eq(dx_layout_block_text(&ctx, layout, block, ", "), "Example Limited, Some Street 1, 12345 Town");
    cr_assert_eq(layout->block_count, 3);
}

Test(layout, a_word_cut_by_a_hyphen_is_joined)
{
    page_text(&built, 50, 100, "the invoi-");
    page_text(&built, 50, 112, "ces of Berlin-");
    page_text(&built, 50, 124, "Mitte");
    dx_layout *layout = make();
    cr_assert_str_eq(dx_layout_block_text(&ctx, layout, &layout->blocks[0], " "), "the invoices of Berlin- Mitte");
}

Test(layout, an_empty_document_has_an_empty_layout)
{
    dx_layout *layout = make();
    cr_assert_eq(layout->line_count, 0);
    cr_assert_eq(layout->block_count, 0);
}

/* Ten thousand words at one place must not take ten thousand times ten thousand steps. */
Test(layout, a_hostile_page_stays_linear, .timeout = 20)
{
    enum { COUNT = 100000 };
    dx_word *words = dx_array(&ctx, COUNT, sizeof *words);
    for (int i = 0; i < COUNT; i++)
        words[i] = (dx_word){.box = {1000 + i % 7, 2000 + i % 5, 1400, 3000},
                             .text = i % 2 ? "a" : "b",
                             .size = 1,
                             .font_size = 1000,
                             .confidence = 1000};
    built.page.words = words;
    built.page.word_count = COUNT;
    dx_layout *layout = make();
    cr_assert_gt(layout->line_count, 0);
}
