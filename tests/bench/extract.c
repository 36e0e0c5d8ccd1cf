/* Documents to invoices by the public interface, one after the other: bench_extract OPTIONS FILE…, with the options of
 * doxin_extract() as a JSON object. Peak memory is told at the end: of this process, and of the parser's processes. */
#include "rounds.h"

#include <doxin/doxin.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static int failed(doxin_status status)
{
    fprintf(stderr, "bench_extract: %s\n", doxin_status_name(status));
    return 1;
}

static void do_round(doxin_session *session, const doxin_options *opts, const bench_file *files, int count)
{
    int read = 0;
    double start = bench_seconds();
    for (int i = 0; i < count; i++) {
        char *json = NULL;
        doxin_status status = doxin_extract(session, files[i].data, files[i].size, opts, &json);
        read += status == DOXIN_OK;
        doxin_string_free(json);
    }
    printf("{\"read\": %d, \"own\": %.6f}\n", read, bench_seconds() - start);
}

static long peak_kib(int who)
{
    struct rusage usage;
    return getrusage(who, &usage) == 0 ? usage.ru_maxrss : -1;
}

int main(int count, char **items)
{
    doxin_engine *engine = NULL;
    doxin_session *session = NULL;
    doxin_options *opts = NULL;
    if (count < 3) {
        fprintf(stderr, "usage: %s OPTIONS FILE…\n", items[0]);
        return 2;
    }
    doxin_status status = doxin_options_new(&opts);
    if (status == DOXIN_OK)
        status = doxin_options_set_json(opts, items[1]);
    if (status == DOXIN_OK)
        status = doxin_engine_open(NULL, &engine);
    if (status == DOXIN_OK)
        status = doxin_session_open(engine, NULL, &session);
    if (status != DOXIN_OK)
        return failed(status);
    bench_file *files = bench_files(count - 2, items + 2);
    while (bench_next_round())
        do_round(session, opts, files, count - 2);
    doxin_options_free(opts);
    doxin_session_free(session);
    doxin_engine_free(engine);
    printf("{\"peak_kib\": %ld, \"parser_peak_kib\": %ld}\n", peak_kib(RUSAGE_SELF), peak_kib(RUSAGE_CHILDREN));
    return 0;
}
