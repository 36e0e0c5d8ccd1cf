/* Arguments on which the size or the time of an answer depends. */
#include "core/guard/walk.h"

#include <stdlib.h>
#include <string.h>

enum { COUNT_MAX = 1000, FORMAT_MAX = 64, PATTERN_MAX = 100, QUANTIFIERS_MAX = 4 };

static const char *constant_text(const PgQuery__Node *node)
{
    while (node && node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST)
        node = node->type_cast->arg;
    if (node && node->node_case == PG_QUERY__NODE__NODE_A_CONST &&
        node->a_const->val_case == PG_QUERY__A__CONST__VAL_SVAL)
        return node->a_const->sval->sval;
    return NULL;
}

static doxin_status refuse(dx_walk *walk, int location, const char *hint, const char *message)
{
    return dx_walk_refuse(walk, DOXIN_E_SQL_ARGUMENT, location, hint, "%s", message);
}

/* ---- patterns -------------------------------------------------------------------------------------------------------------- */

/* {n} and {n,m} with numbers below 100. */
static bool small_repeat(const char *p)
{
    size_t size = strspn(p, "0123456789,");
    size_t digits = strcspn(p, ",}");
    return size > 0 && p[size] == '}' && digits <= 2 && size - digits <= 3;
}

/* No nested repetition, no back reference, few quantifiers: what a backtracking matcher does in time. */
static bool simple_pattern(const char *text)
{
    int quantifiers = 0, open = 0;
    if (strlen(text) > PATTERN_MAX || strncmp(text, "***", 3) == 0)
        return false;
    for (const char *p = text; *p; p++) {
        if (*p == '\\') {
            p++;
            if (!*p ||
                (((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z') ? !strchr("dswDSWmMyY", *p) : (*p >= '0' && *p <= '9')))
                return false;
        } else if (*p == '[') {
            p += p[1] == '^' ? 2 : 1;
            const char *end = *p ? strchr(p + 1, ']') : NULL;
            if (!end || memchr(p, '[', (size_t)(end - p)))
                return false;
            p = end;
        } else if (*p == '*' || *p == '+' || *p == '?' || *p == '{') {
            if (++quantifiers > QUANTIFIERS_MAX || (*p == '{' && !small_repeat(p + 1)))
                return false;
            if (*p == '{')
                p = strchr(p, '}');
        } else if (*p == '(') {
            if (p[1] == '?' || ++open > 2)
                return false;
        } else if (*p == ')' && p[1] && strchr("*+?{", p[1])) {
            return false;
        }
    }
    return true;
}

doxin_status dx_walk_pattern(dx_walk *walk, const PgQuery__Node *node, int location)
{
    const char *text = constant_text(node);
    if (text && simple_pattern(text))
        return DOXIN_OK;
    return refuse(walk, location, "use LIKE, or a short constant pattern without repeated groups",
                  "this regular expression is not allowed");
}

/* ---- numbers ----------------------------------------------------------------------------------------------------------------- */

static bool constant_number(const PgQuery__Node *node, double *out);

static bool constant_operation(const PgQuery__AExpr *node, double *out)
{
    const char *name = node->n_name == 1 ? dx_string_of(node->name[0]) : NULL;
    double left = 0, right = 0;
    if (node->kind != PG_QUERY__A__EXPR__KIND__AEXPR_OP || !name || name[1] || !constant_number(node->rexpr, &right) ||
        (node->lexpr && !constant_number(node->lexpr, &left)))
        return false;
    switch (*name) {
    case '+':
        *out = left + right;
        return true;
    case '-':
        *out = left - right;
        return true;
    case '*':
        *out = left * right;
        return true;
    case '/':
        *out = right != 0 ? left / right : 0;
        return right != 0;
    default:
        return false;
    }
}

static bool constant_number(const PgQuery__Node *node, double *out)
{
    while (node && node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST)
        node = node->type_cast->arg;
    if (!node)
        return false;
    if (node->node_case == PG_QUERY__NODE__NODE_A_EXPR)
        return constant_operation(node->a_expr, out);
    if (node->node_case != PG_QUERY__NODE__NODE_A_CONST || node->a_const->isnull)
        return false;
    if (node->a_const->val_case == PG_QUERY__A__CONST__VAL_IVAL)
        *out = node->a_const->ival->ival;
    else if (node->a_const->val_case == PG_QUERY__A__CONST__VAL_FVAL)
        *out = strtod(node->a_const->fval->fval, NULL);
    else
        return false;
    return true;
}

static bool is_double(const PgQuery__Node *node)
{
    return node && node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST && node->type_cast->type_name &&
           strcmp(dx_type_name(node->type_cast->type_name), "float8") == 0;
}

/* constant / anything: a root. */
static bool is_share(const PgQuery__Node *node)
{
    double number;
    if (!node || node->node_case != PG_QUERY__NODE__NODE_A_EXPR || node->a_expr->n_name != 1)
        return false;
    const char *name = dx_string_of(node->a_expr->name[0]);
    return name && strcmp(name, "/") == 0 && node->a_expr->lexpr && constant_number(node->a_expr->lexpr, &number) &&
           number >= -10 && number <= 10;
}

doxin_status dx_walk_exponent(dx_walk *walk, const PgQuery__Node *base, const PgQuery__Node *exponent, int location)
{
    double number;
    if (constant_number(exponent, &number)) {
        if (number >= -64 && number <= 64)
            return DOXIN_OK;
    } else if (is_double(base) || is_double(exponent) || is_share(exponent)) {
        return DOXIN_OK;
    }
    return refuse(walk, location, "use a constant exponent up to 64, or cast the base to double precision",
                  "this exponent is not allowed");
}

/* Where a number is expected and a text would be read as a pattern. */
static bool gives_number(const PgQuery__Node *node)
{
    static const char *const functions[] = {"length", "char_length", "strpos", "position",
                                            "floor",  "ceil",        "mod",    "octet_length"};
    double number;
    if (constant_number(node, &number))
        return true;
    if (node->node_case == PG_QUERY__NODE__NODE_A_EXPR && node->a_expr->n_name == 1) {
        const char *name = dx_string_of(node->a_expr->name[0]);
        return node->a_expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP && name && !name[1] && strchr("+-*/%", *name);
    }
    if (node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST && node->type_cast->type_name) {
        const char *type = dx_type_name(node->type_cast->type_name);
        return strncmp(type, "int", 3) == 0 && type[3] >= '0' && type[3] <= '9';
    }
    const char *called = node->node_case == PG_QUERY__NODE__NODE_FUNC_CALL ? dx_call_name(node->func_call) : NULL;
    for (size_t i = 0; called && i < sizeof functions / sizeof functions[0]; i++)
        if (strcmp(functions[i], called) == 0)
            return true;
    return false;
}

/* ---- rules ------------------------------------------------------------------------------------------------------------------ */

static doxin_status check_part(dx_walk *walk, const PgQuery__FuncCall *call, uint64_t *size, const uint64_t *sizes)
{
    *size = sizes[0];
    if (call->n_args == 2 && constant_text(call->args[1]) && !gives_number(call->args[1]))
        return dx_walk_pattern(walk, call->args[1], call->location);
    for (size_t i = 1; i < call->n_args; i++)
        if (!gives_number(call->args[i]))
            return refuse(walk, call->location, "write numbers, or cast them: x::int", "substring takes numbers here");
    return DOXIN_OK;
}

static doxin_status check_count(dx_walk *walk, const PgQuery__FuncCall *call, const char *name, const uint64_t *sizes,
                                uint64_t *size)
{
    double number = 0;
    if (!constant_number(call->args[1], &number) || number > COUNT_MAX)
        return refuse(walk, call->location, "use a constant up to 1000", "this length is not allowed");
    uint64_t count = number > 0 ? (uint64_t)number : 0;
    *size = strcmp(name, "repeat") == 0 ? sizes[0] * count : 4 * count;
    return DOXIN_OK;
}

static doxin_status check_printf(dx_walk *walk, const PgQuery__FuncCall *call)
{
    const char *text = constant_text(call->args[0]);
    for (const char *p = text; p && *p; p++)
        if (*p == '%' && (!p[1] || !strchr("sIL%", *++p)))
            text = NULL;
    return text ? DOXIN_OK : refuse(walk, call->location, "use a constant with %s only", "this format is not allowed");
}

static doxin_status check_format(dx_walk *walk, const PgQuery__FuncCall *call, uint64_t *size)
{
    const char *text = call->n_args > 1 ? constant_text(call->args[call->n_args - 1]) : "";
    *size = 1024;
    return text && strlen(text) <= FORMAT_MAX
               ? DOXIN_OK
               : refuse(walk, call->location, "use a short constant such as 'YYYY-MM'", "this format is not allowed");
}

static doxin_status check_collect(dx_walk *walk, const PgQuery__FuncCall *call, uint64_t *size)
{
    const char *between = call->n_args > 1 ? constant_text(call->args[1]) : NULL;
    *size = *size * 16 + 65536;
    return between && strlen(between) > FORMAT_MAX
               ? refuse(walk, call->location, "use a short separator", "the separator is too long")
               : DOXIN_OK;
}

doxin_status dx_walk_arguments(dx_walk *walk, const PgQuery__FuncCall *call, const char *name, dx_argument_rule rule,
                               const uint64_t *sizes, uint64_t *size)
{
    switch (rule) {
    case DX_ARGUMENTS_COUNT:
        return check_count(walk, call, name, sizes, size);
    case DX_ARGUMENTS_FORMAT:
        return check_format(walk, call, size);
    case DX_ARGUMENTS_PRINTF:
        return check_printf(walk, call);
    case DX_ARGUMENTS_PATTERN:
        *size = call->n_args > 2 ? sizes[0] + sizes[0] * sizes[2] : sizes[0];
        return dx_walk_pattern(walk, call->args[1], call->location);
    case DX_ARGUMENTS_PART:
        return check_part(walk, call, size, sizes);
    case DX_ARGUMENTS_POWER:
        *size = 2048;
        return dx_walk_exponent(walk, call->args[0], call->args[1], call->location);
    case DX_ARGUMENTS_SERIES:
        *size = 8;
        return dx_walk_bounds(walk, call);
    case DX_ARGUMENTS_REPLACE:
        *size = sizes[0] + sizes[0] * sizes[2];
        return DOXIN_OK;
    case DX_ARGUMENTS_COLLECT:
        return check_collect(walk, call, size);
    case DX_ARGUMENTS_ESCAPE:
        return constant_text(call->args[1])
                   ? DOXIN_OK
                   : refuse(walk, call->location, "write one character", "ESCAPE takes a constant");
    case DX_ARGUMENTS_ANY:
        *size += 64;
    }
    return DOXIN_OK;
}
