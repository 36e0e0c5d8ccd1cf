/* The forms of an invoice: what a program reads, what a person reads, and that no document can smuggle anything in. */
#include "base/crypto/encode.h"
#include "base/crypto/hash.h"
#include "base/rt/json.h"
#include "base/text/utf8.h"
#include "core/invoice/invoice.h"
#include "core/present/present.h"
#include "core/present/values.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static dx_ctx ctx;
static dx_buffer out;

static void begin(void)
{
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_buffer_init(&out, 0);
}

static void end(void)
{
    dx_buffer_free(&out);
    dx_ctx_destroy(&ctx);
}

TestSuite(present, .init = begin, .fini = end);

static void text(dx_field *field, const char *value)
{
    cr_assert_eq(dx_field_text(&ctx, field, value), DOXIN_OK);
    field->evidence = (dx_evidence){DX_ORIGIN_TEXT, 1, {10000, 20000, 30000, 22500}, value, 950, false};
}

static void number(dx_field *field, int64_t units, int scale)
{
    cr_assert_eq(dx_field_number(&ctx, field, (dx_decimal){units, scale}, scale), DOXIN_OK);
    field->evidence = (dx_evidence){.origin = DX_ORIGIN_TEXT, .confidence = 950};
}

static dx_invoice *sample(void)
{
    dx_invoice *invoice = dx_invoice_new(&ctx);
    cr_assert_not_null(invoice);
    invoice->kind = DX_KIND_INVOICE;
    text(&invoice->header[DX_HEADER_NUMBER], "A-1");
    text(&invoice->header[DX_HEADER_VENDOR_NAME], "Cloud <b>& Co\033[31m");
    text(&invoice->header[DX_HEADER_CUSTOMER_NAME], "=HYPERLINK(\"x\")");
    text(&invoice->header[DX_HEADER_CURRENCY], "EUR");
    number(&invoice->header[DX_HEADER_SUBTOTAL], 10000, 2);
    number(&invoice->header[DX_HEADER_TAX_AMOUNT], 1900, 2);
    number(&invoice->header[DX_HEADER_TOTAL], 12000, 2);
    invoice->header[DX_HEADER_TOTAL].evidence.confidence = 400;
    dx_line *line = dx_invoice_add_line(&ctx, invoice);
    cr_assert_not_null(line);
    text(&line->cell[DX_CELL_DESCRIPTION], "Fog, \"thick\"");
    text(&line->cell[DX_CELL_GTIN], "4006381333931");
    number(&line->cell[DX_CELL_QUANTITY], 2, 0);
    number(&line->cell[DX_CELL_PRICE], 45, 0);
    number(&line->cell[DX_CELL_TOTAL], 10000, 2);
    cr_assert_eq(dx_invoice_gate(&ctx, invoice, NULL), DOXIN_OK);
    return invoice;
}

static void show(const char *format, const dx_present_options *options)
{
    cr_assert_eq(dx_present(&ctx, sample(), format, options, &out), DOXIN_OK, "%s", ctx.error.message);
    cr_assert_gt(out.len, 0);
}

static bool says(const char *part)
{
    return strstr(out.data, part) != NULL;
}

Test(present, flat_is_one_line_with_confidence)
{
    dx_json *json = NULL;
    show("flat", &(dx_present_options){.file_name = "a.pdf"});
    cr_expect_eq(strchr(out.data, '\n'), out.data + out.len - 1);
    cr_assert_eq(dx_json_parse(&ctx, out.data, out.len, &json), DOXIN_OK);
    cr_expect_str_eq(dx_json_get_string(json, "file"), "a.pdf");
    cr_expect_str_eq(dx_json_get_string(json, "total_amount"), "120.00");
    cr_expect_null(dx_json_get(json, "due_date"), "what was not found is left out");
    cr_expect_eq((int)(100 * dx_json_real(dx_json_pointer(json, "/confidence/total_amount"), 0) + 0.5), 40);
    const dx_json *line = dx_json_pointer(json, "/line_items/0");
    cr_expect_str_eq(dx_json_get_string(line, "quantity"), "2");
    cr_expect_str_eq(dx_json_get_string(line, "item_number"), "4006381333931");
    dx_json_free(json);
}

Test(present, table_tells_what_fails_and_what_to_doubt)
{
    show("table", NULL);
    cr_expect(says("Invoice A-1"));
    cr_expect(says("Fog, \"thick\""));
    cr_expect(says("but the document says 120.00"), "%s", out.data);
    cr_expect(says("120.00 ✗ ? 40 %"));
    cr_expect(says("100.00 ✗"), "the line is marked");
    cr_expect(says("✗ Line 1: 2 × 45 = 90.00, but"), "%s", out.data);
    cr_expect(says("✗ Invoice date: not found"));
    cr_expect(says("? Total amount: 120.00, only 40 % sure"));
    cr_expect(says("! Needs review"));
    cr_expect_not(says("\033"), "no control character of the document reaches the terminal");
}

/* Columns that the text takes, colours left out. */
static size_t columns(const char *line, size_t length)
{
    size_t width = 0;
    for (size_t at = 0; at < length;)
        width += (size_t)dx_char_width(dx_utf8_next(line, length, &at));
    return width;
}

Test(present, table_keeps_its_columns_whatever_is_written)
{
    static const char *const texts[] = {
        "plain", "発票 wide characters of East Asia 発票 発票 発票 発票 発票 発票 発票 発票 発票",
        "combine\u0301d a\u0308o\u0308u\u0308", "\u202Eturned\u200B\x07 \t", ""};
    static const int widths[] = {60, 80, 100, 160};
    for (size_t w = 0; w < 4; w++) {
        dx_invoice *invoice = sample();
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
            dx_line *line = dx_invoice_add_line(&ctx, invoice);
            text(&line->cell[DX_CELL_DESCRIPTION], texts[i]);
            number(&line->cell[DX_CELL_TOTAL], 12345, 2);
        }
        dx_buffer_clear(&out);
        cr_assert_eq(dx_present(&ctx, invoice, "table", &(dx_present_options){.width = widths[w]}, &out), DOXIN_OK);
        size_t found = 0;
        for (const char *at = out.data; (at = strstr(at, "123.45")) != NULL; at++, found++) {
            const char *begin = at;
            while (begin > out.data && begin[-1] != '\n')
                begin--;
            cr_expect_eq(columns(begin, (size_t)(at - begin) + 6), (size_t)widths[w] - 2, "%.*s", (int)(at - begin),
                         begin);
        }
        cr_expect_eq(found, sizeof texts / sizeof texts[0]);
        cr_expect_not(says("\u202E"), "nothing turns the direction of writing round");
        cr_expect_not(says("\x07"));
    }
}

Test(present, table_has_colours_only_when_asked)
{
    show("table", &(dx_present_options){.colour = true});
    cr_expect(says("\033[31m"));
}

Test(present, csv_has_stable_columns_and_no_formula)
{
    show("csv", &(dx_present_options){.header = true, .file_name = "a.pdf"});
    static const char head[] =
        "file,document_type,invoice_number,invoice_date,due_date,currency,vendor.name,vendor.tax_id,vendor.iban,"
        "customer.name,po_number,subtotal,tax_amount,total_amount,amount_due,confidence,needs_review,line_number,"
        "line_item_number,line_gtin,line_description,line_quantity,line_unit,line_unit_price,line_price_base,"
        "line_discount_percent,line_discount_amount,line_tax_rate,line_total\r\n";
    cr_assert_eq(strncmp(out.data, head, sizeof head - 1), 0, "%s", out.data);
    cr_expect(says("\"'=HYPERLINK(\"\"x\"\")\""));
    cr_expect(says("\"Fog, \"\"thick\"\"\""));
    cr_expect_str_eq(out.data + out.len - 2, "\r\n");
}

Test(present, html_stands_alone_and_escapes)
{
    show("html", &(dx_present_options){.file_name = "<a>.pdf"});
    cr_expect(says("Cloud &lt;b&gt;&amp; Co"));
    cr_expect(says("&lt;a&gt;.pdf"));
    cr_expect_not(says("<b>& Co"));
    cr_expect_not(says("://"), "nothing outside is asked for");
    cr_expect(says("id=\"b-vendor-name\""), "the box");
    cr_expect(says("href=\"#b-vendor-name\""), "the link to it");
    cr_expect(says("#b-vendor-name{left:10.000%;top:20.000%;width:20.000%;height:2.500%;"));
    cr_expect(says("but the document says 120.00"));
    cr_expect_not(says("\033"), "no control character of the document is passed on");
    cr_expect_not(says(" style="), "the policy allows no style but the one that it names");
}

/* The base64 of a hash after this directive of the policy. */
static const char *policy(const char *directive)
{
    static char hash[64];
    const char *at = strstr(out.data, directive);
    cr_assert_not_null(at);
    cr_assert_eq(sscanf(at + strlen(directive), " 'sha256-%43[^']", hash), 1);
    return hash;
}

static void expect_hash(const char *directive, const char *begin, const char *end)
{
    unsigned char hash[DX_SHA256_SIZE];
    char text[DX_BASE64URL_SIZE(DX_SHA256_SIZE)];
    const char *first = strstr(out.data, begin) + strlen(begin);
    cr_assert(dx_sha256(first, (size_t)(strstr(first, end) - first), hash));
    dx_base64url(hash, sizeof hash, text);
    const char *stated = policy(directive);
    for (size_t i = 0; text[i]; i++)
        cr_expect_eq(text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i], stated[i], "%s", directive);
}

Test(present, html_names_its_style_and_its_script_by_their_hashes)
{
    show("html", NULL);
    expect_hash("style-src", "<style>", "</style>");
    expect_hash("script-src", "<script>", "</script>");
    cr_expect(says("default-src 'none'"));
}

Test(present, html_marks_what_fails_where_it_stands)
{
    show("html", NULL);
    cr_expect(says("<b class=\"tag\">does not add up</b> <a href=\"#f-total_amount\""), "%s", out.data);
    cr_expect(says("<span class=\"v doubt fails\" id=\"f-total_amount\""));
    cr_expect(says("<span class=\"v fails\" id=\"f-line_items-0-line_total\""), "2 x 45 is not 100");
    cr_expect(says("Invoice date was not found"));
}

Test(present, html_shows_pictures_of_pages)
{
    const dx_present_picture pictures[] = {
        {1, "\x89PNG", 4, NULL}, {2, "\xFF\xD8\xFF", 3, NULL}, {4, NULL, 0, "it <is> torn"}};
    show("html", &(dx_present_options){.pictures = pictures, .picture_count = 3});
    cr_expect(says("src=\"data:image/png;base64,iVBORw==\""));
    cr_expect(says("src=\"data:image/jpeg;base64,/9j/\""));
    cr_expect(says("it &lt;is&gt; torn"), "why there is none");
    cr_expect_not(says("id=\"page-3\""));
}

Test(present, html_takes_only_boxes_that_lie_on_a_page)
{
    static const int32_t bad[][4] = {{-1, 0, 10, 10}, {0, 0, 100001, 10}, {20, 0, 10, 10}, {0, 10, 10, 10}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        dx_invoice *invoice = sample();
        memcpy(invoice->header[DX_HEADER_VENDOR_NAME].evidence.box, bad[i], sizeof bad[i]);
        dx_buffer_clear(&out);
        cr_assert_eq(dx_present(&ctx, invoice, "html", NULL, &out), DOXIN_OK);
        cr_expect_not(says("b-vendor-name"), "%zu", i);
        cr_expect(says("f-vendor-name"), "the value is shown all the same");
    }
}

Test(present, pictures_are_of_pages_that_were_read_first)
{
    int pages[4];
    dx_invoice *invoice = sample();
    invoice->header[DX_HEADER_NUMBER].evidence.page = 7;
    invoice->lines[0].cell[DX_CELL_GTIN].evidence.page = 9;
    cr_expect_eq(dx_present_pages(invoice, 12, 4, pages), 4);
    cr_expect(pages[0] == 1 && pages[1] == 2 && pages[2] == 7 && pages[3] == 9, "%d %d %d %d", pages[0], pages[1],
              pages[2], pages[3]);
    cr_expect_eq(dx_present_pages(invoice, 12, 2, pages), 2);
    cr_expect(pages[0] == 1 && pages[1] == 7);
    cr_expect_eq(dx_present_pages(invoice, 0, 4, pages), 0);
    cr_expect_eq(dx_present_pages(invoice, 12, 0, pages), 0);
}

Test(present, labels_are_words)
{
    static const char *const labels[][2] = {{"invoice_number", "Invoice number"},
                                            {"vendor.tax_id", "Vendor tax ID"},
                                            {"po_number", "PO number"},
                                            {"line_items[11].unit_price", "Line 12 unit price"},
                                            {"taxes[0].rate", "Tax 1 rate"},
                                            {"", ""},
                                            {"x[99999999999999999999", "X 99999999999999999999"}};
    char text[64];
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        cr_expect_str_eq(dx_present_label(labels[i][0], text, sizeof text), labels[i][1]);
    cr_expect_str_eq(dx_present_label("line_items[0].description", text, 8), "Line 1 ");
    cr_expect_str_eq(dx_present_rule("line_total[3]", text, sizeof text), "Line 4");
    cr_expect_str_eq(dx_present_rule("a_new_rule", text, sizeof text), "A new rule");
    cr_expect_str_eq(dx_present_rule_path(sample(), "lines_sum", text, sizeof text), "subtotal");
}

Test(present, xlsx_is_a_workbook)
{
    show("xlsx", NULL);
    cr_assert_gt(out.len, 1000);
    cr_expect_eq(memcmp(out.data, "PK\x03\x04", 4), 0);
    cr_expect_not_null(memmem(out.data, out.len, "xl/worksheets/sheet5.xml", 24));
}

Test(present, a_workbook_holds_several_invoices_and_long_texts)
{
    char long_text[40000];
    dx_invoice *invoice = sample();
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    text(&invoice->header[DX_HEADER_NOTE], long_text);
    const dx_present_entry entries[] = {{sample(), "a.pdf"}, {invoice, NULL}};
    cr_expect_eq(dx_present_book(&ctx, entries, 2, &out), DOXIN_OK, "%s", ctx.error.message);
    cr_expect_eq(memcmp(out.data, "PK\x03\x04", 4), 0);
}

Test(present, json_is_the_schema)
{
    show("json", NULL);
    cr_expect_eq(strncmp(out.data, "{\"schema\":\"doxin.invoice/1\"", 27), 0);
}

Test(present, unknown_formats_and_small_bounds_are_refused)
{
    static const char *const formats[] = {"flat", "table", "csv", "html", "json", "xlsx"};
    cr_expect_eq(dx_present(&ctx, sample(), "pdf", NULL, &out), DOXIN_E_UNSUPPORTED);
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        dx_buffer small;
        dx_buffer_init(&small, 20);
        cr_expect_eq(dx_present(&ctx, sample(), formats[i], NULL, &small), DOXIN_E_LIMIT, "%s", formats[i]);
        dx_buffer_free(&small);
    }
}
