/* Line items of a document: its tables, page by page, and the rows that agree with the stated sum. */
#include "core/extract/items.h"

#include "base/rt/json_write.h"
#include "core/extract/table.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEAD_MARK = 20, /* a line that looks this much like a head is tried as one */
    HEAD_LOOK = 5,  /* lines of one head */
    MAX_TABLES = 400,
    MAX_DOUBTFUL = 12, /* rows that may be left out, at most */
    MAX_STATED = 24
};

typedef struct found_table {
    dx_table *table;
    size_t parent; /* the table whose columns it goes on with, or itself */
    dx_rows rows;
    bool ended;
    int worth;
    bool chosen;
} found_table;

typedef struct found_tables {
    found_table *items;
    size_t count, capacity;
} found_tables;

static int rows_worth(const dx_rows *rows)
{
    int sum = 0;
    for (size_t i = 0; i < rows->count; i++)
        sum += rows->items[i].proved ? 4 : rows->items[i].doubtful ? 0 : 2;
    return sum;
}

static doxin_status add_table(dx_ctx *ctx, dx_table_source *source, const dx_table *table, found_tables *all)
{
    found_table *found = dx_push(ctx, (void **)&all->items, &all->count, &all->capacity, sizeof *found);
    if (found == NULL || (found->table = dx_new(ctx, sizeof *found->table)) == NULL)
        return DOXIN_E_NOMEM;
    *found->table = *table;
    found->parent = all->count - 1;
    dx_table_assign(source, found->table);
    doxin_status status = dx_table_rows(ctx, source, found->table, &found->rows, &found->ended);
    found->worth = rows_worth(&found->rows);
    return status;
}

/* The line that looks most like a head among those that may be one head together. */
static uint32_t core_of_head(const dx_table_source *source, uint32_t line, uint32_t end)
{
    uint32_t best = line;
    for (uint32_t i = line; i < end && i < line + HEAD_LOOK; i++)
        if (source->marks[i].head > source->marks[best].head)
            best = i;
    return best;
}

/* Pages after a table that has not ended go on with its columns. */
static doxin_status follow(dx_ctx *ctx, dx_table_source *source, found_tables *all)
{
    size_t parent = all->count - 1, page = all->items[parent].table->page;
    bool ended = all->items[parent].ended;
    while (!ended && ++page < source->layout->page_count && all->count < MAX_TABLES) {
        const dx_layout_page *next = &source->layout->pages[page];
        dx_table table = *all->items[parent].table;
        table.page = (uint32_t)page;
        table.first_line = table.head_line = table.head_end = next->first_line;
        table.end_line = next->first_line + next->line_count;
        doxin_status status = add_table(ctx, source, &table, all);
        if (status != DOXIN_OK)
            return status;
        found_table *added = &all->items[all->count - 1];
        if (added->rows.count == 0) {
            all->count--;
            return DOXIN_OK;
        }
        added->parent = parent;
        all->items[parent].worth += added->worth;
        ended = added->ended;
    }
    return DOXIN_OK;
}

static doxin_status tables_with_heads(dx_ctx *ctx, dx_table_source *source, found_tables *all)
{
    for (size_t p = 0; p < source->layout->page_count; p++) {
        const dx_layout_page *page = &source->layout->pages[p];
        uint32_t end = page->first_line + page->line_count;
        for (uint32_t line = page->first_line; line < end && all->count < MAX_TABLES; line++) {
            if (source->marks[line].head < HEAD_MARK)
                continue;
            line = core_of_head(source, line, end);
            dx_table table;
            bool found;
            doxin_status status = dx_table_head(ctx, source, line, &table, &found);
            if (status == DOXIN_OK && found)
                status = dx_table_columns(ctx, source, &table);
            if (status == DOXIN_OK && found)
                status = add_table(ctx, source, &table, all);
            if (status == DOXIN_OK && found)
                status = follow(ctx, source, all);
            if (status == DOXIN_OK)
                status = dx_check(ctx);
            if (status != DOXIN_OK)
                return status;
            if (found)
                line = table.head_end - 1;
        }
    }
    return DOXIN_OK;
}

static bool same_head(const dx_table *a, const dx_table *b)
{
    int same = 0, all = 0;
    for (int i = 0; i < a->count; i++) {
        if (a->columns[i].role == DX_TERM_NONE || a->columns[i].head.x1 < a->columns[i].head.x0)
            continue;
        all++;
        for (int k = 0; k < b->count; k++)
            same += b->columns[k].role == a->columns[i].role;
    }
    return all > 0 && same * 4 >= all * 3;
}

/* The table that proves most, those with the same head, and others whose rows prove themselves. */
static found_table *choose(found_tables *all)
{
    found_table *best = NULL;
    for (size_t i = 0; i < all->count; i++) {
        found_table *of = &all->items[i];
        int worth = of->worth * 20 + of->table->score;
        if (of->parent == i && of->worth > 0 && (best == NULL || worth > best->worth * 20 + best->table->score))
            best = of;
    }
    for (size_t i = 0; best != NULL && i < all->count; i++) {
        found_table *of = &all->items[i];
        int proved = 0;
        for (size_t k = 0; k < of->rows.count; k++)
            proved += of->rows.items[k].proved;
        of->chosen = of->parent != i
                         ? all->items[of->parent].chosen
                         : of == best || same_head(best->table, of->table) || (proved > 0 && of->table->price >= 0);
    }
    return best;
}

static doxin_status induce(dx_ctx *ctx, dx_table_source *source, found_tables *all)
{
    for (size_t p = 0; p < source->layout->page_count && all->count < MAX_TABLES; p++) {
        dx_table table;
        bool found;
        doxin_status status = dx_table_induce(ctx, source, (uint32_t)p, &table, &found);
        if (status == DOXIN_OK && found)
            status = add_table(ctx, source, &table, all);
        if (status != DOXIN_OK)
            return status;
        if (found)
            all->items[all->count - 1].chosen = all->items[all->count - 1].rows.count > 0;
    }
    return DOXIN_OK;
}

static int by_place(const void *a, const void *b)
{
    const dx_row *x = a, *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

/* Two tables may have read the same lines: a page with a head of its own, and the page before gone on with. */
static bool same_row(const dx_row *a, const dx_row *b)
{
    for (int i = 0; i < a->table->count; i++)
        for (int k = 0; k < b->table->count; k++)
            if (a->cells[i] >= 0 && a->cells[i] == b->cells[k])
                return true;
    return false;
}

static doxin_status collect_rows(dx_ctx *ctx, const found_tables *all, dx_rows *out)
{
    for (size_t i = 0; i < all->count; i++) {
        for (size_t k = 0; all->items[i].chosen && k < all->items[i].rows.count; k++) {
            dx_row *row = dx_push(ctx, (void **)&out->items, &out->count, &out->capacity, sizeof *row);
            if (row == NULL)
                return DOXIN_E_NOMEM;
            *row = all->items[i].rows.items[k];
        }
    }
    if (out->count > 0)
        qsort(out->items, out->count, sizeof *out->items, by_place);
    size_t kept = out->count > 0;
    for (size_t i = 1; i < out->count; i++)
        if (!same_row(&out->items[kept - 1], &out->items[i]))
            out->items[kept++] = out->items[i];
    out->count = kept;
    return DOXIN_OK;
}

/* The row's total as printed, else quantity × price; false: neither. */
static bool row_total(const dx_table_source *source, const dx_row *row, dx_decimal *out)
{
    const dx_table *table = row->table;
    if (table->total >= 0 && row->cells[table->total] >= 0) {
        *out = source->atoms[row->cells[table->total]].value;
        dx_decimal discount =
            row->discounted ? dx_decimal_abs(source->atoms[row->discount].value) : dx_decimal_from(0, 0);
        return dx_decimal_sub(*out, discount, out);
    }
    if (table->quantity < 0 || table->price < 0 || row->cells[table->quantity] < 0 || row->cells[table->price] < 0)
        return false;
    dx_decimal product;
    return dx_decimal_mul(source->atoms[row->cells[table->quantity]].value,
                          source->atoms[row->cells[table->price]].value, &product) &&
           dx_decimal_round(product, 2, out);
}

/* The row repeats the sum of those before it since the last such row: a subtotal among the items. It must say so, or have
 * nothing but its total. */
static bool is_running_sum(const dx_table_source *source, const dx_row *row, dx_decimal sum, size_t rows)
{
    dx_decimal total;
    if (rows == 0 || !row_total(source, row, &total) || !dx_decimal_equal(total, sum))
        return false;
    bool named = false;
    for (uint32_t line = row->first; line < row->end; line++) {
        dx_concept amount = source->marks[line].amount;
        named |= amount == DX_TERM_SUBTOTAL || amount == DX_TERM_LINES_TOTAL || amount == DX_TERM_TOTAL ||
                 amount == DX_TERM_CARRIED;
    }
    return named || (row->doubtful && rows > 1);
}

static void drop_subtotals(const dx_table_source *source, dx_rows *rows)
{
    dx_decimal sum = dx_decimal_from(0, 2), total;
    size_t kept = 0, summed = 0;
    for (size_t i = 0; i < rows->count; i++) {
        if (is_running_sum(source, &rows->items[i], sum, summed)) {
            sum = dx_decimal_from(0, 2);
            summed = 0;
            continue;
        }
        if (row_total(source, &rows->items[i], &total) && dx_decimal_add(sum, total, &sum))
            summed++;
        rows->items[kept++] = rows->items[i];
    }
    rows->count = kept;
}

/* Sums of lines that the document states. */
static size_t stated_sums(const dx_table_source *source, dx_decimal *out)
{
    size_t count = 0;
    for (uint32_t line = 0; line < source->layout->line_count && count < MAX_STATED; line++) {
        const dx_line_marks *marks = &source->marks[line];
        if ((marks->amount != DX_TERM_LINES_TOTAL && marks->amount != DX_TERM_SUBTOTAL &&
             marks->amount != DX_TERM_TOTAL) ||
            marks->atom_count == 0)
            continue;
        const dx_atom *atom = &source->atoms[marks->first_atom + marks->atom_count - 1];
        if (!atom->percent)
            out[count++] = atom->value;
    }
    return count;
}

static bool is_stated(const dx_decimal *stated, size_t count, dx_decimal sum)
{
    for (size_t i = 0; i < count; i++)
        if (dx_decimal_equal(stated[i], sum))
            return true;
    return false;
}

/* The least set of doubtful rows without which the others add up to a stated sum; 0: none, or none is needed. */
static uint32_t rows_to_drop(const dx_table_source *source, const dx_rows *rows, const dx_decimal *stated,
                             size_t stated_count)
{
    dx_decimal all = dx_decimal_from(0, 2), doubtful[MAX_DOUBTFUL];
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        dx_decimal total;
        if (!row_total(source, &rows->items[i], &total))
            total = dx_decimal_from(0, 2);
        if (rows->items[i].doubtful && count < MAX_DOUBTFUL)
            doubtful[count++] = total;
        if (!dx_decimal_add(all, total, &all))
            return 0;
    }
    if (count == 0 || is_stated(stated, stated_count, all))
        return 0;
    uint32_t best = 0;
    for (uint32_t set = 1; set < 1u << count; set++) {
        dx_decimal rest = all;
        bool fits = true;
        for (size_t i = 0; i < count; i++)
            if ((set >> i & 1) != 0)
                fits = fits && dx_decimal_sub(rest, doubtful[i], &rest);
        if (fits && (best == 0 || __builtin_popcount(set) < __builtin_popcount(best)) && dx_decimal_sign(rest) != 0 &&
            is_stated(stated, stated_count, rest))
            best = set;
    }
    return best;
}

static bool sum_of(const dx_table_source *source, const dx_rows *rows, dx_decimal *out)
{
    *out = dx_decimal_from(0, 2);
    for (size_t i = 0; i < rows->count; i++) {
        dx_decimal total;
        if (!row_total(source, &rows->items[i], &total) || !dx_decimal_add(*out, total, out))
            return false;
    }
    return true;
}

/* Discounts under the items count where the stated sums hold only with them. */
static void apply_discounts(const dx_table_source *source, dx_rows *rows)
{
    dx_decimal stated[MAX_STATED], sum;
    size_t count = stated_sums(source, stated);
    if (!sum_of(source, rows, &sum) || is_stated(stated, count, sum))
        return;
    for (size_t i = 0; i < rows->count; i++)
        rows->items[i].discounted = rows->items[i].discount >= 0;
    if (sum_of(source, rows, &sum) && is_stated(stated, count, sum))
        return;
    for (size_t i = 0; i < rows->count; i++)
        rows->items[i].discounted = false;
}

static void drop_rows(const dx_table_source *source, dx_rows *rows)
{
    dx_decimal stated[MAX_STATED];
    size_t stated_count = stated_sums(source, stated), kept = 0, index = 0;
    uint32_t set = rows_to_drop(source, rows, stated, stated_count);
    for (size_t i = 0; i < rows->count; i++) {
        bool drop = rows->items[i].doubtful && index < MAX_DOUBTFUL && (set >> index & 1) != 0;
        index += rows->items[i].doubtful;
        if (!drop)
            rows->items[kept++] = rows->items[i];
    }
    rows->count = kept;
}

static doxin_status add_regions(dx_ctx *ctx, const dx_table_source *source, const found_tables *all, dx_items *out)
{
    const dx_layout *layout = source->layout;
    out->regions = dx_array(ctx, all->count + 1, sizeof *out->regions);
    if (out->regions == NULL)
        return DOXIN_E_NOMEM;
    for (size_t i = 0; i < all->count; i++) {
        const dx_table *table = all->items[i].table;
        if (!all->items[i].chosen || table->end_line <= table->head_line)
            continue;
        dx_box box = layout->lines[table->head_line].box;
        for (uint32_t line = table->head_line; line < table->end_line; line++)
            box = dx_box_join(box, layout->lines[line].box);
        out->regions[out->region_count++] = (dx_item_region){.page = table->page, .box = box};
    }
    return DOXIN_OK;
}

static int confidence_of(const dx_rows *rows)
{
    int sum = 0;
    for (size_t i = 0; i < rows->count; i++)
        sum += rows->items[i].proved ? 950 : rows->items[i].doubtful ? 400 : 750;
    return rows->count > 0 ? sum / (int)rows->count : 0;
}

static doxin_status make_lines(dx_ctx *ctx, const dx_table_source *source, const dx_rows *rows, dx_items *out)
{
    out->lines = dx_array(ctx, rows->count + 1, sizeof *out->lines);
    if (out->lines == NULL)
        return DOXIN_E_NOMEM;
    out->total_sum = dx_decimal_from(0, 2);
    out->totals_known = rows->count > 0;
    for (size_t i = 0; i < rows->count; i++) {
        const dx_row *row = &rows->items[i];
        doxin_status status = dx_items_cells(ctx, source, row, &out->lines[out->line_count++]);
        if (status != DOXIN_OK)
            return status;
        dx_decimal total;
        out->totals_known = out->totals_known && row_total(source, row, &total) &&
                            dx_decimal_add(out->total_sum, total, &out->total_sum);
        out->prices_gross |=
            row->table->total >= 0 && row->table->columns[row->table->total].role == DX_TERM_COL_TOTAL_GROSS;
    }
    dx_items_settle_numbers(out->lines, out->line_count);
    out->confidence = confidence_of(rows);
    return DOXIN_OK;
}

static doxin_status find_tables(dx_ctx *ctx, const dx_layout *layout, const dx_hypotheses *hypotheses,
                                dx_table_source *source, found_tables *all)
{
    doxin_status status = dx_table_read(ctx, layout, hypotheses, source);
    if (status == DOXIN_OK)
        status = tables_with_heads(ctx, source, all);
    if (status == DOXIN_OK && choose(all) == NULL)
        status = induce(ctx, source, all);
    return status;
}

doxin_status dx_items_explain(dx_ctx *ctx, const dx_layout *layout, const dx_hypotheses *hypotheses, dx_writer *writer)
{
    dx_table_source source;
    found_tables all = {0};
    doxin_status status = find_tables(ctx, layout, hypotheses, &source, &all);
    dx_write_array(writer, NULL);
    for (size_t i = 0; status == DOXIN_OK && i < all.count; i++)
        dx_table_write(&source, all.items[i].table, &all.items[i].rows, all.items[i].chosen, writer);
    dx_write_array_end(writer);
    return status;
}

doxin_status dx_extract_items(dx_ctx *ctx, const dx_layout *layout, const dx_hypotheses *hypotheses, dx_items *out)
{
    memset(out, 0, sizeof *out);
    dx_table_source source;
    found_tables all = {0};
    dx_rows rows = {0};
    doxin_status status = find_tables(ctx, layout, hypotheses, &source, &all);
    if (status == DOXIN_OK)
        status = collect_rows(ctx, &all, &rows);
    if (status != DOXIN_OK)
        return status;
    drop_subtotals(&source, &rows);
    apply_discounts(&source, &rows);
    drop_rows(&source, &rows);
    status = add_regions(ctx, &source, &all, out);
    return status == DOXIN_OK ? make_lines(ctx, &source, &rows, out) : status;
}
