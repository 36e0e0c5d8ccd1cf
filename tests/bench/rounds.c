#include "rounds.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void read_file(const char *path, bench_file *out)
{
    FILE *file = fopen(path, "rb");
    long size = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    out->path = path;
    out->size = size > 0 ? (size_t)size : 0;
    out->data = malloc(out->size + 1);
    if (size <= 0 || out->data == NULL || fseek(file, 0, SEEK_SET) != 0 ||
        fread(out->data, 1, out->size, file) != out->size) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(1);
    }
    fclose(file);
}

bench_file *bench_files(int count, char **paths)
{
    bench_file *files = calloc((size_t)count + 1, sizeof *files);
    if (files == NULL)
        exit(1);
    for (int i = 0; i < count; i++)
        read_file(paths[i], &files[i]);
    return files;
}

int bench_next_round(void)
{
    char line[64];
    fflush(stdout);
    return fgets(line, sizeof line, stdin) != NULL;
}

double bench_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
