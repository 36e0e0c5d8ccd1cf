#include "base/value/unit.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const char *unit(const char *text)
{
    const char *code = dx_unit_code(text, strlen(text));
    return code ? code : "none";
}

Test(base_value_unit, knows_words_signs_and_codes)
{
    static const char *const cases[][2] = {
        {"HUR", "HUR"},   {"Std.", "HUR"},  {"hours", "HUR"}, {"heures", "HUR"}, {"horas", "HUR"}, {"ore", "HUR"},
        {"uren", "HUR"},  {"godz.", "HUR"}, {"kg", "KGM"},    {"KG", "KGM"},     {"Stück", "C62"}, {"STÜCK", "C62"},
        {"pcs", "C62"},   {"Stk.", "C62"},  {"szt.", "C62"},  {"pièces", "C62"}, {"C62", "C62"},   {"m", "MTR"},
        {"MTR", "MTR"},   {"m²", "MTK"},    {"l", "LTR"},     {"kWh", "KWH"},    {"Tage", "DAY"},  {"mois", "MON"},
        {"dzień", "DAY"}, {"DZIEŃ", "DAY"}, {"H87", "H87"},   {"%", "P1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect_str_eq(unit(cases[i][0]), cases[i][1], "%s", cases[i][0]);
    static const char *const none[] = {"", "xyz", "kgg", "|", "k", "kg|kg.", "hour "};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        cr_expect_str_eq(unit(none[i]), "none", "%s", none[i]);
    cr_expect_str_eq(dx_unit_name("HUR"), "hour");
    cr_expect_null(dx_unit_name("XYZ"));
    cr_expect_null(dx_unit_name(NULL));
}

static const struct {
    const char *code, *name, *words;
} table[] = {
#define X(code, name, words) {code, name, words},
#include "base/value/unit_table.inc"
#undef X
};

/* A word in two rows would be dead in the second. */
Test(base_value_unit, gives_each_word_to_one_code)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        cr_expect_str_eq(unit(table[i].code), table[i].code);
        cr_expect_str_eq(dx_unit_name(table[i].code), table[i].name, "%s stands twice", table[i].code);
        for (const char *word = table[i].words; *word;) {
            size_t size = strcspn(word, "|");
            char text[64];
            snprintf(text, sizeof text, "%.*s", (int)size, word);
            cr_expect_str_eq(unit(text), table[i].code, "%s", text);
            word += size + (word[size] == '|');
        }
    }
}
