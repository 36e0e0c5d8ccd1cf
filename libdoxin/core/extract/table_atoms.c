/* Numbers and labels of every line: what tables are found by. */
#include "base/text/utf8.h"
#include "base/value/unit.h"
#include "core/extract/reading.h"
#include "core/extract/table.h"

#include <string.h>

enum {
    ATOM_WORDS = 4, /* "1 234 567,89 EUR" */
    GROUP_GAP = 45, /* percent of the font size between the groups of one number */
    TEXT_MAX = 96,
    UNIT_BYTES = 24
};

static bool has_digit(const dx_layout_word *word)
{
    for (int i = 0; i < word->size; i++)
        if (word->text[i] >= '0' && word->text[i] <= '9')
            return true;
    return false;
}

static bool has_letter(const char *text, size_t length)
{
    for (size_t at = 0; at < length;)
        if (dx_char_letter(dx_utf8_next(text, length, &at)))
            return true;
    return false;
}

/* Words first … first + count as one text; false when they are too long or too far apart for one number. */
static bool join(const dx_layout *layout, uint32_t first, uint32_t count, char *out, size_t *length)
{
    size_t used = 0;
    bool after_digits = false;
    for (uint32_t i = first; i < first + count; i++) {
        const dx_layout_word *word = &layout->words[i];
        bool digits = has_digit(word);
        if (i > first && digits && after_digits &&
            (int64_t)(word->box.x0 - word[-1].box.x1) * 100 > (int64_t)word->font_size * GROUP_GAP)
            return false;
        if (used + (size_t)word->size + 2 > TEXT_MAX)
            return false;
        if (i > first && !word->glued)
            out[used++] = ' ';
        memcpy(out + used, word->text, (size_t)word->size);
        used += (size_t)word->size;
        after_digits = digits;
    }
    *length = used;
    return true;
}

/* "4-" is the first part of a word that was cut, not an amount. */
static bool is_cut_word(const char *text, size_t length, const dx_number_scan *scan)
{
    return length > 0 && text[length - 1] == '-' && scan->number.scale == 0 && !scan->has_currency;
}

/* A number that ends in letters is a measure or an article number, unless the letters are a currency. */
static bool ends_in_code(const char *text, size_t length, const dx_number_scan *scan)
{
    size_t at = length;
    while (at > 0 && ((text[at - 1] >= 'A' && text[at - 1] <= 'Z') || (text[at - 1] >= 'a' && text[at - 1] <= 'z')))
        at--;
    return at < length && !scan->has_currency;
}

static bool scan_words(const dx_table_source *source, uint32_t first, uint32_t count, dx_number_scan *out)
{
    char text[TEXT_MAX];
    size_t length;
    return join(source->layout, first, count, text, &length) &&
           dx_number_scan_text(text, length, source->hypotheses, out) && !ends_in_code(text, length, out) &&
           !is_cut_word(text, length, out);
}

/* The longest number that begins at a word; 0: none. */
static uint32_t atom_at(const dx_table_source *source, uint32_t first, uint32_t end, dx_number_scan *out)
{
    uint32_t most = end - first < ATOM_WORDS ? end - first : ATOM_WORDS;
    for (uint32_t count = most; count > 0; count--) {
        bool digits = false;
        for (uint32_t i = first; i < first + count && i < first + 2; i++)
            digits |= has_digit(&source->layout->words[i]);
        if (digits && scan_words(source, first, count, out))
            return count;
    }
    return 0;
}

/* Words behind a number that may be its unit. */
static void find_unit(const dx_layout *layout, dx_atom *atom, uint32_t end)
{
    uint32_t at = atom->first + atom->count;
    atom->unit_first = at;
    if (atom->percent || atom->currency || at >= end)
        return;
    const dx_layout_word *word = &layout->words[at];
    if (word->size <= UNIT_BYTES && !has_digit(word) && has_letter(word->text, (size_t)word->size))
        atom->unit_count = 1;
    else if (word->size <= 4 && word->size >= 2 && dx_unit_code(word->text, (size_t)word->size) != NULL)
        atom->unit_count = 1;
}

/* A colon stands before a number: it is the value of a label. */
static bool is_labelled(const dx_layout *layout, const dx_segment *segment, uint32_t first)
{
    if (layout->words[first].text[0] == ':')
        return true;
    const dx_layout_word *before = &layout->words[first - (first > 0)];
    return first > segment->first_word && before->text[before->size - 1] == ':';
}

/* Whether the words before a number in its segment make it part of a text. */
static bool is_inner(const dx_layout *layout, const dx_segment *segment, uint32_t first, const dx_atom *before)
{
    if (first == segment->first_word)
        return false;
    if (before != NULL && before->line == segment->line && before->first + before->count + before->unit_count >= first)
        return before->inner;
    const dx_layout_word *word = &layout->words[first - 1];
    return has_letter(word->text, (size_t)word->size) || word->text[word->size - 1] == ':' ||
           word->text[word->size - 1] == '/';
}

static doxin_status read_atoms(dx_ctx *ctx, dx_table_source *source, uint32_t line, size_t *capacity)
{
    const dx_layout *layout = source->layout;
    const dx_text_line *from = &layout->lines[line];
    source->marks[line].first_atom = (uint32_t)source->atom_count;
    for (uint32_t s = from->first_segment; s < from->first_segment + from->segment_count; s++) {
        const dx_segment *segment = &layout->segments[s];
        uint32_t end = segment->first_word + segment->word_count;
        for (uint32_t i = segment->first_word; i < end;) {
            dx_number_scan scan;
            bool colon = strcmp(layout->words[i].text, ":") == 0;
            uint32_t count = colon ? 0 : atom_at(source, i, end, &scan);
            if (count == 0) {
                i++;
                continue;
            }
            dx_atom *atom = dx_push(ctx, (void **)&source->atoms, &source->atom_count, capacity, sizeof *source->atoms);
            if (atom == NULL)
                return DOXIN_E_NOMEM;
            atom->line = line;
            atom->first = i;
            atom->count = count;
            atom->value = scan.number;
            atom->percent = scan.percent;
            atom->currency = scan.has_currency;
            atom->column = DX_NO_COLUMN;
            atom->box = layout->words[i].box;
            for (uint32_t k = 1; k < count; k++)
                atom->box = dx_box_join(atom->box, layout->words[i + k].box);
            find_unit(layout, atom, end);
            for (uint32_t k = 0; k < atom->unit_count; k++)
                atom->box = dx_box_join(atom->box, layout->words[atom->unit_first + k].box);
            atom->labelled = is_labelled(layout, segment, i);
            atom->inner = is_inner(layout, segment, i, source->atom_count > 1 ? atom - 1 : NULL);
            i += count;
        }
    }
    source->marks[line].atom_count = (uint32_t)source->atom_count - source->marks[line].first_atom;
    return DOXIN_OK;
}

/* Notes a sum's name that begins at a token. */
static bool find_sum(const dx_tokens *tokens, size_t at, int weaker, dx_line_marks *marks)
{
    dx_term terms[16];
    size_t count = at < tokens->count ? dx_lexicon_at(tokens, at, terms, 16) : 0;
    bool found = false;
    for (size_t i = 0; i < count; i++) {
        if (dx_concept_group_of(terms[i].concept) != DX_GROUP_AMOUNT)
            continue;
        found = true;
        marks->carried |= terms[i].concept == DX_TERM_CARRIED;
        int strength = terms[i].strength > weaker ? terms[i].strength - weaker : DX_TERM_WEAK;
        if (marks->amount == DX_TERM_NONE || strength > marks->amount_strength) {
            marks->amount = terms[i].concept;
            marks->amount_strength = strength;
            marks->amount_alone = terms[i].end + 2 >= tokens->count;
        }
    }
    return found;
}

/* The sum that the line's text begins with, maybe behind a short word: "Subtotal", "19 % VAT", "plus VAT". */
static doxin_status read_labels(dx_ctx *ctx, dx_table_source *source, uint32_t line)
{
    const dx_layout *layout = source->layout;
    const dx_text_line *from = &layout->lines[line];
    dx_line_marks *marks = &source->marks[line];
    int texts = 0;
    for (uint32_t s = from->first_segment; s < from->first_segment + from->segment_count; s++) {
        const char *text = layout->segments[s].text;
        doxin_status status = dx_lexicon_tokens(ctx, text, strlen(text), source->hypotheses->ocr, &source->tokens[s]);
        if (status != DOXIN_OK)
            return status;
        const dx_tokens tokens = source->tokens[s];
        size_t first = 0;
        while (first < tokens.count && (tokens.items[first].text[0] == '%' ||
                                        (tokens.items[first].text[0] >= '0' && tokens.items[first].text[0] <= '9')))
            first++;
        /* Behind two texts a sum's name says what the column is: "19 % VAT". */
        if (first < tokens.count && texts++ == 2)
            break;
        if (text[0] == '(')
            continue;
        if (first < tokens.count && !find_sum(&tokens, first, 0, marks) &&
            tokens.items[first].end - tokens.items[first].begin < 6)
            find_sum(&tokens, first + 1, 1, marks);
    }
    return DOXIN_OK;
}

doxin_status dx_table_read(dx_ctx *ctx, const dx_layout *layout, const dx_hypotheses *hypotheses, dx_table_source *out)
{
    *out = (dx_table_source){.layout = layout, .hypotheses = hypotheses};
    out->marks = dx_array(ctx, layout->line_count + 1, sizeof *out->marks);
    out->tokens = dx_array(ctx, layout->segment_count + 1, sizeof *out->tokens);
    if (out->marks == NULL || out->tokens == NULL)
        return DOXIN_E_NOMEM;
    size_t capacity = 0;
    for (uint32_t i = 0; i < layout->line_count; i++) {
        doxin_status status = (i & 255) == 0 ? dx_check(ctx) : DOXIN_OK;
        if (status == DOXIN_OK)
            status = read_atoms(ctx, out, i, &capacity);
        if (status == DOXIN_OK)
            status = read_labels(ctx, out, i);
        if (status != DOXIN_OK)
            return status;
    }
    if (out->atoms == NULL && (out->atoms = dx_new(ctx, sizeof *out->atoms)) == NULL)
        return DOXIN_E_NOMEM;
    return dx_table_mark_heads(ctx, out);
}
