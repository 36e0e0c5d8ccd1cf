/* The second check: the tree of the new text is the tree of the old one, but for the fences. */
#ifndef DX_CORE_GUARD_VERIFY_H
#define DX_CORE_GUARD_VERIFY_H

#include "core/guard/walk.h"

/* DOXIN_OK, or DOXIN_E_SQL_SCOPE: then the rewriting has a fault and the statement must not run. */
doxin_status dx_verify(dx_walk *walk, const PgQuery__ParseResult *before, const PgQuery__ParseResult *after);

#endif
