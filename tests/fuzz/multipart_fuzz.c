/* Any body under a boundary of its own first line: parts stay inside the body, in order, and the reading ends. */
#include "http/multipart.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char type[256];
    const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
    size_t length = line ? (size_t)(line - data) : 0;
    if (!line || length >= sizeof type)
        return 0;
    memcpy(type, data, length);
    type[length] = '\0';
    const char *body = (const char *)line + 1;
    const char *end = (const char *)data + size;
    multipart form;
    multipart_part part;
    if (!multipart_begin(&form, type, body, (size_t)(end - body)))
        return 0;
    const char *before = body;
    for (size_t count = 0; multipart_next(&form, &part); count++) {
        if (part.data < before || part.size > (size_t)(end - part.data) || count > size)
            abort();
        before = part.data + part.size;
        if (strlen(part.name) >= sizeof part.name || strlen(part.file_name) >= sizeof part.file_name)
            abort();
    }
    return 0;
}
