/* Lines of a party: whole segments, and parts of an address that is written in one line. */
#include "core/extract/parties.h"

#include <string.h>

bool dx_party_add_line(dx_party *party, const char *text, uint32_t first, uint32_t count)
{
    if (party->count == DX_PARTY_LINES)
        return false;
    party->lines[party->count++] = (dx_party_line){text, first, count};
    return true;
}

/* Separators of addresses that are written in one line. */
static size_t separator_at(const char *text, bool commas)
{
    static const char *const marks[] = {"\xE2\x80\xA2", "\xC2\xB7",       "\xE2\x97\x8F", " | ",           "|",
                                        " - ",          " \xE2\x80\x93 ", "\xE2\x88\x99", "\xE2\x80\xA7",  " * ",
                                        " / ",          "\xE2\x96\xAA",   "\xE2\x96\xA0", " \xE2\x80\x94 "};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strncmp(text, marks[i], strlen(marks[i])) == 0)
            return strlen(marks[i]);
    return commas && *text == ',' ? 1 : 0;
}

bool dx_party_add_part(dx_ctx *ctx, const dx_reading *reading, uint32_t segment, size_t begin, size_t end,
                       dx_party *party)
{
    const char *text = reading->layout->segments[segment].text;
    while (begin < end && text[begin] == ' ')
        begin++;
    while (end > begin && (text[end - 1] == ' ' || text[end - 1] == ','))
        end--;
    if (end == begin)
        return true;
    char *part = dx_textn(ctx, text + begin, end - begin);
    if (!part)
        return false;
    uint32_t first = dx_reading_word_at(reading, segment, (uint32_t)begin);
    uint32_t last = dx_reading_word_at(reading, segment, (uint32_t)end - 1);
    dx_party_add_line(party, part, first, last - first + 1);
    return true;
}

/* "Name · Street · 12345 Town" becomes three lines; what follows the town is left out. */
bool dx_party_split_line(dx_ctx *ctx, const dx_reading *reading, uint32_t segment, const dx_postal *place,
                         dx_party *party)
{
    const char *text = reading->layout->segments[segment].text;
    size_t begin = 0;
    for (size_t at = 0; at < place->begin;) {
        size_t size = separator_at(text + at, true);
        if (size == 0) {
            at++;
            continue;
        }
        if (!dx_party_add_part(ctx, reading, segment, begin, at, party))
            return false;
        at += size;
        begin = at;
    }
    return dx_party_add_part(ctx, reading, segment, begin, place->end, party);
}

/* "Word: something": says something about the party, but is neither its name nor its street. */
bool dx_party_is_remark(const char *text)
{
    const char *colon = strchr(text, ':');
    return colon && colon - text > 5 && colon[1] == ' ';
}

bool dx_party_is_separator(const char *text)
{
    size_t size = separator_at(text, false);
    return (size > 0 && text[size] == '\0') || strcmp(text, "-") == 0 || strcmp(text, "|") == 0 ||
           strcmp(text, "*") == 0;
}

bool dx_party_beside_separator(const dx_segment *segments, uint32_t segment)
{
    uint32_t left = segments[segment].left, right = segments[segment].right;
    return (left != DX_NO_INDEX && dx_party_is_separator(segments[left].text)) ||
           (right != DX_NO_INDEX && dx_party_is_separator(segments[right].text));
}
