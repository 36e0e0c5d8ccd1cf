/* The list of operations, as the modules bring it. */
#include "app/op/op.h"

#include <string.h>

const dx_op *dx_op_find(const char *name, size_t *out_index)
{
    size_t index = 0;
    for (const dx_module *const *module = dx_modules; *module; module++)
        for (size_t i = 0; i < (*module)->operation_count; i++, index++)
            if (strcmp((*module)->operations[i].name, name) == 0) {
                if (out_index)
                    *out_index = index;
                return &(*module)->operations[i];
            }
    return NULL;
}

static void write_one(dx_writer *writer, const dx_op *op)
{
    dx_write_object(writer, NULL);
    dx_write_string(writer, "name", op->name);
    dx_write_string(writer, "text", op->text);
    dx_write_string(writer, "permission", op->permission);
    dx_write_string(writer, "effect", op->effect == DX_WRITES ? "writes" : "reads");
    dx_write_bool(writer, "public", (op->flags & DX_OP_PUBLIC) != 0);
    dx_write_bool(writer, "streams", (op->flags & DX_OP_STREAM) != 0);
    dx_write_bool(writer, "development", (op->flags & DX_OP_DEV) != 0);
    dx_write_raw(writer, "request", op->request);
    dx_write_raw(writer, "answer", op->answer);
    dx_write_object_end(writer);
}

void dx_app_operations(dx_writer *writer)
{
    dx_write_array(writer, "operations");
    for (const dx_module *const *module = dx_modules; *module; module++)
        for (size_t i = 0; i < (*module)->operation_count; i++)
            write_one(writer, &(*module)->operations[i]);
    dx_write_array_end(writer);
}

bool dx_app_operation_writes(const char *operation)
{
    const dx_op *op = dx_op_find(operation, NULL);
    return op && op->effect == DX_WRITES;
}
