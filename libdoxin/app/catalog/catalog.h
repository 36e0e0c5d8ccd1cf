/* Companies, products, salespersons and territories: read by everybody signed in, written by administrators. */
#ifndef DX_APP_CATALOG_CATALOG_H
#define DX_APP_CATALOG_CATALOG_H

#include "app/op/op.h"

/* catalog.import, companies.list, products.list, salespersons.list. */
extern const dx_module dx_catalog_module;

#endif
