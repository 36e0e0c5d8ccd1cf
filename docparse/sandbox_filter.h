/* The two seccomp filters. Both are lists of what is allowed; all else is refused with EPERM. */
#ifndef DOCPARSE_SANDBOX_FILTER_H
#define DOCPARSE_SANDBOX_FILTER_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>

/* Puts the prepared process's filter on; false with `why` filled when the machine refuses. */
bool dp_filter_enter_prepared(char *why, size_t why_size);
/* Compiles the children's filter, to be put on after fork. */
bool dp_filter_make_child(struct sock_fprog *out, char *why, size_t why_size);

#endif
