/* The stages that `doxin extract --explain` knows. */
#ifndef SERVER_CMD_EXPLAIN_H
#define SERVER_CMD_EXPLAIN_H

#include <stdbool.h>
#include <stdio.h>

bool explain_knows(const char *stage);
/* Prints the stages with a line of words each; an exit code. */
int explain_list(FILE *out);

#endif
