#include "io/db/db_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* The longest match wins: a class ("08"), or a whole SQLSTATE. Appendix A of PostgreSQL's manual. */
typedef struct rule {
    const char *state;
    doxin_status status;
    bool retryable;
    const char *words; /* NULL: the server's own */
} rule;

static const rule rules[] = {
    {"08", DOXIN_E_DATABASE_DOWN, false, NULL},
    {"23502", DOXIN_E_DATABASE, false, NULL},
    {"23514", DOXIN_E_DATABASE, false, NULL},
    {"23", DOXIN_E_CONFLICT, false, NULL},
    {"25P03", DOXIN_E_DATABASE_DOWN, false, NULL},
    {"40", DOXIN_E_CONFLICT, true, "another transaction was in the way; try again"},
    {"42501", DOXIN_E_FORBIDDEN, false, NULL},
    {"42P01", DOXIN_E_SCHEMA_OLD, false, NULL},
    {"42703", DOXIN_E_SCHEMA_OLD, false, NULL},
    {"42704", DOXIN_E_SCHEMA_OLD, false, NULL},
    {"42883", DOXIN_E_SCHEMA_OLD, false, NULL},
    {"3F000", DOXIN_E_SCHEMA_OLD, false, NULL},
    {"53100", DOXIN_E_NO_SPACE, false, "the database's disk is full"},
    {"53", DOXIN_E_DATABASE_DOWN, false, NULL},
    {"55P03", DOXIN_E_CONFLICT, true, "another transaction holds the row; try again"},
    {"57014", DOXIN_E_TIMEOUT, false, "the statement took too long and was ended"},
    {"57P", DOXIN_E_DATABASE_DOWN, false, NULL},
    {"58", DOXIN_E_DATABASE_DOWN, false, NULL},
    {"P0001", DOXIN_E_DATABASE, false, NULL},
};

static const rule *rule_of(const char *state)
{
    static const rule other = {"", DOXIN_E_DATABASE, false, NULL};
    const rule *best = &other;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strncmp(state, rules[i].state, strlen(rules[i].state)) == 0 && strlen(rules[i].state) > strlen(best->state))
            best = &rules[i];
    return best;
}

bool db_result_ok(const PGresult *result)
{
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_EMPTY_QUERY:
    case PGRES_COPY_IN:
        return true;
    default:
        return false;
    }
}

static void copy_field(char *out, size_t size, const PGresult *result, int code)
{
    const char *text = PQresultErrorField(result, code);
    snprintf(out, size, "%s", text != NULL ? text : "");
}

doxin_status db_failure(dx_ctx *ctx, dx_tx *tx, const PGresult *result)
{
    char state[6];
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    copy_field(state, sizeof state, result, PG_DIAG_SQLSTATE);
    const rule *found = rule_of(state);
    if (tx != NULL) {
        memcpy(tx->sqlstate, state, sizeof state);
        copy_field(tx->constraint, sizeof tx->constraint, result, PG_DIAG_CONSTRAINT_NAME);
        tx->retryable = found->retryable;
    }
    if (found->words != NULL)
        message = found->words;
    if (message == NULL)
        message = "no reason was given";
    if (found->status == DOXIN_E_SCHEMA_OLD)
        dx_fail(ctx, found->status, "%s; run: doxin migrate up", message);
    else if (strcmp(state, "P0001") == 0 || found->words != NULL)
        dx_fail(ctx, found->status, "%s", message);
    else
        dx_fail(ctx, found->status, "the database refused: %s (%s)", message, state);
    if (found->retryable)
        ctx->error.retry_after_s = 1;
    return found->status;
}

/* "FATAL:  57P01: terminating connection …" in PQERRORS_VERBOSE, whatever the language of the word before. */
void db_first_line(const char *message, char *out, size_t size, char out_state[6])
{
    out_state[0] = '\0';
    const char *start = strstr(message, ":  ");
    if (start != NULL) {
        start += 3;
        int length = 0;
        while (length < 5 && (isdigit((unsigned char)start[length]) || isupper((unsigned char)start[length])))
            length++;
        if (length == 5 && start[5] == ':') {
            memcpy(out_state, start, 5);
            out_state[5] = '\0';
            start += 7;
        }
        message = start;
    }
    int length = (int)strcspn(message, "\n");
    snprintf(out, size, "%.*s", length, message);
}

doxin_status db_broken(dx_ctx *ctx, const PGconn *pg, const char *doing)
{
    char line[256], state[6];
    db_first_line(PQerrorMessage(pg), line, sizeof line, state);
    return dx_fail(ctx, DOXIN_E_DATABASE_DOWN, "the connection to the database was lost while %s%s%s", doing,
                   line[0] != '\0' ? ": " : "", line);
}
