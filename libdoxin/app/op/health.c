/* health.check: what the system depends on. */
#include "app/op/op.h"

/* A part that is not configured counts as well: nothing waits for it. */
static bool database_well(dx_call *call, const char **words)
{
    if (!call->app->db) {
        *words = "not configured";
        return true;
    }
    bool well = dx_app_ready(call->app, call->ctx) == DOXIN_OK;
    *words = well ? "ok" : dx_error_info_of(call->ctx->error.status)->name;
    dx_error_clear(&call->ctx->error);
    return well;
}

static bool files_well(dx_call *call, const char **words)
{
    if (!call->app->blob) {
        *words = "not configured";
        return true;
    }
    bool well = dx_blob_check(call->app->blob, call->ctx) == DOXIN_OK;
    *words = well ? "ok" : dx_error_info_of(call->ctx->error.status)->name;
    dx_error_clear(&call->ctx->error);
    return well;
}

static doxin_status check(dx_call *call)
{
    const char *database = NULL;
    const char *files = NULL;
    bool database_good = database_well(call, &database);
    bool files_good = files_well(call, &files);
    dx_write_string(call->answer, "status", database_good && files_good ? "healthy" : "unhealthy");
    dx_write_string(call->answer, "service", "doxin");
    dx_write_string(call->answer, "version", DOXIN_VERSION);
    dx_write_object(call->answer, "checks");
    dx_write_bool(call->answer, "database", database_good);
    dx_write_bool(call->answer, "redis", true);
    dx_write_bool(call->answer, "qdrant", true);
    dx_write_bool(call->answer, "files", files_good);
    dx_write_object_end(call->answer);
    dx_write_object(call->answer, "parts");
    dx_write_string(call->answer, "database", database);
    dx_write_string(call->answer, "redis", "not configured");
    dx_write_string(call->answer, "qdrant", "not configured");
    dx_write_string(call->answer, "files", files);
    dx_write_object_end(call->answer);
    return DOXIN_OK;
}

static const dx_op operations[] = {
    {.name = "health.check",
     .text = "Whether what the system depends on works; a part that is not configured counts as well",
     .effect = DX_READS,
     .flags = DX_OP_PUBLIC | DX_OP_BARE,
     .request = "{\"type\":\"object\",\"additionalProperties\":false}",
     .answer =
         "{\"type\":\"object\",\"required\":[\"status\",\"service\",\"version\",\"checks\"],\"properties\":{"
         "\"status\":{\"type\":\"string\",\"enum\":[\"healthy\",\"unhealthy\"]},\"service\":{\"type\":\"string\"},"
         "\"version\":{\"type\":\"string\"},\"checks\":{\"type\":\"object\",\"required\":[\"database\",\"redis\","
         "\"qdrant\"],\"properties\":{\"database\":{\"type\":\"boolean\"},\"redis\":{\"type\":\"boolean\"},"
         "\"qdrant\":{\"type\":\"boolean\"},\"files\":{\"type\":\"boolean\"}}},\"parts\":{\"type\":\"object\"}}}",
     .run = check},
};

const dx_module dx_health_module = {
    .name = "health",
    .operations = operations,
    .operation_count = sizeof operations / sizeof operations[0],
};
