#include "http/lane.h"

#include <pthread.h>
#include <stdlib.h>

struct lane {
    pthread_mutex_t lock; /* guards the queue */
    pthread_cond_t filled;
    lane_work *first;
    lane_work *last;
    int queued;
    int queue_length;
    bool stopping;
    int threads;
    pthread_t ids[];
};

static lane_work *take(lane *from)
{
    pthread_mutex_lock(&from->lock);
    while (!from->first && !from->stopping)
        pthread_cond_wait(&from->filled, &from->lock);
    lane_work *work = from->first;
    if (work) {
        from->first = work->next;
        if (!from->first)
            from->last = NULL;
        from->queued--;
    }
    pthread_mutex_unlock(&from->lock);
    return work;
}

static void *work_on(void *argument)
{
    lane *own = argument;
    for (lane_work *work = take(own); work; work = take(own))
        work->run(work);
    return NULL;
}

lane *lane_start(int threads, int queue_length)
{
    lane *made = calloc(1, sizeof *made + (size_t)threads * sizeof made->ids[0]);
    if (!made)
        return NULL;
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->filled, NULL);
    made->queue_length = queue_length;
    while (made->threads < threads && pthread_create(&made->ids[made->threads], NULL, work_on, made) == 0)
        made->threads++;
    if (made->threads == 0) {
        lane_stop(made);
        return NULL;
    }
    return made;
}

bool lane_submit(lane *to, lane_work *work)
{
    pthread_mutex_lock(&to->lock);
    bool room = !to->stopping && to->queued < to->queue_length;
    if (room) {
        work->next = NULL;
        if (to->last)
            to->last->next = work;
        else
            to->first = work;
        to->last = work;
        to->queued++;
        pthread_cond_signal(&to->filled);
    }
    pthread_mutex_unlock(&to->lock);
    return room;
}

void lane_stop(lane *old)
{
    if (!old)
        return;
    pthread_mutex_lock(&old->lock);
    old->stopping = true;
    pthread_cond_broadcast(&old->filled);
    pthread_mutex_unlock(&old->lock);
    for (int i = 0; i < old->threads; i++)
        pthread_join(old->ids[i], NULL);
    pthread_cond_destroy(&old->filled);
    pthread_mutex_destroy(&old->lock);
    free(old);
}
