/* A request on its way: made on a loop, worked on in a lane, answered on the loop. One side owns it at a time. */
#ifndef SERVER_HTTP_CALL_H
#define SERVER_HTTP_CALL_H

#include "base/text.h"
#include "http/h2o.h"
#include "http/lane.h"
#include "routes/route.h"

#include <doxin/doxin.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

typedef struct http_loop http_loop;

enum { REQUEST_ID_TEXT = 40, ADDRESS_TEXT = 64 };

typedef struct call {
    lane_work work;                    /* first: the lane's link */
    h2o_multithread_message_t message; /* the way back to the loop */
    struct call *next, *previous;      /* the loop's list of pending calls */
    http_loop *loop;
    h2o_req_t *request; /* touched by the loop only */
    const route *route;
    int64_t started_ns;

    /* Owned copies of what the request says. NULL: it says nothing. */
    char *method;
    char *path;
    char *query;
    char *parameters[ROUTE_PARAMETERS_MAX];
    char *token;
    char *content_type;
    char *idempotency_key;
    char *traceparent;
    char *agent;
    char address[ADDRESS_TEXT];
    char request_id[REQUEST_ID_TEXT];
    /* Borrowed from the request: the body stays where it is until the answer is sent, as the loop reads no further from
     * a connection whose request is under way. */
    const char *body;
    size_t body_size;
    size_t spooled; /* bytes counted against the spool budget */

    /* Cancelling from the loop. */
    pthread_mutex_t lock; /* guards session */
    doxin_session *session;
    atomic_bool cancelled; /* the client went away */

    /* The answer. */
    int status;
    const char *answer_type; /* static */
    text answer;
    text headers; /* "Name: value\n" … */

    /* For a file that is sent in pieces, and for a WebSocket. */
    struct call_stream *stream;
    void (*finish)(struct call *call); /* on the loop, in place of sending the answer; NULL: send it */
    const char *websocket_key;         /* borrowed from the request */
    unsigned long long websocket_id;   /* of the socket that waits for its state */
    bool in_lane;
    bool retry; /* a piece waits for room in the lane */
} call;

/* A call for a request, its route already found. NULL: no memory. */
call *call_new(http_loop *loop, h2o_req_t *request, const route_match *match);
void call_free(call *old);

/* Adds a header to the answer. */
void call_header(call *to, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Makes the answer a problem (RFC 9457) of this status; detail NULL: the words of the code. */
void call_problem(call *to, doxin_status status, const char *detail);
/* Makes the answer a problem from the session's last error. */
void call_problem_of(call *to, doxin_session *session, doxin_status status);
/* Opens the session for the call (signed in by its token unless the route is public), so that it can be cancelled.
 * False: the answer says why. */
bool call_open_session(call *to, doxin_session **out);
void call_close_session(call *to);
/* The arguments of the operation from path, query and body, as JSON; false: the answer says what is wrong. */
bool call_arguments(call *from, text *out);
/* On a lane: asks for the client's going away to cancel. */
void call_cancel(call *to);

#endif
