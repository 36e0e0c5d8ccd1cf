/* What reading a scan costs beside the recogniser's own passes: the parser's parts as they are, in a process for each
 * file as there, with the recogniser's entry points wrapped by the linker so that their time is known. */
#include "document.h"
#include "pdf.h"
#include "picture.h"
#include "recognise.h"
#include "rounds.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <tesseract/capi.h>
#include <unistd.h>

int __real_TessBaseAPIRecognize(TessBaseAPI *engine, ETEXT_DESC *monitor);
int __wrap_TessBaseAPIRecognize(TessBaseAPI *engine, ETEXT_DESC *monitor);
BOOL __real_TessBaseAPIDetectOrientationScript(TessBaseAPI *engine, int *degrees, float *sure, const char **script,
                                               float *script_sure);
BOOL __wrap_TessBaseAPIDetectOrientationScript(TessBaseAPI *engine, int *degrees, float *sure, const char **script,
                                               float *script_sure);

typedef struct figures {
    double all, passes;
    int pages, pass_count;
    bool read;
} figures;

static figures own;

int __wrap_TessBaseAPIRecognize(TessBaseAPI *engine, ETEXT_DESC *monitor)
{
    double start = bench_seconds();
    int result = __real_TessBaseAPIRecognize(engine, monitor);
    own.passes += bench_seconds() - start;
    own.pass_count++;
    return result;
}

/* The look at the script is the recogniser's work as well, but no pass. */
BOOL __wrap_TessBaseAPIDetectOrientationScript(TessBaseAPI *engine, int *degrees, float *sure, const char **script,
                                               float *script_sure)
{
    double start = bench_seconds();
    BOOL result = __real_TessBaseAPIDetectOrientationScript(engine, degrees, sure, script, script_sure);
    own.passes += bench_seconds() - start;
    return result;
}

static void read_one(const bench_file *file, const dx_packet_request *request)
{
    dp_failure failure = {.status = DX_PACKET_OK};
    dp_message message;
    dp_source source = {.data = file->data, .size = file->size, .request = request};
    double start = bench_seconds();
    dp_message_init(&message, request->max_message);
    own.read = dp_document_read(&source, &message, &failure) == DX_PACKET_OK && dp_message_finish(&message) > 0;
    own.all = bench_seconds() - start;
    own.pages = (int)message.header.page_count;
    if (!own.read)
        fprintf(stderr, "%s: %s\n", file->path, failure.text);
}

/* A process for each document, as in the parser: the next one finds nothing that this one left. */
static figures read_apart(const bench_file *file, const dx_packet_request *request)
{
    int pair[2];
    figures got = {0};
    fflush(stdout);
    if (pipe(pair) != 0)
        exit(1);
    pid_t child = fork();
    if (child == 0) {
        read_one(file, request);
        _exit(write(pair[1], &own, sizeof own) == (ssize_t)sizeof own ? 0 : 1);
    }
    close(pair[1]);
    if (child < 0 || read(pair[0], &got, sizeof got) != (ssize_t)sizeof got)
        got = (figures){0};
    close(pair[0]);
    waitpid(child, NULL, 0);
    return got;
}

int main(int count, char **items)
{
    static const dx_packet_request request = {.magic = DX_PACKET_MAGIC,
                                              .version = DX_PACKET_VERSION,
                                              .task = DX_PACKET_READ,
                                              .max_pages = 500,
                                              .max_attachments = 200,
                                              .max_attachment_bytes = 32 << 20,
                                              .timeout_ms = 600000,
                                              .max_pixels = 100000000,
                                              .memory_bytes = (uint64_t)2 << 30,
                                              .max_message = 256 << 20};
    const bench_file *files = bench_files(count - 1, items + 1);
    dp_pdf_prepare();
    dp_picture_prepare();
    dp_recognise_prepare();
    while (bench_next_round()) {
        figures sum = {0};
        int read = 0;
        for (int i = 0; i < count - 1; i++) {
            figures one = read_apart(&files[i], &request);
            sum.all += one.all;
            sum.passes += one.passes;
            sum.pages += one.pages;
            sum.pass_count += one.pass_count;
            read += one.read;
        }
        printf("{\"read\": %d, \"pages\": %d, \"passes\": %d, \"all\": %.6f, \"recogniser\": %.6f}\n", read, sum.pages,
               sum.pass_count, sum.all, sum.passes);
    }
    /* Not exit(): the recogniser's destructors complain about what is not theirs to give back. */
    fflush(stdout);
    _exit(0);
}
