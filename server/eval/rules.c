#include "eval/rules.h"

#include "eval/number.h"
#include "eval/similarity.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const char *const header_fields[HEADER_FIELDS] = {
    "invoice_number", "invoice_date",  "due_date",      "ship_date",        "currency",    "vendor_name",
    "vendor_address", "vendor_tax_id", "customer_name", "customer_address", "po_number",   "account_number",
    "subtotal",       "tax_rate",      "tax_amount",    "freight",          "total_amount"};
const char *const field_groups[FIELD_GROUPS] = {"number",  "date",   "currency",  "name",
                                                "address", "tax_id", "reference", "amount"};
static const unsigned char group_of[HEADER_FIELDS] = {0, 1, 1, 1, 2, 3, 4, 5, 3, 4, 6, 6, 7, 7, 7, 7, 7};
const char *const item_fields[ITEM_FIELDS] = {"item_number", "description",         "quantity",
                                              "unit_price",  "unit_price_discount", "line_total"};

size_t rules_group(size_t field)
{
    return group_of[field];
}

/* ---- places ------------------------------------------------------------------------------------------------------------- */

node node_root(const doxin_value *document)
{
    return (node){document, ""};
}

node node_member(const node *of, const char *name)
{
    node member = {of->document, ""};
    int length = snprintf(member.pointer, sizeof member.pointer, "%s/%s", of->pointer, name);
    if (length < 0 || (size_t)length >= sizeof member.pointer)
        member.document = NULL;
    return member;
}

node node_item(const node *of, size_t index)
{
    char name[24];
    snprintf(name, sizeof name, "%zu", index);
    return node_member(of, name);
}

const char *node_text(const node *of)
{
    return doxin_value_text(of->document, of->pointer);
}

int node_kind(const node *of)
{
    return doxin_value_kind(of->document, of->pointer);
}

size_t node_count(const node *of)
{
    return doxin_value_count(of->document, of->pointer);
}

bool node_empty(const node *of)
{
    switch (node_kind(of)) {
    case DOXIN_VALUE_NONE:
    case DOXIN_VALUE_NULL:
        return true;
    case DOXIN_VALUE_STRING: {
        const char *text = node_text(of);
        return text[strspn(text, " \t\r\n\f\v")] == '\0';
    }
    case DOXIN_VALUE_ARRAY:
        return node_count(of) == 0;
    default:
        return false;
    }
}

/* ---- one value ---------------------------------------------------------------------------------------------------------- */

typedef enum measure { MONEY, NUMBER, DATE, TEXT } measure;

static measure measure_of(const char *field)
{
    static const struct {
        const char *field;
        measure by;
    } known[] = {{"subtotal", MONEY},    {"tax_amount", MONEY},
                 {"freight", MONEY},     {"total_amount", MONEY},
                 {"line_total", MONEY},  {"tax_rate", NUMBER},
                 {"quantity", NUMBER},   {"unit_price", NUMBER},
                 {"invoice_date", DATE}, {"unit_price_discount", NUMBER},
                 {"due_date", DATE},     {"ship_date", DATE}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].field, field) == 0)
            return known[i].by;
    return TEXT;
}

static bool same_number(const node *truth, const node *read, bool with_edge)
{
    number a, b;
    return node_kind(truth) != DOXIN_VALUE_BOOL && node_kind(read) != DOXIN_VALUE_BOOL &&
           number_read(node_text(truth), &a) && number_read(node_text(read), &b) && number_near(a, b, with_edge);
}

/* The text without space around it. */
static size_t trimmed(const char **text)
{
    while (isspace((unsigned char)**text))
        (*text)++;
    size_t length = strlen(*text);
    while (length > 0 && isspace((unsigned char)(*text)[length - 1]))
        length--;
    return length;
}

static bool same_date(const node *truth, const node *read)
{
    const char *a = node_text(truth), *b = node_text(read);
    size_t length_a = trimmed(&a), length_b = trimmed(&b);
    if (length_b > strlen("2026-12-31"))
        length_b = strlen("2026-12-31");
    return length_a == length_b && memcmp(a, b, length_a) == 0;
}

static verdict same_text(const node *truth, const node *read, int how)
{
    folded a = {0}, b = {0};
    verdict answer = NO_MEMORY;
    if (fold(node_text(truth), &a) && fold(node_text(read), &b)) {
        answer = a.count > 0 && folded_equal(&a, &b) ? RIGHT : WRONG;
        double alike = answer == WRONG && how == FUZZY ? similarity(&a, &b) : 0.0;
        if (alike != 0.0)
            answer = alike < 0 ? NO_MEMORY : alike >= 0.9 ? RIGHT : WRONG;
    }
    folded_free(&a);
    folded_free(&b);
    return answer;
}

static verdict same(const char *field, const node *truth, const node *read, int how)
{
    switch (measure_of(field)) {
    case MONEY:
        return same_number(truth, read, false) ? RIGHT : WRONG;
    case NUMBER:
        return same_number(truth, read, true) ? RIGHT : WRONG;
    case DATE:
        return same_date(truth, read) ? RIGHT : WRONG;
    default:
        return same_text(truth, read, how);
    }
}

/* The values that are right for a field: at 0 the truth's own, then those that it accepts. False past the last. */
static bool alternative(const node *truth, const char *field, size_t index, node *out)
{
    if (index == 0) {
        *out = node_member(truth, field);
        return true;
    }
    node accepted = node_member(truth, "_accept");
    accepted = node_member(&accepted, field);
    *out = node_item(&accepted, index - 1);
    return index <= node_count(&accepted);
}

verdict rules_hit(const node *truth, const char *field, const node *read, int how)
{
    verdict answer = WRONG;
    node value;
    for (size_t i = 0; answer == WRONG && alternative(truth, field, i, &value); i++)
        if (!node_empty(&value))
            answer = same(field, &value, read, how);
    return answer;
}

/* ---- line items ----------------------------------------------------------------------------------------------------------- */

/* Amounts and numbers compare without memory, so that WRONG is the only other answer. */
static bool same_amounts(const node *truth, const node *read)
{
    node total = node_member(read, "line_total");
    if (rules_hit(truth, "line_total", &total, EXACT) == RIGHT)
        return true;
    static const char *const factors[] = {"quantity", "unit_price"};
    for (size_t i = 0; i < 2; i++) {
        node expected = node_member(truth, factors[i]), found = node_member(read, factors[i]);
        if (node_empty(&expected) || node_empty(&found) || rules_hit(truth, factors[i], &found, EXACT) != RIGHT)
            return false;
    }
    return true;
}

static double alike(const char *truth, const folded *read)
{
    folded a;
    if (!fold(truth, &a))
        return -1.0;
    double share = similarity(&a, read);
    const folded *shorter = a.count <= read->count ? &a : read;
    if (share >= 0 && share < 0.8 && shorter->count >= 8 && folded_within(shorter, shorter == &a ? read : &a))
        share = 0.8;
    folded_free(&a);
    return share;
}

double rules_items(const node *truth, const node *read)
{
    node description = node_member(truth, "description"), found = node_member(read, "description");
    if (!same_amounts(truth, read))
        return 0.0;
    if (node_empty(&description))
        return 1.0;
    folded b;
    bool nothing = node_kind(&found) == DOXIN_VALUE_NULL;
    if (!fold(nothing ? "" : node_text(&found), &b))
        return -1.0;
    double best = 0.0;
    for (size_t i = 0; alternative(truth, "description", i, &description); i++) {
        double share = alike(node_text(&description), &b);
        if (share < 0) {
            best = share;
            break;
        }
        best = share > best ? share : best;
    }
    folded_free(&b);
    return best >= 0.8 || best < 0 ? best : 0.0;
}
