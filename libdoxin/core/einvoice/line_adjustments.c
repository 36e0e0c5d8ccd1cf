/* Allowances and charges of a line (BG-27, BG-28), in whichever syntax. */
#include "core/einvoice/read.h"

#include <string.h>

void dx_read_line_adjustments(dx_einvoice_reader *reader, dx_line *line, const xmlNode *node,
                              const dx_adjustment_names *names)
{
    dx_decimal sums[2] = {{0, 0}, {0, 0}};
    bool any[2] = {false, false};
    const xmlNode *last = NULL;
    for (const xmlNode *at = NULL; (at = dx_xml_next(node, names->adjustment, at)); last = at) {
        dx_field amount = {0};
        const char *indicator = dx_xml_text_at(reader->ctx, at, names->indicator);
        int charge = indicator && (strcmp(indicator, "true") == 0 || strcmp(indicator, "1") == 0);
        dx_einvoice_set_amount(reader, &amount, at, names->amount);
        any[charge] = (amount.present && dx_decimal_add(sums[charge], amount.number, &sums[charge])) || any[charge];
        if (!charge)
            dx_einvoice_set_number(reader, &line->cell[DX_CELL_DISCOUNT_PERCENT], at, names->percent);
    }
    if (any[0])
        dx_einvoice_set_made_number(reader, &line->cell[DX_CELL_DISCOUNT_AMOUNT], last, sums[0], reader->digits);
    if (any[1])
        dx_einvoice_set_made_number(reader, &line->cell[DX_CELL_CHARGE_AMOUNT], last, sums[1], reader->digits);
}
