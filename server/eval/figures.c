#include "eval/figures.h"

#include <math.h>
#include <stdlib.h>

double figures_share(size_t part, size_t whole)
{
    return whole ? (double)part / (double)whole : 0.0;
}

static double f1_of(double precision, double recall)
{
    return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0.0;
}

quality figures_quality(const tally *of)
{
    double precision = figures_share(of->right, of->predicted), recall = figures_share(of->right, of->labelled);
    return (quality){precision, recall, f1_of(precision, recall),
                     f1_of(figures_share(of->alike, of->predicted), figures_share(of->alike, of->labelled))};
}

tally figures_header(const scores *of)
{
    tally sum = {0};
    for (size_t i = 0; i < HEADER_FIELDS; i++) {
        sum.labelled += of->fields[i].labelled;
        sum.predicted += of->fields[i].predicted;
        sum.right += of->fields[i].right;
        sum.alike += of->fields[i].alike;
        sum.spurious += of->fields[i].spurious;
    }
    return sum;
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

bool figures_speed(const scores *of, speed *out)
{
    *out = (speed){0};
    double *seconds = calloc(of->count + 1, sizeof *seconds), sum = 0;
    if (!seconds)
        return false;
    size_t count = 0;
    for (size_t i = 0; i < of->count; i++) {
        if (of->documents[i].seconds > 0)
            seconds[count++] = of->documents[i].seconds;
        sum += of->documents[i].seconds;
    }
    qsort(seconds, count, sizeof *seconds, by_value);
    if (count > 0) /* the 95th percentile by nearest rank */
        *out = (speed){count, sum / (double)count, (seconds[(count - 1) / 2] + seconds[count / 2]) / 2,
                       seconds[(count * 95 + 99) / 100 - 1], seconds[count - 1]};
    free(seconds);
    return true;
}

reliability figures_reliability(const scores *of)
{
    reliability sum = {0};
    for (size_t group = 0; group < FIELD_GROUPS; group++) {
        const reliability *own = &of->fields_reliability[group];
        for (size_t i = 0; i < CONFIDENCE_BINS; i++) {
            sum.bins[i].count += own->bins[i].count;
            sum.bins[i].right += own->bins[i].right;
            sum.bins[i].confidence += own->bins[i].confidence;
        }
        sum.sure += own->sure;
        sum.sure_right += own->sure_right;
    }
    return sum;
}

size_t figures_values(const reliability *of)
{
    size_t count = 0;
    for (size_t i = 0; i < CONFIDENCE_BINS; i++)
        count += of->bins[i].count;
    return count;
}

double figures_calibration_error(const reliability *of)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < CONFIDENCE_BINS; i++) {
        sum += fabs(of->bins[i].confidence - (double)of->bins[i].right);
        count += of->bins[i].count;
    }
    return count ? sum / (double)count : 0.0;
}

/* Is document a worse than b: a larger share of its values, or more of them, is wrong. */
static bool is_worse(const document_score *a, const document_score *b)
{
    double share_a = figures_share(a->wrong, a->values), share_b = figures_share(b->wrong, b->values);
    return share_a > share_b || (share_a == share_b && a->wrong > b->wrong);
}

size_t figures_worst(const scores *of, size_t worst[WORST])
{
    size_t used = 0;
    for (size_t i = 0; i < of->count; i++) {
        const document_score *document = &of->documents[i];
        size_t place = used;
        if (document->wrong == 0)
            continue;
        while (place > 0 && is_worse(document, &of->documents[worst[place - 1]]))
            place--;
        if (place == WORST)
            continue;
        used += used < WORST;
        for (size_t k = used - 1; k > place; k--)
            worst[k] = worst[k - 1];
        worst[place] = i;
    }
    return used;
}
