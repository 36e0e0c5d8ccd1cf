/* Line items, checks, and the evidence of every value. */
#include "core/present/html.h"

#include <stdio.h>
#include <string.h>

/* ---- lines ----------------------------------------------------------------------------------------------------------------- */

/* Columns in their order; one that no line has is left out. What has no column stands below the description. */
static const struct {
    dx_cell_id id;
    const char *title;
} columns[] = {{DX_CELL_NUMBER, "No."},          {DX_CELL_ITEM, "Item"},         {DX_CELL_DESCRIPTION, "Description"},
               {DX_CELL_QUANTITY, "Quantity"},   {DX_CELL_UNIT, "Unit"},         {DX_CELL_PRICE, "Price"},
               {DX_CELL_DISCOUNT_PERCENT, "−%"}, {DX_CELL_DISCOUNT_AMOUNT, "−"}, {DX_CELL_TAX_RATE, "Tax %"},
               {DX_CELL_TOTAL, "Total"}};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

static bool has_column(const dx_invoice *invoice, dx_cell_id id)
{
    if (id == DX_CELL_DESCRIPTION)
        return true;
    for (size_t i = 0; i < invoice->line_count; i++)
        if (invoice->lines[i].cell[id].present)
            return true;
    return false;
}

static bool is_column(dx_cell_id id)
{
    for (size_t k = 0; k < COLUMNS; k++)
        if (columns[k].id == id)
            return true;
    return false;
}

static void put_cell(dx_html *to, size_t line, dx_cell_id id)
{
    char path[64], price[DX_DECIMAL_TEXT];
    const dx_field *field = &to->invoice->lines[line].cell[id];
    const char *shown = NULL;
    if (!field->present)
        return;
    snprintf(path, sizeof path, "line_items[%zu].%s", line, dx_cell_name(id));
    if (id == DX_CELL_PRICE)
        shown = dx_decimal_text_min(field->number, dx_present_digits(to->invoice), price);
    if (id == DX_CELL_UNIT)
        shown = dx_present_unit(field);
    bool fails = id == DX_CELL_TOTAL && to->fails.lines[line];
    dx_present_value value = {path, field, dx_cell_kind(id), fails};
    dx_html_marks(to, &value, false);
    dx_html_value(to, &value, shown);
}

static void put_rest(dx_html *to, size_t line)
{
    const dx_line *at = &to->invoice->lines[line];
    for (int i = 0; i < DX_CELL_COUNT; i++) {
        dx_cell_id id = (dx_cell_id)i;
        char label[64];
        if (is_column(id) || !at->cell[id].present)
            continue;
        dx_buffer_text(to->out, "<br><small>");
        if (id != DX_CELL_DETAIL)
            dx_buffer_printf(to->out, "%s ", dx_present_label(dx_cell_name(id), label, sizeof label));
        put_cell(to, line, id);
        dx_buffer_text(to->out, "</small>");
    }
}

static void put_line(dx_html *to, size_t line, const bool *shown)
{
    dx_buffer_printf(to->out, "<tr%s><th scope=\"row\" class=\"n\">%zu</th>",
                     to->fails.lines[line] ? " class=\"fails\"" : "", line + 1);
    for (size_t k = 0; k < COLUMNS; k++) {
        if (!shown[k])
            continue;
        dx_buffer_text(to->out, dx_cell_kind(columns[k].id) != DX_VALUE_TEXT ? "<td class=\"n\">" : "<td>");
        put_cell(to, line, columns[k].id);
        if (columns[k].id == DX_CELL_DESCRIPTION)
            put_rest(to, line);
        dx_buffer_text(to->out, "</td>");
    }
    dx_buffer_text(to->out, "</tr>\n");
}

void dx_html_lines(dx_html *to)
{
    bool shown[COLUMNS];
    if (to->invoice->line_count == 0)
        return;
    dx_buffer_printf(to->out,
                     "<section class=\"card\"><h2>Line items <small>%zu</small></h2><div class=\"wide\">"
                     "<table class=\"lines\"><thead><tr><th scope=\"col\" class=\"n\">#</th>",
                     to->invoice->line_count);
    for (size_t k = 0; k < COLUMNS; k++) {
        shown[k] = has_column(to->invoice, columns[k].id);
        if (shown[k])
            dx_buffer_printf(to->out, "<th scope=\"col\"%s>%s</th>",
                             dx_cell_kind(columns[k].id) != DX_VALUE_TEXT ? " class=\"n\"" : "", columns[k].title);
    }
    dx_buffer_text(to->out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < to->invoice->line_count; i++)
        put_line(to, i, shown);
    dx_buffer_text(to->out, "</tbody></table></div></section>\n");
}

/* ---- checks ---------------------------------------------------------------------------------------------------------------- */

static void put_check(dx_html *to, const dx_invoice_check *check)
{
    static const char *const states[] = {"", "✓ holds", "✗ fails", "not known"};
    static const char *const classes[] = {"", "holds", "fails", "unknown"};
    char title[96];
    dx_buffer_text(to->out, "<tr><th scope=\"row\">");
    dx_html_text(to, dx_present_rule(check->rule, title, sizeof title));
    dx_buffer_printf(to->out, "</th><td class=\"%s\">%s</td><td>", classes[check->state], states[check->state]);
    dx_html_text(to, check->text);
    dx_buffer_text(to->out, "</td></tr>\n");
}

void dx_html_checks(dx_html *to)
{
    if (to->invoice->check_count == 0)
        return;
    dx_buffer_printf(to->out,
                     "<details class=\"card\"%s><summary><h2>Checks <small>%zu</small></h2></summary>"
                     "<div class=\"wide\"><table class=\"checks\"><tbody>\n",
                     to->fails.count > 0 ? " open" : "", to->invoice->check_count);
    /* What fails comes first. */
    for (size_t i = 0; i < to->invoice->check_count; i++)
        if (to->invoice->checks[i].state == DX_CHECK_FAILS)
            put_check(to, &to->invoice->checks[i]);
    for (size_t i = 0; i < to->invoice->check_count; i++)
        if (to->invoice->checks[i].state != DX_CHECK_FAILS)
            put_check(to, &to->invoice->checks[i]);
    dx_buffer_text(to->out, "</tbody></table></div></details>\n");
}

/* ---- evidence --------------------------------------------------------------------------------------------------------------- */

static void put_evidence(void *data, const dx_present_value *value)
{
    dx_html *to = data;
    const dx_field *field = value->field;
    const dx_evidence *evidence = &field->evidence;
    dx_buffer_text(to->out, "<tr><th scope=\"row\"><a href=\"#");
    dx_html_id(to->out, 'f', value->path);
    dx_buffer_text(to->out, "\"><code>");
    dx_html_text(to, value->path);
    dx_buffer_text(to->out, "</code></a></th><td>");
    dx_html_text(to, field->text);
    dx_buffer_text(to->out, "</td><td>");
    dx_html_text(to, evidence->text ? evidence->text : "");
    dx_buffer_printf(to->out, "</td><td class=\"n\">%d&nbsp;%%</td><td>%s", evidence->confidence / 10,
                     evidence->origin != DX_ORIGIN_NONE ? dx_origin_name(evidence->origin) : "");
    if (evidence->page > 0)
        dx_buffer_printf(to->out, ", page %d", evidence->page);
    dx_buffer_text(to->out, "</td><td>");
    dx_html_text(to, field->note ? field->note : "");
    for (size_t i = 0; i < field->rival_count; i++) {
        dx_buffer_text(to->out, "<br>not ");
        dx_html_text(to, field->rivals[i].value);
        dx_buffer_text(to->out, field->rivals[i].reason ? ": " : "");
        dx_html_text(to, field->rivals[i].reason ? field->rivals[i].reason : "");
    }
    dx_buffer_text(to->out, "</td></tr>\n");
}

void dx_html_evidence(dx_html *to)
{
    dx_buffer_text(to->out,
                   "<details class=\"card\"><summary><h2>Evidence of every value</h2></summary><div class=\"wide\">"
                   "<table class=\"evidence\"><thead><tr><th scope=\"col\">Path</th><th scope=\"col\">Value</th>"
                   "<th scope=\"col\">Printed</th><th scope=\"col\" class=\"n\">Sure</th><th scope=\"col\">From</th>"
                   "<th scope=\"col\">Why</th></tr></thead><tbody>\n");
    dx_present_each(to->invoice, &to->fails, put_evidence, to);
    dx_buffer_text(to->out, "</tbody></table></div></details>\n");
}
