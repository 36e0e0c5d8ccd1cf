/* Exact decimal numbers: an integer and a count of decimal places. Overflow is refused, never wrapped. */
#ifndef DX_BASE_VALUE_DECIMAL_H
#define DX_BASE_VALUE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* value = units / 10^scale; scale 0 … DX_SCALE_MAX. {0, 0} is zero. */
typedef struct dx_decimal {
    int64_t units;
    int scale;
} dx_decimal;

enum { DX_SCALE_MAX = 12, DX_DECIMAL_TEXT = 40 };

/* "-?digits[.digits]" with a point, as JSON and SQL write it; no spaces, no exponent, no grouping. False: something
 * else, or it does not fit. */
bool dx_decimal_parse(const char *text, size_t length, dx_decimal *out);
/* Writes all decimal places of the scale ("119.00"); out holds DX_DECIMAL_TEXT bytes. Returns out. */
char *dx_decimal_text(dx_decimal value, char *out);
/* At least min_scale places; further ones only where they are not zero ("1.5", min 2 -> "1.50"; "1.23400" -> "1.234"). */
char *dx_decimal_text_min(dx_decimal value, int min_scale, char *out);

int dx_decimal_compare(dx_decimal a, dx_decimal b); /* -1, 0, 1 */
bool dx_decimal_equal(dx_decimal a, dx_decimal b);
int dx_decimal_sign(dx_decimal value);
bool dx_decimal_add(dx_decimal a, dx_decimal b, dx_decimal *out);
bool dx_decimal_sub(dx_decimal a, dx_decimal b, dx_decimal *out);
/* Exact up to DX_SCALE_MAX places, then rounded half away from zero. */
bool dx_decimal_mul(dx_decimal a, dx_decimal b, dx_decimal *out);
/* Rounded half away from zero to `scale` places; false for division by zero. */
bool dx_decimal_div(dx_decimal a, dx_decimal b, int scale, dx_decimal *out);
/* To `scale` places: half away from zero when places are lost, zeros added when they are gained. */
bool dx_decimal_round(dx_decimal value, int scale, dx_decimal *out);
dx_decimal dx_decimal_negate(dx_decimal value);
dx_decimal dx_decimal_abs(dx_decimal value);
dx_decimal dx_decimal_from(int64_t units, int scale);
double dx_decimal_double(dx_decimal value); /* for statistics and features only */

/* What separates digits in a printed number. */
typedef enum dx_number_style {
    DX_NUMBER_UNKNOWN = 0,
    DX_NUMBER_POINT, /* 1,234.56  1 234.56  1'234.56 */
    DX_NUMBER_COMMA  /* 1.234,56  1 234,56 */
} dx_number_style;

/* A number as people print it: groups by comma, point, apostrophe, (no-break, thin) space; Indian groups (12,34,567.89);
 * sign before or after ("-5", "5-", "(5)", U+2212), full-width digits; "1.234,-" and "5.--" for whole amounts. The whole
 * text must be a number; currency signs are for dx_money_scan. With style UNKNOWN an ambiguous text ("1.234") is read
 * with grouping; *ambiguous then says so. */
bool dx_decimal_scan(const char *text, size_t length, dx_number_style style, dx_decimal *out, bool *ambiguous);

#endif
