#include "base/value/fold.h"
#include "base/value/money.h"

#include <string.h>

typedef struct currency_row {
    const char *code;
    int digits;
    const char *name;
} currency_row;

static const currency_row currencies[] = {
#define X(code, digits, name) {code, digits, name},
#include "base/value/currency_table.inc"
#undef X
};

static const currency_row *find(const char *code)
{
    for (size_t i = 0; code && i < sizeof currencies / sizeof currencies[0]; i++)
        if (strcmp(currencies[i].code, code) == 0)
            return &currencies[i];
    return NULL;
}

int dx_currency_digits(const char *code)
{
    const currency_row *row = find(code);
    return row ? row->digits : -1;
}

const char *dx_currency_name(const char *code)
{
    const currency_row *row = find(code);
    return row ? row->name : NULL;
}

/* Signs and words of one currency alone, and those that the country decides (code ""). */
static const struct {
    const char *code;
    const char *signs;
} signs[] = {
    {"EUR", "€|euro|euros|eur."},
    {"GBP", "£|pound sterling|pounds|stg"},
    {"USD", "US$|U$|USD$|US-$|US-Dollar|us dollar|us dollars"},
    {"CAD", "C$|CA$|CDN$|Can$"},
    {"AUD", "A$|AU$"},
    {"NZD", "NZ$"},
    {"HKD", "HK$"},
    {"TWD", "NT$|NTD|新台幣|新臺幣"},
    {"SGD", "S$|SG$"},
    {"MXN", "MX$|Mex$"},
    {"BRL", "R$"},
    {"CHF", "Fr.|SFr.|SFr|CHF.|Franken|francs suisses"},
    {"PLN", "zł|zl|zł.|złotych"},
    {"CZK", "Kč|Kc"},
    {"HUF", "Ft|forint"},
    {"RON", "lei|leu"},
    {"INR", "₹|Rs.|Rs|INR."},
    {"RUB", "₽|руб.|руб"},
    {"UAH", "₴|грн"},
    {"TRY", "₺|TL"},
    {"ILS", "₪|NIS"},
    {"KRW", "₩|원"},
    {"VND", "₫"},
    {"THB", "฿"},
    {"PHP", "₱"},
    {"NGN", "₦"},
    {"MYR", "RM"},
    {"IDR", "Rp|Rp."},
    {"ZAR", "ZAR."},
    {"CNY", "RMB|元|人民币|CN¥"},
    {"JPY", "円|JP¥"},
    {"AED", "Dh|Dhs|AED."},
    {"SAR", "ر.س"},
    {"BGN", "лв|лв."},
};

/* What a sign of several currencies stands for without a country is left open. */
static const struct {
    const char *sign;
    const char *countries; /* "COUNTRY:CURRENCY|…" */
} shared[] = {
    {"$", "US:USD|CA:CAD|AU:AUD|NZ:NZD|SG:SGD|HK:HKD|MX:MXN|AR:ARS|CL:CLP|CO:COP|TW:TWD|EC:USD|PR:USD"},
    {"kr", "SE:SEK|NO:NOK|DK:DKK|IS:ISK"},
    {"kr.", "SE:SEK|NO:NOK|DK:DKK|IS:ISK"},
    {"¥", "JP:JPY|CN:CNY"},
    {"￥", "JP:JPY|CN:CNY"},
    {"R", "ZA:ZAR"},
    {"SR", "SA:SAR"}, /* elsewhere a code of taxes: standard rated */
    {"dollar", "US:USD|CA:CAD|AU:AUD|NZ:NZD"},
    {"dollars", "US:USD|CA:CAD|AU:AUD|NZ:NZD"},
    {"peso", "MX:MXN|AR:ARS|CL:CLP|CO:COP|PH:PHP"},
    {"pesos", "MX:MXN|AR:ARS|CL:CLP|CO:COP|PH:PHP"},
    {"元", "CN:CNY|TW:TWD|HK:HKD"},
};

static const char *by_country(const char *pairs, const char *country)
{
    if (!country || strlen(country) != 2)
        return NULL;
    for (const char *p = pairs; *p;) {
        if (memcmp(p, country, 2) == 0) {
            char code[4] = {p[3], p[4], p[5], '\0'};
            const currency_row *row = find(code);
            return row ? row->code : NULL;
        }
        p += strcspn(p, "|");
        p += *p == '|';
    }
    return NULL;
}

static const char *by_code(const char *sign)
{
    char code[4] = {0};
    for (size_t i = 0; i < 3; i++)
        code[i] = sign[i] >= 'a' && sign[i] <= 'z' ? (char)(sign[i] - 32) : sign[i];
    const currency_row *row = find(code);
    return row ? row->code : NULL;
}

const char *dx_currency_from_sign(const char *sign, size_t length, const char *country)
{
    if (length == 3) {
        const char *code = by_code(sign);
        if (code)
            return code;
    }
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++) {
        if (dx_same_name(shared[i].sign, strlen(shared[i].sign), sign, length)) {
            const char *code = by_country(shared[i].countries, country);
            if (code)
                return code;
        }
    }
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (dx_name_among(signs[i].signs, sign, length))
            return find(signs[i].code)->code;
    return NULL;
}

bool dx_currency_sign_open(const char *sign, size_t length)
{
    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++)
        if (strchr(shared[i].countries, '|') && dx_same_name(shared[i].sign, strlen(shared[i].sign), sign, length))
            return true;
    return false;
}
