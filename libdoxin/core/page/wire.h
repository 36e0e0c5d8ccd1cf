/* The message in which doxin-docparse hands a document over: docparse writes it, core/page reads it. (The packets that
 * carry it are io/reader/packet.h.)
 *
 * Little-endian, packed by hand (all members are naturally aligned), one header, then the arrays in the order of the
 * header, then one blob for text and bytes. Offsets are from the start of the message. The receiver trusts nothing:
 * core/page/decode.c checks every count, offset and range before it looks at anything.
 *
 * Geometry: int32 in 1/100 point (7200 to the inch), origin top left of the page as it is shown (rotation applied),
 * x to the right, y down. A picture without a resolution counts as if its shorter side were 595 points wide.
 * A scan that was turned before recognising has its boxes on the turned picture: first by quarters until it is upright
 * (DX_WIRE_PAGE_ROTATED; width and height are then those of the upright page), then about its middle within the same
 * size until lines of text are level (DX_WIRE_PAGE_DESKEWED). dx_wire_page.skew is the sum of both (positive:
 * clockwise). */
#ifndef DX_CORE_PAGE_WIRE_H
#define DX_CORE_PAGE_WIRE_H

#include <stdint.h>

#define DX_WIRE_MAGIC 0x31445844u /* "DXD1" */
enum { DX_WIRE_VERSION = 1 };

/* How sure the reader is of a word's text: 1000 for a text layer, the recogniser's figure for a scan. */
enum { DX_WIRE_SURE = 1000 };

enum dx_wire_kind { DX_WIRE_PDF = 1, DX_WIRE_PNG, DX_WIRE_JPEG, DX_WIRE_TIFF, DX_WIRE_WEBP, DX_WIRE_HEIC };

enum dx_wire_document_flag {
    DX_WIRE_HAS_TEXT = 1,          /* at least one page has a text layer */
    DX_WIRE_USED_OCR = 2,          /* at least one page was recognised */
    DX_WIRE_GARBLED = 4,           /* a text layer was there but useless, so it was recognised */
    DX_WIRE_SECOND_PASS = 8,       /* the recogniser ran twice on at least one page */
    DX_WIRE_MORE_ATTACHMENTS = 16, /* there are more attachments than the limit; the rest was left out */
    DX_WIRE_LARGE_ATTACHMENT = 32  /* an attachment is larger than the limit and was left out */
};

enum dx_wire_page_flag {
    DX_WIRE_PAGE_TEXT = 1,
    DX_WIRE_PAGE_OCR = 2,
    DX_WIRE_PAGE_ROTATED = 4,
    DX_WIRE_PAGE_DESKEWED = 8
};

enum dx_wire_word_flag {
    DX_WIRE_BOLD = 1,
    DX_WIRE_ITALIC = 2,
    DX_WIRE_OCR = 4,
    DX_WIRE_SPACE_AFTER = 8, /* a space follows in the source */
    DX_WIRE_LINE_END = 16,   /* the source ends a line here */
    DX_WIRE_VERTICAL = 32,   /* written upwards or downwards */
    DX_WIRE_PASS2 = 64       /* from the recogniser's second pass; words of both passes may overlap */
};

typedef struct dx_wire_header {
    uint32_t magic;
    uint32_t version;
    uint32_t size; /* of the whole message */
    uint32_t kind; /* dx_wire_kind */
    uint32_t flags;
    uint32_t page_count;
    uint32_t word_count;
    uint32_t rule_count;
    uint32_t attachment_count;
    uint32_t code_count;
    uint32_t pages_at, words_at, rules_at, attachments_at, codes_at;
    uint32_t blob_at;
    uint32_t blob_size;
    uint32_t total_pages; /* pages of the document, where not all were read */
    uint32_t ocr_passes;  /* of all pages together */
    uint32_t parse_us;    /* time that the child took */
} dx_wire_header;

typedef struct dx_wire_page {
    int32_t width, height; /* 1/100 point */
    uint32_t flags;
    uint32_t first_word, word_count;
    uint32_t first_rule, rule_count;
    int32_t skew;        /* 1/1000 degree that the scan was turned by before recognising, quarters included */
    uint32_t dpi;        /* of the recognised picture; 0 for a text layer */
    uint32_t confidence; /* mean over the words, 0 … 1000 */
} dx_wire_page;

typedef struct dx_wire_word {
    int32_t x0, y0, x1, y1;
    uint32_t text_at; /* into the blob */
    uint16_t text_size;
    uint16_t confidence; /* 0 … 1000 */
    uint16_t font_size;  /* 1/100 point; the height of the box for a scan */
    uint16_t flags;
    uint32_t font; /* same number, same font, within the document */
} dx_wire_word;

/* A drawn line, or a side of a drawn box: x0 == x1 or y0 == y1 within 1/2 point. */
typedef struct dx_wire_rule {
    int32_t x0, y0, x1, y1;
    uint32_t thickness; /* 1/100 point */
} dx_wire_rule;

typedef struct dx_wire_attachment {
    uint32_t name_at, name_size;
    uint32_t mime_at, mime_size;
    uint32_t data_at, data_size;
} dx_wire_attachment;

/* A bar or matrix code found on a page (QR with EPC or Swiss payment data). */
typedef struct dx_wire_code {
    int32_t x0, y0, x1, y1;
    uint32_t page;
    uint32_t symbology; /* zbar's number */
    uint32_t data_at, data_size;
} dx_wire_code;

#endif
