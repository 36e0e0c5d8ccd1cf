/* Countries and their identifiers. */
#ifndef DX_BASE_VALUE_COUNTRY_H
#define DX_BASE_VALUE_COUNTRY_H

#include <stdbool.h>
#include <stddef.h>

/* Alpha-2 in capitals from alpha-2, alpha-3 or a name in one of our languages ("Deutschland", "Germany"); else NULL. */
const char *dx_country_code(const char *text, size_t length);
const char *dx_country_name(const char *code); /* English; NULL: none */

/* VAT identifier: prefix and form by country, check digits where the rule is published. Spaces, points and hyphens are
 * skipped. out (at least 24 bytes) gets the compact form ("DE123456789"). */
typedef enum dx_verdict {
    DX_CHECK_BAD = 0,
    DX_CHECK_FORM = 1, /* the form is right, no check digit is known */
    DX_CHECK_GOOD = 2
} dx_verdict;
dx_verdict dx_vat_check(const char *text, size_t length, char *out);
/* IBAN: country length, mod 97. out: at least 35 bytes. */
dx_verdict dx_iban_check(const char *text, size_t length, char *out);
/* BIC (ISO 9362): 8 or 11 characters, a country that exists. out: at least 12 bytes. */
dx_verdict dx_bic_check(const char *text, size_t length, char *out);
/* GTIN-8, -12, -13, -14: check digit. */
dx_verdict dx_gtin_check(const char *text, size_t length);
dx_verdict dx_luhn_check(const char *digits, size_t length);
/* Number of a company register or tax office, by the country (alpha-2, may be NULL): SIREN and SIRET, Organisationsnummer,
 * ABN, and where the number is the VAT identifier without its prefix. FORM: no check digit is known. */
dx_verdict dx_registration_check(const char *country, const char *text, size_t length);
/* Reference of a payment: creditor reference (RF, ISO 11649), Swiss QR reference, Belgian structured communication
 * between +++ or ***; with the country Finnish and Swedish ones. FORM: none that has check digits. *name: which it is. */
dx_verdict dx_reference_check(const char *country, const char *text, size_t length, const char **name);

/* Standard, reduced … value-added-tax rates of a country, in hundredths of a percent (1900 = 19 %), 0-terminated;
 * NULL: not known. */
const int *dx_vat_rates(const char *country);

#endif
