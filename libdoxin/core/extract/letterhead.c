/* A vendor that has no block of its own: the head of a receipt, a name in large letters, a company in the footer. */
#include "core/extract/parties.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD_LINES = 12 };

static bool has_letters(const char *text)
{
    int letters = 0;
    for (; *text; text++)
        letters += (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') || (unsigned char)*text >= 0xC3;
    return letters >= 3;
}

static bool is_noise(dx_ctx *ctx, const char *text)
{
    dx_tokens tokens = {0};
    dx_term term;
    if (dx_lexicon_tokens(ctx, text, strlen(text), false, &tokens) != DOXIN_OK || tokens.count == 0)
        return true;
    return dx_lexicon_find(&tokens, 0, DX_TERM_POSITION_NOISE, &term) && term.end - term.begin >= tokens.count / 2;
}

/* A label at the start of a line ends the head of a receipt; a title such as "tax invoice" does not, but is no name. */
static bool is_labelled(const dx_reading *reading, uint32_t segment)
{
    const dx_segment_reading *own = &reading->segments[segment];
    if (own->label_count == 0)
        return false;
    const dx_label *label = &reading->labels[own->first_label];
    if (!label->starts)
        return false;
    bool field = dx_label_in_group(label, DX_GROUP_FIELD) || dx_label_in_group(label, DX_GROUP_AMOUNT);
    bool title = dx_label_in_group(label, DX_GROUP_KIND) || dx_label_in_group(label, DX_GROUP_PARTY);
    if (dx_label_term(label, DX_TERM_PHONE) || dx_label_term(label, DX_TERM_FAX) ||
        dx_label_term(label, DX_TERM_VAT_ID) || dx_label_term(label, DX_TERM_EMAIL) ||
        dx_label_term(label, DX_TERM_DATE))
        return label->end - label->begin > 1;
    return (field && (label->colon || label->ends)) || (title && label->ends);
}

/* How much a line at the top looks like a name, in 1/100 log-odds. */
static int name_score(dx_ctx *ctx, const dx_reading *reading, uint32_t segment, int rank)
{
    const dx_segment *source = &reading->layout->segments[segment];
    const dx_layout_page *page = &reading->layout->pages[source->page];
    int score = 60 - 40 * rank;
    if (dx_has_company_form(ctx, source->text))
        score += 250;
    else if (dx_has_term(ctx, source->text, DX_TERM_COMPANY_WORD))
        score += 60;
    if (source->font_size > page->font_size + page->font_size / 5)
        score += 60;
    if (source->bold)
        score += 20;
    int digits = 0;
    for (const char *c = source->text; *c; c++)
        digits += *c >= '0' && *c <= '9';
    score -= digits > 3 ? 150 : 20 * digits;
    dx_postal place;
    if (dx_postal_find(source->text, strlen(source->text), &place))
        score -= 150;
    if (strlen(source->text) > 60 || source->word_count > 8)
        score -= 80;
    return score;
}

/* Registration numbers in brackets behind a company's name are no part of it. */
static size_t name_length(const char *text)
{
    size_t length = strlen(text);
    const char *bracket = strrchr(text, '(');
    if (bracket && bracket > text + 3 && strpbrk(bracket, "0123456789")) {
        length = (size_t)(bracket - text);
        while (length > 0 && text[length - 1] == ' ')
            length--;
    }
    while (length > 0 && strchr(" ,;:*-_|~=", text[length - 1]))
        length--;
    return length;
}

static doxin_status set_name(dx_ctx *ctx, const dx_reading *reading, uint32_t segment, int score, dx_invoice *invoice)
{
    const dx_segment *source = &reading->layout->segments[segment];
    char *name = dx_textn(ctx, source->text, name_length(source->text));
    if (!name)
        return DOXIN_E_NOMEM;
    uint32_t last = dx_reading_word_at(reading, segment, (uint32_t)strlen(name) - (*name != '\0'));
    return dx_set_text(ctx, reading, &invoice->header[DX_HEADER_VENDOR_NAME], name, source->first_word,
                       last - source->first_word + 1, dx_confidence_from(score), "stands at the head of the page");
}

typedef struct page_head {
    uint32_t segments[HEAD_LINES];
    size_t count;
} page_head;

/* The lines at the top of the first page, up to the first that is labelled. */
static void collect_head(dx_ctx *ctx, const dx_reading *reading, page_head *out)
{
    const dx_layout_page *page = &reading->layout->pages[0];
    bool name_seen = false;
    for (uint32_t i = page->first_segment; i < page->first_segment + page->segment_count && out->count < HEAD_LINES;
         i++) {
        const dx_segment *segment = &reading->layout->segments[i];
        if (segment->box.y0 > page->source->height / 2)
            break;
        if (!has_letters(segment->text) || is_noise(ctx, segment->text))
            continue;
        if (is_labelled(reading, i)) {
            if (name_seen)
                break;
            continue;
        }
        const dx_segment_reading *own = &reading->segments[i];
        bool dated = false;
        for (uint32_t k = own->first_mark; k < own->first_mark + own->mark_count; k++)
            dated |= reading->marks[k].kind == DX_MARK_DATE;
        if (dated && name_seen)
            break;
        if (dated)
            continue;
        out->segments[out->count++] = i;
        name_seen = true;
    }
}

static bool is_address_line(dx_ctx *ctx, const char *text)
{
    dx_postal place;
    return strpbrk(text, "0123456789") || strchr(text, ',') || dx_has_term(ctx, text, DX_TERM_STREET_WORD) ||
           dx_postal_find(text, strlen(text), &place);
}

/* The lines below the name, up to the first labelled one, with the town as the last but at most one. */
static doxin_status set_address(dx_ctx *ctx, const dx_reading *reading, const page_head *head, size_t name,
                                dx_invoice *invoice)
{
    size_t begin = name + 1, end = begin;
    while (begin < head->count && reading->layout->segments[head->segments[begin]].text[0] == '(')
        begin++; /* a registration number in brackets */
    bool town = false;
    for (end = begin; end < head->count; end++) {
        const char *text = reading->layout->segments[head->segments[end]].text;
        dx_postal place;
        if (town && !is_address_line(ctx, text) && strlen(text) > 24)
            break;
        if (!town && end == begin && !is_address_line(ctx, text)) {
            begin++;
            continue;
        }
        town |= dx_postal_find(text, strlen(text), &place);
    }
    if (end <= begin)
        return DOXIN_OK;
    char *address = dx_layout_join(ctx, reading->layout, head->segments + begin, end - begin, " ");
    if (!address)
        return DOXIN_E_NOMEM;
    const dx_segment *first = &reading->layout->segments[head->segments[begin]];
    const dx_segment *last = &reading->layout->segments[head->segments[end - 1]];
    uint32_t words = last->first_word + last->word_count - first->first_word;
    return dx_set_text(ctx, reading, &invoice->header[DX_HEADER_VENDOR_ADDRESS], address, first->first_word, words,
                       town ? 750 : 500, "stands below the name at the head of the page");
}

static doxin_status read_head(dx_ctx *ctx, const dx_reading *reading, dx_invoice *invoice)
{
    page_head head = {0};
    collect_head(ctx, reading, &head);
    int best = -100;
    size_t name = head.count;
    for (size_t i = 0; i < head.count && i < 6; i++) {
        int score = name_score(ctx, reading, head.segments[i], (int)i);
        if (score > best) {
            best = score;
            name = i;
        }
    }
    if (name == head.count)
        return ctx->error.status;
    doxin_status status = set_name(ctx, reading, head.segments[name], best, invoice);
    if (status == DOXIN_OK && !invoice->header[DX_HEADER_VENDOR_ADDRESS].present && reading->hypotheses.ocr)
        status = set_address(ctx, reading, &head, name, invoice);
    return status;
}

/* A company that is named somewhere and is not the customer. */
static doxin_status company_anywhere(dx_ctx *ctx, const dx_reading *reading, const dx_parties *parties,
                                     dx_invoice *invoice)
{
    const char *customer =
        parties->customer >= 0
            ? parties->items[parties->customer].lines[parties->items[parties->customer].name_line].text
            : "";
    for (uint32_t i = 0; i < reading->layout->segment_count; i++) {
        const dx_segment *segment = &reading->layout->segments[i];
        if (reading->segments[i].in_items || segment->word_count > 6 || strcmp(segment->text, customer) == 0 ||
            is_labelled(reading, i) || !dx_has_company_form(ctx, segment->text))
            continue;
        return set_name(ctx, reading, i, 60, invoice);
    }
    return ctx->error.status;
}

doxin_status dx_extract_letterhead(dx_ctx *ctx, const dx_reading *reading, const dx_parties *parties,
                                   dx_invoice *invoice)
{
    if (reading->layout->page_count == 0)
        return DOXIN_OK;
    bool receipt = reading->hypotheses.ocr && parties->customer < 0;
    if (invoice->header[DX_HEADER_VENDOR_NAME].present && !receipt)
        return DOXIN_OK;
    if (!receipt) {
        doxin_status status = company_anywhere(ctx, reading, parties, invoice);
        if (status != DOXIN_OK || invoice->header[DX_HEADER_VENDOR_NAME].present)
            return status;
    } else {
        dx_field_clear(&invoice->header[DX_HEADER_VENDOR_ADDRESS]);
    }
    return read_head(ctx, reading, invoice);
}
