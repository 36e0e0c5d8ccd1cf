/* A document as words on pages: what everything that reads a page starts from. */
#ifndef DX_CORE_PAGE_PAGE_H
#define DX_CORE_PAGE_PAGE_H

#include "base/rt/ctx.h"
#include "core/page/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 1/100 point, origin top left, y down; see wire.h. */
typedef struct dx_box {
    int32_t x0, y0, x1, y1;
} dx_box;

typedef struct dx_word {
    dx_box box;
    const char *text; /* valid UTF-8, NUL-terminated, no control characters, not empty */
    int size;         /* bytes of text */
    int font_size;    /* 1/100 point */
    int font;
    int confidence; /* 0 … 1000 */
    unsigned flags; /* dx_wire_word_flag */
} dx_word;

typedef struct dx_rule {
    dx_box box;
    int thickness;
} dx_rule;

typedef struct dx_page {
    int number; /* from 1 */
    int32_t width, height;
    unsigned flags; /* dx_wire_page_flag */
    int confidence;
    int32_t turn; /* 1/1000 degree, clockwise: what the page as it is stored was turned by; boxes are those after it */
    const dx_word *words; /* in the order of the source */
    size_t word_count;
    const dx_rule *rules;
    size_t rule_count;
} dx_page;

typedef struct dx_attachment {
    const char *name; /* may be "" */
    const char *mime; /* may be "" */
    const void *data;
    size_t size;
} dx_attachment;

typedef struct dx_code {
    int page;
    dx_box box;
    int symbology;
    const char *text; /* UTF-8; bytes that are none were replaced */
} dx_code;

typedef struct dx_pages {
    enum dx_wire_kind kind;
    unsigned flags; /* dx_wire_document_flag */
    dx_page *pages;
    size_t page_count;
    size_t total_pages;
    dx_attachment *attachments;
    size_t attachment_count;
    dx_code *codes;
    size_t code_count;
    unsigned ocr_passes;
    unsigned parse_us;
} dx_pages;

/* Checks the whole message and makes it readable. What *out holds is from the call's arena, but the attachments' bytes
 * are borrowed from `message`, which must live as long. DOXIN_E_DAMAGED for a message that breaks a rule. */
doxin_status dx_pages_decode(dx_ctx *ctx, const void *message, size_t size, dx_pages **out);

/* The document as JSON (schema doxin.document/1): pages with words (text, box 0–1), rules, attachments without bytes. */
struct dx_writer;
void dx_pages_write(const dx_pages *pages, struct dx_writer *writer);

#endif
