/* Rows: every line of a table's body gets a class, the best sequence of classes is found by Viterbi, and items gather
 * the lines around their amounts. Scores are tenths of log-odds, by hand: they only have to rank. */
#include "core/extract/table.h"

#include <string.h>

enum {
    NEVER = -10000,
    HEAD_STRONG = 40,
    ROW_REACH = 190, /* percent of the font size: amounts of one item stand no further apart */
    WIDE_GAP = 130   /* percent of other gaps: where one item ends and the next begins */
};

typedef struct features {
    bool quantity, price, total;
    bool proved, strong; /* quantity × price = total; with more than 0 or 1 × */
    bool text;
    bool in_place; /* its text stands where the table has text */
    bool near;     /* close under the line above */
    bool vertical; /* text written upwards or downwards */
    bool whole;    /* its total has no decimal places though others have */
    bool crosses;  /* its text runs through columns of amounts */
    bool aside;    /* its text begins right of the descriptions, or left of the whole table */
    bool full;     /* has all three amounts */
    bool repeats;  /* is a line of the table's own head again */
    const dx_line_marks *marks;
} features;

static bool is_adjustment(dx_concept concept)
{
    return concept == DX_TERM_DISCOUNT_TOTAL || concept == DX_TERM_CHARGE_TOTAL || concept == DX_TERM_FREIGHT ||
           concept == DX_TERM_ROUNDING;
}

/* Text columns of the table, as far as they are known, hold the line's text. */
static bool text_in_place(const dx_table_source *source, const dx_table *table, uint32_t line)
{
    const dx_layout *layout = source->layout;
    const dx_text_line *from = &layout->lines[line];
    int32_t left = INT32_MAX, right = 0;
    for (int c = 0; c < table->count; c++) {
        left = table->columns[c].x0 < left ? table->columns[c].x0 : left;
        right = table->columns[c].x1 > right ? table->columns[c].x1 : right;
    }
    int32_t slack = 3 * from->font_size;
    bool open = table->description == DX_NO_COLUMN; /* nobody knows where the text begins */
    return (open || from->box.x0 >= left - slack) && from->box.x1 <= right + slack;
}

/* A segment of the line runs through a column of amounts and beyond it on both sides. */
static bool crosses(const dx_layout *layout, const dx_table *table, uint32_t line)
{
    const dx_text_line *from = &layout->lines[line];
    for (uint32_t s = from->first_segment; s < from->first_segment + from->segment_count; s++) {
        dx_box box = layout->segments[s].box;
        for (int c = 0; c < table->count; c++)
            if ((c == table->quantity || c == table->price || c == table->total) && box.x0 < table->columns[c].left &&
                box.x1 > table->columns[c].right && layout->segments[s].word_count > 3)
                return true;
    }
    return false;
}

static bool repeats_head(const dx_layout *layout, const dx_table *table, uint32_t line)
{
    const dx_segment *first = &layout->segments[layout->lines[line].first_segment];
    for (uint32_t i = table->model_line; i < table->model_end; i++) {
        const dx_segment *other = &layout->segments[layout->lines[i].first_segment];
        if (layout->lines[i].segment_count == layout->lines[line].segment_count &&
            strcmp(first->text, other->text) == 0)
            return true;
    }
    return false;
}

/* Numbers that are amounts rather than names of a thing. */
static bool is_number_role(dx_concept role)
{
    return role != DX_TERM_COL_ITEM && role != DX_TERM_COL_GTIN && role != DX_TERM_COL_BUYER_ITEM &&
           role != DX_TERM_COL_NUMBER;
}

static int32_t leftmost(const dx_table *table)
{
    int32_t left = INT32_MAX;
    for (int c = 0; c < table->count; c++)
        left = table->columns[c].x0 < left ? table->columns[c].x0 : left;
    return left;
}

static void read_features(const dx_table_source *source, const dx_table *table, uint32_t line, features *out)
{
    const dx_layout *layout = source->layout;
    memset(out, 0, sizeof *out);
    out->marks = &source->marks[line];
    const dx_atom *q = NULL, *p = NULL, *t = NULL;
    uint32_t words = 0;
    for (uint32_t i = out->marks->first_atom; i < out->marks->first_atom + out->marks->atom_count; i++) {
        const dx_atom *atom = &source->atoms[i];
        if (atom->column == DX_NO_COLUMN)
            continue;
        if (is_number_role(table->columns[atom->column].role))
            words += atom->count + atom->unit_count;
        if (atom->column == table->quantity)
            q = atom;
        if (atom->column == table->price)
            p = atom;
        if (atom->column == table->total)
            t = atom;
    }
    out->whole = t != NULL && t->value.scale == 0 && table->columns[table->total].money;
    out->vertical = layout->lines[line].vertical;
    out->crosses = crosses(layout, table, line);
    int32_t x0 = layout->lines[line].box.x0;
    out->aside = table->description != DX_NO_COLUMN && (x0 > table->columns[table->description].head.x1 ||
                                                        x0 + layout->lines[line].font_size * 3 / 2 < leftmost(table));
    out->quantity = q != NULL;
    out->price = p != NULL;
    out->total = t != NULL;
    bool weak = false;
    out->proved = q != NULL && p != NULL && t != NULL && dx_table_product(q, p, t, &weak);
    out->strong = out->proved && !weak;
    out->full = q != NULL && p != NULL && t != NULL;
    out->text = layout->lines[line].word_count > words;
    out->in_place = text_in_place(source, table, line);
    out->repeats = repeats_head(layout, table, line);
    if (line > table->first_line) {
        const dx_text_line *above = &layout->lines[line - 1], *here = &layout->lines[line];
        out->near = here->box.y0 - above->box.y1 < here->font_size * 2;
    } else {
        out->near = true;
    }
}

static bool starts_other(const features *of)
{
    return !of->repeats && (of->marks->head >= HEAD_STRONG || of->marks->other_head);
}

static int item_score(const dx_table *table, const features *of)
{
    bool priced = of->quantity || of->price;
    int score;
    if (of->marks->carried || of->repeats || starts_other(of) || of->vertical || (of->whole && !priced))
        return NEVER;
    bool both = table->quantity != DX_NO_COLUMN && table->price != DX_NO_COLUMN;
    if (of->total && priced)
        score = (both && !of->full ? 28 : 40) - (of->text ? 0 : 12) +
                (of->proved ? 10
                 : of->full ? -6
                            : 0) +
                (of->strong ? 20 : 0);
    else if (of->total)
        score = table->quantity == DX_NO_COLUMN && table->price == DX_NO_COLUMN ? (of->text ? 25 : -5)
                                                                                : (of->text ? 8 : -4);
    else if (of->quantity && of->price)
        score = 25;
    else if (priced && table->total == DX_NO_COLUMN)
        score = 15;
    else
        return NEVER;
    if (of->aside && of->text && !priced)
        score -= 15;
    if (of->marks->amount != DX_TERM_NONE) {
        int doubt = of->marks->amount_strength * (of->marks->amount_alone ? 14 : 7);
        score -= of->quantity && of->price                   ? doubt / 4
                 : !is_adjustment(of->marks->amount)         ? doubt
                 : table->quantity >= 0 || table->price >= 0 ? doubt * 2
                                                             : doubt / 2;
    }
    return score;
}

/* A line with the name of a sum and a number that is not part of a text; quantity and price speak against it. */
static bool is_sum(const dx_table_source *source, const features *of)
{
    bool number = false;
    for (uint32_t i = of->marks->first_atom; i < of->marks->first_atom + of->marks->atom_count; i++)
        number |= !source->atoms[i].labelled || source->atoms[i].column != DX_NO_COLUMN;
    return of->marks->amount != DX_TERM_NONE && number && !(of->quantity && of->price);
}

static int text_score(const dx_table_source *source, const features *of)
{
    if (of->vertical)
        return -2;
    if (of->repeats || starts_other(of) || of->marks->carried)
        return of->repeats ? -30 : -80;
    int score = !of->in_place ? -12 : of->crosses ? -3 : of->near ? 2 : -8;
    if (of->total)
        score -= 30;
    if (of->quantity || of->price)
        score -= 4;
    if (of->marks->amount != DX_TERM_NONE && of->marks->amount_alone)
        score -= is_sum(source, of) ? 12 * of->marks->amount_strength : of->marks->atom_count > 0 ? 0 : 6;
    return score;
}

static int end_score(const features *of)
{
    int score = (starts_other(of) ? 15 : 0) + (of->near ? 0 : 6);
    if (dx_table_ends(of->marks) && !of->marks->carried && !(of->quantity && of->price))
        score += of->marks->atom_count > 0 ? 4 * of->marks->amount_strength : 6;
    return score;
}

static int class_score(const dx_table_source *source, const dx_table *table, const features *of, dx_line_class class)
{
    switch (class) {
    case DX_LINE_ITEM:
        return item_score(table, of);
    case DX_LINE_TEXT:
        return text_score(source, of);
    case DX_LINE_SUBTOTAL:
        return is_sum(source, of) ? 2 + of->marks->amount_strength : NEVER;
    case DX_LINE_CARRIED:
        return of->marks->carried && of->marks->atom_count > 0 ? 60 : NEVER;
    case DX_LINE_NOISE:
        return of->vertical ? 0 : of->repeats ? 30 : starts_other(of) ? -80 : of->total ? -16 : -10;
    case DX_LINE_END:
        return end_score(of);
    default:
        return NEVER;
    }
}

static int step_score(dx_line_class from, dx_line_class to)
{
    if (from == DX_LINE_END)
        return to == DX_LINE_END ? 0 : NEVER;
    if (to == DX_LINE_END)
        return -3;
    if (from == DX_LINE_SUBTOTAL && (to == DX_LINE_ITEM || to == DX_LINE_TEXT))
        return -18;
    if (from == DX_LINE_NOISE && to == DX_LINE_ITEM)
        return -4;
    if (from == DX_LINE_NOISE && to == DX_LINE_TEXT)
        return -6;
    return 0;
}

/* The best sequence of classes over the body's lines. */
static doxin_status classify(dx_ctx *ctx, const dx_table_source *source, const dx_table *table, unsigned char *classes)
{
    uint32_t count = table->end_line - table->first_line;
    int scores[DX_LINE_CLASSES], next[DX_LINE_CLASSES];
    unsigned char(*from)[DX_LINE_CLASSES] = dx_array(ctx, count + 1, sizeof *from);
    if (from == NULL)
        return DOXIN_E_NOMEM;
    memset(scores, 0, sizeof scores);
    for (uint32_t i = 0; i < count; i++) {
        features of;
        read_features(source, table, table->first_line + i, &of);
        for (int to = 0; to < DX_LINE_CLASSES; to++) {
            next[to] = 10 * NEVER;
            for (int past = 1; past < DX_LINE_CLASSES; past++) {
                int score = scores[past] + (i > 0 ? step_score((dx_line_class)past, (dx_line_class)to) : 0);
                if (score > next[to]) {
                    next[to] = score;
                    from[i][to] = (unsigned char)past;
                }
            }
            next[to] += class_score(source, table, &of, (dx_line_class)to);
            if (next[to] < 10 * NEVER)
                next[to] = 10 * NEVER;
        }
        memcpy(scores, next, sizeof scores);
    }
    int best = DX_LINE_END;
    for (int class = 1; class < DX_LINE_CLASSES; class ++)
        if (scores[class] > scores[best])
            best = class;
    for (uint32_t i = count; i > 0; i--) {
        classes[i - 1] = (unsigned char)best;
        best = from[i - 1][best];
    }
    return DOXIN_OK;
}

static bool row_has(const dx_row *row, int column)
{
    return column != DX_NO_COLUMN && row->cells[column] >= 0;
}

/* Whether a line's numbers go on filling a row: they stand close, and in columns that are still empty. */
static bool fills(const dx_table_source *source, const dx_table *table, const dx_row *row, uint32_t line)
{
    const dx_text_line *here = &source->layout->lines[line], *last = &source->layout->lines[row->end - 1];
    if (here->box.y0 - last->box.y0 > here->font_size * ROW_REACH / 100)
        return false;
    if (row_has(row, table->total) && row_has(row, table->price))
        return false;
    const dx_line_marks *marks = &source->marks[line];
    for (uint32_t i = marks->first_atom; i < marks->first_atom + marks->atom_count; i++) {
        int column = source->atoms[i].column;
        if ((column == table->quantity || column == table->price || column == table->total) && row_has(row, column))
            return false;
    }
    return true;
}

static void put_cells(const dx_table_source *source, dx_row *row, uint32_t line)
{
    const dx_line_marks *marks = &source->marks[line];
    for (uint32_t i = marks->first_atom; i < marks->first_atom + marks->atom_count; i++) {
        int column = source->atoms[i].column;
        if (column != DX_NO_COLUMN && row->cells[column] < 0)
            row->cells[column] = (int)i;
    }
}

/* A discount on a line of its own belongs to the item above it; false: the line is another sum. */
static bool put_discount(const dx_table_source *source, const dx_table *table, dx_row *row, uint32_t line)
{
    const dx_line_marks *marks = &source->marks[line];
    if (marks->amount != DX_TERM_DISCOUNT_TOTAL)
        return false;
    for (uint32_t i = marks->first_atom; i < marks->first_atom + marks->atom_count; i++)
        if (source->atoms[i].column == table->total && table->total >= 0 && row->discount < 0)
            row->discount = (int)i;
    return true;
}

static doxin_status gather(dx_ctx *ctx, const dx_table_source *source, const dx_table *table,
                           const unsigned char *classes, dx_rows *out)
{
    dx_row *row = NULL;
    for (uint32_t line = table->first_line; line < table->end_line; line++) {
        if (classes[line - table->first_line] == DX_LINE_END)
            break;
        if (classes[line - table->first_line] == DX_LINE_ITEM && (row == NULL || !fills(source, table, row, line))) {
            row = dx_push(ctx, (void **)&out->items, &out->count, &out->capacity, sizeof *row);
            if (row == NULL)
                return DOXIN_E_NOMEM;
            row->table = table;
            row->first = line;
            memset(row->cells, 0xff, sizeof row->cells);
            row->discount = -1;
        }
        if (row == NULL)
            continue;
        if (classes[line - table->first_line] == DX_LINE_ITEM) {
            put_cells(source, row, line);
            row->end = line + 1;
        } else if (classes[line - table->first_line] == DX_LINE_SUBTOTAL) {
            if (!put_discount(source, table, row, line))
                row = NULL;
        } else if (classes[line - table->first_line] == DX_LINE_TEXT && fills(source, table, row, line)) {
            put_cells(source, row, line);
        }
    }
    return DOXIN_OK;
}

/* A drawn rule that goes through most of the table between two heights. */
static bool rule_between(const dx_table_source *source, const dx_table *table, int32_t top, int32_t bottom)
{
    const dx_layout_page *page = &source->layout->pages[table->page];
    int32_t left = table->columns[0].x0, right = table->columns[table->count - 1].x1;
    for (size_t i = 0; i < page->horizontal_count; i++) {
        dx_box rule = page->horizontal[i].box;
        if (rule.y0 > bottom)
            break;
        if (rule.y0 >= top && dx_overlap(rule.x0, rule.x1, left, right) * 2 > right - left)
            return true;
    }
    return false;
}

/* The first line of the lower of two rows. Where the first row begins with its amounts all do; else at a drawn rule, at
 * a gap that is wider than the others, or as many lines above its amounts as the first row has. */
static uint32_t cut_between(const dx_table_source *source, const dx_table *table, uint32_t upper, uint32_t lower,
                            uint32_t lead)
{
    const dx_text_line *lines = source->layout->lines;
    int32_t widest = INT32_MIN, second = INT32_MIN;
    uint32_t at = lower;
    if (lead == 0)
        return lower;
    for (uint32_t i = lower; i > upper; i--) {
        int32_t top = lines[i - 1].box.y1, slack = lines[i].font_size / 3;
        if (rule_between(source, table, top - slack, lines[i].box.y0 + slack))
            return i;
        int32_t gap = lines[i].box.y0 - top;
        if (gap > widest) {
            second = widest;
            widest = gap;
            at = i;
        } else if (gap > second) {
            second = gap;
        }
    }
    int32_t size = lines[lower].font_size;
    if (second == INT32_MIN || (int64_t)(widest + size) * 100 > (int64_t)(second + size) * WIDE_GAP)
        return at;
    return lower - upper > lead ? lower - lead : lower;
}

/* Gives the lines between the amounts to the rows. */
static void spread_text(const dx_table_source *source, dx_table *table, const unsigned char *classes, dx_row *rows,
                        size_t count)
{
    const dx_text_line *lines = source->layout->lines;
    uint32_t lead = 0, most = table->head_end > table->head_line ? UINT32_MAX : table->lead;
    while (lead < most && rows[0].first - lead > table->first_line &&
           classes[rows[0].first - lead - 1 - table->first_line] == DX_LINE_TEXT &&
           !crosses(source->layout, table, rows[0].first - lead - 1))
        lead++;
    table->lead = lead;
    uint32_t first = rows[0].first - lead;
    for (size_t i = 0; i < count; i++) {
        uint32_t stop = i + 1 < count ? rows[i + 1].first : table->end_line, end = rows[i].end;
        while (end < stop && classes[end - table->first_line] == DX_LINE_TEXT)
            end++;
        uint32_t next = stop;
        if (end == stop && i + 1 < count)
            next = end = cut_between(source, table, rows[i].end - 1, stop, lead);
        rows[i].first = first;
        rows[i].end = end;
        first = next;
        rows[i].top = lines[rows[i].first].box.y0;
        rows[i].bottom = lines[rows[i].end - 1].box.y1;
    }
}

static void judge(const dx_table_source *source, const dx_table *table, dx_row *row)
{
    bool weak = false;
    bool full = row_has(row, table->quantity) && row_has(row, table->price) && row_has(row, table->total);
    row->proved =
        full && dx_table_product(&source->atoms[row->cells[table->quantity]], &source->atoms[row->cells[table->price]],
                                 &source->atoms[row->cells[table->total]], &weak);
    bool priced = row_has(row, table->quantity) || row_has(row, table->price);
    for (int c = 0; full && !row->proved && c < table->count; c++)
        row->proved =
            table->columns[c].role == DX_TERM_COL_DISCOUNT && row_has(row, c) &&
            dx_table_discounted(&source->atoms[row->cells[table->quantity]], &source->atoms[row->cells[table->price]],
                                &source->atoms[row->cells[c]], &source->atoms[row->cells[table->total]]);
    row->doubtful = !row->proved && !priced && (table->quantity >= 0 || table->price >= 0);
    for (uint32_t line = row->first; line < row->end; line++)
        row->doubtful |=
            source->marks[line].amount_strength >= DX_TERM_NORMAL && source->marks[line].amount_alone && !full;
}

doxin_status dx_table_rows(dx_ctx *ctx, const dx_table_source *source, dx_table *table, dx_rows *out, bool *ended)
{
    uint32_t count = table->end_line - table->first_line;
    *ended = false;
    if (count == 0)
        return DOXIN_OK;
    unsigned char *classes = dx_array(ctx, count, 1);
    if (classes == NULL)
        return DOXIN_E_NOMEM;
    doxin_status status = classify(ctx, source, table, classes);
    size_t before = out->count;
    if (status == DOXIN_OK)
        status = gather(ctx, source, table, classes, out);
    if (status != DOXIN_OK)
        return status;
    if (out->count > before)
        spread_text(source, table, classes, out->items + before, out->count - before);
    for (size_t i = before; i < out->count; i++)
        judge(source, table, &out->items[i]);
    uint32_t end = table->first_line;
    for (uint32_t i = 0; i < count; i++) {
        dx_line_class class = (dx_line_class)classes[i];
        *ended |=
            (class == DX_LINE_SUBTOTAL || class == DX_LINE_END) && dx_table_ends(&source->marks[table->first_line + i]);
        if (class == DX_LINE_ITEM || class == DX_LINE_TEXT || class == DX_LINE_CARRIED)
            end = table->first_line + i + 1;
    }
    table->end_line = end;
    return DOXIN_OK;
}
