/* Calendar days (proleptic Gregorian). */
#ifndef DX_BASE_VALUE_DATE_H
#define DX_BASE_VALUE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct dx_date {
    int16_t year; /* 0: no date */
    int8_t month; /* 1 … 12 */
    int8_t day;   /* 1 … 31 */
} dx_date;

enum { DX_DATE_TEXT = 12 };

/* A day that exists, between 1900 and 2199. */
bool dx_date_valid(int year, int month, int day);
/* "2026-11-25" only. */
bool dx_date_parse(const char *text, size_t length, dx_date *out);
/* "20261125" only (UN/EDIFACT format 102). */
bool dx_date_parse_102(const char *text, size_t length, dx_date *out);
char *dx_date_text(dx_date date, char *out);
int dx_date_compare(dx_date a, dx_date b);
/* Days since 1970-01-01, and back; a day outside 1900 … 2199 gives no date (year 0). */
int32_t dx_date_days(dx_date date);
dx_date dx_date_from_days(int32_t days);

#endif
