/* doxin.invoice/1: written, read back, and refused by the pointer of what is wrong. */
#include "base/rt/json.h"
#include "base/rt/json_write.h"
#include "core/invoice/invoice.h"

#include <criterion/criterion.h>
#include <string.h>

static dx_ctx ctx;

static void begin(void)
{
    cr_assert(dx_ctx_init(&ctx, 0));
}

static void end(void)
{
    dx_ctx_destroy(&ctx);
}

TestSuite(invoice_json, .init = begin, .fini = end);

static dx_buffer write_json(const dx_invoice *invoice)
{
    dx_buffer out;
    dx_writer writer;
    dx_buffer_init(&out, 0);
    dx_write_init(&writer, &out);
    dx_invoice_write(invoice, &writer);
    cr_assert_not(out.failed);
    return out;
}

static doxin_status read_json(const char *text, size_t size, dx_invoice **out)
{
    dx_json *json = NULL;
    *out = NULL;
    dx_error_clear(&ctx.error);
    cr_assert_eq(dx_json_parse(&ctx, text, size, &json), DOXIN_OK, "%s", ctx.error.message);
    doxin_status status = dx_invoice_read(&ctx, json, out);
    dx_json_free(json);
    return status;
}

static void set(dx_field *field, dx_value_kind kind)
{
    doxin_status status = kind == DX_VALUE_TEXT   ? dx_field_text(&ctx, field, "text \"with\" <signs> & ü")
                          : kind == DX_VALUE_DATE ? dx_field_date(&ctx, field, (dx_date){2026, 2, 28})
                                                  : dx_field_number(&ctx, field, (dx_decimal){-12345, 3}, 2);
    cr_assert_eq(status, DOXIN_OK);
    field->evidence = (dx_evidence){DX_ORIGIN_OCR, 2, {1000, 20000, 30000, 45678}, "as printed", 987, true};
    field->note = "why";
}

/* Every field of every part is set. */
static dx_invoice *full(void)
{
    dx_invoice *invoice = dx_invoice_new(&ctx);
    cr_assert_not_null(invoice);
    invoice->kind = DX_KIND_CREDIT_NOTE;
    static dx_page_range documents[] = {{0, 2}, {2, 1}};
    invoice->documents = documents;
    invoice->document_count = 2;
    invoice->document = 1;
    invoice->syntax = "cii";
    invoice->profile = "a profile";
    invoice->language = "de";
    invoice->confidence = 640;
    invoice->needs_review = true;
    invoice->page_count = 3;
    invoice->read_us = 1200;
    invoice->extract_us = 345;
    for (int id = 0; id < DX_HEADER_COUNT; id++)
        set(&invoice->header[id], dx_header_kind((dx_header_id)id));
    dx_line *line = dx_invoice_add_line(&ctx, invoice);
    dx_tax *tax = dx_invoice_add_tax(&ctx, invoice);
    dx_adjustment *adjustment = dx_invoice_add_adjustment(&ctx, invoice);
    cr_assert(line && tax && adjustment);
    for (int id = 0; id < DX_CELL_COUNT; id++)
        set(&line->cell[id], dx_cell_kind((dx_cell_id)id));
    line->charge = true;
    for (int id = 0; id < DX_TAX_COUNT; id++)
        set(&tax->cell[id], dx_tax_kind((dx_tax_id)id));
    adjustment->charge = adjustment->freight = true;
    set(&adjustment->amount, DX_VALUE_AMOUNT);
    cr_assert_eq(dx_field_text(&ctx, &adjustment->reason, "carriage"), DOXIN_OK);
    cr_assert_eq(dx_field_text(&ctx, &adjustment->tax_category, "S"), DOXIN_OK);
    cr_assert_eq(dx_invoice_warn(&ctx, invoice, "a_code", "total_amount", "words %d", 1), DOXIN_OK);
    return invoice;
}

Test(invoice_json, what_is_written_is_read_as_the_same)
{
    dx_invoice *again = NULL;
    dx_buffer first = write_json(full());
    cr_assert_eq(read_json(first.data, first.len, &again), DOXIN_OK, "%s", ctx.error.message);
    dx_buffer second = write_json(again);
    cr_expect_str_eq(first.data, second.data);
    cr_expect_eq(again->header[DX_HEADER_TOTAL].number.units, -12345);
    cr_expect_eq(again->lines[0].cell[DX_CELL_QUANTITY].evidence.box[3], 45678);
    cr_expect_eq(again->lines[0].cell[DX_CELL_QUANTITY].evidence.origin, DX_ORIGIN_OCR);
    dx_buffer_free(&first);
    dx_buffer_free(&second);
}

Test(invoice_json, members_stand_under_their_names)
{
    static const struct {
        const char *pointer, *text;
    } members[] = {{"/schema", "doxin.invoice/1"},
                   {"/document_type", "credit_note"},
                   {"/vendor/name", "text \"with\" <signs> & ü"},
                   {"/total_amount", "-12.345"},
                   {"/due_date", "2026-02-28"},
                   {"/line_items/0/unit_price", "-12.345"},
                   {"/taxes/0/rate", "-12.345"},
                   {"/adjustments/0/type", "charge"},
                   {"/evidence/vendor.name/text", "as printed"},
                   {"/evidence/line_items[0].quantity/origin", "ocr"},
                   {"/warnings/0/message", "words 1"}};
    dx_json *json = NULL;
    dx_buffer out = write_json(full());
    cr_assert_eq(dx_json_parse(&ctx, out.data, out.len, &json), DOXIN_OK);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char *text = dx_json_string(dx_json_pointer(json, members[i].pointer));
        cr_expect_str_eq(text ? text : "(absent)", members[i].text, "%s", members[i].pointer);
    }
    double right = dx_json_real(dx_json_pointer(json, "/evidence/vendor.name/box/3"), 0);
    cr_expect(right > 0.45677 && right < 0.45679);
    dx_json_free(json);
    dx_buffer_free(&out);
}

Test(invoice_json, an_absent_value_is_left_out)
{
    dx_json *json = NULL;
    dx_buffer out = write_json(dx_invoice_new(&ctx));
    cr_assert_eq(dx_json_parse(&ctx, out.data, out.len, &json), DOXIN_OK);
    cr_expect_null(dx_json_get(json, "total_amount"));
    cr_expect_null(dx_json_get(json, "vendor"));
    cr_expect_eq(dx_json_count(dx_json_get(json, "line_items")), 0);
    cr_expect_eq(dx_json_kind_of(dx_json_get(json, "line_items")), DX_JSON_ARRAY);
    dx_json_free(json);
    dx_buffer_free(&out);
}

static void expect_refused(const char *text, doxin_status expected, const char *pointer)
{
    dx_invoice *invoice;
    cr_expect_eq(read_json(text, strlen(text), &invoice), expected, "%s", text);
    cr_expect_null(invoice);
    if (pointer)
        cr_expect_str_eq(ctx.error.fields[0].pointer, pointer, "%s", text);
}

Test(invoice_json, documents_are_told_by_their_pages)
{
    static const char text[] = "{\"document\":2,\"documents\":[{\"first_page\":1,\"last_page\":2},"
                               "{\"first_page\":3,\"last_page\":3}]}";
    static const char wrong[] =
        "{\"documents\":[{\"first_page\":1,\"last_page\":2},{\"first_page\":3,\"last_page\":2}]}";
    dx_invoice *invoice = NULL;
    cr_assert_eq(read_json(text, sizeof text - 1, &invoice), DOXIN_OK);
    cr_assert_eq(invoice->document_count, 2);
    cr_expect_eq(invoice->document, 1);
    cr_expect_eq(invoice->documents[0].count, 2);
    cr_expect_eq(invoice->documents[1].first, 2);
    cr_expect_eq(read_json(wrong, sizeof wrong - 1, &invoice), DOXIN_E_FIELD);
}

Test(invoice_json, a_wrong_member_is_refused_by_its_pointer)
{
    expect_refused("[]", DOXIN_E_JSON, NULL);
    expect_refused("{\"schema\":\"other/1\"}", DOXIN_E_FIELD, "/schema");
    expect_refused("{\"total_amount\":\"1,50\"}", DOXIN_E_FIELD, "/total_amount");
    expect_refused("{\"total_amount\":1.5}", DOXIN_E_FIELD, "/total_amount");
    expect_refused("{\"invoice_date\":\"2026-02-30\"}", DOXIN_E_FIELD, "/invoice_date");
    expect_refused("{\"vendor\":{\"name\":7}}", DOXIN_E_FIELD, "/vendor/name");
    expect_refused("{\"line_items\":{}}", DOXIN_E_FIELD, "/line_items");
    expect_refused("{\"line_items\":[{},{\"quantity\":\"x\"}]}", DOXIN_E_FIELD, "/line_items/1/quantity");
    expect_refused("{\"line_items\":[1]}", DOXIN_E_FIELD, "/line_items/0");
    expect_refused("{\"taxes\":[{\"rate\":\"?\"}]}", DOXIN_E_FIELD, "/taxes/0/rate");
    expect_refused("{\"total_amount\":\"99999999999999999999\"}", DOXIN_E_FIELD, "/total_amount");
}

Test(invoice_json, unknown_members_are_passed_over)
{
    static const char text[] = "{\"invoice_number\":\"7\",\"new_member\":{\"a\":[1]},\"due_date\":null,"
                               "\"line_items\":[{\"colour\":\"red\"}],\"evidence\":{\"nowhere\":{\"page\":1}}}";
    dx_invoice *invoice;
    cr_assert_eq(read_json(text, strlen(text), &invoice), DOXIN_OK, "%s", ctx.error.message);
    cr_expect_str_eq(invoice->header[DX_HEADER_NUMBER].text, "7");
    cr_expect_not(invoice->header[DX_HEADER_DUE_DATE].present);
    cr_expect_eq(invoice->line_count, 1);
}

Test(invoice_json, evidence_out_of_range_is_none)
{
    static const char text[] =
        "{\"invoice_number\":\"7\",\"evidence\":{\"invoice_number\":{\"page\":-3,\"box\":[2,-1,\"a\"],"
        "\"confidence\":9,\"origin\":\"heaven\"}}}";
    dx_invoice *invoice;
    cr_assert_eq(read_json(text, strlen(text), &invoice), DOXIN_OK);
    const dx_evidence *evidence = &invoice->header[DX_HEADER_NUMBER].evidence;
    cr_expect_eq(evidence->page, 0);
    cr_expect_eq(evidence->box[0], 0);
    cr_expect_eq(evidence->confidence, 0);
    cr_expect_eq(evidence->origin, DX_ORIGIN_NONE);
}
