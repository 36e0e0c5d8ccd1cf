#include "cmd/sql_line.h"

#include "base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct reader {
    const char *at;
    const char *end;
} reader;

static void skip_blank(reader *in)
{
    while (in->at < in->end && strchr(" \t\r\n", *in->at))
        in->at++;
}

static bool take(reader *in, char c)
{
    skip_blank(in);
    if (in->at >= in->end || *in->at != c)
        return false;
    in->at++;
    return true;
}

/* ---- texts --------------------------------------------------------------------------------------------------------------------- */

static bool read_unit(reader *in, unsigned *out)
{
    if (in->end - in->at < 4)
        return false;
    int high = text_hex_byte(in->at), low = text_hex_byte(in->at + 2);
    in->at += 4;
    *out = (unsigned)(high << 8 | low);
    return high >= 0 && low >= 0;
}

static void put_character(text *out, unsigned c)
{
    char bytes[4];
    size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = size; i-- > 1; c >>= 6)
        bytes[i] = (char)(0x80 | (c & 0x3F));
    bytes[0] = (char)(first[size] | c);
    text_add(out, bytes, size);
}

static bool read_escape(reader *in, text *out)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    unsigned c, low;
    char name = in->at < in->end ? *in->at++ : '\0';
    const char *found = name ? strchr(names, name) : NULL;
    if (found) {
        text_add(out, &values[found - names], 1);
        return true;
    }
    if (name != 'u' || !read_unit(in, &c))
        return false;
    if (c >= 0xD800 && c < 0xDC00 && in->end - in->at >= 6 && in->at[0] == '\\' && in->at[1] == 'u') {
        reader ahead = {in->at + 2, in->end};
        if (read_unit(&ahead, &low) && low >= 0xDC00 && low < 0xE000) {
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            *in = ahead;
        }
    }
    put_character(out, c);
    return true;
}

static bool read_text(reader *in, text *out)
{
    if (!take(in, '"'))
        return false;
    while (in->at < in->end && *in->at != '"') {
        char c = *in->at++;
        if (c != '\\')
            text_add(out, &c, 1);
        else if (!read_escape(in, out))
            return false;
    }
    return in->at < in->end && *in->at++ == '"';
}

/* A text, number or word: *start to in->at. Arrays and objects are not for these lines. */
static bool read_scalar(reader *in, const char **start, text *out)
{
    skip_blank(in);
    *start = in->at;
    if (in->at < in->end && *in->at == '"')
        return read_text(in, out);
    while (in->at < in->end && !strchr(",} \t\r\n[{\"", *in->at))
        in->at++;
    return in->at > *start;
}

/* ---- base64 -------------------------------------------------------------------------------------------------------------------- */

static bool decode(const text *from, text *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0;
    int count = 0;
    size_t size = from->len;
    while (size > 0 && from->data[size - 1] == '=')
        size--;
    for (size_t i = 0; i < size; i++) {
        const char *found = from->data[i] ? strchr(digits, from->data[i]) : NULL;
        if (!found)
            return false;
        bits = bits << 6 | (unsigned)(found - digits);
        count += 6;
        if (count >= 8) {
            count -= 8;
            char byte = (char)(bits >> count & 0xFF);
            text_add(out, &byte, 1);
        }
    }
    return count < 6;
}

/* ---- the line ------------------------------------------------------------------------------------------------------------------- */

typedef struct members {
    text sql;
    text base64;
    bool has_sql;
    bool has_base64;
} members;

static bool read_member(sql_line *out, reader *in, members *found)
{
    text key = {0}, other = {0};
    const char *start = NULL;
    bool good = read_text(in, &key) && take(in, ':') && !key.failed && key.data;
    bool is_sql = good && strcmp(key.data, "sql") == 0, is_base64 = good && strcmp(key.data, "sql_b64") == 0;
    bool is_id = good && strcmp(key.data, "id") == 0;
    good = good && read_scalar(in, &start, is_sql ? &found->sql : is_base64 ? &found->base64 : &other);
    bool quoted = good && *start == '"';
    found->has_sql = found->has_sql || (is_sql && quoted);
    found->has_base64 = found->has_base64 || (is_base64 && quoted);
    if (good && is_id && !out->id)
        out->id = strndup(start, (size_t)(in->at - start));
    text_free(&key);
    text_free(&other);
    return good;
}

static const char *read_members(sql_line *out, reader *in, members *found)
{
    text decoded = {0};
    bool good = take(in, '{') && read_member(out, in, found);
    while (good && take(in, ','))
        good = read_member(out, in, found);
    good = good && take(in, '}');
    skip_blank(in);
    if (!good || in->at != in->end)
        return "the line is no JSON object of texts";
    if (!found->has_sql && !found->has_base64)
        return "the line has neither sql nor sql_b64";
    if (found->has_base64 && !decode(&found->base64, &decoded)) {
        text_free(&decoded);
        return "sql_b64 is not base64";
    }
    text *from = found->has_base64 ? &decoded : &found->sql;
    out->sql_size = from->len;
    bool failed = from->failed;
    out->sql = from->len ? text_take(from) : calloc(1, 1);
    text_free(&decoded);
    return failed || !out->sql ? "there is no memory" : NULL;
}

const char *sql_line_read(sql_line *out, const char *data, size_t size)
{
    reader in = {data, data + size};
    members found = {.has_sql = false};
    *out = (sql_line){.id = NULL};
    const char *problem = read_members(out, &in, &found);
    text_free(&found.sql);
    text_free(&found.base64);
    return problem;
}

void sql_line_free(sql_line *line)
{
    free(line->id);
    free(line->sql);
    *line = (sql_line){.id = NULL};
}
