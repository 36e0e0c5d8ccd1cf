/* The fields beside the document: what identifies it, the parties, sums, taxes. */
#include "core/present/html.h"

#include <stdio.h>
#include <string.h>

/* ---- one value ------------------------------------------------------------------------------------------------------------- */

const char *dx_html_origin(dx_origin origin)
{
    static const char *const words[] = {"", "XML", "text", "OCR", "model", "calculated", "corrected"};
    return words[origin];
}

/* Groups of three digits stand apart, by style alone: what is copied has no space in it. */
void dx_html_number(dx_html *to, const char *text)
{
    size_t sign = *text == '-', whole = strspn(text + sign, "0123456789");
    size_t first = whole % 3 ? whole % 3 : whole < 3 ? whole : 3;
    dx_buffer_add(to->out, text, sign + first);
    for (size_t i = first; i < whole; i += 3)
        dx_buffer_printf(to->out, "<i>%.3s</i>", text + sign + i);
    dx_html_text(to, text + sign + whole);
}

static bool is_number(dx_value_kind kind)
{
    return kind == DX_VALUE_AMOUNT || kind == DX_VALUE_DECIMAL;
}

static void put_hint(dx_html *to, const dx_field *field)
{
    const dx_evidence *evidence = &field->evidence;
    dx_buffer_text(to->out, " title=\"");
    if (evidence->text && strcmp(evidence->text, field->text) != 0) {
        dx_buffer_text(to->out, "printed: ");
        dx_html_text(to, evidence->text);
        dx_buffer_text(to->out, " · ");
    }
    if (evidence->page > 0)
        dx_buffer_printf(to->out, "page %d · ", evidence->page);
    dx_buffer_printf(to->out, "%s · %d&nbsp;%% sure", dx_html_origin(evidence->origin), evidence->confidence / 10);
    if (field->note) {
        dx_buffer_text(to->out, " · ");
        dx_html_text(to, field->note);
    }
    dx_buffer_char(to->out, '"');
}

void dx_html_marks(dx_html *to, const dx_present_value *value, bool always)
{
    const dx_evidence *evidence = &value->field->evidence;
    bool doubtful = dx_present_doubtful(value->field);
    if (value->fails)
        dx_buffer_text(to->out, " <b class=\"mark fails\" title=\"does not add up\">✗</b> ");
    if (doubtful)
        dx_buffer_printf(to->out, " <b class=\"mark doubt\" title=\"doubtful\">?&nbsp;%d&nbsp;%%</b> ",
                         evidence->confidence / 10);
    if (!always || evidence->origin == DX_ORIGIN_NONE)
        return;
    if (evidence->origin != to->origin)
        dx_buffer_printf(to->out, " <span class=\"origin\">%s</span>", dx_html_origin(evidence->origin));
    if (!doubtful)
        dx_buffer_printf(to->out, " <span class=\"sure\">%d&nbsp;%%</span>", evidence->confidence / 10);
}

void dx_html_value(dx_html *to, const dx_present_value *value, const char *shown)
{
    char amount[DX_DECIMAL_TEXT];
    bool linked = dx_html_has_box(to, value->path, value->field);
    if (!shown && value->kind == DX_VALUE_AMOUNT)
        shown = dx_decimal_text_min(value->field->number, dx_present_digits(to->invoice), amount);
    const char *tag = linked ? "a" : "span";
    dx_buffer_printf(to->out, "<%s class=\"v%s%s\" id=\"", tag, dx_present_doubtful(value->field) ? " doubt" : "",
                     value->fails ? " fails" : "");
    dx_html_id(to->out, 'f', value->path);
    dx_buffer_char(to->out, '"');
    if (linked) {
        dx_buffer_text(to->out, " href=\"#");
        dx_html_id(to->out, 'b', value->path);
        dx_buffer_char(to->out, '"');
    }
    dx_buffer_text(to->out, " data-f=\"");
    dx_html_text(to, value->path);
    dx_buffer_char(to->out, '"');
    if (value->field->evidence.origin != DX_ORIGIN_NONE)
        put_hint(to, value->field);
    dx_buffer_char(to->out, '>');
    if (is_number(value->kind))
        dx_html_number(to, shown ? shown : value->field->text);
    else
        dx_html_text(to, shown ? shown : value->field->text);
    dx_buffer_printf(to->out, "</%s>", tag);
}

/* ---- rows ------------------------------------------------------------------------------------------------------------------ */

static dx_present_value header_value(const dx_html *to, dx_header_id id)
{
    return (dx_present_value){dx_header_path(id), &to->invoice->header[id], dx_header_kind(id), to->fails.header[id]};
}

static void put_row(dx_html *to, dx_header_id id, const char *name)
{
    char label[96];
    dx_present_value value = header_value(to, id);
    if (!value.field->present)
        return;
    dx_present_label(name, label, sizeof label);
    dx_buffer_printf(to->out, "<div><dt>%s</dt><dd>", label);
    dx_html_value(to, &value, NULL);
    dx_buffer_text(to->out, "</dd><dd>");
    dx_html_marks(to, &value, true);
    dx_buffer_text(to->out, "</dd></div>\n");
}

static bool is_amount(dx_header_id id)
{
    return dx_header_kind(id) == DX_VALUE_AMOUNT || dx_header_kind(id) == DX_VALUE_RATE;
}

static void put_facts(dx_html *to)
{
    dx_buffer_text(to->out, "<section class=\"card\"><h2>Document</h2><dl>\n");
    for (int i = 0; i < DX_HEADER_COUNT; i++) {
        dx_header_id id = (dx_header_id)i;
        if (!is_amount(id) && !strchr(dx_header_path(id), '.'))
            put_row(to, id, dx_header_path(id));
    }
    dx_buffer_text(to->out, "</dl></section>\n");
}

static bool is_of_party(dx_header_id id, const char *party)
{
    const char *path = dx_header_path(id);
    size_t length = strlen(party);
    return strncmp(path, party, length) == 0 && path[length] == '.';
}

/* The address in its parts, as it will be booked. */
static void put_parts(dx_html *to, const char *party)
{
    bool any = false;
    for (int i = 0; i < DX_HEADER_COUNT; i++) {
        dx_present_value value = header_value(to, (dx_header_id)i);
        if (!value.field->present || !is_of_party((dx_header_id)i, party) ||
            !dx_present_is_part(to->invoice, value.path))
            continue;
        dx_buffer_text(to->out, any ? " · " : "<div class=\"parts\"><dt>In parts</dt><dd class=\"whole\">");
        dx_html_value(to, &value, NULL);
        any = true;
    }
    dx_buffer_text(to->out, any ? "</dd></div>\n" : "");
}

static void put_party(dx_html *to, const char *party, const char *title)
{
    bool any = false;
    for (int i = 0; i < DX_HEADER_COUNT; i++)
        any = any || (is_of_party((dx_header_id)i, party) && to->invoice->header[i].present);
    if (!any)
        return;
    dx_buffer_printf(to->out, "<section class=\"card\"><h2>%s</h2><dl>\n", title);
    for (int i = 0; i < DX_HEADER_COUNT; i++)
        if (is_of_party((dx_header_id)i, party) && !dx_present_is_part(to->invoice, dx_header_path((dx_header_id)i)))
            put_row(to, (dx_header_id)i, dx_header_path((dx_header_id)i) + strlen(party) + 1);
    put_parts(to, party);
    dx_buffer_text(to->out, "</dl></section>\n");
}

void dx_html_fields(dx_html *to)
{
    put_facts(to);
    dx_buffer_text(to->out, "<div class=\"parties\">\n");
    put_party(to, "vendor", "From (vendor)");
    put_party(to, "customer", "To (customer)");
    put_party(to, "ship_to", "Delivered to");
    dx_buffer_text(to->out, "</div>\n");
}

/* ---- sums ------------------------------------------------------------------------------------------------------------------- */

static void put_sum(dx_html *to, dx_header_id id)
{
    char label[96];
    dx_present_value value = header_value(to, id);
    if (!value.field->present)
        return;
    dx_buffer_printf(to->out, "<tr%s><th scope=\"row\">%s</th><td class=\"n\">",
                     id == DX_HEADER_TOTAL ? " class=\"total\"" : "",
                     dx_present_label(dx_header_path(id), label, sizeof label));
    dx_html_value(to, &value, NULL);
    dx_buffer_text(to->out, "</td><td>");
    dx_html_marks(to, &value, true);
    dx_buffer_text(to->out, "</td></tr>\n");
}

static void put_adjustments(dx_html *to)
{
    for (size_t i = 0; i < to->invoice->adjustment_count; i++) {
        const dx_adjustment *at = &to->invoice->adjustments[i];
        char path[64];
        if (!at->amount.present)
            continue;
        snprintf(path, sizeof path, "adjustments[%zu].amount", i);
        dx_buffer_printf(to->out, "<tr><th scope=\"row\">%s",
                         at->freight  ? "Freight"
                         : at->charge ? "Charge"
                                      : "Discount");
        if (at->reason.present) {
            dx_buffer_text(to->out, ": ");
            dx_html_text(to, at->reason.text);
        }
        dx_buffer_text(to->out, at->charge ? "</th><td class=\"n\">" : "</th><td class=\"n\">−");
        dx_present_value value = {path, &at->amount, DX_VALUE_AMOUNT, false};
        dx_html_value(to, &value, NULL);
        dx_buffer_text(to->out, "</td><td>");
        dx_html_marks(to, &value, true);
        dx_buffer_text(to->out, "</td></tr>\n");
    }
}

static void put_tax_cell(dx_html *to, size_t row, dx_tax_id id)
{
    char path[64];
    const dx_field *field = &to->invoice->taxes[row].cell[id];
    bool number = dx_tax_kind(id) != DX_VALUE_TEXT;
    snprintf(path, sizeof path, "taxes[%zu].%s", row, dx_tax_name(id));
    dx_buffer_text(to->out, number ? "<td class=\"n\">" : "<td>");
    if (field->present) {
        bool fails = (id == DX_TAX_AMOUNT && to->fails.taxes[row]) || (id == DX_TAX_RATE && to->fails.rates[row]);
        dx_present_value value = {path, field, dx_tax_kind(id), fails};
        dx_html_marks(to, &value, false);
        dx_html_value(to, &value, NULL);
    }
    dx_buffer_text(to->out, "</td>");
}

static bool has_tax_cell(const dx_invoice *invoice, dx_tax_id id)
{
    for (size_t i = 0; i < invoice->tax_count; i++)
        if (invoice->taxes[i].cell[id].present)
            return true;
    return false;
}

static void put_taxes(dx_html *to)
{
    static const struct {
        dx_tax_id id;
        const char *title;
    } columns[] = {{DX_TAX_CATEGORY, "Category"}, {DX_TAX_RATE, "Rate %"},   {DX_TAX_BASE, "Base"},
                   {DX_TAX_AMOUNT, "Tax"},        {DX_TAX_REASON, "Reason"}, {DX_TAX_REASON_CODE, "Code"}};
    enum { COLUMNS = sizeof columns / sizeof columns[0] };
    if (to->invoice->tax_count == 0)
        return;
    dx_buffer_text(to->out, "<section class=\"card\"><h2>Taxes</h2><div class=\"wide\"><table><thead><tr>");
    for (size_t k = 0; k < COLUMNS; k++)
        if (has_tax_cell(to->invoice, columns[k].id))
            dx_buffer_printf(to->out, "<th scope=\"col\"%s>%s</th>",
                             dx_tax_kind(columns[k].id) != DX_VALUE_TEXT ? " class=\"n\"" : "", columns[k].title);
    dx_buffer_text(to->out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < to->invoice->tax_count; i++) {
        dx_buffer_text(to->out, "<tr>");
        for (size_t k = 0; k < COLUMNS; k++)
            if (has_tax_cell(to->invoice, columns[k].id))
                put_tax_cell(to, i, columns[k].id);
        dx_buffer_text(to->out, "</tr>\n");
    }
    dx_buffer_text(to->out, "</tbody></table></div></section>\n");
}

void dx_html_sums(dx_html *to)
{
    static const dx_header_id before[] = {DX_HEADER_LINES_TOTAL, DX_HEADER_DISCOUNT_TOTAL, DX_HEADER_CHARGE_TOTAL,
                                          DX_HEADER_FREIGHT};
    static const dx_header_id after[] = {DX_HEADER_SUBTOTAL, DX_HEADER_TAX_RATE, DX_HEADER_TAX_AMOUNT, DX_HEADER_TOTAL,
                                         DX_HEADER_ROUNDING, DX_HEADER_PREPAID,  DX_HEADER_AMOUNT_DUE};
    const dx_field *currency = &to->invoice->header[DX_HEADER_CURRENCY];
    dx_buffer_text(to->out, "<div class=\"sums\"><section class=\"card\"><h2>Sums ");
    dx_html_text(to, currency->present ? currency->text : "");
    dx_buffer_text(to->out, "</h2><table><tbody>\n");
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++)
        put_sum(to, before[i]);
    put_adjustments(to);
    for (size_t i = 0; i < sizeof after / sizeof after[0]; i++)
        put_sum(to, after[i]);
    dx_buffer_text(to->out, "</tbody></table></section>\n");
    put_taxes(to);
    dx_buffer_text(to->out, "</div>\n");
}
