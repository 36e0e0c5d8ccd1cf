/* VAT identifiers: forms as the European Commission's VIES lists them, check digits where the state has published the
 * rule. */
#include <stdlib.h>
#include <string.h>

#include "base/value/country.h"
#include "base/value/fold.h"

/* '9' a digit, 'A' a letter, '*' either, '?' the character may be missing (at the end only); several forms by "|". */
typedef struct vat_row {
    const char *prefix;
    const char *forms;
    dx_verdict (*check)(const char *body); /* NULL: no rule is applied */
} vat_row;

static int digit(const char *text, int at)
{
    return text[at] - '0';
}

static int weighted(const char *text, const int *weights, int count)
{
    int sum = 0;
    for (int i = 0; i < count; i++)
        sum += digit(text, i) * weights[i];
    return sum;
}

static dx_verdict verdict(bool good)
{
    return good ? DX_CHECK_GOOD : DX_CHECK_BAD;
}

/* ISO 7064 MOD 11,10. */
static bool mod_11_10(const char *text, int count)
{
    int product = 10;
    for (int i = 0; i < count - 1; i++) {
        int sum = (digit(text, i) + product) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    int check = 11 - product;
    return (check == 10 ? 0 : check) == digit(text, count - 1);
}

static dx_verdict check_de(const char *body)
{
    return verdict(mod_11_10(body, 9));
}

static dx_verdict check_hr(const char *body)
{
    return verdict(mod_11_10(body, 11));
}

static dx_verdict check_at(const char *body)
{
    int sum = 0;
    for (int i = 1; i < 8; i++) {
        int value = digit(body, i) * (i % 2 ? 1 : 2);
        sum += value / 10 + value % 10;
    }
    return verdict((10 - (sum + 4) % 10) % 10 == digit(body, 8));
}

static dx_verdict check_be(const char *body)
{
    long value = strtol(body, NULL, 10);
    return verdict(97 - (value / 100) % 97 == value % 100);
}

static dx_verdict check_dk(const char *body)
{
    static const int weights[] = {2, 7, 6, 5, 4, 3, 2, 1};
    return verdict(weighted(body, weights, 8) % 11 == 0);
}

static dx_verdict check_fi(const char *body)
{
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2};
    int rest = weighted(body, weights, 7) % 11;
    return verdict(rest != 1 && (rest == 0 ? 0 : 11 - rest) == digit(body, 7));
}

static dx_verdict check_fr(const char *body)
{
    if (body[0] < '0' || body[0] > '9' || body[1] < '0' || body[1] > '9')
        return DX_CHECK_FORM;
    long siren = strtol(body + 2, NULL, 10);
    long key = digit(body, 0) * 10 + digit(body, 1);
    return verdict((12 + 3 * (siren % 97)) % 97 == key);
}

static dx_verdict check_it(const char *body)
{
    return dx_luhn_check(body, 11);
}

static dx_verdict check_lu(const char *body)
{
    long value = strtol(body, NULL, 10);
    return verdict(value / 100 % 89 == value % 100);
}

/* The old form rests on the 11-test, the form since 2020 on MOD 97-10 with the letters. */
static dx_verdict check_nl(const char *body)
{
    static const int weights[] = {9, 8, 7, 6, 5, 4, 3, 2};
    int rest = weighted(body, weights, 8) % 11;
    if (rest < 10 && rest == digit(body, 8))
        return DX_CHECK_GOOD;
    int mod = 2321; /* N = 23, L = 21 */
    for (const char *p = body; *p; p++) {
        int value = *p >= 'A' ? *p - 'A' + 10 : *p - '0';
        mod = (mod * (value > 9 ? 100 : 10) + value) % 97;
    }
    return verdict(mod == 1);
}

static dx_verdict check_pl(const char *body)
{
    static const int weights[] = {6, 5, 7, 2, 3, 4, 5, 6, 7};
    return verdict(weighted(body, weights, 9) % 11 == digit(body, 9));
}

static dx_verdict check_pt(const char *body)
{
    static const int weights[] = {9, 8, 7, 6, 5, 4, 3, 2};
    int check = 11 - weighted(body, weights, 8) % 11;
    return verdict((check > 9 ? 0 : check) == digit(body, 8));
}

static dx_verdict check_se(const char *body)
{
    return dx_luhn_check(body, 10);
}

static dx_verdict check_si(const char *body)
{
    static const int weights[] = {8, 7, 6, 5, 4, 3, 2};
    int check = 11 - weighted(body, weights, 7) % 11;
    return verdict(check != 11 && (check == 10 ? 0 : check) == digit(body, 7));
}

static dx_verdict check_ch(const char *body)
{
    static const int weights[] = {5, 4, 3, 2, 7, 6, 5, 4};
    int check = 11 - weighted(body, weights, 8) % 11;
    return verdict(check != 10 && (check == 11 ? 0 : check) == digit(body, 8));
}

static dx_verdict check_no(const char *body)
{
    static const int weights[] = {3, 2, 7, 6, 5, 4, 3, 2};
    int check = 11 - weighted(body, weights, 8) % 11;
    return verdict(check != 10 && (check == 11 ? 0 : check) == digit(body, 8));
}

static dx_verdict check_gb(const char *body)
{
    static const int weights[] = {8, 7, 6, 5, 4, 3, 2};
    if (body[0] == 'G' || body[0] == 'H')
        return DX_CHECK_FORM;
    int sum = weighted(body, weights, 7) + digit(body, 7) * 10 + digit(body, 8);
    return verdict(sum % 97 == 0 || (sum + 55) % 97 == 0);
}

static const vat_row rows[] = {
    {"ATU", "99999999", NULL},
    {"BE", "9999999999", check_be},
    {"BG", "9999999999|999999999", NULL},
    {"CHE", "999999999MWST|999999999TVA|999999999IVA|999999999", check_ch},
    {"CY", "99999999A", NULL},
    {"CZ", "9999999999|999999999|99999999", NULL},
    {"DE", "999999999", check_de},
    {"DK", "99999999", check_dk},
    {"EE", "999999999", NULL},
    {"EL", "999999999", NULL},
    {"ES", "*9999999*", NULL},
    {"FI", "99999999", check_fi},
    {"FR", "**999999999", check_fr},
    {"GB", "999999999999|999999999|GD999|HA999", check_gb},
    {"XI", "999999999999|999999999|GD999|HA999", check_gb},
    {"HR", "99999999999", check_hr},
    {"HU", "99999999", NULL},
    {"IE", "9999999AA|9999999A|9*99999A", NULL},
    {"IT", "99999999999", check_it},
    {"LT", "999999999999|999999999", NULL},
    {"LU", "99999999", check_lu},
    {"LV", "99999999999", NULL},
    {"MT", "99999999", NULL},
    {"NL", "999999999B99", check_nl},
    {"NO", "999999999MVA|999999999", check_no},
    {"PL", "9999999999", check_pl},
    {"PT", "999999999", check_pt},
    {"RO", "9999999999|999999999|99999999|9999999|999999|99999|9999|999|99", NULL},
    {"SE", "999999999901|999999999999", check_se},
    {"SI", "99999999", check_si},
    {"SK", "9999999999", NULL},
};

static bool fits(const char *form, size_t size, const char *body)
{
    if (strlen(body) != size)
        return false;
    for (size_t i = 0; i < size; i++) {
        char c = body[i];
        bool is_digit = c >= '0' && c <= '9';
        bool is_letter = c >= 'A' && c <= 'Z';
        char want = form[i];
        bool good = want == '9' ? is_digit : want == '*' ? is_digit || is_letter : want == 'A' ? is_letter : c == want;
        if (!good)
            return false;
    }
    return true;
}

static bool fits_any(const char *forms, const char *body)
{
    for (const char *p = forms; *p;) {
        size_t size = strcspn(p, "|");
        if (fits(p, size, body))
            return true;
        p += size + (p[size] == '|');
    }
    return false;
}

dx_verdict dx_vat_check(const char *text, size_t length, char *out)
{
    char code[24];
    if (!dx_compact_code(text, length, code, sizeof code))
        return DX_CHECK_BAD;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t prefix = strlen(rows[i].prefix);
        if (strncmp(code, rows[i].prefix, prefix) != 0 || !fits_any(rows[i].forms, code + prefix))
            continue;
        dx_verdict found = rows[i].check ? rows[i].check(code + prefix) : DX_CHECK_FORM;
        if (strcmp(rows[i].prefix, "ATU") == 0)
            found = check_at(code + 2);
        memcpy(out, code, strlen(code) + 1);
        return found;
    }
    return DX_CHECK_BAD;
}
