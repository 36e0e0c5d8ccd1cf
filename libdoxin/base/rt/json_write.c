#include "base/rt/json_write.h"

#include <math.h>
#include <string.h>

void dx_write_init(dx_writer *writer, dx_buffer *out)
{
    *writer = (dx_writer){.out = out};
}

/* Length of the UTF-8 character at text, 0 when it is none. */
static size_t utf8_length(const unsigned char *text, size_t left)
{
    unsigned char c = text[0];
    size_t need = c < 0x80 ? 1 : c >= 0xC2 && c < 0xE0 ? 2 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xF0 && c < 0xF5 ? 4 : 0;
    if (need == 0 || need > left)
        return 0;
    for (size_t i = 1; i < need; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    if ((c == 0xE0 && text[1] < 0xA0) || (c == 0xED && text[1] > 0x9F) || (c == 0xF0 && text[1] < 0x90) ||
        (c == 0xF4 && text[1] > 0x8F))
        return 0;
    return need;
}

static void escape(dx_buffer *out, unsigned char c)
{
    static const char *const named = "\b\f\n\r\t\"\\";
    static const char *const letters = "bfnrt\"\\";
    const char *at = strchr(named, c);
    if (c && at)
        dx_buffer_printf(out, "\\%c", letters[at - named]);
    else
        dx_buffer_printf(out, "\\u%04x", c);
}

/* Of itself in JSON: ASCII that is neither a control character nor an end of the string. */
static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

static void quoted(dx_buffer *out, const char *text, size_t length)
{
    dx_buffer_char(out, '"');
    size_t plain = 0;
    for (size_t i = 0; i < length;) {
        unsigned char c = (unsigned char)text[i];
        if (is_plain(c)) {
            i++;
            continue;
        }
        size_t width = utf8_length((const unsigned char *)text + i, length - i);
        if (width && c >= 0x20 && c != '"' && c != '\\' && c != 0x7F) {
            i += width;
            continue;
        }
        dx_buffer_add(out, text + plain, i - plain);
        if (width)
            escape(out, c);
        else
            dx_buffer_text(out, "\xEF\xBF\xBD");
        plain = ++i;
    }
    dx_buffer_add(out, text + plain, length - plain);
    dx_buffer_char(out, '"');
}

static void begin(dx_writer *writer, const char *key)
{
    if (writer->comma)
        dx_buffer_char(writer->out, ',');
    if (key) {
        quoted(writer->out, key, strlen(key));
        dx_buffer_char(writer->out, ':');
    }
    writer->comma = true;
}

void dx_write_object(dx_writer *writer, const char *key)
{
    begin(writer, key);
    dx_buffer_char(writer->out, '{');
    writer->comma = false;
}

void dx_write_object_end(dx_writer *writer)
{
    dx_buffer_char(writer->out, '}');
    writer->comma = true;
}

void dx_write_array(dx_writer *writer, const char *key)
{
    begin(writer, key);
    dx_buffer_char(writer->out, '[');
    writer->comma = false;
}

void dx_write_array_end(dx_writer *writer)
{
    dx_buffer_char(writer->out, ']');
    writer->comma = true;
}

void dx_write_stringn(dx_writer *writer, const char *key, const char *text, size_t length)
{
    begin(writer, key);
    quoted(writer->out, text, length);
}

void dx_write_string(dx_writer *writer, const char *key, const char *text)
{
    if (text)
        dx_write_stringn(writer, key, text, strlen(text));
    else
        dx_write_null(writer, key);
}

void dx_write_filled(dx_writer *writer, const char *key, const char *text)
{
    if (text && *text)
        dx_write_string(writer, key, text);
}

/* At least so many digits. */
static void add_digits(dx_buffer *out, uint64_t value, int least)
{
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0 || sizeof digits - at < (size_t)least);
    dx_buffer_add(out, digits + at, sizeof digits - at);
}

void dx_write_integer(dx_writer *writer, const char *key, int64_t value)
{
    begin(writer, key);
    if (value < 0)
        dx_buffer_char(writer->out, '-');
    add_digits(writer->out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 1);
}

void dx_write_bool(dx_writer *writer, const char *key, bool value)
{
    begin(writer, key);
    dx_buffer_text(writer->out, value ? "true" : "false");
}

void dx_write_null(dx_writer *writer, const char *key)
{
    begin(writer, key);
    dx_buffer_text(writer->out, "null");
}

void dx_write_real(dx_writer *writer, const char *key, double value, int digits)
{
    /* Through integers: the result does not depend on the host's locale. */
    static const double scales[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    digits = digits < 0 ? 0 : digits > 6 ? 6 : digits;
    begin(writer, key);
    if (!(fabs(value) < 1e12)) {
        dx_buffer_text(writer->out, "null");
        return;
    }
    uint64_t scaled = (uint64_t)llround(fabs(value) * scales[digits]);
    uint64_t unit = (uint64_t)scales[digits];
    if (value < 0 && scaled != 0)
        dx_buffer_char(writer->out, '-');
    add_digits(writer->out, scaled / unit, 1);
    if (digits > 0) {
        dx_buffer_char(writer->out, '.');
        add_digits(writer->out, scaled % unit, digits);
    }
}

void dx_write_raw(dx_writer *writer, const char *key, const char *json)
{
    begin(writer, key);
    dx_buffer_text(writer->out, json);
}
