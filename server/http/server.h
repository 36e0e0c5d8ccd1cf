/* The HTTP server: loops, lanes, routes. libh2o stays in this folder. */
#ifndef SERVER_HTTP_SERVER_H
#define SERVER_HTTP_SERVER_H

#include <doxin/doxin.h>
#include <stdint.h>

typedef struct http_server http_server;

typedef struct http_options {
    doxin_engine *engine; /* borrowed; outlives the server */
    const char *host;
    int port; /* 0: any free one */
    int loops;
    int quick_threads;
    int slow_threads;
    int queue_length;
    int call_timeout_ms;
    int64_t max_bytes;   /* of a document */
    int64_t spool_bytes; /* of all request bodies at a time */
    int max_connections;
    int max_connections_per_address;
    const char *allowed_origins; /* separated by spaces */
    const char *spool_folder;    /* for bodies over 256 KiB */
} http_options;

enum { HTTP_ERROR_TEXT = 256 };

/* Listens and serves in threads of its own. NULL: error (HTTP_ERROR_TEXT bytes) says why. */
http_server *http_server_start(const http_options *options, char *error);
/* The port that it listens on. */
int http_server_port(const http_server *server);
/* Takes no new connection, answers what is under way within grace_ms, tells WebSockets to reconnect, ends the threads. */
void http_server_stop(http_server *server, int grace_ms);

#endif
