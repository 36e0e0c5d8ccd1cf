/** @file doxin/money.h
 *  Exact amounts: read as people print them, added without loss.
 *
 *  @code
 *  #include <doxin/doxin.h>
 *  #include <stdio.h>
 *  int main(void)
 *  {
 *      doxin_engine *engine = NULL;
 *      doxin_session *session = NULL;
 *      char *json = NULL;
 *      if (!doxin_engine_open(NULL, &engine) && !doxin_session_open(engine, NULL, &session) &&
 *          !doxin_money_parse(session, "1.234,56 €", NULL, &json))
 *          puts(json);
 *      doxin_string_free(json);
 *      doxin_session_free(session);
 *      doxin_engine_free(engine);
 *      return json ? 0 : 1;
 *  }
 *  @endcode */
#ifndef DOXIN_MONEY_H
#define DOXIN_MONEY_H

#include "doxin/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Read an amount.
 *  @param session   borrowed; one thread at a time
 *  @param text      borrowed until return: "EUR 1.234,56", "$1,234.56", "12,50 €", "(5.00)"
 *  @param opts      borrowed; keys: style (auto, point, comma: what the decimal sign is), country (alpha-2; decides what
 *                   "$" means), locale (also print it so); NULL: defaults
 *  @param out_json  set to text owned by the caller, free with doxin_string_free(): {"schema": "doxin.money/1",
 *                   "amount": "1234.56", "currency": "EUR" or null, "ambiguous": true where the sign could also be one
 *                   of grouping, "text": printed for the locale}
 *  @return  DOXIN_OK, DOXIN_E_INVALID (no amount), DOXIN_E_OVERFLOW, DOXIN_E_OPTION, DOXIN_E_BUSY, DOXIN_E_NOMEM,
 *           DOXIN_E_FORKED
 *  @threads one at a time for a session; sessions in parallel   @blocks no   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_money_parse(doxin_session *session, const char *text,
                                                         const doxin_options *opts, char **out_json);

/** Add amounts of one currency.
 *  @param session       borrowed; one thread at a time
 *  @param amounts_json  borrowed until return: an array of "12.50 EUR" or {"amount": "12.50", "currency": "EUR"}
 *  @param opts          borrowed; keys: locale (also print it so); NULL: defaults
 *  @param out_json      set to text owned by the caller, free with doxin_string_free(): schema doxin.money/1
 *  @return  DOXIN_OK, DOXIN_E_CURRENCY (two currencies), DOXIN_E_OVERFLOW, DOXIN_E_FIELD (an item is no amount),
 *           DOXIN_E_JSON, DOXIN_E_OPTION, DOXIN_E_BUSY, DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads one at a time for a session; sessions in parallel   @blocks no   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_money_sum(doxin_session *session, const char *amounts_json,
                                                       const doxin_options *opts, char **out_json);

#ifdef __cplusplus
}
#endif
#endif
