/* What a call knows about its options: one table, which doxin_options_describe() prints. */
#ifndef DX_ABI_OPTIONS_H
#define DX_ABI_OPTIONS_H

#include "base/rt/ctx.h"
#include "doxin/options.h"

#include <stdbool.h>
#include <stdint.h>

/* Every key is one that the call knows and every value is of its type and within its bounds, else DOXIN_E_OPTION with
 * the key's name. opts may be NULL. */
doxin_status dx_options_check(dx_ctx *ctx, const char *call, const doxin_options *opts);

/* After dx_options_check: the value, else the default of the table. Text is borrowed from opts or the table; NULL when
 * there is neither. */
const char *dx_options_text(const char *call, const doxin_options *opts, const char *key);
int64_t dx_options_integer(const char *call, const doxin_options *opts, const char *key);
bool dx_options_bool(const char *call, const doxin_options *opts, const char *key);
/* A number from 0 to 1 as thousandths. */
int dx_options_share(const char *call, const doxin_options *opts, const char *key);
/* The place of the value among the table's values ("auto|always|never" -> 0, 1, 2). */
int dx_options_choice(const char *call, const doxin_options *opts, const char *key);

/* The pairs as they were set. */
size_t dx_options_count(const doxin_options *opts);
const char *dx_options_key_at(const doxin_options *opts, size_t index);
const char *dx_options_value_at(const doxin_options *opts, size_t index);
/* A copy, for work in the background; *out is NULL for NULL. False: no memory. */
bool dx_options_copy(const doxin_options *opts, doxin_options **out);

#endif
