#include "io/reader/reader.h"

#include "base/rt/alloc.h"
#include "base/rt/clock.h"
#include "io/reader/reader_internal.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    DEFAULT_BYTES = 50 << 20,
    DEFAULT_PAGES = 500,
    DEFAULT_PIXELS = 100000000,
    DEFAULT_WORDS = 1000000,
    DEFAULT_ATTACHMENTS = 200,
    DEFAULT_ATTACHMENT_BYTES = 32 << 20,
    DEFAULT_TIMEOUT_MS = 60000,
    DEFAULT_DPI = 110,
    PARSERS_MAX = 64,
    GRACE_MS = 1000, /* the program itself says TIMEOUT first; this is for one that says nothing */
    MESSAGE_MAX = 256 << 20,
    ATTEMPTS = 2 /* a prepared process that ended is nobody's document's fault */
};

/* ---- new, free ---- */

static void fill_options(dx_reader *reader, const dx_reader_options *options)
{
    static const dx_reader_options none;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    dx_reader_options *own = &reader->options;
    *own = options ? *options : none;
    own->program = NULL;
    if (own->parsers <= 0)
        own->parsers = cores > 2 ? (int)cores - 1 : 1;
    if (own->parsers > PARSERS_MAX)
        own->parsers = PARSERS_MAX;
    if (own->max_bytes == 0)
        own->max_bytes = DEFAULT_BYTES;
    if (own->max_pages <= 0)
        own->max_pages = DEFAULT_PAGES;
    if (own->max_pixels <= 0)
        own->max_pixels = DEFAULT_PIXELS;
    if (own->max_words <= 0)
        own->max_words = DEFAULT_WORDS;
    if (own->max_attachments <= 0)
        own->max_attachments = DEFAULT_ATTACHMENTS;
    if (own->max_attachment_bytes <= 0)
        own->max_attachment_bytes = DEFAULT_ATTACHMENT_BYTES;
    if (own->timeout_ms <= 0)
        own->timeout_ms = DEFAULT_TIMEOUT_MS;
    if (own->memory_bytes == 0)
        own->memory_bytes = (size_t)2 << 30;
    reader->places.free = own->parsers;
}

doxin_status dx_reader_new(const dx_reader_options *options, dx_reader **out)
{
    dx_reader *reader = dx_calloc(1, sizeof *reader);
    *out = NULL;
    if (reader == NULL)
        return DOXIN_E_NOMEM;
    fill_options(reader, options);
    pthread_mutex_init(&reader->places.lock, NULL);
    if (!dx_process_init(&reader->process, options ? options->program : NULL, reader->options.log)) {
        dx_reader_free(reader);
        return DOXIN_E_NOMEM;
    }
    *out = reader;
    return DOXIN_OK;
}

void dx_reader_free(dx_reader *reader)
{
    if (reader == NULL)
        return;
    dx_process_destroy(&reader->process);
    pthread_mutex_destroy(&reader->places.lock);
    dx_free(reader);
}

/* ---- one document ---- */

/* A call under way: what it waits on and what it got. */
typedef struct reading {
    dx_reader *reader;
    dx_ctx *ctx;
    int event;    /* eventfd: cancel */
    int document; /* sealed memory */
    dx_packet_request request;
    dx_packet_reply reply;
    dx_message message;
} reading;

static void wake(void *data)
{
    const uint64_t one = 1;
    const reading *call = data;
    while (write(call->event, &one, sizeof one) < 0 && errno == EINTR)
        continue;
}

/* What a reply says, in the library's terms. */
static doxin_status status_of(reading *call)
{
    static const struct {
        uint32_t packet;
        doxin_status status;
    } table[] = {{DX_PACKET_NOT_A_DOCUMENT, DOXIN_E_NOT_A_DOCUMENT},
                 {DX_PACKET_ENCRYPTED, DOXIN_E_ENCRYPTED},
                 {DX_PACKET_DAMAGED, DOXIN_E_DAMAGED},
                 {DX_PACKET_NO_PAGES, DOXIN_E_NO_PAGES},
                 {DX_PACKET_TOO_MANY_PIXELS, DOXIN_E_TOO_MANY_PIXELS},
                 {DX_PACKET_TOO_MANY_PAGES, DOXIN_E_TOO_MANY_PAGES},
                 {DX_PACKET_NO_SUCH_PAGE, DOXIN_E_NOT_FOUND},
                 {DX_PACKET_TOO_LARGE, DOXIN_E_LIMIT},
                 {DX_PACKET_REFUSED, DOXIN_E_INTERNAL},
                 {DX_PACKET_FAILED, DOXIN_E_UNAVAILABLE}};
    const dx_packet_reply *reply = &call->reply;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].packet == reply->status)
            return dx_fail(call->ctx, table[i].status, "%s", reply->text);
    if (reply->status == DX_PACKET_TIMEOUT)
        return dx_fail(call->ctx, DOXIN_E_PARSER_TIMEOUT, "the document was not read within %d ms (parse_timeout_ms)",
                       call->request.timeout_ms);
    if (reply->status == DX_PACKET_MEMORY)
        return dx_fail(call->ctx, DOXIN_E_PARSER_MEMORY,
                       "the document needs more than %llu MiB to be read (parser_memory_bytes)",
                       (unsigned long long)call->request.memory_bytes >> 20);
    if (reply->detail > 0 && reply->detail < 256)
        return dx_fail(call->ctx, DOXIN_E_PARSER_DIED, "the document parser was ended by signal %d", reply->detail);
    return dx_fail(call->ctx, DOXIN_E_PARSER_DIED, "the document parser ended with status %d", reply->detail - 256);
}

/* The packet on this request's socket. *gone: the other side ended without one. */
static doxin_status take_reply(reading *call, int socket, bool *gone)
{
    int fd;
    ssize_t count = dx_receive(socket, &call->reply, sizeof call->reply, &fd);
    doxin_status status = DOXIN_OK;
    *gone = count == 0 || (count < 0 && errno != EAGAIN);
    if (*gone)
        return DOXIN_OK;
    call->reply.text[sizeof call->reply.text - 1] = '\0';
    if (count != (ssize_t)sizeof call->reply || call->reply.magic != DX_PACKET_MAGIC)
        status = dx_fail(call->ctx, DOXIN_E_PARSER_DIED, "the document parser answered with something else");
    else if (call->reply.status != DX_PACKET_OK)
        status = status_of(call);
    else if (fd < 0 || call->reply.size > call->request.max_message ||
             !dx_map_sealed(fd, call->reply.size, &call->message))
        status = dx_fail(call->ctx, DOXIN_E_PARSER_DIED, "the document parser's message is not sealed");
    if (fd >= 0)
        close(fd);
    return status;
}

static doxin_status wait_reply(reading *call, int socket, bool *gone)
{
    int64_t until = dx_clock_ns() + ((int64_t)call->request.timeout_ms + GRACE_MS) * 1000000;
    *gone = false;
    for (;;) {
        struct pollfd polled[2] = {{.fd = socket, .events = POLLIN}, {.fd = call->event, .events = POLLIN}};
        int64_t left_ms = (until - dx_clock_ns()) / 1000000;
        if (left_ms <= 0)
            return dx_fail(call->ctx, DOXIN_E_PARSER_TIMEOUT,
                           "the document was not read within %d ms (parse_timeout_ms)", call->request.timeout_ms);
        poll(polled, 2, dx_remaining_ms(call->ctx, (int)left_ms));
        if (polled[0].revents)
            return take_reply(call, socket, gone);
        doxin_status status = dx_check(call->ctx);
        if (status != DOXIN_OK)
            return status;
    }
}

/* Closing this side's end of the socket ends the child, however the call ends. */
static doxin_status attempt(reading *call, bool *gone)
{
    unsigned long generation;
    int pair[2];
    *gone = false;
    doxin_status status = dx_process_ready(&call->reader->process, call->ctx, &generation);
    if (status != DOXIN_OK)
        return status;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return dx_fail(call->ctx, DOXIN_E_UNAVAILABLE, "no socket for the document parser: %s", strerror(errno));
    bool sent = dx_process_send(&call->reader->process, generation, &call->request, call->document, pair[1]);
    close(pair[1]);
    *gone = !sent;
    if (sent)
        status = wait_reply(call, pair[0], gone);
    if (*gone)
        dx_process_lost(&call->reader->process, generation);
    close(pair[0]);
    return status;
}

static doxin_status run(reading *call)
{
    doxin_status status = dx_places_take(&call->reader->places, call->ctx, call->event);
    if (status != DOXIN_OK)
        return status;
    bool gone = true;
    for (int i = 0; i < ATTEMPTS && gone && status == DOXIN_OK; i++) {
        status = dx_check(call->ctx);
        if (status == DOXIN_OK)
            status = attempt(call, &gone);
    }
    dx_places_give(&call->reader->places);
    if (status == DOXIN_OK && gone)
        return dx_fail(call->ctx, DOXIN_E_PARSER_DIED, "the document parser was ended from outside");
    return status;
}

static doxin_status check_size(const dx_reader *reader, dx_ctx *ctx, const void *data, size_t size)
{
    if (data == NULL || size == 0)
        return dx_fail(ctx, DOXIN_E_EMPTY_DOCUMENT, "the document is empty");
    if (size > reader->options.max_bytes)
        return dx_fail(ctx, DOXIN_E_LIMIT, "the document has %zu bytes, at most %zu are allowed (max_bytes)", size,
                       reader->options.max_bytes);
    return DOXIN_OK;
}

static doxin_status ask(dx_reader *reader, dx_ctx *ctx, const void *data, size_t size, const dx_packet_request *request,
                        dx_message *out)
{
    *out = (dx_message){0};
    doxin_status status = check_size(reader, ctx, data, size);
    if (status != DOXIN_OK)
        return status;
    reading call = {.reader = reader, .ctx = ctx, .request = *request, .event = -1, .document = -1};
    call.event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (call.event >= 0)
        call.document = dx_sealed_copy(data, size);
    if (call.document < 0)
        status = dx_fail(ctx, DOXIN_E_UNAVAILABLE, "no memory to hand the document over: %s", strerror(errno));
    else if (!dx_wait_begin(ctx, wake, &call))
        status = dx_check(ctx);
    if (status == DOXIN_OK) {
        status = run(&call);
        dx_wait_end(ctx);
    }
    if (call.event >= 0)
        close(call.event);
    if (call.document >= 0)
        close(call.document);
    if (status == DOXIN_OK)
        *out = call.message;
    else
        dx_message_free(&call.message);
    return status;
}

static dx_packet_request request_of(const dx_reader *reader, uint32_t task)
{
    return (dx_packet_request){.magic = DX_PACKET_MAGIC,
                               .version = DX_PACKET_VERSION,
                               .task = task,
                               .max_pages = reader->options.max_pages,
                               .timeout_ms = reader->options.timeout_ms,
                               .max_pixels = reader->options.max_pixels,
                               .max_words = reader->options.max_words,
                               .max_attachments = reader->options.max_attachments,
                               .max_attachment_bytes = reader->options.max_attachment_bytes,
                               .memory_bytes = reader->options.memory_bytes,
                               .max_message = MESSAGE_MAX};
}

doxin_status dx_reader_read(dx_reader *reader, dx_ctx *ctx, const void *data, size_t size,
                            const dx_read_options *options, dx_message *out)
{
    static const dx_read_options usual = {.want_rules = true};
    const dx_read_options *asked = options ? options : &usual;
    dx_packet_request request = request_of(reader, DX_PACKET_READ);
    *out = (dx_message){0};
    request.ocr = (uint32_t)asked->ocr;
    request.want = (asked->want_rules ? DX_PACKET_WANT_RULES : 0u) | (asked->want_codes ? DX_PACKET_WANT_CODES : 0u) |
                   (asked->seek_codes ? DX_PACKET_SEEK_CODES : 0u);
    request.first_page = asked->first_page;
    request.last_page = asked->last_page;
    if (asked->max_pages > 0 && asked->max_pages < request.max_pages)
        request.max_pages = asked->max_pages;
    const char *languages = asked->languages ? asked->languages : "";
    if (strlen(languages) >= sizeof request.languages)
        return dx_fail(ctx, DOXIN_E_OPTION, "languages is longer than %zu bytes", sizeof request.languages - 1);
    snprintf(request.languages, sizeof request.languages, "%s", languages);
    return ask(reader, ctx, data, size, &request, out);
}

doxin_status dx_reader_render(dx_reader *reader, dx_ctx *ctx, const void *data, size_t size,
                              const dx_render_options *options, dx_message *out)
{
    dx_packet_request request = request_of(reader, DX_PACKET_RENDER);
    request.first_page = options->page > 0 ? options->page : 1;
    request.dpi = options->dpi > 0 ? options->dpi : DEFAULT_DPI;
    request.turn = options->turn;
    request.want = options->small ? DX_PACKET_WANT_SMALL : 0u;
    return ask(reader, ctx, data, size, &request, out);
}
