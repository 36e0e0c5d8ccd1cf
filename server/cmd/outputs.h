/* Names of the files that documents become in a folder. */
#ifndef SERVER_CMD_OUTPUTS_H
#define SERVER_CMD_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

/* "FOLDER/invoice.pdf.html": the documents' own names, with the names of folders in front where that tells them apart
 * ("march_invoice.pdf.html"), and with a number where even these are the same. Standard input is "stdin". */
typedef struct outputs {
    char **names; /* one for each document, owned */
    size_t count;
} outputs;

/* False: no memory. outputs_free() in any case. */
bool outputs_name(outputs *all, char *const *paths, size_t count, const char *folder, const char *extension);
void outputs_free(outputs *all);

#endif
