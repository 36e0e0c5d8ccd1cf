/* One follower of all events, for the WebSockets of all loops. */
#include "boot/log.h"
#include "http/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static doxin_status open_follower(http_server *server, const char *after, doxin_task **out)
{
    doxin_options *opts = NULL;
    doxin_session *session = NULL;
    char arguments[128];
    snprintf(arguments, sizeof arguments, "{\"topics\":[\"*\"]%s%.32s%s}", *after ? ",\"after\":\"" : "", after,
             *after ? "\"" : "");
    doxin_status status = doxin_options_new(&opts);
    if (status == DOXIN_OK)
        status = doxin_options_set(opts, "purpose", "worker");
    if (status == DOXIN_OK)
        status = doxin_session_open(server->options.engine, opts, &session);
    if (status == DOXIN_OK)
        status = doxin_call_start(session, "events.follow", arguments, out);
    doxin_options_free(opts);
    doxin_session_free(session);
    return status;
}

/* {"type":"event","id","topic","event":{…}}: the room gets {"event_id":…,members of event}. */
static void pass_on(http_server *server, const char *json, char *after, size_t size)
{
    doxin_value *value = NULL;
    if (doxin_value_parse(json, &value) != DOXIN_OK)
        return;
    const char *topic = doxin_value_text(value, "/topic");
    const char *inner = strstr(json, "\"event\":{");
    if (strcmp(doxin_value_text(value, "/type"), "event") == 0 && *topic && inner) {
        text message = {0};
        snprintf(after, size, "%s", doxin_value_text(value, "/id"));
        text_put(&message, "{");
        text_member(&message, "event_id", after);
        inner += strlen("\"event\":{");
        /* What follows is the event and the end of the object round it. */
        size_t length = strlen(inner);
        if (length >= 2)
            text_add(&message, inner, length - 1);
        if (inner[0] == '}' && message.len > 1)
            text_trim(&message);
        if (!message.failed)
            server_broadcast(server, topic, message.data);
        text_free(&message);
    }
    doxin_value_free(value);
}

static void pause_ms(int ms)
{
    struct timespec wait = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&wait, NULL);
}

static void *follow(void *argument)
{
    http_server *server = argument;
    char after[40] = "";
    bool reported = false;
    while (!atomic_load(&server->stopping)) {
        doxin_task *task = NULL;
        doxin_status status = open_follower(server, after, &task);
        while (status == DOXIN_OK && !atomic_load(&server->stopping)) {
            char *json = NULL;
            doxin_status next = doxin_task_next(task, 250, &json);
            if (next == 1) {
                reported = false;
                pass_on(server, json, after, sizeof after);
            } else if (next != DOXIN_E_AGAIN) {
                status = next == DOXIN_OK ? DOXIN_E_UNAVAILABLE : next;
            }
            doxin_string_free(json);
        }
        if (status != DOXIN_OK && !reported) {
            log_line(DOXIN_LOG_WARN, "http", "events cannot be followed; trying again", NULL);
            reported = true;
        }
        doxin_task_free(task);
        if (!atomic_load(&server->stopping))
            pause_ms(500);
    }
    return NULL;
}

bool events_start(http_server *server)
{
    server->follower_started = pthread_create(&server->follower, NULL, follow, server) == 0;
    return server->follower_started;
}

void events_stop(http_server *server)
{
    if (server->follower_started)
        pthread_join(server->follower, NULL);
    server->follower_started = false;
}
