/* Numbers that name an item: under a head, behind a label, or in the first line of a column with two heads. */
#include "base/value/country.h"
#include "core/extract/items.h"

#include <string.h>

enum { MOST_NUMBER = 12 /* bytes of a line's number */, MOST_CODE = 40, TERMS_AT = 16 };

static const char *text_of(dx_ctx *ctx, const dx_table_source *source, const dx_range *range)
{
    return dx_layout_text(ctx, source->layout, range->first, range->count);
}

static bool has_digit(const char *text)
{
    return strpbrk(text, "0123456789") != NULL;
}

/* A label of something else, a remark in brackets, or a text: no code. */
static bool may_be_code(const char *text)
{
    return text[0] != '(' && strchr(text, ':') == NULL && strlen(text) <= MOST_CODE;
}

static bool is_gtin(const char *text)
{
    size_t length = strspn(text, "0123456789");
    return text[length] == '\0' && length >= 12 && dx_gtin_check(text, length) == DX_CHECK_GOOD;
}

static void take_out(dx_ranges *text, size_t index)
{
    text->count--;
    memmove(&text->items[index], &text->items[index + 1], (text->count - index) * sizeof *text->items);
}

/* Which code a text with a colon is the label of. */
static dx_concept label_of(dx_ctx *ctx, const dx_table_source *source, const char *text)
{
    dx_tokens tokens = {0};
    if (strchr(text, ':') == NULL ||
        dx_lexicon_tokens(ctx, text, strlen(text), source->hypotheses->ocr, &tokens) != DOXIN_OK || tokens.count == 0)
        return DX_TERM_NONE;
    dx_term terms[TERMS_AT];
    size_t count = dx_lexicon_at(&tokens, 0, terms, TERMS_AT);
    const char *colon = strchr(text, ':');
    for (size_t i = 0; i < count; i++) {
        bool whole = tokens.items[terms[i].end - 1].end <= (size_t)(colon - text) &&
                     (terms[i].end == tokens.count || tokens.items[terms[i].end].begin > (size_t)(colon - text));
        if (whole && (terms[i].concept == DX_TERM_COL_ITEM || terms[i].concept == DX_TERM_COL_BUYER_ITEM ||
                      terms[i].concept == DX_TERM_COL_GTIN))
        return terms[i].concept;
    }
    return DX_TERM_NONE;
}

static dx_cell_id cell_of(dx_concept concept)
{
    return concept == DX_TERM_COL_GTIN         ? DX_CELL_GTIN
           : concept == DX_TERM_COL_BUYER_ITEM ? DX_CELL_BUYER_ITEM
                                               : DX_CELL_ITEM;
}

/* The words behind the colon of a range; none: the range under it. */
static dx_range value_of_label(const dx_table_source *source, const dx_ranges *text, size_t index)
{
    dx_range value = text->items[index];
    while (value.count > 0) {
        const dx_layout_word *word = &source->layout->words[value.first];
        value.first++;
        value.count--;
        if (word->text[word->size - 1] == ':')
            break;
    }
    if (value.count > 0 || index + 1 == text->count)
        return value;
    for (size_t i = index + 1; i < text->count; i++)
        if (text->items[i].line > text->items[index].line &&
            dx_overlap(text->items[i].box.x0, text->items[i].box.x1, text->items[index].box.x0,
                       text->items[index].box.x1) > 0)
            return text->items[i];
    return value;
}

static doxin_status labelled_codes(dx_ctx *ctx, const dx_table_source *source, const dx_ranges *text, dx_line *out)
{
    for (size_t i = 0; i < text->count; i++) {
        const char *words = text_of(ctx, source, &text->items[i]);
        if (words == NULL)
            return DOXIN_E_NOMEM;
        dx_concept concept = label_of(ctx, source, words);
        if (concept == DX_TERM_NONE || out->cell[cell_of(concept)].present)
            continue;
        dx_range value = value_of_label(source, text, i);
        const char *code = value.count > 0 ? text_of(ctx, source, &value) : "";
        if (code == NULL)
            return DOXIN_E_NOMEM;
        if (!has_digit(code) || !may_be_code(code) || value.count > 3)
            continue;
        doxin_status status = dx_items_set_text(ctx, source, &value, 1, &out->cell[cell_of(concept)]);
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

/* The first text under a head that may be a code; check digits tell a GTIN from an item number. */
static doxin_status code_under(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, const dx_ranges *text,
                               dx_concept role, dx_line *out)
{
    int column = dx_items_column(row->table, role);
    dx_field *field = &out->cell[cell_of(role)];
    const dx_range *gtin = NULL;
    for (size_t i = 0; column != DX_NO_COLUMN && i < text->count && !field->present; i++) {
        if (text->items[i].column != column)
            continue;
        const char *words = text_of(ctx, source, &text->items[i]);
        if (words == NULL)
            return DOXIN_E_NOMEM;
        if (!may_be_code(words))
            continue;
        if (role != DX_TERM_COL_GTIN && is_gtin(words)) {
            gtin = gtin == NULL ? &text->items[i] : gtin;
            continue;
        }
        doxin_status status = dx_items_set_text(ctx, source, &text->items[i], 1, field);
        if (status != DOXIN_OK)
            return status;
    }
    if (gtin == NULL)
        return DOXIN_OK;
    doxin_status status = DOXIN_OK;
    if (!out->cell[DX_CELL_GTIN].present)
        status = dx_items_set_text(ctx, source, gtin, 1, &out->cell[DX_CELL_GTIN]);
    if (status == DOXIN_OK && !field->present)
        status = dx_items_set_text(ctx, source, gtin, 1, field);
    return status;
}

static doxin_status number_of_line(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, const dx_ranges *text,
                                   dx_line *out)
{
    int column = dx_items_column(row->table, DX_TERM_COL_NUMBER);
    if (column == DX_NO_COLUMN || column == row->table->quantity || column == row->table->price ||
        column == row->table->total)
        return DOXIN_OK;
    for (size_t i = 0; i < text->count; i++) {
        if (text->items[i].column != column || text->items[i].count > 1)
            continue;
        const char *words = text_of(ctx, source, &text->items[i]);
        if (words == NULL)
            return DOXIN_E_NOMEM;
        if (strlen(words) <= MOST_NUMBER && has_digit(words))
            return dx_items_set_text(ctx, source, &text->items[i], 1, &out->cell[DX_CELL_NUMBER]);
    }
    return DOXIN_OK;
}

/* Under two heads, the upper of an item number and the lower of the description, the first line is the number. */
static doxin_status code_over_description(dx_ctx *ctx, const dx_table_source *source, const dx_row *row,
                                          dx_ranges *text, dx_line *out)
{
    int column = row->table->description;
    if (column == DX_NO_COLUMN || row->table->columns[column].above == DX_TERM_NONE)
        return DOXIN_OK;
    size_t first = text->count, second = text->count;
    for (size_t i = 0; i < text->count; i++) {
        if (text->items[i].column != column)
            continue;
        if (first == text->count)
            first = i;
        else if (second == text->count && text->items[i].line != text->items[first].line)
            second = i;
    }
    if (second == text->count || text->items[first].count > 1)
        return DOXIN_OK;
    const char *words = text_of(ctx, source, &text->items[first]);
    if (words == NULL)
        return DOXIN_E_NOMEM;
    if (!has_digit(words) || !may_be_code(words))
        return DOXIN_OK;
    dx_field *field = &out->cell[cell_of(row->table->columns[column].above)];
    if (field->present)
        return DOXIN_OK;
    doxin_status status = dx_items_set_text(ctx, source, &text->items[first], 1, field);
    take_out(text, first);
    return status;
}

/* Without a head: a word with digits that stands alone before the text of the first line names the item. */
static doxin_status code_before_text(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, dx_ranges *text,
                                     dx_line *out)
{
    if (row->table->head_end > row->table->head_line || row->table->description != DX_NO_COLUMN || text->count < 2 ||
        text->items[0].count > 1 || text->items[0].line != text->items[1].line)
        return DOXIN_OK;
    const char *words = text_of(ctx, source, &text->items[0]);
    if (words == NULL)
        return DOXIN_E_NOMEM;
    if (!has_digit(words) || !may_be_code(words))
        return DOXIN_OK;
    bool number = strlen(words) <= 3;
    doxin_status status =
        dx_items_set_text(ctx, source, &text->items[0], 1, &out->cell[number ? DX_CELL_NUMBER : DX_CELL_ITEM]);
    take_out(text, 0);
    return status;
}

doxin_status dx_items_codes(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, dx_ranges *text,
                            dx_line *out)
{
    doxin_status status = number_of_line(ctx, source, row, text, out);
    for (int i = 0; i < 2 && status == DOXIN_OK; i++)
        status = code_before_text(ctx, source, row, text, out);
    if (status == DOXIN_OK)
        status = labelled_codes(ctx, source, text, out);
    if (status == DOXIN_OK)
        status = code_over_description(ctx, source, row, text, out);
    if (status == DOXIN_OK)
        status = code_under(ctx, source, row, text, DX_TERM_COL_ITEM, out);
    if (status == DOXIN_OK)
        status = code_under(ctx, source, row, text, DX_TERM_COL_BUYER_ITEM, out);
    if (status == DOXIN_OK)
        status = code_under(ctx, source, row, text, DX_TERM_COL_GTIN, out);
    return status;
}

/* "1", "1.2", "010", "7a": at most one letter, and few characters. */
static bool counts_lines(const char *text)
{
    int letters = 0;
    for (const char *p = text; *p; p++)
        letters += !((*p >= '0' && *p <= '9') || *p == '.' || *p == ' ');
    return letters <= 1 && strlen(text) <= MOST_NUMBER / 2;
}

/* A column that is headed "Item" or "No." holds codes as often as numbers of lines: what its values look like decides,
 * where no other column has the codes. */
void dx_items_settle_numbers(dx_line *lines, size_t count)
{
    size_t codes = 0, numbers = 0;
    for (size_t i = 0; i < count; i++) {
        const dx_field *number = &lines[i].cell[DX_CELL_NUMBER];
        if (lines[i].cell[DX_CELL_ITEM].present)
            return;
        codes += number->present && !counts_lines(number->text);
        numbers += number->present && counts_lines(number->text);
    }
    for (size_t i = 0; i < count && codes > numbers; i++) {
        lines[i].cell[DX_CELL_ITEM] = lines[i].cell[DX_CELL_NUMBER];
        dx_field_clear(&lines[i].cell[DX_CELL_NUMBER]);
    }
}
