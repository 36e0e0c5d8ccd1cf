/* Documents with something wrong in them. */
#ifndef TESTS_MUTATE_H
#define TESTS_MUTATE_H

#include <stddef.h>
#include <stdint.h>

typedef struct mutant {
    char *data; /* from malloc */
    size_t size;
    const char *how;
} mutant;

/* The document with one to four changes that fit its kind (by its first bytes): bits, blocks, its end, numbers and names of
 * a PDF, tags of XML, headers of a picture. The same seed makes the same mutant. data is NULL when there is no memory. */
mutant mutate(const char *data, size_t size, uint64_t seed);

#endif
