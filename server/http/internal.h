/* The server and its parts, for the files of this folder. */
#ifndef SERVER_HTTP_INTERNAL_H
#define SERVER_HTTP_INTERNAL_H

#include "http/lane.h"
#include "http/loop.h"

struct http_server {
    http_options options;
    char *host;
    char *allowed_origins;
    int fd;
    int port;
    h2o_globalconf_t config;
    lane *quick;
    lane *slow;
    http_loop *loops;
    int loop_count;
    atomic_bool stopping;
    atomic_bool ended; /* loops leave */
    atomic_int connections;
    atomic_llong spooled;
    atomic_ullong requests; /* for request ids */
    uint64_t instance;      /* random, for request ids */
    doxin_value *operations;
    struct address_table *addresses;
    /* The one follower of events, which feeds the WebSockets of all loops. */
    pthread_t follower;
    bool follower_started;
    doxin_task *events;
};

/* upload.c, content.c, websocket.c: what runs in a lane for their routes. */
void upload_run(lane_work *work);
void content_run(lane_work *work);
void websocket_begin(http_loop *loop, h2o_req_t *request, const route_match *match);
/* On the loop. */
void websocket_deliver(http_loop *loop, const http_broadcast *event);
void websocket_tick(http_loop *loop);
void websocket_close_all(http_loop *loop);

/* events.c */
bool events_start(http_server *server);
void events_stop(http_server *server);

/* connections.c: how many a client's address has open. */
struct address_table *address_table_new(void);
void address_table_free(struct address_table *table);
/* False when the address has as many as it may. */
bool address_table_enter(struct address_table *table, const char *address, int most);
void address_table_leave(struct address_table *table, const char *address);

#endif
