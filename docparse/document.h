/* The two tasks of the program, whatever the kind of document. */
#ifndef DOCPARSE_DOCUMENT_H
#define DOCPARSE_DOCUMENT_H

#include "core/page/wire.h"
#include "failure.h"
#include "io/reader/packet.h"
#include "message.h"

#include <stddef.h>

/* The document that a request is about. */
typedef struct dp_source {
    const void *data;
    size_t size;
    const dx_packet_request *request;
    enum dx_wire_kind kind;
} dp_source;

/* Pages, words, rules, attachments and codes into the message. */
enum dx_packet_status dp_document_read(const dp_source *source, dp_message *out, dp_failure *failure);

/* One page as PNG, or JPEG where the request allows it; *out is from malloc. */
enum dx_packet_status dp_document_render(const dp_source *source, void **out, size_t *out_size, dp_failure *failure);

/* The pages of the request within 1 … count (both from 1); a failure when there are more than the request allows. */
enum dx_packet_status dp_document_range(const dp_source *source, int count, int *first, int *last, dp_failure *failure);

#endif
