/** @file doxin/engine.h
 *  The engine: configuration, pools and hooks, shared by all threads of a process.
 *
 *  @code
 *  #include <doxin/doxin.h>
 *  #include <stdio.h>
 *  int main(void)
 *  {
 *      doxin_engine *engine = NULL;
 *      char *info = NULL;
 *      if (doxin_engine_open(NULL, &engine) == DOXIN_OK && doxin_engine_info(engine, &info) == DOXIN_OK)
 *          puts(info);
 *      doxin_string_free(info);
 *      doxin_engine_free(engine);
 *      return 0;
 *  }
 *  @endcode
 *
 *  Opening starts nothing: parser processes, threads and connections come with the first call that needs them.
 *  Several engines may live in one process. After fork() every call on an engine of the parent answers
 *  DOXIN_E_FORKED; freeing it then releases memory only.
 *
 *  The library is silent. It never exits, aborts, installs a signal handler, prints, or changes the locale or another
 *  library's allocator. Its memory comes from malloc(). */
#ifndef DOXIN_ENGINE_H
#define DOXIN_ENGINE_H

#include "doxin/types.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    /** For people who look for a fault. */
    DOXIN_LOG_DEBUG = 0,
    /** Something happened as planned. */
    DOXIN_LOG_INFO = 1,
    /** Something was wrong and was dealt with. */
    DOXIN_LOG_WARN = 2,
    /** Something failed. */
    DOXIN_LOG_ERROR = 3
};

/** Receives a log entry. Called from any library thread, several at once, never under a lock. Must not call DoxIn.
 *  @param user_data     what was given to doxin_engine_set_log()
 *  @param level         a DOXIN_LOG_… number
 *  @param component     borrowed for the call: "reader", "queue", …
 *  @param message       borrowed for the call: one line; holds no secret and no text of a document
 *  @param fields_json   borrowed for the call: one JSON object; never NULL, "{}" when empty */
typedef void (*doxin_log_fn)(void *user_data, int level, const char *component, const char *message,
                             const char *fields_json);

/** Answers a question of the library. Called from any library thread, several at once, never under a lock.
 *  @param user_data     what was given to doxin_engine_set_host()
 *  @param request_json  borrowed for the call; the shape depends on the kind, see doxin_engine_set_host()
 *  @param out_json      to be set to text made by doxin_string_dup(); the library frees it. On failure it may hold the
 *                       words for the error
 *  @return  DOXIN_OK or a negative code, which the caller of the library gets as DOXIN_E_HOST with that text */
typedef doxin_status (*doxin_host_fn)(void *user_data, const char *request_json, char **out_json);

/** Open an engine.
 *  @param opts  borrowed, copied; NULL: everything embedded, no database. Keys: see doxin_options_describe("engine_open")
 *  @param out   set to a new engine owned by the caller, free with doxin_engine_free(). Set also when an option is
 *               refused, so that doxin_engine_error() can be read; NULL only for DOXIN_E_NOMEM and DOXIN_E_INVALID
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_OPTION, DOXIN_E_NOMEM
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_engine_open(const doxin_options *opts, doxin_engine **out);

/** Listen to the log. Set it before other threads use the engine.
 *  @param engine          borrowed
 *  @param fn              NULL: silent again
 *  @param user_data       handed to fn; owned by the caller until user_data_free is called
 *  @param user_data_free  called once when user_data is no longer needed, also when this call fails; or NULL
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_BUSY (sessions are open already), DOXIN_E_FORKED
 *  @threads one at a time   @blocks no   @since 0.1 */
DOXIN_API doxin_status doxin_engine_set_log(doxin_engine *engine, doxin_log_fn fn, void *user_data,
                                            doxin_user_data_free_fn user_data_free);

/** Plug a function of the host into the engine. Set it before other threads use the engine.
 *  @param engine          borrowed
 *  @param kind            borrowed: "audit" ({"event": "login" | "call", "user_id", "operation", "code", "request_id"} -> {};
 *                         told of every sign-in and every writing operation, refused ones too);
 *                         "sql_filter" ({"action": "table" | "column" | "function", "table", "column", "function"} ->
 *                         {"allow": true}; asked by doxin_sql_check() for each thing that the policy allows; any other
 *                         answer refuses it); "corrections", a store for what doxin_invoice_learn() teaches:
 *                         {"event": "lookup", "keys": [...], "user_id"} -> doxin.corrections/1 with the memories of
 *                         these keys, {} for none; {"event": "store", "corrections": doxin.corrections/1, "user_id"} ->
 *                         {}: each memory takes the place of the one with its key. user_id is there only where a user
 *                         is signed in. Further kinds come with the capabilities that ask them; doxin_engine_info()
 *                         lists them
 *  @param fn              NULL: none
 *  @param user_data       handed to fn; owned by the caller until user_data_free is called
 *  @param user_data_free  called once when user_data is no longer needed, also when this call fails; or NULL
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_OPTION (no such kind), DOXIN_E_BUSY (sessions are open already),
 *           DOXIN_E_FORKED
 *  @threads one at a time   @blocks no   @since 0.1 */
DOXIN_API doxin_status doxin_engine_set_host(doxin_engine *engine, const char *kind, doxin_host_fn fn, void *user_data,
                                             doxin_user_data_free_fn user_data_free);

/** What this engine is and what is off.
 *  @param engine    borrowed
 *  @param out_json  set to text owned by the caller, free with doxin_string_free(): schema doxin.engine/1, with the
 *                   version, the parts with their state and why they are off, limits, host hooks
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads any   @blocks yes, up to 5 s where a part must be asked (parser, database)   @since 0.1 */
DOXIN_API doxin_status doxin_engine_info(doxin_engine *engine, char **out_json);

/** Why doxin_engine_open(), a setter, doxin_session_open() or doxin_worker_start() failed.
 *  @param engine    borrowed
 *  @param out_json  set to text owned by the caller, free with doxin_string_free(); the shape of doxin_session_error()
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_NOMEM
 *  @threads one at a time   @blocks no   @since 0.1 */
DOXIN_API doxin_status doxin_engine_error(doxin_engine *engine, char **out_json);

/** Give the engine up. Memory goes when the last session, task and document of it is freed too; what runs is told to
 *  stop and is not waited for.
 *  @param engine  owned by the caller, or NULL
 *  @return  nothing
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API void doxin_engine_free(doxin_engine *engine);

#ifdef __cplusplus
}
#endif
#endif
