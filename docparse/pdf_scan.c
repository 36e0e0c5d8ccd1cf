#include "pdf_scan.h"

#include <string.h>

enum {
    LETTERS_ENOUGH = 60, /* of a page that speaks for itself */
    INK_DPI = 40,
    DARK = 200 /* of 255: darker counts as ink */
};

typedef struct tally {
    int characters, letters, strange;
} tally;

/* Private-use characters are what poppler gives for glyphs whose meaning the PDF does not tell. */
static bool is_strange(gunichar c)
{
    return c == 0xFFFD || (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000 || g_unichar_iscntrl(c) ||
           !g_unichar_isdefined(c);
}

static void count_word(const char *text, size_t size, tally *out)
{
    for (const char *at = text; at < text + size; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char_validated(at, text + size - at);
        out->characters++;
        if (c >= 0x110000 || is_strange(c))
            out->strange++;
        else
            out->letters += g_unichar_isalnum(c) != 0;
    }
}

static tally count_page(const dp_message *message)
{
    tally all = {0};
    const dx_wire_page *page = &message->pages[message->header.page_count - 1];
    for (uint32_t i = 0; i < page->word_count; i++) {
        const dx_wire_word *word = &message->words[page->first_word + i];
        count_word(message->blob + word->text_at, word->text_size, &all);
    }
    return all;
}

/* Dots and lines made of characters are not strange, but a page of nothing else is not text either. */
dp_layer dp_layer_of(const dp_message *message)
{
    tally all = count_page(message);
    if (all.characters >= LETTERS_ENOUGH && (3 * all.strange > all.characters || 5 * all.letters < all.characters))
        return DP_LAYER_GARBLED;
    return all.letters < LETTERS_ENOUGH ? DP_LAYER_THIN : DP_LAYER_GOOD;
}

PIX *dp_page_picture(PopplerPage *page, double dpi, int64_t max_pixels, double *painted_dpi)
{
    cairo_surface_t *surface = dp_pdf_paint(page, dpi, max_pixels, painted_dpi);
    if (surface == NULL)
        return NULL;
    int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
    int stride = cairo_image_surface_get_stride(surface);
    const unsigned char *bytes = cairo_image_surface_get_data(surface);
    PIX *grey = pixCreate(width, height, 8);
    for (int y = 0; grey && y < height; y++) {
        l_uint32 *line = pixGetData(grey) + (size_t)y * (size_t)pixGetWpl(grey);
        const unsigned char *row = bytes + (size_t)y * (size_t)stride;
        for (int x = 0; x < width; x++) {
            uint32_t pixel;
            memcpy(&pixel, row + 4 * (size_t)x, sizeof pixel);
            unsigned value = ((pixel >> 16 & 255) * 77 + (pixel >> 8 & 255) * 151 + (pixel & 255) * 28) >> 8;
            SET_DATA_BYTE(line, x, (l_uint8)value);
        }
    }
    cairo_surface_destroy(surface);
    return grey;
}

static double area_of_words(const dp_message *message)
{
    double area = 0;
    const dx_wire_page *page = &message->pages[message->header.page_count - 1];
    for (uint32_t i = 0; i < page->word_count; i++) {
        const dx_wire_word *word = &message->words[page->first_word + i];
        area += (double)(word->x1 - word->x0) * (word->y1 - word->y0);
    }
    return area / ((double)page->width * page->height);
}

static double share_of_ink(PIX *grey)
{
    size_t dark = 0;
    int width = pixGetWidth(grey), height = pixGetHeight(grey);
    for (int y = 0; y < height; y++) {
        const l_uint32 *line = pixGetData(grey) + (size_t)y * (size_t)pixGetWpl(grey);
        for (int x = 0; x < width; x++)
            dark += GET_DATA_BYTE(line, x) < DARK;
    }
    return (double)dark / ((double)width * height);
}

/* Letters cover a quarter of their box or less. */
bool dp_page_has_more(PopplerPage *page, const dp_message *message)
{
    const double least = 0.004;
    double dpi;
    PIX *grey = dp_page_picture(page, INK_DPI, 4000000, &dpi);
    if (grey == NULL)
        return false;
    double ink = share_of_ink(grey);
    pixDestroy(&grey);
    return ink > least + area_of_words(message);
}
