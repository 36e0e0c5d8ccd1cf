#include "child.h"

#include "document.h"
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Where the child has its descriptors; everything above is closed. */
enum { SOCKET_FD = 3, DOCUMENT_FD, MESSAGE_FD, FIRST_CLOSED_FD, ABOVE_ALL_FD = 256 };

enum { EXIT_SANDBOX = 113, SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

void dp_reply(int socket, const dx_packet_reply *reply, int message)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = {.iov_base = (void *)(uintptr_t)reply, .iov_len = sizeof *reply};
    struct msghdr packet = {.msg_iov = &part, .msg_iovlen = 1};
    if (message >= 0) {
        memset(&control, 0, sizeof control);
        packet.msg_control = control.bytes;
        packet.msg_controllen = sizeof control.bytes;
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(&control.header), &message, sizeof message);
    }
    while (sendmsg(socket, &packet, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 && errno == EINTR)
        continue;
}

static uint32_t elapsed_us(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)((now.tv_sec - start->tv_sec) * 1000000 + (now.tv_nsec - start->tv_nsec) / 1000);
}

/* Copies bytes into the message's memory, whose size (the most allowed) was set before the fork. */
static void *message_room(size_t size)
{
    void *room = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, MESSAGE_FD, 0);
    return room == MAP_FAILED ? NULL : room;
}

static enum dx_packet_status read_task(const dp_source *source, size_t *size, dp_failure *failure)
{
    struct timespec start;
    dp_message message;
    clock_gettime(CLOCK_MONOTONIC, &start);
    dp_message_init(&message, source->request->max_message);
    enum dx_packet_status status = dp_document_read(source, &message, failure);
    if (status != DX_PACKET_OK)
        return status;
    *size = dp_message_finish(&message);
    if (*size == 0 && message.header.word_count >= message.max_words)
        return dp_fail(failure, DX_PACKET_TOO_LARGE, "the document has more than %u words (max_words)",
                       message.max_words);
    if (*size == 0)
        return dp_fail(failure, DX_PACKET_TOO_LARGE, "the document has more than %llu MiB of text and attachments",
                       (unsigned long long)source->request->max_message >> 20);
    void *room = message_room(*size);
    if (room == NULL)
        return dp_fail(failure, DX_PACKET_MEMORY, "there is no memory for the message");
    message.header.parse_us = elapsed_us(&start);
    dp_message_write(&message, room);
    munmap(room, *size);
    return DX_PACKET_OK;
}

static enum dx_packet_status render_task(const dp_source *source, size_t *size, dp_failure *failure)
{
    void *picture = NULL;
    enum dx_packet_status status = dp_document_render(source, &picture, size, failure);
    if (status != DX_PACKET_OK)
        return status;
    if (*size > source->request->max_message)
        return dp_fail(failure, DX_PACKET_TOO_LARGE, "the picture of the page is too large");
    void *room = message_room(*size);
    if (room == NULL)
        return dp_fail(failure, DX_PACKET_MEMORY, "there is no memory for the picture");
    memcpy(room, picture, *size);
    munmap(room, *size);
    return DX_PACKET_OK;
}

static void answer(enum dx_packet_status status, size_t size, const dp_failure *failure)
{
    dx_packet_reply reply = {.magic = DX_PACKET_MAGIC, .status = status, .size = size};
    if (status == DX_PACKET_OK &&
        (ftruncate(MESSAGE_FD, (off_t)size) != 0 || fcntl(MESSAGE_FD, F_ADD_SEALS, SEALS) != 0)) {
        reply.status = DX_PACKET_FAILED;
        snprintf(reply.text, sizeof reply.text, "the message cannot be sealed: %s", strerror(errno));
    } else {
        snprintf(reply.text, sizeof reply.text, "%s", failure->text);
    }
    dp_reply(SOCKET_FD, &reply, reply.status == DX_PACKET_OK ? MESSAGE_FD : -1);
}

/* A library that got no memory often says that the document is damaged. */
static void run(const dx_packet_request *request, const volatile bool *out_of_memory)
{
    dp_failure failure = {.status = DX_PACKET_OK};
    enum dx_packet_status status;
    struct stat info;
    size_t size = 0;
    if (fstat(DOCUMENT_FD, &info) != 0 || info.st_size <= 0) {
        answer(dp_fail(&failure, DX_PACKET_REFUSED, "the document has no bytes"), 0, &failure);
        return;
    }
    dp_source source = {.size = (size_t)info.st_size, .request = request};
    source.data = mmap(NULL, source.size, PROT_READ, MAP_PRIVATE, DOCUMENT_FD, 0);
    if (source.data == MAP_FAILED)
        status = dp_fail(&failure, DX_PACKET_MEMORY, "there is no memory for the document");
    else if (request->task == DX_PACKET_READ)
        status = read_task(&source, &size, &failure);
    else
        status = render_task(&source, &size, &failure);
    if (status == DX_PACKET_DAMAGED && *out_of_memory)
        status = dp_fail(&failure, DX_PACKET_MEMORY, "there is not enough memory for the document");
    answer(status, size, &failure);
}

/* Puts the three descriptors at their places, whatever numbers they have, and closes all others: those of other
 * documents and the control socket. */
static bool keep(int socket, int document, int message)
{
    const int from[] = {socket, document, message};
    for (int i = 0; i < 3; i++)
        if (dup2(from[i], ABOVE_ALL_FD + i) < 0)
            return false;
    for (int i = 0; i < 3; i++)
        if (dup2(ABOVE_ALL_FD + i, SOCKET_FD + i) < 0)
            return false;
    return close_range(FIRST_CLOSED_FD, ~0U, 0) == 0;
}

static _Noreturn void child(const dp_sandbox *sandbox, const dx_packet_request *request, int document, int socket,
                            int message, volatile bool *out_of_memory, pid_t parent)
{
    int cpu_seconds = request->timeout_ms / 1000 + 2;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGXFSZ, SIG_IGN); /* what libraries have to say on a standard error that is a file is lost, not deadly */
    if (getppid() != parent || !keep(socket, document, message))
        _exit(EXIT_SANDBOX);
    dp_memory_watch(out_of_memory);
    if (!dp_sandbox_child(sandbox, request->memory_bytes, cpu_seconds))
        _exit(EXIT_SANDBOX);
    run(request, out_of_memory);
    _exit(0);
}

pid_t dp_child_start(const dp_sandbox *sandbox, const dx_packet_request *request, int document, int socket,
                     volatile bool *out_of_memory)
{
    int message = memfd_create("message", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (message < 0)
        return -1;
    pid_t id = -1, parent = getpid();
    if (ftruncate(message, (off_t)request->max_message) == 0)
        id = fork();
    if (id == 0)
        child(sandbox, request, document, socket, message, out_of_memory, parent);
    close(message);
    return id;
}
