/* Assets: counted snapshots of knowledge. */
#ifndef DX_ABI_ASSET_H
#define DX_ABI_ASSET_H

#include "base/rt/ctx.h"
#include "core/guard/policy.h"
#include "core/learn/learn.h"
#include "doxin/asset.h"

#include <stddef.h>

/* Who uses DoxIn. Never changed once it is made; NULL is allowed everywhere. */
typedef struct dx_profile dx_profile;

dx_profile *dx_profile_hold(dx_profile *profile);
void dx_profile_drop(dx_profile *profile);
/* Own companies, one a line, or NULL; borrowed. */
const char *dx_profile_own_names(const dx_profile *profile);
/* "deu+eng", or NULL; borrowed. */
const char *dx_profile_languages(const dx_profile *profile);
/* Alpha-2, or NULL; borrowed. */
const char *dx_profile_country(const dx_profile *profile);

/* NULL: none are kept; borrowed. */
const dx_corrections *dx_profile_corrections(const dx_profile *profile);

#endif
