/* Inside the gate: recording a check. For this folder. */
#ifndef DX_CORE_INVOICE_GATE_H
#define DX_CORE_INVOICE_GATE_H

#include "core/invoice/invoice.h"

typedef struct dx_gate {
    dx_ctx *ctx;
    dx_invoice *invoice;
    const dx_gate_options *options;
    int digits;          /* minor units of the currency, 2 where it is not known */
    dx_decimal minor;    /* one minor unit */
    bool failed;         /* some check fails */
    doxin_status status; /* sticks */
} dx_gate;

/* Records a rule that is no equation. */
void dx_gate_rule(dx_gate *gate, const char *rule, dx_check_state state, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The same for what is known of one field: what fails or is doubtful (UNKNOWN) is a warning as well, with a stable code,
 * which names the value. */
void dx_gate_value(dx_gate *gate, const char *rule, const char *code, const char *path, dx_check_state state,
                   const char *format, ...) __attribute__((format(printf, 6, 7)));
/* Records an equation: holds when |stated - calculated| <= tolerance. words: the left side ("100.00 + 19.00"). */
void dx_gate_equation(dx_gate *gate, const char *rule, const char *words, dx_decimal stated, dx_decimal calculated,
                      dx_decimal tolerance);
/* "line_total[3]" from the call's arena; "" when there is no memory. */
const char *dx_gate_name(dx_gate *gate, const char *rule, size_t index);
/* As money is printed in messages; from the call's arena. */
const char *dx_gate_text(dx_gate *gate, dx_decimal value);

/* Is it the code of a warning of the gate? */
bool dx_gate_warns(const char *code);

/* Identifiers, dates, currency, rates. */
void dx_gate_rules(dx_gate *gate);

#endif
