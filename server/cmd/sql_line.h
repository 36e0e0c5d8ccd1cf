/* A line of `doxin sql`: one flat JSON object whose texts are taken byte by byte, bad ones too. */
#ifndef SERVER_CMD_SQL_LINE_H
#define SERVER_CMD_SQL_LINE_H

#include <stddef.h>

typedef struct sql_line {
    char *id;  /* JSON of the id as it stood there, or NULL */
    char *sql; /* the bytes of sql_b64, else of sql; NUL behind them */
    size_t sql_size;
} sql_line;

/* NULL, or what is wrong with the line. A text may hold \u0000 and halves of surrogate pairs: they become the bytes that
 * they would be, for the guard to refuse. To be freed in any case. */
const char *sql_line_read(sql_line *out, const char *data, size_t size);
void sql_line_free(sql_line *line);

#endif
