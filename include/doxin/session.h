/** @file doxin/session.h
 *  The session: who asks, until when, and what went wrong. One thread uses a session at a time.
 *
 *  @code
 *  #include <doxin/doxin.h>
 *  #include <stdio.h>
 *  int main(void)
 *  {
 *      doxin_engine *engine = NULL;
 *      doxin_session *session = NULL;
 *      if (doxin_engine_open(NULL, &engine) || doxin_session_open(engine, NULL, &session))
 *          return 1;
 *      doxin_session_set_deadline(session, 5000);
 *      char *sum = NULL, *error = NULL;
 *      if (doxin_money_sum(session, "[\"1.10 EUR\", \"2.20 USD\"]", NULL, &sum) && !doxin_session_error(session, &error))
 *          puts(error);
 *      doxin_string_free(error);
 *      doxin_session_free(session);
 *      doxin_engine_free(engine);
 *      return 0;
 *  }
 *  @endcode */
#ifndef DOXIN_SESSION_H
#define DOXIN_SESSION_H

#include "doxin/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Open a session for nobody in particular: what needs no user works, operations of the database answer
 *  DOXIN_E_UNAUTHENTICATED unless they are public.
 *  @param engine  borrowed; the session keeps it alive
 *  @param opts    borrowed, copied; keys: timeout_ms (0: none), request_id, traceparent, client_address, client_agent;
 *                 user_id with purpose (user, admin, worker) for a host that has checked the user itself
 *  @param out     set to a new session owned by the caller, free with doxin_session_free(); NULL on failure
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_OPTION (the words are on the engine), DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_session_open(doxin_engine *engine, const doxin_options *opts,
                                                          doxin_session **out);

/** Sign the session in with a token that an operation of sign-in has given.
 *  @param session  borrowed; one thread at a time
 *  @param token    borrowed
 *  @param opts     NULL
 *  @return  DOXIN_OK, DOXIN_E_UNAUTHENTICATED, DOXIN_E_TOKEN_EXPIRED, DOXIN_E_NO_SOURCE (no database),
 *           DOXIN_E_DATABASE_DOWN, DOXIN_E_BUSY, DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads one at a time   @blocks yes, up to the deadline   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_session_login(doxin_session *session, const char *token,
                                                           const doxin_options *opts);

/** Put an asset on the session: later calls use it instead of the engine's database. One of a kind at a time.
 *  @param session  borrowed; one thread at a time
 *  @param asset    borrowed; the session keeps the snapshot that the asset is now
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_BUSY, DOXIN_E_FORKED
 *  @threads one at a time   @blocks no   @since 0.1 */
DOXIN_API doxin_status doxin_session_use(doxin_session *session, doxin_asset *asset);

/** Set the time that each later call may take, counted from its own start.
 *  @param session     borrowed; one thread at a time
 *  @param timeout_ms  milliseconds; 0: no deadline
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_BUSY
 *  @threads one at a time   @blocks no   @since 0.1 */
DOXIN_API doxin_status doxin_session_set_deadline(doxin_session *session, int64_t timeout_ms);

/** Cancel the call that runs on the session now, if any: it answers DOXIN_E_CANCELED within two seconds. A later call
 *  is not touched.
 *  @param session  borrowed; must not be freed meanwhile
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_FORKED
 *  @threads any, also while another thread is inside a call   @blocks no   @since 0.1 */
DOXIN_API doxin_status doxin_session_cancel(doxin_session *session);

/** The last failure of this session. A call that succeeds does not clear it: look at it after a negative status.
 *  @param session   borrowed; one thread at a time
 *  @param out_json  set to text owned by the caller, free with doxin_string_free(): {"schema": "doxin.error/1", "code":
 *                   "DOXIN_E_…", "number", "message", "hint", "retryable", "retry_after_s", "offset" (or null),
 *                   "http_status", "errors": [{"pointer", "code", "message"}]}
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_BUSY, DOXIN_E_NOMEM
 *  @threads one at a time   @blocks no   @since 0.1 */
DOXIN_API doxin_status doxin_session_error(doxin_session *session, char **out_json);

/** Free a session. Not while another thread is inside a call on it.
 *  @param session  owned by the caller, or NULL
 *  @return  nothing
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API void doxin_session_free(doxin_session *session);

#ifdef __cplusplus
}
#endif
#endif
