/* Colour management of poppler's, which reading does without. */
#ifndef DOCPARSE_COLOUR_H
#define DOCPARSE_COLOUR_H

#include <stdbool.h>

/* Whether colour profiles in documents count from now on in this process (at first they do). Without them no profile is
 * parsed: colours come from the plain formulas of the PDF standard. */
void dp_colour_profiles(bool wanted);

#endif
