#include "core/present/values.h"

#include "base/value/money.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool dx_present_doubtful(const dx_field *field)
{
    return field->evidence.origin != DX_ORIGIN_NONE && field->evidence.confidence < DX_PRESENT_DOUBT;
}

int dx_present_digits(const dx_invoice *invoice)
{
    const dx_field *currency = &invoice->header[DX_HEADER_CURRENCY];
    int digits = currency->present ? dx_currency_digits(currency->text) : 2;
    return digits < 0 ? 2 : digits;
}

size_t dx_present_missing(const dx_invoice *invoice, dx_header_id out[DX_PRESENT_NEEDED])
{
    static const dx_header_id needed[DX_PRESENT_NEEDED] = {DX_HEADER_NUMBER, DX_HEADER_DATE, DX_HEADER_VENDOR_NAME,
                                                           DX_HEADER_TOTAL, DX_HEADER_CURRENCY};
    size_t count = 0;
    for (size_t i = 0; i < DX_PRESENT_NEEDED; i++)
        if (!invoice->header[needed[i]].present)
            out[count++] = needed[i];
    return count;
}

bool dx_present_repeats_check(const dx_invoice *invoice, const dx_warning *warning)
{
    for (size_t i = 0; i < invoice->check_count; i++)
        if (invoice->checks[i].state == DX_CHECK_FAILS && strcmp(invoice->checks[i].text, warning->message) == 0)
            return true;
    return false;
}

bool dx_present_is_part(const dx_invoice *invoice, const char *path)
{
    static const struct {
        dx_header_id whole;
        dx_header_id parts[6];
    } addresses[] = {
        {DX_HEADER_VENDOR_ADDRESS,
         {DX_HEADER_VENDOR_STREET, DX_HEADER_VENDOR_STREET2, DX_HEADER_VENDOR_POSTAL_CODE, DX_HEADER_VENDOR_CITY,
          DX_HEADER_VENDOR_STATE, DX_HEADER_VENDOR_COUNTRY}},
        {DX_HEADER_CUSTOMER_ADDRESS,
         {DX_HEADER_CUSTOMER_STREET, DX_HEADER_CUSTOMER_STREET2, DX_HEADER_CUSTOMER_POSTAL_CODE,
          DX_HEADER_CUSTOMER_CITY, DX_HEADER_CUSTOMER_STATE, DX_HEADER_CUSTOMER_COUNTRY}},
        {DX_HEADER_SHIP_TO_ADDRESS,
         {DX_HEADER_SHIP_TO_STREET, DX_HEADER_SHIP_TO_POSTAL_CODE, DX_HEADER_SHIP_TO_CITY, DX_HEADER_SHIP_TO_COUNTRY,
          DX_HEADER_SHIP_TO_COUNTRY, DX_HEADER_SHIP_TO_COUNTRY}},
    };
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++)
        for (size_t k = 0; k < 6; k++)
            if (invoice->header[addresses[i].whole].present && strcmp(path, dx_header_path(addresses[i].parts[k])) == 0)
                return true;
    return false;
}

const char *dx_present_unit(const dx_field *unit)
{
    enum { PRINTED_MOST = 12 };
    const char *printed = unit->evidence.text;
    bool on_page = unit->evidence.origin == DX_ORIGIN_TEXT || unit->evidence.origin == DX_ORIGIN_OCR;
    return on_page && printed && *printed && strlen(printed) <= PRINTED_MOST ? printed : unit->text;
}

/* ---- rules of the gate ----------------------------------------------------------------------------------------------- */

/* A rule with a number in brackets belongs to a row of that list. */
static const struct {
    const char *rule;
    const char *words;
    const char *list; /* NULL: the header */
    const char *cell;
    dx_header_id header;
} rules[] = {
    {"line_total", "Line", "line_items", "line_total", DX_HEADER_COUNT},
    {"tax", "Tax", "taxes", "amount", DX_HEADER_COUNT},
    {"tax_rate", "Tax rate", "taxes", "rate", DX_HEADER_TAX_RATE},
    {"lines_sum", "Sum of the lines", NULL, NULL, DX_HEADER_LINES_TOTAL},
    {"subtotal", "Subtotal", NULL, NULL, DX_HEADER_SUBTOTAL},
    {"taxes_sum", "Sum of the taxes", NULL, NULL, DX_HEADER_TAX_AMOUNT},
    {"total", "Total", NULL, NULL, DX_HEADER_TOTAL},
    {"total_is_rate", "Total", NULL, NULL, DX_HEADER_TOTAL},
    {"amount_due", "Amount due", NULL, NULL, DX_HEADER_AMOUNT_DUE},
    {"due_date", "Due date", NULL, NULL, DX_HEADER_DUE_DATE},
    {"currency", "Currency", NULL, NULL, DX_HEADER_CURRENCY},
    {"iban", "IBAN", NULL, NULL, DX_HEADER_VENDOR_IBAN},
    {"bic", "BIC", NULL, NULL, DX_HEADER_VENDOR_BIC},
    {"vendor_tax_id", "Vendor tax ID", NULL, NULL, DX_HEADER_VENDOR_TAX_ID},
    {"customer_tax_id", "Customer tax ID", NULL, NULL, DX_HEADER_CUSTOMER_TAX_ID},
};
enum { RULES = sizeof rules / sizeof rules[0] };

typedef struct rule_name {
    int row; /* in rules; -1: not known here */
    bool numbered;
    unsigned long number;
} rule_name;

static rule_name read_rule(const char *rule)
{
    size_t length = strcspn(rule, "[");
    rule_name name = {-1, rule[length] == '[', 0};
    if (name.numbered)
        name.number = strtoul(rule + length + 1, NULL, 10);
    for (int i = 0; i < RULES; i++)
        if (strlen(rules[i].rule) == length && memcmp(rules[i].rule, rule, length) == 0)
            name.row = i;
    return name;
}

/* The sum of the lines is often not printed: it is then held against the subtotal or the total. */
static dx_header_id header_of(const dx_invoice *invoice, const rule_name *name)
{
    dx_header_id id = rules[name->row].header;
    if (id != DX_HEADER_LINES_TOTAL || invoice->header[id].present)
        return id;
    return invoice->header[DX_HEADER_SUBTOTAL].present ? DX_HEADER_SUBTOTAL : DX_HEADER_TOTAL;
}

const char *dx_present_rule(const char *rule, char *out, size_t size)
{
    rule_name name = read_rule(rule);
    if (name.row < 0)
        return dx_present_label(rule, out, size);
    if (name.numbered)
        snprintf(out, size, "%s %lu", rules[name.row].words, name.number + 1);
    else
        snprintf(out, size, "%s", rules[name.row].words);
    return out;
}

const char *dx_present_rule_path(const dx_invoice *invoice, const char *rule, char *out, size_t size)
{
    rule_name name = read_rule(rule);
    *out = '\0';
    if (name.row < 0)
        return out;
    if (name.numbered && rules[name.row].list)
        snprintf(out, size, "%s[%lu].%s", rules[name.row].list, name.number, rules[name.row].cell);
    else if (rules[name.row].header != DX_HEADER_COUNT)
        snprintf(out, size, "%s", dx_header_path(header_of(invoice, &name)));
    return out;
}

static void note_fail(const dx_invoice *invoice, const char *rule, dx_present_fails *out)
{
    rule_name name = read_rule(rule);
    if (name.row < 0)
        return;
    if (!name.numbered) {
        if (rules[name.row].header != DX_HEADER_COUNT)
            out->header[header_of(invoice, &name)] = true;
        return;
    }
    bool line = strcmp(rules[name.row].rule, "line_total") == 0;
    bool *list = line ? out->lines : strcmp(rules[name.row].rule, "tax") == 0 ? out->taxes : out->rates;
    if (name.number < (line ? invoice->line_count : invoice->tax_count))
        list[name.number] = true;
}

bool dx_present_find_fails(dx_ctx *ctx, const dx_invoice *invoice, dx_present_fails *out)
{
    *out = (dx_present_fails){0};
    out->lines = dx_array(ctx, invoice->line_count + 1, sizeof *out->lines);
    out->taxes = dx_array(ctx, invoice->tax_count + 1, sizeof *out->taxes);
    out->rates = dx_array(ctx, invoice->tax_count + 1, sizeof *out->rates);
    if (!out->lines || !out->taxes || !out->rates)
        return false;
    for (size_t i = 0; i < invoice->check_count; i++) {
        if (invoice->checks[i].state != DX_CHECK_FAILS)
            continue;
        out->count++;
        note_fail(invoice, invoice->checks[i].rule, out);
    }
    return true;
}

/* ---- values ----------------------------------------------------------------------------------------------------------- */

static void visit_header(const dx_invoice *invoice, const dx_present_fails *fails, dx_present_visit visit, void *data)
{
    for (int i = 0; i < DX_HEADER_COUNT; i++) {
        dx_header_id id = (dx_header_id)i;
        if (invoice->header[id].present)
            visit(data,
                  &(dx_present_value){dx_header_path(id), &invoice->header[id], dx_header_kind(id), fails->header[id]});
    }
}

static void visit_line(const dx_line *line, size_t index, bool fails, dx_present_visit visit, void *data)
{
    char path[96];
    for (int i = 0; i < DX_CELL_COUNT; i++) {
        dx_cell_id id = (dx_cell_id)i;
        if (!line->cell[id].present)
            continue;
        snprintf(path, sizeof path, "line_items[%zu].%s", index, dx_cell_name(id));
        visit(data, &(dx_present_value){path, &line->cell[id], dx_cell_kind(id), fails && id == DX_CELL_TOTAL});
    }
}

static void visit_tax(const dx_tax *tax, size_t index, const dx_present_fails *fails, dx_present_visit visit,
                      void *data)
{
    char path[96];
    for (int i = 0; i < DX_TAX_COUNT; i++) {
        dx_tax_id id = (dx_tax_id)i;
        if (!tax->cell[id].present)
            continue;
        snprintf(path, sizeof path, "taxes[%zu].%s", index, dx_tax_name(id));
        bool fail = (id == DX_TAX_AMOUNT && fails->taxes[index]) || (id == DX_TAX_RATE && fails->rates[index]);
        visit(data, &(dx_present_value){path, &tax->cell[id], dx_tax_kind(id), fail});
    }
}

void dx_present_each(const dx_invoice *invoice, const dx_present_fails *fails, dx_present_visit visit, void *data)
{
    char path[96];
    visit_header(invoice, fails, visit, data);
    for (size_t i = 0; i < invoice->line_count; i++)
        visit_line(&invoice->lines[i], i, fails->lines[i], visit, data);
    for (size_t i = 0; i < invoice->tax_count; i++)
        visit_tax(&invoice->taxes[i], i, fails, visit, data);
    for (size_t i = 0; i < invoice->adjustment_count; i++) {
        snprintf(path, sizeof path, "adjustments[%zu].amount", i);
        if (invoice->adjustments[i].amount.present)
            visit(data, &(dx_present_value){path, &invoice->adjustments[i].amount, DX_VALUE_AMOUNT, false});
    }
}

/* ---- labels ------------------------------------------------------------------------------------------------------------ */

static const char *capital_form(const char *word, size_t length)
{
    static const char *const forms[] = {"ID", "IBAN", "BIC", "PO", "GTIN", "VAT", "XML", "QR"};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t k = 0;
        while (k < length && forms[i][k] && (forms[i][k] | 0x20) == word[k])
            k++;
        if (k == length && !forms[i][k])
            return forms[i];
    }
    return NULL;
}

/* The list's name for one of its rows. */
static const char *row_name(const char *list, size_t length)
{
    static const char *const names[][2] = {{"line_items", "line"}, {"taxes", "tax"}, {"adjustments", "adjustment"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strlen(names[i][0]) == length && memcmp(names[i][0], list, length) == 0)
            return names[i][1];
    return NULL;
}

typedef struct label {
    char *out;
    size_t size, used;
} label;

static void put(label *to, const char *text, size_t length)
{
    for (size_t i = 0; i < length && to->used + 1 < to->size; i++)
        to->out[to->used++] = text[i];
    to->out[to->used] = '\0';
}

static void put_word(label *to, const char *word, size_t length)
{
    const char *capitals = capital_form(word, length);
    if (to->used > 0)
        put(to, " ", 1);
    put(to, capitals ? capitals : word, length);
}

const char *dx_present_label(const char *path, char *out, size_t size)
{
    label to = {out, size, 0};
    const char *bracket = strchr(path, '[');
    const char *row = bracket ? row_name(path, (size_t)(bracket - path)) : NULL;
    *out = '\0';
    if (row) {
        char *rest;
        unsigned long number = strtoul(bracket + 1, &rest, 10);
        to.used = (size_t)snprintf(out, size, "%s %lu", row, number + 1);
        to.used = to.used < size ? to.used : size - 1;
        path = *rest == ']' ? rest + 1 : rest;
    }
    for (const char *at = path; *at;) {
        size_t length = strcspn(at, "_.[]");
        if (length > 0)
            put_word(&to, at, length);
        at += length + (at[length] != '\0');
    }
    if (out[0] >= 'a' && out[0] <= 'z')
        out[0] = (char)(out[0] - 0x20);
    return out;
}
