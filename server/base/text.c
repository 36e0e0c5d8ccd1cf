#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_free(text *out)
{
    free(out->data);
    *out = (text){0};
}

static bool reserve(text *out, size_t length)
{
    if (out->failed)
        return false;
    if (out->data && out->cap - out->len > length)
        return true;
    size_t cap = out->cap ? out->cap * 2 : 256;
    while (cap - out->len <= length)
        cap *= 2;
    char *grown = realloc(out->data, cap);
    if (!grown) {
        out->failed = true;
        return false;
    }
    out->data = grown;
    out->cap = cap;
    return true;
}

void text_add(text *out, const void *data, size_t length)
{
    if (!reserve(out, length))
        return;
    if (length)
        memcpy(out->data + out->len, data, length);
    out->len += length;
    out->data[out->len] = '\0';
}

void text_put(text *out, const char *string)
{
    text_add(out, string, strlen(string));
}

void text_format(text *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        out->failed = true;
    else if (reserve(out, (size_t)length + 1)) {
        vsnprintf(out->data + out->len, (size_t)length + 1, format, again);
        out->len += (size_t)length;
    }
    va_end(again);
}

static size_t utf8_length(const unsigned char *p, size_t left)
{
    size_t need = p[0] < 0x80                   ? 1
                  : p[0] >= 0xC2 && p[0] < 0xE0 ? 2
                  : p[0] >= 0xE0 && p[0] < 0xF0 ? 3
                  : p[0] >= 0xF0 && p[0] < 0xF5 ? 4
                                                : 0;
    if (need == 0 || need > left)
        return 0;
    for (size_t i = 1; i < need; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xF0 && p[1] < 0x90);
    bool outside = (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF4 && p[1] > 0x8F);
    return overlong || outside ? 0 : need;
}

void text_json_n(text *out, const char *string, size_t length)
{
    text_add(out, "\"", 1);
    for (size_t i = 0; i < length;) {
        const unsigned char *p = (const unsigned char *)string + i;
        size_t width = utf8_length(p, length - i);
        if (width == 0)
            text_put(out, "\xEF\xBF\xBD");
        else if (*p == '"' || *p == '\\')
            text_format(out, "\\%c", *p);
        else if (*p < 0x20)
            text_format(out, "\\u%04x", *p);
        else
            text_add(out, p, width);
        i += width ? width : 1;
    }
    text_add(out, "\"", 1);
}

void text_json(text *out, const char *string)
{
    if (string)
        text_json_n(out, string, strlen(string));
    else
        text_put(out, "null");
}

void text_member(text *out, const char *key, const char *value)
{
    text_json(out, key);
    text_put(out, ":");
    text_json(out, value);
    text_put(out, ",");
}

void text_trim(text *out)
{
    if (out->len > 0 && out->data[out->len - 1] == ',')
        out->data[--out->len] = '\0';
}

char *text_take(text *out)
{
    if (!out->failed && !out->data)
        text_add(out, "", 0);
    char *data = out->failed ? NULL : out->data;
    if (out->failed)
        free(out->data);
    *out = (text){0};
    return data;
}

static int hex_digit(char digit)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *at = digit ? strchr(digits, digit) : NULL;
    if (!at)
        return -1;
    int value = (int)(at - digits);
    return value < 16 ? value : value - 6;
}

int text_hex_byte(const char *digits)
{
    int high = hex_digit(digits[0]);
    int low = high < 0 ? -1 : hex_digit(digits[1]);
    return low < 0 ? -1 : high * 16 + low;
}
