#include "page_builder.h"

#include <stdlib.h>
#include <string.h>

void page_begin(built_page *built, int number)
{
    memset(built, 0, sizeof *built);
    built->page = (dx_page){.number = number,
                            .width = 61200,
                            .height = 79200,
                            .flags = DX_WIRE_PAGE_TEXT,
                            .confidence = 1000,
                            .words = built->words,
                            .rules = built->rules};
}

static int characters(const char *text, size_t length)
{
    int count = 0;
    for (size_t i = 0; i < length; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

static void put(built_page *built, int32_t x, int32_t y, const char *text, size_t length)
{
    if (built->page.word_count == PAGE_WORDS)
        abort();
    dx_word *word = &built->words[built->page.word_count++];
    *word = (dx_word){.box = {x, y, x + characters(text, length) * PAGE_CHARACTER, y + PAGE_FONT},
                      .text = strndup(text, length),
                      .size = (int)length,
                      .font_size = PAGE_FONT,
                      .font = 1,
                      .confidence = 1000,
                      .flags = DX_WIRE_SPACE_AFTER};
}

void page_text(built_page *built, int x, int y, const char *text)
{
    int32_t at = x * 100;
    while (*text) {
        size_t length = strcspn(text, " ");
        if (length > 0)
            put(built, at, y * 100, text, length);
        at += (characters(text, length) + 1) * PAGE_CHARACTER;
        text += length;
        text += strspn(text, " ");
    }
}

void page_right(built_page *built, int x, int y, const char *text)
{
    page_text(built, x - characters(text, strlen(text)) * PAGE_CHARACTER / 100, y, text);
}

void page_row(built_page *built, int y, const int *places, const char *cells)
{
    char cell[200];
    for (size_t i = 0;; i++) {
        size_t length = strcspn(cells, "|");
        memcpy(cell, cells, length);
        cell[length] = '\0';
        if (places[i] < 0)
            page_right(built, -places[i], y, cell);
        else
            page_text(built, places[i], y, cell);
        if (cells[length] == '\0')
            return;
        cells += length + 1;
    }
}

void page_rule(built_page *built, int x0, int y0, int x1, int y1)
{
    if (built->page.rule_count == PAGE_RULES)
        abort();
    built->rules[built->page.rule_count++] = (dx_rule){{x0 * 100, y0 * 100, x1 * 100, y1 * 100}, 50};
}

dx_pages *page_document(dx_ctx *ctx, built_page **built, size_t count)
{
    dx_pages *pages = dx_new(ctx, sizeof *pages);
    if (pages == NULL || (pages->pages = dx_array(ctx, count, sizeof *pages->pages)) == NULL)
        return NULL;
    pages->kind = DX_WIRE_PDF;
    pages->flags = DX_WIRE_HAS_TEXT;
    pages->page_count = pages->total_pages = count;
    for (size_t i = 0; i < count; i++)
        pages->pages[i] = built[i]->page;
    return pages;
}
