#include "languages.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { WORD_MAX = 24, CLEAR = 3 };

/* Words that stand on invoices and receipts of that language and mean nothing in the others; without accents, which the
 * first recognition may miss. */
static const struct {
    const char *language;
    const char *words;
} table[] = {
    {"eng", " the and of to invoice date total amount due number tax tel thank you subtotal cash change quantity price "
            "description payment bill receipt "},
    {"deu",
     " und der die das von mit fur rechnung datum betrag mwst ust bitte wir ihre gesamt summe netto brutto menge "
     "einzelpreis steuernummer kunde nr zzgl lieferschein telefon ihnen "},
    {"fra",
     " et le les des du pour facture montant ttc tva ht quantite prix unitaire designation siret adresse reglement "
     "vous votre nous livraison "},
    {"spa", " el los del para factura importe iva fecha cantidad precio cliente direccion pago cif nif base "
            "imponible usted "},
    {"ita",
     " il di che fattura importo iva quantita prezzo cliente indirizzo pagamento partita codice fiscale imponibile "
     "sconto della "},
    {"nld", " het een van voor factuur datum bedrag btw aantal prijs klant omschrijving totaal incl excl factuurnummer "
            "betaling wij "},
    {"por", " o os da do para fatura valor data quantidade preco cliente endereco pagamento nif contribuinte iva "
            "artigo "},
    {"pol", " i w na do z faktura data nazwa ilosc cena wartosc netto brutto nip sprzedawca nabywca razem zaplaty "
            "kwota vat "}};

enum { LANGUAGES = sizeof table / sizeof *table };

static size_t fold(const char *text, size_t size, char *out)
{
    size_t length = 0;
    for (size_t i = 0; i < size; i++)
        if (isalpha((unsigned char)text[i]) && length < WORD_MAX)
            out[length++] = (char)tolower((unsigned char)text[i]);
    out[length] = '\0';
    return length;
}

const char *dp_language_of(const dp_message *message)
{
    int hits[LANGUAGES] = {0}, best = 0;
    const dx_wire_page *page = &message->pages[message->header.page_count - 1];
    for (uint32_t i = 0; i < page->word_count; i++) {
        const dx_wire_word *word = &message->words[page->first_word + i];
        char folded[WORD_MAX + 3] = " ";
        size_t length = fold(message->blob + word->text_at, word->text_size, folded + 1);
        if (length == 0)
            continue;
        memcpy(folded + 1 + length, " ", 2);
        for (int k = 0; k < LANGUAGES; k++)
            hits[k] += strstr(table[k].words, folded) != NULL;
    }
    for (int k = 1; k < LANGUAGES; k++)
        if (hits[k] > hits[best])
            best = k;
    return hits[best] >= CLEAR ? table[best].language : "eng";
}
