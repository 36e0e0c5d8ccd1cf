/* The parties of an invoice: names and address parts from the blocks that were chosen. */
#include "core/extract/parties.h"

#include "base/value/country.h"

#include <string.h>

typedef struct party_fields {
    dx_header_id name, street, street2, postal_code, city, country, address;
} party_fields;

static const party_fields vendor_fields = {
    DX_HEADER_VENDOR_NAME, DX_HEADER_VENDOR_STREET,  DX_HEADER_VENDOR_STREET2, DX_HEADER_VENDOR_POSTAL_CODE,
    DX_HEADER_VENDOR_CITY, DX_HEADER_VENDOR_COUNTRY, DX_HEADER_VENDOR_ADDRESS};
static const party_fields customer_fields = {
    DX_HEADER_CUSTOMER_NAME, DX_HEADER_CUSTOMER_STREET,  DX_HEADER_CUSTOMER_STREET2, DX_HEADER_CUSTOMER_POSTAL_CODE,
    DX_HEADER_CUSTOMER_CITY, DX_HEADER_CUSTOMER_COUNTRY, DX_HEADER_CUSTOMER_ADDRESS};

/* "Attn: …", "z. Hd. …": whom it goes to, not where. */
static bool is_contact(dx_ctx *ctx, const char *text)
{
    dx_tokens tokens = {0};
    dx_term term;
    return dx_lexicon_tokens(ctx, text, strlen(text), false, &tokens) == DOXIN_OK && tokens.count > 0 &&
           dx_lexicon_find(&tokens, 0, DX_TERM_CONTACT, &term);
}

static bool is_street(dx_ctx *ctx, const char *text)
{
    return strpbrk(text, "0123456789") || dx_has_term(ctx, text, DX_TERM_STREET_WORD);
}

static doxin_status set_line(dx_ctx *ctx, const dx_reading *reading, dx_invoice *invoice, dx_header_id field,
                             const dx_party_line *line, int confidence)
{
    return dx_set_text(ctx, reading, &invoice->header[field], line->text, line->first_word, line->word_count,
                       confidence, "part of the party's block");
}

static doxin_status set_place(dx_ctx *ctx, const dx_reading *reading, const dx_party *party, const party_fields *fields,
                              int confidence, dx_invoice *invoice)
{
    const dx_party_line *line = &party->lines[party->postal];
    const dx_postal *place = &party->place;
    char *code = dx_textn(ctx, line->text + place->code_begin, place->code_end - place->code_begin);
    if (!code)
        return DOXIN_E_NOMEM;
    doxin_status status = dx_set_text(ctx, reading, &invoice->header[fields->postal_code], code, line->first_word,
                                      line->word_count, confidence, "has the form of a postal code");
    size_t begin = place->code_begin > place->begin ? place->begin : place->code_end;
    size_t end = place->code_begin > place->begin ? place->code_begin : place->end;
    while (begin < end && strchr(" ,", line->text[begin]))
        begin++;
    while (end > begin && strchr(" ,-", line->text[end - 1]))
        end--;
    char *city = dx_textn(ctx, line->text + begin, end - begin);
    if (!city)
        return DOXIN_E_NOMEM;
    if (status == DOXIN_OK && *city)
        status = dx_set_text(ctx, reading, &invoice->header[fields->city], city, line->first_word, line->word_count,
                             confidence, "stands beside the postal code");
    if (status == DOXIN_OK && place->country)
        status = dx_set_text(ctx, reading, &invoice->header[fields->country], place->country, line->first_word,
                             line->word_count, confidence, "follows from the postal code");
    return status;
}

/* Lines between name and town are the street and what belongs to it. */
static doxin_status set_address(dx_ctx *ctx, const dx_reading *reading, const dx_party *party,
                                const party_fields *fields, int confidence, dx_invoice *invoice)
{
    char *address = NULL;
    size_t last = party->postal >= 0 ? (size_t)party->postal : party->count;
    uint32_t first_word = 0, end_word = 0;
    doxin_status status = DOXIN_OK;
    int streets = 0;
    size_t first = party->name_line + 1;
    /* Persons and departments between the name and the street are no part of the address. */
    while (first < last && !is_street(ctx, party->lines[first].text))
        first++;
    for (size_t i = first; i <= last && i < party->count && status == DOXIN_OK; i++) {
        const dx_party_line *line = &party->lines[i];
        const char *text = line->text;
        bool town = (int)i == party->postal;
        if (!town && is_contact(ctx, text))
            continue;
        if (town) {
            text = dx_textn(ctx, text + party->place.begin, party->place.end - party->place.begin);
        } else if (streets < 2) {
            status = set_line(ctx, reading, invoice, streets == 0 ? fields->street : fields->street2, line, confidence);
            streets++;
        }
        address = address ? dx_textf(ctx, "%s, %s", address, text) : dx_text(ctx, text);
        if (!text || !address)
            return DOXIN_E_NOMEM;
        if (end_word == 0)
            first_word = line->first_word;
        end_word = line->first_word + line->word_count;
    }
    if (status != DOXIN_OK || !address)
        return status;
    return dx_set_text(ctx, reading, &invoice->header[fields->address], address, first_word,
                       end_word > first_word ? end_word - first_word : 1, confidence, "part of the party's block");
}

static doxin_status set_party(dx_ctx *ctx, const dx_reading *reading, const dx_party *party, const party_fields *fields,
                              int score, dx_invoice *invoice)
{
    int confidence = dx_confidence_from(score < 400 ? score : 400);
    doxin_status status = set_line(ctx, reading, invoice, fields->name, &party->lines[party->name_line], confidence);
    if (status == DOXIN_OK && party->postal >= 0)
        status = set_place(ctx, reading, party, fields, confidence, invoice);
    if (status == DOXIN_OK && party->postal >= 0)
        status = set_address(ctx, reading, party, fields, confidence, invoice);
    return status;
}

static doxin_status set_ship_to(dx_ctx *ctx, const dx_reading *reading, const dx_party *party, dx_invoice *invoice)
{
    static const party_fields fields = {DX_HEADER_SHIP_TO_NAME,   DX_HEADER_COUNT, DX_HEADER_COUNT,
                                        DX_HEADER_COUNT,          DX_HEADER_COUNT, DX_HEADER_COUNT,
                                        DX_HEADER_SHIP_TO_ADDRESS};
    doxin_status status = set_line(ctx, reading, invoice, fields.name, &party->lines[party->name_line], 800);
    char *address = NULL;
    for (size_t i = party->name_line + 1; status == DOXIN_OK && i < party->count; i++) {
        address = address ? dx_textf(ctx, "%s, %s", address, party->lines[i].text) : dx_text(ctx, party->lines[i].text);
        if (!address)
            return DOXIN_E_NOMEM;
    }
    if (status != DOXIN_OK || !address)
        return status;
    const dx_party_line *line = &party->lines[party->name_line + 1];
    return dx_set_text(ctx, reading, &invoice->header[fields.address], address, line->first_word, line->word_count, 800,
                       "part of the party's block");
}

doxin_status dx_extract_parties(dx_ctx *ctx, const dx_reading *reading, dx_invoice *invoice)
{
    dx_parties parties = {0};
    doxin_status status = dx_parties_find(ctx, reading, &parties);
    if (status == DOXIN_OK)
        status = dx_parties_assign(ctx, reading, &parties);
    if (status == DOXIN_OK && parties.vendor >= 0)
        status = set_party(ctx, reading, &parties.items[parties.vendor], &vendor_fields,
                           parties.items[parties.vendor].vendor, invoice);
    if (status == DOXIN_OK && parties.customer >= 0)
        status = set_party(ctx, reading, &parties.items[parties.customer], &customer_fields,
                           parties.items[parties.customer].customer, invoice);
    if (status == DOXIN_OK && parties.ship_to >= 0)
        status = set_ship_to(ctx, reading, &parties.items[parties.ship_to], invoice);
    if (status == DOXIN_OK)
        status = dx_extract_letterhead(ctx, reading, &parties, invoice);
    if (status == DOXIN_OK)
        status = dx_party_identifiers(ctx, reading, &parties, invoice);
    return status;
}
