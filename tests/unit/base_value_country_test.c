/* Countries and identifiers with check digits. */
#include "base/value/country.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const char *country(const char *text)
{
    const char *code = dx_country_code(text, strlen(text));
    return code ? code : "none";
}

Test(base_value_country, knows_codes_and_names_in_our_languages)
{
    static const char *const cases[][2] = {
        {"DE", "DE"},
        {"de", "DE"},
        {"DEU", "DE"},
        {"Germany", "DE"},
        {"Deutschland", "DE"},
        {"DEUTSCHLAND", "DE"},
        {"Allemagne", "DE"},
        {"Alemania", "DE"},
        {"Germania", "DE"},
        {"Duitsland", "DE"},
        {"Alemanha", "DE"},
        {"Niemcy", "DE"},
        {"Österreich", "AT"},
        {"ÖSTERREICH", "AT"},
        {"Polska", "PL"},
        {"España", "ES"},
        {"ESPAÑA", "ES"},
        {"Suisse", "CH"},
        {"Wielka Brytania", "GB"},
        {"Włochy", "IT"},
        {"WŁOCHY", "IT"},
        {"Węgry", "HU"},
        {"WĘGRY", "HU"},
        {"Česko", "CZ"},
        {"ČESKO", "CZ"},
        {"USA", "US"},
        {"United Kingdom", "GB"},
        {"The Netherlands", "NL"},
        {"Sverige", "SE"},
        {"Türkiye", "TR"},
        {"中国", "CN"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect_str_eq(country(cases[i][0]), cases[i][1], "%s", cases[i][0]);
    static const char *const none[] = {"", "XX", "Germ", "Germany ", "Ö", "Atlantis", "|", "Deutschland|Allemagne"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        cr_expect_str_eq(country(none[i]), "none", "%s", none[i]);
    cr_expect_str_eq(dx_country_name("FR"), "France");
    cr_expect_null(dx_country_name("XX"));
    cr_expect_null(dx_country_name(NULL));
}

Test(base_value_country, lists_all_of_iso_3166)
{
    char code[3] = "";
    int count = 0;
    for (code[0] = 'A'; code[0] <= 'Z'; code[0]++) {
        for (code[1] = 'A'; code[1] <= 'Z'; code[1]++) {
            const char *name = dx_country_name(code);
            if (!name)
                continue;
            count++;
            cr_expect_str_eq(country(code), code);
            cr_expect_str_eq(country(name), code, "%s", name);
        }
    }
    cr_expect_eq(count, 249);
}

static dx_verdict vat(const char *text, char *out)
{
    out[0] = '\0';
    return dx_vat_check(text, strlen(text), out);
}

/* The numbers are made up: each has a check digit that follows from its other digits by the rule of the state. */
static const struct {
    const char *number;
    dx_verdict verdict;
} vat_numbers[] = {
    {"ATU39099603", DX_CHECK_GOOD},      {"BE1068699082", DX_CHECK_GOOD},   {"BG555641494", DX_CHECK_GOOD},
    {"CHE405566920MWST", DX_CHECK_GOOD}, {"CY99068944A", DX_CHECK_GOOD},    {"CZ11557974", DX_CHECK_GOOD},
    {"DE734308110", DX_CHECK_GOOD},      {"DK32821359", DX_CHECK_GOOD},     {"EE784253380", DX_CHECK_GOOD},
    {"EL794320184", DX_CHECK_GOOD},      {"ESU0533259H", DX_CHECK_GOOD},    {"FI83844507", DX_CHECK_GOOD},
    {"GB887939241587", DX_CHECK_GOOD},   {"HR42194310798", DX_CHECK_GOOD},  {"HU39722212", DX_CHECK_GOOD},
    {"IE6179744JC", DX_CHECK_GOOD},      {"IT80556880161", DX_CHECK_GOOD},  {"LT467526757811", DX_CHECK_GOOD},
    {"LU78650411", DX_CHECK_GOOD},       {"LV71747806603", DX_CHECK_GOOD},  {"MT77341574", DX_CHECK_GOOD},
    {"NL126829093B73", DX_CHECK_GOOD},   {"NO953720396MVA", DX_CHECK_GOOD}, {"PL5550685862", DX_CHECK_GOOD},
    {"PT458409120", DX_CHECK_GOOD},      {"RO9092414538", DX_CHECK_GOOD},   {"SE364755401701", DX_CHECK_GOOD},
    {"SI85920169", DX_CHECK_GOOD},       {"SK7834971287", DX_CHECK_GOOD},   {"XI627939930157", DX_CHECK_GOOD},
    {"FR16402831754", DX_CHECK_GOOD},    {"FRK7402831754", DX_CHECK_FORM},  {"BG9901015555", DX_CHECK_FORM},
    {"CZ990101555", DX_CHECK_FORM},      {"LV01019955555", DX_CHECK_FORM},
};

Test(base_value_country, finds_a_wrong_check_digit)
{
    char out[24];
    for (size_t i = 0; i < sizeof vat_numbers / sizeof vat_numbers[0]; i++) {
        const char *number = vat_numbers[i].number;
        cr_expect_eq(vat(number, out), vat_numbers[i].verdict, "%s", number);
        cr_expect_str_eq(out, number);
        if (vat_numbers[i].verdict != DX_CHECK_GOOD)
            continue;
        char wrong[24];
        snprintf(wrong, sizeof wrong, "%s", number);
        char *digit = wrong + 4;
        *digit = *digit == '9' ? '8' : (char)(*digit + 1);
        cr_expect_eq(vat(wrong, out), DX_CHECK_BAD, "%s", wrong);
    }
}

Test(base_value_country, reads_vat_identifiers_as_printed)
{
    char out[24];
    cr_expect_eq(vat("DE 177 255 236", out), DX_CHECK_GOOD);
    cr_expect_str_eq(out, "DE177255236");
    cr_expect_eq(vat("de177255236", out), DX_CHECK_GOOD);
    cr_expect_eq(vat("CHE-405.566.920 MWST", out), DX_CHECK_GOOD);
    cr_expect_str_eq(out, "CHE405566920MWST");
    cr_expect_eq(vat("CHE-405.566.920", out), DX_CHECK_GOOD);
    cr_expect_eq(vat("GBGD123", out), DX_CHECK_FORM);
    cr_expect_eq(vat("GBHA500", out), DX_CHECK_FORM);
    cr_expect_eq(vat("FRK7402831750", out), DX_CHECK_BAD);
    static const char *const bad[] = {"",
                                      "DE",
                                      "DE12345678",
                                      "DE1234567890",
                                      "XX123456789",
                                      "177255236",
                                      "GBHX500",
                                      "BG55564149A",
                                      "NO123456789MVB",
                                      "DE17725523X",
                                      "AT12345678",
                                      "CHE405566920XXX",
                                      "DE177255236DE177255236",
                                      "DE1772552\xC3"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        cr_expect_eq(vat(bad[i], out), DX_CHECK_BAD, "%s", bad[i]);
        cr_expect_str_eq(out, "", "%s", bad[i]);
    }
}

Test(base_value_country, checks_ibans)
{
    static const char *const good[][2] = {
        /* The examples of the IBAN registry. */
        {"DE89 3704 0044 0532 0130 00", "DE89370400440532013000"},
        {"GB29 NWBK 6016 1331 9268 19", "GB29NWBK60161331926819"},
        {"FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606"},
        {"NL91ABNA0417164300", "NL91ABNA0417164300"},
        {"be68-5390-0754-7034", "BE68539007547034"},
        {"CH93 0076 2011 6238 5295 7", "CH9300762011623852957"},
        {"NO93 8601 1117 947", "NO9386011117947"},
        {"PL61 1090 1014 0000 0712 1981 2874", "PL61109010140000071219812874"},
        {"MT84MALT011000012345MTLCAST001S", "MT84MALT011000012345MTLCAST001S"},
    };
    static const char *const bad[] = {"",
                                      "DE89370400440532013001",
                                      "DE8937040044053201300",
                                      "DE893704004405320130000",
                                      "XX89370400440532013000",
                                      "DEXX370400440532013000",
                                      "DE98370400440532013000",
                                      "DE89 3704 0044 0532 0130 0O"};
    char out[35];
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        cr_expect_eq(dx_iban_check(good[i][0], strlen(good[i][0]), out), DX_CHECK_GOOD, "%s", good[i][0]);
        cr_expect_str_eq(out, good[i][1]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_eq(dx_iban_check(bad[i], strlen(bad[i]), out), DX_CHECK_BAD, "%s", bad[i]);
}

Test(base_value_country, checks_bics_gtins_and_luhn)
{
    char out[12];
    cr_expect_eq(dx_bic_check("COBADEFF", 8, out), DX_CHECK_FORM);
    cr_expect_eq(dx_bic_check("cobadeffxxx", 11, out), DX_CHECK_FORM);
    cr_expect_str_eq(out, "COBADEFFXXX");
    cr_expect_eq(dx_bic_check("COBAXXFF", 8, out), DX_CHECK_BAD);
    cr_expect_eq(dx_bic_check("COBADEFFX", 9, out), DX_CHECK_BAD);
    cr_expect_eq(dx_bic_check("C0BADEFF", 8, out), DX_CHECK_BAD);
    cr_expect_eq(dx_gtin_check("4006381333931", 13), DX_CHECK_GOOD);
    cr_expect_eq(dx_gtin_check("4006381333932", 13), DX_CHECK_BAD);
    cr_expect_eq(dx_gtin_check("73513537", 8), DX_CHECK_GOOD);
    cr_expect_eq(dx_gtin_check("036000291452", 12), DX_CHECK_GOOD);
    cr_expect_eq(dx_gtin_check("7351353", 7), DX_CHECK_BAD);
    cr_expect_eq(dx_gtin_check("400638133393x", 13), DX_CHECK_BAD);
    cr_expect_eq(dx_luhn_check("79927398713", 11), DX_CHECK_GOOD);
    cr_expect_eq(dx_luhn_check("79927398710", 11), DX_CHECK_BAD);
    cr_expect_eq(dx_luhn_check("", 0), DX_CHECK_BAD);
    cr_expect_eq(dx_luhn_check("0", 1), DX_CHECK_BAD);
}

typedef struct numbered {
    const char *country, *text;
    dx_verdict verdict;
} numbered;

Test(base_value_country, checks_numbers_of_registers)
{
    static const numbered cases[] = {{"FR", "732 829 320", DX_CHECK_GOOD},
                                     {"FR", "732 829 321", DX_CHECK_BAD},
                                     {"FR", "732 829 320 00074", DX_CHECK_GOOD},
                                     {"FR", "732 829 320 00075", DX_CHECK_BAD},
                                     {"FR", "356 000 000 00048", DX_CHECK_GOOD},
                                     {"FR", "356 000 000 01235", DX_CHECK_GOOD},
                                     {"FR", "Paris B 732 829 320", DX_CHECK_FORM},
                                     {"FR", "7328293", DX_CHECK_FORM},
                                     {"SE", "202100-5489", DX_CHECK_GOOD},
                                     {"SE", "202100-5488", DX_CHECK_BAD},
                                     {"SE", "16202100-5489", DX_CHECK_GOOD},
                                     {"AU", "51 824 753 556", DX_CHECK_GOOD},
                                     {"AU", "51 824 753 557", DX_CHECK_BAD},
                                     {"NO", "974 760 673", DX_CHECK_GOOD},
                                     {"NO", "974 760 674", DX_CHECK_BAD},
                                     {"FI", "0112038-9", DX_CHECK_GOOD},
                                     {"FI", "0112038-8", DX_CHECK_BAD},
                                     {"DK", "13585628", DX_CHECK_GOOD},
                                     {"DK", "13585627", DX_CHECK_BAD},
                                     {"BE", "0403.170.701", DX_CHECK_GOOD},
                                     {"BE", "0403.170.702", DX_CHECK_BAD},
                                     {"IT", "00743110157", DX_CHECK_GOOD},
                                     {"IT", "00743110158", DX_CHECK_BAD},
                                     {"DE", "HRB 12345", DX_CHECK_FORM},
                                     {NULL, "732 829 321", DX_CHECK_FORM},
                                     {"BE", "RPR Gent", DX_CHECK_FORM},
                                     {"FR", "", DX_CHECK_FORM},
                                     {"SE", "a name that is far longer than a number can be", DX_CHECK_FORM}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect_eq(dx_registration_check(cases[i].country, cases[i].text, strlen(cases[i].text)), cases[i].verdict,
                     "%s", cases[i].text);
}

Test(base_value_country, checks_references_of_payments)
{
    static const numbered cases[] = {
        {NULL, "RF18 5390 0754 7034", DX_CHECK_GOOD},
        {NULL, "RF19 5390 0754 7034", DX_CHECK_BAD},
        {NULL, "rf18539007547034", DX_CHECK_GOOD},
        {NULL, "RF18 5390 0754 7034 5390 0754 7034", DX_CHECK_BAD},
        {NULL, "21 00000 00003 13947 14300 09017", DX_CHECK_GOOD},
        {NULL, "21 00000 00003 13947 14300 09018", DX_CHECK_BAD},
        {NULL, "21 00000 00003 13947 41300 09017", DX_CHECK_BAD},
        {NULL, "+++090/9337/55493+++", DX_CHECK_GOOD},
        {NULL, "+++090/9337/55494+++", DX_CHECK_BAD},
        {NULL, "***090/9337/55493***", DX_CHECK_GOOD},
        {"BE", "090/9337/55494", DX_CHECK_FORM},
        {"FI", "1234561", DX_CHECK_GOOD},
        {"FI", "1234562", DX_CHECK_BAD},
        {NULL, "1234562", DX_CHECK_FORM},
        {"SE", "12344", DX_CHECK_GOOD},
        {"SE", "12345", DX_CHECK_FORM},
        {"DE", "Rechnung 4711", DX_CHECK_FORM},
        {NULL, "RF", DX_CHECK_FORM},
        {NULL, "", DX_CHECK_FORM},
        {NULL, "++++++", DX_CHECK_FORM},
    };
    const char *name = NULL;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cr_expect_eq(dx_reference_check(cases[i].country, cases[i].text, strlen(cases[i].text), &name),
                     cases[i].verdict, "%s", cases[i].text);
        cr_expect_not_null(name);
    }
}

Test(base_value_country, knows_tax_rates)
{
    char code[3] = "";
    for (code[0] = 'A'; code[0] <= 'Z'; code[0]++) {
        for (code[1] = 'A'; code[1] <= 'Z'; code[1]++) {
            const int *rates = dx_vat_rates(code);
            if (!rates)
                continue;
            cr_expect_not_null(dx_country_name(code), "%s", code);
            cr_expect(rates[0] > 0);
            for (int i = 0; rates[i]; i++) {
                cr_assert_lt(i, 16, "%s does not end", code);
                cr_expect(rates[i] > 0 && rates[i] < 3000, "%s %d", code, rates[i]);
                for (int k = 0; k < i; k++)
                    cr_expect_neq(rates[k], rates[i], "%s lists %d twice", code, rates[i]);
            }
        }
    }
    static const char states[] =
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK GB CH NO";
    for (const char *state = states; *state; state += state[2] ? 3 : 2) {
        snprintf(code, sizeof code, "%.2s", state);
        cr_expect_not_null(dx_vat_rates(code), "%s", code);
    }
    cr_expect_eq(dx_vat_rates("DE")[0], 1900);
    cr_expect_null(dx_vat_rates("XX"));
    cr_expect_null(dx_vat_rates(NULL));
}
