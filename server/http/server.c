#include "http/server.h"

#include "http/internal.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BODY_IN_MEMORY = 256 * 1024, REQUEST_TIMEOUT_MS = 30000 };

/* ---- codes ---------------------------------------------------------------------------------------------------------------- */

/* HTTP statuses and words of the codes, as include/doxin/errors.h documents them. */
typedef struct status_row {
    doxin_status status;
    int http;
    const char *text;
} status_row;

static const status_row statuses[] = {
#include "http/status_table.inc"
};

int loop_status_info(doxin_status status, char *title, size_t size)
{
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (statuses[i].status == status) {
            snprintf(title, size, "%s", statuses[i].text);
            return statuses[i].http;
        }
    }
    snprintf(title, size, "an internal error");
    return 500;
}

/* ---- listening -------------------------------------------------------------------------------------------------------------- */

static int listen_on(const struct addrinfo *at)
{
    int on = 1;
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, 1024) == 0)
        return fd;
    int problem = errno;
    close(fd);
    errno = problem;
    return -1;
}

static bool open_listener(http_server *server, char *error)
{
    struct addrinfo hints = {.ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char port[8];
    snprintf(port, sizeof port, "%d", server->options.port);
    int problem = getaddrinfo(server->host, port, &hints, &found);
    if (problem != 0) {
        snprintf(error, HTTP_ERROR_TEXT, "the address %s cannot be used: %s", server->host, gai_strerror(problem));
        return false;
    }
    server->fd = -1;
    for (struct addrinfo *at = found; at && server->fd < 0; at = at->ai_next)
        server->fd = listen_on(at);
    if (server->fd < 0)
        snprintf(error, HTTP_ERROR_TEXT, "cannot listen on %s port %s: %s", server->host, port, strerror(errno));
    freeaddrinfo(found);
    struct sockaddr_storage own;
    socklen_t length = sizeof own;
    if (server->fd >= 0 && getsockname(server->fd, (struct sockaddr *)&own, &length) == 0)
        server->port = ntohs(own.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&own)->sin6_port
                                                       : ((struct sockaddr_in *)&own)->sin_port);
    return server->fd >= 0;
}

/* ---- parts -------------------------------------------------------------------------------------------------------------------- */

/* Bodies over 256 KiB lie in unlinked files of the spool folder. libh2o holds one setting for the process. */
static void set_spool(const http_options *options)
{
    static h2o_buffer_mmap_settings_t settings;
    settings.threshold = BODY_IN_MEMORY;
    snprintf(settings.fn_template, sizeof settings.fn_template, "%s/body.XXXXXX", options->spool_folder);
    h2o_socket_buffer_mmap_settings = settings;
}

static void configure(http_server *server)
{
    h2o_config_init(&server->config);
    server->config.server_name = h2o_iovec_init(H2O_STRLIT("doxin"));
    server->config.http1.req_timeout = REQUEST_TIMEOUT_MS;
    server->config.http1.upgrade_to_http2 = 0;
    /* Twice the limit, so that a body somewhat too large is refused by us, in words; libh2o cuts off the rest. */
    server->config.max_request_entity_size = (size_t)server->options.max_bytes * 2 + (1 << 20);
    h2o_hostconf_t *host = h2o_config_register_host(&server->config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    loop_add_handler(h2o_config_register_path(host, "/", 0));
}

static bool load_operations(http_server *server)
{
    char *json = NULL;
    doxin_status status = doxin_operations(server->options.engine, &json);
    if (status == DOXIN_OK)
        status = doxin_value_parse(json, &server->operations);
    doxin_string_free(json);
    return status == DOXIN_OK;
}

static bool start_loops(http_server *server)
{
    server->loops = calloc((size_t)server->options.loops, sizeof *server->loops);
    for (int i = 0; server->loops && i < server->options.loops; i++) {
        int fd = dup(server->fd);
        if (fd < 0 || !loop_start(&server->loops[i], server, fd))
            return false;
        server->loop_count++;
    }
    return server->loop_count > 0;
}

static bool start_parts(http_server *server, char *error)
{
    const http_options *options = &server->options;
    if (getrandom(&server->instance, sizeof server->instance, 0) != (ssize_t)sizeof server->instance)
        server->instance = (uint64_t)getpid();
    server->addresses = address_table_new();
    server->quick = lane_start(options->quick_threads, options->queue_length);
    server->slow = lane_start(options->slow_threads, options->queue_length);
    if (!server->addresses || !server->quick || !server->slow || !load_operations(server)) {
        snprintf(error, HTTP_ERROR_TEXT, "the server's threads cannot be started");
        return false;
    }
    set_spool(options);
    configure(server);
    if (!open_listener(server, error))
        return false;
    if (!start_loops(server) || !events_start(server)) {
        snprintf(error, HTTP_ERROR_TEXT, "the server's loops cannot be started");
        return false;
    }
    return true;
}

http_server *http_server_start(const http_options *options, char *error)
{
    http_server *server = calloc(1, sizeof *server);
    if (server) {
        server->options = *options;
        server->fd = -1;
        server->host = strdup(options->host);
        server->allowed_origins = strdup(options->allowed_origins ? options->allowed_origins : "");
    }
    if (!server || !server->host || !server->allowed_origins) {
        snprintf(error, HTTP_ERROR_TEXT, "no memory");
        return NULL;
    }
    if (start_parts(server, error))
        return server;
    http_server_stop(server, 0);
    return NULL;
}

int http_server_port(const http_server *server)
{
    return server->port;
}

/* ---- stopping ------------------------------------------------------------------------------------------------------------------- */

static http_server *stopped;

static int under_way(const http_server *server)
{
    int count = 0;
    for (int i = 0; i < server->loop_count; i++)
        count += atomic_load(&server->loops[i].under_way);
    return count;
}

static void wait_for_answers(http_server *server, int grace_ms)
{
    int64_t until = loop_clock_ns() + (int64_t)grace_ms * 1000000;
    struct timespec moment = {0, 20000000};
    while (under_way(server) > 0 && loop_clock_ns() < until)
        nanosleep(&moment, NULL);
    /* One more round of the loops, so that what was answered is on the wire. */
    struct timespec last = {0, 150000000};
    nanosleep(&last, NULL);
}

void http_server_stop(http_server *server, int grace_ms)
{
    if (!server)
        return;
    atomic_store(&server->stopping, true);
    if (server->fd >= 0)
        close(server->fd);
    events_stop(server);
    wait_for_answers(server, grace_ms);
    lane_stop(server->quick);
    lane_stop(server->slow);
    atomic_store(&server->ended, true);
    for (int i = 0; i < server->loop_count; i++)
        pthread_join(server->loops[i].thread, NULL);
    doxin_value_free(server->operations);
    server->operations = NULL;
    /* libh2o gives no way to take a context with open connections apart: it stays reachable until the process ends. */
    stopped = server;
}
