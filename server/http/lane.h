/* A lane: a few threads and a bounded queue for work that may block. A full lane refuses at once. */
#ifndef SERVER_HTTP_LANE_H
#define SERVER_HTTP_LANE_H

#include <stdbool.h>

typedef struct lane lane;

/* Put it first into what is to be done. */
typedef struct lane_work {
    struct lane_work *next;
    void (*run)(struct lane_work *work); /* on a thread of the lane */
} lane_work;

/* NULL: no memory, or no thread could be started. */
lane *lane_start(int threads, int queue_length);
/* False when the lane is full or stopping: the work is still the caller's. Any thread. */
bool lane_submit(lane *lane, lane_work *work);
/* Takes nothing new, finishes what is queued, ends the threads. */
void lane_stop(lane *lane);

#endif
