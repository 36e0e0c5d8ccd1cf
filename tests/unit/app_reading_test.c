/* From bytes and pages to an invoice: what is read, what is guessed, and what the two say of each other. */
#include "app/reading/languages.h"
#include "app/reading/reading.h"

#include <criterion/criterion.h>
#include <string.h>

#define HEAD                                                                                                           \
    "<Invoice xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2\" "                                       \
    "xmlns:cac=\"urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2\" "                          \
    "xmlns:cbc=\"urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2\">"
static const char xml[] =
    HEAD "<cbc:ID>X-77</cbc:ID><cbc:IssueDate>2026-02-03</cbc:IssueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>"
         "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode><cac:LegalMonetaryTotal>"
         "<cbc:TaxInclusiveAmount currencyID=\"EUR\">119.00</cbc:TaxInclusiveAmount>"
         "<cbc:PayableAmount currencyID=\"EUR\">119.00</cbc:PayableAmount></cac:LegalMonetaryTotal></Invoice>";

static dx_ctx ctx;
static const dx_reading_options options = {.compare_page = true, .embedded_xml = true, .review_threshold = 800};

static void setup(void)
{
    cr_assert(dx_ctx_init(&ctx, 0));
}

static void teardown(void)
{
    dx_ctx_destroy(&ctx);
}

TestSuite(app_reading, .init = setup, .fini = teardown);

static bool warned(const dx_invoice *invoice, const char *code)
{
    for (size_t i = 0; i < invoice->warning_count; i++)
        if (strcmp(invoice->warnings[i].code, code) == 0)
            return true;
    return false;
}

/* One page with a few words, and one attachment. */
typedef struct paper {
    dx_word words[8];
    dx_page page;
    dx_attachment attachment;
    dx_pages pages;
} paper;

static void make(paper *p, const char *name, const char *bytes)
{
    static const char *const texts[] = {"Invoice", "number", "P-12", "Total", "EUR", "250.00"};
    memset(p, 0, sizeof *p);
    for (int i = 0; i < 6; i++) {
        int row = i < 3 ? 0 : 1;
        int column = i % 3;
        p->words[i] =
            (dx_word){.box = {5000 + column * 9000, 5000 + row * 3000, 12000 + column * 9000, 6000 + row * 3000},
                      .text = texts[i],
                      .size = (int)strlen(texts[i]),
                      .font_size = 1000,
                      .confidence = 1000};
    }
    p->page = (dx_page){.number = 1, .width = 59500, .height = 84200, .words = p->words, .word_count = 6};
    p->attachment = (dx_attachment){name, "text/xml", bytes, strlen(bytes)};
    p->pages = (dx_pages){.kind = DX_WIRE_PDF,
                          .pages = &p->page,
                          .page_count = 1,
                          .total_pages = 1,
                          .attachments = &p->attachment,
                          .attachment_count = bytes[0] ? 1 : 0};
}

Test(app_reading, reads_a_bare_xml_file_without_a_parser)
{
    dx_invoice *invoice = NULL;
    cr_assert_eq(dx_reading_invoice(&ctx, NULL, xml, sizeof xml - 1, &options, NULL, NULL, &invoice), DOXIN_OK, "%s",
                 ctx.error.message);
    cr_expect_str_eq(invoice->header[DX_HEADER_NUMBER].text, "X-77");
    cr_expect_eq(invoice->header[DX_HEADER_TOTAL].evidence.origin, DX_ORIGIN_XML);
    cr_expect_gt(invoice->check_count, 0, "the gate was run");
}

Test(app_reading, refuses_what_is_no_document)
{
    dx_invoice *invoice = NULL;
    cr_expect_eq(dx_reading_invoice(&ctx, NULL, "", 0, &options, NULL, NULL, &invoice), DOXIN_E_EMPTY_DOCUMENT);
    cr_expect_eq(dx_reading_invoice(&ctx, NULL, "PK\3\4", 4, &options, NULL, NULL, &invoice), DOXIN_E_NOT_A_DOCUMENT);
    cr_expect_eq(dx_reading_invoice(&ctx, NULL, "%PDF-1.7", 8, &options, NULL, NULL, &invoice), DOXIN_E_PARSER_MISSING);
    cr_expect_eq(dx_reading_invoice(&ctx, NULL, "<a>", 3, &options, NULL, NULL, &invoice), DOXIN_E_XML);
    cr_expect_null(invoice);
}

Test(app_reading, the_xml_inside_wins_and_the_page_is_compared)
{
    paper p;
    dx_invoice *invoice = NULL;
    make(&p, "factur-x.xml", xml);
    cr_assert_eq(dx_reading_pages(&ctx, &p.pages, &options, &invoice), DOXIN_OK, "%s", ctx.error.message);
    cr_expect_str_eq(invoice->header[DX_HEADER_NUMBER].text, "X-77");
    cr_expect_gt(invoice->warning_count, 0, "the page has another number");
    cr_expect_eq(invoice->page_count, 1);
}

Test(app_reading, the_page_alone_when_the_xml_is_not_wanted)
{
    paper p;
    dx_invoice *invoice = NULL;
    dx_reading_options page_only = options;
    page_only.embedded_xml = false;
    make(&p, "factur-x.xml", xml);
    cr_assert_eq(dx_reading_pages(&ctx, &p.pages, &page_only, &invoice), DOXIN_OK, "%s", ctx.error.message);
    cr_expect_null(invoice->syntax);
    for (int i = 0; i < DX_HEADER_COUNT; i++)
        cr_expect(!invoice->header[i].present || invoice->header[i].evidence.origin != DX_ORIGIN_XML);
}

Test(app_reading, says_that_the_xml_inside_cannot_be_read)
{
    paper p;
    dx_invoice *invoice = NULL;
    make(&p, "ZUGFeRD-invoice.xml", "<Invoice>");
    cr_assert_eq(dx_reading_pages(&ctx, &p.pages, &options, &invoice), DOXIN_OK, "%s", ctx.error.message);
    cr_expect(warned(invoice, "embedded_xml_unreadable"));
    cr_expect_eq(ctx.error.status, DOXIN_OK, "it is no error of the call");
    /* An attachment of another name is none of our business. */
    make(&p, "notes.xml", "<Notes>");
    cr_assert_eq(dx_reading_pages(&ctx, &p.pages, &options, &invoice), DOXIN_OK);
    cr_expect_not(warned(invoice, "embedded_xml_unreadable"));
}

Test(app_reading, names_languages_for_both_sides)
{
    dx_reading_languages names;
    cr_expect_eq(dx_reading_languages_of(&ctx, "deu+eng", &names), DOXIN_OK);
    cr_expect_str_eq(names.recogniser, "deu+eng");
    cr_expect_str_eq(names.lexicon, "de,en");
    cr_expect_eq(dx_reading_languages_of(&ctx, "de, fr,chi_sim", &names), DOXIN_OK);
    cr_expect_str_eq(names.recogniser, "deu+fra+chi_sim");
    cr_expect_str_eq(names.lexicon, "de,fr,zh");
    cr_expect_eq(dx_reading_languages_of(&ctx, NULL, &names), DOXIN_OK);
    cr_expect_null(names.recogniser);
    cr_expect_eq(dx_reading_languages_of(&ctx, "../x", &names), DOXIN_E_OPTION);
}

static int last_percent;

static void on_progress(void *data, const char *stage, int percent)
{
    cr_expect_not_null(stage);
    cr_expect_geq(percent, last_percent);
    last_percent = percent;
    ++*(int *)data;
}

Test(app_reading, tells_how_far_it_is)
{
    int calls = 0;
    dx_invoice *invoice = NULL;
    cr_assert_eq(dx_reading_invoice(&ctx, NULL, xml, sizeof xml - 1, &options, on_progress, &calls, &invoice),
                 DOXIN_OK);
    cr_expect_gt(calls, 1);
    cr_expect_eq(last_percent, 100);
}
