/** @file doxin/sql.h
 *  SQL that somebody else wrote, made safe to run for one user.
 *
 *  A model turns a question into SQL. Whoever runs that SQL trusts the model with every row of the database, unless
 *  something between the two reads it as the database would. doxin_sql_check() does: it parses the text with
 *  PostgreSQL's own grammar, refuses everything that is not known to be harmless, and puts in place of each table a
 *  subquery that holds the listed columns of one owner's rows and nothing else. What comes back is text to run as a
 *  prepared statement with the owner as its one parameter:
 *
 *      SELECT sum(total_amount) FROM invoices
 *      SELECT sum(total_amount) FROM (SELECT t0.total_amount FROM public.invoices AS t0
 *                                     WHERE t0.uploaded_by_user_id = $1::uuid OFFSET 0) AS invoices
 *
 *  What may be read says a policy (schema doxin.sql-policy/1, docs/sql.md): an asset of the kind "policy", put on the
 *  session by doxin_session_use(). Without one it is the policy of DoxIn's own schema. A host narrows it further with
 *  the hook "sql_filter" of doxin_engine_set_host().
 *
 *  A refusal is an answer too: doxin_session_error() tells the rule, the byte where it was met, and what
 *  to write instead, so that a model can try again.
 *
 *  Nothing is run, and no database, network or thread is needed.
 *
 *  @code
 *  #include <doxin/doxin.h>
 *  #include <stdio.h>
 *  #include <string.h>
 *  int main(void)
 *  {
 *      const char *sql = "SELECT count(*) FROM invoices";
 *      doxin_engine *engine = NULL;
 *      doxin_session *session = NULL;
 *      char *json = NULL;
 *      if (!doxin_engine_open(NULL, &engine) && !doxin_session_open(engine, NULL, &session) &&
 *          !doxin_sql_check(session, sql, strlen(sql), NULL, &json))
 *          puts(json);
 *      doxin_string_free(json);
 *      doxin_session_free(session);
 *      doxin_engine_free(engine);
 *      return json ? 0 : 1;
 *  }
 *  @endcode */
#ifndef DOXIN_SQL_H
#define DOXIN_SQL_H

#include "doxin/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Check a statement and confine it to its owner's rows.
 *  @param session   borrowed; one thread at a time
 *  @param data      borrowed until return: the statement as it was written; run the text of the answer, not this one
 *  @param data_len  bytes of data
 *  @param opts      borrowed; keys: code_fences (true: a text that is one block of ```…``` stands for what is in it);
 *                   NULL: defaults
 *  @param out_json  set to text owned by the caller, free with doxin_string_free(): {"schema": "doxin.sql-check/1",
 *                   "sql": the text to run, "parameters": ["owner"] or [], "tables": [names]}
 *  @return  DOXIN_OK, DOXIN_E_SQL_BYTES, DOXIN_E_SQL_SIZE, DOXIN_E_SQL_SYNTAX, DOXIN_E_SQL_STATEMENT,
 *           DOXIN_E_SQL_CLAUSE, DOXIN_E_SQL_TABLE, DOXIN_E_SQL_COLUMN, DOXIN_E_SQL_NAME, DOXIN_E_SQL_FUNCTION,
 *           DOXIN_E_SQL_ARGUMENT, DOXIN_E_SQL_TYPE, DOXIN_E_SQL_OPERATOR, DOXIN_E_SQL_PARAMETER, DOXIN_E_SQL_COST,
 *           DOXIN_E_SQL_FILTERED, DOXIN_E_SQL_SCOPE, DOXIN_E_HOST (the hook failed), DOXIN_E_OPTION, DOXIN_E_INVALID,
 *           DOXIN_E_BUSY, DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads one at a time for a session; sessions in parallel   @blocks no, but for the hook   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_sql_check(doxin_session *session, const void *data, size_t data_len,
                                                       const doxin_options *opts, char **out_json);

#ifdef __cplusplus
}
#endif
#endif
