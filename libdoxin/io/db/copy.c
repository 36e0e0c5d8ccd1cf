#include "base/rt/buffer.h"
#include "io/db/db_internal.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

doxin_status dx_tx_copy_begin(dx_tx *tx, dx_ctx *ctx, const char *sql)
{
    doxin_status status = dx_tx_script(tx, ctx, sql);
    if (status != DOXIN_OK)
        return status;
    if (PQtransactionStatus(tx->connection->pg) != PQTRANS_ACTIVE)
        return dx_fail(ctx, DOXIN_E_INTERNAL, "the statement is no COPY … FROM STDIN");
    tx->copying = true;
    return DOXIN_OK;
}

/* The text format's escapes: backslash, and the bytes that would end a field or a row. */
static void add_escaped(dx_buffer *line, const char *value)
{
    for (;;) {
        size_t plain = strcspn(value, "\\\t\n\r");
        dx_buffer_add(line, value, plain);
        value += plain;
        switch (*value++) {
        case '\\':
            dx_buffer_add(line, "\\\\", 2);
            break;
        case '\t':
            dx_buffer_add(line, "\\t", 2);
            break;
        case '\n':
            dx_buffer_add(line, "\\n", 2);
            break;
        case '\r':
            dx_buffer_add(line, "\\r", 2);
            break;
        default:
            return;
        }
    }
}

/* libpq buffers; when it holds back more than the socket takes at once, it is emptied before the next row. */
static doxin_status put_line(dx_tx *tx, dx_ctx *ctx, const dx_buffer *line)
{
    int sent = PQputCopyData(tx->connection->pg, line->data, (int)line->len);
    doxin_status status = DOXIN_OK;
    while (sent == 0 && status == DOXIN_OK) {
        status = db_flush(tx->connection, ctx);
        if (status == DOXIN_OK)
            sent = PQputCopyData(tx->connection->pg, line->data, (int)line->len);
    }
    if (status == DOXIN_OK && sent > 0)
        status = db_flush(tx->connection, ctx);
    if (status == DOXIN_E_DATABASE_DOWN || sent < 0)
        return db_broken(ctx, tx->connection->pg, "rows were copied");
    return status;
}

doxin_status dx_tx_copy_row(dx_tx *tx, dx_ctx *ctx, size_t count, const char *const *values)
{
    dx_buffer line;
    doxin_status status = dx_check(ctx);
    if (status != DOXIN_OK)
        return status;
    if (!tx->copying)
        return dx_fail(ctx, DOXIN_E_INTERNAL, "no COPY is under way");
    dx_buffer_init(&line, 0);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            dx_buffer_char(&line, '\t');
        if (values[i] == NULL)
            dx_buffer_text(&line, "\\N");
        else
            add_escaped(&line, values[i]);
    }
    dx_buffer_char(&line, '\n');
    status = line.failed ? dx_nomem(ctx) : put_line(tx, ctx, &line);
    dx_buffer_free(&line);
    return status;
}

doxin_status dx_tx_copy_end(dx_tx *tx, dx_ctx *ctx, int64_t *out_rows)
{
    PGresult *result = NULL;
    doxin_status status = DOXIN_OK;
    int ended = 0;
    if (!tx->copying)
        return dx_fail(ctx, DOXIN_E_INTERNAL, "no COPY is under way");
    tx->copying = false;
    while (status == DOXIN_OK && (ended = PQputCopyEnd(tx->connection->pg, NULL)) == 0)
        status = db_flush(tx->connection, ctx);
    if (status == DOXIN_OK && ended > 0)
        status = db_finish(tx->connection, ctx, &result);
    if (status == DOXIN_E_DATABASE_DOWN || ended < 0)
        status = db_broken(ctx, tx->connection->pg, "rows were copied");
    else if (status == DOXIN_OK && !db_result_ok(result))
        status = db_failure(ctx, tx, result);
    if (out_rows != NULL)
        *out_rows = status == DOXIN_OK ? strtoll(PQcmdTuples(result), NULL, 10) : 0;
    PQclear(result);
    return status;
}
