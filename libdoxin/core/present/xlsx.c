/* A workbook of two sheets: the invoice and its lines. Amounts are numbers there, as a spreadsheet is for calculating. */
#include "core/present/forms.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

static const dx_cell_id cells[] = {DX_CELL_NUMBER,           DX_CELL_ITEM,     DX_CELL_DESCRIPTION,
                                   DX_CELL_QUANTITY,         DX_CELL_UNIT,     DX_CELL_PRICE,
                                   DX_CELL_DISCOUNT_PERCENT, DX_CELL_TAX_RATE, DX_CELL_TOTAL};

/* 15 digits are exact in a double; what has more stays text. */
static bool exact(const dx_field *field, dx_value_kind kind)
{
    return kind != DX_VALUE_TEXT && kind != DX_VALUE_DATE && field->number.units > -1000000000000000 &&
           field->number.units < 1000000000000000;
}

static void put(lxw_worksheet *sheet, size_t row, size_t column, const dx_field *field, dx_value_kind kind)
{
    if (!field->present)
        return;
    if (exact(field, kind))
        worksheet_write_number(sheet, (lxw_row_t)row, (lxw_col_t)column, dx_decimal_double(field->number), NULL);
    else
        worksheet_write_string(sheet, (lxw_row_t)row, (lxw_col_t)column, field->text, NULL);
}

static void fill_header(lxw_worksheet *sheet, const dx_invoice *invoice, lxw_format *strong)
{
    size_t row = 0;
    worksheet_set_column(sheet, 0, 0, 26, NULL);
    worksheet_set_column(sheet, 1, 1, 48, NULL);
    worksheet_write_string(sheet, 0, 0, "field", strong);
    worksheet_write_string(sheet, 0, 1, "value", strong);
    worksheet_write_string(sheet, 0, 2, "confidence", strong);
    for (int id = 0; id < DX_HEADER_COUNT; id++) {
        const dx_field *field = &invoice->header[id];
        if (!field->present)
            continue;
        row++;
        worksheet_write_string(sheet, (lxw_row_t)row, 0, dx_header_path((dx_header_id)id), NULL);
        put(sheet, row, 1, field, dx_header_kind((dx_header_id)id));
        worksheet_write_number(sheet, (lxw_row_t)row, 2, field->evidence.confidence / 1000.0, NULL);
    }
}

static void fill_lines(lxw_worksheet *sheet, const dx_invoice *invoice, lxw_format *strong)
{
    worksheet_set_column(sheet, 2, 2, 48, NULL);
    worksheet_freeze_panes(sheet, 1, 0);
    for (size_t k = 0; k < sizeof cells / sizeof cells[0]; k++)
        worksheet_write_string(sheet, 0, (lxw_col_t)k, dx_cell_name(cells[k]), strong);
    for (size_t i = 0; i < invoice->line_count; i++)
        for (size_t k = 0; k < sizeof cells / sizeof cells[0]; k++)
            put(sheet, i + 1, k, &invoice->lines[i].cell[cells[k]], dx_cell_kind(cells[k]));
}

static lxw_error write_book(const dx_invoice *invoice, int fd)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    lxw_workbook *book = workbook_new(path);
    if (!book)
        return LXW_ERROR_MEMORY_MALLOC_FAILED;
    lxw_format *strong = workbook_add_format(book);
    lxw_worksheet *header = workbook_add_worksheet(book, "invoice");
    lxw_worksheet *lines = workbook_add_worksheet(book, "lines");
    if (strong && header && lines) {
        format_set_bold(strong);
        fill_header(header, invoice, strong);
        fill_lines(lines, invoice, strong);
    }
    return workbook_close(book);
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
doxin_status dx_present_xlsx(dx_ctx *ctx, const dx_invoice *invoice, const dx_present_options *options, dx_buffer *out)
{
    (void)options;
    int fd = memfd_create("doxin-workbook", MFD_CLOEXEC);
    if (fd < 0)
        return dx_fail(ctx, DOXIN_E_IO, "no memory file can be made for the workbook");
    doxin_status status = DOXIN_OK;
    lxw_error problem = write_book(invoice, fd);
    if (problem == LXW_ERROR_MEMORY_MALLOC_FAILED)
        status = dx_nomem(ctx);
    else if (problem != LXW_NO_ERROR || !take_bytes(fd, out))
        status = dx_fail(ctx, DOXIN_E_IO, "the workbook cannot be written: %s", lxw_strerror(problem));
    close(fd);
    return status;
}
