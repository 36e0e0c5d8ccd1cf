/* Any bytes: parsed or refused. What was parsed and written again must parse again to the same text. */
#include "base/rt/alloc.h"
#include "base/rt/json.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dx_ctx ctx;
    if (!dx_ctx_init(&ctx, 1 << 20))
        return 0;
    dx_json *json = NULL;
    if (dx_json_parse(&ctx, (const char *)data, size, &json) == DOXIN_OK) {
        char *text = dx_json_dump(json, true);
        dx_json *again = NULL;
        if (text && dx_json_parse(&ctx, text, strlen(text), &again) != DOXIN_OK)
            abort();
        char *twice = again ? dx_json_dump(again, true) : NULL;
        if (text && twice && strcmp(text, twice) != 0)
            abort();
        dx_free(text);
        dx_free(twice);
        dx_json_free(again);
    }
    dx_json_free(json);
    dx_ctx_destroy(&ctx);
    return 0;
}
