/* The parts between the lines and the subtotal, and what is paid and due. */
#include "core/extract/totals.h"

#include <stdlib.h>
#include <string.h>

enum { NONE = -1, LIKELY = 150 };

/* Discount, charge and freight as candidates; the charge may be printed with the freight in it. */
typedef struct part_set {
    int discount, charge, freight;
    bool discount_added; /* printed as what is added, as on a credit note */
    bool freight_in_charge;
    int score;
} part_set;

typedef struct part_sums {
    const dx_sums *sums;
    int64_t lines, subtotal;
} part_sums;

static const dx_sum *candidate(const dx_sums *sums, dx_role role, int index)
{
    return index < 0 ? NULL : &sums->role[role][index];
}

static int64_t value_of(const dx_sums *sums, dx_role role, int index)
{
    const dx_sum *sum = candidate(sums, role, index);
    return sum ? sum->value : 0;
}

/* Does the set lead from the lines to the subtotal? The signs of discounts are printed both ways. */
static bool closes(const part_sums *parts, part_set *set)
{
    int64_t discount = llabs(value_of(parts->sums, DX_ROLE_DISCOUNT, set->discount));
    int64_t charge = value_of(parts->sums, DX_ROLE_CHARGE, set->charge);
    int64_t freight = value_of(parts->sums, DX_ROLE_FREIGHT, set->freight);
    int64_t gap = parts->subtotal - parts->lines;
    for (int sign = 0; sign < 2; sign++) {
        int64_t less = sign == 0 ? -discount : discount;
        set->discount_added = sign == 1;
        set->freight_in_charge = false;
        if (gap == less + charge + freight)
            return true;
        set->freight_in_charge = charge != 0 && freight != 0 && llabs(charge) >= llabs(freight);
        if (set->freight_in_charge && gap == less + charge)
            return true;
    }
    return false;
}

static int part_score(const dx_sums *sums, dx_role role, int index)
{
    const dx_sum *sum = candidate(sums, role, index);
    return !sum ? 0 : sum->value == 0 ? -1 : sum->score > 0 ? sum->score : -200;
}

static bool find_set(const part_sums *parts, part_set *best)
{
    bool found = false;
    const dx_sums *sums = parts->sums;
    for (int d = NONE; d < (int)sums->count[DX_ROLE_DISCOUNT]; d++) {
        for (int c = NONE; c < (int)sums->count[DX_ROLE_CHARGE]; c++) {
            for (int f = NONE; f < (int)sums->count[DX_ROLE_FREIGHT]; f++) {
                part_set set = {d, c, f, false, false, 0};
                set.score = part_score(sums, DX_ROLE_DISCOUNT, d) + part_score(sums, DX_ROLE_CHARGE, c) +
                            part_score(sums, DX_ROLE_FREIGHT, f);
                if (closes(parts, &set) && (!found || set.score > best->score)) {
                    *best = set;
                    found = true;
                }
            }
        }
    }
    return found;
}

static doxin_status set_one(dx_ctx *ctx, const dx_reading *reading, const dx_sum *sum, bool negate, dx_field *field)
{
    return sum ? dx_set_sum(ctx, reading, field, sum, dx_confidence_from(sum->score - 100), negate) : DOXIN_OK;
}

static doxin_status set_found(dx_ctx *ctx, const dx_reading *reading, const dx_sums *sums, const part_set *set,
                              dx_invoice *invoice)
{
    const dx_sum *discount = candidate(sums, DX_ROLE_DISCOUNT, set->discount);
    const dx_sum *charge = candidate(sums, DX_ROLE_CHARGE, set->charge);
    const dx_sum *freight = candidate(sums, DX_ROLE_FREIGHT, set->freight);
    bool negate = discount && (discount->value < 0) != set->discount_added;
    doxin_status status = set_one(ctx, reading, discount, negate, &invoice->header[DX_HEADER_DISCOUNT_TOTAL]);
    if (status == DOXIN_OK)
        status = set_one(ctx, reading, freight, false, &invoice->header[DX_HEADER_FREIGHT]);
    if (status != DOXIN_OK || !charge)
        return status;
    dx_field *field = &invoice->header[DX_HEADER_CHARGE_TOTAL];
    status = set_one(ctx, reading, charge, false, field);
    if (status == DOXIN_OK && set->freight_in_charge && freight) {
        dx_evidence evidence = field->evidence;
        status = dx_field_number(ctx, field, dx_decimal_from(charge->value - freight->value, DX_AMOUNT_SCALE), 2);
        field->evidence = evidence;
        field->evidence.origin = DX_ORIGIN_ARITHMETIC;
        field->note = "the printed charges less the freight in them";
    }
    return status;
}

/* Nothing leads from the lines to the subtotal: each part stands for itself, if it is likely and smaller than the
 * whole. */
static doxin_status set_likely(dx_ctx *ctx, const dx_reading *reading, const dx_sums *sums, int64_t whole,
                               dx_invoice *invoice)
{
    static const struct {
        dx_role role;
        dx_header_id field;
        int least;
    } each[] = {{DX_ROLE_DISCOUNT, DX_HEADER_DISCOUNT_TOTAL, 200},
                {DX_ROLE_CHARGE, DX_HEADER_CHARGE_TOTAL, 250},
                {DX_ROLE_FREIGHT, DX_HEADER_FREIGHT, 200}};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        for (size_t k = 0; k < sums->count[each[i].role]; k++) {
            const dx_sum *sum = &sums->role[each[i].role][k];
            if (whole != 0 && llabs(sum->value) >= llabs(whole))
                continue;
            bool negate = each[i].role == DX_ROLE_DISCOUNT && sum->value < 0;
            doxin_status status = sum->score < each[i].least
                                      ? DOXIN_OK
                                      : set_one(ctx, reading, sum, negate, &invoice->header[each[i].field]);
            if (status != DOXIN_OK)
                return status;
            break;
        }
    }
    return DOXIN_OK;
}

/* The printed sum of the lines: the one that the table of items adds up to, else the likeliest. */
static const dx_sum *printed_lines(const dx_sums *sums, const int64_t *lines_sum)
{
    for (size_t i = 0; lines_sum && i < sums->count[DX_ROLE_LINES]; i++)
        if (sums->role[DX_ROLE_LINES][i].value == *lines_sum)
            return &sums->role[DX_ROLE_LINES][i];
    bool likely = sums->count[DX_ROLE_LINES] > 0 && sums->role[DX_ROLE_LINES][0].score >= LIKELY;
    return likely ? &sums->role[DX_ROLE_LINES][0] : NULL;
}

/* Where the total is printed with decimals, a payment without them is a count of days or a part of a number. */
static bool printed_alike(const dx_reading *reading, const dx_sum *sum, const dx_field *total)
{
    bool decimals = total->present && total->evidence.text && strpbrk(total->evidence.text, ".,");
    return !decimals || sum->mark == DX_NO_INDEX || reading->marks[sum->mark].money;
}

static doxin_status set_payment(dx_ctx *ctx, const dx_reading *reading, const dx_sums *sums, dx_invoice *invoice)
{
    static const struct {
        dx_role role;
        dx_header_id field;
        int least;
    } each[] = {{DX_ROLE_PREPAID, DX_HEADER_PREPAID, 200},
                {DX_ROLE_DUE, DX_HEADER_AMOUNT_DUE, LIKELY},
                {DX_ROLE_ROUNDING, DX_HEADER_ROUNDING, LIKELY}};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        const dx_sum *sum = sums->count[each[i].role] > 0 ? &sums->role[each[i].role][0] : NULL;
        if (!sum || sum->score < each[i].least || !printed_alike(reading, sum, &invoice->header[DX_HEADER_TOTAL]))
            continue;
        bool negate = each[i].role == DX_ROLE_PREPAID && sum->value < 0;
        doxin_status status = set_one(ctx, reading, sum, negate, &invoice->header[each[i].field]);
        if (status != DOXIN_OK)
            return status;
    }
    return DOXIN_OK;
}

doxin_status dx_set_parts(dx_ctx *ctx, const dx_reading *reading, const dx_sums *sums, const int64_t *lines_sum,
                          dx_invoice *invoice)
{
    const dx_field *subtotal = &invoice->header[DX_HEADER_SUBTOTAL], *total = &invoice->header[DX_HEADER_TOTAL];
    const dx_field *whole = subtotal->present ? subtotal : total;
    int64_t amount = whole->present ? dx_amount_whole(whole->number) : 0;
    const dx_sum *printed = printed_lines(sums, lines_sum);
    part_sums parts = {sums, lines_sum ? *lines_sum : printed ? printed->value : 0, amount};
    part_set set = {NONE, NONE, NONE, false, false, 0};
    bool found = subtotal->present && (printed || lines_sum) && find_set(&parts, &set);
    if (!found && subtotal->present && printed && lines_sum) {
        parts.lines = printed->value;
        found = find_set(&parts, &set);
    }
    doxin_status status =
        found ? set_found(ctx, reading, sums, &set, invoice) : set_likely(ctx, reading, sums, amount, invoice);
    /* A sum of lines that contradicts the lines which do lead to the subtotal is something else. */
    bool contradicts = printed && found && printed->value != parts.lines;
    if (status == DOXIN_OK && printed && !contradicts)
        status = set_one(ctx, reading, printed, false, &invoice->header[DX_HEADER_LINES_TOTAL]);
    return status == DOXIN_OK ? set_payment(ctx, reading, sums, invoice) : status;
}
