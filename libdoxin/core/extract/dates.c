/* Dates as people print them: numeric in every order, ISO, with named months of all languages, two-digit years, years of
 * the Republic of China. */
#include "base/text/utf8.h"
#include "core/extract/reading.h"

#include <string.h>

typedef struct date_cursor {
    const char *text;
    size_t length, at;
    bool ocr; /* letters may stand for digits */
} date_cursor;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The digit that a recogniser took for a letter of the same shape; -1: none. */
static int misread_digit(char c)
{
    static const char letters[] = "OoDlI|SBZ", digits[] = "000111582";
    const char *found = c ? strchr(letters, c) : NULL;
    return found ? digits[found - letters] - '0' : -1;
}

/* Digits at the cursor, at most 9; of a recognised text with up to one letter among them. */
static int digits_at(const date_cursor *cursor, int *value)
{
    int count = 0, misread = 0, right = 0;
    *value = 0;
    for (size_t i = cursor->at; i < cursor->length && count < 9; i++, count++) {
        int digit = is_digit(cursor->text[i]) ? cursor->text[i] - '0'
                    : cursor->ocr             ? misread_digit(cursor->text[i])
                                              : -1;
        if (digit < 0)
            break;
        misread += !is_digit(cursor->text[i]);
        right += is_digit(cursor->text[i]);
        if (count < 8)
            *value = *value * 10 + digit;
    }
    return misread > 1 || (misread > 0 && right == 0) ? 0 : count;
}

static void skip(date_cursor *cursor, const char *set)
{
    while (cursor->at < cursor->length && strchr(set, cursor->text[cursor->at]))
        cursor->at++;
}

static bool take_literal(date_cursor *cursor, const char *literal)
{
    size_t size = strlen(literal);
    if (cursor->length - cursor->at < size || memcmp(cursor->text + cursor->at, literal, size) != 0)
        return false;
    cursor->at += size;
    return true;
}

/* 70 … 99 are of the last century. */
static int full_year(int year, int digits)
{
    if (digits >= 4)
        return year;
    if (digits == 3)
        return year + 1911;
    return year < 70 ? 2000 + year : 1900 + year;
}

/* Invoices are of these years; "2097" is a 1 that was misread. */
static bool make(int year, int month, int day, dx_date *out)
{
    if (year < 1970 || year >= 2070 || !dx_date_valid(year, month, day))
        return false;
    *out = (dx_date){(int16_t)year, (int8_t)month, (int8_t)day};
    return true;
}

static bool day_month_year(int a, int b, int year, const dx_hypotheses *hypotheses, char separator, dx_date_scan *out)
{
    dx_date first, second;
    bool day_first = make(year, b, a, &first), month_first = make(year, a, b, &second);
    if (!day_first && !month_first)
        return false;
    bool prefer_month = hypotheses->date_order == DX_ORDER_MDY && separator != '.';
    out->open = day_first && month_first && a != b && separator != '.';
    if (prefer_month)
        out->date = month_first ? second : first;
    else
        out->date = day_first ? first : second;
    return true;
}

/* 12.03.2019  12/03/19  2019-03-12  113/03/05  20190312 */
static bool numeric(date_cursor cursor, const dx_hypotheses *hypotheses, dx_date_scan *out)
{
    int a = 0, b = 0, c = 0;
    int a_digits = digits_at(&cursor, &a);
    if (a_digits == 0 || a_digits > 8)
        return false;
    cursor.at += (size_t)a_digits;
    if (a_digits == 8) {
        out->end = cursor.at;
        return make(a / 10000, a / 100 % 100, a % 100, &out->date) ||
               make(a % 10000, a / 10000 % 100, a / 1000000, &out->date);
    }
    if (a_digits > 4 || cursor.at >= cursor.length)
        return false;
    size_t before = cursor.at;
    if (hypotheses->ocr || cursor.text[cursor.at] != ' ')
        skip(&cursor, " ");
    char separator = cursor.at < cursor.length ? cursor.text[cursor.at] : '\0';
    if (!separator || !strchr("./-", separator))
        return false;
    cursor.at++;
    skip(&cursor, " ");
    if (separator != '.' && cursor.at - before > 2 && a_digits > 2)
        return false;
    int b_digits = digits_at(&cursor, &b);
    if (b_digits < 1 || b_digits > 2)
        return false;
    cursor.at += (size_t)b_digits;
    skip(&cursor, " ");
    if (cursor.at >= cursor.length || cursor.text[cursor.at] != separator)
        return false;
    cursor.at++;
    skip(&cursor, " ");
    int c_digits = digits_at(&cursor, &c);
    if (c_digits < 1)
        return false;
    if (a_digits >= 3) {
        out->end = cursor.at + (size_t)(c_digits < 2 ? c_digits : 2);
        return (c_digits <= 2 || a_digits == 4) &&
               make(full_year(a, a_digits), b, c_digits <= 2 ? c : c / 10, &out->date);
    }
    if (c_digits > 4) { /* a time is glued to the year */
        for (int i = c_digits; i > 4; i--)
            c /= 10;
        c_digits = 4;
    }
    if (c_digits != 2 && c_digits != 4)
        return false;
    out->end = cursor.at + (size_t)c_digits;
    if (c_digits == 2 && cursor.at + 3 < cursor.length && cursor.text[cursor.at + 2] == separator)
        return false;
    if (c_digits == 2 && hypotheses->date_order == DX_ORDER_YMD && make(full_year(a, 2), b, c, &out->date))
        return true;
    return day_month_year(a, b, full_year(c, c_digits), hypotheses, separator, out);
}

/* A month's name at the cursor: its number, and the cursor behind it. */
static int month_at(dx_ctx *ctx, date_cursor *cursor, const dx_hypotheses *hypotheses)
{
    size_t end = cursor->at;
    while (end < cursor->length && end - cursor->at < 24 && !is_digit(cursor->text[end]) &&
           !strchr(" .,/-'", cursor->text[end]))
        end++;
    if (end - cursor->at < 3)
        return 0;
    dx_tokens tokens = {0};
    dx_term term;
    if (dx_lexicon_tokens(ctx, cursor->text + cursor->at, end - cursor->at, hypotheses->ocr, &tokens) != DOXIN_OK ||
        !dx_lexicon_is(&tokens, DX_TERM_MONTH, &term))
        return 0;
    cursor->at = end;
    return term.argument;
}

static int year_at(date_cursor *cursor)
{
    int year = 0;
    bool short_form = take_literal(cursor, "'") || take_literal(cursor, "\xE2\x80\x99");
    int digits = digits_at(cursor, &year);
    if (digits != 4 && digits != 2 && !(digits > 4 && digits <= 8 && !short_form))
        return 0;
    if (digits > 4) {
        for (int i = digits; i > 4; i--)
            year /= 10;
        digits = 4;
    }
    cursor->at += (size_t)digits;
    return full_year(year, digits);
}

static void skip_ordinal(date_cursor *cursor)
{
    static const char *const marks[] = {"st", "nd", "rd", "th", "er", "\xC2\xBA", "\xC2\xB0", "\xC2\xAA"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (take_literal(cursor, marks[i]))
            return;
}

static void skip_of(date_cursor *cursor)
{
    static const char *const words[] = {"de ", "of ", "del ", "do "};
    skip(cursor, " .,/-");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (take_literal(cursor, words[i]))
            break;
    skip(cursor, " ");
}

/* 12. März 2019  1er janvier 2020  12 de marzo de 2020  12-Nov-18 */
static bool day_first(dx_ctx *ctx, date_cursor cursor, const dx_hypotheses *hypotheses, dx_date_scan *out)
{
    int day = 0;
    int digits = digits_at(&cursor, &day);
    if (digits < 1 || digits > 2)
        return false;
    cursor.at += (size_t)digits;
    skip_ordinal(&cursor);
    skip_of(&cursor);
    int month = month_at(ctx, &cursor, hypotheses);
    if (month == 0)
        return false;
    skip_of(&cursor);
    int year = year_at(&cursor);
    out->end = cursor.at;
    out->named = true;
    return year > 0 && make(year, month, day, &out->date);
}

/* November 12th, 2018  Nov-12-2018  2018-Nov-12 */
static bool month_first(dx_ctx *ctx, date_cursor cursor, const dx_hypotheses *hypotheses, dx_date_scan *out)
{
    int month = month_at(ctx, &cursor, hypotheses);
    if (month == 0)
        return false;
    skip(&cursor, " .,/-");
    int day = 0;
    int digits = digits_at(&cursor, &day);
    if (digits < 1 || digits > 2)
        return false;
    cursor.at += (size_t)digits;
    skip_ordinal(&cursor);
    skip(&cursor, " .,/-");
    int year = year_at(&cursor);
    out->end = cursor.at;
    out->named = true;
    return year > 0 && make(year, month, day, &out->date);
}

static bool year_first_named(dx_ctx *ctx, date_cursor cursor, const dx_hypotheses *hypotheses, dx_date_scan *out)
{
    int year = 0, day = 0;
    if (digits_at(&cursor, &year) != 4)
        return false;
    cursor.at += 4;
    skip(&cursor, " .,/-");
    int month = month_at(ctx, &cursor, hypotheses);
    if (month == 0)
        return false;
    skip(&cursor, " .,/-");
    int digits = digits_at(&cursor, &day);
    if (digits < 1 || digits > 2)
        return false;
    out->end = cursor.at + (size_t)digits;
    out->named = true;
    return make(year, month, day, &out->date);
}

/* 2018年3月5日  民國113年03月05日 */
static bool chinese(date_cursor cursor, dx_date_scan *out)
{
    int year = 0, month = 0, day = 0;
    int digits = digits_at(&cursor, &year);
    if (digits < 2 || digits > 4)
        return false;
    cursor.at += (size_t)digits;
    skip(&cursor, " ");
    if (!take_literal(&cursor, "\xE5\xB9\xB4"))
        return false;
    skip(&cursor, " ");
    int month_digits = digits_at(&cursor, &month);
    cursor.at += (size_t)(month_digits > 2 ? 0 : month_digits);
    skip(&cursor, " ");
    if (!take_literal(&cursor, "\xE6\x9C\x88"))
        return false;
    skip(&cursor, " ");
    int day_digits = digits_at(&cursor, &day);
    if (day_digits < 1 || day_digits > 2)
        return false;
    cursor.at += (size_t)day_digits;
    skip(&cursor, " ");
    take_literal(&cursor, "\xE6\x97\xA5");
    out->end = cursor.at;
    out->named = true;
    return make(digits == 4 ? year : year + 1911, month, day, &out->date);
}

bool dx_date_scan_at(dx_ctx *ctx, const char *text, size_t length, size_t at, const dx_hypotheses *hypotheses,
                     dx_date_scan *out)
{
    date_cursor cursor = {text, length, at, hypotheses->ocr};
    bool misread = hypotheses->ocr && at + 2 < length && misread_digit(text[at]) >= 0 && is_digit(text[at + 1]) &&
                   strchr("./-", text[at + 2]);
    bool digit = at < length && (is_digit(text[at]) || misread);
    *out = (dx_date_scan){0};
    bool found = false;
    if (digit)
        found = chinese(cursor, out) || numeric(cursor, hypotheses, out) || day_first(ctx, cursor, hypotheses, out) ||
                year_first_named(ctx, cursor, hypotheses, out);
    else
        found = month_first(ctx, cursor, hypotheses, out);
    /* A letter or digit right behind means that it is part of something longer. */
    if (!found || out->end > length)
        return false;
    return out->end == length || !is_digit(text[out->end]) || out->end - at >= 10;
}
