/* Scans. The picture is turned straight and brought to a size at which letters are about 25 pixels high, then recognised
 * as one block of lines. What the first reading shows decides on a second: another language; another script or
 * orientation; or, where confidence is low or no amount was seen, the doubtful lines once more in a softened picture,
 * whose words are added to those of the first. */
#include "recognise.h"

#include "languages.h"
#include "scan.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tesseract/capi.h>

enum {
    LOW_CONFIDENCE = 850,  /* of 1000: read again; clean scans have more than 900 */
    SURE_CONFIDENCE = 830, /* of every word of a line: it is not read again */
    LOST_CONFIDENCE = 600, /* perhaps another script, or upside down */
    LANGUAGES_BYTES = 256,
    MUCH_BETTER = 50,
    NOT_WORSE = -20,
    PICTURE_DPI = 300 /* told to the recogniser, once letters have the size they have at 300 dpi */
};

static TessBaseAPI *first_engine; /* "eng", loaded before the fork */
static char installed[LANGUAGES_BYTES];
static char folder[4096];

/* ---- engines ---- */

static bool has_language(const char *name, size_t length)
{
    for (const char *at = installed; *at;) {
        size_t size = strcspn(at, " ");
        if (size == length && memcmp(at, name, length) == 0)
            return true;
        at += size + strspn(at + size, " ");
    }
    return false;
}

static TessBaseAPI *new_engine(const char *languages, TessOcrEngineMode mode)
{
    TessBaseAPI *engine = TessBaseAPICreate();
    if (engine && TessBaseAPIInit2(engine, folder[0] ? folder : NULL, languages, mode) == 0)
        return engine;
    if (engine)
        TessBaseAPIDelete(engine);
    return NULL;
}

void dp_recognise_prepare(void)
{
    first_engine = new_engine("eng", OEM_LSTM_ONLY);
    if (first_engine == NULL)
        return;
    snprintf(folder, sizeof folder, "%s", TessBaseAPIGetDatapath(first_engine));
    char **names = TessBaseAPIGetAvailableLanguagesAsVector(first_engine);
    size_t used = 0;
    for (char **name = names; name && *name && used + strlen(*name) + 2 < sizeof installed; name++)
        used += (size_t)snprintf(installed + used, sizeof installed - used, "%s%s", used ? " " : "", *name);
    if (names)
        TessDeleteTextArray(names);
}

const char *dp_recognise_folder(void)
{
    return folder[0] ? folder : "/usr/share/tesseract-ocr";
}

const char *dp_recognise_languages(void)
{
    return installed;
}

/* The engine for languages joined by '+'; those that are not installed are left out. NULL when none is left. */
static TessBaseAPI *engine_for(const char *languages)
{
    static TessBaseAPI *latest;
    static char latest_languages[LANGUAGES_BYTES];
    char wanted[LANGUAGES_BYTES] = "";
    size_t used = 0;
    for (const char *at = languages; *at;) {
        size_t size = strcspn(at, "+ ,");
        if (size > 0 && has_language(at, size) && used + size + 2 < sizeof wanted)
            used += (size_t)snprintf(wanted + used, sizeof wanted - used, "%s%.*s", used ? "+" : "", (int)size, at);
        at += size + (at[size] != '\0');
    }
    if (used == 0 || strcmp(wanted, "eng") == 0)
        return first_engine;
    if (latest && strcmp(latest_languages, wanted) == 0)
        return latest;
    if (latest)
        TessBaseAPIDelete(latest);
    latest = new_engine(wanted, OEM_LSTM_ONLY);
    snprintf(latest_languages, sizeof latest_languages, "%s", wanted);
    return latest ? latest : first_engine;
}

/* ---- one reading ---- */

/* A reading of the page under way. */
typedef struct reading {
    const dp_scan *scan;
    dp_message *out;
    uint16_t word_flags;
    uint64_t confidence; /* sum over the words, weighted by length */
    uint64_t weight;
    bool amount_seen;
    char languages[LANGUAGES_BYTES]; /* that it was read in */
} reading;

/* Digits, a point or comma, two digits: what an amount looks like anywhere. */
static bool is_amount(const char *text, size_t size)
{
    for (size_t i = 1; i + 2 < size; i++)
        if ((text[i] == '.' || text[i] == ',') && isdigit((unsigned char)text[i - 1]) &&
            isdigit((unsigned char)text[i + 1]) && isdigit((unsigned char)text[i + 2]))
            return true;
    return false;
}

static void put_word(reading *at, TessResultIterator *words, const TessPageIterator *places)
{
    int x0, y0, x1, y1;
    char *text = TessResultIteratorGetUTF8Text(words, RIL_WORD);
    if (text == NULL || !TessPageIteratorBoundingBox(places, RIL_WORD, &x0, &y0, &x1, &y1)) {
        TessDeleteText(text);
        return;
    }
    size_t size = strlen(text);
    float confidence = TessResultIteratorConfidence(words, RIL_WORD) * 10;
    dx_wire_word word = {.x0 = dp_scan_place(at->scan, x0),
                         .y0 = dp_scan_place(at->scan, y0),
                         .x1 = dp_scan_place(at->scan, x1),
                         .y1 = dp_scan_place(at->scan, y1),
                         .confidence = (uint16_t)(confidence < 0      ? 0
                                                  : confidence > 1000 ? 1000
                                                                      : confidence)};
    int height = word.y1 - word.y0;
    word.font_size = (uint16_t)(height < 0 ? 0 : height > UINT16_MAX ? UINT16_MAX : height);
    word.flags = (uint16_t)(at->word_flags |
                            (TessPageIteratorIsAtFinalElement(places, RIL_TEXTLINE, RIL_WORD) ? DX_WIRE_LINE_END
                                                                                              : DX_WIRE_SPACE_AFTER));
    if (strspn(text, " \n\t") < size) {
        dp_message_word(at->out, &word, text, size);
        at->confidence += (uint64_t)word.confidence * size;
        at->weight += size;
        at->amount_seen = at->amount_seen || is_amount(text, size);
    }
    TessDeleteText(text);
}

/* As one block of lines, which keeps the rows of a table together. */
static void read_words(reading *at, TessBaseAPI *engine)
{
    TessBaseAPISetPageSegMode(engine, PSM_SINGLE_BLOCK);
    TessBaseAPISetImage2(engine, at->scan->picture);
    TessBaseAPISetSourceResolution(engine, PICTURE_DPI);
    at->out->header.ocr_passes++;
    if (TessBaseAPIRecognize(engine, NULL) != 0)
        return;
    TessResultIterator *words = TessBaseAPIGetIterator(engine);
    if (words == NULL)
        return;
    const TessPageIterator *places = TessResultIteratorGetPageIteratorConst(words);
    do
        put_word(at, words, places);
    while (TessResultIteratorNext(words, RIL_WORD));
    TessResultIteratorDelete(words);
    TessBaseAPIClear(engine);
}

static int confidence_of(const reading *at)
{
    return at->weight ? (int)(at->confidence / at->weight) : 0;
}

static reading read_once(const dp_scan *scan, const char *languages, uint16_t more_flags, dp_message *out)
{
    reading at = {.scan = scan, .out = out, .word_flags = (uint16_t)(DX_WIRE_OCR | more_flags)};
    TessBaseAPI *engine = engine_for(languages);
    snprintf(at.languages, sizeof at.languages, "%s", languages);
    if (engine)
        read_words(&at, engine);
    return at;
}

/* Reads anew in other languages; the new words stay when their confidence is `more` above that of the old ones. */
static reading read_instead(const dp_scan *scan, const char *languages, int more, reading before, dp_message *out)
{
    dx_wire_page *page = &out->pages[out->header.page_count - 1];
    uint32_t middle = out->header.word_count;
    reading after = read_once(scan, languages, 0, out);
    if (confidence_of(&after) < confidence_of(&before) + more) {
        dp_message_drop_words(out, middle);
        return before;
    }
    dp_message_drop_front(out, middle - page->first_word);
    return after;
}

/* ---- another script, another orientation ---- */

typedef struct sight {
    int turn; /* degrees that the picture has to be turned by, clockwise */
    bool han;
    bool script_unknown; /* too little was seen to tell */
} sight;

static sight look(const dp_scan *scan)
{
    sight seen = {.script_unknown = true};
    int degrees = 0;
    float sure = 0, script_sure = 0;
    const char *script = NULL;
    TessBaseAPI *engine = has_language("osd", 3) ? new_engine("osd", OEM_TESSERACT_ONLY) : NULL;
    if (engine == NULL)
        return seen;
    TessBaseAPISetPageSegMode(engine, PSM_OSD_ONLY);
    TessBaseAPISetImage2(engine, scan->picture);
    TessBaseAPISetSourceResolution(engine, PICTURE_DPI);
    if (TessBaseAPIDetectOrientationScript(engine, &degrees, &sure, &script, &script_sure)) {
        seen.turn = sure > 2 ? (360 - degrees) % 360 : 0;
        seen.han = script && strncmp(script, "Han", 3) == 0;
        seen.script_unknown = script == NULL || script_sure < 1;
    }
    TessBaseAPIDelete(engine);
    return seen;
}

/* ---- a page ---- */

static dx_wire_page *last_page(dp_message *out)
{
    return &out->pages[out->header.page_count - 1];
}

static bool chooses(const dp_source *source)
{
    return source->request->languages[0] == '\0';
}

static reading plain_reading(const dp_source *source, const dp_scan *scan, dp_message *out)
{
    return read_once(scan, chooses(source) ? "eng" : source->request->languages, 0, out);
}

/* Turns the page and reads it anew; its boxes are then those of the page upright. A faint print may look as if it stood
 * on its head, so the page stays as it was unless more is read. */
static reading turn_page(const dp_source *source, int turn, PIX **upright, dp_scan *scan, reading before,
                         dp_message *out)
{
    dp_scan straight;
    dx_wire_page *page = last_page(out);
    uint32_t middle = out->header.word_count;
    PIX *turned = pixRotateOrth(*upright, turn / 90);
    if (turned == NULL || !dp_scan_prepare(turned, scan->dpi_of_page, &straight)) {
        pixDestroy(&turned);
        return before;
    }
    reading after = plain_reading(source, &straight, out);
    if (confidence_of(&after) < confidence_of(&before) + MUCH_BETTER) {
        dp_message_drop_words(out, middle);
        dp_scan_free(&straight);
        pixDestroy(&turned);
        return before;
    }
    dp_message_drop_front(out, middle - page->first_word);
    dp_scan_free(scan);
    pixDestroy(upright);
    *scan = straight;
    *upright = turned;
    after.scan = scan;
    if (turn % 180 != 0) {
        int32_t width = page->width;
        page->width = page->height;
        page->height = width;
    }
    page->flags |= DX_WIRE_PAGE_ROTATED;
    page->skew = turn * 1000;
    return after;
}

/* Hardly anything was read with confidence: perhaps the page stands on its head, or is written in Chinese. */
static reading find_back(const dp_source *source, PIX **upright, dp_scan *scan, reading at, dp_message *out)
{
    sight seen = look(scan);
    if (seen.turn != 0)
        at = turn_page(source, seen.turn, upright, scan, at, out);
    if (!chooses(source) || confidence_of(&at) >= LOST_CONFIDENCE)
        return at;
    if (seen.han || seen.script_unknown)
        at = read_instead(scan, "chi_tra+eng", MUCH_BETTER, at, out);
    if (seen.han && confidence_of(&at) < LOW_CONFIDENCE)
        at = read_instead(scan, "chi_sim+eng", MUCH_BETTER, at, out);
    return at;
}

static reading read_in_its_language(const dp_scan *scan, reading at, dp_message *out)
{
    char both[LANGUAGES_BYTES];
    const char *language = dp_language_of(out);
    if (strcmp(language, "eng") == 0 || !has_language(language, strlen(language)))
        return at;
    snprintf(both, sizeof both, "%s+eng", language);
    return read_instead(scan, both, NOT_WORSE, at, out);
}

/* Has a letter or digit: dashes and dots of rules are read with any confidence. */
static bool says_something(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (isalnum((unsigned char)text[i]) || (unsigned char)text[i] >= 0xC3)
            return true;
    return false;
}

/* Paints over the lines that were read with certainty. */
static void hide_sure_lines(const dp_scan *scan, PIX *picture, const dp_message *out)
{
    const dx_wire_page *page = &out->pages[out->header.page_count - 1];
    const dx_wire_word *words = &out->words[page->first_word];
    for (uint32_t first = 0, i = 0; i < page->word_count; i++) {
        if ((words[i].flags & DX_WIRE_LINE_END) == 0)
            continue;
        int least = 1000;
        for (uint32_t k = first; k <= i; k++)
            if (says_something(out->blob + words[k].text_at, words[k].text_size) && words[k].confidence < least)
                least = words[k].confidence;
        for (uint32_t k = first; least >= SURE_CONFIDENCE && k <= i; k++) {
            BOX *box = dp_scan_box(scan, words[k].x0, words[k].y0, words[k].x1, words[k].y1);
            pixSetInRect(picture, box);
            boxDestroy(&box);
        }
        first = i + 1;
    }
}

/* Softened, strokes that a printer or scanner broke join again: other words are misread than in the first reading. */
static void second_reading(const dp_scan *scan, const reading *first, dp_message *out)
{
    dp_scan softer;
    if (!dp_scan_soften(scan, &softer))
        return;
    hide_sure_lines(&softer, softer.picture, out);
    read_once(&softer, first->languages, DX_WIRE_PASS2, out);
    out->header.flags |= DX_WIRE_SECOND_PASS;
    dp_scan_free(&softer);
}

void dp_recognise(const dp_source *source, PIX *grey, double dpi, dp_message *out)
{
    dp_scan scan;
    if (!dp_scan_prepare(grey, dpi, &scan))
        return;
    PIX *upright = pixClone(grey);
    reading at = plain_reading(source, &scan, out);
    if (confidence_of(&at) < LOST_CONFIDENCE)
        at = find_back(source, &upright, &scan, at, out);
    else if (chooses(source))
        at = read_in_its_language(&scan, at, out);
    if (confidence_of(&at) < LOW_CONFIDENCE || !at.amount_seen)
        second_reading(&scan, &at, out);
    dx_wire_page *page = last_page(out);
    page->flags |= DX_WIRE_PAGE_OCR | (scan.skew != 0 ? DX_WIRE_PAGE_DESKEWED : 0u);
    page->skew += (int32_t)lround(scan.skew * 1000);
    page->dpi = (uint32_t)lround(dpi);
    page->confidence = (uint32_t)confidence_of(&at);
    out->header.flags |= DX_WIRE_USED_OCR;
    dp_scan_free(&scan);
    pixDestroy(&upright);
}
