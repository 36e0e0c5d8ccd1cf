/** @file doxin/extract.h
 *  A document in, an invoice out: fields, line items, taxes, parties, each with its place, its words and how sure we are.
 *
 *  @code
 *  #include <doxin/doxin.h>
 *  #include <stdio.h>
 *  int total(doxin_session *session, const void *data, size_t data_len)
 *  {
 *      char *json = NULL;
 *      doxin_value *invoice = NULL;
 *      if (doxin_extract(session, data, data_len, NULL, &json) == DOXIN_OK &&
 *          doxin_value_parse(json, &invoice) == DOXIN_OK)
 *          printf("%s %s\n", doxin_value_text(invoice, "/total_amount"), doxin_value_text(invoice, "/currency"));
 *      doxin_value_free(invoice);
 *      doxin_string_free(json);
 *      return invoice ? 0 : 1;
 *  }
 *  int main(void) { return total(NULL, "", 0) == 1 ? 0 : 1; }
 *  @endcode
 *
 *  Taken are PDF, PNG, JPEG, TIFF, WebP, HEIC, and XML of UBL 2.1, CII D16B, ZUGFeRD and Factur-X, bare or inside a PDF.
 *  XML wins over the page; where both are there they are compared and each difference is a warning. Nothing needs a
 *  model, a key, a network or a database. The invoice passes the gate of doxin/invoice.h before it is returned. */
#ifndef DOXIN_EXTRACT_H
#define DOXIN_EXTRACT_H

#include "doxin/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Extract the invoice from a document in memory.
 *  @param session   borrowed; one thread at a time; an asset "profile" on it says which companies are one's own
 *  @param data      borrowed until return
 *  @param data_len  bytes of data; at most the option max_bytes (50 MiB)
 *  @param opts      borrowed; keys: embedded_xml (true), compare_page (true), codes (auto, always, never), ocr (auto,
 *                   always, never), languages, max_bytes, max_pages, document (1: the first, where the file holds
 *                   several), review_threshold (0 to 1), learning (true: use what corrections taught, see
 *                   doxin_invoice_learn()), explain (none, or a stage that is given out as JSON instead:
 *                   doxin_options_describe() lists them; for people, its members may change); NULL: defaults
 *  @param out_json  set to text owned by the caller, free with doxin_string_free(): schema doxin.invoice/1
 *  @return  DOXIN_OK, DOXIN_E_XML, DOXIN_E_XML_FORBIDDEN, DOXIN_E_NOT_AN_EINVOICE, DOXIN_E_HOST (the hook
 *           "corrections" failed), and as doxin_document_open()
 *  @threads one at a time for a session; sessions in parallel   @blocks yes, up to the deadline   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_extract(doxin_session *session, const void *data, size_t data_len,
                                                     const doxin_options *opts, char **out_json);

/** As doxin_extract(), in the background. Events: {"type": "progress", "stage", "percent"} (left out when memory is
 *  short), then {"type": "result", "invoice": …}.
 *  @param session   borrowed until return; one thread at a time
 *  @param data      borrowed until return; copied
 *  @param data_len  bytes of data
 *  @param opts      borrowed, copied; as doxin_extract(); NULL: defaults
 *  @param out       set to a new task owned by the caller, free with doxin_task_free(); NULL on failure
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_OPTION, DOXIN_E_BUSY, DOXIN_E_NOMEM, DOXIN_E_FORKED; the rest comes from
 *           the task
 *  @threads one at a time   @blocks no   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_extract_start(doxin_session *session, const void *data, size_t data_len,
                                                           const doxin_options *opts, doxin_task **out);

/** Extract the invoice from a document that was opened before.
 *  @param session   borrowed; one thread at a time
 *  @param document  borrowed
 *  @param opts      borrowed; keys: embedded_xml, compare_page, languages, document, review_threshold, learning, explain;
 *                   NULL: defaults
 *  @param out_json  set to text owned by the caller, free with doxin_string_free(): schema doxin.invoice/1
 *  @return  as doxin_extract()
 *  @threads one at a time   @blocks no   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_extract_document(doxin_session *session, doxin_document *document,
                                                              const doxin_options *opts, char **out_json);

#ifdef __cplusplus
}
#endif
#endif
