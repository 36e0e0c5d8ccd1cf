#include "http/loop.h"

#include "boot/log.h"
#include "http/internal.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- small questions ---------------------------------------------------------------------------------------------------- */

const http_options *loop_options(const http_loop *loop)
{
    return &loop->server->options;
}

bool loop_is_stopping(const http_loop *loop)
{
    return atomic_load(&loop->server->stopping);
}

int64_t loop_clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void loop_request_id(http_loop *loop, char *out, size_t size)
{
    unsigned long long number = atomic_fetch_add(&loop->server->requests, 1);
    snprintf(out, size, "%016llx-%08llx", (unsigned long long)loop->server->instance, number);
}

void loop_peer_address(h2o_req_t *request, char *out, size_t size)
{
    struct sockaddr_storage peer;
    socklen_t length = request->conn->callbacks->get_peername(request->conn, (struct sockaddr *)&peer);
    out[0] = '\0';
    if (length && peer.ss_family == AF_INET)
        inet_ntop(AF_INET, &((struct sockaddr_in *)&peer)->sin_addr, out, (socklen_t)size);
    else if (length && peer.ss_family == AF_INET6)
        inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&peer)->sin6_addr, out, (socklen_t)size);
}

const char *loop_argument_type(const http_loop *loop, const char *operation, const char *name)
{
    const doxin_value *all = loop->server->operations;
    size_t count = doxin_value_count(all, "/operations");
    char pointer[256];
    for (size_t i = 0; operation && i < count; i++) {
        snprintf(pointer, sizeof pointer, "/operations/%zu/name", i);
        if (strcmp(doxin_value_text(all, pointer), operation) != 0)
            continue;
        snprintf(pointer, sizeof pointer, "/operations/%zu/request/properties/%.100s/type", i, name);
        const char *type = doxin_value_text(all, pointer);
        return *type ? type : "string";
    }
    return "string";
}

/* ---- answering ---------------------------------------------------------------------------------------------------------- */

static void free_holder(void *holder)
{
    free(*(char **)holder);
}

/* The answer's bytes live as long as the request. */
static h2o_iovec_t hand_over(h2o_req_t *request, text *answer)
{
    size_t size = answer->len;
    char **holder = h2o_mem_alloc_shared(&request->pool, sizeof *holder, free_holder);
    *holder = text_take(answer);
    return h2o_iovec_init(*holder ? *holder : "", *holder ? size : 0);
}

static void add_headers(h2o_req_t *request, const text *headers)
{
    for (const char *line = headers->data; line && *line;) {
        const char *end = strchr(line, '\n');
        const char *colon = memchr(line, ':', (size_t)(end - line));
        size_t name_size = (size_t)(colon - line);
        h2o_iovec_t name = h2o_strdup(&request->pool, line, name_size);
        h2o_iovec_t value = h2o_strdup(&request->pool, colon + 2, (size_t)(end - colon - 2));
        h2o_strtolower(name.base, name.len);
        h2o_add_header_by_str(&request->pool, &request->res.headers, name.base, name.len, 0, name.base, value.base,
                              value.len);
        line = end + 1;
    }
}

static const char *reason_of(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 409:
        return "Conflict";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 415:
        return "Unsupported Media Type";
    case 422:
        return "Unprocessable Content";
    case 426:
        return "Upgrade Required";
    case 429:
        return "Too Many Requests";
    case 499:
        return "Client Closed Request";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    case 504:
        return "Gateway Timeout";
    case 507:
        return "Insufficient Storage";
    default:
        return status < 500 ? "Error" : "Internal Server Error";
    }
}

static void log_request(const call *done)
{
    double seconds = (double)(loop_clock_ns() - done->started_ns) / 1e9;
    text fields = {0};
    text_put(&fields, "{");
    text_member(&fields, "request_id", done->request_id);
    text_member(&fields, "method", done->method);
    text_member(&fields, "path", done->path);
    text_member(&fields, "address", done->address);
    text_format(&fields, "\"status\":%d,\"bytes_in\":%zu,\"seconds\":%.6f}", done->status, done->body_size, seconds);
    log_line(done->status >= 500 ? DOXIN_LOG_ERROR : DOXIN_LOG_INFO, "http", "request",
             fields.failed ? NULL : fields.data);
    text_free(&fields);
}

static void unlink_pending(call *done)
{
    http_loop *loop = done->loop;
    if (done->previous)
        done->previous->next = done->next;
    else if (loop->pending == done)
        loop->pending = done->next;
    else
        return;
    if (done->next)
        done->next->previous = done->previous;
    done->next = done->previous = NULL;
    atomic_fetch_sub(&loop->under_way, 1);
}

static void prepare_headers(h2o_req_t *request, call *done)
{
    request->res.status = done->status;
    request->res.reason = reason_of(done->status);
    call_header(done, "X-Request-Id", "%s", done->request_id);
    call_header(done, "Cache-Control", "no-store");
    call_header(done, "X-Content-Type-Options", "nosniff");
    if (done->status != 204)
        call_header(done, "Content-Type", "%s", done->answer_type);
    add_headers(request, &done->headers);
    if (atomic_load(&done->cancelled) || loop_is_stopping(done->loop))
        request->http1_is_persistent = 0;
}

void loop_send(call *done)
{
    static h2o_generator_t generator;
    h2o_req_t *request = done->request;
    if (done->answer.failed) {
        text_free(&done->answer);
        call_problem(done, DOXIN_E_NOMEM, NULL);
    }
    prepare_headers(request, done);
    log_request(done);
    unlink_pending(done);
    atomic_fetch_sub(&done->loop->server->spooled, (long long)done->spooled);
    bool head = strcmp(done->method ? done->method : "", "HEAD") == 0;
    request->res.content_length = done->answer.len;
    h2o_iovec_t body = hand_over(request, &done->answer);
    call_free(done);
    h2o_start_response(request, &generator);
    h2o_send(request, &body, body.len && !head ? 1 : 0, H2O_SEND_STATE_FINAL);
}

static void on_answers(h2o_multithread_receiver_t *receiver, h2o_linklist_t *messages)
{
    (void)receiver;
    while (!h2o_linklist_is_empty(messages)) {
        h2o_multithread_message_t *message = H2O_STRUCT_FROM_MEMBER(h2o_multithread_message_t, link, messages->next);
        h2o_linklist_unlink(&message->link);
        call *done = H2O_STRUCT_FROM_MEMBER(call, message, message);
        if (done->finish)
            done->finish(done);
        else
            loop_send(done);
    }
}

void loop_answer(call *done)
{
    h2o_multithread_send_message(&done->loop->answers, &done->message);
}

void loop_forget(call *at)
{
    if (at->request)
        log_request(at);
    unlink_pending(at);
    atomic_fetch_sub(&at->loop->server->spooled, (long long)at->spooled);
}

bool loop_is_in_lane(const call *at)
{
    return at->in_lane;
}

void loop_left_lane(call *at)
{
    at->in_lane = false;
}

void loop_start_response(call *at, size_t content_length, h2o_generator_t *generator)
{
    prepare_headers(at->request, at);
    at->request->res.content_length = content_length;
    h2o_start_response(at->request, generator);
}

/* A piece more of an answer that has begun: it may not be refused, so it waits for room. */
void loop_resubmit(call *at, void (*run)(lane_work *work))
{
    at->work.run = run;
    at->in_lane = true;
    if (!lane_submit(at->loop->server->slow, &at->work)) {
        at->in_lane = false;
        at->retry = true;
    }
}

static void resubmit_waiting(http_loop *loop)
{
    for (call *at = loop->pending; at; at = at->next) {
        if (at->retry) {
            at->retry = false;
            loop_resubmit(at, at->work.run);
        }
    }
}

void loop_submit(call *fresh, void (*run)(lane_work *work))
{
    http_loop *loop = fresh->loop;
    fresh->next = loop->pending;
    if (loop->pending)
        loop->pending->previous = fresh;
    loop->pending = fresh;
    atomic_fetch_add(&loop->under_way, 1);
    fresh->work.run = run;
    fresh->in_lane = true;
    lane *to = fresh->route->lane == LANE_SLOW ? loop->server->slow : loop->server->quick;
    if (!lane_submit(to, &fresh->work)) {
        call_problem(fresh, DOXIN_E_OVERLOADED, NULL);
        loop_send(fresh);
    }
}

/* ---- requests -------------------------------------------------------------------------------------------------------------- */

static void run_call(lane_work *work)
{
    call *at = H2O_STRUCT_FROM_MEMBER(call, work, work);
    doxin_session *session = NULL;
    text arguments = {0};
    char *answer = NULL;
    if (call_open_session(at, &session) && call_arguments(at, &arguments)) {
        doxin_status status = doxin_call(session, at->route->operation, arguments.data, &answer);
        if (status == DOXIN_OK) {
            at->status = at->route->status;
            if (at->status != 204)
                text_put(&at->answer, answer);
        } else {
            call_problem_of(at, session, status);
        }
    }
    doxin_string_free(answer);
    text_free(&arguments);
    call_close_session(at);
    loop_answer(at);
}

static void answer_health(call *at)
{
    text_put(&at->answer, "{\"status\":\"ok\",\"service\":\"doxin\",");
    text_member(&at->answer, "version", doxin_version());
    text_trim(&at->answer);
    text_put(&at->answer, "}");
    if (loop_is_stopping(at->loop))
        call_problem(at, DOXIN_E_UNAVAILABLE, "the server is stopping");
    loop_send(at);
}

static void answer_limits(call *at)
{
    const http_options *options = loop_options(at->loop);
    text_format(&at->answer,
                "{\"max_document_bytes\":%lld,\"call_timeout_ms\":%d,\"types\":[\"application/pdf\",\"image/png\","
                "\"image/jpeg\",\"image/tiff\",\"image/webp\",\"image/heic\",\"application/xml\"]}",
                (long long)options->max_bytes, options->call_timeout_ms);
    loop_send(at);
}

static int refuse(http_loop *loop, h2o_req_t *request, const route_match *match, doxin_status status,
                  const char *detail)
{
    static const route none = {.method = "", .path = "", .is_public = true, .status = 200};
    route_match bare = *match;
    if (!bare.route)
        bare.route = &none;
    call *at = call_new(loop, request, &bare);
    if (!at) {
        h2o_send_error_503(request, "Service Unavailable", "out of memory", 0);
        return 0;
    }
    call_problem(at, status, detail);
    if (status == DOXIN_E_METHOD)
        call_header(at, "Allow", "%s", match->allow);
    loop_send(at);
    return 0;
}

static bool has_body(const h2o_req_t *request)
{
    return request->entity.base && request->entity.len > 0;
}

static int start_call(http_loop *loop, h2o_req_t *request, const route_match *match)
{
    http_server *server = loop->server;
    call *at = call_new(loop, request, match);
    if (!at)
        return refuse(loop, request, match, DOXIN_E_NOMEM, NULL);
    at->spooled = request->entity.len;
    if (atomic_fetch_add(&server->spooled, (long long)at->spooled) + (long long)at->spooled >
        server->options.spool_bytes) {
        call_problem(at, DOXIN_E_OVERLOADED, "too many bytes of uploads are being worked on; try again shortly");
        loop_send(at);
        return 0;
    }
    switch (match->route->kind) {
    case ROUTE_HEALTH:
        answer_health(at);
        break;
    case ROUTE_LIMITS:
        answer_limits(at);
        break;
    case ROUTE_UPLOAD:
        loop_submit(at, upload_run);
        break;
    case ROUTE_CONTENT:
        loop_submit(at, content_run);
        break;
    default:
        loop_submit(at, run_call);
    }
    return 0;
}

static int on_request(h2o_handler_t *self, h2o_req_t *request)
{
    (void)self;
    http_loop *loop = H2O_STRUCT_FROM_MEMBER(http_loop, context, request->conn->ctx);
    route_match match;
    char method[16];
    size_t query_at = request->input.query_at;
    size_t path_size = query_at == SIZE_MAX ? request->input.path.len : query_at;
    snprintf(method, sizeof method, "%.*s", (int)request->input.method.len, request->input.method.base);
    route_find(method, request->input.path.base, path_size, &match);
    if (!match.path_known)
        return refuse(loop, request, &match, DOXIN_E_ROUTE, NULL);
    if (!match.route)
        return refuse(loop, request, &match, DOXIN_E_METHOD, NULL);
    if (has_body(request) && !match.route->body && match.route->kind != ROUTE_UPLOAD)
        return refuse(loop, request, &match, DOXIN_E_BODY, "this address takes no body");
    if (match.route->kind == ROUTE_WEBSOCKET) {
        websocket_begin(loop, request, &match);
        return 0;
    }
    return start_call(loop, request, &match);
}

void loop_add_handler(h2o_pathconf_t *path)
{
    h2o_handler_t *made = h2o_create_handler(path, sizeof *made);
    made->on_req = on_request;
}

/* ---- time --------------------------------------------------------------------------------------------------------------------- */

/* libh2o does not look at a connection whose request is under way: a client that is gone is found here. */
static void find_gone_clients(http_loop *loop)
{
    for (call *at = loop->pending; at; at = at->next) {
        if (!at->request)
            continue;
        h2o_socket_t *socket = at->request->conn->callbacks->get_socket(at->request->conn);
        struct pollfd look = {.fd = socket ? h2o_socket_get_fd(socket) : -1, .events = POLLRDHUP};
        if (look.fd >= 0 && !atomic_load(&at->cancelled) && poll(&look, 1, 0) > 0 &&
            (look.revents & (POLLRDHUP | POLLHUP | POLLERR)))
            call_cancel(at);
    }
}

static void on_tick(h2o_timeout_entry_t *entry)
{
    http_loop *loop = H2O_STRUCT_FROM_MEMBER(http_loop, tick, entry);
    find_gone_clients(loop);
    resubmit_waiting(loop);
    websocket_tick(loop);
    h2o_timeout_link(loop->context.loop, &loop->each_second, &loop->tick);
}

static void on_broadcasts(h2o_multithread_receiver_t *receiver, h2o_linklist_t *messages);

typedef struct broadcast_message {
    h2o_multithread_message_t message;
    http_broadcast *event;
} broadcast_message;

static void drop_broadcast(http_broadcast *event)
{
    if (atomic_fetch_sub(&event->references, 1) != 1)
        return;
    free(event->room);
    free(event->json);
    free(event);
}

static void on_broadcasts(h2o_multithread_receiver_t *receiver, h2o_linklist_t *messages)
{
    http_loop *loop = H2O_STRUCT_FROM_MEMBER(http_loop, broadcasts, receiver);
    while (!h2o_linklist_is_empty(messages)) {
        h2o_multithread_message_t *message = H2O_STRUCT_FROM_MEMBER(h2o_multithread_message_t, link, messages->next);
        h2o_linklist_unlink(&message->link);
        broadcast_message *sent = H2O_STRUCT_FROM_MEMBER(broadcast_message, message, message);
        websocket_deliver(loop, sent->event);
        drop_broadcast(sent->event);
        free(sent);
    }
}

void server_broadcast(http_server *server, const char *room, const char *json)
{
    http_broadcast *event = calloc(1, sizeof *event);
    if (!event)
        return;
    atomic_init(&event->references, server->loop_count + 1);
    event->room = strdup(room);
    event->json = strdup(json);
    event->json_size = strlen(json);
    for (int i = 0; i < server->loop_count; i++) {
        broadcast_message *message = event->room && event->json ? calloc(1, sizeof *message) : NULL;
        if (!message) {
            drop_broadcast(event);
            continue;
        }
        message->event = event;
        h2o_multithread_send_message(&server->loops[i].broadcasts, &message->message);
    }
    drop_broadcast(event);
}

/* ---- connections ---------------------------------------------------------------------------------------------------------------- */

typedef struct connection {
    http_server *server;
    char address[ADDRESS_TEXT];
} connection;

static void on_connection_closed(void *data)
{
    connection *closed = data;
    atomic_fetch_sub(&closed->server->connections, 1);
    address_table_leave(closed->server->addresses, closed->address);
    free(closed);
}

static void peer_of(h2o_socket_t *socket, char *out, size_t size)
{
    struct sockaddr_storage peer;
    socklen_t length = h2o_socket_getpeername(socket, (struct sockaddr *)&peer);
    out[0] = '\0';
    if (length && peer.ss_family == AF_INET)
        inet_ntop(AF_INET, &((struct sockaddr_in *)&peer)->sin_addr, out, (socklen_t)size);
    else if (length && peer.ss_family == AF_INET6)
        inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&peer)->sin6_addr, out, (socklen_t)size);
}

static bool admit(http_loop *loop, h2o_socket_t *socket)
{
    http_server *server = loop->server;
    connection *fresh = calloc(1, sizeof *fresh);
    if (!fresh)
        return false;
    fresh->server = server;
    peer_of(socket, fresh->address, sizeof fresh->address);
    if (atomic_fetch_add(&server->connections, 1) >= server->options.max_connections ||
        !address_table_enter(server->addresses, fresh->address, server->options.max_connections_per_address)) {
        atomic_fetch_sub(&server->connections, 1);
        free(fresh);
        return false;
    }
    socket->on_close.cb = on_connection_closed;
    socket->on_close.data = fresh;
    return true;
}

static void on_accept(h2o_socket_t *listener, const char *problem)
{
    http_loop *loop = listener->data;
    if (problem)
        return;
    h2o_socket_t *socket = h2o_evloop_socket_accept(listener);
    if (!socket)
        return;
    if (!admit(loop, socket)) {
        h2o_socket_close(socket);
        return;
    }
    h2o_accept(&loop->accept, socket);
}

/* ---- the thread ------------------------------------------------------------------------------------------------------------------- */

static void stop_listening(http_loop *loop)
{
    if (!loop->listener)
        return;
    h2o_socket_read_stop(loop->listener);
    h2o_socket_close(loop->listener);
    loop->listener = NULL;
    websocket_close_all(loop);
    h2o_context_request_shutdown(&loop->context);
}

/* On the loop's own thread: libh2o's buffers belong to the thread that makes them. */
static void begin(http_loop *loop)
{
    http_server *server = loop->server;
    h2o_context_init(&loop->context, h2o_evloop_create(), &server->config);
    loop->accept.ctx = &loop->context;
    loop->accept.hosts = server->config.hosts;
    h2o_multithread_register_receiver(loop->context.queue, &loop->answers, on_answers);
    h2o_multithread_register_receiver(loop->context.queue, &loop->broadcasts, on_broadcasts);
    h2o_timeout_init(loop->context.loop, &loop->each_second, 1000);
    loop->tick.cb = on_tick;
    h2o_timeout_link(loop->context.loop, &loop->each_second, &loop->tick);
    loop->listener = h2o_evloop_socket_create(loop->context.loop, loop->fd, H2O_SOCKET_FLAG_DONT_READ);
    loop->listener->data = loop;
    h2o_socket_read_start(loop->listener, on_accept);
}

static void *run(void *argument)
{
    http_loop *loop = argument;
    begin(loop);
    sem_post(&loop->begun);
    while (!atomic_load(&loop->server->ended)) {
        h2o_evloop_run(loop->context.loop, 100);
        if (loop_is_stopping(loop))
            stop_listening(loop);
    }
    return NULL;
}

bool loop_start(http_loop *loop, http_server *server, int fd)
{
    loop->server = server;
    loop->fd = fd;
    if (sem_init(&loop->begun, 0, 0) != 0 || pthread_create(&loop->thread, NULL, run, loop) != 0)
        return false;
    while (sem_wait(&loop->begun) != 0)
        continue;
    return true;
}
