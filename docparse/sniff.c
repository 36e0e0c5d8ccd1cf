/* The same kinds by the same marks as core/sniff, which looks before a document is sent here; a fuzz target holds the two
 * together. */
#include "sniff.h"

#include <stdbool.h>
#include <string.h>

/* ISO 32000 readers accept a header that begins within the first 1,024 bytes. */
enum { PDF_HEADER_WITHIN = 1024 + 5 };

static bool starts(const void *data, size_t size, size_t at, const char *magic, size_t magic_size)
{
    return size >= at + magic_size && memcmp((const char *)data + at, magic, magic_size) == 0;
}

#define STARTS(at, magic) starts(data, size, at, magic, sizeof(magic) - 1)

/* ISO 14496-12: a box "ftyp" whose brand, or one of whose compatible brands, is that of HEIF. */
static bool is_heic(const void *data, size_t size)
{
    static const char brands[][5] = {"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"};
    const unsigned char *bytes = data;
    if (size < 16 || !STARTS(4, "ftyp"))
        return false;
    size_t box = (size_t)bytes[2] << 8 | bytes[3], end = box < size ? box : size;
    for (size_t at = 8; at + 4 <= end; at += 4)
        for (size_t i = 0; at != 12 && i < sizeof brands / sizeof *brands; i++)
            if (starts(data, size, at, brands[i], 4))
                return true;
    return false;
}

static const char *other_kind(const void *data, size_t size)
{
    if (STARTS(0, "PK\x03\x04") || STARTS(0, "PK\x05\x06"))
        return "a ZIP archive (or an office document)";
    if (STARTS(0, "\xD0\xCF\x11\xE0"))
        return "an old office document";
    if (STARTS(0, "\x1F\x8B"))
        return "a gzip file";
    if (STARTS(0, "<?xml") || STARTS(0, "\xEF\xBB\xBF<?xml"))
        return "XML";
    if (STARTS(0, "GIF8"))
        return "a GIF picture";
    if (STARTS(0, "\x7F"
                  "ELF") ||
        STARTS(0, "MZ"))
        return "a program";
    return NULL;
}

enum dx_wire_kind dp_sniff(const void *data, size_t size, dp_failure *failure)
{
    if (STARTS(0, "\x89PNG\r\n\x1A\n"))
        return DX_WIRE_PNG;
    if (STARTS(0, "\xFF\xD8\xFF"))
        return DX_WIRE_JPEG;
    if (STARTS(0, "II\x2A\0") || STARTS(0, "MM\0\x2A"))
        return DX_WIRE_TIFF;
    if (STARTS(0, "RIFF") && STARTS(8, "WEBP"))
        return DX_WIRE_WEBP;
    if (is_heic(data, size))
        return DX_WIRE_HEIC;
    const char *other = other_kind(data, size);
    if (other == NULL && memmem(data, size < PDF_HEADER_WITHIN ? size : PDF_HEADER_WITHIN, "%PDF-", 5) != NULL)
        return DX_WIRE_PDF;
    dp_fail(failure, DX_PACKET_NOT_A_DOCUMENT, "the bytes are %s; PDF, PNG, JPEG, TIFF, WebP and HEIC are read",
            other ? other : "of no known kind");
    return 0;
}
