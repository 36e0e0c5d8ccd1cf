/* Columns: numbers of the body that stand over each other, matched with the head in order, checked by arithmetic. */
#include "core/extract/table.h"

#include <stdlib.h>
#include <string.h>

enum {
    BODY_ATOMS = 600, /* more are not needed to know the columns */
    HEAD_STRONG = 40, /* a line that looks that much like a head begins another table */
    FAR = -1000000
};

/* Numbers that share their place on the lines. */
typedef struct cluster {
    int32_t x0, x1;
    int count, percents, money;
    uint64_t lines; /* bit line % 64: which lines it has numbers on */
} cluster;

typedef struct clusters {
    cluster items[DX_TABLE_COLUMNS];
    int count;
} clusters;

bool dx_table_ends(const dx_line_marks *marks)
{
    if (marks->other_head)
        return true;
    return marks->amount_alone && (marks->amount == DX_TERM_LINES_TOTAL || marks->amount == DX_TERM_SUBTOTAL ||
                                   marks->amount == DX_TERM_TOTAL || marks->amount == DX_TERM_TAX_AMOUNT ||
                                   marks->amount == DX_TERM_AMOUNT_DUE);
}

/* Where the lines that columns are learned from end: at the first sum or the next head, on the next page at the latest:
 * a head may stand at the foot of a page. */
static uint32_t learning_end(const dx_table_source *source, const dx_table *table)
{
    uint32_t last = (uint32_t)source->layout->line_count;
    for (uint32_t i = table->first_line; i < last; i++) {
        const dx_line_marks *marks = &source->marks[i];
        bool sum = dx_table_ends(marks) && !marks->carried && marks->atom_count > 0 && marks->atom_count <= 2;
        if (marks->head >= HEAD_STRONG || marks->other_head || (sum && i > table->first_line))
            return i;
        if (source->layout->lines[i].page > table->page + 1)
            return i;
    }
    return last;
}

static int by_place(const void *a, const void *b)
{
    const dx_atom *x = *(const dx_atom *const *)a, *y = *(const dx_atom *const *)b;
    return (x->box.x1 > y->box.x1) - (x->box.x1 < y->box.x1);
}

static int find(int *parents, int i)
{
    while (parents[i] != i)
        i = parents[i] = parents[parents[i]];
    return i;
}

/* Numbers over each other that share an edge or their middle. */
static bool same_column(const dx_atom *a, const dx_atom *b)
{
    if (a->line == b->line || a->percent != b->percent)
        return false;
    int32_t slack = (a->box.y1 - a->box.y0) * 4 / 5;
    if (abs(a->box.x1 - b->box.x1) > slack && abs(a->box.x0 - b->box.x0) > slack &&
        abs(a->box.x0 + a->box.x1 - b->box.x0 - b->box.x1) > 2 * slack)
        return false;
    int32_t narrow = a->box.x1 - a->box.x0 < b->box.x1 - b->box.x0 ? a->box.x1 - a->box.x0 : b->box.x1 - b->box.x0;
    return dx_overlap(a->box.x0, a->box.x1, b->box.x0, b->box.x1) * 4 > narrow;
}

static void add_to_cluster(cluster *to, const dx_atom *atom)
{
    if (to->count == 0 || atom->box.x0 < to->x0)
        to->x0 = atom->box.x0;
    if (to->count == 0 || atom->box.x1 > to->x1)
        to->x1 = atom->box.x1;
    to->count++;
    to->lines |= (uint64_t)1 << (atom->line % 64);
    to->percents += atom->percent;
    to->money += atom->value.scale >= 2 && !atom->percent;
}

static int by_middle(const void *a, const void *b)
{
    const cluster *x = a, *y = b;
    int64_t first = (int64_t)x->x0 + x->x1, second = (int64_t)y->x0 + y->x1;
    return (first > second) - (first < second);
}

static int by_support(const void *a, const void *b)
{
    const cluster *x = a, *y = b;
    return (x->count < y->count) - (x->count > y->count);
}

static doxin_status make_clusters(dx_ctx *ctx, const dx_table_source *source, const dx_table *table, clusters *out)
{
    out->count = 0;
    int count = 0;
    uint32_t end = learning_end(source, table);
    size_t most = 0;
    for (uint32_t line = table->first_line; line < end && most < BODY_ATOMS; line++)
        most += source->marks[line].atom_count;
    most = most < BODY_ATOMS ? most : BODY_ATOMS;
    const dx_atom **atoms = dx_array(ctx, most, sizeof(const dx_atom *));
    int *parents = dx_array(ctx, most, sizeof *parents);
    cluster *all = dx_array(ctx, most, sizeof *all);
    if (atoms == NULL || parents == NULL || all == NULL)
        return DOXIN_E_NOMEM;
    for (uint32_t line = table->first_line; line < end; line++) {
        const dx_line_marks *marks = &source->marks[line];
        for (uint32_t i = marks->first_atom; i < marks->first_atom + marks->atom_count && (size_t)count < most; i++)
            if (!source->atoms[i].inner && !marks->carried)
                atoms[count++] = &source->atoms[i];
    }
    qsort(atoms, (size_t)count, sizeof *atoms, by_place);
    for (int i = 0; i < count; i++)
        parents[i] = i;
    for (int i = 0; i < count; i++)
        for (int k = i + 1; k < count; k++)
            if (same_column(atoms[i], atoms[k]))
                parents[find(parents, k)] = find(parents, i);
    for (int i = 0; i < count; i++)
        add_to_cluster(&all[find(parents, i)], atoms[i]);
    qsort(all, (size_t)count, sizeof *all, by_support);
    while (out->count < DX_TABLE_COLUMNS && out->count < count && all[out->count].count > 0) {
        out->items[out->count] = all[out->count];
        out->count++;
    }
    qsort(out->items, (size_t)out->count, sizeof *out->items, by_middle);
    return DOXIN_OK;
}

static int type_fit(const cluster *numbers, dx_concept role)
{
    bool percents = numbers->percents * 2 > numbers->count, money = numbers->money * 2 > numbers->count;
    switch (role) {
    case DX_TERM_COL_TAX_RATE:
        return percents ? 40 : money ? -50 : 0;
    case DX_TERM_COL_DISCOUNT:
        return percents ? 20 : 0;
    case DX_TERM_COL_PRICE:
    case DX_TERM_COL_GROSS_PRICE:
    case DX_TERM_COL_TOTAL:
    case DX_TERM_COL_TOTAL_GROSS:
    case DX_TERM_COL_TAX_AMOUNT:
        return percents ? -120 : money ? 25 : -5;
    case DX_TERM_COL_QUANTITY:
        return percents ? -120 : 5;
    case DX_TERM_COL_NUMBER:
        return money || percents ? -80 : 10;
    case DX_TERM_COL_ITEM:
    case DX_TERM_COL_BUYER_ITEM:
    case DX_TERM_COL_GTIN:
        return money || percents ? -60 : 0;
    case DX_TERM_COL_UNIT:
    case DX_TERM_COL_DATE:
    case DX_TERM_COL_PERIOD:
        return -40;
    default:
        return 0;
    }
}

/* How well numbers stand under a head; FAR: not at all. */
static int fit(const cluster *numbers, const dx_column *column, int font_size)
{
    int32_t shared = dx_overlap(numbers->x0, numbers->x1, column->head.x0, column->head.x1);
    int32_t width = numbers->x1 - numbers->x0, head = column->head.x1 - column->head.x0;
    int32_t narrow = (width < head ? width : head) + 1;
    int score;
    if (column->role == DX_TERM_COL_DESCRIPTION)
        return FAR;
    if (shared > 0)
        score = 60 + (int)((int64_t)40 * shared / narrow);
    else if (-shared > 6 * font_size)
        return FAR;
    else
        score = 40 - (int)((int64_t)-shared * 15 / font_size);
    if (abs(numbers->x1 - column->head.x1) * 5 < font_size * 3)
        score += 30;
    else if (abs(numbers->x0 - column->head.x0) * 5 < font_size * 3)
        score += 20;
    return score + type_fit(numbers, column->role);
}

/* Best pairs of heads and clusters, both from left to right. */
static void match(const clusters *numbers, const dx_table *table, int font_size, int *column_of)
{
    int best[DX_TABLE_COLUMNS + 1][DX_TABLE_COLUMNS + 1] = {{0}};
    for (int c = 1; c <= numbers->count; c++) {
        for (int h = 1; h <= table->count; h++) {
            int pair = fit(&numbers->items[c - 1], &table->columns[h - 1], font_size);
            int most = best[c - 1][h] > best[c][h - 1] ? best[c - 1][h] : best[c][h - 1];
            if (pair > 0 && best[c - 1][h - 1] + pair > most)
                most = best[c - 1][h - 1] + pair;
            best[c][h] = most;
        }
    }
    for (int c = numbers->count, h = table->count; c > 0;) {
        if (h > 0 && best[c][h] == best[c][h - 1]) {
            h--;
        } else if (best[c][h] == best[c - 1][h]) {
            column_of[--c] = DX_NO_COLUMN;
        } else {
            column_of[--c] = --h;
        }
    }
}

static void take_cluster(dx_column *column, const cluster *numbers)
{
    column->numeric = true;
    column->left = numbers->x0;
    column->right = numbers->x1;
    column->percent = numbers->percents * 2 > numbers->count;
    column->money = numbers->money * 2 > numbers->count;
    column->x0 = column->head.x1 > column->head.x0 && column->head.x0 < numbers->x0 ? column->head.x0 : numbers->x0;
    column->x1 = column->head.x1 > column->head.x0 && column->head.x1 > numbers->x1 ? column->head.x1 : numbers->x1;
}

/* Numbers without a head get a column of their own where nothing else stands. */
static void add_column(dx_table *table, const cluster *numbers)
{
    if (table->count == DX_TABLE_COLUMNS)
        return;
    int at = table->count;
    while (at > 0 && table->columns[at - 1].x0 > numbers->x0)
        at--;
    memmove(&table->columns[at + 1], &table->columns[at], (size_t)(table->count - at) * sizeof *table->columns);
    table->columns[at] = (dx_column){.head = {0, 0, -1, -1}};
    take_cluster(&table->columns[at], numbers);
    table->count++;
}

/* Numbers that stand under a head which has others already, on other lines, were only set differently. */
static bool add_to_column(dx_table *table, const clusters *all, const int *column_of, int index)
{
    const cluster *numbers = &all->items[index];
    for (int i = 0; i < all->count; i++) {
        if (column_of[i] == DX_NO_COLUMN || (all->items[i].lines & numbers->lines) != 0)
            continue;
        dx_column *column = &table->columns[column_of[i]];
        int32_t shared = dx_overlap(numbers->x0, numbers->x1, column->head.x0, column->head.x1);
        if (shared * 2 < numbers->x1 - numbers->x0 || column->percent != (numbers->percents * 2 > numbers->count))
            continue;
        column->left = numbers->x0 < column->left ? numbers->x0 : column->left;
        column->right = numbers->x1 > column->right ? numbers->x1 : column->right;
        column->x0 = column->left < column->x0 ? column->left : column->x0;
        column->x1 = column->right > column->x1 ? column->right : column->x1;
        return true;
    }
    return false;
}

static int column_with(const dx_table *table, dx_concept role, bool numeric)
{
    for (int i = 0; i < table->count; i++)
        if (table->columns[i].role == role && (!numeric || table->columns[i].numeric))
            return i;
    return DX_NO_COLUMN;
}

static void name_roles(dx_table *table)
{
    table->quantity = column_with(table, DX_TERM_COL_QUANTITY, true);
    table->price = column_with(table, DX_TERM_COL_PRICE, true);
    if (table->price == DX_NO_COLUMN)
        table->price = column_with(table, DX_TERM_COL_GROSS_PRICE, true);
    table->total = column_with(table, DX_TERM_COL_TOTAL, true);
    if (table->total == DX_NO_COLUMN)
        table->total = column_with(table, DX_TERM_COL_TOTAL_GROSS, true);
    table->description = column_with(table, DX_TERM_COL_DESCRIPTION, false);
}

static void assign(dx_table_source *source, const dx_table *table, uint32_t end)
{
    for (uint32_t line = table->first_line; line < end; line++) {
        const dx_line_marks *marks = &source->marks[line];
        int64_t taken[DX_TABLE_COLUMNS] = {0};
        for (uint32_t i = marks->first_atom; i < marks->first_atom + marks->atom_count; i++) {
            dx_atom *atom = &source->atoms[i];
            int64_t most = 0;
            int best = DX_NO_COLUMN;
            for (int c = 0; c < table->count; c++) {
                const dx_column *column = &table->columns[c];
                int64_t shared = dx_overlap(atom->box.x0, atom->box.x1, column->x0, column->x1);
                int64_t exact = dx_overlap(atom->box.x0, atom->box.x1, column->left, column->right);
                if (shared > 0 && exact > 0)
                    shared += 4 * exact;
                bool amounts =
                    !column->percent && column->role != DX_TERM_COL_TAX_RATE && column->role != DX_TERM_COL_DISCOUNT;
                if (shared > most && column->numeric && !(atom->percent && amounts)) {
                    most = shared;
                    best = c;
                }
            }
            atom->column = DX_NO_COLUMN;
            if (best == DX_NO_COLUMN || atom->labelled || most <= taken[best])
                continue;
            /* A number inside a text counts only where it ends exactly with its column. */
            if (atom->inner && abs(atom->box.x1 - table->columns[best].right) * 3 > atom->box.y1 - atom->box.y0)
                continue;
            atom->column = best;
            taken[best] = most;
        }
    }
}

void dx_table_assign(dx_table_source *source, const dx_table *table)
{
    assign(source, table, table->end_line);
}

typedef struct triple {
    int quantity, price, total;
    int strong, weak, tried;
} triple;

/* The line's number in each column, or NULL. */
static void line_cells(const dx_table_source *source, uint32_t line, const dx_atom **cells)
{
    const dx_line_marks *marks = &source->marks[line];
    memset(cells, 0, DX_TABLE_COLUMNS * sizeof *cells);
    for (uint32_t i = marks->first_atom; i < marks->first_atom + marks->atom_count; i++)
        if (source->atoms[i].column != DX_NO_COLUMN)
            cells[source->atoms[i].column] = &source->atoms[i];
}

static void try_triple(const dx_table_source *source, const dx_table *table, uint32_t end, triple *out)
{
    for (uint32_t line = table->first_line; line < end; line++) {
        const dx_atom *cells[DX_TABLE_COLUMNS];
        line_cells(source, line, cells);
        const dx_atom *q = cells[out->quantity], *p = cells[out->price], *t = cells[out->total];
        if (q == NULL || p == NULL || t == NULL)
            continue;
        bool weak = false, holds = dx_table_product(q, p, t, &weak);
        out->tried++;
        out->strong += holds && !weak;
        out->weak += holds && weak;
    }
}

static int worth(const triple *of)
{
    return of->strong * 4 + of->weak - (of->tried - of->strong - of->weak);
}

/* Where the head's names do not multiply but other columns do, the columns that do are meant. */
static void check_roles(const dx_table_source *source, dx_table *table)
{
    uint32_t end = learning_end(source, table);
    triple stated = {table->quantity, table->price, table->total, 0, 0, 0};
    bool complete = stated.quantity >= 0 && stated.price >= 0 && stated.total >= 0;
    if (complete)
        try_triple(source, table, end, &stated);
    triple best = stated;
    int best_worth = complete ? worth(&stated) : 0;
    if (complete && stated.strong + stated.weak * 2 >= stated.tried && stated.tried > 0)
        return;
    for (int t = 0; t < table->count; t++)
        for (int q = 0; q < table->count; q++)
            for (int p = q + 1; p < table->count; p++) {
                if (q == t || p == t || !table->columns[q].numeric || !table->columns[p].numeric ||
                    !table->columns[t].numeric || (table->total >= 0 && t != table->total))
                    continue;
                triple tried = {q, p, t, 0, 0, 0};
                try_triple(source, table, end, &tried);
                if (tried.strong > stated.strong && worth(&tried) > best_worth) {
                    best = tried;
                    best_worth = worth(&tried);
                }
            }
    if (best.strong == 0 || best.strong == stated.strong)
        return;
    bool swap = table->price == best.quantity || table->quantity == best.price;
    table->quantity = swap ? best.price : best.quantity;
    table->price = swap ? best.quantity : best.price;
    table->total = best.total;
}

doxin_status dx_table_columns(dx_ctx *ctx, dx_table_source *source, dx_table *table)
{
    clusters numbers;
    int column_of[DX_TABLE_COLUMNS];
    doxin_status status = make_clusters(ctx, source, table, &numbers);
    if (status != DOXIN_OK)
        return status;
    int font_size = source->layout->pages[table->page].font_size;
    match(&numbers, table, font_size, column_of);
    for (int i = 0; i < numbers.count; i++)
        if (column_of[i] != DX_NO_COLUMN)
            take_cluster(&table->columns[column_of[i]], &numbers.items[i]);
    bool placed[DX_TABLE_COLUMNS];
    for (int i = 0; i < numbers.count; i++)
        placed[i] = column_of[i] != DX_NO_COLUMN || add_to_column(table, &numbers, column_of, i);
    for (int i = 0; i < numbers.count; i++)
        if (!placed[i] && (numbers.items[i].count > 1 || numbers.items[i].money > 0))
            add_column(table, &numbers.items[i]);
    name_roles(table);
    assign(source, table, learning_end(source, table));
    check_roles(source, table);
    return DOXIN_OK;
}
