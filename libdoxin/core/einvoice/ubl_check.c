/* What an invoice by EN 16931 must say, and the sums that must fit (BR-…, BR-CO-…, BR-S-… of EN 16931-1). */
#include "core/einvoice/ubl_write.h"

#include <stdio.h>
#include <string.h>

typedef struct checker {
    dx_ubl_writer *writer;
    bool any; /* something is missing or wrong */
} checker;

static const dx_field *header(const checker *to, dx_header_id id)
{
    return &to->writer->invoice->header[id];
}

/* path: of the field, with "." and "[n]"; the error's pointer has "/". */
static void refuse(checker *to, const char *path, const char *code, const char *term)
{
    char pointer[128] = "/";
    size_t used = 1;
    dx_ctx *ctx = to->writer->ctx;
    if (!to->any)
        dx_fail(ctx, DOXIN_E_FIELD, "the invoice cannot be written by EN 16931: %s %s", term,
                strcmp(code, "missing") == 0 ? "is missing" : "");
    to->any = true;
    for (const char *p = path; *p && used + 1 < sizeof pointer; p++)
        if (*p != ']')
            pointer[used++] = *p == '.' || *p == '[' ? '/' : *p;
    pointer[used] = '\0';
    dx_error_field(&ctx->error, pointer, code, term);
}

static void demand(checker *to, bool met, const char *path, const char *term)
{
    if (!met)
        refuse(to, path, "missing", term);
}

/* ---- terms ------------------------------------------------------------------------------------------------------------- */

static void check_header(checker *to)
{
    static const struct {
        dx_header_id id;
        const char *term;
    } demands[] = {
        {DX_HEADER_NUMBER, "BT-1 invoice number"},        {DX_HEADER_DATE, "BT-2 issue date"},
        {DX_HEADER_VENDOR_NAME, "BT-27 seller name"},     {DX_HEADER_CUSTOMER_NAME, "BT-44 buyer name"},
        {DX_HEADER_SUBTOTAL, "BT-109 total without VAT"}, {DX_HEADER_TAX_AMOUNT, "BT-110 total VAT"},
        {DX_HEADER_TOTAL, "BT-112 total with VAT"},
    };
    for (size_t i = 0; i < sizeof demands / sizeof demands[0]; i++)
        demand(to, header(to, demands[i].id)->present, dx_header_path(demands[i].id), demands[i].term);
    demand(to, to->writer->digits >= 0, "currency", "BT-5 currency (ISO 4217)");
    demand(to, dx_ubl_country(to->writer, DX_HEADER_VENDOR_COUNTRY), "vendor.country",
           "BT-40 seller country (ISO 3166-1)");
    demand(to, dx_ubl_country(to->writer, DX_HEADER_CUSTOMER_COUNTRY), "customer.country",
           "BT-55 buyer country (ISO 3166-1)");
    demand(to,
           dx_ubl_is_vat(header(to, DX_HEADER_VENDOR_TAX_ID)) || header(to, DX_HEADER_VENDOR_REGISTRATION)->present ||
               header(to, DX_HEADER_VENDOR_NUMBER)->present,
           "vendor.tax_id", "BT-31 seller VAT identifier (or BT-29, BT-30)");
    demand(to,
           dx_decimal_sign(to->writer->amount_due) <= 0 || header(to, DX_HEADER_DUE_DATE)->present ||
               header(to, DX_HEADER_PAYMENT_TERMS)->present,
           "due_date", "BT-9 due date (or BT-20 payment terms)");
}

static void check_payment(checker *to)
{
    const dx_field *means = header(to, DX_HEADER_PAYMENT_MEANS);
    bool transfer = means->present && (strcmp(means->text, "30") == 0 || strcmp(means->text, "58") == 0);
    demand(to, !transfer || header(to, DX_HEADER_VENDOR_IBAN)->present, "vendor.iban", "BT-84 account of the seller");
}

static void check_line(checker *to, size_t index)
{
    static const struct {
        dx_cell_id id;
        const char *term;
    } demands[] = {{DX_CELL_QUANTITY, "BT-129 quantity"},
                   {DX_CELL_TOTAL, "BT-131 line total"},
                   {DX_CELL_PRICE, "BT-146 net price"},
                   {DX_CELL_DESCRIPTION, "BT-153 item name"}};
    char path[96];
    const dx_field *cell = to->writer->invoice->lines[index].cell;
    const dx_field *rate = dx_ubl_rate_of(to->writer, &cell[DX_CELL_TAX_RATE]);
    for (size_t k = 0; k < sizeof demands / sizeof demands[0]; k++) {
        snprintf(path, sizeof path, "line_items[%zu].%s", index, dx_cell_name(demands[k].id));
        demand(to, cell[demands[k].id].present, path, demands[k].term);
    }
    snprintf(path, sizeof path, "line_items[%zu].tax_category", index);
    demand(to, dx_ubl_category_of(to->writer, &cell[DX_CELL_TAX_CATEGORY], rate), path, "BT-151 VAT category");
}

static void check_adjustments(checker *to)
{
    char path[64];
    for (size_t i = 0; i < to->writer->adjustment_count; i++) {
        const dx_adjustment *at = &to->writer->adjustments[i];
        const dx_field *rate = dx_ubl_rate_of(to->writer, &at->tax_rate);
        snprintf(path, sizeof path, "adjustments[%zu].tax_category", i);
        demand(to, dx_ubl_category_of(to->writer, &at->tax_category, rate), path,
               at->charge ? "BT-102 VAT category of a charge" : "BT-95 VAT category of an allowance");
        snprintf(path, sizeof path, "adjustments[%zu].amount", i);
        demand(to, at->amount.present, path, at->charge ? "BT-99 amount of a charge" : "BT-92 amount of an allowance");
    }
}

/* ---- the breakdown ------------------------------------------------------------------------------------------------------- */

/* Goods for another country of the Union (BR-IC-02, -11, -12). */
static void check_intra_community(checker *to)
{
    demand(to, dx_ubl_is_vat(header(to, DX_HEADER_CUSTOMER_TAX_ID)), "customer.tax_id", "BT-48 buyer VAT identifier");
    demand(to,
           header(to, DX_HEADER_SHIP_DATE)->present || header(to, DX_HEADER_PERIOD_START)->present ||
               header(to, DX_HEADER_PERIOD_END)->present,
           "ship_date", "BT-72 delivery date");
    demand(to, dx_ubl_country(to->writer, DX_HEADER_SHIP_TO_COUNTRY), "ship_to.country", "BT-80 country of delivery");
}

static void check_category(checker *to, const dx_tax *row, const char *category, const char *path)
{
    bool vat = dx_ubl_is_vat(header(to, DX_HEADER_VENDOR_TAX_ID));
    bool known = header(to, DX_HEADER_VENDOR_TAX_ID)->present || header(to, DX_HEADER_VENDOR_TAX_NUMBER)->present;
    bool outside = strcmp(category, "O") == 0;
    bool strict = strcmp(category, "K") == 0 || strcmp(category, "G") == 0;
    demand(to, outside || (strict ? vat : known), "vendor.tax_id", "BT-31 seller VAT identifier");
    if (strcmp(category, "E") == 0)
        demand(to, row->cell[DX_TAX_REASON].present || row->cell[DX_TAX_REASON_CODE].present, path,
               "BT-120 reason of the VAT exemption");
    if (strcmp(category, "AE") == 0)
        demand(to,
               dx_ubl_is_vat(header(to, DX_HEADER_CUSTOMER_TAX_ID)) ||
                   header(to, DX_HEADER_CUSTOMER_REGISTRATION)->present,
               "customer.tax_id", "BT-48 buyer VAT identifier");
    if (strcmp(category, "K") == 0)
        check_intra_community(to);
    if (outside && (vat || dx_ubl_is_vat(header(to, DX_HEADER_CUSTOMER_TAX_ID))))
        refuse(to, path, "invalid", "BT-118 category O goes with no VAT identifier of seller and buyer");
}

static void check_rows(checker *to)
{
    char path[48];
    demand(to, to->writer->tax_count > 0, "taxes", "BG-23 VAT breakdown");
    for (size_t i = 0; i < to->writer->tax_count; i++) {
        const dx_tax *row = &to->writer->taxes[i];
        const char *category = dx_ubl_row_category(row);
        snprintf(path, sizeof path, "taxes[%zu].base", i);
        demand(to, row->cell[DX_TAX_BASE].present, path, "BT-116 taxable amount");
        snprintf(path, sizeof path, "taxes[%zu].amount", i);
        demand(to, row->cell[DX_TAX_AMOUNT].present, path, "BT-117 VAT amount");
        snprintf(path, sizeof path, "taxes[%zu].category", i);
        demand(to, category, path, "BT-118 VAT category");
        if (category)
            check_category(to, row, category, path);
    }
}

/* ---- sums ------------------------------------------------------------------------------------------------------------------ */

static void check_sum(checker *to, const char *path, const char *term, dx_decimal stated, dx_decimal sum)
{
    char left[DX_DECIMAL_TEXT], right[DX_DECIMAL_TEXT], words[160];
    if (dx_decimal_round(sum, to->writer->digits, &sum) && dx_decimal_equal(stated, sum))
        return;
    snprintf(words, sizeof words, "%s is %s, but its parts come to %s", term,
             dx_decimal_text_min(stated, to->writer->digits, left),
             dx_decimal_text_min(sum, to->writer->digits, right));
    refuse(to, path, "sum", words);
}

static bool plus(dx_decimal *sum, dx_decimal value)
{
    return dx_decimal_add(*sum, value, sum);
}

/* BR-CO-10, 13, 14, 15, 16. */
static bool check_totals(checker *to)
{
    const dx_ubl_writer *writer = to->writer;
    dx_decimal lines = {0, 0}, taxes = {0, 0}, sum = writer->lines_total;
    bool fits = true;
    for (size_t i = 0; i < writer->invoice->line_count; i++)
        fits = fits && plus(&lines, writer->invoice->lines[i].cell[DX_CELL_TOTAL].number);
    for (size_t i = 0; i < writer->tax_count; i++)
        fits = fits && plus(&taxes, writer->taxes[i].cell[DX_TAX_AMOUNT].number);
    fits = fits && plus(&sum, writer->sums[1]) && dx_decimal_sub(sum, writer->sums[0], &sum);
    check_sum(to, "lines_total", "BT-106 sum of the lines", writer->lines_total, lines);
    check_sum(to, "subtotal", "BT-109 total without VAT", header(to, DX_HEADER_SUBTOTAL)->number, sum);
    check_sum(to, "tax_amount", "BT-110 total VAT", header(to, DX_HEADER_TAX_AMOUNT)->number, taxes);
    sum = header(to, DX_HEADER_SUBTOTAL)->number;
    fits = fits && plus(&sum, header(to, DX_HEADER_TAX_AMOUNT)->number);
    check_sum(to, "total_amount", "BT-112 total with VAT", header(to, DX_HEADER_TOTAL)->number, sum);
    sum = header(to, DX_HEADER_TOTAL)->number;
    fits = fits && dx_decimal_sub(sum, header(to, DX_HEADER_PREPAID)->number, &sum) &&
           plus(&sum, header(to, DX_HEADER_ROUNDING)->number);
    check_sum(to, "amount_due", "BT-115 amount due", writer->amount_due, sum);
    return fits;
}

/* The share of one category and rate that lines, allowances and charges come to. */
static bool taxable(const dx_ubl_writer *writer, const char *category, const dx_field *rate, dx_decimal *out)
{
    bool fits = true;
    *out = (dx_decimal){0, 0};
    for (size_t i = 0; i < writer->invoice->line_count; i++) {
        const dx_field *cell = writer->invoice->lines[i].cell;
        const dx_field *own = dx_ubl_rate_of(writer, &cell[DX_CELL_TAX_RATE]);
        if (strcmp(dx_ubl_category_of(writer, &cell[DX_CELL_TAX_CATEGORY], own), category) == 0 &&
            dx_decimal_equal(own->number, rate->number))
            fits = fits && plus(out, cell[DX_CELL_TOTAL].number);
    }
    for (size_t i = 0; i < writer->adjustment_count; i++) {
        const dx_adjustment *at = &writer->adjustments[i];
        const dx_field *own = dx_ubl_rate_of(writer, &at->tax_rate);
        dx_decimal amount = at->charge ? at->amount.number : dx_decimal_negate(at->amount.number);
        if (strcmp(dx_ubl_category_of(writer, &at->tax_category, own), category) == 0 &&
            dx_decimal_equal(own->number, rate->number))
            fits = fits && plus(out, amount);
    }
    return fits;
}

/* BR-S-08 and its kin leave one unit of the currency to rounding. */
static bool check_bases(checker *to)
{
    char path[48];
    for (size_t i = 0; i < to->writer->tax_count; i++) {
        const dx_tax *row = &to->writer->taxes[i];
        dx_decimal sum, difference;
        if (!taxable(to->writer, dx_ubl_row_category(row), &row->cell[DX_TAX_RATE], &sum) ||
            !dx_decimal_sub(row->cell[DX_TAX_BASE].number, sum, &difference))
            return false;
        snprintf(path, sizeof path, "taxes[%zu].base", i);
        if (dx_decimal_compare(dx_decimal_abs(difference), (dx_decimal){1, 0}) >= 0)
            check_sum(to, path, "BT-116 taxable amount", row->cell[DX_TAX_BASE].number, sum);
    }
    return true;
}

doxin_status dx_ubl_check(dx_ubl_writer *writer)
{
    checker to = {.writer = writer};
    check_header(&to);
    check_payment(&to);
    demand(&to, writer->invoice->line_count > 0, "line_items", "BG-25 at least one line");
    for (size_t i = 0; i < writer->invoice->line_count; i++)
        check_line(&to, i);
    check_adjustments(&to);
    check_rows(&to);
    /* Sums are compared where all their parts are there. */
    if (!to.any && (!check_totals(&to) || !check_bases(&to)))
        return dx_fail(writer->ctx, DOXIN_E_OVERFLOW, "the amounts of the invoice are too large to be added");
    return to.any ? DOXIN_E_FIELD : DOXIN_OK;
}
