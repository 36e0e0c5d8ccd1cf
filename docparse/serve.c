#include "serve.h"

#include "child.h"
#include "prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct child_state {
    int pidfd; /* -1: a free place */
    int socket;
    int64_t deadline_ms;
    bool timed_out;
    bool left; /* the asker has gone */
} child_state;

typedef struct server {
    dp_sandbox sandbox;
    int control;
    volatile bool *out_of_memory; /* DP_CHILDREN_MAX flags in shared memory */
    child_state children[DP_CHILDREN_MAX];
    int running;
} server;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void dp_bound_request(dx_packet_request *request)
{
    const uint64_t most_message = 1u << 30, least_memory = 64u << 20;
    if (request->timeout_ms <= 0 || request->timeout_ms > 3600000)
        request->timeout_ms = 60000;
    if (request->max_pages <= 0)
        request->max_pages = 500;
    if (request->max_pixels <= 0)
        request->max_pixels = 100000000;
    if (request->max_words <= 0)
        request->max_words = 1000000;
    if (request->max_attachments <= 0)
        request->max_attachments = 200;
    if (request->max_attachment_bytes <= 0)
        request->max_attachment_bytes = 32 << 20;
    if (request->memory_bytes == 0)
        request->memory_bytes = 2ull << 30;
    if (request->memory_bytes < least_memory)
        request->memory_bytes = least_memory;
    if (request->max_message == 0 || request->max_message > most_message)
        request->max_message = 256u << 20;
    request->languages[sizeof request->languages - 1] = '\0';
}

static void say_hello(const server *serving)
{
    dx_packet_hello hello = {.magic = DX_PACKET_MAGIC,
                             .version = DX_PACKET_VERSION,
                             .layers = serving->sandbox.layers,
                             .landlock_abi = serving->sandbox.landlock_abi,
                             .most_children = DP_CHILDREN_MAX};
    snprintf(hello.languages, sizeof hello.languages, "%s", dp_languages());
    snprintf(hello.why, sizeof hello.why, "%s", serving->sandbox.why);
    struct iovec part = {.iov_base = &hello, .iov_len = sizeof hello};
    struct msghdr packet = {.msg_iov = &part, .msg_iovlen = 1};
    sendmsg(serving->control, &packet, MSG_NOSIGNAL);
}

/* A packet with its descriptors (at most two). Returns its bytes, 0 at the end, -1 for nothing now. */
static ssize_t receive(int socket, void *data, size_t size, int fds[2], int flags)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(2 * sizeof(int))];
    } control;
    struct iovec part = {.iov_base = data, .iov_len = size};
    struct msghdr packet = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    ssize_t count;
    fds[0] = fds[1] = -1;
    do
        count = recvmsg(socket, &packet, flags | MSG_CMSG_CLOEXEC);
    while (count < 0 && errno == EINTR);
    if (count <= 0)
        return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? -1 : 0;
    struct cmsghdr *header = CMSG_FIRSTHDR(&packet);
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
        memcpy(fds, CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
    return count;
}

bool dp_receive_reply(int socket, dx_packet_reply *reply, int *message)
{
    int fds[2];
    ssize_t count = receive(socket, reply, sizeof *reply, fds, 0);
    if (fds[1] >= 0)
        close(fds[1]);
    *message = fds[0];
    return count == (ssize_t)sizeof *reply;
}

static void refuse(int socket, enum dx_packet_status status, const char *text)
{
    dx_packet_reply reply = {.magic = DX_PACKET_MAGIC, .status = status};
    snprintf(reply.text, sizeof reply.text, "%s", text);
    dp_reply(socket, &reply, -1);
}

static void start(server *serving, dx_packet_request *request, int document, int socket)
{
    int place = 0;
    while (serving->children[place].pidfd >= 0)
        place++;
    child_state *state = &serving->children[place];
    dp_bound_request(request);
    serving->out_of_memory[place] = false;
    pid_t id = dp_child_start(&serving->sandbox, request, document, socket, &serving->out_of_memory[place]);
    int pidfd = id < 0 ? -1 : (int)syscall(SYS_pidfd_open, id, 0);
    if (pidfd < 0) {
        refuse(socket, DX_PACKET_FAILED, strerror(errno));
        close(socket);
        return;
    }
    *state = (child_state){.pidfd = pidfd, .socket = socket, .deadline_ms = now_ms() + request->timeout_ms};
    serving->running++;
}

/* False at the end of the control socket. */
static bool take_request(server *serving)
{
    dx_packet_request request;
    int fds[2];
    ssize_t count = receive(serving->control, &request, sizeof request, fds, MSG_DONTWAIT);
    bool usable = count == (ssize_t)sizeof request && request.magic == DX_PACKET_MAGIC &&
                  request.version == DX_PACKET_VERSION && fds[0] >= 0 && fds[1] >= 0 &&
                  (request.task == DX_PACKET_READ || request.task == DX_PACKET_RENDER);
    if (usable) {
        start(serving, &request, fds[0], fds[1]);
    } else if (fds[1] >= 0) {
        refuse(fds[1], DX_PACKET_REFUSED, "the request is of another version");
        close(fds[1]);
    }
    if (fds[0] >= 0)
        close(fds[0]);
    return count != 0;
}

static void report_death(const server *serving, int place, const siginfo_t *info)
{
    const child_state *state = &serving->children[place];
    dx_packet_reply reply = {.magic = DX_PACKET_MAGIC, .status = DX_PACKET_DIED};
    bool by_signal = info->si_code == CLD_KILLED || info->si_code == CLD_DUMPED;
    reply.detail = by_signal ? info->si_status : 256 + info->si_status;
    if (!by_signal && info->si_status == 0)
        return;
    if (serving->out_of_memory[place])
        reply.status = DX_PACKET_MEMORY;
    else if (state->timed_out || (by_signal && info->si_status == SIGXCPU))
        reply.status = DX_PACKET_TIMEOUT;
    dp_reply(state->socket, &reply, -1);
}

static void reap(server *serving, int place)
{
    child_state *state = &serving->children[place];
    siginfo_t info = {0};
    if (waitid(P_PIDFD, (id_t)state->pidfd, &info, WEXITED | WNOHANG) == 0 && info.si_pid == 0)
        return;
    report_death(serving, place, &info);
    close(state->pidfd);
    close(state->socket);
    state->pidfd = -1;
    serving->running--;
}

static void end_child(const child_state *state)
{
    syscall(SYS_pidfd_send_signal, state->pidfd, SIGKILL, NULL, 0);
}

/* Milliseconds until the next child is due; -1: none. Those that are due are killed. */
static int next_deadline(server *serving)
{
    int64_t now = now_ms(), next = -1;
    for (int i = 0; i < DP_CHILDREN_MAX; i++) {
        child_state *state = &serving->children[i];
        if (state->pidfd < 0 || state->timed_out)
            continue;
        int64_t left = state->deadline_ms - now;
        if (left <= 0) {
            state->timed_out = true;
            end_child(state);
        } else if (next < 0 || left < next) {
            next = left;
        }
    }
    return next < 0 ? -1 : (int)next;
}

/* Two descriptors a child: its pidfd, and its socket, on which only the end of the other side is of interest. */
static size_t fill_poll(const server *serving, struct pollfd *polled, int *places)
{
    size_t count = 0;
    places[count] = -1;
    polled[count++] =
        (struct pollfd){.fd = serving->control, .events = serving->running < DP_CHILDREN_MAX ? POLLIN : 0};
    for (int i = 0; i < DP_CHILDREN_MAX; i++) {
        const child_state *state = &serving->children[i];
        if (state->pidfd < 0)
            continue;
        places[count] = i;
        polled[count++] = (struct pollfd){.fd = state->pidfd, .events = POLLIN};
        places[count] = i;
        polled[count++] = (struct pollfd){.fd = state->left ? -1 : state->socket};
    }
    return count;
}

static bool turn(server *serving)
{
    struct pollfd polled[1 + 2 * DP_CHILDREN_MAX];
    int places[1 + 2 * DP_CHILDREN_MAX];
    int wait_ms = next_deadline(serving);
    size_t count = fill_poll(serving, polled, places);
    if (poll(polled, count, wait_ms) < 0)
        return errno == EINTR;
    for (size_t i = 1; i + 1 < count; i += 2) {
        child_state *state = &serving->children[places[i]];
        if (polled[i + 1].revents && !state->left) {
            state->left = true;
            end_child(state);
        }
        if (polled[i].revents)
            reap(serving, places[i]);
    }
    if (polled[0].revents & POLLIN)
        return take_request(serving);
    return !(polled[0].revents & (POLLHUP | POLLERR | POLLNVAL));
}

int dp_serve(int control)
{
    static server serving;
    serving.control = control;
    for (int i = 0; i < DP_CHILDREN_MAX; i++)
        serving.children[i].pidfd = -1;
    void *flags = mmap(NULL, DP_CHILDREN_MAX, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (flags == MAP_FAILED)
        return 1;
    serving.out_of_memory = flags;
    dp_prepare(&serving.sandbox);
    say_hello(&serving);
    while (turn(&serving))
        continue;
    for (int i = 0; i < DP_CHILDREN_MAX; i++)
        if (serving.children[i].pidfd >= 0)
            end_child(&serving.children[i]);
    munmap(flags, DP_CHILDREN_MAX);
    return 0;
}
