/* The configuration: environment variables, one table. */
#ifndef SERVER_BOOT_CONFIG_H
#define SERVER_BOOT_CONFIG_H

#include <doxin/doxin.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { CONFIG_ERROR_TEXT = 512 };

typedef struct settings settings;

/* Reads the environment, and under it the file (NAME=value lines; NULL: none). An unknown DOXIN_… variable or a value that
 * cannot be used fails: error (CONFIG_ERROR_TEXT bytes) names it. NULL: failed. */
settings *config_load(const char *env_file, char *error);
void config_free(settings *config);

/* The value or the default; "" where there is neither; never NULL. Asking for a name that is not in the table ends in
 * an assertion: it is a mistake of ours. */
const char *config_text(const settings *config, const char *name);
int64_t config_integer(const settings *config, const char *name);
bool config_bool(const settings *config, const char *name);
bool config_is_set(const settings *config, const char *name);
/* Sets a value as if by the environment, for what is found out at start. False: no memory. */
bool config_set(settings *config, const char *name, const char *value, const char *origin);

/* The options for doxin_engine_open; *out is owned by the caller. */
doxin_status config_engine_options(const settings *config, doxin_options **out);

/* Every variable with its value or (secret), and where it came from. */
void config_print(const settings *config, FILE *out);
/* docs/configuration.md's table. */
void config_print_markdown(FILE *out);

#endif
