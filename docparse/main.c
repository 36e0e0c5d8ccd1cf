#include "document.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) < 0)
        return 1;
    void *data = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    dx_wire_request request = {.max_pages = 500, .max_pixels = 100000000, .want = 3};
    dp_source source = {.data = data, .size = (size_t)info.st_size, .request = &request};
    dp_failure failure = {0};
    dp_message message;
    dp_message_init(&message, 256 << 20);
    if (dp_document_read(&source, &message, &failure) != DX_WIRE_OK) {
        fprintf(stderr, "doxin-docparse: %s: %s\n", path, failure.text);
        return 1;
    }
    size_t size = dp_message_finish(&message);
    void *bytes = malloc(size);
    dp_message_write(&message, bytes);
    fwrite(bytes, 1, size, stdout);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--file") == 0)
        return read_file(argv[2]);
    return 2;
}
