/** @file doxin/options.h
 *  Settings of one call, by name. NULL options mean the defaults everywhere.
 *
 *  @code
 *  #include <doxin/doxin.h>
 *  int main(void)
 *  {
 *      doxin_options *opts = NULL;
 *      if (doxin_options_new(&opts) != DOXIN_OK)
 *          return 1;
 *      doxin_options_set(opts, "timeout_ms", "5000");
 *      doxin_options_set_json(opts, "{\"embedded_xml\": false}");
 *      doxin_options_free(opts);
 *      return 0;
 *  }
 *  @endcode
 *
 *  Setting never looks at meanings: an unknown key or a value out of bounds is reported by the call that uses the
 *  options, with DOXIN_E_OPTION and the key's name. doxin_options_describe() lists what each call knows. */
#ifndef DOXIN_OPTIONS_H
#define DOXIN_OPTIONS_H

#include "doxin/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Make an empty set of options.
 *  @param out  set to a new object owned by the caller, free with doxin_options_free(); NULL on failure
 *  @return  DOXIN_OK, DOXIN_E_INVALID (out is NULL), DOXIN_E_NOMEM
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_options_new(doxin_options **out);

/** Set one option from text. A later setting of the same key wins.
 *  @param opts   borrowed; one thread at a time
 *  @param key    borrowed, copied; 1 to 64 characters
 *  @param value  borrowed, copied; numbers and "true"/"false" as text; NULL takes the key out
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_NOMEM
 *  @threads one at a time   @blocks no   @since 0.1 */
DOXIN_API doxin_status doxin_options_set(doxin_options *opts, const char *key, const char *value);

/** Set several options from a JSON object; nested values are kept as JSON text.
 *  @param opts  borrowed; one thread at a time
 *  @param json  borrowed, copied; one JSON object
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_JSON (nothing was set), DOXIN_E_NOMEM
 *  @threads one at a time   @blocks no   @since 0.1 */
DOXIN_API doxin_status doxin_options_set_json(doxin_options *opts, const char *json);

/** The options that a call knows.
 *  @param call      borrowed; a function's name without "doxin_", such as "extract"; NULL lists all calls
 *  @param out_json  set to text owned by the caller, free with doxin_string_free(): {"schema": "doxin.options/1",
 *                   "calls": {"extract": [{"key", "type", "default", "minimum", "maximum", "values", "text"}]}}
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_NOT_FOUND (no such call), DOXIN_E_NOMEM
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API doxin_status doxin_options_describe(const char *call, char **out_json);

/** Free options. Calls that were given them have copied what they need.
 *  @param opts  owned by the caller, or NULL
 *  @return  nothing
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API void doxin_options_free(doxin_options *opts);

#ifdef __cplusplus
}
#endif
#endif
