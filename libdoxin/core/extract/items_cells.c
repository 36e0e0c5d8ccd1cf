/* Cells of an item: which words of its lines stand under which head, and what they say. */
#include "base/value/unit.h"
#include "core/extract/table.h"

#include <string.h>

enum {
    MAX_RANGES = 64, /* pieces of text in an item */
    TEXT_MAX = 4000,
    DETAIL_GAP = 80 /* percent of the font size: text after such a gap is further text */
};

/* Words that stand together in one column of one line. */
typedef struct range {
    uint32_t first, count, line;
    int column; /* DX_NO_COLUMN: of no column that is known */
    dx_box box;
} range;

typedef struct ranges {
    range items[MAX_RANGES];
    size_t count;
} ranges;

/* A word of one of the row's numbers, or of its quantity's unit. */
static bool in_number(const dx_table_source *source, const dx_row *row, uint32_t word)
{
    for (int c = 0; c < row->table->count; c++) {
        if (row->cells[c] < 0)
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
                      ranges *out)
{
    if (out->count == MAX_RANGES || end <= first)
        return;
    const dx_layout *layout = source->layout;
    range *added = &out->items[out->count++];
    *added = (range){.first = first, .count = end - first, .line = line, .box = layout->words[first].box};
    for (uint32_t i = first + 1; i < end; i++)
        added->box = dx_box_join(added->box, layout->words[i].box);
    added->column = column_of(table, added->box, layout->lines[line].font_size);
}

/* A word that begins where the description's head begins, while words before it stand left of that. */
static bool starts_description(const dx_table *table, const dx_layout_word *word, uint32_t first, uint32_t at)
{
    if (table->description < 0 || at == first || word->glued)
        return false;
    int32_t left = table->columns[table->description].head.x0;
    return word->box.x0 > left - word->font_size / 2 && word->box.x0 < left + word->font_size / 2;
}

/* Text of the row's lines: pieces between numbers. */
static void read_text(const dx_table_source *source, const dx_row *row, ranges *out)
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
                } else if (starts_description(row->table, &layout->words[i], first, i)) {
                    add_range(source, row->table, line, first, i, out);
                    first = i;
                }
            }
            add_range(source, row->table, line, first, end, out);
        }
    }
}

static doxin_status set_text(dx_ctx *ctx, const dx_table_source *source, const range *from, size_t count,
                             dx_field *field)
{
    char *text = dx_new(ctx, TEXT_MAX + 1);
    if (text == NULL)
        return DOXIN_E_NOMEM;
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

static doxin_status set_number(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, int column, int places,
                               int confidence, dx_field *field)
{
    if (column < 0 || row->cells[column] < 0)
        return DOXIN_OK;
    const dx_atom *atom = &source->atoms[row->cells[column]];
    doxin_status status = dx_field_number(ctx, field, atom->value, places);
    if (status == DOXIN_OK)
        status = dx_evidence_words(ctx, source->layout, atom->first, atom->count, &field->evidence);
    field->evidence.confidence = (int)((int64_t)field->evidence.confidence * confidence / 1000);
    return status;
}

static int column_with(const dx_table *table, dx_concept role)
{
    for (int i = 0; i < table->count; i++)
        if (table->columns[i].role == role)
            return i;
    return DX_NO_COLUMN;
}

/* Whether a line of description goes on with the text before it: close below, same size, no label of its own. */
static bool goes_on(const dx_layout *layout, const range *before, const range *next)
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
        if (layout->words[i].text[layout->words[i].size - 1] == ':')
            return false;
    return b->box.x0 - a->box.x0 < b->font_size && a->box.x0 - b->box.x0 < b->font_size;
}

static doxin_status set_description(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, const ranges *text,
                                    dx_line *out)
{
    range chosen[MAX_RANGES];
    size_t count = 0, head = 0;
    for (size_t i = 0; i < text->count; i++)
        if (row->table->description == DX_NO_COLUMN || text->items[i].column == row->table->description)
            chosen[count++] = text->items[i];
    if (count == 0)
        return DOXIN_OK;
    for (head = 1; head < count && goes_on(source->layout, &chosen[head - 1], &chosen[head]);)
        head++;
    doxin_status status = set_text(ctx, source, chosen, head, &out->cell[DX_CELL_DESCRIPTION]);
    if (status == DOXIN_OK && head < count)
        status = set_text(ctx, source, chosen + head, count - head, &out->cell[DX_CELL_DETAIL]);
    return status;
}

/* First text under a head. */
static const range *text_under(const dx_row *row, const ranges *text, dx_concept role)
{
    int column = column_with(row->table, role);
    for (size_t i = 0; column != DX_NO_COLUMN && i < text->count; i++)
        if (text->items[i].column == column)
            return &text->items[i];
    return NULL;
}

static doxin_status set_code(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, const ranges *text,
                             dx_concept role, dx_field *field)
{
    const range *found = text_under(row, text, role);
    if (found != NULL)
        return set_text(ctx, source, found, 1, field);
    int column = column_with(row->table, role);
    if (column == DX_NO_COLUMN || row->cells[column] < 0)
        return DOXIN_OK;
    const dx_atom *atom = &source->atoms[row->cells[column]];
    range number = {.first = atom->first, .count = atom->count, .line = atom->line, .box = atom->box};
    return set_text(ctx, source, &number, 1, field);
}

static doxin_status set_unit(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, const ranges *text,
                             dx_line *out)
{
    range unit = {0};
    const range *under = text_under(row, text, DX_TERM_COL_UNIT);
    if (under == NULL)
        under = text_under(row, text, DX_TERM_COL_QUANTITY);
    if (row->table->quantity >= 0 && row->cells[row->table->quantity] >= 0) {
        const dx_atom *atom = &source->atoms[row->cells[row->table->quantity]];
        if (atom->unit_count > 0) {
            unit = (range){.first = atom->unit_first, .count = atom->unit_count, .line = atom->line};
            under = &unit;
        }
    }
    if (under == NULL)
        return DOXIN_OK;
    dx_field *field = &out->cell[DX_CELL_UNIT];
    doxin_status status = set_text(ctx, source, under, 1, field);
    if (status != DOXIN_OK)
        return status;
    const char *code = dx_unit_code(field->text, strlen(field->text));
    return code != NULL ? dx_field_text(ctx, field, code) : DOXIN_OK;
}

/* A discount in percent or in money; of the price or of the line, whichever multiplies out. */
static doxin_status set_discount(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, dx_line *out)
{
    int column = column_with(row->table, DX_TERM_COL_DISCOUNT);
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
    int sure = row->proved ? 970 : row->doubtful ? 550 : 850;
    const struct {
        int column, places;
        dx_cell_id cell;
    } numbers[] = {{table->quantity, 0, DX_CELL_QUANTITY},
                   {table->price, 2, DX_CELL_PRICE},
                   {table->total, 2, DX_CELL_TOTAL},
                   {column_with(table, DX_TERM_COL_TAX_RATE), 0, DX_CELL_TAX_RATE},
                   {column_with(table, DX_TERM_COL_TAX_AMOUNT), 2, DX_CELL_TAX_AMOUNT},
                   {column_with(table, DX_TERM_COL_PRICE_BASE), 0, DX_CELL_PRICE_BASE}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        doxin_status status =
            set_number(ctx, source, row, numbers[i].column, numbers[i].places, sure, &out->cell[numbers[i].cell]);
        if (status != DOXIN_OK)
            return status;
    }
    int gross = column_with(table, DX_TERM_COL_GROSS_PRICE);
    return gross != table->price ? set_number(ctx, source, row, gross, 2, sure, &out->cell[DX_CELL_GROSS_PRICE])
                                 : DOXIN_OK;
}

doxin_status dx_items_cells(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, dx_line *out)
{
    ranges text;
    read_text(source, row, &text);
    doxin_status status = set_numbers(ctx, source, row, out);
    if (status == DOXIN_OK)
        status = set_discount(ctx, source, row, out);
    if (status == DOXIN_OK)
        status = compute_total(ctx, out);
    if (status == DOXIN_OK)
        status = take_discount(ctx, source, row, out);
    if (status == DOXIN_OK)
        status = set_description(ctx, source, row, &text, out);
    if (status == DOXIN_OK)
        status = set_unit(ctx, source, row, &text, out);
    if (status == DOXIN_OK)
        status = set_code(ctx, source, row, &text, DX_TERM_COL_NUMBER, &out->cell[DX_CELL_NUMBER]);
    if (status == DOXIN_OK)
        status = set_code(ctx, source, row, &text, DX_TERM_COL_ITEM, &out->cell[DX_CELL_ITEM]);
    if (status == DOXIN_OK)
        status = set_code(ctx, source, row, &text, DX_TERM_COL_GTIN, &out->cell[DX_CELL_GTIN]);
    if (status == DOXIN_OK)
        status = set_code(ctx, source, row, &text, DX_TERM_COL_BUYER_ITEM, &out->cell[DX_CELL_BUYER_ITEM]);
    return status;
}
