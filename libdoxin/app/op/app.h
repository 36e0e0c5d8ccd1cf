/* The application as the ABI sees it: one list of operations behind one frame, over a database and a file store. */
#ifndef DX_APP_OP_APP_H
#define DX_APP_OP_APP_H

#include "base/rt/buffer.h"
#include "base/rt/ctx.h"
#include "base/rt/json_write.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct dx_app dx_app;
struct dx_reader;

/* All texts are copied. NULL and 0 stand for "not configured" and the default. */
typedef struct dx_app_options {
    const char *database_url;
    const char *database_direct_url;
    const char *database_owner_url;
    const char *database_query_url;
    const char *identity_key;
    int pool_size;
    const char *blob_url;
    bool dev_login;        /* auth.dev_login exists */
    bool learning;         /* documents are read with what corrections taught, and corrections are learned from */
    int64_t max_bytes;     /* largest document; 0: 50 MiB */
    int max_pages;         /* 0: the reader's */
    int64_t max_xml_bytes; /* these three as in core/einvoice */
    int max_xml_depth;
    int max_xml_elements;
    int review_threshold;     /* 0 … 1000 */
    struct dx_reader *reader; /* borrowed for the life of the app; may be NULL: only XML is read then */
    const dx_log *log;        /* borrowed for the life of the app; may be NULL */
} dx_app_options;

/* Starts nothing: connections and threads come with first use. Without a database_url it works, and what needs a
 * database answers DOXIN_E_NO_SOURCE. DOXIN_E_CONFIG: something cannot be used as it is. */
doxin_status dx_app_open(const dx_app_options *options, dx_ctx *ctx, dx_app **out);
/* NULL is fine. No call, upload or worker may be under way. */
void dx_app_free(dx_app *app);

/* Hands one JSON text over (taken: dx_malloc, freed by the receiver); false: nobody wants more. */
typedef bool (*dx_emit_fn)(void *data, char *json);

/* The answer is appended to out. */
doxin_status dx_app_call(dx_app *app, dx_ctx *ctx, const char *operation, const char *args_json, dx_buffer *out);
/* An operation that streams emits its events; any other emits one {"type": "result", "answer": …}. Blocks until the end,
 * the deadline or the cancel of ctx. */
doxin_status dx_app_stream(dx_app *app, dx_ctx *ctx, const char *operation, const char *args_json, dx_emit_fn emit,
                           void *data);

/* Writes the member "operations" into the open object. Needs no app. */
void dx_app_operations(dx_writer *writer);
/* False also for an unknown one. */
bool dx_app_operation_writes(const char *operation);

/* The database answers and its schema is the one of this version. */
doxin_status dx_app_ready(dx_app *app, dx_ctx *ctx);
/* direction: up, down, status; steps counts for down. to may be NULL. */
doxin_status dx_app_migrate(dx_app *app, dx_ctx *ctx, const char *direction, int steps, const char *to,
                            dx_buffer *report);
/* Objects {"name", "state": "ok" | "off" | "failed", "text"} into the open array. Never fails. */
void dx_app_parts(dx_app *app, dx_ctx *ctx, dx_writer *writer);

#endif
