/* Pages as pictures. */
#include "colour.h"
#include "page_file.h"
#include "pdf.h"

#include <math.h>
#include <string.h>

enum { SIDE_MAX = 20000 };

cairo_surface_t *dp_pdf_paint(PopplerPage *page, double dpi, int64_t max_pixels, double *painted_dpi)
{
    double width, height;
    poppler_page_get_size(page, &width, &height);
    if (!(width > 0) || !(height > 0))
        return NULL;
    double scale = dpi / 72, most = (double)max_pixels / (width * height);
    if (scale * scale > most)
        scale = sqrt(most);
    if (scale * MAX(width, height) > SIDE_MAX)
        scale = SIDE_MAX / MAX(width, height);
    int columns = (int)ceil(width * scale), rows = (int)ceil(height * scale);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, MAX(columns, 1), MAX(rows, 1));
    cairo_t *context = cairo_create(surface);
    cairo_set_source_rgb(context, 1, 1, 1);
    cairo_paint(context);
    cairo_scale(context, scale, scale);
    poppler_page_render(page, context);
    bool painted = cairo_status(context) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(context);
    if (!painted || cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
        cairo_surface_destroy(surface);
        return NULL;
    }
    cairo_surface_flush(surface);
    *painted_dpi = scale * 72;
    return surface;
}

/* Cairo's pixels are 0xXXRRGGBB, leptonica's 0xRRGGBBXX. */
static PIX *picture_of(cairo_surface_t *surface)
{
    int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
    int stride = cairo_image_surface_get_stride(surface);
    const unsigned char *bytes = cairo_image_surface_get_data(surface);
    PIX *picture = pixCreate(width, height, 32);
    for (int y = 0; picture && y < height; y++) {
        l_uint32 *line = pixGetData(picture) + (size_t)y * (size_t)pixGetWpl(picture);
        for (int x = 0; x < width; x++) {
            uint32_t pixel;
            memcpy(&pixel, bytes + (size_t)y * (size_t)stride + 4 * (size_t)x, sizeof pixel);
            line[x] = pixel << 8;
        }
    }
    return picture;
}

static enum dx_packet_status write_page(PopplerPage *page, const dx_packet_request *request, void **out,
                                        size_t *out_size, dp_failure *failure)
{
    double dpi;
    cairo_surface_t *surface =
        dp_pdf_paint(page, request->dpi > 0 ? request->dpi : DP_RENDER_DPI, request->max_pixels, &dpi);
    if (surface == NULL)
        return dp_fail(failure, DX_PACKET_DAMAGED, "the page cannot be drawn");
    PIX *picture = picture_of(surface);
    cairo_surface_destroy(surface);
    if (picture == NULL)
        return dp_fail(failure, DX_PACKET_MEMORY, "there is no memory for the picture of the page");
    enum dx_packet_status status = dp_page_file(picture, request, out, out_size, failure);
    pixDestroy(&picture);
    return status;
}

enum dx_packet_status dp_pdf_render(const dp_source *source, void **out, size_t *out_size, dp_failure *failure)
{
    dp_colour_profiles(true);
    PopplerDocument *document = dp_pdf_open(source, failure);
    if (document == NULL)
        return failure->status;
    enum dx_packet_status status;
    int number = MAX(source->request->first_page, 1), count = poppler_document_get_n_pages(document);
    PopplerPage *page = number <= count ? poppler_document_get_page(document, number - 1) : NULL;
    if (page) {
        status = write_page(page, source->request, out, out_size, failure);
        g_object_unref(page);
    } else {
        status = number > count ? dp_fail(failure, DX_PACKET_NO_SUCH_PAGE,
                                          "the document has %d pages and none of number %d", count, number)
                                : dp_fail(failure, DX_PACKET_DAMAGED, "page %d cannot be read", number);
    }
    g_object_unref(document);
    return status;
}
