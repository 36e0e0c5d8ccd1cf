/* Numbers of company registers and tax offices, where a state has published a check digit. */
#include "base/value/country.h"
#include "base/value/fold.h"

#include <string.h>

static bool all_digits(const char *code)
{
    return code[0] && strspn(code, "0123456789") == strlen(code);
}

/* SIREN: 9 digits, SIRET: that and 5 more; both by Luhn. Places of the
 * post office may have a plain sum that 5 divides instead. */
static dx_verdict check_fr(const char *code)
{
    size_t size = strlen(code);
    int sum = 0;
    if (size != 9 && size != 14)
        return DX_CHECK_FORM;
    if (size == 14 && strncmp(code, "356000000", 9) == 0) {
        for (size_t i = 0; i < size; i++)
            sum += code[i] - '0';
        if (sum % 5 == 0)
            return DX_CHECK_GOOD;
    }
    return dx_luhn_check(code, size);
}

/* Organisationsnummer: 10 digits; a century may stand before it. */
static dx_verdict check_se(const char *code)
{
    size_t size = strlen(code);
    if (size == 12)
        return dx_luhn_check(code + 2, 10);
    return size == 10 ? dx_luhn_check(code, size) : DX_CHECK_FORM;
}

/* ABN: 11 digits, one less in the first, weights 10, 1, 3 … 19, divisible by 89. */
static dx_verdict check_au(const char *code)
{
    static const int weights[] = {10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19};
    int sum = -weights[0];
    if (strlen(code) != 11)
        return DX_CHECK_FORM;
    for (int i = 0; i < 11; i++)
        sum += (code[i] - '0') * weights[i];
    return sum % 89 == 0 ? DX_CHECK_GOOD : DX_CHECK_BAD;
}

/* States whose register number is the VAT identifier without its prefix: the digits that it has. */
static const struct {
    char country[3];
    const char *prefix;
    size_t digits;
} shared[] = {{"BE", "BE", 10}, {"CH", "CHE", 9}, {"DK", "DK", 8}, {"FI", "FI", 8}, {"IT", "IT", 11},
              {"NO", "NO", 9},  {"PL", "PL", 10}, {"PT", "PT", 9}, {"HR", "HR", 11}};

static dx_verdict check_shared(const char *country, const char *code)
{
    char identifier[24], out[24];
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++) {
        if (strcmp(shared[i].country, country) != 0)
            continue;
        size_t prefix = strlen(shared[i].prefix);
        const char *digits = strncmp(code, shared[i].prefix, prefix) == 0 ? code + prefix : code;
        if (strlen(digits) != shared[i].digits || !all_digits(digits))
            return DX_CHECK_FORM;
        memcpy(identifier, shared[i].prefix, prefix);
        memcpy(identifier + prefix, digits, shared[i].digits + 1);
        return dx_vat_check(identifier, prefix + shared[i].digits, out);
    }
    return DX_CHECK_FORM;
}

dx_verdict dx_registration_check(const char *country, const char *text, size_t length)
{
    static const struct {
        char country[3];
        dx_verdict (*check)(const char *code);
    } own[] = {{"FR", check_fr}, {"SE", check_se}, {"AU", check_au}};
    char code[24];
    if (!country || !dx_compact_code(text, length, code, sizeof code))
        return DX_CHECK_FORM;
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (strcmp(own[i].country, country) == 0)
            return all_digits(code) ? own[i].check(code) : DX_CHECK_FORM;
    return check_shared(country, code);
}
