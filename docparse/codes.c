#include "codes.h"

#include <math.h>
#include <stdlib.h>
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

void dp_codes(PIX *grey, double dpi, dp_message *out)
{
    l_uint8 *bytes = NULL;
    size_t size = 0;
    int count = 0;
    if (pixGetRasterData(grey, &bytes, &size) != 0)
        return;
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
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
