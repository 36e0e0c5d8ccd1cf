/* Fails the n-th allocation for every n, over everything that the database door and the schema runner do. Linked with
 * --wrap=dx_malloc and --wrap=dx_realloc; the address sanitizer finds what leaks. */
#include "base/rt/alloc.h"

#include "app/schema/schema.h"
#include "io/db/db.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define NEVER (-1)

static long left = NEVER; /* allocations that still succeed */
static bool failed;

void *__real_dx_malloc(size_t size);
void *__real_dx_realloc(void *pointer, size_t size);
void *__wrap_dx_malloc(size_t size);
void *__wrap_dx_realloc(void *pointer, size_t size);

static bool fails(void)
{
    if (left == NEVER)
        return false;
    failed = failed || left == 0;
    if (left > 0)
        left--;
    return failed;
}

void *__wrap_dx_malloc(size_t size)
{
    return fails() ? NULL : __real_dx_malloc(size);
}

void *__wrap_dx_realloc(void *pointer, size_t size)
{
    return fails() ? NULL : __real_dx_realloc(pointer, size);
}

static doxin_status copy_some(dx_db *db, dx_ctx *ctx)
{
    dx_tx *tx = NULL;
    doxin_status status = dx_db_begin(db, ctx, DX_LOGIN_OWNER, &tx);
    if (status == DOXIN_OK)
        status = dx_tx_script(tx, ctx, "CREATE TEMP TABLE t (a text) ON COMMIT DROP");
    if (status == DOXIN_OK)
        status = dx_tx_copy_begin(tx, ctx, "COPY t FROM STDIN");
    if (status == DOXIN_OK)
        status = dx_tx_copy_row(tx, ctx, 1, (const char *const[]){"a\tb"});
    if (status == DOXIN_OK)
        status = dx_tx_copy_end(tx, ctx, NULL);
    dx_tx_rollback(tx);
    return status;
}

static doxin_status listen_once(dx_db *db, dx_ctx *ctx)
{
    static dx_notice notice;
    dx_listener *listener = NULL;
    doxin_status status = dx_db_listen(db, ctx, (const char *const[]){"doxin_jobs"}, 1, &listener);
    if (status == DOXIN_OK)
        status = dx_listener_wait(listener, ctx, 1, &notice);
    dx_listener_free(listener);
    return status == DOXIN_E_AGAIN ? DOXIN_OK : status;
}

static doxin_status run(void)
{
    dx_ctx ctx;
    dx_db *db = NULL;
    dx_buffer out;
    dx_writer writer;
    dx_rows *rows = NULL;
    const dx_db_options options = {.url = getenv("DATABASE_URL"), .owner_url = getenv("DATABASE_OWNER_URL")};
    if (!dx_ctx_init(&ctx, 0))
        return DOXIN_E_NOMEM;
    dx_buffer_init(&out, 0);
    dx_write_init(&writer, &out);
    doxin_status status = dx_db_open(&ctx, &options, &db);
    if (status == DOXIN_OK)
        status = dx_schema_migrate(db, &ctx, "up", NULL, &writer);
    if (status == DOXIN_OK)
        status = dx_schema_check(db, &ctx);
    ctx.purpose = "worker";
    if (status == DOXIN_OK)
        status = dx_db_exec(db, &ctx, DX_LOGIN_APPLICATION, "SELECT doxin_purpose(), $1::text", DX_PARAMS("x"), &rows);
    if (status == DOXIN_OK)
        status = listen_once(db, &ctx);
    if (status == DOXIN_OK)
        status = copy_some(db, &ctx);
    if (status != DOXIN_OK && status != DOXIN_E_NOMEM)
        fprintf(stderr, "%d: %s\n", status, ctx.error.message);
    dx_db_free(db);
    dx_buffer_free(&out);
    dx_ctx_destroy(&ctx);
    return status;
}

int main(void)
{
    if (run() != DOXIN_OK)
        return 1;
    for (long n = 0; n < 100000; n++) {
        left = n;
        failed = false;
        doxin_status status = run();
        if (!failed)
            return printf("%ld allocations, each failed once\n", n), status == DOXIN_OK && n > 20 ? 0 : 1;
        if (status != DOXIN_E_NOMEM)
            return fprintf(stderr, "allocation %ld failed, and the answer was %d\n", n, status), 1;
    }
    return 1;
}
