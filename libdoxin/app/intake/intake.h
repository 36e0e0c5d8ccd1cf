/* The pipeline: stored file -> document -> invoice, as stages of a job. */
#ifndef DX_APP_INTAKE_INTAKE_H
#define DX_APP_INTAKE_INTAKE_H

#include "app/op/op.h"

/* The handler of DX_JOB_EXTRACT. Its stages: "loading", "parse", "xml", "extract", "check", "storing". */
extern const dx_module dx_intake_module;

#endif
