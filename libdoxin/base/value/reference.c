/* References of payments that carry check digits. */
#include "base/value/country.h"
#include "base/value/fold.h"

#include <stdint.h>
#include <string.h>

enum { REFERENCE_MOST = 40, QR_DIGITS = 27, BELGIAN_DIGITS = 12, CREDITOR_MOST = 25, OCR_MOST = 25 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ISO 11649: RF, two check digits, up to 21 more; mod 97 as an IBAN's. */
static dx_verdict check_creditor(const char *code)
{
    size_t size = strlen(code);
    int rest = 0;
    if (size < 5 || size > CREDITOR_MOST)
        return DX_CHECK_BAD;
    for (size_t i = 0; i < size; i++) {
        char c = code[(i + 4) % size];
        int value = is_digit(c) ? c - '0' : c - 'A' + 10;
        rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
    }
    return rest == 1 ? DX_CHECK_GOOD : DX_CHECK_BAD;
}

/* Swiss QR reference: modulo 10, recursive (Swiss Implementation Guidelines QR-bill, annex B). */
static dx_verdict check_qr(const char *code)
{
    static const int table[] = {0, 9, 4, 6, 8, 2, 7, 1, 3, 5};
    int carry = 0;
    for (int i = 0; i < QR_DIGITS - 1; i++)
        carry = table[(carry + code[i] - '0') % 10];
    return (10 - carry) % 10 == code[QR_DIGITS - 1] - '0' ? DX_CHECK_GOOD : DX_CHECK_BAD;
}

/* Belgian structured communication: the first ten digits modulo 97, 97 for 0. */
static dx_verdict check_belgian(const char *code)
{
    int64_t value = 0;
    for (int i = 0; i < BELGIAN_DIGITS - 2; i++)
        value = value * 10 + (code[i] - '0');
    int rest = (int)(value % 97);
    int check = (code[10] - '0') * 10 + (code[11] - '0');
    return (rest == 0 ? 97 : rest) == check ? DX_CHECK_GOOD : DX_CHECK_BAD;
}

/* Finnish viitenumero: weights 7, 3, 1 from the right. */
static dx_verdict check_finnish(const char *code)
{
    static const int weights[] = {7, 3, 1};
    size_t size = strlen(code) - 1;
    int sum = 0;
    for (size_t i = 0; i < size; i++)
        sum += (code[size - 1 - i] - '0') * weights[i % 3];
    return (10 - sum % 10) % 10 == code[size] - '0' ? DX_CHECK_GOOD : DX_CHECK_BAD;
}

/* Between "+++" or "***" stands a Belgian one; the marks are no part of the code. */
static bool strip_marks(const char **text, size_t *length)
{
    const char *p = *text;
    if (*length < 6 || (strncmp(p, "+++", 3) != 0 && strncmp(p, "***", 3) != 0) || strncmp(p + *length - 3, p, 3) != 0)
        return false;
    *text += 3;
    *length -= 6;
    return true;
}

dx_verdict dx_reference_check(const char *country, const char *text, size_t length, const char **name)
{
    char code[REFERENCE_MOST];
    *name = "payment reference";
    bool marked = strip_marks(&text, &length);
    if (!dx_compact_code(text, length, code, sizeof code))
        return DX_CHECK_FORM;
    size_t size = strlen(code);
    bool digits = strspn(code, "0123456789") == size;
    if (marked && digits && size == BELGIAN_DIGITS) {
        *name = "Belgian structured communication";
        return check_belgian(code);
    }
    if (size > 4 && code[0] == 'R' && code[1] == 'F' && is_digit(code[2]) && is_digit(code[3])) {
        *name = "creditor reference (ISO 11649)";
        return check_creditor(code);
    }
    if (digits && size == QR_DIGITS) {
        *name = "Swiss QR reference";
        return check_qr(code);
    }
    if (country && digits && strcmp(country, "FI") == 0 && size >= 4 && size <= 20) {
        *name = "Finnish reference number";
        return check_finnish(code);
    }
    if (country && digits && strcmp(country, "SE") == 0 && size >= 4 && size <= OCR_MOST) {
        *name = "Swedish OCR number";
        /* Banks also take numbers without a check digit: only a right one says something. */
        return dx_luhn_check(code, size) == DX_CHECK_GOOD ? DX_CHECK_GOOD : DX_CHECK_FORM;
    }
    return DX_CHECK_FORM;
}
