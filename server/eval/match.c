#include "eval/match.h"

#include <stdlib.h>

typedef struct pair {
    double agreement;
    size_t apart;
    size_t truth;
    size_t read;
} pair;

/* Best agreement, then nearest, then last. */
static int by_rank(const void *left, const void *right)
{
    const pair *a = left, *b = right;
    if (a->agreement != b->agreement)
        return a->agreement > b->agreement ? -1 : 1;
    if (a->apart != b->apart)
        return a->apart < b->apart ? -1 : 1;
    if (a->truth != b->truth)
        return a->truth > b->truth ? -1 : 1;
    return a->read > b->read ? -1 : a->read < b->read;
}

/* The pairs that agree at all; their number, or SIZE_MAX when there is no memory. */
static size_t list_pairs(const node *truth, const node *read, pair *pairs)
{
    size_t used = 0, rows = node_count(truth), columns = node_count(read);
    for (size_t i = 0; i < rows; i++) {
        node expected = node_item(truth, i);
        for (size_t j = 0; j < columns; j++) {
            node found = node_item(read, j);
            double agreement = rules_items(&expected, &found);
            if (agreement < 0)
                return SIZE_MAX;
            if (agreement > 0)
                pairs[used++] = (pair){agreement, i > j ? i - j : j - i, i, j};
        }
    }
    return used;
}

bool match_items(const node *truth, const node *read, size_t *partner)
{
    size_t rows = node_count(truth), columns = node_count(read);
    pair *pairs = calloc(rows + 1, (columns + 1) * sizeof *pairs);
    bool *taken = calloc(columns + 1, sizeof *taken);
    size_t count = pairs && taken ? list_pairs(truth, read, pairs) : SIZE_MAX;
    for (size_t i = 0; i < rows; i++)
        partner[i] = NO_PARTNER;
    if (count != SIZE_MAX)
        qsort(pairs, count, sizeof *pairs, by_rank);
    for (size_t i = 0; count != SIZE_MAX && i < count; i++) {
        if (partner[pairs[i].truth] != NO_PARTNER || taken[pairs[i].read])
            continue;
        partner[pairs[i].truth] = pairs[i].read;
        taken[pairs[i].read] = true;
    }
    free(pairs);
    free(taken);
    return count != SIZE_MAX;
}
