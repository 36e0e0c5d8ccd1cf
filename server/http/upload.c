/* Uploads: multipart out of the spooled body into the blob store, piece by piece. */
#include "http/call.h"
#include "http/internal.h"
#include "http/multipart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE = 256 * 1024, PARAMETERS_MAX = 16 * 1024 };

typedef struct upload_form {
    multipart_part file;
    bool has_file;
    text parameters; /* JSON of ProcessingOptions, or empty */
} upload_form;

static bool refuse(call *at, doxin_status status, const char *detail)
{
    call_problem(at, status, detail);
    return false;
}

static bool take_part(call *at, upload_form *form, const multipart_part *part)
{
    if (part->is_file && strcmp(part->name, "file") == 0) {
        if (form->has_file)
            return refuse(at, DOXIN_E_BODY,
                          "there is more than one part named \"file\"; upload one document at a time");
        form->file = *part;
        form->has_file = true;
        return true;
    }
    if (!part->is_file && strcmp(part->name, "parameters") == 0 && part->size <= PARAMETERS_MAX) {
        text_add(&form->parameters, part->data, part->size);
        return true;
    }
    return refuse(at, DOXIN_E_BODY,
                  "parts are \"file\" with a file name, and \"parameters\" with at most 16 KiB of JSON");
}

static bool read_form(call *at, upload_form *form)
{
    multipart parts;
    multipart_part part;
    if (!multipart_begin(&parts, at->content_type, at->body ? at->body : "", at->body_size))
        return refuse(at, DOXIN_E_BODY, "the body must be multipart/form-data with a boundary");
    while (multipart_next(&parts, &part))
        if (!take_part(at, form, &part))
            return false;
    if (parts.problem)
        return refuse(at, DOXIN_E_BODY, parts.problem);
    if (!form->has_file)
        return refuse(at, DOXIN_E_BODY, "there is no part named \"file\" with a file name");
    return true;
}

static doxin_status upload_options(const call *at, const upload_form *form, doxin_options **out)
{
    doxin_status status = doxin_options_new(out);
    if (status == DOXIN_OK)
        status = doxin_options_set(*out, "source", "api");
    if (status == DOXIN_OK)
        status = doxin_options_set(*out, "file_name", form->file.file_name);
    if (status == DOXIN_OK && form->file.type[0])
        status = doxin_options_set(*out, "mime_type", form->file.type);
    if (status == DOXIN_OK && form->parameters.len)
        status = doxin_options_set(*out, "parameters", form->parameters.data);
    if (status == DOXIN_OK && at->idempotency_key)
        status = doxin_options_set(*out, "idempotency_key", at->idempotency_key);
    return status;
}

static doxin_status send_bytes(const call *at, doxin_upload *upload, const upload_form *form)
{
    doxin_status status = DOXIN_OK;
    for (size_t done = 0; done < form->file.size && status == DOXIN_OK; done += PIECE) {
        size_t left = form->file.size - done;
        status = atomic_load(&at->cancelled)
                     ? DOXIN_E_CANCELED
                     : doxin_upload_write(upload, form->file.data + done, left < PIECE ? left : PIECE);
    }
    return status;
}

static void upload(call *at, doxin_session *session, const upload_form *form)
{
    doxin_options *opts = NULL;
    doxin_upload *handle = NULL;
    char *answer = NULL;
    doxin_status status = upload_options(at, form, &opts);
    if (status == DOXIN_OK)
        status = doxin_upload_open(session, opts, &handle);
    if (status == DOXIN_OK)
        status = send_bytes(at, handle, form);
    if (status == DOXIN_OK)
        status = doxin_upload_finish(handle, &answer);
    if (status == DOXIN_OK) {
        at->status = at->route->status;
        text_put(&at->answer, answer);
    } else {
        call_problem_of(at, session, status);
    }
    doxin_string_free(answer);
    doxin_upload_free(handle);
    doxin_options_free(opts);
}

void upload_run(lane_work *work)
{
    call *at = H2O_STRUCT_FROM_MEMBER(call, work, work);
    doxin_session *session = NULL;
    upload_form form = {0};
    /* Who may not upload learns nothing from how the body is judged. */
    if (call_open_session(at, &session) && read_form(at, &form))
        upload(at, session, &form);
    text_free(&form.parameters);
    call_close_session(at);
    loop_answer(at);
}
