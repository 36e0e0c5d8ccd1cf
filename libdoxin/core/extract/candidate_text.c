/* Identifiers as people print them behind a label. */
#include "core/extract/fields.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_skipped(char c)
{
    return strchr(" :.#=*()-|,;_\"'", c) != NULL && c != '\0';
}

static uint32_t word_end(const char *text, uint32_t at, uint32_t end)
{
    while (at < end && text[at] != ' ')
        at++;
    return at;
}

static uint32_t trim(const char *text, uint32_t begin, uint32_t end)
{
    while (end > begin && strchr(".,;:)(*|\"'", text[end - 1]))
        end--;
    return end;
}

static bool has_digit(const char *text, uint32_t begin, uint32_t end)
{
    for (uint32_t i = begin; i < end; i++)
        if (is_digit(text[i]))
            return true;
    return false;
}

static bool is_short_prefix(const char *text, uint32_t begin, uint32_t end)
{
    for (uint32_t i = begin; i < end; i++)
        if (!((text[i] >= 'A' && text[i] <= 'Z') || text[i] == '-' || text[i] == '/' || text[i] == '.'))
            return false;
    return end > begin && end - begin <= 5;
}

dx_text_span dx_identifier_at(const char *text, uint32_t begin, uint32_t end)
{
    dx_text_span none = {begin, begin};
    while (begin < end) {
        /* U+00B0, U+00BA and U+2013 belong to the label as well. */
        if (is_skipped(text[begin]))
            begin++;
        else if (end - begin >= 2 &&
                 (memcmp(text + begin, "\xC2\xB0", 2) == 0 || memcmp(text + begin, "\xC2\xBA", 2) == 0))
            begin += 2;
        else if (end - begin >= 3 &&
                 (memcmp(text + begin, "\xE2\x80\x93", 3) == 0 || memcmp(text + begin, "\xEF\xBC\x9A", 3) == 0))
            begin += 3;
        else
            break;
    }
    uint32_t stop = word_end(text, begin, end), cut = trim(text, begin, stop);
    if (cut == begin)
        return none;
    if (has_digit(text, begin, cut))
        return (dx_text_span){begin, cut};
    /* "INV 20391": letters that belong to the number behind them. */
    if (is_short_prefix(text, begin, cut) && stop < end) {
        uint32_t next = stop + 1, next_end = trim(text, next, word_end(text, next, end));
        if (next_end > next && is_digit(text[next]))
            return (dx_text_span){begin, next_end};
    }
    return none;
}

bool dx_looks_like_date(dx_ctx *ctx, const dx_reading *reading, const char *text, size_t length)
{
    dx_date_scan scan;
    return length >= 6 && strpbrk(text, "./-") && dx_date_scan_at(ctx, text, length, 0, &reading->hypotheses, &scan) &&
           scan.end >= length;
}
