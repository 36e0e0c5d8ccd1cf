/* The arithmetic of a row, as exact as printed numbers are. */
#include "core/extract/table.h"

#include <stdlib.h>

/* Rounded to the total's places, one unit of the last place apart at most: the price itself may have been rounded. */
static bool agrees(dx_decimal value, dx_decimal total)
{
    dx_decimal difference;
    return dx_decimal_round(value, total.scale, &value) && dx_decimal_sub(value, total, &difference) &&
           llabs(difference.units) <= (total.scale > 0 ? 1 : 0);
}

static bool is_one_or_none(dx_decimal value)
{
    return value.units == 0 || dx_decimal_equal(value, dx_decimal_from(1, 0));
}

bool dx_table_product(const dx_atom *quantity, const dx_atom *price, const dx_atom *total, bool *weak)
{
    dx_decimal product;
    if (quantity->percent || price->percent || total->percent ||
        !dx_decimal_mul(quantity->value, price->value, &product) || !agrees(product, total->value))
        return false;
    *weak = is_one_or_none(quantity->value) || is_one_or_none(price->value);
    return true;
}

bool dx_table_discounted(const dx_atom *quantity, const dx_atom *price, const dx_atom *discount, const dx_atom *total)
{
    dx_decimal product, value = dx_decimal_abs(discount->value), part;
    if (quantity->percent || price->percent || total->percent || dx_decimal_sign(value) == 0 ||
        !dx_decimal_mul(quantity->value, price->value, &product))
        return false;
    bool holds = dx_decimal_mul(product, value, &part) && dx_decimal_mul(part, dx_decimal_from(1, 2), &part) &&
                 dx_decimal_sub(product, part, &part) && agrees(part, total->value);
    if (holds || discount->percent)
        return holds;
    if (dx_decimal_sub(product, value, &part) && agrees(part, total->value))
        return true;
    return dx_decimal_sub(price->value, value, &part) && dx_decimal_mul(part, quantity->value, &part) &&
           agrees(part, total->value);
}
