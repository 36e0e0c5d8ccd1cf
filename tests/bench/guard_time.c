/* guard_time POLICY STATEMENTS.jsonl [ROUNDS]: CPU time of the guard beside that of PostgreSQL's grammar alone. */
#include "base/rt/json.h"
#include "core/guard/guard.h"
#include "core/guard/parser.h"
#include "rounds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATEMENTS_MAX = 2000, WARM = 3 };

static char *statements[STATEMENTS_MAX];
static int count;

static int read_statements(const char *path)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    FILE *file = fopen(path, "r");
    while (file && count < STATEMENTS_MAX && (size = getline(&line, &room, file)) > 0) {
        dx_ctx ctx;
        dx_json *json = NULL;
        if (dx_ctx_init(&ctx, 0) && dx_json_parse(&ctx, line, (size_t)size, &json) == DOXIN_OK)
            statements[count++] = strdup(dx_json_get_string(json, "sql"));
        dx_json_free(json);
        dx_ctx_destroy(&ctx);
    }
    free(line);
    if (file)
        fclose(file);
    return count;
}

static double parse_all(int rounds)
{
    double start = bench_seconds();
    for (int r = 0; r < rounds; r++)
        for (int i = 0; i < count; i++)
            pg_query_free_protobuf_parse_result(pg_query_parse_protobuf(statements[i]));
    return bench_seconds() - start;
}

static double check_all(dx_ctx *ctx, const dx_policy *policy, int rounds, int *accepted)
{
    dx_sql_checked checked;
    double start = bench_seconds();
    *accepted = 0;
    for (int r = 0; r < rounds; r++)
        for (int i = 0; i < count; i++) {
            dx_arena_reset(ctx->arena);
            dx_error_clear(&ctx->error);
            *accepted += dx_guard_check(ctx, policy, statements[i], strlen(statements[i]), NULL, &checked) == DOXIN_OK;
        }
    return bench_seconds() - start;
}

int main(int argc, char **argv)
{
    dx_policy *policy = NULL;
    dx_ctx ctx;
    int rounds = argc > 3 ? atoi(argv[3]) : 20, accepted = 0;
    bench_file *text = argc > 2 ? bench_files(1, argv + 1) : NULL;
    if (!text || !dx_ctx_init(&ctx, 0) || dx_policy_read(&ctx, text->data, text->size, &policy) != DOXIN_OK ||
        read_statements(argv[2]) == 0 || rounds < 1)
        return fprintf(stderr, "usage: guard_time POLICY STATEMENTS.jsonl [ROUNDS]\n"), 2;
    parse_all(WARM);
    check_all(&ctx, policy, WARM, &accepted);
    double parse = parse_all(rounds), guard = check_all(&ctx, policy, rounds, &accepted);
    double each = 1e6 / ((double)rounds * count);
    printf("{\"statements\": %d, \"accepted\": %d, \"parse_us\": %.2f, \"guard_us\": %.2f, \"ratio\": %.3f}\n", count,
           accepted / rounds, parse * each, guard * each, guard / parse);
    dx_policy_drop(policy);
    dx_ctx_destroy(&ctx);
    return 0;
}
