#include "core/sniff/sniff.h"

#include <string.h>
#include <strings.h>

/* A PDF may begin with other bytes: readers look for the mark in the first kilobyte (ISO 32000-1, annex H, 3.4.1). */
static bool is_pdf(const char *data, size_t size)
{
    static const char mark[] = "%PDF-";
    size_t most = 1024 + sizeof mark - 1, window = size < most ? size : most;
    for (size_t i = 0; i + sizeof mark - 1 <= window; i++)
        if (memcmp(data + i, mark, sizeof mark - 1) == 0)
            return true;
    return false;
}

static bool begins(const char *data, size_t size, const char *mark, size_t length)
{
    return size >= length && memcmp(data, mark, length) == 0;
}

/* What begins like this is no PDF, whatever stands in it: archives, office documents, programs, GIF pictures. */
static bool is_other(const char *data, size_t size)
{
    static const struct {
        const char *mark;
        size_t length;
    } others[] = {{"PK\3\4", 4},
                  {"PK\5\6", 4},
                  {"\xD0\xCF\x11\xE0", 4},
                  {"\x1F\x8B", 2},
                  {"\x7F"
                   "ELF",
                   4},
                  {"MZ", 2},
                  {"GIF8", 4}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (begins(data, size, others[i].mark, others[i].length))
            return true;
    return false;
}

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

/* One byte a character, in any encoding whose ASCII is ASCII. */
static bool is_narrow_xml(const char *data, size_t size)
{
    size_t at = begins(data, size, "\xEF\xBB\xBF", 3) ? 3 : 0;
    while (at < size && strchr(" \t\r\n", data[at]) && data[at])
        at++;
    if (at + 1 >= size || data[at] != '<')
        return false;
    unsigned char next = (unsigned char)data[at + 1];
    if (next == '?' || next == '!')
        return true;
    /* HTML is no document that is read, though it begins alike. */
    return is_letter(next) && strncasecmp(data + at + 1, "html", size - at - 1 < 4 ? size - at - 1 : 4) != 0;
}

static bool is_wide_xml(const char *data, size_t size)
{
    return begins(data, size, "\xFF\xFE<\0", 4) || begins(data, size, "\xFE\xFF\0<", 4);
}

/* ISO 14496-12: a box "ftyp" whose brand, or one of whose compatible brands, is that of HEIF. */
static bool is_heic(const char *data, size_t size)
{
    static const char *const brands[] = {"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"};
    if (size < 16 || memcmp(data + 4, "ftyp", 4) != 0)
        return false;
    size_t box = (size_t)(unsigned char)data[2] << 8 | (unsigned char)data[3];
    size_t end = box < size ? box : size;
    for (size_t at = 8; at + 4 <= end; at += 4)
        for (size_t i = 0; at != 12 && i < sizeof brands / sizeof brands[0]; i++)
            if (memcmp(data + at, brands[i], 4) == 0)
                return true;
    return false;
}

dx_sniffed dx_sniff(const void *bytes, size_t size)
{
    const char *data = bytes;
    if (begins(data, size, "\x89PNG\r\n\x1A\n", 8))
        return DX_SNIFFED_PNG;
    if (begins(data, size, "\xFF\xD8\xFF", 3))
        return DX_SNIFFED_JPEG;
    if (begins(data, size, "II*\0", 4) || begins(data, size, "MM\0*", 4))
        return DX_SNIFFED_TIFF;
    if (size >= 12 && memcmp(data, "RIFF", 4) == 0 && memcmp(data + 8, "WEBP", 4) == 0)
        return DX_SNIFFED_WEBP;
    if (is_heic(data, size))
        return DX_SNIFFED_HEIC;
    if (is_narrow_xml(data, size) || is_wide_xml(data, size))
        return DX_SNIFFED_XML;
    return !is_other(data, size) && is_pdf(data, size) ? DX_SNIFFED_PDF : DX_SNIFFED_NOTHING;
}

const char *dx_sniff_mime(dx_sniffed kind)
{
    switch (kind) {
    case DX_SNIFFED_XML:
        return "application/xml";
    case DX_SNIFFED_PDF:
        return "application/pdf";
    case DX_SNIFFED_PNG:
        return "image/png";
    case DX_SNIFFED_JPEG:
        return "image/jpeg";
    case DX_SNIFFED_TIFF:
        return "image/tiff";
    case DX_SNIFFED_WEBP:
        return "image/webp";
    case DX_SNIFFED_HEIC:
        return "image/heic";
    case DX_SNIFFED_NOTHING:
        break;
    }
    return "application/octet-stream";
}
