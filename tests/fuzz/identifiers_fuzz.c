/* Any bytes as IBAN, BIC, VAT identifier, GTIN, country: what is good in one form is good in its compact form and stays
 * what it is. */
#include "base/value/country.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 64 };

static void expect(bool good)
{
    if (!good)
        abort();
}

/* The room behind what the header promises stays as it was. */
static void check(dx_verdict (*fn)(const char *text, size_t length, char *out), size_t room, const char *text,
                  size_t size)
{
    char once[ROOM], twice[ROOM];
    memset(once, '~', sizeof once);
    dx_verdict verdict = fn(text, size, once);
    for (size_t i = room; i < ROOM; i++)
        expect(once[i] == '~');
    if (verdict == DX_CHECK_BAD)
        return;
    expect(memchr(once, '\0', room) != NULL && once[0]);
    expect(fn(once, strlen(once), twice) == verdict && strcmp(once, twice) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    check(dx_vat_check, 24, text, size);
    check(dx_iban_check, 35, text, size);
    check(dx_bic_check, 12, text, size);
    if (dx_gtin_check(text, size) == DX_CHECK_GOOD)
        expect(size >= 8);
    (void)dx_luhn_check(text, size);
    const char *code = dx_country_code(text, size);
    if (code) {
        expect(strlen(code) == 2 && dx_country_name(code) != NULL);
        const char *same = dx_country_code(code, 2);
        expect(same && strcmp(same, code) == 0);
        const int *rates = dx_vat_rates(code);
        for (; rates && *rates; rates++)
            expect(*rates > 0 && *rates < 10000);
    }
    return 0;
}
