#include "pdf.h"

#include "codes.h"
#include "colour.h"
#include "pdf_scan.h"
#include "recognise.h"
#include "rules.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
    SCAN_DPI = 300,
    SCAN_PIXELS_MAX = 25000000,
    RULE_DPI = 100,
    CODE_DPI = 150,
    RULE_DARK = 225, /* of 255; thin lines come out pale */
    LOOK_PIXELS_MAX = 8000000,
    TAIL = 2048 /* where a whole PDF has its end mark, whatever its size */
};

/* A PDF that was cut off has no end mark near its end. (A linearised one has another near its start.) */
static bool has_end(const dp_source *source)
{
    size_t tail = source->size / 4 > TAIL ? source->size / 4 : TAIL;
    if (tail > source->size)
        tail = source->size;
    const char *from = (const char *)source->data + (source->size - tail);
    return memmem(from, tail, "%%EOF", 5) != NULL || memmem(from, tail, "startxref", 9) != NULL;
}

static enum dx_packet_status open_failure(const GError *error, dp_failure *failure)
{
    if (g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED))
        return dp_fail(failure, DX_PACKET_ENCRYPTED, "the PDF is encrypted and opens with a password only");
    return dp_fail(failure, DX_PACKET_DAMAGED, "the PDF cannot be opened: %s",
                   error ? error->message : "unknown reason");
}

PopplerDocument *dp_pdf_open(const dp_source *source, dp_failure *failure)
{
    if (!has_end(source)) {
        dp_fail(failure, DX_PACKET_DAMAGED, "the PDF has no end mark: it was cut off");
        return NULL;
    }
    GError *error = NULL;
    GBytes *bytes = g_bytes_new_static(source->data, source->size);
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, &error);
    g_bytes_unref(bytes);
    if (document == NULL)
        open_failure(error, failure);
    g_clear_error(&error);
    return document;
}

/* A page with text in a font that is not embedded: opening and drawing it loads the font configuration and poppler's
 * tables, once for all forks. */
static const char warm_up[] =
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    "4 0 obj<</Length 34>>stream\nBT /F 9 Tf 9 9 Td (Warm up) Tj ET  \nendstream endobj\n"
    "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
    "trailer<</Root 1 0 R>>\n%%EOF\n";

void dp_pdf_prepare(void)
{
    const dx_packet_request request = {.max_pages = 1};
    const dp_source source = {.data = warm_up, .size = sizeof warm_up - 1, .request = &request};
    dp_failure failure;
    dp_message message;
    void *picture;
    size_t size;
    dp_message_init(&message, 1 << 20);
    dp_pdf_read(&source, &message, &failure);
    if (dp_pdf_render(&source, &picture, &size, &failure) == DX_PACKET_OK)
        free(picture);
}

static bool needs_recognition(PopplerPage *page, uint32_t ocr, dp_layer layer, const dp_message *out)
{
    if (ocr != DX_PACKET_OCR_AUTO)
        return ocr == DX_PACKET_OCR_ALWAYS;
    return layer == DP_LAYER_GARBLED || (layer == DP_LAYER_THIN && dp_page_has_more(page, out));
}

/* Recognition where the request and the page ask for it: the page is painted as a scanner would give it. False when the
 * text layer stands. */
static bool recognise_page(PopplerPage *page, const dp_source *source, dp_message *out)
{
    dp_layer layer = dp_layer_of(out);
    double dpi;
    if (!needs_recognition(page, source->request->ocr, layer, out))
        return false;
    int64_t most = source->request->max_pixels < SCAN_PIXELS_MAX ? source->request->max_pixels : SCAN_PIXELS_MAX;
    PIX *grey = dp_page_picture(page, SCAN_DPI, most, &dpi);
    if (grey == NULL)
        return false;
    if (layer == DP_LAYER_GARBLED)
        out->header.flags |= DX_WIRE_GARBLED;
    dp_message_drop_words(out, out->pages[out->header.page_count - 1].first_word);
    dp_recognise(source, grey, dpi, out);
    dp_codes(grey, dpi, source->request->want, out);
    pixDestroy(&grey);
    return true;
}

/* Lines and codes of a page with a text layer are drawings: they are looked for on a small picture of it. */
static void look_at_page(PopplerPage *page, const dp_source *source, dp_message *out)
{
    double dpi;
    bool codes = dp_codes_wanted(source->request->want, out);
    bool rules = (source->request->want & DX_PACKET_WANT_RULES) != 0;
    PIX *grey = codes || rules ? dp_page_picture(page, codes ? CODE_DPI : RULE_DPI, LOOK_PIXELS_MAX, &dpi) : NULL;
    if (grey == NULL)
        return;
    if (rules)
        dp_rules(grey, dpi, RULE_DARK, out);
    if (codes)
        dp_codes(grey, dpi, source->request->want, out);
    pixDestroy(&grey);
}

static void read_page(PopplerDocument *document, int number, const dp_source *source, GHashTable *fonts,
                      dp_message *out)
{
    double width = 0, height = 0;
    PopplerPage *page = poppler_document_get_page(document, number - 1);
    if (page)
        poppler_page_get_size(page, &width, &height);
    dp_message_page(out, dp_hundredths(width), dp_hundredths(height));
    if (page == NULL)
        return;
    dp_pdf_words(page, fonts, out);
    if (!recognise_page(page, source, out))
        look_at_page(page, source, out);
    dx_wire_page *wire = &out->pages[out->header.page_count - 1];
    if (wire->word_count > 0 && !(wire->flags & DX_WIRE_PAGE_OCR)) {
        wire->flags |= DX_WIRE_PAGE_TEXT;
        out->header.flags |= DX_WIRE_HAS_TEXT;
    }
    g_object_unref(page);
}

enum dx_packet_status dp_pdf_read(const dp_source *source, dp_message *out, dp_failure *failure)
{
    int first, last;
    dp_colour_profiles(false);
    PopplerDocument *document = dp_pdf_open(source, failure);
    if (document == NULL)
        return failure->status;
    int count = poppler_document_get_n_pages(document);
    enum dx_packet_status status = dp_document_range(source, count, &first, &last, failure);
    if (status == DX_PACKET_OK) {
        GHashTable *fonts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        out->header.total_pages = (uint32_t)count;
        for (int number = first; number <= last && !out->full; number++)
            read_page(document, number, source, fonts, out);
        dp_pdf_attachments(document, source->request, out);
        g_hash_table_destroy(fonts);
    }
    g_object_unref(document);
    return status;
}

typedef struct growing_attachment {
    GByteArray *bytes;
    size_t left; /* that it may still have */
    bool too_large;
} growing_attachment;

static gboolean append_bytes(const gchar *bytes, gsize count, gpointer data, GError **error)
{
    growing_attachment *all = data;
    (void)error;
    all->too_large = count > all->left;
    if (all->too_large)
        return FALSE;
    g_byte_array_append(all->bytes, (const guint8 *)bytes, (guint)count);
    all->left -= count;
    return TRUE;
}

static const char *mime_of(const GByteArray *bytes)
{
    static const struct {
        const char *magic, *mime;
    } known[] = {{"<?xml", "application/xml"},     {"\xEF\xBB\xBF<", "application/xml"},
                 {"<rsm:", "application/xml"},     {"%PDF-", "application/pdf"},
                 {"\x89PNG", "image/png"},         {"\xFF\xD8\xFF", "image/jpeg"},
                 {"PK\x03\x04", "application/zip"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (bytes->len >= strlen(known[i].magic) && memcmp(bytes->data, known[i].magic, strlen(known[i].magic)) == 0)
            return known[i].mime;
    return "";
}

static void read_attachment(PopplerAttachment *attachment, size_t most, dp_message *out)
{
    const char *name = poppler_attachment_get_name(attachment);
    growing_attachment all = {.bytes = g_byte_array_new(), .left = most};
    if (poppler_attachment_save_to_callback(attachment, append_bytes, &all, NULL)) {
        char short_name[512];
        g_utf8_strncpy(short_name, name && g_utf8_validate(name, -1, NULL) ? name : "", 127);
        dp_message_attachment(out, short_name, mime_of(all.bytes), all.bytes->data, all.bytes->len);
    }
    if (all.too_large)
        out->header.flags |= DX_WIRE_LARGE_ATTACHMENT;
    g_byte_array_free(all.bytes, TRUE);
}

void dp_pdf_attachments(PopplerDocument *document, const dx_packet_request *request, dp_message *out)
{
    if (!poppler_document_has_attachments(document))
        return;
    GList *attachments = poppler_document_get_attachments(document), *at = attachments;
    size_t most = (size_t)(request->max_attachment_bytes < INT_MAX ? request->max_attachment_bytes : INT_MAX);
    for (int count = 0; at && count < request->max_attachments; at = at->next, count++)
        read_attachment(at->data, most, out);
    if (at)
        out->header.flags |= DX_WIRE_MORE_ATTACHMENTS;
    g_list_free_full(attachments, g_object_unref);
}
