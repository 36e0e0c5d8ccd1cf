/* Lines of a tax summary, found by their arithmetic: a rate, a base and an amount with rate × base = amount. */
#include "core/extract/totals.h"

#include <stdlib.h>

enum { ON_LINE = 12, CENTS = 100, RATE_MOST = 300000 /* 30 percent */ };

static size_t marks_of_line(const dx_reading *reading, const dx_text_line *line, uint32_t *out)
{
    size_t count = 0;
    for (uint32_t s = line->first_segment; s < line->first_segment + line->segment_count; s++) {
        const dx_segment_reading *own = &reading->segments[s];
        for (uint32_t i = own->first_mark; i < own->first_mark + own->mark_count && count < ON_LINE; i++)
            if (reading->marks[i].kind != DX_MARK_DATE && !reading->marks[i].in_items)
                out[count++] = i;
    }
    return count;
}

static bool known(const dx_sums *sums, const dx_tax_row *row)
{
    for (size_t i = 0; i < sums->row_count; i++)
        if (sums->rows[i].rate == row->rate && (sums->rows[i].base == row->base || sums->rows[i].amount == row->amount))
            return true;
    return false;
}

/* A plain number is a rate only where the base is large enough to make a match by chance unlikely. */
static bool is_rate(const dx_mark *mark, int64_t rate)
{
    if (rate <= 0 || rate > RATE_MOST)
        return false;
    return mark->kind == DX_MARK_PERCENT || !mark->has_currency;
}

static bool is_printed_rate(const dx_sums *sums, int64_t rate)
{
    for (size_t i = 0; i < sums->rate_count; i++)
        if (sums->rates[i] == rate)
            return true;
    return false;
}

static void try_row(const dx_reading *reading, uint32_t rate, uint32_t base, uint32_t amount, dx_sums *out)
{
    dx_tax_row row = {rate,
                      base,
                      amount,
                      dx_amount_whole(reading->marks[rate].number),
                      dx_amount_whole(reading->marks[base].number),
                      dx_amount_whole(reading->marks[amount].number)};
    int64_t size = llabs(row.base);
    bool sure = reading->marks[rate].kind == DX_MARK_PERCENT || is_printed_rate(out, row.rate);
    int64_t least = sure ? 100 * CENTS : 1000 * CENTS;
    if (!is_rate(&reading->marks[rate], row.rate) || size < least || row.amount == 0 || known(out, &row) ||
        !reading->marks[base].money || !reading->marks[amount].money ||
        !dx_amount_close(dx_amount_percent(row.base, row.rate), row.amount, CENTS))
        return;
    if (out->row_count < DX_TAX_ROWS)
        out->rows[out->row_count++] = row;
}

void dx_tax_rows_find(const dx_reading *reading, dx_sums *out)
{
    for (size_t l = 0; l < reading->layout->line_count; l++) {
        uint32_t marks[ON_LINE];
        size_t count = marks_of_line(reading, &reading->layout->lines[l], marks);
        for (size_t r = 0; count >= 3 && r < count; r++)
            for (size_t b = 0; b < count; b++)
                for (size_t a = 0; a < count; a++)
                    if (r != b && r != a && a != b && reading->marks[marks[b]].kind == DX_MARK_AMOUNT &&
                        reading->marks[marks[a]].kind == DX_MARK_AMOUNT)
                        try_row(reading, marks[r], marks[b], marks[a], out);
    }
}
