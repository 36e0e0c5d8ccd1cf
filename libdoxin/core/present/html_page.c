/* The document with its boxes, and what all parts of the page share. */
#include "core/present/html.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void dx_html_text(dx_buffer *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        switch (*p) {
        case '&':
            dx_buffer_text(out, "&amp;");
            break;
        case '<':
            dx_buffer_text(out, "&lt;");
            break;
        case '>':
            dx_buffer_text(out, "&gt;");
            break;
        case '"':
            dx_buffer_text(out, "&quot;");
            break;
        default:
            dx_buffer_char(out, *p);
        }
    }
}

void dx_html_id(dx_buffer *out, char prefix, const char *path)
{
    dx_buffer_char(out, prefix);
    dx_buffer_char(out, '-');
    for (const char *p = path; *p; p++)
        if (*p != ']')
            dx_buffer_char(out, *p == '.' || *p == '[' ? '-' : *p);
}

bool dx_html_doubtful(const dx_field *field)
{
    return field->evidence.origin != DX_ORIGIN_NONE && field->evidence.confidence < DX_PRESENT_DOUBT;
}

bool dx_html_placed(const dx_field *field)
{
    return field->present && field->evidence.page > 0 && field->evidence.box[2] > field->evidence.box[0];
}

static void visit_cells(const char *list, size_t index, const dx_field *cells, int count, const char *(*name_of)(int),
                        dx_html_visit visit, void *data)
{
    char path[96];
    for (int id = 0; id < count; id++) {
        if (!cells[id].present)
            continue;
        snprintf(path, sizeof path, "%s[%zu].%s", list, index, name_of(id));
        visit(data, path, &cells[id]);
    }
}

static const char *cell_name(int id)
{
    return dx_cell_name((dx_cell_id)id);
}

static const char *tax_name(int id)
{
    return dx_tax_name((dx_tax_id)id);
}

void dx_html_each(const dx_invoice *invoice, dx_html_visit visit, void *data)
{
    char path[96];
    for (int id = 0; id < DX_HEADER_COUNT; id++)
        if (invoice->header[id].present)
            visit(data, dx_header_path((dx_header_id)id), &invoice->header[id]);
    for (size_t i = 0; i < invoice->line_count; i++)
        visit_cells("line_items", i, invoice->lines[i].cell, DX_CELL_COUNT, cell_name, visit, data);
    for (size_t i = 0; i < invoice->tax_count; i++)
        visit_cells("taxes", i, invoice->taxes[i].cell, DX_TAX_COUNT, tax_name, visit, data);
    for (size_t i = 0; i < invoice->adjustment_count; i++) {
        snprintf(path, sizeof path, "adjustments[%zu].amount", i);
        if (invoice->adjustments[i].amount.present)
            visit(data, path, &invoice->adjustments[i].amount);
    }
}

/* ---- pages ------------------------------------------------------------------------------------------------------------- */

/* A value with its place; all of them sorted by page, so that a long document is walked once. */
typedef struct box {
    const dx_field *field;
    const char *path;
    size_t order;
} box;

typedef struct boxes {
    dx_ctx *ctx;
    box *items;
    size_t count, capacity;
    bool failed;
} boxes;

static void collect(void *data, const char *path, const dx_field *field)
{
    boxes *all = data;
    const int32_t *at = field->evidence.box;
    if (!dx_html_placed(field) || at[0] < 0 || at[1] < 0 || at[3] < at[1] || all->failed)
        return;
    box *item = dx_push(all->ctx, (void **)&all->items, &all->count, &all->capacity, sizeof *item);
    if (item)
        *item = (box){field, dx_text(all->ctx, path), all->count};
    all->failed = !item || !item->path;
}

static int by_page(const void *a, const void *b)
{
    const box *x = a, *y = b;
    if (x->field->evidence.page != y->field->evidence.page)
        return x->field->evidence.page < y->field->evidence.page ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Shares of the page in percent, without floating point: 12345 of 100000 is 12.345 %. */
static void put_share(dx_buffer *out, const char *name, int32_t share)
{
    dx_buffer_printf(out, "%s:%d.%03d%%;", name, (int)(share / 1000), (int)(share % 1000));
}

static void put_box(dx_buffer *out, const box *item)
{
    const dx_field *field = item->field;
    const int32_t *at = field->evidence.box;
    dx_buffer_printf(out, "<a class=\"box%s\" id=\"", dx_html_doubtful(field) ? " doubt" : "");
    dx_html_id(out, 'b', item->path);
    dx_buffer_text(out, "\" href=\"#");
    dx_html_id(out, 'f', item->path);
    dx_buffer_text(out, "\" style=\"");
    put_share(out, "left", at[0]);
    put_share(out, "top", at[1]);
    put_share(out, "width", at[2] - at[0]);
    put_share(out, "height", at[3] - at[1]);
    dx_buffer_printf(out, "\" title=\"%s: ", item->path);
    dx_html_text(out, field->text);
    dx_buffer_printf(out, " (%d %%)\">", field->evidence.confidence / 10);
    dx_html_text(out, field->evidence.text ? field->evidence.text : field->text);
    dx_buffer_text(out, "</a>\n");
}

/* RFC 4648, 4, with padding: the form that a data URL takes. */
static void put_base64(dx_buffer *out, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < size; i += 3) {
        size_t rest = size - i;
        unsigned group = (unsigned)bytes[i] << 16 | (rest > 1 ? (unsigned)bytes[i + 1] << 8 : 0) |
                         (rest > 2 ? (unsigned)bytes[i + 2] : 0);
        char text[4] = {digits[group >> 18], digits[group >> 12 & 63], rest > 1 ? digits[group >> 6 & 63] : '=',
                        rest > 2 ? digits[group & 63] : '='};
        dx_buffer_add(out, text, sizeof text);
    }
}

static void put_picture(dx_buffer *out, const dx_present_picture *picture, int page)
{
    dx_buffer_printf(out, "<img alt=\"page %d\" src=\"data:image/png;base64,", page);
    put_base64(out, picture->png, picture->size);
    dx_buffer_text(out, "\">\n");
}

static int last_page(const boxes *all, const dx_present_options *options)
{
    enum { PAGES_MAX = 1000 };
    int last = all->count > 0 ? all->items[all->count - 1].field->evidence.page : 0;
    int pictures = options->picture_count < PAGES_MAX ? (int)options->picture_count : PAGES_MAX;
    last = last > pictures ? last : pictures;
    return last < PAGES_MAX ? last : PAGES_MAX;
}

bool dx_html_pages(dx_ctx *ctx, dx_buffer *out, const dx_invoice *invoice, const dx_present_options *options)
{
    boxes all = {.ctx = ctx};
    dx_html_each(invoice, collect, &all);
    if (all.failed)
        return false;
    if (all.count > 0)
        qsort(all.items, all.count, sizeof *all.items, by_page);
    int last = last_page(&all, options);
    size_t next = 0;
    for (int page = 1; page <= last; page++) {
        bool picture = (size_t)page <= options->picture_count;
        dx_buffer_printf(out, "<div class=\"sheet%s\">\n", picture ? " picture" : "");
        if (picture)
            put_picture(out, &options->pictures[page - 1], page);
        for (; next < all.count && all.items[next].field->evidence.page == page; next++)
            put_box(out, &all.items[next]);
        dx_buffer_text(out, "</div>\n");
    }
    return true;
}
