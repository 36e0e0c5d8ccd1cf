/* Events to whoever follows. An event is a row of the table events, written in the transaction that made it happen;
 * NOTIFY says that it is there. A process listens once, however many follow, and reads each event once.
 *
 * Topics: "user:<uuid>", "job:<uuid>", "invoice:<uuid>". */
#ifndef DX_APP_NOTIFY_NOTIFY_H
#define DX_APP_NOTIFY_NOTIFY_H

#include "app/op/op.h"

/* events.follow. */
extern const dx_module dx_notify_module;

/* Borrowed for the length of the call. */
typedef struct dx_event {
    int64_t id;
    const char *topic;
    const char *type;    /* "status", … */
    const char *payload; /* JSON object */
} dx_event;

/* False: no more. On the thread of dx_notify_follow. */
typedef bool (*dx_event_fn)(void *data, const dx_event *event);

/* Hands over the events of the topics as they happen, first those with an id above `after` (0: none that are past), until
 * the cancel or the deadline of ctx (DOXIN_E_CANCELED, DOXIN_E_TIMEOUT) or until fn wants no more (DOXIN_OK). Each once;
 * ids grow but for transactions that overlapped. "*" is every topic, for purposes "worker" and "admin"; else
 * DOXIN_E_NOT_FOUND for a topic that the asker does not see. */
doxin_status dx_notify_follow(dx_app *app, dx_ctx *ctx, const char *const *topics, size_t topic_count, int64_t after,
                              dx_event_fn fn, void *data);

#endif
