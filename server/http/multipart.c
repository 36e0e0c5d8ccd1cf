#include "http/multipart.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { HEADERS_MAX = 8192 };

/* The value of a parameter of a header ("; name=value", "; name=\"value\""), quotes undone. False: not there, or too long. */
static bool parameter(const char *header, size_t size, const char *name, char *out, size_t out_size)
{
    size_t name_size = strlen(name);
    const char *end = header + size;
    for (const char *p = memchr(header, ';', size); p; p = memchr(p, ';', (size_t)(end - p))) {
        p++;
        while (p < end && (*p == ' ' || *p == '\t'))
            p++;
        if ((size_t)(end - p) <= name_size || strncasecmp(p, name, name_size) != 0 || p[name_size] != '=')
            continue;
        p += name_size + 1;
        bool quoted = p < end && *p == '"';
        size_t used = 0;
        if (quoted)
            p++;
        for (; p < end && *p != (quoted ? '"' : ';') && used + 1 < out_size; p++) {
            if (quoted && *p == '\\' && p + 1 < end && (p[1] == '"' || p[1] == '\\'))
                p++;
            out[used++] = *p;
        }
        while (!quoted && used > 0 && out[used - 1] == ' ')
            used--;
        out[used] = '\0';
        return p == end || *p == (quoted ? '"' : ';');
    }
    return false;
}

bool multipart_begin(multipart *form, const char *content_type, const char *body, size_t size)
{
    char boundary[72];
    if (!content_type || strncasecmp(content_type, "multipart/form-data", 19) != 0 ||
        !parameter(content_type, strlen(content_type), "boundary", boundary, sizeof boundary) || !*boundary)
        return false;
    *form = (multipart){.at = body, .end = body + size};
    int written = snprintf(form->boundary, sizeof form->boundary, "\r\n--%s", boundary);
    form->boundary_size = (size_t)written;
    return true;
}

static const char *find(const char *at, const char *end, const char *what, size_t size)
{
    return (size_t)(end - at) < size ? NULL : memmem(at, (size_t)(end - at), what, size);
}

/* "filename*=UTF-8''a%20b" (RFC 5987). */
static void decode_extended(char *value)
{
    char *from = strchr(value, '\'');
    from = from ? strchr(from + 1, '\'') : NULL;
    if (!from)
        return;
    char *to = value;
    for (from++; *from; from++) {
        int byte = *from == '%' ? text_hex_byte(from + 1) : -1;
        if (byte > 0) {
            *to++ = (char)byte;
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
}

static void read_header(multipart_part *part, const char *line, size_t size)
{
    static const char disposition[] = "content-disposition:";
    static const char type[] = "content-type:";
    if (size > sizeof disposition - 1 && strncasecmp(line, disposition, sizeof disposition - 1) == 0) {
        parameter(line, size, "name", part->name, sizeof part->name);
        part->is_file = parameter(line, size, "filename", part->file_name, sizeof part->file_name);
        char extended[sizeof part->file_name];
        if (parameter(line, size, "filename*", extended, sizeof extended)) {
            decode_extended(extended);
            memcpy(part->file_name, extended, sizeof extended);
            part->is_file = true;
        }
    } else if (size > sizeof type - 1 && strncasecmp(line, type, sizeof type - 1) == 0) {
        const char *value = line + sizeof type - 1;
        while (value < line + size && *value == ' ')
            value++;
        snprintf(part->type, sizeof part->type, "%.*s", (int)(line + size - value), value);
    }
}

static bool read_headers(multipart *form, multipart_part *part)
{
    const char *blank = find(form->at, form->end, "\r\n\r\n", 4);
    if (!blank || blank - form->at > HEADERS_MAX) {
        form->problem = "the headers of a part do not end";
        return false;
    }
    if (memchr(form->at, '\0', (size_t)(blank - form->at))) {
        form->problem = "the headers of a part hold a NUL byte";
        return false;
    }
    for (const char *line = form->at; line < blank;) {
        const char *end = find(line, blank, "\r\n", 2);
        if (!end)
            end = blank;
        read_header(part, line, (size_t)(end - line));
        line = end + 2;
    }
    form->at = blank + 4;
    return true;
}

bool multipart_next(multipart *form, multipart_part *part)
{
    memset(part, 0, sizeof *part);
    form->problem = NULL;
    /* The first boundary may stand at the very beginning, without a line break before it. */
    if (form->at && (size_t)(form->end - form->at) >= form->boundary_size - 2 &&
        memcmp(form->at, form->boundary + 2, form->boundary_size - 2) == 0)
        form->at += form->boundary_size - 2;
    else if ((form->at = find(form->at, form->end, form->boundary, form->boundary_size)))
        form->at += form->boundary_size;
    else {
        form->problem = "the boundary that the Content-Type names is not in the body";
        return false;
    }
    if (form->end - form->at >= 2 && memcmp(form->at, "--", 2) == 0)
        return false;
    if (form->end - form->at < 2 || memcmp(form->at, "\r\n", 2) != 0) {
        form->problem = "a boundary is not followed by a line break";
        return false;
    }
    form->at += 2;
    if (!read_headers(form, part))
        return false;
    const char *end = find(form->at, form->end, form->boundary, form->boundary_size);
    if (!end) {
        form->problem = "the body ends in the middle of a part";
        return false;
    }
    part->data = form->at;
    part->size = (size_t)(end - form->at);
    form->at = end;
    return true;
}
