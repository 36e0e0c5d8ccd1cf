/* A page as the bytes of a picture file. */
#ifndef DOCPARSE_PAGE_FILE_H
#define DOCPARSE_PAGE_FILE_H

#include "document.h"

#include <allheaders.h>

enum { DP_RENDER_DPI = 110 }; /* of a request that names none */

/* Turns the picture by the request's turn and writes it as PNG; as JPEG where the request allows it and PNG is large.
 * The picture stays the caller's, *out is from malloc. */
enum dx_packet_status dp_page_file(PIX *picture, const dx_packet_request *request, void **out, size_t *out_size,
                                   dp_failure *failure);

#endif
