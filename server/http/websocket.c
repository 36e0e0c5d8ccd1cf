/* WebSockets (RFC 6455): one room each, opened with a ticket; text frames out, nothing but control frames in. */
#include "http/call.h"
#include "http/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PING_EVERY_S = 30, SILENT_MAX_S = 90, QUEUED_MAX = 1 << 20, MESSAGE_MAX = 4096 };

struct websocket {
    struct websocket *next, *previous;
    http_loop *loop;
    h2o_websocket_conn_t *connection;
    unsigned long long id;
    char *room;
    char *user_id;
    int64_t opened_ns;
    int64_t heard_ns;
    int64_t pinged_ns;
};

/* ---- the list -------------------------------------------------------------------------------------------------------------- */

static void forget(struct websocket *old)
{
    if (old->previous)
        old->previous->next = old->next;
    else
        old->loop->websockets = old->next;
    if (old->next)
        old->next->previous = old->previous;
    free(old->room);
    free(old->user_id);
    free(old);
}

static void close_now(struct websocket *old)
{
    h2o_websocket_conn_t *connection = old->connection;
    forget(old);
    h2o_websocket_close(connection);
}

static void say_close(struct websocket *to, uint16_t code, const char *reason)
{
    if (wslay_event_queue_close(to->connection->ws_ctx, code, (const uint8_t *)reason, strlen(reason)) != 0)
        close_now(to);
    else
        h2o_websocket_proceed(to->connection);
}

/* May close and free the socket. */
static void send_text(struct websocket *to, const char *json, size_t size)
{
    struct wslay_event_msg frame = {WSLAY_TEXT_FRAME, (const uint8_t *)json, size};
    if (wslay_event_get_queued_msg_length(to->connection->ws_ctx) > QUEUED_MAX ||
        wslay_event_queue_msg(to->connection->ws_ctx, &frame) != 0) {
        close_now(to);
        return;
    }
    h2o_websocket_proceed(to->connection);
}

void websocket_deliver(http_loop *loop, const http_broadcast *event)
{
    for (struct websocket *at = loop->websockets, *next; at; at = next) {
        next = at->next;
        if (strcmp(at->room, event->room) == 0)
            send_text(at, event->json, event->json_size);
    }
}

static void tick_one(struct websocket *at, int64_t now)
{
    if (now - at->heard_ns > SILENT_MAX_S * 1000000000LL) {
        close_now(at);
        return;
    }
    if (now - at->pinged_ns > PING_EVERY_S * 1000000000LL) {
        struct wslay_event_msg ping = {WSLAY_PING, (const uint8_t *)"", 0};
        at->pinged_ns = now;
        if (wslay_event_queue_msg(at->connection->ws_ctx, &ping) != 0)
            close_now(at);
        else
            h2o_websocket_proceed(at->connection);
    }
}

void websocket_tick(http_loop *loop)
{
    int64_t now = loop_clock_ns();
    for (struct websocket *at = loop->websockets, *next; at; at = next) {
        next = at->next;
        tick_one(at, now);
    }
}

void websocket_close_all(http_loop *loop)
{
    for (struct websocket *at = loop->websockets, *next; at; at = next) {
        next = at->next;
        say_close(at, 1012, "the server restarts; connect again");
    }
}

/* ---- the state at the beginning ------------------------------------------------------------------------------------------------- */

/* Asked after the socket has joined its room, so that no event falls between. */
static void snapshot_run(lane_work *work)
{
    call *at = H2O_STRUCT_FROM_MEMBER(call, work, work);
    char *json = NULL;
    text arguments = {0};
    const char *id = strchr(at->query, ':') + 1;
    text_put(&arguments, "{");
    text_member(&arguments, "id", id);
    text_trim(&arguments);
    text_put(&arguments, "}");
    if (!arguments.failed && doxin_call(at->session, "invoices.status", arguments.data, &json) == DOXIN_OK &&
        json[0] == '{') {
        text_put(&at->answer, "{\"type\":\"status\",");
        text_put(&at->answer, json + 1);
    }
    doxin_string_free(json);
    text_free(&arguments);
    call_close_session(at);
    loop_answer(at);
}

static void snapshot_finish(call *done)
{
    http_loop *loop = done->loop;
    struct websocket *at = loop->websockets;
    while (at && at->id != done->websocket_id)
        at = at->next;
    if (at && done->answer.len && !done->answer.failed)
        send_text(at, done->answer.data, done->answer.len);
    call_free(done);
}

static doxin_status owner_session(call *from, const char *user_id, doxin_session **out)
{
    doxin_options *opts = NULL;
    doxin_status status = doxin_options_new(&opts);
    if (status == DOXIN_OK)
        status = doxin_options_set(opts, "user_id", user_id);
    if (status == DOXIN_OK)
        status = doxin_options_set(opts, "timeout_ms", "10000");
    if (status == DOXIN_OK)
        status = doxin_session_open(loop_options(from->loop)->engine, opts, out);
    doxin_options_free(opts);
    return status;
}

static bool has_state(const char *room)
{
    return strncmp(room, "job:", 4) == 0 || strncmp(room, "invoice:", 8) == 0;
}

static void ask_snapshot(struct websocket *for_socket, const route *from)
{
    call *ask = has_state(for_socket->room) ? calloc(1, sizeof *ask) : NULL;
    if (!ask)
        return;
    pthread_mutex_init(&ask->lock, NULL);
    ask->loop = for_socket->loop;
    ask->route = from;
    ask->websocket_id = for_socket->id;
    ask->query = strdup(for_socket->room);
    ask->finish = snapshot_finish;
    ask->work.run = snapshot_run;
    if (!ask->query || owner_session(ask, for_socket->user_id, &ask->session) != DOXIN_OK ||
        !lane_submit(for_socket->loop->server->quick, &ask->work))
        call_free(ask);
}

/* ---- opening ----------------------------------------------------------------------------------------------------------------------- */

static void on_message(h2o_websocket_conn_t *connection, const struct wslay_event_on_msg_recv_arg *message)
{
    struct websocket *at = connection->data;
    if (!message) {
        close_now(at);
        return;
    }
    at->heard_ns = loop_clock_ns();
}

static void on_redeemed(call *done)
{
    if (done->status != 101) {
        done->finish = NULL;
        loop_send(done);
        return;
    }
    http_loop *loop = done->loop;
    struct websocket *made = calloc(1, sizeof *made);
    if (!made || !(made->room = strdup(done->parameters[0])) || !(made->user_id = strdup(done->parameters[1]))) {
        if (made)
            free(made->room);
        free(made);
        done->finish = NULL;
        call_problem(done, DOXIN_E_NOMEM, NULL);
        loop_send(done);
        return;
    }
    const route *from = done->route;
    h2o_req_t *request = done->request;
    const char *key = done->websocket_key;
    made->loop = loop;
    made->id = atomic_fetch_add(&loop->server->requests, 1);
    made->opened_ns = made->heard_ns = made->pinged_ns = loop_clock_ns();
    made->next = loop->websockets;
    if (made->next)
        made->next->previous = made;
    loop->websockets = made;
    loop_forget(done);
    made->connection = h2o_upgrade_to_websocket(request, key, made, on_message);
    wslay_event_config_set_max_recv_msg_length(made->connection->ws_ctx, MESSAGE_MAX);
    call_free(done);
    ask_snapshot(made, from);
}

static void redeem_run(lane_work *work)
{
    call *at = H2O_STRUCT_FROM_MEMBER(call, work, work);
    doxin_session *session = NULL;
    doxin_value *answer = NULL;
    doxin_value *asked = NULL;
    text arguments = {0};
    char *json = NULL;
    if (call_open_session(at, &session) && call_arguments(at, &arguments)) {
        /* {"room", "ticket"} and what they are for. */
        arguments.data[--arguments.len] = '\0';
        text_put(&arguments, arguments.len > 1 ? ",\"kind\":\"websocket\"}" : "\"kind\":\"websocket\"}");
        doxin_status status = doxin_call(session, at->route->operation, arguments.data, &json);
        if (status == DOXIN_OK && doxin_value_parse(json, &answer) == DOXIN_OK &&
            doxin_value_parse(arguments.data, &asked) == DOXIN_OK) {
            free(at->parameters[0]);
            free(at->parameters[1]);
            at->parameters[0] = strdup(doxin_value_text(asked, "/room"));
            at->parameters[1] = strdup(doxin_value_text(answer, "/user_id"));
            at->status = at->parameters[0] && at->parameters[1] ? 101 : 503;
        } else {
            call_problem_of(at, session, status == DOXIN_OK ? DOXIN_E_NOMEM : status);
        }
    }
    doxin_value_free(asked);
    doxin_value_free(answer);
    doxin_string_free(json);
    text_free(&arguments);
    call_close_session(at);
    loop_answer(at);
}

static bool header_of(h2o_req_t *request, const char *name, h2o_iovec_t *out)
{
    ssize_t at = h2o_find_header_by_str(&request->headers, name, strlen(name), -1);
    if (at >= 0)
        *out = request->headers.entries[at].value;
    return at >= 0;
}

/* A browser names the page's origin: it must be the server's own or one that is allowed. Programs send none. */
static bool origin_allowed(const http_loop *loop, h2o_req_t *request)
{
    h2o_iovec_t origin;
    if (!header_of(request, "origin", &origin))
        return true;
    const char *host = memmem(origin.base, origin.len, "://", 3);
    size_t host_size = host ? origin.len - (size_t)(host + 3 - origin.base) : 0;
    if (host && host_size == request->input.authority.len &&
        strncasecmp(host + 3, request->input.authority.base, host_size) == 0)
        return true;
    const char *allowed = loop->server->allowed_origins;
    for (const char *p = allowed; p && *p; p += strcspn(p, " "), p += strspn(p, " "))
        if (strcspn(p, " ") == origin.len && strncasecmp(p, origin.base, origin.len) == 0)
            return true;
    return false;
}

static void refuse(http_loop *loop, h2o_req_t *request, const route_match *match, doxin_status status,
                   const char *detail)
{
    call *at = call_new(loop, request, match);
    if (!at) {
        h2o_send_error_503(request, "Service Unavailable", "out of memory", 0);
        return;
    }
    call_problem(at, status, detail);
    loop_send(at);
}

void websocket_begin(http_loop *loop, h2o_req_t *request, const route_match *match)
{
    const char *key = NULL;
    if (h2o_is_websocket_handshake(request, &key) != 0 || !key) {
        refuse(loop, request, match, DOXIN_E_HEADER, "this address speaks WebSocket; send an upgrade request");
        return;
    }
    if (!origin_allowed(loop, request)) {
        refuse(loop, request, match, DOXIN_E_FORBIDDEN,
               "the page's origin may not open a WebSocket here (DOXIN_ALLOWED_ORIGINS)");
        return;
    }
    call *at = call_new(loop, request, match);
    if (!at) {
        h2o_send_error_503(request, "Service Unavailable", "out of memory", 0);
        return;
    }
    at->websocket_key = key;
    at->finish = on_redeemed;
    loop_submit(at, redeem_run);
}
