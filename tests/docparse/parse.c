/* The document parser under the sanitizers. The program itself is built without them, as their memory would pass its
 * limit of address space; here its parts read the files that they are given, whole, cut off and with the recogniser,
 * without the sandbox round them, and the message must pass the library's own checks. Its memory is that of a process for
 * one document and is not given back: each ends with _exit, before leaks are looked for. */
#include "base/rt/ctx.h"
#include "core/page/page.h"
#include "document.h"
#include "sniff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void check_message(dp_message *message, const char *name)
{
    dx_ctx ctx;
    dx_pages *pages = NULL;
    size_t size = dp_message_finish(message);
    void *whole = malloc(size);
    if (size == 0 || whole == NULL || !dx_ctx_init(&ctx, 0))
        _exit(1);
    dp_message_write(message, whole);
    if (dx_pages_decode(&ctx, whole, size, &pages) != DOXIN_OK) {
        fprintf(stderr, "%s: %s\n", name, ctx.error.message);
        _exit(1);
    }
    dx_ctx_destroy(&ctx);
    free(whole);
}

/* In a child of its own, as a document is parsed. An exact block lets the sanitizer see one byte too far. */
static void parse(const char *data, size_t size, const char *name, const dx_packet_request *request, bool must_be_read)
{
    dp_failure failure = {.status = DX_PACKET_OK};
    dp_message message;
    char *copy = malloc(size ? size : 1);
    if (copy == NULL)
        _exit(1);
    memcpy(copy, data, size);
    dp_source source = {.data = copy, .size = size, .request = request, .kind = dp_sniff(copy, size, &failure)};
    dp_message_init(&message, request->max_message);
    enum dx_packet_status status = source.kind == 0 ? failure.status : dp_document_read(&source, &message, &failure);
    if (status == DX_PACKET_OK)
        check_message(&message, name);
    else if (must_be_read) {
        fprintf(stderr, "%s: %s\n", name, failure.text);
        _exit(1);
    }
    _exit(0);
}

static int parse_apart(const char *data, size_t size, const char *name, const dx_packet_request *request,
                       bool must_be_read)
{
    int state = 1;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        parse(data, size, name, request, must_be_read);
    if (child < 0 || waitpid(child, &state, 0) != child || state != 0)
        fprintf(stderr, "%s (%zu bytes): ended with %d\n", name, size, state);
    return state != 0;
}

static char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    char *data = malloc(8 << 20);
    *size = file && data ? fread(data, 1, 8 << 20, file) : 0;
    if (file)
        fclose(file);
    return data;
}

int main(int count, char **paths)
{
    int failed = 0;
    dx_packet_request request = {.magic = DX_PACKET_MAGIC,
                                 .version = DX_PACKET_VERSION,
                                 .task = DX_PACKET_READ,
                                 .ocr = DX_PACKET_OCR_NEVER,
                                 .want = DX_PACKET_WANT_RULES | DX_PACKET_WANT_CODES,
                                 .max_pages = 500,
                                 .max_attachments = 200,
                                 .max_attachment_bytes = 32 << 20,
                                 .timeout_ms = 60000,
                                 .max_pixels = 100000000,
                                 .memory_bytes = 1 << 30,
                                 .max_message = 64 << 20};
    for (int i = 1; i < count; i++) {
        size_t size;
        char *data = read_file(paths[i], &size);
        failed += size == 0 || parse_apart(data, size, paths[i], &request, true);
        for (size_t part = 1; part < 10; part++)
            failed += parse_apart(data, size * part / 10, paths[i], &request, false);
        free(data);
    }
    /* The recogniser takes seconds under the sanitizers: once. */
    request.ocr = DX_PACKET_OCR_ALWAYS;
    request.want = 0;
    snprintf(request.languages, sizeof request.languages, "eng");
    size_t size = 0;
    char *data = count > 1 ? read_file(paths[1], &size) : NULL;
    failed += size == 0 || parse_apart(data, size, paths[1], &request, true);
    free(data);
    printf("%d documents, whole and cut, %d failures\n", count - 1, failed);
    return failed != 0 || count < 2;
}
