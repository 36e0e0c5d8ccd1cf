#include "page_file.h"

#include <math.h>
#include <stdlib.h>

enum {
    QUARTER = 90000,     /* 1/1000 degree */
    PIXELS_FOR_BYTE = 6, /* a PNG of more bytes shows a scan or a photograph: JPEG is a fraction of it there */
    JPEG_QUALITY = 72
};

static const double radians = 3.14159265358979 / 180000;

/* First upright, then level, as it was turned for the recogniser (recognise.c, scan.c). */
static PIX *turned(PIX *picture, int32_t turn)
{
    int quarters = (int)lround((double)turn / QUARTER);
    int32_t rest = turn - quarters * QUARTER;
    PIX *upright = pixRotateOrth(picture, ((quarters % 4) + 4) % 4);
    if (upright == NULL || rest == 0)
        return upright;
    PIX *level = pixRotate(upright, (l_float32)(rest * radians), L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, 0, 0);
    pixDestroy(&upright);
    return level;
}

static bool is_large(PIX *picture, size_t size)
{
    return size > (size_t)pixGetWidth(picture) * (size_t)pixGetHeight(picture) / PIXELS_FOR_BYTE;
}

/* Where JPEG cannot be written, or is no smaller, the PNG stays. */
static void try_jpeg(PIX *picture, void **out, size_t *out_size)
{
    l_uint8 *bytes = NULL;
    size_t size = 0;
    PIX *plain = pixRemoveColormap(picture, REMOVE_CMAP_BASED_ON_SRC);
    if (plain && pixWriteMemJpeg(&bytes, &size, plain, JPEG_QUALITY, 0) == 0 && size < *out_size) {
        free(*out);
        *out = bytes;
        *out_size = size;
    } else {
        free(bytes);
    }
    pixDestroy(&plain);
}

enum dx_packet_status dp_page_file(PIX *picture, const dx_packet_request *request, void **out, size_t *out_size,
                                   dp_failure *failure)
{
    l_uint8 *bytes = NULL;
    PIX *shown = turned(picture, request->turn);
    int error = shown ? pixWriteMemPng(&bytes, out_size, shown, 0) : 1;
    *out = bytes;
    if (!error && (request->want & DX_PACKET_WANT_SMALL) && is_large(shown, *out_size))
        try_jpeg(shown, out, out_size);
    pixDestroy(&shown);
    return error ? dp_fail(failure, DX_PACKET_FAILED, "the picture of the page cannot be written") : DX_PACKET_OK;
}
