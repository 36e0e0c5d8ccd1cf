/* How alike two folded texts are. */
#ifndef SERVER_EVAL_SIMILARITY_H
#define SERVER_EVAL_SIMILARITY_H

#include "eval/fold.h"

/* The ratio of Python's difflib.SequenceMatcher (Ratcliff and Obershelp) without its heuristic for popular elements:
 * twice the letters in matching blocks over all letters, 0 to 1; 1 for equal texts, 0 when one is empty. The order of the
 * two matters. Negative: no memory. */
double similarity(const folded *a, const folded *b);
/* True when the letters of a stand in b without a gap. */
bool folded_within(const folded *a, const folded *b);
bool folded_equal(const folded *a, const folded *b);

#endif
