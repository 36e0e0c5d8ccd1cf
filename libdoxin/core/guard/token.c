#include "core/guard/token.h"

#include <string.h>

typedef struct scan {
    dx_ctx *ctx;
    const char *sql;
    size_t length;
    size_t at;
    dx_tokens *out;
    size_t capacity;
} scan;

static doxin_status refuse(dx_ctx *ctx, doxin_status status, size_t offset, const char *hint, const char *message)
{
    dx_fail(ctx, status, "%s", message);
    ctx->error.offset = (int64_t)offset;
    dx_error_hint(&ctx->error, "%s", hint);
    return status;
}

/* ---- characters ------------------------------------------------------------------------------------------------------- */

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool begins_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80);
}

static bool in_name(char c)
{
    return begins_name(c) || is_digit(c) || c == '$';
}

static bool is_operator(char c)
{
    return c && strchr("~!@#^&|`?+-*/%<>=", c);
}

/* ---- what has an end mark --------------------------------------------------------------------------------------------- */

static bool skip_comment(scan *in)
{
    int depth = 0;
    const char *s = in->sql;
    do {
        if (s[in->at] == '/' && s[in->at + 1] == '*') {
            depth++;
            in->at += 2;
        } else if (s[in->at] == '*' && s[in->at + 1] == '/') {
            depth--;
            in->at += 2;
        } else {
            in->at++;
        }
    } while (depth > 0 && in->at < in->length);
    return depth == 0;
}

/* Behind white space and comments; false: a comment has no end. */
static bool skip_blank(scan *in)
{
    for (;;) {
        const char *p = in->sql + in->at;
        if (is_space(*p)) {
            in->at++;
        } else if (p[0] == '-' && p[1] == '-') {
            while (in->at < in->length && in->sql[in->at] != '\n' && in->sql[in->at] != '\r')
                in->at++;
        } else if (p[0] == '/' && p[1] == '*') {
            if (!skip_comment(in))
                return false;
        } else {
            return true;
        }
    }
}

/* From the opening quote to behind the closing one. In E'…' a backslash takes the next character with it; before a quote
 * it is refused, as servers may be set to. */
static doxin_status skip_quoted(scan *in, char quote, bool escapes)
{
    size_t start = in->at++;
    for (; in->at < in->length; in->at++) {
        char c = in->sql[in->at];
        if (escapes && c == '\\' && in->sql[in->at + 1] == quote)
            return refuse(in->ctx, DOXIN_E_SQL_SYNTAX, in->at, "write '' for a quote", "a backslash before a quote");
        if (escapes && c == '\\') {
            in->at++;
        } else if (c == quote && in->sql[in->at + 1] == quote) {
            in->at++;
        } else if (c == quote) {
            in->at++;
            return DOXIN_OK;
        }
    }
    return refuse(in->ctx, DOXIN_E_SQL_SYNTAX, start, "close it", "a quote has no end");
}

/* $tag$ … $tag$; false: it is no dollar quote. */
static bool skip_dollar(scan *in, doxin_status *status)
{
    size_t end = in->at + 1;
    if (begins_name(in->sql[end]))
        while (in_name(in->sql[end]) && in->sql[end] != '$')
            end++;
    if (in->sql[end] != '$')
        return false;
    size_t size = end + 1 - in->at;
    const char *close = memmem(in->sql + end + 1, in->length - end - 1, in->sql + in->at, size);
    *status = DOXIN_OK;
    if (!close)
        *status = refuse(in->ctx, DOXIN_E_SQL_SYNTAX, in->at, "close it", "a dollar quote has no end");
    else
        in->at = (size_t)(close - in->sql) + size;
    return true;
}

/* ---- tokens ----------------------------------------------------------------------------------------------------------- */

static void skip_number(scan *in)
{
    const char *s = in->sql;
    while (is_digit(s[in->at]))
        in->at++;
    if (s[in->at] == '.' && s[in->at + 1] != '.') {
        in->at++;
        while (is_digit(s[in->at]))
            in->at++;
    }
    if (s[in->at] == 'e' || s[in->at] == 'E') {
        size_t digits = in->at + 1 + (s[in->at + 1] == '+' || s[in->at + 1] == '-');
        if (is_digit(s[digits]))
            for (in->at = digits; is_digit(s[in->at]);)
                in->at++;
    }
}

/* As PostgreSQL's scanner: a comment ends it, and + or - may end it only behind a sign that no SQL operator has. */
static void skip_operator(scan *in)
{
    const char *s = in->sql + in->at;
    size_t size = 0;
    bool special = false;
    while (is_operator(s[size]) && !(s[size] == '/' && s[size + 1] == '*') && !(s[size] == '-' && s[size + 1] == '-'))
        special = strchr("~!@#^&|`?%", s[size++]) || special;
    while (size > 1 && !special && (s[size - 1] == '+' || s[size - 1] == '-'))
        size--;
    in->at += size;
}

/* E'…', B'…', X'…', U&'…', U&"…"; DX_TOKEN_OTHER: no prefix. */
static dx_token_kind prefix(const char *s)
{
    char c = (char)(s[0] | 0x20);
    if (s[1] == '\'' && c == 'e')
        return DX_TOKEN_ESCAPES;
    if (s[1] == '\'' && (c == 'b' || c == 'x'))
        return DX_TOKEN_BITS;
    if (c == 'u' && s[1] == '&' && s[2] == '\'')
        return DX_TOKEN_UNICODE;
    if (c == 'u' && s[1] == '&' && s[2] == '"')
        return DX_TOKEN_UNICODE_NAME;
    return DX_TOKEN_OTHER;
}

static doxin_status quoted(scan *in, dx_token_kind kind, dx_token *out)
{
    out->kind = (uint8_t)kind;
    bool name = kind == DX_TOKEN_QUOTED || kind == DX_TOKEN_UNICODE_NAME;
    return skip_quoted(in, name ? '"' : '\'', kind == DX_TOKEN_ESCAPES);
}

static doxin_status next(scan *in, dx_token *out)
{
    const char *s = in->sql + in->at;
    doxin_status status = DOXIN_OK;
    dx_token_kind kind = prefix(s);
    if (kind != DX_TOKEN_OTHER) {
        in->at += s[1] == '&' ? 2 : 1;
        return quoted(in, kind, out);
    }
    if (*s == '\'' || *s == '"')
        return quoted(in, *s == '"' ? DX_TOKEN_QUOTED : DX_TOKEN_STRING, out);
    if (begins_name(*s)) {
        out->kind = DX_TOKEN_NAME;
        while (in_name(in->sql[in->at]))
            in->at++;
    } else if (is_digit(*s) || (*s == '.' && is_digit(s[1]))) {
        out->kind = DX_TOKEN_NUMBER;
        skip_number(in);
    } else if (*s == '$' && is_digit(s[1])) {
        out->kind = DX_TOKEN_PARAMETER;
        for (in->at++; is_digit(in->sql[in->at]);)
            in->at++;
    } else if (*s == '$' && skip_dollar(in, &status)) {
        out->kind = DX_TOKEN_DOLLAR;
    } else if (is_operator(*s)) {
        out->kind = DX_TOKEN_OPERATOR;
        skip_operator(in);
    } else {
        out->kind = strchr(",()[].;:", *s) ? DX_TOKEN_SIGN : DX_TOKEN_OTHER;
        in->at++;
    }
    return status;
}

static bool is_string(const dx_token *token)
{
    return token->kind >= DX_TOKEN_STRING && token->kind <= DX_TOKEN_BITS;
}

/* 'a' <line break> 'b' is one string to the server, read as the first part is: too clever to be followed here. */
static doxin_status check_neighbour(scan *in, const dx_token *token)
{
    const dx_token *before = in->out->count > 1 ? token - 1 : NULL;
    if (before && is_string(before) && in->sql[token->start] == '\'')
        return refuse(in->ctx, DOXIN_E_SQL_SYNTAX, token->start, "write them as one, or join them with ||",
                      "two strings stand side by side");
    return DOXIN_OK;
}

doxin_status dx_tokens_cut(dx_ctx *ctx, const char *sql, size_t length, dx_tokens *out)
{
    scan in = {.ctx = ctx, .sql = sql, .length = length, .out = out, .capacity = length / 4 + 16};
    *out = (dx_tokens){.items = dx_array(ctx, in.capacity, sizeof(dx_token))};
    if (!out->items)
        return DOXIN_E_NOMEM;
    for (;;) {
        size_t blank = in.at;
        if (!skip_blank(&in))
            return refuse(ctx, DOXIN_E_SQL_SYNTAX, blank, "close it with */", "a comment has no end");
        if (in.at >= length)
            return DOXIN_OK;
        if (out->count >= DX_SQL_TOKENS)
            return refuse(ctx, DOXIN_E_SQL_SIZE, in.at, "ask for less at once", "the statement has too many tokens");
        size_t count = (size_t)out->count;
        dx_token *token = dx_push(ctx, (void **)&out->items, &count, &in.capacity, sizeof *token);
        if (!token)
            return DOXIN_E_NOMEM;
        out->count = (int)count;
        token->start = (uint16_t)in.at;
        doxin_status status = next(&in, token);
        token->end = (uint16_t)in.at;
        if (status == DOXIN_OK)
            status = check_neighbour(&in, token);
        if (status != DOXIN_OK)
            return status;
    }
}

bool dx_token_is(const char *sql, const dx_token *token, const char *word)
{
    size_t size = strlen(word);
    if (token->kind != DX_TOKEN_NAME || (size_t)(token->end - token->start) != size)
        return false;
    for (size_t i = 0; i < size; i++) {
        char c = sql[token->start + i];
        if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != word[i])
            return false;
    }
    return true;
}

bool dx_token_sign(const char *sql, const dx_token *token, char sign)
{
    return token->kind == DX_TOKEN_SIGN && sql[token->start] == sign;
}

int dx_tokens_at(const dx_tokens *tokens, size_t offset)
{
    int low = 0, high = tokens->count - 1;
    while (low <= high) {
        int middle = (low + high) / 2;
        if (tokens->items[middle].start == offset)
            return middle;
        if (tokens->items[middle].start < offset)
            low = middle + 1;
        else
            high = middle - 1;
    }
    return -1;
}

/* ---- depth ------------------------------------------------------------------------------------------------------------ */

/* How the tokens of one bracket can lie above one another: those of one element (between commas, between AND and AND,
 * within a clause), and one for each JOIN and each UNION, which pile up to the left. */
typedef struct bracket {
    int element;
    int piles;
    int betweens; /* whose AND is still to come: it joins no conditions */
} bracket;

/* The reserved words that begin a new expression whatever came before; DISTINCT FROM and WITHIN GROUP do not. */
static bool begins_clause(const char *sql, const dx_token *token, const dx_token *before)
{
    static const char *const words[] = {"select", "where", "having", "order", "limit", "offset", "fetch",
                                        "or",     "on",    "when",   "then",  "else",  "window"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (dx_token_is(sql, token, words[i]))
            return true;
    return (dx_token_is(sql, token, "from") && before && !dx_token_is(sql, before, "distinct")) ||
           (dx_token_is(sql, token, "group") && before && !dx_token_is(sql, before, "within"));
}

static bool ends_element(const char *sql, const dx_token *token, const dx_token *before, bracket *at)
{
    if (token->kind == DX_TOKEN_SIGN)
        return sql[token->start] == ',';
    if (token->kind != DX_TOKEN_NAME || token->end - token->start > 7)
        return false;
    if (dx_token_is(sql, token, "between"))
        at->betweens++;
    else if (dx_token_is(sql, token, "and"))
        return at->betweens == 0 || at->betweens-- < 0;
    return begins_clause(sql, token, before);
}

static bool piles_up(const char *sql, const dx_token *token)
{
    return dx_token_is(sql, token, "join") || dx_token_is(sql, token, "union") || dx_token_is(sql, token, "except") ||
           dx_token_is(sql, token, "intersect");
}

static bool opens(const char *sql, const dx_token *token)
{
    return dx_token_sign(sql, token, '(') || dx_token_sign(sql, token, '[') || dx_token_is(sql, token, "case");
}

static bool closes(const char *sql, const dx_token *token)
{
    return dx_token_sign(sql, token, ')') || dx_token_sign(sql, token, ']') || dx_token_is(sql, token, "end");
}

doxin_status dx_tokens_check_depth(dx_ctx *ctx, const char *sql, const dx_tokens *tokens)
{
    bracket open[DX_SQL_BRACKETS + 1] = {{0, 0, 0}};
    int level = 0;
    int depth = 0; /* of all open brackets together */
    for (int i = 0; i < tokens->count; i++) {
        const dx_token *token = &tokens->items[i];
        if (closes(sql, token) && level > 0) {
            depth -= open[level].element + open[level].piles;
            level--;
        } else if (opens(sql, token)) {
            if (level == DX_SQL_BRACKETS)
                return refuse(ctx, DOXIN_E_SQL_SIZE, token->start, "use WITH instead of nesting",
                              "the brackets are nested too deeply");
            open[++level] = (bracket){0, 0, 0};
        } else if (piles_up(sql, token)) {
            depth += 1 - open[level].element;
            open[level].piles++;
            open[level].element = 0;
        } else if (ends_element(sql, token, i ? token - 1 : NULL, &open[level])) {
            depth -= open[level].element;
            open[level].element = 0;
        }
        open[level].element++;
        depth++;
        if (depth > DX_SQL_DEPTH)
            return refuse(ctx, DOXIN_E_SQL_SIZE, token->start, "split it with WITH, or write fewer operators in a row",
                          "the expression is too long");
    }
    return DOXIN_OK;
}
