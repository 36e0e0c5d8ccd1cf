#include "picture.h"

#include <libheif/heif.h>

static PIX *to_pix(const struct heif_image *image)
{
    int stride = 0;
    int width = heif_image_get_width(image, heif_channel_interleaved);
    int height = heif_image_get_height(image, heif_channel_interleaved);
    const uint8_t *bytes = heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
    PIX *out = bytes && width > 0 && height > 0 && stride >= 3 * width ? pixCreate(width, height, 32) : NULL;
    if (out == NULL)
        return NULL;
    for (int y = 0; y < height; y++) {
        const uint8_t *row = bytes + (size_t)y * (size_t)stride;
        l_uint32 *line = pixGetData(out) + (size_t)y * (size_t)pixGetWpl(out);
        for (int x = 0; x < width; x++)
            composeRGBPixel(row[3 * x], row[3 * x + 1], row[3 * x + 2], line + x);
    }
    return out;
}

static PIX *decode(const dp_source *source, struct heif_context *context, dp_failure *failure)
{
    struct heif_image_handle *handle = NULL;
    struct heif_image *image = NULL;
    PIX *out = NULL;
    struct heif_error error = heif_context_read_from_memory_without_copy(context, source->data, source->size, NULL);
    if (error.code == heif_error_Ok)
        error = heif_context_get_primary_image_handle(context, &handle);
    if (error.code == heif_error_Ok && dp_check_pixels(source, heif_image_handle_get_width(handle),
                                                       heif_image_handle_get_height(handle), failure) == DX_PACKET_OK) {
        error = heif_decode_image(handle, &image, heif_colorspace_RGB, heif_chroma_interleaved_RGB, NULL);
        if (error.code == heif_error_Ok)
            out = to_pix(image);
    }
    if (out == NULL && failure->status == DX_PACKET_OK)
        dp_fail(failure, DX_PACKET_DAMAGED, "the HEIC picture cannot be decoded: %s",
                error.message ? error.message : "unknown reason");
    if (image)
        heif_image_release(image);
    if (handle)
        heif_image_handle_release(handle);
    return out;
}

PIX *dp_heif_decode(const dp_source *source, dp_failure *failure)
{
    struct heif_context *context = heif_context_alloc();
    if (context == NULL) {
        dp_fail(failure, DX_PACKET_MEMORY, "there is no memory for the picture");
        return NULL;
    }
    heif_context_set_max_decoding_threads(context, 0);
    PIX *out = decode(source, context, failure);
    heif_context_free(context);
    return out;
}
