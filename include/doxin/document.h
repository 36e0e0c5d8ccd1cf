/** @file doxin/document.h
 *  A document as words with boxes on pages: what every reading starts from.
 *
 *  @code
 *  #include <doxin/doxin.h>
 *  #include <stdio.h>
 *  int words(doxin_session *session, const void *data, size_t data_len)
 *  {
 *      doxin_document *document = NULL;
 *      char *json = NULL;
 *      if (doxin_document_open(session, data, data_len, NULL, &document) == DOXIN_OK &&
 *          doxin_document_json(session, document, &json) == DOXIN_OK)
 *          puts(json);
 *      doxin_string_free(json);
 *      doxin_document_free(document);
 *      return json ? 0 : 1;
 *  }
 *  int main(void) { return words(NULL, "", 0) == 1 ? 0 : 1; }
 *  @endcode
 *
 *  The bytes are read by the program doxin-docparse, in a process of its own for each document, without network, without
 *  exec and without a file to write. A document that crashes it or never ends costs an error and nothing else. */
#ifndef DOXIN_DOCUMENT_H
#define DOXIN_DOCUMENT_H

#include "doxin/types.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Read a document.
 *  @param session   borrowed; one thread at a time
 *  @param data      borrowed until return; copied, as pages are rendered from it later
 *  @param data_len  bytes of data; at most the option max_bytes (50 MiB)
 *  @param opts      borrowed; keys: ocr (auto, always, never), languages, max_pages, max_bytes, parts (all, or words: without
 *                   rules and codes, which need a rendering of each page); NULL: defaults
 *  @param out       set to a new document owned by the caller, free with doxin_document_free(); NULL on failure
 *  @return  DOXIN_OK, DOXIN_E_EMPTY_DOCUMENT, DOXIN_E_NOT_A_DOCUMENT, DOXIN_E_ENCRYPTED, DOXIN_E_DAMAGED,
 *           DOXIN_E_NO_PAGES, DOXIN_E_TOO_MANY_PAGES, DOXIN_E_TOO_MANY_PIXELS, DOXIN_E_LIMIT, DOXIN_E_PARSER_DIED,
 *           DOXIN_E_PARSER_TIMEOUT, DOXIN_E_PARSER_MEMORY, DOXIN_E_PARSER_MISSING, DOXIN_E_OPTION, DOXIN_E_CANCELED,
 *           DOXIN_E_TIMEOUT, DOXIN_E_BUSY, DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads one at a time for a session; sessions in parallel   @blocks yes, up to the deadline   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_document_open(doxin_session *session, const void *data, size_t data_len,
                                                           const doxin_options *opts, doxin_document **out);

/** Pages, words, rules, attachments and codes as JSON.
 *  @param session   borrowed; one thread at a time
 *  @param document  borrowed
 *  @param out_json  set to text owned by the caller, free with doxin_string_free(): schema doxin.document/1; boxes are
 *                   [x0, y0, x1, y1] from 0 to 1, origin top left
 *  @return  DOXIN_OK, DOXIN_E_INVALID, DOXIN_E_BUSY, DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads one at a time   @blocks no   @since 0.1 */
DOXIN_API doxin_status doxin_document_json(doxin_session *session, doxin_document *document, char **out_json);

/** A page as a PNG picture: turned as it was for reading, so that the boxes of words and of evidence lie on it.
 *  @param session   borrowed; one thread at a time
 *  @param document  borrowed
 *  @param page      from 1
 *  @param opts      borrowed; keys: dpi (36 to 300, default 110); NULL: defaults
 *  @param out       set to bytes owned by the caller, free with doxin_bytes_free(); NULL on failure
 *  @return  DOXIN_OK, DOXIN_E_NOT_FOUND (no such page), and as doxin_document_open()
 *  @threads one at a time   @blocks yes, up to the deadline   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_document_page(doxin_session *session, doxin_document *document,
                                                           int32_t page, const doxin_options *opts, doxin_bytes **out);

/** Write an invoice in another form, with the pages of its document where the form shows them: "html" is one page that
 *  stands alone, the document with a box for each value, the fields beside it. Other formats as doxin_invoice_write().
 *  @param session       borrowed; one thread at a time
 *  @param document      borrowed: what the invoice was read from, by doxin_extract_document()
 *  @param invoice_json  borrowed until return: schema doxin.invoice/1
 *  @param format        borrowed: "html", and as doxin_invoice_write()
 *  @param opts          borrowed; keys: pictures (most pages as pictures: 20; those on which something was read go
 *                       first), picture_bytes (of all together: 16 MiB), dpi (36 to 300, default 120), file_name, colour,
 *                       width, header; NULL: defaults. Where a page has no picture, the words that were taken stand at their
 *                       places, and why is written there
 *  @param out           set to bytes owned by the caller, free with doxin_bytes_free(); NULL on failure
 *  @return  DOXIN_OK, DOXIN_E_PARSER_MISSING, DOXIN_E_CANCELED, DOXIN_E_TIMEOUT, and as doxin_invoice_write()
 *  @threads one at a time   @blocks yes, up to the deadline   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_document_write(doxin_session *session, doxin_document *document,
                                                            const char *invoice_json, const char *format,
                                                            const doxin_options *opts, doxin_bytes **out);

/** The bytes of an attachment.
 *  @param session   borrowed; one thread at a time
 *  @param document  borrowed
 *  @param index     from 0, in the order of doxin_document_json()
 *  @param out       set to bytes owned by the caller, free with doxin_bytes_free(); NULL on failure
 *  @return  DOXIN_OK, DOXIN_E_NOT_FOUND, DOXIN_E_INVALID, DOXIN_E_BUSY, DOXIN_E_NOMEM, DOXIN_E_FORKED
 *  @threads one at a time   @blocks no   @since 0.1 */
DOXIN_API DOXIN_NODISCARD doxin_status doxin_document_part(doxin_session *session, doxin_document *document,
                                                           int32_t index, doxin_bytes **out);

/** Free a document.
 *  @param document  owned by the caller, or NULL
 *  @return  nothing
 *  @threads any   @blocks no   @since 0.1 */
DOXIN_API void doxin_document_free(doxin_document *document);

#ifdef __cplusplus
}
#endif
#endif
