/* Fails the n-th allocation of every public function, for every n, alone and with all that follow. Each time the answer
 * must be DOXIN_E_NOMEM and nothing else: no crash, no leak, no handle, and the next call on the same engine and session
 * works. Arguments: "list" FILE compares the cases with the list of exports; "call" runs those that need no database,
 * "database" the others (DATABASE_URL and DATABASE_OWNER_URL say where). */
#include "cases.h"
#include "wrap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { N_MAX = 20000 };

typedef struct totals {
    long functions;
    long failed;   /* allocations refused first, one for each n and mode */
    long mistakes; /* of the library */
} totals;

static void complain(totals *sum, const alloc_case *of, fail_mode mode, long n, const char *what, doxin_status status)
{
    sum->mistakes++;
    fprintf(stderr, "%s, allocation %ld%s: %s (%s)\n", of->function, n, mode == FAIL_REST ? " and the rest" : "", what,
            status > 0 ? "an event" : doxin_status_name(status));
}

/* Threads of tasks end on their own: their memory is waited for. */
static bool live_is(long expected)
{
    for (int i = 0; i < 2000 && wrap_live() != expected; i++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    return wrap_live() == expected;
}

static void prepare(const alloc_case *of, trial *t)
{
    *t = (trial){0};
    if (of->prepare)
        of->prepare(t);
}

/* The same call without failure, on the same handles. */
static void call_again(totals *sum, const alloc_case *of, fail_mode mode, long n, trial *t)
{
    doxin_status status = of->call(t);
    if (status != of->expected)
        complain(sum, of, mode, n, "the next call does not work", status);
    if (of->expected >= 0 && !(of->flags & NO_OUT) && outcome_empty(&t->out))
        complain(sum, of, mode, n, "the next call gives nothing", status);
    outcome_free(&t->out);
}

/* False when no allocation was refused: the call makes no more than n. */
static bool fail_nth(totals *sum, const alloc_case *of, fail_mode mode, long n, trial *t)
{
    wrap_arm(n, mode);
    doxin_status status = of->call(t);
    bool refused = wrap_disarm() > 0;
    if (!refused && status != of->expected)
        complain(sum, of, mode, n, "no allocation failed, and the call did", status);
    if (refused && status != DOXIN_E_NOMEM && !(of->flags & BEST_EFFORT && status == of->expected))
        complain(sum, of, mode, n, "the answer is not DOXIN_E_NOMEM", status);
    if (refused && of->flags & NO_MEMORY)
        complain(sum, of, mode, n, "the call asks for memory", status);
    if (status < 0 && !outcome_empty(&t->out))
        complain(sum, of, mode, n, "a failed call gives something", status);
    outcome_free(&t->out);
    if (refused)
        sum->failed++;
    call_again(sum, of, mode, n, t);
    return refused;
}

static void run_mode(totals *sum, const alloc_case *of, fail_mode mode)
{
    trial t = {0};
    long before = wrap_live();
    if (of->flags & KEEP)
        prepare(of, &t);
    long n = 0;
    for (bool more = true; more && n < N_MAX; n++) {
        if (!(of->flags & KEEP))
            prepare(of, &t);
        more = fail_nth(sum, of, mode, n, &t);
        if (of->flags & KEEP)
            continue;
        trial_clear(&t);
        if (!live_is(before))
            complain(sum, of, mode, n, "blocks are left", DOXIN_OK);
        before = wrap_live();
    }
    if (n == N_MAX)
        complain(sum, of, mode, n, "the call never ends without a failure", DOXIN_OK);
    trial_clear(&t);
    if (!live_is(before))
        complain(sum, of, mode, n, "blocks are left at the end", DOXIN_OK);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void run_cases(totals *sum, const alloc_case *cases, size_t count, const char *only)
{
    for (size_t i = 0; i < count; i++) {
        if (only && strcmp(only, cases[i].function) != 0)
            continue;
        long before = sum->failed;
        int64_t start = now_ms();
        for (int mode = 0; mode < FAIL_MODES; mode++)
            run_mode(sum, &cases[i], (fail_mode)mode);
        sum->functions++;
        printf("%-28s %5ld failures, %6lld ms\n", cases[i].function, sum->failed - before,
               (long long)(now_ms() - start));
        fflush(stdout);
    }
}

/* ---- completeness ------------------------------------------------------------------------------------------------- */

static bool has_case(const char *function)
{
    for (size_t i = 0; i < alloc_case_count; i++)
        if (strcmp(alloc_cases[i].function, function) == 0)
            return true;
    for (size_t i = 0; i < database_case_count; i++)
        if (strcmp(database_cases[i].function, function) == 0)
            return true;
    return false;
}

static int check_list(const char *path)
{
    char line[128];
    int missing = 0;
    int exports = 0;
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "doxin_", 6) != 0)
            continue;
        exports++;
        if (has_case(line))
            continue;
        missing++;
        fprintf(stderr, "%s is exported and has no case\n", line);
    }
    if (file)
        fclose(file);
    printf("%d exports, %d without a case\n", exports, missing);
    return missing == 0 && exports > 0 ? 0 : 1;
}

int main(int count, char **arguments)
{
    const char *what = count > 1 ? arguments[1] : "";
    const char *more = count > 2 ? arguments[2] : NULL;
    totals sum = {0};
    if (strcmp(what, "list") == 0 && more)
        return check_list(more);
    if (strcmp(what, "call") == 0)
        run_cases(&sum, alloc_cases, alloc_case_count, more);
    if (strcmp(what, "database") == 0)
        run_cases(&sum, database_cases, database_case_count, more);
    printf("%ld cases, %ld failed allocations, %ld mistakes\n", sum.functions, sum.failed, sum.mistakes);
    return sum.functions > 0 && sum.mistakes == 0 ? 0 : 1;
}
