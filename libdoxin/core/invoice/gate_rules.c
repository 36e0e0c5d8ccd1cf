/* What can be known of single values: identifiers by their check digits, dates by their order, rates by the country. */
#include "base/value/country.h"
#include "base/value/money.h"
#include "core/invoice/gate.h"

#include <string.h>

static const dx_field *header(const dx_gate *gate, dx_header_id id)
{
    return &gate->invoice->header[id];
}

typedef dx_verdict (*identifier_check)(const char *text, size_t length, char *out);

static void check_identifier(dx_gate *gate, dx_header_id id, const char *rule, const char *name, identifier_check check)
{
    char compact[64];
    const dx_field *field = header(gate, id);
    if (!field->present)
        return;
    dx_verdict verdict = check(field->text, strlen(field->text), compact);
    if (verdict == DX_CHECK_BAD)
        dx_gate_rule(gate, rule, DX_CHECK_FAILS, "%s is no valid %s", field->text, name);
    else
        dx_gate_rule(gate, rule, DX_CHECK_HOLDS, "%s is a valid %s%s", field->text, name,
                     verdict == DX_CHECK_FORM ? " by its form" : "");
}

/* BT-84 may hold an account number of another form: only what begins like an IBAN (two letters, two digits) is one. */
static void check_account(dx_gate *gate)
{
    const dx_field *account = header(gate, DX_HEADER_VENDOR_IBAN);
    if (!account->present)
        return;
    const char *text = account->text;
    bool letters = text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z';
    if (letters && text[2] >= '0' && text[2] <= '9' && text[3] >= '0' && text[3] <= '9')
        check_identifier(gate, DX_HEADER_VENDOR_IBAN, "iban", "IBAN", dx_iban_check);
    else
        dx_gate_rule(gate, "iban", DX_CHECK_UNKNOWN, "%s is no IBAN; an account number has no check digits", text);
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
        dx_gate_rule(gate, rule, DX_CHECK_UNKNOWN, "%s does not have the form or check digit of a VAT identifier",
                     field->text);
    else
        dx_gate_rule(gate, rule, DX_CHECK_HOLDS, "%s is a valid VAT identifier%s", field->text,
                     verdict == DX_CHECK_FORM ? " by its form" : "");
}

static void check_dates(dx_gate *gate)
{
    const dx_field *date = header(gate, DX_HEADER_DATE);
    const dx_field *due = header(gate, DX_HEADER_DUE_DATE);
    if (!date->present || !due->present)
        return;
    if (dx_date_compare(due->date, date->date) < 0)
        dx_gate_rule(gate, "due_date", DX_CHECK_FAILS, "due on %s, before the invoice's date %s", due->text,
                     date->text);
    else
        dx_gate_rule(gate, "due_date", DX_CHECK_HOLDS, "due on %s, not before %s", due->text, date->text);
}

static void check_currency(dx_gate *gate)
{
    const dx_field *currency = header(gate, DX_HEADER_CURRENCY);
    if (!currency->present)
        dx_gate_rule(gate, "currency", DX_CHECK_UNKNOWN, "the currency is not known");
    else if (dx_currency_digits(currency->text) < 0)
        dx_gate_rule(gate, "currency", DX_CHECK_FAILS, "%s is no currency of ISO 4217", currency->text);
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
        dx_gate_rule(gate, "total_is_rate", DX_CHECK_FAILS, "the total %s equals the tax rate", total->text);
}

static const char *tax_country(const dx_gate *gate)
{
    const dx_field *country = header(gate, DX_HEADER_VENDOR_COUNTRY);
    const dx_field *tax_id = header(gate, DX_HEADER_VENDOR_TAX_ID);
    if (country->present)
        return dx_country_code(country->text, strlen(country->text));
    return tax_id->present ? vat_country(tax_id->text) : NULL;
}

static bool rate_known(const int *rates, dx_decimal rate)
{
    for (; *rates; rates++)
        if (dx_decimal_equal(rate, (dx_decimal){*rates, 2}))
            return true;
    return dx_decimal_sign(rate) == 0;
}

static void check_rate(dx_gate *gate, const char *rule, const dx_field *rate, const char *country, const int *rates)
{
    if (!rate->present)
        return;
    if (rate_known(rates, rate->number))
        dx_gate_rule(gate, rule, DX_CHECK_HOLDS, "%s %% is a tax rate of %s", rate->text, dx_country_name(country));
    else
        dx_gate_rule(gate, rule, DX_CHECK_UNKNOWN, "%s %% is no known tax rate of %s", rate->text,
                     dx_country_name(country));
}

static void check_rates(dx_gate *gate)
{
    const char *country = tax_country(gate);
    const int *rates = dx_vat_rates(country);
    if (!rates)
        return;
    if (gate->invoice->tax_count == 0)
        check_rate(gate, "tax_rate", header(gate, DX_HEADER_TAX_RATE), country, rates);
    for (size_t i = 0; i < gate->invoice->tax_count; i++)
        check_rate(gate, dx_gate_name(gate, "tax_rate", i), &gate->invoice->taxes[i].cell[DX_TAX_RATE], country, rates);
}

void dx_gate_rules(dx_gate *gate)
{
    check_account(gate);
    check_identifier(gate, DX_HEADER_VENDOR_BIC, "bic", "BIC", dx_bic_check);
    check_vat(gate, DX_HEADER_VENDOR_TAX_ID, "vendor_tax_id");
    check_vat(gate, DX_HEADER_CUSTOMER_TAX_ID, "customer_tax_id");
    check_dates(gate);
    check_currency(gate);
    check_total_is_no_rate(gate);
    check_rates(gate);
}
