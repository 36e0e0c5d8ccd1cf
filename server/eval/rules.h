/* When a value counts as right. */
#ifndef SERVER_EVAL_RULES_H
#define SERVER_EVAL_RULES_H

#include <doxin/doxin.h>
#include <stdbool.h>
#include <stddef.h>

/* A place in a JSON document. */
typedef struct node {
    const doxin_value *document; /* borrowed, or NULL: there is nothing */
    char pointer[96];
} node;

enum { HEADER_FIELDS = 17, ITEM_FIELDS = 6, FIELD_GROUPS = 8 };
extern const char *const header_fields[HEADER_FIELDS];
/* Header fields that are read by the same means, and so are sure or doubtful for the same reasons. */
extern const char *const field_groups[FIELD_GROUPS];
size_t rules_group(size_t field); /* of header_fields[field] */
extern const char *const item_fields[ITEM_FIELDS];

node node_root(const doxin_value *document);
node node_member(const node *of, const char *name);
node node_item(const node *of, size_t index);
const char *node_text(const node *of);
int node_kind(const node *of);
size_t node_count(const node *of);
/* Nothing, null, blank text, or an array of nothing. */
bool node_empty(const node *of);

/* FUZZY also takes texts that are alike by 0.9. NO_MEMORY is no answer but a failure. */
typedef enum verdict { WRONG, RIGHT, NO_MEMORY } verdict;
enum { EXACT = 0, FUZZY = 1 };
/* Is `read` the value of this member of `truth`, or one of those under its _accept? Amounts by their value (cents), rates,
 * quantities and prices as numbers, dates as ISO 8601, other texts folded. */
verdict rules_hit(const node *truth, const char *field, const node *read, int how);
/* How well two line items agree, 0 to 1: they have the same total, or the same quantity and price, and, where the truth
 * describes the item, descriptions that are alike by 0.8 or of which one contains the other (8 letters and more). Negative:
 * no memory. */
double rules_items(const node *truth, const node *read);

#endif
