/* Columns by arithmetic alone: where no head is known, places on the lines at which q × p = t again and again are the
 * columns of a table, whatever its language. */
#include "core/extract/table.h"

#include <stdlib.h>
#include <string.h>

enum {
    LINE_ATOMS = 10,
    MAX_PRODUCTS = 200,
    STRONG_DIGITS = 1000 /* a product of so many smallest units hardly comes by chance */
};

typedef struct product {
    const dx_atom *quantity, *price, *total;
    const dx_atom *discount; /* in percent, or NULL */
    bool weak;
    int votes;
} product;

typedef struct products {
    product items[MAX_PRODUCTS];
    size_t count;
} products;

static void find_products(const dx_table_source *source, uint32_t line, products *out)
{
    const dx_line_marks *marks = &source->marks[line];
    const dx_atom *atoms = source->atoms + marks->first_atom;
    uint32_t count = marks->atom_count < LINE_ATOMS ? marks->atom_count : LINE_ATOMS;
    for (uint32_t t = 2; t < count; t++) {
        for (uint32_t q = 0; q + 1 < t; q++) {
            for (uint32_t p = q + 1; p < t; p++) {
                bool weak = false;
                if (atoms[t].value.scale == 0 || atoms[t].value.units == 0 || out->count == MAX_PRODUCTS)
                    continue;
                const dx_atom *discount = NULL;
                bool holds = dx_table_product(&atoms[q], &atoms[p], &atoms[t], &weak);
                for (uint32_t d = p + 1; !holds && d < t; d++) {
                    discount = &atoms[d];
                    holds = atoms[d].percent && dx_table_discounted(&atoms[q], &atoms[p], discount, &atoms[t]);
                }
                if (holds)
                    out->items[out->count++] = (product){&atoms[q], &atoms[p], &atoms[t], discount, weak, 0};
            }
        }
    }
}

static bool over(const dx_atom *a, const dx_atom *b)
{
    return dx_overlap(a->box.x0, a->box.x1, b->box.x0, b->box.x1) > 0;
}

/* Products on other lines at the same places vote for each other. */
static product *best_product(products *all)
{
    product *best = NULL;
    for (size_t i = 0; i < all->count; i++) {
        product *of = &all->items[i];
        of->votes = of->weak ? 1 : llabs(of->total->value.units) >= STRONG_DIGITS ? 4 : 2;
        for (size_t k = 0; k < all->count; k++) {
            const product *by = &all->items[k];
            if (by->total->line != of->total->line && over(by->total, of->total) && over(by->price, of->price) &&
                over(by->quantity, of->quantity))
                of->votes += by->weak ? 2 : 4;
        }
        if (best == NULL || of->votes > best->votes)
            best = of;
    }
    return best;
}

static dx_column number_column(const dx_atom *atom, dx_concept role)
{
    return (dx_column){.role = role,
                       .head = {0, 0, -1, -1},
                       .x0 = atom->box.x0,
                       .x1 = atom->box.x1,
                       .left = atom->box.x0,
                       .right = atom->box.x1,
                       .money = role != DX_TERM_COL_QUANTITY,
                       .numeric = true,
                       .strength = DX_TERM_WEAK};
}

static void widen(dx_column *column, const dx_atom *atom)
{
    if (atom->box.x0 < column->x0)
        column->x0 = column->left = atom->box.x0;
    if (atom->box.x1 > column->x1)
        column->x1 = column->right = atom->box.x1;
}

/* Lines above the first amounts that may be the first item's text: those close above. */
static uint32_t body_start(const dx_table_source *source, uint32_t first, uint32_t page_first)
{
    const dx_text_line *lines = source->layout->lines;
    while (first > page_first && source->marks[first - 1].atom_count == 0 && !lines[first - 1].vertical &&
           lines[first].box.y0 - lines[first - 1].box.y1 < lines[first].font_size / 2 && !lines[first].rule_above)
        first--;
    return first;
}

doxin_status dx_table_induce(dx_ctx *ctx, dx_table_source *source, uint32_t page_index, dx_table *out, bool *found)
{
    const dx_layout_page *page = &source->layout->pages[page_index];
    memset(out, 0, sizeof *out);
    *found = false;
    products *all = dx_new(ctx, sizeof *all);
    if (all == NULL)
        return DOXIN_E_NOMEM;
    for (uint32_t line = page->first_line; line < page->first_line + page->line_count; line++)
        if (source->marks[line].amount == DX_TERM_NONE || !source->marks[line].amount_alone)
            find_products(source, line, all);
    const product *best = best_product(all);
    if (best == NULL || best->votes < 4)
        return DOXIN_OK;
    out->page = page_index;
    out->count = best->discount != NULL ? 4 : 3;
    out->columns[0] = number_column(best->quantity, DX_TERM_COL_QUANTITY);
    out->columns[1] = number_column(best->price, DX_TERM_COL_PRICE);
    out->columns[2] = number_column(best->total, DX_TERM_COL_TOTAL);
    if (best->discount != NULL) {
        out->columns[3] = out->columns[2];
        out->columns[2] = number_column(best->discount, DX_TERM_COL_DISCOUNT);
    }
    out->quantity = 0;
    out->price = 1;
    out->total = out->count - 1;
    out->description = DX_NO_COLUMN;
    uint32_t first = best->total->line;
    for (size_t i = 0; i < all->count; i++) {
        const product *of = &all->items[i];
        if (!over(of->total, best->total) || !over(of->price, best->price) || !over(of->quantity, best->quantity))
            continue;
        widen(&out->columns[0], of->quantity);
        widen(&out->columns[1], of->price);
        widen(&out->columns[out->total], of->total);
        if (best->discount != NULL && of->discount != NULL)
            widen(&out->columns[2], of->discount);
        first = of->total->line < first ? of->total->line : first;
    }
    out->score = best->votes;
    out->first_line = body_start(source, first, page->first_line);
    out->head_line = out->head_end = out->first_line;
    out->end_line = page->first_line + page->line_count;
    dx_table_assign(source, out);
    *found = true;
    return DOXIN_OK;
}
