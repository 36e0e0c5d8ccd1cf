/* The document with its boxes. */
#include "base/text/markup.h"
#include "core/present/html.h"

#include <stdlib.h>
#include <string.h>

enum {
    PAGES_MAX = 1000,
    RIGHT = 60000 /* of 100000: further right the name of a box goes to its left */
};

/* ---- boxes -------------------------------------------------------------------------------------------------------------- */

static bool is_placed(const dx_field *field)
{
    const int32_t *at = field->evidence.box;
    return field->evidence.page > 0 && field->evidence.page <= PAGES_MAX && at[0] >= 0 && at[1] >= 0 && at[2] > at[0] &&
           at[3] > at[1] && at[2] <= 100000 && at[3] <= 100000;
}

bool dx_html_has_box(const dx_html *to, const char *path, const dx_field *field)
{
    return is_placed(field) && !dx_present_is_part(to->invoice, path);
}

typedef struct collector {
    dx_html *to;
    bool failed;
} collector;

static void collect(void *data, const dx_present_value *value)
{
    collector *all = data;
    dx_html *to = all->to;
    if (all->failed || !dx_html_has_box(to, value->path, value->field))
        return;
    dx_html_box *box = dx_push(to->ctx, (void **)&to->boxes, &to->box_count, &to->box_capacity, sizeof *box);
    if (box)
        *box = (dx_html_box){value->field, dx_text(to->ctx, value->path), value->fails, 0};
    all->failed = !box || !box->path;
}

static int64_t area_of(const dx_html_box *box)
{
    const int32_t *at = box->field->evidence.box;
    return (int64_t)(at[2] - at[0]) * (at[3] - at[1]);
}

static int compare(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static int by_area(const void *a, const void *b)
{
    const dx_html_box *x = *(dx_html_box *const *)a, *y = *(dx_html_box *const *)b;
    int order = compare(area_of(y), area_of(x));
    return order ? order : compare(x - y, 0);
}

/* As one reads: from top to bottom, from left to right. */
static int by_place(const void *a, const void *b)
{
    const dx_html_box *x = a, *y = b;
    const int32_t *p = x->field->evidence.box, *q = y->field->evidence.box;
    int order = compare(x->field->evidence.page, y->field->evidence.page);
    order = order ? order : compare((p[1] + p[3]) / 2000, (q[1] + q[3]) / 2000);
    order = order ? order : compare(p[0], q[0]);
    return order ? order : strcmp(x->path, y->path);
}

bool dx_html_find_boxes(dx_html *to)
{
    collector all = {to, false};
    dx_present_each(to->invoice, &to->fails, collect, &all);
    dx_html_box **sorted = dx_array(to->ctx, to->box_count + 1, sizeof(dx_html_box *));
    if (all.failed || !sorted)
        return false;
    if (to->box_count == 0)
        return true;
    qsort(to->boxes, to->box_count, sizeof *to->boxes, by_place);
    for (size_t i = 0; i < to->box_count; i++)
        sorted[i] = &to->boxes[i];
    qsort(sorted, to->box_count, sizeof *sorted, by_area);
    for (size_t i = 0; i < to->box_count; i++)
        sorted[i]->layer = i + 1;
    return true;
}

/* Shares of the page in percent, without floating point: 12345 of 100000 is 12.345 %. */
static void put_share(dx_buffer *out, const char *name, int32_t share)
{
    dx_buffer_printf(out, "%s:%d.%03d%%;", name, (int)(share / 1000), (int)(share % 1000));
}

void dx_html_places(const dx_html *to, dx_buffer *out)
{
    for (size_t i = 0; i < to->box_count; i++) {
        const int32_t *at = to->boxes[i].field->evidence.box;
        dx_buffer_char(out, '#');
        dx_html_id(out, 'b', to->boxes[i].path);
        dx_buffer_char(out, '{');
        put_share(out, "left", at[0]);
        put_share(out, "top", at[1]);
        put_share(out, "width", at[2] - at[0]);
        put_share(out, "height", at[3] - at[1]);
        dx_buffer_printf(out, "z-index:%zu}\n", to->boxes[i].layer);
    }
}

/* ---- sheets -------------------------------------------------------------------------------------------------------------- */

static void put_box(dx_html *to, const dx_html_box *box)
{
    const dx_field *field = box->field;
    char title[96];
    dx_present_label(box->path, title, sizeof title);
    dx_buffer_printf(to->out, "<a class=\"box%s%s%s\" id=\"", dx_present_doubtful(field) ? " doubt" : "",
                     box->fails ? " fails" : "", field->evidence.box[0] > RIGHT ? " right" : "");
    dx_html_id(to->out, 'b', box->path);
    dx_buffer_text(to->out, "\" href=\"#");
    dx_html_id(to->out, 'f', box->path);
    dx_buffer_text(to->out, "\" data-f=\"");
    dx_html_text(to, box->path);
    dx_buffer_printf(to->out, "\" data-label=\"%s\" aria-label=\"%s: ", title, title);
    dx_html_text(to, field->text);
    dx_buffer_text(to->out, "\">");
    dx_html_text(to, field->evidence.text ? field->evidence.text : field->text);
    dx_buffer_text(to->out, "</a>\n");
}

static void put_picture(dx_html *to, const dx_present_picture *picture)
{
    bool png = picture->size >= 4 && memcmp(picture->data, "\x89PNG", 4) == 0;
    dx_buffer_printf(to->out, "<img alt=\"Page %d of the document\" src=\"data:image/%s;base64,", picture->page,
                     png ? "png" : "jpeg");
    dx_html_base64(to->out, picture->data, picture->size);
    dx_buffer_text(to->out, "\">\n");
}

/* first: in the list of boxes, of this page or a later one. Returns how many it put. */
static size_t put_sheet(dx_html *to, int page, const dx_present_picture *picture, size_t first)
{
    size_t next = first;
    bool shown = picture && picture->data;
    dx_buffer_printf(to->out, "<figure class=\"sheet%s\" id=\"page-%d\">\n<figcaption>Page %d", shown ? " picture" : "",
                     page, page);
    if (to->invoice->page_count > 1)
        dx_buffer_printf(to->out, " of %zu", to->invoice->page_count);
    if (!shown) {
        dx_buffer_text(to->out, " · only the words that were taken, at their places");
        if (picture && picture->problem) {
            dx_buffer_text(to->out, ": ");
            dx_html_text(to, picture->problem);
        }
    }
    dx_buffer_text(to->out, "</figcaption>\n<div class=\"paper\"");
    if (to->invoice->language && to->invoice->language[0]) {
        dx_buffer_text(to->out, " lang=\"");
        dx_html_text(to, to->invoice->language);
        dx_buffer_char(to->out, '"');
    }
    dx_buffer_text(to->out, ">\n");
    if (shown)
        put_picture(to, picture);
    for (; next < to->box_count && to->boxes[next].field->evidence.page == page; next++)
        put_box(to, &to->boxes[next]);
    dx_buffer_text(to->out, "</div></figure>\n");
    return next - first;
}

bool dx_html_has_sheets(const dx_html *to)
{
    return to->box_count > 0 || to->options->picture_count > 0;
}

static size_t count_sheets(const dx_html *to)
{
    const dx_present_options *options = to->options;
    size_t count = options->picture_count;
    for (size_t i = 0; i < to->box_count; i++) {
        int page = to->boxes[i].field->evidence.page;
        bool pictured = i > 0 && to->boxes[i - 1].field->evidence.page == page;
        for (size_t k = 0; k < options->picture_count && !pictured; k++)
            pictured = options->pictures[k].page == page;
        count += !pictured;
    }
    return count;
}

static void put_caption(dx_html *to)
{
    size_t sheets = count_sheets(to);
    dx_buffer_text(to->out, "<input type=\"checkbox\" id=\"zoom\"><label for=\"zoom\">Larger</label>\n");
    if (sheets < to->invoice->page_count)
        dx_buffer_printf(to->out, "<p>%zu of the %zu pages are shown</p>\n", sheets, to->invoice->page_count);
}

void dx_html_sheets(dx_html *to)
{
    const dx_present_options *options = to->options;
    size_t box = 0, picture = 0;
    if (!dx_html_has_sheets(to))
        return;
    dx_buffer_text(to->out, "<section class=\"document\" aria-label=\"The document\">\n");
    put_caption(to);
    while (box < to->box_count || picture < options->picture_count) {
        int a = box < to->box_count ? to->boxes[box].field->evidence.page : PAGES_MAX + 1;
        int b = picture < options->picture_count ? options->pictures[picture].page : PAGES_MAX + 1;
        const dx_present_picture *shown = b <= a ? &options->pictures[picture++] : NULL;
        box += put_sheet(to, b <= a ? b : a, shown, box);
    }
    dx_buffer_text(to->out, "</section>\n");
}

/* ---- which pages are worth a picture --------------------------------------------------------------------------------------- */

typedef struct seen_pages {
    bool page[PAGES_MAX + 1];
} seen_pages;

static void see(void *data, const dx_present_value *value)
{
    seen_pages *seen = data;
    if (is_placed(value->field))
        seen->page[value->field->evidence.page] = true;
}

static void see_all(const dx_invoice *invoice, seen_pages *seen)
{
    for (int id = 0; id < DX_HEADER_COUNT; id++)
        see(seen, &(dx_present_value){.field = &invoice->header[id]});
    for (size_t i = 0; i < invoice->line_count; i++)
        for (int id = 0; id < DX_CELL_COUNT; id++)
            see(seen, &(dx_present_value){.field = &invoice->lines[i].cell[id]});
}

size_t dx_present_pages(const dx_invoice *invoice, size_t page_count, size_t most, int *pages)
{
    seen_pages seen = {{false}};
    int last = page_count < PAGES_MAX ? (int)page_count : PAGES_MAX;
    size_t read = 0, count = 0;
    see_all(invoice, &seen);
    for (int page = 1; page <= last; page++)
        read += seen.page[page];
    size_t others = read < most ? most - read : 0;
    for (int page = 1; page <= last && count < most; page++) {
        if (!seen.page[page] && others == 0)
            continue;
        others -= !seen.page[page];
        pages[count++] = page;
    }
    return count;
}
