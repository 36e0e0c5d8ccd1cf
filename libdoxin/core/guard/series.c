/* generate_series: how many rows it can make at most. */
#include "core/guard/walk.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBERS_MAX = 10000, TIMES_MAX = 50000, MONTH = 28, CENTURY = 36525 };

/* A bound in days: from low to high, counted from 1970 or, with now, from the time of the statement. A bound of the data
 * is any day of a person's lifetime. */
typedef struct bound {
    enum { NO_BOUND, TIME, DATA } kind;
    bool now;
    double low, high;
} bound;

static bound time_of(const PgQuery__Node *node, int depth);

static const char *text_of(const PgQuery__Node *node)
{
    return node && node->node_case == PG_QUERY__NODE__NODE_A_CONST &&
                   node->a_const->val_case == PG_QUERY__A__CONST__VAL_SVAL
               ? node->a_const->sval->sval
               : NULL;
}

static bool number_of(const PgQuery__Node *node, double *out)
{
    if (node && node->node_case == PG_QUERY__NODE__NODE_A_EXPR && !node->a_expr->lexpr && node->a_expr->n_name == 1 &&
        dx_string_of(node->a_expr->name[0]) && strcmp(dx_string_of(node->a_expr->name[0]), "-") == 0 &&
        number_of(node->a_expr->rexpr, out)) {
        *out = -*out;
        return true;
    }
    while (node && node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST)
        node = node->type_cast->arg;
    if (!node || node->node_case != PG_QUERY__NODE__NODE_A_CONST)
        return false;
    if (node->a_const->val_case == PG_QUERY__A__CONST__VAL_IVAL && !node->a_const->isnull)
        *out = node->a_const->ival->ival;
    else if (node->a_const->val_case == PG_QUERY__A__CONST__VAL_FVAL)
        *out = strtod(node->a_const->fval->fval, NULL);
    else
        return false;
    return true;
}

/* ---- intervals ------------------------------------------------------------------------------------------------------------------- */

static double days_of_unit(const char *unit, size_t size)
{
    static const struct {
        const char *name;
        double days;
    } units[] = {{"year", 365}, {"quarter", 90},    {"month", MONTH},       {"mon", MONTH},      {"week", 7},
                 {"day", 1},    {"hour", 1 / 24.0}, {"minute", 1 / 1440.0}, {"min", 1 / 1440.0}, {"decade", 3652}};
    if (size > 1 && (unit[size - 1] | 0x20) == 's')
        size--;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strlen(units[i].name) == size && strncasecmp(units[i].name, unit, size) == 0)
            return units[i].days;
    return 0;
}

/* "1 month", "2 weeks 3 days", "-1 day"; 0: not understood. */
static double days_of_text(const char *text)
{
    double sum = 0;
    while (*text == ' ')
        text++;
    while (*text) {
        char *end;
        double number = strtod(text, &end);
        if (end == text || !isfinite(number) || (sum != 0 && (sum < 0) != (number < 0)))
            return 0;
        end += strspn(end, " ");
        size_t size = strcspn(end, " 0123456789-");
        double days = days_of_unit(end, size);
        if (days == 0)
            return 0;
        sum += number * days;
        text = end + size + strspn(end + size, " ");
    }
    return sum;
}

/* INTERVAL '1' MONTH: the unit is a number of the type. */
static double days_of_cast(const PgQuery__TypeCast *cast)
{
    const char *text = text_of(cast->arg);
    const PgQuery__TypeName *type = cast->type_name;
    if (!text || strcmp(dx_type_name(type), "interval") != 0)
        return 0;
    if (type->n_typmods == 0)
        return days_of_text(text);
    double number = strtod(text, NULL), mask = 0;
    if (!number_of(type->typmods[0], &mask))
        return 0;
    switch ((int)mask) {
    case 1 << 1:
        return number * MONTH;
    case 1 << 2:
        return number * 365;
    case 1 << 3:
        return number;
    case 1 << 10:
        return number / 24;
    default:
        return 0;
    }
}

static double interval_of(const PgQuery__Node *node)
{
    if (text_of(node))
        return days_of_text(text_of(node));
    return node && node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST ? days_of_cast(node->type_cast) : 0;
}

/* ---- times ------------------------------------------------------------------------------------------------------------------------ */

/* One or two digits behind a dash at *at; -1: there are none. */
static int part_of_date(const char **at)
{
    if (**at != '-' || !isdigit((unsigned char)(*at)[1]))
        return -1;
    int value = 0;
    ++*at;
    for (int i = 0; i < 2 && isdigit((unsigned char)**at); i++, ++*at)
        value = value * 10 + (**at - '0');
    return value;
}

/* YYYY-MM-DD…, years 1900 to 2200. */
static bound time_of_text(const char *text)
{
    if (strspn(text, "0123456789") != 4 || strlen(text) > 40)
        return (bound){NO_BOUND, false, 0, 0};
    int year = 0;
    const char *at = text;
    while (isdigit((unsigned char)*at))
        year = year * 10 + (*at++ - '0');
    int month = part_of_date(&at), day = part_of_date(&at);
    if (month < 0 || year < 1900 || year > 2200)
        return (bound){NO_BOUND, false, 0, 0};
    double days = (year - 1970) * 365.25 + (month - 1) * 30.44 + (day < 0 ? 1 : day);
    return (bound){TIME, false, days - 2, days + 2};
}

static bound shift(bound from, double days)
{
    if (!isfinite(days) || fabs(days) > 2 * CENTURY)
        return (bound){NO_BOUND, false, 0, 0};
    /* A month has 28 to 31 days. */
    double more = days * 31 / MONTH;
    from.low += days < more ? days : more;
    from.high += days < more ? more : days;
    return from;
}

static bound time_of_operation(const PgQuery__AExpr *node, int depth)
{
    const char *name = node->n_name == 1 ? dx_string_of(node->name[0]) : NULL;
    bound from = node->lexpr ? time_of(node->lexpr, depth + 1) : (bound){NO_BOUND, false, 0, 0};
    double days = interval_of(node->rexpr);
    if (from.kind == NO_BOUND || !name || (strcmp(name, "+") != 0 && strcmp(name, "-") != 0) ||
        (days == 0 && !number_of(node->rexpr, &days)))
        return (bound){NO_BOUND, false, 0, 0};
    return shift(from, *name == '-' ? -days : days);
}

/* (SELECT min(column) FROM …): what the data hold. */
static bound time_of_query(const PgQuery__SubLink *link, int depth)
{
    const PgQuery__SelectStmt *query = link->subselect && link->subselect->node_case == PG_QUERY__NODE__NODE_SELECT_STMT
                                           ? link->subselect->select_stmt
                                           : NULL;
    if (!query || link->sub_link_type != PG_QUERY__SUB_LINK_TYPE__EXPR_SUBLINK || query->n_target_list != 1)
        return (bound){NO_BOUND, false, 0, 0};
    return time_of(query->target_list[0]->res_target->val, depth + 1);
}

static bound time_of_call(const PgQuery__FuncCall *call, int depth)
{
    const char *name = dx_call_name(call);
    if (name && strcmp(name, "now") == 0)
        return (bound){TIME, true, 0, 0};
    if (name && (strcmp(name, "min") == 0 || strcmp(name, "max") == 0 || strcmp(name, "date") == 0) &&
        call->n_args == 1)
        return time_of(call->args[0], depth + 1);
    if (!name || strcmp(name, "date_trunc") != 0 || call->n_args < 2)
        return (bound){NO_BOUND, false, 0, 0};
    bound from = time_of(call->args[1], depth + 1);
    from.low -= 366;
    return from;
}

static bound time_of(const PgQuery__Node *node, int depth)
{
    if (!node || depth > 12)
        return (bound){NO_BOUND, false, 0, 0};
    switch ((int)node->node_case) {
    case PG_QUERY__NODE__NODE_A_CONST:
        return text_of(node) ? time_of_text(text_of(node)) : (bound){NO_BOUND, false, 0, 0};
    case PG_QUERY__NODE__NODE_TYPE_CAST:
        return time_of(node->type_cast->arg, depth + 1);
    case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
        return (bound){TIME, true, 0, 0};
    case PG_QUERY__NODE__NODE_A_EXPR:
        return time_of_operation(node->a_expr, depth);
    case PG_QUERY__NODE__NODE_FUNC_CALL:
        return time_of_call(node->func_call, depth);
    case PG_QUERY__NODE__NODE_SUB_LINK:
        return time_of_query(node->sub_link, depth);
    case PG_QUERY__NODE__NODE_COLUMN_REF:
        return (bound){DATA, false, 0, CENTURY};
    default:
        return (bound){NO_BOUND, false, 0, 0};
    }
}

/* ---- the function ------------------------------------------------------------------------------------------------------------------ */

static double days_between(bound from, bound to)
{
    if (from.kind == DATA || to.kind == DATA)
        return CENTURY;
    if (from.now != to.now)
        /* The statement may run for a century. */
        return fmax(fabs(to.high), fabs(from.high)) + CENTURY;
    return fmax(to.high - from.low, from.high - to.low);
}

doxin_status dx_walk_bounds(dx_walk *walk, const PgQuery__FuncCall *call)
{
    static const char *const hint = "use constants, or dates with a step of a day or more: "
                                    "generate_series(DATE '2025-01-01', DATE '2025-12-01', INTERVAL '1 month')";
    double first = 0, last = 0, step = 1;
    if (number_of(call->args[0], &first) && number_of(call->args[1], &last) &&
        (call->n_args == 2 || number_of(call->args[2], &step))) {
        if (step != 0 && isfinite(last - first) && fabs((last - first) / step) <= NUMBERS_MAX)
            return DOXIN_OK;
        return dx_walk_refuse(walk, DOXIN_E_SQL_COST, call->location, "make at most 10000",
                              "generate_series makes too many rows");
    }
    step = call->n_args == 3 ? fabs(interval_of(call->args[2])) : 0;
    bound from = time_of(call->args[0], 0), to = time_of(call->args[1], 0);
    if (step == 0 || from.kind == NO_BOUND || to.kind == NO_BOUND)
        return dx_walk_refuse(walk, DOXIN_E_SQL_ARGUMENT, call->location, hint,
                              "the bounds of generate_series are not constant");
    if (step < 1.0 / 24 || days_between(from, to) / step > TIMES_MAX ||
        ((from.kind == DATA || to.kind == DATA) && step < 1))
        return dx_walk_refuse(walk, DOXIN_E_SQL_COST, call->location, hint, "generate_series makes too many rows");
    return DOXIN_OK;
}
