/* What a document is: pages of every kind in several languages, and what is not taken from those that are no invoice. */
#include "base/rt/alloc.h"
#include "base/rt/json_write.h"
#include "core/extract/extract.h"
#include "page_builder.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static dx_ctx ctx;
static built_page page;

static void forget_words(void)
{
    for (size_t i = 0; i < page.page.word_count; i++)
        free((void *)(uintptr_t)page.words[i].text);
    page.page.word_count = 0;
}

static void begin(void)
{
    cr_assert(dx_ctx_init(&ctx, 0));
}

static void end(void)
{
    forget_words();
    dx_ctx_destroy(&ctx);
}

TestSuite(kind, .init = begin, .fini = end);

typedef struct sample {
    dx_document_kind kind;
    const char *title; /* larger than the rest; "": none */
    const char *lines; /* parted by newline; "left|right": the second is set to the right */
} sample;

static dx_invoice *read_sample(const sample *from)
{
    built_page *all[] = {&page};
    int y = 60;
    forget_words();
    page_begin(&page, 1);
    page_text(&page, 50, y, from->title);
    for (size_t i = 0; i < page.page.word_count; i++) {
        page.words[i].font_size = 2 * PAGE_FONT;
        page.words[i].box.y1 += PAGE_FONT;
    }
    y += 40;
    for (const char *line = from->lines; *line; y += 16) {
        char text[200];
        size_t size = strcspn(line, "\n");
        snprintf(text, sizeof text, "%.*s", (int)size, line);
        char *right = strchr(text, '|');
        if (right)
            *right = '\0';
        page_text(&page, 50, y, text);
        if (right)
            page_right(&page, 560, y, right + 1);
        line += size + (line[size] == '\n');
    }
    dx_pages *pages = page_document(&ctx, all, 1);
    dx_invoice *invoice = NULL;
    cr_assert_eq(dx_extract(&ctx, pages, NULL, &invoice), DOXIN_OK, "%s", ctx.error.message);
    return invoice;
}

static const char *scores_of(void)
{
    built_page *all[] = {&page};
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    cr_assert_eq(dx_extract_explain(&ctx, page_document(&ctx, all, 1), NULL, "kinds", &writer), DOXIN_OK);
    char *text = dx_buffer_take(&buffer, NULL);
    char *kept = dx_text(&ctx, text);
    dx_free(text);
    return kept;
}

static bool warned(const dx_invoice *invoice)
{
    for (size_t i = 0; i < invoice->warning_count; i++)
        if (strcmp(invoice->warnings[i].code, "not_an_invoice") == 0)
            return true;
    return false;
}

static void expect_all(const sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        dx_invoice *invoice = read_sample(&samples[i]);
        bool none = samples[i].kind >= DX_KIND_PURCHASE_ORDER;
        cr_expect_eq(invoice->kind, samples[i].kind, "%s / %.30s: %s\n%s", samples[i].title, samples[i].lines,
                     dx_kind_name(invoice->kind), invoice->kind == samples[i].kind ? "" : scores_of());
        cr_expect_eq(warned(invoice), none, "%s / %.30s", samples[i].title, samples[i].lines);
    }
}

#define EXPECT_ALL(samples) expect_all(samples, sizeof samples / sizeof *samples)

#define SUMS_EN "Subtotal|1,000.00\nVAT 20%|200.00\nTotal|1,200.00\n"
#define SUMS_DE "Nettobetrag|1.000,00 EUR\nzzgl. 19 % MwSt|190,00 EUR\nGesamtbetrag|1.190,00 EUR\n"
#define SUMS_FR "Total HT|1 000,00 €\nTVA 20 %|200,00 €\nTotal TTC|1 200,00 €\n"

Test(kind, invoices_that_mention_other_papers)
{
    static const sample samples[] = {
        {DX_KIND_INVOICE, "INVOICE",
         "Acme Testing Ltd\nInvoice No: 4711\nDate: 3 May 2024\nPurchase order: PO-99\nDelivery note: 88\n" SUMS_EN},
        {DX_KIND_INVOICE, "",
         "Lampen Nord GmbH\nRechnung Nr. 4711 vom 05.03.2024\nBestellung: 99\nLieferschein: 17\nAngebot: 12\n" SUMS_DE},
        {DX_KIND_INVOICE, "RECHNUNG",
         "Lampen Nord GmbH\nRechnungsnummer: 4711\nDatum: 05.03.2024\nSehr geehrte Damen und Herren,\n"
         "wie im Angebot vom 1.2.2024 berechnen wir Ihnen:\n" SUMS_DE "Mit freundlichen Grüßen"},
        {DX_KIND_INVOICE, "",
         "Atelier Bois SARL\nFacture n° 2024-17\nDate : 03/04/2024\nBon de commande : 55\nDevis : D-12\n" SUMS_FR},
        {DX_KIND_INVOICE, "FACTURA",
         "Muebles Ejemplo SL\nNúmero de factura: 17\nFecha: 03/04/2024\nPedido: 44\nBase imponible|100,00 €\n"
         "IVA 21 %|21,00 €\nTotal|121,00 €"},
        {DX_KIND_INVOICE, "FATTURA",
         "Esempio SRL\nFattura n. 17 del 03/04/2024\nDDT n. 8 del 01/04/2024\nImponibile|100,00 €\n"
         "IVA 22 %|22,00 €\nTotale|122,00 €"},
        {DX_KIND_INVOICE, "FACTUUR",
         "Voorbeeld BV\nFactuurnummer: 17\nFactuurdatum: 03-04-2024\nPakbon: 12\nSubtotaal|100,00\n"
         "BTW 21%|21,00\nTotaal|121,00"},
        {DX_KIND_INVOICE, "FAKTURA VAT",
         "Przykład sp. z o.o.\nNumer faktury: 17/2024\nData wystawienia: 03.04.2024\nZamówienie: 12\n"
         "Netto|100,00 PLN\nVAT 23%|23,00 PLN\nRazem|123,00 PLN"},
        {DX_KIND_INVOICE, "",
         "Acme Testing Ltd\nInvoice number 4711\nPrevious balance|10.00\nThis statement shows what you owe\n" SUMS_EN},
    };
    EXPECT_ALL(samples);
}

Test(kind, credit_notes_and_corrections)
{
    static const sample samples[] = {
        {DX_KIND_CREDIT_NOTE, "CREDIT NOTE",
         "Acme Testing Ltd\nCredit note no: 12\nDate: 3 May 2024\nOriginal invoice: 4711\n" SUMS_EN},
        {DX_KIND_CREDIT_NOTE, "GUTSCHRIFT",
         "Lampen Nord GmbH\nNr. 12 vom 05.03.2024\nzu Rechnung Nr. 4711 vom 01.02.2024\n" SUMS_DE},
        {DX_KIND_CREDIT_NOTE, "AVOIR", "Atelier Bois SARL\nAvoir n° 12 du 03/04/2024\nFacture n° 2024-17\n" SUMS_FR},
        {DX_KIND_CREDIT_NOTE, "CREDITNOTA",
         "Voorbeeld BV\nNummer: 12\nDatum: 03-04-2024\nFactuur: 17\nSubtotaal|-100,00\nBTW 21%|-21,00\nTotaal|-121,00"},
        {DX_KIND_CORRECTED, "RECHNUNGSKORREKTUR",
         "Lampen Nord GmbH\nNr. 12 vom 05.03.2024\nzu Rechnung Nr. 4711 vom 01.02.2024\n" SUMS_DE},
        {DX_KIND_CORRECTED, "FACTURA RECTIFICATIVA",
         "Muebles Ejemplo SL\nNúmero: 17\nFecha: 03/04/2024\nBase imponible|-100,00 €\nIVA 21 %|-21,00 €\n"
         "Total|-121,00 €"},
    };
    EXPECT_ALL(samples);
}

Test(kind, receipts)
{
    static const sample samples[] = {
        {DX_KIND_RECEIPT, "RECEIPT",
         "Corner Cafe\nDate: 04/05/2024\nCoffee|3.50\nCake|4.00\nTotal|7.50\nCash|10.00\nChange|2.50\n"
         "Thank you for your purchase"},
        {DX_KIND_RECEIPT, "",
         "Bäckerei Muster\nBon-Nr. 17 04.05.2024\nBrot|3,50\nSumme|3,50 EUR\nGegeben bar|5,00\nRückgeld|1,50\n"
         "Es bediente Sie Anna"},
        {DX_KIND_RECEIPT, "收據", "日期 2024/05/04\n咖啡|120\n總計|120\n現金|200\n找零|80"},
        {DX_KIND_RECEIPT, "TICKET DE CAISSE",
         "Café du Coin\n04/05/2024\nCafé|3,50\nTotal|3,50 €\nEspèces|5,00\nRendu|1,50\nMerci de votre visite"},
    };
    EXPECT_ALL(samples);
}

Test(kind, purchase_orders)
{
    static const sample samples[] = {
        {DX_KIND_PURCHASE_ORDER, "PURCHASE ORDER",
         "Harbour Supplies Inc\nPO Number: 4500017\nDate: 3 May 2024\nVendor: Acme Testing Ltd\nShip to: Dock 4\n"
         "Please send invoice to our office\n" SUMS_EN "Authorized signature"},
        {DX_KIND_PURCHASE_ORDER, "BESTELLUNG",
         "Hafen Bedarf GmbH\nBestellnummer: 4500017\nDatum: 03.05.2024\nHiermit bestellen wir:\n" SUMS_DE},
        {DX_KIND_PURCHASE_ORDER, "BON DE COMMANDE",
         "Port Fournitures SA\nN° 4500017\nDate : 03/05/2024\nVeuillez livrer :\n" SUMS_FR},
        {DX_KIND_PURCHASE_ORDER, "ORDINE DI ACQUISTO",
         "Porto Forniture SPA\nNumero: 45\nData: 03/05/2024\nInviare fattura a: sede\nTotale|122,00 €"},
        {DX_KIND_PURCHASE_ORDER, "INKOOPORDER",
         "Haven BV\nOrdernummer: 45\nDatum: 03-05-2024\nFactuur sturen naar: administratie\nTotaal|121,00"},
        {DX_KIND_PURCHASE_ORDER, "ZAMÓWIENIE", "Port sp. z o.o.\nNumer: 45\nZamawiamy:\nRazem|123,00 PLN"},
    };
    EXPECT_ALL(samples);
}

Test(kind, statements)
{
    static const sample samples[] = {
        {DX_KIND_STATEMENT, "STATEMENT OF ACCOUNT",
         "Acme Testing Ltd\nDate: 31 May 2024\nOpening balance|120.00\n01/05/2024 Invoice 4711|500.00\n"
         "10/05/2024 Payment|-120.00\n20/05/2024 Invoice 4720|80.00\nClosing balance|580.00\n"
         "0-30 days 31-60 days 61-90 days over 90 days"},
        {DX_KIND_STATEMENT, "KONTOAUSZUG",
         "Musterbank AG\nKontoauszug vom 31.05.2024\nAlter Saldo|120,00\n02.05. Überweisung|-20,00\nNeuer "
         "Saldo|100,00"},
        {DX_KIND_STATEMENT, "RELEVÉ DE COMPTE",
         "Atelier Bois SARL\n31/05/2024\nAncien solde|120,00\nFacture 17|500,00\nNouveau solde|620,00"},
        {DX_KIND_STATEMENT, "ESTRATTO CONTO", "Esempio SRL\n31/05/2024\nSaldo iniziale|120,00\nSaldo finale|100,00"},
    };
    EXPECT_ALL(samples);
}

#define ITEMS_DE "Pos|Menge\n10 Schrauben|100 Stk\n20 Muttern|200 Stk\n"

Test(kind, documents_that_are_no_invoice)
{
    static const sample samples[] = {
        {DX_KIND_OTHER, "LIEFERSCHEIN",
         "Lampen Nord GmbH\nLieferschein-Nr. 17\nDatum: 05.03.2024\n" ITEMS_DE "Ware ordnungsgemäß erhalten"},
        {DX_KIND_OTHER, "ANGEBOT", "Lampen Nord GmbH\nAngebot Nr. 17 vom 05.03.2024\n" SUMS_DE "Gültig bis 05.04.2024"},
        {DX_KIND_OTHER, "QUOTATION",
         "Acme Testing Ltd\nQuote no: 17\nDate: 3 May 2024\n" SUMS_EN "Valid until 3 June 2024"},
        {DX_KIND_OTHER, "Auftragsbestätigung",
         "Lampen Nord GmbH\nNr. 17 vom 05.03.2024\nIhre Bestellung: 99\n" SUMS_DE},
        {DX_KIND_OTHER, "Zahlungserinnerung",
         "Lampen Nord GmbH\n05.03.2024\nSehr geehrte Damen und Herren,\nfür unsere Rechnung Nr. 4711 vom 01.02.2024\n"
         "haben wir noch keinen Zahlungseingang feststellen können.\nOffener Betrag|1.190,00 EUR"},
        {DX_KIND_OTHER, "DEVIS", "Atelier Bois SARL\nDevis n° 17 du 03/04/2024\n" SUMS_FR "Devis valable 30 jours"},
        {DX_KIND_OTHER, "PRESUPUESTO",
         "Muebles Ejemplo SL\nNúmero: 17\nFecha: 03/04/2024\nTotal|121,00 €\nVálido hasta 1/6/2024"},
        {DX_KIND_OTHER, "DOCUMENTO DI TRASPORTO",
         "Esempio SRL\nDDT n. 17 del 03/04/2024\nCausale del trasporto: vendita\nNumero colli: 3"},
        {DX_KIND_OTHER, "PAKBON", "Voorbeeld BV\nPakbonnummer: 17\nDatum: 03-04-2024\nIn goede orde ontvangen"},
        {DX_KIND_OTHER, "ORÇAMENTO",
         "Exemplo Lda\nNúmero: 17\nData: 03/04/2024\nTotal|121,00 €\nValidade da proposta: 30 dias"},
        {DX_KIND_OTHER, "",
         "Miriam Example\n12 Example Street\n3 May 2024\nDear Mr Sample,\nthank you for your letter of last week. We "
         "spoke about it\nand would like to invite you to our office. The sum of 400.00 that you\nmentioned is not "
         "what "
         "we had agreed, which was 350.00 in total.\nPlease call us.\nYours sincerely"},
        {DX_KIND_OTHER, "",
         "Miriam Beispiel\nMusterweg 3, 99001 Musterstadt\n5. März 2024\nSehr geehrte Frau Muster,\n"
         "vielen Dank für Ihr Schreiben. Die 400,00 EUR, die Sie darin nennen,\nhaben wir nie vereinbart; insgesamt "
         "waren es 350,00 EUR.\nMit freundlichen Grüßen"},
    };
    EXPECT_ALL(samples);
}

Test(kind, a_letter_gets_no_total)
{
    static const sample letter = {
        DX_KIND_OTHER, "",
        "Miriam Example\n12 Example Street\n3 May 2024\nDear Mr Sample,\nthank you for your letter of last week. We "
        "spoke about it\nand would like to invite you to our office. The total of 400.00 that you\nmentioned is not "
        "what we had agreed, which was 350.00.\nPlease call us.\nYours sincerely"};
    dx_invoice *invoice = read_sample(&letter);
    cr_expect_not(invoice->header[DX_HEADER_TOTAL].present);
    cr_expect_not(invoice->header[DX_HEADER_SUBTOTAL].present);
    cr_expect_not(invoice->header[DX_HEADER_NUMBER].present);
    cr_expect_eq(invoice->line_count, 0);
}

Test(kind, a_quotation_keeps_what_stands_at_its_label)
{
    static const sample quote = {DX_KIND_OTHER, "ANGEBOT",
                                 "Lampen Nord GmbH\nAngebot Nr. 17 vom 05.03.2024\n" SUMS_DE "Gültig bis 05.04.2024"};
    dx_invoice *invoice = read_sample(&quote);
    cr_assert(invoice->header[DX_HEADER_TOTAL].present);
    cr_expect_str_eq(invoice->header[DX_HEADER_TOTAL].text, "1190.00");
    cr_assert_eq(invoice->warning_count, 1);
    cr_expect_str_eq(invoice->warnings[0].message,
                     "the page says \"ANGEBOT\": this is a document of another kind and no invoice");
}

Test(kind, an_empty_page_is_unknown)
{
    static const sample nothing = {DX_KIND_UNKNOWN, "", ""};
    cr_expect_eq(read_sample(&nothing)->kind, DX_KIND_UNKNOWN);
    cr_expect_not(warned(read_sample(&nothing)));
}
