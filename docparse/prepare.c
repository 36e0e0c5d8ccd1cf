#include "prepare.h"

#include "pdf.h"
#include "picture.h"
#include "recognise.h"
#include "serve.h"

#include <iconv.h>
#include <signal.h>
#include <sys/prctl.h>

/* Character sets of matrix codes: their converters are loaded from files, which the sandbox forbids later on. They stay
 * open on purpose. */
static void load_converters(void)
{
    static const char *const names[] = {"ISO8859-1", "SJIS", "BIG5", "UTF-16"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        (void)iconv_open("UTF-8", names[i]);
}

const char *dp_languages(void)
{
    return dp_recognise_languages();
}

void dp_prepare(dp_sandbox *sandbox)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    load_converters();
    dp_pdf_prepare();
    dp_picture_prepare();
    dp_recognise_prepare();
    const char *const readable[] = {
        dp_recognise_folder(),   "/usr/share/poppler", "/usr/share/fonts",      "/usr/local/share/fonts",
        "/usr/share/fontconfig", "/etc/fonts",         "/var/cache/fontconfig", NULL};
    dp_sandbox_enter(sandbox, readable);
}
