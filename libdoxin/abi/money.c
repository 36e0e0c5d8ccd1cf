#include "doxin/money.h"

#include "abi/options.h"
#include "abi/session.h"
#include "base/rt/json.h"
#include "base/rt/json_write.h"
#include "base/value/money.h"

#include <string.h>

enum { TEXT_MAX = 200, AMOUNTS_MAX = 1000000 };

static int decimals_of(const char *currency)
{
    int digits = dx_currency_digits(currency);
    return digits < 0 ? 0 : digits;
}

static doxin_status answer(dx_ctx *ctx, dx_money money, const bool *ambiguous, const char *locale, char **out_json)
{
    char amount[DX_DECIMAL_TEXT];
    char printed[DX_MONEY_TEXT];
    dx_buffer buffer;
    dx_writer writer;
    dx_buffer_init(&buffer, 0);
    dx_write_init(&writer, &buffer);
    dx_write_object(&writer, NULL);
    dx_write_string(&writer, "schema", "doxin.money/1");
    dx_write_string(&writer, "amount", dx_decimal_text_min(money.amount, decimals_of(money.currency), amount));
    dx_write_string(&writer, "currency", money.currency[0] ? money.currency : NULL);
    if (ambiguous)
        dx_write_bool(&writer, "ambiguous", *ambiguous);
    if (locale)
        dx_write_string(&writer, "text", dx_money_text(money, locale, printed));
    dx_write_object_end(&writer);
    *out_json = dx_buffer_take(&buffer, NULL);
    return *out_json ? DOXIN_OK : dx_nomem(ctx);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether the text would be an amount if it had fewer digits in front. */
static bool too_many_digits(const char *text, dx_number_style style, const char *country)
{
    enum { FEW = 12 };
    char shorter[TEXT_MAX + 1];
    size_t digits = 0;
    dx_money money;
    bool ambiguous;
    const char *first = text;
    while (*first && !is_digit(*first))
        first++;
    for (const char *p = first; *p; p++)
        digits += is_digit(*p);
    const char *rest = first;
    for (; digits > FEW || (*rest && !is_digit(*rest)); rest++)
        digits -= is_digit(*rest);
    if (rest == first)
        return false;
    size_t before = (size_t)(first - text);
    memcpy(shorter, text, before);
    memcpy(shorter + before, rest, strlen(rest) + 1);
    return dx_money_scan(shorter, strlen(shorter), style, country, &money, &ambiguous);
}

static doxin_status scan(dx_ctx *ctx, const char *text, const doxin_options *opts, dx_money *out, bool *ambiguous)
{
    static const char *const call = "money_parse";
    dx_number_style style = (dx_number_style)dx_options_choice(call, opts, "style");
    const char *country = dx_options_text(call, opts, "country");
    if (dx_money_scan(text, strlen(text), style, country, out, ambiguous))
        return DOXIN_OK;
    if (too_many_digits(text, style, country))
        return dx_fail(ctx, DOXIN_E_OVERFLOW, "\"%.100s\" does not fit into 18 digits", text);
    return dx_fail(ctx, DOXIN_E_INVALID, "\"%.100s\" is no amount", text);
}

doxin_status doxin_money_parse(doxin_session *session, const char *text, const doxin_options *opts, char **out_json)
{
    static const char *const call = "money_parse";
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    dx_ctx *ctx;
    doxin_status status = dx_session_enter(session, &ctx);
    if (status != DOXIN_OK)
        return status;
    dx_money money;
    bool ambiguous = false;
    status = dx_options_check(ctx, call, opts);
    if (status == DOXIN_OK && (!text || strlen(text) > TEXT_MAX))
        status = dx_fail(ctx, DOXIN_E_INVALID, "an amount is text of at most %d bytes", TEXT_MAX);
    if (status == DOXIN_OK)
        status = scan(ctx, text, opts, &money, &ambiguous);
    if (status == DOXIN_OK)
        status = answer(ctx, money, &ambiguous, dx_options_text(call, opts, "locale"), out_json);
    return dx_session_leave(session, status);
}

static doxin_status bad_item(dx_ctx *ctx, size_t index, const char *message)
{
    char *pointer = dx_textf(ctx, "/%zu", index);
    if (!pointer)
        return DOXIN_E_NOMEM;
    dx_fail(ctx, DOXIN_E_FIELD, "item %zu: %s", index, message);
    dx_error_field(&ctx->error, pointer, "invalid", message);
    return DOXIN_E_FIELD;
}

/* "12.50 EUR", or an object with amount and currency; a point is the decimal sign. */
static bool read_item(const dx_json *item, dx_money *out)
{
    bool ambiguous;
    const char *text = dx_json_string(item);
    if (text)
        return strlen(text) <= TEXT_MAX && dx_money_scan(text, strlen(text), DX_NUMBER_POINT, "", out, &ambiguous);
    const char *amount = dx_json_get_string(item, "amount");
    const char *currency = dx_json_get_string(item, "currency");
    if (!amount || !dx_decimal_parse(amount, strlen(amount), &out->amount))
        return false;
    if (!currency)
        currency = "";
    if (*currency && dx_currency_digits(currency) < 0)
        return false;
    memset(out->currency, 0, sizeof out->currency);
    memcpy(out->currency, currency, strlen(currency));
    return true;
}

static doxin_status sum(dx_ctx *ctx, const dx_json *items, dx_money *total)
{
    *total = (dx_money){0};
    if (dx_json_kind_of(items) != DX_JSON_ARRAY)
        return dx_fail(ctx, DOXIN_E_JSON, "amounts are a JSON array");
    if (dx_json_count(items) > AMOUNTS_MAX)
        return dx_fail(ctx, DOXIN_E_LIMIT, "at most %d amounts are added at a time", AMOUNTS_MAX);
    for (size_t i = 0; i < dx_json_count(items); i++) {
        dx_money next;
        if (!read_item(dx_json_at(items, i), &next))
            return bad_item(ctx, i, "must be text such as \"12.50 EUR\" or an object with amount and currency");
        if (strcmp(total->currency, next.currency) != 0 && total->currency[0] && next.currency[0])
            return dx_fail(ctx, DOXIN_E_CURRENCY, "item %zu is in %s, those before are in %s", i, next.currency,
                           total->currency);
        bool mixed;
        if (!dx_money_add(*total, next, total, &mixed))
            return dx_fail(ctx, DOXIN_E_OVERFLOW, "the sum does not fit into 18 digits at item %zu", i);
    }
    return DOXIN_OK;
}

doxin_status doxin_money_sum(doxin_session *session, const char *amounts_json, const doxin_options *opts,
                             char **out_json)
{
    static const char *const call = "money_sum";
    if (!out_json)
        return DOXIN_E_INVALID;
    *out_json = NULL;
    dx_ctx *ctx;
    doxin_status status = dx_session_enter(session, &ctx);
    if (status != DOXIN_OK)
        return status;
    dx_json *items = NULL;
    dx_money total;
    status = dx_options_check(ctx, call, opts);
    if (status == DOXIN_OK)
        status = dx_json_parse(ctx, amounts_json, amounts_json ? strlen(amounts_json) : 0, &items);
    if (status == DOXIN_OK)
        status = sum(ctx, items, &total);
    if (status == DOXIN_OK)
        status = answer(ctx, total, NULL, dx_options_text(call, opts, "locale"), out_json);
    dx_json_free(items);
    return dx_session_leave(session, status);
}
