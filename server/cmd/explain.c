#include "cmd/explain.h"

#include "cmd/command.h"

#include <string.h>

/* In the order in which a page passes through them. */
static const struct {
    const char *name, *words;
} stages[] = {
    {"page", "words with boxes, rules, attachments and codes, as the parser handed them over"},
    {"layout", "lines, segments and blocks that the words were put together to"},
    {"hypotheses", "what was decided for the whole document: number style, date order, currency, language, country"},
    {"labels", "words of the lexicon that stand on the page, and what each may name"},
    {"tables", "tables of items: head, columns and their roles, rows"},
    {"items", "the lines that the tables gave"},
    {"values", "dates, amounts and percentages, wherever they stand"},
    {"candidates", "for each labelled field what may be its value, with a score in 1/100 log-odds"},
    {"sums", "for each sum what may be its value, and the rows of a tax summary"},
    {"parties", "blocks of names and addresses, and which is vendor and which customer"},
    {"kinds", "what speaks for each kind of document"},
    {"choice", "the invoice that was chosen, before its arithmetic was checked"},
    {"invoice", "the invoice as it is given out, with checks and evidence"},
};
enum { STAGES = sizeof stages / sizeof stages[0] };

bool explain_knows(const char *stage)
{
    for (size_t i = 0; i < STAGES; i++)
        if (strcmp(stages[i].name, stage) == 0)
            return true;
    return false;
}

int explain_list(FILE *out)
{
    for (size_t i = 0; i < STAGES; i++)
        fprintf(out, "%-12s %s\n", stages[i].name, stages[i].words);
    return EXIT_DONE;
}
