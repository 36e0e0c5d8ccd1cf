/* Whole pages: what stands where, and what follows from it. */
#include "base/rt/json_write.h"
#include "core/extract/extract.h"
#include "page_builder.h"

#include <criterion/criterion.h>
#include <string.h>

static dx_ctx ctx;
static built_page page;

static void begin(void)
{
    cr_assert(dx_ctx_init(&ctx, 0));
    page_begin(&page, 1);
}

static void end(void)
{
    dx_ctx_destroy(&ctx);
}

TestSuite(extract, .init = begin, .fini = end);

static dx_pages *document(void)
{
    built_page *all[] = {&page};
    return page_document(&ctx, all, 1);
}

static dx_invoice *read_with(const dx_extract_options *options)
{
    dx_invoice *invoice = NULL;
    cr_assert_eq(dx_extract(&ctx, document(), options, &invoice), DOXIN_OK, "%s", ctx.error.message);
    return invoice;
}

static const char *value(const dx_invoice *invoice, dx_header_id id)
{
    return invoice->header[id].present ? invoice->header[id].text : "";
}

#define EXPECT(id, expected)                                                                                           \
    cr_expect_str_eq(value(invoice, DX_HEADER_##id), expected, #id ": %s", value(invoice, DX_HEADER_##id))

static void english_page(void)
{
    page_text(&page, 50, 40, "Northwind Tools Ltd");
    page_text(&page, 50, 54, "12 Example Street");
    page_text(&page, 50, 68, "London SW1A 1AA");
    page_text(&page, 50, 82, "VAT No: GB123456789");
    page_text(&page, 50, 130, "Bill to:");
    page_text(&page, 50, 144, "Harbour Supplies Inc");
    page_text(&page, 50, 158, "500 Sample Avenue");
    page_text(&page, 50, 172, "Sampleville, OH 43999");
    page_text(&page, 350, 130, "Invoice No:");
    page_text(&page, 460, 130, "INV-2041");
    page_text(&page, 350, 144, "Invoice date:");
    page_text(&page, 460, 144, "25 March 2024");
    page_text(&page, 350, 158, "Due date:");
    page_text(&page, 460, 158, "24 April 2024");
    page_text(&page, 350, 172, "Your order:");
    page_text(&page, 460, 172, "PO-7781");
    page_text(&page, 350, 400, "Subtotal");
    page_right(&page, 560, 400, "$1,200.00");
    page_text(&page, 350, 414, "VAT 20%");
    page_right(&page, 560, 414, "$240.00");
    page_text(&page, 350, 428, "Total");
    page_right(&page, 560, 428, "$1,440.00");
}

Test(extract, an_english_invoice)
{
    english_page();
    dx_invoice *invoice = read_with(NULL);
    cr_expect_eq(invoice->kind, DX_KIND_INVOICE);
    EXPECT(NUMBER, "INV-2041");
    EXPECT(DATE, "2024-03-25");
    EXPECT(DUE_DATE, "2024-04-24");
    EXPECT(PO_NUMBER, "PO-7781");
    EXPECT(VENDOR_NAME, "Northwind Tools Ltd");
    EXPECT(VENDOR_ADDRESS, "12 Example Street, London SW1A 1AA");
    EXPECT(CUSTOMER_NAME, "Harbour Supplies Inc");
    EXPECT(CUSTOMER_ADDRESS, "500 Sample Avenue, Sampleville, OH 43999");
    EXPECT(SUBTOTAL, "1200.00");
    EXPECT(TAX_AMOUNT, "240.00");
    EXPECT(TAX_RATE, "20");
    EXPECT(TOTAL, "1440.00");
    cr_expect_str_eq(invoice->language, "en");
}

Test(extract, every_value_has_its_evidence)
{
    english_page();
    dx_invoice *invoice = read_with(NULL);
    const dx_evidence *evidence = &invoice->header[DX_HEADER_TOTAL].evidence;
    cr_expect_eq(evidence->origin, DX_ORIGIN_TEXT);
    cr_expect_eq(evidence->page, 1);
    cr_expect_str_eq(evidence->text, "$1,440.00");
    cr_expect_gt(evidence->confidence, 800);
    cr_expect_lt(evidence->box[0], evidence->box[2]);
    cr_expect_eq(evidence->box[1], 42800 * 100000LL / 79200);
    for (int i = 0; i < DX_HEADER_COUNT; i++) {
        const dx_field *field = &invoice->header[i];
        if (!field->present)
            continue;
        cr_expect(field->evidence.confidence >= 0 && field->evidence.confidence <= 1000);
        cr_expect_neq(field->evidence.origin, DX_ORIGIN_NONE, "%s", dx_header_path((dx_header_id)i));
    }
}

Test(extract, a_german_letter_with_a_window)
{
    page_text(&page, 70, 120, "Lampen Nord GmbH · Musterweg 3 · 99001 Musterstadt");
    page_text(&page, 70, 140, "Herr");
    page_text(&page, 70, 154, "Peter Beispiel");
    page_text(&page, 70, 168, "Am Ring 9");
    page_text(&page, 70, 182, "99002 Beispielhausen");
    page_text(&page, 70, 260, "Rechnung Nr. 4711 vom 05.03.2024");
    page_text(&page, 70, 274, "aus Bestellung 99 vom 01.02.2024");
    page_text(&page, 350, 400, "Nettobetrag");
    page_right(&page, 560, 400, "1.000,00 EUR");
    page_text(&page, 350, 414, "zzgl. 19 % MwSt");
    page_right(&page, 560, 414, "190,00 EUR");
    page_text(&page, 350, 428, "Rechnungsbetrag");
    page_right(&page, 560, 428, "1.190,00 EUR");
    dx_invoice *invoice = read_with(NULL);
    EXPECT(NUMBER, "4711");
    EXPECT(DATE, "2024-03-05");
    EXPECT(CURRENCY, "EUR");
    EXPECT(VENDOR_NAME, "Lampen Nord GmbH");
    EXPECT(CUSTOMER_NAME, "Peter Beispiel");
    EXPECT(CUSTOMER_ADDRESS, "Am Ring 9, 99002 Beispielhausen");
    EXPECT(SUBTOTAL, "1000.00");
    EXPECT(TAX_AMOUNT, "190.00");
    EXPECT(TOTAL, "1190.00");
}

Test(extract, values_below_their_labels)
{
    page_text(&page, 50, 100, "Numéro client");
    page_text(&page, 180, 100, "Facture n°");
    page_text(&page, 300, 100, "Date de facture");
    page_text(&page, 430, 100, "Échéance");
    page_text(&page, 50, 116, "C-118");
    page_text(&page, 180, 116, "F2024-88");
    page_text(&page, 300, 116, "03/04/2024");
    page_text(&page, 430, 116, "30/04/2024");
    page_text(&page, 350, 400, "Net à payer");
    page_right(&page, 560, 400, "1 250,00 €");
    dx_invoice *invoice = read_with(NULL);
    EXPECT(ACCOUNT_NUMBER, "C-118");
    EXPECT(NUMBER, "F2024-88");
    EXPECT(DATE, "2024-04-03");
    EXPECT(DUE_DATE, "2024-04-30");
    EXPECT(TOTAL, "1250.00");
}

Test(extract, taxes_of_several_rates_are_added_and_said_so)
{
    page_text(&page, 350, 400, "Subtotaal");
    page_right(&page, 560, 400, "€ 300,00");
    page_text(&page, 350, 414, "BTW 9%");
    page_right(&page, 560, 414, "€ 9,00");
    page_text(&page, 350, 428, "BTW 21%");
    page_right(&page, 560, 428, "€ 42,00");
    page_text(&page, 350, 442, "Totaal te betalen");
    page_right(&page, 560, 442, "€ 351,00");
    dx_invoice *invoice = read_with(NULL);
    EXPECT(SUBTOTAL, "300.00");
    EXPECT(TAX_AMOUNT, "51.00");
    EXPECT(TOTAL, "351.00");
    EXPECT(TAX_RATE, "");
    cr_expect_eq(invoice->header[DX_HEADER_TAX_AMOUNT].evidence.origin, DX_ORIGIN_ARITHMETIC);
}

Test(extract, the_table_of_taxes_proves_itself)
{
    page_text(&page, 50, 300, "Steuersatz");
    page_text(&page, 150, 300, "Bemessungsgrundlage");
    page_text(&page, 300, 300, "Steuerbetrag");
    page_text(&page, 50, 314, "7 %");
    page_right(&page, 250, 314, "275,00");
    page_right(&page, 370, 314, "19,25");
    page_text(&page, 50, 328, "19 %");
    page_right(&page, 250, 328, "198,00");
    page_right(&page, 370, 328, "37,62");
    page_text(&page, 350, 400, "Summe netto");
    page_right(&page, 560, 400, "473,00");
    page_text(&page, 350, 414, "Steuerbetrag");
    page_right(&page, 560, 414, "56,87");
    page_text(&page, 350, 428, "Gesamtbetrag");
    page_right(&page, 560, 428, "529,87");
    dx_invoice *invoice = read_with(NULL);
    EXPECT(TAX_AMOUNT, "56.87");
    EXPECT(TOTAL, "529.87");
    cr_assert_eq(invoice->tax_count, 2);
    cr_expect_str_eq(invoice->taxes[0].cell[DX_TAX_AMOUNT].text, "19.25");
    cr_expect_str_eq(invoice->taxes[1].cell[DX_TAX_BASE].text, "198.00");
}

/* total: as it was read. */
static void till_receipt(const char *total)
{
    page_text(&page, 50, 40, "CORNER BOOKS SDN BHD");
    page_text(&page, 50, 54, "(123456-X)");
    page_text(&page, 50, 68, "NO. 5, JALAN CONTOH 3,");
    page_text(&page, 50, 82, "99000 CONTOH BARU");
    page_text(&page, 50, 96, "TEL: 03-1234 5678");
    page_text(&page, 50, 120, "TAX INVOICE");
    page_text(&page, 50, 134, "Date: 13/04/2018 14:26");
    page_text(&page, 50, 160, "PEN BLUE");
    page_right(&page, 300, 160, "12.50");
    page_text(&page, 50, 200, "T0TAL");
    page_right(&page, 300, 200, total);
    page_text(&page, 50, 214, "CASH");
    page_right(&page, 300, 214, "RM 50.00");
    page_text(&page, 50, 228, "CHANGE");
    page_right(&page, 300, 228, "RM 37.50");
    for (size_t i = 0; i < page.page.word_count; i++)
        page.words[i].flags |= DX_WIRE_OCR;
}

Test(extract, a_receipt_from_a_scan)
{
    till_receipt("RM 12.50");
    dx_pages *pages = document();
    pages->flags = DX_WIRE_USED_OCR;
    dx_invoice *invoice = NULL;
    cr_assert_eq(dx_extract(&ctx, pages, NULL, &invoice), DOXIN_OK);
    EXPECT(VENDOR_NAME, "CORNER BOOKS SDN BHD");
    EXPECT(VENDOR_ADDRESS, "NO. 5, JALAN CONTOH 3, 99000 CONTOH BARU");
    EXPECT(DATE, "2018-04-13");
    EXPECT(TOTAL, "12.50");
    EXPECT(CURRENCY, "MYR");
    cr_expect_eq(invoice->header[DX_HEADER_TOTAL].evidence.origin, DX_ORIGIN_OCR);
}

static dx_invoice *read_scan(void)
{
    dx_pages *pages = document();
    pages->flags = DX_WIRE_USED_OCR;
    for (size_t i = 0; i < page.page.word_count; i++)
        page.words[i].flags |= DX_WIRE_OCR;
    dx_invoice *invoice = NULL;
    cr_assert_eq(dx_extract(&ctx, pages, NULL, &invoice), DOXIN_OK, "%s", ctx.error.message);
    return invoice;
}

/* The lines of a till's slip; total: as it was read. */
static void slip(const char *total)
{
    page_text(&page, 200, 30, "Jsx");
    page.words[0].confidence = 200;
    page_text(&page, 200, 50, "CORNER SHOP SON BHD");
    page_text(&page, 200, 64, "(123456-X)");
    page_text(&page, 200, 78, "12 JALAN EXAMPLE");
    page_text(&page, 200, 120, "Date: 14/05/2018 12:14");
    page_text(&page, 200, 150, "Tea");
    page_right(&page, 400, 150, "22.60");
    page_text(&page, 200, 180, "TOTAL");
    page_right(&page, 400, 180, total);
}

Test(extract, a_company_form_gets_its_letters_back)
{
    slip("22.60");
    const dx_invoice *invoice = read_scan();
    EXPECT(VENDOR_NAME, "CORNER SHOP SDN BHD");
    EXPECT(DATE, "2018-05-14");
    EXPECT(TOTAL, "22.60");
}

Test(extract, cash_less_change_outdoes_a_total_above_the_cash)
{
    till_receipt("RM 112.50");
    const dx_invoice *invoice = read_scan();
    EXPECT(TOTAL, "12.50");
}

Test(extract, cash_less_change_says_that_it_is_arithmetic)
{
    till_receipt("RM 112.50");
    for (size_t i = 0; i < page.page.word_count; i++)
        if (strcmp(page.words[i].text, "12.50") == 0)
            memcpy((char *)page.words[i].text, "xx", 2); /* unreadable */
    const dx_invoice *invoice = read_scan();
    EXPECT(TOTAL, "12.50");
    cr_expect_eq(invoice->header[DX_HEADER_TOTAL].evidence.origin, DX_ORIGIN_ARITHMETIC);
}

Test(extract, what_is_paid_is_rounded_to_coins)
{
    slip("87.08");
    page_text(&page, 200, 194, "Rounding Adjustment");
    page_text(&page, 200, 208, "Rounded Total");
    page_right(&page, 400, 208, "87.10");
    const dx_invoice *invoice = read_scan();
    EXPECT(TOTAL, "87.10");
}

Test(extract, the_other_reading_of_an_amount_may_be_the_right_one)
{
    slip("22.00");
    page_text(&page, 200, 194, "CASH");
    page_right(&page, 400, 194, "30.00");
    page_text(&page, 200, 208, "CHANGE");
    page_right(&page, 400, 208, "7.40");
    page_right(&page, 400, 180, "22.60");
    dx_word *second = &page.words[page.page.word_count - 1];
    second->flags |= DX_WIRE_PASS2;
    second->confidence = 300;
    const dx_invoice *invoice = read_scan();
    EXPECT(TOTAL, "22.60");
    cr_expect_eq(invoice->header[DX_HEADER_TOTAL].evidence.origin, DX_ORIGIN_OCR);
}

Test(extract, the_own_company_is_the_customer)
{
    page_text(&page, 50, 40, "Alpha Works GmbH");
    page_text(&page, 50, 54, "Musterweg 1");
    page_text(&page, 50, 68, "99001 Musterstadt");
    page_text(&page, 50, 140, "Beta Handel GmbH");
    page_text(&page, 50, 154, "Am Ring 2");
    page_text(&page, 50, 168, "99002 Beispielhausen");
    dx_extract_options options = {.own_names = "Gamma AG\nAlpha Works GmbH"};
    dx_invoice *invoice = read_with(&options);
    EXPECT(CUSTOMER_NAME, "Alpha Works GmbH");
    EXPECT(VENDOR_NAME, "Beta Handel GmbH");
}

Test(extract, a_credit_note_says_what_it_is)
{
    page_text(&page, 50, 40, "Gutschrift");
    page_text(&page, 50, 60, "Gutschrift Nr. G-17 vom 05.03.2024");
    page_text(&page, 50, 74, "zu Rechnung R-9");
    dx_invoice *invoice = read_with(NULL);
    cr_expect_eq(invoice->kind, DX_KIND_CREDIT_NOTE);
    EXPECT(NUMBER, "G-17");
}

static dx_invoice *read_with_code(const char *payload)
{
    dx_pages *pages = document();
    dx_code code = {.page = 1, .box = {5000, 60000, 15000, 70000}, .symbology = 64, .text = payload};
    dx_invoice *invoice = NULL;
    pages->codes = &code;
    pages->code_count = 1;
    cr_assert_eq(dx_extract(&ctx, pages, NULL, &invoice), DOXIN_OK);
    return invoice;
}

static size_t code_differences(const dx_invoice *invoice)
{
    size_t count = 0;
    for (size_t i = 0; i < invoice->warning_count; i++)
        count += strcmp(invoice->warnings[i].code, "code_page_difference") == 0;
    return count;
}

static void euro_page(void)
{
    page_text(&page, 50, 60, "Lampen Nord GmbH");
    page_text(&page, 50, 80, "Rechnung Nr. 4711 vom 05.03.2024");
    page_text(&page, 350, 400, "Nettobetrag");
    page_right(&page, 560, 400, "1.000,00 EUR");
    page_text(&page, 350, 414, "zzgl. 19 % MwSt");
    page_right(&page, 560, 414, "190,00 EUR");
    page_text(&page, 350, 428, "Rechnungsbetrag");
    page_right(&page, 560, 428, "1.190,00 EUR");
}

#define CODE(name, amount) "BCD\n002\n1\nSCT\n\n" name "\nDE89370400440532013000\nEUR" amount "\n\n\nRechnung 4711"

Test(extract, a_payment_code_supports_and_supplies)
{
    euro_page();
    dx_invoice *invoice = read_with_code(CODE("Lampen Nord GmbH", "1190.00"));
    EXPECT(VENDOR_IBAN, "DE89370400440532013000");
    cr_expect_eq(invoice->header[DX_HEADER_VENDOR_IBAN].evidence.page, 1);
    cr_expect_geq(invoice->header[DX_HEADER_TOTAL].evidence.confidence, 985);
    cr_expect_geq(invoice->header[DX_HEADER_NUMBER].evidence.confidence, 985);
    cr_expect_eq(code_differences(invoice), 0);
}

Test(extract, a_payment_code_that_says_otherwise_is_a_warning)
{
    euro_page();
    dx_invoice *invoice = read_with_code(CODE("Somebody Else Ltd", "1290.00"));
    EXPECT(TOTAL, "1190.00");
    EXPECT(VENDOR_NAME, "Lampen Nord GmbH");
    cr_assert_eq(code_differences(invoice), 2);
    cr_expect_str_eq(invoice->warnings[0].message, "the payment code says 1290.00, the page says 1190.00");
}

Test(extract, another_code_changes_nothing)
{
    euro_page();
    dx_invoice *invoice = read_with_code("https://example.org/4711");
    EXPECT(VENDOR_IBAN, "");
    cr_expect_eq(code_differences(invoice), 0);
}

Test(extract, a_letter_is_no_invoice)
{
    page_text(&page, 50, 40, "Dear Sam, the garden is full of birds this spring.");
    page_text(&page, 50, 54, "We walk along the river and think of you.");
    dx_invoice *invoice = read_with(NULL);
    cr_expect_eq(invoice->kind, DX_KIND_OTHER);
    EXPECT(TOTAL, "");
    EXPECT(NUMBER, "");
}

Test(extract, an_empty_document_is_read_too)
{
    dx_invoice *invoice = read_with(NULL);
    cr_expect_eq(invoice->kind, DX_KIND_UNKNOWN);
    cr_expect_eq(invoice->line_count, 0);
}

Test(extract, every_stage_explains_itself)
{
    english_page();
    static const char *const stages[] = {"layout",     "hypotheses", "tables",  "labels", "values", "items",
                                         "candidates", "sums",       "parties", "kinds",  "choice"};
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        dx_buffer out;
        dx_buffer_init(&out, 0);
        dx_writer writer;
        dx_write_init(&writer, &out);
        cr_expect_eq(dx_extract_explain(&ctx, document(), NULL, stages[i], &writer), DOXIN_OK, "%s", stages[i]);
        cr_expect_geq(out.len, 2, "%s", stages[i]);
        dx_buffer_free(&out);
    }
    dx_buffer out;
    dx_buffer_init(&out, 0);
    dx_writer writer;
    dx_write_init(&writer, &out);
    cr_expect_eq(dx_extract_explain(&ctx, document(), NULL, "magic", &writer), DOXIN_E_OPTION);
    dx_buffer_free(&out);
}
