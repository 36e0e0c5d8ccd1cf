/* The one listener of a process, and those who follow. Inside this folder. */
#ifndef DX_APP_NOTIFY_HUB_H
#define DX_APP_NOTIFY_HUB_H

#include "app/notify/notify.h"

typedef struct dx_hub dx_hub;
typedef struct dx_follower dx_follower;

/* One event on its way to one follower; freed with dx_free. */
typedef struct dx_hub_event {
    struct dx_hub_event *next;
    dx_event event; /* texts point behind this struct */
} dx_hub_event;

/* The app's hub, made and started by the first who asks. */
doxin_status dx_hub_of(dx_app *app, dx_ctx *ctx, dx_hub **out);

/* topics are borrowed until leave; "*" is every one. From here on nothing is missed. */
doxin_status dx_hub_join(dx_hub *hub, dx_ctx *ctx, const char *const *topics, size_t count, dx_follower **out);
void dx_hub_leave(dx_hub *hub, dx_follower *follower);
/* The next event (the caller frees it), or NULL after timeout_ms, a cancel of ctx, or a gap: then *gap is true, events
 * were dropped because the follower is too slow, and it reads the table. */
dx_hub_event *dx_hub_next(dx_hub *hub, dx_ctx *ctx, dx_follower *follower, int timeout_ms, bool *gap);

#endif
