#include "core/extract/extract_internal.h"
#include "page_builder.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static dx_ctx ctx;
static built_page first, second;
static dx_hypotheses hypotheses;

static void begin(void)
{
    cr_assert(dx_ctx_init(&ctx, 0));
    page_begin(&first, 1);
    page_begin(&second, 2);
    hypotheses = (dx_hypotheses){.number_style = DX_NUMBER_POINT};
}

static void end(void)
{
    dx_ctx_destroy(&ctx);
}

TestSuite(items, .init = begin, .fini = end);

static dx_items read_pages(size_t pages)
{
    built_page *all[] = {&first, &second};
    dx_layout *layout = NULL;
    dx_items items;
    cr_assert_eq(dx_layout_make(&ctx, page_document(&ctx, all, pages), &layout), DOXIN_OK);
    cr_assert_eq(dx_extract_items(&ctx, layout, &hypotheses, &items), DOXIN_OK);
    return items;
}

static const char *cell(const dx_items *items, size_t line, dx_cell_id id)
{
    return line < items->line_count && items->lines[line].cell[id].present ? items->lines[line].cell[id].text : "";
}

#define EXPECT(line, id, value) cr_expect_str_eq(cell(&items, line, DX_CELL_##id), value)

static const int PLACES[] = {50, 90, -350, 365, -470, -560};
static const char HEAD[] = "Pos|Description|Quantity|Unit|Unit price|Amount";

Test(items, a_plain_table_with_all_columns)
{
    page_row(&first, 200, PLACES, HEAD);
    page_row(&first, 214, PLACES, "1|Blue chair|2|pcs|10.00|20.00");
    page_row(&first, 228, PLACES, "2|Oak table|1|pcs|1,299.00|1,299.00");
    page_row(&first, 242, PLACES, "3|Paint|2.5|kg|4.40|11.00");
    page_text(&first, 400, 270, "Subtotal");
    page_right(&first, 560, 270, "1,330.00");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 3);
    EXPECT(0, NUMBER, "1");
    EXPECT(0, DESCRIPTION, "Blue chair");
    EXPECT(0, QUANTITY, "2");
    EXPECT(0, PRICE, "10.00");
    EXPECT(0, TOTAL, "20.00");
    EXPECT(1, PRICE, "1299.00");
    EXPECT(2, QUANTITY, "2.5");
    EXPECT(2, UNIT, "KGM");
    cr_assert(items.totals_known);
    cr_assert(dx_decimal_equal(items.total_sum, dx_decimal_from(133000, 2)));
    cr_assert_gt(items.confidence, 900, "rows that multiply out are sure");
    cr_assert_eq(items.region_count, 1);
}

Test(items, cells_carry_their_evidence)
{
    page_row(&first, 200, PLACES, HEAD);
    page_row(&first, 214, PLACES, "1|Blue chair|2|pcs|10.00|20.00");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 1);
    const dx_evidence *evidence = &items.lines[0].cell[DX_CELL_TOTAL].evidence;
    cr_assert_eq(evidence->origin, DX_ORIGIN_TEXT);
    cr_assert_eq(evidence->page, 1);
    cr_assert_str_eq(evidence->text, "20.00");
    cr_assert_eq(evidence->box[2], 56050 * (int64_t)100000 / 61200);
    cr_assert_gt(evidence->confidence, 900);
}

Test(items, a_description_over_several_lines)
{
    page_row(&first, 200, PLACES, HEAD);
    page_row(&first, 214, PLACES, "1|Blue chair with|2|pcs|10.00|20.00");
    page_text(&first, 90, 226, "arms and wheels");
    page_text(&first, 90, 250, "Serial no.: 778");
    page_row(&first, 274, PLACES, "2|Lamp|1|pcs|5.00|5.00");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 2);
    EXPECT(0, DESCRIPTION, "Blue chair with arms and wheels");
    EXPECT(0, DETAIL, "Serial no.: 778");
    EXPECT(1, DESCRIPTION, "Lamp");
}

Test(items, amounts_in_the_middle_of_the_description)
{
    for (int i = 0; i < 3; i++) {
        int y = 230 + i * 60;
        page_text(&first, 90, y - 12, "First line of text");
        page_row(&first, y, PLACES, i == 1 ? "2|second line|3|pcs|7.00|21.00" : "1|second line|2|pcs|10.00|20.00");
        page_text(&first, 90, y + 12, "third line of text");
    }
    page_row(&first, 196, PLACES, HEAD);
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 3);
    for (size_t i = 0; i < 3; i++)
        EXPECT(i, DESCRIPTION, "First line of text second line third line of text");
}

Test(items, a_comma_style_table_in_german)
{
    static const int places[] = {50, 90, -350, -470, -560};
    hypotheses.number_style = DX_NUMBER_COMMA;
    page_row(&first, 200, places, "Pos|Bezeichnung|Menge|Einzelpreis|Gesamtpreis");
    page_row(&first, 214, places, "1|Beratung|7,5 Std.|96,00 €|720,00 €");
    page_row(&first, 228, places, "2|Fahrtkosten|120 km|0,30 €|36,00 €");
    page_text(&first, 350, 256, "Nettobetrag");
    page_right(&first, 560, 256, "756,00 €");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 2);
    EXPECT(0, QUANTITY, "7.5");
    EXPECT(0, UNIT, "HUR");
    EXPECT(0, TOTAL, "720.00");
    EXPECT(1, PRICE, "0.30");
}

Test(items, a_head_of_several_lines)
{
    static const int places[] = {50, 120, -330, -420, -540};
    page_text(&first, 375, 186, "Unit price");
    page_text(&first, 490, 186, "Line amount");
    page_row(&first, 198, places, "No.|Description|Quantity||");
    page_text(&first, 375, 198, "excl. VAT");
    page_text(&first, 490, 198, "excl. VAT");
    page_row(&first, 216, places, "A-1|Chair|2|10.00|20.00");
    page_row(&first, 230, places, "A-2|Table|3|30.00|90.00");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 2);
    EXPECT(1, QUANTITY, "3");
    EXPECT(1, PRICE, "30.00");
    EXPECT(1, TOTAL, "90.00");
}

Test(items, no_head_but_rows_that_multiply)
{
    static const int places[] = {60, -330, -430, -540};
    page_row(&first, 200, places, "Widget large|3|12.50|37.50");
    page_row(&first, 214, places, "Widget small|12|2.25|27.00");
    page_row(&first, 228, places, "Bolt M8|144|0.15|21.60");
    page_text(&first, 380, 260, "Total");
    page_right(&first, 540, 260, "86.10");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 3);
    EXPECT(0, DESCRIPTION, "Widget large");
    EXPECT(0, QUANTITY, "3");
    EXPECT(2, TOTAL, "21.60");
}

/* "Amount" heads the quantities here; only the arithmetic tells. */
Test(items, arithmetic_corrects_the_head)
{
    static const int places[] = {50, 120, 330, 420, 500};
    page_row(&first, 200, places, "Amount|Product|VAT|Price|Total");
    page_row(&first, 214, places, "4.00|Chair|7%|160.00|640.00");
    page_row(&first, 228, places, "20.00|Table|19%|15.50|310.00");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 2);
    EXPECT(0, QUANTITY, "4");
    EXPECT(0, PRICE, "160.00");
    EXPECT(0, TOTAL, "640.00");
    EXPECT(1, TAX_RATE, "19");
}

Test(items, sums_and_sections_are_no_items)
{
    page_row(&first, 200, PLACES, HEAD);
    page_row(&first, 214, PLACES, "1|Chair|2|pcs|10.00|20.00");
    page_row(&first, 228, PLACES, "2|Table|1|pcs|30.00|30.00");
    page_row(&first, 242, PLACES, "|Subtotal furniture|||| 50.00");
    page_row(&first, 270, PLACES, "3|Lamp|4|pcs|5.00|20.00");
    page_row(&first, 284, PLACES, "|Subtotal lights||||20.00");
    page_text(&first, 400, 310, "Total");
    page_right(&first, 560, 310, "70.00");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 3);
    EXPECT(2, DESCRIPTION, "Lamp");
}

Test(items, a_tax_summary_is_no_table_of_items)
{
    static const int tax[] = {90, -250, -350, -450};
    page_row(&first, 200, PLACES, HEAD);
    page_row(&first, 214, PLACES, "1|Chair|2|pcs|10.00|20.00");
    page_row(&first, 300, tax, "VAT rate|Net amount|VAT amount|Gross amount");
    page_row(&first, 314, tax, "19 %|20.00|3.80|23.80");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 1);
}

Test(items, a_table_goes_on_over_pages)
{
    page_row(&first, 700, PLACES, HEAD);
    page_row(&first, 714, PLACES, "1|Chair|2|pcs|10.00|20.00");
    page_text(&first, 400, 740, "Carried forward");
    page_right(&first, 560, 740, "20.00");
    page_text(&second, 400, 60, "Brought forward");
    page_right(&second, 560, 60, "20.00");
    page_row(&second, 80, PLACES, "2|Table|1|pcs|30.00|30.00");
    page_row(&second, 94, PLACES, "3|Lamp|4|pcs|5.00|20.00");
    page_text(&second, 400, 120, "Total");
    page_right(&second, 560, 120, "70.00");
    dx_items items = read_pages(2);
    cr_assert_eq(items.line_count, 3);
    EXPECT(1, DESCRIPTION, "Table");
    EXPECT(2, TOTAL, "20.00");
    cr_assert_eq(items.lines[2].cell[DX_CELL_TOTAL].evidence.page, 2);
}

Test(items, a_head_repeated_on_every_page_counts_no_row_twice)
{
    page_row(&first, 600, PLACES, HEAD);
    page_row(&first, 614, PLACES, "1|Chair|2|pcs|10.00|20.00");
    page_row(&second, 80, PLACES, HEAD);
    page_row(&second, 94, PLACES, "2|Table|1|pcs|30.00|30.00");
    dx_items items = read_pages(2);
    cr_assert_eq(items.line_count, 2);
    EXPECT(1, DESCRIPTION, "Table");
}

Test(items, a_head_at_the_foot_of_a_page)
{
    page_row(&first, 760, PLACES, HEAD);
    page_row(&second, 80, PLACES, "1|Chair|2|pcs|10.00|20.00");
    page_row(&second, 94, PLACES, "2|Table|1|pcs|30.00|30.00");
    dx_items items = read_pages(2);
    cr_assert_eq(items.line_count, 2);
    EXPECT(0, DESCRIPTION, "Chair");
}

Test(items, discounts_in_percent_and_in_money)
{
    static const int places[] = {50, -250, -340, -430, -540};
    page_row(&first, 200, places, "Description|Quantity|Price|Discount|Amount");
    page_row(&first, 214, places, "Chair|2|10.00|10 %|18.00");
    page_row(&first, 228, places, "Table|3|30.00|5.00|85.00");
    page_row(&first, 242, places, "Lamp|4|5.00|0.50|18.00");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 3);
    EXPECT(0, DISCOUNT_PERCENT, "10");
    EXPECT(1, DISCOUNT_AMOUNT, "5.00");
    EXPECT(2, DISCOUNT, "0.50");
}

Test(items, a_discount_on_a_line_of_its_own)
{
    page_row(&first, 200, PLACES, HEAD);
    page_row(&first, 214, PLACES, "1|Chair|2|pcs|10.00|20.00");
    page_row(&first, 228, PLACES, "|Discount 10 %||||-2.00");
    page_row(&first, 242, PLACES, "2|Table|1|pcs|30.00|30.00");
    page_text(&first, 400, 270, "Subtotal");
    page_right(&first, 560, 270, "48.00");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 2);
    EXPECT(0, TOTAL, "18.00");
    EXPECT(0, DISCOUNT_AMOUNT, "2.00");
    cr_assert_eq(items.lines[0].cell[DX_CELL_TOTAL].evidence.origin, DX_ORIGIN_ARITHMETIC);
    EXPECT(1, TOTAL, "30.00");
}

Test(items, description_and_amount_alone)
{
    static const int places[] = {50, -540};
    page_row(&first, 200, places, "Description|Amount");
    page_row(&first, 214, places, "Monthly subscription|48.00");
    page_row(&first, 228, places, "Support plan|12.00");
    page_row(&first, 256, places, "Subtotal|60.00");
    page_row(&first, 270, places, "Tax|0.00");
    page_row(&first, 284, places, "Total|60.00");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 2);
    EXPECT(0, DESCRIPTION, "Monthly subscription");
    EXPECT(1, TOTAL, "12.00");
}

Test(items, a_total_that_is_not_printed_is_calculated)
{
    static const int places[] = {50, -350, -540};
    page_row(&first, 200, places, "Description|Quantity|Unit price");
    page_row(&first, 214, places, "Chair|3|10.00");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 1);
    EXPECT(0, TOTAL, "30.00");
    cr_assert_eq(items.lines[0].cell[DX_CELL_TOTAL].evidence.origin, DX_ORIGIN_ARITHMETIC);
}

Test(items, item_numbers_in_their_own_column)
{
    static const int places[] = {50, 130, -350, -450, -550};
    page_row(&first, 200, places, "Item no.|Description|Qty|Price|Total");
    page_row(&first, 214, places, "AB-100|Chair|2|10.00|20.00");
    page_row(&first, 228, places, "778-9|Table|1|30.00|30.00");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 2);
    EXPECT(0, ITEM, "AB-100");
    EXPECT(1, ITEM, "778-9");
    EXPECT(1, DESCRIPTION, "Table");
}

Test(items, numbers_inside_a_description_stay_there)
{
    page_row(&first, 200, PLACES, HEAD);
    page_row(&first, 214, PLACES, "1|Screws 4 x 40, box of 100|2|pcs|10.00|20.00");
    page_text(&first, 90, 226, "delivered 3 March in 4 parcels of 12.50 kg");
    page_row(&first, 250, PLACES, "2|Table|1|pcs|30.00|30.00");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 2);
    cr_expect_not_null(strstr(cell(&items, 0, DX_CELL_DESCRIPTION), "Screws 4 x 40, box of 100"));
    EXPECT(0, QUANTITY, "2");
}

/* The foot repeats an amount and a page number under the column of totals. */
Test(items, page_numbers_and_footers_are_no_items)
{
    page_row(&first, 200, PLACES, HEAD);
    page_row(&first, 214, PLACES, "1|Chair|2|pcs|10.00|20.00");
    page_text(&first, 400, 240, "Total");
    page_right(&first, 560, 240, "20.00");
    page_text(&first, 470, 760, "Page 1 of");
    page_right(&first, 560, 760, "1");
    page_text(&first, 90, 740, "Example Limited, Some Street 12, Town");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 1);
}

Test(items, rows_that_may_be_none_go_when_the_sum_says_so)
{
    page_row(&first, 200, PLACES, HEAD);
    page_row(&first, 214, PLACES, "1|Chair|2|pcs|10.00|20.00");
    page_row(&first, 228, PLACES, "2|Table|1|pcs|30.00|30.00");
    page_row(&first, 242, PLACES, "|of which already settled||||12.34");
    page_text(&first, 400, 270, "Subtotal");
    page_right(&first, 560, 270, "50.00");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 2);
    cr_assert(dx_decimal_equal(items.total_sum, dx_decimal_from(5000, 2)));
}

Test(items, a_letter_has_none)
{
    page_text(&first, 50, 100, "Dear customer,");
    page_text(&first, 50, 114, "thank you for your order of 3 March 2026 and your payment of 20.00.");
    page_text(&first, 50, 128, "We look forward to the next 10 years.");
    dx_items items = read_pages(1);
    cr_assert_eq(items.line_count, 0);
    cr_assert_eq(items.region_count, 0);
}

Test(items, a_page_of_numbers_ends_in_time, .timeout = 20)
{
    char text[64];
    for (int y = 0; y < 60; y++)
        for (int x = 0; x < 16; x++) {
            snprintf(text, sizeof text, "%d.%02d", (x * 7 + y) % 90, (x * y) % 100);
            page_text(&first, 20 + x * 36, 30 + y * 12, text);
        }
    dx_items items = read_pages(1);
    cr_assert_leq(items.line_count, 60);
}
