/* The library's side of the channel, as a child that was taken over would write it: any bytes as a reply, with a message
 * that is sealed or not, of the size it says or another. It is an error of the document, or a message that is looked at;
 * nothing stays open or mapped. First byte: what comes along; then the reply; then the message. */
#include "core/page/page.h"
#include "io/reader/reader_internal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WITH_MESSAGE = 1, SEALED = 2, REAL_SIZE = 4, REAL_HEAD = 8, TWICE = 16, NO_REPLY = 32 };

static const uint8_t *input;
static size_t input_size;

/* ---- what stands for process.c ---- */

bool dx_process_init(dx_process *process, const char *program, const dx_log *log)
{
    (void)process;
    (void)program;
    (void)log;
    return true;
}

void dx_process_destroy(dx_process *process)
{
    (void)process;
}

doxin_status dx_process_ready(dx_process *process, dx_ctx *ctx, unsigned long *generation)
{
    (void)process;
    (void)ctx;
    *generation = 1;
    return DOXIN_OK;
}

void dx_process_lost(dx_process *process, unsigned long generation)
{
    (void)process;
    (void)generation;
}

static int message_of(const uint8_t *data, size_t size, bool sealed)
{
    int fd = memfd_create("message", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size ||
        (sealed && fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0))
        abort();
    return fd;
}

static void answer_with(int socket, const dx_packet_reply *reply, size_t reply_size, int fd, int copies)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control;
    const int fds[2] = {fd, fd};
    size_t bytes = (size_t)copies * sizeof(int);
    struct iovec part = {.iov_base = (void *)(uintptr_t)reply, .iov_len = reply_size};
    struct msghdr packet = {.msg_iov = &part, .msg_iovlen = 1};
    if (fd >= 0) {
        memset(&control, 0, sizeof control);
        packet.msg_control = control.bytes;
        packet.msg_controllen = CMSG_SPACE(bytes);
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(bytes);
        memcpy(CMSG_DATA(&control.header), fds, bytes);
    }
    (void)!sendmsg(socket, &packet, MSG_DONTWAIT | MSG_NOSIGNAL);
}

bool dx_process_send(dx_process *process, unsigned long generation, const dx_packet_request *request, int document,
                     int answer)
{
    dx_packet_reply reply = {0};
    (void)process;
    (void)generation;
    (void)document;
    if (request->magic != DX_PACKET_MAGIC || input_size < 1 || (input[0] & NO_REPLY))
        return input_size > 0;
    int how = input[0];
    size_t left = input_size - 1, reply_size = left < sizeof reply ? left : sizeof reply;
    memcpy(&reply, input + 1, reply_size);
    const uint8_t *message = input + 1 + reply_size;
    left -= reply_size;
    if (how & REAL_HEAD)
        reply.magic = DX_PACKET_MAGIC, reply.status %= DX_PACKET_FAILED + 2;
    if (how & REAL_SIZE)
        reply.size = left;
    int fd = how & WITH_MESSAGE ? message_of(message, left, (how & SEALED) != 0) : -1;
    answer_with(answer, &reply, how & REAL_HEAD ? sizeof reply : reply_size, fd, how & TWICE ? 2 : 1);
    if (fd >= 0)
        close(fd);
    return true;
}

/* ---- the target ---- */

static int next_descriptor(void)
{
    int fd = dup(STDERR_FILENO);
    close(fd);
    return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dx_ctx ctx;
    dx_reader *reader = NULL;
    dx_message message = {0};
    dx_pages *pages = NULL;
    input = data;
    input_size = size;
    int before = next_descriptor();
    if (!dx_ctx_init(&ctx, (size_t)64 << 20) || dx_reader_new(&(dx_reader_options){.parsers = 1}, &reader) != DOXIN_OK)
        return 0;
    doxin_status status = dx_reader_read(reader, &ctx, "%PDF", 4, NULL, &message);
    if ((status == DOXIN_OK) != (message.data != NULL) || status != ctx.error.status)
        abort();
    if (status == DOXIN_OK)
        (void)dx_pages_decode(&ctx, message.data, message.size, &pages);
    dx_message_free(&message);
    dx_reader_free(reader);
    dx_ctx_destroy(&ctx);
    if (next_descriptor() != before)
        abort();
    return 0;
}
