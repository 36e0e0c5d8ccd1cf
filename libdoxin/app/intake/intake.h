/* The pipeline: stored file -> document -> invoice, as stages of a job. */
#ifndef DX_APP_INTAKE_INTAKE_H
#define DX_APP_INTAKE_INTAKE_H

#include "app/op/op.h"

/* The handlers of DX_JOB_LEARN, and of DX_JOB_EXTRACT, whose stages are: "loading", "parse", "xml", "extract", "check", "storing". */
extern const dx_module dx_intake_module;

#endif
