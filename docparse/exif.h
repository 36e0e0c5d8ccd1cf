/* How a JPEG is to be shown (EXIF). */
#ifndef DOCPARSE_EXIF_H
#define DOCPARSE_EXIF_H

#include <stddef.h>

/* 1 … 8 as in TIFF 6.0, tag 274; 1 where nothing is said. */
int dp_exif_orientation(const void *data, size_t size);

#endif
