#include "codes.h"

#include "io/reader/packet.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zbar.h>

enum { CODES_MAX = 50, CODE_BYTES_MAX = 8000 };

static int32_t place(int pixels, double dpi)
{
    return (int32_t)lround(pixels * 7200.0 / dpi);
}

static void put_code(const zbar_symbol_t *symbol, double dpi, dp_message *out)
{
    unsigned points = zbar_symbol_get_loc_size(symbol), size = zbar_symbol_get_data_length(symbol);
    if (points == 0 || size == 0 || size > CODE_BYTES_MAX)
        return;
    int x0 = zbar_symbol_get_loc_x(symbol, 0), y0 = zbar_symbol_get_loc_y(symbol, 0), x1 = x0, y1 = y0;
    for (unsigned i = 1; i < points; i++) {
        int x = zbar_symbol_get_loc_x(symbol, i), y = zbar_symbol_get_loc_y(symbol, i);
        x0 = x < x0 ? x : x0;
        y0 = y < y0 ? y : y0;
        x1 = x > x1 ? x : x1;
        y1 = y > y1 ? y : y1;
    }
    dx_wire_code code = {.x0 = place(x0, dpi),
                         .y0 = place(y0, dpi),
                         .x1 = place(x1, dpi),
                         .y1 = place(y1, dpi),
                         .page = out->header.page_count,
                         .symbology = (uint32_t)zbar_symbol_get_type(symbol)};
    dp_message_code(out, &code, zbar_symbol_get_data(symbol), size);
}

/* What stands beside the code of a payment, in lower case: where a word begins so. */
static bool tells_of_code(const char *word, size_t size)
{
    static const char *const words[] = {"qr",      "girocode", "epc",     "zahlteil", "empfangsschein", "scan",
                                        "scannen", "scannez",  "scanner", "escanea",  "scansiona",      "zeskanuj"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]), at = 0;
        while (at < length && at < size && tolower((unsigned char)word[at]) == words[i][at])
            at++;
        if (at == length && (at == size || !isalpha((unsigned char)word[at])))
            return true;
    }
    return false;
}

bool dp_codes_wanted(uint32_t want, const dp_message *out)
{
    const dx_wire_page *page = &out->pages[out->header.page_count - 1];
    if (want & DX_PACKET_WANT_CODES)
        return true;
    for (uint32_t i = page->first_word; (want & DX_PACKET_SEEK_CODES) && i < page->first_word + page->word_count; i++) {
        const dx_wire_word *word = &out->words[i];
        if (tells_of_code((const char *)out->blob + word->text_at, word->text_size))
            return true;
    }
    return false;
}

/* Only QR codes hold payments; the other scanners take as long again. */
static zbar_image_scanner_t *scanner_for(uint32_t want)
{
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    if (!(want & DX_PACKET_WANT_CODES)) {
        zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
        zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
    }
    return scanner;
}

void dp_codes(PIX *grey, double dpi, uint32_t want, dp_message *out)
{
    l_uint8 *bytes = NULL;
    size_t size = 0;
    int count = 0;
    if (!(want & (DX_PACKET_WANT_CODES | DX_PACKET_SEEK_CODES)))
        return;
    if (pixGetRasterData(grey, &bytes, &size) != 0)
        return;
    zbar_image_scanner_t *scanner = scanner_for(want);
    zbar_image_t *image = zbar_image_create();
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, (unsigned)pixGetWidth(grey), (unsigned)pixGetHeight(grey));
    zbar_image_set_data(image, bytes, size, NULL);
    if (zbar_scan_image(scanner, image) > 0)
        for (const zbar_symbol_t *symbol = zbar_image_first_symbol(image); symbol && count < CODES_MAX;
             symbol = zbar_symbol_next(symbol), count++)
            put_code(symbol, dpi, out);
    zbar_image_destroy(image);
    zbar_image_scanner_destroy(scanner);
    free(bytes);
}
