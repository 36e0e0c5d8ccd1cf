/* The bytes of a stored file, read in a lane piece by piece and sent as the client takes them. */
#include "http/call.h"
#include "http/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 512 * 1024 };

typedef struct call_stream {
    h2o_generator_t generator; /* first: what libh2o hands back */
    call *call;
    char *file_id;
    long long size;
    long long offset;
    doxin_bytes *piece;
    bool failed;
    bool stopped; /* the request is gone while a piece is being read */
} call_stream;

static void stream_free(call_stream *old)
{
    if (!old)
        return;
    doxin_bytes_free(old->piece);
    free(old->file_id);
    free(old);
}

/* ---- on the lane ---------------------------------------------------------------------------------------------------------- */

static void read_piece(lane_work *work)
{
    call *at = H2O_STRUCT_FROM_MEMBER(call, work, work);
    call_stream *stream = at->stream;
    char offset[24];
    doxin_bytes_free(stream->piece);
    stream->piece = NULL;
    snprintf(offset, sizeof offset, "%lld", stream->offset);
    doxin_status status = doxin_file_read(at->session, stream->file_id, offset, PIECE, &stream->piece);
    size_t got = status == DOXIN_OK ? doxin_bytes_size(stream->piece) : 0;
    stream->failed = got == 0;
    stream->offset += (long long)got;
    loop_answer(at);
}

/* The session of whoever the ticket belongs to. */
static doxin_status open_owner_session(call *at, const char *user_id, const char *role, doxin_session **out)
{
    doxin_options *opts = NULL;
    doxin_status status = doxin_options_new(&opts);
    if (status == DOXIN_OK)
        status = doxin_options_set(opts, "user_id", user_id);
    /* An administrator's ticket is for files that are not their own. */
    if (status == DOXIN_OK && strcmp(role, "admin") == 0)
        status = doxin_options_set(opts, "purpose", "admin");
    if (status == DOXIN_OK)
        status = doxin_options_set(opts, "request_id", at->request_id);
    if (status == DOXIN_OK)
        status = doxin_options_set(opts, "client_address", at->address);
    if (status == DOXIN_OK && at->agent)
        status = doxin_options_set(opts, "client_agent", at->agent);
    if (status == DOXIN_OK)
        status = doxin_session_open(loop_options(at->loop)->engine, opts, out);
    doxin_options_free(opts);
    return status;
}

/* Names go into a header: what could end it or leave its quotes becomes "_"; the UTF-8 form follows RFC 8187. */
static void add_disposition(call *at, const char *name)
{
    char plain[128];
    text extended = {0};
    size_t used = 0;
    for (const unsigned char *p = (const unsigned char *)name; *p && extended.len < 360; p++) {
        bool safe =
            (*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z') || strchr(".-_", *p);
        if (used + 1 < sizeof plain && *p < 0x80)
            plain[used++] = safe || *p == ' ' ? (char)*p : '_';
        if (safe)
            text_add(&extended, p, 1);
        else
            text_format(&extended, "%%%02X", *p);
    }
    plain[used] = '\0';
    call_header(at, "Content-Disposition", "inline; filename=\"%s\"; filename*=UTF-8''%s", plain,
                extended.data ? extended.data : "");
    text_free(&extended);
}

static void send_next(call *at);

static bool begin_stream(call *at, const doxin_value *answer)
{
    call_stream *stream = calloc(1, sizeof *stream);
    if (!stream || !(stream->file_id = strdup(doxin_value_text(answer, "/file/id")))) {
        free(stream);
        call_problem(at, DOXIN_E_NOMEM, NULL);
        return false;
    }
    stream->call = at;
    stream->size = strtoll(doxin_value_text(answer, "/file/file_size"), NULL, 10);
    at->stream = stream;
    at->finish = send_next;
    call_header(at, "Content-Security-Policy", "sandbox; default-src 'none'");
    add_disposition(at, doxin_value_text(answer, "/file/file_name"));
    static const char *const types[] = {"application/pdf", "image/png",  "image/jpeg",     "image/tiff",
                                        "image/webp",      "image/heic", "application/xml"};
    const char *type = doxin_value_text(answer, "/file/mime_type");
    at->answer_type = "application/octet-stream";
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(types[i], type) == 0)
            at->answer_type = types[i];
    return true;
}

void content_run(lane_work *work)
{
    call *at = H2O_STRUCT_FROM_MEMBER(call, work, work);
    doxin_session *session = NULL;
    doxin_value *answer = NULL;
    text arguments = {0};
    char *json = NULL;
    bool good = call_open_session(at, &session) && call_arguments(at, &arguments);
    if (good) {
        doxin_status status = doxin_call(session, at->route->operation, arguments.data, &json);
        if (status == DOXIN_OK)
            status = doxin_value_parse(json, &answer);
        good = status == DOXIN_OK;
        if (!good)
            call_problem_of(at, session, status);
    }
    call_close_session(at);
    if (good && open_owner_session(at, doxin_value_text(answer, "/user_id"), doxin_value_text(answer, "/role"),
                                   &at->session) != DOXIN_OK) {
        call_problem(at, DOXIN_E_UNAVAILABLE, NULL);
        good = false;
    }
    bool streaming = good && begin_stream(at, answer);
    doxin_value_free(answer);
    doxin_string_free(json);
    text_free(&arguments);
    if (streaming)
        read_piece(&at->work);
    else
        loop_answer(at);
}

/* ---- on the loop ------------------------------------------------------------------------------------------------------------ */

static void end_stream(call *at)
{
    call_stream *stream = at->stream;
    at->stream = NULL;
    loop_forget(at);
    stream_free(stream);
    call_free(at);
}

static void on_proceed(h2o_generator_t *generator, h2o_req_t *request)
{
    (void)request;
    call_stream *stream = (call_stream *)generator;
    loop_resubmit(stream->call, read_piece);
}

/* The client is gone. A piece may be on its way back: then it ends the call when it comes. */
static void on_stop(h2o_generator_t *generator, h2o_req_t *request)
{
    (void)request;
    call_stream *stream = (call_stream *)generator;
    stream->stopped = true;
    stream->call->request = NULL;
    call_cancel(stream->call);
    if (!loop_is_in_lane(stream->call))
        end_stream(stream->call);
}

static void start_response(call *at)
{
    call_stream *stream = at->stream;
    stream->generator.proceed = on_proceed;
    stream->generator.stop = on_stop;
    loop_start_response(at, (size_t)stream->size, &stream->generator);
}

static void send_next(call *at)
{
    call_stream *stream = at->stream;
    loop_left_lane(at);
    if (stream->stopped) {
        end_stream(at);
        return;
    }
    bool first = stream->generator.proceed == NULL;
    if (first && stream->failed && stream->size > 0) {
        at->stream = NULL;
        at->finish = NULL;
        stream_free(stream);
        text_free(&at->headers);
        call_problem(at, DOXIN_E_IO, "the stored file cannot be read");
        loop_send(at);
        return;
    }
    if (first)
        start_response(at);
    size_t size = doxin_bytes_size(stream->piece);
    bool last = stream->failed || stream->offset >= stream->size || strcmp(at->method, "HEAD") == 0;
    bool whole = stream->offset >= stream->size || strcmp(at->method, "HEAD") == 0;
    /* The last piece is copied into the request, so that nothing of ours is needed after it. */
    h2o_req_t *request = at->request;
    h2o_iovec_t bytes = last ? h2o_strdup(&request->pool, doxin_bytes_data(stream->piece), size)
                             : h2o_iovec_init(doxin_bytes_data(stream->piece), size);
    if (strcmp(at->method, "HEAD") == 0)
        bytes.len = 0;
    if (last)
        end_stream(at);
    h2o_send(request, &bytes, bytes.len ? 1 : 0,
             !last   ? H2O_SEND_STATE_IN_PROGRESS
             : whole ? H2O_SEND_STATE_FINAL
                     : H2O_SEND_STATE_ERROR);
}
