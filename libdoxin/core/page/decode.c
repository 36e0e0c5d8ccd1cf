/* The message of doxin-docparse, checked and made readable. The child that wrote it may have been taken over by the
 * document, so every count, offset, range and character is looked at before it is used. */
#include "base/text/utf8.h"
#include "core/page/page.h"

#include <string.h>

enum {
    MAX_COORDINATE = 1 << 26, /* 1/100 point; sums of two still fit in 32 bits */
    MAX_PAGES = 100000,
    MAX_TURN = 360000,    /* 1/1000 degree */
    MAX_PARTS = 10000,    /* attachments, codes */
    MAX_NAME = 1024,      /* bytes of an attachment's name or type */
    MAX_CODE = 8192,      /* bytes in a bar or matrix code */
    REPLACEMENT_BYTES = 3 /* a bad byte becomes U+FFFD */
};

/* What is being read, and where cleaned text goes. */
typedef struct source {
    dx_ctx *ctx;
    const unsigned char *bytes;
    dx_wire_header header;
    char *text; /* room for all words' text, cleaned */
    size_t text_used;
    size_t text_left; /* bytes of words that may still be read */
} source;

static doxin_status damaged(dx_ctx *ctx, const char *what)
{
    return dx_fail(ctx, DOXIN_E_DAMAGED, "the message of the document parser is not usable: %s", what);
}

static bool inside(uint64_t at, uint64_t count, uint64_t item, uint64_t from, uint64_t end)
{
    return at >= from && at <= end && count * item <= end - at;
}

static doxin_status check_header(dx_ctx *ctx, const void *message, size_t size, dx_wire_header *header)
{
    if (message == NULL || size < sizeof *header)
        return damaged(ctx, "it is shorter than its header");
    memcpy(header, message, sizeof *header);
    if (header->magic != DX_WIRE_MAGIC || header->version != DX_WIRE_VERSION)
        return damaged(ctx, "magic or version");
    if (header->size != size)
        return damaged(ctx, "size");
    if (header->kind < DX_WIRE_PDF || header->kind > DX_WIRE_HEIC)
        return damaged(ctx, "kind");
    const uint64_t from = sizeof *header;
    const struct {
        uint32_t at, count;
        size_t item;
    } arrays[] = {{header->pages_at, header->page_count, sizeof(dx_wire_page)},
                  {header->words_at, header->word_count, sizeof(dx_wire_word)},
                  {header->rules_at, header->rule_count, sizeof(dx_wire_rule)},
                  {header->attachments_at, header->attachment_count, sizeof(dx_wire_attachment)},
                  {header->codes_at, header->code_count, sizeof(dx_wire_code)},
                  {header->blob_at, header->blob_size, 1}};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (arrays[i].count > 0 && !inside(arrays[i].at, arrays[i].count, arrays[i].item, from, size))
            return damaged(ctx, "an array lies outside it");
    if (header->page_count > MAX_PAGES || header->attachment_count > MAX_PARTS || header->code_count > MAX_PARTS)
        return damaged(ctx, "number of pages, attachments or codes");
    return DOXIN_OK;
}

static const void *item(const source *from, uint32_t at, size_t index, size_t size)
{
    return from->bytes + at + index * size;
}

static bool in_blob(const source *from, uint32_t at, uint32_t size)
{
    return inside(at, size, 1, from->header.blob_at, (uint64_t)from->header.blob_at + from->header.blob_size);
}

static bool read_box(int32_t x0, int32_t y0, int32_t x1, int32_t y1, dx_box *out)
{
    *out = (dx_box){x0, y0, x1, y1};
    return x0 <= x1 && y0 <= y1 && x0 >= -MAX_COORDINATE && y0 >= -MAX_COORDINATE && x1 <= MAX_COORDINATE &&
           y1 <= MAX_COORDINATE;
}

/* Not seen on a page: control characters, zero-width marks, byte order marks, directional marks. */
static bool invisible(int32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0x2028 || c == 0x2029;
}

/* Copies text without what cannot be seen and without space at its ends; bad bytes become U+FFFD. Returns the bytes
 * written; out has room for three times length. */
static size_t clean(const char *text, size_t length, char *out)
{
    size_t used = 0, end = 0;
    for (size_t at = 0; at < length;) {
        int32_t c = dx_utf8_next(text, length, &at);
        if (c < 0)
            break;
        if (invisible(c) || (used == 0 && dx_char_space(c)))
            continue;
        used += dx_utf8_put(c, out + used);
        if (!dx_char_space(c))
            end = used;
    }
    return end;
}

static char *clean_copy(const source *from, uint32_t at, uint32_t size)
{
    char *out = dx_new(from->ctx, (size_t)size * REPLACEMENT_BYTES + 1);
    if (out != NULL)
        out[clean((const char *)from->bytes + at, size, out)] = '\0';
    return out;
}

/* One word; *kept is false for a word of which nothing can be seen. */
static doxin_status read_word(source *from, size_t index, dx_word *out, bool *kept)
{
    dx_wire_word wire;
    memcpy(&wire, item(from, from->header.words_at, index, sizeof wire), sizeof wire);
    if (!read_box(wire.x0, wire.y0, wire.x1, wire.y1, &out->box))
        return damaged(from->ctx, "box of a word");
    if (!in_blob(from, wire.text_at, wire.text_size) || wire.text_size > from->text_left)
        return damaged(from->ctx, "text of a word");
    if (wire.confidence > DX_WIRE_SURE)
        return damaged(from->ctx, "confidence of a word");
    from->text_left -= wire.text_size;
    char *text = from->text + from->text_used;
    size_t size = clean((const char *)from->bytes + wire.text_at, wire.text_size, text);
    *kept = size > 0;
    if (size == 0)
        return DOXIN_OK;
    text[size] = '\0';
    from->text_used += size + 1;
    out->text = text;
    out->size = (int)size;
    out->font_size = wire.font_size;
    out->font = (int)(wire.font & INT32_MAX);
    out->confidence = wire.confidence;
    out->flags = wire.flags;
    return DOXIN_OK;
}

static doxin_status read_words(source *from, const dx_wire_page *wire, dx_word *words, dx_page *page)
{
    page->words = words;
    for (uint32_t i = 0; i < wire->word_count; i++) {
        bool kept = false;
        doxin_status status = read_word(from, (size_t)wire->first_word + i, &words[page->word_count], &kept);
        if (status != DOXIN_OK)
            return status;
        page->word_count += kept;
    }
    return DOXIN_OK;
}

static doxin_status read_rules(source *from, const dx_wire_page *wire, dx_rule *rules, dx_page *page)
{
    page->rules = rules;
    for (uint32_t i = 0; i < wire->rule_count; i++) {
        dx_wire_rule rule;
        memcpy(&rule, item(from, from->header.rules_at, (size_t)wire->first_rule + i, sizeof rule), sizeof rule);
        if (!read_box(rule.x0, rule.y0, rule.x1, rule.y1, &rules[i].box) || rule.thickness > MAX_COORDINATE)
            return damaged(from->ctx, "a drawn rule");
        rules[i].thickness = (int)rule.thickness;
    }
    page->rule_count = wire->rule_count;
    return DOXIN_OK;
}

/* Pages own their words and rules in turn, without gaps: so no word can be counted twice. */
static doxin_status read_pages(source *from, dx_pages *out)
{
    const dx_wire_header *header = &from->header;
    out->pages = dx_array(from->ctx, header->page_count + 1, sizeof *out->pages);
    dx_word *words = dx_array(from->ctx, (size_t)header->word_count + 1, sizeof *words);
    dx_rule *rules = dx_array(from->ctx, (size_t)header->rule_count + 1, sizeof *rules);
    from->text_left = header->blob_size;
    from->text = dx_new(from->ctx, (size_t)header->blob_size * REPLACEMENT_BYTES + header->word_count + 1);
    if (out->pages == NULL || words == NULL || rules == NULL || from->text == NULL)
        return DOXIN_E_NOMEM;
    uint64_t next_word = 0, next_rule = 0;
    for (size_t i = 0; i < header->page_count; i++) {
        dx_wire_page wire;
        memcpy(&wire, item(from, header->pages_at, i, sizeof wire), sizeof wire);
        if (wire.width <= 0 || wire.height <= 0 || wire.width > MAX_COORDINATE || wire.height > MAX_COORDINATE)
            return damaged(from->ctx, "size of a page");
        if (wire.first_word != next_word || wire.first_rule != next_rule ||
            next_word + wire.word_count > header->word_count || next_rule + wire.rule_count > header->rule_count)
            return damaged(from->ctx, "words or rules of a page");
        if (wire.skew <= -MAX_TURN || wire.skew >= MAX_TURN)
            return damaged(from->ctx, "turn of a page");
        if (wire.confidence > DX_WIRE_SURE)
            return damaged(from->ctx, "confidence of a page");
        dx_page *page = &out->pages[out->page_count++];
        page->number = (int)i + 1;
        page->width = wire.width;
        page->height = wire.height;
        page->flags = wire.flags;
        page->turn = wire.skew;
        page->confidence = (int)wire.confidence;
        doxin_status status = read_words(from, &wire, words + next_word, page);
        if (status == DOXIN_OK)
            status = read_rules(from, &wire, rules + next_rule, page);
        if (status == DOXIN_OK)
            status = dx_check(from->ctx);
        if (status != DOXIN_OK)
            return status;
        next_word += wire.word_count;
        next_rule += wire.rule_count;
    }
    if (next_word != header->word_count || next_rule != header->rule_count)
        return damaged(from->ctx, "words or rules without a page");
    return DOXIN_OK;
}

static doxin_status read_attachments(source *from, dx_pages *out)
{
    const dx_wire_header *header = &from->header;
    out->attachments = dx_array(from->ctx, (size_t)header->attachment_count + 1, sizeof *out->attachments);
    if (out->attachments == NULL)
        return DOXIN_E_NOMEM;
    for (size_t i = 0; i < header->attachment_count; i++) {
        dx_wire_attachment wire;
        memcpy(&wire, item(from, header->attachments_at, i, sizeof wire), sizeof wire);
        if (!in_blob(from, wire.name_at, wire.name_size) || !in_blob(from, wire.mime_at, wire.mime_size) ||
            !in_blob(from, wire.data_at, wire.data_size) || wire.name_size > MAX_NAME || wire.mime_size > MAX_NAME)
            return damaged(from->ctx, "an attachment");
        dx_attachment *attachment = &out->attachments[out->attachment_count++];
        attachment->name = clean_copy(from, wire.name_at, wire.name_size);
        attachment->mime = clean_copy(from, wire.mime_at, wire.mime_size);
        if (attachment->name == NULL || attachment->mime == NULL)
            return DOXIN_E_NOMEM;
        attachment->data = from->bytes + wire.data_at;
        attachment->size = wire.data_size;
    }
    return DOXIN_OK;
}

/* A code's text keeps its line ends: payment codes part their members by them. */
static char *code_text(const source *from, const dx_wire_code *wire)
{
    char *out = dx_new(from->ctx, (size_t)wire->data_size * REPLACEMENT_BYTES + 1);
    if (out == NULL)
        return NULL;
    const char *text = (const char *)from->bytes + wire->data_at;
    size_t used = 0;
    for (size_t at = 0; at < wire->data_size;) {
        int32_t c = dx_utf8_next(text, wire->data_size, &at);
        if (c == '\n' || c == '\r' || (c > 0 && !invisible(c)))
            used += dx_utf8_put(c, out + used);
    }
    return out;
}

static doxin_status read_codes(source *from, dx_pages *out)
{
    const dx_wire_header *header = &from->header;
    out->codes = dx_array(from->ctx, (size_t)header->code_count + 1, sizeof *out->codes);
    if (out->codes == NULL)
        return DOXIN_E_NOMEM;
    for (size_t i = 0; i < header->code_count; i++) {
        dx_wire_code wire;
        memcpy(&wire, item(from, header->codes_at, i, sizeof wire), sizeof wire);
        dx_code *code = &out->codes[out->code_count++];
        if (!read_box(wire.x0, wire.y0, wire.x1, wire.y1, &code->box) || wire.page < 1 ||
            wire.page > header->page_count || wire.data_size > MAX_CODE ||
            !in_blob(from, wire.data_at, wire.data_size) || wire.symbology > INT32_MAX)
            return damaged(from->ctx, "a bar or matrix code");
        code->page = (int)wire.page;
        code->symbology = (int)wire.symbology;
        code->text = code_text(from, &wire);
        if (code->text == NULL)
            return DOXIN_E_NOMEM;
    }
    return DOXIN_OK;
}

doxin_status dx_pages_decode(dx_ctx *ctx, const void *message, size_t size, dx_pages **out)
{
    source from = {.ctx = ctx, .bytes = message};
    doxin_status status = check_header(ctx, message, size, &from.header);
    if (status != DOXIN_OK)
        return status;
    dx_pages *pages = dx_new(ctx, sizeof *pages);
    if (pages == NULL)
        return DOXIN_E_NOMEM;
    pages->kind = (enum dx_wire_kind)from.header.kind;
    pages->flags = from.header.flags;
    pages->total_pages = from.header.total_pages;
    pages->ocr_passes = from.header.ocr_passes;
    pages->parse_us = from.header.parse_us;
    if ((status = read_pages(&from, pages)) != DOXIN_OK || (status = read_attachments(&from, pages)) != DOXIN_OK ||
        (status = read_codes(&from, pages)) != DOXIN_OK)
        return status;
    if (pages->total_pages < pages->page_count)
        pages->total_pages = pages->page_count;
    *out = pages;
    return DOXIN_OK;
}
