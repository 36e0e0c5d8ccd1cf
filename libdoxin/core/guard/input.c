#include "core/guard/input.h"

#include "base/text/utf8.h"

#include <string.h>

static doxin_status refuse(dx_ctx *ctx, doxin_status status, size_t offset, const char *hint, const char *message)
{
    dx_fail(ctx, status, "%s", message);
    ctx->error.offset = (int64_t)offset;
    dx_error_hint(&ctx->error, "%s", hint);
    return status;
}

/* ---- bytes ------------------------------------------------------------------------------------------------------------ */

static doxin_status check_bytes(dx_ctx *ctx, const char *text, size_t length)
{
    if (length > DX_SQL_BYTES)
        return refuse(ctx, DOXIN_E_SQL_SIZE, DX_SQL_BYTES, "ask for less at once",
                      "a statement has at most 16384 bytes");
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F)
            return refuse(ctx, DOXIN_E_SQL_BYTES, i, "write spaces and line breaks only",
                          "the statement has a control character");
    }
    if (!dx_utf8_valid(text, length))
        return refuse(ctx, DOXIN_E_SQL_BYTES, 0, "send UTF-8", "the statement is not valid UTF-8");
    return DOXIN_OK;
}

/* Characters that look like nothing, or like a space that is none, or that turn the text round. */
static bool is_invisible(int32_t c)
{
    return (c >= 0x80 && c <= 0xA0) || c == 0xAD || c == 0x34F || c == 0x61C || c == 0x115F || c == 0x1160 ||
           c == 0x1680 || (c >= 0x17B4 && c <= 0x17B5) || (c >= 0x180B && c <= 0x180F) ||
           (c >= 0x2000 && c <= 0x206F) || c == 0x3000 || c == 0x3164 || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF ||
           c == 0xFFA0 || (c >= 0xFFF0 && c <= 0xFFFF) || c >= 0xE0000;
}

/* Words that servers after 15 read as a part of their grammar. */
static bool is_later_keyword(const char *sql, const dx_token *token)
{
    static const char *const words[] = {
        "system_user", "merge_action", "json_array", "json_arrayagg",  "json_exists",    "json_object", "json_query",
        "json_table",  "json_scalar",  "json_value", "json_serialize", "json_objectagg", "xmltable"};
    char first = (char)(sql[token->start] | 0x20);
    if (first != 's' && first != 'm' && first != 'j' && first != 'x')
        return false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (dx_token_is(sql, token, words[i]))
            return true;
    return false;
}

static doxin_status check_name(dx_ctx *ctx, const char *sql, const dx_token *token)
{
    size_t at = token->start;
    if (token->end - token->start > 63 + 2)
        return refuse(ctx, DOXIN_E_SQL_NAME, at, "write a shorter name", "a name is longer than the server keeps");
    if (is_later_keyword(sql, token))
        return refuse(ctx, DOXIN_E_SQL_NAME, at, "use another name",
                      "this word is a part of the grammar of newer servers");
    while (at < token->end) {
        size_t here = at;
        if (is_invisible(dx_utf8_next(sql, token->end, &at)))
            return refuse(ctx, DOXIN_E_SQL_BYTES, here, "write the name without it",
                          "a name holds an invisible character");
    }
    return DOXIN_OK;
}

static doxin_status check_token(dx_ctx *ctx, const char *sql, const dx_token *token)
{
    switch ((dx_token_kind)token->kind) {
    case DX_TOKEN_NAME:
    case DX_TOKEN_QUOTED:
    case DX_TOKEN_UNICODE_NAME:
        return check_name(ctx, sql, token);
    case DX_TOKEN_PARAMETER:
        return refuse(ctx, DOXIN_E_SQL_PARAMETER, token->start, "write the value itself", "a parameter is not allowed");
    case DX_TOKEN_BITS:
        return refuse(ctx, DOXIN_E_SQL_CLAUSE, token->start, "write a number or a text", "a bit string is not allowed");
    default:
        return DOXIN_OK;
    }
}

/* ---- the whole -------------------------------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* ```[word] … ```, with nothing but blanks around it. */
static void unwrap(const char **text, size_t *length)
{
    const char *p = *text, *end = *text + *length;
    while (p < end && is_blank(*p))
        p++;
    while (end > p && is_blank(end[-1]))
        end--;
    if (end - p < 7 || strncmp(p, "```", 3) != 0 || strncmp(end - 3, "```", 3) != 0)
        return;
    for (p += 3; p < end - 3 && *p != '\n' && !is_blank(*p);)
        p++;
    *text = p;
    *length = (size_t)(end - 3 - p);
}

/* Drops the semicolon at the end; another one means a second statement. */
static doxin_status end_statement(dx_ctx *ctx, dx_sql_input *input)
{
    dx_tokens *tokens = &input->tokens;
    if (tokens->count > 0 && dx_token_sign(input->text, &tokens->items[tokens->count - 1], ';')) {
        input->length = tokens->items[--tokens->count].start;
        ((char *)input->text)[input->length] = '\0';
    }
    if (tokens->count == 0)
        return refuse(ctx, DOXIN_E_SQL_STATEMENT, 0, "write one SELECT", "there is no statement");
    for (int i = 0; i < tokens->count; i++)
        if (dx_token_sign(input->text, &tokens->items[i], ';'))
            return refuse(ctx, DOXIN_E_SQL_STATEMENT, tokens->items[i].start, "write one SELECT",
                          "there is more than one statement");
    return DOXIN_OK;
}

static doxin_status read_tokens(dx_ctx *ctx, dx_sql_input *input)
{
    doxin_status status = dx_tokens_cut(ctx, input->text, input->length, &input->tokens);
    if (status == DOXIN_OK)
        status = end_statement(ctx, input);
    for (int i = 0; status == DOXIN_OK && i < input->tokens.count; i++)
        status = check_token(ctx, input->text, &input->tokens.items[i]);
    if (status == DOXIN_OK)
        status = dx_tokens_check_depth(ctx, input->text, &input->tokens);
    return status;
}

doxin_status dx_sql_input_read(dx_ctx *ctx, const void *data, size_t data_len, bool code_fences, dx_sql_input *out)
{
    const char *text = data;
    size_t length = data_len;
    if (length > 0)
        memset(out, 0, sizeof *out);
    doxin_status status = length ? check_bytes(ctx, text, length)
                                 : refuse(ctx, DOXIN_E_SQL_STATEMENT, 0, "write one SELECT", "there is no statement");
    if (status != DOXIN_OK)
        return status;
    if (code_fences)
        unwrap(&text, &length);
    out->skipped = (size_t)(text - (const char *)data);
    out->length = length;
    out->text = dx_textn(ctx, text, length);
    if (!out->text)
        return DOXIN_E_NOMEM;
    status = read_tokens(ctx, out);
    if (status != DOXIN_OK && ctx->error.offset >= 0)
        ctx->error.offset += (int64_t)out->skipped;
    return status;
}
