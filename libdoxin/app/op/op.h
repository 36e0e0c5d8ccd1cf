/* What an operation is, and the one frame round each. For the folders of app; the ABI sees app.h. */
#ifndef DX_APP_OP_OP_H
#define DX_APP_OP_OP_H

#include "app/op/app.h"
#include "base/rt/buffer.h"
#include "base/rt/ctx.h"
#include "base/rt/json.h"
#include "base/rt/json_write.h"
#include "io/blob/blob.h"
#include "io/db/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dx_reader;
typedef struct dx_op dx_op;
typedef struct dx_call dx_call;

/* State that a folder hangs on the app when it is first needed. Guarded by the app's lock while it is made. */
typedef struct dx_app_part {
    void *state;
    void (*free)(void *state);
} dx_app_part;

/* Everything an operation may use. Shared by all threads; but for the parts nothing changes after open. */
struct dx_app {
    dx_db *db;                /* NULL: no database is configured */
    dx_blob *blob;            /* NULL: no file store is configured */
    struct dx_reader *reader; /* borrowed; may be NULL */
    const dx_log *log;        /* borrowed; may be NULL */
    bool dev_login;
    bool learning;
    int64_t max_bytes;     /* of a document */
    int max_pages;         /* of a document; 0: the reader's */
    int64_t max_xml_bytes; /* these three: 0: those of core/einvoice */
    int max_xml_depth;
    int max_xml_elements;
    int review_threshold; /* 0 … 1000 */
    pthread_mutex_t lock; /* guards the making of the parts */
    dx_app_part events;   /* app/notify */
    dx_json **requests;   /* the request schemas, in the order of the modules' operations */
    size_t request_count;
};

typedef enum dx_effect { DX_READS = 0, DX_WRITES } dx_effect;

enum dx_op_flag {
    DX_OP_PUBLIC = 1, /* nobody need be signed in; its transaction has the purpose "login" */
    DX_OP_BARE = 2,   /* makes its own transactions, or none: the frame opens none */
    DX_OP_STREAM = 4, /* answers event by event; only dx_app_stream calls it */
    DX_OP_DEV = 8,    /* exists only where the app was opened with dev_login */
    DX_OP_KEYED = 16, /* takes part in idempotency: a key gives the stored answer of the first call */
    DX_OP_UPLOAD = 32 /* only an upload handle calls it */
};

/* Errors go to call->ctx. The answer object is open; the frame closes it. May run again after a serialization failure:
 * whatever it does outside call->tx must bear that. */
typedef doxin_status (*dx_op_fn)(dx_call *call);

struct dx_op {
    const char *name;       /* "invoices.get" */
    const char *text;       /* one sentence */
    const char *permission; /* of permission.h; NULL for public ones and for what every signed-in user may */
    dx_effect effect;
    unsigned flags;      /* dx_op_flag */
    const char *request; /* JSON Schema, see schema.h for the subset */
    const char *answer;  /* JSON Schema */
    dx_op_fn run;
};

/* An audit row that the frame writes in the operation's transaction. Texts are borrowed until the operation ends. */
typedef struct dx_audit {
    const char *table;
    const char *record_id;  /* UUID text */
    const char *action;     /* "CREATE", "UPDATE", "DELETE" */
    const char *old_values; /* JSON object or NULL */
    const char *new_values;
    const char *reason;
} dx_audit;

enum { DX_CALL_AUDITS = 8 };

struct dx_call {
    dx_app *app;
    dx_ctx *ctx;
    const dx_op *op;
    dx_tx *tx;           /* NULL for DX_OP_BARE */
    const dx_json *args; /* an object that its schema has let through */
    dx_writer *answer;
    void *subject;   /* what the caller of dx_op_run handed in */
    dx_emit_fn emit; /* of a stream */
    void *emit_data;
    const char *owner; /* whose epoch a writing operation raises; NULL: that of ctx->user_id */
    dx_audit audits[DX_CALL_AUDITS];
    size_t audit_count;
};

/* What the frame writes for the record that changed; at most DX_CALL_AUDITS a call (more: DOXIN_E_INTERNAL). */
doxin_status dx_call_audit(dx_call *call, dx_audit audit);
/* The member of the request, or NULL. */
const char *dx_call_text(const dx_call *call, const char *member);

/* Handlers of jobs are known to app/queue; here they are only passed on. */
struct dx_job_handler;

/* What a folder of app brings along. */
typedef struct dx_module {
    const char *name;
    const dx_op *operations;
    size_t operation_count;
    const struct dx_job_handler *jobs;
    size_t job_count;
} dx_module;

/* All modules, NULL at the end: the one list of what the system can do. Defined in app/assembly, and by tests of single
 * folders. */
extern const dx_module *const dx_modules[];

/* health.check. */
extern const dx_module dx_health_module;

/* NULL: no such operation. *out_index (may be NULL): its place among all. */
const dx_op *dx_op_find(const char *name, size_t *out_index);

/* The frame: find, permission, request against its schema, transaction as the user, idempotency key, the handler, audit,
 * owner's epoch, commit. subject is handed to the handler; key (may be NULL) is the idempotency key of a DX_OP_KEYED
 * operation and request_hash what tells one request from another (NULL: made from args_json). */
typedef struct dx_op_request {
    const char *operation;
    const char *args_json; /* NULL: {} */
    void *subject;
    const char *key;
    const char *request_hash;
    dx_emit_fn emit;
    void *emit_data;
} dx_op_request;
doxin_status dx_op_run(dx_app *app, dx_ctx *ctx, const dx_op_request *request, dx_buffer *out);
/* The checks alone: for what goes on outside the frame but under an operation's permission. */
doxin_status dx_op_permit(dx_app *app, dx_ctx *ctx, const dx_op *op);

/* DOXIN_E_NO_SOURCE that names what is missing. */
doxin_status dx_app_need_db(const dx_app *app, dx_ctx *ctx);
doxin_status dx_app_need_blob(const dx_app *app, dx_ctx *ctx);

#endif
