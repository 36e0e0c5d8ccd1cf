/* JPEG segments up to the first EXIF one (APP1), then the first directory of its TIFF part. Every offset is checked. */
#include "exif.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { ORIENTATION = 274, ENTRY = 12, APP1 = 0xE1, START_OF_SCAN = 0xDA };

typedef struct block {
    const uint8_t *data;
    size_t size;
    bool little;
} block;

static uint32_t number(const block *in, size_t at, int bytes)
{
    uint32_t value = 0;
    if (at > in->size || in->size - at < (size_t)bytes)
        return 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | in->data[at + (size_t)(in->little ? bytes - 1 - i : i)];
    return value;
}

static int orientation_of(block tiff)
{
    if (tiff.size < 8 || (memcmp(tiff.data, "II", 2) != 0 && memcmp(tiff.data, "MM", 2) != 0))
        return 1;
    tiff.little = tiff.data[0] == 'I';
    size_t directory = number(&tiff, 4, 4);
    uint32_t count = number(&tiff, directory, 2);
    for (uint32_t i = 0; i < count; i++) {
        size_t entry = directory + 2 + (size_t)i * ENTRY;
        if (entry > tiff.size || tiff.size - entry < ENTRY)
            break;
        if (number(&tiff, entry, 2) == ORIENTATION) {
            uint32_t value = number(&tiff, entry + 8, 2);
            return value >= 1 && value <= 8 ? (int)value : 1;
        }
    }
    return 1;
}

int dp_exif_orientation(const void *data, size_t size)
{
    const block file = {.data = data, .size = size};
    size_t at = 2;
    while (at + 4 <= size && file.data[at] == 0xFF && file.data[at + 1] != START_OF_SCAN) {
        size_t length = number(&file, at + 2, 2);
        if (length < 2 || length > size - at - 2)
            break;
        const uint8_t *body = file.data + at + 4;
        if (file.data[at + 1] == APP1 && length >= 8 && memcmp(body, "Exif\0\0", 6) == 0)
            return orientation_of((block){.data = body + 6, .size = length - 8});
        at += 2 + length;
    }
    return 1;
}
