#include "base/value/decimal.h"

#include <math.h>
#include <string.h>

__extension__ typedef __int128 wide;

static const int64_t powers[] = {1,        10,        100,        1000,        10000,        100000,       1000000,
                                 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000};

static bool fits(wide value)
{
    return value <= INT64_MAX && value >= -(wide)INT64_MAX;
}

/* Half away from zero. */
static wide divide_rounded(wide value, wide divisor)
{
    wide quotient = value / divisor;
    wide rest = value % divisor;
    wide above = rest < 0 ? -rest : rest;
    wide size = divisor < 0 ? -divisor : divisor;
    if (above >= size - above)
        quotient += (value < 0) == (divisor < 0) ? 1 : -1;
    return quotient;
}

static bool store(wide units, int scale, dx_decimal *out)
{
    while (scale > DX_SCALE_MAX) {
        int drop = scale - DX_SCALE_MAX > DX_SCALE_MAX ? DX_SCALE_MAX : scale - DX_SCALE_MAX;
        units = divide_rounded(units, powers[drop]);
        scale -= drop;
    }
    /* Zeros at the end cost digits without meaning: they go before a value is refused. */
    while (!fits(units) && scale > 0 && units % 10 == 0) {
        units /= 10;
        scale--;
    }
    if (!fits(units))
        return false;
    *out = (dx_decimal){(int64_t)units, scale};
    return true;
}

bool dx_decimal_parse(const char *text, size_t length, dx_decimal *out)
{
    size_t at = 0;
    bool negative = length > 0 && text[0] == '-';
    wide units = 0;
    int scale = 0;
    size_t digits = 0;
    bool point = false;
    for (at = negative; at < length; at++) {
        char c = text[at];
        if (c == '.' && !point && digits > 0) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9')
            return false;
        digits++;
        if (point && scale == DX_SCALE_MAX) {
            if (c != '0')
                return false;
            continue;
        }
        units = units * 10 + (c - '0');
        if (point)
            scale++;
        if (!fits(units))
            return false;
    }
    if (digits == 0 || text[length - 1] == '.')
        return false;
    *out = (dx_decimal){negative ? -(int64_t)units : (int64_t)units, scale};
    return true;
}

char *dx_decimal_text(dx_decimal value, char *out)
{
    uint64_t units = value.units < 0 ? 0 - (uint64_t)value.units : (uint64_t)value.units;
    char digits[DX_DECIMAL_TEXT];
    int at = DX_DECIMAL_TEXT;
    digits[--at] = '\0';
    for (int place = 0; place <= value.scale || units > 0; place++) {
        if (place > 0 && place == value.scale)
            digits[--at] = '.';
        digits[--at] = (char)('0' + units % 10);
        units /= 10;
    }
    if (value.units < 0)
        digits[--at] = '-';
    memcpy(out, digits + at, (size_t)(DX_DECIMAL_TEXT - at));
    return out;
}

char *dx_decimal_text_min(dx_decimal value, int min_scale, char *out)
{
    while (value.scale > min_scale && value.units % 10 == 0) {
        value.units /= 10;
        value.scale--;
    }
    dx_decimal_text(value, out);
    if (value.scale < min_scale) {
        size_t used = strlen(out);
        if (value.scale == 0)
            out[used++] = '.';
        for (int i = value.scale; i < min_scale && used + 1 < DX_DECIMAL_TEXT; i++)
            out[used++] = '0';
        out[used] = '\0';
    }
    return out;
}

static void align(dx_decimal a, dx_decimal b, wide *x, wide *y, int *scale)
{
    *scale = a.scale > b.scale ? a.scale : b.scale;
    *x = (wide)a.units * powers[*scale - a.scale];
    *y = (wide)b.units * powers[*scale - b.scale];
}

int dx_decimal_compare(dx_decimal a, dx_decimal b)
{
    wide x, y;
    int scale;
    align(a, b, &x, &y, &scale);
    return x < y ? -1 : x > y;
}

bool dx_decimal_equal(dx_decimal a, dx_decimal b)
{
    return dx_decimal_compare(a, b) == 0;
}

int dx_decimal_sign(dx_decimal value)
{
    return value.units < 0 ? -1 : value.units > 0;
}

bool dx_decimal_add(dx_decimal a, dx_decimal b, dx_decimal *out)
{
    wide x, y;
    int scale;
    align(a, b, &x, &y, &scale);
    return store(x + y, scale, out);
}

bool dx_decimal_sub(dx_decimal a, dx_decimal b, dx_decimal *out)
{
    return dx_decimal_add(a, dx_decimal_negate(b), out);
}

bool dx_decimal_mul(dx_decimal a, dx_decimal b, dx_decimal *out)
{
    return store((wide)a.units * b.units, a.scale + b.scale, out);
}

bool dx_decimal_div(dx_decimal a, dx_decimal b, int scale, dx_decimal *out)
{
    if (b.units == 0 || scale < 0 || scale > DX_SCALE_MAX)
        return false;
    /* a / b = (a.units / b.units) * 10^(b.scale - a.scale), wanted times 10^scale */
    int shift = scale + b.scale - a.scale;
    wide numerator = a.units;
    wide divisor = b.units;
    for (; shift > 0; shift--)
        if (__builtin_mul_overflow(numerator, (wide)10, &numerator))
            return false;
    for (; shift < 0; shift++)
        if (__builtin_mul_overflow(divisor, (wide)10, &divisor))
            return false;
    wide quotient = divide_rounded(numerator, divisor);
    if (!fits(quotient))
        return false;
    *out = (dx_decimal){(int64_t)quotient, scale};
    return true;
}

bool dx_decimal_round(dx_decimal value, int scale, dx_decimal *out)
{
    if (scale < 0 || scale > DX_SCALE_MAX)
        return false;
    wide units = scale >= value.scale ? (wide)value.units * powers[scale - value.scale]
                                      : divide_rounded(value.units, powers[value.scale - scale]);
    if (!fits(units))
        return false;
    *out = (dx_decimal){(int64_t)units, scale};
    return true;
}

dx_decimal dx_decimal_negate(dx_decimal value)
{
    return (dx_decimal){-value.units, value.scale};
}

dx_decimal dx_decimal_abs(dx_decimal value)
{
    return value.units < 0 ? dx_decimal_negate(value) : value;
}

dx_decimal dx_decimal_from(int64_t units, int scale)
{
    return (dx_decimal){units, scale};
}

double dx_decimal_double(dx_decimal value)
{
    return (double)value.units / pow(10, value.scale);
}
