/* An event loop and what it shares with the calls on it. */
#ifndef SERVER_HTTP_LOOP_H
#define SERVER_HTTP_LOOP_H

#include "http/call.h"
#include "http/server.h"

#include <semaphore.h>
#include <stdatomic.h>

/* Sent to every loop; freed by the one that is last. */
typedef struct http_broadcast {
    atomic_int references;
    char *room;
    char *json;
    size_t json_size;
} http_broadcast;

struct websocket;

struct http_loop {
    http_server *server;
    pthread_t thread;
    sem_t begun;
    int fd; /* a copy of the listening socket, taken over */
    h2o_context_t context;
    h2o_accept_ctx_t accept;
    h2o_socket_t *listener;
    h2o_multithread_receiver_t answers;    /* calls come back */
    h2o_multithread_receiver_t broadcasts; /* events for WebSockets */
    h2o_timeout_t each_second;
    h2o_timeout_entry_t tick;
    call *pending;
    struct websocket *websockets;
    atomic_int under_way; /* pending calls, for stopping */
};

/* Starts a loop on a thread of its own; takes fd. False: it could not be started. */
bool loop_start(http_loop *loop, http_server *server, int fd);
void loop_add_handler(h2o_pathconf_t *path);

const http_options *loop_options(const http_loop *loop);
int64_t loop_clock_ns(void);
void loop_request_id(http_loop *loop, char *out, size_t size);
void loop_peer_address(h2o_req_t *request, char *out, size_t size);
/* HTTP status and title of a code. */
int loop_status_info(doxin_status status, char *title, size_t size);
/* "integer", "boolean", "string" … by the operation's request schema; "string" when it says nothing. */
const char *loop_argument_type(const http_loop *loop, const char *operation, const char *name);

/* From a lane: hands the call back to its loop, which answers. */
void loop_answer(call *done);
/* On the loop: a call for a lane; answers 503 itself when the lane is full. */
void loop_submit(call *fresh, void (*run)(lane_work *work));
/* On the loop, for a call that is answered in pieces: the next piece, the begin, the end, and where it is. */
void loop_resubmit(call *at, void (*run)(lane_work *work));
void loop_start_response(call *at, size_t content_length, h2o_generator_t *generator);
void loop_forget(call *at);
bool loop_is_in_lane(const call *at);
void loop_left_lane(call *at);
/* From any thread: an event for all WebSockets of a room, on every loop. */
void server_broadcast(http_server *server, const char *room, const char *json);
/* On the loop: sends the answer of a call and frees it. */
void loop_send(call *done);
bool loop_is_stopping(const http_loop *loop);

#endif
