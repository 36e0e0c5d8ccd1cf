/* Cells of an item: which words of its lines stand under which head, and what they say. */
#include "base/value/unit.h"
#include "core/extract/items.h"

#include <string.h>

enum {
    TEXT_MAX = 4000,
    SURE = 970,     /* of what proves itself */
    DETAIL_GAP = 80 /* percent of the font size: text after such a gap is further text */
};

/* A column of amounts rather than of names. */
static bool is_amount(const dx_table *table, int column)
{
    switch (table->columns[column].role) {
    case DX_TERM_NONE:
    case DX_TERM_COL_NUMBER:
    case DX_TERM_COL_ITEM:
    case DX_TERM_COL_BUYER_ITEM:
    case DX_TERM_COL_GTIN:
        return column == table->quantity || column == table->price || column == table->total;
    default:
        return true;
    }
}

/* A word of one of the row's numbers, or of its quantity's unit. */
static bool in_number(const dx_table_source *source, const dx_row *row, uint32_t word)
{
    for (int c = 0; c < row->table->count; c++) {
        if (row->cells[c] < 0 || !is_amount(row->table, c))
            continue;
        const dx_atom *atom = &source->atoms[row->cells[c]];
        uint32_t count = atom->count + (c == row->table->quantity ? atom->unit_count : 0);
        if (word >= atom->first && word < atom->first + count)
            return true;
    }
    return false;
}

static bool text_role(dx_concept role)
{
    return role != DX_TERM_COL_PRICE && role != DX_TERM_COL_TOTAL && role != DX_TERM_COL_TOTAL_GROSS &&
           role != DX_TERM_COL_GROSS_PRICE && role != DX_TERM_COL_TAX_AMOUNT;
}

/* The column whose head a piece of text stands under, or next to. */
static int column_of(const dx_table *table, dx_box box, int font_size)
{
    int best = DX_NO_COLUMN;
    int64_t most = INT64_MIN;
    for (int c = 0; c < table->count; c++) {
        const dx_column *column = &table->columns[c];
        if (column->head.x1 < column->head.x0)
            continue;
        int64_t shared = dx_overlap(box.x0, box.x1, column->head.x0, column->head.x1);
        int64_t score = shared > 0 ? 1000 + 1000 * shared / (box.x1 - box.x0 + 1) : shared * 100 / font_size;
        if (c == table->description)
            score += shared > 0 ? 1500 : 150;
        else if (!text_role(column->role))
            score -= 1200;
        if (score > most) {
            most = score;
            best = c;
        }
    }
    return best;
}

static void add_range(const dx_table_source *source, const dx_table *table, uint32_t line, uint32_t first, uint32_t end,
                      dx_ranges *out)
{
    if (out->count == DX_ITEM_RANGES || end <= first)
        return;
    const dx_layout *layout = source->layout;
    dx_range *added = &out->items[out->count++];
    *added = (dx_range){.first = first, .count = end - first, .line = line, .box = layout->words[first].box};
    for (uint32_t i = first + 1; i < end; i++)
        added->box = dx_box_join(added->box, layout->words[i].box);
    added->column = column_of(table, added->box, layout->lines[line].font_size);
}

/* A word that begins where the head of the description or of a column left of it begins, behind words left of that. */
static bool starts_column(const dx_table *table, const dx_layout_word *word, uint32_t first, uint32_t at)
{
    if (table->description < 0 || at == first || word->glued || word[-1].text[word[-1].size - 1] == ':')
        return false;
    for (int c = 0; c <= table->description; c++) {
        int32_t left = table->columns[c].head.x0;
        if (table->columns[c].head.x1 > left && word->box.x0 > left - word->font_size / 2 &&
            word->box.x0 < left + word->font_size / 2)
            return true;
    }
    return false;
}

/* Text of the row's lines: pieces between numbers. */
void dx_items_text(const dx_table_source *source, const dx_row *row, dx_ranges *out)
{
    const dx_layout *layout = source->layout;
    out->count = 0;
    for (uint32_t line = row->first; line < row->end; line++) {
        const dx_text_line *from = &layout->lines[line];
        if (from->vertical)
            continue;
        for (uint32_t s = from->first_segment; s < from->first_segment + from->segment_count; s++) {
            const dx_segment *segment = &layout->segments[s];
            uint32_t first = segment->first_word, end = first + segment->word_count;
            for (uint32_t i = first; i < end; i++) {
                if (in_number(source, row, i)) {
                    add_range(source, row->table, line, first, i, out);
                    first = i + 1;
                } else if (starts_column(row->table, &layout->words[i], first, i)) {
                    add_range(source, row->table, line, first, i, out);
                    first = i;
                }
            }
            add_range(source, row->table, line, first, end, out);
        }
    }
}

doxin_status dx_items_set_text(dx_ctx *ctx, const dx_table_source *source, const dx_range *from, size_t count,
                               dx_field *field)
{
    char text[TEXT_MAX + 1];
    size_t used = 0;
    const dx_layout *layout = source->layout;
    for (size_t r = 0; r < count; r++) {
        for (uint32_t i = from[r].first; i < from[r].first + from[r].count; i++) {
            const dx_layout_word *word = &layout->words[i];
            if (used + (size_t)word->size + 2 > TEXT_MAX)
                break;
            if (used > 0 && !(i > from[r].first && word->glued))
                text[used++] = ' ';
            memcpy(text + used, word->text, (size_t)word->size);
            used += (size_t)word->size;
        }
    }
    text[used] = '\0';
    doxin_status status = dx_field_text(ctx, field, text);
    if (status == DOXIN_OK)
        status = dx_evidence_words(ctx, layout, from[0].first, from[0].count, &field->evidence);
    for (size_t r = 1; r < count && status == DOXIN_OK; r++) {
        dx_evidence more;
        status = dx_evidence_words(ctx, layout, from[r].first, from[r].count, &more);
        for (int i = 0; i < 4; i++)
            if (i < 2 ? more.box[i] < field->evidence.box[i] : more.box[i] > field->evidence.box[i])
                field->evidence.box[i] = more.box[i];
        if (more.confidence < field->evidence.confidence)
            field->evidence.confidence = more.confidence;
    }
    field->evidence.text = field->text;
    return status;
}

static doxin_status set_atom(dx_ctx *ctx, const dx_table_source *source, const dx_atom *atom, int places,
                             int confidence, dx_field *field)
{
    doxin_status status = dx_field_number(ctx, field, atom->value, places);
    if (status == DOXIN_OK)
        status = dx_evidence_words(ctx, source->layout, atom->first, atom->count, &field->evidence);
    field->evidence.confidence = (int)((int64_t)field->evidence.confidence * confidence / 1000);
    return status;
}

static doxin_status set_number(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, int column, int places,
                               int confidence, dx_field *field)
{
    if (column < 0 || row->cells[column] < 0)
        return DOXIN_OK;
    return set_atom(ctx, source, &source->atoms[row->cells[column]], places, confidence, field);
}

int dx_items_column(const dx_table *table, dx_concept role)
{
    for (int i = 0; i < table->count; i++)
        if (table->columns[i].role == role)
            return i;
    return DX_NO_COLUMN;
}

/* Whether a line of description goes on with the text before it: close below, same size, no label of its own. */
static bool goes_on(const dx_layout *layout, const dx_range *before, const dx_range *next)
{
    const dx_layout_word *a = &layout->words[before->first], *b = &layout->words[next->first];
    if (next->line == before->line)
        return true;
    if ((int64_t)(next->box.y0 - before->box.y1) * 100 > (int64_t)b->font_size * DETAIL_GAP)
        return false;
    if (a->font_size * 10 > b->font_size * 12 || b->font_size * 10 > a->font_size * 12)
        return false;
    if (((a->flags ^ b->flags) & (DX_WIRE_BOLD | DX_WIRE_ITALIC)) != 0)
        return false;
    for (uint32_t i = next->first; i < next->first + next->count && i < next->first + 4; i++)
        if (layout->words[i].text[layout->words[i].size - 1] == ':' && layout->words[i].text[0] != '(')
            return false;
    return b->box.x0 - a->box.x0 < b->font_size && a->box.x0 - b->box.x0 < b->font_size;
}

/* Without a head the widest text shows where the descriptions stand. */
static dx_box widest_text(const dx_ranges *text)
{
    dx_box widest = {0, 0, -1, -1};
    for (size_t i = 0; i < text->count; i++)
        if (text->items[i].box.x1 - text->items[i].box.x0 > widest.x1 - widest.x0)
            widest = text->items[i].box;
    return widest;
}

static doxin_status set_description(dx_ctx *ctx, const dx_table_source *source, const dx_row *row,
                                    const dx_ranges *text, dx_line *out)
{
    dx_range chosen[DX_ITEM_RANGES];
    size_t count = 0, head = 0;
    dx_box widest = widest_text(text);
    for (size_t i = 0; i < text->count; i++) {
        const dx_range *range = &text->items[i];
        bool under = row->table->description != DX_NO_COLUMN
                         ? range->column == row->table->description
                         : dx_overlap(range->box.x0, range->box.x1, widest.x0, widest.x1) > 0;
        if (under)
            chosen[count++] = *range;
    }
    if (count == 0)
        return DOXIN_OK;
    for (head = 1; head < count && goes_on(source->layout, &chosen[head - 1], &chosen[head]);)
        head++;
    doxin_status status = dx_items_set_text(ctx, source, chosen, head, &out->cell[DX_CELL_DESCRIPTION]);
    if (status == DOXIN_OK && head < count)
        status = dx_items_set_text(ctx, source, chosen + head, count - head, &out->cell[DX_CELL_DETAIL]);
    return status;
}

/* First text under a head. */
static const dx_range *text_under(const dx_row *row, const dx_ranges *text, dx_concept role)
{
    int column = dx_items_column(row->table, role);
    for (size_t i = 0; column != DX_NO_COLUMN && i < text->count; i++)
        if (text->items[i].column == column)
            return &text->items[i];
    return NULL;
}

static doxin_status set_unit(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, const dx_ranges *text,
                             dx_line *out)
{
    dx_range unit = {0};
    const dx_range *under = text_under(row, text, DX_TERM_COL_UNIT);
    if (under == NULL)
        under = text_under(row, text, DX_TERM_COL_QUANTITY);
    if (row->table->quantity >= 0 && row->cells[row->table->quantity] >= 0) {
        const dx_atom *atom = &source->atoms[row->cells[row->table->quantity]];
        if (atom->unit_count > 0) {
            unit = (dx_range){.first = atom->unit_first, .count = atom->unit_count, .line = atom->line};
            under = &unit;
        }
    }
    if (under == NULL)
        return DOXIN_OK;
    dx_field *field = &out->cell[DX_CELL_UNIT];
    doxin_status status = dx_items_set_text(ctx, source, under, 1, field);
    if (status != DOXIN_OK)
        return status;
    const char *code = dx_unit_code(field->text, strlen(field->text));
    return code != NULL ? dx_field_text(ctx, field, code) : DOXIN_OK;
}

/* A discount in percent or in money; of the price or of the line, whichever multiplies out. */
static doxin_status set_discount(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, dx_line *out)
{
    int column = dx_items_column(row->table, DX_TERM_COL_DISCOUNT);
    if (column == DX_NO_COLUMN || row->cells[column] < 0)
        return DOXIN_OK;
    const dx_atom *atom = &source->atoms[row->cells[column]];
    dx_decimal value = dx_decimal_abs(atom->value), product, rest;
    const dx_field *quantity = &out->cell[DX_CELL_QUANTITY], *price = &out->cell[DX_CELL_PRICE];
    const dx_field *total = &out->cell[DX_CELL_TOTAL];
    bool full = quantity->present && price->present && total->present &&
                dx_decimal_mul(quantity->number, price->number, &product);
    bool of_line = full && dx_decimal_sub(product, value, &rest) && dx_decimal_round(rest, 2, &rest) &&
                   dx_decimal_equal(rest, total->number);
    bool of_price = full && !of_line && dx_decimal_sub(price->number, value, &rest) &&
                    dx_decimal_mul(rest, quantity->number, &rest) && dx_decimal_round(rest, 2, &rest) &&
                    dx_decimal_equal(rest, total->number);
    dx_cell_id cell = atom->percent || (!of_line && !of_price && value.scale < 2) ? DX_CELL_DISCOUNT_PERCENT
                      : of_price                                                  ? DX_CELL_DISCOUNT
                                                                                  : DX_CELL_DISCOUNT_AMOUNT;
    doxin_status status =
        set_number(ctx, source, row, column, cell == DX_CELL_DISCOUNT_AMOUNT ? 2 : 0, 900, &out->cell[cell]);
    return status == DOXIN_OK ? dx_field_number(ctx, &out->cell[cell], value, cell == DX_CELL_DISCOUNT_PERCENT ? 0 : 2)
                              : status;
}

/* The discount on a line of its own, and the total less it. */
static doxin_status take_discount(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, dx_line *out)
{
    dx_field *total = &out->cell[DX_CELL_TOTAL], *discount = &out->cell[DX_CELL_DISCOUNT_AMOUNT];
    if (!row->discounted || !total->present)
        return DOXIN_OK;
    const dx_atom *atom = &source->atoms[row->discount];
    dx_decimal value = dx_decimal_abs(atom->value), rest;
    doxin_status status = dx_field_number(ctx, discount, value, 2);
    if (status == DOXIN_OK)
        status = dx_evidence_words(ctx, source->layout, atom->first, atom->count, &discount->evidence);
    if (status != DOXIN_OK || !dx_decimal_sub(total->number, value, &rest))
        return status;
    total->evidence.origin = DX_ORIGIN_ARITHMETIC;
    return dx_field_number(ctx, total, rest, 2);
}

/* "Gross price 4.00, discount 0.67" in the item's text: taken where the difference is the price. */
static doxin_status find_gross_price(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, dx_line *out)
{
    const dx_field *price = &out->cell[DX_CELL_PRICE];
    if (!price->present || out->cell[DX_CELL_GROSS_PRICE].present)
        return DOXIN_OK;
    uint32_t first = source->marks[row->first].first_atom;
    uint32_t end = source->marks[row->end - 1].first_atom + source->marks[row->end - 1].atom_count;
    for (uint32_t g = first; g < end; g++) {
        for (uint32_t d = g + 1; d < end && source->atoms[g].labelled; d++) {
            const dx_atom *gross = &source->atoms[g], *less = &source->atoms[d];
            dx_decimal value = dx_decimal_abs(less->value), rest;
            if (!less->labelled || less->percent || dx_decimal_sign(value) == 0 ||
                !dx_decimal_sub(gross->value, value, &rest) || !dx_decimal_equal(rest, price->number))
                continue;
            doxin_status status = set_atom(ctx, source, gross, 2, SURE, &out->cell[DX_CELL_GROSS_PRICE]);
            if (status == DOXIN_OK)
                status = set_atom(ctx, source, less, 2, SURE, &out->cell[DX_CELL_DISCOUNT]);
            return status == DOXIN_OK ? dx_field_number(ctx, &out->cell[DX_CELL_DISCOUNT], value, 2) : status;
        }
    }
    return DOXIN_OK;
}

/* A total that is not printed follows from quantity and price. */
static doxin_status compute_total(dx_ctx *ctx, dx_line *out)
{
    const dx_field *quantity = &out->cell[DX_CELL_QUANTITY], *price = &out->cell[DX_CELL_PRICE];
    dx_field *total = &out->cell[DX_CELL_TOTAL];
    dx_decimal product;
    if (total->present || !quantity->present || !price->present ||
        !dx_decimal_mul(quantity->number, price->number, &product) || !dx_decimal_round(product, 2, &product))
        return DOXIN_OK;
    doxin_status status = dx_field_number(ctx, total, product, 2);
    total->evidence.origin = DX_ORIGIN_ARITHMETIC;
    total->evidence.confidence = quantity->evidence.confidence < price->evidence.confidence
                                     ? quantity->evidence.confidence
                                     : price->evidence.confidence;
    return status;
}

static doxin_status set_numbers(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, dx_line *out)
{
    const dx_table *table = row->table;
    int sure = row->proved ? SURE : row->doubtful ? 550 : 850;
    const struct {
        int column, places;
        dx_cell_id cell;
    } numbers[] = {{table->quantity, 0, DX_CELL_QUANTITY},
                   {table->price, 2, DX_CELL_PRICE},
                   {table->total, 2, DX_CELL_TOTAL},
                   {dx_items_column(table, DX_TERM_COL_TAX_RATE), 0, DX_CELL_TAX_RATE},
                   {dx_items_column(table, DX_TERM_COL_TAX_AMOUNT), 2, DX_CELL_TAX_AMOUNT},
                   {dx_items_column(table, DX_TERM_COL_PRICE_BASE), 0, DX_CELL_PRICE_BASE}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        doxin_status status =
            set_number(ctx, source, row, numbers[i].column, numbers[i].places, sure, &out->cell[numbers[i].cell]);
        if (status != DOXIN_OK)
            return status;
    }
    int gross = dx_items_column(table, DX_TERM_COL_GROSS_PRICE);
    return gross != table->price ? set_number(ctx, source, row, gross, 2, sure, &out->cell[DX_CELL_GROSS_PRICE])
                                 : DOXIN_OK;
}

doxin_status dx_items_cells(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, dx_line *out)
{
    dx_ranges text;
    dx_items_text(source, row, &text);
    doxin_status status = set_numbers(ctx, source, row, out);
    if (status == DOXIN_OK)
        status = set_discount(ctx, source, row, out);
    if (status == DOXIN_OK)
        status = compute_total(ctx, out);
    if (status == DOXIN_OK)
        status = take_discount(ctx, source, row, out);
    if (status == DOXIN_OK)
        status = find_gross_price(ctx, source, row, out);
    if (status == DOXIN_OK)
        status = dx_items_codes(ctx, source, row, &text, out);
    if (status == DOXIN_OK)
        status = set_description(ctx, source, row, &text, out);
    if (status == DOXIN_OK)
        status = set_unit(ctx, source, row, &text, out);
    return status;
}
