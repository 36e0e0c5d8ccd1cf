/** @file doxin/call.h
 *  Operations: everything that DoxIn does with a database, by name, with JSON in and out. New capabilities are new
 *  operations, not new functions.
 *
 *  @code
 *  #include <doxin/doxin.h>
 *  #include <stdio.h>
 *  int main(void)
 *  {
 *      doxin_engine *engine = NULL;
 *      char *list = NULL;
 *      if (!doxin_engine_open(NULL, &engine) && !doxin_operations(engine, &list))
 *          puts(list);
 *      doxin_string_free(list);
 *      doxin_engine_free(engine);
 *      return list ? 0 : 1;
 *  }
 *  @endcode
 *
 *  The engine needs a database for this: options database_url and friends of doxin_engine_open(). Every operation checks
 *  the permission of the session's user, the request against its schema, and runs in one transaction: it happens whole
 *  or not at all. */
#ifndef DOXIN_CALL_H
#define DOXIN_CALL_H

#include "doxin/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What operations there are.
 *  @param engine    borrowed
 *  @param out_json  set to text owned by the caller, free with doxin_string_free(): {"schema": "doxin.operations/1",
 *                   "operations": [{"name", "text", "permission", "effect": "reads" or "writes", "public", "streams",
 *                   "request": JSON Schema, "answer": JSON Schema}]}
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API doxin_status doxin_operations(doxin_engine *engine, char **out_json);

/** Call an operation.
 *  @param session    borrowed; one thread at a time; signed in unless the operation is public
 *  @param operation  borrowed: "invoices.get"
 *  @param args_json  borrowed until return: the request, one JSON object; NULL: {}
 *  @param out_json   set to text owned by the caller, free with doxin_string_free(): the answer
 *  @return  DOXIN_OK, DOXIN_E_NOT_FOUND, DOXIN_E_UNAUTHENTICATED, DOXIN_E_FORBIDDEN, DOXIN_E_FIELD (the error lists the
 *           members), DOXIN_E_NO_SOURCE, DOXIN_E_DATABASE, DOXIN_E_DATABASE_DOWN, DOXIN_E_CANCELED, DOXIN_E_TIMEOUT,
 *           DOXIN_E_BUSY, DOXIN_E_NOMEM, DOXIN_E_FORKED, and what the operation says
 *  @threads one at a time for a session; sessions in parallel   @blocks yes, up to the deadline   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_call(doxin_session *session, const char *operation, const char *args_json,
                                                  char **out_json);

/** Call an operation in the background; the way for those that stream ("events.follow").
 *  @param session    borrowed until return; one thread at a time
 *  @param operation  borrowed until return
 *  @param args_json  borrowed until return; NULL: {}
 *  @param out        set to a new task owned by the caller, free with doxin_task_free(); NULL on failure
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_BUSY, DOXIN_E_NOMEM, DOXIN_E_FORKED; the rest comes from the task
 *  @threads one at a time   @blocks no   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_call_start(doxin_session *session, const char *operation,
                                                        const char *args_json, doxin_task **out);

/** Begin an upload: bytes go to the blob store piece by piece and are never held whole in memory.
 *  @param session  borrowed; one thread at a time; signed in; must outlive the upload
 *  @param opts     borrowed, copied; keys: file_name, mime_type, source (api, cli, …), and those of invoices.process;
 *                  NULL: defaults
 *  @param out      set to a new upload owned by the caller, free with doxin_upload_free(); NULL on failure
 *  @return  DOXIN_OK, DOXIN_E_UNAUTHENTICATED, DOXIN_E_FORBIDDEN, DOXIN_E_OPTION, DOXIN_E_NO_SOURCE, DOXIN_E_NO_SPACE,
 *           DOXIN_E_IO, DOXIN_E_BUSY, DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads one at a time   @blocks yes, up to the deadline   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_upload_open(doxin_session *session, const doxin_options *opts,
                                                         doxin_upload **out);

/** Add bytes.
 *  @param upload    borrowed; one thread at a time
 *  @param data      borrowed until return
 *  @param data_len  bytes of data
 *  @return  DOXIN_OK, DOXIN_E_LIMIT (larger than allowed), DOXIN_E_NO_SPACE, DOXIN_E_IO, DOXIN_E_CANCELED,
 *           DOXIN_E_TIMEOUT, DOXIN_E_BUSY; after a failure only doxin_upload_free() is of use. The words are on the session
 *  @threads one at a time   @blocks yes, up to the deadline   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_upload_write(doxin_upload *upload, const void *data, size_t data_len);

/** End the upload: the file becomes visible and its job is queued, in one transaction.
 *  @param upload    borrowed; one thread at a time
 *  @param out_json  set to text owned by the caller, free with doxin_string_free(): {"job_id", "status",
 *                   "websocket_room", "invoice_id", "file": FileInfo, "duplicate": null or what it is the same as}
 *  @return  DOXIN_OK, DOXIN_E_EMPTY_DOCUMENT, DOXIN_E_NOT_A_DOCUMENT, and as doxin_upload_write() and doxin_call()
 *  @threads one at a time   @blocks yes, up to the deadline   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_upload_finish(doxin_upload *upload, char **out_json);

/** Free an upload; one that was not finished leaves nothing behind.
 *  @param upload  owned by the caller, or NULL
 *  @return  nothing
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API void doxin_upload_free(doxin_upload *upload);

/** Read a part of a stored file. The first read (offset 0) is written to the access log.
 *  @param session    borrowed; one thread at a time; signed in
 *  @param file_id    borrowed: id of the file, UUID text
 *  @param offset     borrowed: decimal text, as a byte count may pass 2^53: "0", "1048576"
 *  @param max_bytes  1 to 8 MiB
 *  @param out        set to bytes owned by the caller, free with doxin_bytes_free(); empty at the end of the file
 *  @return  DOXIN_OK, DOXIN_E_NOT_FOUND, DOXIN_E_INVALID, and as doxin_call()
 *  @threads one at a time   @blocks yes, up to the deadline   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_file_read(doxin_session *session, const char *file_id, const char *offset,
                                                       uint32_t max_bytes, doxin_bytes **out);

#ifdef __cplusplus
}
#endif
#endif
