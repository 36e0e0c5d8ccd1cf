#include "mutate.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_MOST = 4096, GROWTH_MOST = 1 << 16, CHANGES_MOST = 4, TAG_MOST = 64 };

typedef struct document {
    char *data;
    size_t size, room;
    uint64_t random;
} document;

static uint64_t next(document *at)
{
    at->random ^= at->random << 13;
    at->random ^= at->random >> 7;
    at->random ^= at->random << 17;
    return at->random;
}

/* 0 … most - 1; 0 for 0. */
static size_t below(document *at, size_t most)
{
    return most > 0 ? next(at) % most : 0;
}

/* Puts text in place of `length` bytes at `place`; nothing where there is no room. */
static void put(document *at, size_t place, size_t length, const char *text, size_t text_size)
{
    if (place > at->size || length > at->size - place || at->size - length + text_size > at->room)
        return;
    memmove(at->data + place + text_size, at->data + place + length, at->size - place - length);
    memcpy(at->data + place, text, text_size);
    at->size = at->size - length + text_size;
}

/* ---- any bytes ---- */

static void flip_bits(document *at)
{
    for (size_t i = below(at, 8) + 1; i > 0 && at->size > 0; i--)
        at->data[below(at, at->size)] ^= (char)(1 << below(at, 8));
}

static void overwrite(document *at)
{
    size_t place = below(at, at->size), length = below(at, 32) + 1;
    for (size_t i = place; i < at->size && i < place + length; i++)
        at->data[i] = (char)next(at);
}

static void cut_off(document *at)
{
    at->size = below(at, at->size);
}

static void repeat_block(document *at)
{
    char block[BLOCK_MOST];
    size_t from = below(at, at->size), length = below(at, BLOCK_MOST);
    length = length < at->size - from ? length : at->size - from;
    memcpy(block, at->data + from, length);
    put(at, below(at, at->size), 0, block, length);
}

static void drop_block(document *at)
{
    size_t from = below(at, at->size), length = below(at, BLOCK_MOST);
    put(at, from, length < at->size - from ? length : at->size - from, "", 0);
}

/* ---- numbers of text, as lengths, offsets and object numbers of a PDF ---- */

static bool find_number(document *at, size_t *from, size_t *length)
{
    size_t start = below(at, at->size);
    for (size_t i = 0; i < at->size; i++) {
        size_t place = (start + i) % at->size;
        if (!isdigit((unsigned char)at->data[place]) || (place > 0 && isdigit((unsigned char)at->data[place - 1])))
            continue;
        *from = place;
        for (*length = 0; place < at->size && isdigit((unsigned char)at->data[place]); place++)
            (*length)++;
        return true;
    }
    return false;
}

static void change_number(document *at)
{
    static const char *const odd[] = {"0",          "1",          "-1",          "65536",
                                      "2147483647", "4294967295", "99999999999", "9223372036854775808"};
    char text[32];
    size_t from, length, other, other_length;
    if (!find_number(at, &from, &length))
        return;
    size_t way = below(at, 3);
    if (way == 0) {
        snprintf(text, sizeof text, "%s", odd[below(at, sizeof odd / sizeof *odd)]);
    } else if (way == 1 && find_number(at, &other, &other_length) && other_length < sizeof text) {
        memcpy(text, at->data + other, other_length);
        text[other_length] = '\0';
    } else {
        snprintf(text, sizeof text, "%llu", strtoull(at->data + from, NULL, 10) % 1000000 + 1 - below(at, 3));
    }
    put(at, from, length, text, strlen(text));
}

/* ---- names of a PDF ---- */

static void change_name(document *at)
{
    static const char *const names[] = {
        "/Type", "/Length",      "/Filter", "/Kids",  "/Parent", "/Contents", "/Resources", "/Font", "/Count",  "/Root",
        "/Size", "/FlateDecode", "/W",      "/Index", "endobj",  "stream",    "obj",        "xref",  "trailer", "BT",
        "Tj",    "/Subtype",     "/Widths", "<<",     ">>",      "[",         "]",          "R"};
    enum { NAMES = sizeof names / sizeof *names };
    size_t first = below(at, NAMES), start = below(at, at->size);
    for (size_t i = 0; i < NAMES; i++) {
        const char *name = names[(first + i) % NAMES], *other = names[below(at, NAMES)];
        const char *found = memmem(at->data + start, at->size - start, name, strlen(name));
        if (found) {
            put(at, (size_t)(found - at->data), strlen(name), other, strlen(other));
            return;
        }
    }
}

/* ---- tags of XML ---- */

static void change_tag(document *at)
{
    char tag[TAG_MOST];
    size_t start = below(at, at->size);
    const char *open = memchr(at->data + start, '<', at->size - start);
    if (open == NULL)
        return;
    size_t place = (size_t)(open - at->data), length = 0;
    while (place + length < at->size && at->data[place + length] != '>' && length < TAG_MOST - 1)
        length++;
    length += place + length < at->size;
    memcpy(tag, open, length);
    switch (below(at, 5)) {
    case 0: /* taken away */
        put(at, place, length, "", 0);
        break;
    case 1: /* twice */
        put(at, place, 0, tag, length);
        break;
    case 2: /* moved */
        put(at, place, length, "", 0);
        put(at, below(at, at->size), 0, tag, length);
        break;
    case 3: /* very deep */
        for (size_t i = below(at, 400); i > 0; i--)
            put(at, place, 0, "<x>", 3);
        break;
    default: /* an entity, a comment, a reference */
        put(at, place, 0, below(at, 2) ? "&#0;&lt;&x;" : "<!-- <![CDATA[ -->", below(at, 11) + 1);
    }
}

/* ---- figures in the first bytes of a picture ---- */

static void change_head(document *at)
{
    static const uint32_t odd[] = {0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0x10000, 50000};
    size_t width = (size_t)1 << below(at, 3), place = below(at, at->size < 400 ? at->size : 400);
    uint32_t value = odd[below(at, sizeof odd / sizeof *odd)];
    bool little = below(at, 2);
    for (size_t i = 0; i < width && place + i < at->size; i++)
        at->data[place + i] = (char)(value >> 8 * (little ? i : width - 1 - i));
}

/* ---- all together ---- */

typedef struct change {
    const char *name;
    void (*make)(document *at);
} change;

static const change changes[] = {
    {"bits", flip_bits},           {"bytes", overwrite},      {"cut off", cut_off},      {"block twice", repeat_block},
    {"block missing", drop_block}, {"number", change_number}, {"number", change_number}, {"PDF name", change_name},
    {"XML tag", change_tag},       {"XML tag", change_tag},   {"head", change_head},     {"head", change_head}};
enum { ANY = 5, NUMBERS = 5, NAMES = 7, TAGS = 8, HEADS = 10 };

static const change *choose(document *at, const char *data, size_t size)
{
    bool pdf = memmem(data, size < 1024 ? size : 1024, "%PDF-", 5) != NULL;
    bool xml = !pdf && size > 0 && (data[0] == '<' || (unsigned char)data[0] == 0xEF);
    size_t way = below(at, 10);
    if (way < ANY)
        return &changes[way];
    if (pdf)
        return &changes[way < 8 ? NUMBERS : NAMES];
    if (xml)
        return &changes[way < 7 ? NUMBERS : TAGS];
    return &changes[HEADS];
}

mutant mutate(const char *data, size_t size, uint64_t seed)
{
    document at = {.size = size, .room = size + GROWTH_MOST, .random = seed * 0x9E3779B97F4A7C15u + 1};
    mutant out = {.how = ""};
    at.data = malloc(at.room + 1);
    if (at.data == NULL)
        return out;
    memcpy(at.data, data, size);
    for (size_t i = 0; i < 3; i++)
        next(&at);
    for (size_t i = below(&at, CHANGES_MOST) + 1; i > 0 && at.size > 0; i--) {
        const change *one = choose(&at, data, size);
        at.data[at.size] = '\0';
        one->make(&at);
        out.how = one->name;
    }
    out.data = at.data;
    out.size = at.size;
    return out;
}
