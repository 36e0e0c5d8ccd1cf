/* The migrations of migrations/, compiled in. */
#ifndef DX_APP_SCHEMA_MIGRATION_H
#define DX_APP_SCHEMA_MIGRATION_H

#include <stddef.h>

typedef struct dx_migration {
    const char *version;  /* "0001" */
    const char *name;     /* "identity" */
    const char *checksum; /* SHA-256 of the file, hexadecimal */
    const char *up, *down;
} dx_migration;

extern const dx_migration dx_migrations[]; /* by version */
extern const size_t dx_migration_count;

#endif
