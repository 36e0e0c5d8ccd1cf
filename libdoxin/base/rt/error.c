#include "base/rt/error.h"

#include <stdio.h>
#include <string.h>

static const dx_error_info table[] = {
    {DOXIN_OK, 200, false, "DOXIN_OK", "success"},
#include "base/rt/error_table.inc"
};

const dx_error_info *dx_error_info_of(doxin_status status)
{
    const dx_error_info *internal = &table[0];
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].status == status)
            return &table[i];
        if (table[i].status == DOXIN_E_INTERNAL)
            internal = &table[i];
    }
    return internal;
}

void dx_error_clear(dx_error *error)
{
    error->status = DOXIN_OK;
    error->message[0] = '\0';
    error->hint[0] = '\0';
    error->offset = -1;
    error->retry_after_s = 0;
    error->field_count = 0;
}

/* A text that was cut in the middle of a UTF-8 character loses that character. */
static void trim_utf8(char *text, size_t length)
{
    size_t start = length;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0)
        return;
    unsigned char lead = (unsigned char)text[start - 1];
    size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (length - (start - 1) < need)
        text[start - 1] = '\0';
}

static void print(char *out, size_t size, const char *format, va_list arguments) __attribute__((format(printf, 3, 0)));
static void print(char *out, size_t size, const char *format, va_list arguments)
{
    int written = vsnprintf(out, size, format, arguments);
    if (written < 0)
        out[0] = '\0';
    else if ((size_t)written >= size)
        trim_utf8(out, size - 1);
    for (char *p = out; *p; p++)
        if ((unsigned char)*p < 0x20)
            *p = ' ';
}

doxin_status dx_error_setv(dx_error *error, doxin_status status, const char *format, va_list arguments)
{
    dx_error_clear(error);
    error->status = status;
    print(error->message, sizeof error->message, format, arguments);
    return status;
}

doxin_status dx_error_set(dx_error *error, doxin_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    dx_error_setv(error, status, format, arguments);
    va_end(arguments);
    return status;
}

void dx_error_hint(dx_error *error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    print(error->hint, sizeof error->hint, format, arguments);
    va_end(arguments);
}

void dx_error_field(dx_error *error, const char *pointer, const char *code, const char *message)
{
    if (error->field_count >= DX_ERROR_FIELDS)
        return;
    dx_field_error *field = &error->fields[error->field_count++];
    snprintf(field->pointer, sizeof field->pointer, "%s", pointer);
    snprintf(field->code, sizeof field->code, "%s", code);
    snprintf(field->message, sizeof field->message, "%s", message);
}
