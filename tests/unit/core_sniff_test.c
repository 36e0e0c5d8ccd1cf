#include "core/sniff/sniff.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define CASE(bytes, kind)                                                                                              \
    {                                                                                                                  \
        bytes, sizeof bytes - 1, kind                                                                                  \
    }

Test(core_sniff, knows_documents_by_their_first_bytes)
{
    static const struct {
        const char *bytes;
        size_t size;
        dx_sniffed kind;
    } cases[] = {
        CASE("%PDF-1.7", DX_SNIFFED_PDF),
        CASE("noise\n%PDF-1.4", DX_SNIFFED_PDF),
        CASE("\x89PNG\r\n\x1A\n", DX_SNIFFED_PNG),
        CASE("\xFF\xD8\xFF\xE0", DX_SNIFFED_JPEG),
        CASE("II*\0", DX_SNIFFED_TIFF),
        CASE("MM\0*", DX_SNIFFED_TIFF),
        CASE("RIFF\x10\0\0\0WEBPVP8 ", DX_SNIFFED_WEBP),
        CASE("RIFF\x10\0\0\0WAVEfmt ", DX_SNIFFED_NOTHING),
        CASE("\0\0\0\x18"
             "ftypheic\0\0\0\0mif1heic",
             DX_SNIFFED_HEIC),
        CASE("\0\0\0\x18"
             "ftypmp42\0\0\0\0mp42isom",
             DX_SNIFFED_NOTHING),
        CASE("<?xml version=\"1.0\"?>", DX_SNIFFED_XML),
        CASE("\xEF\xBB\xBF <Invoice/>", DX_SNIFFED_XML),
        CASE("\xFF\xFE<\0a\0", DX_SNIFFED_XML),
        CASE("<html>", DX_SNIFFED_NOTHING),
        CASE("PK\3\4", DX_SNIFFED_NOTHING),
        CASE("PK\3\4 that names %PDF-1.4", DX_SNIFFED_NOTHING),
        CASE("plain text", DX_SNIFFED_NOTHING),
        CASE("<", DX_SNIFFED_NOTHING),
        CASE("", DX_SNIFFED_NOTHING),
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect_eq(dx_sniff(cases[i].bytes, cases[i].size), cases[i].kind, "case %zu", i);
}

Test(core_sniff, looks_for_a_pdf_in_the_first_kilobyte_only)
{
    static char bytes[2000];
    memset(bytes, ' ', sizeof bytes);
    memcpy(bytes + 1020, "%PDF-", 5);
    cr_expect_eq(dx_sniff(bytes, sizeof bytes), DX_SNIFFED_PDF);
    memset(bytes, ' ', sizeof bytes);
    memcpy(bytes + 1500, "%PDF-", 5);
    cr_expect_eq(dx_sniff(bytes, sizeof bytes), DX_SNIFFED_NOTHING);
}

Test(core_sniff, reads_no_byte_behind_the_end)
{
    static const char all[] = "\0\0\0\x18"
                              "ftypheic\0\0\0\0mif1heic";
    for (size_t size = 0; size < sizeof all; size++) {
        char exact[sizeof all];
        memcpy(exact, all, size);
        (void)dx_sniff(exact, size);
    }
    cr_expect_str_eq(dx_sniff_mime(DX_SNIFFED_HEIC), "image/heic");
    cr_expect_str_eq(dx_sniff_mime(DX_SNIFFED_NOTHING), "application/octet-stream");
}
