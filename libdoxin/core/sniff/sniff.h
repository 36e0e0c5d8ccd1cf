/* What bytes are, by their first bytes and never by a name. */
#ifndef DX_CORE_SNIFF_SNIFF_H
#define DX_CORE_SNIFF_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

/* As many first bytes as dx_sniff can make use of. */
enum { DX_SNIFF_BYTES = 1100 };

typedef enum dx_sniffed {
    DX_SNIFFED_NOTHING = 0, /* no kind of document that is read */
    DX_SNIFFED_XML,
    DX_SNIFFED_PDF,
    DX_SNIFFED_PNG,
    DX_SNIFFED_JPEG,
    DX_SNIFFED_TIFF,
    DX_SNIFFED_WEBP,
    DX_SNIFFED_HEIC
} dx_sniffed;

dx_sniffed dx_sniff(const void *data, size_t size);
/* "application/pdf"; "application/octet-stream" for NOTHING. */
const char *dx_sniff_mime(dx_sniffed kind);

#endif
