/* Work in the background: a thread that makes events, a queue, a descriptor to wait on. */
#ifndef DX_ABI_TASK_H
#define DX_ABI_TASK_H

#include "abi/engine.h"
#include "abi/session.h"
#include "doxin/task.h"

#include <stdbool.h>

/* Runs on the task's own thread, with the ctx of the task's own session; what it returns ends the task. */
typedef doxin_status (*dx_task_run_fn)(doxin_task *task, dx_ctx *ctx, void *data);

/* Takes session and data: both are freed (data by data_free) when the work has ended, also when this fails. */
doxin_status dx_task_start(doxin_engine *engine, doxin_session *session, dx_task_run_fn run, void *data,
                           void (*data_free)(void *data), doxin_task **out);

/* Hands an event to whoever pulls; takes json (dx_malloc; NULL counts as no memory). Waits while the queue is full.
 * DOXIN_OK, DOXIN_E_CANCELED or DOXIN_E_NOMEM, without words: any thread of the task may call this, and the ctx belongs
 * to one of them. */
doxin_status dx_task_emit(doxin_task *task, char *json);

/* The engine of a task; borrowed. */
doxin_engine *dx_task_engine(doxin_task *task);

#endif
