/* The handlers of this folder. Inside it only. */
#ifndef DX_APP_INTAKE_INTERNAL_H
#define DX_APP_INTAKE_INTERNAL_H

#include "app/queue/queue.h"

/* learn.c: what an invoice as it now is teaches about its vendor. */
doxin_status dx_intake_learn(dx_job *job, dx_ctx *ctx);

#endif
