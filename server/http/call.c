#include "http/call.h"

#include "http/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- life ------------------------------------------------------------------------------------------------------------- */

static char *copy_bytes(const char *data, size_t size)
{
    return data ? strndup(data, size) : NULL;
}

static char *copy_header(h2o_req_t *request, const char *name)
{
    ssize_t at = h2o_find_header_by_str(&request->headers, name, strlen(name), -1);
    if (at < 0)
        return NULL;
    h2o_iovec_t value = request->headers.entries[at].value;
    return memchr(value.base, '\0', value.len) ? NULL : copy_bytes(value.base, value.len);
}

static char *copy_token(h2o_req_t *request)
{
    char *header = copy_header(request, "authorization");
    char *token =
        header && strncasecmp(header, "Bearer ", 7) == 0 ? strdup(header + 7 + strspn(header + 7, " ")) : NULL;
    free(header);
    return token;
}

/* The client's own name for the request is kept where it is plain; else one is made. */
static void name_request(call *made, h2o_req_t *request)
{
    char *given = copy_header(request, "x-request-id");
    size_t length = given ? strlen(given) : 0;
    if (length >= 8 && length < REQUEST_ID_TEXT &&
        strspn(given, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") == length)
        memcpy(made->request_id, given, length + 1);
    else
        loop_request_id(made->loop, made->request_id, sizeof made->request_id);
    free(given);
}

call *call_new(http_loop *loop, h2o_req_t *request, const route_match *match)
{
    call *made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    pthread_mutex_init(&made->lock, NULL);
    atomic_init(&made->cancelled, false);
    made->loop = loop;
    made->request = request;
    made->route = match->route;
    made->started_ns = loop_clock_ns();
    made->status = 200;
    made->answer_type = "application/json";
    made->method = copy_bytes(request->input.method.base, request->input.method.len);
    size_t query_at = request->input.query_at;
    size_t path_size = query_at == SIZE_MAX ? request->input.path.len : query_at;
    made->path = copy_bytes(request->input.path.base, path_size);
    if (query_at != SIZE_MAX)
        made->query = copy_bytes(request->input.path.base + query_at + 1, request->input.path.len - query_at - 1);
    for (int i = 0; i < ROUTE_PARAMETERS_MAX && match->values[i]; i++)
        made->parameters[i] = copy_bytes(match->values[i], match->sizes[i]);
    made->token = copy_token(request);
    made->content_type = copy_header(request, "content-type");
    made->idempotency_key = copy_header(request, "idempotency-key");
    made->traceparent = copy_header(request, "traceparent");
    made->agent = copy_header(request, "user-agent");
    made->body = request->entity.base;
    made->body_size = request->entity.len;
    loop_peer_address(request, made->address, sizeof made->address);
    name_request(made, request);
    return made;
}

void call_free(call *old)
{
    if (!old)
        return;
    free(old->method);
    free(old->path);
    free(old->query);
    for (int i = 0; i < ROUTE_PARAMETERS_MAX; i++)
        free(old->parameters[i]);
    free(old->token);
    free(old->content_type);
    free(old->idempotency_key);
    free(old->traceparent);
    free(old->agent);
    doxin_session_free(old->session);
    text_free(&old->answer);
    text_free(&old->headers);
    pthread_mutex_destroy(&old->lock);
    free(old);
}

/* ---- answers ---------------------------------------------------------------------------------------------------------- */

void call_header(call *to, const char *name, const char *format, ...)
{
    char value[512];
    va_list list;
    va_start(list, format);
    vsnprintf(value, sizeof value, format, list);
    va_end(list);
    for (char *p = value; *p; p++)
        if ((unsigned char)*p < 0x20)
            *p = ' ';
    text_format(&to->headers, "%s: %s\n", name, value);
}

static void begin_problem(call *to, const char *code, int status, const char *title, const char *detail)
{
    to->status = status;
    to->answer_type = "application/problem+json";
    text_free(&to->answer);
    text_put(&to->answer, "{\"type\":\"/problems/");
    for (const char *p = code + (strncmp(code, "DOXIN_E_", 8) == 0 ? 8 : 0); *p; p++) {
        char c = *p == '_' ? '-' : *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
        text_add(&to->answer, &c, 1);
    }
    text_put(&to->answer, "\",");
    text_member(&to->answer, "title", title);
    text_format(&to->answer, "\"status\":%d,", status);
    text_member(&to->answer, "detail", detail);
    text_member(&to->answer, "instance", to->path);
    text_member(&to->answer, "code", code);
    text_member(&to->answer, "request_id", to->request_id);
}

static void end_problem(call *to)
{
    text_trim(&to->answer);
    text_put(&to->answer, "}");
}

/* The table of errors, asked once through the public interface. */
static int http_status_of(doxin_status status, char *title, size_t size)
{
    return loop_status_info(status, title, size);
}

void call_problem(call *to, doxin_status status, const char *detail)
{
    char title[128];
    int http = http_status_of(status, title, sizeof title);
    begin_problem(to, doxin_status_name(status), http, title, detail ? detail : title);
    end_problem(to);
    if (http == 503)
        call_header(to, "Retry-After", "2");
}

static void add_field_errors(call *to, const doxin_value *error)
{
    size_t count = doxin_value_count(error, "/errors");
    if (count == 0)
        return;
    text_put(&to->answer, "\"errors\":[");
    for (size_t i = 0; i < count; i++) {
        static const char *const members[] = {"pointer", "code", "message"};
        text_put(&to->answer, "{");
        for (size_t k = 0; k < 3; k++) {
            char pointer[48];
            snprintf(pointer, sizeof pointer, "/errors/%zu/%s", i, members[k]);
            text_member(&to->answer, members[k], doxin_value_text(error, pointer));
        }
        text_trim(&to->answer);
        text_put(&to->answer, "},");
    }
    text_trim(&to->answer);
    text_put(&to->answer, "],");
}

void call_problem_of(call *to, doxin_session *session, doxin_status status)
{
    char *json = NULL;
    doxin_value *error = NULL;
    if (!session || doxin_session_error(session, &json) != DOXIN_OK || doxin_value_parse(json, &error) != DOXIN_OK ||
        strtol(doxin_value_text(error, "/number"), NULL, 10) != status) {
        call_problem(to, status, NULL);
    } else {
        char title[128];
        const char *hint = doxin_value_text(error, "/hint");
        int http = http_status_of(status, title, sizeof title);
        begin_problem(to, doxin_value_text(error, "/code"), http, title, doxin_value_text(error, "/message"));
        if (*hint)
            text_member(&to->answer, "hint", hint);
        add_field_errors(to, error);
        end_problem(to);
        int wait_s = (int)strtol(doxin_value_text(error, "/retry_after_s"), NULL, 10);
        if (http == 503 || http == 429)
            call_header(to, "Retry-After", "%d", wait_s > 0 ? wait_s : 2);
        if (http == 401)
            call_header(to, "WWW-Authenticate", "Bearer");
    }
    doxin_value_free(error);
    doxin_string_free(json);
}

/* ---- sessions ------------------------------------------------------------------------------------------------------------ */

static doxin_status session_options(const call *from, doxin_options **out)
{
    char timeout[24];
    snprintf(timeout, sizeof timeout, "%d", loop_options(from->loop)->call_timeout_ms);
    doxin_status status = doxin_options_new(out);
    if (status == DOXIN_OK)
        status = doxin_options_set(*out, "timeout_ms", timeout);
    if (status == DOXIN_OK)
        status = doxin_options_set(*out, "request_id", from->request_id);
    if (status == DOXIN_OK)
        status = doxin_options_set(*out, "client_address", from->address);
    if (status == DOXIN_OK && from->agent)
        status = doxin_options_set(*out, "client_agent", from->agent);
    if (status == DOXIN_OK && from->traceparent)
        status = doxin_options_set(*out, "traceparent", from->traceparent);
    return status;
}

bool call_open_session(call *to, doxin_session **out)
{
    doxin_options *opts = NULL;
    doxin_session *session = NULL;
    doxin_status status = session_options(to, &opts);
    if (status == DOXIN_OK)
        status = doxin_session_open(loop_options(to->loop)->engine, opts, &session);
    doxin_options_free(opts);
    if (status != DOXIN_OK) {
        call_problem(to, status, NULL);
        return false;
    }
    pthread_mutex_lock(&to->lock);
    to->session = session;
    pthread_mutex_unlock(&to->lock);
    *out = session;
    if (to->route->is_public)
        return true;
    status = to->token ? doxin_session_login(session, to->token, NULL) : DOXIN_E_UNAUTHENTICATED;
    if (status == DOXIN_OK)
        return true;
    if (to->token) {
        call_problem_of(to, session, status);
    } else {
        call_problem(to, status, "send the token of sign-in as Authorization: Bearer …");
        call_header(to, "WWW-Authenticate", "Bearer");
    }
    call_close_session(to);
    return false;
}

void call_close_session(call *to)
{
    pthread_mutex_lock(&to->lock);
    doxin_session *session = to->session;
    to->session = NULL;
    pthread_mutex_unlock(&to->lock);
    doxin_session_free(session);
}

void call_cancel(call *to)
{
    atomic_store(&to->cancelled, true);
    pthread_mutex_lock(&to->lock);
    if (to->session)
        doxin_session_cancel(to->session);
    pthread_mutex_unlock(&to->lock);
}
