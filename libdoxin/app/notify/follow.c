#include "app/notify/hub.h"
#include "base/crypto/uuid.h"
#include "base/rt/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_MS = 250, PAST_MAX = 10000, TOPICS_MAX = 64 };

/* ---- who may follow what ------------------------------------------------------------------------------------------------------ */

static bool sees_all(const dx_ctx *ctx)
{
    return ctx->purpose && (strcmp(ctx->purpose, "worker") == 0 || strcmp(ctx->purpose, "admin") == 0);
}

/* The row policies say what somebody sees; what they do not see is not there. */
static doxin_status check_topic(dx_app *app, dx_ctx *ctx, const char *topic)
{
    static const char *const queries[][2] = {
        {"job:", "SELECT FROM processing_jobs WHERE id = $1"},
        {"invoice:", "SELECT FROM invoices WHERE id = $1"},
        {"user:", "SELECT WHERE doxin_me() = $1::uuid OR doxin_purpose() IN ('admin', 'worker')"},
    };
    dx_rows *rows = NULL;
    if (strcmp(topic, "*") == 0)
        return sees_all(ctx) ? DOXIN_OK : dx_fail(ctx, DOXIN_E_FORBIDDEN, "only administrators follow every topic");
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        size_t length = strlen(queries[i][0]);
        if (strncmp(topic, queries[i][0], length) != 0 || !dx_uuid_valid(topic + length))
            continue;
        doxin_status status =
            dx_db_exec(app->db, ctx, DX_LOGIN_APPLICATION, queries[i][1], DX_PARAMS(topic + length), &rows);
        if (status != DOXIN_OK || dx_rows_count(rows) > 0)
            return status;
    }
    return dx_fail(ctx, DOXIN_E_NOT_FOUND, "there is no topic \"%.120s\"", topic);
}

/* ---- the past ----------------------------------------------------------------------------------------------------------------- */

typedef struct following {
    dx_app *app;
    dx_ctx *ctx; /* of the caller */
    dx_ctx own;  /* the same with memory that is given back */
    const char *const *topics;
    size_t topic_count;
    dx_event_fn fn;
    void *data;
    int64_t *past; /* ids that were read from the table, ascending; from the caller's arena */
    size_t past_count;
    int64_t newest;
} following;

static const char *topics_text(following *of)
{
    const char *list = "{";
    for (size_t i = 0; i < of->topic_count && list; i++) {
        if (strcmp(of->topics[i], "*") == 0)
            return "{*}";
        list = dx_textf(&of->own, "%s%s\"%s\"", list, i ? "," : "", of->topics[i]);
    }
    return list ? dx_textf(&of->own, "%s}", list) : NULL;
}

/* Events above `after` that the table has now, at most PAST_MAX. *more: fn wants more. */
static doxin_status read_some_past(following *of, int64_t after, bool *more)
{
    char from[24];
    dx_rows *rows = NULL;
    snprintf(from, sizeof from, "%lld", (long long)after);
    const char *topics = topics_text(of);
    if (!topics)
        return DOXIN_E_NOMEM;
    doxin_status status =
        dx_db_exec(of->app->db, &of->own, DX_LOGIN_APPLICATION,
                   "SELECT id, topic, type, payload FROM events WHERE id > $1::bigint AND ($2 = '{*}' OR "
                   "topic = ANY (CASE WHEN $2 = '{*}' THEN '{}' ELSE $2 END::text[])) ORDER BY id LIMIT 10000",
                   DX_PARAMS(from, topics), &rows);
    if (status != DOXIN_OK)
        return status;
    if (!of->past && !(of->past = dx_array(of->ctx, PAST_MAX, sizeof *of->past)))
        return DOXIN_E_NOMEM;
    of->past_count = 0;
    for (size_t i = 0; i < dx_rows_count(rows) && *more; i++) {
        dx_event event = {dx_rows_integer(rows, i, 0, 0), dx_rows_text(rows, i, 1), dx_rows_text(rows, i, 2),
                          dx_rows_text(rows, i, 3)};
        of->past[of->past_count++] = event.id;
        of->newest = event.id;
        *more = of->fn(of->data, &event);
    }
    return DOXIN_OK;
}

static doxin_status read_past(following *of, int64_t after, bool *more)
{
    doxin_status status = read_some_past(of, after, more);
    while (status == DOXIN_OK && *more && of->past_count == PAST_MAX) {
        dx_arena_reset(of->own.arena);
        status = read_some_past(of, of->newest, more);
    }
    return status;
}

static bool was_past(const following *of, int64_t id)
{
    size_t low = 0;
    size_t high = of->past_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (of->past[middle] == id)
            return true;
        if (of->past[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* ---- the present -------------------------------------------------------------------------------------------------------------- */

static doxin_status follow(following *of, dx_hub *hub, dx_follower *follower, int64_t after)
{
    bool more = true;
    doxin_status status = after > 0 ? read_past(of, after, &more) : DOXIN_OK;
    while (status == DOXIN_OK && more) {
        bool gap = false;
        dx_hub_event *next = dx_hub_next(hub, of->ctx, follower, WAIT_MS, &gap);
        if (gap) {
            dx_arena_reset(of->own.arena);
            status = read_past(of, of->newest, &more);
        } else if (next) {
            if (!was_past(of, next->event.id))
                more = of->fn(of->data, &next->event);
            if (next->event.id > of->newest)
                of->newest = next->event.id;
            dx_free(next);
        } else {
            status = dx_check(of->ctx);
        }
    }
    return status;
}

doxin_status dx_notify_follow(dx_app *app, dx_ctx *ctx, const char *const *topics, size_t topic_count, int64_t after,
                              dx_event_fn fn, void *data)
{
    following of = {.app = app,
                    .ctx = ctx,
                    .own = *ctx,
                    .topics = topics,
                    .topic_count = topic_count,
                    .fn = fn,
                    .data = data,
                    .newest = after};
    dx_hub *hub = NULL;
    dx_follower *follower = NULL;
    doxin_status status = dx_hub_of(app, ctx, &hub);
    for (size_t i = 0; status == DOXIN_OK && i < topic_count; i++)
        status = check_topic(app, ctx, topics[i]);
    if (status != DOXIN_OK)
        return status;
    of.own.arena = dx_arena_new(0);
    if (!of.own.arena)
        return dx_nomem(ctx);
    status = dx_hub_join(hub, ctx, topics, topic_count, &follower);
    if (status == DOXIN_OK) {
        status = follow(&of, hub, follower, after);
        dx_hub_leave(hub, follower);
    }
    if (status != DOXIN_OK && ctx->error.status != status)
        ctx->error = of.own.error;
    dx_arena_free(of.own.arena);
    return status;
}

/* ---- the operation ------------------------------------------------------------------------------------------------------------ */

static bool emit_event(void *data, const dx_event *event)
{
    const dx_call *call = data;
    char id[24];
    dx_buffer buffer;
    dx_writer writer;
    snprintf(id, sizeof id, "%lld", (long long)event->id);
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_write_object(&writer, NULL);
    dx_write_string(&writer, "type", "event");
    dx_write_string(&writer, "id", id);
    dx_write_string(&writer, "topic", event->topic);
    dx_write_object(&writer, "event");
    dx_write_string(&writer, "type", event->type);
    /* The payload's members, without the braces round them. */
    size_t length = strlen(event->payload);
    if (length > 2) {
        dx_buffer_char(&buffer, ',');
        dx_buffer_add(&buffer, event->payload + 1, length - 2);
    }
    dx_write_object_end(&writer);
    dx_write_object_end(&writer);
    char *json = dx_buffer_take(&buffer, NULL);
    if (!json)
        dx_nomem(call->ctx);
    return json && call->emit(call->emit_data, json);
}

static doxin_status events_follow(dx_call *call)
{
    const char *topics[TOPICS_MAX];
    const dx_json *list = dx_json_get(call->args, "topics");
    const char *after = dx_call_text(call, "after");
    size_t count = dx_json_count(list);
    for (size_t i = 0; i < count; i++)
        topics[i] = dx_json_string(dx_json_at(list, i));
    int64_t from = 0;
    if (after && (strspn(after, "0123456789") != strlen(after) || strlen(after) > 18)) {
        dx_fail(call->ctx, DOXIN_E_FIELD, "/after: must be the id of an event");
        dx_error_field(&call->ctx->error, "/after", "format", "must be the id of an event");
        return DOXIN_E_FIELD;
    }
    if (after)
        from = strtoll(after, NULL, 10);
    doxin_status status = dx_notify_follow(call->app, call->ctx, topics, count, from, emit_event, call);
    if (status != DOXIN_OK || call->ctx->error.status == DOXIN_E_NOMEM)
        return status != DOXIN_OK ? status : DOXIN_E_NOMEM;
    /* Events have no end of their own: one was not taken. */
    return dx_fail(call->ctx, DOXIN_E_CANCELED, "nobody takes the events");
}

static const dx_op operations[] = {
    {.name = "events.follow",
     .text = "Events of topics as they happen, after an id if one is given",
     .permission = "events.follow",
     .effect = DX_READS,
     .flags = DX_OP_BARE | DX_OP_STREAM,
     .request =
         "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"topics\"],\"properties\":{"
         "\"topics\":{\"type\":\"array\",\"minItems\":1,\"maxItems\":64,\"items\":{\"type\":\"string\","
         "\"minLength\":1,\"maxLength\":120}},\"after\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":18}}}",
     .answer = "{\"type\":\"object\",\"required\":[\"type\",\"id\",\"topic\",\"event\"],\"properties\":{"
               "\"type\":{\"type\":\"string\",\"enum\":[\"event\"]},\"id\":{\"type\":\"string\"},"
               "\"topic\":{\"type\":\"string\"},\"event\":{\"type\":\"object\"}}}",
     .run = events_follow},
};

const dx_module dx_notify_module = {
    .name = "notify",
    .operations = operations,
    .operation_count = sizeof operations / sizeof operations[0],
};
