/* The one frame round each operation. */
#include "app/op/idempotency.h"
#include "app/op/op.h"
#include "app/op/permission.h"
#include "app/op/schema.h"
#include "base/crypto/hash.h"
#include "base/rt/alloc.h"

#include <string.h>

typedef struct frame {
    dx_app *app;
    const dx_op *op;
    const dx_op_request *request;
    const dx_json *args;
    const char *request_hash;
    dx_buffer *out;
    size_t start; /* of the answer in out */
} frame;

/* ---- who may ---------------------------------------------------------------------------------------------------------- */

doxin_status dx_app_need_db(const dx_app *app, dx_ctx *ctx)
{
    if (app->db)
        return DOXIN_OK;
    return dx_fail(ctx, DOXIN_E_NO_SOURCE, "no database is configured (DATABASE_URL)");
}

doxin_status dx_app_need_blob(const dx_app *app, dx_ctx *ctx)
{
    if (app->blob)
        return DOXIN_OK;
    return dx_fail(ctx, DOXIN_E_NO_SOURCE, "no file store is configured (DOXIN_BLOB_URL)");
}

static bool signed_in(const dx_ctx *ctx)
{
    if (!ctx->purpose)
        return false;
    return ctx->user_id || strcmp(ctx->purpose, "worker") == 0;
}

doxin_status dx_op_permit(dx_app *app, dx_ctx *ctx, const dx_op *op)
{
    if ((op->flags & DX_OP_DEV) && !app->dev_login)
        return dx_fail(ctx, DOXIN_E_NOT_FOUND, "there is no operation \"%s\" here", op->name);
    if (op->flags & DX_OP_PUBLIC)
        return DOXIN_OK;
    if (!signed_in(ctx))
        return dx_fail(ctx, DOXIN_E_UNAUTHENTICATED, "\"%s\" is for those who are signed in", op->name);
    if (op->permission && !dx_permitted(ctx->purpose, op->permission))
        return dx_fail(ctx, DOXIN_E_FORBIDDEN, "the permission \"%s\" is missing", op->permission);
    return DOXIN_OK;
}

/* ---- what is asked ---------------------------------------------------------------------------------------------------- */

static doxin_status check_request(frame *of, dx_ctx *ctx, size_t index, dx_json **out)
{
    const char *text = of->request->args_json ? of->request->args_json : "{}";
    doxin_status status = dx_json_parse(ctx, text, strlen(text), out);
    if (status == DOXIN_OK && dx_json_kind_of(*out) != DX_JSON_OBJECT)
        status = dx_fail(ctx, DOXIN_E_JSON, "a request is one JSON object");
    return status == DOXIN_OK ? dx_schema_validate(ctx, of->app->requests[index], *out) : status;
}

/* Of the request with its members in order, so that white space and order make no difference. */
static doxin_status hash_request(frame *of, dx_ctx *ctx)
{
    of->request_hash = of->request->request_hash;
    if (!of->request->key || of->request_hash)
        return DOXIN_OK;
    char *hash = dx_new(ctx, DX_SHA256_HEX);
    char *text = dx_json_dump(of->args, true);
    bool good = hash && text && dx_sha256_hex(text, strlen(text), hash);
    dx_free(text);
    of->request_hash = hash;
    return good ? DOXIN_OK : dx_nomem(ctx);
}

/* ---- the handler -------------------------------------------------------------------------------------------------------- */

doxin_status dx_call_audit(dx_call *call, dx_audit audit)
{
    if (call->audit_count == DX_CALL_AUDITS)
        return dx_fail(call->ctx, DOXIN_E_INTERNAL, "\"%s\" writes too many audit rows", call->op->name);
    call->audits[call->audit_count++] = audit;
    return DOXIN_OK;
}

const char *dx_call_text(const dx_call *call, const char *member)
{
    return dx_json_get_string(call->args, member);
}

static doxin_status write_audits(dx_tx *tx, dx_ctx *ctx, const dx_call *call)
{
    doxin_status status = DOXIN_OK;
    for (size_t i = 0; status == DOXIN_OK && i < call->audit_count; i++) {
        const dx_audit *row = &call->audits[i];
        status =
            dx_tx_exec(tx, ctx,
                       "INSERT INTO audit_log (user_id, table_name, record_id, action, old_values, new_values, "
                       "reason, operation, request_id, ip_address) VALUES ($1, $2, $3, $4::audit_action, "
                       "$5::jsonb, $6::jsonb, $7, $8, left($9, 128), left($10, 64))",
                       DX_PARAMS(ctx->user_id, row->table, row->record_id, row->action, row->old_values,
                                 row->new_values, row->reason, call->op->name, ctx->request_id, ctx->client_address),
                       NULL);
    }
    return status;
}

/* Caches hold the epoch in their keys: raising it makes old answers unreachable. */
static doxin_status raise_epoch(dx_tx *tx, dx_ctx *ctx, const dx_call *call)
{
    const char *owner = call->owner ? call->owner : ctx->user_id;
    if (call->op->effect != DX_WRITES || !owner)
        return DOXIN_OK;
    return dx_tx_exec(tx, ctx, "SELECT doxin_raise_epoch($1)", DX_PARAMS(owner), NULL);
}

static doxin_status run_handler(frame *of, dx_ctx *ctx, dx_tx *tx)
{
    dx_writer writer;
    dx_write_init(&writer, of->out);
    dx_call call = {
        .app = of->app,
        .ctx = ctx,
        .op = of->op,
        .tx = tx,
        .args = of->args,
        .answer = &writer,
        .subject = of->request->subject,
        .emit = of->request->emit,
        .emit_data = of->request->emit_data,
    };
    dx_write_object(&writer, NULL);
    doxin_status status = of->op->run(&call);
    dx_write_object_end(&writer);
    if (status == DOXIN_OK && of->out->failed)
        status = of->out->full ? dx_fail(ctx, DOXIN_E_LIMIT, "the answer is too large") : dx_nomem(ctx);
    if (status == DOXIN_OK && tx)
        status = write_audits(tx, ctx, &call);
    if (status == DOXIN_OK && tx)
        status = raise_epoch(tx, ctx, &call);
    return status;
}

static void forget_answer(frame *of)
{
    of->out->len = of->start;
    of->out->failed = of->out->full = false;
    if (of->out->data)
        of->out->data[of->start] = '\0';
}

/* May run several times: dx_db_transact() begins anew after a serialization failure. */
static doxin_status in_transaction(dx_tx *tx, dx_ctx *ctx, void *data)
{
    frame *of = data;
    const char *stored = NULL;
    const char *key = of->op->flags & DX_OP_KEYED ? of->request->key : NULL;
    forget_answer(of);
    doxin_status status = DOXIN_OK;
    if (key)
        status = dx_idempotency_begin(tx, ctx, of->op->name, key, of->request_hash, &stored);
    if (status == DOXIN_OK && stored) {
        dx_buffer_text(of->out, stored);
        return of->out->failed ? dx_nomem(ctx) : DOXIN_OK;
    }
    if (status == DOXIN_OK)
        status = run_handler(of, ctx, tx);
    if (status == DOXIN_OK && key)
        status = dx_idempotency_end(tx, ctx, of->op->name, key, of->request_hash, of->out->data + of->start);
    return status;
}

static doxin_status run(frame *of, dx_ctx *ctx)
{
    if (of->op->flags & DX_OP_BARE)
        return run_handler(of, ctx, NULL);
    doxin_status status = dx_app_need_db(of->app, ctx);
    if (status != DOXIN_OK)
        return status;
    if (!(of->op->flags & DX_OP_PUBLIC))
        return dx_db_transact(of->app->db, ctx, DX_LOGIN_APPLICATION, DX_TX_PLAIN, in_transaction, of);
    /* Nobody is signed in: the identity of signing in, which sees users and sessions and nothing else. */
    dx_ctx nobody = *ctx;
    nobody.user_id = nobody.session_id = NULL;
    nobody.purpose = "login";
    status = dx_db_transact(of->app->db, &nobody, DX_LOGIN_APPLICATION, DX_TX_PLAIN, in_transaction, of);
    ctx->error = nobody.error;
    return status;
}

doxin_status dx_op_run(dx_app *app, dx_ctx *ctx, const dx_op_request *request, dx_buffer *out)
{
    size_t index = 0;
    frame of = {.app = app, .request = request, .out = out, .start = out->len};
    dx_json *args = NULL;
    of.op = dx_op_find(request->operation, &index);
    if (!of.op)
        return dx_fail(ctx, DOXIN_E_NOT_FOUND, "there is no operation \"%.64s\"", request->operation);
    doxin_status status = dx_op_permit(app, ctx, of.op);
    if (status == DOXIN_OK && (of.op->flags & DX_OP_STREAM) && !request->emit)
        status = dx_fail(ctx, DOXIN_E_INVALID, "\"%s\" streams; use doxin_call_start()", of.op->name);
    if (status == DOXIN_OK && (of.op->flags & DX_OP_UPLOAD) && !request->subject)
        status = dx_fail(ctx, DOXIN_E_INVALID, "\"%s\" takes a file; use doxin_upload_open()", of.op->name);
    if (status == DOXIN_OK)
        status = check_request(&of, ctx, index, &args);
    of.args = args;
    if (status == DOXIN_OK)
        status = hash_request(&of, ctx);
    if (status == DOXIN_OK)
        status = run(&of, ctx);
    if (status != DOXIN_OK)
        forget_answer(&of);
    dx_json_free(args);
    return status;
}

/* ---- the doors of app.h ------------------------------------------------------------------------------------------------- */

doxin_status dx_app_call(dx_app *app, dx_ctx *ctx, const char *operation, const char *args_json, dx_buffer *out)
{
    dx_op_request request = {.operation = operation, .args_json = args_json};
    return dx_op_run(app, ctx, &request, out);
}

static doxin_status emit_answer(dx_ctx *ctx, const dx_buffer *answer, dx_emit_fn emit, void *data)
{
    dx_buffer event;
    dx_writer writer;
    dx_buffer_init(&event, 0);
    dx_write_init(&writer, &event);
    dx_write_object(&writer, NULL);
    dx_write_string(&writer, "type", "result");
    dx_write_raw(&writer, "answer", answer->data);
    dx_write_object_end(&writer);
    char *json = dx_buffer_take(&event, NULL);
    if (!json)
        return dx_nomem(ctx);
    return emit(data, json) ? DOXIN_OK : dx_fail(ctx, DOXIN_E_CANCELED, "nobody takes the answer");
}

doxin_status dx_app_stream(dx_app *app, dx_ctx *ctx, const char *operation, const char *args_json, dx_emit_fn emit,
                           void *data)
{
    dx_buffer answer;
    dx_op_request request = {.operation = operation, .args_json = args_json, .emit = emit, .emit_data = data};
    dx_buffer_init(&answer, 0);
    doxin_status status = dx_op_run(app, ctx, &request, &answer);
    const dx_op *op = dx_op_find(operation, NULL);
    if (status == DOXIN_OK && !(op->flags & DX_OP_STREAM))
        status = emit_answer(ctx, &answer, emit, data);
    dx_buffer_free(&answer);
    return status;
}
