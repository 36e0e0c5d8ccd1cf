/* Which line item that was read stands for which of the truth. */
#ifndef SERVER_EVAL_MATCH_H
#define SERVER_EVAL_MATCH_H

#include "eval/rules.h"

#include <stdint.h>

#define NO_PARTNER SIZE_MAX

/* One to one, the best pairs first; among equals those at the nearest places. partner has room for the truth's items and
 * gets the index in read, or NO_PARTNER. False: no memory. */
bool match_items(const node *truth, const node *read, size_t *partner);

#endif
