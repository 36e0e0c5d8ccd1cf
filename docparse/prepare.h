/* What is loaded once, before the first document: so that a fork has it for nothing. */
#ifndef DOCPARSE_PREPARE_H
#define DOCPARSE_PREPARE_H

/* The recogniser's installed languages, joined by ' ', after dp_prepare. */
const char *dp_languages(void);

#endif
