/* Why a document cannot be read: the status of the reply and the words for it. */
#ifndef DOCPARSE_FAILURE_H
#define DOCPARSE_FAILURE_H

#include "io/reader/packet.h"

typedef struct dp_failure {
    enum dx_packet_status status;
    char text[256];
} dp_failure;

/* Records and returns status: `return dp_fail(failure, DX_PACKET_DAMAGED, "…");` */
enum dx_packet_status dp_fail(dp_failure *failure, enum dx_packet_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
