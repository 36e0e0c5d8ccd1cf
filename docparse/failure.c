#include "failure.h"

#include <stdarg.h>
#include <stdio.h>

enum dx_packet_status dp_fail(dp_failure *failure, enum dx_packet_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    failure->status = status;
    vsnprintf(failure->text, sizeof failure->text, format, arguments);
    va_end(arguments);
    return status;
}
