/* A child: one document, then the end. */
#ifndef DOCPARSE_CHILD_H
#define DOCPARSE_CHILD_H

#include "io/reader/packet.h"
#include "sandbox.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Forks; the child reads the document behind the descriptor, answers on the socket and ends. The caller keeps both
 * descriptors. *out_of_memory lies in shared memory. Returns the child's id, or -1 with errno. */
pid_t dp_child_start(const dp_sandbox *sandbox, const dx_packet_request *request, int document, int socket,
                     volatile bool *out_of_memory);

/* One reply, with a descriptor unless message is -1. Never blocks, never raises SIGPIPE. */
void dp_reply(int socket, const dx_packet_reply *reply, int message);

#endif
