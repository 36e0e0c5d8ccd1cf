/* At most so many documents at a time, first come, first served. */
#include "io/reader/reader_internal.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum { SLICE_MS = 60000 };

static void tell(int event)
{
    const uint64_t one = 1;
    while (write(event, &one, sizeof one) < 0 && errno == EINTR)
        continue;
}

static void enqueue(dx_places *places, dx_place_waiter *waiter)
{
    if (places->last)
        places->last->next = waiter;
    else
        places->first = waiter;
    places->last = waiter;
}

static void leave(dx_places *places, dx_place_waiter *waiter)
{
    dx_place_waiter *before = NULL;
    for (dx_place_waiter *at = places->first; at && at != waiter; at = at->next)
        before = at;
    if (before)
        before->next = waiter->next;
    else
        places->first = waiter->next;
    if (places->last == waiter)
        places->last = before;
}

/* A place that was given in the same moment in which the call was cancelled is kept: the caller gives it back. */
static doxin_status wait_for_place(dx_places *places, dx_ctx *ctx, dx_place_waiter *waiter)
{
    for (;;) {
        struct pollfd polled = {.fd = waiter->event, .events = POLLIN};
        poll(&polled, 1, dx_remaining_ms(ctx, SLICE_MS));
        pthread_mutex_lock(&places->lock);
        bool given = waiter->given;
        doxin_status status = given ? DOXIN_OK : dx_check(ctx);
        if (!given && status != DOXIN_OK)
            leave(places, waiter);
        pthread_mutex_unlock(&places->lock);
        if (given || status != DOXIN_OK)
            return status;
    }
}

doxin_status dx_places_take(dx_places *places, dx_ctx *ctx, int event)
{
    dx_place_waiter waiter = {.event = event};
    pthread_mutex_lock(&places->lock);
    bool given = places->free > 0;
    if (given)
        places->free--;
    else
        enqueue(places, &waiter);
    pthread_mutex_unlock(&places->lock);
    if (given)
        return DOXIN_OK;
    doxin_status status = wait_for_place(places, ctx, &waiter);
    /* Empties the event, but not the news of a cancel: dx_check knows that. */
    uint64_t count;
    while (read(event, &count, sizeof count) < 0 && errno == EINTR)
        continue;
    return status;
}

void dx_places_give(dx_places *places)
{
    pthread_mutex_lock(&places->lock);
    dx_place_waiter *next = places->first;
    if (next) {
        places->first = next->next;
        if (places->first == NULL)
            places->last = NULL;
        next->given = true;
        tell(next->event);
    } else {
        places->free++;
    }
    pthread_mutex_unlock(&places->lock);
}
