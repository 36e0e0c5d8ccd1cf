/** @file doxin/admin.h
 *  For whoever runs DoxIn: the database schema and the worker.
 *
 *  @code
 *  #include <doxin/doxin.h>
 *  #include <stdio.h>
 *  int migrate(doxin_session *session)
 *  {
 *      char *report = NULL;
 *      doxin_status status = doxin_migrate(session, "up", NULL, &report);
 *      if (status == DOXIN_OK)
 *          puts(report);
 *      doxin_string_free(report);
 *      return status == DOXIN_OK ? 0 : 1;
 *  }
 *  int main(void) { return migrate(NULL) == 1 ? 0 : 1; }
 *  @endcode */
#ifndef DOXIN_ADMIN_H
#define DOXIN_ADMIN_H

#include "doxin/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Change or show the state of the database schema. Uses the owner's connection (option database_owner_url).
 *  @param session    borrowed; one thread at a time
 *  @param direction  borrowed: "up" (all that are missing), "down" (the last one), "status"
 *  @param opts       borrowed; keys: steps (for down), to (a version); NULL: defaults
 *  @param out_json   set to text owned by the caller, free with doxin_string_free(): {"schema": "doxin.migrations/1",
 *                    "migrations": [{"version", "name", "applied", "applied_at", "checksum"}], "done": […]}
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_NO_SOURCE, DOXIN_E_MIGRATION (rolled back), DOXIN_E_MIGRATION_CHANGED,
 *           DOXIN_E_DATABASE_DOWN, DOXIN_E_OPTION, DOXIN_E_BUSY, DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads one at a time   @blocks yes, up to the deadline   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_migrate(doxin_session *session, const char *direction,
                                                     const doxin_options *opts, char **out_json);

/** Work through the queue in threads of the library until the task is cancelled. Events: {"type": "job", …} as jobs
 *  begin and end. doxin_task_cancel() takes no further job and gives leases back; the task ends within 8 seconds.
 *  @param engine  borrowed; the task keeps it alive
 *  @param opts    borrowed, copied; keys: threads (default: processors - 1, at least 1), lease_ms, name; NULL: defaults
 *  @param out     set to a new task owned by the caller, free with doxin_task_free(); NULL on failure
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_OPTION, DOXIN_E_NO_SOURCE, DOXIN_E_DATABASE_DOWN, DOXIN_E_SCHEMA_OLD,
 *           DOXIN_E_NOMEM, DOXIN_E_FORKED; the words are on the engine
 *  @threads any   @blocks yes, up to 5 s for the first connection   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_worker_start(doxin_engine *engine, const doxin_options *opts,
                                                          doxin_task **out);

#ifdef __cplusplus
}
#endif
#endif
