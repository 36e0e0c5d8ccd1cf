#include "base/value/unit.h"

#include "base/value/fold.h"

#include <string.h>

static const struct {
    const char *code;
    const char *name;
    const char *words;
} units[] = {
#define X(code, name, words) {code, name, words},
#include "base/value/unit_table.inc"
#undef X
};
enum { UNITS = sizeof units / sizeof units[0] };

const char *dx_unit_code(const char *text, size_t length)
{
    for (size_t i = 0; i < UNITS; i++)
        if (strlen(units[i].code) == length && memcmp(units[i].code, text, length) == 0)
            return units[i].code;
    for (size_t i = 0; i < UNITS; i++)
        if (dx_name_among(units[i].words, text, length))
            return units[i].code;
    return NULL;
}

const char *dx_unit_name(const char *code)
{
    for (size_t i = 0; code && i < UNITS; i++)
        if (strcmp(units[i].code, code) == 0)
            return units[i].name;
    return NULL;
}
