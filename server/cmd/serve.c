/* doxin serve: the HTTP server, a worker, and the private database where none is configured. */
#include "base/file.h"
#include "base/text.h"
#include "boot/embedded.h"
#include "boot/log.h"
#include "cmd/command.h"
#include "demo/load.h"
#include "http/server.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "Usage: doxin serve [--demo] [--no-worker] [--no-migrate] [--ready-file PATH]\n\n"
    "Serves the HTTP API on DOXIN_HOST and PORT. Without DATABASE_URL a private PostgreSQL runs in DOXIN_DATA, on a "
    "unix\n"
    "socket only, is brought to the current schema, and stops with the server. `doxin config` lists the variables.\n\n"
    "  --demo             load the demonstration of `doxin demo`, for " DEMO_EMAIL "\n"
    "  --no-worker        do not work on jobs here; `doxin worker` does\n"
    "  --no-migrate       leave the private database's schema as it is\n"
    "  --ready-file PATH  write the server's address there when it is up\n\n"
    "SIGTERM and SIGINT stop it within 8 seconds. The log is JSON, a line an entry, on standard error.\n";

enum { GRACE_MS = 6000 };

typedef struct served {
    settings *config;
    bool worker;
    bool migrate;
    bool demo;
    const char *ready_file;
    embedded *embedded;
    doxin_engine *engine;
    doxin_session *session;
    doxin_task *work;
    http_server *server;
} served;

static int level_of(const char *name)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    for (int i = 0; i < 4; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return DOXIN_LOG_INFO;
}

static bool is_loopback(const char *host)
{
    struct in_addr four;
    if (strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0)
        return true;
    return inet_pton(AF_INET, host, &four) == 1 && (ntohl(four.s_addr) >> 24) == 127;
}

static int fail(const char *what, const char *why)
{
    text fields = {0};
    text_put(&fields, "{");
    text_member(&fields, "reason", why);
    text_trim(&fields);
    text_put(&fields, "}");
    log_line(DOXIN_LOG_ERROR, "serve", what, fields.failed ? NULL : fields.data);
    text_free(&fields);
    return EXIT_UNREACHABLE;
}

/* ---- starting -------------------------------------------------------------------------------------------------------------- */

static doxin_status open_engine(served *own, char *why, size_t size)
{
    doxin_options *opts = NULL;
    bool dev_login = config_bool(own->config, "DOXIN_DEV_LOGIN") && embedded_has_database(own->embedded) &&
                     is_loopback(config_text(own->config, "DOXIN_HOST"));
    doxin_status status = config_engine_options(own->config, &opts);
    if (status == DOXIN_OK)
        status = doxin_options_set(opts, "dev_login", dev_login ? "true" : "false");
    if (status == DOXIN_OK)
        status = doxin_engine_open(opts, &own->engine);
    doxin_options_free(opts);
    if (status == DOXIN_OK)
        status = doxin_engine_set_log(own->engine, log_from_library, NULL, NULL);
    if (status == DOXIN_OK)
        status = doxin_session_open(own->engine, NULL, &own->session);
    char *json = NULL;
    doxin_value *error = NULL;
    if (status != DOXIN_OK && own->engine && doxin_engine_error(own->engine, &json) == DOXIN_OK &&
        doxin_value_parse(json, &error) == DOXIN_OK)
        snprintf(why, size, "%s", doxin_value_text(error, "/message"));
    else
        snprintf(why, size, "%s", doxin_status_name(status));
    doxin_value_free(error);
    doxin_string_free(json);
    return status;
}

static void last_error(doxin_session *session, doxin_status status, char *why, size_t size)
{
    char *json = NULL;
    doxin_value *error = NULL;
    snprintf(why, size, "%s", doxin_status_name(status));
    if (doxin_session_error(session, &json) == DOXIN_OK && doxin_value_parse(json, &error) == DOXIN_OK)
        snprintf(why, size, "%s (%s)", doxin_value_text(error, "/message"), doxin_status_name(status));
    doxin_value_free(error);
    doxin_string_free(json);
}

static int migrate(served *own)
{
    char *report = NULL;
    char why[512];
    if (!own->migrate || !embedded_has_database(own->embedded))
        return EXIT_DONE;
    doxin_status status = doxin_migrate(own->session, "up", NULL, &report);
    doxin_string_free(report);
    if (status == DOXIN_OK)
        return EXIT_DONE;
    last_error(own->session, status, why, sizeof why);
    return fail("the schema cannot be brought up", why);
}

static doxin_status worker_options(const settings *config, doxin_options **out)
{
    doxin_status status = doxin_options_new(out);
    if (status == DOXIN_OK)
        status = doxin_options_set(*out, "threads", config_text(config, "DOXIN_WORKER_THREADS"));
    if (status == DOXIN_OK)
        status = doxin_options_set(*out, "lease_ms", config_text(config, "DOXIN_LEASE_MS"));
    return status;
}

static int start_worker(served *own)
{
    doxin_options *opts = NULL;
    doxin_status status = worker_options(own->config, &opts);
    if (status == DOXIN_OK)
        status = doxin_worker_start(own->engine, opts, &own->work);
    doxin_options_free(opts);
    char *json = NULL;
    doxin_value *error = NULL;
    int code = EXIT_DONE;
    if (status != DOXIN_OK) {
        bool told = doxin_engine_error(own->engine, &json) == DOXIN_OK && doxin_value_parse(json, &error) == DOXIN_OK;
        code = fail("the worker cannot start", told ? doxin_value_text(error, "/message") : doxin_status_name(status));
    }
    doxin_value_free(error);
    doxin_string_free(json);
    return code;
}

static int processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (int)count : 1;
}

static int loops_of(const settings *config)
{
    int asked = (int)config_integer(config, "DOXIN_LOOPS");
    return asked > 0 ? asked : processors() < 4 ? processors() : 4;
}

/* Two connections stay for the worker and the listener. */
static int quick_threads_of(const settings *config)
{
    int asked = (int)config_integer(config, "DOXIN_QUICK_THREADS");
    int pool = (int)config_integer(config, "DOXIN_POOL_SIZE");
    if (asked > 0)
        return asked;
    return pool == 0 ? 8 : pool > 3 ? pool - 2 : 1;
}

static int start_server(served *own)
{
    const settings *config = own->config;
    char error[HTTP_ERROR_TEXT] = "";
    http_options options = {
        .engine = own->engine,
        .host = config_text(config, "DOXIN_HOST"),
        .port = (int)config_integer(config, "PORT"),
        .loops = loops_of(config),
        .quick_threads = quick_threads_of(config),
        .slow_threads = (int)config_integer(config, "DOXIN_SLOW_THREADS"),
        .queue_length = (int)config_integer(config, "DOXIN_QUEUE_LENGTH"),
        .call_timeout_ms = (int)config_integer(config, "DOXIN_CALL_TIMEOUT_MS"),
        .max_bytes = config_integer(config, "DOXIN_MAX_BYTES"),
        .spool_bytes = config_integer(config, "DOXIN_SPOOL_BYTES"),
        .max_connections = (int)config_integer(config, "DOXIN_MAX_CONNECTIONS"),
        .max_connections_per_address = (int)config_integer(config, "DOXIN_MAX_CONNECTIONS_PER_ADDRESS"),
        .allowed_origins = config_text(config, "DOXIN_ALLOWED_ORIGINS"),
        .spool_folder = embedded_spool(own->embedded),
    };
    own->server = http_server_start(&options, error);
    return own->server ? EXIT_DONE : fail("the server cannot start", error);
}

static int announce(const served *own)
{
    char address[300];
    const char *host = config_text(own->config, "DOXIN_HOST");
    bool six = strchr(host, ':') != NULL;
    snprintf(address, sizeof address, "http://%s%s%s:%d\n", six ? "[" : "", host, six ? "]" : "",
             http_server_port(own->server));
    text fields = {0};
    text_put(&fields, "{\"address\":");
    text_json_n(&fields, address, strlen(address) - 1);
    text_format(&fields, ",\"private_database\":%s,\"worker\":%s}",
                embedded_has_database(own->embedded) ? "true" : "false", own->work ? "true" : "false");
    log_line(DOXIN_LOG_INFO, "serve", "ready", fields.failed ? NULL : fields.data);
    text_free(&fields);
    if (!own->ready_file)
        return EXIT_DONE;
    int problem = file_write(own->ready_file, address, strlen(address), 0644);
    return problem == 0 ? EXIT_DONE : fail("the ready file cannot be written", strerror(problem));
}

static int start(served *own)
{
    char why[512];
    char error[EMBEDDED_ERROR_TEXT] = "";
    own->embedded = embedded_start(own->config, error);
    if (!own->embedded)
        return fail("the data folder or the private database cannot be used", error);
    if (open_engine(own, why, sizeof why) != DOXIN_OK)
        return fail("the engine cannot be opened", why);
    int code = migrate(own);
    if (code == EXIT_DONE && own->worker)
        code = start_worker(own);
    if (code == EXIT_DONE)
        code = start_server(own);
    return code == EXIT_DONE ? announce(own) : code;
}

/* After the server is up. It serves whatever comes of it; a stopped loading ends in stopping the server. */
static void load_demo(const served *own)
{
    demo_options options = {.email = DEMO_EMAIL, .worker = !own->work};
    bool good = demo_load(own->config, &options) == EXIT_DONE;
    log_line(good ? DOXIN_LOG_INFO : DOXIN_LOG_WARN, "serve",
             good ? "the demonstration is loaded" : "the demonstration is not loaded as a whole", NULL);
}

/* ---- running and stopping ---------------------------------------------------------------------------------------------------- */

/* Events of the worker are taken so that its queue never fills; what they say is in the database too. */
static void drain(doxin_task *work)
{
    char *json = NULL;
    while (work && doxin_task_next(work, 0, &json) == 1)
        doxin_string_free(json);
}

static void wait_for_signal(const served *own, const sigset_t *set)
{
    struct timespec moment = {0, 200000000};
    int number;
    do {
        drain(own->work);
        number = sigtimedwait(set, NULL, &moment);
    } while (number != SIGTERM && number != SIGINT);
    log_line(DOXIN_LOG_INFO, "serve", "stopping", NULL);
}

static void stop_worker(doxin_task *work)
{
    char *json = NULL;
    doxin_status status;
    if (!work)
        return;
    doxin_task_cancel(work);
    while ((status = doxin_task_next(work, GRACE_MS, &json)) == 1)
        doxin_string_free(json);
    if (status == DOXIN_E_AGAIN)
        log_line(DOXIN_LOG_WARN, "serve", "the worker did not end in time; its leases will expire", NULL);
    doxin_task_free(work);
}

static void stop(served *own)
{
    if (own->work)
        doxin_task_cancel(own->work);
    http_server_stop(own->server, GRACE_MS);
    stop_worker(own->work);
    doxin_session_free(own->session);
    doxin_engine_free(own->engine);
    embedded_stop(own->embedded);
    if (own->ready_file)
        unlink(own->ready_file);
}

static int run(settings *config, int count, char **items)
{
    /* What is found out at start is added to the settings of this process. */
    served own = {.config = config, .worker = true, .migrate = true};
    arguments from = {count, items, 1};
    while (from.at < from.count) {
        if (arguments_flag(&from, "--no-worker"))
            own.worker = false;
        else if (arguments_flag(&from, "--demo"))
            own.demo = true;
        else if (arguments_flag(&from, "--no-migrate"))
            own.migrate = false;
        else if (!arguments_value(&from, "--ready-file", &own.ready_file) || !own.ready_file)
            return command_usage_error("serve", "\"%s\" is no option of it, or its value is missing",
                                       items[from.at < count ? from.at : count - 1]);
    }
    log_threshold(level_of(config_text(config, "DOXIN_LOG_LEVEL")));
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    /* Every thread made later inherits this, so that the signals come to sigtimedwait. */
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    int code = start(&own);
    if (code == EXIT_DONE && own.demo)
        load_demo(&own);
    if (code == EXIT_DONE)
        wait_for_signal(&own, &set);
    stop(&own);
    return code;
}

const command command_serve = {
    .name = "serve",
    .summary = "serve the HTTP API, with a private database by default",
    .usage = usage,
    .run = run,
};
