/* Pictures as documents: PNG, JPEG, TIFF with several pages, WebP, HEIC. */
#ifndef DOCPARSE_PICTURE_H
#define DOCPARSE_PICTURE_H

#include "document.h"

#include <allheaders.h>

void dp_picture_prepare(void);
enum dx_packet_status dp_picture_read(const dp_source *source, dp_message *out, dp_failure *failure);
enum dx_packet_status dp_picture_render(const dp_source *source, void **out, size_t *out_size, dp_failure *failure);

/* HEIC through libheif: the size, then the picture in colour, turned as it is to be shown. NULL with the failure. */
PIX *dp_heif_decode(const dp_source *source, dp_failure *failure);

/* A failure when a page of that size has more pixels than the request allows. */
enum dx_packet_status dp_check_pixels(const dp_source *source, int64_t width, int64_t height, dp_failure *failure);

#endif
