/* Figures from counts. */
#ifndef SERVER_EVAL_FIGURES_H
#define SERVER_EVAL_FIGURES_H

#include "eval/score.h"

typedef struct quality {
    double precision; /* right of predicted */
    double recall;    /* right of labelled */
    double f1;
    double f1_alike; /* F1 with what is nearly right */
} quality;

typedef struct speed {
    size_t count;
    double mean, median, p95, max; /* seconds a document, wall time inside the library */
} speed;

enum { WORST = 10 };

/* part / whole; 0 for none of none. */
double figures_share(size_t part, size_t whole);
quality figures_quality(const tally *of);
/* All header fields together. */
tally figures_header(const scores *of);
/* Of the documents that took any time; count is 0 where there is none. False: no memory. */
bool figures_speed(const scores *of, speed *out);
/* All groups of fields together. */
reliability figures_reliability(const scores *of);
size_t figures_values(const reliability *of);
/* Mean distance of confidence and share right over the bins, weighted by their values. */
double figures_calibration_error(const reliability *of);
/* Indices of the documents with the largest share of wrong values, worst first; returns how many (at most WORST). */
size_t figures_worst(const scores *of, size_t worst[WORST]);

#endif
