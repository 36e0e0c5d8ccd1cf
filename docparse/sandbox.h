/* What holds the program: no new privileges, Landlock, two seccomp filters, resource limits. docs/docparse.md says what
 * each layer allows. */
#ifndef DOCPARSE_SANDBOX_H
#define DOCPARSE_SANDBOX_H

#include "io/reader/packet.h"

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct dp_sandbox {
    uint32_t layers;       /* dx_packet_layer that hold */
    uint32_t landlock_abi; /* 0: none */
    char why[256];         /* why a layer is missing */
    struct sock_fprog child_filter;
} dp_sandbox;

/* The prepared process: may fork and pass descriptors, open what `readable` (NULL-terminated) lists for reading, and
 * nothing else of the world. Makes the children's filter ready. */
void dp_sandbox_enter(dp_sandbox *sandbox, const char *const *readable);

/* A child, right after fork: limits, then the second filter, without fork and sockets. False when a layer that the
 * prepared process has cannot be put on: the child must end. */
bool dp_sandbox_child(const dp_sandbox *sandbox, uint64_t memory_bytes, int cpu_seconds);

#endif
