/** @file doxin/invoice.h
 *  Invoices as data: reading e-invoices, checking the arithmetic, writing other forms. Needs no parser.
 *
 *  @code
 *  #include <doxin/doxin.h>
 *  #include <stdio.h>
 *  int check(doxin_session *session, const char *invoice_json)
 *  {
 *      char *checked = NULL;
 *      doxin_value *value = NULL;
 *      if (doxin_invoice_check(session, invoice_json, NULL, &checked) == DOXIN_OK &&
 *          doxin_value_parse(checked, &value) == DOXIN_OK)
 *          printf("%zu checks\n", doxin_value_count(value, "/checks"));
 *      doxin_value_free(value);
 *      doxin_string_free(checked);
 *      return value ? 0 : 1;
 *  }
 *  int main(void) { return check(NULL, "{}") == 1 ? 0 : 1; }
 *  @endcode */
#ifndef DOXIN_INVOICE_H
#define DOXIN_INVOICE_H

#include "doxin/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Read an e-invoice: UBL 2.1 invoice or credit note, CII D16B, ZUGFeRD 1.0, Factur-X, XRechnung, Peppol BIS 3.
 *  @param session   borrowed; one thread at a time
 *  @param data      borrowed until return
 *  @param data_len  bytes of data
 *  @param opts      borrowed; keys: review_threshold; NULL: defaults
 *  @param out_json  set to text owned by the caller, free with doxin_string_free(): schema doxin.invoice/1
 *  @return  DOXIN_OK, DOXIN_E_XML, DOXIN_E_XML_FORBIDDEN, DOXIN_E_NOT_AN_EINVOICE, DOXIN_E_LIMIT, DOXIN_E_OPTION,
 *           DOXIN_E_BUSY, DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads one at a time for a session; sessions in parallel   @blocks no   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_invoice_read_xml(doxin_session *session, const void *data, size_t data_len,
                                                              const doxin_options *opts, char **out_json);

/** Check the arithmetic and the identifiers of an invoice. No value is changed; an absent one that follows from the
 *  others is supplied with origin "arithmetic" where the option fill is true.
 *  @param session       borrowed; one thread at a time
 *  @param invoice_json  borrowed until return: schema doxin.invoice/1; most members may be missing
 *  @param opts          borrowed; keys: fill (false), review_threshold; NULL: defaults
 *  @param out_json      set to text owned by the caller, free with doxin_string_free(): schema doxin.invoice/1 with the
 *                       checks: each equation with what is stated, what it should be, and by how much it fails
 *  @return  DOXIN_OK, DOXIN_E_JSON, DOXIN_E_FIELD (a member is wrong; the error names it), DOXIN_E_OPTION, DOXIN_E_BUSY,
 *           DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads one at a time for a session; sessions in parallel   @blocks no   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_invoice_check(doxin_session *session, const char *invoice_json,
                                                           const doxin_options *opts, char **out_json);

/** Write an invoice in another form.
 *  @param session       borrowed; one thread at a time
 *  @param invoice_json  borrowed until return: schema doxin.invoice/1; for xlsx also an array of such objects, each of
 *                       which may have a member "file", its name: one workbook of them all
 *  @param format        borrowed: "flat", "table", "csv", "xlsx", "html", "ubl"
 *  @param opts          borrowed; keys: file_name (a member of flat, a heading elsewhere), colour (false, for table),
 *                       width (100, for table), header (true, for csv); NULL: defaults
 *  @param out           set to bytes owned by the caller, free with doxin_bytes_free(); NULL on failure
 *  @return  DOXIN_OK, DOXIN_E_UNSUPPORTED (no such format), DOXIN_E_FIELD (a mandatory term is missing; the error names
 *           it), DOXIN_E_JSON, DOXIN_E_OPTION, DOXIN_E_BUSY, DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads one at a time for a session; sessions in parallel   @blocks no   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_invoice_write(doxin_session *session, const char *invoice_json,
                                                           const char *format, const doxin_options *opts,
                                                           doxin_bytes **out);

/** Learn from a corrected invoice: where a value that was read wrongly stands on the pages, and what never changes for
 *  the vendor. The next document of the vendor, told by tax id, IBAN, name and letterhead, is then read with it; its
 *  evidence says so ("learned": true). Nothing is learned of an invoice whose vendor nothing tells from others, of an own
 *  company, or of what was XML. Correct an answer of doxin_extract_document() and hand it back:
 *
 *      doxin_extract_document(session, document, NULL, &json);
 *      ... change "/invoice_number" in json ...
 *      doxin_invoice_learn(session, document, json, NULL, &learned);
 *
 *  What was learned goes to the hook "corrections" of doxin_engine_set_host(), or where there is none is kept by the
 *  host and given back as member "corrections" of an asset "profile".
 *  @param session         borrowed; one thread at a time; its asset "profile" and the hook say what is known already
 *  @param document        borrowed: what the invoice was read from
 *  @param corrected_json  borrowed until return: schema doxin.invoice/1, all of it right as far as the user knows
 *  @param opts            borrowed; keys: store (true: hand it to the hook); NULL: defaults
 *  @param out_json        set to text owned by the caller, free with doxin_string_free(): schema doxin.corrections/1, the
 *                         memories that changed; none where there is nothing to learn
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_JSON, DOXIN_E_FIELD (a member is wrong; the error names it),
 *           DOXIN_E_HOST (the hook failed), DOXIN_E_OPTION, DOXIN_E_BUSY, DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads one at a time for a session; sessions in parallel   @blocks no, but for the hook   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_invoice_learn(doxin_session *session, doxin_document *document,
                                                           const char *corrected_json, const doxin_options *opts,
                                                           char **out_json);

#ifdef __cplusplus
}
#endif
#endif
