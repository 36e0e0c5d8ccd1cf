/** @file doxin/value.h
 *  Reading the JSON that the library returns, for hosts without a JSON parser.
 *
 *  @code
 *  #include <doxin/doxin.h>
 *  #include <stdio.h>
 *  int main(void)
 *  {
 *      doxin_value *value = NULL;
 *      if (doxin_value_parse("{\"lines\": [{\"total\": \"119.00\"}]}", &value) != DOXIN_OK)
 *          return 1;
 *      printf("%zu line, %s\n", doxin_value_count(value, "/lines"), doxin_value_text(value, "/lines/0/total"));
 *      doxin_value_free(value);
 *      return 0;
 *  }
 *  @endcode
 *
 *  A pointer is that of RFC 6901: "" the whole, "/lines/0/total" a member of an item, "~1" for "/", "~0" for "~". */
#ifndef DOXIN_VALUE_H
#define DOXIN_VALUE_H

#include "doxin/types.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    /** There is nothing at the pointer. */
    DOXIN_VALUE_NONE = 0,
    /** null */
    DOXIN_VALUE_NULL = 1,
    /** true or false */
    DOXIN_VALUE_BOOL = 2,
    /** A number. */
    DOXIN_VALUE_NUMBER = 3,
    /** A string. */
    DOXIN_VALUE_STRING = 4,
    /** An array. */
    DOXIN_VALUE_ARRAY = 5,
    /** An object. */
    DOXIN_VALUE_OBJECT = 6
};

/** Parse JSON text.
 *  @param json  borrowed until return
 *  @param out   set to a new value owned by the caller, free with doxin_value_free(); NULL on failure
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_JSON, DOXIN_E_NOMEM
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_value_parse(const char *json, doxin_value **out);

/** What kind of value stands at a pointer.
 *  @param value    borrowed, or NULL
 *  @param pointer  borrowed
 *  @return  a DOXIN_VALUE_… number
 *  @threads any, several at once   @blocks no   @since 0.1 */
DOXIN_API int doxin_value_kind(const doxin_value *value, const char *pointer);

/** The text at a pointer: a string as it is, a number and true, false, null as JSON writes them.
 *  @param value    borrowed, or NULL
 *  @param pointer  borrowed
 *  @return  borrowed, valid until doxin_value_free(); "" where there is nothing, an array or an object; never NULL
 *  @threads any, several at once   @blocks no   @since 0.1 */
DOXIN_API const char *doxin_value_text(const doxin_value *value, const char *pointer);

/** The number of items of an array or members of an object.
 *  @param value    borrowed, or NULL
 *  @param pointer  borrowed
 *  @return  the number; 0 for anything else
 *  @threads any, several at once   @blocks no   @since 0.1 */
DOXIN_API size_t doxin_value_count(const doxin_value *value, const char *pointer);

/** Free a value.
 *  @param value  owned by the caller, or NULL
 *  @return  nothing
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API void doxin_value_free(doxin_value *value);

#ifdef __cplusplus
}
#endif
#endif
