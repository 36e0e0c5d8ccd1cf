/* One page that stands alone: the document with its boxes, the fields beside it, and first of all what to doubt. */
#include "core/present/html.h"

#include "base/crypto/hash.h"
#include "base/text/markup.h"

#include <string.h>

enum { DOUBTS_MAX = 12 }; /* in the list; all are marked where they stand */

static const dx_field *field_of(const dx_html *to, dx_header_id id)
{
    return &to->invoice->header[id];
}

void dx_html_text(dx_html *to, const char *text)
{
    dx_markup_text(to->out, text);
}

void dx_html_id(dx_buffer *out, char prefix, const char *path)
{
    dx_buffer_char(out, prefix);
    dx_buffer_char(out, '-');
    for (const char *p = path; *p; p++)
        if (*p != ']')
            dx_buffer_char(out, *p == '.' || *p == '[' ? '-' : *p);
}

void dx_html_base64(dx_buffer *out, const void *data, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *bytes = data;
    char *text = dx_buffer_reserve(out, (size + 2) / 3 * 4);
    if (!text)
        return;
    for (size_t i = 0; i < size; i += 3, text += 4) {
        size_t rest = size - i;
        unsigned group = (unsigned)bytes[i] << 16 | (rest > 1 ? (unsigned)bytes[i + 1] << 8 : 0) |
                         (rest > 2 ? (unsigned)bytes[i + 2] : 0);
        text[0] = digits[group >> 18];
        text[1] = digits[group >> 12 & 63];
        text[2] = rest > 1 ? digits[group >> 6 & 63] : '=';
        text[3] = rest > 2 ? digits[group & 63] : '=';
    }
    out->len += (size + 2) / 3 * 4;
    out->data[out->len] = '\0';
}

/* ---- what to doubt ------------------------------------------------------------------------------------------------------- */

/* The path may name a list ("line_items") or nothing of this document: then there is nothing to link to. */
static bool is_shown(const dx_html *to, const char *path)
{
    for (int id = 0; id < DX_HEADER_COUNT; id++)
        if (to->invoice->header[id].present && strcmp(dx_header_path((dx_header_id)id), path) == 0)
            return true;
    return strchr(path, '.') && (strncmp(path, "line_items[", 11) == 0 || strncmp(path, "taxes[", 6) == 0);
}

static void put_title_of(dx_html *to, const char *path, const char *title)
{
    bool linked = is_shown(to, path);
    if (linked) {
        dx_buffer_text(to->out, "<a href=\"#");
        dx_html_id(to->out, 'f', path);
        dx_buffer_printf(to->out, "\" data-f=\"");
        dx_html_text(to, path);
        dx_buffer_text(to->out, "\">");
    }
    dx_html_text(to, title);
    dx_buffer_text(to->out, linked ? "</a> " : " ");
}

static void put_item(dx_html *to, const char *class, const char *tag)
{
    dx_buffer_printf(to->out, "<li class=\"%s\"><b class=\"tag\">%s</b> ", class, tag);
}

static void put_failing(dx_html *to)
{
    char title[96], path[96];
    for (size_t i = 0; i < to->invoice->check_count; i++) {
        const dx_invoice_check *check = &to->invoice->checks[i];
        if (check->state != DX_CHECK_FAILS)
            continue;
        put_item(to, "fails", check->equation ? "does not add up" : "wrong");
        put_title_of(to, dx_present_rule_path(to->invoice, check->rule, path, sizeof path),
                     dx_present_rule(check->rule, title, sizeof title));
        dx_html_text(to, check->text);
        dx_buffer_text(to->out, "</li>\n");
    }
}

static void put_missing(dx_html *to)
{
    dx_header_id missing[DX_PRESENT_NEEDED];
    char title[96];
    size_t count = dx_present_missing(to->invoice, missing);
    for (size_t i = 0; i < count; i++) {
        put_item(to, "fails", "missing");
        dx_html_text(to, dx_present_label(dx_header_path(missing[i]), title, sizeof title));
        dx_buffer_text(to->out, " was not found</li>\n");
    }
}

static void put_warnings(dx_html *to)
{
    char title[96];
    for (size_t i = 0; i < to->invoice->warning_count; i++) {
        const dx_warning *warning = &to->invoice->warnings[i];
        if (dx_present_repeats_check(to->invoice, warning))
            continue;
        bool differs = strcmp(warning->code, "xml_page_difference") == 0;
        put_item(to, differs ? "fails" : "doubt", differs ? "XML and page differ" : "note");
        if (warning->path[0])
            put_title_of(to, warning->path, dx_present_label(warning->path, title, sizeof title));
        dx_html_text(to, warning->message);
        dx_buffer_text(to->out, "</li>\n");
    }
}

typedef struct doubts {
    dx_html *to;
    size_t count;
} doubts;

static void put_doubt(void *data, const dx_present_value *value)
{
    doubts *all = data;
    char title[96];
    if (!dx_present_doubtful(value->field) || dx_present_is_part(all->to->invoice, value->path) ||
        all->count++ >= DOUBTS_MAX)
        return;
    put_item(all->to, "doubt", "doubtful");
    put_title_of(all->to, value->path, dx_present_label(value->path, title, sizeof title));
    dx_buffer_text(all->to->out, "<q>");
    dx_html_text(all->to, value->field->text);
    dx_buffer_printf(all->to->out, "</q> is only %d&nbsp;%% sure</li>\n", value->field->evidence.confidence / 10);
}

static const char *way_of(dx_origin origin)
{
    static const char *const ways[] = {"",           "read from its XML",      "read from its text", "read by OCR",
                                       "by a model", "supplied by arithmetic", "corrected by hand"};
    return ways[origin];
}

static void put_verdict(dx_html *to)
{
    const dx_invoice *invoice = to->invoice;
    size_t holds = 0;
    for (size_t i = 0; i < invoice->check_count; i++)
        holds += invoice->checks[i].state == DX_CHECK_HOLDS;
    dx_buffer_printf(to->out,
                     "<section class=\"verdict %s\" aria-label=\"Verdict\"><p><strong>%s</strong> "
                     "%d&nbsp;%% sure · %zu check%s hold%s · %zu fail%s · %s</p>\n<ul>\n",
                     invoice->needs_review ? "look" : "fine",
                     invoice->needs_review ? "Needs review" : "Needs no review", invoice->confidence / 10, holds,
                     holds == 1 ? "" : "s", holds == 1 ? "s" : "", to->fails.count, to->fails.count == 1 ? "s" : "",
                     way_of(to->origin));
    put_failing(to);
    put_missing(to);
    put_warnings(to);
    doubts all = {to, 0};
    dx_present_each(invoice, &to->fails, put_doubt, &all);
    if (all.count > DOUBTS_MAX)
        dx_buffer_printf(to->out, "<li class=\"doubt\">and %zu more doubtful values, marked where they stand</li>\n",
                         all.count - DOUBTS_MAX);
    dx_buffer_text(to->out, "</ul></section>\n");
}

/* ---- head ------------------------------------------------------------------------------------------------------------------ */

static void put_title(dx_html *to)
{
    const dx_field *number = field_of(to, DX_HEADER_NUMBER);
    char title[64];
    dx_html_text(to, dx_present_label(dx_kind_name(to->invoice->kind), title, sizeof title));
    dx_buffer_char(to->out, ' ');
    dx_html_text(to, number->present ? number->text : "without a number");
}

static bool put_hash(dx_html *to, const char *directive, const char *text, size_t size)
{
    unsigned char hash[DX_SHA256_SIZE];
    if (!dx_sha256(text, size, hash))
        return false;
    dx_buffer_printf(to->out, ";%s 'sha256-", directive);
    dx_html_base64(to->out, hash, sizeof hash);
    dx_buffer_char(to->out, '\'');
    return true;
}

/* Nothing is fetched, and nothing runs but the one style and the one script that are named by their hashes: also what a
 * document might have smuggled past the escaping. */
static bool put_policy(dx_html *to, const dx_buffer *style)
{
    dx_buffer_text(to->out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';img-src data:;"
                            "base-uri 'none';form-action 'none'");
    bool done = put_hash(to, "style-src", style->data, style->len) &&
                put_hash(to, "script-src", dx_html_script, strlen(dx_html_script));
    dx_buffer_text(to->out, "\">\n");
    return done;
}

static doxin_status put_head(dx_html *to)
{
    dx_buffer style;
    dx_buffer_init(&style, 0);
    dx_buffer_text(&style, dx_html_style);
    dx_html_places(to, &style);
    dx_buffer_text(to->out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    bool done = !style.failed && put_policy(to, &style);
    dx_buffer_text(to->out, "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                            "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    put_title(to);
    dx_buffer_text(to->out, "</title>\n<style>");
    if (done)
        dx_buffer_add(to->out, style.data, style.len);
    dx_buffer_text(to->out, "</style>\n</head>\n");
    dx_buffer_free(&style);
    return done ? DOXIN_OK : dx_nomem(to->ctx);
}

static void put_total(dx_html *to)
{
    const dx_field *total = field_of(to, DX_HEADER_TOTAL), *currency = field_of(to, DX_HEADER_CURRENCY);
    if (!total->present)
        return;
    dx_buffer_text(to->out, "<p class=\"amount\">");
    dx_html_number(to, total->text);
    dx_buffer_text(to->out, " <small>");
    dx_html_text(to, currency->present ? currency->text : "");
    dx_buffer_text(to->out, "</small></p>\n");
}

static void put_banner(dx_html *to)
{
    const dx_field *vendor = field_of(to, DX_HEADER_VENDOR_NAME), *customer = field_of(to, DX_HEADER_CUSTOMER_NAME);
    dx_buffer_text(to->out, "<header class=\"banner\"><div><h1>");
    put_title(to);
    dx_buffer_text(to->out, "</h1><p>");
    dx_html_text(to, vendor->present ? vendor->text : "");
    dx_buffer_text(to->out, vendor->present && customer->present ? " → " : "");
    dx_html_text(to, customer->present ? customer->text : "");
    dx_buffer_text(to->out, "</p></div>");
    put_total(to);
    dx_buffer_text(to->out, "</header>\n");
}

static void put_foot(dx_html *to)
{
    dx_buffer_text(to->out, "<footer><p>");
    if (to->options->file_name) {
        dx_buffer_text(to->out, "<b>");
        dx_html_text(to, to->options->file_name);
        dx_buffer_text(to->out, "</b>, ");
    }
    dx_buffer_text(to->out,
                   "read by DoxIn</p><p class=\"keys\">Keys: <kbd>n</kbd> next thing to look at, <kbd>p</kbd> the one "
                   "before, <kbd>Tab</kbd> through the values</p></footer>\n");
}

static void count_origin(void *data, const dx_present_value *value)
{
    size_t *counts = data;
    counts[value->field->evidence.origin]++;
}

static dx_origin origin_of_most(const dx_html *to)
{
    size_t counts[DX_ORIGIN_HUMAN + 1] = {0};
    int most = DX_ORIGIN_NONE;
    dx_present_each(to->invoice, &to->fails, count_origin, counts);
    for (int i = DX_ORIGIN_XML; i <= DX_ORIGIN_HUMAN; i++)
        most = counts[i] > counts[most] || most == DX_ORIGIN_NONE ? i : most;
    return (dx_origin)most;
}

doxin_status dx_present_html(dx_ctx *ctx, const dx_invoice *invoice, const dx_present_options *options, dx_buffer *out)
{
    dx_html to = {.ctx = ctx, .out = out, .invoice = invoice, .options = options};
    if (!dx_present_find_fails(ctx, invoice, &to.fails) || !dx_html_find_boxes(&to))
        return DOXIN_E_NOMEM;
    to.origin = origin_of_most(&to);
    doxin_status status = put_head(&to);
    if (status != DOXIN_OK)
        return status;
    dx_buffer_printf(out, "<body%s>\n<main class=\"fields\">\n", dx_html_has_sheets(&to) ? "" : " class=\"alone\"");
    put_banner(&to);
    put_verdict(&to);
    dx_html_fields(&to);
    dx_html_lines(&to);
    dx_html_sums(&to);
    dx_html_checks(&to);
    dx_html_evidence(&to);
    put_foot(&to);
    dx_buffer_text(out, "</main>\n");
    dx_html_sheets(&to);
    dx_buffer_text(out, "<script>");
    dx_buffer_text(out, dx_html_script);
    dx_buffer_text(out, "</script>\n</body>\n</html>\n");
    return DOXIN_OK;
}
