#include "base/value/country.h"

#include "base/value/fold.h"
#include "base/value/money.h"

#include <string.h>

typedef struct country_row {
    const char *code;
    const char *three;
    const char *currency;
    const char *name;  /* English */
    const char *names; /* further ones, separated by "|" */
} country_row;

static const country_row countries[] = {
#define X(code, three, currency, name, names) {code, three, currency, name, names},
#include "base/value/country_table.inc"
#undef X
};
enum { COUNTRIES = sizeof countries / sizeof countries[0] };

/* Names that people print and CLDR does not list. */
static const char *const further[][2] = {
    {"GB", "UK|England|Great Britain|Scotland|Wales|Großbritannien|Vereinigtes Königreich|U.K."},
    {"US", "USA|U.S.A.|United States of America|U.S."},
    {"NL", "The Netherlands|Holland|Niederlande"},
    {"CZ", "Czech Republic|Tschechische Republik|Česko|Česká republika"},
    {"DE", "D|BRD|Bundesrepublik Deutschland"},
    {"AT", "A|Oesterreich"},
    {"TW", "台灣|臺灣"},
    {"IE", "Republic of Ireland|Éire"},
    {"GR", "EL|Hellas|Ελλάδα|ΕΛΛΑΔΑ"},
    {"ES", "Espana"},
    {"CH", "Svizra|Schweizerische Eidgenossenschaft"},
    {"LI", "Fürstentum Liechtenstein"},
    {"SE", "Sverige"},
    {"DK", "Danmark"},
    {"NO", "Norge|Noreg"},
    {"FI", "Suomi"},
    {"IS", "Ísland"},
    {"EE", "Eesti"},
    {"LV", "Latvija"},
    {"LT", "Lietuva"},
    {"SK", "Slovensko|Slovak Republic"},
    {"SI", "Slovenija"},
    {"HR", "Hrvatska"},
    {"HU", "Magyarország"},
    {"RO", "România"},
    {"BG", "България|БЪЛГАРИЯ"},
    {"UA", "Україна|УКРАЇНА"},
    {"RS", "Srbija"},
    {"TR", "Türkiye|Turkey"},
    {"CN", "中国|中國|P.R. China|PR China|People's Republic of China"},
    {"HK", "Hong Kong|Hongkong|香港"},
    {"MO", "Macau|Macao|澳門"},
    {"JP", "日本"},
    {"KR", "Korea|Republic of Korea"},
    {"VN", "Viet Nam"},
    {"RU", "Russian Federation"},
    {"AE", "UAE|U.A.E."},
};

const char *dx_country_code(const char *text, size_t length)
{
    for (size_t i = 0; i < COUNTRIES; i++) {
        const country_row *row = &countries[i];
        if (dx_same_name(row->code, 2, text, length) || dx_same_name(row->three, 3, text, length) ||
            dx_same_name(row->name, strlen(row->name), text, length) || dx_name_among(row->names, text, length))
            return row->code;
    }
    for (size_t i = 0; i < sizeof further / sizeof further[0]; i++)
        if (dx_name_among(further[i][1], text, length))
            return further[i][0];
    return NULL;
}

static const country_row *find(const char *code)
{
    for (size_t i = 0; code && i < COUNTRIES; i++)
        if (strcmp(countries[i].code, code) == 0)
            return &countries[i];
    return NULL;
}

const char *dx_country_name(const char *code)
{
    const country_row *row = find(code);
    return row ? row->name : NULL;
}

const char *dx_currency_of_country(const char *country)
{
    const country_row *row = find(country);
    return row && row->currency[0] ? row->currency : NULL;
}
