#include "base/rt/log.h"

#include <stdarg.h>
#include <stdio.h>

void dx_log_write(const dx_log *log, dx_level level, const char *component, const char *fields_json, const char *format,
                  ...)
{
    if (!log || !log->fn || level < log->threshold)
        return;
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    log->fn(log->user_data, level, component, message, fields_json);
}
