#include "io_reader_samples.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OBJECTS_MAX = 2048 };

/* A PDF while it is written: where each object starts. */
typedef struct pdf {
    dx_buffer *out;
    size_t starts[OBJECTS_MAX];
    int count;
} pdf;

const char *sample_program(void)
{
    return DOXIN_DOCPARSE;
}

static void object(pdf *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void object(pdf *to, const char *format, ...)
{
    char body[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(body, sizeof body, format, arguments);
    va_end(arguments);
    to->starts[to->count++] = to->out->len;
    dx_buffer_printf(to->out, "%d 0 obj\n%s\nendobj\n", to->count, body);
}

static void stream(pdf *to, const char *dictionary, const char *content)
{
    object(to, "<<%s/Length %zu>>\nstream\n%s\nendstream", dictionary, strlen(content), content);
}

static void finish(pdf *to)
{
    size_t at = to->out->len;
    dx_buffer_printf(to->out, "xref\n0 %d\n0000000000 65535 f \n", to->count + 1);
    for (int i = 0; i < to->count; i++)
        dx_buffer_printf(to->out, "%010zu 00000 n \n", to->starts[i]);
    dx_buffer_printf(to->out, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", to->count + 1, at);
}

static void begin(pdf *to, dx_buffer *out, int pages)
{
    char kids[20 * 1024] = "";
    size_t used = 0;
    to->out = out;
    to->count = 0;
    dx_buffer_text(out, "%PDF-1.4\n");
    object(to, "<</Type/Catalog/Pages 2 0 R>>");
    for (int i = 0; i < pages; i++)
        used += (size_t)snprintf(kids + used, sizeof kids - used, "%d 0 R ", 4 + 2 * i);
    to->starts[to->count++] = out->len;
    dx_buffer_printf(out, "2 0 obj\n<</Type/Pages/Count %d/Kids[%s]>>\nendobj\n", pages, kids);
    object(to, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>");
}

void sample_pdf(dx_buffer *out, int pages, const char *text)
{
    static pdf writing;
    begin(&writing, out, pages);
    for (int i = 0; i < pages; i++) {
        char content[1024];
        object(&writing,
               "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R>>",
               5 + 2 * i);
        snprintf(content, sizeof content,
                 "BT /F 12 Tf 72 700 Td (Page %d) Tj 0 -20 Td (%s) Tj ET 0.5 w 72 660 m 472 660 l S", i + 1, text);
        stream(&writing, "", content);
    }
    finish(&writing);
}

void sample_endless_pdf(dx_buffer *out)
{
    static pdf writing;
    begin(&writing, out, 1);
    object(&writing,
           "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</X 6 0 R>>>>/Contents 5 0 R>>");
    stream(&writing, "", "/X Do");
    for (int depth = 0; depth < 12; depth++) {
        char dictionary[128];
        snprintf(dictionary, sizeof dictionary,
                 "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X %d 0 R>>>>", 7 + depth);
        stream(&writing, dictionary, "/X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do /X Do");
    }
    stream(&writing, "/Type/XObject/Subtype/Form/BBox[0 0 595 842]", "0 0 m 10 10 l S");
    finish(&writing);
}

void sample_encrypted_pdf(dx_buffer *out)
{
    dx_buffer_text(out, "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
                        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\n"
                        "4 0 obj<</Filter/Standard/V 1/R 2/P -4"
                        "/O<0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef>"
                        "/U<fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210>>>endobj\n"
                        "trailer<</Root 1 0 R/Encrypt 4 0 R"
                        "/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]>>\n%%EOF\n");
}

static uint32_t crc(const unsigned char *data, size_t size)
{
    uint32_t value = 0xffffffffu;
    for (size_t i = 0; i < size; i++) {
        value ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            value = value & 1 ? 0xedb88320u ^ (value >> 1) : value >> 1;
    }
    return ~value;
}

static void put_number(unsigned char *out, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (unsigned char)(value >> (24 - 8 * i));
}

static void chunk(dx_buffer *out, const char *name, const unsigned char *data, size_t size)
{
    unsigned char bytes[64], number[4];
    memcpy(bytes, name, 4);
    memcpy(bytes + 4, data, size);
    put_number(number, (uint32_t)size);
    dx_buffer_add(out, number, 4);
    dx_buffer_add(out, bytes, size + 4);
    put_number(number, crc(bytes, size + 4));
    dx_buffer_add(out, number, 4);
}

void sample_png_header(dx_buffer *out, unsigned width, unsigned height)
{
    unsigned char header[13] = {[8] = 8};
    static const unsigned char data[] = {0x78, 0x9c, 0x63, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01};
    put_number(header, width);
    put_number(header + 4, height);
    dx_buffer_add(out, "\x89PNG\r\n\x1A\n", 8);
    chunk(out, "IHDR", header, sizeof header);
    chunk(out, "IDAT", data, sizeof data);
    chunk(out, "IEND", data, 0);
}

/* A process of the program whose parent is that one; a zombie has no program any more. */
static int process_of(int parent)
{
    char path[64], program[4096], line[512];
    int found = 0;
    DIR *all = opendir("/proc");
    for (struct dirent *entry; all && !found && (entry = readdir(all)) != NULL;) {
        int id = (int)strtol(entry->d_name, NULL, 10), its_parent = 0;
        if (id <= 0)
            continue;
        snprintf(path, sizeof path, "/proc/%d/exe", id);
        ssize_t length = readlink(path, program, sizeof program - 1);
        program[length > 0 ? length : 0] = '\0';
        if (strstr(program, "doxin-docparse") == NULL)
            continue;
        snprintf(path, sizeof path, "/proc/%d/stat", id);
        FILE *file = fopen(path, "r");
        if (file && fgets(line, sizeof line, file) && strrchr(line, ')'))
            sscanf(strrchr(line, ')') + 1, " %*c %d", &its_parent);
        if (file)
            fclose(file);
        if (its_parent == parent)
            found = id;
    }
    if (all)
        closedir(all);
    return found;
}

int sample_prepared(void)
{
    return process_of((int)getpid());
}

int sample_child(void)
{
    int prepared = sample_prepared();
    return prepared ? process_of(prepared) : 0;
}

void sample_call_begin(sample_call *call)
{
    dx_cancel_init(&call->cancel);
    dx_ctx_init(&call->ctx, 64 << 20);
    call->ctx.cancel = &call->cancel;
}

void sample_call_end(sample_call *call)
{
    dx_ctx_destroy(&call->ctx);
    dx_cancel_destroy(&call->cancel);
}
