#include "app/reading/languages.h"

#include <string.h>

/* tesseract's name and ISO 639-1. */
static const char *const pairs[][2] = {
    {"deu", "de"}, {"eng", "en"}, {"fra", "fr"}, {"spa", "es"}, {"ita", "it"},     {"nld", "nl"},
    {"pol", "pl"}, {"por", "pt"}, {"ces", "cs"}, {"dan", "da"}, {"swe", "sv"},     {"nor", "no"},
    {"fin", "fi"}, {"hun", "hu"}, {"ron", "ro"}, {"jpn", "ja"}, {"chi_sim", "zh"}, {"chi_tra", "zh"},
};

static const char *partner(const char *code, int from)
{
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (strcmp(pairs[i][from], code) == 0)
            return pairs[i][1 - from];
    return NULL;
}

static bool listed(const char *list, const char *code, char separator)
{
    size_t length = strlen(code);
    for (const char *at = list; at; at = strchr(at, separator) ? strchr(at, separator) + 1 : NULL)
        if (strncmp(at, code, length) == 0 && (at[length] == separator || at[length] == '\0'))
            return true;
    return false;
}

static doxin_status append(dx_ctx *ctx, const char **list, const char *code, char separator)
{
    if (!code || (*list && listed(*list, code, separator)))
        return DOXIN_OK;
    *list = *list ? dx_textf(ctx, "%s%c%s", *list, separator, code) : dx_text(ctx, code);
    return *list ? DOXIN_OK : DOXIN_E_NOMEM;
}

static bool well_formed(const char *code)
{
    size_t length = strspn(code, "abcdefghijklmnopqrstuvwxyz_");
    return code[length] == '\0' &&
           (length == 2 || length == 3 || strcmp(code, "chi_sim") == 0 || strcmp(code, "chi_tra") == 0);
}

doxin_status dx_reading_languages_of(dx_ctx *ctx, const char *languages, dx_reading_languages *out)
{
    static const char separators[] = "+, ";
    *out = (dx_reading_languages){NULL, NULL};
    for (const char *at = languages; at && *at; at += strspn(at, separators)) {
        size_t length = strcspn(at, separators);
        const char *code = dx_textn(ctx, at, length);
        if (!code)
            return DOXIN_E_NOMEM;
        at += length;
        if (length == 0)
            continue;
        if (!well_formed(code))
            return dx_fail(ctx, DOXIN_E_OPTION, "\"%.20s\" is no language; write them as deu+eng or de,en", code);
        bool two = length == 2;
        doxin_status status = append(ctx, &out->recogniser, two ? partner(code, 1) : code, '+');
        if (status == DOXIN_OK)
            status = append(ctx, &out->lexicon, two ? code : partner(code, 0), ',');
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}
