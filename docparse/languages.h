/* Which language a page is in, by its small words. */
#ifndef DOCPARSE_LANGUAGES_H
#define DOCPARSE_LANGUAGES_H

#include "message.h"

/* tesseract's name of the language whose words are most frequent among the last page's words, where it is clear; else
 * "eng". English recognition of another language's page still gets most of its small words right. */
const char *dp_language_of(const dp_message *message);

#endif
