/* Heads of tables of items: a line, or a few, on which names of columns stand beside each other. */
#include "core/extract/table.h"

#include <string.h>

enum {
    CELL_RANGES = 6,
    CELL_TERMS = 6,
    TERMS_AT = 32,
    TEXT_MAX = 240,
    MORE_LINES = 4, /* above and below the line that looks most like a head */
    NAME_GAP = 50,  /* percent of the font size between words of different columns */
    LINE_GAP = 90,  /* percent of the font size between lines of one head */
    ENOUGH = 45     /* weight of a head */
};

/* Words of a head that stand together. */
typedef struct piece {
    dx_box box;
    uint32_t first, count;
    bool term; /* the lexicon knows it as a column's name */
} piece;

typedef struct pieces {
    piece items[DX_TABLE_COLUMNS];
    size_t count;
    size_t tokens, known; /* of the line */
} pieces;

typedef struct cell {
    dx_box box;
    struct {
        uint32_t first, count;
    } ranges[CELL_RANGES];
    size_t range_count;
    struct {
        dx_concept concept;
        int strength, length;
    } terms[CELL_TERMS];
    size_t term_count;
    bool sum;         /* begins with the name of a sum */
    dx_concept above; /* item number, where its first line names one and another line something else */
    dx_concept concept;
    int strength;
} cell;

typedef struct cells {
    cell items[DX_TABLE_COLUMNS];
    size_t count;
} cells;

static int weight(dx_concept concept)
{
    switch (concept) {
    case DX_TERM_COL_QUANTITY:
    case DX_TERM_COL_PRICE:
    case DX_TERM_COL_TOTAL:
        return 25;
    case DX_TERM_COL_DESCRIPTION:
    case DX_TERM_COL_TOTAL_GROSS:
        return 20;
    case DX_TERM_COL_ITEM:
    case DX_TERM_COL_GROSS_PRICE:
        return 15;
    case DX_TERM_COL_DISCOUNT:
        return 12;
    case DX_TERM_COL_NUMBER:
    case DX_TERM_COL_UNIT:
        return 10;
    case DX_TERM_COL_TAX_RATE:
        return 8;
    default:
        return dx_concept_group_of(concept) == DX_GROUP_COLUMN ? 5 : 0;
    }
}

/* The longest name of a column that begins at a token: its length in tokens, 0 for none. */
static size_t column_term(const dx_tokens *tokens, size_t at)
{
    dx_term terms[TERMS_AT];
    size_t count = dx_lexicon_at(tokens, at, terms, TERMS_AT);
    for (size_t i = 0; i < count; i++)
        if (dx_concept_group_of(terms[i].concept) == DX_GROUP_COLUMN)
            return terms[i].end - at;
    return 0;
}

/* The word of a segment that holds a byte of its text. */
static uint32_t word_of_byte(const dx_layout *layout, const dx_segment *segment, uint32_t byte)
{
    uint32_t at = 0, last = segment->first_word;
    for (uint32_t i = segment->first_word; i < segment->first_word + segment->word_count; i++) {
        if (i > segment->first_word && !layout->words[i].glued)
            at++;
        if (byte < at)
            break;
        last = i;
        at += (uint32_t)layout->words[i].size;
    }
    return last;
}

static void add_piece(const dx_layout *layout, uint32_t first, uint32_t last, bool term, pieces *out)
{
    if (out->count == DX_TABLE_COLUMNS)
        return;
    piece *added = &out->items[out->count++];
    *added = (piece){.box = layout->words[first].box, .first = first, .count = last - first + 1, .term = term};
    for (uint32_t i = first + 1; i <= last; i++)
        added->box = dx_box_join(added->box, layout->words[i].box);
}

/* Whether a new name may begin at a word: right behind another name, or behind a gap that is wider than a space. */
static bool may_cut(const dx_layout *layout, uint32_t word, size_t strange)
{
    const dx_layout_word *here = &layout->words[word];
    return strange == 0 || (int64_t)(here->box.x0 - here[-1].box.x1) * 100 > (int64_t)here->font_size * NAME_GAP;
}

/* Cuts a segment at the names of columns in it; words before the first or behind a name stay with it. */
static void cut_segment(const dx_layout *layout, const dx_segment *segment, const dx_tokens *tokens, pieces *out)
{
    uint32_t first = segment->first_word, end = segment->first_word + segment->word_count;
    bool open = false;
    size_t strange = 0; /* tokens since the last name */
    for (size_t at = 0; at < tokens->count;) {
        size_t length = column_term(tokens, at);
        if (length == 0) {
            strange++;
            at++;
            continue;
        }
        uint32_t word = word_of_byte(layout, segment, tokens->items[at].begin);
        out->known += length;
        if (open && word > first && may_cut(layout, word, strange)) {
            add_piece(layout, first, word - 1, true, out);
            first = word;
        }
        open = true;
        strange = 0;
        at += length;
    }
    out->tokens += tokens->count;
    add_piece(layout, first, end - 1, open, out);
}

static void cut_line(const dx_table_source *source, uint32_t line, pieces *out)
{
    const dx_layout *layout = source->layout;
    const dx_text_line *from = &layout->lines[line];
    memset(out, 0, sizeof *out);
    for (uint32_t s = from->first_segment; s < from->first_segment + from->segment_count; s++)
        cut_segment(layout, &layout->segments[s], &source->tokens[s], out);
}

static void cell_of_piece(const piece *from, cell *out)
{
    memset(out, 0, sizeof *out);
    out->box = from->box;
    out->ranges[0].first = from->first;
    out->ranges[0].count = from->count;
    out->range_count = 1;
}

/* The cell's words as one text, a word cut by a hyphen at a line's end joined. */
static size_t cell_text(const dx_layout *layout, const cell *from, char *out)
{
    size_t used = 0;
    for (size_t r = 0; r < from->range_count; r++) {
        for (uint32_t i = 0; i < from->ranges[r].count; i++) {
            const dx_layout_word *word = &layout->words[from->ranges[r].first + i];
            if (used + (size_t)word->size + 2 > TEXT_MAX)
                return used;
            bool cut = i == 0 && used > 1 && out[used - 1] == '-' && word->text[0] >= 'a' && word->text[0] <= 'z';
            if (cut)
                used--;
            else if (used > 0 && !(i > 0 && word->glued))
                out[used++] = ' ';
            memcpy(out + used, word->text, (size_t)word->size);
            used += (size_t)word->size;
        }
    }
    return used;
}

static void add_term(cell *to, const dx_term *term, int length)
{
    for (size_t i = 0; i < to->term_count; i++) {
        if (to->terms[i].concept == term->concept) {
            if (length > to->terms[i].length) {
                to->terms[i].length = length;
                to->terms[i].strength = term->strength;
            }
            return;
        }
    }
    if (to->term_count == CELL_TERMS)
        return;
    to->terms[to->term_count].concept = term->concept;
    to->terms[to->term_count].strength = term->strength;
    to->terms[to->term_count++].length = length;
}

/* What the cell's text may name. */
static doxin_status read_cell(dx_ctx *ctx, const dx_table_source *source, cell *out)
{
    char text[TEXT_MAX];
    size_t length = cell_text(source->layout, out, text);
    out->term_count = 0;
    out->sum = false;
    const char *colon = memchr(text, ':', length);
    if ((length > 0 && text[0] == '(') || (colon != NULL && colon + 1 < text + length)) /* the label of a value */
        return DOXIN_OK;
    dx_tokens tokens = {0};
    doxin_status status = dx_lexicon_tokens(ctx, text, length, source->hypotheses->ocr, &tokens);
    if (status != DOXIN_OK)
        return status;
    dx_term first[TERMS_AT];
    size_t count_first = tokens.count > 0 ? dx_lexicon_at(&tokens, 0, first, TERMS_AT) : 0;
    for (size_t i = 0; i < count_first; i++)
        out->sum |= dx_concept_group_of(first[i].concept) == DX_GROUP_AMOUNT;
    for (size_t at = 0; at < tokens.count;) {
        size_t longest = column_term(&tokens, at);
        dx_term terms[TERMS_AT];
        size_t count = longest > 0 ? dx_lexicon_at(&tokens, at, terms, TERMS_AT) : 0;
        for (size_t i = 0; i < count; i++)
            if (dx_concept_group_of(terms[i].concept) == DX_GROUP_COLUMN && terms[i].end - at == longest)
                add_term(out, &terms[i], (int)longest);
        at += longest > 0 ? longest : 1;
    }
    return DOXIN_OK;
}

/* Totals stand to the right, numbers of lines to the left. */
static int place(dx_concept concept, size_t at, size_t count)
{
    if (concept == DX_TERM_COL_TOTAL || concept == DX_TERM_COL_TOTAL_GROSS)
        return (int)(12 * (at + 1) / count);
    return concept == DX_TERM_COL_NUMBER ? (int)(6 * (count - at) / count) : 0;
}

static bool names(const cell *of, dx_concept concept)
{
    for (size_t i = 0; i < of->term_count; i++)
        if (of->terms[i].concept == concept)
            return true;
    return false;
}

/* Where several kinds of item numbers share a cell, it counts as that of item numbers; where they share it with the
 * description over several lines, as that of the description. */
static int stacked(const cell *of, size_t term)
{
    dx_concept concept = of->terms[term].concept;
    bool buyer = concept == DX_TERM_COL_BUYER_ITEM || concept == DX_TERM_COL_GTIN;
    if (!buyer && concept != DX_TERM_COL_ITEM)
        return 0;
    if (of->range_count > 1 && names(of, DX_TERM_COL_DESCRIPTION))
        return 60;
    return buyer && names(of, DX_TERM_COL_ITEM) ? 30 : 0;
}

/* Every name goes to one cell: the surest pairs first, and cells with one meaning before those with several. */
static void resolve(cells *all)
{
    bool used[DX_TERM_COUNT] = {false};
    for (;;) {
        int best = 0;
        size_t where = 0, which = 0;
        for (size_t c = 0; c < all->count; c++) {
            if (all->items[c].concept != DX_TERM_NONE)
                continue;
            for (size_t t = 0; t < all->items[c].term_count; t++) {
                int sure = 10 + all->items[c].terms[t].strength * 8 + all->items[c].terms[t].length * 6 -
                           (int)all->items[c].term_count * 2 + weight(all->items[c].terms[t].concept) / 5 +
                           place(all->items[c].terms[t].concept, c, all->count) - stacked(&all->items[c], t);
                if (!used[all->items[c].terms[t].concept] && sure > best) {
                    best = sure;
                    where = c;
                    which = t;
                }
            }
        }
        if (best == 0)
            return;
        all->items[where].concept = all->items[where].terms[which].concept;
        all->items[where].strength = all->items[where].terms[which].strength;
        used[all->items[where].concept] = true;
    }
}

static int cells_weight(const cells *all)
{
    int sum = 0;
    for (size_t i = 0; i < all->count; i++)
        sum += weight(all->items[i].concept) * all->items[i].strength / 2;
    return sum;
}

static bool has_role(const cells *all, dx_concept concept)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].concept == concept)
            return true;
    return false;
}

/* A table of items names what is sold or how much of it, and what it costs. */
static bool sells(const cells *all)
{
    bool thing = has_role(all, DX_TERM_COL_DESCRIPTION) || has_role(all, DX_TERM_COL_ITEM) ||
                 has_role(all, DX_TERM_COL_QUANTITY);
    thing = thing || (has_role(all, DX_TERM_COL_PRICE) && has_role(all, DX_TERM_COL_TOTAL) && all->count >= 4);
    bool cost = has_role(all, DX_TERM_COL_TOTAL) || has_role(all, DX_TERM_COL_PRICE) ||
                has_role(all, DX_TERM_COL_TOTAL_GROSS) || has_role(all, DX_TERM_COL_GROSS_PRICE);
    return thing && cost && all->count >= 2;
}

static doxin_status line_cells(dx_ctx *ctx, const dx_table_source *source, uint32_t line, cells *out, pieces *cut)
{
    doxin_status status = DOXIN_OK;
    cut_line(source, line, cut);
    out->count = 0;
    if (cut->known == 0 && source->marks[line].amount == DX_TERM_NONE)
        return DOXIN_OK;
    for (size_t i = 0; status == DOXIN_OK && i < cut->count; i++) {
        cell_of_piece(&cut->items[i], &out->items[out->count]);
        status = read_cell(ctx, source, &out->items[out->count++]);
    }
    return status;
}

/* Money on a line: it is no head. */
static bool has_money(const dx_table_source *source, uint32_t line)
{
    const dx_line_marks *marks = &source->marks[line];
    for (uint32_t i = marks->first_atom; i < marks->first_atom + marks->atom_count; i++)
        if (source->atoms[i].value.scale >= 2 && !source->atoms[i].inner)
            return true;
    return false;
}

/* Names of columns or sums in a row: the head of a table, whichever. */
static bool names_columns(const cells *all)
{
    size_t names = 0;
    for (size_t i = 0; i < all->count; i++)
        names += all->items[i].term_count > 0 || all->items[i].sum;
    return all->count >= 3 && names >= 2 && names * 2 >= all->count;
}

doxin_status dx_table_mark_heads(dx_ctx *ctx, dx_table_source *source)
{
    for (uint32_t line = 0; line < source->layout->line_count; line++) {
        if (source->layout->lines[line].vertical || has_money(source, line) ||
            source->layout->lines[line].word_count > 60)
            continue;
        cells found;
        pieces cut;
        doxin_status status = line_cells(ctx, source, line, &found, &cut);
        if (status != DOXIN_OK)
            return status;
        resolve(&found);
        int score = cells_weight(&found);
        if (cut.known * 5 < cut.tokens * 2)
            score /= 3;
        bool apart = source->layout->lines[line].segment_count >= 2 || found.count >= 4;
        source->marks[line].head = found.count >= 2 && apart ? score : 0;
        source->marks[line].other_head = source->marks[line].atom_count == 0 && names_columns(&found);
    }
    return DOXIN_OK;
}

/* The cell that a piece of a further line belongs to; NULL: none shares its place. */
static cell *cell_over(cells *all, const piece *part)
{
    cell *best = NULL;
    int32_t most = 0;
    for (size_t i = 0; i < all->count; i++) {
        int32_t shared = dx_overlap(all->items[i].box.x0, all->items[i].box.x1, part->box.x0, part->box.x1);
        if (shared > most) {
            most = shared;
            best = &all->items[i];
        }
    }
    return best;
}

static void insert_cell(cells *all, const piece *part)
{
    if (all->count == DX_TABLE_COLUMNS)
        return;
    size_t at = all->count++;
    while (at > 0 && all->items[at - 1].box.x0 > part->box.x0) {
        all->items[at] = all->items[at - 1];
        at--;
    }
    cell_of_piece(part, &all->items[at]);
}

static void add_to_cell(cell *to, const piece *part, bool above)
{
    if (to->range_count == CELL_RANGES)
        return;
    size_t at = above ? 0 : to->range_count;
    memmove(&to->ranges[at + 1], &to->ranges[at], (to->range_count - at) * sizeof *to->ranges);
    to->ranges[at].first = part->first;
    to->ranges[at].count = part->count;
    to->range_count++;
    to->box = dx_box_join(to->box, part->box);
}

/* A line next to a head belongs to it when it stands close, has no numbers, and its words are names of columns or
 * small pieces over or under one. */
static bool joins(const dx_table_source *source, uint32_t line, const pieces *cut, cells *all)
{
    if (source->marks[line].atom_count > 0 || cut->count == 0 || source->layout->lines[line].vertical)
        return false;
    size_t terms = 0, strange = 0;
    for (size_t i = 0; i < cut->count; i++) {
        terms += cut->items[i].term;
        const cell *over = cell_over(all, &cut->items[i]);
        const char *text = source->layout->words[cut->items[i].first].text;
        strange += !cut->items[i].term && (over == NULL || (text[0] != '(' && cut->items[i].count > 2));
    }
    return strange == 0 && (terms > 0 || source->layout->words[cut->items[0].first].text[0] == '(');
}

static void grow(const dx_table_source *source, uint32_t core, int direction, cells *all, dx_table *out)
{
    const dx_layout *layout = source->layout;
    const dx_layout_page *page = &layout->pages[layout->lines[core].page];
    dx_box edge = layout->lines[core].box;
    for (int i = 1; i <= MORE_LINES; i++) {
        int64_t line = (int64_t)core + direction * i;
        if (line < page->first_line || line >= (int64_t)page->first_line + page->line_count)
            break;
        const dx_text_line *next = &layout->lines[line];
        int32_t gap = direction > 0 ? next->box.y0 - edge.y1 : edge.y0 - next->box.y1;
        if ((int64_t)gap * 100 > (int64_t)next->font_size * LINE_GAP)
            break;
        pieces cut;
        cut_line(source, (uint32_t)line, &cut);
        if (!joins(source, (uint32_t)line, &cut, all))
            break;
        for (size_t k = 0; k < cut.count; k++) {
            cell *over = cell_over(all, &cut.items[k]);
            if (over != NULL)
                add_to_cell(over, &cut.items[k], direction < 0);
            else
                insert_cell(all, &cut.items[k]);
        }
        edge = next->box;
        if (direction > 0)
            out->head_end = (uint32_t)line + 1;
        else
            out->head_line = (uint32_t)line;
    }
}

/* A cell whose first line names item numbers while the rest names something else. */
static doxin_status read_above(dx_ctx *ctx, const dx_table_source *source, cell *of)
{
    if (of->range_count < 2 || of->concept != DX_TERM_COL_DESCRIPTION)
        return DOXIN_OK;
    cell first = *of;
    first.range_count = 1;
    doxin_status status = read_cell(ctx, source, &first);
    bool named = false;
    for (size_t i = 0; i < first.term_count; i++) {
        named |= first.terms[i].concept == DX_TERM_COL_DESCRIPTION;
        if (first.terms[i].concept == DX_TERM_COL_ITEM || first.terms[i].concept == DX_TERM_COL_GTIN)
        of->above = first.terms[i].concept;
    }
    if (named)
        of->above = DX_TERM_NONE;
    return status;
}

doxin_status dx_table_head(dx_ctx *ctx, const dx_table_source *source, uint32_t line, dx_table *out, bool *found)
{
    const dx_layout *layout = source->layout;
    memset(out, 0, sizeof *out);
    *found = false;
    cells all;
    pieces cut;
    doxin_status status = line_cells(ctx, source, line, &all, &cut);
    out->page = layout->lines[line].page;
    out->head_line = line;
    out->head_end = line + 1;
    if (status != DOXIN_OK)
        return status;
    grow(source, line, -1, &all, out);
    grow(source, line, 1, &all, out);
    for (size_t i = 0; status == DOXIN_OK && i < all.count; i++) {
        all.items[i].concept = DX_TERM_NONE;
        status = read_cell(ctx, source, &all.items[i]);
    }
    if (status != DOXIN_OK)
        return status;
    resolve(&all);
    out->score = cells_weight(&all);
    if (!sells(&all) || out->score < ENOUGH)
        return DOXIN_OK;
    for (size_t i = 0; status == DOXIN_OK && i < all.count; i++)
        status = read_above(ctx, source, &all.items[i]);
    if (status != DOXIN_OK)
        return status;
    for (size_t i = 0; i < all.count; i++)
        out->columns[out->count++] = (dx_column){.role = all.items[i].concept,
                                                 .head = all.items[i].box,
                                                 .x0 = all.items[i].box.x0,
                                                 .x1 = all.items[i].box.x1,
                                                 .strength = all.items[i].strength,
                                                 .above = all.items[i].above};
    const dx_layout_page *page = &layout->pages[out->page];
    out->model_line = out->head_line;
    out->model_end = out->head_end;
    out->first_line = out->head_end;
    out->end_line = page->first_line + page->line_count;
    out->quantity = out->price = out->total = out->description = DX_NO_COLUMN;
    *found = true;
    return DOXIN_OK;
}
