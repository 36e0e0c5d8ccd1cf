/* Writing UBL: what is written is read again as the same invoice; what is incomplete is refused by its term. */
#include "einvoice_samples.h"

#include <string.h>

static void expect_same(const dx_field *a, const dx_field *b, const char *path)
{
    cr_expect_eq(a->present, b->present, "%s: %s, then %s", path, a->present ? a->text : "absent",
                 b->present ? b->text : "absent");
    if (a->present && b->present)
        cr_expect_str_eq(a->text, b->text, "%s", path);
}

static void expect_same_invoice(const dx_invoice *a, const dx_invoice *b)
{
    cr_expect_eq(a->kind, b->kind);
    for (int id = 0; id < DX_HEADER_COUNT; id++)
        if (id != DX_HEADER_VENDOR_BANK) /* has no term in EN 16931 */
            expect_same(&a->header[id], &b->header[id], dx_header_path((dx_header_id)id));
    cr_assert_eq(a->line_count, b->line_count);
    for (size_t i = 0; i < a->line_count; i++)
        for (int id = 0; id < DX_CELL_COUNT; id++)
            expect_same(&a->lines[i].cell[id], &b->lines[i].cell[id], dx_cell_name((dx_cell_id)id));
    cr_assert_eq(a->tax_count, b->tax_count);
    for (size_t i = 0; i < a->tax_count; i++)
        for (int id = 0; id < DX_TAX_COUNT; id++)
            expect_same(&a->taxes[i].cell[id], &b->taxes[i].cell[id], dx_tax_name((dx_tax_id)id));
    cr_assert_eq(a->adjustment_count, b->adjustment_count);
    for (size_t i = 0; i < a->adjustment_count; i++) {
        cr_expect_eq(a->adjustments[i].charge, b->adjustments[i].charge);
        expect_same(&a->adjustments[i].amount, &b->adjustments[i].amount, "adjustment");
        expect_same(&a->adjustments[i].rate, &b->adjustments[i].rate, "adjustment rate");
    }
}

static void round_trip(const char *name)
{
    dx_ctx ctx;
    dx_buffer out;
    dx_invoice *again = NULL;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_buffer_init(&out, 0);
    dx_invoice *invoice = sample_invoice(&ctx, name);
    cr_assert_eq(dx_einvoice_write_ubl(&ctx, invoice, &out), DOXIN_OK, "%s: %s", name, ctx.error.message);
    cr_assert_eq(dx_einvoice_read(&ctx, out.data, out.len, &again), DOXIN_OK, "%s: %s", name, ctx.error.message);
    expect_same_invoice(invoice, again);
    dx_buffer_free(&out);
    dx_ctx_destroy(&ctx);
}

Test(einvoice_write, what_was_written_is_read_as_the_same)
{
    round_trip("ubl-invoice.xml");
    round_trip("ubl-credit-note.xml");
    round_trip("cii-extended.xml");
}

static bool names_field(const dx_error *error, const char *pointer)
{
    for (int i = 0; i < error->field_count; i++)
        if (strcmp(error->fields[i].pointer, pointer) == 0)
            return true;
    return false;
}

/* Takes one field away and expects to be refused for it. */
static void expect_refused(dx_header_id id, const char *pointer, const char *term)
{
    dx_ctx ctx;
    dx_buffer out;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_buffer_init(&out, 0);
    dx_invoice *invoice = sample_invoice(&ctx, "ubl-invoice.xml");
    dx_field_clear(&invoice->header[id]);
    cr_expect_eq(dx_einvoice_write_ubl(&ctx, invoice, &out), DOXIN_E_FIELD, "%s", pointer);
    cr_expect(names_field(&ctx.error, pointer), "%s is not named", pointer);
    cr_expect_not_null(strstr(ctx.error.message, term), "%s: %s", pointer, ctx.error.message);
    cr_expect_eq(out.len, 0);
    dx_buffer_free(&out);
    dx_ctx_destroy(&ctx);
}

Test(einvoice_write, refuses_by_the_missing_term)
{
    expect_refused(DX_HEADER_NUMBER, "/invoice_number", "BT-1 ");
    expect_refused(DX_HEADER_DATE, "/invoice_date", "BT-2 ");
    expect_refused(DX_HEADER_CURRENCY, "/currency", "BT-5 ");
    expect_refused(DX_HEADER_VENDOR_NAME, "/vendor/name", "BT-27 ");
    expect_refused(DX_HEADER_VENDOR_COUNTRY, "/vendor/country", "BT-40 ");
    expect_refused(DX_HEADER_CUSTOMER_NAME, "/customer/name", "BT-44 ");
    expect_refused(DX_HEADER_CUSTOMER_COUNTRY, "/customer/country", "BT-55 ");
    expect_refused(DX_HEADER_SUBTOTAL, "/subtotal", "BT-109 ");
    expect_refused(DX_HEADER_TAX_AMOUNT, "/tax_amount", "BT-110 ");
    expect_refused(DX_HEADER_TOTAL, "/total_amount", "BT-112 ");
    expect_refused(DX_HEADER_VENDOR_IBAN, "/vendor/iban", "BT-84 ");
}

Test(einvoice_write, refuses_sums_that_do_not_fit)
{
    dx_ctx ctx;
    dx_buffer out;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_buffer_init(&out, 0);
    dx_invoice *invoice = sample_invoice(&ctx, "ubl-invoice.xml");
    cr_assert_eq(dx_field_number(&ctx, &invoice->header[DX_HEADER_TOTAL], (dx_decimal){27961, 2}, 2), DOXIN_OK);
    cr_assert_eq(dx_einvoice_write_ubl(&ctx, invoice, &out), DOXIN_E_FIELD);
    cr_expect(names_field(&ctx.error, "/total_amount"));
    cr_expect_not_null(strstr(ctx.error.message, "279.61"), "%s", ctx.error.message);
    dx_buffer_free(&out);
    dx_ctx_destroy(&ctx);
}

Test(einvoice_write, refuses_a_line_without_a_price_and_no_lines)
{
    dx_ctx ctx;
    dx_buffer out;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_buffer_init(&out, 0);
    dx_invoice *invoice = sample_invoice(&ctx, "ubl-invoice.xml");
    dx_field_clear(&invoice->lines[1].cell[DX_CELL_PRICE]);
    cr_assert_eq(dx_einvoice_write_ubl(&ctx, invoice, &out), DOXIN_E_FIELD);
    cr_expect(names_field(&ctx.error, "/line_items/1/unit_price"));
    dx_error_clear(&ctx.error);
    invoice->line_count = 0;
    cr_assert_eq(dx_einvoice_write_ubl(&ctx, invoice, &out), DOXIN_E_FIELD);
    cr_expect(names_field(&ctx.error, "/line_items"));
    dx_buffer_free(&out);
    dx_ctx_destroy(&ctx);
}

/* As an invoice from a page states it: totals and one rate, no breakdown, freight without a list of charges. */
Test(einvoice_write, makes_what_the_standard_defines)
{
    dx_ctx ctx;
    dx_buffer out;
    dx_invoice *again = NULL;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_buffer_init(&out, 0);
    dx_invoice *invoice = sample_invoice(&ctx, "cii-extended.xml");
    invoice->tax_count = 0;
    invoice->adjustment_count = 0;
    dx_field_clear(&invoice->header[DX_HEADER_LINES_TOTAL]);
    dx_field_clear(&invoice->header[DX_HEADER_AMOUNT_DUE]);
    dx_field_clear(&invoice->lines[0].cell[DX_CELL_TAX_CATEGORY]);
    dx_field_clear(&invoice->lines[0].cell[DX_CELL_TAX_RATE]);
    cr_assert_eq(dx_einvoice_write_ubl(&ctx, invoice, &out), DOXIN_OK, "%s", ctx.error.message);
    cr_assert_eq(dx_einvoice_read(&ctx, out.data, out.len, &again), DOXIN_OK);
    cr_expect_str_eq(header_text(again, "lines_total"), "40.00");
    cr_expect_str_eq(header_text(again, "freight"), "5.00");
    cr_expect_str_eq(header_text(again, "amount_due"), "54.00");
    cr_expect_str_eq(cell_text(again, 0, DX_CELL_TAX_CATEGORY), "S");
    cr_assert_eq(again->tax_count, 1);
    cr_expect_str_eq(again->taxes[0].cell[DX_TAX_BASE].text, "45.00");
    dx_buffer_free(&out);
    dx_ctx_destroy(&ctx);
}

Test(einvoice_write, lets_no_text_become_markup)
{
    static const char nasty[] = "\"/><x a='1'>&\x01";
    dx_ctx ctx;
    dx_buffer out;
    dx_invoice *again = NULL;
    cr_assert(dx_ctx_init(&ctx, 0));
    dx_buffer_init(&out, 0);
    dx_invoice *invoice = sample_invoice(&ctx, "ubl-invoice.xml");
    dx_field_text(&ctx, &invoice->lines[0].cell[DX_CELL_DESCRIPTION], nasty);
    dx_field_text(&ctx, &invoice->lines[0].cell[DX_CELL_UNIT], "\">");
    dx_field_text(&ctx, &invoice->header[DX_HEADER_VENDOR_ENDPOINT], "\"><:x");
    dx_field_text(&ctx, &invoice->header[DX_HEADER_NOTE], "]]>\xEF\xBF\xBF<!--");
    cr_assert_eq(dx_einvoice_write_ubl(&ctx, invoice, &out), DOXIN_OK, "%s", ctx.error.message);
    cr_assert_eq(dx_einvoice_read(&ctx, out.data, out.len, &again), DOXIN_OK, "%s", ctx.error.message);
    cr_expect_str_eq(cell_text(again, 0, DX_CELL_DESCRIPTION), "\"/><x a='1'>&");
    cr_expect_str_eq(cell_text(again, 0, DX_CELL_UNIT), "C62");
    cr_expect_str_eq(header_text(again, "note"), "]]><!--");
    cr_expect_null(header_text(again, "vendor.endpoint"));
    dx_buffer_free(&out);
    dx_ctx_destroy(&ctx);
}
