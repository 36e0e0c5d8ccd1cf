/* Any bytes as the code of a payment: a text or nothing for each part, and an account and an amount that are valid. */
#include "base/value/country.h"
#include "core/paycode/paycode.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool good)
{
    if (!good)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dx_ctx ctx;
    dx_paycode code;
    char iban[40];
    if (!dx_ctx_init(&ctx, 0))
        return 0;
    expect(dx_paycode_parse(&ctx, (const char *)data, size, &code) == DOXIN_OK);
    expect(code.name && code.street && code.postal_code && code.city && code.country && code.bic && code.currency &&
           code.reference && code.message && code.invoice_number && code.vat_id);
    if (code.kind != DX_PAYCODE_NONE) {
        expect(dx_iban_check(code.iban, strlen(code.iban), iban) == DX_CHECK_GOOD);
        expect(!code.has_amount || dx_decimal_sign(code.amount) > 0);
        expect(!code.has_invoice_date ||
               dx_date_valid(code.invoice_date.year, code.invoice_date.month, code.invoice_date.day));
    }
    dx_ctx_destroy(&ctx);
    return 0;
}
