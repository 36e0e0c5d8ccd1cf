/* Any bytes as a file of some kind: the library and the parser look at the same bytes and must not disagree about what is
 * read, and a JPEG's orientation is one of the eight. */
#include "core/sniff/sniff.h"
#include "exif.h"
#include "sniff.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool good)
{
    if (!good)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum dx_wire_kind same[] = {
        [DX_SNIFFED_PDF] = DX_WIRE_PDF,   [DX_SNIFFED_PNG] = DX_WIRE_PNG,   [DX_SNIFFED_JPEG] = DX_WIRE_JPEG,
        [DX_SNIFFED_TIFF] = DX_WIRE_TIFF, [DX_SNIFFED_WEBP] = DX_WIRE_WEBP, [DX_SNIFFED_HEIC] = DX_WIRE_HEIC};
    dp_failure failure = {.status = DX_PACKET_OK};
    dx_sniffed kind = dx_sniff(data, size);
    enum dx_wire_kind parsed = dp_sniff(data, size, &failure);
    expect(kind >= DX_SNIFFED_NOTHING && kind <= DX_SNIFFED_HEIC && strchr(dx_sniff_mime(kind), '/') != NULL);
    expect((parsed == 0) == (failure.status != DX_PACKET_OK));
    /* What the library sends, the parser knows as the same; what the parser knows, the library sends. XML is read by the
     * library itself. */
    if (kind != DX_SNIFFED_XML)
        expect(parsed == (kind == DX_SNIFFED_NOTHING ? 0 : same[kind]));
    int orientation = dp_exif_orientation(data, size);
    expect(orientation >= 1 && orientation <= 8);
    return 0;
}
