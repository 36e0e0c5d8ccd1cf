/* A vendor that has no block of its own: the head of a receipt, a name in large letters, a company in the footer. */
#include "base/text/utf8.h"
#include "core/extract/parties.h"

#include <stdlib.h>
#include <string.h>

enum { HEAD_LINES = 12, NAME_LINES = 7 };

/* A line at the top of the page without what the recogniser made of its edges. */
typedef struct head_line {
    const char *text;
    uint32_t line, first_word, word_count;
} head_line;

typedef struct page_head {
    head_line lines[HEAD_LINES];
    size_t count;
} page_head;

static int letters_in(const char *text)
{
    int letters = 0;
    for (size_t at = 0, length = strlen(text); at < length;)
        letters += dx_char_letter(dx_utf8_next(text, length, &at));
    return letters;
}

static int digits_in(const char *text)
{
    int digits = 0;
    for (; *text; text++)
        digits += *text >= '0' && *text <= '9';
    return digits;
}

/* "Thank you", "duplicate": no name. At the start, or two words of it anywhere. */
static bool is_noise(const dx_tokens *tokens)
{
    dx_term term;
    if (tokens->count == 0)
        return true;
    for (size_t i = 0; i < tokens->count; i++)
        if (dx_lexicon_find(tokens, i, DX_TERM_POSITION_NOISE, &term) &&
            (term.end - term.begin > 1 || (i == 0 && 2 * (term.end - term.begin) >= tokens->count)))
            return true;
    return false;
}

/* "TAX INVOICE", also where the recogniser cut it in pieces: the document's title. */
static bool is_title(const dx_tokens *tokens)
{
    static const dx_concept kinds[] = {DX_TERM_KIND_INVOICE, DX_TERM_KIND_RECEIPT, DX_TERM_KIND_CREDIT};
    dx_term term;
    for (size_t i = 0; i < tokens->count && i < 2; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (dx_lexicon_find(tokens, i, kinds[k], &term) && term.end + 1 >= tokens->count)
                return true;
    return false;
}

/* What a line at the top is to the name and address there. */
typedef enum line_role { LINE_TEXT = 0, LINE_SKIPPED /* a number of the company, a title */, LINE_END } line_role;

/* valued: something on the line could be the value of a label. */
static line_role role_of_label(const dx_label *label, bool first, bool valued)
{
    static const dx_concept ids[] = {DX_TERM_VAT_ID, DX_TERM_TAX_NUMBER, DX_TERM_REGISTRATION};
    static const dx_concept ends[] = {DX_TERM_PHONE, DX_TERM_FAX,     DX_TERM_EMAIL,  DX_TERM_DATE,       DX_TERM_IBAN,
                                      DX_TERM_PAGE,  DX_TERM_WEBSITE, DX_TERM_NUMBER, DX_TERM_SALESPERSON};
    bool kind = dx_label_in_group(label, DX_GROUP_KIND);
    if (kind && first && label->ends)
        return LINE_SKIPPED;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        const dx_term *term = dx_label_term(label, ids[i]);
        if (term && term->strength >= DX_TERM_NORMAL && label->end - label->begin > 1)
            return LINE_SKIPPED;
    }
    for (size_t i = 0; (valued || label->colon) && i < sizeof ends / sizeof *ends; i++) {
        const dx_term *term = dx_label_term(label, ends[i]);
        if (term && term->strength >= DX_TERM_NORMAL && label->end - label->begin > 1)
            return LINE_END;
    }
    bool field = dx_label_in_group(label, DX_GROUP_FIELD) || dx_label_in_group(label, DX_GROUP_AMOUNT);
    bool party = dx_label_in_group(label, DX_GROUP_PARTY) && label->ends && first;
    return (field && label->colon && label->end - label->begin > 2) || party ? LINE_END : LINE_TEXT;
}

static line_role role_of_line(const dx_reading *reading, uint32_t line)
{
    const dx_text_line *source = &reading->layout->lines[line];
    line_role role = LINE_TEXT;
    bool letters_before = false, valued = false;
    for (uint32_t i = source->first_word; i < source->first_word + source->word_count; i++)
        valued |= strpbrk(reading->layout->words[i].text, "0123456789@") != NULL;
    for (uint32_t s = source->first_segment; s < source->first_segment + source->segment_count; s++) {
        const dx_segment_reading *own = &reading->segments[s];
        for (uint32_t i = own->first_mark; i < own->first_mark + own->mark_count; i++)
            if (reading->marks[i].kind == DX_MARK_DATE ||
                (reading->marks[i].kind == DX_MARK_AMOUNT && reading->marks[i].money))
                return LINE_END;
        for (uint32_t i = own->first_label; i < own->first_label + own->label_count; i++) {
            if (!reading->labels[i].starts)
                continue;
            line_role found = role_of_label(&reading->labels[i], !letters_before, valued);
            if (found > role)
                role = found;
        }
        letters_before |= letters_in(reading->layout->segments[s].text) > 1;
    }
    return role;
}

static bool has_word_character(const dx_layout_word *word)
{
    return digits_in(word->text) > 0 || letters_in(word->text) > 0;
}

/* Words without a letter or digit at both ends are specks. */
static void trim_specks(const dx_reading *reading, head_line *line)
{
    const dx_layout_word *words = reading->layout->words;
    while (line->word_count > 1 && !has_word_character(&words[line->first_word])) {
        line->first_word++;
        line->word_count--;
    }
    while (line->word_count > 1 && !has_word_character(&words[line->first_word + line->word_count - 1]))
        line->word_count--;
}

static bool is_cjk_letter(const char *text)
{
    return (unsigned char)text[0] >= 0xE3 && (unsigned char)text[0] <= 0xE9;
}

/* Chinese is written without spaces; the recogniser puts some. */
static void close_cjk(char *text)
{
    char *out = text;
    for (const char *c = text; *c; c++)
        if (*c != ' ' || c == text || !is_cjk_letter(c + 1))
            *out++ = *c;
    *out = '\0';
}

static doxin_status collect_head(dx_ctx *ctx, const dx_reading *reading, page_head *out)
{
    const dx_layout *layout = reading->layout;
    const dx_layout_page *page = &layout->pages[0];
    for (uint32_t i = page->first_line; i < page->first_line + page->line_count && out->count < HEAD_LINES; i++) {
        const dx_text_line *source = &layout->lines[i];
        if (source->box.y0 > page->source->height / 2)
            break;
        head_line line = {NULL, i, source->first_word, source->word_count};
        trim_specks(reading, &line);
        char *text = dx_layout_text(ctx, layout, line.first_word, line.word_count);
        dx_tokens tokens = {0};
        if (!text || dx_lexicon_tokens(ctx, text, strlen(text), reading->hypotheses.ocr, &tokens) != DOXIN_OK)
            return DOXIN_E_NOMEM;
        close_cjk(text);
        if (reading->hypotheses.ocr)
            dx_company_form_repair(ctx, text);
        line.text = text;
        line_role role = role_of_line(reading, i);
        if (role == LINE_END && out->count > 0)
            break;
        if (role == LINE_TEXT && letters_in(text) >= 3 && !is_noise(&tokens) && !is_title(&tokens))
            out->lines[out->count++] = line;
    }
    return DOXIN_OK;
}

static bool has_form(dx_ctx *ctx, const dx_reading *reading, const char *text)
{
    dx_tokens tokens = {0};
    dx_term term;
    if (dx_lexicon_tokens(ctx, text, strlen(text), reading->hypotheses.ocr, &tokens) != DOXIN_OK)
        return false;
    for (size_t i = 0; i < tokens.count; i++)
        if (dx_lexicon_find(&tokens, i, DX_TERM_COMPANY, &term) && (i > 0 || term.end > 1))
            return true;
    return false;
}

/* Registration numbers behind a company's name are no part of it: in brackets, or as a last word of digits. */
static size_t name_length(const char *text)
{
    size_t length = strlen(text);
    const char *bracket = strrchr(text, '(');
    if (bracket && bracket > text + 3 && digits_in(bracket) >= 3)
        length = (size_t)(bracket - text);
    for (;;) {
        while (length > 0 && strchr(" ,;:*-_|~=", text[length - 1]))
            length--;
        size_t word = length;
        while (word > 0 && text[word - 1] != ' ')
            word--;
        int digits = 0;
        for (size_t i = word; i < length; i++)
            digits += text[i] >= '0' && text[i] <= '9';
        if (word < 4 || digits < 4)
            return length;
        length = word;
    }
}

/* Mean confidence of the words of a line, by their letters. */
static int sureness(const dx_reading *reading, const head_line *line)
{
    int64_t sum = 0, weight = 0;
    for (uint32_t i = 0; i < line->word_count; i++) {
        const dx_layout_word *word = &reading->layout->words[line->first_word + i];
        sum += (int64_t)word->confidence * word->size;
        weight += word->size;
    }
    return weight > 0 ? (int)(sum / weight) : 0;
}

/* What a recogniser makes of handwriting, stamps and creases: short pieces, read without confidence. */
static bool is_scrawl(const dx_reading *reading, const head_line *line)
{
    int letters = letters_in(line->text), sure = sureness(reading, line);
    return reading->hypotheses.ocr && (sure < 350 || (sure < 650 && letters < 4 * (int)line->word_count));
}

/* How much a line at the top looks like a name, in 1/100 log-odds. rank: plausible lines above it. */
static int name_score(dx_ctx *ctx, const dx_reading *reading, const head_line *line, int rank)
{
    const dx_text_line *source = &reading->layout->lines[line->line];
    const dx_layout_page *page = &reading->layout->pages[source->page];
    const char *text = dx_textn(ctx, line->text, name_length(line->text));
    int score = 80 - 35 * rank;
    if (!text)
        return score;
    if (has_form(ctx, reading, text))
        score += 220;
    else if (dx_has_term(ctx, text, DX_TERM_COMPANY_WORD))
        score += 60;
    if (source->font_size > page->font_size + page->font_size / 5)
        score += 50;
    int digits = digits_in(text), letters = letters_in(text);
    score -= digits > 3 && digits * 3 > letters ? 150 : 10 * digits;
    dx_postal place;
    if (dx_postal_find(text, strlen(text), &place))
        score -= 150;
    if (letters < 4)
        score -= 60;
    if (strchr(text, '@') || strstr(text, "www"))
        score -= 200;
    if (digits > 0 && dx_has_term(ctx, text, DX_TERM_STREET_WORD))
        score -= 120;
    if (is_scrawl(reading, line))
        score -= 120;
    else if (sureness(reading, line) < 500)
        score -= 60;
    return score;
}

/* A line that holds little but a company's form goes on from the one above. */
static bool continues(dx_ctx *ctx, const dx_reading *reading, const page_head *head, size_t index)
{
    if (index == 0)
        return false;
    const head_line *line = &head->lines[index], *above = &head->lines[index - 1];
    const dx_text_line *a = &reading->layout->lines[above->line], *b = &reading->layout->lines[line->line];
    if (digits_in(above->text) > 2 || above->line + 1 != line->line || b->box.y0 - a->box.y1 > b->font_size)
        return false;
    size_t length = strlen(above->text);
    if (above->text[length - 1] == '&')
        return true;
    return line->word_count <= 3 && has_form(ctx, reading, line->text) && !has_form(ctx, reading, above->text) &&
           line->word_count <= 2 + (uint32_t)dx_has_term(ctx, line->text, DX_TERM_COMPANY_WORD);
}

static doxin_status set_name(dx_ctx *ctx, const dx_reading *reading, const char *text, uint32_t first, uint32_t count,
                             int score, dx_invoice *invoice)
{
    /* "Owned by: Company": what stands before a colon is a label of a kind. */
    const char *colon = strchr(text, ':');
    if (colon && colon[1] == ' ' && digits_in(colon) == 0)
        text = colon + 2;
    /* "7 COMPANY": a speck that was read as a character. */
    if (text[0] && text[1] == ' ' && strlen(text) > 8 && !(text[0] >= 'A' && text[0] <= 'Z'))
        text += 2;
    char *name = dx_textn(ctx, text, name_length(text));
    if (!name)
        return DOXIN_E_NOMEM;
    return dx_set_text(ctx, reading, &invoice->header[DX_HEADER_VENDOR_NAME], name, first, count,
                       dx_confidence_from(score), "stands at the head of the page");
}

static bool is_address_line(dx_ctx *ctx, const char *text)
{
    dx_postal place;
    return strpbrk(text, "0123456789") || strchr(text, ',') || dx_has_term(ctx, text, DX_TERM_STREET_WORD) ||
           dx_postal_find(text, strlen(text), &place);
}

/* A registration number alone, or a second company: "(1097826-F)", "OWNED BY …". */
static bool is_no_address(dx_ctx *ctx, const dx_reading *reading, const char *text)
{
    return text[0] == '(' || !is_address_line(ctx, text) || has_form(ctx, reading, text) ||
           (digits_in(text) >= 6 && strlen(text) < 16) || dx_has_term(ctx, text, DX_TERM_REGISTRATION);
}

/* The lines below the name, up to the first labelled one. */
static doxin_status set_address(dx_ctx *ctx, const dx_reading *reading, const page_head *head, size_t name,
                                dx_invoice *invoice)
{
    size_t begin = name + 1, end = begin;
    while (begin < head->count && is_no_address(ctx, reading, head->lines[begin].text))
        begin++;
    bool town = false;
    const char *address = NULL;
    for (end = begin; end < head->count; end++) {
        const char *text = head->lines[end].text;
        dx_postal place;
        if (text[0] == '(' || (town && !is_address_line(ctx, text) && head->lines[end].word_count > 3))
            break;
        town |= dx_postal_find(text, strlen(text), &place);
        address = address ? dx_textf(ctx, "%s %s", address, text) : text;
        if (!address)
            return DOXIN_E_NOMEM;
    }
    if (!address)
        return DOXIN_OK;
    const head_line *last = &head->lines[end - 1];
    uint32_t words = last->first_word + last->word_count - head->lines[begin].first_word;
    return dx_set_text(ctx, reading, &invoice->header[DX_HEADER_VENDOR_ADDRESS], address, head->lines[begin].first_word,
                       words, town ? 750 : 500, "stands below the name at the head of the page");
}

static doxin_status read_head(dx_ctx *ctx, const dx_reading *reading, dx_invoice *invoice)
{
    page_head head = {0};
    doxin_status status = collect_head(ctx, reading, &head);
    int best = -100, rank = 0;
    size_t name = head.count;
    for (size_t i = 0; status == DOXIN_OK && i < head.count && i < NAME_LINES; i++) {
        int score = name_score(ctx, reading, &head.lines[i], rank);
        rank += !is_scrawl(reading, &head.lines[i]);
        if (score > best) {
            best = score;
            name = i;
        }
    }
    if (status != DOXIN_OK || name == head.count)
        return status == DOXIN_OK ? ctx->error.status : status;
    head_line line = head.lines[name];
    if (continues(ctx, reading, &head, name)) {
        const head_line *above = &head.lines[name - 1];
        line.text = dx_textf(ctx, "%s %s", above->text, line.text);
        line.word_count = line.first_word + line.word_count - above->first_word;
        line.first_word = above->first_word;
        if (!line.text)
            return DOXIN_E_NOMEM;
    }
    status = set_name(ctx, reading, line.text, line.first_word, line.word_count, best, invoice);
    if (status == DOXIN_OK && !invoice->header[DX_HEADER_VENDOR_ADDRESS].present && reading->hypotheses.ocr)
        status = set_address(ctx, reading, &head, name, invoice);
    return status;
}

/* A company that is named somewhere and is not the customer. */
static doxin_status company_anywhere(dx_ctx *ctx, const dx_reading *reading, const dx_parties *parties,
                                     dx_invoice *invoice)
{
    const dx_party *customer = parties->customer >= 0 ? &parties->items[parties->customer] : NULL;
    const char *other = customer ? customer->lines[customer->name_line].text : "";
    const dx_segment *best = NULL;
    int best_score = 0;
    for (uint32_t i = 0; i < reading->layout->segment_count; i++) {
        const dx_segment *segment = &reading->layout->segments[i];
        if (reading->segments[i].in_items || segment->word_count > 8 || strstr(segment->text, other) == segment->text ||
            !dx_has_company_form(ctx, segment->text))
            continue;
        int score = 100 - 12 * (int)segment->word_count - (role_of_line(reading, segment->line) != LINE_TEXT ? 40 : 0);
        if (!best || score > best_score) {
            best = segment;
            best_score = score;
        }
    }
    if (!best)
        return ctx->error.status;
    return set_name(ctx, reading, best->text, best->first_word, best->word_count, 60, invoice);
}

static bool has_named_customer(const dx_reading *reading, const dx_parties *parties)
{
    enum { READABLE = 600 };
    if (parties->customer < 0)
        return false;
    const dx_party *customer = &parties->items[parties->customer];
    const dx_party_line *name = &customer->lines[customer->name_line];
    head_line line = {name->text, 0, name->first_word, name->word_count};
    return customer->label != DX_TERM_NONE && letters_in(name->text) >= 3 && sureness(reading, &line) >= READABLE;
}

doxin_status dx_extract_letterhead(dx_ctx *ctx, const dx_reading *reading, const dx_parties *parties,
                                   dx_invoice *invoice)
{
    if (reading->layout->page_count == 0)
        return DOXIN_OK;
    /* Receipts have no block of a customer but what an address without a head looks like. */
    bool receipt = reading->hypotheses.ocr && !has_named_customer(reading, parties);
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
