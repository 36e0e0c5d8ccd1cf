/* Memory of a process that lives for one document: nothing is given back piece by piece where that would only cost
 * lines, and running out ends the process. What tells "out of memory" from a crash is a flag that the prepared process
 * can still read when the child is gone. */
#ifndef DOCPARSE_MEMORY_H
#define DOCPARSE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* From now on a failed allocation of any library in this process raises *flag (shared memory). NULL: none. */
void dp_memory_watch(volatile bool *flag);

/* Makes room for `count` items; ends the process when there is no memory. */
void *dp_grow(void *items, size_t count, size_t *capacity, size_t size);

#endif
