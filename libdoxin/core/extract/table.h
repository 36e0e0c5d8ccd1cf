/* Tables of items: numbers on lines, heads, columns, rows. Inside this folder only (table*.c, items*.c). */
#ifndef DX_CORE_EXTRACT_TABLE_H
#define DX_CORE_EXTRACT_TABLE_H

#include "core/extract/extract_internal.h"
#include "core/lexicon/lexicon.h"

enum { DX_TABLE_COLUMNS = 20, DX_NO_COLUMN = -1 };

/* A number as it stands on the page, its currency or percent sign included. */
typedef struct dx_atom {
    uint32_t line;
    uint32_t first, count;           /* words */
    uint32_t unit_first, unit_count; /* words right behind it that may be its unit */
    dx_box box;                      /* unit included */
    dx_decimal value;
    bool percent, currency;
    bool inner;    /* words of a text stand right before it */
    bool labelled; /* the word before it ends with a colon */
    int column;    /* of the table it stands in, or DX_NO_COLUMN */
} dx_atom;

/* What a line says beside its numbers. */
typedef struct dx_line_marks {
    uint32_t first_atom, atom_count;
    int head;          /* how much it looks like the head of a table of items */
    bool other_head;   /* names of columns or sums stand beside each other: some table begins */
    dx_concept amount; /* the sum that its text begins with (group AMOUNT), or DX_TERM_NONE */
    int amount_strength;
    bool amount_alone; /* nothing else stands in that segment */
    bool carried;      /* a sum from or for another page */
} dx_line_marks;

typedef struct dx_table_source {
    const dx_layout *layout;
    const dx_hypotheses *hypotheses;
    dx_atom *atoms; /* by line, left to right */
    size_t atom_count;
    dx_line_marks *marks; /* one for each line of the layout */
    dx_tokens *tokens;    /* one for each segment */
} dx_table_source;

typedef struct dx_column {
    dx_concept role;  /* DX_TERM_COL_…, DX_TERM_NONE: not known */
    dx_box head;      /* its head's place, empty (x1 < x0) without a head */
    int32_t x0, x1;   /* what head and numbers take */
    int32_t left;     /* left edge of its numbers */
    bool money;       /* most of its numbers have two places or more */
    bool percent;     /* most of its numbers are percentages */
    int32_t right;    /* right edge of its numbers */
    bool numeric;     /* numbers stand in it */
    int strength;     /* of the head's term */
    dx_concept above; /* a name over the head's own one in the same place; DX_TERM_NONE: none */
} dx_column;

/* A table on one page. */
typedef struct dx_table {
    uint32_t page;
    uint32_t first_line, end_line;  /* body: [first_line, end_line) */
    uint32_t head_line, head_end;   /* lines of the head: [head_line, head_end); empty without one */
    uint32_t model_line, model_end; /* of the head that its columns come from, maybe on a page before */
    dx_column columns[DX_TABLE_COLUMNS];
    int count;
    int quantity, price, total; /* columns, or DX_NO_COLUMN */
    int description;
    int score;
    uint32_t lead; /* lines of text above an item's amounts, as the first item has them */
} dx_table;

typedef enum dx_line_class {
    DX_LINE_NONE = 0,
    DX_LINE_ITEM,    /* carries the amounts of an item */
    DX_LINE_TEXT,    /* belongs to an item beside it */
    DX_LINE_SECTION, /* a head over several items */
    DX_LINE_SUBTOTAL,
    DX_LINE_CARRIED,
    DX_LINE_NOISE,
    DX_LINE_END, /* the table is over */
    DX_LINE_CLASSES
} dx_line_class;

/* Lines of one item: text from first to end, amounts on those of class ITEM among them. */
typedef struct dx_row {
    const dx_table *table;
    uint32_t first, end;         /* lines: [first, end) */
    int32_t top, bottom;         /* what stands between belongs to it */
    int cells[DX_TABLE_COLUMNS]; /* index of the atom in each column, or -1 */
    int discount;                /* atom of a discount printed on a line of its own under the item, or -1 */
    bool discounted;             /* the stated sums hold only with it */
    bool proved;                 /* quantity × price = total */
    bool doubtful;               /* might be no item */
} dx_row;

typedef struct dx_rows {
    dx_row *items;
    size_t count, capacity;
} dx_rows;

/* Numbers and labels of every line (table_atoms.c). */
doxin_status dx_table_read(dx_ctx *ctx, const dx_layout *layout, const dx_hypotheses *hypotheses, dx_table_source *out);
/* How much a line of text looks like a table's head; what table_head.c goes by. */
doxin_status dx_table_mark_heads(dx_ctx *ctx, dx_table_source *source);
/* Columns from the head at a line, which may be part of a head of several lines. False in *found: none. */
doxin_status dx_table_head(dx_ctx *ctx, const dx_table_source *source, uint32_t line, dx_table *out, bool *found);
/* Columns of numbers in the body matched with the head's; roles checked by arithmetic (table_columns.c). */
doxin_status dx_table_columns(dx_ctx *ctx, dx_table_source *source, dx_table *table);
/* Columns by arithmetic alone: places where q × p = t again and again (table_induce.c). */
doxin_status dx_table_induce(dx_ctx *ctx, dx_table_source *source, uint32_t page, dx_table *out, bool *found);
/* Puts the numbers of the table's lines into its columns. */
void dx_table_assign(dx_table_source *source, const dx_table *table);
/* Classes of the body's lines, then rows (table_rows.c). *ended: the table's end was seen on this page. */
doxin_status dx_table_rows(dx_ctx *ctx, const dx_table_source *source, dx_table *table, dx_rows *out, bool *ended);

/* Sums that stand behind the last item of a document, and heads of other tables. */
bool dx_table_ends(const dx_line_marks *marks);

/* quantity × price = total, as exact as printed numbers are. Weak: true of anything (0 × x, 1 × x). */
bool dx_table_product(const dx_atom *quantity, const dx_atom *price, const dx_atom *total, bool *weak);

/* The same with a discount in percent of the line, in money off the line, or off the price (table_product.c). */
bool dx_table_discounted(const dx_atom *quantity, const dx_atom *price, const dx_atom *discount, const dx_atom *total);

/* Stage dump for --explain tables (table_write.c). */
struct dx_writer;
void dx_table_write(const dx_table_source *source, const dx_table *table, const dx_rows *rows, bool chosen,
                    struct dx_writer *writer);

/* Fills a line of the invoice from a row (items_cells.c). */
doxin_status dx_items_cells(dx_ctx *ctx, const dx_table_source *source, const dx_row *row, dx_line *out);

#endif
