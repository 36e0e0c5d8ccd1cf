/* A statement cut into the tokens of PostgreSQL's scanner, and the bounds that are asked before its grammar runs. */
#ifndef DX_CORE_GUARD_TOKEN_H
#define DX_CORE_GUARD_TOKEN_H

#include "base/rt/ctx.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DX_SQL_BYTES = 16 * 1024, /* of a statement */
    DX_SQL_TOKENS = 4000,
    DX_SQL_BRACKETS = 40, /* open at once; CASE … END counts as one */
    DX_SQL_DEPTH = 220    /* tokens that may lie above one another in the tree: it then fits a stack of 512 KiB */
};

typedef enum dx_token_kind {
    DX_TOKEN_NAME,         /* identifier or keyword as written */
    DX_TOKEN_QUOTED,       /* "…" */
    DX_TOKEN_UNICODE_NAME, /* U&"…" */
    DX_TOKEN_STRING,       /* '…' */
    DX_TOKEN_ESCAPES,      /* E'…' */
    DX_TOKEN_UNICODE,      /* U&'…' */
    DX_TOKEN_BITS,         /* B'…', X'…' */
    DX_TOKEN_DOLLAR,       /* $$…$$ */
    DX_TOKEN_NUMBER,
    DX_TOKEN_PARAMETER,
    DX_TOKEN_OPERATOR,
    DX_TOKEN_SIGN, /* one of , ( ) [ ] . ; : */
    DX_TOKEN_OTHER /* a byte that begins no token */
} dx_token_kind;

typedef struct dx_token {
    uint16_t start;
    uint16_t end;
    uint8_t kind;
} dx_token;

typedef struct dx_tokens {
    dx_token *items;
    int count;
} dx_tokens;

/* Cuts sql (valid UTF-8, at most DX_SQL_BYTES, NUL behind it). DOXIN_E_SQL_SYNTAX for a string or comment without an
 * end and for strings side by side, DOXIN_E_SQL_SIZE, DOXIN_E_NOMEM. */
doxin_status dx_tokens_cut(dx_ctx *ctx, const char *sql, size_t length, dx_tokens *out);
/* DOXIN_E_SQL_SIZE for a statement that would need too deep a tree. */
doxin_status dx_tokens_check_depth(dx_ctx *ctx, const char *sql, const dx_tokens *tokens);

/* The token is this keyword (lower case), in any case, without quotes. */
bool dx_token_is(const char *sql, const dx_token *token, const char *word);
bool dx_token_sign(const char *sql, const dx_token *token, char sign);
/* The token that begins at this byte, or -1. */
int dx_tokens_at(const dx_tokens *tokens, size_t offset);

#endif
