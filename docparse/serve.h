/* The prepared process: takes requests from its control socket, forks a child for each, reaps them. It never looks at a
 * document's bytes. */
#ifndef DOCPARSE_SERVE_H
#define DOCPARSE_SERVE_H

#include "sandbox.h"

enum { DP_CHILDREN_MAX = 64 };

/* Loads libraries and language data, then locks itself in. */
void dp_prepare(dp_sandbox *sandbox);

/* Serves until the control socket ends; the exit status of the program. */
int dp_serve(int control);

/* The library's limits where a request names none or too much. */
void dp_bound_request(dx_packet_request *request);

/* Waits for a reply with its descriptor (-1: none came); false when the other side ended first. */
bool dp_receive_reply(int socket, dx_packet_reply *reply, int *message);

#endif
