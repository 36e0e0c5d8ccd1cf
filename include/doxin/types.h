/** @file doxin/types.h
 *  What every other header uses: handles, the status type, strings and bytes that the library returns.
 *
 *  @code
 *  #include <doxin/doxin.h>
 *  #include <stdio.h>
 *  int main(void)
 *  {
 *      char *copy = doxin_string_dup(doxin_version());
 *      if (!copy)
 *          return 1;
 *      printf("doxin %s: %s\n", copy, doxin_status_name(DOXIN_E_BUSY));
 *      doxin_string_free(copy);
 *      return 0;
 *  }
 *  @endcode
 *
 *  Rules of the whole interface:
 *  - The handle comes first, inputs follow, `out` or `out_json` is last. It is set to NULL before anything can fail.
 *  - A function returns DOXIN_OK (0) or a negative code of doxin/errors.h. The words are on the handle.
 *  - What a function gives through `out…` belongs to the caller and has exactly one `_free`. What a getter returns
 *    belongs to its handle.
 *  - Every `_free` accepts NULL, never blocks, and may be called in any order and from any thread that does not use
 *    the handle at the same time.
 *  - Text is UTF-8 and NUL-terminated; binary input is `data, data_len`. Money, quantities and ids are text in JSON. */
#ifndef DOXIN_TYPES_H
#define DOXIN_TYPES_H

#include <stddef.h>
#include <stdint.h>

/* SWIG reads these headers and knows no attributes. */
#if defined(SWIG) || !defined(__GNUC__)
#define DOXIN_API
#define DOXIN_NODISCARD
#else
/** Marks an exported function. */
#define DOXIN_API __attribute__((visibility("default")))
/** Marks a function whose result must be looked at. */
#define DOXIN_NODISCARD __attribute__((warn_unused_result))
#endif

#include "doxin/errors.h"

#ifdef __cplusplus
extern "C" {
#endif

/** DOXIN_OK (0) or a negative code of doxin/errors.h; positive only where a function says so. */
typedef int doxin_status;

/** Shared by all threads: configuration, pools, hooks. See doxin/engine.h. */
typedef struct doxin_engine doxin_engine;
/** One thread's at a time: user, deadline, cancel, last error. See doxin/session.h. */
typedef struct doxin_session doxin_session;
/** Work that streams or takes long, pulled by the caller. See doxin/task.h. */
typedef struct doxin_task doxin_task;
/** Knowledge in memory, put on sessions. See doxin/asset.h. */
typedef struct doxin_asset doxin_asset;
/** A parsed document. See doxin/document.h. */
typedef struct doxin_document doxin_document;
/** An upload under way. See doxin/call.h. */
typedef struct doxin_upload doxin_upload;
/** Named settings of one call. See doxin/options.h. */
typedef struct doxin_options doxin_options;
/** A JSON value that was parsed for reading. See doxin/value.h. */
typedef struct doxin_value doxin_value;
/** Bytes that the library returns. */
typedef struct doxin_bytes doxin_bytes;

/** Called once when the library no longer needs `user_data`, from any thread.
 *  @param user_data  what was given with the hook */
typedef void (*doxin_user_data_free_fn)(void *user_data);

/** The version of the library.
 *  @return  text such as "0.1.0"; static, never NULL
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API const char *doxin_version(void);

/** The name of a status.
 *  @param status  any number
 *  @return  "DOXIN_OK" or "DOXIN_E_…"; "DOXIN_E_INTERNAL" for an unknown one; static, never NULL
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API const char *doxin_status_name(doxin_status status);

/** Free a string that the library returned through an `out_json` or `out_text`.
 *  @param text  owned by the caller, or NULL
 *  @return  nothing
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API void doxin_string_free(char *text);

/** Copy a string so that the library can free it: what a host hook gives back.
 *  @param text  borrowed, NUL-terminated, or NULL
 *  @return  a copy owned by the caller, free with doxin_string_free(); NULL when there is no memory or text is NULL
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API char *doxin_string_dup(const char *text);

/** The bytes of a result.
 *  @param bytes  borrowed, or NULL
 *  @return  borrowed, valid until doxin_bytes_free(); a pointer to a NUL byte when empty or NULL; never NULL. One NUL
 *           byte that does not count follows the bytes
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API const void *doxin_bytes_data(const doxin_bytes *bytes);

/** The number of bytes of a result.
 *  @param bytes  borrowed, or NULL
 *  @return  the size; 0 for NULL
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API size_t doxin_bytes_size(const doxin_bytes *bytes);

/** Free bytes.
 *  @param bytes  owned by the caller, or NULL
 *  @return  nothing
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API void doxin_bytes_free(doxin_bytes *bytes);

#ifdef __cplusplus
}
#endif
#endif
