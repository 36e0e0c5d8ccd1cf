#include "picture.h"

#include <allheaders.h>

void dp_picture_prepare(void)
{
    setMsgSeverity(L_SEVERITY_NONE);
}

enum dx_packet_status dp_picture_read(const dp_source *source, dp_message *out, dp_failure *failure)
{
    (void)source;
    (void)out;
    return dp_fail(failure, DX_PACKET_FAILED, "pictures");
}

enum dx_packet_status dp_picture_render(const dp_source *source, void **out, size_t *out_size, dp_failure *failure)
{
    (void)source;
    (void)out;
    (void)out_size;
    return dp_fail(failure, DX_PACKET_FAILED, "pictures");
}
