/* The figures for people and for programs. */
#ifndef SERVER_EVAL_REPORT_H
#define SERVER_EVAL_REPORT_H

#include "base/text.h"
#include "eval/score.h"

/* Failure sticks in out. */
void report_text(const scores *of, text *out);
void report_json(const scores *of, text *out);

#endif
