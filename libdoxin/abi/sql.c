#include "doxin/sql.h"

#include "abi/options.h"
#include "abi/session.h"
#include "base/rt/alloc.h"
#include "base/rt/json.h"
#include "base/rt/json_write.h"
#include "core/guard/guard.h"

#include <string.h>

/* ---- the host's filter ------------------------------------------------------------------------------------------------------ */

static char *filter_request(const char *action, const char *table, const char *column, const char *function)
{
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_write_object(&writer, NULL);
    dx_write_string(&writer, "action", action);
    dx_write_string(&writer, "table", table);
    dx_write_string(&writer, "column", column);
    dx_write_string(&writer, "function", function);
    dx_write_object_end(&writer);
    return dx_buffer_take(&buffer, NULL);
}

/* Only {"allow": true} allows; an answer that is no JSON is a fault of the hook. */
static doxin_status read_answer(dx_ctx *ctx, const char *answer, bool *allowed)
{
    dx_json *json = NULL;
    doxin_status status = answer ? dx_json_parse(ctx, answer, strlen(answer), &json) : DOXIN_OK;
    if (status == DOXIN_OK)
        *allowed = dx_json_bool(dx_json_get(json, "allow"), false);
    dx_json_free(json);
    if (status == DOXIN_E_JSON)
        return dx_fail(ctx, DOXIN_E_HOST, "the hook sql_filter answered something else than JSON");
    return status;
}

static doxin_status ask_filter(dx_ctx *ctx, void *data, const char *action, const char *table, const char *column,
                               const char *function, bool *allowed)
{
    const dx_hook *hook = data;
    char *answer = NULL;
    char *request = filter_request(action, table, column, function);
    if (!request)
        return dx_nomem(ctx);
    doxin_status status = hook->fn(hook->user_data, request, &answer);
    if (status < 0)
        status = dx_fail(ctx, DOXIN_E_HOST, "the hook sql_filter failed: %.200s", answer ? answer : "it said nothing");
    else
        status = read_answer(ctx, answer, allowed);
    dx_free(request);
    dx_free(answer);
    return status;
}

/* ---- the call ------------------------------------------------------------------------------------------------------------------ */

static doxin_status tell(dx_ctx *ctx, const dx_sql_checked *checked, char **out_json)
{
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_write_object(&writer, NULL);
    dx_write_string(&writer, "schema", "doxin.sql-check/1");
    dx_write_stringn(&writer, "sql", checked->sql, checked->length);
    dx_write_array(&writer, "parameters");
    if (checked->owned)
        dx_write_string(&writer, NULL, "owner");
    dx_write_array_end(&writer);
    dx_write_array(&writer, "tables");
    for (int i = 0; i < checked->table_count; i++)
        dx_write_string(&writer, NULL, checked->tables[i]);
    dx_write_array_end(&writer);
    dx_write_object_end(&writer);
    *out_json = dx_buffer_take(&buffer, NULL);
    return *out_json ? DOXIN_OK : dx_nomem(ctx);
}

static doxin_status policy_of(doxin_session *session, dx_ctx *ctx, dx_policy **out)
{
    *out = dx_policy_hold(session->policy);
    return *out ? DOXIN_OK : dx_engine_own_policy(session->engine, ctx, out);
}

doxin_status doxin_sql_check(doxin_session *session, const void *data, size_t data_len, const doxin_options *opts,
                             char **out_json)
{
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    dx_ctx *ctx;
    doxin_status status = dx_session_enter(session, &ctx);
    if (status != DOXIN_OK)
        return status;
    dx_policy *policy = NULL;
    dx_sql_checked checked;
    status = dx_options_check(ctx, "sql_check", opts);
    if (status == DOXIN_OK && !data && data_len)
        status = dx_fail(ctx, DOXIN_E_INVALID, "there is no statement");
    if (status == DOXIN_OK)
        status = policy_of(session, ctx, &policy);
    if (status == DOXIN_OK) {
        dx_hook *hook = &session->engine->sql_filter;
        dx_sql_filter filter = {ask_filter, hook};
        dx_sql_options options = {dx_options_bool("sql_check", opts, "code_fences"), hook->fn ? &filter : NULL};
        status = dx_guard_check(ctx, policy, data, data_len, &options, &checked);
    }
    if (status == DOXIN_OK)
        status = tell(ctx, &checked, out_json);
    dx_policy_drop(policy);
    return dx_session_leave(session, status);
}
