/* The computing half of DoxIn by itself: an amount is read, a page of two words becomes lines, a statement is scoped. */
#include "base/rt/ctx.h"
#include "base/value/money.h"
#include "core/guard/guard.h"
#include "core/page/layout.h"

#include <stdio.h>
#include <string.h>

static int check_statement(dx_ctx *ctx)
{
    static const char sql[] = "SELECT count(*) FROM invoices";
    dx_policy *policy = NULL;
    dx_sql_checked checked;
    size_t length;
    const char *text = dx_policy_own(&length);
    int failed = dx_policy_read(ctx, text, length, &policy) ||
                 dx_guard_check(ctx, policy, sql, sizeof sql - 1, NULL, &checked) || !checked.owned;
    dx_policy_drop(policy);
    return failed;
}

int main(void)
{
    dx_ctx ctx;
    if (!dx_ctx_init(&ctx, 1 << 20))
        return 1;
    const dx_word words[2] = {
        {.box = {1000, 1000, 3000, 2000}, .text = "Total", .size = 5, .font_size = 1000, .confidence = 1000},
        {.box = {9000, 1000, 12000, 2000}, .text = "119.00", .size = 6, .font_size = 1000, .confidence = 1000},
    };
    dx_page page = {.number = 1, .width = 59500, .height = 84200, .words = words, .word_count = 2};
    const dx_pages pages = {.pages = &page, .page_count = 1, .total_pages = 1};
    dx_layout *layout = NULL;
    dx_money total;
    bool ambiguous;
    char text[DX_DECIMAL_TEXT];
    int failed = dx_layout_make(&ctx, &pages, &layout) || layout->line_count != 1 || check_statement(&ctx) ||
                 !dx_money_scan("EUR 119,00", strlen("EUR 119,00"), DX_NUMBER_UNKNOWN, "", &total, &ambiguous);
    if (!failed)
        printf("%s %s on line %u\n", dx_decimal_text(total.amount, text), total.currency, layout->words[1].line);
    dx_ctx_destroy(&ctx);
    return failed;
}
