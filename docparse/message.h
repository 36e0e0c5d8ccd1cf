/* The message while it grows: the arrays of core/page/wire.h, joined at the end. */
#ifndef DOCPARSE_MESSAGE_H
#define DOCPARSE_MESSAGE_H

#include "core/page/wire.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct dp_message {
    dx_wire_header header; /* kind, flags, total_pages, ocr_passes, parse_us; the rest is filled at the end */
    dx_wire_page *pages;
    dx_wire_word *words;
    dx_wire_rule *rules;
    dx_wire_attachment *attachments;
    dx_wire_code *codes;
    char *blob;
    size_t page_room, word_room, rule_room, attachment_room, code_room, blob_room;
    size_t blob_size;
    size_t max;         /* the most bytes the message may have */
    uint32_t max_words; /* at first: no limit */
    bool full;          /* something was left out because of max or max_words */
} dp_message;

void dp_message_init(dp_message *message, size_t max);

/* Appends a page; its words and rules follow. The address is good until the next page. */
dx_wire_page *dp_message_page(dp_message *message, int32_t width, int32_t height);
/* Appends a word of the last page; text is copied. Bytes after the first 4,000 are left out. */
void dp_message_word(dp_message *message, const dx_wire_word *word, const char *text, size_t size);
void dp_message_rule(dp_message *message, const dx_wire_rule *rule);
void dp_message_attachment(dp_message *message, const char *name, const char *mime, const void *data, size_t size);
void dp_message_code(dp_message *message, const dx_wire_code *code, const void *data, size_t size);
/* Takes words first … (counted over all pages) away from the last page. */
void dp_message_drop_words(dp_message *message, uint32_t first);
/* Takes the first `count` words of the last page away. */
void dp_message_drop_front(dp_message *message, uint32_t count);

/* Fills the header; returns the size of the whole, or 0 when it is full. */
size_t dp_message_finish(dp_message *message);
/* The whole into out, of the size that dp_message_finish gave. */
void dp_message_write(const dp_message *message, void *out);

#endif
