#include <stdlib.h>
#include <string.h>

#include "base/rt/alloc.h"
#include "base/text/utf8.h"

enum { LONGEST = 2000 };

typedef struct characters {
    int32_t *at;
    int count;
} characters;

static bool decode(const char *text, characters *out)
{
    size_t length = strlen(text);
    out->at = dx_malloc((length < LONGEST ? length + 1 : LONGEST) * sizeof *out->at);
    out->count = 0;
    for (size_t i = 0; out->at && i < length && out->count < LONGEST;)
        out->at[out->count++] = dx_utf8_next(text, length, &i);
    return out->at != NULL;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Three rows of the matrix: transpositions look two rows back. */
static int distance_rows(const characters *a, const characters *b, int limit, int *rows)
{
    int width = b->count + 1;
    int *two_back = rows;
    int *before = rows + width;
    int *now = rows + 2 * width;
    for (int k = 0; k < width; k++)
        before[k] = k;
    for (int i = 1; i <= a->count; i++) {
        int best = now[0] = i;
        for (int k = 1; k < width; k++) {
            bool same = a->at[i - 1] == b->at[k - 1];
            now[k] = least(least(before[k] + 1, now[k - 1] + 1), before[k - 1] + !same);
            if (i > 1 && k > 1 && a->at[i - 1] == b->at[k - 2] && a->at[i - 2] == b->at[k - 1])
                now[k] = least(now[k], two_back[k - 2] + 1);
            best = least(best, now[k]);
        }
        if (best > limit)
            return limit + 1;
        int *spare = two_back;
        two_back = before;
        before = now;
        now = spare;
    }
    return before[b->count] > limit ? limit + 1 : before[b->count];
}

int dx_edit_distance(const char *a, const char *b, int limit)
{
    characters x, y = {0};
    int *rows = NULL;
    int distance = limit + 1;
    bool decoded = decode(a, &x) && decode(b, &y);
    if (decoded && abs(x.count - y.count) <= limit && (rows = dx_calloc(3 * ((size_t)y.count + 1), sizeof *rows)))
        distance = distance_rows(&x, &y, limit, rows);
    dx_free(rows);
    dx_free(x.at);
    dx_free(y.at);
    return distance;
}

/* The longest common block, the earliest in a, then in b; lengths of the row before in `row`. */
static int longest_block(const characters *a, int a0, int a1, const characters *b, int b0, int b1, int *row, int *at_a,
                         int *at_b)
{
    int best = 0;
    memset(row + b0, 0, (size_t)(b1 - b0 + 1) * sizeof *row);
    for (int i = a0; i < a1; i++) {
        int diagonal = 0;
        for (int k = b0; k < b1; k++) {
            int above = row[k + 1];
            row[k + 1] = a->at[i] == b->at[k] ? diagonal + 1 : 0;
            diagonal = above;
            if (row[k + 1] > best) {
                best = row[k + 1];
                *at_a = i - best + 1;
                *at_b = k - best + 1;
            }
        }
    }
    return best;
}

static int matching(const characters *a, int a0, int a1, const characters *b, int b0, int b1, int *row)
{
    int total = 0;
    while (a0 < a1 && b0 < b1) {
        int at_a = 0;
        int at_b = 0;
        int size = longest_block(a, a0, a1, b, b0, b1, row, &at_a, &at_b);
        if (size == 0)
            break;
        total += size + matching(a, a0, at_a, b, b0, at_b, row);
        a0 = at_a + size;
        b0 = at_b + size;
    }
    return total;
}

int dx_similarity(const char *a, const char *b)
{
    characters x, y = {0};
    int *row = NULL;
    int similarity = 0;
    bool decoded = decode(a, &x) && decode(b, &y);
    if (decoded && x.count + y.count == 0)
        similarity = 1000;
    else if (decoded && (row = dx_calloc((size_t)y.count + 2, sizeof *row))) {
        int total = x.count + y.count;
        similarity = (2000 * matching(&x, 0, x.count, &y, 0, y.count, row) + total / 2) / total;
    }
    dx_free(row);
    dx_free(x.at);
    dx_free(y.at);
    return similarity;
}
