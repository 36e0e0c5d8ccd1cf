/* Makes allocations fail. The programs here are linked with --wrap for dx_malloc, dx_realloc and dx_free, so that every
 * block of the library passes through and is counted. Not through here go the allocations of jansson, libxml2, libpq,
 * libxlsxwriter, utf8proc, OpenSSL and libc: they are their own. */
#ifndef TESTS_ALLOC_WRAP_H
#define TESTS_ALLOC_WRAP_H

#include <stdbool.h>

typedef enum fail_mode {
    FAIL_ONE,   /* the n-th allocation alone */
    FAIL_REST,  /* the n-th and all that follow */
    FAIL_MODES, /* how many modes there are */
} fail_mode;

/* From now on, in all threads: n allocations succeed, then the mode decides. */
void wrap_arm(long n, fail_mode mode);
/* All allocations succeed again. Returns how many were refused since wrap_arm(). */
long wrap_disarm(void);

/* Blocks that were given out and not freed. */
long wrap_live(void);

#endif
