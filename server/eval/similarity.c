#include "eval/similarity.h"

#include <stdlib.h>
#include <string.h>

typedef struct span {
    size_t begin;
    size_t end;
} span;

typedef struct matcher {
    const uint32_t *a;
    const uint32_t *b;
    size_t *above; /* lengths of the runs that end at each letter of b, one letter of a before */
    size_t *here;
} matcher;

typedef struct block {
    size_t a;
    size_t b;
    size_t length;
} block;

/* The longest run in both, the first in a and then in b among equals. */
static block longest(matcher *of, span in_a, span in_b)
{
    block best = {in_a.begin, in_b.begin, 0};
    size_t width = in_b.end - in_b.begin;
    memset(of->above, 0, (width + 1) * sizeof *of->above);
    of->here[0] = 0;
    for (size_t i = in_a.begin; i < in_a.end; i++) {
        for (size_t j = 0; j < width; j++) {
            size_t length = of->a[i] == of->b[in_b.begin + j] ? of->above[j] + 1 : 0;
            of->here[j + 1] = length;
            if (length > best.length)
                best = (block){i + 1 - length, in_b.begin + j + 1 - length, length};
        }
        size_t *swap = of->above;
        of->above = of->here;
        of->here = swap;
        of->here[0] = 0;
    }
    return best;
}

static size_t matching(matcher *of, span in_a, span in_b)
{
    size_t sum = 0;
    while (in_a.begin < in_a.end && in_b.begin < in_b.end) {
        block best = longest(of, in_a, in_b);
        if (best.length == 0)
            break;
        sum += best.length + matching(of, (span){in_a.begin, best.a}, (span){in_b.begin, best.b});
        in_a.begin = best.a + best.length;
        in_b.begin = best.b + best.length;
    }
    return sum;
}

bool folded_equal(const folded *a, const folded *b)
{
    return a->count == b->count && memcmp(a->letters, b->letters, a->count * sizeof *a->letters) == 0;
}

bool folded_within(const folded *a, const folded *b)
{
    for (size_t i = 0; i + a->count <= b->count; i++)
        if (memcmp(a->letters, b->letters + i, a->count * sizeof *a->letters) == 0)
            return true;
    return false;
}

double similarity(const folded *a, const folded *b)
{
    if (folded_equal(a, b))
        return 1.0;
    if (a->count == 0 || b->count == 0)
        return 0.0;
    size_t *rows = calloc(b->count + 1, 2 * sizeof *rows);
    if (!rows)
        return -1.0;
    matcher of = {a->letters, b->letters, rows, rows + b->count + 1};
    size_t same = matching(&of, (span){0, a->count}, (span){0, b->count});
    free(rows);
    return 2.0 * (double)same / (double)(a->count + b->count);
}
