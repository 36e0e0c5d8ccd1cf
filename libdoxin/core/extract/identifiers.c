/* Tax identifiers, registration, bank and contact of the parties: beside their labels, checked where they have check
 * digits, and given to the party whose block is nearest. */
#include "base/value/country.h"
#include "core/extract/fields.h"
#include "core/extract/parties.h"

#include <stdlib.h>
#include <string.h>

enum { COMPACT_MOST = 40, SHORTEST_ID = 9 };

typedef struct found_id {
    const char *text;
    uint32_t first_word, word_count;
    dx_verdict check;
} found_id;

/* Letters and digits of words from a byte on, as long as the words look like groups of one identifier. */
static size_t gather(const dx_reading *reading, uint32_t segment, uint32_t begin, char *out, uint32_t *ends,
                     size_t max_words)
{
    const char *text = reading->layout->segments[segment].text;
    uint32_t at = begin, length = (uint32_t)strlen(text);
    size_t used = 0, words = 0;
    while (at < length && words < max_words) {
        while (at < length && text[at] == ' ')
            at++;
        uint32_t start = at;
        while (at < length && text[at] != ' ' && used < COMPACT_MOST) {
            char c = text[at++];
            if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
                out[used++] = c;
        }
        if (at == start || used >= COMPACT_MOST)
            break;
        ends[words++] = at;
        out[used] = '\0';
    }
    out[used] = '\0';
    return words;
}

typedef dx_verdict (*check_fn)(const char *text, size_t length, char *out);

/* The longest run of words from a byte on that the check accepts. */
static doxin_status check_words(dx_ctx *ctx, const dx_reading *reading, uint32_t segment, uint32_t begin,
                                check_fn check, size_t max_words, found_id *out)
{
    char compact[COMPACT_MOST + 1], best[COMPACT_MOST + 1] = "";
    uint32_t ends[8], end = 0;
    out->check = DX_CHECK_BAD;
    for (size_t words = max_words < 8 ? max_words : 8; words > 0; words--) {
        char result[COMPACT_MOST + 1] = "";
        size_t got = gather(reading, segment, begin, compact, ends, words);
        if (got < words)
            continue;
        dx_verdict state = check(compact, strlen(compact), result);
        if (state > out->check) {
            out->check = state;
            memcpy(best, result, sizeof best);
            end = ends[got - 1];
        }
    }
    /* Something may be glued to it: the longest beginning of the first word that is right. */
    if (out->check == DX_CHECK_BAD && gather(reading, segment, begin, compact, ends, 1) == 1) {
        for (size_t length = strlen(compact); length-- > SHORTEST_ID && out->check == DX_CHECK_BAD;) {
            char result[COMPACT_MOST + 1] = "";
            out->check = check(compact, length, result);
            memcpy(best, result, sizeof best);
            end = ends[0];
        }
    }
    if (out->check == DX_CHECK_BAD)
        return DOXIN_OK;
    out->text = dx_text(ctx, best);
    out->first_word = dx_reading_word_at(reading, segment, begin);
    out->word_count = dx_reading_word_at(reading, segment, end - 1) - out->first_word + 1;
    return out->text ? DOXIN_OK : DOXIN_E_NOMEM;
}

static uint32_t skip_marks(const char *text, uint32_t at)
{
    for (;;) {
        if (text[at] && strchr(" :.#-=)(", text[at]))
            at++;
        else if (strncmp(text + at, "\xC2\xBA", 2) == 0 || strncmp(text + at, "\xC2\xB0", 2) == 0)
            at += 2;
        else
            return at;
    }
}

/* Where the value of a label may begin: behind it, beside it, below it. */
typedef struct value_place {
    uint32_t segment, begin;
} value_place;

static size_t places_of(const dx_reading *reading, const dx_label *label, value_place *out)
{
    size_t count = 0;
    const char *text = reading->layout->segments[label->segment].text;
    if (!label->ends) {
        out[count++] = (value_place){label->segment, skip_marks(text, label->end)};
        return count;
    }
    uint32_t right = dx_reading_right_of(reading, label), below[1];
    if (right != DX_NO_INDEX)
        out[count++] = (value_place){right, skip_marks(reading->layout->segments[right].text, 0)};
    if (dx_reading_below(reading, label, below, 1) == 1) {
        const dx_segment *segment = &reading->layout->segments[below[0]];
        uint32_t begin = 0;
        for (uint32_t i = 0; i < segment->word_count; i++) {
            if (reading->layout->words[segment->first_word + i].box.x1 > label->box.x0) {
                begin = reading->segments[below[0]].offsets[i];
                break;
            }
        }
        out[count++] = (value_place){below[0], skip_marks(segment->text, begin)};
    }
    return count;
}

static doxin_status plain_identifier(dx_ctx *ctx, const dx_reading *reading, const value_place *place, found_id *out)
{
    const char *text = reading->layout->segments[place->segment].text;
    dx_text_span span = dx_identifier_at(text, place->begin, (uint32_t)strlen(text));
    out->text = NULL;
    dx_number_scan amount;
    if (span.end - span.begin < 4 || memchr(text + span.begin, ',', span.end - span.begin) ||
        (dx_number_scan_text(text + span.begin, span.end - span.begin, &reading->hypotheses, &amount) &&
         amount.number.scale > 0))
        return DOXIN_OK;
    out->text = dx_textn(ctx, text + span.begin, span.end - span.begin);
    out->first_word = dx_reading_word_at(reading, place->segment, span.begin);
    out->word_count = dx_reading_word_at(reading, place->segment, span.end - 1) - out->first_word + 1;
    out->check = DX_CHECK_BAD;
    return out->text ? DOXIN_OK : DOXIN_E_NOMEM;
}

/* Swiss identifiers end with the tax's name: "CHE-123.456.789 MWST". */
static doxin_status add_swiss_suffix(dx_ctx *ctx, const dx_reading *reading, found_id *found)
{
    uint32_t next = found->first_word + found->word_count;
    if (!found->text || strncmp(found->text, "CHE", 3) != 0 || next >= reading->layout->word_count)
        return DOXIN_OK;
    static const char *const suffixes[] = {"MWST", "TVA", "IVA"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (strncmp(reading->layout->words[next].text, suffixes[i], strlen(suffixes[i])) != 0)
            continue;
        found->text = dx_textf(ctx, "%s %s", found->text, suffixes[i]);
        found->word_count++;
        return found->text ? DOXIN_OK : DOXIN_E_NOMEM;
    }
    return DOXIN_OK;
}

/* Does a word stand in the block of a party, or within a few lines below it in its column? */
static bool belongs_to(const dx_reading *reading, const dx_party *party, uint32_t word)
{
    const dx_layout_word *source = &reading->layout->words[word];
    const dx_segment *segment = &reading->layout->segments[source->segment];
    int32_t below = source->box.y0 - party->box.y1, above = party->box.y0 - source->box.y1;
    int32_t slack = 3 * source->font_size;
    return segment->page == party->page && below < 7 * source->font_size && above < 4 * source->font_size &&
           segment->box.x0 > party->box.x0 - slack && segment->box.x0 < party->box.x1 + slack;
}

static int owner_score(const dx_reading *reading, const dx_parties *parties, uint32_t word)
{
    if (parties->vendor >= 0 && belongs_to(reading, &parties->items[parties->vendor], word))
        return 150;
    if (parties->customer >= 0 && belongs_to(reading, &parties->items[parties->customer], word))
        return -300;
    return 0;
}

typedef struct best_id {
    found_id found;
    int score;
    bool any;
} best_id;

static void consider(best_id *best, const found_id *found, int score)
{
    if (best->any && best->score >= score)
        return;
    best->found = *found;
    best->score = score;
    best->any = true;
}

static doxin_status vat_of_label(dx_ctx *ctx, const dx_reading *reading, const dx_parties *parties,
                                 const dx_label *label, best_id *vendor, best_id *customer, best_id *tax_number)
{
    bool yours = dx_label_term(label, DX_TERM_CUSTOMER_VAT) != NULL;
    bool vat = yours || dx_label_term(label, DX_TERM_VAT_ID), number = dx_label_term(label, DX_TERM_TAX_NUMBER) != NULL;
    if (!vat && !number)
        return DOXIN_OK;
    value_place places[3];
    size_t count = places_of(reading, label, places);
    for (size_t i = 0; i < count; i++) {
        found_id found = {0};
        doxin_status status = check_words(ctx, reading, places[i].segment, places[i].begin, dx_vat_check, 5, &found);
        if (status == DOXIN_OK && found.check == DX_CHECK_BAD)
            status = plain_identifier(ctx, reading, &places[i], &found);
        if (status == DOXIN_OK)
            status = add_swiss_suffix(ctx, reading, &found);
        if (status != DOXIN_OK)
            return status;
        if (!found.text)
            continue;
        int owner = owner_score(reading, parties, found.first_word);
        int score = 100 + (found.check == DX_CHECK_GOOD ? 80 : found.check == DX_CHECK_FORM ? 60 : 0) - 60 * (int)i;
        if (yours || owner < 0)
            consider(customer, &found, score - owner);
        else
            consider(vat ? vendor : tax_number, &found, score + owner);
        break;
    }
    return DOXIN_OK;
}

/* A VAT identifier without a label; "DE123456789" is plain enough. */
static doxin_status vat_anywhere(dx_ctx *ctx, const dx_reading *reading, const dx_parties *parties, best_id *vendor)
{
    for (uint32_t i = 0; i < reading->layout->word_count; i++) {
        const dx_layout_word *word = &reading->layout->words[i];
        char compact[COMPACT_MOST + 1];
        if (word->size < 9 || word->size > 16 || word->text[0] < 'A' || word->text[0] > 'Z' ||
            dx_vat_check(word->text, (size_t)word->size, compact) == DX_CHECK_BAD)
            continue;
        found_id found = {dx_text(ctx, compact), i, 1, DX_CHECK_FORM};
        if (!found.text)
            return DOXIN_E_NOMEM;
        int owner = owner_score(reading, parties, i);
        if (owner >= 0)
            consider(vendor, &found, owner);
    }
    return DOXIN_OK;
}

static doxin_status set_found(dx_ctx *ctx, const dx_reading *reading, dx_invoice *invoice, dx_header_id id,
                              const best_id *best, int confidence)
{
    if (!best->any)
        return DOXIN_OK;
    const char *note = best->found.check == DX_CHECK_GOOD ? "its check digits are right" : "stands at its label";
    return dx_set_text(ctx, reading, &invoice->header[id], best->found.text, best->found.first_word,
                       best->found.word_count, confidence, note);
}

static doxin_status tax_ids(dx_ctx *ctx, const dx_reading *reading, const dx_parties *parties, dx_invoice *invoice)
{
    best_id vendor = {0}, customer = {0}, number = {0};
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; i < reading->label_count && status == DOXIN_OK; i++)
        status = vat_of_label(ctx, reading, parties, &reading->labels[i], &vendor, &customer, &number);
    if (status == DOXIN_OK && !vendor.any)
        status = vat_anywhere(ctx, reading, parties, &vendor);
    bool prefer_number = number.any && (!vendor.any || number.score > vendor.score + 20);
    if (status == DOXIN_OK)
        status = set_found(ctx, reading, invoice, DX_HEADER_VENDOR_TAX_ID, prefer_number ? &number : &vendor,
                           dx_confidence_from(prefer_number ? number.score : vendor.score + 50));
    if (status == DOXIN_OK)
        status =
            set_found(ctx, reading, invoice, DX_HEADER_VENDOR_TAX_NUMBER, &number, dx_confidence_from(number.score));
    if (status == DOXIN_OK)
        status =
            set_found(ctx, reading, invoice, DX_HEADER_CUSTOMER_TAX_ID, &customer, dx_confidence_from(customer.score));
    return status;
}

static doxin_status bank(dx_ctx *ctx, const dx_reading *reading, dx_invoice *invoice)
{
    best_id iban = {0}, bic = {0};
    for (size_t i = 0; i < reading->label_count; i++) {
        const dx_label *label = &reading->labels[i];
        bool is_iban = dx_label_term(label, DX_TERM_IBAN) != NULL, is_bic = dx_label_term(label, DX_TERM_BIC) != NULL;
        if (!is_iban && !is_bic)
            continue;
        value_place places[3];
        size_t count = places_of(reading, label, places);
        for (size_t k = 0; k < count; k++) {
            found_id found = {0};
            doxin_status status = check_words(ctx, reading, places[k].segment, places[k].begin,
                                              is_iban ? dx_iban_check : dx_bic_check, is_iban ? 8 : 1, &found);
            if (status != DOXIN_OK)
                return status;
            if (found.check != DX_CHECK_BAD)
                consider(is_iban ? &iban : &bic, &found, 100 * (int)found.check);
        }
    }
    for (uint32_t i = 0; !iban.any && i < reading->layout->segment_count; i++) {
        for (uint32_t w = 0; w < reading->layout->segments[i].word_count && !iban.any; w++) {
            const char *text = reading->layout->segments[i].text + reading->segments[i].offsets[w];
            if (text[0] < 'A' || text[0] > 'Z' || text[1] < 'A' || text[1] > 'Z' || text[2] < '0' || text[2] > '9')
                continue;
            found_id found = {0};
            doxin_status status =
                check_words(ctx, reading, i, reading->segments[i].offsets[w], dx_iban_check, 8, &found);
            if (status != DOXIN_OK)
                return status;
            if (found.check == DX_CHECK_GOOD)
                consider(&iban, &found, 100);
        }
    }
    doxin_status status =
        set_found(ctx, reading, invoice, DX_HEADER_VENDOR_IBAN, &iban, iban.found.check == DX_CHECK_GOOD ? 980 : 700);
    return status == DOXIN_OK ? set_found(ctx, reading, invoice, DX_HEADER_VENDOR_BIC, &bic, 900) : status;
}

static const char *owner_path(const dx_reading *reading, const dx_parties *parties, uint32_t word)
{
    return owner_score(reading, parties, word) < 0 ? "customer" : "vendor";
}

static doxin_status contact_word(dx_ctx *ctx, const dx_reading *reading, const dx_parties *parties, uint32_t index,
                                 dx_invoice *invoice)
{
    const dx_layout_word *word = &reading->layout->words[index];
    bool customer = strcmp(owner_path(reading, parties, index), "customer") == 0;
    const char *at = strchr(word->text, '@');
    if (at && at > word->text && strchr(at, '.')) {
        dx_field *field = &invoice->header[customer ? DX_HEADER_CUSTOMER_EMAIL : DX_HEADER_VENDOR_EMAIL];
        const char *begin = strrchr(word->text, ':');
        begin = begin ? begin + 1 : word->text;
        return field->present
                   ? DOXIN_OK
                   : dx_set_text(ctx, reading, field, begin, index, 1, 850, "has the form of an e-mail address");
    }
    bool web = strncmp(word->text, "www.", 4) == 0 || strncmp(word->text, "http", 4) == 0;
    dx_field *field = &invoice->header[DX_HEADER_VENDOR_WEBSITE];
    if (web && !customer && !field->present)
        return dx_set_text(ctx, reading, field, word->text, index, 1, 800, "has the form of an address in the web");
    return DOXIN_OK;
}

doxin_status dx_party_identifiers(dx_ctx *ctx, const dx_reading *reading, const dx_parties *parties,
                                  dx_invoice *invoice)
{
    doxin_status status = tax_ids(ctx, reading, parties, invoice);
    if (status == DOXIN_OK)
        status = bank(ctx, reading, invoice);
    for (uint32_t i = 0; status == DOXIN_OK && i < reading->layout->word_count; i++)
        status = contact_word(ctx, reading, parties, i, invoice);
    return status;
}
