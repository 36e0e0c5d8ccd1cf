/* Landlock: which files may be opened at all. */
#ifndef DOCPARSE_SANDBOX_LANDLOCK_H
#define DOCPARSE_SANDBOX_LANDLOCK_H

#include <stddef.h>
#include <stdint.h>

/* From now on this process and its children may read below `readable` (folders or files; one that does not exist is
 * passed over) and do nothing else with files, open no TCP connection and signal no process outside. Returns the
 * kernel's Landlock version; 0 with `why` filled where it has none. */
uint32_t dp_landlock_enter(const char *const *readable, char *why, size_t why_size);

#endif
