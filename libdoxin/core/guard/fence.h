/* Writing the fences: the text with each table replaced at its place. */
#ifndef DX_CORE_GUARD_FENCE_H
#define DX_CORE_GUARD_FENCE_H

#include "base/rt/buffer.h"
#include "core/guard/walk.h"

/* The subquery that stands for a table: (SELECT its used columns FROM schema.table AS t [WHERE t.owner = $1::type OFFSET 0]).
 * OFFSET 0 keeps the planner from mixing conditions of the statement with those of the fence. */
void dx_fence_write(const dx_policy *policy, const dx_range *range, dx_buffer *out);
/* The columns that a fence lists; the primary key or the first column where the statement reads none. */
bool dx_fence_lists(const dx_range *range, int column);
/* The whole text. DOXIN_E_SQL_SCOPE where a place cannot be found, DOXIN_E_SQL_SIZE, DOXIN_E_NOMEM. */
doxin_status dx_fence_text(dx_walk *walk, dx_buffer *out);

#endif
