/* Whole files. */
#ifndef SERVER_BASE_FILE_H
#define SERVER_BASE_FILE_H

#include <stddef.h>

/* Reads a file, or standard input for "-", up to max_bytes + 1 bytes (so that one too large shows). *data is owned by the
 * caller (free). 0, or the errno. */
int file_read(const char *path, size_t max_bytes, char **data, size_t *size);
/* Writes beside the path and renames, so that nobody sees half a file; mode as in open(). 0, or the errno. */
int file_write(const char *path, const void *data, size_t size, unsigned mode);

/* All documents under a folder in the order of their names, by extension (pdf png jpg jpeg tif tiff webp heic heif xml);
 * a path that is no folder stands for itself. Paths are appended to *paths (grown with realloc, each owned). 0, or the
 * errno. */
int file_list(const char *path, char ***paths, size_t *count);

#endif
