/* Languages as the two sides name them: the recogniser "deu+eng", the lexicon "de,en". */
#ifndef DX_APP_READING_LANGUAGES_H
#define DX_APP_READING_LANGUAGES_H

#include "base/rt/ctx.h"

typedef struct dx_reading_languages {
    const char *recogniser; /* NULL: found out */
    const char *lexicon;    /* NULL: all */
} dx_reading_languages;

/* Reads either form, separated by "+", "," or spaces; NULL and "" leave both NULL. DOXIN_E_OPTION names a code that is
 * neither of two nor of three letters (chi_sim and chi_tra are known). Codes without a partner stay on their own side. */
doxin_status dx_reading_languages_of(dx_ctx *ctx, const char *languages, dx_reading_languages *out);

#endif
