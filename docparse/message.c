#include "message.h"

#include "memory.h"

#include <string.h>

enum { WORD_BYTES_MAX = 4000, ALIGNMENT = 8 };

void dp_message_init(dp_message *message, size_t max)
{
    memset(message, 0, sizeof *message);
    message->max = max < UINT32_MAX ? max : UINT32_MAX;
    message->max_words = UINT32_MAX;
    message->header.magic = DX_WIRE_MAGIC;
    message->header.version = DX_WIRE_VERSION;
}

static size_t bytes_so_far(const dp_message *message)
{
    const dx_wire_header *header = &message->header;
    return sizeof *header + header->page_count * sizeof *message->pages + header->word_count * sizeof *message->words +
           header->rule_count * sizeof *message->rules + header->attachment_count * sizeof *message->attachments +
           header->code_count * sizeof *message->codes + message->blob_size + 6 * (size_t)ALIGNMENT;
}

static bool fits(dp_message *message, size_t more)
{
    if (more > message->max || bytes_so_far(message) > message->max - more)
        message->full = true;
    return !message->full;
}

static uint32_t put_bytes(dp_message *message, const void *data, size_t size)
{
    size_t at = message->blob_size;
    message->blob = dp_grow(message->blob, at + size, &message->blob_room, 1);
    if (size > 0)
        memcpy(message->blob + at, data, size);
    message->blob_size += size;
    return (uint32_t)at;
}

dx_wire_page *dp_message_page(dp_message *message, int32_t width, int32_t height)
{
    dx_wire_header *header = &message->header;
    message->pages = dp_grow(message->pages, header->page_count + 1, &message->page_room, sizeof *message->pages);
    dx_wire_page *page = &message->pages[header->page_count++];
    *page = (dx_wire_page){.width = width > 0 ? width : 1,
                           .height = height > 0 ? height : 1,
                           .first_word = header->word_count,
                           .first_rule = header->rule_count,
                           .confidence = DX_WIRE_SURE};
    fits(message, 0);
    return page;
}

void dp_message_word(dp_message *message, const dx_wire_word *word, const char *text, size_t size)
{
    dx_wire_header *header = &message->header;
    size = size < WORD_BYTES_MAX ? size : WORD_BYTES_MAX;
    if (size > 0 && header->word_count >= message->max_words)
        message->full = true;
    if (size == 0 || !fits(message, size + sizeof *word))
        return;
    message->words = dp_grow(message->words, header->word_count + 1, &message->word_room, sizeof *word);
    dx_wire_word *place = &message->words[header->word_count++];
    *place = *word;
    place->text_at = put_bytes(message, text, size);
    place->text_size = (uint16_t)size;
    message->pages[header->page_count - 1].word_count++;
}

void dp_message_rule(dp_message *message, const dx_wire_rule *rule)
{
    dx_wire_header *header = &message->header;
    if (!fits(message, sizeof *rule))
        return;
    message->rules = dp_grow(message->rules, header->rule_count + 1, &message->rule_room, sizeof *rule);
    message->rules[header->rule_count++] = *rule;
    message->pages[header->page_count - 1].rule_count++;
}

void dp_message_attachment(dp_message *message, const char *name, const char *mime, const void *data, size_t size)
{
    dx_wire_header *header = &message->header;
    size_t name_size = strlen(name), mime_size = strlen(mime);
    if (!fits(message, name_size + mime_size + size + sizeof *message->attachments))
        return;
    message->attachments = dp_grow(message->attachments, header->attachment_count + 1, &message->attachment_room,
                                   sizeof *message->attachments);
    dx_wire_attachment *place = &message->attachments[header->attachment_count++];
    place->name_at = put_bytes(message, name, name_size);
    place->name_size = (uint32_t)name_size;
    place->mime_at = put_bytes(message, mime, mime_size);
    place->mime_size = (uint32_t)mime_size;
    place->data_at = put_bytes(message, data, size);
    place->data_size = (uint32_t)size;
}

void dp_message_code(dp_message *message, const dx_wire_code *code, const void *data, size_t size)
{
    dx_wire_header *header = &message->header;
    if (!fits(message, size + sizeof *code))
        return;
    message->codes = dp_grow(message->codes, header->code_count + 1, &message->code_room, sizeof *code);
    dx_wire_code *place = &message->codes[header->code_count++];
    *place = *code;
    place->data_at = put_bytes(message, data, size);
    place->data_size = (uint32_t)size;
}

void dp_message_drop_words(dp_message *message, uint32_t first)
{
    dx_wire_page *page = &message->pages[message->header.page_count - 1];
    page->word_count = first - page->first_word;
    message->header.word_count = first;
}

void dp_message_drop_front(dp_message *message, uint32_t count)
{
    dx_wire_page *page = &message->pages[message->header.page_count - 1];
    dx_wire_word *words = message->words + page->first_word;
    memmove(words, words + count, (page->word_count - count) * sizeof *words);
    page->word_count -= count;
    message->header.word_count -= count;
}

static uint32_t place_array(size_t *at, size_t count, size_t size)
{
    *at = (*at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    uint32_t start = (uint32_t)*at;
    *at += count * size;
    return start;
}

size_t dp_message_finish(dp_message *message)
{
    dx_wire_header *header = &message->header;
    if (message->full)
        return 0;
    size_t at = sizeof *header;
    header->pages_at = place_array(&at, header->page_count, sizeof *message->pages);
    header->words_at = place_array(&at, header->word_count, sizeof *message->words);
    header->rules_at = place_array(&at, header->rule_count, sizeof *message->rules);
    header->attachments_at = place_array(&at, header->attachment_count, sizeof *message->attachments);
    header->codes_at = place_array(&at, header->code_count, sizeof *message->codes);
    header->blob_at = place_array(&at, message->blob_size, 1);
    header->blob_size = (uint32_t)message->blob_size;
    header->size = (uint32_t)at;
    return at;
}

static void put_array(char *out, uint32_t at, const void *items, size_t bytes)
{
    if (bytes > 0)
        memcpy(out + at, items, bytes);
}

/* Within the message, offsets of the blob count from the message's start. */
static void place_blob(const dp_message *message, char *out)
{
    const dx_wire_header *header = &message->header;
    dx_wire_word *words = (dx_wire_word *)(void *)(out + header->words_at);
    for (uint32_t i = 0; i < header->word_count; i++)
        words[i].text_at += header->blob_at;
    dx_wire_attachment *attachments = (dx_wire_attachment *)(void *)(out + header->attachments_at);
    for (uint32_t i = 0; i < header->attachment_count; i++) {
        attachments[i].name_at += header->blob_at;
        attachments[i].mime_at += header->blob_at;
        attachments[i].data_at += header->blob_at;
    }
    dx_wire_code *codes = (dx_wire_code *)(void *)(out + header->codes_at);
    for (uint32_t i = 0; i < header->code_count; i++)
        codes[i].data_at += header->blob_at;
}

void dp_message_write(const dp_message *message, void *out)
{
    const dx_wire_header *header = &message->header;
    memset(out, 0, header->size);
    memcpy(out, header, sizeof *header);
    put_array(out, header->pages_at, message->pages, header->page_count * sizeof *message->pages);
    put_array(out, header->words_at, message->words, header->word_count * sizeof *message->words);
    put_array(out, header->rules_at, message->rules, header->rule_count * sizeof *message->rules);
    put_array(out, header->attachments_at, message->attachments,
              header->attachment_count * sizeof *message->attachments);
    put_array(out, header->codes_at, message->codes, header->code_count * sizeof *message->codes);
    put_array(out, header->blob_at, message->blob, message->blob_size);
    place_blob(message, out);
}
