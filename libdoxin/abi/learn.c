#include "abi/learn.h"

#include "abi/document.h"
#include "abi/invoice.h"
#include "abi/options.h"
#include "app/reading/reading.h"
#include "base/rt/alloc.h"
#include "base/rt/json.h"
#include "base/rt/json_write.h"
#include "doxin/invoice.h"

#include <string.h>

/* ---- the host's store ----------------------------------------------------------------------------------------------- */

/* Asks the hook; request is taken. *answer: freed by the caller; NULL: nothing was answered. */
static doxin_status ask_host(doxin_session *session, dx_ctx *ctx, char *request, char **answer)
{
    const dx_hook *hook = &session->engine->corrections;
    *answer = NULL;
    if (!request)
        return dx_nomem(ctx);
    doxin_status status = hook->fn(hook->user_data, request, answer);
    dx_free(request);
    if (status >= 0)
        return DOXIN_OK;
    if (status == DOXIN_E_NOMEM) {
        dx_free(*answer);
        *answer = NULL;
        return dx_nomem(ctx);
    }
    dx_fail(ctx, DOXIN_E_HOST, "the hook \"corrections\" failed: %.200s",
            *answer && **answer ? *answer : doxin_status_name(status));
    dx_free(*answer);
    *answer = NULL;
    return DOXIN_E_HOST;
}

static char *lookup_request(const dx_ctx *ctx, const dx_vendor_keys *keys)
{
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_write_object(&writer, NULL);
    dx_write_string(&writer, "event", "lookup");
    dx_write_filled(&writer, "user_id", ctx->user_id);
    dx_write_array(&writer, "keys");
    for (size_t i = 0; i < keys->count; i++)
        dx_write_string(&writer, NULL, keys->items[i]);
    dx_write_array_end(&writer);
    dx_write_object_end(&writer);
    return dx_buffer_take(&buffer, NULL);
}

static char *store_request(const dx_ctx *ctx, const dx_corrections *corrections)
{
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_write_object(&writer, NULL);
    dx_write_string(&writer, "event", "store");
    dx_write_filled(&writer, "user_id", ctx->user_id);
    dx_corrections_write_member(corrections, "corrections", &writer);
    dx_write_object_end(&writer);
    return dx_buffer_take(&buffer, NULL);
}

/* {} and nothing at all say that nothing is known. */
static doxin_status take_answer(dx_ctx *ctx, const char *answer, dx_corrections *out)
{
    dx_json *json = NULL;
    if (!answer || !*answer)
        return DOXIN_OK;
    doxin_status status = dx_json_parse(ctx, answer, strlen(answer), &json);
    if (status == DOXIN_OK && (dx_json_kind_of(json) != DX_JSON_OBJECT || dx_json_count(json) > 0))
        status = dx_corrections_read(ctx, json, out);
    dx_json_free(json);
    if (status != DOXIN_OK && status != DOXIN_E_NOMEM) {
        const char *words = dx_text(ctx, ctx->error.message);
        dx_error_clear(&ctx->error);
        return words ? dx_fail(ctx, DOXIN_E_HOST, "the hook \"corrections\" answered what cannot be read: %s", words)
                     : dx_nomem(ctx);
    }
    return status;
}

/* ---- the source ------------------------------------------------------------------------------------------------------- */

static doxin_status look_up(void *data, dx_ctx *ctx, const dx_vendor_keys *keys, dx_corrections *out)
{
    doxin_session *session = data;
    const dx_corrections *kept = dx_profile_corrections(session->profile);
    char *answer = NULL;
    for (size_t i = 0; kept && i < keys->count; i++) {
        const dx_memory *memory = dx_corrections_find(kept, keys->items[i]);
        doxin_status status = memory ? dx_corrections_put(ctx, out, memory) : DOXIN_OK;
        if (status != DOXIN_OK)
            return status;
    }
    if (!session->engine->corrections.fn)
        return DOXIN_OK;
    doxin_status status = ask_host(session, ctx, lookup_request(ctx, keys), &answer);
    if (status == DOXIN_OK)
        status = take_answer(ctx, answer, out);
    dx_free(answer);
    return status;
}

static const dx_correction_source *source_of(doxin_session *session, dx_correction_source *source)
{
    if (!dx_profile_corrections(session->profile) && !session->engine->corrections.fn)
        return NULL;
    *source = (dx_correction_source){session, look_up};
    return source;
}

const dx_correction_source *dx_session_corrections(doxin_session *session, const char *call, const doxin_options *opts,
                                                   dx_correction_source *source)
{
    bool on =
        dx_options_bool("engine_open", session->engine->options, "learning") && dx_options_bool(call, opts, "learning");
    return on ? source_of(session, source) : NULL;
}

/* ---- learning --------------------------------------------------------------------------------------------------------- */

static doxin_status read_corrected(dx_ctx *ctx, const char *corrected_json, dx_invoice **out)
{
    dx_json *json = NULL;
    doxin_status status = dx_json_parse(ctx, corrected_json, corrected_json ? strlen(corrected_json) : 0, &json);
    if (status == DOXIN_OK)
        status = dx_invoice_read(ctx, json, out);
    dx_json_free(json);
    return status;
}

static doxin_status store(doxin_session *session, dx_ctx *ctx, const dx_corrections *learned)
{
    char *answer = NULL;
    if (learned->count == 0 || !session->engine->corrections.fn)
        return DOXIN_OK;
    doxin_status status = ask_host(session, ctx, store_request(ctx, learned), &answer);
    dx_free(answer);
    return status;
}

static doxin_status write_learned(dx_ctx *ctx, const dx_corrections *learned, char **out_json)
{
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_corrections_write(learned, &writer);
    *out_json = dx_buffer_take(&buffer, NULL);
    return *out_json ? DOXIN_OK : dx_nomem(ctx);
}

static doxin_status learn(dx_ctx *ctx, doxin_session *session, const doxin_document *document,
                          const char *corrected_json, bool keep, char **out_json)
{
    dx_correction_source source;
    dx_invoice *corrected = NULL;
    dx_corrections learned = {0};
    dx_reading_options options = {
        .languages = dx_profile_languages(session->profile),
        .own_names = dx_profile_own_names(session->profile),
        .corrections = source_of(session, &source),
    };
    doxin_status status = read_corrected(ctx, corrected_json, &corrected);
    if (status == DOXIN_OK)
        status = dx_reading_learn(ctx, document->pages, &options, corrected, &learned);
    if (status == DOXIN_OK)
        status = write_learned(ctx, &learned, out_json);
    /* Last, so that nothing is stored of a call that fails. */
    if (status == DOXIN_OK && keep)
        status = store(session, ctx, &learned);
    if (status != DOXIN_OK) {
        dx_free(*out_json);
        *out_json = NULL;
    }
    return status;
}

doxin_status doxin_invoice_learn(doxin_session *session, doxin_document *document, const char *corrected_json,
                                 const doxin_options *opts, char **out_json)
{
    static const char *const call = "invoice_learn";
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    dx_ctx *ctx;
    doxin_status status = document ? dx_session_enter(session, &ctx) : DOXIN_E_INVALID;
    if (status != DOXIN_OK)
        return status;
    status = dx_options_check(ctx, call, opts);
    if (status == DOXIN_OK)
        status = learn(ctx, session, document, corrected_json, dx_options_bool(call, opts, "store"), out_json);
    return dx_session_leave(session, status);
}
