/** @file doxin/task.h
 *  Work that streams or takes long. The caller pulls events when it likes; nothing calls back.
 *
 *  @code
 *  #include <doxin/doxin.h>
 *  #include <stdio.h>
 *  int follow(doxin_task *task)
 *  {
 *      char *event = NULL;
 *      doxin_status status;
 *      while ((status = doxin_task_next(task, -1, &event)) == 1) {
 *          puts(event);
 *          doxin_string_free(event);
 *      }
 *      return status == DOXIN_OK ? 0 : 1;
 *  }
 *  int main(void) { return follow(NULL) == 1 ? 0 : 1; }
 *  @endcode
 *
 *  Events are JSON objects with a member "type"; the last one of a task that succeeds has type "result". */
#ifndef DOXIN_TASK_H
#define DOXIN_TASK_H

#include "doxin/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Receives the events of doxin_task_run() on the calling thread.
 *  @param user_data   what was given to doxin_task_run()
 *  @param event_json  borrowed for the call
 *  @return  0 to go on; anything else cancels the task */
typedef int (*doxin_event_fn)(void *user_data, const char *event_json);

/** The next event.
 *  @param task        borrowed; one thread at a time
 *  @param timeout_ms  how long to wait; 0: not at all; negative: for ever
 *  @param out_json    set to text owned by the caller, free with doxin_string_free(), when 1 is returned; NULL else
 *  @return  1: an event; DOXIN_OK: the task has ended and all events were taken; DOXIN_E_AGAIN: nothing in that time;
 *           another negative code: the task failed or was cancelled (the same again on each later call)
 *  @threads one at a time   @blocks yes, up to timeout_ms   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_task_next(doxin_task *task, int32_t timeout_ms, char **out_json);

/** A descriptor for poll(), epoll and event loops: readable as long as doxin_task_next(task, 0, …) would not answer
 *  DOXIN_E_AGAIN. Never read it, write it or close it.
 *  @param task  borrowed
 *  @return  the descriptor, or DOXIN_E_INVALID; valid until doxin_task_free()
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API int doxin_task_fd(doxin_task *task);

/** Take all events on the calling thread.
 *  @param task       borrowed; one thread at a time
 *  @param fn         called for each event
 *  @param user_data  handed to fn; owned by the caller
 *  @return  as doxin_task_next() at the end; DOXIN_E_CANCELED when fn asked for it
 *  @threads one at a time   @blocks yes, until the task ends   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_task_run(doxin_task *task, doxin_event_fn fn, void *user_data);

/** Ask the task to end. It does within two seconds, with DOXIN_E_CANCELED.
 *  @param task  borrowed
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_FORKED
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API doxin_status doxin_task_cancel(doxin_task *task);

/** Why the task failed.
 *  @param task      borrowed; one thread at a time
 *  @param out_json  set to text owned by the caller, free with doxin_string_free(); the shape of doxin_session_error()
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads one at a time   @blocks no   @since 0.1 */
DOXIN_API doxin_status doxin_task_error(doxin_task *task, char **out_json);

/** Free a task; one that still runs is cancelled and cleans up behind the scenes.
 *  @param task  owned by the caller, or NULL
 *  @return  nothing
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API void doxin_task_free(doxin_task *task);

#ifdef __cplusplus
}
#endif
#endif
