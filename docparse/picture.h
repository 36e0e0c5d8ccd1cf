/* Pictures as documents: PNG, JPEG, TIFF with several pages, WebP, HEIC. */
#ifndef DOCPARSE_PICTURE_H
#define DOCPARSE_PICTURE_H

#include "document.h"

void dp_picture_prepare(void);
enum dx_packet_status dp_picture_read(const dp_source *source, dp_message *out, dp_failure *failure);
enum dx_packet_status dp_picture_render(const dp_source *source, void **out, size_t *out_size, dp_failure *failure);

#endif
