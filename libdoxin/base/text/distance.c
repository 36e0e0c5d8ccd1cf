#include "base/text/utf8.h"

#include <stdlib.h>
#include <string.h>

/* Everything lies on the stack, so that comparing cannot fail. */
enum { LONGEST = 2000 };

typedef struct characters {
    int32_t at[LONGEST];
    int count;
} characters;

static void decode(const char *text, characters *out)
{
    size_t length = strlen(text);
    out->count = 0;
    for (size_t i = 0; i < length && out->count < LONGEST;)
        out->at[out->count++] = dx_utf8_next(text, length, &i);
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Three rows of the matrix: transpositions look two rows back. */
static int distance_rows(const characters *a, const characters *b, int limit)
{
    int rows[3][LONGEST + 1];
    int width = b->count + 1;
    int *two_back = rows[0];
    int *before = rows[1];
    int *now = rows[2];
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
    characters x, y;
    decode(a, &x);
    decode(b, &y);
    return abs(x.count - y.count) > limit ? limit + 1 : distance_rows(&x, &y, limit);
}

/* Two texts with, for each character of a, the places in b where the same one stands, last first. */
typedef struct pairing {
    characters a, b;
    int last[LONGEST];     /* of a character of a: its last place in b, or -1 */
    int previous[LONGEST]; /* of a place in b: the place of the same character before it, or -1 */
    int run[LONGEST + 1];  /* of a place in b plus 1: length of the common block that ends there; 0 between calls */
} pairing;

typedef struct range {
    int a0, a1, b0, b1;
} range;

/* Texts are a few hundred characters at most as a rule, so the quadratic walk costs less than a table would. */
static void pair(pairing *both)
{
    for (int k = 0; k < both->b.count; k++) {
        int before = k - 1;
        while (before >= 0 && both->b.at[before] != both->b.at[k])
            before--;
        both->previous[k] = before;
    }
    for (int i = 0; i < both->a.count; i++) {
        int last = both->b.count - 1;
        while (last >= 0 && both->b.at[last] != both->a.at[i])
            last--;
        both->last[i] = last;
    }
    memset(both->run, 0, sizeof both->run);
}

/* Takes the runs back that the character of a at i has left, but where the next one, at `keep`, has written. */
static void clear_runs(pairing *both, int i, int keep, range within)
{
    for (int k = both->last[i]; k >= within.b0; k = both->previous[k])
        if (keep < 0 || both->a.at[keep] != both->b.at[k])
            both->run[k + 1] = 0;
}

/* The longest common block in the range, the earliest in a, then in b. Places in b are walked from the end, so that
 * run[k] still tells of the character of a before. Returns its length. */
static int longest_block(pairing *both, range within, int *at_a, int *at_b)
{
    int best = 0;
    for (int i = within.a0; i < within.a1; i++) {
        int longest = 0;
        int end = -1;
        for (int k = both->last[i]; k >= within.b0; k = both->previous[k]) {
            if (k >= within.b1)
                continue;
            int length = both->run[k + 1] = both->run[k] + 1;
            if (length >= longest) {
                longest = length;
                end = k;
            }
        }
        if (i > within.a0)
            clear_runs(both, i - 1, i, within);
        if (longest > best) {
            best = longest;
            *at_a = i - best + 1;
            *at_b = end - best + 1;
        }
    }
    clear_runs(both, within.a1 - 1, -1, within);
    return best;
}

static bool empty(range r)
{
    return r.a0 >= r.a1 || r.b0 >= r.b1;
}

static int size_of(range r)
{
    return empty(r) ? 0 : r.a1 - r.a0 + r.b1 - r.b0;
}

/* Characters in common blocks. The smaller side of a block is done by recursion, so that its depth is at most 12. */
static int matching(pairing *both, range all)
{
    int total = 0;
    while (!empty(all)) {
        int at_a = 0;
        int at_b = 0;
        int size = longest_block(both, all, &at_a, &at_b);
        if (size == 0)
            break;
        range left = {all.a0, at_a, all.b0, at_b};
        range right = {at_a + size, all.a1, at_b + size, all.b1};
        bool left_smaller = size_of(left) < size_of(right);
        total += size + matching(both, left_smaller ? left : right);
        all = left_smaller ? right : left;
    }
    return total;
}

int dx_similarity(const char *a, const char *b)
{
    pairing both;
    decode(a, &both.a);
    decode(b, &both.b);
    int total = both.a.count + both.b.count;
    if (total == 0)
        return 1000;
    pair(&both);
    range all = {0, both.a.count, 0, both.b.count};
    return (2000 * matching(&both, all) + total / 2) / total;
}
