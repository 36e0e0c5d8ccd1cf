/* A workbook: invoices, their lines, taxes, checks, and every value with its evidence. Numbers are numbers and days are
 * days there, as a spreadsheet is for calculating; what is in doubt is yellow, what fails red. */
#include "base/text/utf8.h"
#include "core/present/forms.h"
#include "core/present/values.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum {
    ROWS_MAX = 1048575, /* of a sheet, without its head */
    TEXT_MAX = 32767,   /* characters of a cell; a byte is at least as many */
    EXACT = 1000000000, /* times a million: 15 digits are exact in a double */
    FIRST_YEAR = 1900   /* before, a spreadsheet has no days */
};

typedef enum look { PLAIN, MONEY0, MONEY2, MONEY3, NUMBER, DAY, SHARE, HEAD, LOOKS } look;
typedef enum mood { CALM, DOUBT, FAILS, MOODS } mood;

typedef struct sheet {
    lxw_worksheet *sheet;
    lxw_row_t row;
    lxw_col_t column;
} sheet;

typedef struct book {
    lxw_workbook *workbook;
    lxw_format *formats[LOOKS][MOODS];
    sheet invoices, lines, taxes, checks, values;
    const dx_present_entry *entry; /* the invoice that is being written */
    dx_present_fails fails;
    look money;
    bool full; /* a sheet would have more rows than a spreadsheet can */
    lxw_error problem;
} book;

/* ---- cells ----------------------------------------------------------------------------------------------------------------- */

static void note_problem(book *to, lxw_error problem)
{
    if (to->problem == LXW_NO_ERROR)
        to->problem = problem;
}

/* A cell holds no more: the end is cut off, and says so. */
static void put_text(book *to, sheet *at, const char *text, mood how)
{
    static const char more[] = "…";
    char cut[TEXT_MAX];
    size_t length = strlen(text);
    if (length >= sizeof cut) {
        size_t used = 0, next = 0;
        while (next < sizeof cut - sizeof more) {
            used = next;
            dx_utf8_next(text, length, &next);
        }
        memcpy(cut, text, used);
        memcpy(cut + used, more, sizeof more);
        text = cut;
    }
    note_problem(to, worksheet_write_string(at->sheet, at->row, at->column++, text, to->formats[PLAIN][how]));
}

static void put_number(book *to, sheet *at, double number, look as, mood how)
{
    note_problem(to, worksheet_write_number(at->sheet, at->row, at->column++, number, to->formats[as][how]));
}

static bool is_exact(dx_decimal number)
{
    return number.units > -EXACT * 1000000LL && number.units < EXACT * 1000000LL;
}

static void put_day(book *to, sheet *at, const dx_field *field, mood how)
{
    lxw_datetime day = {.year = field->date.year, .month = field->date.month, .day = field->date.day};
    note_problem(to, worksheet_write_datetime(at->sheet, at->row, at->column++, &day, to->formats[DAY][how]));
}

static void put_field(book *to, sheet *at, const dx_field *field, dx_value_kind kind, bool fails)
{
    mood how = fails ? FAILS : field->present && dx_present_doubtful(field) ? DOUBT : CALM;
    if (!field->present)
        at->column++;
    else if (kind == DX_VALUE_DATE && field->date.year >= FIRST_YEAR)
        put_day(to, at, field, how);
    else if (kind != DX_VALUE_TEXT && kind != DX_VALUE_DATE && is_exact(field->number))
        put_number(to, at, dx_decimal_double(field->number), kind == DX_VALUE_AMOUNT ? to->money : NUMBER, how);
    else
        put_text(to, at, field->text, how);
}

/* The next row, which begins with whose it is. */
static void begin_row(book *to, sheet *at)
{
    if (at->row >= ROWS_MAX)
        to->full = true;
    else
        at->row++;
    at->column = 0;
    put_text(to, at, to->entry->file_name ? to->entry->file_name : "", CALM);
}

static void begin_row_of_invoice(book *to, sheet *at)
{
    const dx_field *number = &to->entry->invoice->header[DX_HEADER_NUMBER];
    begin_row(to, at);
    put_text(to, at, number->present ? number->text : "", CALM);
}

/* ---- sheets ---------------------------------------------------------------------------------------------------------------- */

static const dx_header_id headers[] = {
    DX_HEADER_NUMBER,        DX_HEADER_DATE,        DX_HEADER_DUE_DATE,      DX_HEADER_VENDOR_NAME,
    DX_HEADER_VENDOR_TAX_ID, DX_HEADER_VENDOR_IBAN, DX_HEADER_CUSTOMER_NAME, DX_HEADER_CUSTOMER_TAX_ID,
    DX_HEADER_PO_NUMBER,     DX_HEADER_CURRENCY,    DX_HEADER_SUBTOTAL,      DX_HEADER_TAX_AMOUNT,
    DX_HEADER_TOTAL,         DX_HEADER_AMOUNT_DUE,
};
static const dx_cell_id cells[] = {
    DX_CELL_NUMBER,          DX_CELL_ITEM,     DX_CELL_GTIN,       DX_CELL_DESCRIPTION,
    DX_CELL_QUANTITY,        DX_CELL_UNIT,     DX_CELL_PRICE,      DX_CELL_DISCOUNT_PERCENT,
    DX_CELL_DISCOUNT_AMOUNT, DX_CELL_TAX_RATE, DX_CELL_TAX_AMOUNT, DX_CELL_TOTAL,
};
static const dx_tax_id taxes[] = {DX_TAX_CATEGORY, DX_TAX_RATE, DX_TAX_BASE, DX_TAX_AMOUNT};
enum {
    HEADERS = sizeof headers / sizeof headers[0],
    CELLS = sizeof cells / sizeof cells[0],
    TAXES = sizeof taxes / sizeof taxes[0]
};

static void put_invoice(book *to)
{
    const dx_invoice *invoice = to->entry->invoice;
    sheet *at = &to->invoices;
    char kind[64];
    begin_row(to, at);
    put_text(to, at, dx_present_label(dx_kind_name(invoice->kind), kind, sizeof kind), CALM);
    for (size_t i = 0; i < HEADERS; i++)
        put_field(to, at, &invoice->header[headers[i]], dx_header_kind(headers[i]), to->fails.header[headers[i]]);
    put_number(to, at, invoice->confidence / 1000.0, SHARE, CALM);
    put_text(to, at, invoice->needs_review ? "yes" : "no", invoice->needs_review ? DOUBT : CALM);
    put_number(to, at, (double)to->fails.count, NUMBER, to->fails.count > 0 ? FAILS : CALM);
}

static void put_lines(book *to)
{
    const dx_invoice *invoice = to->entry->invoice;
    for (size_t i = 0; i < invoice->line_count && !to->full; i++) {
        sheet *at = &to->lines;
        begin_row_of_invoice(to, at);
        put_number(to, at, (double)(i + 1), NUMBER, CALM);
        for (size_t k = 0; k < CELLS; k++)
            put_field(to, at, &invoice->lines[i].cell[cells[k]], dx_cell_kind(cells[k]),
                      cells[k] == DX_CELL_TOTAL && to->fails.lines[i]);
    }
}

static void put_taxes(book *to)
{
    const dx_invoice *invoice = to->entry->invoice;
    for (size_t i = 0; i < invoice->tax_count && !to->full; i++) {
        begin_row_of_invoice(to, &to->taxes);
        for (size_t k = 0; k < TAXES; k++)
            put_field(to, &to->taxes, &invoice->taxes[i].cell[taxes[k]], dx_tax_kind(taxes[k]),
                      (taxes[k] == DX_TAX_AMOUNT && to->fails.taxes[i]) ||
                          (taxes[k] == DX_TAX_RATE && to->fails.rates[i]));
    }
}

/* Where no rates are told apart: one row of the header's. */
static void put_whole_tax(book *to)
{
    static const dx_header_id ids[] = {DX_HEADER_TAX_RATE, DX_HEADER_SUBTOTAL, DX_HEADER_TAX_AMOUNT};
    const dx_invoice *invoice = to->entry->invoice;
    if (invoice->tax_count > 0 || !invoice->header[DX_HEADER_TAX_AMOUNT].present)
        return;
    begin_row_of_invoice(to, &to->taxes);
    put_text(to, &to->taxes, "", CALM);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        put_field(to, &to->taxes, &invoice->header[ids[i]], dx_header_kind(ids[i]), to->fails.header[ids[i]]);
}

static void put_checks(book *to)
{
    static const char *const states[] = {"", "holds", "fails", "not known"};
    const dx_invoice *invoice = to->entry->invoice;
    for (size_t i = 0; i < invoice->check_count && !to->full; i++) {
        const dx_invoice_check *check = &invoice->checks[i];
        mood how = check->state == DX_CHECK_FAILS ? FAILS : CALM;
        char title[96];
        begin_row_of_invoice(to, &to->checks);
        put_text(to, &to->checks, dx_present_rule(check->rule, title, sizeof title), CALM);
        put_text(to, &to->checks, states[check->state], how);
        put_text(to, &to->checks, check->text, CALM);
        if (check->equation && is_exact(check->difference))
            put_number(to, &to->checks, dx_decimal_double(check->difference), NUMBER, how);
    }
}

static void put_value(void *data, const dx_present_value *value)
{
    book *to = data;
    sheet *at = &to->values;
    if (to->full)
        return;
    begin_row_of_invoice(to, at);
    put_text(to, at, value->path, CALM);
    put_field(to, at, value->field, value->kind, value->fails);
    put_text(to, at, value->field->evidence.text ? value->field->evidence.text : "", CALM);
    put_number(to, at, value->field->evidence.confidence / 1000.0, SHARE, CALM);
    put_text(to, at, dx_origin_name(value->field->evidence.origin), CALM);
    if (value->field->evidence.page > 0)
        put_number(to, at, value->field->evidence.page, NUMBER, CALM);
}

/* ---- the book -------------------------------------------------------------------------------------------------------------- */

static bool make_formats(book *to)
{
    static const char *const numbers[LOOKS] = {"",        "#,##0",      "#,##0.00", "#,##0.000",
                                               "General", "yyyy-mm-dd", "0 %",      ""};
    static const lxw_color_t grounds[MOODS] = {0, 0xFFF2B3, 0xFFD6D1};
    for (int i = 0; i < LOOKS; i++) {
        for (int k = 0; k < MOODS; k++) {
            lxw_format *format = workbook_add_format(to->workbook);
            if (!format)
                return false;
            if (numbers[i][0])
                format_set_num_format(format, numbers[i]);
            if (k != CALM)
                format_set_bg_color(format, grounds[k]);
            if (i == HEAD)
                format_set_bold(format);
            to->formats[i][k] = format;
        }
    }
    return true;
}

typedef struct heading {
    const char *title;
    double width;
} heading;

static bool add_sheet(book *to, sheet *at, const char *name, const heading *heads, size_t count)
{
    at->sheet = workbook_add_worksheet(to->workbook, name);
    if (!at->sheet)
        return false;
    for (size_t i = 0; i < count; i++) {
        lxw_col_t column = (lxw_col_t)i;
        note_problem(to, worksheet_set_column(at->sheet, column, column, heads[i].width, NULL));
        note_problem(to, worksheet_write_string(at->sheet, 0, column, heads[i].title, to->formats[HEAD][CALM]));
    }
    worksheet_freeze_panes(at->sheet, 1, 0);
    return true;
}

#define ADD_SHEET(to, at, name, heads) add_sheet(to, at, name, heads, sizeof(heads) / sizeof(heads)[0])

static bool add_sheets(book *to)
{
    static const heading invoices[] = {
        {"File", 28},       {"Type", 14},          {"Number", 18},       {"Date", 12},          {"Due", 12},
        {"Vendor", 30},     {"Vendor tax ID", 18}, {"IBAN", 26},         {"Customer", 30},      {"Customer tax ID", 18},
        {"PO number", 14},  {"Currency", 9},       {"Subtotal", 13},     {"Tax", 12},           {"Total", 13},
        {"Amount due", 13}, {"Confidence", 11},    {"Needs review", 13}, {"Failing checks", 14}};
    static const heading lines[] = {{"File", 28}, {"Invoice", 18},    {"Line", 6},         {"No.", 8},
                                    {"Item", 14}, {"GTIN", 16},       {"Description", 48}, {"Quantity", 10},
                                    {"Unit", 8},  {"Unit price", 13}, {"Discount %", 11},  {"Discount", 11},
                                    {"Tax %", 8}, {"Tax", 11},        {"Line total", 13}};
    static const heading tax[] = {{"File", 28},  {"Invoice", 18}, {"Category", 10},
                                  {"Rate %", 8}, {"Base", 13},    {"Tax", 12}};
    static const heading checks[] = {{"File", 28},  {"Invoice", 18},  {"Check", 20},
                                     {"State", 10}, {"In words", 70}, {"Difference", 12}};
    static const heading values[] = {{"File", 28},    {"Invoice", 18},    {"Field", 28},  {"Value", 40},
                                     {"Printed", 40}, {"Confidence", 11}, {"Origin", 11}, {"Page", 6}};
    return ADD_SHEET(to, &to->invoices, "Invoices", invoices) && ADD_SHEET(to, &to->lines, "Lines", lines) &&
           ADD_SHEET(to, &to->taxes, "Taxes", tax) && ADD_SHEET(to, &to->checks, "Checks", checks) &&
           ADD_SHEET(to, &to->values, "Values", values);
}

static bool put_entry(dx_ctx *ctx, book *to, const dx_present_entry *entry)
{
    int digits = dx_present_digits(entry->invoice);
    to->entry = entry;
    to->money = digits == 0 ? MONEY0 : digits == 3 ? MONEY3 : MONEY2;
    if (!dx_present_find_fails(ctx, entry->invoice, &to->fails))
        return false;
    put_invoice(to);
    put_lines(to);
    put_taxes(to);
    put_whole_tax(to);
    put_checks(to);
    dx_present_each(entry->invoice, &to->fails, put_value, to);
    return true;
}

static doxin_status close_book(dx_ctx *ctx, book *to, doxin_status status)
{
    lxw_error problem = workbook_close(to->workbook);
    if (status != DOXIN_OK)
        return status;
    if (to->full)
        return dx_fail(ctx, DOXIN_E_LIMIT, "a sheet would have more than %d rows; write fewer documents into one file",
                       ROWS_MAX);
    problem = to->problem != LXW_NO_ERROR ? to->problem : problem;
    if (problem == LXW_ERROR_MEMORY_MALLOC_FAILED)
        return dx_nomem(ctx);
    return problem == LXW_NO_ERROR
               ? DOXIN_OK
               : dx_fail(ctx, DOXIN_E_IO, "the workbook cannot be written: %s", lxw_strerror(problem));
}

static doxin_status write_book(dx_ctx *ctx, const dx_present_entry *entries, size_t count, int fd)
{
    char path[32];
    book to = {.problem = LXW_NO_ERROR};
    doxin_status status = DOXIN_OK;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    to.workbook = workbook_new(path);
    if (!to.workbook)
        return dx_nomem(ctx);
    if (!make_formats(&to) || !add_sheets(&to))
        status = dx_nomem(ctx);
    for (size_t i = 0; i < count && status == DOXIN_OK && !to.full; i++) {
        status = dx_check(ctx);
        if (status == DOXIN_OK && !put_entry(ctx, &to, &entries[i]))
            status = DOXIN_E_NOMEM;
    }
    return close_book(ctx, &to, status);
}

static bool take_bytes(int fd, dx_buffer *out)
{
    off_t size = lseek(fd, 0, SEEK_END);
    char *at = size > 0 ? dx_buffer_reserve(out, (size_t)size) : NULL;
    for (off_t done = 0; at && done < size;) {
        ssize_t got = pread(fd, at + done, (size_t)(size - done), done);
        if (got <= 0)
            return false;
        done += got;
    }
    if (at)
        out->len += (size_t)size;
    return size > 0;
}

/* The library writes to a path only: it is that of a file in memory. */
doxin_status dx_present_book(dx_ctx *ctx, const dx_present_entry *entries, size_t count, dx_buffer *out)
{
    int fd = memfd_create("doxin-workbook", MFD_CLOEXEC);
    if (fd < 0)
        return dx_fail(ctx, DOXIN_E_IO, "no memory file can be made for the workbook");
    doxin_status status = write_book(ctx, entries, count, fd);
    if (status == DOXIN_OK && !take_bytes(fd, out))
        status = dx_fail(ctx, DOXIN_E_IO, "the workbook cannot be read back");
    close(fd);
    return status == DOXIN_OK && out->failed
               ? out->full ? dx_fail(ctx, DOXIN_E_LIMIT, "the result would be larger than allowed") : dx_nomem(ctx)
               : status;
}

doxin_status dx_present_xlsx(dx_ctx *ctx, const dx_invoice *invoice, const dx_present_options *options, dx_buffer *out)
{
    return dx_present_book(ctx, &(dx_present_entry){invoice, options->file_name}, 1, out);
}
