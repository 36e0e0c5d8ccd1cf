/* The prepared process's side of the channel: any packets, with no, one, two or three descriptors, on its control socket.
 * It refuses or forks a child; here the child is a check that every bound of the request holds. The first byte of each
 * packet says how many descriptors it has, the next two how long it is. */
#include "child.h"
#include "prepare.h"
#include "serve.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PACKETS_MOST = 16 };

pid_t dp_child_start(const dp_sandbox *sandbox, const dx_packet_request *request, int document, int socket,
                     volatile bool *out_of_memory)
{
    (void)sandbox;
    if (document < 0 || socket < 0 || *out_of_memory || request->timeout_ms <= 0 || request->timeout_ms > 3600000 ||
        request->max_pages <= 0 || request->max_pixels <= 0 || request->memory_bytes < (64u << 20) ||
        request->max_message == 0 || request->max_message > (1u << 30) ||
        (request->task != DX_PACKET_READ && request->task != DX_PACKET_RENDER) ||
        !memchr(request->languages, '\0', sizeof request->languages))
        abort();
    return -1;
}

void dp_reply(int socket, const dx_packet_reply *reply, int message)
{
    if (socket < 0 || message >= 0 || reply->magic != DX_PACKET_MAGIC || reply->status == DX_PACKET_OK)
        abort();
}

void dp_prepare(dp_sandbox *sandbox)
{
    *sandbox = (dp_sandbox){0};
}

const char *dp_languages(void)
{
    return "eng";
}

static void send_packet(int socket, const uint8_t *data, size_t size, int descriptors)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(3 * sizeof(int))];
    } control;
    const int fds[3] = {STDIN_FILENO, socket, STDIN_FILENO};
    size_t bytes = (size_t)descriptors * sizeof(int);
    struct iovec part = {.iov_base = (void *)(uintptr_t)data, .iov_len = size};
    struct msghdr packet = {.msg_iov = &part, .msg_iovlen = 1};
    if (descriptors > 0) {
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

static void send_all(int socket, const uint8_t *data, size_t size)
{
    for (int count = 0; size >= 3 && count < PACKETS_MOST; count++) {
        size_t length = (size_t)data[1] | (size_t)data[2] << 8;
        length = length < size - 3 ? length : size - 3;
        if (length == 0)
            length = size - 3;
        if (length > 0)
            send_packet(socket, data + 3, length, data[0] % 4);
        data += 3 + length;
        size -= 3 + length;
    }
}

static int next_descriptor(void)
{
    int fd = dup(STDERR_FILENO);
    close(fd);
    return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int pair[2];
    int before = next_descriptor();
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        abort();
    send_all(pair[0], data, size);
    shutdown(pair[0], SHUT_WR);
    if (dp_serve(pair[1]) != 0)
        abort();
    close(pair[0]);
    close(pair[1]);
    /* None of the descriptors that came along stays open. */
    if (next_descriptor() != before)
        abort();
    return 0;
}
