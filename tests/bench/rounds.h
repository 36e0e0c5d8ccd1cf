/* What the workers of the benchmarks share: files in memory and rounds.
 *
 * A worker is started with files as arguments, and does all of them once for each line that it reads; it answers each
 * with one line of JSON and ends at the end of its input. What is measured is the processor time of a round. */
#ifndef BENCH_ROUNDS_H
#define BENCH_ROUNDS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bench_file {
    const char *path;
    char *data;
    size_t size;
} bench_file;

/* Reads the files; ends the program with a message when one cannot be read. */
bench_file *bench_files(int count, char **paths);
/* False at the end of the input. */
int bench_next_round(void);
/* Seconds of processor time of this process so far, all threads. */
double bench_seconds(void);

#ifdef __cplusplus
}
#endif
#endif
