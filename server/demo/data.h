/* The demonstration data, compiled in from server/demo/ (made by tests/make/make_demo.py; everybody in it is made up). */
#ifndef SERVER_DEMO_DATA_H
#define SERVER_DEMO_DATA_H

#include <stddef.h>

typedef struct demo_file {
    const char *name;
    const unsigned char *data;
    size_t size;
    const char *sha256; /* 64 hexadecimal digits */
} demo_file;

extern const demo_file demo_files[];
extern const size_t demo_file_count;
/* The request of catalog.import, JSON. */
extern const char *const demo_catalogue;

#endif
