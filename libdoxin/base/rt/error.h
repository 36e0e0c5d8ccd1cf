/* What went wrong: a status and the words for it, without allocation. */
#ifndef DX_BASE_RT_ERROR_H
#define DX_BASE_RT_ERROR_H

#include "doxin/errors.h"
#include "doxin/types.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

enum { DX_ERROR_FIELDS = 8 };

/* One wrong member of a request: RFC 6901 pointer, stable code, words. */
typedef struct dx_field_error {
    char pointer[128];
    char code[48];
    char message[192];
} dx_field_error;

typedef struct dx_error {
    doxin_status status; /* DOXIN_OK: nothing went wrong */
    char message[512];   /* one line, impersonal, says what to do where that is known */
    char hint[256];      /* may be empty */
    int64_t offset;      /* byte offset into the input, or -1 */
    int retry_after_s;   /* 0: not known */
    int field_count;     /* wrong members of a request, as far as they fit */
    dx_field_error fields[DX_ERROR_FIELDS];
} dx_error;

/* A row of the table in error_table.inc. */
typedef struct dx_error_info {
    doxin_status status;
    int http_status;
    bool retryable;
    const char *name;
    const char *text;
} dx_error_info;

/* The row of a status; that of DOXIN_E_INTERNAL for an unknown one. Never NULL. */
const dx_error_info *dx_error_info_of(doxin_status status);

void dx_error_clear(dx_error *error);

/* Sets status and message; returns status, so that a function can end with it. UTF-8 is cut at a character's start. */
doxin_status dx_error_setv(dx_error *error, doxin_status status, const char *format, va_list arguments)
    __attribute__((format(printf, 3, 0)));
doxin_status dx_error_set(dx_error *error, doxin_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void dx_error_hint(dx_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
void dx_error_field(dx_error *error, const char *pointer, const char *code, const char *message);

#endif
