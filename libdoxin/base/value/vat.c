/* VAT identifiers: forms as the European Commission's VIES lists them, check digits where the state has published the
 * rule. */
#include "base/value/country.h"
#include "base/value/fold.h"

#include <stdint.h>
#include <string.h>

/* '9' a digit, 'n' one but 0, 'b' 0 or 1, '@' a letter, '*' letter or digit, others themselves; several forms are
 * separated by "|". */
typedef struct vat_row {
    const char *prefix;
    const char *forms;
    dx_verdict (*check)(const char *body); /* what follows the prefix */
} vat_row;

static int digit(const char *text, int at)
{
    return text[at] - '0';
}

/* The number that the digits spell, up to the first other character. */
static int64_t number(const char *text)
{
    int64_t value = 0;
    for (; *text >= '0' && *text <= '9'; text++)
        value = value * 10 + (*text - '0');
    return value;
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
    int64_t value = number(body);
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

/* Two digits of a key over the company number; where they are letters, the number's own Luhn digit is left (Monaco's
 * begin with 000 and have none). */
static dx_verdict check_fr(const char *body)
{
    if (body[0] < '0' || body[0] > '9' || body[1] < '0' || body[1] > '9') {
        bool good = strncmp(body + 2, "000", 3) == 0 || dx_luhn_check(body + 2, 9) == DX_CHECK_GOOD;
        return good ? DX_CHECK_FORM : DX_CHECK_BAD;
    }
    int key = digit(body, 0) * 10 + digit(body, 1);
    return verdict((12 + 3 * (number(body + 2) % 97)) % 97 == key);
}

static dx_verdict check_it(const char *body)
{
    return dx_luhn_check(body, 11);
}

static dx_verdict check_lu(const char *body)
{
    int64_t value = number(body);
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

/* Legal persons; those of natural persons hold a birth date and have rules of their own. */
static dx_verdict check_bg(const char *body)
{
    static const int weights[] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const int again[] = {3, 4, 5, 6, 7, 8, 9, 10};
    if (strlen(body) != 9)
        return DX_CHECK_FORM;
    int rest = weighted(body, weights, 8) % 11;
    if (rest == 10)
        rest = weighted(body, again, 8) % 11 % 10;
    return verdict(rest == digit(body, 8));
}

static dx_verdict check_cy(const char *body)
{
    static const int odd[] = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21};
    int sum = 0;
    for (int i = 0; i < 8; i++)
        sum += i % 2 ? digit(body, i) : odd[digit(body, i)];
    return verdict('A' + sum % 26 == body[8]);
}

static dx_verdict check_cz(const char *body)
{
    static const int weights[] = {8, 7, 6, 5, 4, 3, 2};
    if (strlen(body) != 8)
        return DX_CHECK_FORM;
    int check = (11 - weighted(body, weights, 7) % 11) % 11;
    return verdict((check == 0 ? 1 : check % 10) == digit(body, 7));
}

static dx_verdict check_ee(const char *body)
{
    static const int weights[] = {3, 7, 1, 3, 7, 1, 3, 7, 1};
    return verdict(weighted(body, weights, 9) % 10 == 0);
}

static dx_verdict check_el(const char *body)
{
    static const int weights[] = {256, 128, 64, 32, 16, 8, 4, 2};
    return verdict(weighted(body, weights, 8) % 11 % 10 == digit(body, 8));
}

/* Natural persons have the letter of the number modulo 23, foreigners X, Y or Z for a leading 0, 1 or 2; companies a
 * Luhn digit or the letter that stands for it. */
static dx_verdict check_es(const char *body)
{
    static const char letters[] = "TRWAGMYFPDXBNJZSQVHLCKE";
    static const char companies[] = "JABCDEFGHI";
    char first = body[0];
    char last = body[8];
    if (first >= '0' && first <= '9')
        return verdict(last == letters[number(body) % 23]);
    if (first >= 'X' && first <= 'Z')
        return verdict(last == letters[((first - 'X') * 10000000 + number(body + 1)) % 23]);
    if (first >= 'K' && first <= 'M')
        return verdict(last == letters[number(body + 1) % 23]);
    if (!strchr("ABCDEFGHJNPQRSUVW", first))
        return DX_CHECK_BAD;
    int sum = 0;
    for (int i = 1; i < 8; i++) {
        int value = digit(body, i) * (i % 2 ? 2 : 1);
        sum += value / 10 + value % 10;
    }
    int check = (10 - sum % 10) % 10;
    return verdict(last == '0' + check || last == companies[check]);
}

static dx_verdict check_hu(const char *body)
{
    static const int weights[] = {9, 7, 3, 1, 9, 7, 3, 1};
    return verdict(weighted(body, weights, 8) % 10 == 0);
}

/* Seven digits and a letter, since 2013 with one more behind it that counts nine times; the form before 1988 has its
 * first digit moved to the end. */
static dx_verdict check_ie(const char *body)
{
    static const int weights[] = {8, 7, 6, 5, 4, 3, 2};
    static const char letters[] = "WABCDEFGHIJKLMNOPQRSTUV";
    char digits[] = {'0', body[2], body[3], body[4], body[5], body[6], body[0]};
    bool old = body[1] < '0' || body[1] > '9';
    int more = 0;
    if (!old && body[8]) {
        const char *letter = strchr(letters, body[8]);
        if (!letter)
            return DX_CHECK_BAD;
        more = 9 * (int)(letter - letters);
    }
    return verdict(letters[(weighted(old ? digits : body, weights, 7) + more) % 23] == body[7]);
}

/* The same rule over 8 and 11 digits: weights 1 … 9 again and again, from 3 where the rest would be 10. */
static dx_verdict check_lt(const char *body)
{
    int size = (int)strlen(body) - 1;
    int first = 0;
    int second = 0;
    for (int i = 0; i < size; i++) {
        first += digit(body, i) * (1 + i % 9);
        second += digit(body, i) * (1 + (i + 2) % 9);
    }
    int rest = first % 11 == 10 ? second % 11 % 10 : first % 11;
    return verdict(rest == digit(body, size));
}

static dx_verdict check_lv(const char *body)
{
    static const int weights[] = {9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1};
    if (body[0] < '4')
        return DX_CHECK_FORM; /* a natural person */
    return verdict(weighted(body, weights, 11) % 11 == 3);
}

static dx_verdict check_mt(const char *body)
{
    static const int weights[] = {3, 4, 6, 7, 8, 9, 10, 1};
    return verdict(weighted(body, weights, 8) % 37 == 0);
}

static dx_verdict check_ro(const char *body)
{
    static const int weights[] = {7, 5, 3, 2, 1, 7, 5, 3, 2};
    int size = (int)strlen(body) - 1;
    return verdict(weighted(body, weights + 9 - size, size) * 10 % 11 % 10 == digit(body, size));
}

static dx_verdict check_sk(const char *body)
{
    return verdict(number(body) % 11 == 0);
}

static const vat_row rows[] = {
    {"AT", "U99999999", check_at},
    {"BE", "b999999999", check_be},
    {"BG", "9999999999|999999999", check_bg},
    {"CHE", "999999999MWST|999999999TVA|999999999IVA|999999999", check_ch},
    {"CY", "99999999@", check_cy},
    {"CZ", "9999999999|999999999|99999999", check_cz},
    {"DE", "n99999999", check_de},
    {"DK", "n9999999", check_dk},
    {"EE", "999999999", check_ee},
    {"EL", "999999999", check_el},
    {"ES", "*9999999*", check_es},
    {"FI", "99999999", check_fi},
    {"FR", "**999999999", check_fr},
    {"GB", "999999999999|999999999|GD999|HA999", check_gb},
    {"XI", "999999999999|999999999|GD999|HA999", check_gb},
    {"HR", "99999999999", check_hr},
    {"HU", "99999999", check_hu},
    {"IE", "9999999@@|9999999@|9@99999@", check_ie},
    {"IT", "99999999999", check_it},
    {"LT", "999999999919|999999919", check_lt},
    {"LU", "99999999", check_lu},
    {"LV", "99999999999", check_lv},
    {"MT", "n9999999", check_mt},
    {"NL", "999999999B99", check_nl},
    {"NO", "999999999MVA|999999999", check_no},
    {"PL", "9999999999", check_pl},
    {"PT", "n99999999", check_pt},
    {"RO", "n999999999|n99999999|n9999999|n999999|n99999|n9999|n999|n99|n9", check_ro},
    {"SE", "999999999901", check_se},
    {"SI", "n9999999", check_si},
    {"SK", "n999999999", check_sk},
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
        bool good = want == '9'   ? is_digit
                    : want == 'n' ? is_digit && c != '0'
                    : want == 'b' ? c == '0' || c == '1'
                    : want == '@' ? is_letter
                    : want == '*' ? is_digit || is_letter
                                  : c == want;
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
        dx_verdict found = rows[i].check(code + prefix);
        memcpy(out, code, strlen(code) + 1);
        return found;
    }
    return DX_CHECK_BAD;
}
