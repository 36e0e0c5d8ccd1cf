/* What can be known of single values: identifiers by their check digits, dates by their order, rates by the country. */
#include "base/value/country.h"
#include "base/value/money.h"
#include "core/invoice/gate.h"

#include <string.h>

static const char iban_invalid[] = "iban_invalid", bic_invalid[] = "bic_invalid", vat_id_invalid[] = "vat_id_invalid",
                  registration_invalid[] = "registration_invalid", reference_invalid[] = "reference_invalid",
                  due_before_invoice[] = "due_before_invoice", currency_unknown[] = "currency_unknown",
                  total_is_rate[] = "total_is_rate", tax_rate_unknown[] = "tax_rate_unknown";

bool dx_gate_warns(const char *code)
{
    static const char *const codes[] = {iban_invalid,         bic_invalid,       vat_id_invalid,
                                        registration_invalid, reference_invalid, due_before_invoice,
                                        currency_unknown,     total_is_rate,     tax_rate_unknown};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (strcmp(code, codes[i]) == 0)
            return true;
    return false;
}

static const dx_field *header(const dx_gate *gate, dx_header_id id)
{
    return &gate->invoice->header[id];
}

/* BT-84 may hold an account number of another form: only what begins like an IBAN (two letters, two digits) is one. */
static void check_account(dx_gate *gate)
{
    char compact[40];
    const dx_field *account = header(gate, DX_HEADER_VENDOR_IBAN);
    if (!account->present)
        return;
    const char *text = account->text, *path = dx_header_path(DX_HEADER_VENDOR_IBAN);
    bool letters = text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z';
    if (!letters || text[2] < '0' || text[2] > '9' || text[3] < '0' || text[3] > '9')
        dx_gate_rule(gate, "iban", DX_CHECK_UNKNOWN, "%s is no IBAN; an account number has no check digits", text);
    else if (dx_iban_check(text, strlen(text), compact) == DX_CHECK_BAD)
        dx_gate_value(gate, "iban", iban_invalid, path, DX_CHECK_FAILS,
                      "%s is no valid IBAN: its length or its check digits are wrong", text);
    else
        dx_gate_rule(gate, "iban", DX_CHECK_HOLDS, "%s is a valid IBAN", text);
}

static void check_bic(dx_gate *gate)
{
    char compact[16];
    const dx_field *bic = header(gate, DX_HEADER_VENDOR_BIC);
    if (!bic->present)
        return;
    if (dx_bic_check(bic->text, strlen(bic->text), compact) == DX_CHECK_BAD)
        dx_gate_value(gate, "bic", bic_invalid, dx_header_path(DX_HEADER_VENDOR_BIC), DX_CHECK_FAILS,
                      "%s is no valid BIC", bic->text);
    else
        dx_gate_rule(gate, "bic", DX_CHECK_HOLDS, "%s is a valid BIC by its form", bic->text);
}

/* The country whose VAT prefix stands at the beginning ("ATU…", "CHE…"), or NULL: national tax numbers have none. */
static const char *vat_country(const char *text)
{
    if (strncmp(text, "EL", 2) == 0)
        return "GR";
    bool letters = text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z';
    char code[3] = {text[0], text[0] ? text[1] : '\0', '\0'};
    return letters && dx_vat_rates(code) ? dx_country_code(code, 2) : NULL;
}

static void check_vat(dx_gate *gate, dx_header_id id, const char *rule)
{
    char compact[64];
    const dx_field *field = header(gate, id);
    if (!field->present || !vat_country(field->text))
        return;
    dx_verdict verdict = dx_vat_check(field->text, strlen(field->text), compact);
    /* Specimens and small states print identifiers of other forms: a wrong check digit is a doubt, not an error of the
     * document's arithmetic. */
    if (verdict == DX_CHECK_BAD)
        dx_gate_value(gate, rule, vat_id_invalid, dx_header_path(id), DX_CHECK_UNKNOWN,
                      "%s does not have the form or check digit of a VAT identifier", field->text);
    else
        dx_gate_rule(gate, rule, DX_CHECK_HOLDS, "%s is a valid VAT identifier%s", field->text,
                     verdict == DX_CHECK_FORM ? " by its form" : "");
}

static const char *tax_country(const dx_gate *gate)
{
    const dx_field *country = header(gate, DX_HEADER_VENDOR_COUNTRY);
    const dx_field *tax_id = header(gate, DX_HEADER_VENDOR_TAX_ID);
    if (country->present)
        return dx_country_code(country->text, strlen(country->text));
    return tax_id->present ? vat_country(tax_id->text) : NULL;
}

static const char *party_country(const dx_gate *gate, bool customer)
{
    const dx_field *country = header(gate, DX_HEADER_CUSTOMER_COUNTRY);
    if (!customer)
        return tax_country(gate);
    return country->present ? dx_country_code(country->text, strlen(country->text)) : NULL;
}

static void check_registration(dx_gate *gate, dx_header_id id, const char *rule, bool customer)
{
    const dx_field *field = header(gate, id);
    if (!field->present)
        return;
    const char *country = party_country(gate, customer);
    dx_verdict verdict = dx_registration_check(country, field->text, strlen(field->text));
    if (verdict == DX_CHECK_BAD)
        dx_gate_value(gate, rule, registration_invalid, dx_header_path(id), DX_CHECK_UNKNOWN,
                      "%s does not have the check digit of a number of a company of %s", field->text,
                      dx_country_name(country));
    else if (verdict == DX_CHECK_GOOD)
        dx_gate_rule(gate, rule, DX_CHECK_HOLDS, "%s has a right check digit", field->text);
}

static void check_reference(dx_gate *gate)
{
    const char *name;
    const dx_field *field = header(gate, DX_HEADER_PAYMENT_REFERENCE);
    if (!field->present)
        return;
    dx_verdict verdict = dx_reference_check(tax_country(gate), field->text, strlen(field->text), &name);
    if (verdict == DX_CHECK_BAD)
        dx_gate_value(gate, "payment_reference", reference_invalid, dx_header_path(DX_HEADER_PAYMENT_REFERENCE),
                      DX_CHECK_UNKNOWN, "%s does not have the check digits of a %s", field->text, name);
    else if (verdict == DX_CHECK_GOOD)
        dx_gate_rule(gate, "payment_reference", DX_CHECK_HOLDS, "%s is a valid %s", field->text, name);
}

static void check_dates(dx_gate *gate)
{
    const dx_field *date = header(gate, DX_HEADER_DATE);
    const dx_field *due = header(gate, DX_HEADER_DUE_DATE);
    if (!date->present || !due->present)
        return;
    if (dx_date_compare(due->date, date->date) < 0)
        dx_gate_value(gate, "due_date", due_before_invoice, dx_header_path(DX_HEADER_DUE_DATE), DX_CHECK_FAILS,
                      "due on %s, before the invoice's date %s", due->text, date->text);
    else
        dx_gate_rule(gate, "due_date", DX_CHECK_HOLDS, "due on %s, not before %s", due->text, date->text);
}

static void check_currency(dx_gate *gate)
{
    const dx_field *currency = header(gate, DX_HEADER_CURRENCY);
    if (!currency->present)
        dx_gate_rule(gate, "currency", DX_CHECK_UNKNOWN, "the currency is not known");
    else if (dx_currency_digits(currency->text) < 0)
        dx_gate_value(gate, "currency", currency_unknown, dx_header_path(DX_HEADER_CURRENCY), DX_CHECK_FAILS,
                      "%s is no currency of ISO 4217", currency->text);
    else
        dx_gate_rule(gate, "currency", DX_CHECK_HOLDS, "%s is a currency of ISO 4217", currency->text);
}

/* A classic fault of readers: the rate where the total should be. */
static void check_total_is_no_rate(dx_gate *gate)
{
    const dx_field *total = header(gate, DX_HEADER_TOTAL);
    const dx_field *subtotal = header(gate, DX_HEADER_SUBTOTAL);
    const dx_field *rate = header(gate, DX_HEADER_TAX_RATE);
    if (total->present && rate->present && dx_decimal_equal(total->number, rate->number) &&
        !(subtotal->present && dx_decimal_compare(subtotal->number, total->number) <= 0))
        dx_gate_value(gate, "total_is_rate", total_is_rate, dx_header_path(DX_HEADER_TOTAL), DX_CHECK_FAILS,
                      "the total %s equals the tax rate", total->text);
}

static bool rate_known(const int *rates, dx_decimal rate)
{
    for (; *rates; rates++)
        if (dx_decimal_equal(rate, (dx_decimal){*rates, 2}))
            return true;
    return dx_decimal_sign(rate) == 0;
}

static void check_rate(dx_gate *gate, const char *rule, const char *path, const dx_field *rate, const char *country,
                       const int *rates)
{
    if (!rate->present)
        return;
    if (rate_known(rates, rate->number))
        dx_gate_rule(gate, rule, DX_CHECK_HOLDS, "%s %% is a tax rate of %s", rate->text, dx_country_name(country));
    else
        dx_gate_value(gate, rule, tax_rate_unknown, path, DX_CHECK_UNKNOWN, "%s %% is no known tax rate of %s",
                      rate->text, dx_country_name(country));
}

static void check_rates(dx_gate *gate)
{
    const char *country = tax_country(gate);
    const int *rates = dx_vat_rates(country);
    if (!rates)
        return;
    if (gate->invoice->tax_count == 0)
        check_rate(gate, "tax_rate", dx_header_path(DX_HEADER_TAX_RATE), header(gate, DX_HEADER_TAX_RATE), country,
                   rates);
    for (size_t i = 0; i < gate->invoice->tax_count; i++) {
        const char *path = dx_textf(gate->ctx, "taxes[%zu].rate", i);
        if (!path) {
            gate->status = dx_nomem(gate->ctx);
            return;
        }
        check_rate(gate, dx_gate_name(gate, "tax_rate", i), path, &gate->invoice->taxes[i].cell[DX_TAX_RATE], country,
                   rates);
    }
}

void dx_gate_rules(dx_gate *gate)
{
    check_account(gate);
    check_bic(gate);
    check_vat(gate, DX_HEADER_VENDOR_TAX_ID, "vendor_tax_id");
    check_vat(gate, DX_HEADER_CUSTOMER_TAX_ID, "customer_tax_id");
    check_registration(gate, DX_HEADER_VENDOR_REGISTRATION, "vendor_registration", false);
    check_registration(gate, DX_HEADER_CUSTOMER_REGISTRATION, "customer_registration", true);
    check_reference(gate);
    check_dates(gate);
    check_currency(gate);
    check_total_is_no_rate(gate);
    check_rates(gate);
}
