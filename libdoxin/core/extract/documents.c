/* Where the next document of a file begins: another invoice number, the count of pages that starts again, a title, and
 * sums before and after. Weights are log-odds in 1/100. */
#include "core/extract/documents.h"

#include "core/extract/fields.h"
#include "core/extract/kind.h"

#include <string.h>

enum {
    NUMBER_CHANGES = 100,
    NUMBER_CHANGES_OCR = 70, /* one of the two may be misread */
    COUNT_RESTARTS = 60,
    COUNT_COMPLETE = 30, /* and the page before was the last of its count */
    COUNT_BROKEN = -100, /* and the page before was not */
    TITLE = 40,
    SUMS_CLOSED = 35,
    DATE_CHANGES = 30,
    OTHER_PAPER = -60, /* a delivery note or the like that came with the invoice */
    SPLIT_FROM = 95,
    STRONG_LEAST = 30, /* score of a candidate at a label beyond doubt */
    OTHER_LEAST = 150, /* and at another one */
    TITLE_LEAST = 90,  /* as kind.c scores it */
    MISREAD_MOST = 2,  /* characters that differ between readings of one number */
    COUNT_DIGITS = 4,
    MARGIN_SHARE = 8 /* a count without a word stands in the outer 1/8 of a page */
};

typedef struct page_signs {
    const char *number; /* at the label of an invoice's number, or NULL */
    const dx_date *date;
    int title, other; /* of an invoice and of another paper, as kind.c scores them */
    int count, count_of;
    bool carried; /* a sum is carried over from the page before */
    bool total;   /* at its label */
    bool ocr;
} page_signs;

static uint32_t page_of_word(const dx_reading *reading, uint32_t word)
{
    return reading->layout->lines[reading->layout->words[word].line].page;
}

/* ---- "page 2 of 3" ------------------------------------------------------------------------------------------------------- */

static bool number_at(const char **text, int *out)
{
    size_t digits = strspn(*text, "0123456789");
    if (digits == 0 || digits > COUNT_DIGITS)
        return false;
    *out = 0;
    for (size_t i = 0; i < digits; i++)
        *out = *out * 10 + ((*text)[i] - '0');
    *text += digits;
    return true;
}

/* No count goes beyond the file. */
static int pages_in(const dx_reading *reading)
{
    return (int)reading->layout->page_count;
}

/* "2 of 3", "2/3", "2 von 3"; a number alone is the page. */
static bool read_count(const char *text, bool both, int most, page_signs *out)
{
    int page = 0, of = 0;
    text += strspn(text, " :.#-(");
    if (!number_at(&text, &page) || page == 0 || page > most)
        return false;
    size_t between = strcspn(text, "0123456789");
    const char *rest = text + between;
    bool second = between > 0 && between <= 8 && number_at(&rest, &of) && of >= page && of <= most;
    if (both && (!second || rest[strspn(rest, " )-.")] != '\0'))
        return false;
    out->count = page;
    out->count_of = second ? of : 0;
    return true;
}

static void count_at_label(const dx_reading *reading, const dx_label *label, page_signs *out)
{
    const dx_segment *segment = &reading->layout->segments[label->segment];
    if (out->count || !dx_label_term(label, DX_TERM_PAGE))
        return;
    if (!label->ends)
        read_count(segment->text + label->end, !label->starts, pages_in(reading), out);
    else if (segment->right != DX_NO_INDEX)
        read_count(reading->layout->segments[segment->right].text, false, pages_in(reading), out);
}

static void count_in_margin(const dx_reading *reading, uint32_t index, page_signs *out)
{
    const dx_segment *segment = &reading->layout->segments[index];
    int32_t height = reading->layout->pages[segment->page].source->height, margin = height / MARGIN_SHARE;
    if (!out->count && segment->word_count <= 3 && (segment->box.y1 < margin || segment->box.y0 > height - margin) &&
        strspn(segment->text, "0123456789") > 0)
        read_count(segment->text, true, pages_in(reading), out);
}

/* ---- sums ------------------------------------------------------------------------------------------------------------------ */

static bool amount_follows(const dx_reading *reading, const dx_label *label)
{
    for (uint32_t at = label->segment; at != DX_NO_INDEX; at = reading->layout->segments[at].right) {
        const dx_segment_reading *own = &reading->segments[at];
        for (uint32_t i = own->first_mark; i < own->first_mark + own->mark_count; i++)
            if (reading->marks[i].money && (at != label->segment || reading->marks[i].begin >= label->end))
                return true;
    }
    return false;
}

static void sums_at_label(const dx_reading *reading, const dx_label *label, page_signs *out)
{
    const dx_segment *segment = &reading->layout->segments[label->segment];
    const dx_page *page = reading->layout->pages[segment->page].source;
    if (!label->starts || reading->segments[label->segment].in_items || !amount_follows(reading, label))
        return;
    if (dx_label_term(label, DX_TERM_CARRIED) && segment->box.y0 < page->height / 2)
        out->carried = true;
    const dx_term *total = dx_label_term(label, DX_TERM_TOTAL), *due = dx_label_term(label, DX_TERM_AMOUNT_DUE);
    if ((total && total->strength == DX_TERM_STRONG) || (due && due->strength == DX_TERM_STRONG))
        out->total = true;
}

/* ---- the signs of every page ----------------------------------------------------------------------------------------------- */

static void take_candidate(const dx_reading *reading, const dx_candidate *candidate, page_signs *signs)
{
    page_signs *out = &signs[page_of_word(reading, candidate->first_word)];
    if (candidate->label == DX_NO_INDEX)
        return;
    bool number = candidate->target == DX_HEADER_NUMBER;
    const dx_term *term = dx_label_term(&reading->labels[candidate->label], number ? DX_TERM_NUMBER : DX_TERM_DATE);
    if (candidate->score < (term && term->strength == DX_TERM_STRONG ? STRONG_LEAST : OTHER_LEAST))
        return;
    if (number && !out->number)
        out->number = candidate->text;
    if (candidate->target == DX_HEADER_DATE && candidate->is_date && !out->date)
        out->date = &candidate->date;
}

static doxin_status read_signs(dx_ctx *ctx, const dx_reading *reading, page_signs *signs)
{
    dx_candidates all = {0};
    const dx_layout *layout = reading->layout;
    for (uint32_t page = 0; page < layout->page_count; page++) {
        signs[page].title = dx_kind_title_on(reading, page, true);
        signs[page].other = dx_kind_title_on(reading, page, false);
        signs[page].ocr = (layout->pages[page].source->flags & DX_WIRE_PAGE_OCR) != 0;
    }
    for (size_t i = 0; i < reading->label_count; i++) {
        const dx_label *label = &reading->labels[i];
        page_signs *own = &signs[layout->segments[label->segment].page];
        count_at_label(reading, label, own);
        sums_at_label(reading, label, own);
    }
    for (uint32_t i = 0; i < layout->segment_count; i++)
        count_in_margin(reading, i, &signs[layout->segments[i].page]);
    doxin_status status = dx_field_candidates(ctx, reading, &all);
    for (size_t i = 0; i < all.count && status == DOXIN_OK; i++)
        take_candidate(reading, &all.items[i], signs);
    return status;
}

/* ---- the choice ------------------------------------------------------------------------------------------------------------ */

static bool stands_on(const dx_reading *reading, uint32_t first, uint32_t last, const char *text)
{
    for (uint32_t i = 0; i < reading->layout->segment_count; i++) {
        const dx_segment *segment = &reading->layout->segments[i];
        if (segment->page >= first && segment->page <= last && strstr(segment->text, text))
            return true;
    }
    return false;
}

/* The same number read twice from a scan. */
static bool nearly_equal(const char *a, const char *b)
{
    size_t size = strlen(a), differ = 0;
    if (strlen(b) != size)
        return false;
    for (size_t i = 0; i < size; i++)
        differ += a[i] != b[i];
    return differ <= MISREAD_MOST;
}

/* 0: nothing is known; negative: the same. */
static int number_score(const dx_reading *reading, const page_signs *signs, uint32_t first, uint32_t page)
{
    const char *before = NULL, *here = signs[page].number;
    for (uint32_t i = first; i < page && !before; i++)
        before = signs[i].number;
    if (before && stands_on(reading, page, page, before))
        return -300;
    if (here && stands_on(reading, first, page - 1, here))
        return -300;
    if (!before || !here)
        return 0;
    bool ocr = signs[page].ocr || signs[first].ocr;
    if (ocr && nearly_equal(before, here))
        return 0;
    return ocr ? NUMBER_CHANGES_OCR : NUMBER_CHANGES;
}

static int count_score(const page_signs *before, const page_signs *here)
{
    if (here->count > 1)
        return -300;
    if (here->count == 0)
        return 0;
    if (before->count_of > before->count)
        return COUNT_RESTARTS + COUNT_BROKEN;
    return COUNT_RESTARTS + (before->count_of ? COUNT_COMPLETE : 0);
}

static int begin_score(const dx_reading *reading, const page_signs *signs, uint32_t first, uint32_t page)
{
    const page_signs *here = &signs[page];
    const dx_date *date = NULL;
    bool total = false;
    for (uint32_t i = first; i < page; i++) {
        total |= signs[i].total;
        date = date ? date : signs[i].date;
    }
    int score = number_score(reading, signs, first, page) + count_score(&signs[page - 1], here);
    if (here->carried)
        score -= 200;
    if (here->title >= TITLE_LEAST)
        score += TITLE;
    else if (here->other >= TITLE_LEAST)
        score += OTHER_PAPER;
    if (total && here->total)
        score += SUMS_CLOSED;
    if (date && here->date && dx_date_compare(*date, *here->date) != 0)
        score += DATE_CHANGES;
    return score;
}

doxin_status dx_documents_find(dx_ctx *ctx, const dx_reading *reading, dx_page_range **out, size_t *count)
{
    size_t pages = reading->layout->page_count;
    page_signs *signs = dx_array(ctx, pages + 1, sizeof *signs);
    *out = dx_array(ctx, pages + 1, sizeof **out);
    *count = 1;
    if (!signs || !*out)
        return DOXIN_E_NOMEM;
    (*out)[0] = (dx_page_range){0, pages};
    doxin_status status = pages > 1 ? read_signs(ctx, reading, signs) : DOXIN_OK;
    for (uint32_t page = 1; page < pages && status == DOXIN_OK; page++) {
        dx_page_range *last = &(*out)[*count - 1];
        if (begin_score(reading, signs, (uint32_t)last->first, page) < SPLIT_FROM)
            continue;
        last->count = page - last->first;
        (*out)[(*count)++] = (dx_page_range){page, pages - page};
    }
    return status;
}
