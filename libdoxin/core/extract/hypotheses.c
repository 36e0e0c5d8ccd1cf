/* What holds for the whole document: how numbers and dates are written, its currency, language and country. Each word
 * votes; no token is read on its own. */
#include "base/text/utf8.h"
#include "base/value/country.h"
#include "base/value/money.h"
#include "core/extract/reading.h"

#include <string.h>

static void vote_numbers(dx_reading *reading)
{
    int votes = 0;
    for (size_t i = 0; i < reading->layout->word_count; i++) {
        const dx_layout_word *word = &reading->layout->words[i];
        if (word->size >= 3)
            votes += dx_number_vote(word->text, (size_t)word->size);
    }
    reading->hypotheses.number_votes = votes;
    reading->hypotheses.number_style = votes > 0 ? DX_NUMBER_POINT : votes < 0 ? DX_NUMBER_COMMA : DX_NUMBER_UNKNOWN;
}

static void vote_languages(dx_reading *reading)
{
    size_t languages = dx_lexicon_language_count();
    for (size_t s = 0; s < reading->layout->segment_count; s++) {
        const dx_tokens *tokens = &reading->segments[s].tokens;
        for (size_t token = 0; token < tokens->count;) {
            dx_term terms[16];
            size_t count = tokens->items[token].word < 0 ? 0 : dx_lexicon_at(tokens, token, terms, 16);
            uint32_t mask = 0;
            for (size_t i = 0; i < count; i++)
                if (terms[i].end == terms[0].end)
                    mask |= terms[i].languages;
            int shared = __builtin_popcount(mask);
            for (size_t i = 0; shared > 0 && shared < 4 && i < languages; i++)
                if (mask & (1u << i))
                    reading->languages[i] += 12 / shared;
            token = count > 0 ? terms[0].end : token + 1;
        }
    }
    size_t best = 0;
    for (size_t i = 1; i < languages; i++)
        if (reading->languages[i] > reading->languages[best])
            best = i;
    if (languages > 0 && reading->languages[best] > 0)
        memcpy(reading->hypotheses.language, dx_lexicon_language(best), 3);
}

/* Countries vote through identifiers and names; the one with most votes is the document's. */
typedef struct country_votes {
    char code[32][3];
    int votes[32];
    size_t count;
} country_votes;

static void vote_country(country_votes *votes, const char *code, int weight)
{
    for (size_t i = 0; i < votes->count; i++) {
        if (strncmp(votes->code[i], code, 2) == 0) {
            votes->votes[i] += weight;
            return;
        }
    }
    if (votes->count == sizeof votes->votes / sizeof *votes->votes)
        return;
    memcpy(votes->code[votes->count], code, 2);
    votes->votes[votes->count++] = weight;
}

static bool may_be_country(const char *text, size_t length)
{
    return length > 3 && length < 30 && ((text[0] >= 'A' && text[0] <= 'Z') || (unsigned char)text[0] >= 0xC3) &&
           !strpbrk(text, "0123456789:/@&");
}

static void country_of_segment(const dx_reading *reading, uint32_t index, country_votes *votes)
{
    const dx_segment *segment = &reading->layout->segments[index];
    char compact[40];
    for (uint32_t i = 0; i < segment->word_count; i++) {
        const dx_layout_word *word = &reading->layout->words[segment->first_word + i];
        if (word->size >= 8 && dx_iban_check(word->text, (size_t)word->size, compact) == DX_CHECK_GOOD)
            vote_country(votes, compact, 3);
        else if (word->size >= 8 && dx_vat_check(word->text, (size_t)word->size, compact) >= DX_CHECK_FORM)
            vote_country(votes, compact, 2);
    }
    size_t length = strlen(segment->text);
    const char *code = may_be_country(segment->text, length) ? dx_country_code(segment->text, length) : NULL;
    if (code)
        vote_country(votes, code, 2);
    const char *comma = strrchr(segment->text, ',');
    if (comma) {
        comma += strspn(comma, ", ");
        code = may_be_country(comma, strlen(comma)) ? dx_country_code(comma, strlen(comma)) : NULL;
        if (code)
            vote_country(votes, code, 1);
    }
}

static void country_of_words(const dx_tokens *tokens, country_votes *votes)
{
    for (size_t token = 0; token < tokens->count; token++) {
        dx_term term;
        if (tokens->items[token].word < 0 || !dx_lexicon_find(tokens, token, DX_TERM_COUNTRY_HINT, &term))
            continue;
        char code[3] = {(char)(term.argument >> 8), (char)(term.argument & 255), '\0'};
        vote_country(votes, code, 1);
        token = term.end - 1;
    }
}

static void decide_country(dx_reading *reading)
{
    country_votes votes = {0};
    for (uint32_t i = 0; i < reading->layout->segment_count; i++) {
        country_of_segment(reading, i, &votes);
        country_of_words(&reading->segments[i].tokens, &votes);
    }
    size_t best = 0;
    for (size_t i = 1; i < votes.count; i++)
        if (votes.votes[i] > votes.votes[best])
            best = i;
    if (votes.count > 0)
        memcpy(reading->hypotheses.country, votes.code[best], 3);
}

/* Currencies vote by the signs and codes beside numbers, twice where a label names the currency. */
typedef struct currency_votes {
    char code[24][4];
    int votes[24];
    size_t count;
} currency_votes;

static void vote_currency(currency_votes *votes, const char *code, int weight)
{
    size_t i = 0;
    while (i < votes->count && strcmp(votes->code[i], code) != 0)
        i++;
    if (i == sizeof votes->votes / sizeof *votes->votes)
        return;
    if (i == votes->count) {
        memcpy(votes->code[i], code, 4);
        votes->count++;
    }
    votes->votes[i] += weight;
}

static bool is_capital_code(const char *text, int size)
{
    for (int i = 0; i < size; i++)
        if (text[i] < 'A' || text[i] > 'Z')
            return false;
    return size == 3;
}

static bool has_digit(const dx_layout_word *word)
{
    return strpbrk(word->text, "0123456789") != NULL;
}

/* "SDN BHD": the last letters of a company form are no dinar. */
static bool ends_company_form(dx_ctx *ctx, const dx_layout_word *words, uint32_t index)
{
    if (index == 0)
        return false;
    const dx_layout_word *before = &words[index - 1], *word = &words[index];
    char *both = dx_textf(ctx, "%.*s %.*s", before->size, before->text, word->size, word->text);
    dx_tokens tokens = {0};
    dx_term term;
    return both && dx_lexicon_tokens(ctx, both, strlen(both), false, &tokens) == DOXIN_OK &&
           dx_lexicon_find(&tokens, 0, DX_TERM_COMPANY, &term) && term.end >= 2;
}

/* The letters or signs before or behind the digits of a word, or the whole word. */
static void currency_of_word(dx_ctx *ctx, const dx_reading *reading, uint32_t index, currency_votes *votes,
                             bool *dollar)
{
    const dx_layout_word *word = &reading->layout->words[index];
    const char *text = word->text;
    size_t size = (size_t)word->size, begin = 0, end = 0;
    while (begin < size && strchr("([-+", text[begin]))
        begin++;
    end = begin;
    while (end < size && !strchr("0123456789.,()[]:;-", text[end]))
        end++;
    if (end < size && text[end] == '-')
        return; /* "CHE-123": the start of an identifier */
    bool whole = end == size || strspn(text + end, ".,:;)]") == size - end;
    bool sign = end > begin && (unsigned char)text[begin] >= 0x80;
    sign |= text[begin] == '$';
    bool beside =
        (index > 0 && has_digit(word - 1)) || (index + 1 < reading->layout->word_count && has_digit(word + 1));
    bool worth = sign || beside || !whole || is_capital_code(text + begin, (int)(end - begin));
    if (worth && end > begin && end - begin <= 6) {
        const char *code = dx_currency_from_sign(text + begin, end - begin, reading->hypotheses.country);
        /* Receipts are in capitals: "ALL" is a lek only beside a number. */
        bool capital = is_capital_code(text + begin, (int)(end - begin)) && !reading->hypotheses.ocr;
        bool counts = sign || !whole || capital || beside;
        if (code && counts && !(whole && ends_company_form(ctx, reading->layout->words, index)))
            vote_currency(votes, code, sign || is_capital_code(text + begin, (int)(end - begin)) ? 2 : 1);
        *dollar |= !code && text[begin] == '$';
    }
    size_t tail = size;
    while (tail > 0 && !strchr("0123456789", text[tail - 1]))
        tail--;
    if (tail > 0 && tail < size && size - tail <= 6) {
        const char *code = dx_currency_from_sign(text + tail, size - tail, reading->hypotheses.country);
        if (code)
            vote_currency(votes, code, 1);
    }
}

static void decide_currency(dx_ctx *ctx, dx_reading *reading)
{
    currency_votes votes = {0};
    bool dollar = false;
    for (uint32_t i = 0; i < reading->layout->word_count; i++)
        currency_of_word(ctx, reading, i, &votes, &dollar);
    for (size_t i = 0; i < reading->label_count; i++) {
        const dx_label *label = &reading->labels[i];
        if (!dx_label_term(label, DX_TERM_CURRENCY) || label->ends)
            continue;
        uint32_t next = label->first_word + label->word_count;
        if (next >= reading->layout->word_count)
            continue;
        const dx_layout_word *word = &reading->layout->words[next];
        const char *code = dx_currency_from_sign(word->text, (size_t)word->size, reading->hypotheses.country);
        if (code)
            vote_currency(&votes, code, 6);
    }
    size_t best = 0;
    for (size_t i = 1; i < votes.count; i++)
        if (votes.votes[i] > votes.votes[best])
            best = i;
    const char *code = votes.count > 0 ? votes.code[best] : NULL;
    if (!code && dollar)
        code = "USD";
    if (code)
        memcpy(reading->hypotheses.currency, code, 4);
}

static void count_date(const char *text, size_t length, int *day_first, int *month_first)
{
    int a = 0, b = 0;
    size_t i = 0, digits = 0;
    for (; i < length && text[i] >= '0' && text[i] <= '9' && digits < 3; i++, digits++)
        a = a * 10 + (text[i] - '0');
    if (digits < 1 || digits > 2 || i >= length || (text[i] != '/' && text[i] != '-'))
        return;
    char separator = text[i++];
    for (digits = 0; i < length && text[i] >= '0' && text[i] <= '9' && digits < 3; i++, digits++)
        b = b * 10 + (text[i] - '0');
    if (digits < 1 || digits > 2 || i >= length || text[i] != separator)
        return;
    *day_first += a > 12 && a <= 31 && b <= 12;
    *month_first += b > 12 && b <= 31 && a <= 12;
}

static void decide_date_order(dx_reading *reading)
{
    dx_hypotheses *h = &reading->hypotheses;
    int day_first = 0, month_first = 0;
    for (size_t i = 0; i < reading->layout->word_count; i++)
        count_date(reading->layout->words[i].text, (size_t)reading->layout->words[i].size, &day_first, &month_first);
    bool american = strcmp(h->currency, "USD") == 0 && strcmp(h->language, "en") == 0;
    if (h->country[0])
        american = strcmp(h->country, "US") == 0 || (american && strcmp(h->country, "CA") == 0);
    if (strcmp(h->language, "zh") == 0)
        h->date_order = DX_ORDER_YMD;
    else if (day_first != month_first)
        h->date_order = day_first > month_first ? DX_ORDER_DMY : DX_ORDER_MDY;
    else
        h->date_order = american ? DX_ORDER_MDY : DX_ORDER_DMY;
}

doxin_status dx_reading_hypotheses(dx_ctx *ctx, dx_reading *reading)
{
    dx_hypotheses *h = &reading->hypotheses;
    vote_numbers(reading);
    vote_languages(reading);
    decide_country(reading);
    decide_currency(ctx, reading);
    if (!h->country[0] && strcmp(h->currency, "USD") == 0 && strcmp(h->language, "en") == 0)
        memcpy(h->country, "US", 3);
    decide_date_order(reading);
    if (h->number_style == DX_NUMBER_UNKNOWN && h->language[0])
        h->number_style =
            strcmp(h->language, "en") == 0 || strcmp(h->language, "zh") == 0 ? DX_NUMBER_POINT : DX_NUMBER_COMMA;
    return ctx->error.status;
}
