/* What the files of this folder share. */
#ifndef DX_APP_CATALOG_INTERNAL_H
#define DX_APP_CATALOG_INTERNAL_H

#include "app/catalog/catalog.h"

doxin_status dx_catalog_import(dx_call *call);
doxin_status dx_companies_list(dx_call *call);
doxin_status dx_products_list(dx_call *call);
doxin_status dx_salespersons_list(dx_call *call);

/* What is wrong with the rows of an import that its schema let through, before anything is written: list, at (from 0),
 * member, message, failed (wrong rows of all lists). $1 is the request. At most 100 rows. */
extern const char *const dx_catalog_check_sql;

#endif
