/* Lines of a payment's code, by the European Payments Council's EPC069-12 and SIX's Swiss QR-bill guidelines 2.3. */
#include "core/paycode/paycode.h"

#include "base/value/country.h"

#include <string.h>

enum { LINES_MOST = 36, TEXT_MOST = 4000, AMOUNT_MOST = 16, IBAN_ROOM = 40 };

typedef struct payload {
    dx_ctx *ctx;
    const char *line[LINES_MOST];
    size_t size[LINES_MOST];
    size_t count;
    bool failed; /* no memory */
} payload;

static void cut(const char *text, size_t size, payload *out)
{
    size_t at = 0;
    while (at <= size && out->count < LINES_MOST) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t length = end ? (size_t)(end - (text + at)) : size - at;
        out->line[out->count] = text + at;
        out->size[out->count] = length > 0 && text[at + length - 1] == '\r' ? length - 1 : length;
        out->count++;
        at += length + 1;
    }
}

static bool line_is(const payload *from, size_t index, const char *text)
{
    return index < from->count && from->size[index] == strlen(text) &&
           memcmp(from->line[index], text, strlen(text)) == 0;
}

static const char *copy(payload *from, const char *text, size_t size)
{
    const char *made = dx_textn(from->ctx, text, size);
    from->failed = from->failed || !made;
    return made ? made : "";
}

static const char *line(payload *from, size_t index)
{
    return index < from->count ? copy(from, from->line[index], from->size[index]) : "";
}

static bool read_iban(payload *from, size_t index, dx_paycode *out)
{
    char iban[IBAN_ROOM];
    if (index >= from->count || dx_iban_check(from->line[index], from->size[index], iban) != DX_CHECK_GOOD)
        return false;
    out->iban = copy(from, iban, strlen(iban));
    return true;
}

/* Digits with a point before one or two places. */
static bool read_amount(const char *text, size_t size, dx_paycode *out)
{
    if (size == 0)
        return true;
    if (size > AMOUNT_MOST || text[0] < '0' || text[0] > '9' || !dx_decimal_parse(text, size, &out->amount) ||
        out->amount.scale > 2 || dx_decimal_sign(out->amount) <= 0)
        return false;
    out->has_amount = true;
    return true;
}

/* ---- EPC ------------------------------------------------------------------------------------------------------------------- */

enum {
    EPC_VERSION = 1,
    EPC_SET,
    EPC_KIND,
    EPC_BIC,
    EPC_NAME,
    EPC_IBAN,
    EPC_AMOUNT,
    EPC_PURPOSE,
    EPC_REFERENCE,
    EPC_TEXT
};

static bool read_epc(payload *from, dx_paycode *out)
{
    if ((!line_is(from, EPC_VERSION, "001") && !line_is(from, EPC_VERSION, "002")) || !line_is(from, EPC_KIND, "SCT") ||
        from->count <= EPC_IBAN || from->size[EPC_NAME] == 0 || !read_iban(from, EPC_IBAN, out))
        return false;
    if (from->count > EPC_AMOUNT && from->size[EPC_AMOUNT] > 0) {
        const char *amount = from->line[EPC_AMOUNT];
        size_t size = from->size[EPC_AMOUNT];
        if (size < 4 || memcmp(amount, "EUR", 3) != 0 || !read_amount(amount + 3, size - 3, out))
            return false;
    }
    out->kind = DX_PAYCODE_EPC;
    out->currency = "EUR";
    out->bic = line(from, EPC_BIC);
    out->name = line(from, EPC_NAME);
    out->reference = line(from, EPC_REFERENCE);
    out->message = line(from, EPC_TEXT);
    return true;
}

/* ---- Swiss ----------------------------------------------------------------------------------------------------------------- */

enum {
    SWISS_VERSION = 1,
    SWISS_IBAN = 3,
    SWISS_ADDRESS_KIND,
    SWISS_NAME,
    SWISS_STREET,
    SWISS_HOUSE,
    SWISS_POSTAL_CODE,
    SWISS_CITY,
    SWISS_COUNTRY,
    SWISS_AMOUNT = 18,
    SWISS_CURRENCY,
    SWISS_REFERENCE_KIND = 27,
    SWISS_REFERENCE,
    SWISS_MESSAGE,
    SWISS_END,
    SWISS_BILLING
};

static const char *join(payload *from, const char *a, const char *b)
{
    const char *made = a[0] && b[0] ? dx_textf(from->ctx, "%s %s", a, b) : a[0] ? a : b;
    from->failed = from->failed || !made;
    return made ? made : "";
}

/* Structured (S): street, house, postal code, town; combined (K): two lines, of which the second holds code and town. */
static void read_address(payload *from, dx_paycode *out)
{
    bool combined = line_is(from, SWISS_ADDRESS_KIND, "K");
    const char *house = line(from, SWISS_HOUSE);
    out->name = line(from, SWISS_NAME);
    out->street = line(from, SWISS_STREET);
    out->country = line(from, SWISS_COUNTRY);
    if (!combined) {
        out->street = join(from, out->street, house);
        out->postal_code = line(from, SWISS_POSTAL_CODE);
        out->city = line(from, SWISS_CITY);
        return;
    }
    size_t digits = strspn(house, "0123456789");
    if (digits >= 4 && house[digits] == ' ') {
        out->postal_code = copy(from, house, digits);
        out->city = copy(from, house + digits + 1, strlen(house + digits + 1));
    } else {
        out->city = house;
    }
}

/* "240131": Swico writes days without a century. */
static bool swico_date(const char *text, dx_date *out)
{
    if (strspn(text, "0123456789") != 6 || text[6] != '\0')
        return false;
    *out = (dx_date){.year = (int16_t)(2000 + (text[0] - '0') * 10 + (text[1] - '0')),
                     .month = (int8_t)((text[2] - '0') * 10 + (text[3] - '0')),
                     .day = (int8_t)((text[4] - '0') * 10 + (text[5] - '0'))};
    return dx_date_valid(out->year, out->month, out->day);
}

static void swico_field(payload *from, const char *tag, const char *value, dx_paycode *out)
{
    if (strcmp(tag, "10") == 0)
        out->invoice_number = value;
    else if (strcmp(tag, "11") == 0)
        out->has_invoice_date = swico_date(value, &out->invoice_date);
    else if (strcmp(tag, "30") == 0 && strlen(value) == 9 && strspn(value, "0123456789") == 9) {
        const char *made = dx_textf(from->ctx, "CHE%s", value);
        from->failed = from->failed || !made;
        out->vat_id = made ? made : "";
    }
}

/* Swico S1: "//S1/10/X.66711/11/200903/30/106017086": tags and values in turn; a backslash takes a slash into a value. */
static void read_swico(payload *from, dx_paycode *out)
{
    static const char prefix[] = "//S1/";
    const char *text = line(from, SWISS_BILLING);
    char part[2][TEXT_MOST];
    int which = 0;
    size_t used = 0;
    if (strncmp(text, prefix, sizeof prefix - 1) != 0)
        return;
    for (const char *p = text + sizeof prefix - 1;; p++) {
        if (*p == '\\' && p[1] != '\0') {
            part[which][used++] = *++p;
        } else if (*p == '/' || *p == '\0') {
            part[which][used] = '\0';
            if (which == 1)
                swico_field(from, part[0], copy(from, part[1], used), out);
            which = 1 - which;
            used = 0;
        } else {
            part[which][used++] = *p;
        }
        if (*p == '\0')
            return;
    }
}

static bool read_swiss(payload *from, dx_paycode *out)
{
    if (from->count <= SWISS_MESSAGE || from->size[SWISS_VERSION] != 4 ||
        memcmp(from->line[SWISS_VERSION], "02", 2) != 0 || from->size[SWISS_NAME] == 0 ||
        !read_iban(from, SWISS_IBAN, out) ||
        (!line_is(from, SWISS_CURRENCY, "CHF") && !line_is(from, SWISS_CURRENCY, "EUR")) ||
        !read_amount(from->line[SWISS_AMOUNT], from->size[SWISS_AMOUNT], out))
        return false;
    out->kind = DX_PAYCODE_SWISS;
    out->currency = line(from, SWISS_CURRENCY);
    read_address(from, out);
    if (!line_is(from, SWISS_REFERENCE_KIND, "NON"))
        out->reference = line(from, SWISS_REFERENCE);
    out->message = line(from, SWISS_MESSAGE);
    if (line_is(from, SWISS_END, "EPD"))
        read_swico(from, out);
    return true;
}

doxin_status dx_paycode_parse(dx_ctx *ctx, const char *text, size_t size, dx_paycode *out)
{
    static const dx_paycode none = {.name = "",
                                    .street = "",
                                    .postal_code = "",
                                    .city = "",
                                    .country = "",
                                    .iban = "",
                                    .bic = "",
                                    .currency = "",
                                    .reference = "",
                                    .message = "",
                                    .invoice_number = "",
                                    .vat_id = ""};
    payload from = {.ctx = ctx};
    *out = none;
    if (size >= TEXT_MOST)
        return DOXIN_OK;
    cut(text, size, &from);
    bool read = line_is(&from, 0, "BCD")   ? read_epc(&from, out)
                : line_is(&from, 0, "SPC") ? read_swiss(&from, out)
                                           : false;
    if (!read || from.failed)
        *out = none;
    return from.failed ? dx_nomem(ctx) : DOXIN_OK;
}
