#include "picture.h"

#include "codes.h"
#include "exif.h"
#include "page_file.h"
#include "pdf.h"
#include "recognise.h"

#include <libheif/heif.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAGES_MAX = 10000,
    TRUSTED_DPI_LEAST = 150, /* below, figures are made up: 72 and 96 stand in pictures of cameras and screens */
    TRUSTED_DPI_MOST = 1200,
    SIDE_POINTS = 595, /* of a page without a resolution: the shorter side */
    SIDE_POINTS_LEAST = 100,
    SIDE_POINTS_MOST = 3000,
    TAIL = 4096
};

void dp_picture_prepare(void)
{
    setMsgSeverity(L_SEVERITY_NONE);
    heif_init(NULL);
}

enum dx_packet_status dp_check_pixels(const dp_source *source, int64_t width, int64_t height, dp_failure *failure)
{
    int64_t most = source->request->max_pixels;
    if (width <= 0 || height <= 0)
        return dp_fail(failure, DX_PACKET_DAMAGED, "the picture has no size");
    if (width > most || height > most / width)
        return dp_fail(failure, DX_PACKET_TOO_MANY_PIXELS,
                       "the picture is %lld x %lld pixels, at most %lld are read (max_pixels)", (long long)width,
                       (long long)height, (long long)most);
    return DX_PACKET_OK;
}

/* ---- reading the file ---- */

static enum dx_packet_status damaged(const dp_source *source, dp_failure *failure)
{
    static const char *const names[] = {"", "PDF", "PNG", "JPEG", "TIFF", "WebP", "HEIC"};
    return dp_fail(failure, DX_PACKET_DAMAGED, "the %s picture is damaged or cut off", names[source->kind]);
}

static enum dx_packet_status check_header(const dp_source *source, int page, dp_failure *failure)
{
    l_int32 width = 0, height = 0, format, bits, samples, colours, resolution;
    int error = source->kind == DX_WIRE_TIFF
                    ? readHeaderMemTiff(source->data, source->size, page, &width, &height, &bits, &samples, &resolution,
                                        &colours, &format)
                    : pixReadHeaderMem(source->data, source->size, &format, &width, &height, &bits, &samples, &colours);
    if (error)
        return damaged(source, failure);
    return dp_check_pixels(source, width, height, failure);
}

static PIX *turned_by_exif(PIX *picture, int orientation)
{
    static const struct {
        int turns;
        bool mirror;
    } how[] = {{0, false}, {0, false}, {0, true}, {2, false}, {2, true}, {1, true}, {1, false}, {3, true}, {3, false}};
    PIX *out = how[orientation].turns ? pixRotateOrth(picture, how[orientation].turns) : pixClone(picture);
    pixDestroy(&picture);
    if (out && how[orientation].mirror)
        pixFlipLR(out, out);
    return out;
}

static PIX *read_jpeg(const dp_source *source)
{
    l_int32 warnings = 0;
    const char *bytes = source->data;
    size_t tail = source->size < TAIL ? source->size : TAIL;
    PIX *picture = pixReadMemJpeg(source->data, source->size, 0, 1, &warnings, 0);
    if (picture && warnings > 0 && memmem(bytes + source->size - tail, tail, "\xFF\xD9", 2) == NULL)
        pixDestroy(&picture);
    return picture ? turned_by_exif(picture, dp_exif_orientation(source->data, source->size)) : NULL;
}

/* The next page in colour or grey; NULL with the failure. *at is where leptonica goes on in a TIFF. */
static PIX *read_picture(const dp_source *source, int page, size_t *at, dp_failure *failure)
{
    PIX *picture;
    failure->status = DX_PACKET_OK;
    if (source->kind == DX_WIRE_HEIC)
        return dp_heif_decode(source, failure);
    if (check_header(source, page, failure) != DX_PACKET_OK)
        return NULL;
    if (source->kind == DX_WIRE_TIFF)
        picture = pixReadMemFromMultipageTiff(source->data, source->size, at);
    else if (source->kind == DX_WIRE_JPEG)
        picture = read_jpeg(source);
    else
        picture = pixReadMem(source->data, source->size);
    if (picture == NULL)
        damaged(source, failure);
    return picture;
}

/* 8 bit grey, on white where it is transparent. The picture is taken. */
static PIX *grey_of(PIX *picture)
{
    if (pixGetDepth(picture) == 32 && pixGetSpp(picture) == 4) {
        PIX *opaque = pixAlphaBlendUniform(picture, 0xffffff00);
        pixDestroy(&picture);
        picture = opaque;
    }
    PIX *grey = picture ? pixConvertTo8(picture, 0) : NULL;
    pixDestroy(&picture);
    return grey;
}

static double dpi_of(PIX *picture)
{
    double side = fmin(pixGetWidth(picture), pixGetHeight(picture));
    double dpi = pixGetXRes(picture), points = dpi > 0 ? side * 72 / dpi : 0;
    if (dpi >= TRUSTED_DPI_LEAST && dpi <= TRUSTED_DPI_MOST && points >= SIDE_POINTS_LEAST &&
        points <= SIDE_POINTS_MOST)
        return dpi;
    return side * 72 / SIDE_POINTS;
}

static int count_pages(const dp_source *source)
{
    l_int32 unused;
    int count = 1;
    if (source->kind == DX_WIRE_TIFF)
        while (count < PAGES_MAX && readHeaderMemTiff(source->data, source->size, count, &unused, &unused, &unused,
                                                      &unused, &unused, &unused, &unused) == 0)
            count++;
    return count;
}

/* ---- the tasks ---- */

static enum dx_packet_status read_page(const dp_source *source, PIX *picture, dp_message *out, dp_failure *failure)
{
    double dpi = dpi_of(picture);
    PIX *grey = grey_of(picture);
    if (grey == NULL)
        return damaged(source, failure);
    dp_message_page(out, dp_hundredths(pixGetWidth(grey) * 72 / dpi), dp_hundredths(pixGetHeight(grey) * 72 / dpi));
    if (source->request->ocr != DX_PACKET_OCR_NEVER)
        dp_recognise(source, grey, dpi, out);
    dp_codes(grey, dpi, source->request->want, out);
    pixDestroy(&grey);
    return DX_PACKET_OK;
}

enum dx_packet_status dp_picture_read(const dp_source *source, dp_message *out, dp_failure *failure)
{
    int first, last, count = count_pages(source);
    size_t at = 0;
    enum dx_packet_status status = dp_document_range(source, count, &first, &last, failure);
    out->header.total_pages = (uint32_t)count;
    for (int page = 1; page <= last && status == DX_PACKET_OK; page++) {
        PIX *picture = read_picture(source, page - 1, &at, failure);
        if (picture == NULL)
            status = failure->status;
        else if (page >= first)
            status = read_page(source, picture, out, failure);
        else
            pixDestroy(&picture);
    }
    return status;
}

/* At the resolution asked for, never enlarged. */
static enum dx_packet_status write_page(PIX *picture, const dx_packet_request *request, void **out, size_t *out_size,
                                        dp_failure *failure)
{
    double factor = (request->dpi > 0 ? request->dpi : DP_RENDER_DPI) / dpi_of(picture);
    PIX *scaled = factor < 1 ? pixScale(picture, (l_float32)factor, (l_float32)factor) : pixClone(picture);
    if (scaled == NULL)
        return dp_fail(failure, DX_PACKET_MEMORY, "there is no memory to scale the page");
    enum dx_packet_status status = dp_page_file(scaled, request, out, out_size, failure);
    pixDestroy(&scaled);
    return status;
}

enum dx_packet_status dp_picture_render(const dp_source *source, void **out, size_t *out_size, dp_failure *failure)
{
    int wanted = source->request->first_page > 0 ? source->request->first_page : 1, count = count_pages(source);
    size_t at = 0;
    PIX *picture = NULL;
    if (wanted > count)
        return dp_fail(failure, DX_PACKET_NO_SUCH_PAGE, "the document has %d pages and none of number %d", count,
                       wanted);
    for (int page = 1; page <= wanted; page++) {
        pixDestroy(&picture);
        picture = read_picture(source, page - 1, &at, failure);
        if (picture == NULL)
            return failure->status;
    }
    enum dx_packet_status status = write_page(picture, source->request, out, out_size, failure);
    pixDestroy(&picture);
    return status;
}
