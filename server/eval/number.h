/* Amounts and numbers as people write them. */
#ifndef SERVER_EVAL_NUMBER_H
#define SERVER_EVAL_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* whole + parts / 10^12; both have the sign of the number. */
typedef struct number {
    int64_t whole;
    int64_t parts;
} number;

/* "1.234,50", "1,234.50", "EUR 12", "12-" and "(12)"; false when it is no number, or one of more than 18 digits before
 * the point. */
bool number_read(const char *string, number *out);
/* Nearer than 0.005; with_edge: or 0.005 apart. */
bool number_near(number a, number b, bool with_edge);

#endif
