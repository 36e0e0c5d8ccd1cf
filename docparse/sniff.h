/* What the bytes are, by their first bytes. */
#ifndef DOCPARSE_SNIFF_H
#define DOCPARSE_SNIFF_H

#include "core/page/wire.h"
#include "failure.h"

#include <stddef.h>

/* The kind, or 0 with the failure filled: what the bytes look like instead is said where that is known. */
enum dx_wire_kind dp_sniff(const void *data, size_t size, dp_failure *failure);

#endif
