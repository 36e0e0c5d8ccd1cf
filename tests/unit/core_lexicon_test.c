#include "core/lexicon/lexicon.h"

#include <criterion/criterion.h>
#include <string.h>

static dx_ctx ctx;

static void begin(void)
{
    cr_assert(dx_ctx_init(&ctx, 0));
}

static void end(void)
{
    dx_ctx_destroy(&ctx);
}

TestSuite(lexicon, .init = begin, .fini = end);

static dx_tokens cut(const char *text, bool ocr)
{
    dx_tokens tokens = {0};
    cr_assert_eq(dx_lexicon_tokens(&ctx, text, strlen(text), ocr, &tokens), DOXIN_OK);
    return tokens;
}

static bool means(const char *text, dx_concept concept)
{
    dx_tokens tokens = cut(text, false);
    dx_term term;
    return dx_lexicon_is(&tokens, concept, &term);
}

Test(lexicon, folds_and_cuts)
{
    dx_tokens tokens = cut("Fällig  am: 3 % #7", false);
    static const char *const expected[] = {"fallig", "am", "3", "%", "#", "7"};
    cr_assert_eq(tokens.count, 6);
    for (size_t i = 0; i < 6; i++)
        cr_expect_str_eq(tokens.items[i].text, expected[i]);
    cr_expect_eq(tokens.items[1].begin, strlen("Fällig  "));
}

Test(lexicon, knows_labels_of_every_language)
{
    cr_expect(means("Invoice No.", DX_TERM_NUMBER));
    cr_expect(means("Rechnungsnummer:", DX_TERM_NUMBER));
    cr_expect(means("Facture N°", DX_TERM_NUMBER));
    cr_expect(means("N.º de factura", DX_TERM_NUMBER) || means("Nº factura", DX_TERM_NUMBER));
    cr_expect(means("Data di scadenza", DX_TERM_DUE_DATE));
    cr_expect(means("Te betalen", DX_TERM_TOTAL));
    cr_expect(means("Condições de pagamento", DX_TERM_PAYMENT_TERMS));
    cr_expect(means("Data wystawienia", DX_TERM_DATE));
    cr_expect(means("總計", DX_TERM_TOTAL));
    cr_expect_not(means("Rechnungsnummer", DX_TERM_DUE_DATE));
    cr_expect_not(means("blue chair", DX_TERM_NUMBER));
}

Test(lexicon, gives_months_their_numbers)
{
    dx_tokens tokens = cut("März", false);
    dx_term term;
    cr_assert(dx_lexicon_find(&tokens, 0, DX_TERM_MONTH, &term));
    cr_expect_eq(term.argument, 3);
    tokens = cut("października", false);
    cr_assert(dx_lexicon_find(&tokens, 0, DX_TERM_MONTH, &term));
    cr_expect_eq(term.argument, 10);
}

Test(lexicon, takes_the_longest_first)
{
    dx_tokens tokens = cut("Total amount due today", false);
    dx_term terms[16];
    size_t count = dx_lexicon_at(&tokens, 0, terms, 16);
    cr_assert_gt(count, 1);
    cr_expect_eq(terms[0].end, 3);
    for (size_t i = 1; i < count; i++)
        cr_expect_leq(terms[i].end, terms[i - 1].end);
}

Test(lexicon, joins_what_a_hyphen_or_bad_spacing_cut)
{
    cr_expect(means("Beleg-Datum", DX_TERM_DATE));
    cr_expect(means("Br uttosumme", DX_TERM_TOTAL));
    cr_expect_eq(cut("net total", false).count, 2);
}

Test(lexicon, reads_misread_words_of_a_scan_only)
{
    dx_tokens scan = cut("T0TAL", true), text = cut("T0TAL", false);
    dx_term term;
    cr_expect(dx_lexicon_find(&scan, 0, DX_TERM_TOTAL, &term));
    cr_expect_not(dx_lexicon_find(&text, 0, DX_TERM_TOTAL, &term));
    scan = cut("Rechnunqsdatum", true);
    cr_expect(dx_lexicon_find(&scan, 0, DX_TERM_DATE, &term));
}

Test(lexicon, keeps_an_underscore_inside_a_word)
{
    cr_expect_eq(cut("invoice_number_1", false).count, 1);
}

Test(lexicon, names_its_concepts)
{
    cr_expect_str_eq(dx_concept_name(DX_TERM_NUMBER), "invoice_number");
    cr_expect_eq(dx_concept_group_of(DX_TERM_TOTAL), DX_GROUP_AMOUNT);
    cr_expect_eq(dx_concept_group_of(DX_TERM_BILL_TO), DX_GROUP_PARTY);
    cr_assert_geq(dx_lexicon_language_count(), 8);
    cr_expect_str_eq(dx_lexicon_language(0), "en");
    cr_expect_str_eq(dx_lexicon_language(1000), "");
}
