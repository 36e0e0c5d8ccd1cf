/* Pages as pictures. */
#include "colour.h"
#include "memory.h"
#include "pdf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE_MAX = 20000, PNG_DPI = 110 };

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

typedef struct growing_bytes {
    char *data;
    size_t size, room;
} growing_bytes;

static cairo_status_t append(void *closure, const unsigned char *data, unsigned size)
{
    growing_bytes *bytes = closure;
    bytes->data = dp_grow(bytes->data, bytes->size + size, &bytes->room, 1);
    memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
    return CAIRO_STATUS_SUCCESS;
}

static enum dx_packet_status write_png(PopplerPage *page, const dx_packet_request *request, growing_bytes *out,
                                       dp_failure *failure)
{
    double dpi;
    cairo_surface_t *surface = dp_pdf_paint(page, request->dpi > 0 ? request->dpi : PNG_DPI, request->max_pixels, &dpi);
    if (surface == NULL)
        return dp_fail(failure, DX_PACKET_DAMAGED, "the page cannot be drawn");
    cairo_status_t status = cairo_surface_write_to_png_stream(surface, append, out);
    cairo_surface_destroy(surface);
    if (status != CAIRO_STATUS_SUCCESS)
        return dp_fail(failure, DX_PACKET_FAILED, "the picture of the page: %s", cairo_status_to_string(status));
    return DX_PACKET_OK;
}

enum dx_packet_status dp_pdf_render(const dp_source *source, void **out, size_t *out_size, dp_failure *failure)
{
    dp_colour_profiles(true);
    PopplerDocument *document = dp_pdf_open(source, failure);
    if (document == NULL)
        return failure->status;
    enum dx_packet_status status;
    growing_bytes png = {0};
    int number = MAX(source->request->first_page, 1), count = poppler_document_get_n_pages(document);
    PopplerPage *page = number <= count ? poppler_document_get_page(document, number - 1) : NULL;
    if (page) {
        status = write_png(page, source->request, &png, failure);
        g_object_unref(page);
    } else {
        status = number > count ? dp_fail(failure, DX_PACKET_NO_SUCH_PAGE,
                                          "the document has %d pages and none of number %d", count, number)
                                : dp_fail(failure, DX_PACKET_DAMAGED, "page %d cannot be read", number);
    }
    g_object_unref(document);
    *out = png.data;
    *out_size = png.size;
    return status;
}
