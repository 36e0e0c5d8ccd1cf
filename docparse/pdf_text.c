/* The text layer of a page as words with boxes. Poppler gives the page's text, one rectangle a character, and runs of
 * equal font; words end at white space. */
#include "pdf.h"

#include <string.h>

typedef struct run {
    GList *attributes; /* of the text from here on */
    gint end;          /* the last character of the current run; -1 before the first */
    uint32_t font;
    uint16_t size;
    uint16_t flags;
} run;

typedef struct growing_word {
    const char *start;
    PopplerRectangle box;
    double first_x, first_y, last_x, last_y; /* middles of the first and last character */
    PopplerRectangle last;
    int characters;
    dx_wire_word word;
} growing_word;

int32_t dp_hundredths(double points)
{
    double value = points * 100.0;
    if (!(value > -60000000.0))
        return value < 0 ? -60000000 : 0;
    if (value > 60000000.0)
        return 60000000;
    return (int32_t)(value < 0 ? value - 0.5 : value + 0.5);
}

static bool contains_any(const char *name, const char *const *parts)
{
    for (; *parts; parts++)
        if (strcasestr(name, *parts))
            return true;
    return false;
}

static uint16_t style_of(const char *name)
{
    static const char *const bold[] = {"bold", "black", "heavy", "demi", NULL};
    static const char *const italic[] = {"italic", "oblique", NULL};
    uint16_t flags = 0;
    if (name && contains_any(name, bold))
        flags |= DX_WIRE_BOLD;
    if (name && contains_any(name, italic))
        flags |= DX_WIRE_ITALIC;
    return flags;
}

static uint32_t font_number(GHashTable *fonts, const char *name)
{
    const char *known = name ? name : "";
    gpointer number = g_hash_table_lookup(fonts, known);
    if (number == NULL) {
        number = GUINT_TO_POINTER(g_hash_table_size(fonts) + 1);
        g_hash_table_insert(fonts, g_strdup(known), number);
    }
    return GPOINTER_TO_UINT(number);
}

static void move_run(run *at, gint index, GHashTable *fonts)
{
    while (index > at->end && at->attributes) {
        const PopplerTextAttributes *attributes = at->attributes->data;
        int32_t size = dp_hundredths(attributes->font_size);
        at->end = attributes->end_index;
        at->font = font_number(fonts, attributes->font_name);
        at->size = (uint16_t)(size < 0 ? 0 : size > UINT16_MAX ? UINT16_MAX : size);
        at->flags = style_of(attributes->font_name);
        at->attributes = at->attributes->next;
    }
}

/* Embedding and override marks that poppler puts round right-to-left text; they have no rectangle. */
static bool is_direction_mark(gunichar c)
{
    return c >= 0x202A && c <= 0x202E;
}

static void widen(growing_word *word, const PopplerRectangle *rectangle)
{
    double x = (rectangle->x1 + rectangle->x2) / 2, y = (rectangle->y1 + rectangle->y2) / 2;
    if (word->characters == 0) {
        word->box = *rectangle;
        word->first_x = x;
        word->first_y = y;
    } else {
        word->box.x1 = MIN(word->box.x1, rectangle->x1);
        word->box.y1 = MIN(word->box.y1, rectangle->y1);
        word->box.x2 = MAX(word->box.x2, rectangle->x2);
        word->box.y2 = MAX(word->box.y2, rectangle->y2);
    }
    word->last_x = x;
    word->last_y = y;
    word->last = *rectangle;
    word->characters++;
}

/* Does a character stand where the word would go on? Poppler writes no space between words that follow each other only
 * in its own order of reading: the end of one column and the start of the next. */
static bool goes_on(const growing_word *word, const PopplerRectangle *rectangle)
{
    double height = ABS(word->last.y2 - word->last.y1), size = MAX(height, word->word.font_size / 100.0);
    double down = ABS((rectangle->y1 + rectangle->y2) / 2 - word->last_y);
    double gap = MAX(MIN(rectangle->x1, rectangle->x2) - MAX(word->last.x1, word->last.x2),
                     MIN(word->last.x1, word->last.x2) - MAX(rectangle->x1, rectangle->x2));
    double rise = MAX(MIN(rectangle->y1, rectangle->y2) - MAX(word->last.y1, word->last.y2),
                      MIN(word->last.y1, word->last.y2) - MAX(rectangle->y1, rectangle->y2));
    bool written_down =
        word->characters > 1 && ABS(word->last_y - word->first_y) > 2 * ABS(word->last_x - word->first_x);
    if (written_down)
        return rise < 0.25 * size && gap < 0.25 * size;
    if (down > 0.5 * height) /* a raised figure, or the second letter of a word that is written upwards */
        return down < height && gap < 0.1 * size && (rise < 0.1 * size || word->characters == 1);
    return gap < 0.15 * size;
}

static void end_word(growing_word *word, const char *end, uint16_t flag, dp_message *out)
{
    if (word->characters == 0)
        return;
    double across = ABS(word->last_x - word->first_x), down = ABS(word->last_y - word->first_y);
    word->word.x0 = dp_hundredths(MIN(word->box.x1, word->box.x2));
    word->word.y0 = dp_hundredths(MIN(word->box.y1, word->box.y2));
    word->word.x1 = dp_hundredths(MAX(word->box.x1, word->box.x2));
    word->word.y1 = dp_hundredths(MAX(word->box.y1, word->box.y2));
    word->word.confidence = DX_WIRE_SURE;
    word->word.flags |= flag;
    if (word->characters > 1 && down > 2 * across)
        word->word.flags |= DX_WIRE_VERTICAL;
    dp_message_word(out, &word->word, word->start, (size_t)(end - word->start));
    *word = (growing_word){0};
}

static void words_of(const char *text, const PopplerRectangle *rectangles, guint count, run *style, GHashTable *fonts,
                     dp_message *out)
{
    growing_word word = {0};
    guint index = 0;
    const char *at = text;
    for (; *at && index < count; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (is_direction_mark(c)) {
            end_word(&word, at, 0, out);
            continue;
        }
        if (g_unichar_isspace(c) || g_unichar_iscntrl(c)) {
            end_word(&word, at, c == '\n' ? DX_WIRE_LINE_END : DX_WIRE_SPACE_AFTER, out);
        } else {
            move_run(style, (gint)index, fonts);
            if (word.characters > 0 && !goes_on(&word, &rectangles[index]))
                end_word(&word, at, 0, out);
            if (word.characters == 0) {
                word.start = at;
                word.word.font = style->font;
                word.word.font_size = style->size;
                word.word.flags = style->flags;
            }
            widen(&word, &rectangles[index]);
        }
        index++;
    }
    end_word(&word, at, DX_WIRE_LINE_END, out);
}

void dp_pdf_words(PopplerPage *page, GHashTable *fonts, dp_message *out)
{
    PopplerRectangle *rectangles = NULL;
    guint count = 0;
    char *text = poppler_page_get_text(page);
    if (text && *text && poppler_page_get_text_layout(page, &rectangles, &count)) {
        GList *attributes = poppler_page_get_text_attributes(page);
        run style = {.attributes = attributes, .end = -1};
        words_of(text, rectangles, count, &style, fonts, out);
        poppler_page_free_text_attributes(attributes);
    }
    g_free(rectangles);
    g_free(text);
}
