/* Amounts and percentages as people print them. */
#include "base/value/money.h"
#include "core/extract/reading.h"

#include <string.h>

enum { CORE_MAX = 40 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What a recogniser writes for digits, inside something that is mostly a number. */
static char ocr_digit(char c)
{
    switch (c) {
    case 'O':
    case 'o':
        return '0';
    case 'l':
    case 'I':
    case '|':
        return '1';
    case 'S':
        return '5';
    case 'B':
        return '8';
    default:
        return c;
    }
}

static size_t skip_spaces(const char *text, size_t length, size_t at)
{
    while (at < length && (text[at] == ' ' || text[at] == '*' || text[at] == ':'))
        at++;
    return at;
}

/* "-", "+" or U+2212, U+2013 at `at`: its bytes, else 0. */
static size_t sign_at(const char *text, size_t length, size_t at, bool *minus)
{
    if (at < length && (text[at] == '-' || text[at] == '+')) {
        *minus |= text[at] == '-';
        return 1;
    }
    if (at + 3 <= length && (memcmp(text + at, "\xE2\x88\x92", 3) == 0 || memcmp(text + at, "\xE2\x80\x93", 3) == 0)) {
        *minus = true;
        return 3;
    }
    return 0;
}

/* The code of a currency's sign or word; NULL: none. Cheap for the many words that are none. */
static const char *currency_of(const char *text, size_t length, const char *country)
{
    bool letter = (text[0] >= 'A' && text[0] <= 'Z') || (text[0] >= 'a' && text[0] <= 'z');
    bool sign = text[0] == '$' || (unsigned char)text[0] >= 0x80;
    if ((!letter && !sign) || (letter && length < 2) || length > 10)
        return NULL;
    return dx_currency_from_sign(text, length, country);
}

/* A currency's sign or word at `at`: its bytes, else 0. */
static size_t currency_at(const char *text, size_t length, size_t at, const char *country, char *code)
{
    size_t end = at;
    while (end < length && end - at < 12 && !is_digit(text[end]) && !strchr(" -(),*", text[end]))
        end++;
    if (end == at)
        return 0;
    const char *found = currency_of(text + at, end - at, country);
    if (!found && end - at > 1) { /* "$/pc", "EUR/Std." */
        size_t part = at + 1;
        bool ascii = (unsigned char)text[at] < 0x80;
        while (part < end && (ascii ? text[part] != '/' && text[part] != '.' && text[at] != '$'
                                    : ((unsigned char)text[part] & 0xC0) == 0x80))
            part++;
        if (part == end)
            return 0;
        found = currency_of(text + at, part - at, country);
        end = part;
    }
    if (found)
        memcpy(code, found, 4);
    return found || (end - at == 1 && text[at] == '$') ? end - at : 0;
}

/* The digits with their separators; out gets them as dx_decimal_scan likes them. */
static size_t core_at(const char *text, size_t length, size_t at, bool ocr, char *out)
{
    size_t used = 0, begin = at, digits = 0;
    while (at < length && used < CORE_MAX) {
        char c = ocr ? ocr_digit(text[at]) : text[at];
        bool separator = c == '.' || c == ',' || c == '\'';
        bool space = c == ' ' && at > begin && at + 3 < length + 0 && is_digit(text[at + 1]);
        bool torn = ocr && separator && at + 2 < length && text[at + 1] == ' ' && is_digit(ocr_digit(text[at + 2]));
        if (is_digit(c)) {
            out[used++] = c;
            digits++;
            at++;
        } else if (torn) { /* "12. 50" */
            out[used++] = c;
            at += 2;
        } else if (separator && at + 1 < length && (is_digit(ocr ? ocr_digit(text[at + 1]) : text[at + 1]))) {
            out[used++] = c;
            at++;
        } else if (at + 2 <= length && memcmp(text + at, "\xC2\xA0", 2) == 0) {
            out[used++] = ' ';
            at += 2;
        } else if (at + 3 <= length && memcmp(text + at, "\xE2\x80\xAF", 3) == 0) {
            out[used++] = ' ';
            at += 3;
        } else if (space) {
            out[used++] = ' ';
            at++;
        } else {
            break;
        }
    }
    out[used] = '\0';
    return digits > 0 ? at : begin;
}

/* A recogniser takes points for commas: "11,60" among points is 11.60; "0,.02" is 0.02. */
static void repair_separator(char *core, dx_number_style style)
{
    size_t length = strlen(core);
    char wrong = style == DX_NUMBER_POINT ? ',' : style == DX_NUMBER_COMMA ? '.' : '\0';
    for (size_t i = 1; i < length; i++) {
        if ((core[i] == '.' || core[i] == ',') && (core[i - 1] == '.' || core[i - 1] == ',')) {
            memmove(core + i - 1, core + i, length - i + 1);
            length--;
            i--;
        }
    }
    if (wrong && length > 3 && core[length - 3] == wrong && strchr(core, wrong) == core + length - 3 &&
        !strchr(core, wrong == ',' ? '.' : ','))
        core[length - 3] = wrong == ',' ? '.' : ',';
}

/* "12,-" and "12.--": whole amounts. */
static size_t whole_tail(const char *text, size_t length, size_t at)
{
    size_t end = at;
    if (end < length && (text[end] == ',' || text[end] == '.'))
        end++;
    size_t dashes = end;
    while (dashes < length && (text[dashes] == '-' || text[dashes] == '='))
        dashes++;
    return end > at && dashes > end ? dashes : at;
}

/* A tax code or mark that tills print behind an amount: "S", "SR", "Z", "*". */
static size_t tail_code(const char *text, size_t length, size_t at)
{
    size_t end = at;
    while (end < length && end - at < 3 &&
           ((text[end] >= 'A' && text[end] <= 'Z') || text[end] == '*' || text[end] == '#'))
        end++;
    return end == length ? end : at;
}

bool dx_number_scan_text(const char *text, size_t length, const dx_hypotheses *hypotheses, dx_number_scan *out)
{
    *out = (dx_number_scan){0};
    char core[CORE_MAX + 1];
    bool minus = false;
    size_t at = skip_spaces(text, length, 0);
    bool bracket = at < length && text[at] == '(';
    if (bracket)
        at++;
    at += sign_at(text, length, at, &minus);
    at = skip_spaces(text, length, at);
    size_t currency = currency_at(text, length, at, hypotheses->country, out->currency);
    at = skip_spaces(text, length, at + currency);
    size_t sign = sign_at(text, length, at, &minus);
    at = skip_spaces(text, length, at + sign);
    size_t end = core_at(text, length, at, hypotheses->ocr, core);
    if (end == at)
        return false;
    if (hypotheses->ocr)
        repair_separator(core, hypotheses->number_style);
    if (!dx_decimal_scan(core, strlen(core), hypotheses->number_style, &out->number, &out->ambiguous))
        return false;
    at = whole_tail(text, length, end);
    if (at == end)
        at += sign_at(text, length, at, &minus);
    at = skip_spaces(text, length, at);
    if (at < length && text[at] == '%') {
        out->percent = true;
        at = skip_spaces(text, length, at + 1);
    }
    size_t behind = at < length ? currency_at(text, length, at, hypotheses->country, out->currency) : 0;
    at += behind;
    out->has_currency = currency > 0 || behind > 0;
    if (bracket) {
        if (at >= length || text[at] != ')')
            return false;
        minus |= !out->percent;
        at++;
    }
    at = skip_spaces(text, length, at);
    at = tail_code(text, length, at);
    while (at < length && strchr(".,;:)*/", text[at]))
        at++;
    if (at != length)
        return false;
    if (minus)
        out->number = dx_decimal_negate(out->number);
    return true;
}

int dx_number_vote(const char *text, size_t length)
{
    size_t begin = 0;
    while (begin < length && !is_digit(text[begin]))
        begin++;
    int commas = 0, points = 0;
    size_t last = 0, end = begin;
    for (; end < length && (is_digit(text[end]) || text[end] == ',' || text[end] == '.'); end++) {
        if (is_digit(text[end]))
            continue;
        if (end + 1 >= length || !is_digit(text[end + 1]))
            break;
        commas += text[end] == ',';
        points += text[end] == '.';
        last = end;
    }
    if (commas + points == 0)
        return 0;
    size_t after = end - last - 1;
    char kind = text[last];
    if (commas > 0 && points > 0)
        return (kind == '.' ? points : commas) == 1 && after != 3 ? (kind == '.' ? 3 : -3) : 0;
    if (commas + points > 1)
        return 0;
    if (after == 2 || after == 1)
        return kind == '.' ? 1 : -1;
    if (after == 3 && begin + 1 == last && text[begin] == '0')
        return kind == '.' ? 1 : -1;
    return after == 4 ? (kind == '.' ? 1 : -1) : 0;
}
