/* multipart/form-data (RFC 7578) in memory that is already there: nothing is copied. */
#ifndef SERVER_HTTP_MULTIPART_H
#define SERVER_HTTP_MULTIPART_H

#include <stdbool.h>
#include <stddef.h>

typedef struct multipart {
    const char *at;
    const char *end;
    char boundary[80]; /* "\r\n--" and the boundary */
    size_t boundary_size;
    const char *problem; /* in words, after multipart_next has answered false */
} multipart;

typedef struct multipart_part {
    char name[128];
    char file_name[512]; /* UTF-8 as sent; "" where none was; quotes undone */
    char type[128];
    bool is_file;
    const char *data; /* borrowed from the body */
    size_t size;
} multipart_part;

/* False when the content type names no usable boundary. */
bool multipart_begin(multipart *form, const char *content_type, const char *body, size_t size);
/* The next part; false at the end (problem NULL) or for a body that breaks the form (problem says how). */
bool multipart_next(multipart *form, multipart_part *part);

#endif
