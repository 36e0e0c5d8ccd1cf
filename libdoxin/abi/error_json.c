#include "abi/engine.h"
#include "base/rt/json_write.h"

static void write_fields(dx_writer *writer, const dx_error *error)
{
    dx_write_array(writer, "errors");
    for (int i = 0; i < error->field_count; i++) {
        dx_write_object(writer, NULL);
        dx_write_string(writer, "pointer", error->fields[i].pointer);
        dx_write_string(writer, "code", error->fields[i].code);
        dx_write_string(writer, "message", error->fields[i].message);
        dx_write_object_end(writer);
    }
    dx_write_array_end(writer);
}

char *dx_error_json(const dx_error *error)
{
    const dx_error_info *info = dx_error_info_of(error->status);
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_write_object(&writer, NULL);
    dx_write_string(&writer, "schema", "doxin.error/1");
    dx_write_string(&writer, "code", info->name);
    dx_write_integer(&writer, "number", error->status);
    dx_write_string(&writer, "message", error->message[0] ? error->message : info->text);
    dx_write_string(&writer, "hint", error->hint);
    dx_write_bool(&writer, "retryable", info->retryable);
    dx_write_integer(&writer, "retry_after_s", error->retry_after_s);
    if (error->offset >= 0)
        dx_write_integer(&writer, "offset", error->offset);
    else
        dx_write_null(&writer, "offset");
    dx_write_integer(&writer, "http_status", info->http_status);
    write_fields(&writer, error);
    dx_write_object_end(&writer);
    return dx_buffer_take(&buffer, NULL);
}
