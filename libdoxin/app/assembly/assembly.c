/* The one list of what the system can do. */
#include "app/catalog/catalog.h"
#include "app/identity/identity.h"
#include "app/intake/intake.h"
#include "app/notify/notify.h"
#include "app/op/op.h"
#include "app/queue/queue.h"
#include "app/records/records.h"

const dx_module *const dx_modules[] = {
    &dx_health_module, &dx_identity_module, &dx_catalog_module, &dx_records_module,
    &dx_queue_module,  &dx_notify_module,   &dx_intake_module,  NULL,
};
