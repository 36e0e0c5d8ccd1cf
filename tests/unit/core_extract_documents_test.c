/* Several documents in one file: where the next one begins, and what must not look like it. */
#include "core/extract/extract.h"
#include "page_builder.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGES_MOST = 4 };

static dx_ctx ctx;
static built_page pages[PAGES_MOST];
static size_t page_count;

static void begin(void)
{
    cr_assert(dx_ctx_init(&ctx, 0));
    page_count = 0;
}

static void end(void)
{
    for (size_t i = 0; i < page_count; i++)
        for (size_t k = 0; k < pages[i].page.word_count; k++)
            free((void *)(uintptr_t)pages[i].words[k].text);
    dx_ctx_destroy(&ctx);
}

TestSuite(documents, .init = begin, .fini = end);

/* Lines parted by newline; "left|right": the second is set to the right. */
static void add_page(const char *lines)
{
    built_page *page = &pages[page_count++];
    page_begin(page, (int)page_count);
    for (int y = 60; *lines; y += 16) {
        char text[200];
        size_t size = strcspn(lines, "\n");
        snprintf(text, sizeof text, "%.*s", (int)size, lines);
        char *right = strchr(text, '|');
        if (right)
            *right = '\0';
        page_text(page, 50, y, text);
        if (right)
            page_right(page, 560, y, right + 1);
        lines += size + (lines[size] == '\n');
    }
}

static dx_invoice *read_document(size_t which)
{
    built_page *all[PAGES_MOST];
    for (size_t i = 0; i < page_count; i++)
        all[i] = &pages[i];
    dx_extract_options options = {.document = which};
    dx_invoice *invoice = NULL;
    cr_assert_eq(dx_extract(&ctx, page_document(&ctx, all, page_count), &options, &invoice), DOXIN_OK, "%s",
                 ctx.error.message);
    return invoice;
}

static const char *value(const dx_invoice *invoice, dx_header_id id)
{
    return invoice->header[id].present ? invoice->header[id].text : "";
}

static void expect_one(void)
{
    dx_invoice *invoice = read_document(0);
    cr_expect_eq(invoice->document_count, 0);
    cr_expect_eq(invoice->page_count, page_count);
}

static const char first[] = "Acme Testing Ltd\nINVOICE\nInvoice No: A-4711\nInvoice date: 3 May 2024\nWidget|100.00\n"
                            "Subtotal|100.00\nVAT 20%|20.00\nTotal|120.00";
static const char second[] = "Acme Testing Ltd\nINVOICE\nInvoice No: A-4712\nInvoice date: 4 May 2024\nGadget|200.00\n"
                             "Subtotal|200.00\nVAT 20%|40.00\nTotal|240.00";

Test(documents, two_invoices_are_said_and_not_mixed)
{
    add_page(first);
    add_page(second);
    dx_invoice *invoice = read_document(0);
    cr_assert_eq(invoice->document_count, 2);
    cr_expect_eq(invoice->documents[1].first, 1);
    cr_expect_eq(invoice->documents[1].count, 1);
    cr_expect_str_eq(value(invoice, DX_HEADER_NUMBER), "A-4711");
    cr_expect_str_eq(value(invoice, DX_HEADER_TOTAL), "120.00");
    cr_assert_gt(invoice->warning_count, 0);
    cr_expect_str_eq(invoice->warnings[0].code, "several_invoices");
    cr_expect_str_eq(invoice->warnings[0].message, "the file holds 2 documents, on pages 1 and 2; this is number 1");
}

Test(documents, the_second_is_read_from_its_own_page)
{
    add_page(first);
    add_page(second);
    dx_invoice *invoice = read_document(1);
    cr_expect_eq(invoice->document, 1);
    cr_expect_str_eq(value(invoice, DX_HEADER_NUMBER), "A-4712");
    cr_expect_str_eq(value(invoice, DX_HEADER_DATE), "2024-05-04");
    cr_expect_str_eq(value(invoice, DX_HEADER_TOTAL), "240.00");
    cr_expect_eq(invoice->header[DX_HEADER_TOTAL].evidence.page, 2);
}

Test(documents, a_number_beyond_the_last_is_refused)
{
    add_page(first);
    add_page(second);
    built_page *all[] = {&pages[0], &pages[1]};
    dx_extract_options options = {.document = 2};
    dx_invoice *invoice = NULL;
    cr_expect_eq(dx_extract(&ctx, page_document(&ctx, all, 2), &options, &invoice), DOXIN_E_NOT_FOUND);
}

Test(documents, counted_pages_and_other_numbers)
{
    add_page("Lampen Nord GmbH\nRechnung Nr. 17 vom 05.03.2024\nLampe|100,00 EUR\nÜbertrag|100,00 EUR\nSeite 1 von 2");
    add_page("Lampen Nord GmbH\nÜbertrag|100,00 EUR\nLampe|100,00 EUR\nGesamtbetrag|200,00 EUR\nSeite 2 von 2");
    add_page(
        "Lampen Nord GmbH\nRechnung Nr. 18 vom 06.03.2024\nLampe|300,00 EUR\nGesamtbetrag|300,00 EUR\nSeite 1 von 1");
    dx_invoice *invoice = read_document(0);
    cr_assert_eq(invoice->document_count, 2);
    cr_expect_eq(invoice->documents[0].count, 2);
    cr_expect_str_eq(value(invoice, DX_HEADER_TOTAL), "200.00");
}

Test(documents, repeated_heads_are_one_invoice)
{
    add_page("Acme Testing Ltd\nINVOICE\nInvoice No: A-4711\nInvoice date: 3 May 2024\nWidget|100.00\n"
             "Carried forward|100.00");
    add_page("Acme Testing Ltd\nINVOICE\nInvoice No: A-4711\nInvoice date: 3 May 2024\nBrought forward|100.00\n"
             "Gadget|100.00\nTotal|200.00");
    expect_one();
}

Test(documents, a_page_that_counts_on_is_no_beginning)
{
    add_page("Atelier Bois SARL\nFACTURE\nFacture n° F-17\nDate : 03/04/2024\nPage 1 sur 2\nPlanche|100,00 €");
    add_page("Atelier Bois SARL\nFACTURE\nPage 2 sur 2\nPlanche|100,00 €\nTotal TTC|240,00 €");
    expect_one();
}

Test(documents, terms_and_delivery_notes_stay_with_the_invoice)
{
    add_page(first);
    add_page("GENERAL TERMS\nWe sell by these terms. Prices are net. Goods stay ours until paid.");
    add_page("DELIVERY NOTE\nDelivery note no: 88\nWidget 1 pc");
    expect_one();
}

Test(documents, a_sum_carried_over_is_no_beginning)
{
    add_page("Lampen Nord GmbH\nRechnung Nr. 17 vom 05.03.2024\nLampe|100,00 EUR\nZwischensumme|100,00 EUR");
    add_page("Lampen Nord GmbH\nBeleg-Nr. 99\nÜbertrag|100,00 EUR\nLampe|100,00 EUR\nGesamtbetrag|200,00 EUR");
    expect_one();
}

Test(documents, pages_without_words_belong_to_what_is_before)
{
    add_page(first);
    add_page("");
    expect_one();
}
