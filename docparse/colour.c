/* Poppler makes a transform of the document's output profile (every PDF/A has one) for every page that it looks at, text or
 * not, which takes ten times as long as the text itself. Nothing here needs true colours, and a profile is one more thing
 * in a document that can be hostile. Poppler has no switch for it and goes on without a profile that cannot be opened. */
#include "colour.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

static bool profiles_off;

void dp_colour_profiles(bool wanted)
{
    profiles_off = !wanted;
}

/* Stands before the function of liblcms2 that has this name (cmsHPROFILE is a pointer, cmsUInt32Number has 32 bits). */
__attribute__((visibility("default"))) void *cmsOpenProfileFromMem(const void *data, uint32_t size);

void *cmsOpenProfileFromMem(const void *data, uint32_t size)
{
    void *(*open_profile)(const void *, uint32_t) = NULL;
    if (profiles_off)
        return NULL;
    *(void **)&open_profile = dlsym(RTLD_NEXT, "cmsOpenProfileFromMem");
    return open_profile ? open_profile(data, size) : NULL;
}
