/* What EN 16931 defines by other values, where an invoice (read from a page) does not state it. */
#include "base/value/country.h"
#include "core/einvoice/ubl_write.h"

#include <string.h>

static const dx_field *header(const dx_ubl_writer *writer, dx_header_id id)
{
    return &writer->invoice->header[id];
}

/* ---- categories --------------------------------------------------------------------------------------------------------- */

static bool above_zero(const dx_field *rate)
{
    return rate && rate->present && dx_decimal_sign(rate->number) > 0;
}

const char *dx_ubl_row_category(const dx_tax *row)
{
    const dx_field *category = &row->cell[DX_TAX_CATEGORY];
    if (category->present)
        return category->text;
    return above_zero(&row->cell[DX_TAX_RATE]) ? "S" : NULL;
}

const dx_field *dx_ubl_rate_of(const dx_ubl_writer *writer, const dx_field *own)
{
    if (own->present)
        return own;
    if (writer->tax_count == 1 && writer->taxes[0].cell[DX_TAX_RATE].present)
        return &writer->taxes[0].cell[DX_TAX_RATE];
    return header(writer, DX_HEADER_TAX_RATE);
}

const char *dx_ubl_category_of(const dx_ubl_writer *writer, const dx_field *category, const dx_field *rate)
{
    if (category->present)
        return category->text;
    for (size_t i = 0; i < writer->tax_count; i++) {
        const dx_field *own = &writer->taxes[i].cell[DX_TAX_RATE];
        if (writer->tax_count == 1 || (own->present && rate->present && dx_decimal_equal(own->number, rate->number)))
            return dx_ubl_row_category(&writer->taxes[i]);
    }
    return above_zero(rate) ? "S" : NULL;
}

const char *dx_ubl_exemption_code(const char *category)
{
    static const struct {
        const char *category, *code;
    } codes[] = {{"AE", "VATEX-EU-AE"}, {"K", "VATEX-EU-IC"}, {"G", "VATEX-EU-G"}, {"O", "VATEX-EU-O"}};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (strcmp(codes[i].category, category) == 0)
            return codes[i].code;
    return NULL;
}

const char *dx_ubl_country(const dx_ubl_writer *writer, dx_header_id id)
{
    const dx_field *field = header(writer, id);
    return field->present ? dx_country_code(field->text, strlen(field->text)) : NULL;
}

/* Greece writes EL, Northern Ireland XI; the rule BR-CO-09 knows both. */
bool dx_ubl_is_vat(const dx_field *tax_id)
{
    const char *text = tax_id->text;
    if (!tax_id->present || strlen(text) < 4)
        return false;
    return strncmp(text, "EL", 2) == 0 || strncmp(text, "XI", 2) == 0 ||
           (text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z' && dx_country_code(text, 2));
}

/* ---- sums ------------------------------------------------------------------------------------------------------------------ */

static bool prepare_lines(dx_ubl_writer *writer)
{
    const dx_field *stated = header(writer, DX_HEADER_LINES_TOTAL);
    if (stated->present) {
        writer->lines_total = stated->number;
        return true;
    }
    for (size_t i = 0; i < writer->invoice->line_count; i++) {
        const dx_field *total = &writer->invoice->lines[i].cell[DX_CELL_TOTAL];
        if (total->present && !dx_decimal_add(writer->lines_total, total->number, &writer->lines_total))
            return false;
    }
    return true;
}

static bool prepare_due(dx_ubl_writer *writer)
{
    const dx_field *stated = header(writer, DX_HEADER_AMOUNT_DUE);
    const dx_field *prepaid = header(writer, DX_HEADER_PREPAID);
    const dx_field *rounding = header(writer, DX_HEADER_ROUNDING);
    writer->amount_due = header(writer, DX_HEADER_TOTAL)->number;
    if (stated->present)
        writer->amount_due = stated->number;
    return stated->present ||
           ((!prepaid->present || dx_decimal_sub(writer->amount_due, prepaid->number, &writer->amount_due)) &&
            (!rounding->present || dx_decimal_add(writer->amount_due, rounding->number, &writer->amount_due)));
}

static bool prepare_adjustment_sums(dx_ubl_writer *writer)
{
    for (size_t i = 0; i < writer->adjustment_count; i++) {
        const dx_adjustment *at = &writer->adjustments[i];
        dx_decimal *sum = &writer->sums[at->charge];
        if (at->amount.present && !dx_decimal_add(*sum, at->amount.number, sum))
            return false;
    }
    return true;
}

/* A page states the sums only; each is then one allowance or charge. */
static doxin_status prepare_adjustments(dx_ubl_writer *writer)
{
    static const struct {
        dx_header_id id;
        bool charge, freight;
        const char *reason;
    } stated[] = {{DX_HEADER_DISCOUNT_TOTAL, false, false, "Discount"},
                  {DX_HEADER_CHARGE_TOTAL, true, false, "Charge"},
                  {DX_HEADER_FREIGHT, true, true, "Freight"}};
    enum { STATED = sizeof stated / sizeof stated[0] };
    writer->adjustments = writer->invoice->adjustments;
    writer->adjustment_count = writer->invoice->adjustment_count;
    if (writer->adjustment_count > 0)
        return DOXIN_OK;
    dx_adjustment *made = dx_array(writer->ctx, STATED, sizeof *made);
    if (!made)
        return DOXIN_E_NOMEM;
    for (size_t i = 0; i < STATED; i++) {
        const dx_field *amount = header(writer, stated[i].id);
        if (!amount->present || dx_decimal_sign(amount->number) == 0)
            continue;
        dx_adjustment *to = &made[writer->adjustment_count++];
        to->charge = stated[i].charge;
        to->freight = stated[i].freight;
        to->amount = *amount;
        if (dx_field_text(writer->ctx, &to->reason, stated[i].reason) != DOXIN_OK)
            return DOXIN_E_NOMEM;
    }
    writer->adjustments = made;
    return DOXIN_OK;
}

/* One rate over everything: the breakdown is the totals. */
static doxin_status prepare_taxes(dx_ubl_writer *writer)
{
    const dx_field *rate = header(writer, DX_HEADER_TAX_RATE);
    writer->taxes = writer->invoice->taxes;
    writer->tax_count = writer->invoice->tax_count;
    if (writer->tax_count > 0 || !rate->present || !header(writer, DX_HEADER_SUBTOTAL)->present ||
        !header(writer, DX_HEADER_TAX_AMOUNT)->present)
        return DOXIN_OK;
    dx_tax *made = dx_new(writer->ctx, sizeof *made);
    if (!made)
        return DOXIN_E_NOMEM;
    made->cell[DX_TAX_RATE] = *rate;
    made->cell[DX_TAX_BASE] = *header(writer, DX_HEADER_SUBTOTAL);
    made->cell[DX_TAX_AMOUNT] = *header(writer, DX_HEADER_TAX_AMOUNT);
    writer->taxes = made;
    writer->tax_count = 1;
    return DOXIN_OK;
}

doxin_status dx_ubl_prepare(dx_ubl_writer *writer)
{
    if (prepare_adjustments(writer) != DOXIN_OK || prepare_taxes(writer) != DOXIN_OK)
        return DOXIN_E_NOMEM;
    if (!prepare_lines(writer) || !prepare_due(writer) || !prepare_adjustment_sums(writer))
        return dx_fail(writer->ctx, DOXIN_E_OVERFLOW, "the amounts of the invoice are too large to be added");
    return DOXIN_OK;
}
