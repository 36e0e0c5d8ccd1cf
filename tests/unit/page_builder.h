/* Pages made of words in a fixed-width type, for tests: 10 point, 5.5 points a character. */
#ifndef DX_TESTS_PAGE_BUILDER_H
#define DX_TESTS_PAGE_BUILDER_H

#include "core/page/layout.h"

enum { PAGE_WORDS = 2000, PAGE_RULES = 64, PAGE_CHARACTER = 550, PAGE_FONT = 1000, PAGE_PITCH = 1400 };

typedef struct built_page {
    dx_word words[PAGE_WORDS];
    dx_rule rules[PAGE_RULES];
    dx_page page;
} built_page;

/* An empty page of 612 × 792 points. */
void page_begin(built_page *built, int number);
/* Words of a text from x on, y down, in points. */
void page_text(built_page *built, int x, int y, const char *text);
/* The same, its end at x. */
void page_right(built_page *built, int x, int y, const char *text);
/* Cells parted by '|' at the given places; a negative place is where the cell ends. */
void page_row(built_page *built, int y, const int *places, const char *cells);
void page_rule(built_page *built, int x0, int y0, int x1, int y1);

/* The pages as a document, from the ctx's arena; NULL: no memory. */
dx_pages *page_document(dx_ctx *ctx, built_page **built, size_t count);

#endif
